"""Pages from the server: kept with their cursor whatever is in them, applied or told as a problem."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from tests.client_sdk.practice import NOON, Practice, replica_of

from intersession import Caseload, NotFound, StoreFull, Tracker
from intersession.documents import applying
from intersession.sync import inbox
from intersession.sync.exchange import Exchange
from intersession_schemas.crdt import Document
from intersession_schemas.errors import DocumentError, RefusalCode
from intersession_schemas.messages import Rows, RowType, Snapshot, offers_digest
from intersession_schemas.streams import Audience, Role

PANICS = bytes.fromhex("42019979c1fca799fc05fd03b4f8fa2de911bfc95152507ee4d2f81673c28962e0cf00010005010007794200020102")


@pytest.fixture
def other(practice: Practice, open_tracker: Callable[[str], Tracker]) -> Tracker:
    """Another device of the same client, whose changes come as pages; it shares what it is told to."""
    other = open_tracker("other")
    practice.join(other)
    return other


@pytest.fixture
def side(caseload: Caseload, practice: Practice) -> Exchange:
    """A therapist's network side."""
    return practice.join(caseload, Role.PRIMARY)


def send(practice: Practice, device: Tracker) -> None:
    practice.take(practice.join(device))


def test_what_was_offered_last_is_known_of_every_stream(side: Exchange, practice: Practice) -> None:
    (known,) = side.opened().known
    assert (known.stream, known.audience, known.role) == (practice.stream, Audience.RECORD, Role.PRIMARY)
    assert known.label
    assert offers_digest(side.opened().known) == offers_digest([msgspec.structs.replace(known, head=9, documents=1)])


def test_a_page_is_applied_and_moves_the_cursor(
    practice: Practice, other: Tracker, side: Exchange, caseload: Caseload
) -> None:
    other.journal.write("one", shared=True)
    other.symptoms.log({"worry": 1}, shared=True)
    send(practice, other)
    assert practice.give(side) == practice.head
    (cursor,) = side.opened().cursors
    assert (cursor.cursor, cursor.chain, cursor.backfill) == (practice.head, bytes(8), None)
    client = caseload.client(practice.client)
    assert ([entry.text for entry in client.entries()], len(client.logs())) == (["one"], 1)


def test_a_page_again_changes_nothing_and_an_old_one_moves_nothing_back(
    practice: Practice, other: Tracker, side: Exchange
) -> None:
    for n in range(3):
        other.journal.write(str(n), shared=True)
    send(practice, other)
    assert side.store_page(practice.page(0)) == 3
    assert side.store_page(practice.page(0)) == 0
    assert side.store_page(practice.page(0, most=1)) == 0
    assert side.opened().cursors[0].cursor == 3


def test_a_page_of_a_stream_that_is_not_held_is_dropped(practice: Practice, other: Tracker, side: Exchange) -> None:
    other.journal.write("one", shared=True)
    send(practice, other)
    page = practice.page(0)
    assert side.store_page(msgspec.structs.replace(page, stream=uuid4())) == 0
    assert side.opened().cursors[0].cursor == 0


def test_when_things_arrived_is_told_per_entry_and_per_log(
    practice: Practice, other: Tracker, side: Exchange, caseload: Caseload
) -> None:
    """Logs of one document come in different changes, each with its own arrival."""
    entry = other.journal.write("one", shared=True)
    hours = (0, 10, 40)
    for worry, hour in enumerate(hours):
        other.symptoms.log({"worry": worry}, at=NOON, shared=True)
        practice.received_at = NOON + timedelta(hours=hour)
        send(practice, other)
    practice.received_at = NOON + timedelta(hours=50)
    other.journal.edit(entry.id, text="two")
    send(practice, other)
    expected = {worry: (NOON + timedelta(hours=hour), hour > 24) for worry, hour in enumerate(hours)}
    practice.give(side)
    practice.give(practice.join(other))
    client = caseload.client(practice.client)
    for logs, entries in ((client.logs(), client.entries()), (other.symptoms.logs(), other.journal.entries())):
        assert {log.values["worry"]: (log.arrived_at, log.late) for log in logs} == expected
        assert [(one.text, one.arrived_at, one.late) for one in entries] == [("two", NOON, False)]
    assert [point.late for point in sorted(client.series("worry"), key=lambda point: point.value)] == [
        False,
        False,
        True,
    ]


