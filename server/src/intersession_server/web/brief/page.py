"""The therapist's page of one brief, to be read or printed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Response, Router, get
from litestar.params import QueryParameter
from msgspec import Struct

from intersession_schemas.measures.scores import instruments_of
from intersession_server.accounts.audit import Action
from intersession_server.accounts.people import names_of
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.passage import ClientAccess
from intersession_server.web.brief.views import BriefPage, brief_page
from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.page.error_pages import PAGE_HANDLERS
from intersession_server.web.page.rendering import page
from intersession_server.web.record.as_of import Zone, asked
from intersession_server.web.record.briefs import brief_of
from intersession_server.web.record.disclosure import note_read

ForSession = Annotated[UUID | None, QueryParameter(name="session")]


class BriefShown(Struct, frozen=True):
    """What the page shows."""

    session: CurrentSession
    access: ClientAccess
    brief: BriefPage
    now: datetime


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
    seen_by = {seen.by for one in made.signals for seen in one.acknowledged if seen.by is not None}
    names = await names_of(list(seen_by))
    brief = brief_page(made, what.material, instruments_of(what.material), names)
    shown = page("brief/brief.html", BriefShown(session, client_access, brief, what.cut.now))
    await note_read(services, session, client_access, what.head, Action.BRIEF_READ)
    return shown


def brief_router() -> Router:
    """The routes of this module."""
    return Router("/", route_handlers=[brief_shown], exception_handlers=PAGE_HANDLERS)
