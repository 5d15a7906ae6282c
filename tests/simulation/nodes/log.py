"""The server's real log on a real SQLite file, without its threads: nothing happens but when it is asked for.

The writer's groups, savepoints and failures are the product's own (`log.writer`), only its thread is not there: what
was handed over waits until `commit`, or until somebody waits for what was handed over after it.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Generator
from pathlib import Path
from queue import Empty, LifoQueue, SimpleQueue
from typing import Any, TypeVar

from intersession_server.log import writer
from intersession_server.log.quotas import Quotas
from intersession_server.log.sqlite import SqliteLogStore, connect
from intersession_server.log.writer import Work, Writer
from intersession_server.storage.readers import Readers

S = TypeVar("S")
T = TypeVar("T")
BESIDE = ("", "-wal")
"""What a database file and its log are called after its name."""


class Staged:
    """What a job that was handed over will come to. Whoever awaits it makes the writer commit."""

    def __init__(self, commit: Callable[[], None]) -> None:
        self._commit = commit
        self._result: Any = None
        self._error: BaseException | None = None
        self._done = False

    def done(self) -> bool:
        """Whether it is known."""
        return self._done

    def set_result(self, result: object) -> None:
        """It was done, and is durable."""
        self._result, self._done = result, True

    def set_exception(self, error: BaseException) -> None:
        """It failed, and nothing of it was kept."""
        self._error, self._done = error, True

    def result(self) -> Any:
        """What the job returned. Raises what it raised."""
        assert self._done, "nobody has committed this yet"
        if self._error is not None:
            raise self._error
        return self._result

    def __await__(self) -> Generator[None, None, Any]:
        if not self._done:
            yield  # others that are to be in the same commit are handed over meanwhile
        if not self._done:
            self._commit()
        return self.result()


class _AtOnce:
    """Stands for an event loop: whatever is to be called soon is called now."""

    def call_soon_threadsafe(self, call: Callable[..., object], *given: object) -> None:
        call(*given)


class InlineWriter(Writer):
    """The writer without its thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connect = connect
        self._connection = connect(path)
        self._queue = SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._checkpointed = 0
        self._must_empty = False
        self._deferred = {}
        self._unwritten = set()

    def carry(self, work: Work[S], landed: Callable[[S], T]) -> Any:
        """Hand over a job; its place in the order is taken now."""
        staged = Staged(self.commit)
        self._queue.put(writer._Job(work, _AtOnce(), staged, landed))  # type: ignore[arg-type]
        return staged

    @property
    def waiting(self) -> int:
        """How many jobs wait for the next commit."""
        return self._queue.qsize()

    def commit(self) -> None:
        """Stage, commit and answer all that was handed over."""
        while (first := self._first()) is not None:
            self._group([first])
            self._checkpoint()

    def _first(self) -> writer._Job | None:
        try:
            return self._take(wait=False)
        except Empty:
            return None

    def fill(self) -> None:
        """The disk takes no page more than it has: whether that is noticed depends on what is written."""
        connection = self._open()
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}").fetchone()

    def refuse(self) -> None:
        """The disk takes nothing at all."""
        self._open().execute("PRAGMA query_only = ON").fetchone()

    def repair(self) -> None:
        """The disk takes everything again."""
        self._open().execute("PRAGMA query_only = OFF").fetchone()
        self._open().execute(f"PRAGMA max_page_count = {2**31 - 2}").fetchone()

    def abandon(self) -> None:
        """Let go of the file without a word."""
        if self._connection is not None:
            self._connection.close()


class InlineReaders(Readers):
    """A reader that reads when it is asked, on the thread that asks."""

    def __init__(self, path: Path) -> None:
        self._connect = lambda: sqlite3.connect(path, isolation_level=None)
        self._idle = LifoQueue()
        self._idle.put(None)
        self._closed = False

    async def run(self, read: Callable[[sqlite3.Connection], T]) -> T:
        """What `read` returns."""
        return self._read(read)

    def abandon(self) -> None:
        """Let go of the file."""
        connection = self._idle.get_nowait()
        if connection is not None:
            connection.close()


class Disk:
    """A database file with its write-ahead log, as bytes: what a power cut leaves, and what a copy holds."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> tuple[bytes | None, ...]:
        """The file and its log as they are now."""
        files = [self.path.with_name(self.path.name + ending) for ending in BESIDE]
        return tuple(file.read_bytes() if file.exists() else None for file in files)

    def write(self, content: tuple[bytes | None, ...]) -> None:
        """Put such a state in the place of what is there."""
        self.path.with_name(self.path.name + "-shm").unlink(missing_ok=True)
        for ending, data in zip(BESIDE, content, strict=True):
            file = self.path.with_name(self.path.name + ending)
            if data is None:
                file.unlink(missing_ok=True)
            else:
                file.write_bytes(data)


class SimulatedLog:
    """The log store of a simulated server, and what may happen to its disk."""

    def __init__(self, path: Path, template: tuple[bytes | None, ...]) -> None:
        """`template` is a log that was just made."""
        self.disk = Disk(path)
        self.disk.write(template)
        self._path = path
        self._open()

    def _open(self) -> None:
        self.writer = InlineWriter(self._path)
        self._readers = InlineReaders(self._path)
        self.store = SqliteLogStore(self.writer, self._readers, Quotas())

    def lose_power(self, content: tuple[bytes | None, ...] | None = None) -> int:
        """Come back with what is on the disk, or with `content`, an earlier copy of it; how many jobs were lost."""
        left, lost = self.disk.read() if content is None else content, self.writer.waiting
        self.close()
        self.disk.write(left)
        self._open()
        return lost

    def close(self) -> None:
        """Let go of the file."""
        self._readers.abandon()
        self.writer.abandon()


def empty_log(folder: Path) -> tuple[bytes | None, ...]:
    """A log that was just made, as bytes: making it takes longer than copying it."""
    path = folder / "template.db"
    connect(path).close()
    return Disk(path).read()
