"""One connection of a replica: its session, and the carrying out of what that decides.

The local half is reached through `LocalSide`, whose methods take the replica's lock themselves.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Protocol
from uuid import UUID

import websockets
from msgspec import Struct
from websockets.asyncio.client import ClientConnection

from intersession.models.devices import Amount, Stopped
from intersession.protocol import session as core
from intersession.protocol.outgoing import Outgoing
from intersession.protocol.pace import Pace
from intersession.protocol.problems import Trouble
from intersession.protocol.transfers import Meter
from intersession.replica.replica import BETWEEN
from intersession_schemas import codec
from intersession_schemas.errors import WireError
from intersession_schemas.messages import Accepted, Down, Outcomes, Rows, Snapshot, Welcome

MEASURED_EVERY = 0.5
"""Seconds between two looks at how much waits to be sent, while something is being sent."""
MOST_HELD = 64
"""Received frames that wait to be handled; what is not taken stays with the server."""
PAGE_COUNTS = 8
"""A page is as large as that many other frames may be."""


class Credentials(Struct, frozen=True):
    """Where to connect and with which device token."""

    server: str
    token: str


class LocalSide(Protocol):
    """What the connection needs of the replica. Each call is one transaction, done when it returns."""

    def credentials(self) -> Credentials:
        """Raises `NotPaired` before pairing."""

    def opened(self) -> core.Opened:
        """Who this replica is and what it holds."""

    def join(self, welcome: Welcome) -> None:
        """Remember the offered streams."""

    def stop(self, streams: Mapping[UUID, tuple[str, str]]) -> None:
        """Remember which streams cannot go on with this server, and why; nothing of them is sent."""

    def stopped(self) -> tuple[Stopped, ...]:
        """Which those are."""

    def store_page(self, page: Rows | Snapshot) -> int:
        """Store a page with its cursor, and apply the first of it; returns how many of its changes were new."""

    def apply_some(self) -> bool:
        """Apply the next of what was stored; returns whether there is more."""

    def is_behind(self) -> bool:
        """Whether anything was stored that is not applied yet."""

    def outgoing(self, exclude: frozenset[UUID], limit: int, limit_bytes: int) -> list[Outgoing]:
        """What waits to be sent, oldest first, one item a document."""

    def waits(self) -> bool:
        """Whether anything written here is not on the server yet, be it sendable or not."""

    def amount(self) -> Amount:
        """How much it is."""

    def settle(self, accepted: Sequence[core.Settle]) -> None:
        """The server holds these changes."""

    def settle_erasure(self, document: UUID, seq: int, kept: bool, read_at: tuple[datetime, ...]) -> None:
        """The server has erased the document."""

    def refuse(self, document: UUID, hashes: tuple[bytes, ...], code: str, message: str) -> None:
        """The server will never take these changes; without any, not erase the document."""

    def resend(self, document: UUID) -> None:
        """Put all changes of the document into the outbox again."""

    def purge(self, stream: UUID, grant: UUID | None) -> int:
        """Delete all that is held of the stream, under that grant (None: under any).

        Returns how many changes had not been sent and are kept as text.
        """

    def contact(self) -> None:
        """The server has just been heard from."""

    def trouble(self, trouble: Trouble | None) -> None:
        """What keeps this device and the server from exchanging everything; None: nothing does any more."""

    def access_ended(self, ended: bool) -> None:
        """Whether the practice has ended this device's access."""

    def on_outbox(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back, on whichever thread wrote, when something was put into the outbox; returns what ends it."""


class Exchanged(Struct):
    """What one run has exchanged, in changes; `complete` when nothing was left to exchange."""

    pushed: int = 0
    pulled: int = 0
    refused: int = 0
    complete: bool = False


class Conversation:
    """One connection's session on the event loop of its thread."""

    def __init__(
        self,
        local: LocalSide,
        exchanged: Exchanged,
        meter: Meter,
        pace: Pace,
        most_bytes: int | None,
        writes: Callable[[], int],
    ) -> None:
        """`writes` counts what was put into the outbox, by whichever thread, since the run began."""
        self._local = local
        self._exchanged = exchanged
        self._meter = meter
        self._writes = writes
        self._loop = asyncio.get_running_loop()
        self.session = core.ReplicaSession(pace, most_bytes)
        self.inbox: asyncio.Queue[core.Event | None] = asyncio.Queue()
        self.read_at = -1
        """How many writes there had been when the outbox was last read."""
        self.complained: Trouble | None = None
        """What the server last said is wrong and does not pass by itself."""
        self.said: Trouble | None = None
        """What the server last said is wrong, also where it passes."""
        self.is_behind = False
        """Whether anything was stored that is not applied yet."""
        self._measured_at = (-1, 0.0)
        self._opened: core.Opened | None = None
        self._room = asyncio.Semaphore(MOST_HELD)
        self._reading_failed: BaseException | None = None

    async def begin(self, socket: ClientConnection) -> None:
        """Say hello."""
        self._opened = self._local.opened()
        self.is_behind = self._local.is_behind()
        await self.handle([self._opened], socket)

    async def read(self, socket: ClientConnection) -> None:
        """Frames into the inbox, as long as there is room."""
        try:
            while True:
                await self._room.acquire()
                frame = codec.decode_down(await socket.recv())
                for place, one in enumerate(frame.items if isinstance(frame, Outcomes) else [frame]):
                    for _ in range(_weight(one) - (1 if place == 0 else 0)):
                        await self._room.acquire()
                    self.inbox.put_nowait(core.Received(one))
        except (websockets.ConnectionClosed, WireError) as error:
            self._reading_failed = error
            self.inbox.put_nowait(None)

    async def next_events(self) -> list[core.Event]:
        """The next event, and with an `accepted` all those that have come right after it.

        None of them where there is just something to look at again. Raises what ended the reading. While nothing comes,
        what was stored is applied.
        """
        if self.is_behind and self.inbox.empty():
            self.is_behind = self._local.apply_some()
            await asyncio.sleep(BETWEEN)  # whoever waits for the replica has it now
            return []
        deadline = self.session.deadline
        left = None if deadline is None else max(0.0, deadline - self._loop.time())
        try:
            async with asyncio.timeout(left):
                event = await self.inbox.get()
        except TimeoutError:
            return [core.Tick()]
        if event is None:
            if self._reading_failed is not None:
                raise self._reading_failed
            return []
        events = [event]
        while _is_accepted(events[-1]) and not self.inbox.empty():
            event = self.inbox.get_nowait()
            if event is None:  # that the reading has ended is looked at after what was read
                self.inbox.put_nowait(None)
                break
            events.append(event)
        for one in events:
            if isinstance(one, core.Received):
                for _ in range(_weight(one.frame)):
                    self._room.release()
        return events

    async def handle(self, events: Sequence[core.Event], socket: ClientConnection) -> None:
        """Carry out what the session makes of events. Cancelled between two effects, it leaves the rest."""
        if any(isinstance(event, core.Received) for event in events):
            self._local.contact()
        for same, group in groupby(events, _is_accepted):
            now = self._loop.time()
            effects = [effect for event in group for effect in self.session.handle(event, now)]
            await self._carry_out(await self._settle(effects) if same else effects, socket)

    async def _settle(self, effects: Sequence[core.Effect]) -> list[core.Effect]:
        """What was accepted leaves the outbox in one transaction, as each commit waits for the disk; gives the rest."""
        settled = [effect for effect in effects if isinstance(effect, core.Settle)]
        if settled:
            self._local.settle(settled)
            for effect in settled:
                self._exchanged.pushed += len(effect.hashes)
                self._meter.sent(effect.document, effect.size)
            await asyncio.sleep(0)  # whoever wants this to end is heard between two commits
        return [effect for effect in effects if not isinstance(effect, core.Settle)]

    async def _carry_out(self, effects: Sequence[core.Effect], socket: ClientConnection) -> None:
        pending = deque(effects)
        while pending:
            effect = pending.popleft()
            if isinstance(effect, core.Send):
                await socket.send(codec.encode(effect.frame))
                continue
            if isinstance(effect, core.ReadOutbox):
                self.read_at = self._writes()  # before it is read: what is written meanwhile counts as not seen
            answer = carry_out(effect, self._local, self._exchanged)
            self._count(effect)
            if answer is not None:
                pending.extend(self.session.handle(answer, self._loop.time()))
            if isinstance(effect, core.StorePage | core.Refuse):
                self.is_behind = self._local.is_behind()
            if isinstance(effect, core.StorePage):
                await asyncio.sleep(0)  # a page takes its time; whoever wants this to end is heard here

    def _count(self, effect: core.Effect) -> None:
        match effect:
            case core.Join(welcome):
                cursors = self._opened.cursors if self._opened is not None else ()
                self._meter.offered(welcome.streams, cursors)
                self._measure(0.0)
            case core.SettleErasure(document):
                self._meter.sent(document, 0)
            case core.StorePage(page):
                self._meter.received(page)
            case core.ReadOutbox():
                self._measure(MEASURED_EVERY)
            case core.Report(code, message, passing, final):
                self.said = Trouble(code, message, final)
                if not passing:
                    self.complained = self.said
            case _:
                pass

    def _measure(self, every: float) -> None:
        """How much waits is counted when something was written since, and not too often."""
        writes, now = self._writes(), self._loop.time()
        before, at = self._measured_at
        if before != writes and now - at >= every:
            self._measured_at = (writes, now)
            self._meter.waits(self._local.amount())


def _weight(frame: Down) -> int:
    return PAGE_COUNTS if isinstance(frame, Rows | Snapshot) else 1


def _is_accepted(event: core.Event) -> bool:
    return isinstance(event, core.Received) and isinstance(event.frame, Accepted)


def carry_out(effect: core.Effect, local: LocalSide, exchanged: Exchanged) -> core.Event | None:
    """Do on the local side what an effect asks for (all but `Send`), count it, and return what comes of it."""
    match effect:
        case core.Join(welcome):
            local.join(welcome)
        case core.StorePage(page):
            exchanged.pulled += local.store_page(page)
        case core.ReadOutbox(exclude, limit, size):
            return core.OutboxRead(local.outgoing(exclude, limit, size))
        case core.Settle():
            local.settle([effect])
            exchanged.pushed += len(effect.hashes)
        case core.SettleErasure(document, seq, kept, read_at):
            local.settle_erasure(document, seq, kept, read_at)
        case core.Refuse(document, hashes, code, message):
            local.refuse(document, hashes, code, message)
            exchanged.refused += max(1, len(hashes))
        case core.Resend(document):
            local.resend(document)
        case core.Purge(stream, grant):
            exchanged.refused += local.purge(stream, grant)
        case core.Stop(streams):
            local.stop(streams)
        case core.Report(code, message, _, final):
            local.trouble(Trouble(code, message, final))
        case core.Send():
            pass
    return None
