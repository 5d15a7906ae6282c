"""The network half of a replica: carries out what `session` decides, on a thread of its own.

Nothing of it runs on the caller's thread but `sync`, `live` and `wait_synced`, which wait for that thread.
The local half is reached through `LocalSide`, whose methods take the replica's lock themselves; while the
network is down nothing here is needed, and nothing that was written depends on it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol
from uuid import UUID

import websockets
from msgspec import Struct
from websockets.asyncio.client import ClientConnection, connect

from intersession.addresses import sync_url
from intersession.errors import AccessEnded, StoreFull, Unreachable
from intersession.replica import session as core
from intersession.replica.reconnect import wait_before
from intersession_schemas import codec
from intersession_schemas.errors import CloseCode, WireError
from intersession_schemas.messages import Rows, Snapshot, Welcome

FIRST_CONTACT_WITHIN = 5.0
"""Seconds `sync` tries to reach a server that has not answered once, before it says `Unreachable`."""
OPEN_WITHIN = 10.0
PING_EVERY = 25.0
PONG_WITHIN = 60.0


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

    def store_page(self, page: Rows | Snapshot) -> int:
        """Store a page with its cursor, then apply it; returns how many of its changes were new."""

    def outgoing(self, exclude: frozenset[UUID], limit: int, limit_bytes: int) -> list[core.Outgoing]:
        """What waits to be sent, oldest first, one item a document."""

    def settle(self, document: UUID, hashes: tuple[bytes, ...]) -> None:
        """The server holds these changes."""

    def settle_erasure(self, document: UUID, seq: int, kept: bool, read_at: tuple[datetime, ...]) -> None:
        """The server has erased the document."""

    def refuse(self, document: UUID, hashes: tuple[bytes, ...], code: str, message: str) -> None:
        """The server will never take these changes; without any, not erase the document."""

    def resend(self, document: UUID) -> None:
        """Put all changes of the document into the outbox again."""

    def purge(self, stream: UUID, grant: UUID) -> None:
        """Delete all that is held of the stream."""

    def contact(self) -> None:
        """The server has just been heard from."""

    def on_outbox(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back, on whichever thread wrote, when something was put into the outbox; returns what ends it."""


class Exchanged(Struct):
    """What one run has exchanged, in changes; `complete` when nothing was left to exchange."""

    pushed: int = 0
    pulled: int = 0
    refused: int = 0
    complete: bool = False


class Connection:
    """The replica's connection. Thread-safe."""

    def __init__(self, local: LocalSide) -> None:
        self._local = local
        self._runner: _Runner | None = None
        self._lock = threading.Lock()

    @property
    def connected(self) -> bool:
        """Whether a server has welcomed this replica and the connection stands."""
        runner = self._runner
        return runner is not None and runner.connected

    @property
    def trouble(self) -> Exception | None:
        """What keeps the last live connection from working, if something does."""
        runner = self._runner
        return runner.failure if runner is not None else None

    def sync(self, timeout: float) -> Exchanged:
        """Exchange everything, then disconnect; with `live` on, wait until all is exchanged.

        Raises `NotPaired`, `AccessEnded`, `Unreachable` when no server was reached, and what the store raises.
        Broken connections are taken up again until `timeout` seconds are over; then `complete` is False.
        """
        if self._runner is not None and self._runner.running:
            before = self._runner.exchanged
            counts = (before.pushed, before.pulled, before.refused)
            complete = self.wait_synced(timeout)
            after = self._runner.exchanged
            return Exchanged(after.pushed - counts[0], after.pulled - counts[1], after.refused - counts[2], complete)
        runner = _Runner(self._local, until_synced=True)
        runner.run(timeout)
        if runner.failure is not None:
            raise runner.failure
        return runner.exchanged

    @contextmanager
    def live(self) -> Iterator[None]:
        """Stay connected, on a thread of its own, as long as the context lasts. Raises `NotPaired`."""
        self._local.credentials()
        with self._lock:
            runner = _Runner(self._local, until_synced=False)
            self._runner = runner
            runner.start()
        try:
            yield
        finally:
            runner.stop()

    def wait_synced(self, timeout: float | None) -> bool:
        """Wait, with `live` on, until everything known of is exchanged; False when `timeout` seconds are over.

        Raises what has ended the connection for good (`AccessEnded`), and `Unreachable` without `live`.
        """
        runner = self._runner
        if runner is None:
            raise Unreachable("wait_synced needs live() around it; sync() exchanges once without it.")
        return runner.wait_synced(timeout)

    def close(self) -> None:
        """End the live connection, if there is one."""
        if self._runner is not None:
            self._runner.stop()


