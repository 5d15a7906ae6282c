"""The one thread that writes a SQLite file, with group commit.

Everything that was handed over while the last commit ran goes into the next one. Each job runs in a savepoint
of its own, so one that fails takes nothing else with it; a job is answered only after the COMMIT that holds it.
A COMMIT that fails fails every job staged on it, and the connection is usable again for the next group.

What was overwritten in the file is in the write-ahead log until that is emptied. So whoever drops content says so
(`empty_wal`), and the thread empties it after the group: again and again, until no reader is in the way. It begins
with that too, as an earlier process may have ended before it could.

SQLite up to 3.51.2 can corrupt a file that two connections write or checkpoint at one moment. So this thread
also makes the checkpoints, between groups, and nobody else writes.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

import structlog

from intersession_server.errors import StorageError
from intersession_server.log.store import StorageFailed

S = TypeVar("S")
T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

CLOSED = "The log is closed because the server is stopping. Try again when it is running."
GROUP_SECONDS = 0.05
"""No job waits longer than this for others to be staged before its commit begins."""
CHECKPOINT_CHANGES = 40_000
"""Row changes between two checkpoints."""
LONG_WAL_BYTES = 64 * 1024 * 1024
"""A write-ahead log longer than this is emptied, for which readers and writer wait for one another a moment."""
READERS_MILLISECONDS = 100
"""That moment: readers that take longer are waited for by a later checkpoint."""
EMPTY_AGAIN_SECONDS = 1.0
"""After so long without a job it is tried again to empty a write-ahead log that must be."""

DEFERRED_SECONDS = 0.25
"""After so long what was deferred is written by itself."""

_LOOK = "look at what was deferred"

_log = structlog.get_logger(__name__)


class _Job:
    """One piece of work and who waits for it."""

    __slots__ = ("error", "future", "landed", "loop", "result", "work")

    def __init__(
        self,
        work: Work[Any],
        loop: asyncio.AbstractEventLoop | None = None,
        future: asyncio.Future[Any] | None = None,
        landed: Callable[[Any], Any] = lambda result: result,
    ) -> None:
        """Without a future nobody waits. `landed` is called on the loop with what is durable, and gives the answer."""
        self.work = work
        self.landed = landed
        self.loop = loop
        self.future = future
        self.result: Any = None
        self.error: BaseException | None = None


class Writer:
    """Runs jobs on its own thread and connection. `submit` belongs to an event loop, `close` to any thread."""

    def __init__(self, path: Path, connect: Callable[[Path], sqlite3.Connection]) -> None:
        """Opens the connection at once, on the calling thread, so that what `connect` raises is heard."""
        self._path = path
        self._connect = connect
        self._connection: sqlite3.Connection | None = connect(path)
        self._queue: SimpleQueue[_Job | str | None] = SimpleQueue()
        self._deferred: dict[Hashable, Work[Any]] = {}
        self._unwritten: set[Hashable] = set()
        self._closing = threading.Lock()
        self._closed = False
        self._checkpointed = 0
        self._must_empty = True  # read and written by the thread alone
        self._thread = threading.Thread(target=self._run, name=f"writer of {path.name}", daemon=True)
        self._thread.start()

    def submit(self, work: Work[T]) -> asyncio.Future[T]:
        """As `carry`; the answer is what `work` returned."""
        return self.carry(work, lambda result: result)

    def carry(self, work: Work[S], landed: Callable[[S], T]) -> asyncio.Future[T]:
        """Hand over a job; its place in the order is taken now.

        Once it is durable, `landed` is called with what `work` returned: in the order of the jobs, on the event loop,
        before anybody hears of them, and also where nobody waits any more. What it gives is the answer.

        The future raises what `work` raised, or `StorageFailed`
        where the disk failed: then nothing of the job was kept.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        with self._closing:
            if self._closed:
                future.set_exception(StorageFailed(CLOSED))
            else:
                self._queue.put(_Job(work, loop, future, landed))
        return future

    def defer(self, key: Hashable, work: Work[Any]) -> None:
        """Hand over a write that nobody waits for: it goes with the next group, or by itself a moment later.

        It takes the place of one under the same key that is not written yet. One that fails is tried again.
        """
        with self._closing:
            if not self._closed:
                if not self._deferred:
                    self._queue.put(_LOOK)
                self._deferred[key] = work
                self._unwritten.add(key)

    def unwritten(self) -> list[Hashable]:
        """The keys of what was deferred and is not on disk yet."""
        with self._closing:
            return list(self._unwritten)

    def close(self) -> None:
        """Do what was handed over, checkpoint, close the connection. Blocks; a second call does nothing more."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def empty_wal(self) -> None:
        """Said by a job, on the writer's thread: content was dropped, and must not stay in the write-ahead log."""
        self._must_empty = True

    # --- the thread ---

    def _run(self) -> None:
        going = True
        self._checkpoint()
        while going:
            try:
                first = self._take(wait=True)
            except Empty:
                if self._deferred:
                    self._group([])
                self._checkpoint()
                continue
            if first is None:
                break
            going = self._group([first])
            self._checkpoint()
        if self._deferred:
            self._group([])
        self._close_connection()

    def _take(self, *, wait: bool) -> _Job | None:
        """The next job; None at the end of the queue. Raises `Empty` when there is none, or none for a while."""
        while True:
            patience = DEFERRED_SECONDS if self._deferred else EMPTY_AGAIN_SECONDS if self._must_empty else None
            found = self._queue.get(timeout=patience) if wait else self._queue.get_nowait()
            if not isinstance(found, str):
                return found

    def _group(self, begun: list[_Job]) -> bool:
        """Stage what was deferred, the jobs `begun`, and what else is queued; commit, answer all.

        False when the end of the queue was reached.
        """
        with self._closing:
            deferred, self._deferred = self._deferred, {}
        late = {key: _Job(work) for key, work in deferred.items()}
        done: list[_Job] = []
        staged: list[_Job] = []
        jobs: deque[_Job] = deque([*late.values(), *begun])
        began, going = time.monotonic(), True
        while jobs:
            job = jobs.popleft()
            if not self._stage(job):
                # The whole transaction went with it, and so does every job that was staged in it.
                _fail(staged, job.error)
                done += staged
                staged = []
            (staged if job.error is None else done).append(job)
            if not jobs and begun and time.monotonic() - began <= GROUP_SECONDS:
                try:
                    following = self._take(wait=False)
                except Empty:
                    break
                if following is None:
                    going = False
                else:
                    jobs.append(following)
        self._commit(staged)
        self._settle({key: (deferred[key], job.error is not None) for key, job in late.items()})
        _answer(done + staged)
        return going

    def _settle(self, late: Mapping[Hashable, tuple[Work[Any], bool]]) -> None:
        """What was deferred is on disk; what has failed is deferred once more."""
        failed = {key: work for key, (work, has_failed) in late.items() if has_failed}
        if failed:
            _log.warning("log.deferred_failed", jobs=len(failed))
        with self._closing:
            self._deferred = {**failed, **self._deferred}
            self._unwritten.intersection_update(self._deferred)

    def _stage(self, job: _Job) -> bool:
        """Run one job in a savepoint. False when its failure undid the jobs before it as well."""
        try:
            connection = self._open()
            if not connection.in_transaction:
                connection.execute("BEGIN IMMEDIATE")
            connection.execute("SAVEPOINT job")
            job.result = job.work(connection)
            connection.execute("RELEASE job")
        except BaseException as error:  # noqa: BLE001  the thread must outlive any job
            job.error = _explained(error)
            return self._undo_job()
        return True

    def _undo_job(self) -> bool:
        """Roll the failed job back. SQLite itself may have rolled back the whole transaction, as on a full disk."""
        try:
            connection = self._open()
            if connection.in_transaction:
                connection.execute("ROLLBACK TO job")
                connection.execute("RELEASE job")
                return True
        except (sqlite3.Error, StorageError):
            self._reset()
        return False

    def _commit(self, staged: list[_Job]) -> None:
        if self._connection is None or not self._connection.in_transaction:
            return
        try:
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            _log.error("log.commit_failed", reason=str(error), jobs=len(staged))
            _fail(staged, _explained(error))
            self._reset()

    def _reset(self) -> None:
        """Make the connection usable after a failure: roll back, or open another one."""
        try:
            if self._connection is not None and self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error:
            self._close_connection()

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._connect(self._path)
        return self._connection

    def _checkpoint(self) -> None:
        """Move the write-ahead log into the file when enough has gathered. What fails now is tried again later."""
        connection = self._connection
        if connection is None:
            return
        if self._must_empty:
            self._empty(connection)
        if connection.total_changes - self._checkpointed < CHECKPOINT_CHANGES:
            return
        self._checkpointed = connection.total_changes
        try:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            wal = self._path.with_name(self._path.name + "-wal")
            if wal.stat().st_size > LONG_WAL_BYTES:
                _empty_wal(connection)
        except (sqlite3.Error, OSError) as error:
            _log.warning("log.checkpoint_failed", reason=str(error))

    def _empty(self, connection: sqlite3.Connection) -> None:
        """Empty the write-ahead log if readers allow it now; `_must_empty` until it has worked."""
        try:
            self._must_empty = not _empty_wal(connection)
        except sqlite3.Error as error:
            _log.warning("log.checkpoint_failed", reason=str(error))
        else:
            if not self._must_empty:
                self._checkpointed = connection.total_changes

    def _close_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            if self._closed:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error as error:
            _log.warning("log.checkpoint_failed", reason=str(error))
        finally:
            connection.close()
            self._checkpointed = 0


