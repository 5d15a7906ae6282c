"""Whether a write-ahead log belongs to the file that it lies beside.

SQLite replays any log that is whole into any file of its name. An older copy that was put back beside the log of the
file it replaces would come out as a mixture of both, without a word. So each time the log has been emptied a new
generation begins: the first transaction of the new log writes down which generation of the file it builds on (`id` as
the file has it) and which the file will be once the log is in it. A file's own `id` is then one of these two, also in
the middle of copying the log into the file; that of another file, or of another state of the same, is not.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from intersession.errors import StoreInvalid
from intersession.replica import store_file

if TYPE_CHECKING:
    from intersession.replica.store_file import Key

ID_BYTES: Final = 16
NEXT = "UPDATE generation SET builds_on = id, id = ?"
"""Begins a generation; the parameter is `ID_BYTES` of randomness."""
SAME = "UPDATE generation SET id = id"
"""Writes the generation into the log once more, where it is not known whether that is a new one."""
_HELD = "SELECT builds_on, id FROM generation"
_BEGINNING = b""
"""What the log of a store that is being made builds on."""


def log_of(file: Path) -> Path:
    """Where SQLite keeps the write-ahead log of a file: beside the file itself, not beside a link to it."""
    return Path(os.path.realpath(file) + "-wal")


def check_empty(file: Path) -> None:
    """Raise `StoreInvalid` for a log whose file is gone or empty: SQLite would delete the log. Changes nothing."""
    if size(file) == 0 and size(log_of(file)) > 0:
        raise StoreInvalid(
            f"The store {file} is missing or empty, but {log_of(file).name} beside it holds what was written last. "
            "Nothing was changed. Put the file back, or move the other one away. " + store_file.PUT_BACK,
            code="store_mixed",
        )


def check(conn: sqlite3.Connection, driver: ModuleType, file: Path, key: Key | None) -> None:
    """Raise `StoreInvalid` when the log beside the file is that of another file.

    `conn` is in a transaction and locks the file; closed after an interrupt it leaves both as they are.
    """
    if size(log_of(file)) == 0:
        return
    held = _row(conn)
    if held is None:  # the file was made before there were generations
        return
    try:
        alone = store_file.connect_to_file_alone(driver, file, key)
        try:
            row = _row(alone)
        finally:
            alone.close()
    except driver.DatabaseError:
        return  # the file was cut off in the middle of a page of it: the log has that page whole
    if (row is None and held[0] != _BEGINNING) or (row is not None and row[1] not in held):
        raise mixed(file)


def mixed(file: Path) -> StoreInvalid:
    """The error for a file beside the log of another."""
    return StoreInvalid(
        f"{log_of(file).name} beside the store {file} belongs to another file: the store was replaced, "
        "perhaps by an older copy, while its log was left. Nothing was changed. " + store_file.PUT_BACK,
        code="store_mixed",
    )


def reads_alone(driver: ModuleType, file: Path, key: Key | None) -> bool:
    """Whether the file is a store without its log: then it is the log that keeps it from being read."""
    try:
        alone = store_file.connect_to_file_alone(driver, file, key)
        try:
            return _row(alone) is not None
        finally:
            alone.close()
    except driver.Error:
        return False


def size(file: Path) -> int:
    """The size of a file; 0 for none."""
    try:
        return file.stat().st_size
    except (OSError, ValueError):
        return 0


def _row(conn: sqlite3.Connection) -> tuple[bytes, bytes] | None:
    if conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'generation'").fetchone() is None:
        return None
    row: tuple[bytes, bytes] | None = conn.execute(_HELD).fetchone()
    return row
