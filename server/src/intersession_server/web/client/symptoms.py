"""What the templates show of a client's symptom logs, prepared: charts of a range, notes, corrections. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from msgspec import Struct

from intersession_schemas.documents.local_days import day_of
from intersession_schemas.documents.names import name_key, tidy_name, value_of
from intersession_server.projections.read_models import SymptomLogView
from intersession_server.web.client.charts import Chart, chart
from intersession_server.web.client.series import most_answered, series_of
from intersession_server.web.page import phrases

RangeName = Literal["2w", "month", "all"]

RANGES: dict[RangeName, tuple[str, int | None]] = {
    "2w": ("Last 2 weeks", 14),
    "month": ("Last month", 30),
    "all": ("All", None),
}
"""What a range is called, and how many days it has: today is the last of them."""

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

    range: RangeName
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
    def by_day(self) -> bool:
        """Whether a picture shows days instead of answers."""
        return any(chart.days for chart in self.charts)


def days_of_range(name: RangeName, today: date) -> tuple[date | None, date | None]:
    """The first and last local day of a range; None where it has no end."""
    days = RANGES[name][1]
    return (None, None) if days is None else (today - timedelta(days=days - 1), today)


def symptoms(
    name: RangeName, first: date | None, last: date | None, logs: Sequence[SymptomLogView], day_begins: int = 0
) -> SymptomCharts | None:
    """The charts of the logs in a range of local days, which begin at the full hour `day_begins`.

    Without ends it is as long as the logs are. None where there is no log.
    """
    if not logs:
        return None
    days = sorted({day_of(log.at, day_begins) for log in logs})
    first, last = first or days[0], last or days[-1]
    last = min(last, date.max - timedelta(days=1))
    noted = [log for log in logs if log.note]
    corrected = [log for log in logs if log.earlier]
    shown, others = most_answered(series_of(logs), MOST_CHARTS)
    return SymptomCharts(
        range=name,
        first=first,
        last=last,
        charts=[chart(one, first, last, f"chart-{number}", day_begins) for number, one in enumerate(shown, start=1)],
        notes=[SymptomNote(phrases.moment(log.at), log.at, log.note) for log in noted[:MOST_NOTES]],
        logs=len(logs),
        late=sum(log.late for log in logs),
        others=others[:MOST_NAMED],
        others_unnamed=max(len(others) - MOST_NAMED, 0),
        notes_left_out=max(len(noted) - MOST_NOTES, 0),
        corrected=[_corrected(log) for log in corrected[:MOST_NOTES]],
        corrected_left_out=max(len(corrected) - MOST_NOTES, 0),
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
