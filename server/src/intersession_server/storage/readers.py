"""A few threads that read a SQLite file, each on a connection of its own, beside the one that writes it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import LifoQueue
from typing import TypeVar

T = TypeVar("T")

BUSY_MILLISECONDS = 10_000


class ReadersClosed(Exception):
    """There is nobody left to read."""


class Readers:
    """Readers of a file in WAL mode: they wait for no writer, see what was committed, and write nothing.

    They never make a checkpoint, and are to be closed before the writer: the last connection of a file makes its last
    one. `run` belongs to an event loop.
    """

    def __init__(self, path: Path, number: int, connect: Callable[[], sqlite3.Connection] | None = None) -> None:
        """`connect` opens one connection; without it, a plain one is opened."""
        self._connect = connect or (lambda: sqlite3.connect(path, isolation_level=None, check_same_thread=False))
        self._threads = ThreadPoolExecutor(number, thread_name_prefix=f"reader of {path.name}")
        self._idle: LifoQueue[sqlite3.Connection | None] = LifoQueue()
        for _ in range(number):
            self._idle.put(None)
        self._closed = False

    async def run(self, read: Callable[[sqlite3.Connection], T]) -> T:
        """What `read` returns, all of it read at one moment.

        Raises `sqlite3.Error`, after which the connection is reopened, and `ReadersClosed`.
        """
        if self._closed:
            raise ReadersClosed
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._read, read)

    def close(self) -> None:
        """Finish what runs, close all. Blocks; a second call does nothing more."""
        self._closed = True
        self._threads.shutdown()
        while not self._idle.empty():
            connection = self._idle.get_nowait()
            if connection is not None:
                connection.close()

    def _read(self, read: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._idle.get_nowait()  # there are as many as threads
        try:
            connection = connection or self._open()
            connection.execute("BEGIN")
            try:
                return read(connection)
            finally:
                connection.execute("ROLLBACK")
        except sqlite3.Error:
            if connection is not None:
                connection.close()
                connection = None
            raise
        finally:
            self._idle.put(connection)

    def _open(self) -> sqlite3.Connection:
        connection = self._connect()
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        return connection
