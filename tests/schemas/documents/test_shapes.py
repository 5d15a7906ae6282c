"""Records of fields: what is written is read, what none may hold is refused, odd documents are read all the same."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.schemas.documents.invented import record
from tests.schemas.documents.records import AT, SECRET, actor, change, each_kind, element, plan, written

from intersession_schemas.changes import MAX_CHANGE_OPERATIONS, read_change
from intersession_schemas.crdt import ROOT, Document, Edit
from intersession_schemas.documents.care.comments import NOTE, Note
from intersession_schemas.documents.care.goals import GOAL, Goal, GoalStep
from intersession_schemas.documents.care.homework import HOMEWORK, PROGRESS, Homework, HomeworkProgress
from intersession_schemas.documents.care.plan import PLAN, Plan, PlanTracker, TemplateSection
from intersession_schemas.documents.care.resources import RESOURCE, Resource
from intersession_schemas.documents.forms import Answer, Field, Label
from intersession_schemas.documents.shapes import MAX_ELEMENTS, Shape
from intersession_schemas.errors import InvalidField
from intersession_schemas.records.kinds import MODELS, SHAPES
from intersession_schemas.streams import Kind

# -- every kind --------------------------------------------------------------------------------------------------------


@each_kind
@given(st.data())
@settings(max_examples=15, deadline=None)
def test_what_is_written_and_then_changed_is_read(kind: Kind, data: st.DataObject) -> None:
    shape = Shape(kind, SHAPES[kind].model)  # any values: what may be written of them is the kinds' own tests
    first, second = data.draw(record(shape.model)), data.draw(record(shape.model))
    document = Document.new(actor(1))
    elsewhere = Document.new(actor(2))
    elsewhere.apply([shape.create(document, first)])
    assert shape.read(elsewhere) == first
    assert shape.update(document, first, first) is None
    made = shape.update(document, first, second)
    assert (made is None) == (first == second)
    elsewhere.apply(document.changes())
    assert shape.read(elsewhere) == second
    assert elsewhere.scalar("kind") == kind.value


@each_kind
def test_an_empty_document_of_every_kind_is_read_with_problems(kind: Kind) -> None:
    found = SHAPES[kind].read(Document.new(actor(1)))
    assert replace(found, problems=()) == SHAPES[kind].model()
    assert MODELS[kind] is SHAPES[kind].model


@each_kind
@given(st.data())
@settings(max_examples=15, deadline=None)
def test_odd_content_of_every_kind_is_read_leniently(kind: Kind, data: st.DataObject) -> None:
    shape = Shape(kind, SHAPES[kind].model)
    document = written(shape, data.draw(record(shape.model)))
    names = st.sampled_from(shape.model.__struct_fields__)
    odd = st.sampled_from([None, True, 5, -1.5, float("nan"), b"bytes", SECRET, "[" * 5_000, '{"at":1}', "null", "[5]"])
    maps = [ROOT]
    for where in (ROOT, *(document.object(name, "map") for name in shape.model.__struct_fields__)):
        keys = document.keys(where) if where is not None else []
        maps += [found for key in keys if (found := document.object(key, "map", where or ROOT)) is not None]
    with document.edit() as edit:
        for _ in range(data.draw(st.integers(1, 4))):
            where, name = data.draw(st.sampled_from(maps)), data.draw(names | st.sampled_from(["prompt", "order", "x"]))
            match data.draw(st.integers(0, 3)):
                case 0:
                    edit.put(name, data.draw(odd), where)
                case 1:
                    edit.put_map(name, where)
                case 2:
                    edit.put_text(name, SECRET, where)
                case _:
                    if name in document.keys(where):
                        edit.delete(name, where)
                        break  # the document's keys are those from before this edit
    found = shape.read(document)
    assert isinstance(found, shape.model)
    assert SECRET not in str(found.problems)
    assert shape.update(document, found, found) is None


# -- one editor --------------------------------------------------------------------------------------------------------


def test_an_update_writes_only_what_differs() -> None:
    document = plan(trackers={"t": PlanTracker(name="mood", rule="FREQ=WEEKLY")})
    for fields, operations in (
        ({"journal_rule": "FREQ=DAILY"}, 1),
        ({"introduction": "Write in the late evening."}, 5),
        ({"journal_since": date(2026, 5, 4), "safety_resources": (UUID(int=1),)}, 2),
    ):
        made = change(PLAN, document, **fields)
        assert made is not None
        assert read_change(made).operations == operations
    for where, id_, changes, count in (
        ("sections", "a", {"order": 5.0}, 1),
        ("trackers", "t", {"low": 1, "high": 5, "labels": (Label(1, "low"),)}, 3),
        ("sections", "b", {"prompt": "What happened today?"}, 6),
    ):
        made = element(PLAN, document, where, id_, **changes)
        assert made is not None
        assert read_change(made).operations == count
    assert change(PLAN, document, introduction="Write in the late evening.") is None


def test_elements_are_shown_by_their_order_and_by_id_where_it_is_the_same() -> None:
    orders = {"d": 2, "c": 1, "b": 1, "a": 3}
    document = plan(sections={id_: TemplateSection(prompt=id_, order=order) for id_, order in orders.items()})
    assert list(PLAN.read(document).sections) == ["b", "c", "d", "a"]


def test_a_value_may_become_none_again_and_a_default_be_set() -> None:
    document = plan(journal_since=date(2026, 5, 4), journal_rule="FREQ=WEEKLY")
    change(PLAN, document, journal_since=None, journal_rule="")
    found = PLAN.read(document)
    assert (found.journal_since, found.journal_rule, found.problems) == (None, "", ())


def test_the_same_plan_is_the_same_bytes_in_every_process() -> None:
    """Also the order in which elements are removed, which a set would leave to each process's own hashing."""
    source = (
        "from intersession_schemas.crdt import Document;"
        "from intersession_schemas.documents.care.goals import *; document = Document.new(b'1' * 16);"
        "goal = Goal(what='x', steps={name: GoalStep(text=name) for name in ('one', 'two', 'three', 'four')});"
        "print(GOAL.create(document, goal).hex());"
        "print(GOAL.update(document, goal, Goal(what='x y')).hex())"
    )
    made = [
        subprocess.run(
            [sys.executable, "-c", source],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert made[0] == made[1]


def test_unknown_fields_and_elements_stay() -> None:
    document = plan()
    with document.edit() as edit:
        edit.put("from the future", "value")
    change(PLAN, document, introduction="New.")
    assert document.scalar("from the future") == "value"
    assert PLAN.read(document).problems == ()


def test_the_text_of_a_record_is_what_people_wrote() -> None:
    progress = HomeworkProgress(
        learned="It was fine.",
        barrier="forgot",
        barrier_note="None.",
        answers=(Answer(prompt="Which?", type="several_of", value=("tea", "milk")), Answer(value="words")),
    )
    text = PROGRESS.text(progress)
    assert text.split("\n\n") == ["once", "Which?", "tea", "milk", "words", "It was fine.", "None."]
    assert GOAL.text(Goal(what="A", steps={"s": GoalStep(text="B")})).split("\n\n") == ["A", "B"]


# -- what may not be written -------------------------------------------------------------------------------------------

INVALID: dict[str, tuple[Shape[Any], Any]] = {
    "a text too long": (GOAL, Goal(what=SECRET * 99)),
    "a text in a number": (HOMEWORK, Homework(what="x", confidence=SECRET)),  # type: ignore[arg-type]
    "a rating of 11": (HOMEWORK, Homework(what="x", confidence=11)),
    "a rating of true": (HOMEWORK, Homework(what="x", confidence=True)),
    "no choice": (GOAL, Goal(what="x", state=SECRET)),  # type: ignore[arg-type]
    "half a surrogate pair": (GOAL, Goal(what=SECRET + "\ud800")),
    "half a surrogate pair in an id": (GOAL, Goal(what="x", steps={SECRET[:20] + "\ud800": GoalStep(text="x")})),
    "no number": (PLAN, Plan(trackers={"t": PlanTracker(name="x", high=float("inf"))})),
    "a naive time": (GOAL, Goal(what="x", made_at=datetime(2026, 5, 4))),  # noqa: DTZ001
    "an id too long": (GOAL, Goal(what="x", steps={SECRET * 3: GoalStep(text="x")})),
    "an id of two lines": (GOAL, Goal(what="x", steps={"nobody\n": GoalStep(text="x")})),
    "no id": (GOAL, Goal(what="x", steps={"": GoalStep(text="x")})),
    "an id that is no text": (GOAL, Goal(what="x", steps={5: GoalStep(text="x")})),  # type: ignore[dict-item]
    "no element": (GOAL, Goal(what="x", steps={"s": SECRET})),  # type: ignore[dict-item]
    "something else": (GOAL, Goal(what=object())),  # type: ignore[arg-type]
    "a day in text": (HOMEWORK, Homework(what="x", since="2026-05-04", until=date(2026, 5, 5))),  # type: ignore[arg-type]
    "an id in text": (HOMEWORK, Homework(what="x", goal=str(UUID(int=1)))),  # type: ignore[arg-type]
    "a moment for a day": (HOMEWORK, Homework(what="x", due=AT)),
    "a day for a text": (GOAL, Goal(what=date(2026, 5, 4))),  # type: ignore[arg-type]
    "bytes": (GOAL, Goal(what=SECRET.encode())),  # type: ignore[arg-type]
    "an element's text too long": (GOAL, Goal(what="x", steps={"s": GoalStep(text=SECRET * 99)})),
    "too many tags": (RESOURCE, Resource(title="x", text="y", tags=(SECRET,) * 21)),
    "too many elements": (GOAL, Goal(what="x", steps={str(n): GoalStep(text="x") for n in range(MAX_ELEMENTS + 1)})),
    "too much at once": (
        GOAL,
        Goal(what="x", steps={str(number): GoalStep(text=SECRET * 30) for number in range(30)}),
    ),
}


@pytest.mark.parametrize(("shape", "value"), INVALID.values(), ids=INVALID)
def test_what_no_record_may_hold_is_refused_without_being_quoted(shape: Shape[Any], value: Any) -> None:
    document = Document.new(actor(1))
    with pytest.raises(InvalidField) as caught:
        shape.create(document, value)
    assert "nobody" not in str(caught.value)
    assert document.heads == ()


@pytest.mark.parametrize(("shape", "value"), INVALID.values(), ids=INVALID)
def test_nor_may_an_edit_write_it(shape: Shape[Any], value: Any) -> None:
    good: dict[Shape[Any], Any] = {
        GOAL: Goal(what="x"),
        HOMEWORK: Homework(what="x"),
        PLAN: Plan(),
        RESOURCE: Resource(title="x", text="y"),
    }
    document = written(shape, good[shape])
    heads = document.heads
    with pytest.raises(InvalidField) as caught:
        shape.update(document, good[shape], value)
    assert "nobody" not in str(caught.value)
    assert (document.heads, shape.read(document)) == (heads, good[shape])


def test_the_largest_records_fit_into_one_change_and_rewriting_them_takes_two() -> None:
    document = written(NOTE, Note(text="a " * 6_000, made_at=AT))
    with pytest.raises(InvalidField, match="Split it into two"):
        change(NOTE, document, text="b" * 11_999)
    assert change(NOTE, document, text="b")
    made = change(NOTE, document, text="b" * 12_000)
    assert made is not None
    assert read_change(made).operations < MAX_CHANGE_OPERATIONS
    fields = {str(number): Field(prompt="x" * 40, low=1, order=number) for number in range(400)}
    assert read_change(HOMEWORK.create(Document.new(actor(1)), Homework(what="x", fields=fields))).operations < 20_000


# -- odd documents -----------------------------------------------------------------------------------------------------


def altered(write: Callable[[Edit, Document], object]) -> Plan:
    document = plan(journal_rule="FREQ=WEEKLY", journal_since=date(2026, 5, 4))
    with document.edit() as edit:
        write(edit, document)
    return PLAN.read(document)


@pytest.mark.parametrize("key", ["introduction", "journal_rule", "journal_since", "sections", "safety_resources"])
@pytest.mark.parametrize("odd", [5, True, b"x", float("nan"), "map", "text"], ids=str)
def test_a_field_of_another_kind_is_its_default_and_a_problem(key: str, odd: Any) -> None:
    def write(edit: Edit, _: Document) -> None:
        if odd == "map" and key != "sections":
            edit.put_map(key)
        elif odd == "text" and key != "introduction":
            edit.put_text(key, SECRET)
        else:
            edit.put(key, 5 if isinstance(odd, str) else odd)

    found = altered(write)
    assert getattr(found, key) == getattr(Plan(), key)
    assert [problem.split(":")[0] for problem in found.problems] == [key]
    assert SECRET not in str(found.problems)


def test_odd_elements_are_listed_and_the_others_read() -> None:
    def write(edit: Edit, document: Document) -> None:
        sections = document.object("sections", "map") or ROOT
        edit.put("c", SECRET, sections)
        edit.put_map("\n", sections)
        edit.put_map("x" * 65, sections)
        edit.put("order", float("inf"), document.object("a", "map", sections) or ROOT)
        edit.put_map("d", sections)

    found = altered(write)
    assert list(found.sections) == ["a", "d", "b"]
    assert sorted(problem.split(":")[0] for problem in found.problems) == [
        "sections",
        "sections",
        "sections a",
        "sections c",
        "sections d",
    ]


def test_a_plan_of_a_version_without_some_elements_gets_them_when_the_first_is_added() -> None:
    document = plan()
    with document.edit() as edit:
        edit.delete("pauses")
        edit.delete("introduction")
    before = PLAN.read(document)
    assert [problem.split(":")[0] for problem in before.problems] == ["introduction", "pauses"]
    assert PLAN.update(document, before, before) is None
    after = replace(before, introduction="Again.", trackers={"t": PlanTracker(name="mood")})
    PLAN.update(document, before, after)
    assert PLAN.read(document).introduction == "Again."
    assert [problem.split(":")[0] for problem in PLAN.read(document).problems] == ["pauses"]


def test_two_wrongs_of_somebody_else_keep_nobody_from_writing() -> None:
    """An element without what it needs, and a field with what it may not hold, both there already."""
    document = Document.new(b"a" * 16)
    made = Resource(title="Breathing", text="In and out.", made_at=datetime(2026, 5, 4, tzinfo=UTC))
    RESOURCE.create(document, made)
    with document.edit() as edit:
        edit.put("link", "mischief")
        steps = document.object("steps", "map")
        assert steps is not None
        edit.put("order", 0.0, edit.put_map("mischief", steps))
    before = RESOURCE.read(document)
    assert (before.link, list(before.steps)) == ("mischief", ["mischief"])
    assert RESOURCE.update(document, before, replace(before, text="Slowly.")) is not None
    after = RESOURCE.read(document)
    assert after.text == "Slowly."
    with pytest.raises(InvalidField, match="text"):  # what is this edit's own is refused all the same
        RESOURCE.update(
            document, after, replace(after, steps={**after.steps, "mine": replace(after.steps["mischief"])})
        )
