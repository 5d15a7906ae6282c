"""A client's appointments and episodes of care on a page."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated

from litestar import Router
from litestar.params import QueryParameter
from msgspec import Struct

from intersession_schemas.measures.scores import instruments_of, measured
from intersession_server.accounts.audit import Action
from intersession_server.accounts.people import names_of
from intersession_server.language.language import current
from intersession_server.projections import record_reading
from intersession_server.projections.read_models import EpisodeView, SessionView
from intersession_server.projections.windows import Window, place_text, read_place
from intersession_server.web.client.last_change import LastChanges
from intersession_server.web.client.shell import Shell, shell_of
from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.page.live_page import live_page
from intersession_server.web.record.as_of import outline_at
from intersession_server.web.record.disclosure import note_read
from intersession_server.web.record.local_time import today_of, zone_of
from intersession_server.web.sessions import acting
from intersession_server.web.sessions.clocks import zone_words
from intersession_server.web.sessions.session_views import EpisodeCard, SessionRow, episode_cards, session_rows
from intersession_server.work import effort

SESSIONS_PER_PAGE = 30
MOST_EPISODES = 50

Before = Annotated[str | None, QueryParameter(max_length=200)]


class SessionsPage(Struct, frozen=True, kw_only=True):
    """Appointments, the latest first; further back (`before`) they are alone. `zone` is the client's, in words."""

    shell: Shell
    upcoming: list[SessionRow]
    past: list[SessionRow]
    older: str | None
    newest: bool
    zone: str
    zone_is_known: bool
    local: datetime
    episodes: list[EpisodeCard]
    may_begin: bool


@live_page("/clients/{client:uuid}/sessions", "sessions/sessions.html")
async def sessions_page(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, before: Before = None
) -> SessionsPage:
    """A client's appointments, planned and past, and their episodes of care."""
    client = client_access.client
    shell = await shell_of(services, session, client_access, "sessions", {"before": before})
    window = Window(SESSIONS_PER_PAGE, None if before is None else read_place(before))
    found, episodes, named, what = await asyncio.gather(
        record_reading.page(SessionView, client, window),
        record_reading.page(EpisodeView, client, Window(MOST_EPISODES)),
        zone_of(client),
        outline_at(services, client_access, shell.through, shell.local, locale=current().tag),
    )
    scores = await effort.in_thread(measured, what.material, what.cut)
    people = {one.changed_by for one in [*found.items, *episodes.items]}
    zone = named or shell.local.tzinfo or UTC
    last = LastChanges(await names_of(list(people)), zone)
    rows = session_rows(found.items, shell.now, zone, last)
    today = await today_of(client_access, shell.local)
    cards = episode_cards(episodes.items, scores, instruments_of(what.material), today, last)
    upcoming = [one for one in rows if one.state == "planned" and not one.to_mark]
    view = SessionsPage(
        shell=shell,
        upcoming=upcoming[::-1],
        past=[one for one in rows if one not in upcoming],
        older=None if found.last is None else place_text(found.last),
        newest=before is None,
        zone=zone_words(zone, shell.now),
        zone_is_known=named is not None,
        local=shell.now.astimezone(zone),
        episodes=cards,
        may_begin=not any(one.is_current and not one.from_server for one in cards),
    )
    actions = (Action.SESSIONS_READ, Action.EPISODES_READ, Action.ASSESSMENTS_READ)
    await note_read(services, session, client_access, shell.through, *actions)
    return view


def sessions_router() -> Router:
    """The page, and what its forms are sent to."""
    return Router("/", route_handlers=[*sessions_page, *acting.FORMS])
