"""A server of a few lines on a real socket, to misbehave as tests need it; it keeps what it accepts."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from msgspec.structs import replace
from tests.client_sdk.practice import Practice
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from intersession import Tracker
from intersession_schemas import codec
from intersession_schemas.messages import Accepted, Down, Erase, Hello, Limits, Push, Pushes, Up

LIMITS = Limits(frame_bytes=2 * 1024 * 1024, pushes=32, messages_per_second=0.0)
SLACK = 0.3
"""The machine may be busy with other things."""


class FakeServer:
    """Answers `hello` with a welcome and pushes with `accepted`, unless `hook` does something else.

    `hook` is called with the connection and each frame; what it returns is sent instead, and None means as usual.
    """

    def __init__(self, practice: Practice) -> None:
        self.practice = practice
        self.limits = LIMITS
        self.hook: Callable[[ServerConnection, Up], Any] | None = None
        self.connections: list[float] = []
        self.sizes: list[int] = []
        self.violations = 0
        self.pushed: list[Push] = []
        self.port = 0
        self._tokens = 0.0
        self._at: float | None = None

    async def handle(self, socket: ServerConnection) -> None:
        self.connections.append(time.monotonic())
        try:
            async for message in socket:
                assert isinstance(message, bytes)
                self._meter()
                self.sizes.append(len(message))
                frame = codec.decode_up(message)
                for one in frame.items if isinstance(frame, Pushes) else [frame]:
                    said = await self.hook(socket, one) if self.hook is not None else None
                    for answer in self._usual(one) if said is None else said:
                        await socket.send(codec.encode(answer))
        except ConnectionClosed:
            pass

    def _meter(self) -> None:
        """A token bucket exactly as the welcome tells it, over all connections."""
        rate = self.limits.messages_per_second
        if not rate:
            return
        most, now = self.limits.burst or rate, time.monotonic()
        self._tokens = most if self._at is None else min(most, self._tokens + (now - self._at) * rate)
        self._at = now
        self._tokens -= 1
        self.violations += self._tokens < 0

    def _usual(self, frame: Up) -> list[Down]:
        if isinstance(frame, Hello):
            return [replace(self.practice.welcome(), limits=self.limits)]
        if isinstance(frame, Push):
            self.pushed.append(frame)
            return [Accepted(frame.id, 0)]
        if isinstance(frame, Erase):
            return [self.practice.answer(frame)]
        return []


@contextmanager
def fake_server(practice: Practice) -> Iterator[FakeServer]:
    """A running one, on a thread of its own."""
    server = FakeServer(practice)
    ready, loop = threading.Event(), asyncio.new_event_loop()
    ended = asyncio.Event()

    async def run() -> None:
        async with serve(
            server.handle, "127.0.0.1", 0, compression=None, close_timeout=0.1, max_size=2**23
        ) as listening:
            server.port = next(iter(listening.sockets)).getsockname()[1]
            ready.set()
            await ended.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()))
    thread.start()
    assert ready.wait(10)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(10)
        loop.close()


def pair_with(tracker: Tracker, practice: Practice, port: int, monkeypatch: pytest.MonkeyPatch) -> Tracker:
    """Pairs the tracker, sharing everything, with whatever listens on that port."""
    monkeypatch.setattr("intersession.pairing.redeeming.redeem", lambda *_, **__: practice.reply())
    tracker.pair(f"http://127.0.0.1:{port}", "ABCD-EFGH", share_by_default=True, share_earlier=False)
    return tracker
