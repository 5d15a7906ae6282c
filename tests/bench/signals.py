"""What signals say of simulated people: quiet ones, ones who deteriorate, ones who drop out, ones on holiday.

`./run bench signals` prints how often quiet people are told of, how many deteriorations are noticed and when, and how
soon a drop-out is. People are made here from facts of their own, not from those of the code that judges them: the
measurement error of a scale is written down beside it. Imports only the schemas when imported, as their tests do.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from statistics import fmean, median
from uuid import UUID

from msgspec import Struct
from tests.bench.result import Figure, Options, Result

from intersession_schemas.documents.assessments.answers import Completion
from intersession_schemas.documents.assessments.assessments import Assessment
from intersession_schemas.documents.care.episodes import Episode
from intersession_schemas.documents.care.homework import Homework, HomeworkProgress
from intersession_schemas.documents.care.plan import Pause, Plan, PlanTracker
from intersession_schemas.documents.diary.journal import JournalEntry
from intersession_schemas.instruments.known import INSTRUMENTS
from intersession_schemas.measures.material import Cut, material
from intersession_schemas.measures.signals.of_record import signals
from intersession_schemas.records.filing import FiledRows
from intersession_schemas.streams import Kind

BEGINS = date(2026, 1, 5)
CLIENT, THERAPIST = UUID(int=2), UUID(int=1)
WEEKS = 20
ADHERENCE = (0.9, 0.6, 0.3)


class Measure(Struct, frozen=True):
    """One scale: how it is called, where its scores lie, by how much one varies by chance, and what twice a reliable
    change is. `worse` is 1 where a higher score is worse, else -1.
    """

    instrument: str
    scale: str
    low: int
    high: int
    error: float
    twice: float
    worse: int = 1
    step: int = 1


MEASURES = (
    Measure("phq-9", "total", 0, 24, 2.2, 12),
    Measure("gad-7", "total", 0, 21, 1.45, 8),
    Measure("pcl-5", "total", 0, 80, 6.5, 36),
    Measure("epds", "total", 0, 27, 1.45, 8),
    Measure("who-5", "total", 0, 100, 5.0, 28, -1, 4),
    Measure("isi", "total", 0, 28, 2.0, 17),
    Measure("dass-21", "depression", 0, 42, 2.6, 15, 1, 2),
    Measure("k10-abs", "total", 10, 50, 2.3, 13),
    Measure("wsas", "total", 0, 40, 3.0, 17),
    Measure("pss-10", "total", 0, 40, 2.6, 15),
    Measure("audit-c", "total", 0, 12, 0.6, 4),
    Measure("check-in", "total", 0, 60, 4.0, 22),
)
"""The errors of PHQ-9, GAD-7, PCL-5 and EPDS follow from their published reliable change (over 1.96 times the root of
2); of the others none is published, and a value is supposed that lies as they do in their range."""

Shape = Callable[[float], float]
"""The share of a deterioration that has come after so many weeks of it."""
SHAPES: Mapping[str, Shape] = {
    "at once": lambda _: 1.0,
    "over 6 weeks": lambda weeks: min(1.0, weeks / 6),
    "over 12 weeks": lambda weeks: min(1.0, weeks / 12),
}


class Life(Struct):
    """What one person does, day by day from `BEGINS`; what of it is there on a day can be read."""

    documents: list[tuple[int, UUID, Kind, Struct]]
    plan: Plan
    homework: Sequence[tuple[UUID, Homework]] = ()
    phase: int | None = None

    def told(self, day: int) -> dict[str, str]:
        """The signals on the evening of a day: their kinds by id."""
        now = _at(day, 23)
        held = [(0, UUID(int=1), Kind.PLAN, self.plan), *((0, id_, Kind.HOMEWORK, one) for id_, one in self.homework)]
        if self.phase is not None:
            began = BEGINS + timedelta(days=self.phase)
            held.append((0, UUID(int=2), Kind.EPISODE, Episode(phase="treatment", began_on=began)))
        held += [one for one in self.documents if one[0] <= day]
        rows = [(id_, kind, model, _rows(at)) for at, id_, kind, model in held]
        cut = Cut(heads={}, now=now, zone="UTC")
        return {one.id: one.kind for one in signals(material(rows), cut)}


def _at(day: int, hour: int = 20) -> datetime:
    return datetime(BEGINS.year, BEGINS.month, BEGINS.day, hour, tzinfo=UTC) + timedelta(days=day)


def _rows(day: int) -> FiledRows:
    at = _at(day)
    return FiledRows(author=CLIENT, first_seq=1, last_seq=1, first_received_at=at, last_received_at=at, parts={})


# -- people ------------------------------------------------------------------------------------------------------------


class Making:
    """Makes one person of a seed."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.documents: list[tuple[int, UUID, Kind, Struct]] = []

    def id(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128))

    def writes(self, day: int) -> None:
        """A journal entry."""
        self.documents.append((day, self.id(), Kind.JOURNAL_ENTRY, _entry(_at(day))))

    def answers(self, one: Measure, day: int, score: float) -> None:
        """An assessment whose score is as near to this one as the scale allows."""
        self.documents.append((day, self.id(), Kind.ASSESSMENT, _assessment(one, score, _at(day), self.id())))

    def does(self, homework: UUID, day: int) -> None:
        """The homework of a day."""
        at = _at(day)
        said = HomeworkProgress(
            homework=homework, occurrence=at.date().isoformat(), status="done", done_at=at, entered_at=at
        )
        self.documents.append((day, self.id(), Kind.HOMEWORK_PROGRESS, said))

    def life(self, plan: Plan, homework: Sequence[tuple[UUID, Homework]] = (), phase: int | None = None) -> Life:
        self.documents.sort(key=lambda one: one[0])
        return Life(self.documents, plan, homework, phase)

    def fluctuating(self, one: Measure, count: int, inertia: float) -> list[float]:
        """What chance adds to each score: AR(1), with the error of the measure."""
        value = self.rng.gauss(0, one.error)
        found = [value]
        for _ in range(count - 1):
            value = inertia * value + (1 - inertia**2) ** 0.5 * self.rng.gauss(0, one.error)
            found.append(value)
        return found


