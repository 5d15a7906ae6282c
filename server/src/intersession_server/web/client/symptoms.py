"""What the templates show of a client's symptom logs, prepared: charts of a range, notes, corrections. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.local_days import day_of
from intersession_schemas.documents.names import name_key, tidy_name, value_of
from intersession_schemas.errors import InvalidField
from intersession_server.projections.read_models import SymptomAnswers, SymptomLogView
from intersession_server.projections.windows import read_bound
from intersession_server.web.client.charts import Chart, chart
from intersession_server.web.client.periods import Unit, unit_of
from intersession_server.web.client.series import most_answered, series_of
from intersession_server.web.page import phrases

RangeName = Literal["2w", "month", "all"]

RANGES: dict[RangeName, tuple[str, int | None]] = {
    "2w": ("Last 2 weeks", 14),
    "month": ("Last month", 30),
    "all": ("All", None),
}
"""What a range is called, and how many days it has: today is the last of them."""


class Span(Struct, frozen=True):
    """The local days of which a page shows the symptoms; None where they have no end.

    `name` is the range, None where days were asked for. `query` asks for it again.
    """

    name: RangeName | None
    first: date | None
    last: date | None
    query: str

    @property
    def words(self) -> str:
        """What days that were asked for are called; empty for a range."""
        if self.name is not None:
            return ""
        if self.first is not None and self.last is not None:
            return phrases.period(self.first, self.last)
        return f"from {phrases.day(self.first)}" if self.first else f"until {phrases.day(self.last or date.max)}"


MOST_CHARTS = 24
"""Charts of one page: of the symptoms that were answered most often."""
MOST_NAMED = 40
"""Symptoms without a chart that are named."""
MOST_NOTES = 100
MOST_CHANGES = 50


class SymptomNote(Struct, frozen=True):
    """What was noted with a symptom log."""

    about: str
    at: datetime
    text: str


class Corrected(Struct, frozen=True):
    """A symptom log that the client has corrected: what it said at first, where that was something else."""

    about: str
    at: datetime
    corrected: str
    corrected_at: datetime
    was: list[str]


class SymptomCharts(Struct, frozen=True):
    """The charts of one range, and the notes and the corrections of the logs in it."""

    first: date
    last: date
    charts: list[Chart]
    notes: list[SymptomNote]
    logs: int
    late: int
    others: list[str] = []
    """Symptoms of which no chart is drawn, as far as they are named."""
    others_unnamed: int = 0
    notes_left_out: int = 0
    corrected: list[Corrected] = []
    corrected_left_out: int = 0

    @property
    def unit(self) -> Unit | None:
        """By which unit of time a picture is drawn, where one does not show each answer."""
        return unit_of(self.first, self.last) if any(chart.periods for chart in self.charts) else None


def span_of(range_: RangeName, since: str | None, until: str | None, today: date) -> Span:
    """The days that were asked for, else those of the range. Raises `InvalidField` for a text that is no day."""
    if since is None and until is None:
        days = RANGES[range_][1]
        first, last = (None, None) if days is None else (today - timedelta(days=days - 1), today)
        return Span(range_, first, last, f"range={range_}")
    first, last = _day_asked("since", since), _day_asked("until", until)
    asked = {"since": first, "until": last}
    return Span(None, first, last, "&".join(f"{name}={day.isoformat()}" for name, day in asked.items() if day))


def _day_asked(field: str, text: str | None) -> date | None:
    bound = None if text is None else read_bound(field, text)
    if isinstance(bound, datetime):
        raise InvalidField(f"{field} must be a day (2020-03-16).")
    return bound


def to_be_read(answers: Sequence[SymptomAnswers]) -> tuple[list[UUID], list[UUID]]:
    """Which logs have a note that is shown, and which a correction; the newest, as `answers` are."""
    noted = [one.id for one in answers if one.noted and one.id is not None]
    corrected = [one.id for one in answers if one.corrected and one.id is not None]
    return noted[:MOST_NOTES], corrected[:MOST_NOTES]


def symptoms(
    first: date | None,
    last: date | None,
    answers: Sequence[SymptomAnswers],
    noted: Sequence[SymptomLogView] = (),
    corrected: Sequence[SymptomLogView] = (),
    day_begins: int = 0,
) -> SymptomCharts | None:
    """The charts of the logs in a range of local days, which begin at the full hour `day_begins`.

    `noted` and `corrected` are the logs that are `to_be_read`. Without ends the range is as long as the logs are. None
    where there is no log.
    """
    if not answers:
        return None
    days = {day_of(one.at, day_begins) for one in answers}
    first, last = first or min(days), last or max(days)
    last = min(last, date.max - timedelta(days=1))
    shown, others = most_answered(series_of(answers), MOST_CHARTS)
    return SymptomCharts(
        first=first,
        last=last,
        charts=[chart(one, first, last, f"chart-{number}", day_begins) for number, one in enumerate(shown, start=1)],
        notes=[SymptomNote(phrases.moment(log.at), log.at, log.note) for log in noted],
        logs=len(answers),
        late=sum(one.late for one in answers),
        others=others[:MOST_NAMED],
        others_unnamed=max(len(others) - MOST_NAMED, 0),
        notes_left_out=max(sum(one.noted for one in answers) - MOST_NOTES, 0),
        corrected=[_corrected(log) for log in corrected],
        corrected_left_out=max(sum(one.corrected for one in answers) - MOST_NOTES, 0),
    )


def _corrected(log: SymptomLogView) -> Corrected:
    first, by = log.earlier[-1], log.corrected_at or log.entered_at
    was = [
        f"{tidy_name(name)} {phrases.number(value)}"
        for name, value in first.values.items()
        if value_of(log.values, name_key(name)) != value
    ]
    was += [f"without {tidy_name(name)}" for name in log.values if value_of(first.values, name_key(name)) is None]
    if first.at != log.at:
        was.append(f"about {phrases.moment(first.at)}")
    if first.note != log.note:
        was.append("another note" if first.note else "no note")
    return Corrected(
        phrases.moment(log.at), log.at, phrases.moment(by), by, was[:MOST_CHANGES] + _more(len(was) - MOST_CHANGES)
    )


def _more(number: int) -> list[str]:
    return [f"and {number:,} more"] if number > 0 else []
