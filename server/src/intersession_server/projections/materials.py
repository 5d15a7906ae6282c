"""Material for briefs and signals, read from the log: by record, as of a row.

What a document says is kept from one time to the next, for the records that were asked for last, and read again where
rows came in, or taken over from the projector. So it is the same as if all were read each time.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import structlog
from cachetools import FIFOCache
from msgspec import Struct

from intersession_schemas.measures.material import Cut, Material, begins, material
from intersession_schemas.messages import Row
from intersession_schemas.streams import Kind
from intersession_server.errors import StorageError
from intersession_server.projections.documents import Location
from intersession_server.projections.filing import Filing, plan_at
from intersession_server.projections.readings import LogReader, Reading, Readings, Wanted
from intersession_server.work import effort

RECORDS_KEPT = 32
_ROWS_AT_ONCE = 500
_DOCUMENTS_AT_ONCE = 50
_WANTED = Wanted(filing=True)

log = structlog.get_logger(__name__)


class _Kept(Struct):
    """What was made of a record's rows up to `through`; `material` when somebody has asked for it, and `before` that of
    fewer rows, for what was worked out of it."""

    through: int
    filed: dict[UUID, Filing]
    material: Material | None = None
    before: Material | None = None

    def moved_on(self, through: int, found: Mapping[UUID, Filing | None]) -> _Kept:
        """With what further rows say."""
        after = {**self.filed, **found}
        filed = {id_: one for id_, one in after.items() if one is not None}
        return _Kept(through, filed, before=self.material or self.before)


class _Place(Struct):
    """Where a record is kept. What moves it on by rows that came leaves it where it stands among those asked for."""

    kept: _Kept


class Materials:
    """Runs on one event loop."""

    def __init__(self, source: LogReader, readings: Readings | None = None) -> None:
        self._source = source
        self._readings = readings or Readings(source)
        # A record comes in anew whenever somebody asks for it, so the first to go is the one not asked for the longest.
        self._kept: FIFOCache[UUID, _Place] = FIFOCache(RECORDS_KEPT)
        self._turns: dict[UUID, tuple[asyncio.Lock, int]] = {}
        self._ahead: dict[UUID, asyncio.Task[None]] = {}
        self._one_ahead = asyncio.Semaphore(1)

    async def of(self, stream: UUID, client: UUID, head: int, heard_at: datetime | None = None) -> Material:
        """The material of a client's record as of the row `head`.

        `heard_at`: when a device of theirs was last heard. Without it, as devices know it: when the newest change of
        theirs arrived. Raises `StorageError`.
        """
        async with self._turn(stream):
            place = self._kept.get(stream)
            kept = place.kept if place is not None else _Kept(0, {})
            if kept.through > head:  # somebody asks for an earlier cut; that is not kept
                earlier = await self._read(stream, client, _Kept(0, {}), head)
                return await effort.in_thread(_material, earlier, client, heard_at)
            kept = await self._read(stream, client, kept, head)
            self._kept[stream] = _Place(kept)
        return await effort.in_thread(_material, kept, client, heard_at)

    def read_ahead(self, stream: UUID, client: UUID, head: int) -> None:
        """Have a record that nothing is kept of read, as somebody who looks at one page of it may want the next.

        One record at a time, and for half of the time, so that nobody waits for it and it is counted for nobody;
        whoever wants that record meanwhile waits for what is left of it, which then goes on without a pause.
        """
        if stream not in self._kept and stream not in self._turns and stream not in self._ahead:
            task = self._ahead[stream] = asyncio.create_task(self._read_ahead(stream, client, head))
            task.add_done_callback(lambda _: self._ahead.pop(stream, None))

    async def _read_ahead(self, stream: UUID, client: UUID, head: int) -> None:
        await effort.serve(None)
        async with self._one_ahead, self._turn(stream):
            if stream in self._kept:
                return
            try:
                self._kept[stream] = _Place(await self._read(stream, client, _Kept(0, {}), head, patient=True))
            except Exception as error:  # noqa: BLE001 - whoever asks for it hears of it
                # Its text may quote content, so only its type is logged.
                reason = error.code if isinstance(error, StorageError) else type(error).__name__
                log.warning("materials.not_read_ahead", stream=str(stream), reason=reason)

    async def close(self) -> None:
        """What is read ahead is not wanted any more."""
        tasks = list(self._ahead.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @asynccontextmanager
    async def _turn(self, stream: UUID) -> AsyncIterator[None]:
        """One at a time for each record, and no record waits for another."""
        lock, waiting = self._turns.get(stream, (asyncio.Lock(), 0))
        self._turns[stream] = lock, waiting + 1
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._turns[stream]
            if waiting > 1:
                self._turns[stream] = lock, waiting - 1
            else:
                del self._turns[stream]

    async def for_brief(self, found: Material, cut: Cut, head: int, session: UUID | None) -> Material:
        """The material with the plan of the moment at which the brief for a session begins."""
        plans = [one for one in found.filed if one.kind is Kind.PLAN]
        if not plans:
            return found
        rows = [row for row in await self._source.document_rows(plans[0].id) if row.seq <= head]
        begun = begins(found, cut, session).at
        return found.telling(plan_then=await effort.in_thread(plan_at, rows, begun))

    def keeps(self, stream: UUID) -> bool:
        """Whether what a record says is kept."""
        return stream in self._kept

    def follow(
        self, stream: UUID, before: int, through: int, touched: Collection[UUID], read: Sequence[Reading]
    ) -> None:
        """Rows of a record after `before` and up to `through` were read for its read models: take over what they say.

        Only where the record is kept, up to `before`, and what was read of each touched document is as of `through`;
        else its rows are read when somebody asks.
        """
        place = self._kept.get(stream)
        if place is None or place.kept.through != before or stream in self._turns:
            return
        found = {one.document: one.filing for one in read if one.through <= through}
        if found.keys() >= set(touched):
            place.kept = place.kept.moved_on(through, found)

    async def _read(self, stream: UUID, client: UUID, kept: _Kept, head: int, *, patient: bool = False) -> _Kept:
        """What is kept, moved on to `head`; `patient`: with pauses, as long as nobody waits for it."""
        if kept.through == head:
            return kept
        touched: dict[UUID, list[Row]] = {}
        through = kept.through
        while through < head:
            rows = await self._source.stream_rows(stream, through, min(_ROWS_AT_ONCE, head - through))
            if not rows:
                break
            through = rows[-1].seq
            for row in rows:
                touched.setdefault(row.document, []).append(row)
        found: dict[UUID, Filing | None] = {}
        ids = list(touched)
        for start in range(0, len(ids), _DOCUMENTS_AT_ONCE):
            began = time.monotonic()
            locations = [Location(stream, client, id_) for id_ in ids[start : start + _DOCUMENTS_AT_ONCE]]
            if kept.through:
                read = await self._readings.of(locations, _WANTED, head)
            else:  # from the beginning, so these are all of their rows
                read = await self._readings.of_rows(
                    locations, [touched[location.document] for location in locations], _WANTED
                )
            found |= {one.document: one.filing for one in read}
            if patient and self._turns[stream][1] == 1:
                await asyncio.sleep(time.monotonic() - began)
        return kept.moved_on(through, found)


def _material(kept: _Kept, client: UUID, heard_at: datetime | None) -> Material:
    if kept.material is None:
        filed = kept.filed.values()
        heard = [one.heard[client] for one in filed if client in one.heard]
        made = material(
            (one.document for one in filed if one.document is not None),
            heard_at=max(heard, default=None),
            not_accepted=(row for one in filed for row in one.not_accepted),
            unreadable=(said for one in filed for said in one.unreadable),
        )
        if (before := kept.before) is not None:
            made.take_over(before)
        kept.material, kept.before = made, None
    # What a request makes of it is kept for the next one, as long as no row comes in.
    return kept.material if heard_at is None else kept.material.telling(heard_at=heard_at)
