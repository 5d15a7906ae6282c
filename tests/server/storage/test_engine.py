"""The engine keeps what it said it wrote, whatever fails.

Piccolo's own engine was checked once against `test_a_write_after_a_failed_commit_is_kept`: there the later insert
returns as if all were well, and another connection never sees it.
"""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from piccolo.columns import UUID, Integer, Text, Timestamptz
from piccolo.engine.exceptions import TransactionError
from piccolo.table import Table

from intersession_server.errors import StorageError
from intersession_server.storage.engine import SerialEngine

pytestmark = pytest.mark.anyio

TABLES = """
    CREATE TABLE thing (id UUID PRIMARY KEY NOT NULL, text TEXT, number INTEGER, at TIMESTAMPTZ);
    CREATE TABLE parent (id INTEGER PRIMARY KEY);
    CREATE TABLE child (parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
"""


class Thing(Table, tablename="thing"):
    """A row to write."""

    id = UUID(primary_key=True)
    text = Text(null=True, default=None)
    number = Integer(null=True, default=None)
    at = Timestamptz(null=True, default=None)


def a_thing(text: str) -> Thing:
    return Thing(id=uuid4(), text=text)


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[SerialEngine]:
    async with engine_on(tmp_path / "things.db") as opened:
        yield opened


class engine_on:  # noqa: N801 - reads as a function
    """An engine with the tables above."""

    def __init__(self, path: Path, waiting_limit: float = 5.0) -> None:
        self._engine = SerialEngine(path, waiting_limit=waiting_limit)

    async def __aenter__(self) -> SerialEngine:
        await self._engine.open()
        await self._engine.on_connection(lambda connection: connection.executescript(TABLES))
        Thing._meta.db = self._engine
        return self._engine

    async def __aexit__(self, *exception: object) -> None:
        await self._engine.close()


def on_disk(engine: SerialEngine) -> set[str]:
    """What another connection sees: what is committed."""
    connection = sqlite3.connect(engine.path)
    try:
        return {text for (text,) in connection.execute("SELECT text FROM thing")}
    finally:
        connection.close()


async def break_commit() -> None:
    """Write something that only COMMIT finds wrong; a full disk shows at the same point."""
    await Thing.raw("INSERT INTO child (parent) VALUES (99)")


async def test_values_come_back_as_they_went_in(engine: SerialEngine) -> None:
    at = datetime(2026, 3, 2, 9, 30, 1, 5, tzinfo=UTC)
    thing = Thing(id=uuid4(), text="a", number=2**53 + 1, at=at)
    await Thing.insert(thing)
    row = await Thing.objects().where(Thing.id == thing.id).first()
    assert row is not None
    assert (row.id, row.text, row.number, row.at) == (thing.id, "a", 2**53 + 1, at)


async def test_an_insert_is_durable_when_it_returns(engine: SerialEngine) -> None:
    await Thing.insert(a_thing("a"))
    assert on_disk(engine) == {"a"}


