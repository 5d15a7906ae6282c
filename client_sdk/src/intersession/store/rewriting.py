"""Rewriting a store: from plain to encrypted, back, or under another key.

Everything goes into a new file beside the store, which replaces it in one step once it is on disk. Until then the
store is what it was; a new file that a crash has left is removed by the next attempt.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import suppress
from pathlib import Path
from types import ModuleType

from intersession.errors import StoreBusy, StoreInvalid, StoreLocked
from intersession.store import store_file
from intersession.store.store import take
from intersession.store.store_file import SALT_BYTES, Claim, FileKey

_BLOCK = 1 << 20


def rewrite(path: str | os.PathLike[str], old: FileKey | None, new: FileKey | None) -> None:
    """Make the store that `old` opens one that `new` opens; None stands for a plain store.

    Raises what `Store.open` does; then the store is as it was.
    """
    file = Path(path).resolve()  # where a link leads: the link itself must stay
    if not file.is_file():
        raise StoreInvalid(f"There is no store {file}.")
    driver = store_file.sqlcipher()
    claim = Claim(file)
    beside = file.with_name(f"{file.name}.rewritten")
    try:
        if old is None and store_file.content(file) == "encrypted":
            raise StoreLocked(f"The store {file} is already encrypted. Change its key with change_key.")
        store_file.driver_of(file, old)
        conn = take(driver, file, old).conn
        try:
            _remove(beside)
            _rewrite(conn, driver, file, beside, new)
        finally:
            conn.close()
            _remove(beside)
    except OSError as failure:
        raise StoreInvalid(f"{file} cannot be rewritten: {os.strerror(failure.errno or 0)}.") from failure
    except driver.Error as failure:
        raise store_file.translated(failure, driver, file) from failure
    finally:
        claim.release()


def _rewrite(conn: sqlite3.Connection, driver: ModuleType, file: Path, beside: Path, new: FileKey | None) -> None:
    # No log may be left that belongs to the old file, and closing the old file must not remove one of the new file.
    conn.execute("PRAGMA journal_mode=MEMORY")  # a crash leaves no journal either
    conn.execute("PRAGMA locking_mode=NORMAL")
    version = _state(conn)
    _export(conn, driver, beside, new)
    conn.execute("BEGIN EXCLUSIVE")
    if _state(conn) != version:
        raise StoreBusy(f"The store {file} was opened elsewhere in the meantime. Nothing was changed; try again.")
    if sys.platform == "win32":  # an open file cannot be replaced there
        conn.close()
        beside.replace(file)
    else:
        _replace(beside, file)


def _state(conn: sqlite3.Connection) -> object:
    """Changes when another connection has written. Lets go of a lock that is not needed any more."""
    conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return conn.execute("PRAGMA data_version").fetchone()[0]


def _export(conn: sqlite3.Connection, driver: ModuleType, beside: Path, new: FileKey | None) -> None:
    store_file.prepare(beside)
    phrase = "" if new is None else store_file.pragma_key(new, os.urandom(SALT_BYTES))
    conn.execute("ATTACH ? AS rewritten KEY ?", (str(beside), phrase))
    conn.execute("PRAGMA rewritten.synchronous=FULL")
    try:
        conn.execute("SELECT sqlcipher_export('rewritten')").fetchall()
    except driver.OperationalError as failure:
        if "full" in str(failure):  # it passes on the text of what stopped it, not the code
            raise store_file.full(beside) from failure
        raise
    for name in ("application_id", "user_version"):
        value = int(conn.execute(f"PRAGMA main.{name}").fetchone()[0])
        conn.execute(f"PRAGMA rewritten.{name}={value}")
    conn.execute("DETACH rewritten")


def _replace(beside: Path, file: Path) -> None:
    """Put the new file in the old one's place for good, then overwrite what the old one held."""
    # The handle is closed after the replacement: closing it ends the lock on the old file.
    with file.open("r+b") as old:
        _flush(beside)
        beside.replace(file)
        _flush(file.parent)
        status = os.fstat(old.fileno())
        if status.st_nlink == 0:  # under another name it is somebody's copy
            with suppress(OSError):  # the store is what it should be; this is what can be done besides
                for start in range(0, status.st_size, _BLOCK):
                    old.write(bytes(min(_BLOCK, status.st_size - start)))
                old.flush()
                os.fsync(old.fileno())


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(beside: Path) -> None:
    for ending in ("", "-journal", "-wal", "-shm"):
        with suppress(OSError):
            beside.with_name(beside.name + ending).unlink()
