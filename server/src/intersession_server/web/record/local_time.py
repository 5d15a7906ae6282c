"""Now, today and the time zone, where a client is: days are theirs."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from intersession_server.passage import ClientAccess
from intersession_server.projections import reading, record_reading
from intersession_server.projections.read_models import ProgressView
from intersession_server.projections.windows import Window
from intersession_server.services import Services


async def now_of(services: Services, access: ClientAccess) -> datetime:
    """Now, on the client's own clock: days are theirs."""
    return await record_reading.local_now(access.client, services.clock())


async def today_of(access: ClientAccess, now: datetime) -> date:
    """The client's local day at `now` on their own clock; it begins at the hour that their plan says."""
    return (await record_reading.agreed(access.client)).day_of(now)


async def zone_of(client: UUID) -> ZoneInfo | None:
    """The time zone that the client's device named last; None where it named none, or one that is unknown here.

    It knows what an offset does not: when clocks change.
    """
    (entries, _), (logs, _), progress = await asyncio.gather(
        reading.entries(client, Window(limit=1)),
        reading.symptom_logs(client, Window(limit=1)),
        record_reading.page(ProgressView, client, Window(limit=1)),
    )
    named = [(one.written_at or one.arrived_at, one.zone) for one in entries]
    named += [(one.at, one.zone) for one in logs]
    named += [(one.progress.done_at or one.arrived_at, one.progress.zone) for one in progress.items]
    known = [(at, zone) for at, zone in named if zone]
    if not known:
        return None
    try:
        zone = ZoneInfo(max(known, key=lambda one: one[0])[1])
    except (ValueError, OSError, KeyError):
        return None
    return zone
