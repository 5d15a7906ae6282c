"""`plan`: what a client and their care team have agreed to write, follow and do until further notice. One per record.

Its first change is made by the server with the record, so that its maps exist before two therapists, both offline, add
to them. What is taken out of a plan is marked removed, never deleted.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from intersession_schemas.documents.diary.symptoms import MAX_NAME
from intersession_schemas.documents.forms import Field, Label, Number, check_field
from intersession_schemas.documents.local_days import LocalDays, day_of
from intersession_schemas.documents.moments import check_moment
from intersession_schemas.documents.names import is_name, name_key
from intersession_schemas.documents.recurrence import MAX_RULE, check_rule
from intersession_schemas.documents.shapes import Element, Shape, line, prose
from intersession_schemas.errors import InvalidField
from intersession_schemas.streams import Kind

Resources = Annotated[tuple[UUID, ...], Meta(max_length=50)]
PauseReason = Literal["illness", "holiday", "other"]
SafetyPart = Literal["warning_signs", "on_my_own", "people_and_places", "people_to_ask", "professionals", "safe_place"]
"""The parts of a safety plan, in the order in which they are gone through."""


class TemplateSection(Field, frozen=True, kw_only=True):
    """A section of the journal template, asked from `active_from` to `active_to` (both included; None: no end)."""

    active_from: date | None = None
    active_to: date | None = None


class PlanTracker(Element, frozen=True, kw_only=True):
    """A symptom scale to be followed: `name` is what it is logged under, `rule` when (RRULE), from `since` to `until`.

    `labels` name points of the scale from `low` to `high`.
    """

    name: Annotated[str, line(MAX_NAME)] = ""
    question: Annotated[str, prose(500)] = ""
    low: Number = 0
    high: Number = 10
    labels: Annotated[tuple[Label, ...], Meta(max_length=50)] = ()
    rule: Annotated[str, line(MAX_RULE)] = "FREQ=DAILY"
    since: date | None = None
    until: date | None = None
    resources: Resources = ()


class Pause(Element, frozen=True, kw_only=True):
    """Days on which nothing is due, `first` and `last` included (None: until further notice)."""

    first: date | None = None
    last: date | None = None
    reason: PauseReason = "other"
    note: Annotated[str, prose(1_000)] = ""


class SafetyStep(Element, frozen=True, kw_only=True):
    """A step of the safety plan; `contact` is whom to reach and how."""

    part: SafetyPart = "on_my_own"
    text: Annotated[str, prose(2_000)] = ""
    contact: Annotated[str, line(200)] = ""


class ScheduledAssessment(Element, frozen=True, kw_only=True):
    """An instrument to be answered by `rule` from `since` on, or before each session; open for `open_days` days.

    Who has not answered by then is reminded `remind_days` after it opened (None: never).
    """

    instrument: Annotated[str, line(100)] = ""
    rule: Annotated[str, line(MAX_RULE)] = ""
    before_each_session: bool = False
    since: date | None = None
    until: date | None = None
    open_days: Annotated[int, Meta(ge=1, le=90)] = 7
    remind_days: Annotated[int, Meta(ge=1, le=89)] | None = None


class Threshold(Element, frozen=True, kw_only=True):
    """From where on something is told as a signal: days, times in a row, or points of a scale."""

    at: Annotated[float, Meta(ge=1, le=1_000)] = 1


SILENCE, MISSED_RUN = "silence", "missed_run"
"""What else than a scale a threshold is of: days without anything, homework missed in a row."""


class Plan(Struct, frozen=True, kw_only=True):
    """A plan as its document says now.

    `introduction` stands above the journal's sections; `journal_rule` says when the journal is to be written, from
    `journal_since` on (an empty rule: daily while there are sections). `safety_resources` belong to the safety plan.
    `day_begins` is the full hour at which each of the client's days begins: with 4, what is about one o'clock at night
    belongs to the day before, and a rule's slot at that time comes at the end of its day.

    `thresholds` of signals are by what they are of: "silence" in days, "missed_run" in times, a scale as `scale_key`
    names it in points. None applies to risk items.
    """

    introduction: Annotated[str, prose(2_000)] = ""
    journal_rule: Annotated[str, line(MAX_RULE)] = ""
    journal_since: date | None = None
    day_begins: Annotated[int, Meta(ge=0, le=23)] = 0
    sections: dict[str, TemplateSection] = {}
    trackers: dict[str, PlanTracker] = {}
    assessments: dict[str, ScheduledAssessment] = {}
    safety_plan: dict[str, SafetyStep] = {}
    safety_resources: Resources = ()
    pauses: dict[str, Pause] = {}
    thresholds: dict[str, Threshold] = {}
    problems: tuple[str, ...] = ()

    def day_of(self, at: datetime) -> date:
        """The client's local day that a moment belongs to, by its own clock."""
        return day_of(at, self.day_begins)


