"""What is asked for twice and meant once, as by a double click: it is done once, and both hear what came of it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable

MOST = 2_000
"""How many answers are remembered, the newest."""


class Once:
    """What was done lately, by a key that says what it was. What failed is forgotten, so that it can be tried again."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._done: OrderedDict[Hashable, asyncio.Future[str]] = OrderedDict()

    async def do(self, key: Hashable, action: Callable[[], Awaitable[str]]) -> str:
        """What `action` returns; where it was done or is under way with that key, what came of it then."""
        while (before := self._done.get(key)) is not None:
            await asyncio.wait([before])
            if not before.cancelled():
                return before.result()
        ours = self._done[key] = asyncio.get_running_loop().create_future()
        while len(self._done) > self._most:
            self._done.popitem(last=False)
        try:
            made = await action()
        except BaseException as error:
            if self._done.get(key) is ours:
                del self._done[key]
            if isinstance(error, Exception):
                ours.set_exception(error)
                ours.exception()  # whoever waits hears of it; nobody has to
            else:
                ours.cancel()
            raise
        ours.set_result(made)
        return made
