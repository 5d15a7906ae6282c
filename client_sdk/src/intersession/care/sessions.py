"""Sessions: appointments with a client, and whether they were attended."""

from __future__ import annotations

import builtins
from datetime import UTC, datetime
from uuid import UUID

from msgspec.structs import replace

from intersession.documents.records import StoredRecord
from intersession.errors import InvalidField
from intersession.inputs import checks
from intersession.inputs.clock import written
from intersession.inputs.versions import Heads, heads_of
from intersession.models.measures import Session
from intersession.replica.scope import Scope
from intersession_schemas.documents.care import sessions
from intersession_schemas.documents.care.sessions import SessionState
from intersession_schemas.streams import Kind

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Sessions:
    """What client and therapist alike read of sessions."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def list(self, *, limit: int | None = None, after: UUID | None = None) -> builtins.list[Session]:
        """All sessions, latest first; `limit` and `after` as in `Journal.entries`."""
        window = checks.listed(limit, after)
        with self._scope.replica.reading():
            return [_view(row) for row in self._scope.rows(Kind.SESSION, window=window)]

    def get(self, id: UUID) -> Session:
        """The session with that id. Raises `NotFound`."""
        return _view(self._scope.row(Kind.SESSION, id))

    def next(self) -> Session | None:
        """The next planned session; None if there is none."""
        now = self._scope.now()
        planned = [one for one in self.list() if one.state == "planned" and one.planned_at >= now]
        return planned[-1] if planned else None


class ClientSessions(Sessions):
    """One client's sessions, as `client.sessions`. Every call raises `NotFound` once the assignment has ended."""

    def plan(self, at: datetime, minutes: int = 50) -> Session:
        """Make an appointment, beginning `at` (aware). Raises `InvalidField`, `StoreFull`."""
        value = sessions.Session(planned_at=written("at", at), minutes=_minutes(minutes))
        with self._scope.replica.writing() as writing:
            return self.get(self._scope.add(writing, Kind.SESSION, value))

    def move(
        self, id: UUID, at: datetime, minutes: int | None = None, *, based_on: Session | str | None = None
    ) -> Session:
        """Move an appointment; its state becomes planned again.

        `based_on` is the session that was moved, or its `version`: where a colleague moved it meanwhile, one of the
        two moments stands on every device, and `problems` says so until the next change; without it, this one replaces
        theirs. Raises `NotFound`, `InvalidField`, `StoreFull`.
        """
        given = {"planned_at": written("at", at), "state": "planned"}
        seen = heads_of(based_on)
        return self._change(id, given if minutes is None else {**given, "minutes": _minutes(minutes)}, seen)

    def attended(self, id: UUID) -> Session:
        """Mark it as attended: the next brief starts there. Raises `NotFound`, `StoreFull`."""
        return self._state(id, "attended")

    def missed(self, id: UUID) -> Session:
        """Mark it as missed. Raises `NotFound`, `StoreFull`."""
        return self._state(id, "missed")

    def cancel(self, id: UUID) -> Session:
        """Cancel it. Raises `NotFound`, `StoreFull`."""
        return self._state(id, "cancelled")

    def _state(self, id: UUID, state: SessionState) -> Session:
        return self._change(id, {"state": state})

    def _change(self, id: UUID, given: dict[str, object], based_on: Heads | None = None) -> Session:
        with self._scope.replica.writing() as writing:
            row = self._scope.row(Kind.SESSION, id)
            self._scope.change(writing, Kind.SESSION, row, lambda value: replace(value, **given), based_on=based_on)
            return self.get(row.id)


def _minutes(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1_440:
        raise InvalidField("minutes must be an integer from 1 to 1440.")
    return value


def _view(row: StoredRecord[sessions.Session]) -> Session:
    model = row.model
    return Session(
        id=row.id,
        planned_at=model.planned_at or row.arrived_at or _EPOCH,
        minutes=model.minutes,
        state=model.state,
        arrived_at=row.arrived_at,
        changed_by=row.last.by,
        changed_at=row.last.at,
        version=row.version,
        problems=model.problems,
    )
