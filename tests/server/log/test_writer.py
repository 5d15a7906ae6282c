"""The writer thread: what is grouped, what fails together and what goes on."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from intersession_server.log import writer as module
from intersession_server.log.store import StorageFailed
from intersession_server.log.writer import Writer

pytestmark = pytest.mark.anyio


class Database:
    """A small database, its writer, and what the writer's connection was told to do."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.statements: list[str] = []
        self.connections = 0
        self.refuse = False
        self.writer = Writer(path, self.connect)

    def connect(self, path: Path) -> sqlite3.Connection:
        if self.refuse:
            raise StorageFailed("The disk is gone.")
        self.connections += 1
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("CREATE TABLE IF NOT EXISTS words (word TEXT PRIMARY KEY)")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS echoes (word TEXT REFERENCES words (word) DEFERRABLE INITIALLY DEFERRED)"
        )
        connection.set_trace_callback(self.statements.append)
        return connection

    def write(self, word: str) -> asyncio.Future[str]:
        def work(connection: sqlite3.Connection) -> str:
            connection.execute("INSERT INTO words VALUES (?)", (word,))
            return word

        return self.writer.submit(work)

    def echo(self, word: str) -> asyncio.Future[None]:
        """A row whose missing partner is noticed by COMMIT, and by nothing before."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT INTO echoes VALUES (?)", (word,))

        return self.writer.submit(work)

    def hold(self) -> threading.Event:
        """Keep the writer busy, so that what is handed over meanwhile goes into one group."""
        free = threading.Event()
        self.held = self.writer.submit(lambda connection: free.wait(10))
        return free

    def words(self) -> list[str]:
        with sqlite3.connect(self.path) as connection:
            found = [word for (word,) in connection.execute("SELECT word FROM words ORDER BY rowid")]
        connection.close()
        return found

    def commits(self) -> int:
        return self.statements.count("COMMIT")


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups are divided by what is queued, not by how busy this machine is."""
    monkeypatch.setattr(module, "GROUP_SECONDS", 60)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(tmp_path / "words.db")
    yield made
    made.writer.close()


async def test_what_came_while_the_writer_was_busy_is_one_commit(database: Database) -> None:
    free = database.hold()
    waiting = [database.write(str(number)) for number in range(50)]
    free.set()
    assert await asyncio.gather(*waiting) == [str(number) for number in range(50)]
    assert database.commits() == 1
    assert database.words() == [str(number) for number in range(50)]


