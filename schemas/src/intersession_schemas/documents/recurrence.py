"""When something is due again: an RRULE (RFC 5545) over local days, without a time zone. Pure.

Days are the person's own, wherever they are: "every Monday" stays Monday across time zones and daylight saving. A rule
is kept as text; what it may say is bounded, so that no rule can take long or run for ever.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice

from dateutil.rrule import rrule, rrulestr
from msgspec import Struct

from intersession_schemas.errors import InvalidField

MAX_RULE = 200
MOST = 2_000
"""Occurrences of one rule in one window; more are never given."""
LONGEST_WINDOW = timedelta(days=3_660)

_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY"})
_PARTS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYHOUR", "BYMINUTE", "WKST"})
_PART = re.compile(r"[A-Z]+=[A-Z0-9,+-]+")
_COUNT = re.compile(r"[1-9]\d{0,2}")
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
    """The occurrence that `key` names. Raises `InvalidField`."""
    day, mark, at = key.partition("T")
    try:
        return Occurrence(date.fromisoformat(day), time.fromisoformat(at) if mark else None)
    except ValueError:
        raise InvalidField("An occurrence is a day, as 2026-05-04, or a day and a time, as 2026-05-04T18:30.") from None


def check_rule(rule: str) -> str:
    """`rule` in its plain form, a word such as "daily" as its RRULE. Raises `InvalidField` for one that is not taken.

    Taken are FREQ of DAILY, WEEKLY or MONTHLY with INTERVAL, COUNT, UNTIL, BYDAY, BYMONTHDAY, BYHOUR, BYMINUTE, WKST.
    """
    if not isinstance(rule, str) or not 0 < len(rule) <= MAX_RULE:
        raise InvalidField(f"A rule is text of at most {MAX_RULE} letters, as FREQ=WEEKLY;BYDAY=MO.")
    plain = _WORDS.get(rule.strip().casefold(), rule.strip().upper().removeprefix("RRULE:"))
    parts = plain.split(";")
    names = [part.partition("=")[0] for part in parts]
    fits = all(_PART.fullmatch(part) for part in parts) and len(set(names)) == len(names)
    if not fits or not _PARTS.issuperset(names) or plain.partition("FREQ=")[2].split(";")[0] not in _FREQUENCIES:
        raise InvalidField(
            "A rule is like FREQ=WEEKLY;BYDAY=MO,TH: daily, weekly or monthly, with INTERVAL, COUNT, UNTIL, BYDAY,"
            " BYMONTHDAY, BYHOUR, BYMINUTE."
        )
    values = dict(part.split("=", 1) for part in parts)
    if ("BYMINUTE" in values) and ("BYHOUR" not in values):
        raise InvalidField("A rule with minutes (BYMINUTE) must name the hours (BYHOUR) as well.")
    if not all(_COUNT.fullmatch(values.get(name, "1")) for name in ("INTERVAL", "COUNT")):
        raise InvalidField("INTERVAL and COUNT of a rule are whole numbers from 1 to 999.")
    if len(values.get("BYHOUR", "").split(",")) > 24 or len(values.get("BYMINUTE", "").split(",")) > 12:
        raise InvalidField("A rule names at most 24 hours and 12 minutes.")
    try:
        rrulestr(plain, dtstart=datetime(2026, 1, 1))  # noqa: DTZ001 - local days without a zone are meant
    except (ValueError, TypeError, IndexError, KeyError, OverflowError):
        raise InvalidField("That rule cannot be read. Write it like FREQ=WEEKLY;BYDAY=MO,TH.") from None
    return plain


def occurrences(rule: str, since: date, first: date, last: date) -> list[Occurrence]:
    """When something that recurs by `rule` from the day `since` on is due, from the day `first` to `last`, ascending.

    `rule` is one that `check_rule` gave; another gives nothing, as does an empty window. At most `MOST`.
    """
    since = max(since, _EARLIEST)
    last = min(last, _later(first, LONGEST_WINDOW))
    if last < max(first, since):
        return []
    try:
        rule = check_rule(rule)
    except InvalidField:
        return []
    return list(islice(_expand(rule, since, first, last), MOST))


def _expand(rule: str, since: date, first: date, last: date) -> Iterator[Occurrence]:
    timed = "BYHOUR=" in rule
    start = datetime.combine(since, time())
    end = datetime.combine(last, time(23, 59))
    # An end on the rule itself: one that never comes true would be searched for until the year 9999.
    found = rrulestr(rule, dtstart=start)
    assert isinstance(found, rrule)
    ends = [one for one in (getattr(found, "_until", None), end) if one is not None]
    for at in found.replace(until=min(ends)):
        if at.date() >= first:
            yield Occurrence(at.date(), at.time() if timed else None)


def _later(day: date, by: timedelta) -> date:
    try:
        return day + by
    except OverflowError:
        return date.max
