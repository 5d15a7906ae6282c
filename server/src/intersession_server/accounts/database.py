"""`app.db`: the accounts' database."""

from __future__ import annotations

import importlib.resources
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from intersession_server.accounts.tables import TABLES
from intersession_server.storage import database
from intersession_server.storage.engine import SerialEngine, SerialTransaction
from intersession_server.storage.migrations import Schema

FILE_NAME = "app.db"
SCHEMA = Schema(
    name=FILE_NAME,
    application_id=0x49534150,
    folder=importlib.resources.files("intersession_server.accounts") / "migrations",
)


def open_accounts(path: Path) -> AbstractAsyncContextManager[SerialEngine]:
    """The database at `path`, open while the context lasts. Raises what `open_database` does."""
    return database.open_database(path, schema=SCHEMA, tables=TABLES)


def transaction() -> SerialTransaction:
    """`async with transaction():` on the accounts' database. Raises `StorageError` when none is open."""
    return database.transaction(SCHEMA)
