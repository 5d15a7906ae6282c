"""A database of tables: opened, brought up to date, and handed to Piccolo's classes.

They hold their engine in the class, so a process has one database of a schema open at a time; opening a second is an
error, not a mix-up of two practices' data.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from piccolo.table import Table

from intersession_server.errors import StorageError
from intersession_server.storage.engine import SerialEngine, SerialTransaction
from intersession_server.storage.migrations import Schema, migrate

_open: dict[str, SerialEngine] = {}


@asynccontextmanager
async def open_database(path: Path, *, schema: Schema, tables: Sequence[type[Table]]) -> AsyncIterator[SerialEngine]:
    """Open the file at `path`, migrated to `schema`, with `tables` bound to it; closed at the end.

    Raises `StorageError`: one of this schema is open in this process, the file is not ours, newer, or cannot be
    used.
    """
    if schema.name in _open:
        raise StorageError(f"This process already has {schema.name} open; it can open only one at a time.")
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


def opened(schema: Schema) -> SerialEngine:
    """The open database of that schema. Raises `StorageError` when none is."""
    engine = _open.get(schema.name)
    if engine is None:
        raise StorageError(f"{schema.name} is not open.")
    return engine


def transaction(schema: Schema) -> SerialTransaction:
    """`async with transaction(schema):` on the open database of that schema. Raises `StorageError` when none is."""
    return opened(schema).transaction()
