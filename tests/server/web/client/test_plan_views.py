from __future__ import annotations

from datetime import date
from typing import Any, get_args
from uuid import uuid4

from tests.server.web.practice import MONDAY

from intersession_schemas.documents.care.goals import Goal, GoalState, GoalStep
from intersession_schemas.documents.care.plan import (
    Pause,
    PauseReason,
    Plan,
    PlanTracker,
    SafetyPart,
    SafetyStep,
    ScheduledAssessment,
    TemplateSection,
)
from intersession_schemas.documents.care.resources import Resource
from intersession_schemas.documents.forms import FieldType, Label
from intersession_server.projections.read_models import GoalView, ResourceView
from intersession_server.web.client import plan_views
from intersession_server.web.client.plan_views import PlanQuestion, goal_card, plan_card, resource_card

TODAY = date(2026, 3, 2)
FACTS: dict[str, Any] = {
    "author": uuid4(),
    "arrived_at": MONDAY,
    "changed_by": uuid4(),
    "changed_at": MONDAY,
    "heads": [],
}


def test_a_plan_at_a_glance() -> None:
    made = plan_card(
        Plan(
            introduction="each evening",
            sections={
                "a": TemplateSection(prompt="What helped?"),
                "b": TemplateSection(prompt="How long?", type="number", unit="hours"),
                "c": TemplateSection(prompt="How bad?", type="scale", low=0, high=10, active_from=date(2026, 3, 9)),
                "d": TemplateSection(prompt="over", active_to=date(2026, 3, 1)),
            },
            trackers={
                "t": PlanTracker(
                    name="worry", question="How much?", low=1, high=5, labels=(Label(5, "most"),), rule="FREQ=WEEKLY"
                ),
                "u": PlanTracker(name="over", until=date(2026, 3, 1)),
            },
            assessments={"s": ScheduledAssessment(instrument="check-in", before_each_session=True)},
            pauses={"p": Pause(first=TODAY, reason="holiday", note="at sea"), "q": Pause(first=TODAY, last=TODAY)},
        ),
        TODAY,
    )
    assert made.journal == "daily"
    assert made.sections == [
        PlanQuestion("What helped?", "text"),
        PlanQuestion("How long?", "number hours"),
        PlanQuestion("How bad?", "0 to 10, from Mon 9 Mar 2026"),
    ]
    assert made.trackers == [PlanQuestion("worry", "How much? 1 to 5 (5 most), weekly")]
    assert made.assessments == [PlanQuestion("Check-in", "before each session")]
    assert made.pauses == [
        PlanQuestion("Mon 2 Mar 2026 until further notice", "holiday, at sea"),
        PlanQuestion("Mon 2 Mar 2026 to Mon 2 Mar 2026", ""),
    ]
    assert made.paused


def test_an_empty_plan_is_told_from_one_that_says_something() -> None:
    assert plan_card(Plan(), TODAY).is_empty
    assert not plan_card(Plan(introduction="x"), TODAY).is_empty
    assert not plan_card(Plan(problems=("introduction: missing",)), TODAY).is_empty


def test_the_safety_plan_is_gone_through_in_its_order() -> None:
    steps = {
        "1": SafetyStep(part="professionals", text="the crisis line", contact="in the telephone book"),
        "2": SafetyStep(part="warning_signs", text="no sleep", order=1.0),
    }
    groups = plan_card(Plan(safety_plan=steps), TODAY).safety
    assert [group.title for group in groups] == ["Warning signs", "Professionals and services"]
    assert groups[1].steps == [("the crisis line", "in the telephone book")]


def test_goals_and_resources_in_words() -> None:
    steps = {"a": GoalStep(text="no screens", done_on=TODAY), "b": GoalStep(text="dark")}
    goal = GoalView(id=uuid4(), goal=Goal(what="sleep", state="let_go", steps=steps), **FACTS)
    resource = Resource(title="Breathing", text="in and out")
    views = [
        ResourceView(id=uuid4(), resource=resource, helped=helped, did_not_help=did_not, **FACTS)
        for helped, did_not in ((0, 0), (2, 0), (1, 1))
    ]
    card = goal_card(goal, "")
    assert (card.state, card.steps) == ("let go", [("no screens", TODAY), ("dark", None)])
    assert [resource_card(one, "").verdict for one in views] == [
        "no feedback yet",
        "helped 2 times",
        "helped 1 time, did not help 1 time",
    ]


def test_there_are_words_for_everything() -> None:
    assert all(map(plan_views.part_title, get_args(SafetyPart)))
    assert all(map(plan_views.state_words, get_args(GoalState)))
    assert all(map(plan_views.reason_words, get_args(PauseReason)))
    assert all(map(plan_views.type_words, get_args(FieldType)))