class _Runner:
    """One thread with an event loop that connects, exchanges and connects again."""

    def __init__(self, local: LocalSide, *, until_synced: bool) -> None:
        self._local = local
        self._until_synced = until_synced
        self._process = os.getpid()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._inbox: asyncio.Queue[core.Event | None] | None = None
        self._stopping = threading.Event()
        self._changed = threading.Condition()
        self._writes = 0
        self._seen_writes = -1
        self._synced = False
        self._reached = False
        self.connected = False
        self.failure: Exception | None = None
        self.exchanged = Exchanged()

    @property
    def running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    # --- called from other threads ---

    def start(self) -> None:
        self._thread = threading.Thread(target=self._main, args=(None,), name="intersession-live", daemon=True)
        self._thread.start()

    def run(self, timeout: float) -> None:
        """Run on a thread of its own, since the caller's may have an event loop running, and wait for it."""
        self._thread = threading.Thread(target=self._main, args=(timeout,), name="intersession-sync", daemon=True)
        self._thread.start()
        try:
            self._thread.join()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        if os.getpid() != self._process:  # a forked child: the thread, its loop and its sockets are the parent's
            return
        self._stopping.set()
        self._poke(None)
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def wait_synced(self, timeout: float | None) -> bool:
        deadline = None if timeout is None else time.monotonic() + timeout
        with self._changed:
            while not (self._synced and self._seen_writes == self._writes):
                if self.failure is not None and not self.running:
                    raise self.failure
                left = None if deadline is None else deadline - time.monotonic()
                if (left is not None and left <= 0) or not self.running:
                    return False
                self._changed.wait(1.0 if left is None else min(left, 1.0))
        return True

    def _written(self) -> None:
        with self._changed:
            self._writes += 1
        self._poke(core.OutboxChanged())

    def _poke(self, event: core.Event | None) -> None:
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has just ended
                loop.call_soon_threadsafe(self._put, event)

    def _put(self, event: core.Event | None) -> None:
        if self._inbox is not None:
            self._inbox.put_nowait(event)

    # --- the thread ---

    def _main(self, timeout: float | None) -> None:
        ended = self._local.on_outbox(self._written)
        try:
            asyncio.run(self._connect_until_done(timeout))
        except Exception as error:  # noqa: BLE001 - raised again on the thread that waits
            self.failure = error
        finally:
            ended()
            self.connected = False
            with self._changed:
                self._changed.notify_all()

    async def _connect_until_done(self, timeout: float | None) -> None:  # noqa: ASYNC109 - of many attempts
        self._loop = asyncio.get_running_loop()
        started = self._loop.time()
        attempt = 0
        while not self._stopping.is_set():
            left = None if timeout is None else started + timeout - self._loop.time()
            try:
                async with asyncio.timeout(left):
                    welcomed, reason = await self._connect_once()
            except TimeoutError:
                welcomed, reason = False, "no answer in time"
            if self._stopping.is_set() or (self._until_synced and self.exchanged.complete):
                return
            attempt = 1 if welcomed else attempt + 1
            waited = self._loop.time() - started
            if timeout is not None:
                if not self._reached and waited > min(FIRST_CONTACT_WITHIN, timeout):
                    raise Unreachable(
                        f"The server does not answer: {reason}. What was written is kept; try again later."
                    )
                if waited >= timeout:
                    return
            await self._pause(wait_before(attempt, random.random()))  # noqa: S311 - jitter, no secret

    async def _pause(self, seconds: float) -> None:
        """Wait before the next attempt; `stop` ends it at once, a write does not."""
        assert self._loop is not None
        self._inbox = asyncio.Queue()
        end = self._loop.time() + seconds
        while not self._stopping.is_set() and (left := end - self._loop.time()) > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._inbox.get(), left)

    async def _connect_once(self) -> tuple[bool, str]:
        """One connection to its end. Returns whether a welcome came, and why it ended.

        Raises `AccessEnded` and the like when another attempt cannot help.
        """
        credentials = self._local.credentials()
        talk = _Conversation(self._local, self.exchanged)
        self._inbox = talk.inbox
        try:
            async with connect(
                sync_url(credentials.server),
                additional_headers={"Authorization": f"Bearer {credentials.token}"},
                compression=None,
                max_size=codec.MAX_FRAME_DOWN,
                open_timeout=OPEN_WITHIN,
                ping_interval=PING_EVERY,
                ping_timeout=PONG_WITHIN,
                close_timeout=2.0,
            ) as socket:
                reading = asyncio.create_task(talk.read(socket))
                try:
                    await self._converse(talk, socket)
                finally:
                    reading.cancel()
                    self.connected = False
                    self._synced = False
        except websockets.ConnectionClosed as closed:
            code = closed.rcvd.code if closed.rcvd is not None else 1006
            raise_if_final(code)
            return talk.session.welcomed, f"the connection was closed ({code})"
        except StoreFull:
            if self._until_synced:
                raise
            return talk.session.welcomed, "the device's disk is full"
        except (OSError, websockets.WebSocketException, WireError) as error:
            return talk.session.welcomed, type(error).__name__
        return talk.session.welcomed, "closed"

    async def _converse(self, talk: _Conversation, socket: ClientConnection) -> None:
        await talk.begin(socket)
        while not self._stopping.is_set():
            self._note(talk)
            if self._until_synced and talk.session.caught_up:
                self.exchanged.complete = True
                return
            writes = self._writes
            event = await talk.next_event()
            if event is None:
                continue
            await talk.handle(event, socket)
            if talk.session.caught_up:
                self._seen_writes = max(self._seen_writes, writes)

    def _note(self, talk: _Conversation) -> None:
        self.connected = talk.session.welcomed
        self._reached = self._reached or self.connected
        with self._changed:
            self._synced = talk.session.caught_up
            self._changed.notify_all()


