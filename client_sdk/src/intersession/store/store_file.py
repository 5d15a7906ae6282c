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
import stat
import threading
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import ClassVar, Literal, Protocol
from weakref import WeakValueDictionary

from intersession.errors import IntersessionError, StoreBusy, StoreClosed, StoreFull, StoreInvalid, StoreLocked
from intersession.store import forks

SALT_BYTES = 16
"""How much of an encrypted file's start is its salt."""
GET_THE_EXTRA = "install intersession[encrypted]"
PUT_BACK = "To restore a backup, use `intersession restore` or Tracker.restore: it keeps what it replaces."

_PLAIN = b"SQLite format 3\x00"
_PAGE = 4096

_HANDLES = 3
"""What SQLite opens at once: the file, its log, and its folder when the log is made."""
_FULL = (errno.ENOSPC, errno.EDQUOT)

Content = Literal["nothing", "plain", "encrypted", "other"]


class FileKey(Protocol):
    """What opens an encrypted file; `intersession.store.store_key.StoreKey` is one."""

    def for_salt(self, salt: bytes) -> bytes:
        """The 32 bytes that the file with this salt is encrypted with."""


class Claim:
    """One file, for one `open` in this process at a time. Given up by `release`, or when nobody holds it any more."""

    _held: ClassVar[WeakValueDictionary[tuple[int, int], Claim]] = WeakValueDictionary()
    _inherited: ClassVar[frozenset[tuple[int, int]]] = frozenset()
    """What was open in the process that this one was forked from: SQLite cannot open it here any more."""
    _lock = threading.Lock()

    def __init__(self, file: Path) -> None:
        """Raises `StoreBusy` when the file is claimed."""
        self.place = place(file)
        with self._lock:
            if self.place in self._inherited:
                raise forks.elsewhere(file)
            if self.place in self._held:
                raise busy(file)
            self._held[self.place] = self

    def release(self) -> None:
        """Let others open the file; a second call does nothing."""
        with self._lock:
            if self._held.get(self.place) is self:
                del self._held[self.place]

    @classmethod
    def start_over(cls) -> None:
        """In a forked child: nothing is claimed by it, and no thread of the parent holds the lock."""
        cls._lock = threading.Lock()
        cls._inherited |= frozenset(cls._held.keys())
        cls._held = WeakValueDictionary()


forks.in_children(Claim.start_over)


def place(file: Path) -> tuple[int, int]:
    """Which file it is, whatever it is called: device and number. Raises `StoreInvalid`."""
    try:
        status = file.stat()
    except (OSError, ValueError) as failure:
        raise unusable(file, failure) from failure
    return status.st_dev, status.st_ino


def prepare(file: Path) -> None:
    """Make an empty file that only its owner may read, unless there is a file. Raises `StoreInvalid`, `StoreFull`."""
    if regular(file):
        return
    if file.is_symlink():
        raise StoreInvalid(f"{file} is a link to a file that does not exist. Fix the link, or choose another file.")
    try:
        with suppress(FileExistsError):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileNotFoundError as failure:
        raise StoreInvalid(f"There is no folder {file.parent} for the store. Create it first.") from failure
    except OSError as failure:
        if failure.errno in _FULL:
            raise full(file) from failure
        raise unusable(file, failure) from failure


def regular(file: Path) -> bool:
    """Whether there is a file; False where there is nothing. Raises `StoreInvalid` for a folder, a device, a pipe."""
    try:
        mode = os.stat(file).st_mode  # noqa: PTH116 - what pathlib asks hides some errors and passes on others
    except FileNotFoundError:
        return False
    except (OSError, ValueError) as failure:
        raise unusable(file, failure) from failure
    if stat.S_ISDIR(mode):
        raise StoreInvalid(f"{file} is a folder. Give the path of a file for the store.")
    if not stat.S_ISREG(mode):
        raise StoreInvalid(f"{file} is a device or a pipe, not a file. Choose another file for the store.")
    return True


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


def driver_of(file: Path, key: FileKey | None) -> ModuleType:
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
            "intersession.store.store_key.encrypt_store."
        )
    return sqlcipher()


def sqlcipher() -> ModuleType:
    """SQLCipher's module. Raises `StoreLocked` where the extra that brings it is not installed."""
    try:
        from sqlcipher3 import dbapi2  # type: ignore[import-untyped]
    except ImportError as failure:
        raise StoreLocked(
            f"Encrypted stores need SQLCipher, which is not installed here: {GET_THE_EXTRA}."
        ) from failure
    module: ModuleType = dbapi2
    return module


def connect(driver: ModuleType, file: Path, key: FileKey | None) -> sqlite3.Connection:
    """An open connection; nothing of the file has been read but the salt. Needs the claim on the file."""
    # Asked for before anything is open: stretching a passphrase takes a moment.
    phrase = None if key is None else pragma_key(key, salt_of(file))
    conn: sqlite3.Connection = driver.connect(
        file, timeout=0, isolation_level=None, check_same_thread=False, factory=forks.connection_class(driver)
    )
    _unlock(conn, phrase)
    return conn


