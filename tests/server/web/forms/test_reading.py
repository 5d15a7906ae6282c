from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import pytest
from msgspec import UNSET, Meta, Struct, UnsetType

from intersession_schemas.errors import InvalidField
from intersession_server.web.forms.problems import FieldProblem
from intersession_server.web.forms.reading import structured


class Part(Struct, frozen=True, kw_only=True):
    name: str | UnsetType = UNSET
    low: float | UnsetType | None = UNSET
    hidden: bool | UnsetType = UNSET


class Whole(Struct, frozen=True, kw_only=True):
    title: Annotated[str, Meta(max_length=20)] | UnsetType = UNSET
    count: Annotated[int, Meta(ge=0)] | UnsetType | None = UNSET
    day: date | UnsetType | None = UNSET
    note: str | UnsetType | None = UNSET
    kind: Literal["a", "b"] | UnsetType = UNSET
    tags: list[str] | UnsetType = UNSET
    numbers: tuple[int, ...] | UnsetType = UNSET
    parts: dict[str, Part | None] | UnsetType = UNSET


def test_fields_are_read_by_their_types() -> None:
    read = structured(
        [("title", "1"), ("count", "3"), ("day", "2026-11-30"), ("note", "null"), ("tags", "a"), ("tags", "b")], Whole
    )
    assert read == Whole(title="1", count=3, day=date(2026, 11, 30), note="null", tags=["a", "b"])


def test_what_is_not_in_the_form_stays_unset_and_others_are_left_alone() -> None:
    assert structured([("csrf", "x"), ("based_on", "y")], Whole) == Whole()


def test_an_empty_field_says_none_where_that_may_be_and_is_empty_text_elsewhere() -> None:
    read = structured([("title", ""), ("count", ""), ("day", ""), ("note", ""), ("tags", "")], Whole)
    assert read == Whole(title="", count=None, day=None, note=None, tags=[])


def test_elements_are_added_changed_and_removed_by_their_paths() -> None:
    read = structured(
        [("parts.a.name", "worry"), ("parts.a.low", "0.5"), ("parts.+1.name", "new"), ("parts.b", "")], Whole
    )
    assert read == Whole(parts={"a": Part(name="worry", low=0.5), "+1": Part(name="new"), "b": None})


@pytest.mark.parametrize(("sent", "read"), [(["false"], False), (["false", "true"], True)])
def test_of_a_check_box_the_last_value_counts(sent: list[str], read: bool) -> None:
    assert structured([("parts.a.hidden", one) for one in sent], Whole) == Whole(parts={"a": Part(hidden=read)})


def test_lines_end_as_everywhere() -> None:
    assert structured([("title", "a\r\nb")], Whole) == Whole(title="a\nb")


def test_a_prefix_chooses_a_part_of_the_form() -> None:
    assert structured([("one.title", "a"), ("two.title", "b")], Whole, "two.") == Whole(title="b")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("count", "three secret", "Must be a whole number."),
        ("count", "-1", "Must be 0 or more."),
        ("title", "secret" * 5, "At most 20 characters."),
        ("parts.a.low", "secret", "Must be a number."),
        ("day", "secret", "Must be a day, such as 2026-11-30."),
        ("kind", "secret", "Must be one of the choices."),
        ("title.secret", "x", "This value is not valid here."),
        ("numbers", "secret", "Must be a whole number."),
    ],
)
def test_what_does_not_fit_is_named_and_not_quoted(name: str, value: str, said: str) -> None:
    with pytest.raises(FieldProblem) as caught:
        structured([(name, value)], Whole)
    assert (caught.value.field, str(caught.value)) == ("title" if name == "title.secret" else name, said)


def test_a_name_that_is_both_a_part_and_a_whole_breaks_nothing() -> None:
    for pairs in ([("parts.a", ""), ("parts.a.name", "x")], [("parts.a.name", "x"), ("parts.a", "")]):
        assert structured(pairs, Whole) == Whole(parts={"a": Part(name="x")})


def test_a_form_of_endless_fields_is_refused() -> None:
    with pytest.raises(InvalidField):
        structured([("title", "x")] * 5_001, Whole)
