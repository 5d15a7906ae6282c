"""What time it is for the person who writes: the default clock, and the checks of what a caller gives."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import tzlocal

from intersession.errors import InvalidField
from intersession_schemas.documents.moments import check_written

Clock = Callable[[], datetime]
"""Returns the moment it is, aware, in the person's own time zone."""


def local_clock() -> datetime:
    """Now, in this device's time zone; with its IANA name where the system says which it is."""
    now = datetime.now().astimezone()
    zone = _system_zone()
    named = now if zone is None else now.astimezone(zone)
    return named if named.utcoffset() == now.utcoffset() else now


@cache
def _system_zone() -> ZoneInfo | None:
    """The zone that TZ, else the system's own setting names (Windows' registry as well); None where neither does."""
    # Without a handler, what it finds odd about a system's settings would be printed into the app's own words.
    logging.getLogger("tzlocal").addHandler(logging.NullHandler())
    try:
        with warnings.catch_warnings(action="ignore"):
            zone, name = tzlocal.get_localzone(), tzlocal.get_localzone_name()
        # They differ where a zone was read from a file that names none, or guessed because nothing is set.
        return ZoneInfo(name) if name and str(zone) == name else None
    except (LookupError, ValueError, OSError):
        return None


def checked(clock: Clock | None) -> Clock:
    """`clock`, or the default one; what it returns is checked at each call."""
    given = local_clock if clock is None else clock
    return lambda: present("clock", given())


def moment(field: str, at: datetime) -> datetime:
    """`at` if it can be kept. Raises `InvalidField` for one that is naive or off UTC by parts of a minute."""
    if not isinstance(at, datetime):
        raise InvalidField(f"{field} must be a datetime with a time zone.")
    offset = at.utcoffset()
    if offset is None:
        raise InvalidField(f"{field} must be a datetime with a time zone; this one is naive.")
    if offset % timedelta(minutes=1):
        raise InvalidField(f"{field} must have a UTC offset of whole minutes.")
    return at


def present(field: str, at: datetime) -> datetime:
    """As `moment`, of what time it is taken to be: it, and the months around it, must be in the calendar."""
    return check_written(field, moment(field, at))


def written(field: str, at: datetime) -> datetime:
    """As `moment`, of what somebody writes down: a time that clocks skip in its zone is refused too."""
    moment(field, at)
    if not exists(at):
        raise InvalidField(
            f"{field} is a time that clocks skipped there, going forward. Give the time that they showed."
        )
    return at


def exists(at: datetime) -> bool:
    """Whether clocks in the zone of an aware time ever show it."""
    try:
        shown = at.astimezone(UTC).astimezone(at.tzinfo)
    except OverflowError:  # at the ends of the calendar, which `moment` and the schemas judge
        return True
    return shown.replace(tzinfo=None, fold=0) == at.replace(tzinfo=None, fold=0)


def optional_moment(field: str, at: datetime | None) -> datetime | None:
    """As `moment`, or None."""
    return None if at is None else moment(field, at)


def zone_of(at: datetime) -> str | None:
    """The IANA name of the zone of `at`, where it carries one."""
    return at.tzinfo.key if isinstance(at.tzinfo, ZoneInfo) else None
