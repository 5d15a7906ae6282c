"""The HTTP API of who is signed in, and of their clients."""

from __future__ import annotations

from typing import Annotated

from litestar import Router, get
from litestar.params import QueryParameter

from intersession_server.projections.windows import MAX_LIMIT
from intersession_server.web.api.lists import LIST_ANSWERS, SIGNED_IN_ANSWERS, Before, Limit
from intersession_server.web.caseload.order import Show, Sort, is_named, matches, sort_key
from intersession_server.web.dependencies import GivenServices, GivenSession
from intersession_server.web.record.account import Me, me_of
from intersession_server.web.record.caseload.client_item import ClientItem
from intersession_server.web.record.caseload.clients import by_name, client_items
from intersession_server.web.record.disclosure import clients_in_care, note_caseload_read
from intersession_server.web.record.paging import PageOfList, page_of

WhichClients = Annotated[
    Show,
    QueryParameter(
        description="Which clients: all; with open `signals`; of whom something is `new`; `quiet`: without a sync for a"
        " week; with a session `today`, or this `week`."
    ),
]
InOrder = Annotated[
    Sort,
    QueryParameter(
        description="`name`; what is `pressing` (open risk, other signals, something new); most `new`; `sync`: the last"
        " one longest ago; `session`: the next one soonest."
    ),
]
Named = Annotated[str, QueryParameter(description="Words that are in the name.", max_length=200)]


@get("/me", opt={"access": "therapist"}, responses=SIGNED_IN_ANSWERS)
async def me(session: GivenSession) -> Me:
    """Who is signed in, and when the session ends if idle."""
    return await me_of(session)


@get("/clients", opt={"access": "therapist", "words_in_address": True}, responses=LIST_ANSWERS)
async def clients(
    services: GivenServices,
    session: GivenSession,
    limit: Limit = MAX_LIMIT,
    before: Before = None,
    show: WhichClients = "all",
    sort: InOrder = "name",
    q: Named = "",
) -> PageOfList[ClientItem]:
    """The clients whose records this account may read now, with their open signals, what is new to this therapist, the
    last sync, sessions and homework of this week.

    Reading the list is no look at a client: what is new stays new. Sorted by anything but the name, a client may move
    between two pages of the list.
    """
    care = await by_name(await clients_in_care(services, session))
    if (show, sort, q) == ("all", "name", ""):
        found = page_of(care, lambda one: one.key, limit, before)
        page = PageOfList(await client_items(services, session, found.items), found.next)
    else:
        key, now = sort_key(sort), services.clock()
        items = await client_items(services, session, care)
        wanted = (one for one in items if matches(one, show, now) and is_named(one, q))
        page = page_of(sorted(wanted, key=key), key, limit, before)
    await note_caseload_read(services, session)
    return page


def therapists_router() -> Router:
    """The routes under `/api` of this module."""
    return Router("/api", route_handlers=[me, clients], tags=["therapists"])
