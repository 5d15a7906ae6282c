"""When something recurs, as a form asks it: a rule as the fields of a form, and what they say as a rule. Pure.

    fields = recurrence_fields(tracker.rule)          # for the macro `recurring` of forms/recurring.html
    sent = with_rule(form.fields, f"trackers.{id}.rule")  # the fields with the rule that they say, for `structured`

A rule that the form has no fields for is kept: the form says it in words, and changes it only for another one. Fields
that were left as they were change nothing, so that what somebody else made of the rule meanwhile stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, get_args

from msgspec import UNSET, Struct, UnsetType

from intersession_schemas.documents.recurrence import check_rule
from intersession_schemas.errors import InvalidField
from intersession_server.language.language import say
from intersession_server.web.forms.reading import structured
from intersession_server.web.page import recurrence
from intersession_server.web.page.recurrence import WEEKDAYS

PREFIX = "when."
"""What the names of the fields begin with; a form with two rules gives each another."""
Pairs = Sequence[tuple[str, str]]
"""Names and values of what a form sent."""
Repeats = Literal["", "daily", "weekly", "monthly", "yearly", "kept"]
"""How often; empty where there is no rule, `kept` for one that the form has no fields for."""

_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?")
_BETWEEN_TIMES = re.compile(r"[\s,;]+")
_DAYS = (*map(str, range(1, 32)), "-1")
_NUMBERED = tuple(week + code for week in ("1", "2", "3", "4", "-1") for code in WEEKDAYS)
_EVERY_MONTH_HAS = 28


class RecurrenceFields(Struct, frozen=True, kw_only=True):
    """What the form shows of `rule`. `monthly` is a day of the month, `-1` (the last), or a weekday such as `1MO`."""

    rule: str = ""
    repeats: Repeats = ""
    every: int = 1
    weekdays: tuple[str, ...] = ()
    monthly: str = ""
    times: str = ""
    until: date | None = None
    count: int | None = None

    @property
    def words(self) -> str:
        """The rule in words; empty where there is none."""
        return recurrence.rule(self.rule) if self.rule else ""

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """The days of the week: code, name, and whether it is chosen."""
        return [(code, recurrence.weekday(code), code in self.weekdays) for code in WEEKDAYS]

    @property
    def days(self) -> list[tuple[str, str]]:
        """The days of a month."""
        words = [(day, say("the last day") if day == "-1" else say("day %(day)s", day=day)) for day in _DAYS]
        return [("", say("the day of the month it begins on")), *words]

    @property
    def numbered(self) -> list[tuple[str, str]]:
        """The weekdays of a month: the first Monday, …, the last Sunday."""
        return [(day, recurrence.weekday(day)) for day in _NUMBERED]


class _Sent(Struct, frozen=True, kw_only=True):
    """The fields as a browser sends them. `was` is the rule that they were filled in from; None in an empty form."""

    was: str | None = None
    repeats: Repeats | UnsetType = UNSET
    every: int | None = None
    weekdays: list[str] = []
    monthly: str = ""
    times: str = ""
    until: date | None = None
    count: int | None = None


def recurrence_fields(rule: str) -> RecurrenceFields:
    """A rule as the form shows it."""
    if not rule:
        return RecurrenceFields()
    parts = _parts(rule)
    try:
        found = _fields(rule, parts)
        if _essence(_parts(made_rule(found))) == _essence(parts):
            return found
    except (InvalidField, ValueError):
        pass
    return RecurrenceFields(rule=rule, repeats="kept")


def made_rule(fields: RecurrenceFields) -> str:
    """What the fields say as a rule; empty for none. Raises `InvalidField` for what no rule says.

    What belongs to another frequency than the chosen one counts for nothing.
    """
    if fields.repeats in ("", "kept"):
        return fields.rule if fields.repeats == "kept" else ""
    parts = [f"FREQ={fields.repeats.upper()}"]
    if fields.every != 1:
        parts.append(f"INTERVAL={fields.every}")
    parts += _days_of(fields)
    parts += _times_of_day(fields.times)
    if fields.until is not None and fields.count is not None:
        raise InvalidField(say("Give a last day or a number of times, not both."))
    if fields.until is not None:
        parts.append(f"UNTIL={fields.until:%Y%m%d}")
    if fields.count is not None:
        parts.append(f"COUNT={fields.count}")
    return check_rule(";".join(parts))


def sent_rule(pairs: Pairs, prefix: str = PREFIX) -> str | None:
    """The rule that the fields of a form say; None where its fields were left as they were, or are not in it.

    Raises `InvalidField`.
    """
    sent = structured(pairs, _Sent, prefix)
    if sent.repeats is UNSET:
        return None
    said = RecurrenceFields(
        rule=sent.was or "",
        repeats=sent.repeats,
        every=1 if sent.every is None else sent.every,
        weekdays=tuple(code for code in WEEKDAYS if code in sent.weekdays),
        monthly=sent.monthly,
        times=sent.times.strip(),
        until=sent.until,
        count=sent.count,
    )
    if sent.was is not None and (sent.repeats == "kept" or said == recurrence_fields(sent.was)):
        return None
    if sent.repeats == "kept":
        raise InvalidField(say("Choose how often."))
    return made_rule(said)


def with_rule(pairs: Pairs, name: str, prefix: str = PREFIX) -> list[tuple[str, str]]:
    """The fields of a form and the rule that they say as one named `name`, where they change it.

    Raises `InvalidField`.
    """
    rule = sent_rule(pairs, prefix)
    return [*pairs] if rule is None else [*pairs, (name, rule)]


# --- a rule taken apart -----------------------------------------------------------------------------------------------


def _parts(rule: str) -> Mapping[str, str]:
    return dict(part.split("=", 1) for part in rule.upper().split(";") if "=" in part)


def _fields(rule: str, parts: Mapping[str, str]) -> RecurrenceFields:
    """What of a rule there are fields for. Raises `ValueError` for what is no rule."""
    frequency = parts.get("FREQ", "").lower()
    repeats: Repeats = next((one for one in get_args(Repeats) if one and one == frequency), "kept")
    until = parts.get("UNTIL")
    weekdays = parts.get("BYDAY", "").split(",")
    monthly = parts.get("BYMONTHDAY") or parts.get("BYDAY", "").lstrip("+")
    return RecurrenceFields(
        rule=rule,
        repeats=repeats,
        every=int(parts.get("INTERVAL", "1")),
        weekdays=tuple(code for code in WEEKDAYS if code in weekdays) if repeats == "weekly" else (),
        monthly=monthly if repeats == "monthly" else "",
        times=_clock(parts),
        until=None if until is None else date.fromisoformat(until),
        count=int(parts["COUNT"]) if "COUNT" in parts else None,
    )


def _clock(parts: Mapping[str, str]) -> str:
    if "BYHOUR" not in parts:
        return ""
    minutes = sorted(map(int, parts.get("BYMINUTE", "0").split(",")))
    return ", ".join(
        f"{hour:02}:{minute:02}" for hour in sorted(map(int, parts["BYHOUR"].split(","))) for minute in minutes
    )


def _essence(parts: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
    """What a rule says, without the ways to say it. Raises `ValueError`."""
    found = {name: frozenset(one.lstrip("+") for one in value.split(",")) for name, value in parts.items()}
    for name in found.keys() & {"BYHOUR", "BYMINUTE", "BYMONTHDAY", "INTERVAL", "COUNT"}:
        found[name] = frozenset(str(int(one)) for one in found[name])
    for name, default in (("INTERVAL", "1"), ("WKST", "MO"), ("BYMINUTE", "0")):
        if found.get(name) == frozenset({default}):
            del found[name]
    days = found.get("BYMONTHDAY", frozenset())
    if days and all(one == "-1" or 1 <= int(one) <= _EVERY_MONTH_HAS for one in days):
        found.pop("SKIP", None)
    return found


# --- a rule put together ----------------------------------------------------------------------------------------------


def _days_of(fields: RecurrenceFields) -> Sequence[str]:
    """A day that a month does not have is its last one, which is what people mean."""
    if fields.repeats == "weekly" and fields.weekdays:
        return [f"BYDAY={','.join(code for code in WEEKDAYS if code in fields.weekdays)}"]
    if fields.repeats == "monthly" and fields.monthly in _NUMBERED:
        return [f"BYDAY={fields.monthly}"]
    if fields.repeats == "monthly" and fields.monthly:
        if fields.monthly not in _DAYS:
            raise InvalidField(say("Choose a day of the month."))
        day = f"BYMONTHDAY={fields.monthly}"
        return [day, "SKIP=BACKWARD"] if int(fields.monthly) > _EVERY_MONTH_HAS else [day]
    return ["SKIP=BACKWARD"] if fields.repeats in ("monthly", "yearly") else []


def _times_of_day(text: str) -> Sequence[str]:
    """Hours and minutes of a rule, which has each minute at each of its hours. Raises `InvalidField`."""
    found = set[tuple[int, int]]()
    for one in filter(None, _BETWEEN_TIMES.split(text)):
        time = _TIME.fullmatch(one)
        if time is None or int(time[1]) > 23 or int(time[2] or 0) > 59:
            raise InvalidField(say("Write times of day as 08:00, 20:30."))
        found.add((int(time[1]), int(time[2] or 0)))
    if not found:
        return []
    hours, minutes = sorted({hour for hour, _ in found}), sorted({minute for _, minute in found})
    if len(found) != len(hours) * len(minutes):
        raise InvalidField(say("Several times of day must be at the same minute, as 08:00 and 20:00."))
    parts = [f"BYHOUR={','.join(map(str, hours))}"]
    return parts if minutes == [0] else [*parts, f"BYMINUTE={','.join(map(str, minutes))}"]
