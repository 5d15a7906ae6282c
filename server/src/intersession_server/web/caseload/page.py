"""The therapist's first page: their clients, what presses, what is new, and when they were in touch.

Its order is that of the moment at which it was opened. What its script fetches carries that order (`kept`), so that
nothing moves under the pointer; `Sort again` and a reload sort anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, get_args
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, Router, get
from litestar.params import QueryParameter
from msgspec import Struct

from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.projections.overviews.keeper import standings_of
from intersession_server.projections.overviews.overview import NewItems
from intersession_server.services import Services
from intersession_server.web.caseload.order import (
    Arranged,
    KeptOrder,
    Show,
    Sort,
    arranged,
    is_named,
    kept_text,
    matches,
    moved_alone,
    new_risks,
    read_kept,
    short,
    sort_key,
)
from intersession_server.web.caseload.views import (
    CaseloadRow,
    RiskNotice,
    filter_words,
    notices_of,
    rows_of,
    sort_words,
)
from intersession_server.web.dependencies import GivenServices, GivenSession
from intersession_server.web.live import state_text
from intersession_server.web.page.live_page import live_page
from intersession_server.web.page.rendering import FRAGMENT, page
from intersession_server.web.record.caseload.client_item import ClientItem
from intersession_server.web.record.caseload.clients import by_name, items_of, news_since, some_in_care
from intersession_server.web.record.disclosure import (
    Care,
    caseload_marks,
    clients_in_care,
    in_touch,
    note_caseload_read,
    row_of,
)
from intersession_server.web.record.paging import MAX_CURSOR, page_of
from intersession_server.work import effort

CLIENTS_PER_PAGE = 200
MOST_KEPT = 20_000
MOST_CHANGED = 20
"""Of so many clients at once the script asks for the rows alone; of more it asks for all."""

Before = Annotated[str | None, QueryParameter(max_length=MAX_CURSOR)]
Kept = Annotated[str | None, QueryParameter(max_length=MOST_KEPT)]
WhichClients = Annotated[Show, QueryParameter()]
InOrder = Annotated[Sort, QueryParameter()]
Only = Annotated[list[UUID], QueryParameter(min_items=1, max_items=MOST_CHANGED)]
Name = Annotated[str, QueryParameter(max_length=200)]


class CaseloadPage(Struct, frozen=True, kw_only=True):
    """What the page shows. `state` are the marks of all clients; `address` is the page's own without a place in it,
    `without_name` the same for whatever name, and `fragment` what its script fetches, or of some clients alone
    `changed`; `next` is where the next page begins.
    """

    session: CurrentSession
    now: datetime
    rows: list[CaseloadRow]
    risks: list[RiskNotice]
    everybody: int
    show: Show
    sort: Sort
    query: str
    filters: list[tuple[str, str, bool]]
    sorts: list[tuple[Sort, str]]
    state: str
    address: str
    without_name: str
    fragment: str
    changed: str
    moved: bool
    before: str | None
    next: str | None


@live_page("/", "caseload/caseload.html", access="therapist", words_in_address=True)
async def caseload(
    services: GivenServices,
    session: GivenSession,
    show: WhichClients = "all",
    sort: InOrder = "pressing",
    q: Name = "",
    before: Before = None,
    kept: Kept = None,
) -> CaseloadPage:
    """The clients in care: those asked for, in the order asked for, or in the one that an open page has."""
    order = read_kept(kept)
    care = await clients_in_care(services, session)
    # First of all how far it is: what is shown is then at least that new.
    touch, standings, people = await asyncio.gather(
        in_touch(services, session, list(care)),
        standings_of(services.projector.engine, [one.stream for one in care.values()]),
        by_name(care),
    )
    marks = caseload_marks(care, standings, touch)
    rows = {client: row_of(one) for client, one in marks.items()}
    everybody = await items_of(services, people, touch)
    now = services.clock()
    key = sort_key(sort)
    found = sorted((one for one in everybody if matches(one, show, now) and is_named(one, q)), key=key)
    shown = page_of(found, key, CLIENTS_PER_PAGE, before)
    updates = {} if order is None else await _updates(services, order, rows)
    stays = Arranged(shown.items, frozenset()) if order is None else arranged(shown.items, everybody, order, updates)
    await note_caseload_read(services, session)
    if order is None:
        kept = kept_text(shown.items, everybody, rows, sort)
    asked = {"show": show if show != "all" else None, "sort": sort if sort != "pressing" else None, "q": q or None}
    return await effort.in_thread(
        lambda: CaseloadPage(
            session=session,
            now=now,
            rows=rows_of(stays, now, updates),
            risks=[] if order is None else notices_of(new_risks(everybody, order)),
            everybody=len(everybody),
            show=show,
            sort=sort,
            query=q,
            filters=_filters(everybody, show, now, {**asked, "show": None}),
            sorts=sort_words(),
            state=state_text(marks),
            address=_address("/", asked),
            without_name=_address("/", {**asked, "q": None}),
            fragment=_address("/fragments", {**asked, "before": before, "kept": kept}),
            changed=_address("/fragments/caseload/changed", {**asked, "kept": kept}),
            moved=bool(stays.moved),
            before=before,
            next=None if shown.next is None else _address("/", {**asked, "before": shown.next}),
        )
    )


@get(
    "/fragments/caseload/changed",
    opt={"access": "therapist", "live": True, "words_in_address": True},
    include_in_schema=False,
)
async def changed_rows(
    services: GivenServices,
    session: GivenSession,
    only: Only,
    kept: Annotated[str, QueryParameter(max_length=MOST_KEPT)],
    show: WhichClients = "all",
    sort: InOrder = "pressing",
    q: Name = "",
) -> Response[str]:
    """Of a page that is open the rows of some clients alone, as they are now, and what is said of them above the list.

    It is the page as it would be if it had these rows only; its script puts them in place. What is counted over all
    clients is not in it: the script knows it from the rows.
    """
    order = read_kept(kept)
    assert order is not None
    people = await some_in_care(services, session, only)
    care: dict[UUID, Care] = {one.care.client: one.care for one in people}
    touch, standings = await asyncio.gather(
        in_touch(services, session, list(care)),
        standings_of(services.projector.engine, [one.stream for one in care.values()]),
    )
    marks = caseload_marks(care, standings, touch)
    items = await items_of(services, people, touch)
    now = services.clock()
    asked = {"show": show if show != "all" else None, "sort": sort if sort != "pressing" else None, "q": q or None}
    places = order.places()
    shown = sorted((one for one in items if short(one.id) in places), key=lambda one: places[short(one.id)])
    stays = Arranged(shown, moved_alone(shown, order, sort, show, now))
    updates = await _updates(services, order, {client: row_of(marks[client]) for client in stays.moved})
    await note_caseload_read(services, session)
    view = CaseloadPage(
        session=session,
        now=now,
        rows=rows_of(stays, now, updates),
        risks=notices_of(new_risks(items, order)),
        everybody=len(items),
        show=show,
        sort=sort,
        query=q,
        filters=[],
        sorts=[],
        state=state_text(marks),
        address=_address("/", asked),
        without_name="",
        fragment="",
        changed="",
        moved=bool(stays.moved),
        before=None,
        next=None,
    )
    return await effort.in_thread(page, "caseload/caseload.html", view, layout=FRAGMENT)


async def _updates(services: Services, order: KeptOrder, rows: Mapping[UUID, int]) -> dict[UUID, NewItems]:
    """What has come, and of whom, since the order was shown."""
    then = {client: order.rows.get(short(client)) for client in rows}
    since = {client: row for client, row in then.items() if row is not None and row < rows[client]}
    return {client: came for client, came in (await news_since(services, since)).items() if came.total}


def _filters(
    everybody: Sequence[ClientItem], show: Show, now: datetime, asked: dict[str, str | None]
) -> list[tuple[str, str, bool]]:
    """The choices of who is shown, as links."""
    counts: dict[Show, int] = {one: sum(matches(item, one, now) for item in everybody) for one in get_args(Show)}
    return [
        (_address("/", {**asked, "show": one if one != "all" else None}), words, one == show)
        for one, words in filter_words(counts)
    ]


def _address(path: str, query: dict[str, str | None]) -> str:
    given = urlencode({name: value for name, value in query.items() if value is not None})
    return f"{path}?{given}" if given else path


def caseload_router() -> Router:
    """The routes of this module."""
    return Router("/", route_handlers=[*caseload, changed_rows])
