"""Whether a write-ahead log belongs to the file that it lies beside.

SQLite replays any log that is whole into any file of its name. An older copy that was put back beside the log of the
file it replaces would come out as a mixture of both, without a word. So each time the log has been emptied a new
generation begins: the first transaction of the new log writes down which generation of the file it builds on (`id` as
the file has it) and which the file will be once the log is in it. A file's own `id` is then one of these two, also in
the middle of copying the log into the file; that of another file, or of another state of the same, is not.

SQLite likewise plays a rollback journal back into any file of its name. A store has one for a moment only, when its
first page is made: any other that lies beside it is another file's.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from intersession.errors import StoreInvalid
from intersession.store import store_file

if TYPE_CHECKING:
    from intersession.store.store_file import FileKey

ID_BYTES: Final = 16
NEXT = "UPDATE generation SET builds_on = id, id = ?"
"""Begins a generation; the parameter is `ID_BYTES` of randomness."""
SAME = "UPDATE generation SET id = id"
"""Writes the generation into the log once more, where it is not known whether that is a new one."""
_HELD = "SELECT builds_on, id FROM generation"
_ONE_PAGE: Final = 4096
_BEGINNING = b""
"""What the log of a store that is being made builds on."""


class FileState:
    """What an open store's file was like after it was last written to here: to notice that somebody else wrote into it.

    Copying another file over it leaves it the same file under the same name. A file that was merely touched is not
    taken for one that was written to: what counts is its length, and the page that has the generation.
    """

    def __init__(self, conn: sqlite3.Connection, handle: int) -> None:
        """`handle` reads the file as it is; `conn` is a store's."""
        row = conn.execute("SELECT rootpage FROM sqlite_master WHERE name = 'generation'").fetchone()
        size = int(conn.execute("PRAGMA page_size").fetchone()[0])
        self._handle = handle
        self._page = (size, (row[0] - 1) * size)
        self.note()

    def note(self) -> None:
        """The file is what it should be now."""
        status = os.fstat(self._handle)
        self._size, self._time, self._held = status.st_size, status.st_mtime_ns, self._read()

    def same(self) -> bool:
        """Whether it is so still. Cheap, unless it was touched."""
        status = os.fstat(self._handle)
        if (status.st_size, status.st_mtime_ns) == (self._size, self._time):
            return True
        if status.st_size != self._size or self._read() != self._held:
            return False
        self._time = status.st_mtime_ns
        return True

    def _read(self) -> bytes:
        # Where there is no such call the length has to do: moving the handle would disturb a copy under way.
        return os.pread(self._handle, *self._page) if sys.platform != "win32" else b""


def log_of(file: Path) -> Path:
    """Where SQLite keeps the write-ahead log of a file: beside the file itself, not beside a link to it."""
    return Path(os.path.realpath(file) + "-wal")


def journal_of(file: Path) -> Path:
    """Where SQLite would look for a rollback journal of a file."""
    return Path(os.path.realpath(file) + "-journal")


def check_journal(file: Path) -> None:
    """Raise `StoreInvalid` for a rollback journal beside the file: SQLite would write it into it. Changes nothing."""
    journal = journal_of(file)
    if size(journal) > 0 and not (size(file) <= _ONE_PAGE and _of_nothing(journal)):
        raise StoreInvalid(
            f"{journal.name} next to the store {file} belongs to another program: a store of this app has none. "
            f"Nothing was changed. Move {journal.name} away, then open the store.",
            code="store_mixed",
        )


def _of_nothing(journal: Path) -> bool:
    """Whether it would undo the making of a file, as its header says: how many pages there were before."""
    with suppress(OSError), journal.open("rb") as opened:
        return not any(opened.read(20)[16:20])
    return False


def check_empty(file: Path) -> None:
    """Raise `StoreInvalid` for a log whose file is gone or empty: SQLite would delete the log. Changes nothing."""
    if size(file) == 0 and size(log_of(file)) > 0:
        raise StoreInvalid(
            f"The store {file} is missing or empty, but {log_of(file).name} next to it has the latest writes. Nothing "
            "was changed. Put the store file back, or move the log away. " + store_file.PUT_BACK,
            code="store_mixed",
        )


def check(conn: sqlite3.Connection, driver: ModuleType, file: Path, key: FileKey | None) -> None:
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
        f"{log_of(file).name} next to the store {file} belongs to another file: the store was replaced, perhaps by an "
        "older copy, but its log was not. Nothing was changed. " + store_file.PUT_BACK,
        code="store_mixed",
    )


def reads_alone(driver: ModuleType, file: Path, key: FileKey | None) -> bool:
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
