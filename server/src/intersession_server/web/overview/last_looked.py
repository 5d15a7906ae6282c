"""From when on something is new to a therapist, and what that is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from intersession_server.projections.timeline.rows import arrivals
from intersession_server.projections.timeline.values import NewArrival
from intersession_server.web.overview.views import DAYS_WITHOUT_SESSION, Appointments, Looked

MOST_ARRIVALS = 200
"""What has arrived lately that is looked through: more than that is told of as that many."""


async def new_to(
    client: UUID, looked_at: datetime | None, sessions: Appointments, now: datetime
) -> tuple[Looked, list[NewArrival]]:
    """What has come since a therapist last looked; where that is nothing, or they never did, since the last session
    that was attended, and where there was none, for some days."""
    if looked_at is not None:
        arrived = await arrivals(client, looked_at, MOST_ARRIVALS)
        if arrived:
            return Looked(looked_at, "looked"), arrived
    last = sessions.last
    if last is not None and last.session.planned_at is not None:
        since = Looked(last.session.planned_at, "session", nothing_since=looked_at)
    else:
        since = Looked(now - DAYS_WITHOUT_SESSION, "days", nothing_since=looked_at)
    return since, await arrivals(client, since.at, MOST_ARRIVALS)
