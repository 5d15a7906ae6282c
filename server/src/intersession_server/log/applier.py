"""Drives `applying`: reads what is durable, applies it, tells the store, wakes those who wait for it.

It runs on the event loop, not on a thread. Automerge holds the GIL for as long as it works, so a thread would
buy no parallelism, only locks; here the work is cut into steps, one document's batch at a time, and the loop
has its turn after each. A document so large that one step would hold up everybody is applied in another process,
and its stream waits for that while the others go on.

A row's first attempt is noted with the row itself. After a restart the rows that were left are noted again
before they are tried; where one was left twice, rows are tried singly, each with its own commit, so that only
a row that really ends the process wears out its attempts.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from typing import Protocol
from uuid import UUID

import structlog

from intersession_server.log import applying
from intersession_server.log.applying import HeldDocuments
from intersession_server.log.standing import StandingDocument
from intersession_server.log.store import MAX_ATTEMPTS, DamagedLog, LoggedRow, LogStore, StorageFailed
from intersession_server.work.workshop import HEAVY_OPERATIONS, Workshop

ROWS_AT_ONCE = 5_000
BYTES_AT_ONCE = 4 * 1024 * 1024
"""Of all streams that are behind: many, so that a document's changes come together and are applied in one batch."""
HELD_BYTES = 64 * 1024 * 1024
RETRY_SECONDS = 1.0
MOST_GIVEN = 0.05
"""Seconds for which others are given way to, at most, after a step."""
FORESEEN = 20.0
"""Milliseconds that one document's batch may take before its author is charged for the rest.

What a change costs lies in its document as well: an edit of a large one takes long however small it is.
"""

_log = structlog.get_logger(__name__)


class Wakes(Protocol):
    """Who wants to hear that a stream has moved on."""

    def wake(self, stream: UUID, head: int) -> None:
        """Rows of `stream` up to `head` can be read now."""


