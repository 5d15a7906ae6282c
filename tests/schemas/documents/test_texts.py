"""Texts that a person gives."""

from __future__ import annotations

import unicodedata

import pytest

from intersession_schemas.documents.care.resources import is_link
from intersession_schemas.documents.diary.symptoms import check_values
from intersession_schemas.documents.texts import check_text, is_printable
from intersession_schemas.errors import InvalidField


def test_text_of_the_right_length_is_taken_as_it_is() -> None:
    for text in ("", "12345", "😀😀😀😀😀", "\0\n"):
        assert check_text("note", text, 5) == text


@pytest.mark.parametrize("odd", ["123456", None, 5, b"text", "\ud800", "a\udfffb"])
def test_anything_else_is_refused_by_the_name_of_its_field_and_not_quoted(odd: object) -> None:
    with pytest.raises(InvalidField, match="note") as caught:
        check_text("note", odd, 5)  # type: ignore[arg-type]
    assert "123456" not in str(caught.value)


def test_what_can_be_seen_is_the_same_on_every_python() -> None:
    """Of each character that this Python knows. What came to Unicode later than it counts as seen."""
    differing = [
        character
        for character in map(chr, range(0x110000))
        if unicodedata.category(character) != "Cn" and character.isprintable() is not is_printable(character)
    ]
    assert [f"{ord(one):x}" for one in differing] == []


@pytest.mark.parametrize("new", ["\U0001fae8", "\U0001fae9", "\U0001fac8", "\u1c8a", "\U00033480"])
def test_characters_of_the_last_years_can_be_seen(new: str) -> None:
    """Of Unicode 15, 16 and 17 and of a later one: Pythons from 3.11 to 3.14 know 14 to 16."""
    assert is_printable(f"a {new}")
    check_values({f"{new} trembling": 3})
    assert is_link(f"https://example.org/{new}")


@pytest.mark.parametrize(
    "odd", "\n\t\x00\x7f\x85\xa0\u200b\u202e\ufeff\ue000\ufdd0\uffff\U0001ffff\U000e0041\U0010ffff"
)
def test_what_cannot_be_seen(odd: str) -> None:
    assert not is_printable(f"a{odd}b")
    with pytest.raises(InvalidField):
        check_values({f"a{odd}b": 3})
