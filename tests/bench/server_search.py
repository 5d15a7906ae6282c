"""What a page of a search costs the server in a record of 2,000 and of 20,000 entries, beside another as large.

Run: python -m tests.bench.server_search. Prints medians of CPU time, and asserts nothing.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from tests.bench.search import ROUNDS, SIZES, text

from intersession_schemas import search_words
from intersession_schemas.records.instants import to_micros
from intersession_server.projections import reading, text_index
from intersession_server.projections.documents import DocumentRows, EntryRow
from intersession_server.projections.tables import FILE_NAME, LIVE, SCHEMA, TABLES
from intersession_server.projections.windows import Window
from intersession_server.projections.writing import write
from intersession_server.storage.database import open_database
from intersession_server.storage.engine import SerialEngine

START = datetime(1990, 1, 1, tzinfo=UTC)


def rows(chance: random.Random, client: UUID, number: int) -> DocumentRows:
    """An entry as the projector has it."""
    at, said = START + timedelta(hours=number), text(chance, number)
    document, moment = uuid4(), to_micros(at)
    ids = ("document", "stream", "client", "author", "changed_by")
    given: dict[str, Any] = {**dict.fromkeys(ids, client), "document": document, "zone": None, "mood": None}
    given |= {"local_at": at.isoformat(), "written_at": at.isoformat(), "entered_at": at.isoformat()}
    given |= dict.fromkeys(("tags", "sections", "problems", "earlier"), "[]")
    entry = EntryRow(
        **given,
        seq=number,
        moment=moment,
        arrived_at=moment,
        changed_at=moment,
        late=False,
        text=said,
        corrected_at=None,
    )
    return DocumentRows(document, entry=entry, words=search_words.indexed([said]))


async def page(client: UUID, query: str, *, pages_before: int = 0) -> tuple[float, int]:
    """Milliseconds that a page of 50 takes (the median of some rounds), after so many others; and its length."""
    after, taken, found = None, [], 0
    for _ in range(pages_before):
        after = (await reading.search(client, query, Window(), after))[1]
    for _ in range(ROUNDS):
        started = time.process_time()
        found = len((await reading.search(client, query, Window(), after))[0])
        taken.append(time.process_time() - started)
    return statistics.median(taken) * 1000, found


async def fill(engine: SerialEngine, chance: random.Random, clients: list[UUID], first: int, size: int) -> float:
    """Write entries; returns the milliseconds that indexing and writing one takes."""
    began = time.process_time()
    for start in range(first, size, 50):
        some = [rows(chance, client, number) for number in range(start, start + 50) for client in clients]
        await engine.in_one(partial(write, tables=LIVE, documents=some))
    return (time.process_time() - began) / (size - first) / len(clients) * 1000


async def main() -> None:
    """Measure and print."""
    chance, clients = random.Random(7), [uuid4(), uuid4()]
    with tempfile.TemporaryDirectory() as folder:
        async with open_database(Path(folder) / FILE_NAME, schema=SCHEMA, tables=TABLES) as engine:
            first = 0
            for size in SIZES:
                each = await fill(engine, chance, clients, first, size)
                first = size
                sys.stdout.write(f"{size} entries of each of two clients (one: {each:.2f} ms)\n")
                for query, before in (("walked", 0), ("walked", 20), ("w", 0), ("lighthouse", 0), ("nothing", 0)):
                    ms, found = await page(clients[0], query, pages_before=before)
                    sys.stdout.write(f"  {query!r:14} page {before + 1:2}: {ms:7.2f} ms, {found} hits\n")
                await engine.statement("UPDATE text_erased SET holds = 1", [])
                began = time.process_time()
                await text_index.forget_erased(engine)
                sys.stdout.write(f"  merging after an erasure: {(time.process_time() - began) * 1000:.0f} ms\n")


if __name__ == "__main__":
    asyncio.run(main())
