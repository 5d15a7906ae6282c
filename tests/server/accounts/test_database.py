"""`app.db`: opened once, and with the tables that Piccolo believes in."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from uuid import UUID

import pytest

from intersession_server.accounts.database import SCHEMA, open_accounts, transaction
from intersession_server.accounts.tables import TABLES, Practice
from intersession_server.errors import StorageError
from intersession_server.storage.engine import SerialEngine
from intersession_server.storage.migrations import Schema, migrate, migrations_of

pytestmark = pytest.mark.anyio


async def test_piccolo_and_the_sql_name_the_same_columns(database: SerialEngine) -> None:
    connection = sqlite3.connect(database.path)
    for table in TABLES:
        found = {
            row[1]: (row[2], bool(row[3])) for row in connection.execute(f"PRAGMA table_info({table._meta.tablename})")
        }
        declared = {
            column._meta.db_column_name: (column.column_type, not column._meta.null) for column in table._meta.columns
        }
        assert found == declared, table._meta.tablename
    connection.close()


async def test_a_file_of_before_there_were_plans_goes_on(tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    for migration in migrations_of(SCHEMA)[:1]:
        (tmp_path / "first" / f"{migration.number:04}_{migration.name}.sql").write_text(migration.sql)
    connection = sqlite3.connect(tmp_path / "app.db", isolation_level=None)
    migrate(connection, Schema(SCHEMA.name, SCHEMA.application_id, tmp_path / "first"))
    practice = str(UUID(int=1))
    connection.execute(
        "INSERT INTO practice VALUES (?, 'Nord', '2026-03-02 09:00:00+00:00', ?, NULL)", (practice, practice)
    )
    connection.close()
    async with open_accounts(tmp_path / "app.db"):
        (nord,) = await Practice.objects()
        assert (nord.id, nord.retention) == (UUID(int=1), "erase")


async def test_a_process_has_one_open_at_a_time(database: SerialEngine, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="one at a time"):
        async with open_accounts(tmp_path / "other.db"):
            pass
    assert await Practice.count() == 0


async def test_after_it_is_closed_every_statement_says_so(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="not open"):
        transaction()
    async with open_accounts(tmp_path / "app.db"):
        pass
    with pytest.raises(StorageError, match="closed"):
        await Practice.count()
    async with open_accounts(tmp_path / "app.db"):
        assert await Practice.count() == 0


async def test_a_file_that_cannot_be_opened_leaves_nothing_open(tmp_path: Path) -> None:
    (tmp_path / "app.db").write_bytes(b"not a database " * 1000)
    with pytest.raises(StorageError):
        async with open_accounts(tmp_path / "app.db"):
            pass
    async with open_accounts(tmp_path / "good.db"):
        assert await Practice.count() == 0
