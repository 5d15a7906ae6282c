"""Signals: what in a record somebody should look at. Facts with their age, never a judgement of a person. Pure.

A positive risk item counts wherever it stands: in any completion, in a draft, also where another answer was given over
it or the assessment was corrected later. A signal never goes because it was acknowledged; it says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Literal
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from intersession_schemas.documents.assessments.answers import AnswerValue
from intersession_schemas.documents.assessments.assessments import Assessment
from intersession_schemas.documents.care.adherence import Course, OccurrenceView, Recorded, course
from intersession_schemas.documents.care.comments import Acknowledgement
from intersession_schemas.documents.care.homework import Homework, HomeworkProgress
from intersession_schemas.documents.diary.journal import JournalEntry
from intersession_schemas.documents.local_days import LocalDays, day_of
from intersession_schemas.documents.moments import is_late
from intersession_schemas.instruments.scoring import highest_level, positive_risk
from intersession_schemas.instruments.values import Instrument, RiskRule
from intersession_schemas.measures.material import Cut, Material
from intersession_schemas.measures.scores import Compared, Measured, instruments_of, measured
from intersession_schemas.measures.words import ago_text, day_text, days_text, number_text, say
from intersession_schemas.records.filing import Filed
from intersession_schemas.streams import Kind

SignalKind = Literal["risk", "deterioration", "missed_run", "silence", "not_accepted"]

RUN = 3
"""Possible occurrences in a row that make a missed run."""
FEWEST_ENTRIES = 10
"""Entries and logs that there must be before silence says anything."""
SHORTEST_SILENCE = 3
"""Days; a shorter silence is never told."""


class Acknowledged(Struct, frozen=True, kw_only=True):
    """Who has seen a signal, when, and what they noted."""

    by: UUID | None
    at: datetime | None
    note: str


class Signal(Struct, frozen=True, kw_only=True):
    """One thing to look at. `id` stays the same as long as what it tells of does; `about` is the document.

    `at` is what it is about, `arrived_at` when that arrived (None: not known, or nothing that arrives), `late` whether
    that was more than a day later; `age_hours` is from `at` to the cut's now. `acknowledged` is oldest first.
    """

    kind: SignalKind
    id: str
    about: UUID | None
    at: datetime
    arrived_at: datetime | None
    late: bool
    age_hours: int
    text: str
    acknowledged: tuple[Acknowledged, ...] = ()


def signals(material: Material, cut: Cut) -> tuple[Signal, ...]:
    """All signals of a record as of the cut, newest first: by when they arrived, or else by what they are about.

    Acknowledged ones are among them. Raises `InvalidField` for a naive `now`.
    """
    cut = replace(cut, now=cut.local(cut.now))
    found = {one.id: one for one in (*_risks(material, cut), *_worse(material, cut), *_missed(material, cut))}
    found |= {one.id: one for one in _not_accepted(material, cut)}
    if (silent := _silence(material, cut)) is not None:
        found[silent.id] = silent
    seen = _acknowledgements(material)
    told = [_with(one, seen.get(one.id, ())) for one in found.values()]
    by_id = sorted(told, key=lambda one: one.id)
    return tuple(sorted(by_id, key=lambda one: one.arrived_at or one.at, reverse=True))


# -- acknowledgements --------------------------------------------------------------------------------------------------


def _acknowledgements(material: Material) -> dict[str, tuple[Acknowledged, ...]]:
    found: dict[str, list[tuple[bool, float, UUID, Acknowledged]]] = {}
    for filed, one in material.of(Kind.ACKNOWLEDGEMENT, Acknowledgement):
        made = Acknowledged(by=filed.rows.author, at=one.made_at, note=one.note)
        when = one.made_at.timestamp() if one.made_at is not None else 0.0
        found.setdefault(one.signal, []).append((one.made_at is None, when, filed.id, made))
    return {id_: tuple(each[-1] for each in sorted(given, key=lambda each: each[:3])) for id_, given in found.items()}


def _with(signal: Signal, acknowledged: tuple[Acknowledged, ...]) -> Signal:
    return replace(signal, acknowledged=acknowledged) if acknowledged else signal


# -- positive risk items -----------------------------------------------------------------------------------------------


class _Stands(Struct, frozen=True):
    """One answer, where it stands (`where`: what the words call it), when it was given, and the part it is."""

    item: str
    value: AnswerValue
    where: str
    at: datetime
    part: UUID


def _risks(material: Material, cut: Cut) -> Iterator[Signal]:
    known, days = instruments_of(material), material.days(cut)
    assessments = material.of(Kind.ASSESSMENT, Assessment)
    amended = {one.amends for _, one in assessments if one.completions}
    for filed, assessment in assessments:
        instrument = known.get(assessment.instrument)
        if instrument is None or not instrument.risks:
            continue
        told = set[str]()
        for one in _standing(assessment, amended=filed.id in amended):
            rules = [rule for rule in positive_risk(instrument, {one.item: one.value}) if rule.item == one.item]
            id_ = f"risk/{filed.id}/{one.item}/{_exact(one.value)}"
            if rules and id_ not in told:
                told.add(id_)
                yield _risk(filed, instrument, rules, one, id_, cut, days)


def _standing(assessment: Assessment, *, amended: bool) -> Iterator[_Stands]:
    """Every answer of an assessment wherever it stands: what was completed first, then what was written over."""
    for completion in assessment.completions:
        for item, value in completion.answers.items():
            where = "risk amended" if amended else "risk completed"
            yield _Stands(item, value, where, completion.completed_at, completion.id)
    kept = "risk not kept" if assessment.completions else "risk draft"
    for where, given in ((kept, assessment.draft), ("risk overridden", assessment.overridden)):
        for item, answers in given.items():
            for one in answers:
                yield _Stands(item, one.value, where, one.at, one.id)


def _risk(
    filed: Filed, instrument: Instrument, rules: list[RiskRule], one: _Stands, id_: str, cut: Cut, days: LocalDays
) -> Signal:
    text = say(
        cut.locale,
        "risk",
        title=instrument.title,
        item=instrument.item(one.item).label,
        answer=_shown(cut.locale, one.value),
        where=say(cut.locale, one.where),
        age=ago_text(cut.locale, (days.of(cut.now) - day_of(one.at, days.begins)).days),
    )
    if (level := highest_level(rules)) is not None:
        text += say(cut.locale, "risk level", level=level)
    return _signal("risk", id_, filed.id, one.at, filed.arrived(one.part), text, cut, days)


def _exact(value: AnswerValue) -> str:
    """A value in an id: yes is 1, as risk rules count it."""
    return number_text(value) if isinstance(value, int | float) else ""


def _shown(locale: str, value: AnswerValue) -> str:
    if isinstance(value, bool):
        return say(locale, "yes" if value else "no")
    return number_text(value) if isinstance(value, int | float) else ""


# -- reliable deterioration --------------------------------------------------------------------------------------------


def _worse(material: Material, cut: Cut) -> Iterator[Signal]:
    """Against the one before, each time that happened; against the baseline, where the newest score stands."""
    newest, days = dict[tuple[str, str], UUID](), material.days(cut)
    for one in measured(material, cut):
        if one.amended or one.score.score is None:
            continue
        first = newest.setdefault((one.instrument, one.scale), one.assessment)
        for compared in one.compared:
            if compared.change.verdict != "reliable deterioration":
                continue
            if compared.against == "last" or one.assessment == first:
                yield _deterioration(one, compared, cut, days)


def _deterioration(one: Measured, compared: Compared, cut: Cut, days: LocalDays) -> Signal:
    assert compared.change.threshold is not None
    text = say(
        cut.locale,
        "deterioration",
        title=one.title,
        scale=one.label,
        after=compared.change.after,
        day=day_text(one.day),
        before=compared.change.before,
        before_day=day_text(compared.day),
        against=say(cut.locale, f"against {compared.against}"),
        threshold=number_text(compared.change.threshold),
    )
    against = "last" if compared.against == "last" else "baseline"
    id_ = f"deterioration/{one.completion}/{one.scale}/{against}"
    return _signal("deterioration", id_, one.assessment, one.completed_at, one.arrived_at, text, cut, days)


# -- missed runs -------------------------------------------------------------------------------------------------------


def _missed(material: Material, cut: Cut) -> Iterator[Signal]:
    days = material.days(cut)
    today = days.of(cut.now)
    went = how_it_went(material, cut)
    for filed, homework in material.of(Kind.HOMEWORK, Homework):
        if homework.ended_on is not None and homework.ended_on <= today:
            continue
        run = missed_run(went[filed.id].occurrences)
        if len(run) < RUN:
            continue
        first, last = run[0].day, run[-1].day
        assert first is not None
        assert last is not None
        text = say(
            cut.locale,
            "missed_run",
            what=first_line(homework.what),
            count=len(run),
            first=day_text(first),
            last=day_text(last),
        )
        id_ = f"missed_run/{filed.id}/{run[0].key}"
        yield _signal("missed_run", id_, filed.id, days.moment(last), None, text, cut, days)


def progress_by_homework(material: Material) -> dict[UUID, list[Recorded]]:
    """All progress by the assignment it is on."""
    found: dict[UUID, list[Recorded]] = {}
    for filed, one in material.of(Kind.HOMEWORK_PROGRESS, HomeworkProgress):
        if one.homework is not None:
            found.setdefault(one.homework, []).append(Recorded(filed.id, one, filed.arrived()))
    return found


def how_it_went(material: Material, cut: Cut) -> dict[UUID, Course]:
    """The occurrences and counts of each assignment, as of the local day of the cut."""
    kinds = frozenset({Kind.HOMEWORK, Kind.HOMEWORK_PROGRESS, Kind.PLAN})

    def work_out() -> dict[UUID, Course]:
        progress, plan, now = progress_by_homework(material), material.plan, cut.local(cut.now)
        homework = material.of(Kind.HOMEWORK, Homework)
        return {filed.id: course(one, progress.get(filed.id, []), plan, now) for filed, one in homework}

    return material.once(("how it went", material.days(cut), material.local_day(cut)), kinds, work_out)


def missed_run(occurrences: Sequence[OccurrenceView]) -> list[OccurrenceView]:
    """The possible occurrences in a row that were not done, up to the newest; `occurrences` are oldest first.

    What lay in a pause or could not be done was not possible: it neither counts nor breaks the run.
    """
    run: list[OccurrenceView] = []
    for one in occurrences:
        if one.day is None:
            continue
        if one.state in ("unanswered", "not"):
            run.append(one)
        elif one.state in ("done", "partly"):
            run = []
    return run


def first_line(text: str) -> str:
    """The first line that says something, for naming an assignment or a goal."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


