"""Keeps an overview of each client: made anew when rows of theirs were projected, and when their local day is over.

It is made in a thread, beside the projector and after it, from the read models alone. Who has just written comes before
those whose day is over, and a client who is slow to work out holds up two places at most. What is being read meanwhile
is the overview as of some rows ago; `updates` wakes the pages when another one is written.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from hashlib import blake2b
from sqlite3 import Connection
from typing import Any
from uuid import UUID

import msgspec
import structlog
from msgspec import Struct

from intersession_schemas.records.instants import from_micros, to_micros
from intersession_server.errors import StorageError
from intersession_server.projections.overviews import sources
from intersession_server.projections.overviews.outlines import Outlines
from intersession_server.projections.overviews.overview import Overview
from intersession_server.projections.tables import LIVE, TableSet
from intersession_server.storage.engine import SerialEngine
from intersession_server.storage.statements import insert, name_of
from intersession_server.sync.wakeups import Wakeups

AT_ONCE = 2
LOOK_EVERY = 60.0
"""Seconds between two looks at what is over."""
DUE_AT_ONCE = 50
"""Overviews of a day that is over that are taken up by one look, so that who writes meanwhile does not wait long."""
AGAIN_AFTER = timedelta(minutes=10)
"""When one that could not be made is tried again, if nothing of the client's moves before."""

FEW = 20
"""So many are read in less than it takes to hand them to a thread."""

log = structlog.get_logger(__name__)


class OverviewRow(Struct, frozen=True):
    """A row of `overviews`."""

    stream: UUID
    client: UUID
    through: int
    until: int
    mark: str
    model: str


class Overviews:
    """Runs on one event loop."""

    def __init__(self, engine: SerialEngine, updates: Wakeups, clock: Callable[[], datetime]) -> None:
        """`engine` is the open database of the read models; `updates` is told of overviews that are others."""
        self.outlines = Outlines(engine)
        self._engine = engine
        self._updates = updates
        self._clock = clock
        self._moved: dict[UUID, UUID] = {}
        """Streams whose overview is to be made, with their clients, the one that has waited longest first."""
        self._at_work: set[UUID] = set()
        self._erased: dict[UUID, int] = {}
        self._put_off: dict[UUID, datetime] = {}
        self._woken, self._idle = asyncio.Event(), asyncio.Event()
        self._idle.set()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Follow what is moved, and the days, in tasks of its own until `close`."""
        self._tasks = [
            asyncio.create_task(self._watch_days(), name="overviews' days"),
            *(asyncio.create_task(self._work(), name="overviews") for _ in range(AT_ONCE)),
        ]

    async def close(self) -> None:
        """Stop. What is not made yet is by the next start."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._tasks = []

    def erases(self, stream: UUID, through: int) -> None:
        """A row up to that one erases something: what was read before is not written any more."""
        self._erased[stream] = through

    def moved(self, stream: UUID, client: UUID) -> None:
        """Rows of a client were projected."""
        self._moved.setdefault(stream, client)
        self._idle.clear()
        self._woken.set()

    async def settled(self) -> None:
        """Wait until nothing is to be made any more."""
        await self._idle.wait()

    async def make(self, tables: TableSet, stream: UUID, client: UUID) -> bool:
        """Make one anew; whether it is another one than before. Raises `StorageError`."""
        now = self._clock()
        found = await self.outlines.of(stream, client, now, tables=tables)
        if found is None:
            return False
        made = await asyncio.to_thread(sources.made, found.sources, found.material, now)
        model = msgspec.json.encode(made.overview).decode()
        mark = blake2b(model.encode(), digest_size=8).hexdigest()
        row = OverviewRow(stream, client, made.through, to_micros(made.until), mark, model)
        return await self._engine.in_one(lambda connection: self._write(connection, tables, row))

    def _write(self, connection: Connection, tables: TableSet, row: OverviewRow) -> bool:
        if tables is LIVE and row.through < self._erased.get(row.stream, 0):
            return False  # what it was made from has been erased meanwhile
        name = name_of(tables.overviews)
        query = f'SELECT through + 0 AS through, mark FROM "{name}" WHERE stream = ?'  # noqa: S608 - no values
        held = connection.execute(query, [str(row.stream)]).fetchone()
        if held is not None and held["through"] > row.through:
            return False
        insert(connection, tables.overviews, [row])
        return held is None or bool(held["mark"] != row.mark)

    async def look(self, limit: int = DUE_AT_ONCE) -> None:
        """Put down what is behind the read models or of a day that is over. Raises `StorageError`."""
        now = self._clock()
        waits = {stream for stream, at in self._put_off.items() if at > now}
        rows = await self._engine.statement(_BEHIND, [to_micros(now), limit + len(waits)])
        for row in rows:
            if row["stream"] not in waits:
                self.moved(row["stream"], row["client"])

    async def _watch_days(self) -> None:
        while True:
            try:
                await self.look()
                await self.settled()
                wait = await self._until_next()
            except StorageError as error:
                log.warning("overviews.storage_failed", reason=error.code)
                wait = LOOK_EVERY
            await asyncio.sleep(wait)

    async def _until_next(self) -> float:
        """Seconds until a day is over, or until the next look."""
        (row,) = await self._engine.statement("SELECT MIN(until) + 0 AS until FROM overviews", [])
        if row["until"] is None:
            return LOOK_EVERY
        return min(max((from_micros(row["until"]) - self._clock()).total_seconds(), 1.0), LOOK_EVERY)

    async def _work(self) -> None:
        while True:
            stream = next((one for one in self._moved if one not in self._at_work), None)
            if stream is None:
                if not self._moved and not self._at_work:
                    self._idle.set()
                self._woken.clear()
                await self._woken.wait()
                continue
            client = self._moved.pop(stream)
            self._at_work.add(stream)
            try:
                await self._make_one(stream, client)
            finally:
                self._at_work.discard(stream)
                self._woken.set()

    async def _make_one(self, stream: UUID, client: UUID) -> None:
        try:
            changed = await self.make(LIVE, stream, client)
        except Exception as error:  # noqa: BLE001 - one client must not stop the others
            # Its text may quote content, so only its type is logged.
            reason = error.code if isinstance(error, StorageError) else type(error).__name__
            log.warning("overviews.failed", stream=str(stream), reason=reason)
            self._put_off[stream] = self._clock() + AGAIN_AFTER
        else:
            self._put_off.pop(stream, None)
            if changed:
                self._updates.wake(stream, 0)


