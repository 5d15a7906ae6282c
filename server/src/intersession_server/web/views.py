"""What the templates show of a client, prepared: in words, in order, cut where it is very long. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.forms import Value
from intersession_schemas.documents.journal import Section
from intersession_schemas.documents.local_days import day_of
from intersession_schemas.documents.names import name_key, tidy_name, value_of
from intersession_server.projections.read_models import EntryView, SymptomLogView
from intersession_server.web import wording
from intersession_server.web.charts import Chart, chart
from intersession_server.web.series import most_answered, series_of

RangeName = Literal["2w", "month", "all"]

RANGES: dict[RangeName, tuple[str, int | None]] = {
    "2w": ("Last 2 weeks", 14),
    "month": ("Last month", 30),
    "all": ("All", None),
}
"""What a range is called, and how many days it has: today is the last of them."""

EXCERPT = 1_000
"""Characters of a very long text that are shown before it is opened."""
MOST_CHARTS = 24
"""Charts of one page: of the symptoms that were answered most often."""
MOST_NAMED = 40
"""Symptoms without a chart that are named."""
MOST_NOTES = 100
MOST_TAGS = 50
_APART = timedelta(minutes=10)
_EDITED_AFTER = timedelta(minutes=1)


class Moment(Struct, frozen=True):
    """When something happened to an entry: the word for it, the time in words, and the time for machines."""

    word: str
    text: str
    at: datetime


class FoldedText(Struct, frozen=True):
    """A text, and what of it is shown only when it is opened."""

    shown: str
    rest: str = ""


class AnsweredSection(Struct, frozen=True):
    """A section: its wording, what was written under it, and what was answered if it asks for no prose."""

    prompt: str
    prose: FoldedText
    said: str = ""


class EntryCard(Struct, frozen=True):
    """A journal entry as it is shown."""

    id: UUID
    heading: str
    offset: str
    about: datetime
    moments: list[Moment]
    late: bool
    mood: int | None
    tags: list[str]
    prose: FoldedText
    sections: list[AnsweredSection]
    problems: list[str]

    @property
    def is_empty(self) -> bool:
        """Whether nobody wrote anything."""
        return not (self.prose.shown or self.sections or self.tags or self.mood is not None or self.problems)


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


def entry_card(entry: EntryView) -> EntryCard:
    """An entry, prepared."""
    about = entry.written_at or entry.entered_at or entry.arrived_at
    return EntryCard(
        id=entry.id,
        heading=wording.moment(about) if entry.written_at else "Time of writing unknown",
        offset=wording.offset(about) if entry.written_at else "",
        about=about,
        moments=_moments(entry),
        late=entry.late,
        mood=entry.mood,
        tags=entry.tags[:MOST_TAGS] + _more(len(entry.tags) - MOST_TAGS),
        prose=prose(entry.text),
        sections=[_answer(section) for section in entry.sections],
        problems=entry.problems,
    )


def _more(number: int) -> list[str]:
    return [f"and {number:,} more"] if number > 0 else []


def _moments(entry: EntryView) -> list[Moment]:
    found = []
    written, entered = entry.written_at, entry.entered_at
    if written is not None and entered is not None and abs(entered - written) > _APART:
        # Written about Monday, entered on Friday.
        found.append(Moment("entered", wording.arrival(entered, written), entered))
    found.append(Moment("received", _on_their_clock(entry, entry.arrived_at), entry.arrived_at))
    if entry.corrected_at is not None:
        found.append(Moment("time corrected", _on_their_clock(entry, entry.corrected_at), entry.corrected_at))
        found.append(Moment("originally", wording.moment(entry.earlier[-1]), entry.earlier[-1]))
    if entry.changed_at - entry.arrived_at > _EDITED_AFTER:
        found.append(Moment("edited", _on_their_clock(entry, entry.changed_at), entry.changed_at))
    return found


def _on_their_clock(entry: EntryView, at: datetime) -> str:
    if entry.written_at is None:
        return f"{wording.moment(at)} {wording.offset(at)}"
    return wording.arrival(at, entry.written_at)


def prose(text: str) -> FoldedText:
    """A text, cut between two words where it is very long."""
    if len(text) <= 2 * EXCERPT:
        return FoldedText(text)
    end = max(text.rfind(" ", 0, EXCERPT), text.rfind("\n", 0, EXCERPT))
    cut = end if end > EXCERPT // 2 else EXCERPT
    return FoldedText(text[:cut], text[cut:])


def _answer(section: Section) -> AnsweredSection:
    said = "" if section.type == "prose" else answer_words(section.value, section.label, section.unit)
    return AnsweredSection(section.prompt, prose(section.text), said)


def answer_words(value: Value, label: str, unit: str) -> str:
    """An answer in words, under the label or with the unit it was given: "3 (sometimes)", "2.5 hours", "yes"."""
    match value:
        case None | "" | ():
            return "not answered"
        case bool():
            said = "yes" if value else "no"
        case int() | float():
            said = wording.number(value)
        case str():
            said = value
        case _:
            said = ", ".join(value)
    return said + (f" {unit}" if unit else "") + (f" ({label})" if label else "")


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
        notes=[SymptomNote(wording.moment(log.at), log.at, log.note) for log in noted[:MOST_NOTES]],
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
        f"{tidy_name(name)} {wording.number(value)}"
        for name, value in first.values.items()
        if value_of(log.values, name_key(name)) != value
    ]
    was += [f"without {tidy_name(name)}" for name in log.values if value_of(first.values, name_key(name)) is None]
    if first.at != log.at:
        was.append(f"about {wording.moment(first.at)}")
    if first.note != log.note:
        was.append("another note" if first.note else "no note")
    return Corrected(
        wording.moment(log.at), log.at, wording.moment(by), by, was[:MOST_TAGS] + _more(len(was) - MOST_TAGS)
    )