async def test_a_transaction_is_all_or_nothing(engine: SerialEngine) -> None:
    async with engine.transaction():
        await Thing.insert(a_thing("a"))
        await Thing.insert(a_thing("b"))
        assert on_disk(engine) == set()

    async def block() -> None:
        async with engine.transaction():
            await Thing.insert(a_thing("c"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await block()
    assert on_disk(engine) == {"a", "b"}


async def test_a_write_after_a_failed_commit_is_kept(engine: SerialEngine) -> None:
    async def block() -> None:
        async with engine.transaction():
            await Thing.insert(a_thing("lost"))
            await break_commit()

    with pytest.raises(sqlite3.IntegrityError):
        await block()
    assert not engine.transaction_exists()
    await Thing.insert(a_thing("later"))
    async with engine.transaction():
        await Thing.insert(a_thing("latest"))
    assert on_disk(engine) == {"later", "latest"}


async def test_a_write_after_a_failed_begin_is_kept(engine: SerialEngine) -> None:
    await engine.on_connection(lambda connection: connection.execute("PRAGMA busy_timeout = 0").fetchall())
    other = sqlite3.connect(engine.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match="locked"):
        async with engine.transaction():
            pytest.fail("the block must not be entered")
    assert not engine.transaction_exists()
    other.execute("ROLLBACK")
    other.close()
    await Thing.insert(a_thing("later"))
    assert on_disk(engine) == {"later"}


async def test_a_statement_that_fails_leaves_the_transaction_usable(engine: SerialEngine) -> None:
    thing = a_thing("a")
    async with engine.transaction():
        await Thing.insert(thing)
        with pytest.raises(sqlite3.IntegrityError):
            await Thing.insert(Thing(id=thing.id, text="b"))
    assert on_disk(engine) == {"a"}


async def test_other_tasks_wait_and_are_not_part_of_a_transaction(engine: SerialEngine) -> None:
    inside = asyncio.Event()

    async def other() -> None:
        await inside.wait()
        await Thing.insert(a_thing("other"))

    task = asyncio.create_task(other())

    async def block() -> None:
        async with engine.transaction():
            await Thing.insert(a_thing("mine"))
            inside.set()
            for _ in range(20):
                await Thing.select()
            assert not task.done()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await block()
    await task
    assert on_disk(engine) == {"other"}


async def test_a_task_started_inside_a_transaction_does_not_inherit_it(engine: SerialEngine) -> None:
    started: list[asyncio.Task[None]] = []

    async def block() -> None:
        async with engine.transaction():
            started.append(asyncio.create_task(write("started inside")))
            await Thing.insert(a_thing("mine"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await block()
    await started[0]
    assert on_disk(engine) == {"started inside"}


async def write(text: str) -> None:
    await Thing.insert(a_thing(text))


async def test_waiting_for_oneself_is_an_error_with_a_reason(tmp_path: Path) -> None:
    async with engine_on(tmp_path / "things.db", waiting_limit=0.05) as engine:
        with pytest.raises(StorageError, match="waits for itself"):
            async with engine.transaction():
                await asyncio.create_task(write("never"))
        await write("later")
        assert on_disk(engine) == {"later"}


async def test_a_nested_transaction_joins(engine: SerialEngine) -> None:
    async with engine.transaction():
        async with engine.transaction():
            await write("inner")
        assert on_disk(engine) == set()
        await write("outer")
    assert on_disk(engine) == {"inner", "outer"}


async def test_a_nested_failure_takes_the_whole_with_it_even_when_it_is_caught(engine: SerialEngine) -> None:
    async def failing_part() -> None:
        async with engine.transaction():
            await write("inner")
            raise ZeroDivisionError

    async def block() -> None:
        async with engine.transaction():
            await write("outer")
            with pytest.raises(ZeroDivisionError):
                await failing_part()

    with pytest.raises(TransactionError):
        await block()
    assert on_disk(engine) == set()
    await write("later")
    assert on_disk(engine) == {"later"}


async def test_a_cancelled_task_leaves_nothing_behind(engine: SerialEngine) -> None:
    entered = asyncio.Event()

    async def cancelled() -> None:
        async with engine.transaction():
            await write("half")
            entered.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(cancelled())
    await entered.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await write("later")
    assert on_disk(engine) == {"later"}


async def test_a_closed_engine_says_so(engine: SerialEngine) -> None:
    await engine.close()
    await engine.close()
    with pytest.raises(StorageError, match="closed"):
        await Thing.select()


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "things.db"
    path.write_bytes(b"something else entirely, and long enough to be read as a header " * 20)
    engine = SerialEngine(path)
    with pytest.raises(StorageError):
        await engine.open()
    await engine.close()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["commit", "commit fails", "raise", "nested raise", "plain", "cancel"]),
        st.integers(0, 4),  # how many other things happen before it, and inside it
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=40)
@given(STEPS)
def test_tasks_side_by_side_keep_what_was_confirmed_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    path = tmp_path_factory.mktemp("engine") / "things.db"
    confirmed: set[str] = set()
    unknown: set[str] = set()

    async def one(number: int, what: str, pauses: int, engine: SerialEngine) -> None:
        name = f"{what} {number}"
        for _ in range(pauses):
            await asyncio.sleep(0)
        if what == "plain":
            await write(name)
        else:
            async with engine.transaction():
                await write(name)
                for _ in range(pauses):
                    await Thing.count()
                if what == "commit fails":
                    await break_commit()
                elif what == "raise":
                    raise ZeroDivisionError
                elif what == "nested raise":
                    async with engine.transaction():
                        raise ZeroDivisionError
        confirmed.add(name)

    async def run() -> set[str]:
        async with engine_on(path) as engine:
            tasks = [asyncio.create_task(one(n, what, pauses, engine)) for n, (what, pauses) in enumerate(steps)]
            for number, (task, (what, pauses)) in enumerate(zip(tasks, steps, strict=True)):
                if what == "cancel":
                    for _ in range(pauses * 3):
                        await asyncio.sleep(0)
                    task.cancel()
                    unknown.add(f"cancel {number}")  # cancelled while committing: either way is right
            results = await asyncio.gather(*tasks, return_exceptions=True)
            expected = (ZeroDivisionError, sqlite3.IntegrityError, asyncio.CancelledError, TransactionError)
            assert all(result is None or isinstance(result, expected) for result in results)
            await write("last")
            return on_disk(engine)

    found = asyncio.run(run())
    assert found - unknown == (confirmed | {"last"}) - unknown


FULL_DISK = textwrap.dedent(
    """
    import asyncio, resource, signal, sqlite3, sys
    from intersession_server.storage.engine import SerialEngine
    from intersession_server.errors import StorageError

    async def main(path):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        engine = SerialEngine(path)
        await engine.open()
        await engine.statement("CREATE TABLE thing (text TEXT)", [])
        await engine.statement("INSERT INTO thing VALUES ('before')", [])
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, hard))
        failed = 0
        for _ in range(3):
            try:
                async with engine.transaction():
                    await engine.statement("INSERT INTO thing VALUES (?)", ["x" * 200_000])
            except StorageError as error:
                failed += 1
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        async with engine.transaction():
            await engine.statement("INSERT INTO thing VALUES ('after')", [])
        await engine.statement("INSERT INTO thing VALUES ('later')", [])
        other = sqlite3.connect(path)
        print(failed, *sorted(row[0] for row in other.execute("SELECT text FROM thing")))
        await engine.close()

    asyncio.run(main(sys.argv[1]))
    """
)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file sizes")
def test_a_full_disk_is_an_error_and_the_engine_works_again_when_there_is_room(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path / "things.db")], capture_output=True, text=True, timeout=60
    )
    assert done.stderr == ""
    assert done.stdout.split() == ["3", "after", "before", "later"]


@pytest.fixture(autouse=True)
def _forget_the_engine() -> Iterator[None]:
    yield
    Thing._meta._db = None
