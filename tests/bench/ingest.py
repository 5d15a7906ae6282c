"""How fast a server takes in what many devices have: `python -m tests.bench.ingest`. Medians of a few runs.

50 connections at once, each of another client, push 20 entries with 5 edits each, one change a push, as many under
way as the server allows. Measured is the time until all are accepted (durable), and until all are applied and sent on.
The changes are made beforehand; server and devices are two processes.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from msgspec import Struct
from tests.end_to_end.support.practice import Practice
from tests.end_to_end.support.server_process import ServerProcess, serving
from tests.end_to_end.support.wire import redeem
from websockets.asyncio.client import ClientConnection, connect

from intersession_schemas import codec
from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import journal
from intersession_schemas.messages import PROTOCOL, Accepted, Hello, Push, Rejected, Rows, Welcome
from intersession_schemas.streams import Audience

RUNS = 3
CONNECTIONS = 50
DOCUMENTS = 20
EDITS = 5


class Measured(Struct):
    """One run, in seconds: until all was accepted, and until all had come back; CPU of the server for it."""

    accepted: float
    applied: float
    cpu: float


def changes() -> list[tuple[UUID, bytes]]:
    """What one device has: its entries' changes, each entry's in order, entries taking turns."""
    now = datetime.now(UTC)
    rounds: list[list[tuple[UUID, bytes]]] = [[] for _ in range(EDITS)]
    for _ in range(DOCUMENTS):
        id, document = uuid4(), Document.new(random.randbytes(16))
        text = "Slept badly, and lay awake with the list of things to do."
        rounds[0].append((id, journal.create(document, written_at=now, entered_at=now, text=text)))
        for each in rounds[1:]:
            text += " Later it was quieter, and I went out."
            change = journal.edit(document, text=text)
            assert change is not None
            each.append((id, change))
    return [one for each in rounds for one in each]


async def push_all(url: str, token: str, start: asyncio.Barrier) -> tuple[float, float]:
    """One connection; when its last push was accepted, and when its last row had come back."""
    mine = changes()
    headers = {"Authorization": f"Bearer {token}"}
    async with connect(
        "ws" + url.removeprefix("http") + "/sync",
        additional_headers=headers,
        compression=None,
        max_size=codec.MAX_FRAME_DOWN,
        open_timeout=60,
    ) as socket:
        await socket.send(codec.encode(Hello((PROTOCOL, PROTOCOL), uuid4(), "bench")))
        welcome = codec.decode_down(await socket.recv())
        assert isinstance(welcome, Welcome)
        (record,) = (offer for offer in welcome.streams if offer.audience is Audience.RECORD)
        await start.wait()
        return await converse(socket, record.stream, mine, welcome.limits.pushes)


async def converse(
    socket: ClientConnection, stream: UUID, mine: list[tuple[UUID, bytes]], most: int
) -> tuple[float, float]:
    """Push everything, so many under way at once, and wait until all of it has come back."""
    sent = accepted = through = last = 0
    accepted_at = 0.0
    while accepted < len(mine) or through < last:
        while sent < len(mine) and sent - accepted < most:
            document, change = mine[sent]
            await socket.send(codec.encode(Push(sent, stream, document, "journal_entry", [change])))
            sent += 1
        match codec.decode_down(await socket.recv()):
            case Accepted(_, seq):
                accepted, last, accepted_at = accepted + 1, max(last, seq), time.perf_counter()
            case Rows() as rows if rows.stream == stream:
                through = rows.through
            case Rejected(_, code):
                raise RuntimeError(f"a push was refused: {code}")
    return accepted_at, time.perf_counter()


async def measure(server: ServerProcess, tokens: list[str]) -> Measured:
    """One run with new entries for each client."""
    start = asyncio.Barrier(len(tokens) + 1)
    pushing = [asyncio.create_task(push_all(server.url, token, start)) for token in tokens]
    await start.wait()
    began, cpu = time.perf_counter(), server.cpu()
    ended = await asyncio.gather(*pushing)
    accepted, applied = (max(times) - began for times in zip(*ended, strict=True))
    return Measured(accepted, applied, server.cpu() - cpu)


def main() -> None:
    """Print one line."""
    with (
        tempfile.TemporaryDirectory() as name,
        serving(Path(name) / "server") as server,
        Practice.on(server) as practice,
    ):
        clients = [practice.add_client(f"client {number}") for number in range(CONNECTIONS)]
        tokens = [redeem(server.url, client.code).token for client in clients]
        runs = [asyncio.run(measure(server, tokens)) for _ in range(RUNS)]
        memory = server.most_memory() / 2**20
    accepted, applied, cpu = (
        statistics.median(getattr(run, field) for run in runs) for field in Measured.__struct_fields__
    )
    number = CONNECTIONS * DOCUMENTS * EDITS
    sys.stdout.write(
        f"{CONNECTIONS} connections x {DOCUMENTS} entries x {EDITS} edits: {number / accepted:.0f} pushes/s accepted,"
        f" {number / applied:.0f}/s applied and sent back; {1e6 * cpu / number:.0f} us of the server's CPU a push,"
        f" {memory:.0f} MB at most\n"
    )


if __name__ == "__main__":
    main()
