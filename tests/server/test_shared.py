from __future__ import annotations

import asyncio

import pytest

from intersession_server.work.shared import Shared

pytestmark = pytest.mark.anyio


class Work:
    """Counts how often it is done, and waits to be let go on."""

    def __init__(self) -> None:
        self.times = 0
        self.may_end = asyncio.Event()

    async def __call__(self) -> int:
        self.times += 1
        await self.may_end.wait()
        return self.times


async def test_who_asks_meanwhile_and_afterwards_has_what_the_first_one_had() -> None:
    shared, work = Shared(), Work()
    asking = [asyncio.create_task(shared.of("a", work)) for _ in range(5)]
    await asyncio.sleep(0)
    work.may_end.set()
    assert await asyncio.gather(*asking) == [1] * 5
    assert await shared.of("a", work) == 1
    assert await shared.of("b", work) == 2


async def test_who_asked_first_may_go_away() -> None:
    shared, work = Shared(), Work()
    first = asyncio.create_task(shared.of("a", work))
    await asyncio.sleep(0)
    other = asyncio.create_task(shared.of("a", work))
    await asyncio.sleep(0)
    first.cancel()
    work.may_end.set()
    assert await other == 1
    assert first.cancelled()


async def test_what_failed_is_tried_again() -> None:
    shared = Shared()

    async def fails() -> int:
        raise OSError

    async def works() -> int:
        return 1

    with pytest.raises(OSError):
        await shared.of("a", fails)
    assert await shared.of("a", works) == 1


async def test_so_many_are_kept() -> None:
    shared, work = Shared(2), Work()
    work.may_end.set()
    for key in ("a", "b", "c", "a"):
        await shared.of(key, work)
    assert work.times == 4
