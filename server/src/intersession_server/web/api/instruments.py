"""The instruments of a practice as its therapists use them: listed, looked up, and copied into records to be asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from litestar import Router, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from intersession_schemas.documents.assessments.wordings import Wording, definition_of
from intersession_schemas.instruments import INSTRUMENTS, Confirmations, Instrument, PreviewedItem
from intersession_schemas.instruments.wording.by_hand.preview import Part
from intersession_schemas.instruments.wording.questionnaires import QuestionnaireProblem
from intersession_server import library
from intersession_server.operator.commands import InstrumentListed, Worded
from intersession_server.operator.instruments import known_and_brought
from intersession_server.projections.windows import MAX_LIMIT
from intersession_server.web.api.lists import LIST_ANSWERS, Before, Limit
from intersession_server.web.api.records import WRITE_ANSWERS, WRITE_HANDLERS
from intersession_server.web.dependencies import GivenServices, GivenSession
from intersession_server.web.record.instruments.bringing import bring_in, read_brought
from intersession_server.web.record.instruments.brought import MOST_FILE, Brought, BroughtIn, ReadWording
from intersession_server.web.record.library import library_of
from intersession_server.web.record.paging import PageOfList, SortKey, page_of


class ItemShown(Struct, frozen=True, kw_only=True):
    """An item: our short name for it, never its wording, and the values that an answer may have (0 and 1: no, yes)."""

    key: str
    label: str
    type: Literal["number", "yes-no"]
    allowed: tuple[int, ...]
    optional: bool


class InstrumentShown(Struct, frozen=True, kw_only=True):
    """An instrument. `offered`: clients can be asked; any of them takes scores from paper, item by item.

    `status`: whose words they are asked in; `none`: the practice has imported none.
    """

    key: str
    title: str
    scheme: str
    status: Worded
    language: str
    licence: str
    offered: bool
    items: list[ItemShown]


class InstrumentDetail(Struct, frozen=True, kw_only=True):
    """An instrument with its scoring and the sources of it. `wording` are the words that the practice has brought."""

    instrument: Instrument
    status: Worded
    offered: bool
    wording: Wording | None


class LeftOutLine(Struct, frozen=True, kw_only=True):
    """A line of a list that is no part of the questionnaire, and its number."""

    line: int
    text: str


class WordingPreview(Struct, frozen=True, kw_only=True):
    """What an import would make of a wording; nothing of it is stored.

    With `problems`, it cannot be imported as `instrument`. `verified`: its words are those of a text that was checked.
    `to_confirm` are the items that an import has to confirm, part by part. `suspects`: what an instrument of one's own
    may be instead. `by_order`: a list states no values for its answers, so they are by their order alone.
    """

    instrument: str
    title: str
    known: bool
    verified: bool
    language: str
    languages: tuple[str, ...]
    instructions: tuple[str, ...]
    items: tuple[PreviewedItem, ...]
    to_confirm: dict[Part, tuple[str, ...]]
    problems: tuple[QuestionnaireProblem, ...]
    notes: tuple[str, ...]
    suspects: tuple[str, ...]
    left_out: list[LeftOutLine]
    by_order: bool


class NewWording(Brought, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A wording to be imported. `confirmed` is what somebody has looked at, by the keys of items; `risks` are the items
    of a new instrument that a risk rule is to watch, each with the value from which it does."""

    confirmed: Confirmations = Confirmations()
    risks: Annotated[dict[str, int], Meta(max_length=500)] = msgspec.field(default_factory=dict)


BODY = 4 * MOST_FILE
"""Bytes of a request: a text of `MOST_FILE` as JSON has it."""


@get("/instruments/{key:str}", opt={"access": "therapist"}, responses=LIST_ANSWERS)
async def instrument_detail(services: GivenServices, session: GivenSession, key: FromPath[str]) -> InstrumentDetail:
    """An instrument: items, scales, bands, thresholds with their sources, licence, and the wording it is asked in."""
    brought = await library.wordings(services.log, await library_of(services, session))
    found = next((one for one in known_and_brought(brought) if one.key == key), None)
    known = INSTRUMENTS.get(key) or (definition_of(brought[key]) if key in brought else None)
    if found is None or known is None:
        raise NotFoundException
    return InstrumentDetail(instrument=known, status=found.status, offered=found.offered, wording=brought.get(key))


@post(
    "/instruments/preview",
    opt={"access": "therapist"},
    responses=LIST_ANSWERS,
    status_code=200,
    request_max_body_size=BODY,
)
async def preview_wording(data: JSONBody[Brought]) -> WordingPreview:
    """Read the wording of an instrument, from a FHIR R4 Questionnaire or a list of lines, without storing anything."""
    return _previewed(await read_brought(data))


def _previewed(read: ReadWording) -> WordingPreview:
    found = read.preview
    return WordingPreview(
        instrument=read.taken_as,
        title=found.instrument.title,
        known=found.known,
        verified=found.verified,
        language=read.questionnaire.language or "",
        languages=read.languages,
        instructions=read.questionnaire.instructions,
        items=found.items,
        to_confirm=found.to_confirm(),
        problems=found.problems,
        notes=found.notes,
        suspects=found.suspects,
        left_out=[LeftOutLine(line=line, text=text) for line, text in read.left_out],
        by_order=read.by_order,
    )


@post("/instruments", opt={"access": "therapist"}, responses=WRITE_ANSWERS, request_max_body_size=BODY)
async def import_wording(services: GivenServices, session: GivenSession, data: JSONBody[NewWording]) -> BroughtIn:
    """Import a wording: clients can be asked from then on. Unless it is that of a checked text, every question, the
    direction of its answers and every risk item have to be confirmed (`to_confirm` of the preview)."""
    read = await read_brought(data)
    return await bring_in(services, session, read, data.confirmed, data.risks)


@get("/instruments", opt={"access": "therapist"}, responses=LIST_ANSWERS)
async def instruments(
    services: GivenServices, session: GivenSession, limit: Limit = MAX_LIMIT, before: Before = None
) -> PageOfList[InstrumentShown]:
    """The instruments, and which of them clients can be asked: those that ship first, then those that the
    practice brought."""
    brought = await library.wordings(services.log, await library_of(services, session))
    found = []
    page = page_of(_in_order(known_and_brought(brought)), lambda one: one[0], limit, before)
    for _, one in page.items:
        known = INSTRUMENTS.get(one.key) or definition_of(brought[one.key])
        assert known is not None
        found.append(
            InstrumentShown(
                key=one.key,
                title=one.title,
                scheme=known.scheme,
                status=one.status,
                language=one.language,
                licence=one.licence,
                offered=one.offered,
                items=[
                    ItemShown(key=it.key, label=it.label, type=it.type, allowed=it.allowed, optional=it.optional)
                    for it in known.items
                ],
            )
        )
    return PageOfList(found, page.next)


def _in_order(listed: Sequence[InstrumentListed]) -> list[tuple[SortKey, InstrumentListed]]:
    shipped = {key: number for number, key in enumerate(INSTRUMENTS)}
    return [((shipped.get(one.key, len(shipped)), one.key), one) for one in listed]


def instruments_router() -> Router:
    """The routes under `/api` of this module."""
    handlers = [instruments, instrument_detail, preview_wording, import_wording]
    return Router("/api", route_handlers=handlers, exception_handlers=WRITE_HANDLERS, tags=["library"])
