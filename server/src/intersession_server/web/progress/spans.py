"""Of which days the page of progress is: a range, or the days that were asked for. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal

from msgspec import Struct

from intersession_schemas.errors import InvalidField
from intersession_server.language.language import say
from intersession_server.projections.windows import read_bound
from intersession_server.web.page import phrases

RangeName = Literal["2w", "3m", "1y", "all"]

DAYS: dict[RangeName, int | None] = {"2w": 14, "3m": 91, "1y": 365, "all": None}
"""How many days a range has: today is the last of them."""
USUAL: RangeName = "3m"


class Span(Struct, frozen=True):
    """The local days that a page shows, `first` and `last` included.

    `name` is the range, None where days were asked for; `since` and `until` are these, as they were asked for.
    """

    name: RangeName | None
    first: date
    last: date
    since: date | None = None
    until: date | None = None

    @property
    def query(self) -> dict[str, str]:
        """What asks for it again."""
        if self.name is not None:
            return {} if self.name == USUAL else {"range": self.name}
        asked = {"since": self.since, "until": self.until}
        return {name: day.isoformat() for name, day in asked.items() if day is not None}


def span_of(
    range_: RangeName, since: str | None, until: str | None, today: date, known: tuple[date, date] | None
) -> Span:
    """The days that were asked for, else those of the range; `known` are the first and last day of the record.

    An empty text asks for nothing. Raises `InvalidField` for a text that is no day, and for days in the wrong order.
    """
    first, last = _day_asked("since", since), _day_asked("until", until)
    begins, ends = known or (today, today)
    if first is None and last is None:
        days = DAYS[range_]
        if days is None:
            # What a clock that runs ahead says is of tomorrow is drawn as well.
            return Span(range_, min(begins, today), _bounded(max(ends, today)))
        return Span(range_, today - timedelta(days=days - 1), today)
    if first is not None and last is not None and first > last:
        raise InvalidField(say("The first day must not be after the last."))
    end = last or max(today, first or today)
    return Span(None, first or min(begins, end), _bounded(end), first, last)


def _bounded(day: date) -> date:
    return min(day, date.max - timedelta(days=1))


def _day_asked(field: str, text: str | None) -> date | None:
    bound = read_bound(field, text) if text else None
    if isinstance(bound, datetime):
        raise InvalidField(f"{field} must be a day (2020-03-16).")
    return bound


def range_words(name: RangeName) -> str:
    """What a range is called."""
    match name:
        case "2w":
            return say("2 weeks")
        case "3m":
            return say("3 months")
        case "1y":
            return say("1 year")
        case "all":
            return say("Everything")


def span_words(span: Span) -> str:
    """The days of a page."""
    return phrases.period(span.first, span.last)
