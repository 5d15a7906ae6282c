"""The therapist's search in one client's journal: a screen of its own, whose address holds what is sought.

What is sought stands in no log, row of the audit or error, and pages that are opened from here are not told of it.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Annotated, Any

from litestar import Response, Router, get
from litestar.params import QueryParameter
from msgspec import Struct
from msgspec.structs import replace

from intersession_server.accounts.audit import Action
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.passage import ClientAccess
from intersession_server.projections import reading
from intersession_server.projections.windows import Window
from intersession_server.services import Services
from intersession_server.web.api.diary import MAX_QUERY
from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.page.error_pages import PAGE_HANDLERS
from intersession_server.web.page.rendering import page
from intersession_server.web.record.as_of import through_of
from intersession_server.web.record.disclosure import mark_of, note_read
from intersession_server.web.search.views import FoundCard, Why, found_card, why_not
from intersession_server.work import effort

FOUND_PER_PAGE = 20

# Of any length: one that is too long is told so on the screen, with what was typed still in the field.
Query = Annotated[str, QueryParameter(description="Words to search for.")]
After = Annotated[str | None, QueryParameter(max_length=200)]
_OPT: dict[str, Any] = {"access": "client-record", "words_in_address": True}


class SearchPage(Struct, frozen=True, kw_only=True):
    """What the page shows. `older` is where the next page of what was found begins."""

    session: CurrentSession
    access: ClientAccess
    mark: str
    query: str
    why_not: Why | None
    after: str | None
    most: int = MAX_QUERY
    found: list[FoundCard] = []
    older: str | None = None


@get("/clients/{client:uuid}/search", opt=_OPT, include_in_schema=False)
async def search_page(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, q: Query = "", after: After = None
) -> Response[str]:
    """Entries that hold every word of `q`, newest first; `after` goes back in them."""
    view = await _found(services, session, client_access, q, after)
    status = HTTPStatus.BAD_REQUEST if view.why_not == "too_long" else HTTPStatus.OK
    return await effort.in_thread(page, "search/search.html", view, status)


@get("/fragments/clients/{client:uuid}/search", opt={**_OPT, "live": True}, include_in_schema=False)
async def search_fragment(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, q: Query = "", after: After = None
) -> Response[str]:
    """The content of the search screen, for the script."""
    view = await _found(services, session, client_access, q, after)
    return await effort.in_thread(page, "search/search_main.html", view)


def search_router() -> Router:
    """The routes of this module."""
    whole = Router("/", route_handlers=[search_page], exception_handlers=PAGE_HANDLERS)
    return Router("/", route_handlers=[search_fragment, whole])


async def _found(
    services: Services, session: CurrentSession, access: ClientAccess, query: str, after: str | None
) -> SearchPage:
    why = why_not(query, MAX_QUERY)
    # First of all how far it is: what is shown is then at least that new.
    through, heard = await asyncio.gather(through_of(access), services.devices.last_heard([access.client]))
    mark = mark_of(through, heard.get(access.client))
    view = SearchPage(session=session, access=access, mark=mark, query=query, why_not=why, after=after)
    if why is None:
        entries, older = await reading.search(access.client, query, Window(limit=FOUND_PER_PAGE), after)
        found = await effort.in_thread(lambda: [found_card(entry) for entry in entries])
        view = replace(view, found=found, older=older)
    # Where nothing was searched for, no entry was read: a client who withdraws one is told when it was.
    await note_read(services, session, access, through, Action.ENTRIES_READ if why is None else Action.RECORD_READ)
    return view
