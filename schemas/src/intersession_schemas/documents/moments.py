"""When something was, as the writer's clock showed it: local time, UTC offset and zone name.

The local day is what people mean by "Monday night"; it is kept as written and never converted.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from intersession_schemas.errors import InvalidField

LATE_AFTER = timedelta(hours=24)
"""An entry is late when it arrived more than this after what it is about."""
FIRST_YEAR = 1900
LAST_YEAR = 2199
_LONGEST_ZONE = 64


def check_moment(field: str, at: datetime) -> datetime:
    """`at` if it is aware; raises `InvalidField` if it is naive, as its local day could not be told."""
    if not isinstance(at, datetime) or at.utcoffset() is None:
        raise InvalidField(f"{field} must be a datetime with a time zone; this one is naive.")
    if not is_kept(at):
        raise InvalidField(f"{field} must be a moment of the years {FIRST_YEAR} to {LAST_YEAR}.")
    return at


def is_kept(at: date) -> bool:
    """Whether a day or moment is one that can be reckoned with everywhere: in every zone, some decades either way."""
    return FIRST_YEAR <= at.year <= LAST_YEAR


def is_zone(zone: object) -> bool:
    """Whether `zone` can be an IANA zone name."""
    return isinstance(zone, str) and 0 < len(zone) <= _LONGEST_ZONE and zone.isprintable()


def check_zone(zone: str | None) -> str | None:
    """`zone` if it can be an IANA zone name; raises `InvalidField` if not."""
    if zone is not None and not is_zone(zone):
        raise InvalidField(f"A time zone is an IANA name of at most {_LONGEST_ZONE} letters.")
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
    return at if at.utcoffset() is not None and is_kept(at) else None


def is_late(about: datetime, arrived: datetime) -> bool:
    """Whether what happened at `about` arrived (or, before it was sent, was entered) late."""
    return arrived - about > LATE_AFTER
