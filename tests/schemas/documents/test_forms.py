"""Questions and answers: each type of question, what fits it, and the wording that an answer keeps."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from msgspec.structs import replace

from intersession_schemas.documents.forms import Answer, Field, Label, answer, answers, check_answer, check_field
from intersession_schemas.errors import InvalidField

SECRET = "nobody may read this sentence"
ENDS: dict[str, Any] = {"low": 0, "high": 10}
FIELDS = {
    "prose": Field(prompt="Tell"),
    "scale": Field(prompt="How low?", type="scale", low=0, high=10, labels=(Label(0, "fine"), Label(10, "awful"))),
    "number": Field(prompt="How many?", type="number", unit="cups"),
    "few": Field(prompt="How many, at most 5?", type="number", high=5),
    "yes_no": Field(prompt="Did you?", type="yes_no"),
    "one_of": Field(prompt="Which?", type="one_of", options=("tea", "milk")),
    "several_of": Field(prompt="Which ones?", type="several_of", options=("tea", "milk", "water")),
    "checklist": Field(prompt="Which are done?", type="checklist", options=("a", "b")),
    "time": Field(prompt="When?", type="time"),
}


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("prose", "Well.", "Well."),
        ("prose", "", ""),
        ("scale", 0, 0),
        ("scale", 2.5, 2.5),
        ("scale", 10, 10),
        ("number", -3, -3),
        ("number", 10**15, 10**15),
        ("few", 5, 5),
        ("yes_no", False, False),
        ("one_of", "milk", "milk"),
        ("several_of", ["water", "tea"], ("tea", "water")),
        ("several_of", {"milk"}, ("milk",)),
        ("several_of", (), ()),
        ("checklist", ("b", "b"), ("b",)),
        ("time", "07:05", "07:05"),
        ("time", time(22, 30, 59), "22:30"),
    ],
)
def test_what_fits_a_question_is_its_answer(name: str, value: object, kept: object) -> None:
    found = answer("k", FIELDS[name], value)
    assert (found.key, found.prompt, found.type) == ("k", FIELDS[name].prompt, FIELDS[name].type)
    assert found.value == kept
    assert type(found.value) is type(kept)
    check_answer(found.type, found.value)
    assert answer("k", FIELDS[name], None).value is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("prose", 5),
        ("prose", SECRET * 999),
        ("prose", "\ud800"),
        ("scale", -1),
        ("scale", 11),
        ("scale", True),
        ("scale", "5"),
        ("scale", float("nan")),
        ("number", float("inf")),
        ("number", 10**16),
        ("few", 6),
        ("yes_no", 1),
        ("yes_no", "yes"),
        ("one_of", SECRET),
        ("one_of", 1),
        ("one_of", ["tea"]),
        ("several_of", "tea"),
        ("several_of", [SECRET]),
        ("several_of", [["tea"]]),
        ("several_of", 5),
        ("checklist", {"a": True}),
        ("time", "24:00"),
        ("time", "7:05"),
        ("time", "07:05:00"),
        ("time", 7),
    ],
)
def test_what_does_not_fit_is_refused_without_being_quoted(name: str, value: object) -> None:
    with pytest.raises(InvalidField) as caught:
        answer("k", FIELDS[name], value)
    assert "nobody" not in str(caught.value)


@pytest.mark.parametrize(("name", "empty"), [(name, None) for name in FIELDS] + [("prose", " "), ("checklist", [])])
def test_a_required_question_is_answered(name: str, empty: object) -> None:
    with pytest.raises(InvalidField):
        answer("k", replace(FIELDS[name], required=True), empty)


def test_no_and_zero_are_answers() -> None:
    assert answer("k", replace(FIELDS["yes_no"], required=True), False).value is False
    assert answer("k", replace(FIELDS["scale"], required=True), 0).value == 0


def test_an_answer_keeps_the_wording_after_the_question_was_reworded() -> None:
    given = answer("k", FIELDS["scale"], 10)
    assert given == Answer(key="k", prompt="How low?", type="scale", value=10, label="awful")
    assert answer("k", FIELDS["scale"], 5).label == ""
    assert answer("k", FIELDS["number"], 2).unit == "cups"


def test_a_form_is_answered_by_ids_or_prompts_in_its_own_order() -> None:
    found = answers(FIELDS, {"time": "08:00", "Tell": "Well.", "yes_no": True})
    assert [one.key for one in found] == ["prose", "yes_no", "time"]
    assert answers(FIELDS, {}) == ()


def test_a_form_refuses_what_it_does_not_ask_and_what_is_missing_or_said_twice() -> None:
    for given in ({SECRET: "x"}, {"prose": "x", "Tell": "y"}):
        with pytest.raises(InvalidField) as caught:
            answers(FIELDS, given)
        assert "nobody" not in str(caught.value)
    with pytest.raises(InvalidField):
        answers({"a": Field(prompt="?", required=True)}, {})


@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS)
def test_questions_that_can_be_answered_are_taken(field: Field) -> None:
    check_field("A question", field)


@pytest.mark.parametrize(
    "field",
    [
        Field(),
        Field(prompt=" "),
        Field(prompt="?", type="scale"),
        Field(prompt="?", type="scale", low=0),
        Field(prompt="?", type="scale", low=3, high=3),
        Field(prompt="?", type="number", low=3, high=1),
        Field(prompt="?", type="one_of"),
        Field(prompt="?", type="checklist", options=("a", " ")),
        Field(prompt="?", type="several_of", options=("a", "a")),
    ],
)
def test_questions_nobody_can_answer_are_refused(field: Field) -> None:
    with pytest.raises(InvalidField, match="A question"):
        check_field("A question", field)


@pytest.mark.parametrize(
    ("type_", "value"),
    [("unknown", 1), ("several_of", ["a"]), ("several_of", (5,)), ("one_of", "x" * 201), ("checklist", ("a",) * 51)],
)
def test_an_answer_of_no_known_question_still_has_its_type(type_: Any, value: object) -> None:
    with pytest.raises(InvalidField):
        check_answer(type_, value)