class Applier:
    """One per store. All methods belong to the event loop's thread."""

    def __init__(
        self, store: LogStore, wakeups: Wakes, *, held_bytes: int = HELD_BYTES, heavy_from: int = HEAVY_OPERATIONS
    ) -> None:
        """Documents of more than `heavy_from` operations are applied in another process."""
        self._store = store
        self._heavy_from = heavy_from
        self._workshop = Workshop()
        self._apart: dict[UUID, asyncio.Task[None]] = {}
        self._wakeups = wakeups
        self.documents: HeldDocuments[StandingDocument] = HeldDocuments(held_bytes)
        """Those that were written to last, as they stand."""
        self.spent: Callable[[UUID, float], None] = lambda account, work: None
        """Called with the author of rows that took more work than was foreseen, and how much more."""
        self._damaged: set[UUID] = set()
        """Streams that stand still until the next start: something in them was altered on the disk."""
        self._due = asyncio.Event()
        self._turn = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def saved(self, document: UUID) -> tuple[int, bytes] | None:
        """The last row of a document that is open, and what it is saved as; None where it is not."""
        held = self.documents.get(document)
        return None if held is None else (held.history.through, held.document.save())

    async def start(self) -> None:
        """Deal with what an interruption left, then go on in the background. Call it before the first append.

        Raises `StorageFailed`.
        """
        await self.recover()
        self._task = asyncio.create_task(self._run(), name="applier")

    def appended(self) -> None:
        """There is something to apply."""
        self._due.set()

    async def close(self) -> None:
        """Stop. What is not applied yet is dealt with by the next start."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        apart = list(self._apart.values())
        for task in apart:
            task.cancel()
        await asyncio.gather(*apart, return_exceptions=True)
        self._workshop.close()

    async def catch_up(self) -> None:
        """Apply all that is durable. Raises `StorageFailed`; calling again goes on where it stopped."""
        async with self._turn:
            await self._go_on()
            while self._apart:
                apart = list(self._apart.values())
                await asyncio.wait(apart)
                for task in apart:
                    if not isinstance(task.exception(), DamagedLog):
                        task.result()
                await self._go_on()

    async def _go_on(self) -> None:
        """Apply what is durable and not heavy, and set the heavy going."""
        while rows := await self._store.unapplied(ROWS_AT_ONCE, BYTES_AT_ONCE, (*self._apart, *self._damaged)):
            self._due.clear()
            failed: StorageFailed | None = None
            for theirs in applying.by_stream(rows):
                try:
                    await self._go_on_with(theirs)
                except DamagedLog as damage:
                    self._stand_still(theirs[0].stream, damage)
                except StorageFailed as failure:  # the others go on
                    failed = failed or failure
                if self._due.is_set() and failed is None:  # a row that has just come may be the only one of its stream
                    break
            if failed is not None:
                raise failed

    async def _go_on_with(self, rows: Sequence[LoggedRow]) -> None:
        """Apply the next rows of one stream."""
        light, heavy = applying.divided(rows, self._heavy_from)
        await self._settle(light, await self._apply(light))
        for stream, theirs in heavy.items():
            task = self._apart[stream] = asyncio.create_task(self._deal_with(theirs), name="applier of the heavy")
            task.add_done_callback(partial(self._dealt_with, stream))

    async def _deal_with(self, rows: Sequence[LoggedRow]) -> None:
        """Apply rows of heavy documents of one stream. One that ends the other process is in the end set aside."""
        try:
            aside = await self._apply_elsewhere(rows)
        except BrokenProcessPool:
            for row in rows:
                await self._settle([row], await self._try(row))
        else:
            await self._settle(rows, aside)

    async def _try(self, row: LoggedRow) -> set[tuple[UUID, int]]:
        for _ in range(row.attempts, MAX_ATTEMPTS):
            await self._store.note_attempts([row])
            try:
                return await self._apply_elsewhere([row])
            except BrokenProcessPool:
                continue
        return {(row.stream, row.seq)}

    def _dealt_with(self, stream: UUID, task: asyncio.Task[None]) -> None:
        del self._apart[stream]
        error = None if task.cancelled() else task.exception()
        if isinstance(error, DamagedLog):
            self._stand_still(stream, error)
            self._due.set()
        elif error is not None:
            _log.error("log.apply_postponed", stream=str(stream), error=type(error).__name__)
            asyncio.get_running_loop().call_later(RETRY_SECONDS, self._due.set)
        else:
            self._due.set()

    def _stand_still(self, stream: UUID, damage: DamagedLog) -> None:
        """Nothing more of the stream is applied: trying again would not help. What comes to it is kept."""
        self._damaged.add(stream)
        _log.error("log.stream_stopped", stream=str(stream), reason=damage.code)

    async def recover(self) -> None:
        """`catch_up` for rows that an earlier process may have died of."""
        async with self._turn:
            while rows := await self._store.unapplied(ROWS_AT_ONCE, BYTES_AT_ONCE, tuple(self._damaged)):
                together = all(row.attempts == 1 for row in rows)
                if together:
                    await self._store.note_attempts(rows)
                for theirs in applying.by_stream(rows):
                    try:
                        if together:
                            await self._settle(theirs, await self._apply(theirs))
                        else:
                            for row in theirs:
                                await self._retry(row)
                    except DamagedLog as damage:
                        self._stand_still(theirs[0].stream, damage)

    async def _run(self) -> None:
        while True:
            await self._due.wait()
            self._due.clear()
            try:
                async with self._turn:
                    await self._go_on()
            except StorageFailed:
                _log.error("log.apply_postponed", reason="storage_failed")
            except Exception as error:  # noqa: BLE001  rows must go on being applied; the text could quote content
                _log.error("log.apply_failed", error=type(error).__name__)
            else:
                continue
            self._due.set()
            await asyncio.sleep(RETRY_SECONDS)

    async def _retry(self, row: LoggedRow) -> None:
        aside = {(row.stream, row.seq)}
        if not applying.worn_out(row):
            await self._store.note_attempts([row])
            aside = await self._apply([row])
        await self._settle([row], aside)

    async def _apply(self, rows: Sequence[LoggedRow]) -> set[tuple[UUID, int]]:
        """Apply rows to their documents; gives (stream, seq) of those that do not apply."""
        aside: set[tuple[UUID, int]] = set()
        for document, changes in applying.by_document(rows).items():
            held = self.documents.take(document)
            before = [] if held or changes[0].first else await self._store.document_rows(document)
            watch = _Watch()
            held = held or StandingDocument(changes[0].kind, before)
            steps = applying.advance(held.open, changes)
            while True:
                try:
                    next(steps)
                except StopIteration as done:
                    aside.update((changes[0].stream, seq) for seq in done.value)
                    held.take_in(changes, done.value)
                    break
                await watch.give_way()
            self.documents.put(document, held)
            await watch.give_way()
            if watch.milliseconds > FORESEEN:
                self.spent(changes[-1].author, watch.milliseconds - FORESEEN)
        self.documents.forget(applying.erased(rows))
        return aside

    async def _apply_elsewhere(self, rows: Sequence[LoggedRow]) -> set[tuple[UUID, int]]:
        """The same in another process; raises `BrokenProcessPool` where that has ended."""
        aside: set[tuple[UUID, int]] = set()
        for document, changes in applying.by_document(rows).items():
            self.documents.forget([document])
            before = [] if changes[0].first else await self._store.document_changes(document)
            given = changes[0].kind, before, changes
            seqs, seconds = await self._workshop.elsewhere(applying.set_aside, given)
            aside.update((changes[0].stream, seq) for seq in seqs)
            self.spent(changes[-1].author, max(0.0, 1_000 * seconds - FORESEEN))
        return aside

    async def _settle(self, rows: Sequence[LoggedRow], aside: set[tuple[UUID, int]]) -> None:
        progress = applying.settle(rows, aside)
        # Handed over together, so that one commit holds them all.
        stored = await asyncio.gather(
            *(self._store.applied(one.stream, one.through, one.quarantined) for one in progress), return_exceptions=True
        )
        for one, failure in zip(progress, stored, strict=True):
            if failure is None:
                if one.quarantined:
                    _log.warning("log.quarantined", stream=str(one.stream), rows=list(one.quarantined))
                self._wakeups.wake(one.stream, one.through)
        for failure in stored:
            if failure is not None:
                raise failure


class _Watch:
    """How long the loop was held, turns of others left out."""

    def __init__(self) -> None:
        self.milliseconds = 0.0
        self._since = time.perf_counter()

    async def give_way(self) -> None:
        """Leave the loop to others after each step, for a quarter of the time it was held: their turns come first."""
        held = time.perf_counter() - self._since
        self.milliseconds += held * 1000
        await asyncio.sleep(min(held / 4, MOST_GIVEN))
        self._since = time.perf_counter()
