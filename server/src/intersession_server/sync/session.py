"""One replica's session as a pure machine: `(state, event, now) → effects`.

It knows the protocol and nothing of sockets, stores or clocks; `endpoint` carries its effects out and feeds
what came of them back. The invariants it keeps:

- `accepted` is sent on `Persisted` and on nothing else, `erased` on `ErasurePersisted`.
- One page at a time is read and sent (`delivery`), so a slow reader costs one page whatever it misses.
- A frame beyond what its person may ask for is held, in its order, and never refused for that.
- Waking is a level ("stream S is at N or beyond"), so a doubled or late wake-up changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from intersession_schemas.errors import (
    CloseCode,
    DocumentError,
    ErrorCode,
    RefusalCode,
)
from intersession_schemas.messages import (
    PROTOCOL,
    Accepted,
    Erase,
    Erased,
    Error,
    Have,
    Hello,
    Purged,
    Push,
    Pushes,
    Revoked,
    StreamCursor,
    StreamOffer,
    Up,
    Want,
    Welcome,
)
from intersession_schemas.streams import Audience
from intersession_server.sync.answers import (
    closes,
    malformed,
    protocol_error,
    reject,
    stopped,
    storage_low,
    too_fast,
    unknown_streams,
)
from intersession_server.sync.delivery import Delivery
from intersession_server.sync.events import (
    AccessDenied,
    AwaitTurn,
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
    NoteDefence,
    NotePurged,
    NoteUnasked,
    PageRead,
    Persisted,
    PersistErasure,
    PersistFailed,
    ReadingDamaged,
    ReadStreams,
    Received,
    Send,
    StorageLow,
    StreamsRead,
    Tick,
    Turn,
    Watch,
    Woken,
)
from intersession_server.sync.inbox import BAD_CHANGE_COSTS, Inbox, PushReading, refused_unread
from intersession_server.sync.limits import (
    ERASURES,
    HELLO_WITHIN,
    PAUSED_WITHIN,
    PURGE_WITHIN,
    Identity,
    SessionLimits,
)
from intersession_server.sync.serving import diverged, knows, serve
from intersession_server.work.budget import Budget, Budgets


class ServerSession:
    """The server's half of one connection."""

    def __init__(
        self, identity: Identity, limits: SessionLimits, server: str, now: float, budget: Budget | None = None
    ) -> None:
        """`now` and all later times are seconds of a monotonic clock; `server` names this server's version.

        `budget` is the account's, shared by its connections; without one the connection has its own.
        """
        self._identity = identity
        self._limits = limits
        self._server = server
        self._hello: Hello | None = None
        self._welcomed = False
        self._closed = False
        self._revoking: set[tuple[UUID, UUID]] = set()
        self._device_revoked = False
        self._pushes: dict[int, UUID] = {}
        self._erasing: set[int] = set()
        self._said_low: set[UUID] = set()
        self._comparing = 0
        self._reading_push: PushReading | None = None
        self._budget = budget or Budgets(limits.rates).of(identity.account, now)
        self._budget.connections += 1
        self._delivery = Delivery(self._budget)
        self._inbox = Inbox(self._budget, frames=limits.frames_held, bytes_=limits.bytes_held)
        self._deadline: float | None = now + HELLO_WITHIN

    @property
    def deadline(self) -> float | None:
        """When to say `Tick`, if nothing happens before."""
        if self._closed:
            return None
        paused = self._inbox.paused_since
        late = None if paused is None else paused + PAUSED_WITHIN
        times = (self._deadline, self._inbox.look_at, self._delivery.read_at, late)
        return min((at for at in times if at is not None), default=None)

    @property
    def is_paused(self) -> bool:
        """Whether so much waits that nothing more should be received for now."""
        return self._inbox.paused_since is not None

    def end(self) -> None:
        """The connection is over, whoever ended it."""
        self._closed = True
        self._inbox.drop()
        self._delivery.end()
        self._budget.connections -= 1

    def handle(self, event: Event, now: float) -> list[Effect]:
        """What is to be done about `event`. After a `Close` nothing is."""
        if isinstance(event, Persisted | ErasurePersisted | PersistFailed):
            self._budget.under_way -= 1
            self._budget.erasing -= event.id in self._erasing
            self._erasing.discard(event.id)
        if self._closed:
            return []
        effects = self._react(event, now)
        while not closes(effects) and (waiting := self._inbox.next(now, self._has_room)) is not None:
            effects += malformed(waiting.error) if isinstance(waiting, Malformed) else self._taken(waiting.frame, now)
        if self._inbox.look_at is not None and self._budget.may_note("held", now):
            effects.append(NoteDefence("held"))
        if closes(effects):
            self._closed = True
            self._inbox.drop()
        elif self._welcomed:
            effects.extend(self._delivery.next_read(now))
        return effects

    def _react(self, event: Event, now: float) -> list[Effect]:  # noqa: C901 - one line an event
        match event:
            case Received() | Malformed():
                self._inbox.put(event, now)
                return []
            case Turn():
                return self._read_on(now)
            case StreamsRead():
                return self._streams_read(event, now)
            case PageRead() | BackfillRead():
                return self._delivery.read(event, now)
            case AccessDenied():
                self._delivery.denied(event.stream)
                return [ReadStreams(())]
            case ReadingDamaged():
                self._delivery.damaged(event.stream)
                return stopped(ErrorCode.STREAM_DAMAGED, event.stream)
            case Persisted():
                return self._persisted(event.id, Accepted(event.id, event.seq))
            case StorageLow():
                return self._storage_low(event.stream)
            case ErasurePersisted():
                return self._persisted(event.id, Erased(event.id, event.seq, event.kept, event.read_at))
            case PersistFailed():
                return [reject(event.id, self._pushes.pop(event.id), event.refusal)]
            case HeadsCompared():
                self._comparing -= 1
                return [Send(Want(event.stream, event.document, event.missing))] if event.missing else []
            case Woken():
                self._delivery.woken(event.stream, event.head)
                return []
            case GrantsChanged():
                return [ReadStreams(())] if self._hello is not None else []
            case Drained():
                self._delivery.drained()
                return []
            case Tick():
                return self._tick(now)

    # --- frames ---

    def _has_room(self, waiting: Received | Malformed) -> bool:
        """Whether the frame can be taken, as far as those taken before it go."""
        if self._reading_push is not None:
            return False
        match waiting:
            case Received(frame=Erase()) if self._erasing and self._budget.erasing >= ERASURES:
                return False
            case Received(frame=Push() | Erase()):
                return self._budget.has_room(len(self._pushes), self._limits.pushes)
            case Received(frame=Have()):
                return self._comparing < self._limits.pushes
            case _:
                return True

    def _taken(self, frame: Up, now: float) -> list[Effect]:
        match frame:
            case Hello():
                return self._hello_came(frame)
            case _ if not self._welcomed:
                return protocol_error("The first frame must be `hello`; wait for `welcome` before sending others.")
            case Push() | Erase() if frame.id in self._pushes:
                return protocol_error("Two pushes or erasures in flight have the same id.")
            case Push() | Erase() if self._delivery.is_stopped(frame.stream):
                return [reject(frame.id, frame.document, RefusalCode.LOG_DIVERGED)]
            case Push():
                return self._push(frame, now)
            case Pushes():  # the inbox takes them apart
                return []
            case Erase():
                return self._erase(frame)
            case Have(stream, document, heads):
                if not self._delivery.serves(stream):
                    return []
                self._comparing += 1
                return [CompareHeads(stream, document, list(dict.fromkeys(heads)))]
            case Purged(stream, grant):
                return self._purged(stream, grant)

    def _hello_came(self, hello: Hello) -> list[Effect]:
        if self._hello is not None:
            return protocol_error("`hello` was sent twice on one connection.")
        lowest, highest = hello.protocol
        if not lowest <= PROTOCOL <= highest:
            text = (
                f"This server speaks protocol {PROTOCOL}, the app {lowest} to {highest}. Update the older of the two."
            )
            return [Send(Error(ErrorCode.UPGRADE_REQUIRED, text)), Close(CloseCode.UPGRADE_REQUIRED)]
        self._hello = hello
        self._deadline = None
        return [ReadStreams(tuple(hello.streams))]

    def _erase(self, erase: Erase) -> list[Effect]:
        self._begin(erase)
        self._erasing.add(erase.id)
        self._budget.erasing += 1
        return [PersistErasure(erase.id, erase.stream, erase.document, erase.kind)]

    def _push(self, push: Push, now: float) -> list[Effect]:
        stream = self._delivery.streams.get(push.stream)
        if stream is None:
            return [reject(push.id, push.document, RefusalCode.UNKNOWN_STREAM)]
        if refusal := refused_unread(push, stream.audience, stream.role):
            return [reject(push.id, push.document, refusal)]
        self._reading_push = PushReading(push, sealed=stream.audience is Audience.VAULT)
        return self._read_on(now)

    def _read_on(self, now: float) -> list[Effect]:
        """Read the next slice of the push at hand; once it is read whole, it is to be persisted."""
        reading = self._reading_push
        if reading is None:
            return []
        push, refused = reading.push, None
        try:
            self._budget.spend(reading.read_some(), now)
        except DocumentError as error:
            self._budget.spend(BAD_CHANGE_COSTS, now)
            refused = RefusalCode(error.code)
        if refused is None and not reading.is_done:
            return [AwaitTurn()]
        self._reading_push = None
        if refused is not None and not reading.is_told:
            return [reject(push.id, push.document, refused)]
        self._begin(push)
        return [reading.asked(refused)]

    def _begin(self, asked: Push | Erase) -> None:
        self._pushes[asked.id] = asked.document
        self._budget.under_way += 1

    def _persisted(self, id_: int, answer: Accepted | Erased) -> list[Effect]:
        del self._pushes[id_]
        return [Send(answer)]

    def _storage_low(self, stream: UUID) -> list[Effect]:
        if stream not in self._delivery.streams or stream in self._said_low:
            return []
        self._said_low.add(stream)
        return [storage_low(stream)]

    def _purged(self, stream: UUID, grant: UUID) -> list[Effect]:
        if (stream, grant) not in self._revoking:
            # It was not asked for: it proves nothing, and what is written into the audit must not grow by it.
            return [NoteUnasked(stream, grant)]
        self._revoking.discard((stream, grant))
        effects: list[Effect] = [NotePurged(stream, grant)]
        if self._device_revoked and not self._revoking:
            effects.append(Close(CloseCode.ACCESS_ENDED))
        return effects

    # --- streams and pages ---

    def _streams_read(self, read: StreamsRead, now: float) -> list[Effect]:
        assert self._hello is not None
        cursors = {} if self._welcomed else {cursor.stream: cursor for cursor in self._hello.streams}
        effects: list[Effect] = []
        told: list[Effect] = []
        offered = {offer.stream: offer for offer in read.offers}
        ended = list(read.ended)
        streams = self._delivery.streams
        for stream, state in list(streams.items()):
            if stream not in offered or offered[stream].grant != state.grant:
                ended.append((stream, state.grant))
                del streams[stream]
        changed = not self._welcomed
        for stream, offer in offered.items():
            if stream not in streams:
                streams[stream] = serve(offer, cursors.get(stream))
                changed = True
                if diverged(cursors.get(stream), read):
                    streams[stream].stop()
                    told += stopped(ErrorCode.LOG_DIVERGED, stream)
        self._delivery.take_turns()
        effects.append(Watch(frozenset(streams)))
        for stream, grant in dict.fromkeys(ended):
            if (stream, grant) not in self._revoking:
                self._revoking.add((stream, grant))
                effects.append(Send(Revoked(stream, grant)))
        known = offered.keys() | {stream for stream, _ in ended}
        told += unknown_streams([stream for stream in cursors if stream not in known])
        if not read.device_revoked and (changed or ended):
            effects.append(Send(self._welcome(read.offers, cursors)))
        effects += told
        self._welcomed = True
        if read.device_revoked:
            effects.extend(self._end_device(now))
        return effects

    def _end_device(self, now: float) -> list[Effect]:
        self._device_revoked = True
        if not self._revoking:
            return [Close(CloseCode.ACCESS_ENDED)]
        self._deadline = now + PURGE_WITHIN
        return []

    def _welcome(self, offers: Sequence[StreamOffer], cursors: Mapping[UUID, StreamCursor]) -> Welcome:
        assert self._hello is not None
        known = not self._welcomed and knows(self._hello, offers)
        return Welcome(
            protocol=PROTOCOL,
            server=self._server,
            account=self._identity.account,
            device=self._identity.device,
            streams=[
                self._delivery.streams[offer.stream].shown(offer)
                for offer in offers
                if not (known and self._delivery.streams[offer.stream].ends_at(cursors[offer.stream], offer))
            ],
            limits=self._limits.told,
            known=known,
        )

    # --- limits and time ---

    def _tick(self, now: float) -> list[Effect]:
        paused = self._inbox.paused_since
        if paused is not None and now >= paused + PAUSED_WITHIN:
            return too_fast(PAUSED_WITHIN)
        if self._deadline is None or now < self._deadline:
            return []
        if self._hello is None and self._inbox:  # it has come, and is held
            self._deadline = now + HELLO_WITHIN
            return []
        return [Close(CloseCode.ACCESS_ENDED if self._device_revoked else CloseCode.TOO_SLOW)]