_BEHIND = (
    "SELECT p.stream, p.client FROM projected p LEFT JOIN overviews o ON o.stream = p.stream"
    " WHERE o.stream IS NULL OR o.through < p.through OR o.until <= ? ORDER BY o.until LIMIT ?"
)


async def overviews_of(engine: SerialEngine, clients: Mapping[UUID, UUID]) -> dict[UUID, Overview]:
    """The overviews of clients whose streams are given, as they are kept; without those that are not made yet."""
    found = await _rows(engine, list(clients.values()), "stream, model")
    kept = {row["stream"]: row["model"] for row in found}

    def decoded() -> dict[UUID, Overview]:
        return {client: _overview.decode(kept[stream]) for client, stream in clients.items() if stream in kept}

    return decoded() if len(kept) <= FEW else await asyncio.to_thread(decoded)


async def standings_of(engine: SerialEngine, streams: Collection[UUID]) -> dict[UUID, tuple[int, str]]:
    """Of each of these streams up to which row the read models hold it, and the mark of its overview: another one
    whenever the overview is. A stream of which nothing has been projected is left out."""
    rows = await engine.statement(_STANDINGS, [_ids(streams)])
    return {UUID(row["stream"]): (int(row["through"]), row["mark"] or "") for row in rows}


async def _rows(engine: SerialEngine, streams: list[UUID], columns: str) -> list[dict[str, Any]]:
    query = f"SELECT {columns} FROM overviews WHERE stream IN (SELECT value FROM json_each(?))"  # noqa: S608 - no values
    return await engine.statement(query, [_ids(streams)])


def _ids(streams: Collection[UUID]) -> str:
    return msgspec.json.encode(list(map(str, streams))).decode()


_STANDINGS = (
    "SELECT p.stream || '' AS stream, p.through + 0 AS through, o.mark || '' AS mark"
    " FROM projected p LEFT JOIN overviews o ON o.stream = p.stream"
    " WHERE p.stream IN (SELECT value FROM json_each(?))"
)


_overview = msgspec.json.Decoder(Overview)
