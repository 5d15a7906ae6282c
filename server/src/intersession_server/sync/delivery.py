"""What goes out to one replica: which page of which stream is read next, and what is sent of it. Pure.

One page at a time is read, streams taking turns, and the next only after the last has left for the socket (`drained`).
A page that was read under a grant which has ended meanwhile is dropped, not sent.
"""

from __future__ import annotations

from collections import deque
from uuid import UUID

from intersession_schemas.messages import Rows, Snapshot
from intersession_server.sync.events import BackfillRead, Effect, PageRead, ReadBackfill, ReadPage, Send
from intersession_server.sync.limits import READ_AGAIN
from intersession_server.sync.serving import Served, read_costs
from intersession_server.work.budget import LOOK_AGAIN, Budget


class Delivery:
    """The streams that a replica is served, and how far."""

    def __init__(self, budget: Budget) -> None:
        """`budget`: what the account's reading may cost."""
        self.streams: dict[UUID, Served] = {}
        self.read_at: float | None = None
        """When to look again, where the budget says later."""
        self._budget = budget
        self._turn: deque[UUID] = deque()
        self._sending = False

    def serves(self, stream: UUID) -> bool:
        """Whether the stream is served, and was not stopped."""
        state = self.streams.get(stream)
        return state is not None and not state.stopped

    def is_stopped(self, stream: UUID) -> bool:
        """Whether the stream is one of these and was stopped."""
        return stream in self.streams and self.streams[stream].stopped

    def take_turns(self) -> None:
        """All streams are read in turn from here on."""
        self._turn = deque(self.streams)

    def woken(self, stream: UUID, head: int) -> None:
        """The stream is at `head` or beyond."""
        if self.serves(stream) and not self.streams[stream].damaged and head > self.streams[stream].sent:
            self.streams[stream].due = True

    def drained(self) -> None:
        """What was sent last has left."""
        self._sending = False

    def end(self) -> None:
        """Nothing is read any more."""
        self._budget.has_read(self)

    def next_read(self, now: float) -> list[Effect]:
        """The next page, unless one is being read or on its way out, or the budget says later."""
        self.read_at = None
        if self._budget.is_reading(self) or self._sending:
            return []
        wait = self._budget.wait(now) if any(state.due for state in self.streams.values()) else 0.0
        if wait > 0:
            self._budget.spend(0.0, now)  # who waits counts among those who ask
            self.read_at = now + max(LOOK_AGAIN / 100, min(wait, LOOK_AGAIN))
            return []
        for _ in range(len(self._turn)):
            stream = self._turn[0]
            self._turn.rotate(-1)
            state = self.streams[stream]
            if not state.due:
                continue
            if not self._budget.begin_reading(self):
                self.read_at = now + READ_AGAIN
                return []
            if state.backfill_head is not None:
                return [ReadBackfill(stream, state.grant, state.backfill_head, state.below)]
            state.due = False
            return [ReadPage(stream, state.grant, state.sent)]
        return []

    def read(self, page: PageRead | BackfillRead, now: float) -> list[Effect]:
        """A page was read: what is sent of it."""
        self._budget.has_read(self)
        self._budget.spend(read_costs(page), now)
        state = self.streams.get(page.stream)
        if state is None or state.grant != page.grant:
            return []
        return self._page(state, page) if isinstance(page, PageRead) else self._backfill(state, page)

    def denied(self, stream: UUID) -> None:
        """A page was not read: the stream may be read no more."""
        self._budget.has_read(self)
        if stream in self.streams:
            self.streams[stream].due = False

    def damaged(self, stream: UUID) -> None:
        """A page was not read, and nothing more can be: it was altered on the disk."""
        self._budget.has_read(self)
        if stream in self.streams:
            self.streams[stream].damaged = True
            self.streams[stream].due = False

    def _page(self, state: Served, page: PageRead) -> list[Effect]:
        if page.through < page.head:
            state.due = True
        if page.through <= state.sent:
            return []
        state.sent = page.through
        self._sending = True
        return [Send(Rows(page.stream, page.items, page.through, page.chain))]

    def _backfill(self, state: Served, page: BackfillRead) -> list[Effect]:
        if state.backfill_head is None:
            return []
        state.below = page.backfill
        if page.backfill == 0:
            state.backfill_head = None
            state.sent = page.head
        self._sending = True
        return [Send(Snapshot(page.stream, page.items, page.head, page.chain, page.backfill))]
