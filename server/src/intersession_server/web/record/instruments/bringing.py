"""The wording that a therapist brings for an instrument: read, shown item by item, confirmed, and then offered.

A page and the HTTP API do it alike. Nothing is stored before it has been confirmed, and what was sent is nowhere but in
the memory of whoever is looking at it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC

from intersession_schemas.documents.assessments.wordings import Wording, wording_of
from intersession_schemas.errors import DocumentError, InvalidField
from intersession_schemas.instruments import (
    INSTRUMENTS,
    NEW,
    Confirmations,
    Instrument,
    QuestionnaireInvalid,
    import_confirmed,
    preview,
    read_list,
    read_questionnaire,
    suspected,
)
from intersession_schemas.streams import Kind
from intersession_server import library
from intersession_server.accounts.audit import Action, record
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.errors import Refused
from intersession_server.language.language import say
from intersession_server.operator.instruments import fitted, is_same, spoken
from intersession_server.services import Services
from intersession_server.web.record.instruments.brought import FIND_OUT, Brought, BroughtIn, ReadWording
from intersession_server.web.record.library import library_of
from intersession_server.web.record.writing import DraftChange, WriteTarget, new_draft, write
from intersession_server.work import effort


async def read_brought(brought: Brought) -> ReadWording:
    """What a wording is, item by item. Raises `Refused` with all that is wrong with it."""
    return await effort.in_thread(_read, brought)


def _read(brought: Brought) -> ReadWording:
    try:
        return _read_lines(brought) if brought.lines.strip() else _read_file(brought)
    except QuestionnaireInvalid as error:
        raise Refused(error.code, str(error)) from None


def _read_lines(brought: Brought) -> ReadWording:
    taken_as = brought.instrument
    if taken_as == FIND_OUT:
        raise InvalidField(say("Say which instrument these lines are, or that it is one of your own."))
    if taken_as == NEW and not brought.title.strip():
        raise InvalidField(say("An instrument of your own needs a name."))
    instrument = None if taken_as == NEW else _known(taken_as)
    read = read_list(
        brought.lines, instrument, title=brought.title.strip() or None, language=brought.language.strip() or None
    )
    return ReadWording(
        taken_as=taken_as,
        questionnaire=read.questionnaire,
        preview=preview(read.questionnaire, taken_as),
        sent_as="lines",
        left_out=read.left_out,
        by_order=read.by_order,
    )


def _read_file(brought: Brought) -> ReadWording:
    if not brought.questionnaire.strip():
        raise InvalidField(say("Choose a file, or paste the lines of the questionnaire."))
    questionnaire = read_questionnaire(brought.questionnaire.encode("utf-8", "replace"))
    own = questionnaire.language or ""
    questionnaire = spoken(questionnaire, brought.language.strip() or None)
    if brought.instrument not in {FIND_OUT, NEW}:
        _known(brought.instrument)
    taken_as = suspected(questionnaire) if brought.instrument == FIND_OUT else brought.instrument
    return ReadWording(
        taken_as=taken_as,
        questionnaire=questionnaire,
        preview=preview(questionnaire, taken_as),
        sent_as="questionnaire",
        languages=tuple(dict.fromkeys(one for one in (own, *questionnaire.languages()) if one)),
    )


def _known(key: str) -> Instrument:
    if key not in INSTRUMENTS:
        raise InvalidField(say("There is no known instrument with that key."))
    return INSTRUMENTS[key]


async def bring_in(
    services: Services,
    session: CurrentSession,
    read: ReadWording,
    confirmed: Confirmations,
    risks: Mapping[str, int],
) -> BroughtIn:
    """Offer a wording from now on, in the name of the therapist who confirmed it.

    Raises `InvalidField` for what was not confirmed, `Refused` for what cannot be.
    """
    wording, draft = await effort.in_thread(_confirmed, services, session, read, confirmed, risks)
    stream = await library_of(services, session)
    held = await library.wordings(services.log, stream)
    before = held.get(wording.key)
    already = before is not None and is_same(before, wording)
    if not already:
        await write(services, session, WriteTarget(stream, None), [draft])
        await record(
            Action.INSTRUMENT_IMPORTED,
            services.clock(),
            session.actor,
            subject=session.practice,
            document=draft.record.id,
        )
    return BroughtIn(
        key=wording.key,
        title=wording.title,
        status=wording.status,
        language=wording.language,
        items=len(wording.prompts),
        known=wording.key in INSTRUMENTS,
        already=already,
        replaced=before is not None and not already,
    )


def _confirmed(
    services: Services,
    session: CurrentSession,
    read: ReadWording,
    confirmed: Confirmations,
    risks: Mapping[str, int],
) -> tuple[Wording, DraftChange]:
    try:
        taken = import_confirmed(read.questionnaire, read.taken_as, confirmed, risks)
        wording = fitted(wording_of(taken.wording, taken.instrument, ships=taken.known))
        return wording, new_draft(session, Kind.INSTRUMENT, wording, services.clock().astimezone(UTC))
    except QuestionnaireInvalid as error:
        raise Refused(error.code, str(error)) from None
    except DocumentError:  # larger than a change may be: no record and no device takes more
        text = say("The questionnaire cannot be stored: its texts are too long in total.")
        raise Refused("questionnaire_invalid", text) from None
