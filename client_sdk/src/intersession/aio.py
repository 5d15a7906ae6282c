"""The calls that wait for the network, for asyncio apps: each runs on a thread, so that the loop goes on.

asyncio is imported when it is used: other apps open their store without it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar

from intersession.device import Device
from intersession.models import Pairing, SyncReport

P = ParamSpec("P")
T = TypeVar("T")


async def _on_a_thread(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    import asyncio

    return await asyncio.to_thread(call, *args, **kwargs)


class AsyncCalls(Generic[P]):
    """`pair`, `sync` and `wait_synced` of a `Tracker` or `Caseload`, to be awaited. All else never waits long."""

    def __init__(self, device: Device, pair: Callable[P, Pairing]) -> None:
        self._device = device
        self._pair = pair

    async def pair(self, *args: P.args, **kwargs: P.kwargs) -> Pairing:
        """As the `pair` of the device."""
        return await _on_a_thread(self._pair, *args, **kwargs)

    async def sync(self, *, timeout: float = 60.0) -> SyncReport:  # noqa: ASYNC109 - the same signature as `sync`
        """As `Device.sync`. Cancelling the task leaves the exchange to end by itself."""
        return await _on_a_thread(self._device.sync, timeout=timeout)

    async def wait_synced(self, timeout: float | None = None) -> bool:  # noqa: ASYNC109 - likewise
        """As `Device.wait_synced`."""
        return await _on_a_thread(self._device.wait_synced, timeout)