def check_plan(plan: Plan) -> None:
    """Raise `InvalidField` for what a plan must not hold: questions nobody can answer, days in the wrong order."""
    for section in plan.sections.values():
        check_field("A section", section)
        _check_days("A section", section.active_from, section.active_to)
    for tracker in plan.trackers.values():
        if not is_name(tracker.name):
            raise InvalidField("A tracker needs a name of printable characters.")
        if not tracker.low < tracker.high:
            raise InvalidField("A tracker's lowest value must be below its highest.")
        check_rule(tracker.rule)
        _check_days("A tracker", tracker.since, tracker.until)
    for scheduled in plan.assessments.values():
        _check_scheduled(scheduled)
    for step in plan.safety_plan.values():
        if not (step.text.strip() or step.contact.strip()):
            raise InvalidField("A step of the safety plan needs a text or a contact.")
    for pause in plan.pauses.values():
        if pause.first is None:
            raise InvalidField("A pause needs its first day.")
        _check_days("A pause", pause.first, pause.last)
    if plan.journal_rule:
        check_rule(plan.journal_rule)


def _check_scheduled(scheduled: ScheduledAssessment) -> None:
    if not scheduled.instrument or not (scheduled.rule or scheduled.before_each_session):
        raise InvalidField("A scheduled assessment needs an instrument, and a rule or the sessions it goes with.")
    if scheduled.rule:
        check_rule(scheduled.rule)
    if scheduled.remind_days is not None and scheduled.remind_days >= scheduled.open_days:
        raise InvalidField(
            "An assessment can only be reminded of while it is open: remind_days must be less than open_days."
        )
    _check_days("A scheduled assessment", scheduled.since, scheduled.until)


PLAN = Shape(Kind.PLAN, Plan, check_plan)


def local_days(plan: Plan, now: datetime) -> LocalDays:
    """The local days of whoever's clock shows `now`, as the plan has them. Raises `InvalidField` for a naive one."""
    check_moment("now", now)
    assert now.tzinfo is not None
    return LocalDays(now.tzinfo, plan.day_begins)


def sections_on(plan: Plan, day: date) -> dict[str, TemplateSection]:
    """The sections that are asked on a local day, in their order, by id."""
    return {id_: one for id_, one in plan.sections.items() if _within(day, one.active_from, one.active_to)}


def is_paused(plan: Plan, day: date) -> bool:
    """Whether a local day lies in a pause."""
    return any(one.first is not None and _within(day, one.first, one.last) for one in plan.pauses.values())


def _within(day: date, first: date | None, last: date | None) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)


def _check_days(what: str, first: date | None, last: date | None) -> None:
    if first is not None and last is not None and last < first:
        raise InvalidField(f"{what} cannot end before it begins.")


def scales_in(plan: Plan) -> dict[str, tuple[Number, Number]]:
    """The scale of each tracker, by what the spellings of its name have in common."""
    return {name_key(one.name): (one.low, one.high) for one in plan.trackers.values()}
