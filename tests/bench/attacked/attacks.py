"""Attacks on one server, each by a process of its own: `python -m tests.bench.attacked.attacks NAME < target.json`.

An attack is a coroutine that goes on until it is cancelled; `attack` runs it for so many seconds, and says how much it
did. Every loop is bounded by that time. Nothing but the loopback is ever spoken to.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from uuid import UUID, uuid4

import httpx
import msgspec
from msgspec import Struct
from tests.end_to_end.support.entries import entry
from tests.schemas import forging
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from intersession_schemas import codec
from intersession_schemas.messages import PROTOCOL, Erase, Have, Hello, Push, StreamCursor, Up, Welcome
from intersession_schemas.streams import Audience

DONE: Counter[str] = Counter()
"""What this process has done, and what was answered."""


class Target(Struct, frozen=True):
    """The server, and what its attackers have: a client's device token, and a therapist's cookie for `heavy`."""

    host: str
    port: int
    token: str
    cookie: str
    heavy: UUID
    seconds: float

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"


Attack = Callable[[Target], Awaitable[None]]


async def connected(target: Target) -> ClientConnection:
    """A websocket with the attacker's token."""
    return await connect(
        f"ws://{target.host}:{target.port}/sync",
        additional_headers={"Authorization": f"Bearer {target.token}"},
        compression=None,
        max_size=None,
        close_timeout=0.1,
    )


async def welcomed(target: Target, *cursors: StreamCursor) -> tuple[ClientConnection, UUID]:
    """A connection that has been welcomed, and its record. What comes after that is read and dropped."""
    socket = await connected(target)
    await say(socket, Hello((PROTOCOL, PROTOCOL), uuid4(), "an attacker", list(cursors)))
    while True:
        frame = codec.decode_down(await socket.recv(decode=False))
        if isinstance(frame, Welcome):
            break
    draining = asyncio.create_task(drain(socket))
    DONE["welcomed"] += 1
    _KEPT.add(draining)
    draining.add_done_callback(_KEPT.discard)
    return socket, next(offer.stream for offer in frame.streams if offer.audience is Audience.RECORD)


_KEPT: set[asyncio.Task[None]] = set()


async def drain(socket: ClientConnection) -> None:
    with suppress(WebSocketException):
        async for _ in socket:
            DONE["heard"] += 1


async def say(socket: ClientConnection, frame: Up) -> None:
    await socket.send(codec.encode(frame))
    DONE["frames"] += 1


async def persist(flood: Callable[[ClientConnection, UUID], Awaitable[None]], target: Target) -> None:
    """Flood one connection after the other: when it is closed, come again at once."""
    while True:
        try:
            socket, record = await welcomed(target)
        except (OSError, WebSocketException):
            DONE["turned away"] += 1
            await asyncio.sleep(0.05)
            continue
        with suppress(WebSocketException):
            while True:
                await flood(socket, record)


def flooding(flood: Callable[[ClientConnection, UUID], Awaitable[None]]) -> Attack:
    """Three devices' worth of one flood."""

    async def attack(target: Target) -> None:
        await asyncio.gather(*(persist(flood, target) for _ in range(3)))

    return attack


# -- over the websocket ------------------------------------------------------------------------------------------------

_BIG = [forging.big(number) for number in range(1, 256)]


async def _inflate(socket: ClientConnection, _: UUID) -> None:
    """Kilobytes that inflate to megabytes, for a stream that nobody has."""
    await say(socket, Push(1, uuid4(), uuid4(), "journal_entry", _BIG))


async def _inflate_own(socket: ClientConnection, record: UUID) -> None:
    """The same for the attacker's own record."""
    await say(socket, Push(DONE["frames"], record, uuid4(), "journal_entry", _BIG))


async def _unknown_frames(socket: ClientConnection, _: UUID) -> None:
    """Frames that no protocol has."""
    await socket.send(msgspec.msgpack.encode({"frame": "nonsense", "more": "x" * 1_000}))
    DONE["frames"] += 1


async def _erase_unknown(socket: ClientConnection, record: UUID) -> None:
    """Erasures of documents that nobody has ever made."""
    await say(socket, Erase(DONE["frames"], record, uuid4(), "journal_entry"))


async def _have_heads(socket: ClientConnection, record: UUID) -> None:
    """A thousand heads to look up."""
    await say(socket, Have(record, uuid4(), [os.urandom(32) for _ in range(1_000)]))


_RUNS = [forging.change(forging.sets(20_000), actor=bytes([number]) * 16) for number in range(1, 40)]


async def _run_length(socket: ClientConnection, record: UUID) -> None:
    """Some hundred bytes that are twenty thousand operations."""
    await say(socket, Push(DONE["frames"], record, uuid4(), "journal_entry", [_RUNS[DONE["frames"] % len(_RUNS)]]))


async def _storage(socket: ClientConnection, record: UUID) -> None:
    """Honest changes of a size that fills a disk."""
    text = os.urandom(8_000).hex()
    await say(socket, Push(DONE["frames"], record, uuid4(), "journal_entry", [entry(text)[1]]))


async def _small_pushes(socket: ClientConnection, record: UUID) -> None:
    """Honest changes, one after the other, as fast as they go."""
    await say(socket, Push(DONE["frames"], record, uuid4(), "journal_entry", [entry("Again.")[1]]))


async def reconnecting(target: Target) -> None:
    """A burst of frames on each of many connections: what is refilled by connecting again?"""
    while True:
        with suppress(OSError, WebSocketException):
            socket, record = await welcomed(target)
            for _ in range(200):
                await _small_pushes(socket, record)
            await socket.close()


