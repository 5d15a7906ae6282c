"""The server's session, held in the hand: no socket, no store, no clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

from intersession_schemas import crdt
from intersession_schemas.documents.diary import symptoms
from intersession_schemas.messages import Down, Hello, Push, Row, StreamCursor, StreamOffer, Up
from intersession_schemas.streams import Audience, Role
from intersession_server.sync.events import Close, Effect, Event, PageRead, ReadStreams, Received, Send, StreamsRead
from intersession_server.sync.limits import Identity, SessionLimits
from intersession_server.sync.session import ServerSession
from intersession_server.work.budget import Budget

STREAM, OTHER, GRANT, NEW_GRANT, DOCUMENT = uuid4(), uuid4(), uuid4(), uuid4(), uuid4()
CHAIN = b"12345678"
LIMITS = SessionLimits(frame_bytes=1000, pushes=2, messages_per_second=10.0, burst=20.0)


def offer(
    stream: UUID = STREAM, grant: UUID = GRANT, head: int = 0, audience: Audience = Audience.RECORD
) -> StreamOffer:
    return StreamOffer(stream, audience, Role.CLIENT, grant, client=uuid4(), head=head)


def a_change() -> bytes:
    return symptoms.create(crdt.Document.new(b"actor" * 3), "2020-03")


def push(id_: int = 1, stream: UUID = STREAM, *changes: bytes) -> Push:
    return Push(id_, stream, DOCUMENT, "symptom_log", list(changes) or [a_change()])


def rows(through: int, head: int | None = None, stream: UUID = STREAM, grant: UUID = GRANT) -> PageRead:
    row = Row(through, DOCUMENT, "symptom_log", bytes(32), uuid4(), uuid4(), datetime.now(UTC), change=b"x")
    return PageRead(stream, grant, [row], through, CHAIN, through if head is None else head)


@dataclass
class Talk:
    """One session with its clock in the hand."""

    limits: SessionLimits = LIMITS
    now: float = 100.0
    budget: Budget | None = None
    session: ServerSession = field(init=False)

    def __post_init__(self) -> None:
        self.session = ServerSession(Identity(uuid4(), uuid4()), self.limits, "test", self.now, self.budget)

    def feed(self, event: Event) -> list[Effect]:
        return self.session.handle(event, self.now)

    def get(self, frame: Up) -> list[Effect]:
        return self.feed(Received(frame))

    def open(self, *offers: StreamOffer, cursors: list[StreamCursor] | None = None) -> list[Effect]:
        """Hello and welcome; the effects after the welcome's `StreamsRead`."""
        hello = Hello(protocol=(1, 1), replica=uuid4(), streams=cursors or [])
        assert self.get(hello) == [ReadStreams(tuple(cursors or []))]
        chains: dict[UUID, bytes | None] = {cursor.stream: cursor.chain for cursor in cursors or []}
        return self.feed(StreamsRead(list(offers), [], chains, False))


def sent(effects: list[Effect]) -> list[Down]:
    return [effect.frame for effect in effects if isinstance(effect, Send)]


def closes(effects: list[Effect]) -> list[int]:
    return [effect.code for effect in effects if isinstance(effect, Close)]
