"""What only the SQLite store has: a file, a disk that fills up, processes that race and are killed."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
from tests.server.log import appending

from intersession_schemas.errors import RefusalCode
from intersession_schemas.streams import Audience, Role
from intersession_server.errors import StorageError
from intersession_server.log.applier import Applier
from intersession_server.log.sqlite import SCHEMA, SqliteLogStore
from intersession_server.log.store import Page, Reader, StorageFailed
from intersession_server.log.submissions import Appended, Declined, ErasureDone, ErasureRequest, Submission
from intersession_server.storage.migrations import Schema, migrate, migrations_of

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[3]
READER = Reader(appending.ACCOUNT, appending.DEVICE)
PLENTY = 100_000_000


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteLogStore]:
    opened = SqliteLogStore.open(tmp_path / "log.db")
    await appending.furnish(opened)
    yield opened
    await opened.close()


def push(number: int) -> Submission:
    return appending.submission("test", 0, number)


async def append(store: SqliteLogStore, number: int) -> Appended | Declined:
    return await store.append(push(number), appending.NOW)


async def all_rows(store: SqliteLogStore) -> list[tuple[int, bytes, int]]:
    """(seq, hash, length of the change) of all rows that are not applied yet."""
    return [(row.seq, row.hash, len(row.change)) for row in await store.unapplied(1_000_000, PLENTY)]


# --- the file ---------------------------------------------------------------------------------------------------------


async def test_what_was_appended_is_there_after_opening_again(tmp_path: Path) -> None:
    store = SqliteLogStore.open(tmp_path / "log.db")
    await appending.furnish(store)
    for number in range(5):
        await append(store, number)
    await store.applied(appending.STREAM, 3, [2])
    chains = [await store.chain_at(appending.STREAM, seq) for seq in range(6)]
    page = await store.page(READER, appending.STREAM, appending.GRANT, 0, PLENTY)
    await store.close()
    assert sorted(os.listdir(tmp_path)) == ["log.db"]  # noqa: PTH208

    again = SqliteLogStore.open(tmp_path / "log.db")
    assert await again.page(READER, appending.STREAM, appending.GRANT, 0, PLENTY) == page
    assert [await again.chain_at(appending.STREAM, seq) for seq in range(6)] == chains
    assert [seq for seq, _, _ in await all_rows(again)] == [4, 5]
    assert await append(again, 0) == Appended(1, duplicate=True)
    assert await append(again, 1) == Declined(RefusalCode.DOES_NOT_APPLY)
    assert await append(again, 5) == Appended(6)
    await again.close()


async def test_a_file_of_before_there_were_erasures_goes_on(tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    for migration in migrations_of(SCHEMA)[:1]:
        (tmp_path / "first" / f"{migration.number:04}_{migration.name}.sql").write_text(migration.sql)
    connection = sqlite3.connect(tmp_path / "log.db", isolation_level=None)
    migrate(connection, Schema(SCHEMA.name, SCHEMA.application_id, tmp_path / "first"))
    stream, account, device, document = (
        one.bytes for one in (appending.STREAM, appending.ACCOUNT, appending.DEVICE, push(0).document)
    )
    (change,) = push(0).changes
    connection.execute(
        "INSERT INTO streams (id, audience, practice, client, created_at, head, applied, chain, documents, bytes)"
        " VALUES (?, 'record', ?, ?, 0, 1, 1, zeroblob(32), 1, ?)",
        (stream, stream, account, len(change.data)),
    )
    connection.execute(
        "INSERT INTO documents (id, stream, kind, author, created, operations, size)"
        " VALUES (?, ?, 'journal_entry', ?, 1, 1, ?)",
        (document, stream, account, 9),
    )
    connection.execute(
        "INSERT INTO rows VALUES (?, 1, ?, 'change', ?, ?, ?, 0, ?, 1, 1, 1, zeroblob(32), ?)",
        (stream, document, change.hash, account, device, change.actor, change.data),
    )
    connection.close()
    store = SqliteLogStore.open(tmp_path / "log.db")
    await store.grant(appending.GRANT, appending.STREAM, appending.ACCOUNT, Role.CLIENT, appending.NOW)
    assert await append(store, 0) == Appended(1, duplicate=True)
    request = ErasureRequest(appending.ACCOUNT, appending.DEVICE, appending.STREAM, push(0).document, "journal_entry")
    assert await store.erase(request, appending.NOW, keep=False) == ErasureDone(2, False, False, appending.NOW, (1,))
    (offer,) = await store.offers(READER)
    assert (offer.documents, offer.bytes) == (0, 0)
    await store.close()
    assert change.data not in (tmp_path / "log.db").read_bytes()


async def test_the_file_is_durable_and_overwrites_what_is_deleted(store: SqliteLogStore) -> None:
    def settings(connection: sqlite3.Connection) -> list[object]:
        names = ("journal_mode", "synchronous", "secure_delete", "wal_autocheckpoint", "fullfsync")
        return [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    assert await store.write(settings) == ["wal", 2, 1, 0, 1]


async def test_a_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE photos (name)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StorageError, match="another program") as refused:
        SqliteLogStore.open(path)
    assert refused.value.code == "not_ours"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StorageError, match="not a log"):
        SqliteLogStore.open(path)
    assert len(before) > 0


async def test_a_newer_log_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    await SqliteLogStore.open(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {len(migrations_of(SCHEMA)) + 1}")
    connection.close()
    with pytest.raises(StorageError, match="newer") as refused:
        SqliteLogStore.open(path)
    assert refused.value.code == "too_new"


async def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="folder"):
        SqliteLogStore.open(tmp_path / "missing" / "log.db")


OPEN = """
import asyncio, sys
from pathlib import Path
from intersession_server.log.applier import Applier
from intersession_server.log.sqlite import SqliteLogStore
print("ready", flush=True)
sys.stdin.readline()
store = SqliteLogStore.open(Path(sys.argv[1]))
asyncio.run(store.close())
"""


async def test_processes_that_start_at_once_make_the_tables_once(tmp_path: Path) -> None:
    for attempt in range(3):
        path = tmp_path / f"{attempt}.db"
        processes = [python("-c", OPEN, str(path)) for _ in range(3)]
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        assert [process.communicate(timeout=60)[1] for process in processes] == [""] * 3
        assert [process.returncode for process in processes] == [0] * 3
        store = SqliteLogStore.open(path)
        await appending.furnish(store)
        assert await append(store, 1) == Appended(1)
        await store.close()


# --- many at once -----------------------------------------------------------------------------------------------------


async def test_readers_see_whole_commits_while_the_writer_writes(store: SqliteLogStore) -> None:
    number = 200

    async def write() -> None:
        for one in range(0, number, 4):
            await asyncio.gather(*(append(store, one + offset) for offset in range(4)))
            await store.applied(appending.STREAM, one + 4, [])

    async def read() -> int:
        after = 0
        while after < number:
            page = await store.page(READER, appending.STREAM, appending.GRANT, after, 5_000)
            assert isinstance(page, Page)
            assert [row.seq for row in page.items] == list(range(after + 1, page.through + 1))
            assert page.through <= page.head
            after = page.through
        return after

    results = await asyncio.gather(write(), *(read() for _ in range(6)))
    assert results[1:] == [number] * 6


async def test_a_closed_store_is_not_read(tmp_path: Path) -> None:
    store = SqliteLogStore.open(tmp_path / "log.db")
    await store.close()
    with pytest.raises(StorageFailed, match="closed"):
        await store.stream_heads()
    with pytest.raises(StorageFailed, match="closed"):
        await store.create_stream(UUID(int=1), Audience.VAULT, UUID(int=2), UUID(int=3), appending.NOW)
    await store.close()


# --- a full disk ------------------------------------------------------------------------------------------------------


async def pages(store: SqliteLogStore, limit: int | None = None) -> int:
    """How many pages the file has; `limit` is how many it may have from now on (None: as many as it likes)."""

    def work(connection: sqlite3.Connection) -> int:
        connection.execute(f"PRAGMA max_page_count = {limit or 2**30}").fetchone()
        return int(connection.execute("PRAGMA page_count").fetchone()[0])

    return await store.write(work)


async def test_a_full_disk_keeps_nothing_by_halves_and_all_works_again_when_there_is_room(
    store: SqliteLogStore,
) -> None:
    await pages(store, await pages(store) + 20)
    outcomes = await asyncio.gather(*(append(store, number) for number in range(300)), return_exceptions=True)
    rows = {hash_: seq for seq, hash_, _ in await all_rows(store)}
    failed = 0
    for number, outcome in enumerate(outcomes):
        hash_ = push(number).changes[0].hash
        if isinstance(outcome, Appended):
            assert rows.pop(hash_) == outcome.seq
        else:
            failed += 1
            assert isinstance(outcome, StorageFailed), outcome
            assert hash_ not in rows
    assert rows == {}
    assert failed > 100
    while isinstance(outcome, Appended):  # the last bytes of room
        (outcome,) = await asyncio.gather(append(store, 1000 + failed), return_exceptions=True)
        failed += 1
    assert "full" in str(outcome)
    await pages(store, None)
    assert isinstance(await append(store, 299), Appended)
    again = await asyncio.gather(*(append(store, number) for number in range(300)))
    assert all(isinstance(outcome, Appended) for outcome in again)
    seqs = [seq for seq, _, _ in await all_rows(store)]
    assert seqs == list(range(1, len(seqs) + 1))


FULL = """
import asyncio, resource, signal, sys
from pathlib import Path
from intersession_server.log.applier import Applier
from intersession_server.log.sqlite import SqliteLogStore
from intersession_server.log.store import StorageFailed
from intersession_server.log.submissions import Appended
from tests.server.log import appending

