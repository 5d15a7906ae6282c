"""Moments and numbers in words, as the pages say them. Pure.

A moment is said as the clock of the person showed it who wrote it; nothing is converted into a time zone that
nobody was in.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from babel.dates import format_date, format_timedelta

from intersession_server.language.language import current, say

_Unit = Literal["minute", "hour", "day", "month", "year"]
_MOST_DAYS = 10_000
"""Days whose words are kept: a page says the same few again and again, and they take 20 µs to make."""

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_YEAR = 365 * _DAY
_STEPS: tuple[tuple[int, int, _Unit], ...] = (
    (_MINUTE, _HOUR, "minute"),
    (_HOUR, _DAY, "hour"),
    (_DAY, 60 * _DAY, "day"),
    (30 * _DAY, 730 * _DAY, "month"),
)
_PATTERNS: Mapping[str, Mapping[str, str]] = {
    "day": {"en": "EEE d MMM y", "de": "EEE d. MMM y"},
    "short day": {"en": "d MMM", "de": "d. MMM"},
    "short day and year": {"en": "d MMM y", "de": "d. MMM y"},
    "month": {"en": "MMM y", "de": "MMM y"},
}
"""How dates are written, by language: the day before the month, as clinicians everywhere but in one country do."""
_LONG = 300
"""Days from which on the days below a picture are named by their months."""
_JOIN = "\N{NO-BREAK SPACE}"
_MOST_DIGITS = 1e15


def day(at: date) -> str:
    """Mon 16 Mar 2020"""
    return _in_words(at, "day")


def short_day(at: date) -> str:
    """16 Mar"""
    return _in_words(at, "short day")


def month(at: date) -> str:
    """Mar 2020"""
    return _in_words(at, "month")


def axis_days(days: Sequence[date]) -> list[str]:
    """Days below a picture as `short_day` says them, or where they are far apart their months: Mar 2020"""
    if (days[-1] - days[0]).days < _LONG:
        return [short_day(one) for one in days]
    return [_in_words(one, "month") for one in days]


def period(first: date, last: date) -> str:
    """Mon 16 Mar 2020; 16 Mar – 22 Mar 2020; Mar 2020; 2020. A date is not broken over two lines."""
    return _period(first, last).replace(" ", _JOIN).replace(f"{_JOIN}–{_JOIN}", " – ")


def _period(first: date, last: date) -> str:
    if first == last:
        return day(first)
    if (first.year, first.day) == (last.year, 1) and last.day == calendar.monthrange(last.year, last.month)[1]:
        if first.month == last.month:
            return _in_words(first, "month")
        if (first.month, last.month) == (1, 12):
            return str(first.year)
    since = short_day(first) if first.year == last.year else _in_words(first, "short day and year")
    return f"{since} – {_in_words(last, 'short day and year')}"


def _in_words(at: date, pattern: str) -> str:
    return _written(current().tag, at.year, at.month, at.day, pattern)


@lru_cache(_MOST_DAYS)
def _written(tag: str, year: int, month: int, day: int, pattern: str) -> str:
    return format_date(date(year, month, day), _PATTERNS[pattern][tag], tag)


def moment(at: datetime) -> str:
    """Mon 16 Mar 2020, 23:50"""
    return f"{day(at)}, {clock(at)}"


def clock(at: datetime) -> str:
    """23:50"""
    return f"{at.hour:02}:{at.minute:02}"


def offset(at: datetime) -> str:
    """UTC+1, UTC−3:30, UTC"""
    minutes = round((at.utcoffset() or timedelta()).total_seconds() / 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")


def arrival(arrived: datetime, about: datetime) -> str:
    """When something arrived, on the clock of the one who wrote it: the time alone if the day is the same."""
    local = arrived.astimezone(about.tzinfo)
    return clock(local) if local.date() == about.date() else moment(local)


def ago(at: datetime, now: datetime) -> str:
    """just now, 5 minutes ago, 2 days ago; for a moment that is yet to come: in 5 minutes. `live.js` says the same."""
    seconds = (now - at).total_seconds()
    size = abs(seconds)
    if size < _MINUTE:
        return say("just now")
    length, unit = next(((length, unit) for length, below, unit in _STEPS if size < below), (_YEAR, "year"))
    number = int(size // length)
    return _direction(current().tag, -number if seconds > 0 else number, length, unit)


@lru_cache(_MOST_DAYS)
def _direction(tag: str, number: int, length: int, unit: _Unit) -> str:
    away = timedelta(seconds=number * length)
    return format_timedelta(away, unit, threshold=float("inf"), add_direction=True, locale=tag)


def joined(*parts: str, by: str = ", ") -> str:
    """The parts that say something, in a row."""
    return by.join(part for part in parts if part)


def number(value: float) -> str:
    """3, 2.5; never an exponent where it can be helped"""
    whole = isinstance(value, int) or (value.is_integer() and abs(value) < _MOST_DIGITS)
    text = f"{value:.0f}" if whole else f"{value:.6g}"
    if not whole:
        text = text.replace(".", current().locale.number_symbols["latn"]["decimal"])
    return text.replace("-", "−")
