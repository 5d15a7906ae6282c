"""Moments and numbers in words, as the pages say them. Pure.

A moment is said as the clock of the person showed it who wrote it; nothing is converted into a time zone that
nobody was in.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

from babel import Locale
from babel.dates import format_date

_LOCALE = Locale("en")
_DAYS: Mapping[int, str] = _LOCALE.days["format"]["abbreviated"]
_MONTHS: Mapping[int, str] = _LOCALE.months["format"]["abbreviated"]
_MOST_DAYS = 10_000
"""Days whose words are kept: a page says the same few again and again, and they take 20 µs to make."""

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_STEPS = ((_MINUTE, _HOUR, "minute"), (_HOUR, _DAY, "hour"), (_DAY, 60 * _DAY, "day"), (30 * _DAY, 730 * _DAY, "month"))
_YEAR = 365 * _DAY
_LONG = 300
"""Days from which on the days below a picture are named by their months."""
_JOIN = "\N{NO-BREAK SPACE}"
_MOST_DIGITS = 1e15


def day(at: date) -> str:
    """Mon 16 Mar 2020"""
    return _in_words(at.year, at.month, at.day, "EEE d MMM y")


def short_day(at: date) -> str:
    """16 Mar"""
    return _in_words(at.year, at.month, at.day, "d MMM")


def axis_days(days: Sequence[date]) -> list[str]:
    """Days below a picture as `short_day` says them, or where they are far apart their months: Mar 2020"""
    if (days[-1] - days[0]).days < _LONG:
        return [short_day(one) for one in days]
    return [_in_words(one.year, one.month, 1, "MMM y") for one in days]


def period(first: date, last: date) -> str:
    """Mon 16 Mar 2020; 16 Mar – 22 Mar 2020; Mar 2020; 2020. A date is not broken over two lines."""
    return _period(first, last).replace(" ", _JOIN).replace(f"{_JOIN}–{_JOIN}", " – ")


def _period(first: date, last: date) -> str:
    if first == last:
        return day(first)
    if (first.year, first.day) == (last.year, 1) and last.day == calendar.monthrange(last.year, last.month)[1]:
        if first.month == last.month:
            return _in_words(first.year, first.month, 1, "MMM y")
        if (first.month, last.month) == (1, 12):
            return str(first.year)
    since = short_day(first) if first.year == last.year else _in_words(first.year, first.month, first.day, "d MMM y")
    return f"{since} – {_in_words(last.year, last.month, last.day, 'd MMM y')}"


@lru_cache(_MOST_DAYS)
def _in_words(year: int, month: int, day: int, pattern: str) -> str:
    return format_date(date(year, month, day), pattern, _LOCALE)


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
    words = _span(abs(seconds))
    if words is None:
        return "just now"
    return f"{words} ago" if seconds > 0 else f"in {words}"


def _span(seconds: float) -> str | None:
    if seconds < _MINUTE:
        return None
    for unit, below, word in _STEPS:
        if seconds < below:
            return count(int(seconds // unit), word)
    return count(int(seconds // _YEAR), "year")


def count(number: int, word: str, plural: str | None = None) -> str:
    """1 entry, 2 entries, 1,000 entries"""
    return f"{number:,} {word if _LOCALE.plural_form(number) == 'one' else plural or word + 's'}"


def joined(*parts: str, by: str = ", ") -> str:
    """The parts that say something, in a row."""
    return by.join(part for part in parts if part)


def number(value: float) -> str:
    """3, 2.5; never an exponent where it can be helped"""
    whole = isinstance(value, int) or (value.is_integer() and abs(value) < _MOST_DIGITS)
    text = f"{value:.0f}" if whole else f"{value:.6g}"
    return text.replace("-", "−")


def rule(text: str) -> str:
    """When something recurs: daily; every 2 weeks on Mon, Thu at 18:30. The rule itself where words fail."""
    parts = dict(part.split("=", 1) for part in text.upper().split(";") if "=" in part)
    unit = _UNITS.get(parts.get("FREQ", ""))
    if unit is None:
        return text
    every = parts.get("INTERVAL", "1")
    words = unit[0] if every == "1" else f"every {every} {unit[1]}"
    if "BYDAY" in parts:
        words += f" on {', '.join(_weekday(one) for one in parts['BYDAY'].split(','))}"
    if "BYMONTH" in parts:
        words += f" in {', '.join(_MONTHS[int(one)] for one in parts['BYMONTH'].split(',') if one in _NUMBERED)}"
    if "BYMONTHDAY" in parts:
        words += f" on day {parts['BYMONTHDAY'].replace(',', ', ')}"
    if "BYHOUR" in parts:
        minutes = parts.get("BYMINUTE", "0").split(",")
        hours = parts["BYHOUR"].split(",")
        words += f" at {', '.join(f'{hour:0>2}:{minute:0>2}' for hour in hours for minute in minutes)}"
    return words + (f", {parts['COUNT']} times" if "COUNT" in parts else "")


_UNITS = {
    "DAILY": ("daily", "days"),
    "WEEKLY": ("weekly", "weeks"),
    "MONTHLY": ("monthly", "months"),
    "YEARLY": ("yearly", "years"),
}
_NUMBERED = tuple(map(str, range(1, 13)))
_WEEKDAYS = dict(zip(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), map(_DAYS.__getitem__, range(7)), strict=True))


def _weekday(text: str) -> str:
    """Mon, 1st Mon, last Fri"""
    number, name = text[:-2], _WEEKDAYS.get(text[-2:], text[-2:])
    ordinals = {"": "", "1": "1st ", "2": "2nd ", "3": "3rd ", "-1": "last "}
    return ordinals.get(number.lstrip("+"), f"{number}th ") + name