# -- silence -----------------------------------------------------------------------------------------------------------


def _silence(material: Material, cut: Cut) -> Signal | None:
    days = material.days(cut)
    today = days.of(cut.now)
    about, arrived = _activity(material, days)
    active = sorted({day for day in about if day <= today})
    if len(about) < FEWEST_ENTRIES or not active:
        return None
    usual = usual_gap(active)
    last = max([active[-1], *(day for day in arrived if day <= today)])
    silent = (today - last).days
    if silent <= max(SHORTEST_SILENCE, 2 * usual):
        return None
    text = say(
        cut.locale,
        "silence",
        day=day_text(last),
        days=days_text(cut.locale, silent),
        gap=days_text(cut.locale, max(usual, 1)),
    )
    if material.heard_at is not None:
        text += say(cut.locale, "heard", day=day_text(days.of(material.heard_at)))
    return _signal("silence", f"silence/{last.isoformat()}", None, days.moment(last), None, text, cut, days)


def usual_gap(days: list[date]) -> int:
    """The 90th percentile (nearest rank) of the gaps between days, ascending, in days; 0 where there is no gap."""
    gaps = sorted((later - earlier).days for earlier, later in pairwise(days))
    return gaps[math.ceil(0.9 * len(gaps)) - 1] if gaps else 0


