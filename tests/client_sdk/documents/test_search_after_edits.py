"""Search finds what entries say now, though an edit leaves the index to whoever searches next."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.client_sdk.conftest import OpenTracker
from tests.client_sdk.practice import replica_of

from intersession import StoreFull, Tracker
from intersession.documents.tables import search
from intersession.store.store import Store

WORDS = ("calm", "rain", "work", "walk")


def found(tracker: Tracker, word: str) -> set[UUID]:
    return {one.id for one in tracker.journal.search(word).entries}


def marked(tracker: Tracker) -> list[int]:
    with replica_of(tracker).reading() as store:
        return search.marked(store)


def test_an_edit_leaves_the_index_to_the_next_search(tracker: Tracker) -> None:
    entry = tracker.journal.write("a calm day")
    assert not marked(tracker)
    tracker.journal.edit(entry.id, text="a day of rain")
    assert marked(tracker)
    assert found(tracker, "rain") == {entry.id}
    assert found(tracker, "calm") == set()
    assert not marked(tracker)


def test_what_was_edited_before_the_store_was_closed_is_found(open_tracker: OpenTracker) -> None:
    with open_tracker("reopened") as tracker:
        entry = tracker.journal.write("a calm day")
        tracker.journal.edit(entry.id, text="a day of rain")
    with open_tracker("reopened") as tracker:
        assert found(tracker, "rain") == {entry.id}
        assert found(tracker, "calm") == set()


def test_few_entries_wait_however_many_are_edited(tracker: Tracker) -> None:
    entries = [tracker.journal.write("a calm day") for _ in range(3 * search.MOST_WAITING)]
    for entry in entries:
        tracker.journal.edit(entry.id, text="a day of rain")
        assert len(marked(tracker)) <= search.MOST_WAITING
    assert found(tracker, "rain") == {entry.id for entry in entries}


def test_on_a_full_disk_search_is_right_all_the_same(tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = tracker.journal.write("a calm day")
    tracker.journal.edit(entry.id, text="a day of rain")
    with monkeypatch.context() as patched:

        def no_room(_: Store) -> None:
            raise StoreFull("There is no space left.")

        patched.setattr(Store, "_check_place", no_room)
        for _ in range(2):
            assert found(tracker, "rain") == {entry.id}
            assert found(tracker, "calm") == set()
        assert marked(tracker)
    assert found(tracker, "rain") == {entry.id}
    assert not marked(tracker)


def test_a_deleted_entry_takes_its_mark_along(tracker: Tracker) -> None:
    entry = tracker.journal.write("a calm day", shared=False)
    tracker.journal.edit(entry.id, text="a day of rain")
    tracker.journal.delete(entry.id)
    assert not marked(tracker)
    assert found(tracker, "rain") == found(tracker, "calm") == set()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["write", "edit", "move", "delete", "search", "fail"]),
            st.integers(0, 5),
            st.sampled_from(WORDS),
        ),
        max_size=25,
    )
)
def test_search_finds_what_entries_say(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, str]]
) -> None:
    said: dict[UUID, str] = {}
    with Tracker.open(tmp_path_factory.mktemp("search") / "store.db") as tracker:
        for what, number, word in steps:
            ids = list(said)
            id = ids[number % len(ids)] if ids else None
            if what == "write" or id is None:
                said[tracker.journal.write(word, shared=False).id] = word
            elif what == "edit":
                tracker.journal.edit(id, text=word)
                said[id] = word
            elif what == "move":
                tracker.journal.edit(id, at=tracker.journal.get(id).written_at.replace(microsecond=number))
            elif what == "delete":
                tracker.journal.delete(id)
                del said[id]
            elif what == "fail":
                with suppress(ZeroDivisionError), replica_of(tracker).writing():
                    tracker.journal.edit(id, text=word)
                    raise ZeroDivisionError
            else:
                assert found(tracker, word) == {id for id, text in said.items() if text == word}
        for word in WORDS:
            assert found(tracker, word) == {id for id, text in said.items() if text == word}
