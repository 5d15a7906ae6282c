"""The therapist's first page: their clients, who wrote when, and when their devices were last heard from."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from litestar import Response, Router, get
from litestar.params import QueryParameter
from msgspec import Struct

from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.services import Services
from intersession_server.web.dependencies import GivenServices, GivenSession
from intersession_server.web.live import state_text
from intersession_server.web.page.error_pages import PAGE_HANDLERS
from intersession_server.web.page.rendering import page
from intersession_server.web.record.clients import ClientItem, by_name, client_items
from intersession_server.web.record.disclosure import clients_in_care, note_caseload_read, states
from intersession_server.web.record.paging import MAX_CURSOR, page_of
from intersession_server.work import effort

CLIENTS_PER_PAGE = 200

Before = Annotated[str | None, QueryParameter(max_length=MAX_CURSOR)]


class CaseloadPage(Struct, frozen=True):
    """What the page shows. `state` are the marks of all clients, `next` is where the next page begins."""

    session: CurrentSession
    now: datetime
    clients: list[ClientItem]
    state: str
    before: str | None
    next: str | None


@get("/", opt={"access": "therapist"}, include_in_schema=False)
async def caseload(services: GivenServices, session: GivenSession, before: Before = None) -> Response[str]:
    """The clients in care, by name."""
    return await effort.in_thread(page, "caseload/caseload.html", await _caseload(services, session, before))


@get("/fragments/clients", opt={"access": "therapist", "live": True}, include_in_schema=False)
async def caseload_fragment(services: GivenServices, session: GivenSession, before: Before = None) -> Response[str]:
    """The content of the page, for the script."""
    return await effort.in_thread(page, "caseload/caseload_main.html", await _caseload(services, session, before))


def caseload_router() -> Router:
    """The routes of this module."""
    whole = Router("/", route_handlers=[caseload], exception_handlers=PAGE_HANDLERS)
    return Router("/", route_handlers=[caseload_fragment, whole])


async def _caseload(services: Services, session: CurrentSession, before: str | None) -> CaseloadPage:
    care = await clients_in_care(services, session)
    marks = await states(services, care)
    shown = page_of(await by_name(care), lambda one: one.key, CLIENTS_PER_PAGE, before)
    items = await client_items(services, shown.items)
    await note_caseload_read(services, session)
    return CaseloadPage(session, services.clock(), items, state_text(marks), before, shown.next)
