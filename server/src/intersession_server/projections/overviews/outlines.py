"""Outlines: the material of a record as read models tell it at once, kept for the clients that were asked for last.

It is whole but for the diary (`sources`): signals and scores come out of it as they do out of all that a record says,
and nothing of it takes longer for a client of many years. A document that has not changed is read once, and what was
worked out of it stands (`Material.take_over`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from cachetools import LRUCache
from msgspec import Struct

from intersession_schemas.measures.material import Material
from intersession_server.projections.overviews import sources
from intersession_server.projections.overviews.sources import Held, Sources
from intersession_server.projections.tables import LIVE, TableSet
from intersession_server.storage.engine import SerialEngine

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

KEPT = 64
KEPT_FOR = timedelta(hours=1)
"""What is read depends on the moment by days."""


class Outline(Struct, frozen=True):
    """The outline of a record as of the row `through`, read at a moment; `held` are the documents in it."""

    through: int
    read_at: datetime
    sources: Sources
    material: Material
    held: Mapping[str, Held]


class Outlines:
    """Runs on one event loop."""

    def __init__(self, engine: SerialEngine) -> None:
        """`engine` is the open database of the read models."""
        self._engine = engine
        self._kept: LRUCache[UUID, Outline] = LRUCache(KEPT)
        self._locks: LRUCache[UUID, asyncio.Lock] = LRUCache(4 * KEPT)

    def forget(self) -> None:
        """The read models are others from now on."""
        self._kept.clear()

    async def of(
        self, stream: UUID, client: UUID, now: datetime, through: int | None = None, tables: TableSet = LIVE
    ) -> Outline | None:
        """The outline of a client's record, as it stands, or at least as of the row `through`.

        None where nothing of theirs is projected. Raises `StorageError`.
        """
        if tables is not LIVE:
            return await self._read(stream, client, now, tables, None)
        async with self._turn(stream):
            kept = self._kept.get(stream)
            if kept is not None and through is not None and _is_as_of(kept, through, now):
                return kept
            found = await self._read(stream, client, now, tables, kept)
            if found is None:
                self._kept.pop(stream, None)
            else:
                self._kept[stream] = found
            return found

    @asynccontextmanager
    async def _turn(self, stream: UUID) -> AsyncIterator[None]:
        """One at a time for each record: who asks meanwhile finds it."""
        lock = self._locks.get(stream)
        if lock is None:
            lock = self._locks[stream] = asyncio.Lock()
        async with lock:
            yield

    async def _read(
        self, stream: UUID, client: UUID, now: datetime, tables: TableSet, kept: Outline | None
    ) -> Outline | None:
        held: Mapping[str, Held] = {} if kept is None else kept.held
        found = await self._engine.read(lambda connection: sources.read(connection, tables, stream, client, now, held))
        return None if found is None else await asyncio.to_thread(_made, found, kept, now)


def _is_as_of(kept: Outline, through: int, now: datetime) -> bool:
    return kept.through >= through and now - kept.read_at < KEPT_FOR


def _made(found: Sources, kept: Outline | None, now: datetime) -> Outline:
    held = sources.documents(found)
    material = sources.outline(found, held)
    if kept is not None:
        material.take_over(kept.material)
    return Outline(found.through, now, found, material, held)
