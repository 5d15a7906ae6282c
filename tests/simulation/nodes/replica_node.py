"""A device of a simulated world: the real SDK on a real store, its connection played by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from unittest.mock import patch
from uuid import UUID

from msgspec.structs import replace
from tests.simulation.nodes.log import Disk
from tests.simulation.nodes.server_node import ServerNode
from tests.simulation.world import Link, World

from intersession import Caseload, Tracker
from intersession.errors import StoreFull
from intersession.pairing.redeeming import PairingReply
from intersession.protocol import problems
from intersession.protocol.pace import Pace
from intersession.protocol.reconnect import attempts_after, wait_before
from intersession.protocol.session import (
    Effect,
    Event,
    OutboxChanged,
    Purge,
    Received,
    ReplicaSession,
    Send,
    Settle,
    Stop,
    StorePage,
    Tick,
)
from intersession.sync.conversation import Exchanged, carry_out
from intersession.sync.exchange import Exchange
from intersession_schemas import codec
from intersession_schemas.errors import CloseCode, WireError
from intersession_schemas.messages import Push, Pushes

FACES: dict[str, type[Tracker | Caseload]] = {"client": Tracker, "therapist": Caseload}
TWICE = 0.05
"""How many pushes come twice, as after a break in which only the answer was lost."""
POWER_LOST = 0.002
"""How many effects are the last one before a device loses power."""


class PowerLost(BaseException):
    """The device is without power, wherever its code is."""


class ReplicaNode:
    """One store, on line now and then; can lose power at any statement and come back."""

    def __init__(
        self,
        world: World,
        server: ServerNode,
        name: str,
        path: Path,
        account: UUID,
        device: UUID,
        role: str,
        content: tuple[bytes | None, ...],
    ) -> None:
        """`content` is what its store's file holds: an empty store, or another device's."""
        self.world = world
        self.server = server
        self.name = name
        self.path = path
        self.account = account
        self.device = device
        self.role = role
        self.off = timedelta(0)
        """How far its clock is from the world's."""
        self.settled: set[tuple[UUID, UUID, bytes]] = set()
        """What it was told is accepted: stream, document, hash."""
        self.purged: set[UUID] = set()
        """The streams of which it was told to delete everything."""
        self.ended = False
        """Whether it was told that it has no access any more."""
        self._disk = Disk(path)
        self._disk.write(content)
        self._streams: dict[UUID, UUID] = {}
        self.link: Link | None = None
        """Its connection."""
        self._session: ReplicaSession | None = None
        self._attempt = 0
        self._dials = False
        self._away = False
        self.face = self._open()

    @property
    def tracker(self) -> Tracker:
        """The client's face."""
        assert isinstance(self.face, Tracker)
        return self.face

    @property
    def caseload(self) -> Caseload:
        """The therapist's face."""
        assert isinstance(self.face, Caseload)
        return self.face

    @property
    def caught_up(self) -> bool:
        """Whether it is on line with nothing left to exchange."""
        return self._session is not None and self._session.caught_up and not self._local.is_behind()

    def clock(self) -> datetime:
        """What time the device thinks it is."""
        return self.world.datetime() + self.off

    def pair(self, *, share_by_default: bool) -> None:
        """Take the store into the practice."""
        reply = PairingReply("token", self.account, self.device, self.role, "practice", self.name)  # type: ignore[arg-type]
        with patch("intersession.pairing.redeeming.redeem", lambda *_, **__: reply):
            if isinstance(self.face, Caseload):
                self.face.pair("http://localhost", "code")
            else:
                self.face.pair("http://localhost", "code", share_by_default=share_by_default)

    # --- power and disk ---

    def _open(self) -> Tracker | Caseload:
        face = FACES[self.role].open(self.path, clock=self.clock)
        self._local = Exchange(face._replica)
        self._pace = Pace()
        face._replica.on_outbox(lambda: self.world.soon(self._written))
        self._applies = False
        self.world.soon(self._apply_later)
        return face

    def _apply_later(self) -> None:
        """What was stored and not applied yet is, a little at a time, while anything else happens."""
        if not self._applies and self._local.is_behind():
            self._applies = True
            self.world.soon(self._apply_some, 2.0)

    def _apply_some(self) -> None:
        self._applies = False
        try:
            if self.world.strikes(POWER_LOST * 5):
                with self.power_lasts(self.world.random.randrange(20)):
                    self._local.apply_some()
            else:
                self._local.apply_some()
        except PowerLost:
            self.crash()
        except StoreFull:
            self.world.later(60.0, self._apply_later)
        else:
            self._apply_later()

    def _abandon(self) -> None:
        """The process is gone: no closing code of ours has run."""
        store = self.face._replica._store
        store._conn.close()
        store._end_handle()
        store._claim.release()

    def crash(self) -> None:
        """Lose power: the process is gone, the file and its log are as the last transaction left them."""
        self.world.note(self.name, "crashes")
        self.world.counts["device crashes"] += 1
        self.hang_up()
        left = self._disk.read()
        self._abandon()
        self._disk.write(left)
        self.face = self._open()
        self.dial()

    def close(self) -> None:
        """Let go of the store."""
        with suppress(OSError):
            self.face.close()

    def copy(self, name: str) -> ReplicaNode:
        """The same device once more, from a copy of its file as it is: both go on from here."""
        path = self.path.with_name(f"{name}.db")
        twin = ReplicaNode(self.world, self.server, name, path, self.account, self.device, self.role, self._disk.read())
        twin.off, twin.settled, twin.purged, twin.ended = self.off, set(self.settled), set(self.purged), self.ended
        return twin

    def fill(self, seconds: float) -> None:
        """The disk is full for so long."""
        self._most_pages(self._pages("page_count"))
        self.world.later(seconds, self.free)

    def free(self) -> None:
        """There is room again."""
        self._most_pages(2**31 - 2)

    def _pages(self, what: str) -> int:
        return int(self.face._replica._store._conn.execute(f"PRAGMA {what}").fetchone()[0])

    def _most_pages(self, pages: int) -> None:
        self.face._replica._store._conn.execute(f"PRAGMA max_page_count = {pages}").fetchone()

    @contextmanager
    def power_lasts(self, statements: int) -> Iterator[None]:
        """Power is lost after so many writing statements, unless the block has ended before."""
        store = self.face._replica._store
        run, left = store.run, count(statements, -1)

        def last(sql: str, *parameters: object) -> int:
            if next(left) <= 0:
                raise PowerLost
            return run(sql, *parameters)

        store.run = last  # type: ignore[method-assign]
        try:
            yield
        finally:
            del store.run

    # --- network ---

    def leave(self) -> None:
        """Leave the network until `come_back`."""
        self._away = True
        self.hang_up()

    def come_back(self) -> None:
        """There is a network again."""
        self._away = False
        self.dial()

    def hang_up(self) -> None:
        """Drop the connection."""
        if self.link is not None:
            self.link.cut()
        self.link = self._session = None

    def dial(self, wait: float = 0.0) -> None:
        """Go on line after a while, and try again for as long as there is no server."""
        if not self._dials:
            self._dials = True
            self.world.later(wait + self.world.random.uniform(0.001, 0.5), self._connect)

    def _connect(self) -> None:
        self._dials = False
        if self.link is not None or self._away or self.ended:
            return
        if not self.server.up:
            self._again(None)
            return
        session = ReplicaSession(self._pace)
        link = Link(
            self.world,
            up=lambda data: self.server.hear(served, data),
            down=lambda data: self._hear(session, data),
            ended=[lambda _: self.server.lost(served), lambda code: self._lost(session, code)],
            decode=_decoded,
        )
        served = self.server.accept(link, self.account, self.device)
        self.link, self._session = link, session
        self._feed(session, self._local.opened())

    def _again(self, session: ReplicaSession | None) -> None:
        self._attempt = attempts_after(self._attempt, progressed=session is not None and session.progressed, stood=0.0)
        told = None if session is None else session.retry_after
        self.dial(wait_before(self._attempt, self.world.random.random(), told))

    def _lost(self, session: ReplicaSession, code: int | None) -> None:
        if session is not self._session:
            return
        self.link = self._session = None
        trouble = problems.of_close(code)
        if code == CloseCode.ACCESS_ENDED:
            self.ended = True
            self._local.access_ended(True)
        if trouble.final or code == CloseCode.PROTOCOL_ERROR:
            self.world.note(self.name, "is told", trouble.code)
        self._again(session)

    # --- the session's effects ---

    def _written(self) -> None:
        if self._session is not None:
            self._feed(self._session, OutboxChanged())

    def _hear(self, session: ReplicaSession, data: bytes) -> None:
        if session is self._session:
            self._local.contact()
            self._feed(session, Received(codec.decode_down(data)))

    def _feed(self, session: ReplicaSession, event: Event) -> None:
        if session is not self._session:
            return
        before = session.deadline
        pending = session.handle(event, self.world.now)
        try:
            while pending:
                if self.world.strikes(POWER_LOST):
                    raise PowerLost
                answer = self._carry_out(pending.pop(0))
                if answer is not None:
                    pending.extend(session.handle(answer, self.world.now))
        except PowerLost:
            self.crash()
            return
        except StoreFull:
            self.world.note(self.name, "has no room")
            self.hang_up()
            self._again(session)
            return
        self._apply_later()
        if session.deadline is not None and session.deadline != before:
            self.world.later(max(0.0, session.deadline - self.world.now), lambda: self._feed(session, Tick()))

    def _carry_out(self, effect: Effect) -> Event | None:
        assert self.link is not None
        match effect:
            case Send(frame):
                self.link.up.send(codec.encode(frame))
                for push in frame.items if isinstance(frame, Pushes) else [frame]:
                    if isinstance(push, Push):
                        self._streams[push.document] = push.stream
                        if self.world.strikes(TWICE):
                            self.world.counts["duplicates"] += 1
                            self.link.up.send(codec.encode(replace(push, id=push.id + 1_000_000)))
                return None
            case Settle(document, hashes):
                answer = carry_out(effect, self._local, Exchanged())
                self.settled.update((self._streams[document], document, hash_) for hash_ in hashes)
                self.world.counts["changes accepted"] += len(hashes)
                return answer
            case Purge(stream):
                self.purged.add(stream)
            case Stop(streams) if streams:
                self.world.note(self.name, "is stopped in", len(streams))
            case StorePage() if self.world.strikes(POWER_LOST * 5):
                with self.power_lasts(self.world.random.randrange(40)):
                    return carry_out(effect, self._local, Exchanged())
        return carry_out(effect, self._local, Exchanged())


def _decoded(data: bytes) -> object:
    """A damaged frame is another frame or is refused in order; anything else that is raised ends the run."""
    for decode in (codec.decode_up, codec.decode_down):
        with suppress(WireError):
            return decode(data)
    return None
