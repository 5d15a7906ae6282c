"""The brief: what came between the last session and the next, on one page. One pure function of material and cut.

Server and devices make it from the same rows and the same cut, and `encode` gives the same bytes: every list has an
order of its own, means are rounded, and keys are sorted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from intersession_schemas.documents.assessments.assessments import Assessment
from intersession_schemas.documents.care.agenda import Done, due_before_sessions
from intersession_schemas.documents.care.agenda import upcoming as due_until
from intersession_schemas.documents.care.goals import Goal, GoalState, GoalStep
from intersession_schemas.documents.care.homework import Homework
from intersession_schemas.documents.care.sessions import Session
from intersession_schemas.documents.care.topics import Topic
from intersession_schemas.instruments import labels
from intersession_schemas.measures.assignments import Assigned, assignments
from intersession_schemas.measures.entries import BriefEntry, arrived_after, entries
from intersession_schemas.measures.material import Beginning, Cut, Material, begins
from intersession_schemas.measures.plan_changes import PlanChange, plan_changes
from intersession_schemas.measures.progress import progress_by_homework
from intersession_schemas.measures.scores import Measured, instruments_of, measured, open_episode
from intersession_schemas.measures.signals.of_record import signals
from intersession_schemas.measures.signals.signal import Signal
from intersession_schemas.measures.trends import Trend, trends
from intersession_schemas.streams import Kind

VERSION = 1
AHEAD = timedelta(days=14)
"""How far ahead `upcoming` looks for homework and assessments; sessions are all told."""
DIGITS = 6
"""Decimals of the thresholds of change."""

_encoder = msgspec.json.Encoder(order="sorted")


class BriefScore(Struct, frozen=True, kw_only=True):
    """A score: completed since the beginning (`since`), else the newest there is of its scale.

    `after_session`: it was completed before the last session and arrived after it.
    """

    measured: Measured
    since: bool
    after_session: bool


class Unfinished(Struct, frozen=True, kw_only=True):
    """An assessment that is begun and not completed; `conflicts` are items answered differently on two devices."""

    id: UUID
    instrument: str
    title: str
    started_at: datetime | None
    answered: int
    of: int
    conflicts: tuple[str, ...]


class BriefGoal(Struct, frozen=True, kw_only=True):
    """A goal that is open, or has changed since the beginning (`changed`). `steps` are in their order."""

    id: UUID
    what: str
    why: str
    state: GoalState
    steps: tuple[GoalStep, ...]
    made_at: datetime | None
    changed: bool


class BriefTopic(Struct, frozen=True, kw_only=True):
    """What the client wants to talk about. `carried_over`: it was written before the last session attended."""

    id: UUID
    text: str
    made_at: datetime | None
    carried_over: bool


class Ahead(Struct, frozen=True, kw_only=True):
    """What is coming: a session, with its time, or homework and assessments by their local day."""

    kind: Literal["session", "homework", "assessment"]
    id: str
    title: str
    day: date
    at: datetime | None = None
    occurrence: str = ""


class Brief(Struct, frozen=True, kw_only=True):
    """What `brief` makes. `session` is the one it is for; `beginning` where it begins.

    `plan_changes` is None where the plan of that moment is not known. `problems` name what could not be told.
    `left_out` says of each list that was too long for a brief how many of it are not in it.
    """

    version: int
    cut: Cut
    session: UUID | None
    beginning: Beginning
    phase: str
    signals: tuple[Signal, ...]
    topics: tuple[BriefTopic, ...]
    scores: tuple[BriefScore, ...]
    unfinished: tuple[Unfinished, ...]
    entries: tuple[BriefEntry, ...]
    trends: tuple[Trend, ...]
    homework: tuple[Assigned, ...]
    goals: tuple[BriefGoal, ...]
    plan_changes: tuple[PlanChange, ...] | None
    upcoming: tuple[Ahead, ...]
    problems: tuple[str, ...]
    left_out: dict[str, int] = {}


MOST: Mapping[str, int] = {
    "signals": 50,
    "topics": 50,
    "scores": 100,
    "unfinished": 30,
    "entries": 100,
    "homework": 50,
    "goals": 50,
    "plan_changes": 100,
    "upcoming": 60,
    "problems": 20,
}
"""How much of each list a brief holds. Somebody reads it before a session; the record has the rest."""


def brief(material: Material, cut: Cut, session: UUID | None = None) -> Brief:
    """The brief for a session (None: for now), since the last attended one before it, or over 14 days.

    Raises `InvalidField` when the cut's `now` is naive.
    """
    cut = msgspec.structs.replace(cut, now=cut.local(cut.now))
    beginning = begins(material, cut, session)
    episode = open_episode(material, cut)
    told, trends_left_out = trends(material, cut, beginning.at)
    whole = Brief(
        version=VERSION,
        cut=cut,
        session=session,
        beginning=beginning,
        phase=episode.phase if episode is not None else "",
        signals=_signals(material, cut, beginning),
        topics=_topics(material, beginning),
        scores=_scores(material, cut, beginning),
        unfinished=_unfinished(material, cut),
        entries=entries(material, beginning),
        trends=told,
        homework=assignments(material, cut, beginning),
        goals=_goals(material, beginning),
        plan_changes=None if material.plan_then is None else plan_changes(material.plan_then, material.plan),
        upcoming=_upcoming(material, cut, session),
        problems=_problems(material),
        left_out={"trends": trends_left_out} if trends_left_out else {},
    )
    return _bounded(whole)


def _bounded(whole: Brief) -> Brief:
    """The brief with no more of each list than `MOST`; of the entries, which are oldest first, the newest."""
    kept: dict[str, Any] = {}
    left_out = dict(whole.left_out)
    for name, most in MOST.items():
        given = getattr(whole, name)
        if given is not None and len(given) > most:
            kept[name] = given[-most:] if name == "entries" else given[:most]
            left_out[name] = len(given) - most
    return msgspec.structs.replace(whole, left_out=left_out, **kept)


def encode(brief: Brief) -> bytes:
    """Canonical JSON: keys sorted, no spaces; equal briefs are equal bytes."""
    return _encoder.encode(brief)


def _signals(material: Material, cut: Cut, beginning: Beginning) -> tuple[Signal, ...]:
    """All that nobody has acknowledged, however old, and of the others those that came since the beginning."""
    found = signals(material, cut)
    return tuple(one for one in found if not one.acknowledged or (one.arrived_at or one.at) >= beginning.at)


def _topics(material: Material, beginning: Beginning) -> tuple[BriefTopic, ...]:
    """Those that are not ticked off, oldest first."""
    found = [
        BriefTopic(
            id=filed.id,
            text=one.text,
            made_at=one.made_at,
            carried_over=beginning.session is not None and one.made_at is not None and one.made_at < beginning.at,
        )
        for filed, one in material.of(Kind.TOPIC, Topic)
        if one.talked_on is None
    ]
    return tuple(sorted(found, key=lambda one: (one.made_at is not None, one.made_at or beginning.at, one.id)))


def _scores(material: Material, cut: Cut, beginning: Beginning) -> tuple[BriefScore, ...]:
    """By instrument and scale, newest first."""
    told: list[BriefScore] = []
    shown = set[tuple[str, str]]()
    for one in measured(material, cut):
        after = arrived_after(one.completed_at, one.arrived_at, beginning)
        arrived = one.arrived_at is not None and one.arrived_at >= beginning.at
        lately = one.completed_at >= beginning.at or arrived
        newest = (one.instrument, one.scale) not in shown and not one.amended
        if newest:
            shown.add((one.instrument, one.scale))
        if lately or newest:
            told.append(BriefScore(measured=_rounded(one), since=lately, after_session=after))
    return tuple(sorted(told, key=lambda one: (one.measured.instrument, one.measured.scale)))


def _rounded(one: Measured) -> Measured:
    """With thresholds that do not differ in their last bits from machine to machine."""
    replace = msgspec.structs.replace
    compared = tuple(
        replace(each, change=replace(each.change, threshold=round(each.change.threshold, DIGITS)))
        if each.change.threshold is not None
        else each
        for each in one.compared
    )
    return replace(one, compared=compared)


def _unfinished(material: Material, cut: Cut) -> tuple[Unfinished, ...]:
    known = instruments_of(material)
    found = []
    for filed, one in material.of(Kind.ASSESSMENT, Assessment):
        if one.completions:
            continue
        instrument = known.get(one.instrument)
        answered = sum(any(each.value is not None for each in given) for given in one.draft.values())
        found.append(
            Unfinished(
                id=filed.id,
                instrument=one.instrument,
                title=labels.title(instrument, cut.locale) if instrument is not None else one.instrument,
                started_at=one.started_at,
                answered=answered,
                of=len(instrument.items) if instrument is not None else 0,
                conflicts=one.conflicts,
            )
        )
    return tuple(found)


def _goals(material: Material, beginning: Beginning) -> tuple[BriefGoal, ...]:
    found = []
    for filed, goal in material.of(Kind.GOAL, Goal):
        arrived = filed.rows.last_received_at
        changed = arrived is None or arrived >= beginning.at
        if goal.state == "open" or changed:
            found.append(
                BriefGoal(
                    id=filed.id,
                    what=goal.what,
                    why=goal.why,
                    state=goal.state,
                    steps=tuple(goal.steps.values()),
                    made_at=goal.made_at,
                    changed=changed,
                )
            )
    return tuple(found)


def _upcoming(material: Material, cut: Cut, session: UUID | None) -> tuple[Ahead, ...]:
    """Sessions planned from now on, then by day: homework, and assessments due by their rule or before a session."""
    held = material.of(Kind.SESSION, Session)
    planned = [
        (one.planned_at, filed.id)
        for filed, one in held
        if one.state == "planned" and one.planned_at is not None and one.planned_at >= cut.now
    ]
    found = [
        Ahead(kind="session", id=str(id_), title="", day=material.plan.day_of(at), at=at)
        for at, id_ in planned
        if id_ != session
    ]
    progress = progress_by_homework(material)
    completed: dict[str, set[str]] = {}
    for _, one in material.of(Kind.ASSESSMENT, Assessment):
        if one.completions and one.schedule:
            completed.setdefault(one.schedule, set()).add(one.occurrence)
    recorded = {id_: {one.progress.occurrence for one in given} for id_, given in progress.items()}
    done = Done(homework=recorded, assessments=completed)
    homework = {filed.id: one for filed, one in material.of(Kind.HOMEWORK, Homework)}
    for due in due_until(material.plan, homework, done, cut.now, cut.now + AHEAD):
        if due.kind in ("homework", "assessment") and not due.reminder:
            ahead = Ahead(kind=due.kind, id=due.id, title=due.title, day=due.day, occurrence=due.occurrence)
            found.append(ahead)
    for due in due_before_sessions(material.plan, done, cut.now, {filed.id: one for filed, one in held}):
        assert due.closes_on is not None
        found.append(Ahead(kind="assessment", id=due.id, title=due.title, day=due.closes_on, occurrence=due.occurrence))
    return tuple(sorted(found, key=lambda one: (one.day, one.kind, one.occurrence, one.id)))


def _problems(material: Material) -> tuple[str, ...]:
    known = instruments_of(material)
    unknown = {one.instrument for _, one in material.of(Kind.ASSESSMENT, Assessment) if one.instrument not in known}
    found = [
        f"{filed.kind.value} {filed.id}: {problem}" for filed in material.filed for problem in filed.model.problems
    ]
    return (
        *(
            f"The instrument {key} is not known here: not scored, and not checked for risk items."
            for key in sorted(unknown)
        ),
        *(f"{one.kind} {one.id}: document: could not be read" for one in material.unreadable),
        *found,
    )
