"""The therapist's pages of one brief: the short one, to be read in two minutes or printed, and the whole one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Response, Router, get
from litestar.params import QueryParameter
from msgspec import Struct

from intersession_schemas.measures.brief import Brief
from intersession_schemas.measures.scores import instruments_of
from intersession_schemas.measures.signals.of_record import signals
from intersession_server.accounts.audit import Action
from intersession_server.accounts.people import names_of
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.language.language import current
from intersession_server.passage import ClientAccess
from intersession_server.services import Services
from intersession_server.web.brief.short import ShortBrief, short_brief
from intersession_server.web.brief.views import BriefPage, brief_page
from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.page.error_pages import PAGE_HANDLERS
from intersession_server.web.page.rendering import WHOLE, page
from intersession_server.web.record.as_of import Asked, Zone, asked
from intersession_server.web.record.briefs import brief_of
from intersession_server.web.record.disclosure import note_read
from intersession_server.work import effort

ForSession = Annotated[UUID | None, QueryParameter(name="session")]


class ShortBriefShown(Struct, frozen=True):
    """What the short page shows; `query` asks for the same brief."""

    session: CurrentSession
    access: ClientAccess
    brief: ShortBrief
    now: datetime
    query: str


class WholeBriefShown(Struct, frozen=True):
    """What the whole page shows; `query` asks for the same brief."""

    session: CurrentSession
    access: ClientAccess
    brief: BriefPage
    now: datetime
    query: str


@get("/clients/{client:uuid}/brief", opt={"access": "client-record"}, include_in_schema=False)
async def brief_shown(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    for_session: ForSession = None,
    zone: Zone = None,
) -> Response[str]:
    """The brief for a session on a page. It stays as it is until it is loaded again."""
    what, made, names = await _made(services, client_access, for_session, zone)

    def shown() -> Response[str]:
        known, found = instruments_of(what.material), signals(what.material, what.cut)
        brief = short_brief(made, found, what.material, known, names)
        view = ShortBriefShown(session, client_access, brief, what.cut.now, _query(for_session))
        return page("brief/short.html", view, layout=WHOLE)

    answer = await effort.in_thread(shown)
    await note_read(services, session, client_access, what.head, Action.BRIEF_READ)
    return answer


@get("/clients/{client:uuid}/brief/full", opt={"access": "client-record"}, include_in_schema=False)
async def whole_brief_shown(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    for_session: ForSession = None,
    zone: Zone = None,
) -> Response[str]:
    """The whole brief for a session, as long as it is. It stays as it is until it is loaded again."""
    what, made, names = await _made(services, client_access, for_session, zone)

    def shown() -> Response[str]:
        brief = brief_page(made, what.material, instruments_of(what.material), names)
        view = WholeBriefShown(session, client_access, brief, what.cut.now, _query(for_session))
        return page("brief/brief.html", view, layout=WHOLE)

    answer = await effort.in_thread(shown)
    await note_read(services, session, client_access, what.head, Action.BRIEF_READ)
    return answer


async def _made(
    services: Services, access: ClientAccess, session: UUID | None, zone: str | None
) -> tuple[Asked, Brief, dict[UUID, str]]:
    """What was asked for, its brief, and the names of those who acknowledged its signals."""
    what = await asked(services, access, zone=zone, locale=current().tag)
    made = await brief_of(services, what, session)
    seen_by = {seen.by for one in made.signals for seen in one.acknowledged if seen.by is not None}
    return what, made, dict(await names_of(list(seen_by)))


def _query(session: UUID | None) -> str:
    return "" if session is None else f"?session={session}"


def brief_router() -> Router:
    """The routes of this module."""
    return Router("/", route_handlers=[brief_shown, whole_brief_shown], exception_handlers=PAGE_HANDLERS)
