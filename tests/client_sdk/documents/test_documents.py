"""Documents in memory: no more of them than there is room for, and never ahead of the store."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.client_sdk.practice import Practice, replica_of

from intersession import StoreFull, Tracker
from intersession.documents.documents import Documents
from intersession_schemas.changes import read_change


def test_documents_not_used_for_longest_are_let_go_and_loaded_again(tracker: Tracker) -> None:
    replica = replica_of(tracker)
    replica._documents = documents = Documents(replica.store, kept_open=100_000)
    ids = [tracker.journal.write(f"entry {n}").id for n in range(40)]
    for _ in range(2):
        for id in ids:
            tracker.journal.edit(id, text=tracker.journal.get(id).text + "!")
            assert sum(one.document.weight for one in documents._loaded.values()) <= 100_000
    assert 1 < len(documents._loaded) < 40
    assert [tracker.journal.get(id).text for id in ids] == [f"entry {n}!!" for n in range(40)]


def test_one_document_larger_than_the_room_is_kept(tracker: Tracker) -> None:
    replica = replica_of(tracker)
    replica._documents = Documents(replica.store, kept_open=1)
    entry = tracker.journal.write("one")
    assert tracker.journal.edit(entry.id, text="two").text == "two"


def test_an_edit_that_could_not_be_kept_is_not_in_memory_either(
    tracker: Tracker, practice: Practice, pair: Callable[[Tracker], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    pair(tracker)
    side = practice.join(tracker)
    entry = tracker.journal.write("one")
    with monkeypatch.context() as patched:
        patched.setattr("intersession.documents.projections.project", no_room)
        with pytest.raises(StoreFull):
            tracker.journal.edit(entry.id, text="one lost")
    assert tracker.journal.edit(entry.id, text="one kept").text == "one kept"
    practice.take(side)
    changes = [read_change(row.change) for row in practice.rows]
    assert len({(change.actor, change.seq) for change in changes}) == len(changes) == 2
    assert len({change.actor for change in changes}) == 2, "after a failure another actor writes"


def no_room(*_: object) -> None:
    raise StoreFull("full")


def test_every_opening_writes_as_an_actor_of_its_own(
    tracker: Tracker, practice: Practice, open_tracker: Callable[[str], Tracker]
) -> None:
    entry = tracker.journal.write("one", shared=True)
    tracker.journal.edit(entry.id, text="two")
    tracker.close()
    again = open_tracker("tracker")
    again.journal.edit(entry.id, text="three")
    practice.take(practice.join(again))
    actors = [read_change(row.change).actor for row in practice.rows]
    assert actors[0] == actors[1] != actors[2]
