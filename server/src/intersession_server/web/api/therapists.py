"""The HTTP API of who is signed in, and of their clients."""

from __future__ import annotations

from litestar import Router, get

from intersession_server.projections.windows import MAX_LIMIT
from intersession_server.web.api.lists import LIST_ANSWERS, SIGNED_IN_ANSWERS, Before, Limit
from intersession_server.web.dependencies import GivenServices, GivenSession
from intersession_server.web.record.account import Me, me_of
from intersession_server.web.record.clients import ClientItem, by_name, client_items
from intersession_server.web.record.disclosure import clients_in_care, note_caseload_read
from intersession_server.web.record.paging import PageOfList, page_of


@get("/me", opt={"access": "therapist"}, responses=SIGNED_IN_ANSWERS)
async def me(session: GivenSession) -> Me:
    """Who is signed in, and when the session ends if idle."""
    return await me_of(session)


@get("/clients", opt={"access": "therapist"}, responses=LIST_ANSWERS)
async def clients(
    services: GivenServices, session: GivenSession, limit: Limit = MAX_LIMIT, before: Before = None
) -> PageOfList[ClientItem]:
    """The clients whose records this account may read now, by name."""
    found = page_of(await by_name(await clients_in_care(services, session)), lambda one: one.key, limit, before)
    items = await client_items(services, found.items)
    await note_caseload_read(services, session)
    return PageOfList(items, found.next)


def therapists_router() -> Router:
    """The routes under `/api` of this module."""
    return Router("/api", route_handlers=[me, clients], tags=["therapists"])
