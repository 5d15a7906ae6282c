"""What the templates show of a plan, goals and resources, prepared. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import get_args
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.care.goals import GoalState
from intersession_schemas.documents.care.plan import (
    Pause,
    PauseReason,
    Plan,
    PlanTracker,
    SafetyPart,
    ScheduledAssessment,
    is_paused,
)
from intersession_schemas.documents.forms import Field, FieldType, Label
from intersession_schemas.instruments import INSTRUMENTS, labels
from intersession_server.language.language import count, current, say
from intersession_server.projections.read_models import (
    GoalView,
    ResourceView,
)
from intersession_server.web.page import phrases
from intersession_server.web.page.prose import FoldedText, prose
from intersession_server.web.page.recurrence import rule


class PlanQuestion(Struct, frozen=True):
    """A section of the journal, a tracker or a scheduled assessment: its wording, and the rest in words."""

    text: str
    detail: str


class SafetyGroup(Struct, frozen=True):
    """A part of the safety plan and its steps: text and contact."""

    title: str
    steps: list[tuple[str, str]]


class PlanCard(Struct, frozen=True):
    """A plan at a glance."""

    introduction: FoldedText
    journal: str
    sections: list[PlanQuestion]
    trackers: list[PlanQuestion]
    assessments: list[PlanQuestion]
    pauses: list[PlanQuestion]
    paused: bool
    day_begins: str
    safety: list[SafetyGroup]
    problems: Sequence[str]
    changed: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was agreed yet."""
        return not (
            self.introduction.shown
            or self.sections
            or self.trackers
            or self.assessments
            or self.pauses
            or self.day_begins
            or self.safety
            or self.problems
        )


class GoalCard(Struct, frozen=True):
    """A goal with its steps: text, and the day it was done."""

    id: UUID
    what: str
    why: FoldedText
    state: str
    steps: list[tuple[str, date | None]]
    problems: Sequence[str]
    changed: str = ""


class ResourceCard(Struct, frozen=True):
    """A resource, and what was said of it."""

    id: UUID
    title: str
    text: FoldedText
    steps: list[str]
    link: str
    tags: Sequence[str]
    verdict: str
    problems: Sequence[str]
    changed: str = ""


def plan_card(plan: Plan, today: date, changed: str = "", titles: Mapping[str, str] = {}) -> PlanCard:
    """A plan, prepared; what is over by `today` is left out. `titles`: of the practice's own instruments."""
    sections = [one for one in plan.sections.values() if _is_yet(one.active_to, today)]
    trackers = [one for one in plan.trackers.values() if _is_yet(one.until, today)]
    return PlanCard(
        introduction=prose(plan.introduction),
        journal=journal_words(plan),
        sections=[
            PlanQuestion(one.prompt, phrases.joined(answered_by(one), _from(one.active_from, today)))
            for one in sections
        ],
        trackers=[PlanQuestion(one.name, tracker_words(one, today)) for one in trackers],
        assessments=[
            PlanQuestion(titles.get(one.instrument) or _title(one.instrument), assessment_words(one))
            for one in plan.assessments.values()
            if _is_yet(one.until, today)
        ],
        pauses=[pause_words(one) for one in plan.pauses.values() if _is_yet(one.last, today)],
        paused=is_paused(plan, today),
        day_begins=f"{plan.day_begins:02}:00" if plan.day_begins else "",
        safety=safety_groups(plan),
        problems=plan.problems,
        changed=changed,
    )


# --- plan -------------------------------------------------------------------------------------------------------------


def journal_words(plan: Plan) -> str:
    """When the journal is to be written; empty where nothing is asked."""
    return rule(plan.journal_rule) if plan.journal_rule else say("daily") if plan.sections else ""


def answered_by(section: Field) -> str:
    """How a question is answered: 0 to 10, number 0 to 24 hours, text"""
    bounds = ""
    if section.low is not None and section.high is not None:
        low, high = phrases.number(section.low), phrases.number(section.high)
        bounds = say("%(low)s to %(high)s", low=low, high=high)
    if section.type == "scale":
        return phrases.joined(bounds, section.unit, by=" ")
    if section.type == "number":
        return phrases.joined(say("number"), bounds, section.unit, by=" ")
    return type_words(section.type)


def type_words(type_: FieldType) -> str:
    """What kind of answer a question takes."""
    return {
        "prose": say("text"),
        "scale": say("scale"),
        "number": say("number"),
        "yes_no": say("yes or no"),
        "one_of": say("single choice"),
        "several_of": say("multiple choice"),
        "checklist": say("checklist"),
        "time": say("time of day"),
    }[type_]


