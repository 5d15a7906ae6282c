"""When something recurs, in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from intersession_server.language.language import count, current, say
from intersession_server.web.page import phrases

_NUMBERED = tuple(map(str, range(1, 13)))
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def rule(text: str) -> str:
    """When something recurs: daily; every 2 weeks on Mon, Thu at 18:30. The rule itself where words fail."""
    parts = dict(part.split("=", 1) for part in text.upper().split(";") if "=" in part)
    words = _how_often(parts.get("FREQ", ""), parts.get("INTERVAL", "1"))
    if words is None:
        return text
    if "BYDAY" in parts:
        words = say("%(often)s on %(days)s", often=words, days=_listed(list(map(weekday, _split(parts["BYDAY"])))))
    if "BYMONTH" in parts:
        names = _names("months")
        months = [names[int(one)] for one in _split(parts["BYMONTH"]) if one in _NUMBERED]
        words = say("%(often)s in %(months)s", often=words, months=_listed(months))
    if parts.get("BYMONTHDAY") == "-1":
        words = say("%(often)s on the last day", often=words)
    elif "BYMONTHDAY" in parts:
        words = say("%(often)s on day %(days)s", often=words, days=_listed(_split(parts["BYMONTHDAY"])))
    if "BYHOUR" in parts:
        minutes = _split(parts.get("BYMINUTE", "0"))
        times = [f"{hour:0>2}:{minute:0>2}" for hour in _split(parts["BYHOUR"]) for minute in minutes]
        words = say("%(often)s at %(times)s", often=words, times=_listed(times))
    if "COUNT" in parts:
        words = say("%(often)s, %(number)s times", often=words, number=parts["COUNT"])
    if (until := _end(parts.get("UNTIL", ""))) is not None:
        words = say("%(often)s until %(day)s", often=words, day=phrases.day(until))
    return words


def _end(until: str) -> date | None:
    """The last day of a rule."""
    try:
        return date.fromisoformat(until.partition("T")[0])
    except ValueError:
        return None


def _how_often(frequency: str, interval: str) -> str | None:
    """Daily; every 2 weeks. None where there are no words for it."""
    every = int(interval) if interval.isdecimal() else 0
    match frequency:
        case "DAILY":
            return say("daily") if every == 1 else count("every %(n)s day", "every %(n)s days", every)
        case "WEEKLY":
            return say("weekly") if every == 1 else count("every %(n)s week", "every %(n)s weeks", every)
        case "MONTHLY":
            return say("monthly") if every == 1 else count("every %(n)s month", "every %(n)s months", every)
        case "YEARLY":
            return say("yearly") if every == 1 else count("every %(n)s year", "every %(n)s years", every)
        case _:
            return None


def weekday(text: str) -> str:
    """A day of a rule in words: Mon, 1st Mon, last Fri"""
    number, code = text[:-2].lstrip("+"), text[-2:]
    name = _names("days")[WEEKDAYS.index(code)] if code in WEEKDAYS else code
    match number:
        case "":
            return name
        case "1":
            return say("1st %(day)s", day=name)
        case "2":
            return say("2nd %(day)s", day=name)
        case "3":
            return say("3rd %(day)s", day=name)
        case "-1":
            return say("last %(day)s", day=name)
        case _:
            return say("%(number)sth %(day)s", number=number, day=name)


def _names(of: str) -> Mapping[int, str]:
    """The short names of months (from 1) or days (from 0, Monday)."""
    locale = current().locale
    names: Mapping[int, str] = (locale.months if of == "months" else locale.days)["format"]["abbreviated"]
    return names


def _split(text: str) -> list[str]:
    return text.split(",")


def _listed(parts: Sequence[str]) -> str:
    return ", ".join(parts)
