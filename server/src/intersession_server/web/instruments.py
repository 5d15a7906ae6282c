"""The instruments of a practice as its therapists use them: listed, looked up, and copied into records to be asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from litestar import Router, get
from msgspec import Struct
from msgspec.structs import replace

from intersession_schemas.documents.wordings import definition_of
from intersession_schemas.errors import InvalidField
from intersession_schemas.instruments import INSTRUMENTS, Instrument
from intersession_schemas.streams import Kind
from intersession_server import library
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.operator.commands import Worded
from intersession_server.operator.wordings import is_same, known_and_brought
from intersession_server.passage import ClientAccess
from intersession_server.projections import record_reading
from intersession_server.services import Services
from intersession_server.web.api import SIGNED_IN_ANSWERS
from intersession_server.web.given import GivenServices, GivenSession
from intersession_server.web.library_api import library_of
from intersession_server.web.writing import DraftChange, new_draft


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


class Instruments(Struct, frozen=True):
    """The instruments that are known: those that ship first, then those that the practice brought."""

    items: list[InstrumentShown]
    next: str | None = None


@get("/instruments", opt={"access": "therapist"}, responses=SIGNED_IN_ANSWERS)
async def instruments(services: GivenServices, session: GivenSession) -> Instruments:
    """The instruments, and which of them clients can be asked."""
    brought = await library.wordings(services.log, await library_of(services, session))
    found = []
    for one in known_and_brought(brought):
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
    return Instruments(found)


async def instrument_named(services: Services, session: CurrentSession, key: str) -> Instrument:
    """The instrument of that key, one that ships or one that the practice brought. Raises `InvalidField`."""
    if key in INSTRUMENTS:
        return INSTRUMENTS[key]
    brought = (await library.wordings(services.log, await library_of(services, session))).get(key)
    found = None if brought is None else definition_of(brought)
    if found is None:
        raise InvalidField("There is no instrument with that key. List them with GET /api/instruments.")
    return found


async def wordings_to_copy(
    services: Services, session: CurrentSession, access: ClientAccess, keys: Iterable[str]
) -> list[DraftChange]:
    """Wordings that the practice has of these instruments, and the record has not: as new documents of it."""
    wanted = set(keys)
    if not wanted:
        return []
    offered = await library.wordings(services.log, await library_of(services, session))
    held = await record_reading.wordings(access.client)
    now = services.clock()
    return [
        new_draft(session, Kind.INSTRUMENT, replace(offered[key], problems=()), now)
        for key in sorted(wanted & offered.keys())
        if key not in held or not is_same(held[key], offered[key])
    ]


def instruments_router() -> Router:
    """The routes under `/api` of this module."""
    return Router("/api", route_handlers=[instruments], tags=["library"])
