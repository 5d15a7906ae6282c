"""A server over a log in memory: the real session, checks and applier core, light enough for many inputs a second."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from tests.simulation.world import Link, World

from intersession_schemas import codec
from intersession_schemas.errors import RefusalCode, WireError
from intersession_schemas.messages import Rows, Snapshot, StreamCursor, StreamOffer
from intersession_server.log import applying
from intersession_server.log.applying import HeldDocuments, OpenDocument
from intersession_server.log.memory import MemoryLogStore
from intersession_server.log.store import NotReadable, Reader, StorageFailed
from intersession_server.log.submissions import Appended, ErasureDone, ErasureRequest, Submission
from intersession_server.sync import events
from intersession_server.sync.limits import Identity, SessionLimits
from intersession_server.sync.session import ServerSession

PAGE_BYTES = 2_000


@dataclass(eq=False)
class Served:
    """A connection as the server has it."""

    session: ServerSession
    link: Link
    reader: Reader
    watching: frozenset[UUID] = frozenset()
    tickets: dict[int, int] = field(default_factory=dict)
    sending: int = 0
    gone: bool = False


class MemoryServer:
    """Accepts, applies and distributes; can lose power and come back."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.store = MemoryLogStore()
        self.up = True
        self.keeps = False
        self.leaks: list[str] = []
        self._documents = HeldDocuments[OpenDocument](1_000_000)
        self._served: list[Served] = []
        self._flush_due = False

    # --- power ---

    def crash(self) -> None:
        """Lose power: what was not flushed is lost, every connection breaks."""
        self.world.note("server crashes, staged", self.store.staged)
        self.up = False
        self.store.crash()
        self._flush_due = False
        self._documents = HeldDocuments[OpenDocument](1_000_000)
        for served in self._served:
            served.gone = True
            served.link.cut()
        self._served.clear()

    def restart(self) -> None:
        """Come back: apply what was durable and not applied yet."""
        if not self.up:
            self.world.note("server is back")
            self.up = True
            self._apply()

    # --- connections ---

    def accept(self, link: Link, account: UUID, device: UUID) -> Served:
        """A connection that a replica has opened."""
        limits = SessionLimits(codec.MAX_FRAME_UP, pushes=4, messages_per_second=500.0, burst=500.0)
        session = ServerSession(Identity(account, device), limits, "simulated", self.world.now)
        served = Served(session, link, Reader(account, device))
        self._served.append(served)
        return served

    def hear(self, served: Served, data: bytes) -> None:
        """A message came up the link."""
        try:
            event: events.Event = events.Received(codec.decode_up(data))
        except WireError as error:
            event = events.Malformed(error)
        self._feed(served, event)

    def lost(self, served: Served) -> None:
        """The link has ended."""
        served.gone = True
        if served in self._served:
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
            self._carry_out(served, effect)

    def _carry_out(self, served: Served, effect: events.Effect) -> None:  # noqa: C901 - one line an effect
        match effect:
            case events.Send():
                self._send(served, effect)
            case events.Close(code):
                self.world.note("server closes", code)
                served.link.cut()
                self.lost(served)
            case events.AwaitTurn():
                self.world.soon(lambda: self._feed(served, events.Turn()))
            case events.NoteDefence(what):
                self.world.note(what)
            case events.Watch(streams):
                served.watching = streams
            case events.Persist():
                self._stage(served, effect)
            case events.PersistErasure():
                self._stage(served, effect)
            case events.ReadStreams(cursors):
                # Each of these waits a little, so that everything may happen in between.
                self.world.soon(lambda: self._read_streams(served, list(cursors)))
            case events.ReadPage():
                self.world.soon(lambda: self._read_page(served, effect))
            case events.ReadBackfill():
                self.world.soon(lambda: self._read_backfill(served, effect))
            case events.CompareHeads(stream, document, heads):
                missing = self.store.missing_changes(stream, document, heads)
                self.world.soon(lambda: self._feed(served, events.HeadsCompared(stream, document, missing)))
            case events.NoteUnasked() | events.NoteStopped():
                self.world.note("warns", effect)
            case events.NotePurged(stream):
                self.world.note("purged", str(stream)[:4])

    def _send(self, served: Served, send: events.Send) -> None:
        served.link.down.send(codec.encode(send.frame))
        served.sending += 1
        self.world.soon(lambda: self._sent(served), 0.2)

    def _sent(self, served: Served) -> None:
        served.sending -= 1
        if not served.sending:
            self._feed(served, events.Drained())

    def _read_streams(self, served: Served, cursors: list[StreamCursor]) -> None:
        found = self.store.access(served.reader, {one.stream: one.cursor for one in cursors})
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

    def _read_page(self, served: Served, read: events.ReadPage) -> None:
        page = self.store.page(served.reader, read.stream, read.grant, read.after, PAGE_BYTES)
        if isinstance(page, NotReadable):
            self._feed(served, events.AccessDenied(read.stream, read.grant))
            return
        self._check_access(served, read.stream, len(page.items))
        self._feed(served, events.PageRead(read.stream, read.grant, page.items, page.through, page.chain, page.head))

    def _read_backfill(self, served: Served, read: events.ReadBackfill) -> None:
        page = self.store.backfill(served.reader, read.stream, read.grant, read.head, read.below, PAGE_BYTES)
        if isinstance(page, NotReadable):
            self._feed(served, events.AccessDenied(read.stream, read.grant))
            return
        self._check_access(served, read.stream, len(page.items))
        self._feed(
            served, events.BackfillRead(read.stream, read.grant, page.items, page.head, page.chain, page.backfill)
        )

    def _check_access(self, served: Served, stream: UUID, items: int) -> None:
        """The world's own look at the grants, independent of the server's."""
        active = {grant.account for grant in self.store.grants_of(stream) if grant.until is None}
        if items and served.reader.account not in active:
            self.leaks.append(f"rows of {stream} were read for {served.reader.account} at {self.world.now}")

    # --- accept, apply, distribute ---

    def _stage(self, served: Served, asked: events.Persist | events.PersistErasure) -> None:
        account, device, at = served.reader.account, served.reader.device, self.world.datetime()
        if isinstance(asked, events.Persist):
            submission = Submission(
                account, device, asked.stream, asked.document, asked.kind, asked.changes, asked.replaces, asked.refused
            )
            ticket = self.store.append(submission, at)
        else:
            request = ErasureRequest(account, device, asked.stream, asked.document, asked.kind)
            ticket = self.store.erase(request, at, keep=self.keeps)
        served.tickets[ticket] = asked.id
        if not self._flush_due:
            self._flush_due = True
            self.world.soon(self._flush, 0.3)

    def _flush(self) -> None:
        if not self._flush_due:
            return  # power was lost in between
        self._flush_due = False
        failing = self.world.random.random() < 0.05
        outcomes = dict(self.store.flush(failing=failing))
        self.world.note("flush", len(outcomes), "fails" if failing else "")
        self.world.soon(self._apply, 0.3)
        for served in list(self._served):
            for ticket in [ticket for ticket in served.tickets if ticket in outcomes]:
                id_, outcome = served.tickets.pop(ticket), outcomes[ticket]
                match outcome:
                    case Appended(seq):
                        self._feed(served, events.Persisted(id_, seq))
                    case ErasureDone(seq, kept):
                        self._feed(served, events.ErasurePersisted(id_, seq, kept, []))
                    case StorageFailed():
                        self._feed(served, events.PersistFailed(id_, RefusalCode.STORAGE_FAILED))
                    case _:
                        self.world.note("refused", outcome.code)
                        self._feed(served, events.PersistFailed(id_, outcome.code))

    def _apply(self) -> None:
        if not self.up:
            return
        while rows := self.store.unapplied(50, 100_000):
            aside: set[tuple[UUID, int]] = set()
            for document, changes in applying.by_document(rows).items():
                held = self._documents.take(document) or OpenDocument(
                    changes[0].kind, self.store.document_changes(document)
                )
                steps = applying.advance(held, changes)
                try:
                    while True:
                        next(steps)
                except StopIteration as done:
                    aside.update((changes[0].stream, seq) for seq in done.value)
                self._documents.put(document, held)
            self._documents.forget(applying.erased(rows))
            for progress in applying.settle(rows, aside):
                self.store.applied(progress.stream, progress.through, progress.quarantined)
                for served in [served for served in self._served if progress.stream in served.watching]:
                    self.world.soon(
                        lambda served=served, progress=progress: self._feed(  # type: ignore[misc]
                            served, events.Woken(progress.stream, progress.through)
                        )
                    )


CONTENT = (Rows, Snapshot)
"""Frames that carry content."""
