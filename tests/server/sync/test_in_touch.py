"""When a device was last in touch: also while a connection lasts, and after a server that did not see it end."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any, cast
from uuid import uuid4

import pytest
from tests.server.accounts.world import Clock, practice_with
from tests.server.sync.test_endpoint_erasures import token_of, welcomed
from tests.server.test_ending_access import served, session

from intersession_server.errors import StorageError
from intersession_server.services import Services
from intersession_server.sync.in_touch import ConnectedDevices

pytestmark = pytest.mark.anyio


async def last(services: Services) -> datetime:
    (device,) = await services.devices.listed()
    assert device.last_heard_at is not None
    return device.last_heard_at


async def test_a_device_that_is_connected_for_days_is_not_silent(services: Services, clock: Clock) -> None:
    ann = (await practice_with(services, clients=("Ann",)))["Ann"]
    async with served(services) as url:
        async with session(url, await token_of(services, ann.code)) as socket:
            await welcomed(socket)
            began = await last(services)
            clock.move(days=3)
            assert await last(services) == began
            await services.hub.in_touch.note()
            assert await last(services) == clock()
        clock.move(days=9)
    ended = await last(services)  # the end of the connection is noted as well
    clock.move(days=1)
    await services.hub.in_touch.note()
    assert await last(services) == ended


async def test_the_end_of_a_connection_is_when_it_was_last_in_touch(services: Services, clock: Clock) -> None:
    ann = (await practice_with(services, clients=("Ann",)))["Ann"]
    async with served(services) as url, session(url, await token_of(services, ann.code)) as socket:
        await welcomed(socket)
        clock.move(days=3)
    assert await last(services) == clock()


async def test_nobody_here_writes_nothing_and_two_connections_of_a_device_are_one(
    services: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = (await practice_with(services, clients=("Ann",)))["Ann"]
    noted: list[int] = []

    async def still_here(devices: list[object]) -> None:
        noted.append(len(devices))

    monkeypatch.setattr(services.hub.directory, "still_here", still_here)
    await services.hub.in_touch.note()
    token = await token_of(services, ann.code)
    async with served(services) as url, session(url, token) as one, session(url, token) as other:
        await welcomed(one)
        await welcomed(other)
        await services.hub.in_touch.note()
    assert noted == [1]


async def test_it_is_noted_again_and_again_also_after_a_disk_that_failed() -> None:
    tries: list[int] = []
    twice = asyncio.Event()

    class Failing:
        async def still_here(self, devices: list[object]) -> None:
            tries.append(len(devices))
            if len(tries) > 1:
                twice.set()
            raise StorageError("no")

    in_touch = ConnectedDevices(cast(Any, Failing()), every=0.001)
    in_touch.came("a connection", uuid4())
    in_touch.start()
    await asyncio.wait_for(twice.wait(), 10)
    await in_touch.close()
    assert set(tries) == {1}
