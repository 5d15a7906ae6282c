"""Local days: where they begin, which moment belongs to which, and when a time of day is. Pure.

A day need not begin at midnight. Where a plan says that it begins at 4, one o'clock on Tuesday morning is still Monday,
and Monday's slot at one o'clock comes at the end of Monday.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from msgspec import Struct


def day_of(at: datetime, begins: int = 0) -> date:
    """The day that a moment belongs to by its own clock, where days begin at the full hour `begins` (0 to 23)."""
    return _next(at.date(), -1) if at.hour < begins else at.date()


def beginning(day: date, begins: int = 0) -> datetime:
    """When a day begins, as a clock shows it, without a time zone."""
    return datetime.combine(day, time(begins))


class LocalDays(Struct, frozen=True):
    """The days of somebody whose clocks go by `zone`, and whose days begin at the full hour `begins`."""

    zone: tzinfo
    begins: int = 0

    def of(self, at: datetime) -> date:
        """The day that an aware moment belongs to as clocks in this zone show it."""
        return day_of(in_zone(at, self.zone), self.begins)

    def moment(self, day: date, at: time | None = None) -> datetime:
        """A time of day as a moment; without one the day's beginning.

        A time before the hour at which days begin is after midnight. A time that clocks skip is later by what they
        skip; of one that they show twice it is the first.
        """
        at = time(self.begins) if at is None else at
        shown = _next(day, 1) if at.hour < self.begins else day
        local = datetime.combine(shown, at, tzinfo=self.zone)
        try:
            return local.astimezone(UTC).astimezone(self.zone)
        except OverflowError:
            return local


def into_day(at: time | None, begins: int = 0) -> timedelta:
    """How far into its day a time of day is by the clock; none for the day as a whole."""
    if at is None:
        return timedelta()
    return timedelta(hours=(at.hour - begins) % 24, minutes=at.minute, seconds=at.second, microseconds=at.microsecond)


def in_zone(at: datetime, zone: tzinfo) -> datetime:
    """A moment as clocks in a zone show it; at the ends of the calendar as it is."""
    try:
        return at.astimezone(zone)
    except OverflowError:
        return at


def instant(at: datetime) -> datetime:
    """In UTC: two moments of one zone are compared by their wall clocks otherwise, which go back in autumn."""
    try:
        return at.astimezone(UTC)
    except OverflowError:
        return at.replace(tzinfo=UTC)


def _next(day: date, days: int) -> date:
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))
