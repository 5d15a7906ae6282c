"""Which spellings are one name, and how many names there may be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import journal, symptoms
from intersession_schemas.documents.diary.symptoms import Log
from intersession_schemas.documents.names import MAX_NAMES, Names, is_name, name_key, spelled_as, tidy_name

AT = datetime(2026, 5, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Sleep", "sleep"), (" sleep", "sleep "), ("bad  sleep", "bad\u00a0sleep"),
     ("sle\u0301ep", "SLÉEP"), ("Straße", "STRASSE"), ("wor\u200bry", "worry\ufeff"), ("Ｓｌｅｅｐ", "sleep"),
     ("can't", "can’t"), ("self-harm", "self–harm"), ("KAYGI", "kaygı"), ("İştah", "iştah"), ("❤\ufe0f", "❤"),
     ("بی\u200cخوابی", "بيخوابى")],
)  # fmt: skip
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)
    assert list(Names([one, other])) == [one]


def test_different_names_stay_different() -> None:
    assert len(Names(["sleep", "sleeps", "slép", "slep"])) == 4


@given(st.text(max_size=20))
def test_tidying_changes_nothing_of_which_name_it_is(name: str) -> None:
    assert name_key(tidy_name(name)) == name_key(name) == name_key(name_key(name))
    assert tidy_name(tidy_name(name)) == tidy_name(name)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(" bad\u00a0 sleep ", "bad sleep"), ("wor\u200bry\u00ad", "worry"), ("sle\u0301ep", "sléep"),
     ("بی\u200cخوابی\u200c", "بی\u200cخوابی"),
     ("👩\u200d⚕\ufe0f", "👩\u200d⚕\ufe0f"), ("can’t", "can’t"), ("\u200b", "")],
)  # fmt: skip
def test_a_name_is_kept_as_it_was_typed_but_for_what_cannot_be_seen(typed: str, kept: str) -> None:
    assert tidy_name(typed) == kept
    assert is_name(kept) is bool(kept)


@pytest.mark.parametrize("odd", ["", " ", "\u200d", "\ufe0f", "a\u202eb", "a\u00a0b", "a\nb", "\u3164"])
def test_what_cannot_be_seen_is_no_name(odd: str) -> None:
    assert not is_name(odd)


def test_a_name_is_found_by_its_own_spelling_first() -> None:
    assert spelled_as("Sleep", ["sleep", "Sleep"]) == "Sleep"
    assert spelled_as("SLEEP", ["worry", "sleep", "Sleep"]) == "sleep"
    assert spelled_as("pain", ["sleep"]) is None


def test_names_beyond_the_most_are_counted_each_once() -> None:
    names = Names(["a", "A", "b"], most=2)
    assert [names.meet(one) for one in ("c", "C ", "d", "B")] == [None, None, None, "b"]
    assert names.left_out == 2


def bucket(count: int, per_log: int) -> Document:
    document = Document.new(bytes(16))
    symptoms.create(document, "2026-05")
    logs = [
        Log(UUID(int=number + 1), AT + timedelta(hours=number), AT, {f"s{number}.{one}": 1 for one in range(per_log)})
        for number in range(count)
    ]
    symptoms.add(document, logs)
    return document


def test_a_document_with_too_many_names_is_read_without_the_rest_and_says_how_many() -> None:
    found = symptoms.read(bucket(4, 100))
    assert len({name for log in found.logs for name in log.values}) == MAX_NAMES == 300
    assert [len(log.values) for log in found.logs] == [100, 100, 100]
    assert found.problems == ("symptoms: 100 more names than the 300 that are kept apart; left out",)


def test_problems_that_are_listed_are_bounded() -> None:
    document = Document.new(bytes(16))
    symptoms.create(document, "2026-05")
    with document.edit() as edit:
        for _ in range(1_000):
            edit.put(str(uuid4()), "no log")
    problems = symptoms.read(document).problems
    assert len(problems) == symptoms.MAX_PROBLEMS + 1
    assert problems[-1] == "980 more problems"


def test_a_tag_that_is_there_is_not_added_in_another_spelling() -> None:
    document = Document.new(bytes(16))
    journal.create(document, written_at=AT, entered_at=AT, tags=["Work", "work ", "home"])
    assert journal.read(document).tags == ("Work", "home")
    assert journal.edit(document, tags=["WORK", "home"]) is None


def test_an_entry_with_very_many_tags_says_how_many_are_not_shown() -> None:
    document = Document.new(bytes(16))
    journal.create(document, written_at=AT, entered_at=AT)
    tags = document.object("tags", "map")
    assert tags is not None
    with document.edit() as edit:
        for number in range(2_000):
            edit.put(f"tag {number}", True, tags)
    found = journal.read(document)
    assert (len(found.tags), found.problems) == (200, ("tags: 1,800 more than are shown",))
