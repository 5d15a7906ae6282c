"""Honest devices and a hostile one at the simulation's server, which is watched."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from tests.fuzz.cases import Broken
from tests.fuzz.inputs import corpus
from tests.fuzz.inputs.people import (
    ACCOUNTS,
    CLIENT,
    DEVICE,
    GRANTED,
    OTHER_CLIENT,
    OTHER_RECORD,
    PRACTICE,
    READER,
    STREAMS,
    id_of,
)
from tests.fuzz.scenes.memory_server import MemoryServer, Served
from tests.simulation.world import Link, World

from intersession_schemas import codec
from intersession_schemas.changes import read_change
from intersession_schemas.errors import DocumentError
from intersession_schemas.messages import (
    Accepted,
    Down,
    Erased,
    Hello,
    Push,
    Rejected,
    Row,
    Rows,
    Snapshot,
    Up,
    Want,
    Welcome,
)
from intersession_schemas.messages import Error as ErrorFrame
from intersession_schemas.streams import Audience, Kind, Role
from intersession_server.log.submissions import Submission
from intersession_server.projections import documents as read_models
from intersession_server.projections.applied import Applied
from intersession_server.projections.filing import filing
from intersession_server.sync import events

STEP, HEALING = 0.15, 400.0
"""Seconds of the world's clock: between two inputs, and until all that is honest must have been exchanged."""
MOST_EVENTS = 60_000


class WatchedServer(MemoryServer):
    """The simulation's server, which is told what it may do."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.accepted = 0
        self._answering: events.Event | None = None
        self._ticks: dict[int, float] = {}
        self._fed = 0

    def _feed(self, served: Served, event: events.Event) -> None:
        self._fed += 1
        if self._fed > MOST_EVENTS:
            raise Broken("a session never comes to rest")
        self._answering = event
        super()._feed(served, event)
        at = served.session.deadline
        if at is not None and not served.gone and self._ticks.get(id(served)) != at:
            self._ticks[id(served)] = at
            self.world.later(max(0.001, at - self.world.now), lambda: self._tick(served, at))

    def _tick(self, served: Served, at: float) -> None:
        if served.session.deadline == at and not served.gone:
            self._ticks.pop(id(served), None)
            self._feed(served, events.Tick())

    def lost(self, served: Served) -> None:
        if not served.gone:
            served.session.end()
        super().lost(served)

    def _send(self, served: Served, send: events.Send) -> None:
        self._check(served, send.frame)
        super()._send(served, send)

    def _check(self, served: Served, frame: Down) -> None:
        """What is sent may be sent: `accepted` on `Persisted`, and content under a grant."""
        event = self._answering
        match frame:
            case Accepted(id_, seq):
                if not isinstance(event, events.Persisted) or (event.id, event.seq) != (id_, seq):
                    raise Broken("`accepted` was sent before it was on disk")
                self.accepted += 1
            case Erased():
                if not isinstance(event, events.ErasurePersisted) or event.id != frame.id:
                    raise Broken("`erased` was sent before it was on disk")
            case Rows(stream) | Snapshot(stream):
                self._check_readable(served, stream)
                rows = frame.items if isinstance(frame, Rows) else [row for one in frame.items for row in one.rows]
                held = {row.document for row in self.store.stream_rows(stream, 0, 1 << 30)}
                if not held.issuperset(row.document for row in rows):
                    raise Broken("rows of another stream were sent")
            case Want(stream):
                self._check_readable(served, stream)
            case Welcome():
                for offer in frame.streams:
                    self._check_readable(served, offer.stream, ever=True)

    def _check_readable(self, served: Served, stream: UUID, *, ever: bool = False) -> None:
        """By the world's own look at the grants. What was read before a grant ended may still be on its way."""
        grants = [one for one in self.store.grants_of(stream) if one.account == served.reader.account]
        now = self.world.datetime()
        if not any(one.until is None or (now - one.until).total_seconds() < 1.0 for one in grants) and not (
            ever and grants
        ):
            raise Broken("something was sent of a stream that may not be read")