def tracker_words(tracker: PlanTracker, today: date) -> str:
    """A tracker's question, its scale and when it is asked."""
    low, high = phrases.number(tracker.low), phrases.number(tracker.high)
    scale = say("%(low)s to %(high)s", low=low, high=high) + _labels(tracker.labels)
    when = phrases.joined(scale, rule(tracker.rule), _from(tracker.since, today), _to(tracker.until))
    return phrases.joined(tracker.question, when, by=" ")


def _labels(labels: Sequence[Label]) -> str:
    named = ", ".join(f"{phrases.number(one.at)} {one.text}" for one in labels)
    return f" ({named})" if named else ""


def _title(instrument: str) -> str:
    return labels.title(INSTRUMENTS[instrument], current().tag) if instrument in INSTRUMENTS else instrument


def assessment_words(one: ScheduledAssessment) -> str:
    """When an instrument is to be answered."""
    return phrases.joined(
        rule(one.rule) if one.rule else "", say("before each session") if one.before_each_session else ""
    )


def pause_words(pause: Pause) -> PlanQuestion:
    """The days of a pause, and why."""
    first = "" if pause.first is None else phrases.day(pause.first)
    if pause.last is None:
        days = say("%(first)s until further notice", first=first).strip()
    else:
        days = say("%(first)s to %(last)s", first=first, last=phrases.day(pause.last)).strip()
    return PlanQuestion(days, phrases.joined("" if pause.reason == "other" else reason_words(pause.reason), pause.note))


def reason_words(reason: PauseReason) -> str:
    """What a pause is for."""
    return {"illness": say("illness"), "holiday": say("holiday"), "other": say("other")}[reason]


def part_title(part: SafetyPart) -> str:
    """The heading of a part of the safety plan."""
    return {
        "warning_signs": say("Warning signs"),
        "on_my_own": say("What I can do on my own"),
        "people_and_places": say("People and places that take my mind off it"),
        "people_to_ask": say("People I can ask for help"),
        "professionals": say("Professionals and services"),
        "safe_place": say("Making my surroundings safe"),
    }[part]


def safety_groups(plan: Plan) -> list[SafetyGroup]:
    """The parts of a safety plan that have steps, in the order in which they are gone through."""
    found = []
    for part in get_args(SafetyPart):
        steps = [(one.text, one.contact) for one in plan.safety_plan.values() if one.part == part]
        if steps:
            found.append(SafetyGroup(part_title(part), steps))
    return found


# --- goals and resources ----------------------------------------------------------------------------------------------


def state_words(state: GoalState) -> str:
    """Where a goal stands."""
    return {"open": say("open"), "reached": say("reached"), "let_go": say("let go")}[state]


def goal_card(view: GoalView, changed: str) -> GoalCard:
    """A goal, prepared; `changed` says who changed it last."""
    goal = view.goal
    return GoalCard(
        id=view.id,
        what=goal.what,
        why=prose(goal.why),
        state="" if goal.state == "open" else state_words(goal.state),
        steps=[(step.text, step.done_on) for step in goal.steps.values()],
        problems=goal.problems,
        changed=changed,
    )


def resource_card(view: ResourceView, changed: str) -> ResourceCard:
    """A resource, prepared; `changed` says who changed it last."""
    resource = view.resource
    return ResourceCard(
        id=view.id,
        title=resource.title,
        text=prose(resource.text),
        steps=[step.text for step in resource.steps.values()],
        link=resource.link,
        tags=resource.tags,
        verdict=verdict_words(view),
        problems=resource.problems,
        changed=changed,
    )


def verdict_words(view: ResourceView) -> str:
    """What the client said of a resource: helped 3 times, did not help once."""
    helped = count("helped %(n)s time", "helped %(n)s times", view.helped) if view.helped else ""
    did_not = ""
    if view.did_not_help:
        did_not = count("did not help %(n)s time", "did not help %(n)s times", view.did_not_help)
    return phrases.joined(helped, did_not) or say("no feedback yet")


# --- words ------------------------------------------------------------------------------------------------------------


def _is_yet(last: date | None, today: date) -> bool:
    return last is None or last >= today


def _from(first: date | None, today: date) -> str:
    return "" if first is None or first <= today else say("from %(day)s", day=phrases.day(first))


def _to(last: date | None) -> str:
    return "" if last is None else say("to %(day)s", day=phrases.day(last))
