"""Numbered SQL files for a SQLite database, each applied once, whoever starts first.

A schema is a folder of files `0001_name.sql`, `0002_name.sql`, …; how many were applied stands in the file's
`user_version`, whose file it is in its `application_id`. All of it happens inside one exclusive transaction, so of
two processes that start together one waits and then finds nothing to do, and a failure leaves the file as it was.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from importlib.resources.abc import Traversable

import msgspec

from intersession_server.errors import StorageError

_FILE_NAME = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")


class Schema(msgspec.Struct, frozen=True):
    """The tables of one database file: what it is called, how its files are marked, where its SQL is."""

    name: str
    application_id: int
    folder: Traversable


class Migration(msgspec.Struct, frozen=True):
    """One SQL file: its number (from 1, without gaps), its name and its text."""

    number: int
    name: str
    sql: str


def migrations_of(schema: Schema) -> list[Migration]:
    """The schema's files in order. Raises `StorageError` when one is missing."""
    found = [
        Migration(int(match[1]), match[2], entry.read_text(encoding="utf-8"))
        for entry in schema.folder.iterdir()
        if (match := _FILE_NAME.fullmatch(entry.name))
    ]
    found.sort(key=lambda migration: migration.number)
    if [migration.number for migration in found] != list(range(1, len(found) + 1)):
        raise StorageError(f"Migrations of {schema.name} are missing: the installation is incomplete. Reinstall.")
    return found


def migrate(connection: sqlite3.Connection, schema: Schema) -> list[str]:
    """Bring the database up to date; returns the names of what was applied.

    `connection` is in autocommit mode, outside a transaction. Raises `StorageError`: another program's file
    (`not_ours`), or one that a newer version has written (`too_new`).
    """
    known = migrations_of(schema)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        version = _version(connection, schema)
        if version > len(known):
            raise StorageError(
                f"{schema.name} was written by a newer version ({version}; this one knows up to {len(known)}). Run"
                " that version, or restore the data folder from before the update.",
                code="too_new",
            )
        for migration in known[version:]:
            for statement in statements(migration.sql):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {schema.application_id}")
        connection.execute(f"PRAGMA user_version = {len(known)}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    return [f"{migration.number:04}_{migration.name}" for migration in known[version:]]


def use_wal(connection: sqlite3.Connection, wait: float = 10.0) -> None:
    """Put the file into WAL mode. Blocks for up to `wait` seconds while another process is making the same file.

    SQLite's own busy handler is not asked here: while somebody holds a write lock on a file that is not in WAL mode
    yet, the pragma fails at once. Raises `sqlite3.OperationalError`.
    """
    until = time.monotonic() + wait
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchall()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                raise
            time.sleep(0.01)
        else:
            return


def statements(sql: str) -> Iterator[str]:
    """The single statements of an SQL file (`executescript` would commit the transaction around it)."""
    collected = ""
    for line in sql.splitlines(keepends=True):
        if not collected and (not line.strip() or line.lstrip().startswith("--")):
            continue
        collected += line
        if sqlite3.complete_statement(collected):
            yield collected.strip()
            collected = ""
    if collected.strip():
        raise StorageError("An SQL file ends in the middle of a statement: the installation is damaged. Reinstall.")


def _version(connection: sqlite3.Connection, schema: Schema) -> int:
    """How many migrations the file has, 0 for one that was just made."""
    owner = _value(connection, "PRAGMA application_id")
    version = _value(connection, "PRAGMA user_version")
    if owner == schema.application_id:
        return version
    if owner or version or _value(connection, "SELECT count(*) FROM sqlite_master"):
        raise StorageError(
            f"The file named as {schema.name} is a database of another program. Choose another data folder.",
            code="not_ours",
        )
    return 0


def _value(connection: sqlite3.Connection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(next(iter(row.values())) if isinstance(row, dict) else row[0])
