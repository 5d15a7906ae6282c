"""Splices turn one text into the other, whatever the characters, and keep words together."""

from __future__ import annotations

import itertools
import random
import time
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.schemas import hostile

from intersession_schemas.prose import _LIKENESS, _TOKEN, Splice, _replaced, _trimmed, splices

words = st.lists(
    st.sampled_from(["I", "slept", "badly", "again", " ", "  ", "\n", ".", ",", "😀", "é", "不好"]), max_size=40
)
prose = words.map("".join) | st.text()


def spliced(before: str, found: list[Splice]) -> str:
    for splice in found:
        before = before[: splice.at] + splice.insert + before[splice.at + splice.delete :]
    return before


@given(prose, prose)
def test_applying_the_splices_gives_the_other_text(before: str, after: str) -> None:
    assert spliced(before, splices(before, after)) == after


@given(prose, prose)
def test_they_come_last_position_first_and_none_is_empty(before: str, after: str) -> None:
    found = splices(before, after)
    assert all(splice.delete or splice.insert for splice in found)
    assert all(later.at >= earlier.at + earlier.delete for later, earlier in itertools.pairwise(found))


@given(prose)
def test_the_same_text_takes_none(text: str) -> None:
    assert splices(text, text) == []


@given(st.lists(st.sampled_from(["I", "slept", "badly"]), max_size=9), st.text("xyz", min_size=1), st.integers(0, 9))
def test_a_word_put_in_or_taken_out_is_one_splice_of_that_length(words: list[str], new: str, at: int) -> None:
    before, after = " ".join(words), " ".join([*words[:at], new, *words[at:]])
    (added,) = splices(before, after)
    assert (added.delete, len(added.insert)) == (0, len(after) - len(before))
    (removed,) = splices(after, before)
    assert (removed.delete, removed.insert) == (len(after) - len(before), "")


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("I slept badly.", "I slept badlly.", [Splice(12, 0, "l")]),
        ("I slept badly.", "I slept bady.", [Splice(11, 1, "")]),
        ("I slept badly.", "I slapt badly.", [Splice(4, 1, "a")]),
        ("", "all new", [Splice(0, 0, "all new")]),
        ("all gone", "", [Splice(0, 8, "")]),
        ("the cat sat", "the dog sat", [Splice(4, 3, "dog")]),
        ("I slept well", "I slept very well", [Splice(8, 0, "very ")]),
        ("😀 one", "😀😀 one", [Splice(1, 0, "😀")]),
        ("one two three", "one three", [Splice(4, 4, "")]),
    ],
)
def test_a_mended_letter_is_a_splice_of_a_letter(before: str, after: str, wanted: list[Splice]) -> None:
    assert splices(before, after) == wanted


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("a breakfast x", "a fear x", Splice(2, 9, "fear")),
        ("a badly x", "a baby x", Splice(4, 2, "b")),  # three of five characters: mended
        ("a sentence x", "a phrase x", Splice(2, 8, "phrase")),  # one of eight: another word
        ("a x", "b x", Splice(0, 1, "b")),
        ("ab", "ba", Splice(0, 2, "ba")),
        ("the understanding was", "the undertaking was", Splice(9, 5, "tak")),
    ],
)
def test_another_word_shares_no_letter_with_the_one_it_replaces(before: str, after: str, wanted: Splice) -> None:
    """A letter that just happened to be there would be interleaved with what the other device wrote."""
    assert splices(before, after) == [wanted]


def test_a_word_that_grows_or_shrinks_is_the_same_word() -> None:
    assert splices("a work x", "a workshop x") == [Splice(6, 0, "shop")]
    assert splices("a unkindly x", "a kind x") == [Splice(2, 8, "kind")]


def test_changes_far_apart_leave_what_is_between_alone() -> None:
    before = "First sentence here. Second one stays. Third goes on."
    after = "First phrase here. Second one stays. Third goes on and on."
    assert splices(before, after) == [Splice(49, 0, " on and"), Splice(6, 8, "phrase")]


def test_a_rewrite_of_a_hundred_thousand_letters_is_bounded() -> None:
    chance = random.Random(1)

    def story(vocabulary: int) -> str:
        return " ".join(f"w{chance.randrange(vocabulary)}" for _ in range(25_000))[:100_000]

    for before, after in (
        (story(10**6), story(10**6)),
        (story(3), story(3)),
        ("." * 100_000, ".!" * 50_000),
        ("a" * 100_000, "b" * 100_000),
        (story(10**6)[:28_000], story(10**6)[:28_000]),  # just small enough to be compared word by word
    ):
        tracemalloc.start()
        started = time.process_time()
        found = splices(before, after)
        seconds = time.process_time() - started
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert spliced(before, found) == after
        assert seconds < 3  # a tenth of that on a quiet machine; comparing all characters would take minutes
        assert peak < 64 * 2**20


def test_nor_does_it_take_much_memory_out_of_python_s_sight() -> None:
    """The comparison keeps a bit for each pair of words: a gigabyte, if it were not refused."""
    ended = hostile.apart(hostile.rewrite_everything)
    assert ended.code == 0, ended.errors
    assert ended.megabytes < 100


def test_another_word_keeps_no_letter_of_the_one_it_replaces() -> None:
    """Otherwise two devices that each put another word there would merge to a word that nobody wrote."""
    assert splices("I am fine.", "I am tired.") == [Splice(at=5, delete=4, insert="tired")]
    assert splices("I am fine.", "I am alone.") == [Splice(at=5, delete=4, insert="alone")]
    assert splices("I recieve it.", "I receive it.") == [Splice(at=5, delete=2, insert="ei")]


@given(prose, prose, prose, prose)
def test_what_both_begin_and_end_with_makes_no_difference(head: str, before: str, after: str, tail: str) -> None:
    """It is left out of the comparison, which finds the same as it would with it."""
    before, after = head + before + tail, head + after + tail
    assert splices(before, after) == _of_whole_texts(before, after)


def _of_whole_texts(before: str, after: str) -> list[Splice]:
    if before == after:
        return []
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    starts = [0, *itertools.accumulate(map(len, old))]
    found: list[Splice] = []
    for source_from, source_to, target_from, target_to in _replaced(old, new):
        removed, added = "".join(old[source_from:source_to]), "".join(new[target_from:target_to])
        found += _trimmed(removed, added, starts[source_from], _LIKENESS)
    return found[::-1]