def test_a_row_that_cannot_be_used_is_a_problem_and_stops_nothing(
    practice: Practice, other: Tracker, side: Exchange, caseload: Caseload
) -> None:
    one = other.journal.write("one", shared=True)
    two = other.journal.write("two", shared=True)
    send(practice, other)
    good = practice.rows[0]
    replace = msgspec.structs.replace
    flipped = good.change[:-1] + bytes([good.change[-1] ^ 0xFF])
    rows = [
        good,
        replace(good, seq=2, document=uuid4(), change=b"nonsense"),
        replace(good, seq=3, document=uuid4(), change=b""),
        replace(good, seq=4, document=uuid4(), change=flipped),
        replace(good, seq=5, document=uuid4(), hash=bytes(32)),
        replace(good, seq=6, kind="symptom_log"),
        replace(practice.rows[1], seq=7),
        replace(good, seq=8, change=b"nonsense"),
    ]
    assert side.store_page(Rows(practice.stream, rows, 8, bytes(8))) == 2
    assert side.opened().cursors[0].cursor == 8
    entries = {entry.id: entry for entry in caseload.client(practice.client).entries()}
    assert {id: entry.text for id, entry in entries.items()} == {one.id: "one", two.id: "two"}
    assert len(entries[one.id].problems) == 2
    assert entries[two.id].problems == ()
    assert caseload.status().problems == 6


