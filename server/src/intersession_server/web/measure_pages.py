"""The therapist's page of one brief, to be read or printed, and what the form of a signal is sent to."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import QueryParameter
from litestar.response import Redirect

from intersession_schemas.measures.scores import instruments_of
from intersession_server.access import AnyRequest
from intersession_server.accounts.audit import Action
from intersession_server.errors import Refused
from intersession_server.web.brief_views import brief_page
from intersession_server.web.care import note_read
from intersession_server.web.error_pages import PAGE_HANDLERS
from intersession_server.web.given import GivenAccess, GivenServices, GivenSession
from intersession_server.web.measures_api import acknowledged, brief_of
from intersession_server.web.measuring import Zone, asked
from intersession_server.web.rendering import page

ForSession = Annotated[UUID | None, QueryParameter(name="session")]


@get("/clients/{client:uuid}/brief", opt={"access": "client-record"}, include_in_schema=False)
async def brief_shown(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    for_session: ForSession = None,
    zone: Zone = None,
) -> Response[str]:
    """The brief for a session, to be read or printed. It stays as it is until it is loaded again."""
    what = await asked(services, client_access, zone=zone)
    made = await brief_of(services, what, for_session)
    shown = page(
        "brief.html",
        session=session,
        access=client_access,
        brief=brief_page(made, what.material, instruments_of(what.material)),
        now=what.cut.now,
    )
    await note_read(services, session, client_access, what.head, Action.BRIEF_READ)
    return shown


@post("/clients/{client:uuid}/signals", opt={"access": "client-record"}, include_in_schema=False)
async def acknowledge_signal(
    request: AnyRequest, services: GivenServices, session: GivenSession, client_access: GivenAccess
) -> Response[Any]:
    """Acknowledge a signal, by its form; then back to the client's page. Where it is gone already, that is enough."""
    form = await request.form()
    signal, note = (str(form.get(field, "")) for field in ("signal", "note"))
    try:
        await acknowledged(services, session, client_access, signal, note.replace("\r\n", "\n"))
    except Refused as refusal:
        if refusal.code != "not_found":
            raise
    return Redirect(f"/clients/{client_access.client}", status_code=303)


def measure_pages_router() -> Router:
    """The routes of this module."""
    return Router(
        "/",
        route_handlers=[brief_shown, acknowledge_signal],
        exception_handlers=PAGE_HANDLERS,
    )
