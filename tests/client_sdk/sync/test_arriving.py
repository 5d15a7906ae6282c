"""Saved documents on a new device: stored as they come, read in their turn, and believed only once they were."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from tests.client_sdk.practice import Practice, replica_of

from intersession import Caseload, Tracker
from intersession.documents import applying, projections, saved
from intersession.documents.rows import StoredDocument
from intersession.errors import StoreInvalid
from intersession.replica import replica as module
from intersession.store.store import Store
from intersession.sync.exchange import Exchange
from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document
from intersession_schemas.errors import DocumentError, RefusalCode
from intersession_schemas.messages import Row, Rows, RowType, SavedRow, Snapshot, SnapshotDocument
from intersession_schemas.streams import Role


@pytest.fixture
def other(practice: Practice, open_tracker: Callable[[str], Tracker]) -> Tracker:
    """The client's device, whose record a new one is given."""
    other = open_tracker("other")
    practice.join(other)
    return other


@pytest.fixture
def side(caseload: Caseload, practice: Practice) -> Exchange:
    """A new therapist's device."""
    return practice.join(caseload, Role.PRIMARY)


def send(practice: Practice, device: Tracker) -> None:
    practice.take(practice.join(device))


def entry_of(other: Tracker, edits: int, text: str = "one") -> UUID:
    """An entry of so many further changes."""
    entry = other.journal.write(text, shared=True)
    for number in range(edits):
        other.journal.edit(entry.id, text=f"{text}, edit {number}")
    return entry.id


def saved_rows(rows: Sequence[Row]) -> tuple[bytes, list[SavedRow]]:
    """What a server would have saved of these."""
    read = [read_change(row.change) for row in rows]
    inside = [
        SavedRow(
            *(row.seq, row.hash, row.author, row.device, row.received_at),
            *(list(one.deps), one.actor, one.start_op, one.operations, len(row.change)),
        )
        for row, one in zip(rows, read, strict=True)
    ]
    return Document.load(b"".join(row.change for row in rows), bytes(16)).save(), inside


def item_of(practice: Practice, document: UUID, beside: int = 0) -> SnapshotDocument:
    """A document as it comes to a new device, its last few changes beside what was saved."""
    rows = [row for row in practice.rows if row.document == document]
    data, inside = saved_rows(rows[: len(rows) - beside])
    return SnapshotDocument(document, rows[0].kind, rows[len(rows) - beside :], data, inside)


def snapshot(practice: Practice, *items: SnapshotDocument, backfill: int = 0) -> Snapshot:
    return Snapshot(practice.stream, list(items), practice.head, bytes(8), backfill)


def texts(caseload: Caseload, practice: Practice) -> set[str]:
    return {entry.text for entry in caseload.client(practice.client).entries()}


@pytest.mark.parametrize("beside", [0, 2])
def test_it_is_what_its_rows_would_have_made(
    practice: Practice,
    other: Tracker,
    side: Exchange,
    caseload: Caseload,
    tmp_path: Path,
    beside: int,
) -> None:
    id_ = entry_of(other, 4)
    send(practice, other)
    assert side.store_page(snapshot(practice, item_of(practice, id_, beside))) == 5
    with Caseload.open(tmp_path / "by rows.db") as by_rows:
        practice.join(by_rows, Role.PRIMARY).store_page(practice.snapshot(id_, 0))
        assert_alike(practice, caseload, by_rows)


def assert_alike(practice: Practice, caseload: Caseload, by_rows: Caseload) -> None:
    (mine,), (theirs,) = (one.client(practice.client).entries() for one in (caseload, by_rows))
    assert mine == theirs
    assert mine.text == "one, edit 3"
    facts = "SELECT id, bytes, operations, dirty, arrived_at, heard_at, first_seq, author FROM documents"
    with replica_of(caseload).reading() as store, replica_of(by_rows).reading() as expected:
        assert store.all(facts) == expected.all(facts)
        columns = (
            "SELECT hash, deps, actor, start_op, operations, size, accepted, seq, applied FROM changes ORDER BY seq"
        )
        assert store.all(columns) == expected.all(columns)


