"""The wording of instruments that a practice brings along: taken into its library by the server itself, and listed."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import uuid5

import msgspec
from msgspec.structs import replace

from intersession_schemas.changes import Change, read_change
from intersession_schemas.crdt import Document
from intersession_schemas.documents.assessments.wordings import INSTRUMENT, Wording, definition_of, wording_of
from intersession_schemas.errors import DocumentError, InvalidField
from intersession_schemas.instruments import (
    INSTRUMENTS,
    Imported,
    Instrument,
    Questionnaire,
    QuestionnaireInvalid,
    import_questionnaire,
    in_language,
    read_questionnaire,
    same_language,
)
from intersession_schemas.streams import Kind
from intersession_server.accounts.audit import Action, operator, record
from intersession_server.accounts.provisioning import ACTOR_BYTES
from intersession_server.accounts.tables import Practice
from intersession_server.errors import Refused
from intersession_server.library import shelved
from intersession_server.log.store import LogStore
from intersession_server.operator import commands

MOST_NOTES = 50
MOST_NOTE = 1_000
MOST_SOURCE = 1_000
MOST_TITLE = 400
MOST_COPYRIGHT = 4_000


class Wordings:
    """Takes wordings into libraries. `settle` applies what was appended: what it wrote can be read when it returns."""

    def __init__(
        self,
        log: LogStore,
        settle: Callable[[], Awaitable[None]],
        *,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._log = log
        self._settle = settle
        self._random = random

    async def import_wording(
        self, practice: Practice, command: commands.ImportInstrument, at: datetime
    ) -> commands.InstrumentImported:
        """Read a questionnaire and offer it from now on. Raises `Refused`, `StorageError`."""
        # In a thread: a file of some mebibytes takes long enough to hold up the event loop.
        taken, wording, change = await asyncio.to_thread(self._read, command)
        await self._settle()
        held = [one for one in await shelved(self._log, practice.library_stream, Kind.INSTRUMENT) if one.value.prompts]
        same_key = [one.value for one in held if one.value.key == wording.key]
        already = bool(same_key) and is_same(same_key[-1], wording)
        if not already:
            # The id follows from what is written: two commands at once, or one that is repeated, write it once.
            times = sum(is_same(one, wording) for one in same_key)
            digest = msgspec.json.encode(replace(wording, problems=())).decode()
            id_ = uuid5(practice.library_stream, f"{times}/{digest}")
            already = not await self._log.found(practice.library_stream, id_, Kind.INSTRUMENT, [change], at)
            await self._settle()
            if already:
                return _told(practice, taken, wording, already=True, replaced=False)
            await record(Action.INSTRUMENT_IMPORTED, at, operator(command.by), subject=practice.id, document=id_)
        return _told(practice, taken, wording, already=already, replaced=bool(same_key) and not already)

    def _read(self, command: commands.ImportInstrument) -> tuple[Imported, Wording, Change]:
        try:
            taken = read_import(command)
            wording = fitted(wording_of(taken.wording, taken.instrument, ships=taken.known))
            change = read_change(INSTRUMENT.create(Document.new(self._random(ACTOR_BYTES)), wording))
        except QuestionnaireInvalid as error:
            raise Refused(error.code, str(error)) from None
        except InvalidField as error:
            raise Refused("questionnaire_invalid", f"The questionnaire cannot be stored: {error}") from None
        except DocumentError:  # larger than a change may be: no record and no device takes more
            text = "The questionnaire cannot be stored: its texts are too long in total."
            raise Refused("questionnaire_invalid", text) from None
        return taken, wording, change

    async def listed(self, practice: Practice) -> commands.InstrumentsListed:
        """What the practice can ask or take from paper: instruments that ship, and those that it brought."""
        await self._settle()
        held = await shelved(self._log, practice.library_stream, Kind.INSTRUMENT)
        brought = {one.value.key: one.value for one in held if one.value.prompts}
        return commands.InstrumentsListed(
            practice=practice.id, name=practice.name, instruments=known_and_brought(brought)
        )


def read_import(command: commands.ImportInstrument) -> Imported:
    """What comes of the file that a command holds. Raises `Refused`, `QuestionnaireInvalid`, `InvalidField`."""
    questionnaire = spoken(read_questionnaire(command.questionnaire, command.beside), command.language)
    return import_questionnaire(questionnaire, command.taken_as, command.risks)


def spoken(questionnaire: Questionnaire, language: str | None) -> Questionnaire:
    """The questionnaire in one of its languages. Raises `Refused` where it has none of that name."""
    if language is None or same_language(questionnaire.language or "", language):
        return questionnaire
    if not any(same_language(one, language) for one in questionnaire.languages()):
        there = ", ".join(dict.fromkeys(filter(None, (questionnaire.language, *questionnaire.languages()))))
        text = f"The file has no translation into {language!r}."
        raise Refused("no_such_language", f"{text} It has: {there}." if there else f"{text} It names no language.")
    return in_language(questionnaire, language)


def known_and_brought(brought: dict[str, Wording]) -> list[commands.InstrumentListed]:
    """All instruments that ship, and behind them those that a practice brought, with the wording that is offered."""
    listed = [_listed(instrument, brought.get(key)) for key, instrument in INSTRUMENTS.items()]
    for key in sorted(brought.keys() - INSTRUMENTS.keys()):
        instrument = definition_of(brought[key])
        if instrument is not None:
            listed.append(_listed(instrument, brought[key]))
    return listed


def _listed(instrument: Instrument, wording: Wording | None) -> commands.InstrumentListed:
    own = instrument.wording
    language = wording.language if wording is not None else (own.language or "" if own is not None else "")
    status: commands.Worded = "none"
    if wording is not None:
        status = wording.status
    elif own is not None:
        status = "own"
    return commands.InstrumentListed(
        key=instrument.key,
        title=instrument.title,
        status=status,
        language=language,
        licence=instrument.licence.terms,
        scales=[f"{scale.label} {scale.low}-{scale.high}" for scale in instrument.scales],
        offered=status != "none",
    )


def _told(
    practice: Practice, taken: Imported, wording: Wording, *, already: bool, replaced: bool
) -> commands.InstrumentImported:
    instrument = taken.instrument
    return commands.InstrumentImported(
        practice=practice.id,
        name=practice.name,
        key=instrument.key,
        title=instrument.title,
        known=taken.known,
        status=wording.status,
        language=wording.language,
        items=len(wording.prompts),
        scales=[f"{scale.label} {scale.low}-{scale.high}" for scale in instrument.scales],
        bands=any(scale.bands for scale in instrument.scales),
        licence=instrument.licence.terms,
        notes=list(taken.notes),
        already=already,
        replaced=replaced,
        watched=[
            commands.WatchedQuestion(link_id=one.link_id, text=one.text, at_least=one.at_least, confirmed=one.confirmed)
            for one in taken.watched
        ],
        unwatched=list(taken.unwatched),
    )


def is_same(one: Wording, other: Wording) -> bool:
    """Whether two documents hold the same wording of the same instrument."""
    return replace(one, problems=(), notes=()) == replace(other, problems=(), notes=())


def fitted(wording: Wording) -> Wording:
    """A wording whose long texts about itself are cut to what a document holds; what is asked is never cut."""
    return replace(
        wording,
        title=_cut(wording.title, MOST_TITLE),
        copyright=_cut(wording.copyright, MOST_COPYRIGHT),
        source=_cut(wording.source, MOST_SOURCE),
        notes=tuple(_cut(note, MOST_NOTE) for note in wording.notes[:MOST_NOTES]),
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
