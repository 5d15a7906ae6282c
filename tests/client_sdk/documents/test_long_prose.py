"""Long prose in steps: always ends at the given text, never a step too large for one change."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.client_sdk.practice import NOON

from intersession.documents.long_prose import STEP, copy_entry, edit_entry, stages
from intersession_schemas.changes import MAX_CHANGE_OPERATIONS, read_change
from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import journal
from intersession_schemas.documents.diary.journal import JournalEntry
from intersession_schemas.documents.diary.sections import MAX_TEXT, Section
from intersession_schemas.prose import splices

WORDS = st.lists(st.sampled_from(["one ", "two ", "three\n", "é😀"]), max_size=60).map("".join)
SMALL = 20


@given(before=WORDS, after=WORDS)
def test_stages_end_at_the_text_in_small_steps_and_never_exceed_it(before: str, after: str) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("intersession.documents.long_prose.STEP", SMALL)
        found = stages(before, after)
    assert found[-1] == after
    assert max(map(len, found)) <= max(len(before), len(after))
    sizes = [sum(one.delete + len(one.insert) for one in splices(*pair)) for pair in pairwise([before, *found])]
    assert all(size <= 2 * SMALL for size in sizes)
    total = sum(one.delete + len(one.insert) for one in splices(before, after))
    assert len(found) <= 1 + 2 * total // SMALL + 1


def numbered(count: int, mark: str = "") -> str:
    return " ".join(f"w{n}{mark}" for n in range(count))[:MAX_TEXT]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", numbered(9_000)),
        (numbered(9_000), ""),
        (numbered(2_000), numbered(2_000, "x")),
        (numbered(9_000), numbered(9_000).replace("w10", "W ten ")[:MAX_TEXT]),
        (numbered(9_000), numbered(9_000)[::-1]),
        ("x" * MAX_TEXT, "y" * MAX_TEXT),
        ("a b " * (MAX_TEXT // 4), "b a c " * (MAX_TEXT // 6)),
        (". " * (MAX_TEXT // 2), "! " * (MAX_TEXT // 2)),
    ],
    ids=["new", "emptied", "every word", "here and there", "turned round", "one word", "short words", "marks"],
)
def test_no_change_is_too_large(before: str, after: str) -> None:
    document = Document.new(bytes(16))
    short = JournalEntry(NOON, NOON, None, before, (Section("Q", ""), Section("R")), 3, ("a",))
    changes = copy_entry(document, short)
    changes += edit_entry(document, sections=[Section("Q", before), Section("R", before)])
    changes += edit_entry(document, text=after, sections=[Section("Q", after), Section("R", "short")], mood=None)
    assert max(read_change(change).operations for change in changes) <= MAX_CHANGE_OPERATIONS
    read = journal.read(document)
    assert (read.text, read.sections, read.mood) == (after, (Section("Q", after), Section("R", "short")), None)
    copy = Document.new(bytes(16))
    changes = copy_entry(copy, read)
    assert max(read_change(change).operations for change in changes) <= MAX_CHANGE_OPERATIONS
    assert journal.read(copy) == read


def test_an_ordinary_entry_and_edit_are_one_change_each() -> None:
    document = Document.new(bytes(16))
    sections = (Section("Q", "a"), Section("R", "b"))
    entry = JournalEntry(NOON, NOON, None, "x " * 8_000, sections, 3, ("a",))
    assert len(copy_entry(document, entry)) == 1
    text = entry.text.replace("x x", "x y x", 1)
    assert len(edit_entry(document, text=text, sections=[Section("Q", "c"), Section("R", "d")], mood=4)) == 1
    assert edit_entry(document, text=text) == []
    assert STEP < MAX_CHANGE_OPERATIONS
