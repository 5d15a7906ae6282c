"""Pairing codes: what a person may type, and what is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intersession_schemas.typed import ALPHABET
from intersession_server.accounts import codes

CODES = st.binary(min_size=8, max_size=8).map(codes.code_from)
MISREAD = {"0": "0Oo", "1": "1IiLl"}


@given(CODES, st.data())
def test_however_it_is_typed_it_is_the_same_code(code: str, data: st.DataObject) -> None:
    typed = ""
    for character in code:
        typed += data.draw(st.sampled_from(["", " ", "-", "- "]))
        typed += data.draw(st.sampled_from(MISREAD.get(character, character + character.lower())))
    assert codes.normalised(typed + "  ") == code


@given(CODES)
def test_it_is_shown_in_two_halves_that_are_read_back(code: str) -> None:
    assert codes.shown(code) == f"{code[:4]}-{code[4:]}"
    assert codes.normalised(codes.shown(code)) == code


@given(st.text(max_size=80))
def test_anything_typed_is_a_code_or_nothing(typed: str) -> None:
    code = codes.normalised(typed)
    assert code is None or (len(code) in (8, 16) and set(code) <= set(ALPHABET))


@pytest.mark.parametrize("typed", ["", "ABCD-EFG", "ABCD-EFGHJ", "ABCD-EFGU", "ABCD日本EF", "ß" * 4, "A" * 10_000])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert codes.normalised(typed) is None


@pytest.mark.parametrize("typed", ["14WA–CCWD", "１４ＷＡ－ＣＣＷＤ", "14wa\u200b−ccwd.", "ABCD_EFGH", "١٤WA CCWD"])
def test_phones_and_input_methods_write_codes_that_are_taken(typed: str) -> None:
    assert codes.normalised(typed) in ("14WACCWD", "ABCDEFGH")


def test_every_character_is_equally_likely() -> None:
    seen = [codes.code_from(bytes([byte] * 8))[0] for byte in range(256)]
    assert {seen.count(character) for character in ALPHABET} == {8}


def test_too_little_randomness_makes_no_code() -> None:
    with pytest.raises(ValueError, match="8 random bytes"):
        codes.code_from(b"1234567")


@given(CODES, CODES, st.binary(min_size=16, max_size=16))
def test_only_the_secret_opens(code: str, other: str, salt: bytes) -> None:
    kept = codes.secret_hash(code, salt)
    assert codes.secret_matches(code, salt, kept)
    assert codes.secret_matches(other, salt, kept) == (other[3:] == code[3:])
    assert code[3:] not in kept


def test_the_salt_counts() -> None:
    assert codes.secret_hash("ABCDEFGH", b"1") != codes.secret_hash("ABCDEFGH", b"2")
