"""Which moment a spelling means: the order of its numbers, its zone; what rows prove and what is to be asked. Pure.

A wall time that a zone skips, or has twice, is no moment: the row is named, and its offset can be written.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from typing import Literal

from msgspec import Struct

from intersession.importing.dates import Clock, Spelled
from intersession_schemas.documents.moments import is_kept

DateOrder = Literal["dmy", "mdy", "ymd", "excel"]
"""How days are written; `excel`: as the number of days that Excel counts."""

Zones = Callable[[str], tzinfo | None]
"""The time zone of a name; None for a name that is none."""

# Each of them is one offset wherever it is used. EST, IST, CST, BST and others are several.
_ABBREVIATIONS = {"WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2, "EEST": 3}
_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a wall time, as the spreadsheet's
_UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CENTURY = 69
"""Years of two digits from here on are of the century before, as POSIX has it."""

NO_OFFSET = "the time has no UTC offset"


class NoMoment(Exception):
    """Why a cell means no moment."""


class Rules(Struct, frozen=True):
    """What has been decided about a file's moments."""

    order: DateOrder | None = None
    zone: str | None = None
    time_of_day: time | None = None


class Evidence(Struct):
    """What the moments of a file prove, counted cell by cell."""

    moments: int = 0
    day_first: int = 0
    month_first: int = 0
    open: int = 0
    open_dots: int = 0
    short: int = 0
    serials: int = 0
    with_offset: int = 0
    without_offset: int = 0
    without_clock: int = 0
    without_day: int = 0
    unix: int = 0
    unknown_zones: int = 0
    zone_examples: dict[str, None] = {}

    def count(self, found: Spelled, zones: Zones) -> None:
        """Take one cell into account."""
        self.moments += 1
        if found.seconds is not None:
            self.unix += 1
            self.with_offset += 1
            return
        if found.serial is not None:
            self.serials += 1
            self.without_clock += found.serial % 1 == 0
        elif found.numbers is None:
            self.without_day += 1
        else:
            self._count_day(found)
            self.without_clock += found.clock is None
        known = found.offset is not None or (found.zone is not None and _zone(found.zone, zones) is not None)
        self.with_offset += known
        self.without_offset += not known
        if found.zone is not None and not known:
            self.unknown_zones += 1
            if len(self.zone_examples) < 3:
                self.zone_examples[found.zone] = None

    def _count_day(self, found: Spelled) -> None:
        assert found.numbers is not None
        first, second, _ = found.numbers
        if found.order.startswith("short"):
            self.short += 1
        elif found.order != "ymd" and first != second:
            self.day_first += first > 12
            self.month_first += second > 12
            if first <= 12 and second <= 12:
                self.open += 1
                self.open_dots += found.order == "."

    def order(self) -> DateOrder | Literal["", "?"]:
        """The order that the rows prove; empty where they need none; ``"?"`` where it must be asked."""
        if self.short or self.serials or (self.day_first and self.month_first):
            return "?"
        if self.day_first or self.month_first:
            return "dmy" if self.day_first else "mdy"
        if self.open:
            return "dmy" if self.open == self.open_dots else "?"
        return ""

    def contradicts(self, order: DateOrder) -> bool:
        """Whether rows prove that another order is right."""
        return (order == "dmy" and self.month_first > self.day_first) or (
            order == "mdy" and self.day_first > self.month_first
        )


def moment_of(found: Spelled, rules: Rules, zones: Zones) -> datetime:
    """The moment that a cell means, under these rules. Raises `NoMoment`."""
    if found.seconds is not None:
        return _unix(found.seconds, rules, zones)
    if found.offset is None and found.zone is None and rules.zone is None:
        raise NoMoment(NO_OFFSET)
    wall = _wall(found, rules)
    if found.offset is not None:
        at = _with_offset(wall, found, zones)
    elif found.zone is not None:
        at = _in_named(wall, found.zone, rules, zones)
    else:
        assert rules.zone is not None
        at = in_zone(wall, _known(rules.zone, zones))
    if not is_kept(at):
        raise NoMoment("the time is outside the years 2 to 9998")
    if (at.utcoffset() or timedelta()) % timedelta(minutes=1):
        raise NoMoment("the time must have a UTC offset of whole minutes")
    return at


