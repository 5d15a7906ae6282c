"""Recovery codes: what a person may do to them, and what shows."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intersession.sealing.recovery_code import CODE_BYTES, read, written

CODES = st.binary(min_size=CODE_BYTES, max_size=CODE_BYTES)
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def test_it_is_letters_in_groups() -> None:
    assert written(bytes(CODE_BYTES)) == "0000-0000-0000-0000-0000-0000-0000-00000"
    assert written(b"\xff" * CODE_BYTES)[:4] == "ZZZZ"
    assert read("0000-0000-0000-0000-0000-0000-0000-00000") == bytes(CODE_BYTES)


@given(CODES)
def test_it_is_read_as_it_was_written(code: bytes) -> None:
    text = written(code)
    assert set(text) <= set(LETTERS + "-")
    assert read(text) == code


@given(CODES)
def test_case_spaces_dashes_and_letters_that_look_like_digits_do_not_matter(code: bytes) -> None:
    text = written(code)
    assert read(text.lower()) == code
    assert read("  " + text.replace("-", " ") + "\n") == code
    assert read(text.replace("-", "")) == code
    assert read(text.replace("-", "–").replace("0", "O").replace("1", "l")) == code
    assert read(text.replace("0", "o").replace("1", "I")) == code
    assert read("".join(chr(ord(one) + 0xFEE0) for one in text)) == code


@given(CODES, st.integers(0, 32), st.sampled_from(LETTERS))
def test_one_wrong_letter_shows(code: bytes, place: int, letter: str) -> None:
    text = written(code).replace("-", "")
    wrong = text[:place] + letter + text[place + 1 :]
    assert read(wrong) == (code if wrong == text else None)


@given(CODES, st.integers(0, 30))
def test_two_letters_that_changed_places_show(code: bytes, place: int) -> None:
    text = written(code).replace("-", "")
    wrong = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    assert read(wrong) == (code if wrong == text else None)


@pytest.mark.parametrize("text", ["", "correct horse battery staple", "U" * 33, "0" * 32, "0" * 34, string.digits * 4])
def test_anything_else_is_none(text: str) -> None:
    assert read(text) is None
