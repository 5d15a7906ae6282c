"""The therapist's first page of one client: what matters now, and the way to everything else."""

from __future__ import annotations

import asyncio
from datetime import UTC
from typing import Annotated

from litestar import Router
from litestar.params import QueryParameter
from msgspec import Struct

from intersession_schemas.documents.diary.symptoms import Bucket
from intersession_schemas.documents.moments import read_kept
from intersession_schemas.measures.scores import instruments_of, measured
from intersession_schemas.measures.signals.of_record import signals
from intersession_schemas.measures.signals.signal import Signal
from intersession_schemas.streams import Kind
from intersession_server.accounts import seen
from intersession_server.accounts.audit import Action
from intersession_server.accounts.people import names_of
from intersession_server.language.language import current
from intersession_server.projections import reading
from intersession_server.projections.windows import Window
from intersession_server.services import Services
from intersession_server.web.client.shell import Shell, shell_of
from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.overview.last_looked import new_to
from intersession_server.web.overview.views import (
    MOST_HOMEWORK,
    MOST_SCALES,
    Appointments,
    EntryTeaser,
    News,
    OverviewScore,
    WeekOfHomework,
    appointments,
    latest_scores,
    news,
    teaser,
    week_of_homework,
)
from intersession_server.web.page.live_page import live_page
from intersession_server.web.record.as_of import outline_at
from intersession_server.web.record.disclosure import note_read
from intersession_server.web.signals.cards import SignalsShown, seen_by, signals_shown
from intersession_server.web.signals.page import acknowledge_signal
from intersession_server.work import effort


class _Glance(Struct, frozen=True, kw_only=True):
    """What the page says to everybody who may see it: all but what is new to whom."""

    nothing_received: bool
    signals: tuple[Signal, ...]
    sessions: Appointments
    scores: list[OverviewScore]
    homework: list[WeekOfHomework]
    entry: EntryTeaser | None
    unreadable: list[str]
    unreadable_in_all: int


LookedAt = Annotated[str | None, QueryParameter(name="looked", max_length=40)]


class OverviewPage(Struct, frozen=True, kw_only=True):
    """What the page shows. `unreadable` is what arrived and cannot be read, as far as it is named."""

    shell: Shell
    nothing_received: bool
    signals: SignalsShown
    sessions: Appointments
    news: News
    scores: list[OverviewScore]
    scores_left_out: int
    homework: list[WeekOfHomework]
    homework_left_out: int
    entry: EntryTeaser | None
    unreadable: list[str]
    unreadable_in_all: int


@live_page("/clients/{client:uuid}", "overview/overview.html")
async def overview_page(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, looked: LookedAt = None
) -> OverviewPage:
    """One client: open signals, the next session, what is new, scores, homework of the week, the latest entry.

    What is new stays so while the page is open: `looked` is when its reader had looked before (or `never`).
    """
    client = client_access.client
    looked_at = await seen.looked_at(session.person, client) if looked is None else read_kept(looked)
    query = {"looked": "never" if looked_at is None else looked_at.isoformat()}
    shell = await shell_of(services, session, client_access, "", query)
    glance = await services.shared.of(("overview", shell.state), lambda: _at_a_glance(services, shell))
    names, (since, arrived) = await asyncio.gather(
        names_of(seen_by(glance.signals)), new_to(client, looked_at, glance.sessions, shell.local)
    )
    view = OverviewPage(
        shell=shell,
        nothing_received=glance.nothing_received,
        signals=signals_shown(glance.signals, names, shell.local.tzinfo or UTC),
        sessions=glance.sessions,
        news=news(shell.here, arrived, since, shell.local),
        scores=glance.scores[:MOST_SCALES],
        scores_left_out=max(len(glance.scores) - MOST_SCALES, 0),
        homework=glance.homework[:MOST_HOMEWORK],
        homework_left_out=max(len(glance.homework) - MOST_HOMEWORK, 0),
        entry=glance.entry,
        unreadable=glance.unreadable,
        unreadable_in_all=glance.unreadable_in_all,
    )
    await note_read(
        services,
        session,
        client_access,
        shell.through,
        Action.ENTRIES_READ,
        Action.SYMPTOMS_READ,
        Action.HOMEWORK_READ,
        Action.ASSESSMENTS_READ,
        Action.SIGNALS_READ,
        Action.SESSIONS_READ,
    )
    # From here one goes on to progress or to a brief, for which the whole record is read.
    services.materials.read_ahead(client_access.record_stream, client, shell.through)
    return view


async def _at_a_glance(services: Services, shell: Shell) -> _Glance:
    client, now = shell.access.client, shell.local
    what, (entries, _), (unreadable, in_all) = await asyncio.gather(
        outline_at(services, shell.access, shell.through, now, shell.heard, locale=current().tag),
        reading.entries(client, Window(1)),
        reading.problems(client),
    )

    def made() -> _Glance:
        known = instruments_of(what.material)
        return _Glance(
            nothing_received=not (entries or what.material.of(Kind.SYMPTOM_LOG, Bucket)),
            signals=signals(what.material, what.cut),
            sessions=appointments(what.material, now),
            scores=latest_scores(measured(what.material, what.cut), known),
            homework=week_of_homework(what.material, what.cut),
            entry=teaser(shell.here, entries[0]) if entries else None,
            unreadable=unreadable,
            unreadable_in_all=in_all,
        )

    return await effort.in_thread(made)


def overview_router() -> Router:
    """The page, and what its forms are sent to."""
    return Router("/", route_handlers=[*overview_page, acknowledge_signal])
