"""Where documents are read: light ones in a thread, heavy ones in a process of its own.

Reading an Automerge document holds the interpreter from beginning to end, so a heavy one in a thread stops the event
loop for as long as it takes. The process is started by the first heavy document.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

import structlog

from intersession_schemas.messages import Row
from intersession_server import effort

log = structlog.get_logger(__name__)

HEAVY_BYTES = 32 * 1024
HEAVY_ROWS = 200
"""A document with more than so many bytes or rows of changes is read in the other process."""

T = TypeVar("T")
Given = TypeVar("Given")


class Workshop:
    """Runs on one event loop. What is given to it is pure, and a function of a module."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    async def make(
        self, function: Callable[[Given], T], given: Sequence[Given], rows: Callable[[Given], Sequence[Row]]
    ) -> list[T]:
        """What `function` makes of each; `rows` are the rows that one rests on.

        Raises what the function raises, and `BrokenProcessPool` when the process has ended meanwhile; another one is
        started the next time.
        """
        heavy = [place for place, one in enumerate(given) if _is_heavy(rows(one))]
        light = [place for place in range(len(given)) if place not in set(heavy)]
        made = dict(
            zip(
                light,
                await effort.in_thread(lambda: [function(given[place]) for place in light]) if light else [],
                strict=True,
            )
        )
        for place in heavy:
            made[place] = await self._elsewhere(function, given[place])
        return [made[place] for place in range(len(given))]

    async def _elsewhere(self, function: Callable[[Given], T], given: Given) -> T:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(max_workers=1, mp_context=multiprocessing.get_context("spawn"))
        try:
            made, seconds = await asyncio.get_running_loop().run_in_executor(self._pool, _timed, function, given)
        except BrokenProcessPool:
            log.warning("projections.workshop_ended")
            self.close()
            raise
        effort.count(1_000 * seconds)
        return made

    def close(self) -> None:
        """End the process, if there is one. Work under way is given up."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)


def _timed(function: Callable[[Given], T], given: Given) -> tuple[T, float]:
    began = time.process_time()
    return function(given), time.process_time() - began


def _is_heavy(rows: Sequence[Row]) -> bool:
    return len(rows) > HEAVY_ROWS or sum(len(row.change) for row in rows) > HEAVY_BYTES