def connect_to_file_alone(driver: ModuleType, file: Path, key: FileKey | None) -> sqlite3.Connection:
    """A connection that reads the file as it is, without its log and without a lock, and changes nothing."""
    phrase = None if key is None else pragma_key(key, salt_of(file))
    conn: sqlite3.Connection = driver.connect(
        f"{file.absolute().as_uri()}?immutable=1",
        uri=True,
        isolation_level=None,
        factory=forks.connection_class(driver),
    )
    _unlock(conn, phrase)
    return conn


def _unlock(conn: sqlite3.Connection, phrase: str | None) -> None:
    if phrase is not None:
        conn.execute("PRAGMA cipher_log_level=NONE")  # it would write to standard error that a key is wrong
        conn.execute(f'PRAGMA key = "{phrase}"')


def abandon(conn: sqlite3.Connection) -> None:
    """Close a connection and leave the file and its log as they are: what is in the log is not copied."""
    conn.interrupt()  # it stops the copying that closing begins with
    conn.close()


def salt_of(file: Path) -> bytes:
    """The salt of an encrypted file; a new one for an empty file. Raises `StoreInvalid` where there is none."""
    salt = _start(file, SALT_BYTES) or os.urandom(SALT_BYTES)
    if len(salt) < SALT_BYTES:
        raise _no_store(file)
    return salt


def pragma_key(key: FileKey, salt: bytes) -> str:
    """A raw key and its salt as SQLCipher takes them, which then stretches nothing itself."""
    return f"x'{key.for_salt(salt).hex()}{salt.hex()}'"


def full(file: Path) -> StoreFull:
    """The error that says that a disk is full."""
    return StoreFull(f"There is no space left to write {file}. Nothing was changed; free some space and try again.")


def refused(failure: Exception, driver: ModuleType, file: Path, key: FileKey | None) -> Exception:
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
        found = busy(file)
    elif primary == sqlite3.SQLITE_NOTADB:
        found = _no_store(file)
    elif primary == sqlite3.SQLITE_CORRUPT:
        found = damaged(file)
    elif primary in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_IOERR):
        found = unusable(file, failure)
    else:
        return failure
    return found


def damaged(file: Path) -> StoreInvalid:
    """The error for a file whose content does not hold together."""
    return StoreInvalid(f"The store {file} is damaged. {PUT_BACK} Or start a new one and pair it.")


def busy(file: Path) -> StoreBusy:
    """The error for a file that is open elsewhere."""
    return StoreBusy(f"The store {file} is open in another program or window. Close that one first.")


def unusable(file: Path, failure: Exception) -> StoreInvalid:
    """The error for a file that the system does not let us use, with the reason that the system gives."""
    return StoreInvalid(f"The store {file} cannot be read or written here: {_reason(file, failure)}.")


def said_by_the_system(failure: OSError | ValueError) -> str:
    """Why a path cannot be used."""
    if isinstance(failure, UnicodeError):
        return "its name contains characters that this system cannot write"
    if isinstance(failure, ValueError):
        return "a path cannot contain a NUL character"
    return os.strerror(failure.errno) if failure.errno else type(failure).__name__


def check_path(file: Path) -> None:
    """Raise `StoreInvalid` for a path that no file can have here."""
    try:
        if b"\0" in os.fsencode(file):
            raise ValueError
    except ValueError as failure:
        raise unusable(file, failure) from None


def _reason(file: Path, failure: Exception) -> str:
    """Why, in the system's words. SQLite keeps that to itself, so what it did is tried again.

    Never on the file itself: it may be open, and closing another handle would end the locks on it.
    """
    if isinstance(failure, ValueError | OSError):
        return said_by_the_system(failure)
    handles: list[int] = []
    try:
        os.stat(file)  # noqa: PTH116 - for its error
        handles.extend(os.open(os.devnull, os.O_RDONLY) for _ in range(_HANDLES))
    except OSError as found:
        return os.strerror(found.errno or 0)
    finally:
        for handle in handles:
            os.close(handle)
    if hasattr(os, "statvfs") and os.statvfs(file).f_flag & os.ST_RDONLY:
        return os.strerror(errno.EROFS)
    if not (os.access(file, os.R_OK | os.W_OK) and os.access(file.parent, os.W_OK | os.X_OK)):
        return f"{os.strerror(errno.EACCES)} (the file and its folder must be writable)"
    return f"SQLite says {failure}"


def _start(file: Path, size: int) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(size)
    except OSError as failure:
        raise unusable(file, failure) from failure


def _code(failure: Exception) -> int:
    """SQLite's extended error code; 0 for an error of the driver's own."""
    return getattr(failure, "sqlite_errorcode", 0) or 0


def _no_store(file: Path) -> StoreInvalid:
    return StoreInvalid(f"{file} is not a store of this app. Choose another file.")