def test_a_change_that_does_not_apply_is_set_aside_and_stops_nothing(
    practice: Practice, other: Tracker, side: Exchange, caseload: Caseload, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = other.journal.write("one", shared=True)
    other.journal.edit(entry.id, text="two")
    other.journal.edit(entry.id, text="three")
    second = other.journal.write("second", shared=True)
    send(practice, other)
    poison = practice.rows[1].change
    apply, load = Document.apply, Document.load.__func__  # type: ignore[attr-defined]

    def failing_apply(document: Document, changes: list[bytes]) -> None:
        if poison in changes:
            raise DocumentError("panic", code=RefusalCode.DOES_NOT_APPLY)
        apply(document, changes)

    def failing_load(cls: type[Document], data: bytes, actor: bytes) -> Document:
        if poison in data:
            raise DocumentError("panic", code=RefusalCode.DOES_NOT_APPLY)
        loaded: Document = load(cls, data, actor)
        return loaded

    monkeypatch.setattr(Document, "apply", failing_apply)
    monkeypatch.setattr(Document, "load", classmethod(failing_load))
    practice.give(side)
    entries = {one.id: one for one in caseload.client(practice.client).entries()}
    assert entries[entry.id].text == "one"
    assert entries[entry.id].problems == ("changes: one could not be used (does_not_apply)",)
    assert (entries[second.id].text, entries[second.id].problems) == ("second", ())
    practice.give(practice.join(other))


def test_random_bytes_as_changes_end_nothing(practice: Practice, other: Tracker, side: Exchange) -> None:
    other.journal.write("one", shared=True)
    send(practice, other)
    good = practice.rows[0]
    rows = [msgspec.structs.replace(good, seq=n, document=uuid4(), change=os.urandom(n)) for n in range(1, 200)]
    rows.append(msgspec.structs.replace(good, seq=200, document=uuid4(), change=PANICS))
    assert side.store_page(Rows(practice.stream, rows, 200, bytes(8))) == 0
    assert side.opened().cursors[0].cursor == 200


def test_changes_in_the_wrong_order_wait_for_one_another(
    practice: Practice, other: Tracker, side: Exchange, caseload: Caseload
) -> None:
    entry = other.journal.write("one", shared=True)
    for text in ("two", "three"):
        other.journal.edit(entry.id, text=text)
    send(practice, other)
    first, second, third = practice.rows
    client = caseload.client(practice.client)
    seen = []
    for cursor, row in enumerate((third, first, second), start=1):
        side.store_page(Rows(practice.stream, [row], cursor, bytes(8)))
        seen.append([one.text for one in client.entries()])
    assert seen == [[], ["one"], ["three"]]


def test_a_document_may_not_grow_beyond_its_bound(
    practice: Practice, other: Tracker, side: Exchange, caseload: Caseload, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = other.journal.write("one", shared=True)
    other.journal.edit(entry.id, text="two " * 100)
    send(practice, other)
    monkeypatch.setattr("intersession.documents.stored.MAX_DOCUMENT_BYTES", len(practice.rows[0].change))
    practice.give(side)
    (found,) = caseload.client(practice.client).entries()
    assert (found.text, found.problems) == ("one", ("changes: one could not be used (too_large)",))
    assert side.store_page(practice.page(0)) == 0
    assert caseload.status().problems == 1


def test_what_was_stored_and_not_applied_is_taken_up_again(
    practice: Practice, other: Tracker, caseload: Caseload, side: Exchange, tmp_path: Path
) -> None:
    """A crash between the two."""
    other.journal.write("one", shared=True)
    send(practice, other)
    with replica_of(caseload).reading() as store:
        inbox.store_page(store, practice.page(0))
    assert caseload.client(practice.client).entries() == []
    caseload.close()
    with Caseload.open(tmp_path / "caseload.db") as again:
        assert [entry.text for entry in again.client(practice.client).entries()] == ["one"]


def test_a_page_that_finds_the_disk_full_is_not_there_at_all(
    practice: Practice, other: Tracker, side: Exchange, caseload: Caseload
) -> None:
    for n in range(50):
        other.journal.write(f"{n} " + str(uuid4()) * 50, shared=True)
    send(practice, other)
    with replica_of(caseload).reading() as store:
        store.run(f"PRAGMA max_page_count = {store.number('PRAGMA page_count') + 3}")
    with pytest.raises(StoreFull):
        side.store_page(practice.page(0))
    assert side.opened().cursors[0].cursor == 0
    assert caseload.client(practice.client).entries() == []
    with replica_of(caseload).reading() as store:
        store.run("PRAGMA max_page_count = 100000")
    assert practice.give(side) == 50
    assert len(caseload.client(practice.client).entries()) == 50


def test_a_full_disk_while_applying_costs_a_repetition(
    practice: Practice, other: Tracker, side: Exchange, caseload: Caseload, monkeypatch: pytest.MonkeyPatch
) -> None:
    other.journal.write("one", shared=True)
    send(practice, other)

    def no_room(*_: object) -> None:
        raise StoreFull("full")

    with monkeypatch.context() as patched:
        patched.setattr(applying, "apply_first", no_room)
        with pytest.raises(StoreFull):
            side.store_page(practice.page(0))
    assert side.opened().cursors[0].cursor == 1
    side.store_page(Rows(practice.stream, [], 1, bytes(8)))
    assert [entry.text for entry in caseload.client(practice.client).entries()] == ["one"]


def test_a_new_device_is_filled_by_snapshots_and_goes_on_where_it_was_cut(
    practice: Practice, other: Tracker, side: Exchange, caseload: Caseload
) -> None:
    ids = [other.journal.write(str(n), shared=True).id for n in range(3)]
    send(practice, other)
    side.store_page(practice.snapshot(ids[2], backfill=3))
    (cursor,) = side.opened().cursors
    assert (cursor.cursor, cursor.backfill) == (3, 3)
    other.journal.edit(ids[0], text="edited")
    send(practice, other)
    side.store_page(practice.page(3))
    other.journal.edit(ids[2], text="edited too")
    send(practice, other)
    side.store_page(practice.snapshot(ids[1], backfill=2))
    (cursor,) = side.opened().cursors
    assert (cursor.cursor, cursor.backfill) == (4, 2)
    side.store_page(practice.snapshot(ids[0], backfill=0))
    (cursor,) = side.opened().cursors
    assert (cursor.cursor, cursor.backfill) == (4, None), "row 5 has not come yet, whatever later snapshots say"
    practice.give(side)
    assert {entry.text for entry in caseload.client(practice.client).entries()} == {"edited", "1", "edited too"}
    side.store_page(Snapshot(practice.stream, [], 9, bytes(8), 0))
    assert side.opened().cursors[0].cursor == 9


def test_quarantined_rows_take_back_what_this_device_wrote(
    practice: Practice, other: Tracker, pair: Callable[[Tracker], None]
) -> None:
    pair(other)
    side = practice.join(other)
    entry = other.journal.write("one")
    practice.sync(side)
    other.journal.edit(entry.id, text="two")
    practice.take(side)
    row = practice.rows[-1]
    quarantined = msgspec.structs.replace(row, type=RowType.QUARANTINE, change=b"")
    side.store_page(Rows(practice.stream, [quarantined], 2, bytes(8)))
    assert other.journal.get(entry.id).text == "one"
    assert [(one.code, one.text) for one in other.status().refusals] == [("does_not_apply", "two")]
    elsewhere = msgspec.structs.replace(quarantined, seq=3, document=uuid4())
    assert side.store_page(Rows(practice.stream, [elsewhere], 3, bytes(8))) == 0


def test_an_erased_document_is_gone_and_nothing_brings_it_back(
    practice: Practice, other: Tracker, side: Exchange, caseload: Caseload, tmp_path: Path
) -> None:
    other.journal.write("Rumpelstiltskin", shared=True)
    other.journal.write("kept", shared=True)
    send(practice, other)
    practice.give(side)
    row = practice.rows[0]
    erasure = msgspec.structs.replace(row, seq=3, type=RowType.ERASURE, change=b"")
    side.store_page(Rows(practice.stream, [erasure], 3, bytes(8)))
    side.store_page(Rows(practice.stream, [msgspec.structs.replace(row, seq=4)], 4, bytes(8)))
    assert [entry.text for entry in caseload.client(practice.client).entries()] == ["kept"]
    assert practice.stream == side.opened().cursors[0].stream
    with replica_of(caseload).reading() as store:
        store.truncate_log()
    assert b"umpelst" not in b"".join(path.read_bytes() for path in tmp_path.glob("caseload.db*"))


def test_an_erased_log_takes_the_name_of_its_symptom_with_it(
    practice: Practice, other: Tracker, side: Exchange, caseload: Caseload, tmp_path: Path
) -> None:
    """What somebody calls a symptom is content; names that other logs have stay."""
    other.symptoms.log({"rumpel": 1, "worry": 2}, shared=True, at=NOON)
    send(practice, other)
    first = practice.rows[-1].document
    other.symptoms.log({"worry": 3}, shared=True, at=NOON - timedelta(days=60))
    send(practice, other)
    practice.give(side)
    (row, *_) = (row for row in practice.rows if row.document == first)
    erasure = msgspec.structs.replace(row, seq=90, type=RowType.ERASURE, change=b"")
    side.store_page(Rows(practice.stream, [erasure], 90, bytes(8)))
    with replica_of(caseload).reading() as store:
        assert store.all("SELECT name FROM symptom_names") == [("worry",)]
        store.truncate_log()
    assert b"rumpel" not in b"".join(path.read_bytes() for path in tmp_path.glob("caseload.db*"))


def test_the_end_of_a_grant_leaves_nothing(
    practice: Practice,
    other: Tracker,
    side: Exchange,
    caseload: Caseload,
    tmp_path: Path,
    open_tracker: Callable[[str], Tracker],
) -> None:
    other.journal.write("Rumpelstiltskin", shared=True, tags=["rumpel"])
    other.symptoms.log({"rumpel": 1}, shared=True)
    send(practice, other)
    second = Practice()
    second_side = second.join(caseload, Role.PRIMARY)
    of_second = open_tracker("of second")
    of_second.journal.write("kept", shared=True)
    second.take(second.join(of_second))
    second.give(second_side)
    practice.give(side)
    bad = msgspec.structs.replace(practice.rows[0], seq=90, change=b"x", document=uuid4())
    side.store_page(Rows(practice.stream, [bad], 90, bytes(8)))
    side.purge(practice.stream, uuid4())
    assert len(caseload.clients()) == 2
    side.purge(practice.stream, practice.grant)
    assert [client.id for client in caseload.clients()] == [second.client]
    assert [cursor.stream for cursor in side.opened().cursors] == [second.stream]
    assert [entry.text for entry in caseload.client(second.client).entries()] == ["kept"]
    content = b"".join(path.read_bytes() for path in tmp_path.glob("caseload.db*"))
    assert b"umpel" not in content
    assert practice.stream.bytes not in content
    side.purge(practice.stream, practice.grant)


def test_a_purge_without_a_grant_takes_what_is_held_under_any(
    practice: Practice, side: Exchange, other: Tracker, pair: Callable[[Tracker], None], caseload: Caseload
) -> None:
    pair(other)
    other.journal.write("said", shared=True)
    send(practice, other)
    practice.give(side)
    assert len(caseload.clients()) == 1
    side.purge(practice.stream, None)
    assert caseload.clients() == []
    assert side.opened().cursors == []


def test_a_purge_takes_what_waits_to_be_sent_and_leaves_what_is_private(
    practice: Practice, other: Tracker, pair: Callable[[Tracker], None]
) -> None:
    pair(other)
    side = practice.join(other)
    sent = other.journal.write("sent")
    practice.sync(side)
    unsent, private = other.journal.write("unsent"), other.journal.write("private", shared=False)
    other.symptoms.log({"worry": 1})
    side.purge(practice.stream, practice.grant)
    assert other.journal.entries() == [private]
    assert other.symptoms.logs() == []
    assert other.status().pending == 0
    for gone in (sent, unsent):
        with pytest.raises(NotFound):
            other.journal.edit(gone.id, text="x")
    later = other.journal.write("written later")
    other.symptoms.log({"worry": 2})
    assert other.status().pending == 3
    practice.take(practice.join(other))
    assert other.journal.get(later.id).shared


def test_a_stream_is_not_taken_for_another_than_it_was(practice: Practice, other: Tracker) -> None:
    """What is kept by whose it is could not be deleted any more, and what was sealed would be sent in the open."""
    side = practice.join(other)
    other.symptoms.log({"worry": 1}, shared=True)
    welcome = practice.welcome()
    (offer,) = welcome.streams
    replace = msgspec.structs.replace
    for said in ({"audience": Audience.VAULT}, {"audience": Audience.CHART}, {"role": Role.PRIMARY}):
        side.join(replace(welcome, streams=[replace(offer, label="another", **said)]))
    assert [one.values for one in other.symptoms.logs()] == [{"worry": 1}]
    assert len(side.outgoing(frozenset(), 9, 2**19)) == 1
    side.purge(practice.stream, practice.grant)
    assert other.symptoms.logs() == []
