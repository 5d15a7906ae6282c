"""The instruments of a practice as its therapists use them: listed, looked up, and copied into records to be asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from litestar import Router, get
from msgspec import Struct

from intersession_schemas.documents.assessments.wordings import definition_of
from intersession_schemas.instruments import INSTRUMENTS
from intersession_server import library
from intersession_server.operator.commands import InstrumentListed, Worded
from intersession_server.operator.instruments import known_and_brought
from intersession_server.projections.windows import MAX_LIMIT
from intersession_server.web.api.lists import LIST_ANSWERS, Before, Limit
from intersession_server.web.dependencies import GivenServices, GivenSession
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
    return Router("/api", route_handlers=[instruments], tags=["library"])
