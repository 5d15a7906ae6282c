"""What the templates show of a plan, goals and resources, and of homework beside them, prepared. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import get_args
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.care.plan import (
    Pause,
    Plan,
    PlanTracker,
    SafetyPart,
    ScheduledAssessment,
    is_paused,
)
from intersession_schemas.documents.forms import Label
from intersession_server.projections.read_models import (
    GoalView,
    HomeworkView,
    PlanView,
    ResourceView,
)
from intersession_server.projections.windows import DocumentPage
from intersession_server.web.client.homework_views import HomeworkCard, homework_card, is_ended
from intersession_server.web.client.last_change import LastChanges
from intersession_server.web.page import phrases
from intersession_server.web.page.prose import FoldedText, prose

MOST_CARDS = 20
"""Assignments, goals or resources that are shown: the newest. The list of each, on a page of its own, has them all."""

_NOBODY = LastChanges()
_PARTS: dict[SafetyPart, str] = {
    "warning_signs": "Warning signs",
    "on_my_own": "What I can do on my own",
    "people_and_places": "People and places that take my mind off it",
    "people_to_ask": "People I can ask for help",
    "professionals": "Professionals and services",
    "safe_place": "Making my surroundings safe",
}
_TYPES = {
    "prose": "text",
    "yes_no": "yes or no",
    "one_of": "single choice",
    "several_of": "multiple choice",
    "time": "time of day",
}


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


class CareCards(Struct, frozen=True):
    """Everything that was agreed with a client, and what became of it."""

    plan: PlanCard | None
    homework: list[HomeworkCard]
    ended: list[HomeworkCard]
    goals: list[GoalCard]
    resources: list[ResourceCard]
    longer: frozenset[str] = frozenset()
    """The lists of which there are more than are shown."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        lists = (self.homework, self.ended, self.goals, self.resources)
        return (self.plan is None or self.plan.is_empty) and not any(lists)


def care_cards(
    plan: PlanView | None,
    homework: DocumentPage[HomeworkView],
    goals: DocumentPage[GoalView],
    resources: DocumentPage[ResourceView],
    today: date,
    last: LastChanges = _NOBODY,
) -> CareCards:
    """All of it, as of the client's local day `today`; `last` knows who wrote."""
    going_on = [one for one in homework.items if not is_ended(one.homework, today)]
    ended = [one for one in homework.items if is_ended(one.homework, today)]
    longer = {
        "homework": len(going_on) > MOST_CARDS,
        "ended": homework.last is not None or len(ended) > MOST_CARDS,
        "goals": goals.last is not None,
        "resources": resources.last is not None,
    }
    return CareCards(
        plan=None if plan is None else plan_card(plan.plan, today, last.words(plan)),
        homework=[homework_card(one, today, last.words(one)) for one in going_on[:MOST_CARDS]],
        ended=[homework_card(one, today, last.words(one)) for one in ended[:MOST_CARDS]],
        goals=[goal_card(one, last.words(one)) for one in goals.items[:MOST_CARDS]],
        resources=[resource_card(one, last.words(one)) for one in resources.items[:MOST_CARDS]],
        longer=frozenset(name for name, is_longer in longer.items() if is_longer),
    )


def plan_card(plan: Plan, today: date, changed: str = "") -> PlanCard:
    """A plan, prepared; what is over by `today` is left out."""
    sections = [one for one in plan.sections.values() if _is_yet(one.active_to, today)]
    trackers = [one for one in plan.trackers.values() if _is_yet(one.until, today)]
    return PlanCard(
        introduction=prose(plan.introduction),
        journal=phrases.rule(plan.journal_rule) if plan.journal_rule else "daily" if sections else "",
        sections=[
            PlanQuestion(
                one.prompt,
                phrases.joined(_answered_by(one.type, one.low, one.high, one.unit), _from(one.active_from, today)),
            )
            for one in sections
        ],
        trackers=[PlanQuestion(one.name, _tracker(one, today)) for one in trackers],
        assessments=[_assessment(one) for one in plan.assessments.values() if _is_yet(one.until, today)],
        pauses=[_pause(one) for one in plan.pauses.values() if _is_yet(one.last, today)],
        paused=is_paused(plan, today),
        day_begins=f"{plan.day_begins:02}:00" if plan.day_begins else "",
        safety=_safety(plan),
        problems=plan.problems,
        changed=changed,
    )


