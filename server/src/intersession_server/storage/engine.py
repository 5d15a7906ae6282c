"""A Piccolo engine for SQLite that writes on one connection, on one thread.

Piccolo's own engine opens a connection and a thread per query, and a COMMIT that fails (a full disk) leaves
its task inside a dead transaction: the next insert "succeeds" and is never written. Here:

- all statements that write run on one thread, in the order they were asked for, on one connection;
- a transaction belongs to the task that opened it; what every other task writes waits until it has ended,
  also what tasks write that it started (they do not inherit it);
- what is read outside of a transaction is read beside it, as it was committed, and waits for nobody;
- whatever fails, BEGIN and COMMIT included, the connection is out of the transaction before the next statement
  runs on it, and reopened if it cannot be brought back;
- a nested transaction joins the one around it, and one that failed inside takes the whole with it.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, TypeVar, cast

from piccolo.engine.exceptions import TransactionError
from piccolo.engine.sqlite import SQLiteEngine, SQLiteTransaction, TransactionType, dict_factory
from piccolo.querystring import QueryString

from intersession_server.errors import StorageError
from intersession_server.storage.migrations import use_wal
from intersession_server.storage.readers import Readers, ReadersClosed
from intersession_server.work import effort

T = TypeVar("T")

MIN_SQLITE = (3, 35, 0)  # RETURNING
READERS = 3
CLOSED = "The account database is closed."

_PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",  # macOS flushes the drive's own cache only when asked to
    "PRAGMA secure_delete = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 5000",
)


class SerialTransaction(SQLiteTransaction):
    """`async with engine.transaction():` writes all or nothing. Raises `StorageError` when it cannot commit.

    Everything that Piccolo runs in the block, in the same task, is part of it.
    """

    engine: SerialEngine
    __slots__ = ("_joined",)

    def __init__(self, engine: SerialEngine, transaction_type: TransactionType) -> None:
        self.engine = engine
        self.transaction_type = transaction_type
        self._joined = False

    async def __aenter__(self) -> SerialTransaction:
        if self.engine.owned_by_this_task():
            self._joined = True
            return self
        await self.engine.enter_transaction(self.transaction_type)
        return self

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if self._joined:
            if exception is not None:
                self.engine.doom_transaction()
            return False
        await self.engine.leave_transaction(commit=exception is None)
        return False


class SerialEngine(SQLiteEngine):
    """See the module. Made and closed on one event loop; `close` waits for what is under way.

    Raises `StorageError` from every statement that the database could not carry out because of its file or
    disk; errors of the statement itself (a constraint) stay `sqlite3.IntegrityError`.
    """

    __slots__ = ("_doomed", "_lock", "_owner", "_raw", "_readers", "_thread", "_waiting_limit")

    def __init__(self, path: str | os.PathLike[str], *, waiting_limit: float = 30.0) -> None:
        """`waiting_limit`: seconds a statement waits for another task's transaction before it is an error."""
        if sqlite3.sqlite_version_info < MIN_SQLITE:
            wanted = ".".join(map(str, MIN_SQLITE))
            raise StorageError(
                f"This Python is built with SQLite {sqlite3.sqlite_version}; {wanted} or later is required."
            )
        super().__init__(path=os.fspath(path), check_same_thread=False)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="app-db")
        self._readers = Readers(Path(path), READERS, self._connect)
        self._lock = asyncio.Lock()
        self._owner: asyncio.Task[Any] | None = None
        self._doomed = False
        self._waiting_limit = waiting_limit
        self._raw: sqlite3.Connection | None = None

    # -- opening and closing ----------------------------------------------------------------------------

    async def open(self) -> None:
        """Open the file, making it when there is none. Raises `StorageError`."""
        await self._on_thread(self._connection)

    async def close(self) -> None:
        """Finish what was asked for, close the file, end the thread. Harmless when closed."""

        def close_raw() -> None:
            if self._raw is not None:
                self._raw.close()
                self._raw = None

        await asyncio.to_thread(self._readers.close)
        try:
            future = self._thread.submit(close_raw)
        except RuntimeError:
            return
        await asyncio.shield(asyncio.wrap_future(future))
        self._thread.shutdown(wait=True)

    # -- what Piccolo calls -----------------------------------------------------------------------------

    async def run_querystring(self, querystring: QueryString, in_pool: bool = False) -> Any:
        query, arguments = querystring.compile_string(engine_type=self.engine_type)
        return await self.statement(query, arguments)

    async def run_ddl(self, ddl: str, in_pool: bool = False) -> Any:
        return await self.statement(ddl, [])

    def transaction(
        self, transaction_type: TransactionType = TransactionType.immediate, allow_nested: bool = True
    ) -> SerialTransaction:
        if not allow_nested and self.owned_by_this_task():
            raise TransactionError("This task is already inside a transaction.")
        return SerialTransaction(self, transaction_type)

    def transaction_exists(self) -> bool:
        return self.owned_by_this_task()

    async def get_connection(self) -> NoReturn:
        raise NotImplementedError("This engine keeps its one connection to itself.")

    async def batch(self, *args: object, **kwargs: object) -> NoReturn:
        raise NotImplementedError("A batch would hold the one connection; page with limit and a key instead.")

    # -- statements -------------------------------------------------------------------------------------

    async def statement(self, query: str, arguments: list[Any]) -> list[dict[str, Any]]:
        """Run one statement and return its rows; outside a transaction it is durable when this returns."""
        if self.owned_by_this_task():
            return await self._on_thread(lambda: self._execute(query, arguments))
        effort.count(effort.STATEMENT)
        if query.lstrip()[:6].upper() == "SELECT":
            return await self._read(query, arguments)
        async with _Turn(self._lock, self._waiting_limit):
            return await self._on_thread(lambda: self._execute(query, arguments))

    async def _read(self, query: str, arguments: list[Any]) -> list[dict[str, Any]]:
        return await self.read(lambda connection: connection.execute(query, arguments).fetchall())

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What `work` reads, all of it as of one moment, beside whoever writes. Raises `StorageError`."""
        try:
            return await self._readers.run(work)
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise _unusable(error) from error
        except ReadersClosed as error:
            raise StorageError(CLOSED) from error

    async def many(self, query: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement for each of `rows`, inside a transaction of this task."""
        if not self.owned_by_this_task():
            raise TransactionError("many() runs inside a transaction only.")
        await self._on_thread(lambda: self._connection().executemany(query, rows))

    async def in_one(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work`, which only uses statements, as one transaction and in one go; durable when this returns."""
        if self.owned_by_this_task():
            raise TransactionError("in_one() is a transaction of its own.")

        def whole() -> T:
            connection = self._connection()
            try:
                connection.execute("BEGIN IMMEDIATE")
                done = work(connection)
                self._end(commit=True)
            finally:
                self._leave_any_transaction()
            return done

        async with _Turn(self._lock, self._waiting_limit):
            return await self._on_thread(whole)

    async def on_connection(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` alone on the database thread, outside any transaction of this engine (migrations)."""
        if self.owned_by_this_task():
            raise TransactionError("on_connection() cannot run inside a transaction.")

        def alone() -> T:
            try:
                return work(self._connection())
            finally:
                self._leave_any_transaction()

        async with _Turn(self._lock, self._waiting_limit):
            return await self._on_thread(alone)

    def owned_by_this_task(self) -> bool:
        return self._owner is not None and self._owner is asyncio.current_task()

    async def enter_transaction(self, kind: TransactionType) -> None:
        turn = _Turn(self._lock, self._waiting_limit)
        await turn.__aenter__()
        begin = self._submit(lambda: self._execute(f"BEGIN {kind.value}", []))
        try:
            await asyncio.shield(asyncio.wrap_future(begin))
        except BaseException:
            # Cancelled while BEGIN was on its way, or BEGIN failed: the thread takes jobs in order, so this
            # runs before anything that the next holder of the lock asks for.
            self._submit(self._leave_any_transaction)
            self._lock.release()
            raise
        self._doomed = False
        self._owner = asyncio.current_task()

    def doom_transaction(self) -> None:
        """A nested part failed: the whole may no longer be committed."""
        self._doomed = True

    async def leave_transaction(self, *, commit: bool) -> None:
        doomed = self._doomed
        end = self._submit(lambda: self._end(commit=commit and not doomed))
        # Released at once, even if this task is being cancelled: whatever comes next queues behind `end`.
        self._owner = None
        self._lock.release()
        await asyncio.shield(asyncio.wrap_future(end))
        if commit and doomed:
            raise TransactionError("A nested transaction failed, so nothing was written.")

    # -- on the database thread -------------------------------------------------------------------------

    def _connect(self) -> sqlite3.Connection:
        connection = cast("sqlite3.Connection", sqlite3.connect(**self.connection_kwargs))
        connection.row_factory = dict_factory
        return connection

    def _connection(self) -> sqlite3.Connection:
        if self._raw is None:
            connection = self._connect()
            try:
                use_wal(connection)
                for pragma in _PRAGMAS:
                    connection.execute(pragma)
            except BaseException:
                connection.close()
                raise
            self._raw = connection
        return self._raw

    def _execute(self, query: str, arguments: list[Any]) -> list[dict[str, Any]]:
        # All rows are fetched here: an INSERT ... RETURNING commits with its last step, and may fail there.
        return self._connection().execute(query, arguments).fetchall()

    def _end(self, *, commit: bool) -> None:
        try:
            self._connection().execute("COMMIT" if commit else "ROLLBACK")
        except sqlite3.Error:
            # Some errors (a full disk) roll back by themselves; then there is nothing left to roll back.
            if commit or self._connection().in_transaction:
                raise
        finally:
            self._leave_any_transaction()

    def _leave_any_transaction(self) -> None:
        """Out of any transaction, whatever it takes: the next statement must not land in a dead one."""
        if self._raw is None or not self._raw.in_transaction:
            return
        try:
            self._raw.execute("ROLLBACK")
        except sqlite3.Error:
            self._raw.close()
            self._raw = None

    def _submit(self, work: Callable[[], T]) -> Future[T]:
        def wrapped() -> T:
            try:
                return work()
            except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
                raise
            except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
                raise _unusable(error) from error

        try:
            return self._thread.submit(wrapped)
        except RuntimeError as error:
            raise StorageError(CLOSED) from error

    async def _on_thread(self, work: Callable[[], T]) -> T:
        # Shielded: a cancelled caller leaves its statement running, never half-way.
        return await asyncio.shield(asyncio.wrap_future(self._submit(work)))


def _unusable(error: sqlite3.DatabaseError | UnicodeDecodeError) -> StorageError:
    """What is said where the file or its disk failed; text that is no text is not quoted."""
    what = "it was altered on the disk" if isinstance(error, UnicodeDecodeError) else str(error)
    return StorageError(f"The account database could not be used: {what}.")


class _Turn:
    """The engine's lock with a limit on waiting, so that a deadlock is an error with a name."""

    def __init__(self, lock: asyncio.Lock, limit: float) -> None:
        self._lock = lock
        self._limit = limit

    async def __aenter__(self) -> None:
        try:
            async with asyncio.timeout(self._limit):
                await self._lock.acquire()
        except TimeoutError:
            raise StorageError(
                f"Waited {self._limit:g} s for another transaction to end. A task that awaits, inside a transaction,"
                " another task that uses the database waits for itself."
            ) from None

    async def __aexit__(self, *exception: object) -> None:
        self._lock.release()