class Peer:
    """A device at the other end of a link."""

    def __init__(self, server: MemoryServer, account: UUID, device: UUID) -> None:
        self.server = server
        self.heard: list[Down] = []
        self.link = Link(server.world, up=self._up, down=self._down, ended=[self._ended])
        self.served = server.accept(self.link, account, device)

    def send(self, frame: Up) -> None:
        """Say it."""
        self.link.up.send(codec.encode(frame))

    def _ended(self, _: int | None) -> None:
        self.server.lost(self.served)

    def _up(self, data: bytes) -> None:
        self.server.hear(self.served, data)

    def _down(self, data: bytes) -> None:
        self.hear(codec.decode_down(data))

    def hear(self, frame: Down) -> None:
        """It came."""
        self.heard.append(frame)


class Writer(Peer):
    """An honest client, who pushes and pushes again what was not taken yet."""

    def __init__(self, server: MemoryServer, pushes: list[Push]) -> None:
        super().__init__(server, OTHER_CLIENT, id_of(7))
        self._waiting = {push.id: push for push in pushes}
        self.send(Hello((1, 1), id_of(7)))

    def hear(self, frame: Down) -> None:
        """Push when welcomed; once more what could not be taken."""
        super().hear(frame)
        match frame:
            case Welcome():
                for push in self._waiting.values():
                    self.server.world.soon(self._again(push), 4.0)
            case Rejected(id_, code, retry_after=wait):
                if wait is None:
                    raise Broken(f"an honest push was refused: {code}")
                self.server.world.later(wait, self._again(self._waiting[id_]))
            case Accepted(id_):
                del self._waiting[id_]

    def _again(self, push: Push) -> Callable[[], None]:
        return lambda: self.send(push)

    @property
    def done(self) -> bool:
        """Whether all is accepted."""
        return not self._waiting


