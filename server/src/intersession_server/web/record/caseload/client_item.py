"""What a caseload says of one client, to one therapist. Pure."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from intersession_schemas.streams import Role
from intersession_server.projections.overviews.overview import CourseLine, HomeworkWeek, NewItems, OpenSignal


class ClientItem(Struct, frozen=True, kw_only=True):
    """A client in care. `last_heard_at`: when one of their devices was last in touch.

    `signals` are the open ones, risk first, the newest of each first; `new` is what has come since this therapist last
    looked at a page of the client's; `sessions` are those planned from this week's Monday on. What is worked out of the
    record (signals, homework, course) may be some seconds behind it, and is as of the client's local day.
    """

    id: UUID
    name: str
    role: Role
    last_written_at: datetime | None
    last_arrived_at: datetime | None
    last_heard_at: datetime | None
    entries: int
    symptom_logs: int
    signals: list[OpenSignal]
    signals_left_out: int
    new: NewItems
    looked_at: bool
    next_session_at: datetime | None
    sessions: list[datetime]
    homework_this_week: HomeworkWeek | None
    course: CourseLine | None