def test_it_goes_on_with_what_comes_and_with_what_is_written_here(
    practice: Practice, pair: Callable[[Tracker], None], open_tracker: Callable[[str], Tracker]
) -> None:
    first, second = open_tracker("first"), open_tracker("second")
    pair(first)
    pair(second)
    one, two = practice.join(first), practice.join(second)
    id_ = entry_of(first, 4)
    practice.take(one)
    two.store_page(snapshot(practice, item_of(practice, id_)))
    second.journal.edit(id_, text="from the second")
    practice.sync(two, one)
    first.journal.edit(id_, text="and back")
    practice.sync(one, two)
    assert second.journal.get(id_).text == first.journal.get(id_).text == "and back"


def test_what_is_stored_is_read_in_turn_the_newest_first(
    practice: Practice, other: Tracker, side: Exchange, caseload: Caseload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "AT_ONCE", 2)
    monkeypatch.setattr(module, "AT_ONCE", 1)
    ids = [entry_of(other, 3, f"entry {number}") for number in range(5)]
    send(practice, other)
    heard: list[int] = []
    caseload.on_change(lambda change: heard.append(len(change.documents)))
    side.store_page(snapshot(practice, *(item_of(practice, id_) for id_ in reversed(ids))))
    assert texts(caseload, practice) == {"entry 4, edit 2", "entry 3, edit 2"}
    assert caseload.status().not_listed == 3
    assert side.is_behind()
    assert side.apply_some()
    assert texts(caseload, practice) == {f"entry {number}, edit 2" for number in (2, 3, 4)}
    while side.apply_some():
        pass
    assert len(texts(caseload, practice)) == 5
    assert (caseload.status().not_listed, side.is_behind()) == (0, False)
    assert heard == [2, 1, 1, 1]


