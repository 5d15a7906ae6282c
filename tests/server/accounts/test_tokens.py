"""Tokens: 256 bits, kept as a hash."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intersession_server.accounts import tokens

RANDOM = st.binary(min_size=32, max_size=32)


@given(RANDOM, RANDOM)
def test_a_token_matches_its_own_hash_only(one: bytes, other: bytes) -> None:
    token = tokens.token_from(one)
    assert tokens.matches(token, tokens.token_hash(token))
    assert tokens.matches(tokens.token_from(other), tokens.token_hash(token)) == (one == other)


@given(RANDOM)
def test_a_token_can_stand_in_a_header_and_is_found_by_its_prefix(random: bytes) -> None:
    token = tokens.token_from(random)
    assert tokens.looks_like_token(token)
    assert token.startswith(tokens.prefix(token))
    assert len(tokens.prefix(token)) == 8


@given(RANDOM)
def test_neither_hash_nor_derived_secret_contains_the_token(random: bytes) -> None:
    token = tokens.token_from(random)
    assert token not in tokens.token_hash(token) + tokens.derived(token, "csrf")
    assert tokens.derived(token, "csrf") != tokens.derived(token, "other")


@pytest.mark.parametrize(
    "text", ["", "a", "a" * 42, "a" * 44, "a" * 42 + "=", "a" * 42 + "\n", "a" * 43 + "\n", "é" * 43]
)
def test_what_is_no_token_is_not_looked_up(text: str) -> None:
    assert not tokens.looks_like_token(text)


def test_a_token_needs_all_its_randomness() -> None:
    with pytest.raises(ValueError, match="32"):
        tokens.token_from(b"short")
