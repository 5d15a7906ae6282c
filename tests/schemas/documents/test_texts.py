"""Texts that a person gives."""

from __future__ import annotations

import pytest

from intersession_schemas.documents.texts import check_text
from intersession_schemas.errors import InvalidField


def test_text_of_the_right_length_is_taken_as_it_is() -> None:
    for text in ("", "12345", "😀😀😀😀😀", "\0\n"):
        assert check_text("note", text, 5) == text


@pytest.mark.parametrize("odd", ["123456", None, 5, b"text", "\ud800", "a\udfffb"])
def test_anything_else_is_refused_by_the_name_of_its_field_and_not_quoted(odd: object) -> None:
    with pytest.raises(InvalidField, match="note") as caught:
        check_text("note", odd, 5)  # type: ignore[arg-type]
    assert "123456" not in str(caught.value)
