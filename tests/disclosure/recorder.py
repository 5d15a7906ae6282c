"""A TCP proxy that cuts nothing and keeps all that goes through it, as it goes over the wire, both ways."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from msgspec import Struct
from tests.disclosure.checker import Frames, Place, Texts
from tests.disclosure.database_files import Unreadable
from tests.end_to_end.support.proxy import CHUNK, GOOD, STRAY, Link, Proxy, running

_CONTROL = 0x8
_PACKED_BODIES = (b"content-encoding: br", b"content-encoding: zstd", b"content-encoding: deflate")


class Conversation(Struct):
    """All bytes of one connection."""

    up: bytearray
    down: bytearray


class Messages(Struct):
    """What websockets said one way: whole messages, and everything that is none (control frames, what was cut off)."""

    whole: list[bytes]
    rest: list[bytes]


class Recorder(Proxy):
    """Use `recording`."""

    def __init__(self, target: int) -> None:
        super().__init__(target, 0, lambda _: GOOD)
        self.conversations: list[Conversation] = []

    def places(self, name: str, *, since: int = 0) -> list[Place]:
        """What has gone through so far, to be searched: frames of websockets, and the rest, HTTP above all.

        `since`: leave out so many connections, the earliest.
        """
        up, down, other = list[bytes](), list[bytes](), list[str | bytes]()
        for conversation in tuple(self.conversations[since:]):
            said, answered = bytes(conversation.up), bytes(conversation.down)
            asked, _, sent = said.partition(b"\r\n\r\n")
            if b"upgrade: websocket" not in asked.lower():
                if any(packed in answered.lower() for packed in _PACKED_BODIES):
                    raise Unreadable(f"{name}: an answer is packed in a way that is not searched")
                other += [said, answered]
                continue
            head, _, came = answered.partition(b"\r\n\r\n")
            for way, data in ((up, sent), (down, came)):
                read = messages(data)
                way += read.whole
                other += read.rest
            other += [asked, head]
        return [Frames(f"{name}, frame", up, down), Texts(f"{name}, conversation", other)]

    async def _both_ways(self, link: Link, *ways: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
        conversation = Conversation(bytearray(), bytearray())
        self.conversations.append(conversation)
        (up, up_to), (down, down_to) = ways
        pumps = [
            asyncio.create_task(_copy(up, up_to, conversation.up)),
            asyncio.create_task(_copy(down, down_to, conversation.down)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)


def messages(data: bytes) -> Messages:
    """The messages in what one side of a websocket sent. Raises `Unreadable` for packed ones."""
    found = Messages([], [])
    at, parts = 0, bytearray()
    while (frame := _frame(data, at)) is not None:
        first, content, at = frame
        if first & 0x70:
            raise Unreadable("a websocket packs its messages")
        if first & 0x0F >= _CONTROL:
            found.rest.append(content)
            continue
        parts += content
        if first & 0x80:
            found.whole.append(bytes(parts))
            parts.clear()
    found.rest += [bytes(parts), data[at:]]
    return found


def _frame(data: bytes, at: int) -> tuple[int, bytes, int] | None:
    """The first byte of the websocket frame at `at`, its content unmasked, and where it ends; None if cut off."""
    if len(data) < at + 2:
        return None
    first, second = data[at], data[at + 1]
    length, start = second & 0x7F, at + 2
    wide = {126: 2, 127: 8}.get(length, 0)
    if wide:
        length = int.from_bytes(data[start : start + wide], "big")
        start += wide
    mask = data[start : start + 4] if second & 0x80 else b""
    start += len(mask)
    content = data[start : start + length]
    if len(content) < length:
        return None
    if mask:
        repeated = (mask * (length // 4 + 1))[:length]
        content = (int.from_bytes(content, "big") ^ int.from_bytes(repeated, "big")).to_bytes(length, "big")
    return first, content, start + length


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kept: bytearray) -> None:
    with suppress(*STRAY):
        while data := await reader.read(CHUNK):
            kept += data
            writer.write(data)
            await writer.drain()


@contextmanager
def recording(target: int) -> Iterator[Recorder]:
    """A recording proxy in front of the server on port `target`, on a thread of its own, for as long as the block."""
    with running(Recorder(target)) as recorder:
        yield recorder
