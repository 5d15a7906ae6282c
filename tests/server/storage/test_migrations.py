"""Migrations: each once, all or none, also when two processes start together."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from intersession_server.accounts.database import SCHEMA
from intersession_server.errors import StorageError
from intersession_server.storage.migrations import Schema, migrate, migrations_of, statements, use_wal


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(tmp_path / "some.db", isolation_level=None)
    yield connection
    connection.close()


def schema(folder: Path, *scripts: str) -> Schema:
    folder.mkdir(exist_ok=True)
    for number, sql in enumerate(scripts, start=1):
        (folder / f"{number:04}_step.sql").write_text(sql, encoding="utf-8")
    return Schema("some.db", 0x1234, folder)


def tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_each_is_applied_once(connection: sqlite3.Connection, tmp_path: Path) -> None:
    first = schema(tmp_path / "sql", "CREATE TABLE a (x);")
    assert migrate(connection, first) == ["0001_step"]
    assert migrate(connection, first) == []
    second = schema(tmp_path / "sql", "CREATE TABLE a (x);", "CREATE TABLE b (x);\nINSERT INTO a VALUES (1);")
    assert migrate(connection, second) == ["0002_step"]
    assert tables(connection) == {"a", "b"}
    assert connection.execute("SELECT * FROM a").fetchall() == [(1,)]


def test_one_that_fails_leaves_the_file_as_it_was(connection: sqlite3.Connection, tmp_path: Path) -> None:
    broken = schema(tmp_path / "sql", "CREATE TABLE a (x);", "CREATE TABLE b (x);\nCREATE TABLE a (x);")
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection, broken)
    assert tables(connection) == set()
    assert not connection.in_transaction


def test_a_newer_database_is_refused(connection: sqlite3.Connection, tmp_path: Path) -> None:
    migrate(connection, schema(tmp_path / "new", "CREATE TABLE a (x);", "CREATE TABLE b (x);"))
    with pytest.raises(StorageError, match="newer version") as caught:
        migrate(connection, schema(tmp_path / "old", "CREATE TABLE a (x);"))
    assert caught.value.code == "too_new"


@pytest.mark.parametrize("theirs", ["CREATE TABLE theirs (x)", "PRAGMA user_version = 1", "PRAGMA application_id = 7"])
def test_another_programs_file_is_refused(connection: sqlite3.Connection, tmp_path: Path, theirs: str) -> None:
    connection.execute(theirs)
    with pytest.raises(StorageError, match="another program") as caught:
        migrate(connection, schema(tmp_path / "sql", "CREATE TABLE a (x);"))
    assert caught.value.code == "not_ours"


def test_a_missing_number_is_an_incomplete_installation(tmp_path: Path) -> None:
    found = schema(tmp_path / "sql", "CREATE TABLE a (x);", "CREATE TABLE b (x);")
    (tmp_path / "sql" / "0001_step.sql").unlink()
    with pytest.raises(StorageError, match="incomplete"):
        migrations_of(found)


def test_statements_are_found_past_comments_and_semicolons_in_texts() -> None:
    sql = "-- a; comment\n\nCREATE TABLE a (x); -- why; not\nINSERT INTO a\n  VALUES ('one; two');\n-- the end\n"
    assert [statement.split()[0] for statement in statements(sql)] == ["CREATE", "INSERT"]
    with pytest.raises(StorageError, match="middle"):
        list(statements("CREATE TABLE a (x)"))


def test_the_accounts_migrations_apply_to_an_empty_file(connection: sqlite3.Connection) -> None:
    assert migrate(connection, SCHEMA)[0] == "0001_accounts"
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_file_that_somebody_else_is_making_is_waited_for(tmp_path: Path) -> None:
    """SQLite gives up at once on `journal_mode = WAL` here, whatever its time-out is."""
    other = sqlite3.connect(tmp_path / "some.db", isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE theirs (x)")
    other.execute("BEGIN IMMEDIATE")
    connection = sqlite3.connect(tmp_path / "some.db", isolation_level=None)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        use_wal(connection, wait=0.0)
    ending = threading.Timer(0.05, other.execute, ["ROLLBACK"])
    ending.start()
    use_wal(connection)
    ending.join()
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
    other.close()


RACER = textwrap.dedent(
    """
    import asyncio, sys
    from pathlib import Path
    from intersession_server.accounts.database import open_accounts

    async def main(path):
        print("ready", flush=True)
        sys.stdin.readline()
        async with open_accounts(path) as engine:
            rows = await engine.statement("SELECT count(*) AS n FROM person", [])
            print("opened", rows[0]["n"])

    asyncio.run(main(Path(sys.argv[1])))
    """
)


@pytest.mark.parametrize("attempt", range(5))
def test_processes_that_start_together_do_not_race(tmp_path: Path, attempt: int) -> None:
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(tmp_path / "app.db")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    ends = [racer.communicate(timeout=60) for racer in racers]
    assert ends == [("opened 0\n", "")] * 3
