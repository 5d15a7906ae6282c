"""How fast a server takes in what many devices have at once, applies it and passes it on."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct
from tests.bench import material
from tests.bench.ground import Ground, ground
from tests.bench.material import Prepared
from tests.bench.measuring import count_bytes, milliseconds, used, wait_quiet
from tests.bench.pushing import Connected, all_connected, everything, push_all
from tests.bench.result import Options, Result

PROJECTED_WITHIN = 600.0


class Times(Struct):
    """When it was over: everything accepted, everything seen by the readers, everything projected."""

    accepted: float = 0.0
    seen: float = 0.0
    projected: float = 0.0
    accepted_cpu: float = 0.0


def run(options: Options) -> Result:
    """`connections` devices push `docs` entries each of `changes` changes, one change a push; each client has a second
    device, which receives everything."""
    count_bytes()
    connections, docs, changes = options["connections"], options["docs"], options["changes"]
    work = [_turns([material.entry(number, changes) for number in range(docs)]) for _ in range(connections)]
    with ground() as here:
        clients = [here.add_client(f"client {number}") for number in range(connections)]
        writers, readers = ([here.token(client) for client in clients] for _ in range(2))
        wait_quiet(here.server)
        here.server.forget_most_memory()
        before, cpu = used(), here.server.cpu()
        began, times, waited, found = asyncio.run(_ingest(here, writers, readers, work))
        projected_cpu = here.server.cpu() - cpu
        wait_quiet(here.server)
        mine, total = used().since(before), connections * docs * changes
        complete = sum(1 for of_one in found for number in of_one.values() if number == changes)
        return Result(
            n=total,
            wall_s=times.projected - began,
            up_bytes=mine.up,
            down_bytes=mine.down,
            server_cpu_s=here.server.cpu() - cpu,
            client_cpu_s=mine.cpu,
            peak_rss_bytes=here.server.most_memory(),
            acknowledged=len(waited),
            lost=connections * docs - complete,
            figures={
                "confirmed_a_second": total / (times.accepted - began),
                "projected_a_second": total / (times.projected - began),
                "documents_seen_a_second": connections * docs / (times.seen - began),
                "confirmed_s": times.accepted - began,
                "seen_s": times.seen - began,
                "projected_s": times.projected - began,
                "server_cpu_s_until_confirmed": times.accepted_cpu - cpu,
                "server_cpu_s_until_projected": projected_cpu,
                "server_cpu_us_a_change": 1e6 * projected_cpu / total,
                **{f"confirmation_{name}": value for name, value in milliseconds(waited).items()},
            },
        )


def _turns(documents: Sequence[Prepared]) -> list[Prepared]:
    """One change a push: each document's in order, the documents taking turns."""
    rounds = zip(*(document.changes for document in documents), strict=True)
    return [
        Prepared(document.document, document.kind, (change,))
        for each in rounds
        for document, change in zip(documents, each, strict=True)
    ]


async def _ingest(
    here: Ground, writers: list[str], readers: list[str], work: list[list[Prepared]]
) -> tuple[float, Times, list[float], list[dict[UUID, int]]]:
    url, times, waited = here.server.url, Times(), list[float]()

    async def write(one: Connected, mine: list[Prepared]) -> None:
        done = await push_all(one, mine)
        waited.extend(at - sent for at, sent in zip(done.accepted, done.sent, strict=True))
        ended = max(done.accepted)
        if ended > times.accepted:
            times.accepted, times.accepted_cpu = ended, here.server.cpu()

    async def read(one: Connected, changes: int) -> dict[UUID, int]:
        found = await everything(one, changes)
        times.seen = max(times.seen, time.perf_counter())
        return found

    async with all_connected(url, writers) as writing, all_connected(url, readers) as listening:
        began = time.perf_counter()
        async with asyncio.TaskGroup() as tasks:
            reading = [tasks.create_task(read(one, len(mine))) for one, mine in zip(listening, work, strict=True)]
            pushing = [tasks.create_task(write(one, mine)) for one, mine in zip(writing, work, strict=True)]
            await asyncio.wait(pushing)
            projected = threading.Thread(target=_note_projected, args=(here, times))
            projected.start()
        await asyncio.to_thread(projected.join)
        found = [await one for one in reading]
    return began, times, waited, found


def _note_projected(here: Ground, times: Times) -> None:
    here.wait_projected(PROJECTED_WITHIN)
    times.projected = time.perf_counter()