class _Conversation:
    """One connection's session and the carrying out of its effects."""

    def __init__(self, local: LocalSide, exchanged: Exchanged) -> None:
        self._local = local
        self._exchanged = exchanged
        self._loop = asyncio.get_running_loop()
        self.session = core.ReplicaSession()
        self.inbox: asyncio.Queue[core.Event | None] = asyncio.Queue()
        self._room = asyncio.Semaphore(8)
        self._reading_failed: BaseException | None = None

    async def begin(self, socket: ClientConnection) -> None:
        await self.handle(self._local.opened(), socket)

    async def read(self, socket: ClientConnection) -> None:
        """Frames into the inbox, a few at a time: what is not taken stays with the server."""
        try:
            while True:
                await self._room.acquire()
                self.inbox.put_nowait(core.Received(codec.decode_down(await socket.recv())))
        except (websockets.ConnectionClosed, WireError) as error:
            self._reading_failed = error
            self.inbox.put_nowait(None)

    async def next_event(self) -> core.Event | None:
        """The next event; None where there is just something to look at again. Raises what ended the reading."""
        deadline = self.session.deadline
        left = None if deadline is None else max(0.0, deadline - self._loop.time())
        try:
            async with asyncio.timeout(left):
                event = await self.inbox.get()
        except TimeoutError:
            return core.Tick()
        if event is None and self._reading_failed is not None:
            raise self._reading_failed
        if isinstance(event, core.Received):
            self._room.release()
        return event

    async def handle(self, event: core.Event, socket: ClientConnection) -> None:
        if isinstance(event, core.Received):
            self._local.contact()
        pending = self.session.handle(event, self._loop.time())
        while pending:
            effect = pending.pop(0)
            if isinstance(effect, core.Send):
                await socket.send(codec.encode(effect.frame))
                continue
            answer = carry_out(effect, self._local, self._exchanged)
            if answer is not None:
                pending.extend(self.session.handle(answer, self._loop.time()))


def carry_out(effect: core.Effect, local: LocalSide, exchanged: Exchanged) -> core.Event | None:
    """Do on the local side what an effect asks for (all but `Send`), count it, and return what comes of it."""
    match effect:
        case core.Join(welcome):
            local.join(welcome)
        case core.StorePage(page):
            exchanged.pulled += local.store_page(page)
        case core.ReadOutbox(exclude, limit):
            return core.OutboxRead(local.outgoing(exclude, limit, core.PUSH_BYTES))
        case core.Settle(document, hashes):
            local.settle(document, hashes)
            exchanged.pushed += len(hashes)
        case core.SettleErasure(document, seq, kept, read_at):
            local.settle_erasure(document, seq, kept, read_at)
        case core.Refuse(document, hashes, code, message):
            local.refuse(document, hashes, code, message)
            exchanged.refused += max(1, len(hashes))
        case core.Resend(document):
            local.resend(document)
        case core.Purge(stream, grant):
            local.purge(stream, grant)
        case core.Send() | core.Report():
            pass
    return None


def raise_if_final(code: int) -> None:
    """Raise for close codes that another attempt cannot change."""
    if code == CloseCode.UNAUTHENTICATED:
        raise AccessEnded(
            "The server does not know this device's token. Pair again with a new code.", code="wrong_token"
        )
    if code == CloseCode.ACCESS_ENDED:
        raise AccessEnded("The practice has ended this device's access. Pair again with a new code.")
    if code == CloseCode.UPGRADE_REQUIRED:
        raise Unreachable(
            "The server speaks another protocol version. Update the app; what was written is kept.",
            code="upgrade_required",
        )