class HostileScene:
    """One server: a hostile device, an honest client of another record, and a therapist who reads both records."""

    def __init__(self, seed: int, who: str) -> None:
        self.world = World(seed)
        self.world.calm = True  # what goes wrong here is what is sent, not the network
        self.server = WatchedServer(self.world)
        self._account = ACCOUNTS[who]
        self._provide()
        pushes = [
            Push(
                1 + number,
                OTHER_RECORD,
                id_of(30 + number),
                kind.value,
                [corpus.first_change(kind, b"honest writer %d." % number)],
            )
            for number, kind in enumerate((Kind.JOURNAL_ENTRY, Kind.SYMPTOM_LOG, Kind.GOAL))
        ]
        self.honest = [change for push in pushes for change in push.changes]
        self.writer = Writer(self.server, pushes)
        self.reader = Peer(self.server, READER, id_of(8))
        self.reader.send(Hello((1, 1), id_of(8)))
        self.hostile = Peer(self.server, self._account, DEVICE)

    def _provide(self) -> None:
        store, at = self.server.store, self.world.datetime()
        for audience, stream in STREAMS.items():
            store.create_stream(
                stream, audience, PRACTICE, None if audience is Audience.LIBRARY else ACCOUNTS[CLIENT], at
            )
        store.create_stream(OTHER_RECORD, Audience.RECORD, PRACTICE, OTHER_CLIENT, at)
        for number, (audience, who, role) in enumerate(GRANTED):
            store.grant(id_of(50 + number), STREAMS[audience], ACCOUNTS[who], role, at)
        store.grant(id_of(60), OTHER_RECORD, OTHER_CLIENT, Role.CLIENT, at)
        store.grant(id_of(61), OTHER_RECORD, READER, Role.PRIMARY, at)
        store.grant(id_of(62), STREAMS[Audience.RECORD], READER, Role.SUPERVISOR, at)
        plan = corpus.first_change(Kind.PLAN, b"the server itself")
        store.found(STREAMS[Audience.RECORD], id_of(1_000), Kind.PLAN.value, [read_change(plan)], at)
        store.append(
            Submission(
                READER,
                id_of(8),
                OTHER_RECORD,
                id_of(40),
                Kind.GOAL.value,
                (read_change(corpus.first_change(Kind.GOAL, b"an honest reader")),),
            ),
            at,
        )
        store.flush()
        self.server._apply()

    def do(self, way: str, data: bytes) -> None:
        """One input, and a little time."""
        store, at = self.server.store, self.world.datetime()
        stream = STREAMS[Audience.RECORD]
        match way:
            case "frame":
                if self.hostile.link.broken and self.world.random.random() < 0.9:  # it was closed for what it said
                    self._reconnect()
                    self.hostile.send(Hello((1, 1), DEVICE))
                self.hostile.link.up.send(data)
            case "reconnect":
                self._reconnect()
            case "end grant":
                store.end_grants(stream, self._account, at)
                self.server.access_changed(self._account)
            case "grant":
                role = Role.CLIENT if self._account == ACCOUNTS[CLIENT] else Role.COVERING
                store.grant(id_of(self.world.random.randrange(1 << 40)), stream, self._account, role, at)
                self.server.access_changed(self._account)
            case "revoke":
                store.revoke_device(DEVICE, at)
                self.server.access_changed(self._account)
        self.world.run(self.world.now + STEP)

    def _reconnect(self) -> None:
        self.hostile.link.cut()
        self.hostile = Peer(self.server, self._account, DEVICE)

    def settle(self) -> None:
        """Let all that is under way come to its end."""
        end = self.world.now + HEALING
        while self.world.now < end and not self._is_settled():
            self.world.run(self.world.now + 10.0)

    def _is_settled(self) -> bool:
        return self.writer.done and not self.server.store.staged and not self.server.store.unapplied(1, 1)

    def check(self) -> None:
        """The honest have and gave all that is theirs; the log is whole, and all of it can be read."""
        self.world.run(self.world.now + 5.0)
        store = self.server.store
        if self.server.leaks:
            raise Broken(self.server.leaks[0])
        if not self.writer.done or self.writer.link.broken or self.reader.link.broken:
            raise Broken("an honest device was not served to the end")
        if any(isinstance(frame, ErrorFrame) for frame in (*self.writer.heard, *self.reader.heard)):
            raise Broken("an honest device was told of an error")
        if store.staged or store.unapplied(1, 1):
            raise Broken("what was taken is never applied")
        for stream in (OTHER_RECORD, STREAMS[Audience.RECORD]):
            self._check_received(stream)
        pushed = [change for one in (id_of(30), id_of(31), id_of(32)) for change in store.document_changes(one)]
        if sorted(pushed) != sorted(self.honest):
            raise Broken("an honest document is not what was written")
        self._check_read_models()

    def _check_received(self, stream: UUID) -> None:
        """The honest reader holds every row of a stream, and can read each change in it."""
        rows: dict[int, Row] = {}
        through = 0
        for frame in self.reader.heard:
            if isinstance(frame, Rows) and frame.stream == stream:
                if frame.through <= through:
                    raise Broken("a page does not follow the one before")
                through = frame.through
                rows |= {row.seq: row for row in frame.items}
            elif isinstance(frame, Snapshot) and frame.stream == stream:
                through = max(through, frame.head)
                rows |= {row.seq: row for document in frame.items for row in document.rows}
        if through != len(self.server.store.stream_rows(stream, 0, 1 << 30)):
            raise Broken("an honest reader does not hold all rows")
        for row in rows.values():
            if row.change:
                try:
                    if read_change(row.change).hash != row.hash:
                        raise Broken("a row has another hash than its change")
                except DocumentError as error:
                    raise Broken("a row of a record that cannot be read was sent") from error

    def _check_read_models(self) -> None:
        """Whatever was taken can be projected and filed."""
        for stream in (STREAMS[Audience.RECORD], STREAMS[Audience.CHART], STREAMS[Audience.LIBRARY]):
            documents = dict.fromkeys(row.document for row in self.server.store.stream_rows(stream, 0, 1 << 30))
            for document in documents:
                applied = Applied(self.server.store.document_rows(document))
                read_models.project(read_models.Location(stream, ACCOUNTS[CLIENT], document), applied)
                filing(applied)
