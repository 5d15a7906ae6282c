"""When something was, as the writer's clock showed it: local time, UTC offset and zone name.

The local day is what people mean by "Monday night"; it is kept as written and never converted.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from intersession_schemas.documents.texts import is_printable
from intersession_schemas.errors import InvalidField

LATE_AFTER = timedelta(hours=24)
"""An entry is late when it arrived more than this after what it is about."""
ODD_AFTER = timedelta(days=366)
"""Nobody's device is offline for longer: what it says to be older was dated by a wrong clock."""
_FIRST, _LAST = datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
LONGEST_ZONE = 64


def check_moment(field: str, at: datetime) -> datetime:
    """`at` if it is aware; raises `InvalidField` if it is naive, as its local day could not be told."""
    if not isinstance(at, datetime) or at.utcoffset() is None:
        raise InvalidField(f"{field} must be a datetime with a time zone; this one is naive.")
    return at


def check_written(field: str, at: datetime) -> datetime:
    """`at` if a document may hold it; raises `InvalidField` if it is naive, or some time zone cannot show it."""
    check_moment(field, at)
    if not is_kept(at):
        raise InvalidField(f"{field} is a time that not every time zone can show. Give one in the years 2 to 9998.")
    return at


def is_kept(at: datetime) -> bool:
    """Whether an aware moment, and whatever lies months around it, can be shown in every time zone."""
    return _FIRST <= at <= _LAST


def as_kept(at: datetime) -> datetime:
    """An aware moment, or the nearest one that can be shown in every time zone."""
    return at if is_kept(at) else _FIRST if at < _FIRST else _LAST


def is_zone(zone: object) -> bool:
    """Whether `zone` can be an IANA zone name."""
    return isinstance(zone, str) and 0 < len(zone) <= LONGEST_ZONE and is_printable(zone)


def check_zone(zone: str | None) -> str | None:
    """`zone` if it can be an IANA zone name; raises `InvalidField` if not."""
    if zone is not None and not is_zone(zone):
        raise InvalidField(f"A time zone is an IANA name of at most {LONGEST_ZONE} characters.")
    return zone


def moment_text(at: datetime) -> str:
    """ISO 8601 with the offset, as it is stored."""
    return at.isoformat()


def read_moment(text: object) -> datetime | None:
    """The aware datetime that `moment_text` stored; None if it is not one."""
    if not isinstance(text, str):
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.utcoffset() is not None else None


def read_kept(text: object) -> datetime | None:
    """As `read_moment`; None also for one that a document may not hold."""
    at = read_moment(text)
    return at if at is not None and is_kept(at) else None


def plausible(claimed: datetime, arrived: datetime | None, *, long_ago: bool = False) -> datetime:
    """`claimed`, as far as the moment of arrival bounds what a device may say of when something was.

    Nothing was after it arrived; and what a device says to be older than `ODD_AFTER` was entered with a wrong clock,
    unless it may be about `long_ago`. Then it counts as of its arrival, as the claiming clock shows that.
    """
    if arrived is None:
        return claimed
    old = arrived - claimed > ODD_AFTER and not long_ago
    return arrived.astimezone(claimed.tzinfo) if claimed > arrived or old else claimed


def is_odd(claimed: datetime, plausible: datetime) -> bool:
    """Whether a moment that a device claims is further from the plausible one than clocks that run on differ by."""
    return abs(claimed - plausible) > LATE_AFTER


def is_late(about: datetime, arrived: datetime) -> bool:
    """Whether what happened at `about` arrived (or, before it was sent, was entered) late."""
    return arrived - about > LATE_AFTER
