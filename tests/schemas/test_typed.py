"""Codes as phones and keyboards write them."""

from __future__ import annotations

import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intersession_schemas.errors import InvalidField
from intersession_schemas.typed import ALPHABET, pairing_link, read_pairing_link, typed_code

CODES = st.text(ALPHABET, min_size=8, max_size=40)
BETWEEN = ["", " ", "-", "–", "—", "‐", "‑", "‒", "―", "−", "－", "ー"[:0], "\u00a0", "\u3000", "\u200b", "\u2060"]
BETWEEN += ["\ufeff", "\u200e", "\u202f", "_", ".", "…", "·", "'", "’", "“", "\t", "\r\n", "\ufe0f", "\u00ad"]
LIKE = {"0": "0Oo٠۰०", "1": "1IiLlıİ١", "A": "AaАаΑ", "B": "BbВΒ", "C": "CcСс", "K": "KkКк\u212a", "3": "3٣३"}


def wide(character: str) -> str:
    return chr(ord(character) + 0xFEE0)


@given(CODES, st.data())
def test_however_it_is_typed_it_is_the_same_code(code: str, data: st.DataObject) -> None:
    typed = ""
    for character in code:
        typed += data.draw(st.sampled_from(BETWEEN))
        choices = [*LIKE.get(character, character + character.lower()), wide(character), wide(character).lower()]
        typed += data.draw(st.sampled_from(choices))
    assert typed_code(typed + data.draw(st.sampled_from(BETWEEN))) == code


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_which_unicode_form_it_comes_in_does_not_matter(form: Literal["NFC", "NFD", "NFKC", "NFKD"]) -> None:
    assert typed_code(unicodedata.normalize(form, "１４ＷＡ–ＣＣＷＤ")) == "14WACCWD"


@given(st.text(max_size=80))
def test_what_is_no_letter_of_a_code_is_left_for_the_caller_to_refuse(typed: str) -> None:
    read = typed_code(typed)
    assert typed_code(read) == read


@pytest.mark.parametrize("typed", ["ABCD-EFGU", "ABCD日本EF", "ßßßß"])
def test_other_letters_are_not_dropped(typed: str) -> None:
    assert not set(typed_code(typed)) <= set(ALPHABET)


# --- pairing links: what a QR code holds


@pytest.mark.parametrize("url", ["https://care.example.org", "http://127.0.0.1:8765", "https://[::1]:8443/"])
def test_a_link_gives_back_address_and_code(url: str) -> None:
    link = pairing_link(url, "ABCD-EFGH")
    assert link == f"{url.rstrip('/')}/pair#ABCD-EFGH"
    assert read_pairing_link(f" {link}\n") == (url.rstrip("/"), "ABCD-EFGH")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ABCD-EFGH",
        "https://care.example.org",
        "https://care.example.org/pair",
        "https://care.example.org/pair#",
        "https://care.example.org/#ABCD",
        "javascript:alert(1)/pair#ABCD",
        "https://x/pair#" + "A" * 2_000,
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidField, match="not a pairing link"):
        read_pairing_link(text)


@given(st.text(max_size=80))
def test_whatever_is_scanned_is_a_link_or_refused(text: str) -> None:
    try:
        url, code = read_pairing_link(text)
    except InvalidField:
        return
    assert url.startswith(("https://", "http://"))
    assert code
