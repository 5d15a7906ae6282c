"""What a caseload says of one client, from the client's documents as of a local day. Pure.

Nothing in it depends on the time of day: it is right until the local day is over (`until_of`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.assessments.assessments import Assessment
from intersession_schemas.documents.care.homework import Homework, HomeworkProgress
from intersession_schemas.documents.care.plan import Plan
from intersession_schemas.documents.care.sessions import Session
from intersession_schemas.documents.local_days import day_of
from intersession_schemas.documents.names import name_key, tidy_name
from intersession_schemas.measures.material import Cut, Material
from intersession_schemas.measures.progress import how_it_went
from intersession_schemas.measures.scores import instruments_of, measured
from intersession_schemas.measures.signals.of_record import signals
from intersession_schemas.measures.signals.signal import SignalKind
from intersession_schemas.measures.trends import mean_of
from intersession_schemas.streams import Kind

LINE_DAYS = 28
LINE_SCORES = 12
MOST_SIGNALS = 50
MOST_SESSIONS = 20
MOST_NEW = 200
"""So many of each are counted; more are told as that many and more."""

Number = int | float


class OpenSignal(Struct, frozen=True, kw_only=True):
    """A signal that nobody has acknowledged. `at` is what it is about, `arrived_at` when that arrived."""

    kind: SignalKind
    id: str
    about: UUID | None
    at: datetime
    arrived_at: datetime | None


class HomeworkWeek(Struct, frozen=True, kw_only=True):
    """Homework since Monday: how often it was `due` up to today, and how often of that it was `done`, partly included.

    What lay in a pause or could not be done was not due.
    """

    done: int
    due: int


class CourseLine(Struct, frozen=True, kw_only=True):
    """What a client's weeks look like: `values` of a symptom on the last 28 days (None: nothing logged), or of a score
    the last 12, oldest first. `last` is the newest, of the day `last_on`.
    """

    of: Literal["symptom", "score"]
    name: str
    low: Number | None
    high: Number | None
    values: list[float | None]
    last: float
    last_on: date


class Overview(Struct, frozen=True, kw_only=True):
    """What a caseload says of a client. `assessments` are those that the client has completed; `signals` are the open
    ones, risk first; `sessions` are planned, from this week's beginning on, the next first; `line` is None where there
    is nothing to draw.
    """

    day: date | None = None
    entries: int = 0
    symptom_logs: int = 0
    assessments: int = 0
    homework_reports: int = 0
    last_written_at: datetime | None = None
    last_arrived_at: datetime | None = None
    signals: list[OpenSignal] = []
    signals_left_out: int = 0
    homework: HomeworkWeek | None = None
    line: CourseLine | None = None
    sessions: list[datetime] = []


class NewItems(Struct, frozen=True):
    """What has come from a client: entries and symptom logs; completed assessments, reports on homework, topics and
    comments that are new or were changed. Each is counted up to 200."""

    entries: int = 0
    symptom_logs: int = 0
    assessments: int = 0
    homework_reports: int = 0
    topics: int = 0
    comments: int = 0

    @property
    def total(self) -> int:
        """All of it."""
        return sum(getattr(self, name) for name in self.__struct_fields__)


def all_new(overview: Overview) -> NewItems:
    """To whoever never looked all of it is new."""
    return NewItems(
        entries=min(overview.entries, MOST_NEW),
        symptom_logs=min(overview.symptom_logs, MOST_NEW),
        assessments=min(overview.assessments, MOST_NEW),
        homework_reports=min(overview.homework_reports, MOST_NEW),
    )


class LoggedValues(Struct, frozen=True):
    """A symptom log of the last weeks: when, its values by name, and on which scale."""

    at: datetime
    values: dict[str, Number]
    scale: tuple[Number, Number] | None


class CountedRows(Struct, frozen=True, kw_only=True):
    """What is counted of a client rather than read."""

    entries: int = 0
    symptom_logs: int = 0
    last_written_at: datetime | None = None
    last_arrived_at: datetime | None = None


def overview_of(material: Material, cut: Cut, counted: CountedRows, logs: Sequence[LoggedValues]) -> Overview:
    """The overview as of the local day of `cut`. `logs` are those of the last weeks, the newest first."""
    today = material.local_day(cut)
    found = [one for one in signals(material, cut) if not one.acknowledged]
    return Overview(
        day=today,
        entries=counted.entries,
        symptom_logs=counted.symptom_logs,
        assessments=sum(
            bool(one.completions) and one.administered_by is None for _, one in material.of(Kind.ASSESSMENT, Assessment)
        ),
        homework_reports=len(material.of(Kind.HOMEWORK_PROGRESS, HomeworkProgress)),
        last_written_at=counted.last_written_at,
        last_arrived_at=counted.last_arrived_at,
        signals=[
            OpenSignal(kind=one.kind, id=one.id, about=one.about, at=one.at, arrived_at=one.arrived_at)
            for one in found[:MOST_SIGNALS]
        ],
        signals_left_out=max(len(found) - MOST_SIGNALS, 0),
        homework=_homework(material, cut, today),
        line=_of_symptom(material.plan, logs, today) or _of_scores(material, cut),
        sessions=_sessions(material, cut, today),
    )


def until_of(material: Material, cut: Cut) -> datetime:
    """When the local day of the cut is over: what depends on the day is another from then on."""
    return material.days(cut).moment(material.local_day(cut) + timedelta(days=1))


def _monday(today: date) -> date:
    return today - timedelta(days=today.weekday())


def _homework(material: Material, cut: Cut, today: date) -> HomeworkWeek | None:
    if not material.of(Kind.HOMEWORK, Homework):
        return None
    done = due = 0
    for went in how_it_went(material, cut).values():
        for one in reversed(went.occurrences):  # the oldest come first
            if one.day is None or one.day > today:
                continue
            if one.day < _monday(today):
                break
            done += one.state in ("done", "partly")
            due += one.state in ("done", "partly", "not", "open", "unanswered")
    return HomeworkWeek(done=done, due=due) if due else None


def _sessions(material: Material, cut: Cut, today: date) -> list[datetime]:
    first = material.days(cut).moment(_monday(today))
    planned = (one.planned_at for _, one in material.of(Kind.SESSION, Session) if one.state == "planned")
    return sorted(at for at in planned if at is not None and at >= first)[:MOST_SESSIONS]


def _of_symptom(plan: Plan, logs: Sequence[LoggedValues], today: date) -> CourseLine | None:
    """The first tracker of the plan that was logged lately, else what was logged last."""
    first = today - timedelta(days=LINE_DAYS - 1)
    found: dict[str, dict[date, list[Number]]] = {}
    scales: dict[str, tuple[Number, Number] | None] = {}
    names: dict[str, str] = {}
    for log in logs:
        day = day_of(log.at, plan.day_begins)
        if first <= day <= today:
            for name, value in log.values.items():
                key = name_key(name)
                names.setdefault(key, tidy_name(name))
                scales.setdefault(key, log.scale)
                found.setdefault(key, {}).setdefault(day, []).append(value)
    current = [one for one in plan.trackers.values() if one.until is None or one.until >= today]
    for tracker in current:
        key = name_key(tracker.name)
        if key in found:
            names[key] = tracker.name
            scales[key] = scales[key] or (tracker.low, tracker.high)
    chosen = next((key for one in current if (key := name_key(one.name)) in found), next(iter(found), None))
    if chosen is None:
        return None
    days = [first + timedelta(days=number) for number in range(LINE_DAYS)]
    means = [mean_of(found[chosen].get(day, [])) for day in days]
    last = max(number for number, mean in enumerate(means) if mean is not None)
    low, high = scales[chosen] or (None, None)
    newest = means[last]
    assert newest is not None
    return CourseLine(
        of="symptom", name=names[chosen], low=low, high=high, values=means, last=newest, last_on=days[last]
    )


def _of_scores(material: Material, cut: Cut) -> CourseLine | None:
    """The first scale of the instrument that was answered last."""
    known = [one for one in measured(material, cut) if one.score.score is not None and not one.amended]
    if not known:
        return None
    instrument = known[0].instrument
    scored = {one.scale for one in known if one.instrument == instrument}
    scale = next(one.key for one in instruments_of(material)[instrument].scales if one.key in scored)
    of_scale = [one for one in known if (one.instrument, one.scale) == (instrument, scale)][:LINE_SCORES]
    values = [float(one.score.score) for one in reversed(of_scale) if one.score.score is not None]
    last = of_scale[0]
    name = last.title if last.label == last.title else f"{last.title}, {last.label}"
    return CourseLine(
        of="score",
        name=name,
        low=last.score.low,
        high=last.score.high,
        values=list(values),
        last=values[-1],
        last_on=last.day,
    )
