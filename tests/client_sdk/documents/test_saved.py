"""Saved documents beside changes: nothing is lost by them, and what is damaged on disk is said, never shown."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest
from tests.client_sdk.practice import Practice, exchange, replica_of

from intersession import StoreFull, StoreInvalid, Tracker
from intersession.documents import saved, stored
from intersession.store.store import Store
from intersession.sync.exchange import Exchange
from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document

MANY = saved.MOST_CHANGES + 6
OpenTracker = Callable[[str], Tracker]


@pytest.fixture
def side(tracker: Tracker, practice: Practice) -> Exchange:
    return practice.join(tracker)


@pytest.fixture
def entry(tracker: Tracker, practice: Practice, side: Exchange) -> UUID:
    """An entry with more changes than are kept beside a saved document, all of them back from the server."""
    made = tracker.journal.write("word 0", shared=True)
    for number in range(1, MANY):
        tracker.journal.edit(made.id, text=f"word {number}")
    practice.sync(side)
    return made.id


def bytes_kept(tracker: Tracker, document: UUID) -> list[bool]:
    """Of each change whether it has bytes of its own."""
    with replica_of(tracker).reading() as store:
        rows = store.all(
            "SELECT data IS NOT NULL FROM changes WHERE document = ? ORDER BY position", at(store, document)
        )
    return [bool(kept) for (kept,) in rows]


def at(store: Store, id: UUID) -> int:
    found = stored.find(store, id)
    assert found is not None
    return found.position


def forget_loaded(tracker: Tracker) -> None:
    replica_of(tracker).documents._loaded.clear()


def test_long_accepted_changes_give_up_their_bytes_and_nothing_else(
    tracker: Tracker, practice: Practice, entry: UUID
) -> None:
    assert bytes_kept(tracker, entry) == [False] * MANY
    with replica_of(tracker).reading() as store:
        held = {change.hash: change for change in stored.changes_of(store, at(store, entry))}
        blob = saved.load(store, at(store, entry))
    sent = {row.hash: read_change(row.change) for row in practice.rows}
    assert held.keys() == sent.keys()
    for hash, change in sent.items():
        kept = held[hash]
        assert (kept.deps, kept.actor, kept.start_op, kept.operations, kept.size) == (
            change.deps,
            change.actor,
            change.start_op,
            change.operations,
            len(change.data),
        )
        assert read_change(kept.data).hash == hash
    assert len(blob) * 4 < sum(len(change.data) for change in sent.values())


def test_after_it_one_reads_and_writes_on(
    tracker: Tracker, practice: Practice, side: Exchange, entry: UUID, open_tracker: OpenTracker
) -> None:
    tracker.close()
    again = open_tracker("tracker")
    assert again.journal.get(entry).text == f"word {MANY - 1}"
    assert again.journal.edit(entry, text="and on").text == "and on"
    practice.sync(exchange(again))
    assert bytes_kept(again, entry).count(True) == 1
    other = open_tracker("other")
    practice.give(practice.join(other))
    assert other.journal.get(entry).text == "and on"
    assert other.journal.edit(entry, text="and on there").text == "and on there"
    practice.sync(exchange(other), exchange(again))
    assert again.journal.get(entry).text == "and on there"


def test_a_document_is_saved_again_once_so_much_has_come_that_it_is_worth_it(
    tracker: Tracker, practice: Practice, side: Exchange, entry: UUID
) -> None:
    for number in range(MANY):
        tracker.journal.edit(entry, text=f"more {number}")
    practice.sync(side)
    assert bytes_kept(tracker, entry) == [False] * 2 * MANY
    assert tracker.journal.get(entry).text == f"more {MANY - 1}"


def test_a_long_document_is_not_saved_again_for_a_little(tracker: Tracker, practice: Practice, side: Exchange) -> None:
    words = random.Random(1).choices("".join(map(chr, range(0x4E00, 0x9FFF))), k=18_000)
    made = tracker.journal.write("".join(words), shared=True)
    for number in range(MANY):
        tracker.journal.edit(made.id, mood=number % 10)
    practice.sync(side)
    first = bytes_kept(tracker, made.id)
    assert first == [False] * len(first), "it is long as it is"
    for number in range(MANY):
        tracker.journal.edit(made.id, mood=number % 7)
    practice.sync(side)
    assert bytes_kept(tracker, made.id) == first + [True] * MANY


def test_what_the_server_does_not_hold_keeps_its_bytes(tracker: Tracker, practice: Practice, side: Exchange) -> None:
    made = tracker.journal.write("word 0", shared=True)
    for number in range(1, MANY):
        tracker.journal.edit(made.id, text=f"word {number}")
    practice.take(side)
    for number in range(3):
        tracker.journal.edit(made.id, text=f"not sent {number}")
    practice.give(side)
    assert bytes_kept(tracker, made.id) == [False] * MANY + [True] * 3
    practice.sync(side)
    other = Practice()  # the server that was restored is empty
    other.client, other.stream, other.grant = practice.client, practice.stream, practice.grant
    side.resend(made.id)
    assert bytes_kept(tracker, made.id) == [True] * (MANY + 3)
    assert other.take(side) == MANY + 3
    assert {row.hash for row in other.rows} == {row.hash for row in practice.rows}


def test_what_waits_to_be_sent_again_keeps_its_bytes(
    tracker: Tracker, practice: Practice, side: Exchange, entry: UUID
) -> None:
    side.resend(entry)
    practice.rows.append(practice.rows[-1])
    side.store_page(practice.page(MANY - 1, most=1))
    # The row that came back left the outbox; the others are to be sent yet.
    assert bytes_kept(tracker, entry) == [True] * MANY


def test_a_change_that_is_refused_after_it_was_saved_leaves_the_document(
    tracker: Tracker, practice: Practice, side: Exchange, entry: UUID
) -> None:
    from intersession.documents import applying
    from intersession.sync import outbox

    with replica_of(tracker).reading() as store:
        (last,) = store.one("SELECT hash FROM changes ORDER BY position DESC LIMIT 1") or ()
        with store.transaction():
            found = stored.find(store, entry)
            assert found is not None
            outbox.quarantine(store, found, last, "does_not_apply", "It does not apply.")
        applying.apply_dirty(store, replica_of(tracker).documents)
        assert store.one("SELECT 1 FROM saved") is None
    assert tracker.journal.get(entry).text == f"word {MANY - 2}"
    (refused,) = tracker.status().refusals
    assert f"word {MANY - 1}" in refused.text


def test_what_is_erased_is_gone_from_the_saved_document_too(tmp_path: Path, tracker: Tracker, entry: UUID) -> None:
    with replica_of(tracker).reading() as store:
        blob = saved.load(store, at(store, entry))
    assert found_in(tmp_path, blob[-64:])
    tracker.journal.withdraw(entry)
    with replica_of(tracker).reading() as store:
        assert store.one("SELECT 1 FROM saved") is None
    assert not found_in(tmp_path, blob[-64:])


def found_in(folder: Path, what: bytes) -> bool:
    return any(what in file.read_bytes() for file in folder.glob("tracker.db*"))


# -- cut short ---------------------------------------------------------------------------------------------------------


def test_what_ends_between_saving_and_dropping_leaves_all_as_it_was(
    tracker: Tracker, practice: Practice, side: Exchange, monkeypatch: pytest.MonkeyPatch, open_tracker: OpenTracker
) -> None:
    made = tracker.journal.write("word 0", shared=True)
    for number in range(1, MANY):
        tracker.journal.edit(made.id, text=f"word {number}")
    practice.take(side)
    with monkeypatch.context() as patched:
        patched.setattr(Store, "run_many", full_at("UPDATE changes SET data = NULL", Store.run_many))
        assert practice.give(side) == 0, "that there is no room for it is nothing that the page is to blame for"
    with replica_of(tracker).reading() as store:
        assert store.one("SELECT 1 FROM saved") is None
    assert bytes_kept(tracker, made.id) == [True] * MANY
    assert tracker.journal.edit(made.id, text="goes on").text == "goes on"
    tracker.close()
    assert open_tracker("tracker").journal.get(made.id).text == "goes on"


def full_at(begins: str, run_many: Callable[..., None]) -> Callable[..., None]:
    def run(store: Store, sql: str, rows: object) -> None:
        if sql.startswith(begins):
            raise StoreFull("full")
        run_many(store, sql, rows)

    return run


@pytest.mark.parametrize("meanwhile", ["it is sent again", "it is erased", "it is edited"])
def test_what_happens_while_a_document_is_saved_counts(
    tracker: Tracker, practice: Practice, side: Exchange, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    made = tracker.journal.write("word 0", shared=True)
    for number in range(1, MANY):
        tracker.journal.edit(made.id, text=f"word {number}")
    practice.take(side)
    make = saved.make

    def making(gathered: saved.Gathered) -> saved.Saved | None:
        assert not replica_of(tracker).lock._lock._is_owned(), "it keeps nobody waiting"  # type: ignore[attr-defined]
        match meanwhile:
            case "it is sent again":
                side.resend(made.id)
            case "it is erased":
                tracker.journal.withdraw(made.id)
            case "it is edited":
                tracker.journal.edit(made.id, text="on")
        return make(gathered)

    with monkeypatch.context() as patched:
        patched.setattr(saved, "make", making)
        practice.give(side)
    kept = {
        "it is sent again": [True] * MANY,
        "it is erased": [],
        "it is edited": [False] * MANY + [True],
    }
    assert bytes_kept(tracker, made.id) == kept[meanwhile]
    with replica_of(tracker).reading() as store:
        assert store.number("SELECT count(*) FROM saved") == (meanwhile == "it is edited")
    practice.sync(side)
    if meanwhile != "it is erased":
        assert tracker.journal.edit(made.id, text="on and on").text == "on and on"


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.client_sdk.practice import Practice
from intersession import Tracker
from intersession.store.store import Store

run_many = Store.run_many
def run(store, sql, rows):
    if sql.startswith("UPDATE changes SET data = NULL"):
        os.kill(os.getpid(), signal.SIGKILL)
    run_many(store, sql, rows)
Store.run_many = run
practice = Practice()
with Tracker.open(sys.argv[1]) as tracker:
    side = practice.join(tracker)
    entry = tracker.journal.write("word 0", shared=True)
    for number in range(1, int(sys.argv[2])):
        tracker.journal.edit(entry.id, text=f"word {number}")
    practice.take(side)
    print(entry.id, flush=True)
    practice.give(side)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_a_kill_between_saving_and_dropping_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, path, str(MANY)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
        check=False,
    )
    assert killed.returncode == -9, killed.stderr
    with Tracker.open(path) as tracker:
        id = UUID(killed.stdout.strip())
        assert tracker.journal.get(id).text == f"word {MANY - 1}"
        assert bytes_kept(tracker, id) == [True] * MANY
        assert tracker.journal.edit(id, text="goes on").text == "goes on"


@pytest.mark.parametrize("spoiled", ["one is missing", "another head", "it cannot be loaded"])
def test_a_document_that_does_not_give_back_every_change_is_not_saved(
    tracker: Tracker, practice: Practice, side: Exchange, monkeypatch: pytest.MonkeyPatch, spoiled: str
) -> None:
    made = tracker.journal.write("word 0", shared=True)
    for number in range(1, MANY):
        tracker.journal.edit(made.id, text=f"word {number}")
    practice.take(side)
    save = Document.save

    def worse(document: Document) -> bytes:
        if spoiled == "it cannot be loaded":
            return b"\x00" * 20
        less = Document.load(b"".join(document.changes()[: -1 if spoiled == "one is missing" else None]), bytes(16))
        if spoiled == "another head":
            with less.edit() as edit:
                edit.put("mood", 3)
        return save(less)

    with monkeypatch.context() as patched:
        patched.setattr(Document, "save", worse)
        practice.give(side)
        assert bytes_kept(tracker, made.id) == [True] * MANY
    tracker.journal.edit(made.id, text="on")
    practice.sync(side)
    assert bytes_kept(tracker, made.id) == [True] * (MANY + 1), "it is not tried with each page"


# -- damaged on disk ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [0, 5, 9, 40, 0.25, 0.5, 0.75, -1])
def test_a_saved_document_with_one_other_byte_is_said_to_be_damaged(
    tracker: Tracker, practice: Practice, side: Exchange, entry: UUID, place: float
) -> None:
    with replica_of(tracker).reading() as store, store.transaction():
        blob = bytearray(saved.load(store, at(store, entry)))
        byte = int(place * len(blob)) if isinstance(place, float) else place
        blob[byte] ^= 0x41
        store.run("UPDATE saved SET data = ?", bytes(blob))
    refused(tracker, side, entry)


@pytest.mark.parametrize("change", ["data = substr(data, 1, length(data) - 1)", "data = x''", "length = length + 1"])
def test_so_is_one_that_is_cut_off(tracker: Tracker, side: Exchange, entry: UUID, change: str) -> None:
    with replica_of(tracker).reading() as store, store.transaction():
        store.run(f"UPDATE saved SET {change}")
    refused(tracker, side, entry)


def refused(tracker: Tracker, side: Exchange, entry: UUID) -> None:
    forget_loaded(tracker)
    for call in (lambda: tracker.journal.edit(entry, text="on"), lambda: side.resend(entry)):
        with pytest.raises(StoreInvalid, match=r"restore a backup.* Or start a new one and pair it") as failure:
            call()
        assert failure.value.code == "damaged"
    assert tracker.journal.get(entry).text == f"word {MANY - 1}"
    assert tracker.journal.write("another").text == "another", "the rest of the store goes on"


@pytest.mark.parametrize("place", [4, 8, 9, 12, 40, -1])
@pytest.mark.parametrize("text", ["a short one", "a long one that is deflated " * 100])
def test_a_change_with_one_other_byte_is_said_to_be_damaged(tracker: Tracker, place: int, text: str) -> None:
    entry = tracker.journal.write(text)
    with replica_of(tracker).reading() as store, store.transaction():
        (data,) = store.one("SELECT data FROM changes") or ()
        other = bytearray(data)
        other[place] ^= 0x41
        store.run("UPDATE changes SET data = ?", bytes(other))
    forget_loaded(tracker)
    with pytest.raises(StoreInvalid, match="restore a backup") as failure:
        tracker.journal.edit(entry.id, text="on")
    assert failure.value.code == "damaged"
    assert tracker.journal.get(entry.id).text == text


def test_so_is_a_change_in_the_place_of_another(tracker: Tracker) -> None:
    one, other = tracker.journal.write("one"), tracker.journal.write("two")
    with replica_of(tracker).reading() as store, store.transaction():
        sql = "UPDATE changes SET data = (SELECT data FROM changes WHERE document = ?) WHERE document = ?"
        store.run(sql, at(store, other.id), at(store, one.id))
    forget_loaded(tracker)
    with pytest.raises(StoreInvalid, match="damaged"):
        tracker.journal.edit(one.id, text="on")


def test_a_damaged_document_does_not_spoil_a_backup_of_the_rest(tmp_path: Path, tracker: Tracker, entry: UUID) -> None:
    tracker.backup(tmp_path / "copy.db")
    with closing(Tracker.open(tmp_path / "copy.db")) as copy:
        assert copy.journal.edit(entry, text="on in the copy").text == "on in the copy"
