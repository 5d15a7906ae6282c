"""What was erased is in no file any more: not in the database, its free pages, nor the write-ahead log.

The planted bytes are random, so no compression hides them, and each change holds its own in several places.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from intersession_schemas.changes import Change
from intersession_schemas.streams import Audience, Role
from intersession_server.log import writer as writer_module
from intersession_server.log.sqlite import SqliteLogStore
from intersession_server.log.submissions import Appended, ErasureDone, ErasureRequest, Submission

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ACCOUNT, DEVICE, RECORD, VAULT, PRACTICE = (UUID(int=number) for number in range(1, 6))


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteLogStore]:
    opened = SqliteLogStore.open(tmp_path / "log.db")
    for number, (stream, audience) in enumerate(((RECORD, Audience.RECORD), (VAULT, Audience.VAULT))):
        await opened.create_stream(stream, audience, PRACTICE, ACCOUNT, NOW)
        await opened.grant(UUID(int=50 + number), stream, ACCOUNT, Role.CLIENT, NOW)
    yield opened
    await opened.close()


class Planter:
    """Appends changes of random bytes, and knows which bytes they have."""

    def __init__(self, store: SqliteLogStore, seed: int) -> None:
        self._store = store
        self._chance = Random(seed)
        self._seqs: dict[UUID, int] = {}
        self._heads: dict[UUID, bytes] = {}
        self.planted: dict[UUID, list[bytes]] = {}

    async def plant(self, document: UUID, stream: UUID, *, replaces: tuple[bytes, ...] = ()) -> bytes:
        """One change of a document; gives its hash."""
        mark = self._chance.randbytes(16)
        data = b"".join(mark + self._chance.randbytes(self._chance.choice([1, 40, 300, 900, 4000])) for _ in range(4))
        seq = self._seqs[document] = self._seqs.get(document, 0) + 1
        hash_ = sha256(data).digest()
        vault = stream == VAULT
        actor = b"" if vault else document.bytes
        head = self._heads.get(document)
        self._heads[document] = hash_
        deps = (head,) if head is not None and not vault else ()
        change = Change(hash_, deps, actor, 0 if vault else seq, seq, 1 - vault, data=data, size=len(data))
        pushed = Submission(ACCOUNT, DEVICE, stream, document, "journal_entry", (change,), replaces)
        assert isinstance(await self._store.append(pushed, NOW), Appended)
        self.planted.setdefault(document, []).append(mark)
        return hash_


async def erase(store: SqliteLogStore, document: UUID, stream: UUID, *, keep: bool = False) -> None:
    request = ErasureRequest(ACCOUNT, DEVICE, stream, document, "journal_entry")
    assert isinstance(await store.erase(request, NOW, keep=keep), ErasureDone)


async def group(store: SqliteLogStore) -> None:
    """A job that writes nothing: when it is answered, what followed the group before it has happened."""
    await store.write(lambda connection: None)


def left(folder: Path, marks: list[bytes]) -> list[tuple[str, bytes]]:
    """Which of the marks are still in which of the files."""
    held = {path.name: path.read_bytes() for path in folder.iterdir()}
    return [(name, mark) for mark in marks for name, data in held.items() if mark in data]


@pytest.mark.parametrize("seed", range(8))
async def test_erased_bytes_are_gone_from_every_file(store: SqliteLogStore, tmp_path: Path, seed: int) -> None:
    """Rows of many documents lie among each other, and move from page to page as some of them shrink."""
    chance, planter = Random(seed), Planter(store, seed)
    documents = {UUID(int=100 + number): chance.choice([RECORD, VAULT]) for number in range(12)}
    for _ in range(60):
        document = chance.choice(list(documents))
        await planter.plant(document, documents[document])
    everything = [mark for marks in planter.planted.values() for mark in marks]
    assert {mark for _, mark in left(tmp_path, everything)} == set(everything)  # this search can find
    gone: list[bytes] = []
    for document in chance.sample(list(planter.planted), len(planter.planted) - 1):
        await erase(store, document, documents[document])
        gone += planter.planted.pop(document)
        await group(store)
        assert left(tmp_path, gone) == []
        if planter.planted and chance.random() < 0.5:
            await planter.plant(remaining := chance.choice(list(planter.planted)), documents[remaining])
    (kept,) = planter.planted.values()
    assert {mark for _, mark in left(tmp_path, kept)} == set(kept)


async def test_so_are_bytes_that_were_replaced(store: SqliteLogStore, tmp_path: Path) -> None:
    planter, document = Planter(store, 1), UUID(int=100)
    hashes = tuple([await planter.plant(document, VAULT) for _ in range(20)])
    await planter.plant(document, VAULT, replaces=hashes[:15])
    await group(store)
    marks = planter.planted[document]
    assert left(tmp_path, marks[:15]) == []
    assert {mark for _, mark in left(tmp_path, marks)} == set(marks[15:])


async def test_what_a_practice_keeps_stays(store: SqliteLogStore, tmp_path: Path) -> None:
    planter, document = Planter(store, 1), UUID(int=100)
    await planter.plant(document, RECORD)
    await erase(store, document, RECORD, keep=True)
    await group(store)
    assert {mark for _, mark in left(tmp_path, planter.planted[document])} == set(planter.planted[document])


async def test_a_reader_in_the_way_is_waited_for_without_holding_up_the_answer(
    store: SqliteLogStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "READERS_MILLISECONDS", 1)
    planter, document = Planter(store, 1), UUID(int=100)
    await planter.plant(document, RECORD)
    reading = sqlite3.connect(tmp_path / "log.db", isolation_level=None)
    reading.execute("BEGIN")
    reading.execute("SELECT count(*) FROM rows").fetchone()
    await erase(store, document, RECORD)
    await group(store)
    assert left(tmp_path, planter.planted[document]) != []
    reading.execute("COMMIT")
    reading.close()
    await group(store)
    await group(store)
    assert left(tmp_path, planter.planted[document]) == []


async def test_it_is_tried_again_when_nothing_else_is_written(
    store: SqliteLogStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "READERS_MILLISECONDS", 1)
    monkeypatch.setattr(writer_module, "EMPTY_AGAIN_SECONDS", 0.001)
    empty_wal, tries, emptied = writer_module._empty_wal, threading.Semaphore(0), threading.Event()

    def watched(connection: sqlite3.Connection) -> bool:
        worked = empty_wal(connection)
        tries.release()
        if worked:
            emptied.set()
        return worked

    monkeypatch.setattr(writer_module, "_empty_wal", watched)
    planter, document = Planter(store, 1), UUID(int=100)
    await planter.plant(document, RECORD)
    reading = sqlite3.connect(tmp_path / "log.db", isolation_level=None)
    reading.execute("BEGIN")
    reading.execute("SELECT count(*) FROM rows").fetchone()
    await erase(store, document, RECORD)
    for _ in range(3):
        assert await asyncio.to_thread(tries.acquire, timeout=10)
    assert not emptied.is_set()
    reading.close()
    assert await asyncio.to_thread(emptied.wait, 10)
    assert left(tmp_path, planter.planted[document]) == []


async def test_what_an_interruption_left_in_the_write_ahead_log_goes_at_the_next_start(tmp_path: Path) -> None:
    """A copy of the files, as they were before the write-ahead log was emptied, is what a killed process leaves."""
    path = tmp_path / "live" / "log.db"
    path.parent.mkdir()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.close()
    store = SqliteLogStore.open(path)
    await store.create_stream(RECORD, Audience.RECORD, PRACTICE, ACCOUNT, NOW)
    await store.grant(UUID(int=50), RECORD, ACCOUNT, Role.CLIENT, NOW)
    planter, document = Planter(store, 1), UUID(int=100)
    await planter.plant(document, RECORD)
    reading = sqlite3.connect(path, isolation_level=None)
    reading.execute("BEGIN")
    reading.execute("SELECT count(*) FROM rows").fetchone()
    await erase(store, document, RECORD)
    left_behind = tmp_path / "left"
    left_behind.mkdir()
    for name in ("log.db", "log.db-wal"):
        (left_behind / name).write_bytes((path.parent / name).read_bytes())
    reading.close()
    await store.close()
    assert left(left_behind, planter.planted[document]) != []
    again = SqliteLogStore.open(left_behind / "log.db")
    await group(again)
    assert left(left_behind, planter.planted[document]) == []
    await again.close()
