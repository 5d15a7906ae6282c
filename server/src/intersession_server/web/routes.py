"""All routes of the therapist's pages and HTTP API, for `app.public_routes`."""

from __future__ import annotations

from litestar.types import ControllerRouterHandler

from intersession_server.sync.wakeups import Wakeups
from intersession_server.web.api import api_router
from intersession_server.web.assets import static
from intersession_server.web.events import events_router
from intersession_server.web.homework_api import homework_router
from intersession_server.web.instruments import instruments_router
from intersession_server.web.library_api import library_router
from intersession_server.web.measure_pages import measure_pages_router
from intersession_server.web.measures_api import measures_router
from intersession_server.web.pages import pages_router
from intersession_server.web.plan_api import plan_router
from intersession_server.web.search_pages import search_pages_router
from intersession_server.web.signing_in import sign_in, sign_in_page, sign_out


def web_routes(updates: Wakeups) -> list[ControllerRouterHandler]:
    """Sign-in, API, pages, events and assets. `updates`: the projector's, which says when a page should move."""
    return [
        sign_in_page,
        sign_in,
        sign_out,
        static,
        api_router(),
        plan_router(),
        homework_router(),
        measures_router(),
        library_router(),
        instruments_router(),
        pages_router(),
        measure_pages_router(),
        search_pages_router(),
        events_router(updates),
    ]
