"""Connecting, exchanging, and connecting again: what a run does on the event loop of its thread.

One attempt is one connection to its end. What it meant is decided here: whether another one can help, when it is made,
and what is to be learnt from this one. The exchange itself is a `Conversation`.
"""

from __future__ import annotations

import asyncio
import contextlib
import random

import websockets
from msgspec import Struct
from websockets.asyncio.client import ClientConnection, connect

from intersession.errors import LogDiverged, StoreFull, Unreachable
from intersession.protocol import problems
from intersession.protocol import session as core
from intersession.protocol.outgoing import after_too_large
from intersession.protocol.pace import Pace
from intersession.protocol.problems import Trouble
from intersession.protocol.reconnect import attempts_after, wait_before
from intersession.protocol.transfers import Meter
from intersession.sync.addresses import sync_url
from intersession.sync.conversation import Conversation, Exchanged, LocalSide
from intersession.sync.reaching import seconds_of, why_not_reached
from intersession.sync.run_state import RunState
from intersession_schemas import codec
from intersession_schemas.errors import RefusalCode, WireError

FIRST_CONTACT_WITHIN = 5.0
"""Seconds `sync` tries to reach a server that has not answered once, before it says `Unreachable`."""
OPEN_WITHIN = 10.0
PING_EVERY = 25.0
PONG_WITHIN = 60.0
LEAVE_WITHIN = 0.05
"""Seconds for the closing handshake, which only spares the server a surprise."""


class Memory(Struct):
    """What one process remembers from connection to connection."""

    pace: Pace
    meter: Meter
    most_bytes: int | None = None
    spread: float = 0.0
    """Over how many seconds devices come back after a break, as the server last said."""


class _Ended(Struct, frozen=True):
    """How one connection went."""

    trouble: Trouble
    progressed: bool = False
    stood: float = 0.0
    retry_after: float | None = None
    nowhere_to_go: bool = False
    """All is exchanged that can be; another attempt would change nothing."""


class Attempts:
    """The attempts of one run, on its thread."""

    def __init__(
        self, local: LocalSide, memory: Memory, state: RunState, *, until_synced: bool, timeout: float | None
    ) -> None:
        self._local = local
        self._memory = memory
        self._state = state
        self._until_synced = until_synced
        self._timeout = timeout
        self._reached = False
        self._failed = True
        self.socket: ClientConnection | None = None
        self.inbox: asyncio.Queue[core.Event | None] | None = None
        """What the conversation is told, once there is one."""
        self.connected = False
        """Whether a server has welcomed this replica and the connection stands."""
        self.trouble: Trouble | None = None
        """What went wrong last, and has not gone well since."""
        self.exchanged = Exchanged()

    async def run(self) -> None:
        """Connect until all is exchanged, the time is over, or this is cancelled. Raises what is final."""
        loop = asyncio.get_running_loop()
        started, timeout = loop.time(), self._timeout
        attempt = 0
        while True:
            left = None if timeout is None else started + timeout - loop.time()
            ended = None
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left):
                    ended = await self._connect_once()
            if self._until_synced and self.exchanged.complete:
                return
            if ended is None:  # the time is over
                if not self._reached:
                    raise unreachable(self.trouble or problems.NO_ANSWER)
                return
            if ended.nowhere_to_go:
                return
            attempt = attempts_after(attempt, progressed=ended.progressed, stood=ended.stood)
            chance = random.random()  # noqa: S311 - jitter, no secret
            pause = wait_before(attempt, chance, ended.retry_after, self._memory.spread)
            if timeout is not None:
                waited = loop.time() - started
                if not self._reached and waited > min(FIRST_CONTACT_WITHIN, timeout):
                    raise unreachable(ended.trouble)
                if waited + pause >= timeout:
                    if not self._reached:
                        raise unreachable(ended.trouble)
                    return  # nothing can come of waiting for it
            await asyncio.sleep(pause)

    async def _connect_once(self) -> _Ended:
        """One connection to its end. Raises `AccessEnded` and the like when another attempt cannot help."""
        loop = asyncio.get_running_loop()
        credentials = self._local.credentials()
        memory = self._memory
        talk = Conversation(
            self._local, self.exchanged, memory.meter, memory.pace, memory.most_bytes, lambda: self._state.writes
        )
        self.inbox = talk.inbox
        began = loop.time()
        trouble, told, left_over = problems.LOST, None, None
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
            self.socket = socket
            try:
                left_over = await self._converse(talk, socket)
                trouble = left_over or trouble
            finally:
                self.socket = None
                self.connected = False
                self._state.disconnected()
                await _leave(socket)
        except websockets.ConnectionClosed as closed:
            trouble = self._closed(talk, closed.rcvd.code if closed.rcvd is not None else None)
        except websockets.InvalidStatus as refused:
            trouble = problems.of_refused_opening(refused.response.status_code)
            told = seconds_of(refused.response.headers.get("Retry-After"))
        except StoreFull:
            if self._until_synced:
                raise
            trouble = problems.STORE_FULL
        except WireError:
            trouble = problems.BAD_ANSWER
        except (OSError, websockets.WebSocketException) as failure:
            trouble = problems.LOST if talk.session.welcomed else why_not_reached(failure)
        self._reached = self._reached or talk.session.welcomed
        if not self.exchanged.complete:
            self._failed = True
            self.say(trouble)
        told = talk.session.retry_after if told is None else told
        memory.spread = memory.spread if talk.session.spread is None else talk.session.spread
        return _Ended(trouble, talk.session.progressed, loop.time() - began, told, left_over is not None)

    def _closed(self, talk: Conversation, code: int | None) -> Trouble:
        """What the end of a connection means, and what is to be learnt from it. Raises what is final."""
        trouble = problems.of_close(code)
        if code in problems.TOO_LARGE:
            self._learn_size(talk)
        elif talk.complained is not None:  # the server's own words say more than a number
            said = talk.complained
            trouble = Trouble(said.code, said.message, said.final or trouble.final)
        if trouble.code in ("access_ended", "wrong_token"):
            self._local.access_ended(True)
        problems.raise_if_final(trouble)
        return trouble

    def _learn_size(self, talk: Conversation) -> None:
        """A frame was too large: remember to send smaller ones, and give up the change that cannot go."""
        learnt = after_too_large(talk.session.under_way, self._memory.most_bytes)
        self._memory.most_bytes = learnt.most_bytes
        if learnt.refused is not None:
            one = learnt.refused
            self._local.refuse(one.document, one.hashes, RefusalCode.TOO_LARGE, core.TOO_LARGE)
            self.exchanged.refused += 1

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
            return problems.of_stopped(self._local.stopped())
        return problems.NO_STREAM if self._local.waits() else None

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
                self.say(None)
        caught_up = talk.session.caught_up and not talk.is_behind and talk.read_at == self._state.writes
        if not caught_up:
            return False
        left = self._left(talk)
        if left is not None and self.trouble != left:
            self.say(left)
        if left is None and not self._state.is_known_at(talk.read_at):
            self._memory.meter.finished()
            if talk.complained is None:
                self.say(None)
        self._state.exchanged(talk.read_at, left=left is not None, stopped=bool(talk.session.stopped))
        return True

    def say(self, trouble: Trouble | None) -> None:
        """What keeps this device and the server apart; None: nothing does."""
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


def unreachable(trouble: Trouble) -> Unreachable:
    """That no server was reached, and why."""
    return Unreachable(f"{trouble.message} Everything you wrote is kept.", code=trouble.code)
