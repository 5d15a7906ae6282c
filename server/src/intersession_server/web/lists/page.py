"""The therapist's pages of whole lists of one client: each kind of the table `record.resources`, scores and signals."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated

from litestar import Router
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from intersession_schemas.measures.scores import measured
from intersession_schemas.measures.signals.of_record import signals
from intersession_schemas.measures.signals.signal import Signal
from intersession_server.accounts.audit import Action
from intersession_server.accounts.people import names_of
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.language.language import current
from intersession_server.passage import ClientAccess
from intersession_server.projections import record_reading
from intersession_server.projections.windows import Window, place_text, read_place
from intersession_server.services import Services
from intersession_server.web.client.last_change import LastChanges
from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.lists.cards import Card, document_card, measured_card, told_card
from intersession_server.web.lists.field_names import list_heading
from intersession_server.web.page.live_page import live_page
from intersession_server.web.record.as_of import outlined, reached_of
from intersession_server.web.record.disclosure import mark_of, note_read
from intersession_server.web.record.measured import place_of_score, place_of_signal
from intersession_server.web.record.paging import MAX_CURSOR, page_of
from intersession_server.web.record.paging import PageOfList as Shown
from intersession_server.web.record.resources import BY_PATH, RESOURCES, RecordList
from intersession_server.web.signals.cards import seen_by
from intersession_server.work import effort

CARDS_PER_PAGE = 50
MADE = ("scores", "signals")
"""Lists of what is made of a record."""

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


@live_page("/clients/{client:uuid}/records/{path:str}", "lists/list.html")
async def list_page(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    path: FromPath[str],
    before: Before = None,
) -> ListPage:
    """A list of one client, newest first; `before` goes back in it."""
    client = client_access.client
    if path not in BY_PATH and path not in MADE:
        raise NotFoundException
    # First of all how far it is: what is shown is then at least that new.
    reached, heard = await asyncio.gather(reached_of(client_access), services.devices.last_heard([client]))
    through, moved = reached[client_access.record_stream], sum(reached.values())
    if path in BY_PATH:
        shown = await _documents(services, client_access, BY_PATH[path], before)
        action = BY_PATH[path].action
    else:
        shown = await _made(services, client_access, path, before)
        action = Action.SIGNALS_READ if path == "signals" else Action.ASSESSMENTS_READ
    headings = {one.path: list_heading(one.path, one.heading) for one in RESOURCES}
    headings |= {one: list_heading(one, one) for one in MADE}
    view = ListPage(
        session=session,
        now=services.clock(),
        access=client_access,
        mark=mark_of(moved, heard.get(client)),
        path=path,
        heading=headings[path],
        before=before,
        cards=shown.items,
        older=shown.next,
        lists=list(headings.items()),
    )
    await note_read(services, session, client_access, through, action)
    return view


def lists_router() -> Router:
    """The routes of this module."""
    return Router("/", route_handlers=list_page)


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
    what = await outlined(services, access, locale=current().tag, heard=True)

    def signals_found() -> Shown[Signal]:
        return page_of(signals(what.material, what.cut), place_of_signal, CARDS_PER_PAGE, before)

    def scores_shown() -> Shown[Card]:
        scores = measured(what.material, what.cut)
        shown = page_of(scores, place_of_score, CARDS_PER_PAGE, before, descending=True)
        return Shown([measured_card(one) for one in shown.items], shown.next)

    if path == "scores":
        return await effort.in_thread(scores_shown)
    told = await effort.in_thread(signals_found)
    names, zone = await names_of(seen_by(told.items)), what.cut.now.tzinfo or UTC
    return Shown([told_card(one, names, zone) for one in told.items], told.next)
