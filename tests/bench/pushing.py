"""Clients that speak the protocol by hand: many connections in one event loop, with changes that were made before."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import UUID, uuid4

from msgspec import Struct
from tests.bench.material import Prepared
from websockets.asyncio.client import ClientConnection, connect

from intersession_schemas import codec
from intersession_schemas.messages import (
    PROTOCOL,
    Accepted,
    Down,
    Hello,
    Push,
    Rejected,
    Rows,
    Snapshot,
    StreamCursor,
    Welcome,
)
from intersession_schemas.streams import Audience

SILENT_FOR = 120.0
NOTHING_MORE = 1.0
"""After so many seconds without a frame all has come."""
PUSH_BYTES = 128 * 1024
PUSH_CHANGES = 500


class Connected(Struct):
    """A connection that was welcomed: its socket, the record it writes, how many pushes may be under way."""

    socket: ClientConnection
    welcome: Welcome
    record: UUID

    @property
    def window(self) -> int:
        return self.welcome.limits.pushes

    async def hear(self) -> Down:
        """The next frame. Raises `TimeoutError` when none comes for long: something is lost."""
        async with asyncio.timeout(SILENT_FOR):
            return codec.decode_down(await self.socket.recv(decode=False))

    async def push(self, id: int, one: Prepared) -> None:
        await self.socket.send(codec.encode(Push(id, self.record, one.document, one.kind, list(one.changes))))


@asynccontextmanager
async def connected(url: str, token: str, *cursors: StreamCursor) -> AsyncIterator[Connected]:
    """Connect and be welcomed, as a client's device."""
    async with connect(
        "ws" + url.removeprefix("http") + "/sync",
        additional_headers={"Authorization": f"Bearer {token}"},
        compression=None,
        max_size=codec.MAX_FRAME_DOWN,
        open_timeout=60,
        ping_timeout=None,
    ) as socket:
        await socket.send(codec.encode(Hello((PROTOCOL, PROTOCOL), uuid4(), "bench", list(cursors))))
        welcome = codec.decode_down(await socket.recv(decode=False))
        assert isinstance(welcome, Welcome), welcome
        (record,) = (offer for offer in welcome.streams if offer.audience is Audience.RECORD)
        yield Connected(socket, welcome, record.stream)


@asynccontextmanager
async def all_connected(url: str, tokens: Sequence[str]) -> AsyncIterator[list[Connected]]:
    """A connection each, opened one after the other: of one address only so many may be on their way in."""
    async with AsyncExitStack() as opened:
        yield [await opened.enter_async_context(connected(url, token)) for token in tokens]


class Pushed(Struct):
    """When each push was sent and accepted, by its place in the list, and the last row."""

    sent: list[float]
    accepted: list[float]
    last: int = 0


async def push_all(one: Connected, pushes: Sequence[Prepared]) -> Pushed:
    """Push all, as many under way as the server allows, and wait until each is accepted. Raises when one is refused."""
    done, under_way = Pushed([], [0.0] * len(pushes)), 0
    answered = 0
    while answered < len(pushes):
        while len(done.sent) < len(pushes) and under_way < one.window:
            done.sent.append(time.perf_counter())
            await one.push(len(done.sent) - 1, pushes[len(done.sent) - 1])
            under_way += 1
        match await one.hear():
            case Accepted(id, seq):
                done.accepted[id], done.last = time.perf_counter(), max(done.last, seq)
                answered, under_way = answered + 1, under_way - 1
            case Rejected() as refused:
                raise RuntimeError(f"a push was refused: {refused.code}: {refused.message}")
    return done


async def everything(one: Connected, changes: int) -> dict[UUID, int]:
    """Wait until so many changes of the record have come; how many of each document."""
    found: dict[UUID, int] = {}
    while sum(found.values()) < changes:
        frame = await one.hear()
        rows = []
        if isinstance(frame, Snapshot) and frame.stream == one.record:
            rows = [row for item in frame.items for row in item.rows]
        elif isinstance(frame, Rows) and frame.stream == one.record:
            rows = frame.items
        for row in rows:
            if row.author.int and row.change:  # not what the server itself began the record with
                found[row.document] = found.get(row.document, 0) + 1
    return found


async def confirmations(
    url: str, token: str, pushes: Sequence[Prepared], a_second: float, begin: Callable[[], object] = lambda: None
) -> list[float]:
    """Push one after the other at this rate; the seconds that each took to be accepted.

    `begin` is called once the connection has all that there was before: what a record holds is no part of a push.
    """
    async with connected(url, token) as one:
        await _all_there_is(one)
        begin()
        took, began = [], time.perf_counter()
        for number, push in enumerate(pushes):
            await asyncio.sleep(max(0.0, began + number / a_second - time.perf_counter()))
            done = await push_all(one, [push])
            took.append(done.accepted[0] - done.sent[0])
    return took


async def _all_there_is(one: Connected) -> None:
    """Hear frames until none comes for a while."""
    while True:
        try:
            async with asyncio.timeout(NOTHING_MORE):
                await one.socket.recv(decode=False)
        except TimeoutError:
            return


def push_documents(url: str, token: str, documents: Sequence[Prepared]) -> None:
    """Push whole documents, and wait until they are accepted."""

    async def push() -> None:
        async with connected(url, token) as one:
            await push_all(one, [part for document in documents for part in _parts(document)])

    asyncio.run(push())


def _parts(whole: Prepared) -> Iterator[Prepared]:
    """One document in pushes that fit into a frame."""
    changes: list[bytes] = []
    for change in whole.changes:
        if changes and (len(changes) == PUSH_CHANGES or sum(map(len, changes)) + len(change) > PUSH_BYTES):
            yield Prepared(whole.document, whole.kind, tuple(changes))
            changes = []
        changes.append(change)
    yield Prepared(whole.document, whole.kind, tuple(changes))
