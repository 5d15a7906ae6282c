"""Instants as tables keep them: whole microseconds since 1970-01-01T00:00Z. Local time is kept beside them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)


def to_micros(at: datetime) -> int:
    """Raises `ValueError` for a naive datetime, which names no instant."""
    if at.tzinfo is None:
        raise ValueError("A datetime without an offset was given where an instant is required. Give it a time zone.")
    return (at - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The moment in UTC; the first or last there is, for one that lies beyond in UTC though not in its own zone."""
    try:
        return _EPOCH + timedelta(microseconds=micros)
    except OverflowError:
        return _FIRST if micros < 0 else _LAST
