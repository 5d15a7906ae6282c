"""Where documents are worked on: light ones in a thread, heavy ones in a process of its own.

Automerge holds the interpreter from beginning to end, so a heavy document in a thread stops the event loop for as long
as it takes. The process is started by the first heavy document.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

import structlog

from intersession_schemas.messages import Row
from intersession_server.work import effort

log = structlog.get_logger(__name__)

HEAVY_BYTES = 32 * 1024
HEAVY_ROWS = 200
HEAVY_OPERATIONS = 10_000
"""A document with more than so many bytes, rows or operations is worked on in the other process."""

TRIES = 3
"""So often a heavy document is tried over which the other process has ended."""

T = TypeVar("T")
Given = TypeVar("Given")


class Workshop:
    """Runs on one event loop. What is given to it is pure, and a function of a module."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._turn = asyncio.Lock()

    async def make(
        self,
        function: Callable[[Given], T],
        given: Sequence[Given],
        heavy: Sequence[bool],
        otherwise: Callable[[Given], Given],
    ) -> list[T]:
        """What `function` makes of each, of the heavy ones in the other process.

        Over some the process may end every time, for want of memory. After `TRIES` the function is given what
        `otherwise` makes of such a one. Raises what the function raises.
        """
        light = [place for place, is_heavy in enumerate(heavy) if not is_heavy]
        made = dict(
            zip(
                light,
                await effort.in_thread(lambda: [function(given[place]) for place in light]) if light else [],
                strict=True,
            )
        )
        for place, is_heavy in enumerate(heavy):
            if is_heavy:
                made[place] = await self._try(function, given[place], otherwise)
        return [made[place] for place in range(len(given))]

    async def _try(self, function: Callable[[Given], T], given: Given, otherwise: Callable[[Given], Given]) -> T:
        for _ in range(TRIES):
            try:
                made, seconds = await self.elsewhere(function, given)
            except BrokenProcessPool:
                continue
            effort.count(1_000 * seconds)
            return made
        log.error("workshop.given_up")
        return await effort.in_thread(function, otherwise(given))

    async def elsewhere(self, function: Callable[[Given], T], given: Given) -> tuple[T, float]:
        """What `function` makes of it in the other process, and the seconds of a core that took.

        Raises what the function raises, and `BrokenProcessPool` when the process has ended over it; another one is
        started the next time.
        """
        async with self._turn:  # so that it is known over what it ended
            if self._pool is None:
                self._pool = ProcessPoolExecutor(
                    max_workers=1, mp_context=multiprocessing.get_context("spawn"), initializer=_end_with_parent
                )
            try:
                return await asyncio.get_running_loop().run_in_executor(self._pool, _timed, function, given)
            except BrokenProcessPool:
                log.warning("workshop.ended")
                self.close()
                raise

    def close(self) -> None:
        """End the process, if there is one. Work under way is given up."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)


def _end_with_parent() -> None:
    """In the other process: do not outlive the server, however that ends. Nobody would ever give it work again."""

    def watch() -> None:
        parent = multiprocessing.parent_process()
        if parent is not None:
            parent.join()
            os._exit(0)

    threading.Thread(target=watch, name="until the server ends", daemon=True).start()


def _timed(function: Callable[[Given], T], given: Given) -> tuple[T, float]:
    began = time.process_time()
    return function(given), time.process_time() - began


def is_heavy(rows: Sequence[Row], operations: int) -> bool:
    """Whether a document of these rows and so many operations holds the interpreter for too long."""
    return operations > HEAVY_OPERATIONS or len(rows) > HEAVY_ROWS or sum(len(row.change) for row in rows) > HEAVY_BYTES
