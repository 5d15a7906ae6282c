"""All routes of the therapist's pages and HTTP API, for `app.public_routes`."""

from __future__ import annotations

from litestar.types import ControllerRouterHandler

from intersession_server.sync.wakeups import Wakeups
from intersession_server.web.api.clients import record_router
from intersession_server.web.api.diary import diary_router
from intersession_server.web.api.instruments import instruments_router
from intersession_server.web.api.templates import templates_router
from intersession_server.web.api.therapists import therapists_router
from intersession_server.web.assets import static
from intersession_server.web.brief.page import brief_router
from intersession_server.web.caseload.page import caseload_router
from intersession_server.web.client.page import client_router
from intersession_server.web.lists.page import lists_router
from intersession_server.web.live import events_router
from intersession_server.web.search.page import search_router
from intersession_server.web.sign_in.page import sign_in, sign_in_page, sign_out


def web_routes(updates: Wakeups) -> list[ControllerRouterHandler]:
    """Sign-in, API, pages, events and assets. `updates`: the projector's, which says when a page should move."""
    return [
        sign_in_page,
        sign_in,
        sign_out,
        static,
        therapists_router(),
        diary_router(),
        record_router(),
        templates_router(),
        instruments_router(),
        caseload_router(),
        client_router(),
        lists_router(),
        brief_router(),
        search_router(),
        events_router(updates),
    ]
