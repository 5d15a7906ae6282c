"""The replica's half of a connection as a pure machine: `(state, event, now) → effects`.

It knows the protocol and nothing of sockets, stores or clocks. The driver (`connection`) carries out effects
in their order, each finished before the next is begun: a page is stored with its cursor before anything
follows from it, and `purged` is sent only after the purge is on disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from intersession_schemas.errors import Refusal
from intersession_schemas.messages import (
    PROTOCOL,
    Accepted,
    Down,
    Erase,
    Erased,
    Error,
    Hello,
    Purged,
    Push,
    Rejected,
    Revoked,
    Rows,
    Snapshot,
    StreamCursor,
    Up,
    Want,
    Welcome,
)

PUSH_BYTES = 512 * 1024
"""About how many bytes of changes are put into one push."""
STEADY_RETRY = 30.0
"""Seconds between tries of a push that keeps being refused, though not finally."""


class Outgoing(Struct, frozen=True):
    """What waits in the outbox of one document: changes, oldest first, or its erasure.

    Of a vault the changes are blobs, and `replaces` names those on the server that they take the place of.
    """

    stream: UUID
    document: UUID
    kind: str
    hashes: tuple[bytes, ...]
    changes: tuple[bytes, ...]
    erase: bool = False
    replaces: tuple[bytes, ...] = ()


# --- events --------------------------------------------------------------------------------------------------


class Opened(Struct, frozen=True):
    """The connection stands; this is what the store holds."""

    replica: UUID
    agent: str
    cursors: Sequence[StreamCursor]


class Received(Struct, frozen=True):
    """A frame came."""

    frame: Down


class OutboxChanged(Struct, frozen=True):
    """Something may be waiting in the outbox."""


class OutboxRead(Struct, frozen=True):
    """What waits in the outbox, as `ReadOutbox` asked; nothing, when nothing does."""

    items: Sequence[Outgoing]


class Tick(Struct, frozen=True):
    """The session's `deadline` has come."""


Event = Opened | Received | OutboxChanged | OutboxRead | Tick


# --- effects -------------------------------------------------------------------------------------------------


class Send(Struct, frozen=True):
    """Send the frame."""

    frame: Up


class Join(Struct, frozen=True):
    """Remember the streams that the welcome offers."""

    welcome: Welcome


class StorePage(Struct, frozen=True):
    """Store the page and its cursor in one transaction, then apply it."""

    page: Rows | Snapshot


class ReadOutbox(Struct, frozen=True):
    """Answer with `OutboxRead`: at most `limit` documents, none of `exclude`, in streams that are joined."""

    exclude: frozenset[UUID]
    limit: int


class Settle(Struct, frozen=True):
    """These changes are durable on the server: they leave the outbox."""

    document: UUID
    hashes: tuple[bytes, ...]


class SettleErasure(Struct, frozen=True):
    """The document is erased on the server, in row `seq` (0: it was before); see `messages.Erased`."""

    document: UUID
    seq: int
    kept: bool
    read_at: tuple[datetime, ...]


class Refuse(Struct, frozen=True):
    """These changes will never be accepted: rebuild the document without them, keep them as readable text.

    Without any, it is the document's erasure that will not be done.
    """

    document: UUID
    hashes: tuple[bytes, ...]
    code: str
    message: str


class Resend(Struct, frozen=True):
    """The server lacks changes of this document: put all of them into the outbox again."""

    document: UUID


class Purge(Struct, frozen=True):
    """Delete the stream's data, cursor and outbox in one transaction."""

    stream: UUID
    grant: UUID


class Report(Struct, frozen=True):
    """The server says that something is wrong; shown in the status."""

    code: str
    message: str


Effect = Send | Join | StorePage | ReadOutbox | Settle | SettleErasure | Refuse | Resend | Purge | Report


