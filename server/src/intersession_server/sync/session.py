"""One replica's session as a pure machine: `(state, event, now) → effects`.

It knows the protocol and nothing of sockets, stores or clocks; `endpoint` carries its effects out and feeds
what came of them back. The invariants it keeps:

- `accepted` is sent on `Persisted` and on nothing else, `erased` on `ErasurePersisted`.
- One page at a time is read, and the next only after the last has left for the socket (`Drained`), so a slow
  reader costs one page whatever it misses.
- A page that was read under a grant which has ended meanwhile is dropped, not sent.
- Waking is a level ("stream S is at N or beyond"), so a doubled or late wake-up changes nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

from msgspec import Struct

from intersession_schemas.changes import MAX_CHANGE_BYTES, Change, read_change
from intersession_schemas.errors import (
    NOT_FINAL,
    REFUSAL_TEXT,
    CloseCode,
    DocumentError,
    ErrorCode,
    Refusal,
    WireError,
)
from intersession_schemas.messages import (
    PROTOCOL,
    Accepted,
    Erase,
    Erased,
    Error,
    Have,
    Hello,
    Limits,
    Purged,
    Push,
    Rejected,
    Revoked,
    Rows,
    Snapshot,
    StreamCursor,
    StreamOffer,
    Up,
    Want,
    Welcome,
)
from intersession_schemas.streams import Audience
from intersession_server.sync.events import (
    AccessDenied,
    BackfillRead,
    Close,
    CompareHeads,
    Drained,
    Effect,
    ErasurePersisted,
    Event,
    GrantsChanged,
    HeadsCompared,
    Malformed,
    NotePurged,
    PageRead,
    Persist,
    Persisted,
    PersistErasure,
    PersistFailed,
    ReadBackfill,
    ReadPage,
    ReadStreams,
    Received,
    Send,
    StorageLow,
    StreamsRead,
    Tick,
    Watch,
    Woken,
)

HELLO_WITHIN = 10.0
"""Seconds a connection may take to say hello."""
PURGE_WITHIN = 30.0
"""Seconds a revoked device may take to answer `purged` before it is closed all the same."""
RETRY_SOON = 1.0
RETRY_STORAGE = 5.0
RETRY_FULL = 600.0
"""Seconds after which a replica tries again what was not taken, by why it was not."""


class Identity(Struct, frozen=True):
    """Who is at the other end, as the device's token said."""

    account: UUID
    device: UUID


class SessionLimits(Struct, frozen=True):
    """What one connection may ask for: pushes under way, frames a second, and how many at once."""

    frame_bytes: int
    pushes: int = 32
    messages_per_second: float = 200.0
    burst: float = 400.0


class _Stream:
    """A stream being served: how far the replica is, and whether there may be more to read."""

    __slots__ = ("audience", "backfill_head", "below", "due", "grant", "sent")

    def __init__(self, offer: StreamOffer, sent: int, backfill_head: int | None, below: int | None) -> None:
        self.audience = offer.audience
        self.grant = offer.grant
        self.sent = sent
        self.backfill_head = backfill_head
        self.below = below
        self.due = True


