"""A TCP proxy that cuts connections: in the middle of a frame, between two, or while nothing is said.

When each connection ends is drawn from a seed and the connection's number, so a run can be looked at again as far
as the sockets' own timing allows.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

CHUNK = 4096
STRAY = (OSError, asyncio.IncompleteReadError)


class Cut(Struct, frozen=True):
    """When a connection is cut: after so many bytes (both ways together) or seconds, whichever is first; and how."""

    after_bytes: float
    after_seconds: float
    reset: bool


class Counts(Struct):
    """What went through: connections made, those cut by the proxy, and bytes."""

    connections: int = 0
    cut: int = 0
    bytes: int = 0


class Cutter:
    """Use `cutting`. `counts` may be read from any thread, and `calm` set: while it is, nothing is cut or counted."""

    def __init__(self, target: int, seed: int, middle_bytes: float) -> None:
        self.counts = Counts()
        self.calm = True
        self.port = 0
        self._target = target
        self._seed = seed
        self._middle = middle_bytes
        self._open: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """What devices are told instead of the server's own URL."""
        return f"http://127.0.0.1:{self.port}"

    def plan(self, number: int) -> Cut:
        """How connection `number` ends."""
        chance = random.Random(f"{self._seed}/{number}")
        return Cut(
            after_bytes=self._middle * chance.lognormvariate(0.0, 1.0),
            after_seconds=chance.expovariate(1 / 3.0),
            reset=chance.random() < 0.5,
        )

    async def serve(self, ready: threading.Event, ended: asyncio.Event) -> None:
        """Listen until `ended`."""
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await ended.wait()
        server.close()
        for task in tuple(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        cut = Cut(math.inf, math.inf, reset=False)
        if not self.calm:
            self.counts.connections += 1
            cut = self.plan(self.counts.connections)
        writers = [writer]
        try:
            with contextlib.suppress(*STRAY):
                there, further = await asyncio.open_connection("127.0.0.1", self._target)
                writers.append(further)
                await self._both_ways(cut, (reader, further), (there, writer))
        except asyncio.CancelledError:
            pass
        finally:
            for each in writers:
                _end(each, reset=cut.reset)
            self._open.discard(task)

    async def _both_ways(self, cut: Cut, *ways: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
        left = [cut.after_bytes]
        pumps = [asyncio.create_task(self._pump(*way, left)) for way in ways]
        try:
            seconds = None if cut.after_seconds == math.inf else cut.after_seconds
            await asyncio.wait(pumps, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            by_peer = any(pump.done() and not pump.cancelled() and left[0] > 0 for pump in pumps)
            self.counts.cut += not by_peer
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, left: list[float]) -> None:
        while left[0] > 0 and (data := await reader.read(CHUNK)):
            data = data[: math.ceil(min(left[0], CHUNK))]
            left[0] -= len(data)
            if left[0] < math.inf:
                self.counts.bytes += len(data)
            writer.write(data)
            await writer.drain()


def _end(writer: asyncio.StreamWriter, *, reset: bool) -> None:
    if reset:
        writer.transport.abort()
    else:
        with contextlib.suppress(*STRAY):
            writer.close()


@contextmanager
def cutting(target: int, *, seed: int, middle_bytes: float) -> Iterator[Cutter]:
    """A proxy in front of the server on port `target`, on a thread of its own, for as long as the block.

    It begins calm. `middle_bytes`: half of the connections are cut before they have carried so much.
    """
    cutter = Cutter(target, seed, middle_bytes)
    ready = threading.Event()
    loop = asyncio.new_event_loop()
    ended = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(cutter.serve(ready, ended),), name="cutter")
    thread.start()
    try:
        assert ready.wait(10)
        yield cutter
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()