class ReplicaSession:
    """One connection's state. `caught_up` says when everything known of is exchanged."""

    def __init__(self) -> None:
        self._welcome: Welcome | None = None
        self._held: dict[UUID, int] = {}
        self._backfill: dict[UUID, int | None] = {}
        self._goal: dict[UUID, int] = {}
        self._pushes: dict[int, Outgoing] = {}
        self._next_push = 1
        self._waiting: set[UUID] = set()
        self._resent: set[UUID] = set()
        self._outbox_read = False
        self._outbox_due = False
        self._outbox_empty = False
        self.deadline: float | None = None

    @property
    def welcomed(self) -> bool:
        """Whether the server has answered `hello`."""
        return self._welcome is not None

    @property
    def caught_up(self) -> bool:
        """Whether nothing waits to be sent and every row known of has been stored."""
        return (
            self.welcomed
            and self._outbox_empty
            and not (self._outbox_due or self._outbox_read or self._pushes or self._waiting)
            and all(self._held.get(stream, 0) >= goal for stream, goal in self._goal.items())
            and not any(self._backfill.values())
        )

    def handle(self, event: Event, now: float) -> list[Effect]:
        """What is to be done about `event`; `now` is seconds of a monotonic clock."""
        return self._react(event, now) + self._next_outbox()

    def _react(self, event: Event, now: float) -> list[Effect]:
        match event:
            case Opened():
                return self._opened(event)
            case Received():
                return self._received(event.frame, now)
            case OutboxChanged():
                self._outbox_due = True
                return []
            case OutboxRead():
                return self._outbox_came(event.items)
            case Tick():
                return self._tick(now)

    def _opened(self, opened: Opened) -> list[Effect]:
        for cursor in opened.cursors:
            self._held[cursor.stream] = cursor.cursor
            self._backfill[cursor.stream] = cursor.backfill
        return [
            Send(
                Hello(
                    protocol=(PROTOCOL, PROTOCOL),
                    replica=opened.replica,
                    agent=opened.agent,
                    streams=list(opened.cursors),
                )
            )
        ]

    def _received(self, frame: Down, now: float) -> list[Effect]:
        match frame:
            case Welcome():
                return self._welcomed(frame)
            case Accepted(id_, seq):
                return self._accepted(id_, seq)
            case Erased():
                return self._erased(frame)
            case Rejected():
                return self._rejected(frame, now)
            case Rows(stream, _, through, _):
                self._held[stream] = through
                return [StorePage(frame)]
            case Snapshot(stream, _, head, _, backfill):
                self._held[stream], self._backfill[stream] = head, backfill
                return [StorePage(frame)]
            case Want(_, document, _):
                return [Resend(document)]
            case Revoked(stream, grant):
                return self._revoked(stream, grant)
            case Error(code, message):
                return [Report(code, message)]

    def _welcomed(self, welcome: Welcome) -> list[Effect]:
        self._welcome = welcome
        self._goal = {offer.stream: max(offer.head, self._goal.get(offer.stream, 0)) for offer in welcome.streams}
        self._outbox_due = True
        return [Join(welcome)]

    def _accepted(self, id_: int, seq: int) -> list[Effect]:
        outgoing = self._pushes.pop(id_, None)
        if outgoing is None:
            return []
        self._await_row(outgoing.stream, seq)
        self._outbox_due = True
        return [Settle(outgoing.document, outgoing.hashes)]

    def _erased(self, erased: Erased) -> list[Effect]:
        outgoing = self._pushes.pop(erased.id, None)
        if outgoing is None:
            return []
        self._await_row(outgoing.stream, erased.seq)
        self._outbox_due = True
        return [SettleErasure(outgoing.document, erased.seq, erased.kept, tuple(erased.read_at))]

    def _await_row(self, stream: UUID, seq: int) -> None:
        if stream in self._goal:
            self._goal[stream] = max(seq, self._goal[stream])

    def _rejected(self, rejected: Rejected, now: float) -> list[Effect]:
        outgoing = self._pushes.pop(rejected.id, None)
        if outgoing is None:
            return []
        self._outbox_due = True
        if outgoing.erase and rejected.code == Refusal.ERASED:
            return [SettleErasure(outgoing.document, 0, False, ())]  # gone is gone
        if rejected.retry_after is None:
            return [Refuse(outgoing.document, outgoing.hashes, rejected.code, rejected.message)]
        self._waiting.add(outgoing.document)
        wait = rejected.retry_after
        effects: list[Effect] = [Report(rejected.code, rejected.message)]
        if rejected.code == Refusal.MISSING_DEPENDENCY and not outgoing.erase:
            if outgoing.document in self._resent:
                wait = max(wait, STEADY_RETRY)
            else:
                self._resent.add(outgoing.document)
                effects.append(Resend(outgoing.document))
        self.deadline = max(self.deadline or 0.0, now + wait)
        return effects

    def _revoked(self, stream: UUID, grant: UUID) -> list[Effect]:
        for register in (self._held, self._backfill, self._goal):
            register.pop(stream, None)
        self._pushes = {id_: out for id_, out in self._pushes.items() if out.stream != stream}
        return [Purge(stream, grant), Send(Purged(stream, grant))]

    def _next_outbox(self) -> list[Effect]:
        """Read the outbox when something may be in it and a push may be sent."""
        if self._welcome is None or self._outbox_read or not self._outbox_due:
            return []
        room = self._welcome.limits.pushes - len(self._pushes)
        if room < 1:
            return []
        self._outbox_read, self._outbox_due = True, False
        return [ReadOutbox(frozenset(self._waiting.union(out.document for out in self._pushes.values())), room)]

    def _outbox_came(self, items: Sequence[Outgoing]) -> list[Effect]:
        self._outbox_read = False
        # There may be more than was asked for, so it is read again until it is empty.
        self._outbox_empty = not items
        self._outbox_due = self._outbox_due or bool(items)
        effects: list[Effect] = []
        for outgoing in items:
            self._pushes[self._next_push] = outgoing
            effects.append(Send(_frame(self._next_push, outgoing)))
            self._next_push += 1
        return effects

    def _tick(self, now: float) -> list[Effect]:
        if self.deadline is not None and now >= self.deadline:
            self.deadline = None
            self._waiting.clear()
            self._outbox_due = True
        return []


def _frame(id_: int, outgoing: Outgoing) -> Push | Erase:
    where = (outgoing.stream, outgoing.document, outgoing.kind)
    if outgoing.erase:
        return Erase(id_, *where)
    return Push(id_, *where, list(outgoing.changes), list(outgoing.replaces))
