"""The replica's half of a connection as a pure machine: `(state, event, now) → effects`.

It knows the protocol and nothing of sockets, stores or clocks. The driver (`sync.conversation`) carries out effects
in their order, each finished before the next is begun: a page is stored with its cursor before anything
follows from it, and `purged` is sent only after the purge is on disk.

It sends no more than `welcome` allows (`pace`): what may not go yet is not even read from the outbox, and `deadline`
says when to look again.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec.structs import replace

from intersession.protocol.outgoing import Frames, Outgoing, cost, cut, first
from intersession.protocol.pace import Pace
from intersession.protocol.session_effects import PUSH_BYTES as PUSH_BYTES
from intersession.protocol.session_effects import Effect as Effect
from intersession.protocol.session_effects import Join as Join
from intersession.protocol.session_effects import Purge as Purge
from intersession.protocol.session_effects import ReadOutbox as ReadOutbox
from intersession.protocol.session_effects import Refuse as Refuse
from intersession.protocol.session_effects import Report as Report
from intersession.protocol.session_effects import Resend as Resend
from intersession.protocol.session_effects import Send as Send
from intersession.protocol.session_effects import Settle as Settle
from intersession.protocol.session_effects import SettleErasure as SettleErasure
from intersession.protocol.session_effects import Stop as Stop
from intersession.protocol.session_effects import StorePage as StorePage
from intersession.protocol.session_events import Event as Event
from intersession.protocol.session_events import Opened as Opened
from intersession.protocol.session_events import OutboxChanged as OutboxChanged
from intersession.protocol.session_events import OutboxRead as OutboxRead
from intersession.protocol.session_events import Received as Received
from intersession.protocol.session_events import Tick as Tick
from intersession_schemas.errors import STREAM_STOPPED_TEXT, ErrorCode, RefusalCode
from intersession_schemas.messages import (
    PROTOCOL,
    Accepted,
    Down,
    Erase,
    Erased,
    Error,
    Hello,
    Outcomes,
    Purged,
    Push,
    Pushes,
    Rejected,
    Revoked,
    Rows,
    Snapshot,
    StreamOffer,
    Want,
    Welcome,
    offers_digest,
)
from intersession_schemas.streams import Audience

STEADY_RETRY = 30.0
"""Seconds between tries of a push that keeps being refused, though not finally."""
FEW = 4
"""Once no frame may be sent any more, so many are waited for, so that the outbox is not read for each of them."""
TOO_LARGE = (
    "This edit is larger than the practice's server accepts in one message, so it was not sent. Split the entry, or ask"
    " the practice to allow larger messages."
)

ABOUT_ALL = (RefusalCode.RATE_LIMITED, RefusalCode.BUSY, RefusalCode.STORAGE_FAILED)
"""Refusals that are not about the one push."""
FINAL_ERRORS = (ErrorCode.PROTOCOL_ERROR, ErrorCode.UPGRADE_REQUIRED)


class ReplicaSession:
    """One connection's state. `caught_up` says when everything known of is exchanged."""

    def __init__(self, pace: Pace | None = None, most_bytes: int | None = None) -> None:
        """`pace` is that of the process. `most_bytes`: a frame of that size was too large for the server before,
        whatever it says; so frames are kept smaller, and one push is under way at a time."""
        self.pace = pace or Pace()
        self.progressed = False
        """Whether this connection has brought anything forward."""
        self.retry_after: float | None = None
        """In how many seconds the server wants to see this device again, as its last error said."""
        self.spread: float | None = None
        """Over how many seconds devices come back after a break, as its last welcome said."""
        self._most_bytes = most_bytes
        self._welcome: Welcome | None = None
        self._held: dict[UUID, int] = {}
        self._backfill: dict[UUID, int | None] = {}
        self._goal: dict[UUID, int] = {}
        self._stopped_before = False
        self._known: Sequence[StreamOffer] = ()
        self.stopped: dict[UUID, tuple[str, str]] = {}
        """The streams that cannot go on with this server, and why: code and message. The others do."""
        self._vaults: set[UUID] = set()
        self._pushes: dict[int, Outgoing] = {}
        self._next_push = 1
        self._waiting: dict[UUID, float] = {}
        self._resent: set[UUID] = set()
        self._outbox_read = False
        self._outbox_due = False
        self._outbox_empty = False
        self._paused_until = 0.0
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

    @property
    def nothing_goes_on(self) -> bool:
        """Whether there are stopped streams, and none of the others ever had a row."""
        return bool(self.stopped) and not any(
            cursor for stream, cursor in self._held.items() if stream not in self.stopped
        )

    @property
    def under_way(self) -> tuple[Outgoing, ...]:
        """The pushes that the server has not answered."""
        return tuple(self._pushes.values())

    def handle(self, event: Event, now: float) -> list[Effect]:
        """What is to be done about `event`; `now` is seconds of a monotonic clock."""
        effects = self._react(event, now) + self._next_outbox(now)
        for effect in effects:
            if isinstance(effect, Send) and not isinstance(effect.frame, Push | Pushes | Erase):
                self.pace.sent(now)
        self._set_deadline(now)
        return effects

    def _set_deadline(self, now: float) -> None:
        times = list(self._waiting.values())
        if self._outbox_due and self._paused_until > now:
            times.append(self._paused_until)
        self.deadline = min(times, default=None)

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
                return self._outbox_came(event.items, now)
            case Tick():
                return self._tick(now)

    def _opened(self, opened: Opened) -> list[Effect]:
        self._stopped_before = opened.stopped
        self._known = opened.known
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
                    known=offers_digest(opened.known) if opened.known else b"",
                )
            )
        ]

    def _received(self, frame: Down, now: float) -> list[Effect]:
        match frame:
            case Welcome():
                return self._welcomed(frame, now)
            case Accepted(id_, seq):
                return self._accepted(id_, seq)
            case Outcomes(items):
                return [effect for item in items for effect in self._received(item, now)]
            case Erased():
                return self._erased(frame)
            case Rejected():
                return self._rejected(frame, now)
            case Rows(stream, _, through, _):
                self._held[stream] = through
                self.progressed = True
                return [StorePage(frame)]
            case Snapshot(stream, _, head, _, backfill):
                self._held[stream], self._backfill[stream] = head, backfill
                self.progressed = True
                return [StorePage(frame)]
            case Want(_, document, _):
                self._outbox_due = True
                return [Resend(document)]
            case Revoked(stream, grant):
                return self._revoked(stream, grant)
            case Error():
                return self._error(frame, now)

    def _error(self, error: Error, now: float) -> list[Effect]:
        if error.stream is not None and error.code in STREAM_STOPPED_TEXT:
            self.stopped[error.stream] = (error.code, error.message)
            self._goal.pop(error.stream, None)
            self._backfill.pop(error.stream, None)
            return [Stop(dict(self.stopped))] if self.welcomed else []
        passing = error.code == ErrorCode.RATE_LIMITED
        if error.retry_after is not None and error.stream is None:
            self.retry_after = error.retry_after
            self._pause(now, error.retry_after)
        if passing:
            self.pace.refused(now)
        return [Report(error.code, error.message, passing, error.code in FINAL_ERRORS, error.stream)]

    def _welcomed(self, welcome: Welcome, now: float) -> list[Effect]:
        if welcome.known:
            welcome = self._completed(welcome)
        effects: list[Effect] = [Join(welcome)]
        if self._welcome is None:
            # Revoked ones are gone by now; what is held and offered no more is not named where there are many.
            gone = dict.fromkeys(self._held.keys() - {one.stream for one in welcome.streams}, ErrorCode.UNKNOWN_STREAM)
            forked = {one.stream: ErrorCode.LOG_DIVERGED for one in welcome.streams if one.fork is not None}
            for stream, code in (gone | forked).items():
                self.stopped.setdefault(stream, (code.value, STREAM_STOPPED_TEXT[code]))
                self._backfill.pop(stream, None)
        if self._welcome is None and (self.stopped or self._stopped_before):
            effects.append(Stop(dict(self.stopped)))  # also none: what was stopped before goes on again
        self._welcome = welcome
        self.spread = welcome.limits.reconnect_within_ms / 1000
        self.pace.allow(welcome.limits, now)
        self._goal = {
            offer.stream: max(offer.head, self._goal.get(offer.stream, 0))
            for offer in welcome.streams
            if offer.stream not in self.stopped
        }
        self._vaults = {offer.stream for offer in welcome.streams if offer.audience is Audience.VAULT}
        self._outbox_due = True
        return effects

    def _completed(self, welcome: Welcome) -> Welcome:
        """The welcome with what it leaves out, as that is known here."""
        named = {offer.stream for offer in welcome.streams}
        known = [
            replace(offer, head=self._held[offer.stream])
            for offer in self._known
            if offer.stream in self._held and offer.stream not in named
        ]
        return replace(welcome, streams=[*welcome.streams, *known], known=False)

    def _accepted(self, id_: int, seq: int) -> list[Effect]:
        outgoing = self._pushes.pop(id_, None)
        if outgoing is None:
            return []
        self._await_row(outgoing.stream, seq)
        self._outbox_due = self.progressed = True
        return [Settle(outgoing.document, outgoing.hashes, sum(map(len, outgoing.changes)))]

    def _erased(self, erased: Erased) -> list[Effect]:
        outgoing = self._pushes.pop(erased.id, None)
        if outgoing is None:
            return []
        self._await_row(outgoing.stream, erased.seq)
        self._outbox_due = self.progressed = True
        return [SettleErasure(outgoing.document, erased.seq, erased.kept, tuple(erased.read_at))]

    def _await_row(self, stream: UUID, seq: int) -> None:
        if stream in self._goal:
            self._goal[stream] = max(seq, self._goal[stream])

    def _rejected(self, rejected: Rejected, now: float) -> list[Effect]:
        outgoing = self._pushes.pop(rejected.id, None)
        if outgoing is None:
            return []
        self._outbox_due = True
        if outgoing.erase and rejected.code == RefusalCode.ERASED:
            self.progressed = True
            return [SettleErasure(outgoing.document, 0, False, ())]  # gone is gone
        if rejected.retry_after is None:
            self.progressed = True
            return [Refuse(outgoing.document, outgoing.hashes, rejected.code, rejected.message)]
        effects: list[Effect] = [Report(rejected.code, rejected.message, passing=True)]
        wait = rejected.retry_after
        if rejected.code in ABOUT_ALL:
            # It is not about this push: whatever is sent now would fare the same.
            self._pause(now, wait)
            if rejected.code == RefusalCode.RATE_LIMITED:
                self.pace.refused(now)
            return effects
        if rejected.code == RefusalCode.MISSING_DEPENDENCY and not outgoing.erase:
            if outgoing.document in self._resent:
                wait = max(wait, STEADY_RETRY)
            else:
                self._resent.add(outgoing.document)
                effects.append(Resend(outgoing.document))
        self._waiting[outgoing.document] = now + wait
        return effects

    def _pause(self, now: float, seconds: float) -> None:
        """Push nothing, and read nothing to push, for so long."""
        self._paused_until = max(self._paused_until, now + seconds)

    def _revoked(self, stream: UUID, grant: UUID) -> list[Effect]:
        for register in (self._held, self._backfill, self._goal, self.stopped):
            register.pop(stream, None)
        self._pushes = {id_: out for id_, out in self._pushes.items() if out.stream != stream}
        # Before a welcome it is about whatever is held: maybe under an earlier grant than the latest, which is named.
        return [Purge(stream, None if self._welcome is None else grant), Send(Purged(stream, grant))]

    def _next_outbox(self, now: float) -> list[Effect]:
        """Read the outbox when something may be in it and a push may be sent."""
        if self._welcome is None or self._outbox_read or not self._outbox_due or now < self._paused_until:
            return []
        most = 1 if self._most_bytes is not None else self._welcome.limits.pushes
        room = most - len(self._pushes)
        if room < max(1, most // 2):  # several are read at once
            return []
        allowed = self.pace.frames(now)
        if allowed < 1:
            self._paused_until = self.pace.ready(now, frames=min(FEW, room))
            return []
        self._outbox_read, self._outbox_due = True, False
        exclude = frozenset(self._waiting).union(out.document for out in self._pushes.values())
        return [ReadOutbox(exclude, room, max(1, min(PUSH_BYTES, self._frame_bytes() * 7 // 8)))]

    def _frame_bytes(self) -> int:
        assert self._welcome is not None
        told = self._welcome.limits.frame_bytes
        return told if self._most_bytes is None else min(told, self._most_bytes)

    def _outbox_came(self, items: Sequence[Outgoing], now: float) -> list[Effect]:
        self._outbox_read = False
        # There may be more than was asked for, so it is read again until it is empty.
        self._outbox_empty = not items
        self._outbox_due = self._outbox_due or bool(items)
        effects: list[Effect] = []
        frames = Frames(self._frame_bytes())
        for item in items:
            outgoing = cut(item, self._frame_bytes())
            if outgoing is None and (outgoing := self._alone(item)) is None:
                effects.append(Refuse(item.document, item.hashes[:1], RefusalCode.TOO_LARGE, TOO_LARGE))
                self.progressed = True
                continue
            cost = self._cost(outgoing, follows=frames.has_room(outgoing))
            if not self.pace.affords(cost, now):
                self._paused_until = max(self._paused_until, self.pace.ready(now, work=cost))
                break  # the rest is read again when its time has come: by then it may be withdrawn
            self.pace.sent(now, cost, frames=0 if frames.has_room(outgoing) else 1)
            self._pushes[self._next_push] = outgoing
            frames.add(self._next_push, outgoing)
            self._next_push += 1
        return [*effects, *map(Send, frames.made())]

    def _alone(self, item: Outgoing) -> Outgoing | None:
        """The first change of an item alone, if the server says that it takes it."""
        assert self._welcome is not None
        return cut(first(item, 1), self._welcome.limits.frame_bytes)

    def _cost(self, outgoing: Outgoing, *, follows: bool) -> float:
        if not self.pace.counts_work:
            return 0.0
        return cost(outgoing, sealed=outgoing.stream in self._vaults, follows=follows)

    def _tick(self, now: float) -> list[Effect]:
        due = [document for document, at in self._waiting.items() if at <= now]
        for document in due:
            del self._waiting[document]
        self._outbox_due = self._outbox_due or bool(due)
        return []
