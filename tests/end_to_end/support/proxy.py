"""A TCP proxy that is a bad network: slow, narrow, in small pieces, cut in the middle, or silently gone one way.

What becomes of each connection is drawn from a seed and the connection's number, so a run can be looked at again as
far as the sockets' own timing allows.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import random
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from msgspec import Struct

CHUNK = 4096
STRAY = (OSError, asyncio.IncompleteReadError)
ON_THE_WAY = 64
"""Pieces that are on their way at once; then the sender waits."""
_BY_RST = struct.pack("ii", 1, 0)


class Link(Struct, frozen=True):
    """What becomes of a connection. Bytes are counted both ways together, but for those that vanish."""

    after_bytes: float = math.inf
    after_seconds: float = math.inf
    """It is cut after so many bytes or seconds, whichever is first."""
    reset: bool = False
    """Cut by RST, which throws away what is on its way; else by FIN."""
    delay: float = 0.0
    jitter: float = 0.0
    """Seconds that every piece is on its way, each way: at least, and up to so many more. None overtakes another."""
    piece: int = CHUNK
    """So many bytes are delivered at once, at most."""
    bytes_per_second: float = math.inf
    """Each way."""
    lost_up: float = math.inf
    lost_down: float = math.inf
    """After so many bytes up, or down, what goes that way vanishes: also that the connection was closed."""
    lost_together: bool = False
    """Once one way is lost, so is the other."""


Plan = Callable[[random.Random], Link]
GOOD = Link()


def cut_after(middle_bytes: float) -> Plan:
    """Half of the connections are cut before they have carried so much, and most within some seconds."""

    def plan(chance: random.Random) -> Link:
        return Link(
            after_bytes=middle_bytes * chance.lognormvariate(0.0, 1.0),
            after_seconds=chance.expovariate(1 / 3.0),
            reset=chance.random() < 0.5,
        )

    return plan


class Counts(Struct):
    """What went through: connections made, those cut by the proxy, those that lost a way, and bytes."""

    connections: int = 0
    cut: int = 0
    lost: int = 0
    bytes: int = 0


class Proxy:
    """Use `through_proxy`. `counts` may be read from any thread, and `calm` set: while it is, connections are good ones
    and not counted."""

    def __init__(self, target: int, seed: int, plan: Plan) -> None:
        self.counts = Counts()
        self.calm = True
        self.port = 0
        self.noticed: list[tuple[str, float]] = []
        """Who (`client` or `server`) has ended a connection that had lost a way, and how many seconds after that."""
        self._target = target
        self._seed = seed
        self._plan = plan
        self._open: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def url(self) -> str:
        """What devices are told instead of the server's own URL."""
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, ready: threading.Event, ended: asyncio.Event) -> None:
        """Listen until `ended`."""
        self._loop = asyncio.get_running_loop()
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await ended.wait()
        server.close()
        self._cut_all()
        await asyncio.gather(*self._open, return_exceptions=True)

    def mend(self) -> None:
        """Be a good network from now on: what is open is cut, as a device notices when it gets another network."""
        self.calm = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._cut_all)

    def _cut_all(self) -> None:
        for task in tuple(self._open):
            task.cancel()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        link = GOOD
        if not self.calm:
            self.counts.connections += 1
            link = self._plan(random.Random(f"{self._seed}/{self.counts.connections}"))
        writers = [writer]
        try:
            with contextlib.suppress(*STRAY):
                there, further = await asyncio.open_connection("127.0.0.1", self._target)
                writers.append(further)
                await self._both_ways(link, (reader, further), (there, writer))
        except asyncio.CancelledError:
            pass
        finally:
            for each in writers:
                _end(each, reset=link.reset)
            self._open.discard(task)

    async def _both_ways(self, link: Link, *ways: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
        both = _Connection(self, link)
        lost = (("client", link.lost_up), ("server", link.lost_down))
        tasks = []
        for (reader, writer), (source, until_lost) in zip(ways, lost, strict=True):
            way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(ON_THE_WAY)
            tasks.append(asyncio.create_task(both.deliver(way, writer)))
            tasks.append(asyncio.create_task(both.take(reader, way, source, until_lost)))
        try:
            seconds = None if link.after_seconds == math.inf else link.after_seconds
            done, _ = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            self.counts.cut += not done or both.left <= 0
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


class _Connection:
    """What both ways of one connection share."""

    def __init__(self, proxy: Proxy, link: Link) -> None:
        self.left = link.after_bytes
        self._proxy = proxy
        self._link = link
        self._chance = random.Random(repr(link))
        self._lost_at: float | None = None
        self._loop = asyncio.get_running_loop()

    @property
    def _both_lost(self) -> bool:
        return self._lost_at is not None and self._link.lost_together

    async def take(
        self, reader: asyncio.StreamReader, way: asyncio.Queue[tuple[float, bytes]], source: str, until_lost: float
    ) -> None:
        """Take from one end what the other is to get, with the moment at which it may; nothing is the end of it."""
        link, free_at = self._link, self._loop.time()
        with contextlib.suppress(*STRAY):
            while self.left > 0 and until_lost > 0 and (data := await reader.read(min(CHUNK, link.piece))):
                if self._both_lost:
                    break
                data = data[: math.ceil(min(self.left, until_lost, CHUNK))]
                self.left -= len(data)
                until_lost -= len(data)
                if link is not GOOD:
                    self._proxy.counts.bytes += len(data)
                free_at = max(free_at, self._loop.time()) + len(data) / link.bytes_per_second
                await way.put((free_at + link.delay + link.jitter * self._chance.random(), data))
            until_lost = 0 if self._both_lost else until_lost
            if until_lost <= 0 < self.left:
                await self._lose(reader, source)
        if self._lost_at is not None:
            self._proxy.noticed.append((source, self._loop.time() - self._lost_at))
        if until_lost <= 0 < self.left:
            await self._loop.create_future()  # that this end is gone vanishes, too
        await way.put((0.0, b""))
        await self._loop.create_future()  # the other task delivers it

    async def _lose(self, reader: asyncio.StreamReader, source: str) -> None:
        """Take on, for nobody, until the sender gives up."""
        if self._lost_at is None:
            self._lost_at = self._loop.time()
            self._proxy.counts.lost += 1
        with contextlib.suppress(*STRAY):
            while await reader.read(CHUNK):
                pass

    async def deliver(self, way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        """Give it to the other end at its time. Once a way is lost, that the other end has gone is not told either."""
        while True:
            at, data = await way.get()
            if at > self._loop.time():
                await asyncio.sleep(at - self._loop.time())
            if not data:
                return
            try:
                writer.write(data)
                await writer.drain()
            except OSError:
                if self._lost_at is None:
                    return


def _end(writer: asyncio.StreamWriter, *, reset: bool) -> None:
    if reset:
        with contextlib.suppress(OSError):
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _BY_RST)
        writer.transport.abort()
    else:
        with contextlib.suppress(*STRAY):
            writer.close()


@contextmanager
def through_proxy(target: int, plan: Plan, *, seed: int) -> Iterator[Proxy]:
    """A proxy in front of the server on port `target`, for as long as the block. It begins calm."""
    with running(Proxy(target, seed, plan)) as proxy:
        yield proxy


P = TypeVar("P", bound=Proxy)


@contextmanager
def running(proxy: P) -> Iterator[P]:
    """Have a proxy serve on a thread of its own, for as long as the block."""
    ready = threading.Event()
    loop = asyncio.new_event_loop()
    ended = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(proxy.serve(ready, ended),), name="proxy")
    thread.start()
    try:
        assert ready.wait(10)
        yield proxy
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()
