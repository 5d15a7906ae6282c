"""The end of a stream is given from memory: no file is read for it, and nothing is given that the file would not."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.contracts.log_stores import PLENTY, RECORD, THEO, appended, at, erased, erasure, furnish, grant_of, push
from tests.server.log.test_applier import read
from tests.server.log.test_applying import written

from intersession_schemas.messages import RowType
from intersession_server.log.sqlite import SqliteLogStore
from intersession_server.log.store import NotReadable, Page
from intersession_server.log.tail import WAITING_BYTES
from intersession_server.log.writer import DEFERRED_SECONDS

pytestmark = pytest.mark.anyio


class Files:
    """A store that counts how often its file is read."""

    def __init__(self, store: SqliteLogStore, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reads = 0
        original = store._read

        async def counted(read: Any) -> Any:
            self.reads += 1
            return await original(read)

        monkeypatch.setattr(store, "_read", counted)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteLogStore]:
    opened = SqliteLogStore.open(tmp_path / "log.db")
    await furnish(opened)
    assert await opened.unapplied(10, PLENTY) == []
    yield opened
    await opened.close()


@pytest.fixture
def files(store: SqliteLogStore, monkeypatch: pytest.MonkeyPatch) -> Files:
    return Files(store, monkeypatch)


async def first_page(store: SqliteLogStore, after: int) -> Page | NotReadable:
    return await store.page(THEO.reader, RECORD, grant_of(THEO), after, PLENTY)


async def test_what_follows_is_applied_and_given_without_the_file(store: SqliteLogStore, files: Files) -> None:
    one, two, three = read(written(b"anna", "a", "b", "c"))
    await appended(store, push(one))
    assert [row.seq for row in await store.unapplied(10, PLENTY)] == [1]
    await store.applied(RECORD, 1, [])
    assert isinstance(await first_page(store, 0), Page)  # who reads is looked up once
    files.reads = 0
    for seq, change in ((2, two), (3, three)):
        await appended(store, push(change))
        (row,) = await store.unapplied(10, PLENTY)
        assert (row.seq, row.change, row.read()) == (seq, change.data, change)
        assert await store.unapplied(10, PLENTY, {RECORD}) == []
        await store.applied(RECORD, seq, [])
        page = await first_page(store, seq - 1)
        assert isinstance(page, Page)
        assert ([one.change for one in page.items], page.through, page.head) == ([change.data], seq, seq)
        assert [one.change for one in await store.stream_rows(RECORD, seq - 1, 10)] == [change.data]
    assert files.reads == 0
    page = await first_page(store, 2)
    assert isinstance(page, Page)
    assert page.chain == await store.chain_at(RECORD, 3)


async def test_whose_access_ends_is_looked_up_again(store: SqliteLogStore) -> None:
    await appended(store, push(*read(written(b"anna", "a", "b"))))
    await store.applied(RECORD, 2, [])
    assert isinstance(await first_page(store, 0), Page)
    assert isinstance(await first_page(store, 1), Page)
    await store.end_grant(grant_of(THEO), at(1))
    assert isinstance(await first_page(store, 1), NotReadable)


async def test_nobody_is_let_in_from_memory_while_their_access_ends(store: SqliteLogStore, files: Files) -> None:
    await appended(store, push(*read(written(b"anna", "a", "b"))))
    await store.applied(RECORD, 2, [])
    await first_page(store, 0)
    files.reads = 0
    ending = asyncio.ensure_future(store.end_grant(grant_of(THEO), at(1)))
    await asyncio.sleep(0)
    await first_page(store, 1)
    assert files.reads == 1
    await ending


async def test_of_what_is_erased_the_end_gives_nothing_either(store: SqliteLogStore, files: Files) -> None:
    await appended(store, push(*read(written(b"anna", "a", "b"))))
    await store.applied(RECORD, 1, [])
    await first_page(store, 0)
    await erased(store, erasure())
    assert [(row.seq, row.change) for row in await store.unapplied(10, PLENTY)] == [(2, b""), (3, b"")]
    await store.applied(RECORD, 3, [])
    files.reads = 0
    page = await first_page(store, 0)
    assert isinstance(page, Page)
    assert [(row.seq, row.type, row.change) for row in page.items] == [(3, RowType.ERASURE, b"")]
    assert [row.change for row in await store.stream_rows(RECORD, 0, 10)] == [b"", b"", b""]
    assert files.reads == 0


async def test_what_was_quarantined_comes_without_its_bytes(store: SqliteLogStore) -> None:
    await appended(store, push(*read(written(b"anna", "a", "b"))))
    await store.applied(RECORD, 2, [2])
    await first_page(store, 0)
    page = await first_page(store, 0)
    assert isinstance(page, Page)
    assert [(row.type, bool(row.change)) for row in page.items] == [
        (RowType.CHANGE, True),
        (RowType.QUARANTINE, False),
    ]


async def test_with_too_much_waiting_the_file_is_read(store: SqliteLogStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intersession_server.log.tail.WAITING_BYTES", 100)
    assert WAITING_BYTES > 100
    for change in read(written(b"anna", "a", "b", "c")):
        await appended(store, push(change))
    assert [row.seq for row in await store.unapplied(10, PLENTY)] == [1, 2, 3]
    await store.applied(RECORD, 3, [])
    assert await store.unapplied(10, PLENTY) == []
    assert [row.seq for row in await store.stream_rows(RECORD, 0, 10)] == [1, 2, 3]


async def test_how_far_it_is_applied_reaches_the_file_a_little_later(store: SqliteLogStore, tmp_path: Path) -> None:
    def on_disk() -> int:
        with sqlite3.connect(tmp_path / "log.db") as other:
            (applied,) = other.execute("SELECT applied FROM streams WHERE id = ?", (RECORD.bytes,)).fetchone()
        return int(applied)

    first, second = read(written(b"anna", "a", "b"))
    await appended(store, push(first))
    await store.applied(RECORD, 1, [])
    assert (await store.stream_heads())[RECORD] == 1
    await appended(store, push(second))
    assert on_disk() == 1, "it goes with the next group"
    await store.applied(RECORD, 2, [])
    await asyncio.sleep(4 * DEFERRED_SECONDS)
    assert on_disk() == 2, "or by itself"
