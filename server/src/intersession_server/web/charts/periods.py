"""Answers summed up by day, week, month or year, so that a long range can be drawn and read. Pure.

Nothing is smoothed, and nothing made up: a period keeps its lowest and its highest answer, so that a single 10 among 2s
is still there, and one without answers is not made at all, so that a gap stays a gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from statistics import median
from typing import Literal

from msgspec import Struct

from intersession_schemas.documents.diary.symptoms import Number
from intersession_schemas.documents.local_days import day_of
from intersession_server.web.charts.points import Point

Unit = Literal["day", "week", "month", "year"]

MOST_PERIODS = 108
"""Periods of one picture, about two years of weeks: more would run into each other at the width of a column."""
_LENGTHS: tuple[tuple[Unit, float], ...] = (("day", 1), ("week", 7), ("month", 30.4))
"""How many days each has, the shortest first."""
_DAYS_KEPT = 10_000


class Period(Struct, frozen=True):
    """The answers of the local days from `first` to `last`: how many, their lowest, median and highest.

    `synced_later` and `entered_later` are how many of them came so.
    """

    first: date
    last: date
    count: int
    lowest: Number
    median: Number
    highest: Number
    synced_later: int
    entered_later: int = 0

    @property
    def is_mostly_synced_later(self) -> bool:
        """Whether most of them were synced later: of hundreds there is nearly always one."""
        return 2 * self.synced_later > self.count

    @property
    def is_mostly_entered_later(self) -> bool:
        """Whether most of them were entered later."""
        return 2 * self.entered_later > self.count


def unit_of(first: date, last: date) -> Unit:
    """The shortest unit of which the days from `first` to `last` have no more than `MOST_PERIODS`, or else the year."""
    days = (last - first).days + 1
    # At either end of them there may be a part of one more.
    return next((unit for unit, length in _LENGTHS if days <= (MOST_PERIODS - 2) * length), "year")


def periods_of(points: Sequence[Point], unit: Unit, first: date, last: date, day_begins: int = 0) -> list[Period]:
    """The periods that have answers, oldest first, none reaching beyond the local days `first` to `last`.

    Local days begin at the full hour `day_begins`. Weeks begin on Monday.
    """
    found: dict[tuple[date, date], list[Point]] = {}
    for point in points:
        found.setdefault(ends_of(day_of(point.at, day_begins), unit), []).append(point)
    return [_period(max(begin, first), min(end, last), answers) for (begin, end), answers in sorted(found.items())]


def _period(first: date, last: date, answers: Sequence[Point]) -> Period:
    values = sorted(point.value for point in answers)
    synced, entered = (sum(point.synced_later for point in answers), sum(point.entered_later for point in answers))
    return Period(first, last, len(values), values[0], median(values), values[-1], synced, entered)


@lru_cache(_DAYS_KEPT)
def ends_of(day: date, unit: Unit) -> tuple[date, date]:
    """The first and the last day of the period that a day lies in."""
    match unit:
        case "day":
            return day, day
        case "week":
            # Weeks at the calendar's own limits are shorter.
            begin = date.fromordinal(max(day.toordinal() - day.weekday(), 1))
            return begin, date.fromordinal(min(day.toordinal() - day.weekday() + 6, date.max.toordinal()))
        case "month":
            return day.replace(day=1), _last_of_month(day)
        case "year":
            return day.replace(month=1, day=1), day.replace(month=12, day=31)


def _last_of_month(day: date) -> date:
    # Four days after the 28th it is the next month, whatever the month; of December, the 31st is known.
    if day.month == 12:
        return day.replace(day=31)
    next_month = day.replace(day=28) + timedelta(days=4)
    return next_month - timedelta(days=next_month.day)
