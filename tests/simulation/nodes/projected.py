"""The server's read models of a simulated practice: the real projector on its own file, kept up now and then."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intersession_server.projections.projector import Projector
from intersession_server.projections.tables import FILE_NAME, LIVE, SCHEMA, TABLES
from intersession_server.storage.database import open_database
from intersession_server.storage.engine import SerialEngine
from intersession_server.sync.wakeups import Wakeups

if TYPE_CHECKING:
    from tests.simulation.nodes.log import SimulatedLog


class _Source:
    """The log as it is now: after a power cut it is another object."""

    def __init__(self, log: SimulatedLog) -> None:
        self._log = log

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log.store, name)


class Projected:
    """Read models that follow a log, and what they would be if they were made anew."""

    def __init__(self, loop: asyncio.AbstractEventLoop, log: SimulatedLog, folder: Path) -> None:
        self._loop = loop
        self._log = log
        self._path = folder / FILE_NAME
        self._stack = AsyncExitStack()
        self._engine: SerialEngine = loop.run_until_complete(
            self._stack.enter_async_context(open_database(self._path, schema=SCHEMA, tables=TABLES))
        )
        self.restart()

    def restart(self) -> None:
        """The process starts again: only what is in the file is known."""
        self._projector = Projector(_Source(self._log), self._engine, Wakeups())

    def follow(self) -> None:
        """Project what has been applied."""
        self._loop.run_until_complete(self._projector.catch_up())

    def differences(self) -> list[str]:
        """Tables that are not what they become when they are made anew.

        Overviews are as of a time and made by workers that do not run here; `tests/server/projections` compares them.
        """
        self.follow()
        before = self._tables()
        self._loop.run_until_complete(self._projector.rebuild())
        after = self._tables()
        return [
            f"the table {name} is another when it is rebuilt"
            for name in before.keys() - {"overviews"}
            if before[name] != after[name]
        ]

    def _tables(self) -> dict[str, list[tuple[Any, ...]]]:
        connection = sqlite3.connect(self._path)
        try:
            names = [table._meta.tablename for table in LIVE]
            return {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in names}
        finally:
            connection.close()

    def close(self) -> None:
        """Let go of the file."""
        self._loop.run_until_complete(self._stack.aclose())
