"""The file that a replica lives in: opened by one process at a time, every write a durable transaction.

What it is: a SQLite database (WAL, `synchronous=FULL`, locked as a whole) and its numbered migrations. What it is not:
it knows nothing of what its rows mean. `store_file` knows the file itself, and whether it is encrypted. The only module
that imports sqlite-utils.

Invariant: a transaction is on disk when its block has ended without an error, or has left no trace; after any
error, a full disk included, the store can be used again.

Not thread-safe: every call must hold the replica's lock.
"""

from __future__ import annotations

import os
import sqlite3
import weakref
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from importlib import resources
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import msgspec
from cachetools import LRUCache
from sqlite_utils import Database, Migrations

from intersession.errors import StoreInvalid, StoreTooNew
from intersession.store import generation, store_file
from intersession.store.store_file import Claim, FileKey
from intersession.store.watch import TransactionWatch

APPLICATION_ID = 0x49534A4E
"""Marks the file as ours, in SQLite's header: "ISJN"."""
LOG_BYTES = 4 * 1024 * 1024
"""How large the write-ahead log may grow before it is emptied."""
_MIGRATION_SET = "intersession"
_PAGE_ENDS = 1_000

Row = tuple[Any, ...]
T = TypeVar("T")


class _Undone(Exception):
    """Ends a transaction of which nothing is to be kept."""