def test_what_was_not_read_is_read_by_the_next_process(
    practice: Practice, other: Tracker, side: Exchange, caseload: Caseload, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [entry_of(other, 3, f"entry {number}") for number in range(6)]
    send(practice, other)
    path = replica_of(caseload).store.path
    with monkeypatch.context() as patched:
        patched.setattr(applying, "AT_ONCE", 1)
        side.store_page(snapshot(practice, *(item_of(practice, id_) for id_ in ids)))
        caseload.close()
        read = threading.Event()
        apply_some = module.Replica.apply_some

        def some(self: module.Replica) -> bool:
            left = apply_some(self)
            if not left:
                read.set()
            return left

        patched.setattr(module.Replica, "apply_some", some)
        with Caseload.open(path) as again:
            assert read.wait(30)
            assert len(texts(again, practice)) == 6


def test_of_a_document_that_is_here_what_is_new_is_taken(
    practice: Practice, other: Tracker, side: Exchange, caseload: Caseload
) -> None:
    id_ = entry_of(other, 2)
    send(practice, other)
    practice.give(side)
    other.journal.edit(id_, text="later")
    send(practice, other)
    assert side.store_page(snapshot(practice, item_of(practice, id_))) == 1
    assert texts(caseload, practice) == {"later"}
    assert side.store_page(snapshot(practice, item_of(practice, id_))) == 0


def test_what_was_withdrawn_is_not_brought_back(
    practice: Practice, other: Tracker, side: Exchange, caseload: Caseload
) -> None:
    id_ = entry_of(other, 3)
    send(practice, other)
    practice.give(side)
    item = item_of(practice, id_)
    erasure = msgspec.structs.replace(practice.rows[0], seq=9, type=RowType.ERASURE, change=b"")
    side.store_page(Rows(practice.stream, [erasure], 9, bytes(8)))
    side.store_page(snapshot(practice, item))
    assert texts(caseload, practice) == set()


def other_hash(item: SnapshotDocument) -> SnapshotDocument:
    return msgspec.structs.replace(
        item, inside=[*item.inside[:-1], msgspec.structs.replace(item.inside[-1], hash=b"x" * 32)]
    )


def one_less(item: SnapshotDocument) -> SnapshotDocument:
    return msgspec.structs.replace(item, inside=item.inside[:-1])


def no_document(item: SnapshotDocument) -> SnapshotDocument:
    return msgspec.structs.replace(item, saved=b"not a document")


def another_document(item: SnapshotDocument) -> SnapshotDocument:
    data = Document.new(b"a" * 16)
    with data.edit() as edit:
        edit.put("text", "x")
    return msgspec.structs.replace(item, saved=data.save())


def few_operations(item: SnapshotDocument) -> SnapshotDocument:
    """A bomb says less than it holds."""
    rows = [msgspec.structs.replace(row, operations=0) for row in item.inside]
    return msgspec.structs.replace(item, inside=rows)


def out_of_order(item: SnapshotDocument) -> SnapshotDocument:
    return msgspec.structs.replace(item, inside=item.inside[::-1])


def far_too_many(item: SnapshotDocument) -> SnapshotDocument:
    rows = [msgspec.structs.replace(row, operations=2**53) for row in item.inside]
    return msgspec.structs.replace(item, inside=rows)


WRONG = [other_hash, one_less, no_document, another_document, few_operations, out_of_order]


@pytest.mark.parametrize(
    ("wrong", "known"), [*((wrong, known) for wrong in WRONG for known in (False, True)), (far_too_many, False)]
)
def test_what_is_not_what_it_should_be_is_a_problem_and_touches_nothing_else(
    practice: Practice,
    other: Tracker,
    side: Exchange,
    caseload: Caseload,
    wrong: Callable[[SnapshotDocument], SnapshotDocument],
    known: bool,
) -> None:
    bad, good = entry_of(other, 3, "bad"), entry_of(other, 3, "good")
    send(practice, other)
    if known:
        practice.give(side, 1)
    side.store_page(snapshot(practice, wrong(item_of(practice, bad)), item_of(practice, good)))
    assert texts(caseload, practice) == ({"bad", "good, edit 2"} if known else {"good, edit 2"})
    assert caseload.status().problems == 1
    side.store_page(practice.page(0))
    assert texts(caseload, practice) == {"bad, edit 2", "good, edit 2"}, "its rows can still come"


def test_nothing_of_a_vault_comes_saved(practice: Practice, other: Tracker, side: Exchange, caseload: Caseload) -> None:
    id_ = entry_of(other, 3)
    send(practice, other)
    with replica_of(caseload).reading() as store:
        store.run("UPDATE streams SET audience = 'vault'")
    side.store_page(snapshot(practice, item_of(practice, id_)))
    assert (caseload.status().problems, caseload.status().not_listed) == (1, 0)


def test_one_that_the_disk_has_damaged_is_told(
    practice: Practice, other: Tracker, side: Exchange, caseload: Caseload, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = entry_of(other, 3)
    send(practice, other)
    with monkeypatch.context() as patched:
        patched.setattr(applying, "AT_ONCE", 0)
        side.store_page(snapshot(practice, item_of(practice, id_)))
    with replica_of(caseload).reading() as store:
        store.run("UPDATE saved SET data = zeroblob(length)")
    with pytest.raises(StoreInvalid) as caught:
        side.apply_some()
    assert caught.value.code == "damaged"
    with replica_of(caseload).reading() as store:
        assert not saved.is_as_written(store, 1)


def test_a_document_that_cannot_be_read_holds_up_no_other_and_keeps_its_rows(
    practice: Practice, other: Tracker, side: Exchange, caseload: Caseload, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = entry_of(other, 1, "bad"), entry_of(other, 1, "good")
    send(practice, other)
    practice.give(side)
    project = projections.project

    def panics(store: Store, held: StoredDocument, document: Document) -> None:
        if held.id == bad:
            raise DocumentError("Automerge could not do that.", code=RefusalCode.DOES_NOT_APPLY)
        project(store, held, document)

    for id_ in (bad, good):
        other.journal.edit(id_, text="later")
    send(practice, other)
    monkeypatch.setattr(projections, "project", panics)
    practice.give(side)
    assert texts(caseload, practice) == {"bad, edit 0", "later"}
    assert (caseload.status().problems, side.is_behind()) == (1, False)
