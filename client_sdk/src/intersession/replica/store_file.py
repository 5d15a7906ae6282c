"""The file below a store: made, claimed for one `open` in this process, looked at, and connected to.

A plain file is opened by Python's sqlite3, an encrypted one by SQLCipher, whose module has the same functions but
exceptions of its own: who catches them asks the driver. The only module that imports either.

SQLite's locks keep other processes out. Within one process they cannot be relied on: closing any handle of a file
ends the locks that the process has on it, and the two drivers do not know of each other's handles. Hence `Claim`.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import ClassVar, Literal, Protocol
from weakref import WeakValueDictionary

from intersession.errors import IntersessionError, StoreBusy, StoreClosed, StoreFull, StoreInvalid, StoreLocked

SALT_BYTES = 16
"""How much of an encrypted file's start is its salt."""
GET_THE_EXTRA = "install intersession[encrypted]"

_PLAIN = b"SQLite format 3\x00"
_PAGE = 4096

Content = Literal["nothing", "plain", "encrypted", "other"]


class Key(Protocol):
    """What opens an encrypted file; `intersession.store_key.StoreKey` is one."""

    def for_salt(self, salt: bytes) -> bytes:
        """The 32 bytes that the file with this salt is encrypted with."""


class Claim:
    """One file, for one `open` in this process at a time. Given up by `release`, or when nobody holds it any more."""

    _held: ClassVar[WeakValueDictionary[tuple[int, int], Claim]] = WeakValueDictionary()
    _lock = threading.Lock()

    def __init__(self, file: Path) -> None:
        """Raises `StoreBusy` when the file is claimed."""
        status = file.stat()
        self._place = (status.st_dev, status.st_ino)
        with self._lock:
            if self._place in self._held:
                raise _busy(file)
            self._held[self._place] = self

    def release(self) -> None:
        """Let others open the file; a second call does nothing."""
        with self._lock:
            if self._held.get(self._place) is self:
                del self._held[self._place]


def prepare(file: Path) -> None:
    """Make an empty file that only its owner may read, unless there is a file."""
    if file.is_dir():
        raise StoreInvalid(f"{file} is a folder. Give the path of a file for the store.")
    try:
        with suppress(FileExistsError):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileNotFoundError as failure:
        raise StoreInvalid(f"There is no folder {file.parent} to keep the store in. Make it first.") from failure
    except OSError as failure:
        if failure.errno in (errno.ENOSPC, errno.EDQUOT):
            raise full(file) from failure
        reason = os.strerror(failure.errno or 0)
        raise StoreInvalid(f"The store {file} cannot be made: {reason}. Choose another place.") from failure


def content(file: Path) -> Content:
    """What a file seems to be. Needs the claim on it: it opens the file, and closes it."""
    page = _start(file, _PAGE)
    if not page:
        return "nothing"
    if page.startswith(_PLAIN):
        return "plain"
    # An encrypted page cannot be told from random bytes, of which there are hardly ever two hundred kinds elsewhere.
    whole = len(page) == _PAGE and file.stat().st_size % _PAGE == 0
    return "encrypted" if whole and len(set(page)) > 200 else "other"


def driver_of(file: Path, key: Key | None) -> ModuleType:
    """The module that opens the file with this key, or without one. Needs the claim on the file.

    Raises `StoreLocked` for an encrypted file without a key, a plain one with a key, and a missing extra.
    """
    found = content(file)
    if key is None:
        if found == "encrypted":
            raise StoreLocked(f"The store {file} is encrypted. Open it with its key.")
        return sqlite3
    if found == "plain":
        raise StoreLocked(
            f"The store {file} is not encrypted. Open it without a key, or encrypt it first: "
            "intersession.store_key.encrypt_store."
        )
    return sqlcipher()


