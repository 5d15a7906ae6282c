"""When something is due again: an RRULE (RFC 5545) over local days, without a time zone. Pure.

Days are the person's own, wherever they are: "every Monday" stays Monday across time zones and daylight saving. A rule
is kept as text; what it may say is bounded, so that no rule can take long or run for ever: dateutil expands it day by
day, always with an interval of 1, so that it soon finds a day or passes the end; the interval is counted out here.

SKIP=BACKWARD is that of RFC 7529: a day that a month does not have is its last one. The words "monthly" and "yearly"
mean that; FREQ=MONTHLY alone leaves such a month out, as RFC 5545 has it.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import islice

from dateutil.rrule import rrulestr
from msgspec import Struct

from intersession_schemas.documents.local_days import in_zone
from intersession_schemas.documents.texts import without_unseen
from intersession_schemas.errors import InvalidField

MAX_RULE = 200
MOST = 2_000
"""Occurrences of one rule in one window; more are never given."""
LONGEST_WINDOW = timedelta(days=3_660)
"""Days of one window, from its first or the rule's beginning; what lies behind is left out."""
_WINDOWS_KEPT = 128
"""Windows that were gone through last: counts, signals and lists of one assignment ask for the same years."""

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
PARTS = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYHOUR", "BYMINUTE", "WKST", "SKIP")
_PART = re.compile(r"[A-Z-]+=[A-Z0-9,+-]+")
SAYS_NOTHING = ("BYSECOND=0", "BYSECOND=00", "RSCALE=GREGORIAN")
_FOLD = re.compile(r"\r?\n[ \t]")
"""Calendars part long lines like that, in the middle of a word as well."""
_SIGNS = re.compile(r"\s*([:;=,])\s*")
_PROPERTY = re.compile(r"([A-Z-]+)[:;]")
_COUNT = re.compile(r"[1-9]\d{0,2}")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BYDAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
_BYMONTHDAY = re.compile(r"[+-]?([1-9]|[12]\d|3[01])")
_BYMONTH = re.compile(r"[1-9]|1[0-2]")
_HOUR = re.compile(r"[01]?\d|2[0-3]")
_MINUTE = re.compile(r"[0-5]?\d")
_UNTIL = re.compile(r"(?P<day>\d{8})(T(?P<minute>\d{4})(?P<second>\d{2})(?P<utc>Z?))?")
EARLIEST = date(1990, 1, 1)  # of a rule's beginning: each day from there on is counted
WORDS = {
    "daily": "FREQ=DAILY",
    "every day": "FREQ=DAILY",
    "weekly": "FREQ=WEEKLY",
    "every week": "FREQ=WEEKLY",
    "every two weeks": "FREQ=WEEKLY;INTERVAL=2",
    "weekdays": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "every weekday": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "fortnightly": "FREQ=WEEKLY;INTERVAL=2",
    "monthly": "FREQ=MONTHLY;SKIP=BACKWARD",
    "every month": "FREQ=MONTHLY;SKIP=BACKWARD",
    "quarterly": "FREQ=MONTHLY;INTERVAL=3;SKIP=BACKWARD",
    "every quarter": "FREQ=MONTHLY;INTERVAL=3;SKIP=BACKWARD",
    "yearly": "FREQ=YEARLY;SKIP=BACKWARD",
    "every year": "FREQ=YEARLY;SKIP=BACKWARD",
    "annually": "FREQ=YEARLY;SKIP=BACKWARD",
}
_EVERY = re.compile(
    r"every (other|two|three|four|five|six|[1-9]\d{0,2}(?:st|nd|rd|th)?) (day|week|month|year)s?", re.ASCII
)
_WEEKDAY = re.compile(r"(?:every |on )?(monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?")
NUMBERS = {"other": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
UNITS = {
    "day": "FREQ=DAILY",
    "week": "FREQ=WEEKLY",
    "month": "FREQ=MONTHLY;SKIP=BACKWARD",
    "year": "FREQ=YEARLY;SKIP=BACKWARD",
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
        raise InvalidField("An occurrence is a day, such as 2026-05-04, or a day and a time, such as 2026-05-04T18:30.")
    return found


def check_rule(rule: str, zone: tzinfo | None = None) -> str:
    """`rule` in its plain form, a word such as "daily" as its RRULE. Raises `InvalidField` for one that is not taken.

    Taken are FREQ of DAILY, WEEKLY, MONTHLY or YEARLY with INTERVAL, COUNT, UNTIL, BYMONTH, BYMONTHDAY, BYDAY, BYHOUR,
    BYMINUTE, WKST and SKIP=BACKWARD; of words, those such as "weekdays", "every 3 weeks" or "yearly". The line of a
    calendar is taken as it is there: behind RRULE:, folded, in lower case. Days have no time zone here, so an UNTIL
    in UTC becomes the local one of `zone`, and is refused without it.
    """
    if not isinstance(rule, str) or not 0 < len(rule) <= MAX_RULE:
        raise InvalidField(f"A rule is text of at most {MAX_RULE} characters, such as FREQ=WEEKLY;BYDAY=MO.")
    line = _line(rule)
    plain = _of_words(line.casefold()) or line.removeprefix("RRULE:")
    parts = [part for part in plain.split(";") if part and part not in SAYS_NOTHING]
    names = [part.partition("=")[0] for part in parts]
    for part, name in zip(parts, names, strict=True):
        if "=" not in part or not name:
            raise InvalidField(f"That is not a valid rule. {_LIKE}")
        if name not in PARTS:
            raise InvalidField(f"{name[:20]} is not supported in a rule. {_LIKE}")
        if names.count(name) > 1:
            raise InvalidField(f"{name} appears twice in the rule.")
        if not _PART.fullmatch(part):
            raise InvalidField(f"{name} in the rule has an invalid value. {_LIKE}")
    values = dict(part.split("=", 1) for part in parts)
    if values.get("FREQ") not in FREQUENCIES:
        raise InvalidField(f"A rule needs FREQ: {', '.join(FREQUENCIES)}. {_LIKE}")
    if "UNTIL" in values:
        values["UNTIL"] = _plain_until(values["UNTIL"], zone)
    _check_values(values)
    return ";".join(f"{name}={value}" for name, value in values.items())


_LIKE = f"Write it like FREQ=WEEKLY;BYDAY=MO,TH, with any of {', '.join(PARTS[1:])}."


def _line(rule: str) -> str:
    """The one line that a rule is, in capitals. Raises `InvalidField` for what a calendar has beside it."""
    text = _FOLD.sub("", unicodedata.normalize("NFKC", without_unseen(rule))).upper()
    lines = [found for one in text.splitlines() if (found := _SIGNS.sub(r"\1", one.strip()))]
    for line in lines:
        named = _PROPERTY.match(line)
        if named is not None and named[1] == "DTSTART":
            raise InvalidField("DTSTART is not part of the rule here. Give the first day separately (since).")
        if named is not None and named[1] != "RRULE":
            raise InvalidField(f"{named[1][:20]} is not supported: give only the RRULE line.")
    if len(lines) > 1:
        raise InvalidField("A rule is a single line. Give only the RRULE line.")
    return lines[0] if lines else ""


def _of_words(words: str) -> str | None:
    """The rule that words stand for."""
    words = " ".join(words.split())
    if (weekday := _WEEKDAY.fullmatch(words)) is not None:
        return f"FREQ=WEEKLY;BYDAY={weekday[1][:2].upper()}"
    if (found := _EVERY.fullmatch(words)) is None:
        return WORDS.get(words)
    number, unit = found.groups()
    frequency, *more = UNITS[unit].split(";")
    interval = NUMBERS.get(number) or int(number.rstrip("stndrh"))
    return ";".join([frequency, *([f"INTERVAL={interval}"] if interval > 1 else []), *more])


def _plain_until(until: str, zone: tzinfo | None) -> str:
    """The end of a rule as a local day, or a local minute."""
    found = _UNTIL.fullmatch(until)
    try:
        if found is None:
            raise ValueError
        at = datetime.fromisoformat(f"{found['day']}T{found['minute'] or '0000'}{found['second'] or '00'}")
    except ValueError:
        raise InvalidField("UNTIL must be a valid date, such as 20260531 or 20260531T180000.") from None
    if found["minute"] is None:
        return until
    if found["utc"]:
        if zone is None:
            raise InvalidField("UNTIL is in UTC (Z). Give the last day in local time instead: UNTIL=20260531.")
        at = in_zone(at.replace(tzinfo=UTC), zone)
    day = f"{at.year:04}{at:%m%d}"
    # Calendars write the last second of the last day.
    return day if (at.hour, at.minute) == (23, 59) else f"{day}T{at:%H%M}00"


def _check_values(values: dict[str, str]) -> None:
    if ("BYMINUTE" in values) and ("BYHOUR" not in values):
        raise InvalidField("A rule with minutes (BYMINUTE) must name the hours (BYHOUR) as well.")
    if not all(_COUNT.fullmatch(values.get(name, "1")) for name in ("INTERVAL", "COUNT")):
        raise InvalidField("INTERVAL and COUNT must be integers from 1 to 999.")
    if "COUNT" in values and "UNTIL" in values:
        raise InvalidField("A rule may have COUNT or UNTIL, not both.")
    if len(_listed(values, "BYHOUR")) > 24 or len(_listed(values, "BYMINUTE")) > 12:
        raise InvalidField("A rule may have at most 24 hours (BYHOUR) and 12 minutes (BYMINUTE).")
    patterns = {
        "BYMONTH": _BYMONTH,
        "BYDAY": _BYDAY,
        "BYMONTHDAY": _BYMONTHDAY,
        "BYHOUR": _HOUR,
        "BYMINUTE": _MINUTE,
    }
    for name, pattern in patterns.items():
        if not all(pattern.fullmatch(one) for one in _listed(values, name)):
            raise InvalidField(f"{name} in the rule has an invalid value. {_LIKE}")
    if values.get("WKST", "MO") not in DAYS:
        raise InvalidField("WKST is the weekday on which weeks begin, such as MO.")
    _check_days(values)


def _check_days(values: dict[str, str]) -> None:
    """Raise `InvalidField` where a rule names days that its frequency does not have."""
    yearly = values["FREQ"] == "YEARLY"
    if "BYMONTH" in values and not yearly:
        raise InvalidField("BYMONTH is only for yearly rules.")
    if yearly and "BYDAY" in values:
        raise InvalidField("A yearly rule takes months and days of the month (BYMONTH, BYMONTHDAY), not weekdays.")
    if "SKIP" in values and (values["SKIP"] != "BACKWARD" or values["FREQ"] not in ("MONTHLY", "YEARLY")):
        raise InvalidField("SKIP=BACKWARD is only for monthly and yearly rules; no other SKIP is supported.")
    if "SKIP" in values and "BYDAY" in values:
        raise InvalidField("SKIP=BACKWARD is for days of the month, not for weekdays (BYDAY).")
    # Days of a month and counted weekdays may never meet, as the first Monday and the 31st.
    counted = any(one not in DAYS for one in _listed(values, "BYDAY"))
    if counted and (values["FREQ"] != "MONTHLY" or "BYMONTHDAY" in values):
        raise InvalidField("Numbered weekdays, such as 1MO, are only for monthly rules without BYMONTHDAY.")
    if "BYMONTHDAY" in values and values["FREQ"] == "WEEKLY":
        raise InvalidField("A weekly rule takes weekdays (BYDAY), not days of the month.")


def _listed(values: dict[str, str], name: str) -> list[str]:
    return values[name].split(",") if name in values else []


def occurrences(rule: str, since: date, first: date, last: date) -> list[Occurrence]:
    """When something that recurs by `rule` from the day `since` on is due, from the day `first` to `last`, ascending.

    An UNTIL without a time includes its day. A `rule` that `check_rule` refuses gives nothing, as does an empty window.
    At most `MOST`.
    """
    since = max(since, EARLIEST)
    first = max(first, since)
    last = min(last, _later(first, LONGEST_WINDOW))
    if last < first:
        return []
    try:
        rule = check_rule(rule, UTC)
    except InvalidField:
        return []
    return list(_in_window(rule, since, first, last))


@lru_cache(_WINDOWS_KEPT)
def _in_window(rule: str, since: date, first: date, last: date) -> tuple[Occurrence, ...]:
    return tuple(islice(_expand(dict(part.split("=", 1) for part in rule.split(";")), since, first, last), MOST))


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
        parts.setdefault("BYDAY", DAYS[since.weekday()])
    if values["FREQ"] == "MONTHLY" and any(one not in DAYS for one in _listed(values, "BYDAY")):
        # dateutil takes only what is both, where numbered weekdays stand beside others, and goes through all years for
        # those that never are.
        parts["BYDAY"] = ",".join(_numbered(one) for one in values["BYDAY"].split(","))
    if values["FREQ"] == "MONTHLY" and "BYDAY" not in values:
        parts.setdefault("BYMONTHDAY", str(since.day))
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    if values["FREQ"] == "YEARLY" or "SKIP" in values:
        yield from _days_of_months(values, since, start, last)
        return
    interval, phase = int(values.get("INTERVAL", "1")), _period(values, since)
    for at in rrulestr(text, dtstart=datetime.combine(start, time())):
        day = at.date()
        if day > last:
            return
        if (_period(values, day) - phase) % interval == 0:
            yield day


def _numbered(weekday: str) -> str:
    """A weekday of a month with its number; one without a number as all of them."""
    return ",".join(f"{number}{weekday}" for number in range(1, 6)) if weekday in DAYS else weekday


def _days_of_months(values: dict[str, str], since: date, start: date, last: date) -> Iterator[date]:
    """Of rules that name days of months and no weekdays, month by month."""
    interval, phase = int(values.get("INTERVAL", "1")), _period(values, since)
    yearly = values["FREQ"] == "YEARLY"
    months = {int(one) for one in _listed(values, "BYMONTH")} or ({since.month} if yearly else set(range(1, 13)))
    wanted = [int(one) for one in _listed(values, "BYMONTHDAY")] or [since.day]
    for number in range(start.year * 12 + start.month - 1, last.year * 12 + last.month):
        year, month = number // 12, number % 12 + 1
        if month not in months or (_period(values, date(year, month, 1)) - phase) % interval:
            continue
        length = monthrange(year, month)[1]
        days = {length + 1 + one if one < 0 else one for one in wanted}
        if "SKIP" in values:
            days = {min(max(day, 1), length) for day in days}
        found = (date(year, month, day) for day in sorted(days) if 1 <= day <= length)
        yield from (day for day in found if start <= day <= last)


def _period(values: dict[str, str], day: date) -> int:
    """The number of the day, week or month that a day lies in, for counting out an interval."""
    match values["FREQ"]:
        case "DAILY":
            return day.toordinal()
        case "WEEKLY":
            # The first day of the calendar is a Monday.
            return (day.toordinal() - 1 - DAYS.index(values.get("WKST", "MO"))) // 7
        case "MONTHLY":
            return day.year * 12 + day.month
        case _:
            return day.year


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
