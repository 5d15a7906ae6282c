"""Saves the documents of streams that have come to rest, in the background, for the devices that will want them.

It works on the event loop in steps of one document, leaves most of the time to others, and stops for a while when they
are busy: nobody waits for it. Heavy documents are saved in the other process.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID

import structlog

from intersession_schemas.messages import Row
from intersession_server.errors import StorageError
from intersession_server.log.saved import making
from intersession_server.log.saved.making import SavedDocument, Unsaved
from intersession_server.work.workshop import Workshop, is_heavy

AT_REST = timedelta(seconds=1)
"""A stream to which nothing has come for so long is at rest."""
LOOK_EVERY = 0.5
RETRY_AFTER = 60.0
ROWS_AT_ONCE = 500
"""Rows whose documents are saved in one transaction."""
LEFT_TO_OTHERS = 2.0
"""So many times as long as a step has taken, others have the loop."""
BUSY, PAUSE = 0.005, 0.5
"""If it then comes back later than it asked by so many seconds, others are busy: it waits for so many more."""

_log = structlog.get_logger(__name__)


class SavingStore(Protocol):
    """What of a `LogStore` a saver needs; see there."""

    async def unsaved(self, before: datetime, limit: int) -> Unsaved | None:
        """What is to be saved next."""

    async def keep_saved(self, stream: UUID, through: int, made: Mapping[UUID, SavedDocument]) -> None:
        """Keep what was made."""

    async def document_rows(self, document: UUID) -> list[Row]:
        """What it is made of."""

    async def document_operations(self, documents: Sequence[UUID]) -> dict[UUID, int]:
        """How much that is."""


Opened = Callable[[UUID], tuple[int, bytes] | None]


def _nobody(_: UUID) -> None:
    return None


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Saver:
    """One per store. All methods belong to the event loop's thread."""

    def __init__(
        self, store: SavingStore, workshop: Workshop, opened: Opened = _nobody, now: Callable[[], datetime] = _utc_now
    ) -> None:
        """`opened`: what a document that somebody has open is saved as, and its last row."""
        self._store = store
        self._opened = opened
        self._workshop = workshop
        self._now = now
        self._passed_over: set[UUID] = set()
        """Documents that cannot be read or saved without loss, or ended the other process: not tried again."""
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Go on in the background."""
        self._task = asyncio.create_task(self._run(), name="saver")

    async def close(self) -> None:
        """Stop. What is not saved is, after the next start."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                await self.save_all(LEFT_TO_OTHERS)
            except StorageError:  # there is no room, or no disk
                await asyncio.sleep(RETRY_AFTER)
            except Exception as error:  # noqa: BLE001  the text could quote content
                _log.error("log.save_failed", error=type(error).__name__)

    async def save_all(self, left_to_others: float = 0.0) -> None:
        """Save what is at rest. Raises `StorageError`; calling again goes on where it stopped."""
        while found := await self._store.unsaved(self._now() - AT_REST, ROWS_AT_ONCE):
            await self._store.keep_saved(found.stream, found.through, await self._made(found, left_to_others))

    async def _made(self, found: Unsaved, left_to_others: float) -> dict[UUID, SavedDocument]:
        made: dict[UUID, SavedDocument] = {}
        for to_save in found.documents:
            document = to_save.document
            if document in self._passed_over or not making.is_due(to_save):
                continue
            began = time.perf_counter()
            try:
                one = await self._make(document)
            except StorageError:  # said where it was found; its rows are sent as they are
                one = None
            if one is None:
                self._passed_over.add(document)
            else:
                made[document] = one
            await self._give_way(left_to_others * (time.perf_counter() - began))
        return made

    @staticmethod
    async def _give_way(seconds: float) -> None:
        began = time.perf_counter()
        await asyncio.sleep(seconds)
        while seconds and time.perf_counter() - began - seconds > BUSY:
            began, seconds = time.perf_counter(), PAUSE
            await asyncio.sleep(seconds)

    async def _make(self, document: UUID) -> SavedDocument | None:
        rows = await self._store.document_rows(document)
        operations = (await self._store.document_operations([document])).get(document, 0)
        if not is_heavy(rows, operations):
            through, data = self._opened(document) or (0, b"")
            return making.make(rows, data if through == rows[-1].seq else b"")
        try:
            one, _ = await self._workshop.elsewhere(making.make, rows)
        except BrokenProcessPool:
            return None
        return one
