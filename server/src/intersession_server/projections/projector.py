"""Keeps the read models in step with the log.

A stream's rows are read in order, the documents that they touch are projected, and their read-model rows are
written together with how far the stream is now: in one transaction, so that a crash neither loses nor doubles
anything. After that commit, and only then, `updates` wakes the pages.

Documents are read as they stand, which may be some rows beyond `through`. The tables are then ahead of `through`,
never behind it, and the rows in between are projected once more to the same result.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import UTC, datetime
from sqlite3 import Connection
from uuid import UUID

import structlog
from msgspec import Struct

from intersession_schemas.messages import RowType
from intersession_schemas.streams import Audience
from intersession_server.errors import StorageError
from intersession_server.log.store import Stream
from intersession_server.projections.documents import Location
from intersession_server.projections.materials import Materials
from intersession_server.projections.moves import BesideDiary
from intersession_server.projections.overviews.keeper import Overviews
from intersession_server.projections.readings import LogReader, Reading, Readings, Wanted
from intersession_server.projections.searching import text_index
from intersession_server.projections.tables import LIVE, REBUILT, Entry, Projected, TableSet
from intersession_server.projections.writing import (
    empty,
    empty_wal,
    take_over,
    through_of,
    throughs,
    write,
    write_through,
)
from intersession_server.storage.engine import SerialEngine
from intersession_server.storage.statements import delete_all
from intersession_server.sync.wakeups import Wakeups

ROWS_AT_ONCE = 64
"""Rows of one transaction. Each may hold a mebibyte, and a stream may not keep the others waiting."""
DOCUMENTS_AT_ONCE = 8
PROJECTED = frozenset({Audience.RECORD, Audience.CHART})
POLL_SECONDS = 30.0
RETRY_SECONDS = (1.0, 2.0, 5.0, 15.0, 30.0)
COALESCE_SECONDS = 0.075
"""For so long after a stream has moved on, what else comes is waited for: a burst of edits is projected once."""
MOST_REMEMBERED = 10_000

log = structlog.get_logger(__name__)

Progress = Callable[[int, int], None]


class _Failed(Struct):
    """A stream that could not be projected: how often, and from when on it may be tried again."""

    times: int
    again_at: float


class Projector:
    """Runs on one event loop. `updates` says (stream, through) after each commit that moved a stream on."""

    def __init__(
        self,
        source: LogReader,
        engine: SerialEngine,
        wakeups: Wakeups,
        readings: Readings | None = None,
        materials: Materials | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`engine` is the open database of the read models; `wakeups` is told of rows that were applied.

        What was read goes on to `materials`.
        """
        self.updates = Wakeups()
        self.beside_diary = BesideDiary()
        self.overviews = Overviews(engine, self.updates, clock)
        self._source = source
        self._readings = readings or Readings(source)
        self._materials = materials or Materials(source, self._readings)
        self.engine = self._engine = engine
        self._wakeups = wakeups
        self._waiting: dict[UUID, float] = {}
        """Streams that are behind, and from when on they may be projected."""
        self._woken = asyncio.Event()
        self.up_to_date = asyncio.Event()
        """Set once, when what had been accepted before the start has been projected."""
        self._turn = asyncio.Lock()
        self._rebuilding = asyncio.Lock()
        self._failed: dict[UUID, _Failed] = {}
        self._streams: dict[UUID, Stream] = {}
        self._ahead: dict[tuple[type[Entry], UUID], int] = {}
        self._throughs: dict[tuple[type[Projected], UUID], int] = {}
        # An interruption may have come between an erasure and what follows it.
        self._wal_holds_erased = True
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """`run` in a task of its own, until `close`."""
        self._task = asyncio.create_task(self.run(), name="projector")
        self.overviews.start()

    async def close(self) -> None:
        """Stop. What is not projected yet is dealt with by the next start."""
        await self.overviews.close()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def run(self) -> None:
        """Catch up with every stream, then follow the log, until cancelled. A stream that fails is tried again."""
        unwatch = self._wakeups.watch_all(self._wake)
        try:
            await self._drop_leftovers()
            await self._look_at_all()
            while True:
                await self._project_waiting()
                self.up_to_date.set()
                self._woken.clear()
                if not self._due():
                    await self._wait()
        finally:
            unwatch()

    async def catch_up(self) -> None:
        """Project everything that is applied now; for whoever does not `run` it. Raises `StorageError`."""
        for stream, head in (await self._heads()).items():
            while (await self._advance(stream, LIVE))[1] < head:
                pass
            await self._overview(stream, LIVE)

    async def rebuild(self, progress: Progress | None = None) -> int:
        """Rebuild all read models from the log next to those in use, then swap them in at once.

        Returns how many rows of the log they were made of; `progress(done, total)` counts them. Projecting goes on
        meanwhile. Raises `StorageError`; then what is in use is as it was.
        """
        async with self._rebuilding:
            return await self._rebuild(progress)

    async def _rebuild(self, progress: Progress | None) -> int:
        await empty(self._engine, REBUILT)
        self._ahead.clear()
        self._throughs.clear()
        heads, done = await self._heads(), 0
        for stream, head in heads.items():
            through = 0
            while through < head:
                before, through = await self._advance(stream, REBUILT)
                done += through - before
                if progress is not None:
                    progress(done, max(done, sum(heads.values())))
            await self._overview(stream, REBUILT)
        async with self._turn:
            # What came in the meantime: nothing moves on now but this.
            heads = await self._heads()
            for stream, head in heads.items():
                while (await self._step(stream, REBUILT))[1] < head:
                    pass
            await take_over(self._engine)
            self._ahead.clear()
            self._throughs.clear()
            self._readings.begin_anew()
            self.overviews.outlines.forget()
        for stream, head in heads.items():
            await self._to_overview(stream)
            self.updates.wake(stream, head)
        await empty(self._engine, REBUILT)
        self._wal_holds_erased = True
        await self._forget_erased()
        return sum(heads.values())

    async def _drop_leftovers(self) -> None:
        """What an interrupted rebuild left behind would outlive an erasure there."""
        try:
            async with self._rebuilding:
                await empty(self._engine, REBUILT)
            await self._forget_erased()
        except StorageError as error:
            log.warning("projections.storage_failed", reason=error.code)

    # --- following ---

    def _wake(self, stream: UUID, _: int) -> None:
        if stream not in self._waiting:
            self._waiting[stream] = asyncio.get_running_loop().time() + COALESCE_SECONDS
        self._woken.set()

    async def _look_at_all(self) -> None:
        """Put down every stream that is behind."""
        try:
            heads = await self._heads()
            reached = await throughs(LIVE)
        except StorageError as error:
            log.warning("projections.storage_failed", reason=error.code)
            return
        self._waiting.update({stream: 0.0 for stream, head in heads.items() if head > reached.get(stream, 0)})
        await self._forget_erased()

    async def _wait(self) -> None:
        """Until a stream moves on, or a failed one may be tried again; at the latest until the next look at all."""
        now = asyncio.get_running_loop().time()
        first = min((self._due_at(stream) - now for stream in self._waiting), default=POLL_SECONDS)
        try:
            async with asyncio.timeout(max(0.0, min(first, POLL_SECONDS))):
                await self._woken.wait()
        except TimeoutError:
            if not self._waiting:
                await self._look_at_all()

    def _due(self) -> list[UUID]:
        now = asyncio.get_running_loop().time()
        return [stream for stream in self._waiting if self._due_at(stream) <= now]

    def _due_at(self, stream: UUID) -> float:
        failed = self._failed.get(stream)
        return max(self._waiting[stream], 0.0 if failed is None else failed.again_at)

    async def _project_waiting(self) -> None:
        """One step for each stream in turn, so that a long one does not hold up the others."""
        while due := self._due():
            for stream in due:
                del self._waiting[stream]
                await self._follow(stream)

    async def _follow(self, stream: UUID) -> None:
        try:
            if await self._client_of(stream) is None:
                return
            before, through = await self._advance(stream, LIVE)
        except StorageError as error:
            self._put_off(stream, "projections.storage_failed", error.code)
        except Exception as error:  # noqa: BLE001 - one stream must not stop the others
            # Its text may quote content, so only its type is logged.
            self._put_off(stream, "projections.failed", type(error).__name__)
        else:
            self._failed.pop(stream, None)
            if through - before >= ROWS_AT_ONCE:  # what comes after these wakes by itself
                self._waiting[stream] = 0.0

    def _put_off(self, stream: UUID, event: str, reason: str) -> None:
        failed = self._failed.setdefault(stream, _Failed(0, 0.0))
        wait = RETRY_SECONDS[min(failed.times, len(RETRY_SECONDS) - 1)]
        failed.times += 1
        failed.again_at = asyncio.get_running_loop().time() + wait
        self._waiting[stream] = 0.0
        log.warning(event, stream=str(stream), count=failed.times, seconds=wait, reason=reason)

    # --- one step ---

    async def _heads(self) -> dict[UUID, int]:
        """The last applied row of every stream that is projected."""
        heads = await self._source.stream_heads()
        return {stream: head for stream, head in heads.items() if await self._client_of(stream) is not None}

    async def _client_of(self, stream: UUID) -> UUID | None:
        """Whose record it is; None for a stream that is not projected."""
        if stream not in self._streams:
            found = await self._source.stream(stream)
            if found is None:
                return None
            self._streams[stream] = found
        found = self._streams[stream]
        return found.client if found.audience in PROJECTED else None

    async def _advance(self, stream: UUID, tables: TableSet) -> tuple[int, int]:
        """Project the next rows of a stream; returns how far it was and is."""
        async with self._turn:
            before, through = await self._step(stream, tables)
        if through > before and tables is LIVE:
            await self._to_overview(stream)
            self.updates.wake(stream, through)
        return before, through

    async def _to_overview(self, stream: UUID) -> None:
        """Have the overview made anew that a caseload has of the client."""
        client = await self._client_of(stream)
        if client is not None:
            self.overviews.moved(stream, client)

    async def _overview(self, stream: UUID, tables: TableSet) -> None:
        """Make it now."""
        client = await self._client_of(stream)
        if client is not None:
            await self.overviews.make(tables, stream, client)

    async def _step(self, stream: UUID, tables: TableSet) -> tuple[int, int]:
        """`_advance` for a caller who has the turn."""
        before = await self._through_of(tables, stream)
        rows = await self._source.stream_rows(stream, before, ROWS_AT_ONCE)
        client = await self._client_of(stream)
        if not rows or client is None:
            return before, before
        touched = {row.document: row.seq for row in rows}
        behind = [id_ for id_, seq in touched.items() if seq > self._ahead.get((tables.entries, id_), 0)]
        live = tables is LIVE
        wanted = Wanted(rows=True, filing=live and self._materials.keeps(stream), parts=live)
        chart = self._streams[stream].audience is Audience.CHART
        read: list[Reading] = []
        try:
            for start in range(0, len(behind), DOCUMENTS_AT_ONCE):
                some = behind[start : start + DOCUMENTS_AT_ONCE]
                read += await self._readings.of([Location(stream, client, id_, chart) for id_ in some], wanted)
        except BaseException:
            self._readings.not_written(read)
            raise
        through = rows[-1].seq
        made = [one.rows for one in read if one.rows is not None]
        erases = any(row.type is RowType.ERASURE for row in rows)
        if erases and live:
            self.overviews.erases(stream, through)

        def work(connection: Connection) -> None:
            write(connection, tables, made)
            if erases:  # it may hold something of what was erased, and is made anew without
                delete_all(connection, tables.overviews, "stream", [stream])
            write_through(connection, tables, stream, client, through)

        try:
            await self._engine.in_one(work)
        except BaseException:
            self._readings.not_written(read)
            raise
        self._throughs[tables.projected, stream] = through
        if live:
            self.beside_diary.note(stream, before, through, {row.kind for row in rows})
        if wanted.filing:
            self._materials.follow(stream, before, through, touched.keys(), read)
        self._remember(tables, {one.document: one.through for one in read}, through)
        if erases:
            self._wal_holds_erased = True
        await self._forget_erased()
        return before, through

    async def _through_of(self, tables: TableSet, stream: UUID) -> int:
        """How far a stream is projected; read once, as nobody else writes it."""
        key = tables.projected, stream
        if key not in self._throughs:
            self._throughs[key] = await through_of(tables, stream)
        return self._throughs[key]

    async def _forget_erased(self) -> None:
        """Nothing of an erased document stays in this database: its rows are overwritten, its pages in the WAL go."""
        if self._wal_holds_erased:
            try:
                await text_index.forget_erased(self._engine)
                self._wal_holds_erased = not await empty_wal(self._engine)
            except StorageError as error:  # what was projected is projected; this is tried again
                log.warning("projections.storage_failed", reason=error.code)

    def _remember(self, tables: TableSet, ahead: dict[UUID, int], through: int) -> None:
        """Which documents were read beyond `through`: their rows up to there need not be read again."""
        if len(self._ahead) > MOST_REMEMBERED:
            self._ahead.clear()
        for document, seq in ahead.items():
            if seq > through:
                self._ahead[tables.entries, document] = seq
            else:
                self._ahead.pop((tables.entries, document), None)