async def hello_cursors(target: Target) -> None:
    """Hello with as many cursors as a frame takes, again and again."""
    while True:
        with suppress(OSError, WebSocketException):
            cursors = [StreamCursor(uuid4(), 5, os.urandom(8)) for _ in range(10_000)]
            socket, _ = await welcomed(target, *cursors)
            await socket.close()


async def rereading(target: Target) -> None:
    """The whole record, again and again, on several connections, as new devices ask for it."""

    async def go_on() -> None:
        while True:
            with suppress(OSError, WebSocketException):
                socket, _ = await welcomed(target)
                await asyncio.sleep(1.0)  # its pages come meanwhile
                await socket.close()

    await asyncio.gather(*(go_on() for _ in range(5)))


async def connecting(target: Target) -> None:
    """Connections that say hello and go."""

    async def go_on() -> None:
        while True:
            with suppress(OSError, WebSocketException):
                socket, _ = await welcomed(target)
                await socket.close()

    await asyncio.gather(*(go_on() for _ in range(5)))


# -- over HTTP and bare sockets ----------------------------------------------------------------------------------------


async def heavy_page(target: Target) -> None:
    """A therapist who opens the page, the brief and the lists of one very long record."""
    paths = [f"/clients/{target.heavy}", f"/clients/{target.heavy}/brief"]
    paths += [f"/api/clients/{target.heavy}/{name}" for name in ("symptoms?limit=200", "brief", "together", "signals")]
    async with httpx.AsyncClient(base_url=target.url, timeout=120) as http:
        http.headers["Cookie"] = target.cookie

        async def go_on() -> None:
            while True:
                for path in paths:
                    with suppress(httpx.HTTPError):
                        answer = await http.get(path)
                        DONE[f"{path.rpartition('/')[2].partition('?')[0][:12]} {answer.status_code}"] += 1
                        DONE["most bytes"] = max(DONE["most bytes"], len(answer.content))

        await asyncio.gather(go_on(), go_on())


async def wrong_codes(target: Target) -> None:
    """Pairing codes and passwords, guessed many at a time."""
    async with httpx.AsyncClient(base_url=target.url, timeout=60, limits=httpx.Limits(max_connections=100)) as http:

        async def guess(number: int) -> None:
            while True:
                with suppress(httpx.HTTPError):
                    if number % 2:
                        answer = await http.post("/pair", json={"code": "AAAA-AAAA", "agent": "x", "role": "client"})
                    else:
                        answer = await http.post("/sign-in", json={"username": "desk1", "password": f"wrong {number}"})
                    DONE[f"{number % 2} {answer.status_code}"] += 1

        await asyncio.gather(*(guess(number) for number in range(100)))


async def silent_sockets(target: Target) -> None:
    """Connections that say nothing."""
    await _hold(target, b"", 2_000)


async def slow_headers(target: Target) -> None:
    """Requests whose headers never end."""
    await _hold(target, b"GET / HTTP/1.1\r\nHost: localhost\r\n", 500, b"X-More: yes\r\n")


async def slow_bodies(target: Target) -> None:
    """Requests whose bodies never end."""
    head = f"POST /pair HTTP/1.1\r\nHost: {target.host}:{target.port}\r\nContent-Type: application/json\r\n"
    await _hold(target, f"{head}Content-Length: 1000\r\n\r\n{{".encode(), 500, b" ")


async def no_hello(target: Target) -> None:
    """Websockets that never say hello."""
    while True:
        with suppress(OSError, WebSocketException):
            sockets = [await connected(target) for _ in range(5)]
            DONE["opened"] += 5
            await asyncio.gather(*(socket.wait_closed() for socket in sockets))


async def _hold(target: Target, first: bytes, most: int, more: bytes = b"") -> None:
    writers: list[asyncio.StreamWriter] = []
    while True:
        if len(writers) < most:
            with suppress(OSError):
                _, writer = await asyncio.wait_for(asyncio.open_connection(target.host, target.port), 1)
                DONE["opened"] += 1
                writer.write(first)
                writers.append(writer)
            await asyncio.sleep(0.001)
        else:
            await asyncio.sleep(1)
        if more and len(writers) % 50 == 0:
            for writer in writers:
                if not writer.is_closing():
                    writer.write(more)
        writers = [writer for writer in writers if not writer.is_closing()]


ATTACKS: dict[str, Attack] = {
    "heavy_page": heavy_page,
    "inflate": flooding(_inflate),
    "inflate_own": flooding(_inflate_own),
    "unknown_frames": flooding(_unknown_frames),
    "reconnecting": reconnecting,
    "erase_unknown": flooding(_erase_unknown),
    "hello_cursors": hello_cursors,
    "have_heads": flooding(_have_heads),
    "run_length": flooding(_run_length),
    "storage": flooding(_storage),
    "small_pushes": flooding(_small_pushes),
    "rereading": rereading,
    "connecting": connecting,
    "silent_sockets": silent_sockets,
    "slow_headers": slow_headers,
    "slow_bodies": slow_bodies,
    "no_hello": no_hello,
    "wrong_codes": wrong_codes,
}


async def attack(name: str, target: Target) -> None:
    """Attack for as long as the target says."""
    with suppress(TimeoutError):
        async with asyncio.timeout(target.seconds):
            await ATTACKS[name](target)


if __name__ == "__main__":
    # The attacker's machine is another one in life: here it takes what the server and the honest leave.
    os.nice(15)
    asyncio.run(attack(sys.argv[1], msgspec.json.decode(sys.stdin.buffer.read(), type=Target)))
    sys.stdout.write(msgspec.json.encode(dict(DONE)).decode() + "\n")
