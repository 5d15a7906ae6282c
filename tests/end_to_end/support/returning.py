"""Very many devices that only stay connected and come back, by the rule that the SDK follows, on one event loop.

They speak the protocol by hand, each from an address of its own: a store and a thread for each would take more than
there is.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import uuid4

import websockets
from websockets.asyncio.client import ClientConnection, connect

from intersession.protocol.reconnect import attempts_after, wait_before
from intersession.sync.reaching import seconds_of
from intersession_schemas import codec
from intersession_schemas.messages import PROTOCOL, Error, Hello, Limits, Welcome

OPEN_WITHIN = 10.0


class Returning:
    """One device."""

    def __init__(self, url: str, token: str, number: int, chance: random.Random) -> None:
        self.connected = False
        self.limits: Limits | None = None
        """What the last welcome said."""
        self.tries = 0
        self._url = "ws" + url.removeprefix("http") + "/sync"
        self._token = token
        self._address = f"127.1.{number // 200}.{1 + number % 200}"
        self._chance = chance
        self._spread = 0.0

    def is_connected(self) -> bool:
        """Whether a server has welcomed it and the connection stands."""
        return self.connected

    async def stay(self) -> None:
        """Connect, and again whenever the connection has ended."""
        loop, attempt = asyncio.get_running_loop(), 0
        while True:
            began, told = loop.time(), None
            self.tries += 1
            try:
                async with connect(
                    self._url,
                    additional_headers={"Authorization": f"Bearer {self._token}"},
                    compression=None,
                    max_size=codec.MAX_FRAME_DOWN,
                    open_timeout=OPEN_WITHIN,
                    ping_interval=None,
                    local_addr=(self._address, 0),
                ) as socket:
                    told = await self._listen(socket)
            except websockets.InvalidStatus as refused:
                told = seconds_of(refused.response.headers.get("Retry-After"))
            except (OSError, EOFError, websockets.WebSocketException):
                pass
            finally:
                self.connected = False
            attempt = attempts_after(attempt, progressed=False, stood=loop.time() - began)
            await asyncio.sleep(wait_before(attempt, self._chance.random(), told, self._spread))

    async def _listen(self, socket: ClientConnection) -> float | None:
        """Say hello and hear what comes, until the connection ends; in how many seconds the server wants it back."""
        told = None
        await socket.send(codec.encode(Hello((PROTOCOL, PROTOCOL), uuid4(), "a test", [])))
        with contextlib.suppress(websockets.ConnectionClosed):
            async for data in socket:
                match codec.decode_down(data):
                    case Welcome(limits=limits):
                        self.connected, self.limits = True, limits
                        self._spread = limits.reconnect_within_ms / 1000
                    case Error(retry_after=float() as seconds, stream=None):
                        told = seconds
        return told


@contextmanager
def returning(url: str, tokens: Sequence[str], *, seed: int = 1, a_second: float = 200.0) -> Iterator[list[Returning]]:
    """A device for each token, which first connects at that rate and then stays for as long as the block."""
    devices = [Returning(url, token, number, random.Random(f"{seed}/{number}")) for number, token in enumerate(tokens)]
    ended = asyncio.Event()
    loop = asyncio.new_event_loop()

    async def run() -> None:
        tasks = []
        for device in devices:
            tasks.append(asyncio.create_task(device.stay()))
            await asyncio.sleep(1 / a_second)
        await ended.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),), name="returning")
    thread.start()
    try:
        yield devices
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()
