"""`app.db`: opened, brought up to date, and handed to Piccolo's tables.

Piccolo's table classes hold their engine in the class, so a process has one such database open at a time;
opening a second is an error, not a mix-up of two practices' data.
"""

from __future__ import annotations

import importlib.resources
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from piccolo.table import Table

from intersession_server.accounts.engine import SerialEngine, SerialTransaction
from intersession_server.accounts.tables import TABLES
from intersession_server.errors import StorageError
from intersession_server.migrations import Schema, migrate

FILE_NAME = "app.db"
SCHEMA = Schema(
    name=FILE_NAME,
    application_id=0x49534150,
    folder=importlib.resources.files("intersession_server.accounts") / "migrations",
)

_open: dict[str, SerialEngine] = {}


@asynccontextmanager
async def open_database(
    path: Path, *, schema: Schema = SCHEMA, tables: Sequence[type[Table]] = TABLES
) -> AsyncIterator[SerialEngine]:
    """Open the file at `path`, migrated to `schema`, with `tables` bound to it; closed at the end.

    Raises `StorageError`: one of this schema is open in this process, the file is not ours, newer, or cannot be
    used.
    """
    if schema.name in _open:
        raise StorageError(f"This process has {schema.name} open already; it can hold one at a time.")
    engine = _open[schema.name] = SerialEngine(path)
    try:
        await engine.open()
        await engine.on_connection(lambda connection: migrate(connection, schema))
        for table in tables:
            table._meta.db = engine  # noqa: SLF001 - Piccolo's way to set the engine at start-up
        yield engine
    finally:
        # The tables keep a closed engine, which refuses every statement.
        await engine.close()
        del _open[schema.name]


def transaction() -> SerialTransaction:
    """`async with transaction():` on the accounts' database. Raises `StorageError` when none is open."""
    engine = _open.get(SCHEMA.name)
    if engine is None:
        raise StorageError("The account database is not open.")
    return engine.transaction()
