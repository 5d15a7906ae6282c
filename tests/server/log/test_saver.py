"""Saving documents in the background: only what comes back whole, and never more often than it is worth."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.contracts.log_stores import PLENTY, RECORD, appended, at, backfill_of, furnish, id_of, push

from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document
from intersession_schemas.messages import Row, RowType
from intersession_server.log.applier import Applier
from intersession_server.log.saved import making
from intersession_server.log.saved import saver as module
from intersession_server.log.saved.making import ToSave
from intersession_server.log.saved.saver import Saver
from intersession_server.log.soundness.streams import damage_of
from intersession_server.log.sqlite import SqliteLogStore
from intersession_server.log.store import DamagedLog
from intersession_server.sync.wakeups import Wakeups
from intersession_server.work.workshop import Workshop

pytestmark = pytest.mark.anyio

ENTRY = id_of("entry")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteLogStore]:
    opened = SqliteLogStore.open(tmp_path / "log.db")
    await furnish(opened)
    yield opened
    await opened.close()


async def hold(store: SqliteLogStore, changes: list[bytes], document: str = "entry") -> None:
    """Have the log hold and apply these changes."""
    for change in changes:
        await appended(store, push(read_change(change), document=document))
    applier = Applier(store, Wakeups())
    await applier.catch_up()
    await applier.close()


def saver(store: SqliteLogStore) -> Saver:
    return Saver(store, Workshop(), now=lambda: at(60))


def rows_of(changes: list[bytes]) -> list[Row]:
    who = id_of("anna")
    return [
        Row(seq, ENTRY, "journal_entry", read_change(one).hash, who, who, at(seq), change=one)
        for seq, one in enumerate(changes, 1)
    ]


def edits(count: int, actor: bytes = b"a" * 16) -> list[bytes]:
    """So many changes of one document."""
    document, made = Document.new(actor), []
    for number in range(count):
        with document.edit() as edit:
            edit.put("note", f"edit {number}")
        assert edit.change is not None
        made.append(edit.change)
    return made


async def test_a_saved_document_gives_back_every_change(store: SqliteLogStore) -> None:
    changes = edits(9)
    await hold(store, changes)
    await saver(store).save_all()
    (item,) = (await backfill_of(store, 9)).items
    assert item.rows == []
    assert {read_change(one).hash for one in Document.load(item.saved, bytes(16)).changes()} == {
        row.hash for row in item.inside
    }
    of_log = await store.document_rows(ENTRY)
    assert [(row.seq, row.hash, row.author, row.device, row.received_at) for row in item.inside] == [
        (row.seq, row.hash, row.author, row.device, row.received_at) for row in of_log
    ]
    read = [read_change(one) for one in changes]
    assert [(row.deps, row.actor, row.start_op, row.operations, row.length) for row in item.inside] == [
        (list(one.deps), one.actor, one.start_op, one.operations, len(one.data)) for one in read
    ]


async def test_few_changes_stay_as_they_are(store: SqliteLogStore) -> None:
    await hold(store, edits(making.LEAST_CHANGES - 1))
    await saver(store).save_all()
    assert await store.saved(ENTRY) is None
    assert await store.unsaved(at(60), 10) is None


def test_it_is_saved_again_when_much_has_come_since() -> None:
    times, inside = [], 0
    for count in range(1, 401):
        if making.is_due(ToSave(ENTRY, inside, count - inside)):
            times.append(count)
            inside = count
    assert times[:4] == [3, 6, 9, 12]
    assert len(times) < 25  # of four hundred


def test_quarantined_rows_are_no_part_of_it() -> None:
    rows = rows_of(edits(5))
    rows[-1] = Row(5, ENTRY, "journal_entry", rows[-1].hash, ENTRY, ENTRY, at(5), RowType.QUARANTINE)
    made = making.make(rows)
    assert made is not None
    assert [row.seq for row in made.rows] == [1, 2, 3, 4]
    assert made.through == 5


def test_what_would_lose_a_change_is_not_saved() -> None:
    changes = edits(5)
    short, whole = (Document.load(b"".join(some), bytes(16)).save() for some in (changes[:4], changes))
    assert making.make(rows_of(changes), short) is None
    assert making.make(rows_of(changes[:4]), whole) is None
    assert making.make(rows_of(changes[1:])) is None
    assert making.make(rows_of(changes), whole) == making.make(rows_of(changes))


async def test_what_somebody_has_open_is_saved_as_it_stands(store: SqliteLogStore) -> None:
    changes = edits(6)
    await hold(store, changes)
    whole, asked = Document.load(b"".join(changes), bytes(16)).save(), list[UUID]()

    def opened(document: UUID) -> tuple[int, bytes]:
        asked.append(document)
        return 6, whole

    await Saver(store, Workshop(), opened, lambda: at(60)).save_all()
    found = await store.saved(ENTRY)
    assert found is not None
    assert (found.data, asked) == (whole, [ENTRY])


async def test_what_is_open_and_further_than_its_rows_is_not_taken(store: SqliteLogStore) -> None:
    await hold(store, edits(4))
    await Saver(store, Workshop(), lambda _: (9, b"of another moment"), lambda: at(60)).save_all()
    found = await store.saved(ENTRY)
    assert found is not None
    assert len(found.rows) == 4


async def test_it_stops_while_others_are_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    slept, clock = [], [0.0]
    late = [1.0, 1.0, 0.0]

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock[0] += seconds + (late.pop(0) if late else 0.0)

    monkeypatch.setattr(time, "perf_counter", lambda: clock[0])
    monkeypatch.setattr(asyncio, "sleep", sleep)
    await Saver._give_way(0.01)
    assert slept == [0.01, module.PAUSE, module.PAUSE]


async def test_what_cannot_be_saved_is_tried_once(store: SqliteLogStore, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []
    monkeypatch.setattr(making, "make", lambda rows, _: tried.append(len(rows)))
    changes = edits(12)
    await hold(store, changes[:4])
    saving = saver(store)
    await saving.save_all()
    await hold(store, changes[4:])
    await saving.save_all()
    assert tried == [4]
    (item,) = (await backfill_of(store, 12)).items
    assert len(item.rows) == 12


async def test_a_document_whose_rows_are_damaged_holds_up_no_other(store: SqliteLogStore, tmp_path: Path) -> None:
    await hold(store, edits(4))
    await hold(store, edits(3, b"b" * 16), "other")
    with sqlite3.connect(tmp_path / "log.db") as beside:
        beside.execute("UPDATE rows SET change = zeroblob(length(change)) WHERE seq = 2")
    await saver(store).save_all()
    assert await store.saved(ENTRY) is None
    assert await store.saved(id_of("other")) is not None


async def test_a_damaged_one_is_never_given_and_is_found(store: SqliteLogStore, tmp_path: Path) -> None:
    await hold(store, edits(6))
    await saver(store).save_all()
    with sqlite3.connect(tmp_path / "log.db") as beside:
        beside.execute("UPDATE saved SET data = cast(replace(hex(data), '0', '1') AS BLOB)")
    (item,) = (await backfill_of(store, 6, None, PLENTY)).items
    assert (item.saved, [row.seq for row in item.rows]) == (b"", [1, 2, 3, 4, 5, 6])
    with sqlite3.connect(tmp_path / "log.db") as beside:
        found = list(damage_of(beside, lambda *_: None))
    assert [(type(one), one.stream) for one in found] == [(DamagedLog, RECORD)]


async def test_it_goes_on_in_the_background(store: SqliteLogStore, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, keep = asyncio.Event(), store.keep_saved

    async def keep_and_tell(*given: Any) -> None:
        await keep(*given)
        kept.set()

    monkeypatch.setattr(store, "keep_saved", keep_and_tell)
    monkeypatch.setattr(module, "LOOK_EVERY", 0.01)
    monkeypatch.setattr(module, "AT_REST", timedelta(0))
    saving = saver(store)
    saving.start()
    await hold(store, edits(4))
    async with asyncio.timeout(20):
        await kept.wait()
    await saving.close()
    assert await store.saved(ENTRY) is not None
