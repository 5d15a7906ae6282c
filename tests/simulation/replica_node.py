"""A device of a simulated world: the real SDK on a real store, its connection played by hand."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from msgspec.structs import replace
from tests.simulation.server_node import ServerNode
from tests.simulation.world import Link, World

from intersession import Caseload, Tracker
from intersession.protocol.session import Effect, Event, OutboxChanged, Received, ReplicaSession, Send, Settle, Tick
from intersession.sync.conversation import Exchanged, carry_out
from intersession.sync.exchange import Exchange
from intersession_schemas import codec
from intersession_schemas.messages import Push, Pushes

FACES: dict[str, type[Tracker | Caseload]] = {"client": Tracker, "therapist": Caseload}


class ReplicaNode:
    """One store, on line now and then; can lose power between any two effects and come back."""

    def __init__(
        self, world: World, server: ServerNode, name: str, folder: Path, account: UUID, device: UUID, role: str
    ) -> None:
        self.world = world
        self.server = server
        self.name = name
        self.account = account
        self.device = device
        self.settled: set[tuple[UUID, bytes]] = set()
        self.steady = False
        self._path = folder / f"{name}.db"
        self._face = FACES[role]
        self._link: Link | None = None
        self._session: ReplicaSession | None = None
        self.face = self._open()

    @property
    def tracker(self) -> Tracker:
        """The client's face."""
        assert isinstance(self.face, Tracker)
        return self.face

    @property
    def caught_up(self) -> bool:
        """Whether it is on line with nothing left to exchange."""
        return self._session is not None and self._session.caught_up

    # --- power and network ---

    def _open(self) -> Tracker | Caseload:
        face = self._face.open(self._path, clock=self.world.datetime)
        self._local = Exchange(face._replica)
        face._replica.on_outbox(lambda: self.world.soon(self._written))
        return face

    def crash(self) -> None:
        """Lose power: the process is gone, the file is as its last transaction left it."""
        self.world.note(self.name, "crashes")
        self.disconnect()
        # Straight to the connection: a process that dies runs no closing code of ours.
        store = self.face._replica._store
        store._conn.close()
        store._claim.release()
        self.face = self._open()

    def disconnect(self) -> None:
        """Leave the network."""
        if self._link is not None:
            self._link.cut()
        self._link = self._session = None

    def connect(self) -> None:
        """Go on line if there is a server; otherwise try again later."""
        if self._link is not None:
            return
        if not self.server.up:
            self.world.soon(self.connect, 2.0)
            return
        session = ReplicaSession()
        link = Link(
            self.world,
            up=lambda data: self.server.hear(served, data),
            down=lambda data: self._hear(session, data),
            ended=[lambda: self.server.lost(served), lambda: self._lost(session)],
        )
        served = self.server.accept(link, self.account, self.device)
        self._link, self._session = link, session
        self._feed(session, self._local.opened())

    def _lost(self, session: ReplicaSession) -> None:
        if session is self._session:
            self._link = self._session = None
            self.world.soon(self.connect, 2.0)

    # --- the session's effects ---

    def _written(self) -> None:
        if self._session is not None:
            self._feed(self._session, OutboxChanged())

    def _hear(self, session: ReplicaSession, data: bytes) -> None:
        self._feed(session, Received(codec.decode_down(data)))

    def _feed(self, session: ReplicaSession, event: Event) -> None:
        if session is not self._session:
            return
        before = session.deadline
        pending = session.handle(event, self.world.now)
        while pending:
            if not self.steady and self.world.random.random() < 0.002:
                self.crash()
                self.world.soon(self.connect, 2.0)
                return
            answer = self._carry_out(pending.pop(0))
            if answer is not None:
                pending.extend(session.handle(answer, self.world.now))
        if session.deadline is not None and session.deadline != before:
            self.world.later(max(0.0, session.deadline - self.world.now), lambda: self._feed(session, Tick()))

    def _carry_out(self, effect: Effect) -> Event | None:
        assert self._link is not None
        if isinstance(effect, Send):
            self._link.up.send(codec.encode(effect.frame))
            sent = effect.frame.items if isinstance(effect.frame, Pushes) else [effect.frame]
            for again in sent:
                if isinstance(again, Push) and self.world.random.random() < 0.1:
                    # A push that comes twice, as after a break in which only its answer was lost.
                    self._link.up.send(codec.encode(replace(again, id=again.id + 1_000_000)))
            return None
        if isinstance(effect, Settle):
            self.settled.update((effect.document, hash_) for hash_ in effect.hashes)
        return carry_out(effect, self._local, Exchanged())
