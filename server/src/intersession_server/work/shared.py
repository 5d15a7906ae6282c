"""What several requests want to know of one state of things: it is worked out once, and kept while others may ask."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar, cast

from cachetools import LRUCache

T = TypeVar("T")

MOST = 64
"""So many answers are kept, those asked for last."""


class Shared:
    """Answers by a key that names all that they depend on. What failed is forgotten. Runs on one event loop.

    Who asks first pays for it (`effort`); nobody's right to see it is looked at here.
    """

    def __init__(self, most: int = MOST) -> None:
        self._found: LRUCache[Hashable, asyncio.Task[Any]] = LRUCache(most)

    async def of(self, key: Hashable, work_out: Callable[[], Awaitable[T]]) -> T:
        """What `work_out` returns, or has returned for this key. Raises what it raises."""
        task = self._found.get(key)
        if task is None:

            async def made() -> T:
                return await work_out()

            task = self._found[key] = asyncio.create_task(made())
            task.add_done_callback(lambda done: self._forget_failed(key, done))
        # Who asked first may go away; the others wait for it still.
        return cast("T", await asyncio.shield(task))

    def _forget_failed(self, key: Hashable, done: asyncio.Task[Any]) -> None:
        failed = done.cancelled() or done.exception() is not None
        if failed and self._found.get(key) is done:
            del self._found[key]