def in_zone(wall: datetime, zone: tzinfo) -> datetime:
    """A wall time in a zone. Raises `NoMoment` for one that clocks there never showed, or showed twice."""
    first, second = wall.replace(tzinfo=zone, fold=0), wall.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    try:
        back = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        raise NoMoment("the time is outside the years 2 to 9998") from None
    if back == wall:
        raise NoMoment("that time occurred twice because the clocks went back; write it with its UTC offset")
    raise NoMoment("that time does not exist: the clocks went forward over it")


def _unix(seconds: float, rules: Rules, zones: Zones) -> datetime:
    at = _UNIX_EPOCH + timedelta(microseconds=round(seconds * 1e6))
    return at if rules.zone is None else at.astimezone(_known(rules.zone, zones))


def _wall(found: Spelled, rules: Rules) -> datetime:
    """The day and the time of day, without a zone."""
    if found.serial is not None:
        if rules.order != "excel":
            raise NoMoment("the time is a number")
        clock = None if found.serial % 1 == 0 else Clock(0)
        day = _EXCEL_EPOCH + timedelta(seconds=round(found.serial * 86_400))
    else:
        clock = found.clock
        day = _day(found, rules.order)
    if clock is None:
        if rules.time_of_day is None:
            raise NoMoment("the row has a day and no time of day")
        return datetime.combine(day.date(), rules.time_of_day)
    try:
        return day + timedelta(
            hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond
        )
    except OverflowError:
        raise NoMoment("the time is outside the years 2 to 9998") from None


def _day(found: Spelled, order: DateOrder | None) -> datetime:
    if found.numbers is None:
        raise NoMoment("the row has a time of day and no day")
    first, second, third = found.numbers
    if found.order == "ymd":
        year, month, day = found.numbers
    elif found.order == "short named":
        if order not in ("dmy", "mdy", "ymd"):
            raise NoMoment("the year has two digits")
        year, month, day = (first, second, third) if order != "ymd" else (third, second, first)
    elif order == "ymd" and found.order == "short":
        year, month, day = found.numbers
    elif order == "dmy" or first == second or (order is None and found.order == "."):
        day, month, year = found.numbers
    elif order == "mdy":
        month, day, year = found.numbers
    else:
        raise NoMoment("it is not clear which number in the date is the day" if order is None else "not in that order")
    if found.order.startswith("short"):
        if order is None:
            raise NoMoment("the year has two digits")
        year += 1900 if year >= _CENTURY else 2000
    try:
        return datetime(year, month, day)  # noqa: DTZ001 - a wall time
    except ValueError:
        raise NoMoment("there is no such day") from None


def _with_offset(wall: datetime, found: Spelled, zones: Zones) -> datetime:
    offset = timedelta(seconds=found.offset or 0)
    if offset % timedelta(minutes=1):
        raise NoMoment("the time must have a UTC offset of whole minutes")
    at = wall.replace(tzinfo=timezone(offset) if offset else UTC)
    zone = zones(found.zone) if found.zone is not None else None
    if zone is None or not is_kept(at):
        return at
    local = at.astimezone(zone)
    return local if local.utcoffset() == offset else at


def _in_named(wall: datetime, name: str, rules: Rules, zones: Zones) -> datetime:
    zone = _zone(name, zones)
    if zone is not None:
        return wall.replace(tzinfo=zone) if isinstance(zone, timezone) else in_zone(wall, zone)
    if rules.zone is None:
        raise NoMoment(f"{name} does not mean the same time zone everywhere")
    chosen = _known(rules.zone, zones)
    for fold in (0, 1):
        at = wall.replace(tzinfo=chosen, fold=fold)
        if at.tzname() == name.upper() and at.astimezone(UTC).astimezone(chosen).replace(tzinfo=None) == wall:
            return at
    raise NoMoment(f"{name} was not the time in {rules.zone} then")


def _zone(name: str, zones: Zones) -> tzinfo | None:
    """The zone of an IANA name, or of an abbreviation that means one offset everywhere."""
    hours = _ABBREVIATIONS.get(name.upper())
    if hours is not None:
        return timezone(timedelta(hours=hours))
    return zones(name) if "/" in name else None


def _known(name: str, zones: Zones) -> tzinfo:
    zone = zones(name)
    if zone is None:
        raise NoMoment(f"there is no time zone {name!r}")
    return zone