def _activity(material: Material, days: LocalDays) -> tuple[list[date], list[date]]:
    """The local day of every entry and log, and the days on which they arrived, each once."""
    kinds = frozenset({Kind.JOURNAL_ENTRY, Kind.SYMPTOM_LOG, Kind.PLAN})
    return material.once(("activity", days), kinds, lambda: _all_activity(material, days))


def _all_activity(material: Material, days: LocalDays) -> tuple[list[date], list[date]]:
    about: list[date] = []
    arrived: list[datetime | None] = []
    for filed, entry in material.of(Kind.JOURNAL_ENTRY, JournalEntry):
        if entry.written_at is not None:
            about.append(day_of(entry.written_at, days.begins))
            arrived.append(filed.arrived())
    for noted in material.symptom_logs():
        about.append(day_of(noted.log.at, days.begins))
        arrived.append(noted.arrived_at)
    # What came together came at one moment.
    return about, sorted({days.of(at) for at in set(arrived) if at is not None})


# -- what was not accepted --------------------------------------------------------------------------------------------


def _not_accepted(material: Material, cut: Cut) -> Iterator[Signal]:
    """One for each assessment that something was sent for and set aside. What it said is nobody's to read: it may have
    been an answer, so that there was one is told.
    """
    days = material.days(cut)
    newest = {one.document: one for one in material.not_accepted}
    for document, one in newest.items():
        at = cut.local(one.received_at)
        text = say(cut.locale, "not_accepted", day=day_text(days.of(at)))
        yield _signal("not_accepted", f"not_accepted/{document}/{one.seq}", document, at, at, text, cut, days)


# -- shared ------------------------------------------------------------------------------------------------------------


def _signal(
    kind: SignalKind,
    id_: str,
    about: UUID | None,
    at: datetime,
    arrived: datetime | None,
    text: str,
    cut: Cut,
    days: LocalDays,
) -> Signal:
    late = arrived is not None and is_late(at, arrived)
    if arrived is not None and late:
        after = days_text(cut.locale, (arrived - at).days)
        text += say(cut.locale, "late", days=after, arrived=day_text(days.of(arrived)))
    age = max(0, (cut.now - at) // timedelta(hours=1))
    return Signal(kind=kind, id=id_, about=about, at=at, arrived_at=arrived, late=late, age_hours=age, text=text)
