"""A thread with an event loop that connects, exchanges, and connects again.

Whoever starts one may end it at any moment and does not wait for the network: `stop` cancels what is under way, and
the socket is dropped. Only what is being written to the store just then is finished first.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import selectors
import socket
import threading
import time
import weakref
from collections.abc import Callable
from typing import ClassVar

import websockets
from msgspec import Struct
from websockets.asyncio.client import ClientConnection, connect

from intersession.errors import IntersessionError, LogDiverged, StoreFull, Unreachable
from intersession.models.devices import Transfer
from intersession.protocol import session as core
from intersession.protocol import troubles
from intersession.protocol.pace import Pace
from intersession.protocol.reconnect import attempts_after, wait_before
from intersession.protocol.transfers import Meter
from intersession.protocol.troubles import Trouble
from intersession.store import forks
from intersession.sync.addresses import sync_url
from intersession.sync.conversation import Conversation, Exchanged, LocalSide
from intersession.sync.reaching import seconds_of, why_not_reached
from intersession_schemas import codec
from intersession_schemas.errors import RefusalCode, WireError

FIRST_CONTACT_WITHIN = 5.0
"""Seconds `sync` tries to reach a server that has not answered once, before it says `Unreachable`."""
OPEN_WITHIN = 10.0
PING_EVERY = 25.0
PONG_WITHIN = 60.0
LEAVE_WITHIN = 0.05
"""Seconds for the closing handshake, which only spares the server a surprise."""
STOP_WITHIN = 0.15
"""Seconds that `stop` waits for the thread; one that is writing a page to the store ends after that by itself."""
LOOK_EVERY = 0.1
LEAST_FRAME = 16 * 1024
"""Frames are not made smaller than that, whatever a server does not take."""

_Progress = Callable[[Transfer], object]


class Memory(Struct):
    """What one process remembers from connection to connection."""

    pace: Pace
    meter: Meter
    most_bytes: int | None = None


class _Ended(Struct, frozen=True):
    """How one connection went."""

    trouble: Trouble
    progressed: bool = False
    stood: float = 0.0
    retry_after: float | None = None
    nowhere_to_go: bool = False
    """All is exchanged that can be; another attempt would change nothing."""


class Runner:
    """One run. Thread-safe."""

    _all: ClassVar[weakref.WeakSet[Runner]] = weakref.WeakSet()

    def __init__(self, local: LocalSide, memory: Memory, *, until_synced: bool, timeout: float | None = None) -> None:
        """`until_synced`: it ends once all is exchanged, or after `timeout` seconds."""
        self._local = local
        self._memory = memory
        self._until_synced = until_synced
        self._process = os.getpid()
        self._timeout = timeout
        self._thread = threading.Thread(
            target=self._main, name=f"intersession-{'sync' if until_synced else 'live'}", daemon=True
        )
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._selector: selectors.BaseSelector | None = None
        self._socket: ClientConnection | None = None
        self._inbox: asyncio.Queue[core.Event | None] | None = None
        self._stopping = threading.Event()
        self._changed = threading.Condition()
        self._writes = 0
        self._synced_at = -1
        self._stopped_at = -1
        self._reached = False
        self._failed = True
        self._ended = False
        self.connected = False
        self.failure: Exception | None = None
        self.trouble: Trouble | None = None
        """What went wrong last, and has not gone well since."""
        self.exchanged = Exchanged()
        self._all.add(self)

    @property
    def running(self) -> bool:
        """Whether it has been started and has not ended."""
        return self._thread.ident is not None and not self._ended

    # --- called from other threads ---

    def start(self) -> None:
        """Run on a thread of its own, since the caller's may have an event loop running."""
        self._thread.start()

    def wait(self, progress: _Progress | None, halted: Callable[[], bool]) -> None:
        """Wait on the caller's thread until it has ended or is `halted`, calling `progress` here now and then."""
        told: Transfer | None = None
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._ended, LOOK_EVERY)
            if halted():
                return
            ended = self._ended
            transfer = self._memory.meter.transfer
            if progress is not None and transfer != told:
                progress(transfer)
                told = transfer
            if ended:
                return

    def wait_synced(
        self, timeout: float | None, progress: _Progress | None = None, halted: Callable[[], bool] = lambda: False
    ) -> bool:
        """Wait until everything is exchanged; see `Connection.wait_synced`."""
        deadline = None if timeout is None else time.monotonic() + timeout
        told: Transfer | None = None
        while not halted():
            with self._changed:
                left = LOOK_EVERY if deadline is None else min(LOOK_EVERY, deadline - time.monotonic())
                if left > 0:
                    self._changed.wait_for(lambda: self._is_synced() or self._is_stopped() or self._ended, left)
                synced, stopped, ended = self._is_synced(), self._is_stopped(), self._ended
            transfer = self._memory.meter.transfer
            if progress is not None and transfer != told:
                progress(transfer)
                told = transfer
            if synced or stopped:
                return synced
            if ended and self.failure is not None:
                raise self.failure
            if ended or left <= 0:
                return False
        return False

    def _is_synced(self) -> bool:
        return self._synced_at == self._writes

    def _is_stopped(self) -> bool:
        """Whether all is exchanged but what cannot go on with this server."""
        return self._stopped_at == self._writes

    def stop(self) -> None:
        """End it, without waiting for the network, nor long for anything else. Nothing is lost."""
        if self._elsewhere:
            return
        self._stopping.set()
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has just ended
                loop.call_soon_threadsafe(self._cancel)
        if self._thread.ident is not None and self._thread is not threading.current_thread():
            self._thread.join(STOP_WITHIN)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _written(self) -> None:
        with self._changed:
            self._writes += 1
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._put, core.OutboxChanged())

    def _put(self, event: core.Event) -> None:
        if self._inbox is not None:
            self._inbox.put_nowait(event)

    # --- the thread ---

    def _main(self) -> None:
        ended = self._local.on_outbox(self._written)
        try:
            with asyncio.Runner(loop_factory=self._new_loop) as loop:
                loop.run(self._run())
        except asyncio.CancelledError:
            pass
        except Exception as error:  # noqa: BLE001 - raised again on the thread that waits
            if not self._stopping.is_set() and not self._elsewhere:  # else the store may be closed already
                self.failure = _unreachable(why_not_reached(error)) if isinstance(error, OSError) else error
                self._note_failure(self.failure)
        finally:
            ended()
            self.connected = False
            if not self._elsewhere:  # else whoever held that lock may not exist
                with self._changed:
                    self._ended = True
                    self._synced_at = -1
                    self._changed.notify_all()

    def _new_loop(self) -> asyncio.AbstractEventLoop:
        """A loop of whose descriptors a forked child can be relieved."""
        if not hasattr(os, "fork"):
            return asyncio.new_event_loop()
        self._selector = selectors.DefaultSelector()
        for one in socket.socketpair():  # fails in order where there is no room, as a half-made loop does not
            one.close()
        return asyncio.SelectorEventLoop(self._selector)

    @property
    def _elsewhere(self) -> bool:
        """Whether this is a forked child: the thread, its loop and its sockets are the parent's."""
        return os.getpid() != self._process

    @classmethod
    def detach_all(cls) -> None:
        """In a forked child: no loop and no socket of the parent is reached from here, by whatever ends here.

        A fork on the run's own thread, by a listener, goes on there too; the loop fails as soon as it waits.
        """
        for runner in list(cls._all):
            forks.detach(runner.shared())

    def shared(self) -> list[int]:
        """The descriptors of the loop and of the connection."""
        shared: list[int] = []
        if self._selector is not None:
            with contextlib.suppress(RuntimeError, ValueError):  # closed
                shared += [*(self._selector.get_map() or ()), self._selector.fileno()]  # type: ignore[attr-defined]
        if self._socket is not None:
            shared.append(self._socket.transport.get_extra_info("socket").fileno())
        return [number for number in shared if number >= 0]

    def _note_failure(self, error: Exception) -> None:
        """What ends the run for good is to be read in the status, too."""
        if isinstance(error, IntersessionError):
            with contextlib.suppress(IntersessionError):
                self._say(troubles.of_error(error))

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        if not self._stopping.is_set():
            await self._connect_until_done()

    async def _connect_until_done(self) -> None:
        assert self._loop is not None
        started, timeout = self._loop.time(), self._timeout
        attempt = 0
        while True:
            left = None if timeout is None else started + timeout - self._loop.time()
            ended = None
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left):
                    ended = await self._connect_once()
            if self._until_synced and self.exchanged.complete:
                return
            if ended is None:  # the time is over
                if not self._reached:
                    raise _unreachable(self.trouble or troubles.NO_ANSWER)
                return
            if ended.nowhere_to_go:
                return
            attempt = attempts_after(attempt, progressed=ended.progressed, stood=ended.stood)
            pause = wait_before(attempt, random.random(), ended.retry_after)  # noqa: S311 - jitter, no secret
            if timeout is not None:
                waited = self._loop.time() - started
                if not self._reached and waited > min(FIRST_CONTACT_WITHIN, timeout):
                    raise _unreachable(ended.trouble)
                if waited + pause >= timeout:
                    if not self._reached:
                        raise _unreachable(ended.trouble)
                    return  # nothing can come of waiting for it
            await asyncio.sleep(pause)

    async def _connect_once(self) -> _Ended:
        """One connection to its end. Raises `AccessEnded` and the like when another attempt cannot help."""
        assert self._loop is not None
        credentials = self._local.credentials()
        memory = self._memory
        talk = Conversation(
            self._local, self.exchanged, memory.meter, memory.pace, memory.most_bytes, lambda: self._writes
        )
        self._inbox = talk.inbox
        began = self._loop.time()
        trouble, told, left_over = troubles.LOST, None, None
        try:
            socket = await connect(
                sync_url(credentials.server),
                additional_headers={"Authorization": f"Bearer {credentials.token}"},
                compression=None,
                max_size=codec.MAX_FRAME_DOWN,
                open_timeout=OPEN_WITHIN,
                ping_interval=PING_EVERY,
                ping_timeout=PONG_WITHIN,
                close_timeout=LEAVE_WITHIN,
            )
            self._socket = socket
            try:
                left_over = await self._converse(talk, socket)
                trouble = left_over or trouble
            finally:
                self._socket = None
                self.connected = False
                self._synced_at = self._stopped_at = -1
                await _leave(socket)
        except websockets.ConnectionClosed as closed:
            trouble = self._closed(talk, closed.rcvd.code if closed.rcvd is not None else None)
        except websockets.InvalidStatus as refused:
            trouble = troubles.of_refused_opening(refused.response.status_code)
            told = seconds_of(refused.response.headers.get("Retry-After"))
        except StoreFull:
            if self._until_synced:
                raise
            trouble = troubles.STORE_FULL
        except WireError:
            trouble = troubles.BAD_ANSWER
        except (OSError, websockets.WebSocketException) as failure:
            trouble = troubles.LOST if talk.session.welcomed else why_not_reached(failure)
        self._reached = self._reached or talk.session.welcomed
        if not self.exchanged.complete:
            self._failed = True
            self._say(trouble)
        told = talk.session.retry_after if told is None else told
        return _Ended(trouble, talk.session.progressed, self._loop.time() - began, told, left_over is not None)

    def _closed(self, talk: Conversation, code: int | None) -> Trouble:
        """What the end of a connection means, and what is to be learnt from it. Raises what is final."""
        trouble = troubles.of_close(code)
        if code in troubles.TOO_LARGE:
            self._learn_size(talk)
        elif talk.complained is not None:  # the server's own words say more than a number
            said = talk.complained
            trouble = Trouble(said.code, said.message, said.final or trouble.final)
        if trouble.code in ("access_ended", "wrong_token"):
            self._local.access_ended(True)
        troubles.raise_if_final(trouble)
        return trouble

    def _learn_size(self, talk: Conversation) -> None:
        """A frame was too large, whatever the welcome said: smaller ones, one at a time, so that the one that cannot
        go is known; it is refused for good, as the connection would end with it for ever."""
        under_way = talk.session.under_way
        memory = self._memory
        if memory.most_bytes is not None and len(under_way) == 1 and len(under_way[0].changes) == 1:
            (one,) = under_way
            self._local.refuse(one.document, one.hashes, RefusalCode.TOO_LARGE, core.TOO_LARGE)
            self.exchanged.refused += 1
        elif under_way:
            largest = max(sum(map(len, one.changes)) for one in under_way)
            memory.most_bytes = max(LEAST_FRAME, min(memory.most_bytes or core.PUSH_BYTES, largest) // 2)

    async def _converse(self, talk: Conversation, socket: ClientConnection) -> Trouble | None:
        """Talk until the connection ends, which raises, or all is exchanged that can be. Returns why some cannot.

        Raises `LogDiverged` where none can.
        """
        reading = asyncio.create_task(talk.read(socket))
        try:
            await talk.begin(socket)
            while True:
                if self._note(talk) and self._until_synced:
                    left = self._left(talk)
                    if left is not None and talk.session.nothing_goes_on:
                        raise LogDiverged(left.message, code=left.code)
                    self.exchanged.complete = left is None
                    return left
                events = await talk.next_events()
                if events:
                    await talk.handle(events, socket)
        finally:
            reading.cancel()

    def _left(self, talk: Conversation) -> Trouble | None:
        """Why something is left when all is exchanged that can be; None: nothing is."""
        if talk.session.stopped:
            return troubles.of_stopped(self._local.stopped())
        return troubles.NO_STREAM if self._local.waits() else None

    def _note(self, talk: Conversation) -> bool:
        """Take down where the talk stands; returns whether there is nothing left that could be exchanged.

        What was written counts as seen only when the outbox was read after it was written.
        """
        if talk.session.welcomed and not self.connected:
            self.connected = self._reached = True
            self._local.access_ended(False)
        if talk.said is not None:
            self.trouble, talk.said = talk.said, None
        if talk.session.progressed and self._failed:
            self._failed = False
            if talk.complained is None:
                self._say(None)
        caught_up = talk.session.caught_up and talk.read_at == self._writes
        if not caught_up:
            return False
        left = self._left(talk)
        if left is not None and self.trouble != left:
            self._say(left)
        if left is None and self._synced_at != talk.read_at:
            self._memory.meter.finished()
            if talk.complained is None:
                self._say(None)
        with self._changed:
            self._synced_at = talk.read_at if left is None else -1
            self._stopped_at = talk.read_at if talk.session.stopped else -1
            self._changed.notify_all()
        return True

    def _say(self, trouble: Trouble | None) -> None:
        self.trouble = trouble
        self._local.trouble(trouble)


async def _leave(socket: ClientConnection) -> None:
    """Say good-bye if that is quick, and drop the connection, also when this task is being cancelled."""
    try:
        with contextlib.suppress(TimeoutError, OSError, websockets.WebSocketException):
            async with asyncio.timeout(LEAVE_WITHIN):
                await socket.close()
    finally:
        socket.transport.abort()


def _unreachable(trouble: Trouble) -> Unreachable:
    return Unreachable(f"{trouble.message} Everything you wrote is kept.", code=trouble.code)


forks.in_children(Runner.detach_all)