async def test_a_group_is_not_gathered_for_ever(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GROUP_SECONDS", -1)
    free = database.hold()
    waiting = [database.write(str(number)) for number in range(3)]
    free.set()
    await asyncio.gather(*waiting)
    assert database.commits() == 4


async def test_an_answer_comes_after_the_commit(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = module._answer

    def noted(jobs: list[Any]) -> None:
        database.statements.append("ANSWER")
        answer(jobs)

    monkeypatch.setattr(module, "_answer", noted)
    assert await database.write("word") == "word"
    assert [one for one in database.statements if one in ("COMMIT", "ANSWER")] == ["COMMIT", "ANSWER"]
    assert database.words() == ["word"]


async def test_a_job_that_fails_takes_nothing_else_with_it(database: Database) -> None:
    free = database.hold()

    def half(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO words VALUES ('half')")
        raise KeyError("its own mistake")

    before, failing, twice, after = (
        database.write("before"),
        database.writer.submit(half),
        database.write("before"),
        database.write("after"),
    )
    free.set()
    assert await before == "before"
    with pytest.raises(KeyError, match="its own mistake"):
        await failing
    with pytest.raises(StorageFailed):
        await twice
    assert await after == "after"
    assert database.words() == ["before", "after"]


async def test_a_commit_that_fails_fails_all_that_was_staged_on_it_and_the_next_one_works(database: Database) -> None:
    free = database.hold()
    waiting: list[asyncio.Future[Any]] = [database.write("one"), database.echo("nobody"), database.write("two")]
    free.set()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StorageFailed] * 3
    assert database.words() == []
    assert await database.write("three") == "three"
    assert database.words() == ["three"]
    assert database.connections == 1


async def test_when_a_failure_undoes_the_whole_transaction_those_before_it_fail_and_those_after_it_go_on(
    database: Database,
) -> None:
    free = database.hold()

    def undoing(connection: sqlite3.Connection) -> None:
        connection.execute("ROLLBACK")  # as SQLite does by itself, on some errors of the disk
        raise sqlite3.OperationalError("disk I/O error")

    before, failing, after = database.write("before"), database.writer.submit(undoing), database.write("after")
    free.set()
    outcomes = await asyncio.gather(before, failing, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StorageFailed] * 2
    assert await after == "after"
    assert database.words() == ["after"]


async def test_a_connection_that_is_lost_is_opened_again(database: Database) -> None:
    free = database.hold()
    before = database.write("before")
    lost = database.writer.submit(sqlite3.Connection.close)
    database.refuse = True
    free.set()
    outcomes = [*await asyncio.gather(before, return_exceptions=True), lost.exception()]
    assert [type(outcome) for outcome in outcomes] == [StorageFailed] * 2
    with pytest.raises(StorageFailed):
        await database.write("meanwhile")
    database.refuse = False
    assert await database.write("after") == "after"
    assert database.words() == ["after"]
    assert database.connections == 2


async def test_the_work_of_a_caller_who_went_away_stands(database: Database) -> None:
    free = database.hold()
    future = database.write("word")
    future.cancel()
    free.set()
    assert await database.write("another") == "another"
    assert database.words() == ["word", "another"]


async def test_closing_does_what_was_handed_over_and_takes_no_more(database: Database) -> None:
    free = database.hold()
    waiting = [database.write(str(number)) for number in range(20)]
    closing = asyncio.get_running_loop().run_in_executor(None, database.writer.close)
    free.set()
    await closing
    assert await asyncio.gather(*waiting) == [str(number) for number in range(20)]
    with pytest.raises(StorageFailed, match="closed"):
        await database.write("late")
    assert len(database.words()) == 20
    database.writer.close()
    assert not database.path.with_name("words.db-wal").exists()


async def test_checkpoints_are_made_between_groups_and_keep_the_log_short(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHECKPOINT_CHANGES", 10)
    monkeypatch.setattr(module, "LONG_WAL_BYTES", 100_000)
    wal = database.path.with_name("words.db-wal")
    for number in range(200):
        await database.write(f"{number} " + "x" * 1000)
        assert wal.stat().st_size < 500_000  # of 4 MB in all
    inside = False
    for statement in database.statements:
        inside = statement.startswith("BEGIN") or (inside and not statement.startswith(("COMMIT", "ROLLBACK")))
        assert not (inside and "wal_checkpoint" in statement)
    assert any("wal_checkpoint" in statement for statement in database.statements)


async def test_a_reader_that_takes_long_does_not_hold_the_writer_up(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHECKPOINT_CHANGES", 1)
    monkeypatch.setattr(module, "LONG_WAL_BYTES", 1)
    await database.write("before")
    reader = sqlite3.connect(database.path, isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM words").fetchone() == (1,)
    assert await asyncio.wait_for(database.write("one"), 4) == "one"
    assert await asyncio.wait_for(database.write("two"), 4) == "two"
    patience = await database.writer.submit(lambda connection: connection.execute("PRAGMA busy_timeout").fetchone())
    assert patience == (5000,)
    reader.close()


def test_a_file_that_cannot_be_opened_is_told_at_once(tmp_path: Path) -> None:
    def refuse(path: Path) -> sqlite3.Connection:
        raise StorageFailed("no such disk")

    with pytest.raises(StorageFailed, match="no such disk"):
        Writer(tmp_path / "x.db", refuse)
