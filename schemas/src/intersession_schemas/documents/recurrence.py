"""When something is due again: an RRULE (RFC 5545) over local days, without a time zone. Pure.

Days are the person's own, wherever they are: "every Monday" stays Monday across time zones and daylight saving. A rule
is kept as text; what it may say is bounded, so that no rule can take long or run for ever: dateutil expands it day by
day, always with an interval of 1, so that it soon finds a day or passes the end; the interval is counted out here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice

from dateutil.rrule import rrulestr
from msgspec import Struct

from intersession_schemas.errors import InvalidField

MAX_RULE = 200
MOST = 2_000
"""Occurrences of one rule in one window; more are never given."""
LONGEST_WINDOW = timedelta(days=3_660)
"""Days of one window, from its first or the rule's beginning; what lies behind is left out."""

_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY"})
_PARTS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYHOUR", "BYMINUTE", "WKST"})
_PART = re.compile(r"[A-Z]+=[A-Z0-9,+-]+")
_COUNT = re.compile(r"[1-9]\d{0,2}")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BYDAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
_BYMONTHDAY = re.compile(r"[+-]?([1-9]|[12]\d|3[01])")
_HOUR = re.compile(r"[01]?\d|2[0-3]")
_MINUTE = re.compile(r"[0-5]?\d")
_UNTIL = re.compile(r"\d{8}(T\d{4}00)?")
_EARLIEST = date(1990, 1, 1)  # of a rule's beginning: each day from there on is counted
_WORDS = {
    "daily": "FREQ=DAILY",
    "every day": "FREQ=DAILY",
    "weekly": "FREQ=WEEKLY",
    "every week": "FREQ=WEEKLY",
    "every two weeks": "FREQ=WEEKLY;INTERVAL=2",
    "weekdays": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "monthly": "FREQ=MONTHLY",
}


class Occurrence(Struct, frozen=True, order=True):
    """One time that something is due: a local day, and a local time of day if the rule names one.

    `key` names it for ever: "2026-05-04", or "2026-05-04T18:30" with a time.
    """

    day: date
    at: time | None = None

    @property
    def key(self) -> str:
        """The day in ISO 8601, and the time where there is one."""
        return self.day.isoformat() if self.at is None else f"{self.day.isoformat()}T{self.at:%H:%M}"


def read_occurrence(key: str) -> Occurrence:
    """The occurrence that `key` names, spelled as `Occurrence.key` spells it. Raises `InvalidField`."""
    day, mark, at = key.partition("T")
    try:
        found = Occurrence(date.fromisoformat(day), time.fromisoformat(at) if mark else None)
    except ValueError:
        found = None
    if found is None or found.key != key:
        raise InvalidField("An occurrence is a day, as 2026-05-04, or a day and a time, as 2026-05-04T18:30.")
    return found


def check_rule(rule: str) -> str:
    """`rule` in its plain form, a word such as "daily" as its RRULE. Raises `InvalidField` for one that is not taken.

    Taken are FREQ of DAILY, WEEKLY or MONTHLY with INTERVAL, COUNT, UNTIL, BYDAY, BYMONTHDAY, BYHOUR, BYMINUTE, WKST.
    """
    if not isinstance(rule, str) or not 0 < len(rule) <= MAX_RULE:
        raise InvalidField(f"A rule is text of at most {MAX_RULE} characters, as FREQ=WEEKLY;BYDAY=MO.")
    plain = _WORDS.get(rule.strip().casefold(), rule.strip().upper().removeprefix("RRULE:"))
    parts = plain.split(";")
    names = [part.partition("=")[0] for part in parts]
    fits = all(_PART.fullmatch(part) for part in parts) and len(set(names)) == len(names)
    if not fits or not _PARTS.issuperset(names) or plain.partition("FREQ=")[2].split(";")[0] not in _FREQUENCIES:
        raise InvalidField(
            "A rule is like FREQ=WEEKLY;BYDAY=MO,TH: daily, weekly or monthly, with INTERVAL, COUNT, UNTIL, BYDAY,"
            " BYMONTHDAY, BYHOUR, BYMINUTE."
        )
    _check_values(dict(part.split("=", 1) for part in parts))
    return plain