class Store:
    """One open store. Make it with `open`; `now` is the clock that stamps what is made here."""

    def __init__(
        self,
        db: Database,
        driver: ModuleType,
        key: FileKey | None,
        claim: Claim,
        path: Path,
        now: Callable[[], datetime],
    ) -> None:
        self._db = db
        self._conn = db.conn
        self.driver = driver
        self.key = key
        self._claim = claim
        self.path = path
        self._log = generation.log_of(path)
        self._log_place = store_file.place(self._log)
        self._marked = self._emptied = False
        """Whether the log says what it builds on; while it does not, whether it has been emptied for sure."""
        self._frozen = self._shed_later = False
        self.handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        """To read the file as it is. Kept open: closing it would end SQLite's locks on the file."""
        self._end_handle = weakref.finalize(self, os.close, self.handle)
        self._end_handle.atexit = False
        self._standing = generation.FileState(db.conn, self.handle)
        self.now = now
        self.page_ends: LRUCache[Hashable, Row] = LRUCache(_PAGE_ENDS)
        """Where pages of lists ended that were read of late. Only in memory: their last items may be deleted."""
        self._watch = TransactionWatch()
        self._kept: dict[Callable[[Store], Any], Any] = {}
        self.epoch = 0
        """Counts what took something away: a document loaded under an earlier epoch may hold what is gone."""

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, now: Callable[[], datetime], key: FileKey | None = None) -> Store:
        """Open the store at `path`, making it if there is none (its folder must exist).

        With `key` it is encrypted, or made so. Raises `StoreBusy` at once when it is open elsewhere, `StoreLocked`
        when that key, or no key, does not open it, `StoreInvalid` when the file is something else or cannot be used,
        `StoreTooNew`, `StoreFull`.
        """
        file = Path(path).absolute()  # wherever the process goes from here
        store_file.regular(file)
        generation.check_journal(file)
        generation.check_empty(file)  # before there is a new file: SQLite deletes a log beside an empty one
        store_file.prepare(file)
        claim = Claim(file)
        try:
            driver = store_file.driver_of(file, key)
            db = take(driver, file, key)
            try:
                store = cls(db, driver, key, claim, file, now)
            except OSError as failure:
                db.conn.close()
                raise store_file.unusable(file, failure) from failure
        except BaseException:
            claim.release()
            raise
        store.truncate_log()  # a process that died may have deleted something and not come to this
        return store

    def close(self) -> None:
        """Close the file; a second call does nothing. Needs no free space."""
        if not self._end_handle.alive:
            return
        if not self._standing.same():
            store_file.abandon(self._conn)  # what is in the log does not belong into what the file is now
        else:
            self.truncate_log()
            self._conn.close()
        self._end_handle()
        self._claim.release()

    # -- statements ----------------------------------------------------------------------------------------------------

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All statements of the block, or none; on disk when the block has ended. May be nested.

        Raises `StoreInvalid` when the file is not where it was opened any more.
        """
        outermost = not self._conn.in_transaction
        if outermost:
            self._check_place()
            self._watch.begins()
        try:
            with self._db.atomic():
                if outermost and not self._marked:
                    self._mark()
                yield
        except self.driver.Error as failure:
            self._watch.undone()
            raise store_file.translated(failure, self.driver, self.path) from failure
        except BaseException:
            self._watch.undone()
            raise
        if outermost:
            self._marked = True

    @contextmanager
    def undone(self) -> Iterator[None]:
        """What the block writes is there to be read until it ends, and never was; it needs no room on the disk."""
        if not self._conn.in_transaction:
            self._watch.begins()
        try:
            with self._db.atomic():
                yield
                raise _Undone
        except _Undone:
            self._watch.undone()
        except self.driver.Error as failure:
            raise store_file.translated(failure, self.driver, self.path) from failure

    def kept(self, kind: Callable[[Store], T]) -> T:
        """What is kept in memory of that kind, while the store is open: made when it is first asked for."""
        found: T | None = self._kept.get(kind)
        if found is None:
            found = self._kept[kind] = kind(self)
        return found

    def watch(self, by: TransactionWatch, name: str, parameters: int, function: Callable[..., None]) -> None:
        """Tell `by` of transactions from now on, and let statements call that function by its name."""
        self._conn.create_function(name, parameters, function)
        self._watch = by

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is under way."""
        return self._conn.in_transaction

    def all(self, sql: str, *parameters: object) -> list[Row]:
        """Every row of a query."""
        try:
            return self._conn.execute(sql, parameters).fetchall()
        except self.driver.Error as failure:
            raise store_file.translated(failure, self.driver, self.path) from failure

    def one(self, sql: str, *parameters: object) -> Row | None:
        """The first row of a query, or None."""
        rows = self.all(sql, *parameters)
        return rows[0] if rows else None

    def number(self, sql: str, *parameters: object) -> int:
        """The first value of a query as a number; 0 where there is none."""
        row = self.one(sql, *parameters)
        return int(row[0] or 0) if row is not None else 0

    def run(self, sql: str, *parameters: object) -> int:
        """Execute one statement inside a transaction; returns the rowid of what it inserted."""
        try:
            return self._conn.execute(sql, parameters).lastrowid or 0
        except self.driver.Error as failure:
            raise store_file.translated(failure, self.driver, self.path) from failure

    def run_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Execute one statement for each row of parameters, inside a transaction."""
        try:
            self._conn.executemany(sql, rows)
        except self.driver.Error as failure:
            raise store_file.translated(failure, self.driver, self.path) from failure

    def truncate_log(self) -> None:
        """Empty the write-ahead log, so that what was deleted is gone from it too. Does what it can."""
        if self._frozen:
            self._shed_later = True
            return
        with suppress(self.driver.Error, StoreInvalid):
            self._empty_log()

    def freeze(self) -> None:
        """Bring all that was written into the file and leave it like that until `thaw`: writes stay in the log.

        Raises `StoreFull`.
        """
        try:
            emptied = self._empty_log()
        except self.driver.Error as failure:
            raise store_file.translated(failure, self.driver, self.path) from failure
        if not emptied:
            raise store_file.busy(self.path)
        self._frozen = True

    def thaw(self) -> None:
        """The file may change again."""
        self._frozen = False
        if self._shed_later:
            self._shed_later = False
            self.truncate_log()

    def _empty_log(self) -> bool:
        if not self._standing.same():
            raise self._written_into()
        self._marked = self._emptied = False
        try:
            busy, left, _ = self._conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            self._standing.note()
        self._emptied = not busy and not left
        return self._emptied

    def _mark(self) -> None:
        """Let the log say what it builds on: in its first transaction, so that nothing in it goes without."""
        if self._emptied:
            self._conn.execute(generation.NEXT, (os.urandom(generation.ID_BYTES),))
        else:
            self._conn.execute(generation.SAME)

    def _check_place(self) -> None:
        """Raise `StoreInvalid` when a write would go into a file, or a log, that nobody finds again."""
        try:
            status = os.stat(self.path)  # noqa: PTH116 - each write pays for this
            there: tuple[int, int] | None = (status.st_dev, status.st_ino)
        except (FileNotFoundError, NotADirectoryError):
            there = None
        except OSError as failure:
            raise store_file.unusable(self.path, failure) from failure
        if there != self._claim.place:
            what = "was moved or deleted" if there is None else "was replaced by another file"
            raise StoreInvalid(
                f"The store {self.path} {what} while it was open. This was not saved. What was saved before is in the "
                "file that was opened and can be read until it is closed; make a copy with backup().",
                code="store_moved",
            )
        if not self._standing.same():
            raise self._written_into()
        try:
            log = os.stat(self._log)  # noqa: PTH116 - likewise
        except OSError:
            log = None
        if log is None or (log.st_dev, log.st_ino) != self._log_place:
            self.truncate_log()  # what is in the log is reached by its open handle alone
            raise StoreInvalid(
                f"{self._log.name}, the log of the store {self.path}, was moved or deleted while it was open. "
                "This was not saved; what was saved before is in the store. Close it and open it again.",
                code="store_moved",
            )
        if log.st_size > LOG_BYTES:
            self.truncate_log()

    def _written_into(self) -> StoreInvalid:
        return StoreInvalid(
            f"Another program has written to the store {self.path} while it was open, or truncated it. This was not "
            f"saved. Close it, and keep {self._log.name} with it: it has the latest writes. " + store_file.PUT_BACK,
            code="store_moved",
        )

    # -- facts about the replica as a whole ----------------------------------------------------------------------------

    def meta(self, name: str, kind: type[T]) -> T | None:
        """The fact kept under `name`, or None."""
        row = self.one("SELECT value FROM meta WHERE name = ?", name)
        return None if row is None else msgspec.json.decode(row[0], type=kind)

    def set_meta(self, name: str, value: object) -> None:
        """Keep `value` (anything msgspec can encode) under `name`; None removes it."""
        if value is None:
            self.run("DELETE FROM meta WHERE name = ?", name)
        else:
            self.run("REPLACE INTO meta (name, value) VALUES (?, ?)", name, msgspec.json.encode(value).decode())


def take(driver: ModuleType, file: Path, key: FileKey | None) -> Database:
    """Open the file, lock it as a whole, make sure it is ours, and bring it to this version's shape.

    Needs the claim on the file. Raises what `Store.open` does.
    """
    generation.check_journal(file)
    try:
        conn = store_file.connect(driver, file, key)
        try:
            return _taken(conn, driver, file, key)
        except BaseException:
            store_file.abandon(conn)
            raise
    except driver.Error as failure:
        if generation.size(generation.log_of(file)) and generation.reads_alone(driver, file, key):
            found = store_file.translated(failure, driver, file)
            raise (generation.mixed(file) if isinstance(found, StoreInvalid) else found) from failure
        raise store_file.refused(failure, driver, file, key) from failure
    except OSError as failure:
        raise store_file.unusable(file, failure) from failure


def _taken(conn: sqlite3.Connection, driver: ModuleType, file: Path, key: FileKey | None) -> Database:
    conn.execute("PRAGMA locking_mode=EXCLUSIVE")
    conn.execute("PRAGMA wal_autocheckpoint=0")  # the store empties the log itself, whole
    conn.execute("BEGIN IMMEDIATE")
    version = _check_ours(conn, file)
    generation.check(conn, driver, file, key)
    conn.execute("COMMIT")
    conn.execute("PRAGMA journal_mode=WAL")
    conn.execute("PRAGMA synchronous=FULL")
    conn.execute("PRAGMA fullfsync=ON")  # macOS flushes the drive's own cache only when asked to
    conn.execute("PRAGMA secure_delete=ON")
    conn.execute("PRAGMA foreign_keys=ON")
    conn.execute("PRAGMA temp_store=MEMORY")  # no temporary file may hold what was written
    db = Database(conn, execute_plugins=False)
    if version < len(_scripts()):
        conn.execute(f"PRAGMA application_id={APPLICATION_ID}")
        _migrations().apply(db)
    else:
        conn.execute("BEGIN EXCLUSIVE")  # in WAL mode the lock on the file is taken by the first transaction
        conn.execute("COMMIT")
    return db


def _check_ours(conn: sqlite3.Connection, file: Path) -> int:
    """The number of migrations the store has had. Raises when it is not one, or newer; changes nothing."""
    application = conn.execute("PRAGMA application_id").fetchone()[0]
    version = int(conn.execute("PRAGMA user_version").fetchone()[0])
    tables = {name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if application == 0 and version == 0 and not tables:
        return 0
    if application != APPLICATION_ID:
        raise StoreInvalid(f"{file} is a database of another program. Choose another file for the store.")
    known = [name for name, _ in _scripts()]
    had: set[str] = set()
    if Migrations.migrations_table in tables:
        query = "SELECT name FROM _sqlite_migrations WHERE migration_set = ?"
        had = {name for (name,) in conn.execute(query, (_MIGRATION_SET,))}
    if version > len(known) or not had.issubset(known):
        raise StoreTooNew(f"{file} was made by a newer version of this app. Update the app to open it.")
    return version


def _scripts() -> list[tuple[str, str]]:
    """The migrations, (name, SQL) in order."""
    folder = resources.files("intersession.store") / "migrations"
    found = [file for file in folder.iterdir() if file.name.endswith(".sql")]
    return [(file.name, file.read_text("utf-8")) for file in sorted(found, key=lambda file: file.name)]


def _migrations() -> Migrations:
    migrations = Migrations(_MIGRATION_SET)
    for number, (name, script) in enumerate(_scripts(), start=1):
        migrations(name=name)(_step(number, script))
    return migrations


def _step(number: int, script: str) -> Callable[[Database], None]:
    def step(db: Database) -> None:
        db.executescript(script)
        db.execute(f"PRAGMA user_version={number}")

    return step