def _empty_wal(connection: sqlite3.Connection) -> bool:
    """Empty the write-ahead log; False when a reader holds on to it for longer than a moment."""
    (patience,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute(f"PRAGMA busy_timeout = {READERS_MILLISECONDS}").fetchone()
    try:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience}").fetchone()
    return not busy


def _explained(error: BaseException) -> BaseException:
    """What a caller is told: a database error becomes `StorageFailed`, anything else is the job's own to raise."""
    if not isinstance(error, sqlite3.Error):
        return error
    failed = StorageFailed(
        f"The log could not be written ({error}). Nothing was saved; free some space or repair the disk."
    )
    failed.__cause__ = error
    return failed


def _fail(jobs: Iterable[_Job], error: BaseException | None) -> None:
    for job in jobs:
        failed = StorageFailed(
            "The commit that held this failed. Nothing was saved; free some space or repair the disk."
        )
        failed.__cause__ = error
        job.error = failed


def _answer(jobs: list[_Job]) -> None:
    """Resolve the futures, with one call into each event loop."""
    loops: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
    for job in jobs:
        if job.loop is not None:
            loops.setdefault(job.loop, []).append(job)
    for loop, answered in loops.items():
        try:
            loop.call_soon_threadsafe(_resolve, answered)
        except RuntimeError:  # the loop is closed: nobody waits any more
            continue


def _resolve(jobs: list[_Job]) -> None:
    for job in jobs:
        answer = job.landed(job.result) if job.error is None else None
        if job.future is None or job.future.done():  # cancelled while under way; the work stands
            continue
        if job.error is None:
            job.future.set_result(answer)
        else:
            job.future.set_exception(job.error)