class ServerSession:
    """The server's half of one connection."""

    def __init__(self, identity: Identity, limits: SessionLimits, server: str, now: float) -> None:
        """`now` and all later times are seconds of a monotonic clock; `server` names this server's version."""
        self._identity = identity
        self._limits = limits
        self._server = server
        self._hello: Hello | None = None
        self._welcomed = False
        self._closed = False
        self._streams: dict[UUID, _Stream] = {}
        self._turn: deque[UUID] = deque()
        self._revoking: set[tuple[UUID, UUID]] = set()
        self._device_revoked = False
        self._reading = False
        self._sending = False
        self._pushes: dict[int, UUID] = {}
        self._said_low: set[UUID] = set()
        self._tokens = limits.burst
        self._refilled = now
        self.deadline: float | None = now + HELLO_WITHIN

    def handle(self, event: Event, now: float) -> list[Effect]:
        """What is to be done about `event`. After a `Close` nothing is."""
        if self._closed:
            return []
        effects = self._react(event, now)
        effects.extend(self._next_read())
        if any(isinstance(effect, Close) for effect in effects):
            self._closed = True
            self.deadline = None
        return effects

    def _react(self, event: Event, now: float) -> list[Effect]:  # noqa: C901 - one line an event
        match event:
            case Received():
                return self._received(event.frame, now)
            case Malformed():
                return self._malformed(event.error)
            case StreamsRead():
                return self._streams_read(event, now)
            case PageRead():
                return self._page_read(event)
            case BackfillRead():
                return self._backfill_read(event)
            case AccessDenied():
                return self._access_denied(event.stream)
            case Persisted():
                return self._persisted(event.id, Accepted(event.id, event.seq))
            case StorageLow():
                return self._storage_low(event.stream)
            case ErasurePersisted():
                return self._persisted(event.id, Erased(event.id, event.seq, event.kept, event.read_at))
            case PersistFailed():
                return [self._reject(event.id, self._pushes.pop(event.id), event.refusal)]
            case HeadsCompared():
                return [Send(Want(event.stream, event.document, event.missing))] if event.missing else []
            case Woken():
                return self._woken(event.stream)
            case GrantsChanged():
                return [ReadStreams(())] if self._hello is not None else []
            case Drained():
                self._sending = False
                return []
            case Tick():
                return self._tick(now)

    # --- frames ---

    def _received(self, frame: Up, now: float) -> list[Effect]:
        if not self._take_token(now):
            return self._rate_limited(frame)
        match frame:
            case Hello():
                return self._hello_came(frame)
            case _ if not self._welcomed:
                return _protocol_error("The first frame must be `hello`, and its `welcome` awaited.")
            case Push():
                return self._take(frame) or self._push(frame)
            case Erase():
                return self._take(frame) or self._erase(frame)
            case Have(stream, document, heads):
                return [CompareHeads(stream, document, heads)] if stream in self._streams else []
            case Purged(stream, grant):
                return self._purged(stream, grant)

    def _hello_came(self, hello: Hello) -> list[Effect]:
        if self._hello is not None:
            return _protocol_error("`hello` came twice on one connection.")
        lowest, highest = hello.protocol
        if not lowest <= PROTOCOL <= highest:
            text = f"This server speaks protocol {PROTOCOL}, the app {lowest} to {highest}. Update the older one."
            return [Send(Error(ErrorCode.UPGRADE_REQUIRED, text)), Close(CloseCode.UPGRADE_REQUIRED)]
        self._hello = hello
        self.deadline = None
        return [ReadStreams(tuple(hello.streams))]

    def _take(self, frame: Push | Erase) -> list[Effect]:
        """What is said to a push or an erasure that cannot be taken now; nothing where it can."""
        if frame.id in self._pushes:
            return _protocol_error("Two pushes or erasures under way have one id.")
        if len(self._pushes) >= self._limits.pushes:
            return [self._reject(frame.id, frame.document, Refusal.BUSY)]
        return []

    def _erase(self, erase: Erase) -> list[Effect]:
        self._pushes[erase.id] = erase.document
        return [PersistErasure(erase.id, erase.stream, erase.document, erase.kind)]

    def _push(self, push: Push) -> list[Effect]:
        try:
            changes = self._read_changes(push)
        except DocumentError as error:
            return [self._reject(push.id, push.document, Refusal(error.code))]
        self._pushes[push.id] = push.document
        return [Persist(push.id, push.stream, push.document, push.kind, changes, tuple(push.replaces))]

    def _read_changes(self, push: Push) -> tuple[Change, ...]:
        stream = self._streams.get(push.stream)
        if stream is not None and stream.audience is Audience.VAULT:
            return tuple(_sealed(blob) for blob in push.changes)
        return tuple(read_change(data) for data in push.changes)

    def _persisted(self, id_: int, answer: Accepted | Erased) -> list[Effect]:
        del self._pushes[id_]
        return [Send(answer)]

    def _storage_low(self, stream: UUID) -> list[Effect]:
        if stream not in self._streams or stream in self._said_low:
            return []
        self._said_low.add(stream)
        text = "The practice's server has little room left for this record. Ask the practice to raise the limit."
        return [Send(Error(ErrorCode.STORAGE_LOW, text, stream=stream))]

    def _purged(self, stream: UUID, grant: UUID) -> list[Effect]:
        self._revoking.discard((stream, grant))
        effects: list[Effect] = [NotePurged(stream, grant)]
        if self._device_revoked and not self._revoking:
            effects.append(Close(CloseCode.ACCESS_ENDED))
        return effects

    def _malformed(self, error: WireError) -> list[Effect]:
        effects: list[Effect] = [Send(Error(error.code, str(error)))]
        if error.code == ErrorCode.FRAME_TOO_LARGE:
            effects.append(Close(CloseCode.FRAME_TOO_LARGE))
        elif error.code != ErrorCode.UNKNOWN_FRAME:
            effects.append(Close(CloseCode.PROTOCOL_ERROR))
        return effects

    # --- streams and pages ---

    def _streams_read(self, read: StreamsRead, now: float) -> list[Effect]:
        assert self._hello is not None
        cursors = {} if self._welcomed else {cursor.stream: cursor for cursor in self._hello.streams}
        for cursor in cursors.values():
            if _diverged(cursor, read):
                text = (
                    "This server's log differs from what the device holds; it may have been put back. Ask the practice."
                )
                return [Send(Error(ErrorCode.LOG_DIVERGED, text)), Close(CloseCode.CONFLICT)]
        effects: list[Effect] = []
        offered = {offer.stream: offer for offer in read.offers}
        ended = list(read.ended)
        for stream, state in list(self._streams.items()):
            if stream not in offered or offered[stream].grant != state.grant:
                ended.append((stream, state.grant))
                del self._streams[stream]
        changed = not self._welcomed
        for stream, offer in offered.items():
            if stream not in self._streams:
                self._streams[stream] = _serve(offer, cursors.get(stream))
                changed = True
        self._turn = deque(self._streams)
        effects.append(Watch(frozenset(self._streams)))
        for stream, grant in dict.fromkeys(ended):
            if (stream, grant) not in self._revoking:
                self._revoking.add((stream, grant))
                effects.append(Send(Revoked(stream, grant)))
        if not read.device_revoked and (changed or ended):
            effects.append(Send(self._welcome(read.offers)))
        if not self._welcomed:
            known = offered.keys() | {stream for stream, _ in ended}
            effects.extend(_unknown_stream() for stream in cursors if stream not in known)
        self._welcomed = True
        if read.device_revoked:
            effects.extend(self._end_device(now))
        return effects

    def _end_device(self, now: float) -> list[Effect]:
        self._device_revoked = True
        if not self._revoking:
            return [Close(CloseCode.ACCESS_ENDED)]
        self.deadline = now + PURGE_WITHIN
        return []

    def _welcome(self, offers: Sequence[StreamOffer]) -> Welcome:
        limits = self._limits
        return Welcome(
            protocol=PROTOCOL,
            server=self._server,
            account=self._identity.account,
            device=self._identity.device,
            streams=list(offers),
            limits=Limits(limits.frame_bytes, limits.pushes, limits.messages_per_second, limits.burst),
        )

    def _woken(self, stream: UUID) -> list[Effect]:
        state = self._streams.get(stream)
        if state is not None:
            state.due = True
        return []

    def _next_read(self) -> list[Effect]:
        """The next page, streams taking turns, unless one is being read or on its way out."""
        if self._reading or self._sending or not self._welcomed or self._closed:
            return []
        for _ in range(len(self._turn)):
            stream = self._turn[0]
            self._turn.rotate(-1)
            state = self._streams[stream]
            if not state.due:
                continue
            self._reading = True
            if state.backfill_head is not None:
                return [ReadBackfill(stream, state.grant, state.backfill_head, state.below)]
            state.due = False
            return [ReadPage(stream, state.grant, state.sent)]
        return []

    def _page_read(self, page: PageRead) -> list[Effect]:
        self._reading = False
        state = self._current(page.stream, page.grant)
        if state is None:
            return []
        if page.through < page.head:
            state.due = True
        if page.through <= state.sent:
            return []
        state.sent = page.through
        self._sending = True
        return [Send(Rows(page.stream, page.items, page.through, page.chain))]

    def _backfill_read(self, page: BackfillRead) -> list[Effect]:
        self._reading = False
        state = self._current(page.stream, page.grant)
        if state is None or state.backfill_head is None:
            return []
        state.below = page.backfill
        if page.backfill == 0:
            state.backfill_head = None
            state.sent = page.head
        self._sending = True
        return [Send(Snapshot(page.stream, page.items, page.head, page.chain, page.backfill))]

    def _access_denied(self, stream: UUID) -> list[Effect]:
        self._reading = False
        if stream in self._streams:
            self._streams[stream].due = False
        return [ReadStreams(())]

    def _current(self, stream: UUID, grant: UUID) -> _Stream | None:
        state = self._streams.get(stream)
        return state if state is not None and state.grant == grant else None

    # --- limits and time ---

    def _take_token(self, now: float) -> bool:
        limits = self._limits
        self._tokens = min(limits.burst, self._tokens + (now - self._refilled) * limits.messages_per_second)
        self._refilled = now
        self._tokens -= 1
        return self._tokens >= 0

    def _rate_limited(self, frame: Up) -> list[Effect]:
        """Told so first; closed when it goes on for a whole burst more, as a refusal costs us work too."""
        if self._tokens < -self._limits.burst:
            return [Close(CloseCode.TOO_MANY)]
        wait = -self._tokens / self._limits.messages_per_second
        if isinstance(frame, Push | Erase) and self._welcomed:
            return [self._reject(frame.id, frame.document, Refusal.RATE_LIMITED, wait)]
        return [Send(Error(ErrorCode.RATE_LIMITED, REFUSAL_TEXT[Refusal.RATE_LIMITED], wait))]

    def _tick(self, now: float) -> list[Effect]:
        if self.deadline is None or now < self.deadline:
            return []
        return [Close(CloseCode.ACCESS_ENDED if self._device_revoked else CloseCode.TOO_SLOW)]

    def _reject(self, id_: int, document: UUID, refusal: Refusal, wait: float | None = None) -> Send:
        if wait is None and refusal in NOT_FINAL:
            wait = _RETRY.get(refusal, RETRY_SOON)
        return Send(Rejected(id_, refusal, REFUSAL_TEXT[refusal], document, wait))


