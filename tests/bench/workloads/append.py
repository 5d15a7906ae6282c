"""How fast the log takes rows, without a server around it, on the disk of the temporary folder.

Every caller writes its own client's record, changes of 1 KB with an index entry each, and waits until each push
is durable. CPU is that of the whole process, kernel included.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from msgspec import Struct
from tests.bench.measuring import percentile
from tests.bench.result import Figure, Options, Result

from intersession_schemas.changes import Change
from intersession_schemas.streams import Audience, Role
from intersession_server.log.sqlite import SqliteLogStore
from intersession_server.log.store import Page, Reader
from intersession_server.log.submissions import Appended, Submission

NOW = datetime(2026, 3, 2, tzinfo=UTC)
CHANGE_BYTES = 1000


class Client(Struct):
    """One caller: an account that writes one stream."""

    account: UUID
    device: UUID
    stream: UUID
    grant: UUID


class Measured(Struct):
    """One run."""

    rows_a_second: float
    cpu_us_a_row: float
    push_p50_ms: float
    push_p99_ms: float


async def furnish(store: SqliteLogStore, number: int) -> list[Client]:
    """So many clients with a record each."""
    clients = [Client(uuid4(), uuid4(), uuid4(), uuid4()) for _ in range(number)]
    for one in clients:
        await store.create_stream(one.stream, Audience.RECORD, one.account, one.account, NOW)
        await store.grant(one.grant, one.stream, one.account, Role.CLIENT, NOW)
    return clients


def pushes(client: Client, number: int, changes: int) -> list[Submission]:
    """Pushes of one document, each change on top of the one before."""
    actor, document, seq = os.urandom(16), uuid4(), 0
    deps: tuple[bytes, ...] = ()
    made = []
    for _ in range(number):
        some = []
        for _ in range(changes):
            seq += 1
            change = Change(
                hash=os.urandom(32),
                deps=deps,
                actor=actor,
                seq=seq,
                start_op=seq,
                operations=1,
                size=CHANGE_BYTES,
                data=os.urandom(CHANGE_BYTES),
            )
            deps = (change.hash,)
            some.append(change)
        made.append(Submission(client.account, client.device, client.stream, document, "journal_entry", tuple(some)))
    return made


async def measure(callers: int, number: int, changes: int) -> Measured:
    """Append from so many callers at once, `number` pushes of `changes` changes each."""
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteLogStore.open(Path(folder) / "log.db")
        clients = await furnish(store, callers)
        work = [pushes(client, number, changes) for client in clients]
        waited: list[float] = []

        async def call(mine: list[Submission]) -> None:
            for submission in mine:
                began = time.perf_counter()
                assert isinstance(await store.append(submission, NOW), Appended)
                waited.append(1000 * (time.perf_counter() - began))

        began, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(*map(call, work))
        took, cpu = time.perf_counter() - began, time.process_time() - cpu
        await store.close()
    rows = callers * number * changes
    return Measured(rows / took, 1e6 * cpu / rows, statistics.median(waited), percentile(waited, 0.99))


async def page_time() -> float:
    """Milliseconds for a page of 500 rows."""
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteLogStore.open(Path(folder) / "log.db")
        (client,) = await furnish(store, 1)
        for submission in pushes(client, 50, 10):
            await store.append(submission, NOW)
        await store.applied(client.stream, 500, [])
        took = []
        for _ in range(20):
            began = time.perf_counter()
            page = await store.page(Reader(client.account, client.device), client.stream, client.grant, 0, 10**9)
            took.append(1000 * (time.perf_counter() - began))
            assert isinstance(page, Page)
            assert len(page.items) == 500
        await store.close()
    return statistics.median(took)


def run(options: Options) -> Result:
    """One caller and many, one change a push and ten; medians of `rounds` runs."""
    cases: list[dict[str, Figure]] = []
    total, cpu, began = 0, time.process_time(), time.perf_counter()
    for callers, number, changes in ((1, 10, 1), (options["callers"], 1, 1), (options["callers"], 1, 10)):
        number *= options["pushes"]
        runs = [asyncio.run(measure(callers, number, changes)) for _ in range(options["rounds"])]
        fields = {name: statistics.median(getattr(run, name) for run in runs) for name in Measured.__struct_fields__}
        cases.append({"callers": callers, "changes_a_push": changes, **fields})
        total += callers * number * changes * options["rounds"]
    return Result(
        n=total,
        wall_s=time.perf_counter() - began,
        server_cpu_s=time.process_time() - cpu,
        acknowledged=total,
        figures={"page_of_500_rows_ms": asyncio.run(page_time())},
        cases=cases,
    )