def sqlcipher() -> ModuleType:
    """SQLCipher's module. Raises `StoreLocked` where the extra that brings it is not installed."""
    try:
        from sqlcipher3 import dbapi2  # type: ignore[import-untyped]
    except ImportError as failure:
        raise StoreLocked(
            f"Encrypted stores need SQLCipher, and it is not installed here: {GET_THE_EXTRA}."
        ) from failure
    module: ModuleType = dbapi2
    return module


def connect(driver: ModuleType, file: Path, key: Key | None) -> sqlite3.Connection:
    """An open connection; nothing of the file has been read but the salt. Needs the claim on the file."""
    # Asked for before anything is open: stretching a passphrase takes a moment.
    phrase = None if key is None else pragma_key(key, salt_of(file))
    conn: sqlite3.Connection = driver.connect(file, timeout=0, isolation_level=None, check_same_thread=False)
    if phrase is not None:
        conn.execute("PRAGMA cipher_log_level=NONE")  # it would write to standard error that a key is wrong
        conn.execute(f'PRAGMA key = "{phrase}"')
    return conn


def salt_of(file: Path) -> bytes:
    """The salt of an encrypted file; a new one for an empty file. Raises `StoreInvalid` where there is none."""
    salt = _start(file, SALT_BYTES) or os.urandom(SALT_BYTES)
    if len(salt) < SALT_BYTES:
        raise _no_store(file)
    return salt


def pragma_key(key: Key, salt: bytes) -> str:
    """A raw key and its salt as SQLCipher takes them, which then stretches nothing itself."""
    return f"x'{key.for_salt(salt).hex()}{salt.hex()}'"


def full(file: Path) -> StoreFull:
    """The error that says that a disk is full."""
    return StoreFull(f"There is no room left to write {file}. Nothing was changed; free some space and try again.")


def refused(failure: Exception, driver: ModuleType, file: Path, key: Key | None) -> Exception:
    """As `translated`, for a failure while opening: there, a wrong key looks like a file that is no database."""
    if key is not None and _code(failure) & 0xFF == sqlite3.SQLITE_NOTADB and content(file) == "encrypted":
        return StoreLocked(f"The store {file} is encrypted and this key does not open it.")
    return translated(failure, driver, file)


def translated(failure: Exception, driver: ModuleType, file: Path) -> Exception:
    """The SDK's error for one of the driver's. A failure that is not the file's is a defect and stays as it is."""
    if isinstance(failure, driver.ProgrammingError) and "closed" in str(failure):
        return StoreClosed(f"The store {file} has been closed. Open it again.")
    code = _code(failure)
    primary = code & 0xFF
    found: IntersessionError
    # Where a quota or a limit on file sizes is reached, not the end of the disk, SQLite reports a failed write.
    # SQLCipher's module does not say which kind of I/O error it was; hardly any but this one leaves a readable file.
    if primary == sqlite3.SQLITE_FULL or code in (sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR):
        return full(file)
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        found = _busy(file)
    elif primary == sqlite3.SQLITE_NOTADB:
        found = _no_store(file)
    elif primary == sqlite3.SQLITE_CORRUPT:
        found = StoreInvalid(f"The store {file} is damaged. Put a copy back, or start a new one and pair it.")
    elif primary in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_IOERR):
        found = _unusable(file)
    else:
        return failure
    return found


def _start(file: Path, size: int) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(size)
    except OSError as failure:
        raise _unusable(file) from failure


def _code(failure: Exception) -> int:
    """SQLite's extended error code; 0 for an error of the driver's own."""
    return getattr(failure, "sqlite_errorcode", 0) or 0


def _busy(file: Path) -> StoreBusy:
    return StoreBusy(f"The store {file} is open in another program or window. Close that one first.")


def _no_store(file: Path) -> StoreInvalid:
    return StoreInvalid(f"{file} is not a store of this app. Choose another file.")


def _unusable(file: Path) -> StoreInvalid:
    return StoreInvalid(f"The store {file} cannot be read or written here. Check the file's permissions.")
