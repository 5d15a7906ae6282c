"""All routes of the therapist's pages and HTTP API, for `app.public_routes`."""

from __future__ import annotations

from litestar.types import ControllerRouterHandler

from intersession_server.sync.wakeups import Wakeups
from intersession_server.web.account.page import account_router
from intersession_server.web.api.account import account_api
from intersession_server.web.api.clients import record_router
from intersession_server.web.api.diary import diary_router
from intersession_server.web.api.instruments import instruments_router as instruments_api
from intersession_server.web.api.practice import practice_api
from intersession_server.web.api.templates import templates_router
from intersession_server.web.api.therapists import therapists_router
from intersession_server.web.app.page import app_routes
from intersession_server.web.app.reminders import reminders_router
from intersession_server.web.assessments.page import assessments_router
from intersession_server.web.assets import static
from intersession_server.web.brief.page import brief_router
from intersession_server.web.caseload.page import caseload_router
from intersession_server.web.design.page import design_router
from intersession_server.web.homework.page import homework_router
from intersession_server.web.instruments.page import instruments_router
from intersession_server.web.library.page import library_router
from intersession_server.web.lists.page import lists_router
from intersession_server.web.live import events_router
from intersession_server.web.notes.page import notes_router
from intersession_server.web.overview.page import overview_router
from intersession_server.web.plan.page import plan_router
from intersession_server.web.practice.pages import practice_router
from intersession_server.web.progress.page import progress_router
from intersession_server.web.sessions.page import sessions_router
from intersession_server.web.sign_in.page import sign_in, sign_in_page, sign_out
from intersession_server.web.timeline.page import timeline_router


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
        instruments_api(),
        caseload_router(),
        plan_router(),
        homework_router(),
        sessions_router(),
        library_router(),
        instruments_router(),
        assessments_router(),
        overview_router(),
        timeline_router(),
        notes_router(),
        lists_router(),
        brief_router(),
        progress_router(),
        design_router(),
        *app_routes(),
        reminders_router(),
        account_router(),
        account_api(),
        practice_router(),
        practice_api(),
        events_router(updates),
    ]
