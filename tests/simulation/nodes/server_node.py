"""The server of a simulated world: the real sessions, log, checks and applier, on the world's sockets and clock.

What a process does on threads and an event loop is done here in steps that chance puts apart; every one of them may be
the last before the power is cut.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from msgspec.structs import replace
from tests.simulation.nodes.access import GRACE, Access
from tests.simulation.nodes.log import SimulatedLog, Staged
from tests.simulation.nodes.projected import Projected
from tests.simulation.world import Link, World

from intersession_schemas import codec
from intersession_schemas.errors import RefusalCode, WireError
from intersession_schemas.messages import Down, Rows, Snapshot, StreamCursor, StreamOffer, Welcome
from intersession_server.log.applier import RETRY_SECONDS, Applier
from intersession_server.log.saved.saver import Saver
from intersession_server.log.sqlite import SqliteLogStore
from intersession_server.log.store import NotReadable, Reader, StorageFailed
from intersession_server.log.submissions import Declined, ErasureDone, ErasureRequest, Submission
from intersession_server.sync import events
from intersession_server.sync.limits import Identity, SessionLimits
from intersession_server.sync.session import ServerSession
from intersession_server.work.budget import Budgets
from intersession_server.work.workshop import Workshop

T = TypeVar("T")
PAGE_BYTES = 2_000
LIMITS = SessionLimits(pushes=4)
DISK_FAILS = 0.03
"""How many commits find the disk full, of those at which things go wrong."""
FOLLOWS = 0.3
"""How often the read models are brought up when something was applied: mostly some rows at once."""


@dataclass(eq=False)
class Served:
    """A connection as the server has it."""

    session: ServerSession
    link: Link
    reader: Reader
    watching: frozenset[UUID] = frozenset()
    sending: int = 0
    gone: bool = False
    looks_at: float | None = None


class ServerNode:
    """Accepts, applies and distributes; can lose power and come back."""

    def __init__(self, world: World, folder: Path, template: tuple[bytes | None, ...]) -> None:
        self.world = world
        self.log = SimulatedLog(folder / "log.db", template)
        self.access = Access()
        self.up = True
        self.keeps = False
        self.off = timedelta(0)
        """How far its clock is from the world's."""
        self.leaks: list[str] = []
        self.frames: list[tuple[UUID, str, float, bytes]] | None = None
        """Where what went up and down is kept, if it is: account, way, when."""
        self.projected: Projected | None = None
        """The read models, where they are kept: in a few runs only, as they take longer than all the rest."""
        self.erased_at: dict[UUID, float] = {}
        self._loop = asyncio.new_event_loop()
        self._served: list[Served] = []
        self._tickets: list[tuple[Served, int, Staged, UUID]] = []
        self._flush_due = False
        self._start()

    def _start(self) -> None:
        self._budgets = Budgets(LIMITS.rates)
        chance = self.world.random
        self._applier = Applier(
            self.log.store, self, held_bytes=chance.choice([1, 20_000, 10_000_000]), heavy_from=10_000_000
        )

    @property
    def store(self) -> SqliteLogStore:
        """The log's store; each call is made through `do`."""
        return self.log.store

    def do(self, work: Awaitable[T]) -> T:
        """What a call of the store comes to."""

        async def asked() -> T:
            return await work

        asking: Coroutine[Any, None, T] = asked()
        while True:
            try:
                asking.send(None)
            except StopIteration as done:
                result: T = done.value
                return result

    def clock(self) -> datetime:
        """What time the server thinks it is."""
        return self.world.datetime() + self.off

    def project(self, folder: Path) -> None:
        """Keep read models from here on."""
        self.projected = Projected(self._loop, self.log, folder)

    def close(self) -> None:
        """Let go of files and of the loop."""
        if self.projected is not None:
            self.projected.close()
        self.log.close()
        self._loop.close()

    # --- power and disk ---

    def crash(self, earlier: tuple[bytes | None, ...] | None = None) -> None:
        """Lose power: what was not committed is lost, every connection breaks. It comes back with an `earlier` disk."""
        self.world.counts["server crashes"] += 1
        self.up = False
        lost = self.log.lose_power(earlier)
        self.world.note("server crashes, staged", lost)
        self._flush_due = False
        self._tickets.clear()
        for served in list(self._served):
            self.lost(served)
            served.link.cut()

    def restart(self) -> None:
        """Come back: apply what was durable and not applied yet."""
        if not self.up:
            self.world.note("server is back")
            self.up = True
            self._start()
            if self.projected is not None:
                self.projected.restart()
            self._run(self._applier.recover())

    def save(self) -> None:
        """Have the log save the documents of all that is at rest just now."""
        if self.up:
            self.world.counts["saved documents"] += self._run_saver()

    def _run_saver(self) -> int:
        before = self._saved()
        self._run(Saver(self.store, Workshop(), self._applier.saved, self.clock).save_all())
        return self._saved() - before

    def _saved(self) -> int:
        return self.do(self.store._read(lambda c: int(c.execute("SELECT count(*) FROM saved").fetchone()[0])))

    # --- connections ---

    def accept(self, link: Link, account: UUID, device: UUID) -> Served:
        """A connection that a replica has opened."""
        now = self.world.now
        session = ServerSession(Identity(account, device), LIMITS, "simulated", now, self._budgets.of(account, now))
        served = Served(session, link, Reader(account, device))
        self._served.append(served)
        self._look_later(served)
        return served

    def hear(self, served: Served, data: bytes) -> None:
        """A message came up the link."""
        if self.frames is not None:
            self.frames.append((served.reader.account, "up", self.world.now, data))
        try:
            event: events.Event = events.Received(codec.decode_up(data), len(data))
        except WireError as error:
            event = events.Malformed(error, len(data))
        self._feed(served, event)

    def lost(self, served: Served) -> None:
        """The link has ended."""
        if not served.gone:
            served.gone = True
            served.session.end()
            self._served.remove(served)

    def access_changed(self, account: UUID) -> None:
        """Tell the account's connections, a little later, as a wake-up takes its time."""
        for served in [served for served in self._served if served.reader.account == account]:
            self.world.soon(lambda served=served: self._feed(served, events.GrantsChanged()), 0.5)  # type: ignore[misc]

    # --- the session's effects ---

    def _feed(self, served: Served, event: events.Event) -> None:
        if served.gone:
            return
        for effect in served.session.handle(event, self.world.now):
            if not served.gone:
                self._carry_out(served, effect)
        self._look_later(served)

    def _look_later(self, served: Served) -> None:
        at = served.session.deadline
        if served.gone or at is None or (served.looks_at is not None and self.world.now < served.looks_at <= at):
            return
        served.looks_at = max(at, self.world.now + 0.001)
        self.world.later(served.looks_at - self.world.now, lambda: self._look(served))

    def _look(self, served: Served) -> None:
        served.looks_at = None
        self._feed(served, events.Tick())

    def _carry_out(self, served: Served, effect: events.Effect) -> None:  # noqa: C901 - one line an effect
        match effect:
            case events.Send(Welcome() as welcome):
                self._send(served, replace(welcome, at=self.clock()))
            case events.Send(frame):
                self._send(served, frame)
            case events.Close(code):
                self.world.note("server closes", code)
                self.lost(served)
                served.link.down.close(code)
            case events.AwaitTurn():
                self.world.soon(lambda: self._feed(served, events.Turn()))
            case events.NoteDefence(what):
                self.world.note(what)
            case events.Watch(streams):
                served.watching = streams
            case events.Persist() | events.PersistErasure():
                self._stage(served, effect)
            case events.ReadStreams(cursors):
                # Each of these waits a little, so that everything may happen in between.
                self.world.soon(lambda: self._read_streams(served, list(cursors)))
            case events.ReadPage() | events.ReadBackfill():
                self.world.soon(lambda: self._read(served, effect))
            case events.CompareHeads(stream, document, heads):
                self.world.soon(lambda: self._compare(served, stream, document, heads))
            case events.NoteUnasked() | events.NoteStopped():
                self.world.note("warns", type(effect).__name__)
            case events.NotePurged(stream):
                self.world.note("purged", str(stream)[:4])

    def _send(self, served: Served, frame: Down) -> None:
        self._check_sent(served, frame)
        data = codec.encode(frame)
        if self.frames is not None:
            self.frames.append((served.reader.account, "down", self.world.now, data))
        served.link.down.send(data)
        served.sending += 1
        self.world.soon(lambda: self._sent(served), 0.2)

    def _sent(self, served: Served) -> None:
        served.sending -= 1
        if not served.sending:
            self._feed(served, events.Drained())

    def _read_streams(self, served: Served, cursors: Sequence[StreamCursor]) -> None:
        if not self.up or served.gone:
            return
        found = self.do(self.store.access(served.reader, {one.stream: one.cursor for one in cursors}))
        offers = [
            StreamOffer(
                offer.stream,
                offer.audience,
                offer.role,
                offer.grant,
                offer.client,
                head=offer.head,
                documents=offer.documents,
                bytes=offer.bytes,
            )
            for offer in found.offers
        ]
        self._feed(served, events.StreamsRead(offers, found.ended, found.chains, found.device_revoked))

    def _read(self, served: Served, read: events.ReadPage | events.ReadBackfill) -> None:
        if not self.up or served.gone:
            return
        store, reader = self.store, served.reader
        found: events.PageRead | events.BackfillRead
        if isinstance(read, events.ReadPage):
            page = self.do(store.page(reader, read.stream, read.grant, read.after, PAGE_BYTES))
            if isinstance(page, NotReadable):
                self._feed(served, events.AccessDenied(read.stream, read.grant))
                return
            found = events.PageRead(read.stream, read.grant, page.items, page.through, page.chain, page.head)
        else:
            part = self.do(store.backfill(reader, read.stream, read.grant, read.head, read.below, PAGE_BYTES))
            if isinstance(part, NotReadable):
                self._feed(served, events.AccessDenied(read.stream, read.grant))
                return
            found = events.BackfillRead(read.stream, read.grant, part.items, part.head, part.chain, part.backfill)
        if found.items and not self.access.may_read(reader.account, reader.device, read.stream):
            self.leaks.append(f"rows of {read.stream} were read for {reader.account} at {self.world.now}")
        self._feed(served, found)

    def _compare(self, served: Served, stream: UUID, document: UUID, heads: list[bytes]) -> None:
        if self.up and not served.gone:
            missing = self.do(self.store.missing_changes(stream, document, heads))
            self._feed(served, events.HeadsCompared(stream, document, missing))

    def _check_sent(self, served: Served, frame: Down) -> None:
        """The world's own look at the grants, independent of the server's."""
        reader, since = served.reader, self.world.now - GRACE
        streams = [offer.stream for offer in frame.streams] if isinstance(frame, Welcome) else []
        if isinstance(frame, Rows | Snapshot):
            streams.append(frame.stream)
        for stream in streams:
            if not self.access.may_read(reader.account, reader.device, stream, since):
                self.leaks.append(f"{type(frame).__name__} of {stream} was sent to {reader.account} without a grant")

    # --- accept, apply, distribute ---

    def _stage(self, served: Served, asked: events.Persist | events.PersistErasure) -> None:
        account, device, at = served.reader.account, served.reader.device, self.clock()
        staged: Any
        if isinstance(asked, events.Persist):
            push = asked.stream, asked.document, asked.kind, asked.changes, asked.replaces, asked.refused
            staged = self.store.append(Submission(account, device, *push), at)
        else:
            request = ErasureRequest(account, device, asked.stream, asked.document, asked.kind)
            staged = self.store.erase(request, at, keep=self.keeps)
        self._tickets.append((served, asked.id, staged, asked.document))
        if not self._flush_due:
            self._flush_due = True
            self.world.soon(self._flush, 0.3)

    def _flush(self) -> None:
        if not self._flush_due:
            return  # power was lost in between
        self._flush_due = False
        full = self.world.strikes(DISK_FAILS)
        if full:
            self.world.counts["full disks"] += 1
            self.world.random.choice([self.log.writer.fill, self.log.writer.refuse])()
        self.log.writer.commit()
        if full:
            self.log.writer.repair()
        answered, self._tickets = self._tickets, []
        self.world.note("flush", len(answered), "full" if full else "")
        self.world.soon(self._apply, 0.3)
        for served, id_, staged, document in answered:
            event = self._outcome(id_, staged, document)
            if served.gone:
                served.session.handle(event, self.world.now)  # it counts what is under way
            else:
                self._feed(served, event)

    def _outcome(self, id_: int, staged: Staged, document: UUID) -> events.Event:
        try:
            outcome = staged.result()
        except StorageFailed:
            return events.PersistFailed(id_, RefusalCode.STORAGE_FAILED)
        if isinstance(outcome, Declined):
            self.world.note("refused", outcome.code)
            return events.PersistFailed(id_, outcome.code)
        if isinstance(outcome, ErasureDone):
            self.world.counts["erasures"] += document not in self.erased_at
            self.erased_at.setdefault(document, self.world.now)
            return events.ErasurePersisted(id_, outcome.seq, outcome.kept, [])
        self.world.counts["pushes accepted"] += 1
        return events.Persisted(id_, outcome.seq)

    def _apply(self) -> None:
        if self.up:
            self._run(self._applier.catch_up())
            if self.projected is not None and self.world.random.random() < FOLLOWS:
                self.projected.follow()

    def _run(self, applying: Coroutine[Any, Any, None]) -> None:
        try:
            self._loop.run_until_complete(applying)
        except StorageFailed:
            self.world.later(RETRY_SECONDS, self._apply)

    def wake(self, stream: UUID, head: int) -> None:
        """Rows of a stream were applied: whoever watches it hears of it."""
        for served in [served for served in self._served if stream in served.watching]:
            self.world.soon(lambda served=served: self._feed(served, events.Woken(stream, head)))  # type: ignore[misc]
