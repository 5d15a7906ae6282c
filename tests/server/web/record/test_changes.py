from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from intersession_schemas.documents.care.goals import Goal, GoalStep
from intersession_schemas.documents.care.homework import Homework
from intersession_schemas.documents.care.plan import Plan, PlanTracker, TemplateSection
from intersession_schemas.documents.care.resources import Resource
from intersession_schemas.documents.care.templates import Template
from intersession_schemas.documents.forms import Field
from intersession_schemas.errors import InvalidField
from intersession_server.web.record import changes
from intersession_server.web.record.changes import change_of, changed, heads_of, new_of

REQUESTS = {
    "GoalChange": change_of(Goal),
    "HomeworkChange": change_of(Homework),
    "NewHomework": new_of(Homework),
    "PlanChange": change_of(Plan),
    "ResourceChange": change_of(Resource),
    "NewGoal": new_of(Goal),
    "NewResource": new_of(Resource),
    "NewTemplate": new_of(Template),
}


def given(name: str, **body: Any) -> Any:
    """A request's body, read."""
    return msgspec.convert(body, REQUESTS[name])


def ids() -> Callable[[], str]:
    numbers = itertools.count(1)
    return lambda: f"made-{next(numbers)}"


GOAL = Goal(
    what="sleep", why="work", steps={"a": GoalStep(order=0.0, text="tea"), "b": GoalStep(order=4.0, text="dark")}
)


def test_what_is_left_out_stays() -> None:
    assert changed(GOAL, given("GoalChange"), ids()) == GOAL
    after = changed(GOAL, given("GoalChange", why="family", steps={"a": {"done_on": "2026-03-02"}}), ids())
    assert (after.what, after.why, after.steps["b"]) == ("sleep", "family", GOAL.steps["b"])
    assert (after.steps["a"].text, str(after.steps["a"].done_on)) == ("tea", "2026-03-02")


def test_null_removes_an_element_and_only_empties_a_field() -> None:
    assert set(changed(GOAL, given("GoalChange", steps={"a": None, "none": None}), ids()).steps) == {"b"}
    homework = Homework(what="x", confidence=4)
    assert changed(homework, given("HomeworkChange", confidence=None), ids()).confidence is None


def test_new_elements_come_last_under_the_id_given_or_one_made_here() -> None:
    after = changed(
        GOAL, given("GoalChange", steps={"c": {"text": "1"}, "+": {"text": "2"}, "+x": {"text": "3"}}), ids()
    )
    assert list(after.steps) == ["a", "b", "c", "made-1", "made-2"]
    assert [step.order for step in after.steps.values()] == [0.0, 4.0, 5.0, 6.0, 7.0]
    placed = changed(GOAL, given("GoalChange", steps={"c": {"text": "1", "order": 2}}), ids())
    assert placed.steps["c"].order == 2


def test_a_rule_in_words_is_kept_as_a_rule() -> None:
    body = given("PlanChange", journal_rule="weekdays", trackers={"+": {"name": "worry", "rule": "weekly"}})
    after = changed(Plan(journal_rule="daily"), body, ids())
    assert after.journal_rule == "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
    assert after.trackers["made-1"] == PlanTracker(name="worry", rule="FREQ=WEEKLY")
    assert changed(after, given("PlanChange", journal_rule=""), ids()).journal_rule == ""
    with pytest.raises(InvalidField):
        changed(after, given("PlanChange", journal_rule="now and then"), ids())


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("GoalChange", {"whatever": 1}),
        ("GoalChange", {"problems": []}),
        ("GoalChange", {"made_at": "2026-03-02T09:00:00Z"}),
        ("NewHomework", {"predecessor": "00000000-0000-4000-8000-000000000000"}),
        ("NewHomework", {"based_on": []}),
        ("GoalChange", {"steps": {"a": {"whatever": 1}}}),
        ("GoalChange", {"what": "x" * 1001}),
        ("GoalChange", {"based_on": ["x"]}),
        ("PlanChange", {"sections": {"a": {"type": "essay"}}}),
    ],
)
def test_what_is_no_field_of_a_request_is_refused(name: str, body: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        given(name, **body)


def test_the_version_that_was_edited() -> None:
    assert heads_of(given("GoalChange")) is None
    assert heads_of(given("GoalChange", based_on=["ab" * 32])) == (b"\xab" * 32,)
    assert heads_of(given("NewGoal")) is None


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("PlanChange", Plan),
        ("HomeworkChange", Homework),
        ("GoalChange", Goal),
        ("ResourceChange", Resource),
        ("NewTemplate", Template),
        ("TemplateSectionChange", TemplateSection),
        ("FieldChange", Field),
    ],
)
def test_a_request_has_the_fields_of_its_model(name: str, model: Any) -> None:
    elements = {made.__name__: made for made in changes._made.values()}
    fields = set((elements.get(name) or REQUESTS[name]).__struct_fields__)
    said_by_the_server = {"problems", "assigned_at", "made_at", "predecessor"}
    assert fields - {"based_on"} == set(model.__struct_fields__) - said_by_the_server
