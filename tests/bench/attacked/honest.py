"""Twenty people who do what they always do, and how long each thing takes them."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from uuid import UUID, uuid4

import httpx
from msgspec import Struct
from tests.end_to_end.support.entries import entry
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from intersession_schemas import codec
from intersession_schemas.messages import PROTOCOL, Accepted, Down, Hello, Push, Rejected, Welcome
from intersession_schemas.streams import Audience

PAUSE = 0.8
"""Seconds between two things that one person does, about."""
GIVE_UP = 30.0


class Deeds(Struct):
    """What the honest have done: seconds of each thing by its kind; `failed` counts what was refused or cut."""

    took: dict[str, list[float]]
    failed: int = 0

    def note(self, kind: str, seconds: float) -> None:
        self.took.setdefault(kind, []).append(seconds)

    def all(self) -> list[float]:
        return sorted(second for kind in self.took.values() for second in kind)


async def heard(socket: ClientConnection) -> Down:
    """The next frame. Not by `wait_for`, which up to Python 3.11 may swallow that it was cancelled."""
    async with asyncio.timeout(GIVE_UP):
        return codec.decode_down(await socket.recv(decode=False))


async def client(url: str, token: str, deeds: Deeds) -> None:
    """Somebody who writes an entry now and then, connected; each counts until the server has accepted it."""
    loop = asyncio.get_running_loop()
    address = "ws" + url.removeprefix("http") + "/sync"
    while True:
        try:
            async with connect(
                address, additional_headers={"Authorization": f"Bearer {token}"}, compression=None, max_size=None
            ) as socket:
                await socket.send(codec.encode(Hello((PROTOCOL, PROTOCOL), uuid4(), "honest")))
                record, number = UUID(int=0), 0
                while True:
                    frame = await heard(socket)
                    if isinstance(frame, Welcome):
                        record = next(one.stream for one in frame.streams if one.audience is Audience.RECORD)
                        break
                while True:
                    await asyncio.sleep(random.uniform(0.5, 1.5) * PAUSE)
                    number += 1
                    change = entry(f"Entry {number}, and a word or two about the day.")[1]
                    began = loop.time()
                    await socket.send(codec.encode(Push(number, record, uuid4(), "journal_entry", [change])))
                    while True:
                        frame = await heard(socket)
                        if isinstance(frame, Accepted | Rejected) and frame.id == number:
                            break
                    deeds.note("write", loop.time() - began)
                    deeds.failed += isinstance(frame, Rejected)
        except (OSError, WebSocketException, TimeoutError):
            deeds.failed += 1
            await asyncio.sleep(0.5)


async def therapist(url: str, cookie: str, record: UUID, deeds: Deeds) -> None:
    """Somebody who opens a client's page, the brief and the API, in turn."""
    loop = asyncio.get_running_loop()
    pages = {
        "page": f"/clients/{record}",
        "brief": f"/clients/{record}/brief",
        "entries": f"/api/clients/{record}/entries?limit=20",
    }
    async with httpx.AsyncClient(base_url=url, timeout=GIVE_UP, headers={"Cookie": cookie}) as http:
        while True:
            for kind, path in pages.items():
                await asyncio.sleep(random.uniform(0.5, 1.5) * PAUSE)
                began = loop.time()
                status = 0
                with suppress(httpx.HTTPError):
                    status = (await http.get(path)).status_code
                deeds.note(kind, loop.time() - began)
                deeds.failed += status != 200
