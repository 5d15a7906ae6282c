"""What is made of words faster, in texts of which every letter is itself, is what is made of them otherwise."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from intersession_schemas.search_words import BETWEEN, _found_in, _matches, indexed, sought, words

texts = st.lists(
    st.sampled_from(
        [
            *("slept", "Sleep", "sl", "a", "x1", "1", "don't", "e-mail", "_", ".", " ", "  ", "\n", "\x1f", "\u3000"),
            *("ä", "中文", "한", "\u1161", "😀", "é", "\u0301"),
        ]
    ),
    max_size=30,
).map("".join)


@given(st.lists(texts, max_size=3))
def test_no_word_that_is_indexed_goes_across_a_space(parts: list[str]) -> None:
    by_whole_parts = [" ".join(word.key for word in words(part)) for part in parts if part]
    assert indexed(parts) == f" {BETWEEN} ".join(by_whole_parts)


@given(texts, st.sampled_from(["sl", "slept a", "1", "don't", "ä", "a x1 sl", "中"]))
def test_a_passage_shows_the_same_of_any_text(part: str, query: str) -> None:
    runs = sought(query)
    assert _found_in(part, runs) == _matches(list(words(part)), runs)