def _check_values(values: dict[str, str]) -> None:
    if ("BYMINUTE" in values) and ("BYHOUR" not in values):
        raise InvalidField("A rule with minutes (BYMINUTE) must name the hours (BYHOUR) as well.")
    if not all(_COUNT.fullmatch(values.get(name, "1")) for name in ("INTERVAL", "COUNT")):
        raise InvalidField("INTERVAL and COUNT of a rule are whole numbers from 1 to 999.")
    if "COUNT" in values and "UNTIL" in values:
        raise InvalidField("A rule ends by COUNT or by UNTIL, not by both.")
    if len(_listed(values, "BYHOUR")) > 24 or len(_listed(values, "BYMINUTE")) > 12:
        raise InvalidField("A rule names at most 24 hours and 12 minutes.")
    patterns = {"BYDAY": _BYDAY, "BYMONTHDAY": _BYMONTHDAY, "BYHOUR": _HOUR, "BYMINUTE": _MINUTE}
    fits = all(pattern.fullmatch(one) for name, pattern in patterns.items() for one in _listed(values, name))
    if not fits or values.get("WKST", "MO") not in _DAYS or not _has_until(values):
        raise InvalidField("That rule cannot be read. Write it like FREQ=WEEKLY;BYDAY=MO,TH.")
    # Days of a month and counted weekdays may never meet, as the first Monday and the 31st.
    counted = any(one not in _DAYS for one in _listed(values, "BYDAY"))
    if counted and (values["FREQ"] != "MONTHLY" or "BYMONTHDAY" in values):
        raise InvalidField("Counted weekdays, as 1MO, are for monthly rules without BYMONTHDAY.")
    if "BYMONTHDAY" in values and values["FREQ"] == "WEEKLY":
        raise InvalidField("A weekly rule names weekdays (BYDAY), not days of the month.")


def _listed(values: dict[str, str], name: str) -> list[str]:
    return values[name].split(",") if name in values else []


def _has_until(values: dict[str, str]) -> bool:
    if not _UNTIL.fullmatch(values.get("UNTIL", "20260101")):
        return False
    try:
        _until(values)
    except ValueError:
        return False
    return True


def occurrences(rule: str, since: date, first: date, last: date) -> list[Occurrence]:
    """When something that recurs by `rule` from the day `since` on is due, from the day `first` to `last`, ascending.

    An UNTIL without a time includes its day. A `rule` that `check_rule` refuses gives nothing, as does an empty window.
    At most `MOST`.
    """
    since = max(since, _EARLIEST)
    first = max(first, since)
    last = min(last, _later(first, LONGEST_WINDOW))
    if last < first:
        return []
    try:
        rule = check_rule(rule)
    except InvalidField:
        return []
    return list(islice(_expand(dict(part.split("=", 1) for part in rule.split(";")), since, first, last), MOST))


def _expand(values: dict[str, str], since: date, first: date, last: date) -> Iterator[Occurrence]:
    until = _until(values)
    times = _times(values)
    left = int(values["COUNT"]) if "COUNT" in values else None
    # What ends by its count is counted from its beginning; anything else may begin where the window does.
    start = since if left is not None else first
    for day in _days(values, since, start, min(last, until.date())):
        for at in times:
            if left is not None and left <= 0:
                return
            left = left - 1 if left is not None else None
            if day >= first and datetime.combine(day, at or time()) <= until:
                yield Occurrence(day, at)


def _days(values: dict[str, str], since: date, start: date, last: date) -> Iterator[date]:
    """The days of a rule that began on `since`, from `start` to `last`."""
    parts = {name: values[name] for name in ("FREQ", "BYDAY", "BYMONTHDAY", "WKST") if name in values}
    if values["FREQ"] == "WEEKLY":
        parts.setdefault("BYDAY", _DAYS[since.weekday()])
    if values["FREQ"] == "MONTHLY" and "BYDAY" not in values:
        parts.setdefault("BYMONTHDAY", str(since.day))
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    interval, phase = int(values.get("INTERVAL", "1")), _period(values, since)
    for at in rrulestr(text, dtstart=datetime.combine(start, time())):
        day = at.date()
        if day > last:
            return
        if (_period(values, day) - phase) % interval == 0:
            yield day


def _period(values: dict[str, str], day: date) -> int:
    """The number of the day, week or month that a day lies in, for counting out an interval."""
    match values["FREQ"]:
        case "DAILY":
            return day.toordinal()
        case "WEEKLY":
            # The first day of the calendar is a Monday.
            return (day.toordinal() - 1 - _DAYS.index(values.get("WKST", "MO"))) // 7
        case _:
            return day.year * 12 + day.month


def _times(values: dict[str, str]) -> Sequence[time | None]:
    if "BYHOUR" not in values:
        return [None]
    minutes = _listed(values, "BYMINUTE") or ["0"]
    return sorted({time(int(hour), int(minute)) for hour in _listed(values, "BYHOUR") for minute in minutes})


def _until(values: dict[str, str]) -> datetime:
    """The last moment of a rule. Raises `ValueError` for a day that does not exist."""
    if "UNTIL" not in values:
        return datetime.combine(date.max, time.max)
    at = datetime.fromisoformat(values["UNTIL"])
    return at if "T" in values["UNTIL"] else datetime.combine(at, time.max)


def _later(day: date, by: timedelta) -> date:
    try:
        return day + by
    except OverflowError:
        return date.max
