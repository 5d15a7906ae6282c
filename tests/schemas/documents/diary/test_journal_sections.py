"""Typed sections of a journal entry: a scale, a number, a choice beside the prose, with the wording of then."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.schemas.documents.invented import characters

from intersession_schemas.changes import read_change
from intersession_schemas.crdt import ROOT, Document
from intersession_schemas.documents.diary import journal
from intersession_schemas.documents.diary.sections import Section, answered_again, sections_from
from intersession_schemas.documents.forms import Field, Label
from intersession_schemas.errors import InvalidField

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
SECRET = "nobody may read this sentence"
SCALE = Section("How low?", "a bit", "low", "scale", 3, "fairly", "")
TYPED = (
    Section("What happened?", "Nothing much.", "what"),
    SCALE,
    Section("How many?", key="n", type="number", value=2.5, unit="cups"),
    Section("Did you?", key="d", type="yes_no", value=False),
    Section("Which?", key="w", type="one_of", value="tea"),
    Section("Which ones?", key="s", type="several_of", value=("tea", "milk")),
    Section("Which are done?", key="c", type="checklist", value=()),
    Section("When?", key="t", type="time", value="22:30"),
    Section("And this?", key="x", type="yes_no"),
)


def actor(number: int) -> bytes:
    return bytes([number]) * 16


def entry(*sections: Section) -> Document:
    document = Document.new(actor(1))
    journal.create(document, written_at=AT, entered_at=AT, sections=sections)
    return document


def copy_of(document: Document, number: int) -> Document:
    return Document.load(document.save(), actor(number))


def merged(one: Document, other: Document) -> tuple[Section, ...]:
    one.apply(other.changes())
    other.apply(one.changes())
    assert journal.read(one) == journal.read(other)
    return journal.read(one).sections


def test_typed_sections_are_read_as_they_were_written() -> None:
    found = journal.read(copy_of(entry(*TYPED), 2))
    assert (found.sections, found.problems) == (TYPED, ())
    assert [type(section.value) for section in found.sections] == [type(section.value) for section in TYPED]


def test_prose_is_stored_as_it_ever_was() -> None:
    document = entry(TYPED[0])
    section = document.object("1", "map", document.object("sections", "map") or ROOT)
    assert document.keys(section or ROOT) == ["key", "prompt", "text"]


@given(
    st.floats(-(10.0**15), 10.0**15) | st.integers(-(10**15), 10**15),
    st.lists(st.text(characters, max_size=9), max_size=4).map(tuple),
    st.text(characters, max_size=20),
)
@settings(max_examples=40, deadline=None)
def test_every_number_and_option_comes_back(number: float, options: tuple[str, ...], unit: str) -> None:
    given = (
        Section("?", type="number", value=number, unit=unit),
        Section("?", type="several_of", value=options, label=unit),
    )
    assert journal.read(entry(*given)).sections == given


def test_an_edit_changes_a_value_and_only_that() -> None:
    document = entry(*TYPED)
    after = tuple(replace(one, value=5, label="much") if one is SCALE else one for one in TYPED)
    change = journal.edit(document, sections=after)
    assert change is not None
    assert read_change(change).operations == 1
    assert journal.read(document).sections == after
    assert journal.edit(document, sections=after) is None


def test_a_section_given_as_prose_keeps_the_answer_it_has() -> None:
    document = entry(SCALE)
    journal.edit(document, sections=[Section("How low?", "quite a bit", "low")])
    assert journal.read(document).sections == (replace(SCALE, text="quite a bit"),)


def test_an_answer_may_be_taken_back_and_given_later() -> None:
    document = entry(SCALE)
    journal.edit(document, sections=[replace(SCALE, value=None, label="")])
    assert journal.read(document).sections[0].value is None
    journal.edit(document, sections=[SCALE])
    assert journal.read(document).sections == (SCALE,)


@pytest.mark.parametrize(("held", "type_", "value"), [(SCALE, "number", 3), (TYPED[0], "yes_no", True)])
def test_no_section_gets_another_type(held: Section, type_: Any, value: Any) -> None:
    document = entry(held)
    with pytest.raises(InvalidField, match="type"):
        journal.edit(document, sections=[replace(held, type=type_, value=value)])


def test_one_rates_and_one_writes() -> None:
    one = entry(SCALE, TYPED[3])
    other = copy_of(one, 2)
    journal.edit(one, sections=[replace(SCALE, value=9, label="very"), TYPED[3]])
    journal.edit(other, sections=[replace(SCALE, text="a bit, really"), replace(TYPED[3], value=True)])
    assert merged(one, other) == (
        replace(SCALE, value=9, label="very", text="a bit, really"),
        replace(TYPED[3], value=True),
    )


@pytest.mark.parametrize(
    "section",
    [
        Section("?", type="prose", value="x"),
        Section("?", type="unknown"),  # type: ignore[arg-type]
        Section("?", type="scale", value=SECRET),
        Section("?", type="scale", value=True),
        Section("?", type="number", value=float("nan")),
        Section("?", type="yes_no", value=1),
        Section("?", type="time", value="25:00"),
        Section("?", type="one_of", value=("a",)),
        Section("?", type="several_of", value=[SECRET]),  # type: ignore[arg-type]
        Section("?", type="checklist", value=("x" * 201,)),
        Section("?", type="one_of", value="\ud800"),
        Section("?", type="scale", value=1, label="x" * 101),
        Section("?", type="number", value=1, unit="x" * 41),
    ],
    ids=lambda section: f"{section.type} {str(section.value)[:9]!a} {section.label[:1]}{section.unit[:1]}",
)
def test_an_answer_that_is_none_is_refused_without_being_quoted(section: Section) -> None:
    with pytest.raises(InvalidField) as caught:
        entry(section)
    assert "nobody" not in str(caught.value)


ODD: list[Any] = [5, None, b"x", "", SECRET, "[]", "{}", '{"type":"prose"}', '{"type":"future","value":1}', "[" * 5_000]
ODD += ['{"type":"scale","value":"x"}', '{"type":"yes_no","value":1}', '{"type":"time","value":"99:99"}']


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: str(odd)[:30])
def test_an_odd_answer_is_a_problem_and_the_rest_is_read(odd: Any) -> None:
    document = entry(SCALE, TYPED[0])
    sections = document.object("sections", "map") or ROOT
    with document.edit() as edit:
        edit.put("answer", odd, document.object("1", "map", sections) or ROOT)
    found = journal.read(document)
    assert found.sections == (Section("How low?", "a bit", "low"), TYPED[0])
    assert found.problems == ("section 1: invalid answer",)
    assert journal.edit(document, sections=found.sections) is None
    journal.edit(document, sections=[SCALE, TYPED[0]])
    assert journal.read(document).sections == (SCALE, TYPED[0])


# -- from a template ---------------------------------------------------------------------------------------------------

TEMPLATE = {
    "what": Field(prompt="What happened?"),
    "low": Field(prompt="How low?", type="scale", low=0, high=10, labels=(Label(3, "fairly"),)),
    "cups": Field(prompt="How many?", type="number", unit="cups"),
    "bed": Field(prompt="When to bed?", type="time"),
}


def test_answers_keep_the_wording_of_the_template_and_its_order() -> None:
    found = sections_from(TEMPLATE, {"When to bed?": time(22, 30), "cups": 2, "low": 3, "What happened?": "x" * 9_000})
    assert found == (
        Section("What happened?", "x" * 9_000, "what"),
        Section("How low?", "", "low", "scale", 3, "fairly"),
        Section("How many?", "", "cups", "number", 2, "", "cups"),
        Section("When to bed?", "", "bed", "time", "22:30"),
    )
    assert journal.read(entry(*found)).sections == found
    assert sections_from(TEMPLATE, {}) == ()
    assert sections_from(TEMPLATE, {"low": None, "what": None}) == (
        Section("What happened?", "", "what"),
        Section("How low?", "", "low", "scale"),
    )


def test_what_no_template_asks_is_a_section_of_its_own() -> None:
    found = sections_from(TEMPLATE, {"Else?": "Words.", "Sure?": True, "Steps?": 8_000, "Up?": time(7, 5), "low": 1})
    assert found == (
        Section("How low?", "", "low", "scale", 1),
        Section("Else?", "Words."),
        Section("Sure?", type="yes_no", value=True),
        Section("Steps?", type="number", value=8_000),
        Section("Up?", type="time", value="07:05"),
    )
    assert sections_from({}, {"Else?": "Words."}) == (Section("Else?", "Words."),)


@pytest.mark.parametrize(
    "given",
    [
        {"low": 11},
        {"low": SECRET},
        {"what": 5},
        {"what": SECRET * 999},
        {"bed": SECRET},
        {SECRET: None},
        {SECRET: [SECRET]},
        {SECRET: {"a": 1}},
        {SECRET: float("inf")},
        {"low": 1, "How low?": 1},
    ],
    ids=str,
)
def test_answers_that_do_not_fit_are_refused_without_being_quoted(given: dict[str, object]) -> None:
    with pytest.raises(InvalidField) as caught:
        sections_from(TEMPLATE, given)
    assert "nobody" not in str(caught.value)


@pytest.mark.parametrize("given", [{}, {"what": ""}, {"what": " \n"}, {"what": None}], ids=str)
def test_a_required_section_is_answered(given: dict[str, object]) -> None:
    required = {"what": Field(prompt=SECRET, required=True)}
    with pytest.raises(InvalidField) as caught:
        sections_from(required, given)
    assert "nobody" not in str(caught.value)
    with pytest.raises(InvalidField):
        sections_from({"low": replace(TEMPLATE["low"], required=True)}, {})


ASKED = Field(
    prompt="How low?", type="scale", low=0, high=10, labels=(Label(3, "fairly"), Label(9, "very")), required=True
)


def test_another_answer_has_to_fit_the_question_while_it_is_asked_like_that() -> None:
    assert answered_again(SCALE, ASKED, 9) == replace(SCALE, value=9, label="very")
    assert answered_again(SCALE, ASKED, 4) == replace(SCALE, value=4, label="")
    assert answered_again(SCALE, ASKED, None) == replace(SCALE, value=None, label="")
    with pytest.raises(InvalidField):
        answered_again(SCALE, ASKED, 11)
    # In other words it is another question, whose ends are not those of then.
    for other in (None, replace(ASKED, prompt="How low, at worst?"), replace(ASKED, type="number")):
        assert answered_again(SCALE, other, 11) == replace(SCALE, value=11, label="")


def test_the_same_answer_keeps_what_it_was_called() -> None:
    assert answered_again(SCALE, replace(ASKED, labels=(Label(3, "somewhat"),)), 3) == SCALE


@pytest.mark.parametrize("given", [["milk", "tea"], ("milk", "tea"), {"milk", "tea"}])
def test_options_are_given_as_a_list_or_a_set_and_keep_their_order(given: Any) -> None:
    held = Section("Which ones?", key="s", type="several_of", value=("tea",))
    asked = Field(prompt="Which ones?", type="several_of", options=("water", "milk"))
    # What was chosen when it was still offered may stay chosen.
    assert answered_again(held, asked, given).value == ("milk", "tea")
    chosen = answered_again(held, None, given).value
    assert isinstance(chosen, tuple)
    assert set(chosen) == {"milk", "tea"}
    with pytest.raises(InvalidField):
        answered_again(held, asked, ["juice"])