def _entry(at: datetime) -> JournalEntry:
    return JournalEntry(at, at, "UTC", "Slept.", (), None, ())


def _assessment(one: Measure, score: float, at: datetime, id_: UUID) -> Assessment:
    instrument = INSTRUMENTS[one.instrument]
    risky = {rule.item for rule in instrument.risks}
    answers: dict[str, int | float | str | bool | None] = {
        item.key: item.allowed[-1] if item.reverse else item.allowed[0] for item in instrument.required()
    }
    scale = instrument.scale(one.scale)
    least = sum(instrument.item(key).allowed[0] for key in scale.items)
    left = round(min(max(score, one.low), one.high) / one.step) - least
    for item in (instrument.item(key) for key in scale.items if key not in risky):
        given = max(0, min(left, item.allowed[-1] - item.allowed[0]))
        answers[item.key] = item.allowed[-1] - given if item.reverse else item.allowed[0] + given
        left -= given
    completion = Completion(id=id_, answers=answers, completed_at=at, scheme=instrument.scheme)
    return Assessment(
        instrument=one.instrument,
        scheme=instrument.scheme,
        started_at=at,
        completions=(completion,),
        state="completed",
    )


def quiet(seed: int, adherence: float) -> Life:
    """Somebody in whom nothing happens, over `WEEKS`: a daily tracker, two assignments, two or three questionnaires
    a week, each done with this probability; one in three goes on an agreed holiday of two weeks and does nothing then.
    """
    made = Making(seed)
    rng = made.rng
    daily, often = made.id(), made.id()
    begun = _at(0, 8)
    homework = (
        (daily, Homework(what="Walk", rule="FREQ=DAILY", since=BEGINS, assigned_at=begun)),
        (often, Homework(what="Diary", rule="FREQ=WEEKLY;BYDAY=MO,WE,FR", since=BEGINS, assigned_at=begun)),
    )
    away = range(0)
    pauses = {}
    if rng.random() < 1 / 3:
        first = rng.randrange(14, 7 * WEEKS - 21)
        away = range(first, first + 14)
        pauses["holiday"] = Pause(
            first=BEGINS + timedelta(days=first), last=BEGINS + timedelta(days=first + 13), reason="holiday"
        )
    plan = Plan(trackers={"mood": PlanTracker(name="mood", since=BEGINS)}, pauses=pauses)
    measures = rng.sample(MEASURES, rng.choice((2, 3)))
    levels = [rng.uniform(one.low + one.error, one.high - one.error) for one in measures]
    inertia = rng.uniform(0, 0.5)
    chance = [made.fluctuating(one, WEEKS, inertia) for one in measures]
    for day in range(7 * WEEKS):
        if day in away:
            continue
        if rng.random() < adherence:
            made.writes(day)
        if rng.random() < adherence:
            made.does(daily, day)
        if day % 7 in (0, 2, 4) and rng.random() < adherence:
            made.does(often, day)
        if day % 7 == 6 and rng.random() < adherence:
            for one, level, by in zip(measures, levels, chance, strict=True):
                made.answers(one, day, level + by[day // 7])
    return made.life(plan=plan, homework=homework)


class Course(Struct, frozen=True):
    """A deterioration: the person, the days of the administrations, the first of it, and the first with all of it."""

    life: Life
    administered: tuple[int, ...]
    onset: int
    full: int


def deteriorating(seed: int, one: Measure, shape: Shape, *, phase: bool) -> Course:
    """Somebody who answers each week, gets worse after some weeks by twice the reliable change, and stays so.

    Half of them got better before. `phase`: an episode of care began with the first week.
    """
    made = Making(seed)
    rng = made.rng
    span = one.high - one.low
    before, after = rng.randrange(4, 12), 3
    takes = next(weeks for weeks in range(60) if shape(weeks) >= 1)
    weeks = before + takes + after
    best = rng.uniform(0, span - one.twice)
    recovers = rng.random() < 0.5
    chance = made.fluctuating(one, weeks, 0.0)
    days = []
    for week in range(weeks):
        level = best + one.twice * (0.0 if week < before else shape(week - before))
        if recovers and week < before:
            level += max(0.0, (before / 2 - week) / (before / 2)) * min(one.twice, span - best)
        burden = min(span, max(0.0, level + chance[week]))
        day = 7 * week
        days.append(day)
        made.answers(one, day, one.low + burden if one.worse > 0 else one.high - burden)
    plan = Plan(trackers={"mood": PlanTracker(name="mood", since=BEGINS)})
    for day in range(days[-1] + 7):
        made.writes(day)
    return Course(made.life(plan=plan, phase=0 if phase else None), tuple(days), before, before + takes)


def dropping_out(seed: int, adherence: float) -> tuple[Life, int]:
    """Somebody who does what is agreed with this probability for some weeks, then nothing more; and the last day."""
    made = Making(seed)
    rng = made.rng
    daily = made.id()
    homework = ((daily, Homework(what="Walk", rule="FREQ=DAILY", since=BEGINS, assigned_at=_at(0, 8))),)
    lasts = rng.randrange(7, 70)
    last = 0
    for day in range(lasts):
        for act in (made.writes, lambda at: made.does(daily, at)):
            if rng.random() < adherence:
                act(day)
                last = day
    return made.life(plan=Plan(trackers={"mood": PlanTracker(name="mood", since=BEGINS)}), homework=homework), last


# -- what is said of them ----------------------------------------------------------------------------------------------


def alarms(life: Life, days: int, every: int = 1) -> dict[str, str]:
    """All signals that were told on any day: their kinds by id."""
    found: dict[str, str] = {}
    for day in range(0, days, every):
        found |= life.told(day)
    return found


def noticed_after(course: Course) -> int | None:
    """With which administration a deterioration was noticed: 1 is the first when all of it had come; None: with none.

    What was told before it began does not count.
    """
    before = course.life.told(course.administered[course.onset - 1])
    for number in range(course.onset, len(course.administered)):
        told = course.life.told(course.administered[number])
        if any(kind == "deterioration" and id_ not in before for id_, kind in told.items()):
            return max(1, number - course.full + 1)
    return None


def days_until_noticed(life: Life, last: int, within: int = 40) -> int | None:
    """How many days after the last one of anything the silence was told; None: not within so many."""
    for after in range(1, within):
        if "silence" in life.told(last + after).values():
            return after
    return None


def run(options: Options) -> Result:
    """`clients` people of each sort, from `seed`."""
    clients, seed = options["clients"], options["seed"]
    began, used = time.perf_counter(), time.process_time()
    cases: list[dict[str, Figure]] = [
        *_quiet_cases(clients, seed),
        *_deteriorations(clients, seed),
        *_drop_outs(clients, seed),
    ]
    return Result(
        n=clients * len(cases),
        wall_s=time.perf_counter() - began,
        client_cpu_s=time.process_time() - used,
        cases=cases,
    )


def _quiet_cases(clients: int, seed: int) -> Iterator[dict[str, Figure]]:
    for adherence in ADHERENCE:
        told = [Counter(alarms(quiet(seed + number, adherence), 7 * WEEKS).values()) for number in range(clients)]
        kinds = {kind: fmean(one[kind] for one in told) for kind in ("deterioration", "missed_run", "silence")}
        each = fmean(sum(one.values()) for one in told)
        yield {
            "people": f"quiet, adherence {adherence:.0%}",
            "alarms_a_client": each,
            "a_client_week": each / WEEKS,
            **kinds,
        }


def _deteriorations(clients: int, seed: int) -> Iterator[dict[str, Figure]]:
    for one in MEASURES:
        for name, shape in SHAPES.items():
            found = [
                noticed_after(deteriorating(seed + number, one, shape, phase=number % 2 == 0))
                for number in range(clients)
            ]
            noticed = [each for each in found if each is not None]
            yield {
                "people": f"{one.instrument} {one.scale}, worse {name}",
                "noticed_within_2": sum(each <= 2 for each in noticed) / clients,
                "noticed": len(noticed) / clients,
                "administrations_p50": median(noticed) if noticed else None,
            }


def _drop_outs(clients: int, seed: int) -> Iterator[dict[str, Figure]]:
    for adherence in ADHERENCE:
        found = [days_until_noticed(*dropping_out(seed + number, adherence)) for number in range(clients)]
        noticed = [one for one in found if one is not None]
        yield {
            "people": f"drop out, adherence {adherence:.0%}",
            "noticed_within_14_days": sum(one <= 14 for one in noticed) / clients,
            "noticed": len(noticed) / clients,
            "days_p50": median(noticed) if noticed else None,
            "days_most": max(noticed) if noticed else None,
        }