async def main():
    store = SqliteLogStore.open(Path(sys.argv[1]))
    await appending.furnish(store)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, resource.RLIM_INFINITY))
    taken = failed = 0
    for number in range(400):
        try:
            taken += isinstance(await store.append(appending.submission("s", 0, number), appending.NOW), Appended)
        except StorageFailed:
            failed += 1
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    rows = len(await store.unapplied(100_000, 10**9))
    for number in range(400):
        assert isinstance(await store.append(appending.submission("s", 0, number), appending.NOW), Appended)
    print(taken, failed, rows, len(await store.unapplied(100_000, 10**9)))
    await store.close()

asyncio.run(main())
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit on the size of a process's files")
async def test_a_commit_that_the_system_refuses_to_write_fails_and_the_log_works_again(tmp_path: Path) -> None:
    process = python("-c", FULL, str(tmp_path / "log.db"))
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    taken, failed, rows, after = map(int, out.split()[-4:])
    assert taken > 10
    assert failed > 10
    assert (rows, after) == (taken, 400)


# --- a killed process -------------------------------------------------------------------------------------------------


async def killed_while_appending(path: Path, seed: str, confirmed: int) -> list[tuple[int, bytes, int]]:
    """Let another process append, kill it after so many confirmations; gives what it was confirmed."""
    process = python(appending.__file__, str(path), seed)
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(confirmed)]
    process.send_signal(signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
    rest, _ = process.communicate(timeout=60)
    # The last line may have been cut by the kill.
    lines += rest.splitlines(keepends=True)
    said = [line.split() for line in lines if line.endswith("\n")]
    return [(int(seq), bytes.fromhex(hash_), int(length)) for seq, hash_, length in said]


class Nobody:
    """Hears no wake-up."""

    def wake(self, stream: UUID, head: int) -> None:
        pass


async def test_what_was_confirmed_before_a_kill_is_there_and_is_applied(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    confirmed: list[tuple[int, bytes, int]] = []
    rows: list[tuple[int, bytes, int]] = []
    for round_ in range(6):
        confirmed += await killed_while_appending(path, str(round_), 20 + 37 * round_)
        store = SqliteLogStore.open(path)
        rows = await all_rows(store)
        assert set(confirmed) <= set(rows)
        assert [seq for seq, _, _ in rows] == list(range(1, len(rows) + 1))
        assert await store.write(lambda connection: connection.execute("PRAGMA integrity_check").fetchone()) == ("ok",)
        await store.close()
    assert len(confirmed) > 600
    store = SqliteLogStore.open(path)
    await Applier(store, Nobody()).recover()
    page = await store.page(READER, appending.STREAM, appending.GRANT, 0, PLENTY)
    assert isinstance(page, Page)
    assert [(row.seq, row.hash, len(row.change)) for row in page.items] == rows
    for row in page.items:
        assert await store.document_changes(row.document) == [row.change]
    await store.close()


def python(*arguments: str) -> subprocess.Popen[str]:
    """Another process of this interpreter that can import the tests."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])}
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, *arguments], stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment
    )
