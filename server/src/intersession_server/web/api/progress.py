"""The HTTP API of progress: what the page of it draws, as values."""

from __future__ import annotations

from typing import Annotated

from litestar import get
from litestar.params import QueryParameter

from intersession_server.accounts.audit import Action
from intersession_server.web.api.records import READ
from intersession_server.web.charts.progress import ProgressOfRange, progress_of
from intersession_server.web.charts.series import days_logged
from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.progress.spans import USUAL, RangeName, span_of
from intersession_server.web.record.as_of import Asked, Zone, asked
from intersession_server.web.record.disclosure import note_read
from intersession_server.work import effort

RangeWanted = Annotated[
    RangeName,
    QueryParameter(name="range", description="The days up to today: 2 weeks, 3 months, 1 year, or everything."),
]
DayWanted = Annotated[
    str | None, QueryParameter(description="First or last local day (2020-03-16) instead of a range.", max_length=40)
]

READS = (
    Action.SYMPTOMS_READ,
    Action.ENTRIES_READ,
    Action.ASSESSMENTS_READ,
    Action.HOMEWORK_READ,
    Action.GOALS_READ,
    Action.SESSIONS_READ,
    Action.PLAN_READ,
)


@get("/progress", **READ, tags=["measures"])
async def client_progress(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    range_: RangeWanted = USUAL,
    since: DayWanted = None,
    until: DayWanted = None,
    zone: Zone = None,
) -> ProgressOfRange:
    """Symptoms, mood, scores, homework, goals, sessions and phases over a range of days, as the page draws them.

    A series too long to show each answer is summed up by day, week, month or year: with its lowest and its highest
    value, so that nothing is smoothed. `synced_later`: received more than a day after what it is about.
    `entered_later`: entered more than a day after what it is about.
    """
    what = await asked(services, client_access, zone=zone)
    found = await effort.in_thread(_progress, what, range_, since, until)
    await note_read(services, session, client_access, what.head, *READS)
    return found


def _progress(what: Asked, range_: RangeName, since: str | None, until: str | None) -> ProgressOfRange:
    span = span_of(range_, since, until, what.material.local_day(what.cut), days_logged(what.material))
    return progress_of(what.material, what.cut, span.first, span.last)


HANDLERS = (client_progress,)
