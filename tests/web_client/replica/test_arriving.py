"""What comes from a server: whole records, what was refused or set aside, the end of access. Asked of a device with the
SDK and of one with the core, which have to answer the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest
from tests.web_client.peer import Peer
from tests.web_client.replica.devices import ACCOUNT, NAMES, RECORD, CoreDevice, Device, PythonDevice, SharedLog, plain
from tests.web_client.replica.test_devices import START, rows, shown

from intersession.documents import applying
from intersession.replica.replica import Replica
from intersession.sync import standing, unsent
from intersession.testing import SettableClock
from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document
from intersession_schemas.messages import Row, Rows, RowType, SavedRow, Snapshot, SnapshotDocument
from intersession_schemas.streams import Kind

DOCTOR = uuid5(NAMES, "doctor")


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(START)


@pytest.fixture
def devices(peer: Peer, tmp_path: Path, clock: SettableClock) -> Iterator[tuple[PythonDevice, CoreDevice]]:
    """One of each, that know their streams."""
    one, other = PythonDevice(tmp_path / "sdk.db", clock), CoreDevice(peer, clock, f"core {tmp_path.name}")
    log = SharedLog(clock)
    for device in (one, other):
        device.join(log.welcome())
    yield one, other
    one.replica.close()


def filled(clock: SettableClock, tmp_path: Path) -> SharedLog:
    """A log of a record in which much was written."""
    log, device = SharedLog(clock), PythonDevice(tmp_path / "before.db", clock, "before")
    log.exchange(device)
    id = ""
    for number in range(5):
        id = device.write_entry(
            at=clock.forward(hours=1).isoformat(), shared=True, text=f"Entry {number}.", mood=number, tags=["a"]
        )
        for again in range(number):
            device.edit_entry(id, text=f"Entry {number}, again {again}.")
        device.log(at=clock().isoformat(), shared=True, values={"worry": number}, note="", key=None)
    goal = device.goal(what="Walk", why="I sit all day.", made_at=clock().isoformat())
    device.edit_goal(goal, why="I sit all day long.")
    device.withdraw_entry(id)
    log.exchange(device)
    device.replica.close()
    return log


def snapshot(log: SharedLog, inside: int) -> Snapshot:
    """The record as a new device gets it: so many changes of each document saved, the others as rows."""
    documents: dict[UUID, list[Row]] = {}
    for row in log.streams[RECORD]:
        documents.setdefault(row.document, []).append(row)
    items = []
    for id, all_rows in reversed(documents.items()):
        if id in log.erased:
            continue
        first, rest = all_rows[:inside], all_rows[inside:]
        document = Document.new(bytes(16))
        document.apply([row.change for row in first])
        changes = [read_change(row.change) for row in first]
        saved = [
            SavedRow(
                row.seq,
                row.hash,
                row.author,
                row.device,
                row.received_at,
                list(change.deps),
                change.actor,
                change.start_op,
                change.operations,
                len(row.change),
            )
            for row, change in zip(first, changes, strict=True)
        ]
        kind = all_rows[0].kind
        items.append(SnapshotDocument(id, kind, rest, document.save() if inside else b"", saved))
    head = len(log.streams[RECORD])
    return Snapshot(RECORD, items, head, sha256(str(head).encode()).digest()[:8], 0)


def both(devices: tuple[Device, ...], work: Any) -> Any:
    """What both answer, which is the same."""
    first, second = map(work, devices)
    assert second == first
    return first


@pytest.mark.parametrize("inside", [0, 1, 3])
def test_a_whole_record_arrives(
    devices: tuple[PythonDevice, CoreDevice], clock: SettableClock, tmp_path: Path, inside: int
) -> None:
    log = filled(clock, tmp_path)
    new = both(devices, lambda device: device.take(snapshot(log, inside)))
    assert new > 10
    said = both(devices, shown)
    assert (len(said["entries"]), len(said["logs"]), len(said["goals"])) == (4, 5, 1)
    # What comes a second time is known, and what is written from here on is merged with it.
    assert both(devices, lambda device: device.take(snapshot(log, inside))) == 0
    [goal] = devices[1].goals()
    devices[1].edit_goal(goal["id"], what="Run")
    [changed] = devices[1].goals()
    assert (changed["model"]["what"], changed["model"]["why"]) == ("Run", "I sit all day long.")


def test_a_saved_document_that_is_none_is_a_problem_and_stops_nothing(
    devices: tuple[PythonDevice, CoreDevice], clock: SettableClock, tmp_path: Path
) -> None:
    whole = snapshot(filled(clock, tmp_path), 3)
    items = [
        SnapshotDocument(one.document, one.kind, one.rows, whole.items[number - 1].saved, one.inside)
        if number == 2
        else one
        for number, one in enumerate(whole.items)
    ]
    both(devices, lambda device: device.take(Snapshot(whole.stream, items, whole.head, whole.chain, 0)))
    both(devices, shown)
    problems = "SELECT hex(document), code FROM problems ORDER BY 1"
    sdk = [tuple(row) for row in devices[0].replica.store.all(problems)]
    assert devices[1]._peer.rows(problems, devices[1]._name) == sdk
    assert len(sdk) == 1


def test_rows_that_cannot_be_used_are_problems_and_stop_nothing(
    devices: tuple[PythonDevice, CoreDevice], clock: SettableClock, tmp_path: Path
) -> None:
    log = filled(clock, tmp_path)
    good = log.streams[RECORD]
    bad = []
    for row in good:
        change = {3: b"nothing", 5: row.change[:-2] + b"xx"}.get(row.seq, row.change)
        hash = bytes(32) if row.seq == 8 else row.hash
        kind = "goal" if row.seq == 4 else row.kind
        bad.append(Row(row.seq, row.document, kind, hash, row.author, row.device, row.received_at, row.type, change))
    both(devices, lambda device: device.take(Rows(RECORD, bad, len(bad), b"12345678")))
    both(devices, shown)
    problems = "SELECT seq, code FROM problems ORDER BY 1"
    sdk = [tuple(row) for row in devices[0].replica.store.all(problems)]
    assert devices[1]._peer.rows(problems, devices[1]._name) == sdk
    assert len(sdk) >= 3


def written(device: Device, clock: SettableClock) -> str:
    return device.write_entry(at=clock().isoformat(), shared=True, text="The first word.", mood=None, tags=[])


def test_what_is_refused_is_kept_as_text(devices: tuple[PythonDevice, CoreDevice], clock: SettableClock) -> None:
    texts = []
    for device in devices:
        id = written(device, clock)
        [first] = device.outgoing()
        device.settle(first.document, first.hashes)
        device.edit_entry(id, text="The first word, and another.")
        device.edit_entry(id, mood=3)
        [second] = device.outgoing()
        device.refuse(second.document, second.hashes[:1], "not_writer")
        [entry] = device.entries()
        assert (entry["text"], entry["mood"]) == ("The first word.", None)
        assert device.outgoing() == []
        refusals = (
            device.ask("refusals")
            if isinstance(device, CoreDevice)
            else standing.status(device.replica, connected=False, transfer=None).refusals
        )
        texts.append([(one["code"], one["text"]) for one in plain(list(refusals))])
    assert texts[0] == texts[1] == [("not_writer", "The first word, and another.\n\nmood 3")]


def test_what_a_server_set_aside_leaves_its_document(
    devices: tuple[PythonDevice, CoreDevice], clock: SettableClock
) -> None:
    for device in devices:
        id = written(device, clock)
        device.edit_entry(id, text="The first word, and another.")
        [item] = device.outgoing()
        at = datetime(2026, 5, 4, 17, tzinfo=UTC)
        page = [
            Row(seq, item.document, item.kind, hash, ACCOUNT, device.id, at, type, change)
            for seq, hash, type, change in (
                (1, item.hashes[0], RowType.CHANGE, item.changes[0]),
                (2, item.hashes[1], RowType.QUARANTINE, b""),
            )
        ]
        device.take(Rows(RECORD, page, 2, b"12345678"))
        [entry] = device.entries()
        assert (entry["id"], entry["text"]) == (id, "The first word.")
        assert device.outgoing() == []


def test_the_end_of_access_deletes_the_record_and_keeps_unsent_words(
    devices: tuple[PythonDevice, CoreDevice], clock: SettableClock
) -> None:
    for device in devices:
        id = written(device, clock)
        [first] = device.outgoing()
        device.settle(first.document, first.hashes)
        device.edit_entry(id, text="The first word, and another.")
        kept = device.write_entry(at=clock().isoformat(), shared=False, text="Mine.", mood=None, tags=[])
        if isinstance(device, CoreDevice):
            assert device.ask("purge", stream=str(RECORD)) == 1
            refusals = device.ask("refusals")
        else:
            assert unsent.purge(device.replica.store, RECORD, None) == 1
            refusals = plain(list(standing.status(device.replica, connected=False, transfer=None).refusals))
        assert [one["id"] for one in device.entries()] == [kept]
        assert [(one["code"], one["text"]) for one in refusals] == [("access_ended", "The first word, and another.")]


def test_long_accepted_changes_become_a_saved_document_that_both_read(
    peer: Peer, tmp_path: Path, clock: SettableClock
) -> None:
    log, device = SharedLog(clock), CoreDevice(peer, clock, "long")
    log.exchange(device)
    id = written(device, clock)
    for number in range(80):
        device.edit_entry(id, text=f"The first word, and {number} others.")
    log.exchange(device)
    device.save_long()
    saved = "SELECT count(*), (SELECT count(*) FROM changes WHERE data IS NULL) FROM saved"
    assert peer.rows(saved, "long") == [(1, 81)]
    device.edit_entry(id, text="The last word.")
    device.file(tmp_path / "long.db")
    before = rows(tmp_path / "long.db")
    replica = Replica.open(tmp_path / "long.db", clock)
    with replica.store.transaction():
        replica.store.run("UPDATE documents SET dirty = 1")
    applying.apply_dirty(replica.store, replica.documents)
    assert replica.documents.read(1).heads
    replica.close()
    assert rows(tmp_path / "long.db")["entries"] == before["entries"]
    # Where a server lacks them, each gets its bytes again.
    device.ask("resend", document=id)
    [item] = device.outgoing()
    assert [read_change(change).hash for change in item.changes] == list(item.hashes)
    assert len(item.hashes) == 82


def test_the_core_writes_the_rows_of_a_store_of_the_sdk_as_they_are(
    peer: Peer, tmp_path: Path, clock: SettableClock
) -> None:
    filled(clock, tmp_path)
    replica = Replica.open(tmp_path / "before.db", clock)
    replica.close()
    peer.open("opened", tmp_path / "before.db", now=clock().isoformat())
    core = CoreDevice.__new__(CoreDevice)
    core._peer, core._name, core._clock = peer, "opened", clock
    core.search("walked")
    core.file(tmp_path / "opened.db")
    before = rows(tmp_path / "opened.db")
    peer.rows("UPDATE documents SET dirty = 1 WHERE NOT erased", "opened")
    core.ask("apply")
    core.search("walked")
    core.file(tmp_path / "anew.db")
    assert rows(tmp_path / "anew.db") == before
    assert len(before["entries"]) == 4


def test_a_call_that_fails_leaves_nothing_and_the_next_one_writes_as_another_actor(
    peer: Peer, tmp_path: Path, clock: SettableClock
) -> None:
    device = CoreDevice(peer, clock, "failing")
    id = written(device, clock)
    device.ask("heard")
    with pytest.raises(Exception, match="thought better"):
        device.ask("failing", id=id, text="Never said.")
    assert [one["text"] for one in device.entries()] == ["The first word."]
    assert device.ask("heard") == []
    device.edit_entry(id, text="The second word.")
    [change] = device.ask("heard")
    assert change == {"documents": [id], "source": "local"}
    actors = peer.rows("SELECT count(DISTINCT actor), count(*) FROM changes", "failing")
    assert actors == [(2, 2)]


def test_what_was_written_before_pairing_is_shared_as_a_copy(
    devices: tuple[PythonDevice, CoreDevice], clock: SettableClock
) -> None:
    for device in devices:
        id = device.write_entry(at=clock().isoformat(), shared=None, text="A secret.", mood=None, tags=[])
        device.edit_entry(id, text="What all may read.")
        device.log(at=clock().isoformat(), shared=None, values={"worry": 2}, note="", key=None)
        device.share_earlier()
        [entry] = device.entries()
        assert entry["id"] != id
        assert entry["shared"]
        assert [log["shared"] for log in device.logs()] == [True]
        sent = device.outgoing()
        assert len(sent) == 2
        [copy] = [one for one in sent if one.kind == Kind.JOURNAL_ENTRY]
        assert len(copy.changes) == 1, "what was said before goes with the copy"
