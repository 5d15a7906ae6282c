"""The calls that wait for the network, for asyncio apps: each runs on a thread, so that the event loop is not blocked.

asyncio is imported when it is used: other apps open their store without it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from intersession.device import Device
from intersession.models.devices import Pairing, SyncReport, Transfer

if TYPE_CHECKING:
    from intersession.sync.connection import Halt

P = ParamSpec("P")
T = TypeVar("T")
HALT_WITHIN = 0.1
"""Seconds that a cancelled call waits for its thread; one that is writing to the store ends a little later."""


async def _on_a_thread(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `call` on a thread that nobody has to wait for, neither a cancelled task nor the loop when it ends."""
    import asyncio
    import threading
    from concurrent.futures import Future

    answer: Future[T] = Future()
    answer.set_running_or_notify_cancel()  # a cancelled task leaves it running: its reply counts

    def run() -> None:
        try:
            answer.set_result(call(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - raised again where it is awaited
            answer.set_exception(error)

    threading.Thread(target=run, name="intersession-call", daemon=True).start()
    return await asyncio.wrap_future(answer)


class AsyncCalls:
    """`pair`, `sync` and `wait_synced` of a `Tracker` or `Caseload`, to be awaited. Other calls never wait for long."""

    def __init__(self, device: Device) -> None:
        self._device = device

    async def sync(
        self,
        *,
        timeout: float = 60.0,  # noqa: ASYNC109 - the same signature as `sync`
        progress: Callable[[Transfer], object] | None = None,
    ) -> SyncReport:
        """As `Device.sync`; `progress` is called on the loop's thread. Cancelled, it ends at once and loses nothing."""
        import asyncio

        from intersession.sync.connection import guarded

        loop = asyncio.get_running_loop()
        call = None if progress is None else guarded(progress)
        told = None if call is None else lambda transfer: loop.call_soon_threadsafe(call, transfer)
        connection = self._device._connection()  # noqa: SLF001 - the other half of the device
        return await _until_halted(lambda halt: connection.sync(timeout, told, halt))

    async def wait_synced(self, timeout: float | None = None) -> bool:  # noqa: ASYNC109 - likewise
        """As `Device.wait_synced`. Cancelled, it ends at once."""
        connection = self._device._connection()  # noqa: SLF001 - the other half of the device
        return await _until_halted(lambda halt: connection.wait_synced(timeout, halt))


class AsyncTrackerCalls(AsyncCalls):
    """The `aio` of a `Tracker`."""

    def __init__(self, device: Device, pair: Callable[..., Pairing]) -> None:
        """`pair` is `Tracker.pair`."""
        super().__init__(device)
        self._pair = pair

    async def pair(
        self,
        url: str,
        code: str,
        *,
        share_by_default: bool,
        share_earlier: bool = False,
        timeout: float = 30.0,  # noqa: ASYNC109 - the same signature as `pair`
    ) -> Pairing:
        """As `Tracker.pair`. Cancelled, it ends at once; a reply that still comes is kept, not lost."""
        return await _on_a_thread(
            self._pair,
            url,
            code,
            share_by_default=share_by_default,
            share_earlier=share_earlier,
            timeout=timeout,
        )


class AsyncCaseloadCalls(AsyncCalls):
    """The `aio` of a `Caseload`."""

    def __init__(self, device: Device, pair: Callable[..., Pairing]) -> None:
        """`pair` is `Caseload.pair`."""
        super().__init__(device)
        self._pair = pair

    async def pair(self, url: str, code: str, *, timeout: float = 30.0) -> Pairing:  # noqa: ASYNC109 - likewise
        """As `Caseload.pair`. Cancelled, it ends at once; a reply that still comes is kept, not lost."""
        return await _on_a_thread(self._pair, url, code, timeout=timeout)


async def _until_halted(call: Callable[[Halt], T]) -> T:
    """Run `call` on a thread; when the task is cancelled, end it before that is passed on."""
    import asyncio

    from intersession.sync.connection import Halt

    halt = Halt()
    running = asyncio.ensure_future(asyncio.to_thread(call, halt))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        halt.set()
        running.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody else will ask for it
        await asyncio.wait([running], timeout=HALT_WITHIN)
        raise