_RETRY = {Refusal.STORAGE_FAILED: RETRY_STORAGE, Refusal.STORAGE_FULL: RETRY_FULL}


def _serve(offer: StreamOffer, cursor: StreamCursor | None) -> _Stream:
    """Where to start: at the cursor, in the middle of a backfill, or with a backfill for a new device."""
    if cursor is None or (cursor.cursor == 0 and cursor.backfill is None):
        return _Stream(offer, 0, offer.head or None, None)
    backfilling = cursor.backfill is not None and cursor.backfill > 0
    return _Stream(offer, cursor.cursor, cursor.cursor if backfilling else None, cursor.backfill)


def _diverged(cursor: StreamCursor, read: StreamsRead) -> bool:
    if cursor.cursor == 0 or not cursor.chain or cursor.stream not in read.chains:
        return False
    return read.chains[cursor.stream] != cursor.chain


def _sealed(blob: bytes) -> Change:
    """A vault blob: opaque, known by its hash alone."""
    if len(blob) > MAX_CHANGE_BYTES:
        raise DocumentError("A sealed change is too large.", code=Refusal.TOO_LARGE)
    return Change(sha256(blob).digest(), (), b"", 0, 0, 0, data=blob, size=len(blob))


def _protocol_error(text: str) -> list[Effect]:
    return [Send(Error(ErrorCode.PROTOCOL_ERROR, text)), Close(CloseCode.PROTOCOL_ERROR)]


def _unknown_stream() -> Effect:
    text = "The device asked about a stream that this server does not know. What it holds of it is kept there."
    return Send(Error(ErrorCode.UNKNOWN_STREAM, text))
