"""The therapist's pages of whole lists of one client: each kind of the table `record.resources`, scores and signals."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated

from litestar import Response, Router, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from intersession_schemas.measures.scores import instruments_of, measured
from intersession_schemas.measures.signals.of_record import signals
from intersession_server.accounts.audit import Action
from intersession_server.accounts.people import names_of
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.passage import ClientAccess
from intersession_server.projections import record_reading
from intersession_server.projections.windows import Window, place_text, read_place
from intersession_server.services import Services
from intersession_server.web.client.last_change import LastChanges
from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.lists.cards import Card, document_card, measured_card, told_card
from intersession_server.web.page.error_pages import PAGE_HANDLERS
from intersession_server.web.page.rendering import page
from intersession_server.web.record.as_of import asked, through_of
from intersession_server.web.record.disclosure import mark_of, note_read
from intersession_server.web.record.measured import place_of_score, place_of_signal
from intersession_server.web.record.paging import MAX_CURSOR, page_of
from intersession_server.web.record.paging import PageOfList as Shown
from intersession_server.web.record.resources import BY_PATH, RESOURCES, RecordList
from intersession_server.work import effort

CARDS_PER_PAGE = 50
MADE = {"scores": "Scores", "signals": "Signals"}
"""Lists of what is made of a record, and their headings."""

Before = Annotated[str | None, QueryParameter(max_length=MAX_CURSOR)]


class ListPage(Struct, frozen=True, kw_only=True):
    """What the page shows. `lists` are all of them: path and heading."""

    session: CurrentSession
    now: datetime
    access: ClientAccess
    mark: str
    path: str
    heading: str
    before: str | None
    cards: list[Card]
    older: str | None
    lists: list[tuple[str, str]]


@get("/clients/{client:uuid}/records/{path:str}", opt={"access": "client-record"}, include_in_schema=False)
async def list_page(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    path: FromPath[str],
    before: Before = None,
) -> Response[str]:
    """A list of one client, newest first; `before` goes back in it."""
    view = await _list(services, session, client_access, path, before)
    return await effort.in_thread(page, "lists/list.html", view)


@get(
    "/fragments/clients/{client:uuid}/records/{path:str}",
    opt={"access": "client-record", "live": True},
    include_in_schema=False,
)
async def list_fragment(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    path: FromPath[str],
    before: Before = None,
) -> Response[str]:
    """The content of the page, for the script."""
    view = await _list(services, session, client_access, path, before)
    return await effort.in_thread(page, "lists/list_main.html", view)


def lists_router() -> Router:
    """The routes of this module."""
    whole = Router("/", route_handlers=[list_page], exception_handlers=PAGE_HANDLERS)
    return Router("/", route_handlers=[list_fragment, whole])


async def _list(
    services: Services, session: CurrentSession, access: ClientAccess, path: str, before: str | None
) -> ListPage:
    if path not in BY_PATH and path not in MADE:
        raise NotFoundException
    # First of all how far it is: what is shown is then at least that new.
    through, heard = await asyncio.gather(through_of(access), services.devices.last_heard([access.client]))
    if path in BY_PATH:
        shown = await _documents(services, access, BY_PATH[path], before)
        action, heading = BY_PATH[path].action, BY_PATH[path].heading
    else:
        shown = await _made(services, access, path, before)
        action, heading = Action.SIGNALS_READ if path == "signals" else Action.ASSESSMENTS_READ, MADE[path]
    headings = {one.path: one.heading for one in RESOURCES} | MADE
    view = ListPage(
        session=session,
        now=services.clock(),
        access=access,
        mark=mark_of(through, heard.get(access.client)),
        path=path,
        heading=heading,
        before=before,
        cards=shown.items,
        older=shown.next,
        lists=list(headings.items()),
    )
    await note_read(services, session, access, through, action)
    return view


async def _documents(services: Services, access: ClientAccess, resource: RecordList, before: str | None) -> Shown[Card]:
    now = await record_reading.local_now(access.client, services.clock())
    window = Window(CARDS_PER_PAGE, None if before is None else read_place(before))
    found, planned = await asyncio.gather(
        resource.page(access.client, now, window), record_reading.agreed(access.client)
    )
    names = await names_of(list({one.changed_by for one in found.items}))
    last, today = LastChanges(names, now.tzinfo or UTC), planned.day_of(now)

    def cards() -> list[Card]:
        return [document_card(resource.kind, one, today, last.words(one)) for one in found.items]

    return Shown(await effort.in_thread(cards), None if found.last is None else place_text(found.last))


async def _made(services: Services, access: ClientAccess, path: str, before: str | None) -> Shown[Card]:
    what = await asked(services, access, heard=True)

    def signals_shown() -> Shown[Card]:
        shown = page_of(signals(what.material, what.cut), place_of_signal, CARDS_PER_PAGE, before)
        return Shown([told_card(one) for one in shown.items], shown.next)

    def scores_shown() -> Shown[Card]:
        known = instruments_of(what.material)
        scores = measured(what.material, what.cut)
        shown = page_of(scores, place_of_score, CARDS_PER_PAGE, before, descending=True)
        return Shown([measured_card(one, known) for one in shown.items], shown.next)

    return await effort.in_thread(signals_shown if path == "signals" else scores_shown)