# --- plan -------------------------------------------------------------------------------------------------------------


def _answered_by(type_: str, low: float | None, high: float | None, unit: str) -> str:
    if type_ in ("scale", "number"):
        bounds = "" if low is None or high is None else f"{phrases.number(low)} to {phrases.number(high)}"
        return phrases.joined("number" if type_ == "number" else "", bounds, unit, by=" ")
    return _TYPES.get(type_, type_)


def _tracker(tracker: PlanTracker, today: date) -> str:
    scale = f"{phrases.number(tracker.low)} to {phrases.number(tracker.high)}{_labels(tracker.labels)}"
    until = "" if tracker.until is None else f"to {phrases.day(tracker.until)}"
    when = phrases.joined(scale, phrases.rule(tracker.rule), _from(tracker.since, today), until)
    return phrases.joined(tracker.question, when, by=" ")


def _labels(labels: Sequence[Label]) -> str:
    named = ", ".join(f"{phrases.number(one.at)} {one.text}" for one in labels)
    return f" ({named})" if named else ""


def _assessment(one: ScheduledAssessment) -> PlanQuestion:
    when = [phrases.rule(one.rule) if one.rule else "", "before each session" if one.before_each_session else ""]
    return PlanQuestion(one.instrument, phrases.joined(*when))


def _pause(pause: Pause) -> PlanQuestion:
    first = "" if pause.first is None else phrases.day(pause.first)
    last = "until further notice" if pause.last is None else f"to {phrases.day(pause.last)}"
    return PlanQuestion(
        f"{first} {last}".strip(), phrases.joined("" if pause.reason == "other" else pause.reason, pause.note)
    )


def _safety(plan: Plan) -> list[SafetyGroup]:
    found = []
    for part in get_args(SafetyPart):
        steps = [(one.text, one.contact) for one in plan.safety_plan.values() if one.part == part]
        if steps:
            found.append(SafetyGroup(_PARTS[part], steps))
    return found


# --- goals and resources ----------------------------------------------------------------------------------------------

_GOAL_STATES: Mapping[str, str] = {"open": "", "reached": "reached", "let_go": "let go"}


def goal_card(view: GoalView, changed: str) -> GoalCard:
    """A goal, prepared; `changed` says who changed it last."""
    goal = view.goal
    return GoalCard(
        id=view.id,
        what=goal.what,
        why=prose(goal.why),
        state=_GOAL_STATES[goal.state],
        steps=[(step.text, step.done_on) for step in goal.steps.values()],
        problems=goal.problems,
        changed=changed,
    )


def resource_card(view: ResourceView, changed: str) -> ResourceCard:
    """A resource, prepared; `changed` says who changed it last."""
    resource = view.resource
    helped = f"helped {phrases.count(view.helped, 'time')}" if view.helped else ""
    did_not = f"did not help {phrases.count(view.did_not_help, 'time')}" if view.did_not_help else ""
    return ResourceCard(
        id=view.id,
        title=resource.title,
        text=prose(resource.text),
        steps=[step.text for step in resource.steps.values()],
        link=resource.link,
        tags=resource.tags,
        verdict=phrases.joined(helped, did_not) or "no feedback yet",
        problems=resource.problems,
        changed=changed,
    )


# --- words ------------------------------------------------------------------------------------------------------------


def _is_yet(last: date | None, today: date) -> bool:
    return last is None or last >= today


def _from(first: date | None, today: date) -> str:
    return "" if first is None or first <= today else f"from {phrases.day(first)}"
