"""Takes connections in: counts them before anything else, closes those that say nothing, refuses those too many.

`connections` decides, and this carries it out. uvicorn itself waits for ever for the rest of a request, and so does an
event loop for a TLS handshake; both have deadlines here.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import Callable, Mapping
from typing import Any

import h11
import structlog
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from intersession_server.edge.connections import ConnectionLimits, DefenceLog, Ledger, Ticket, Why

log = structlog.get_logger(__name__)

HANDSHAKE_WITHIN = 10.0
"""Seconds for the TLS handshake."""
HEADER_WITHIN = 10.0
"""Seconds from opening a connection, or from the first byte of a later request, to the end of the request's header."""
BODY_WITHIN = 30.0
"""Seconds from there to the end of its body."""
_BACKLOG = 512
_PAUSE = 0.1
_GIVE_WAY = 0.004
"""Seconds between connections that each push out or are refused for too many others: 250 a second at most."""
_EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_DESCRIPTORS_KEPT = 96
_MOST = 10_000
_REFUSAL = (
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\nretry-after: 10\r\nconnection: close\r\n"
    b'content-length: 80\r\n\r\n{"code":"busy","message":"Too many connections are open. Try again in a while."}'
)


def limits_from_system() -> ConnectionLimits:
    """Limits that leave descriptors for files. Raises the process's own limit on descriptors as far as it may."""
    try:
        import resource
    except ImportError:  # not POSIX: there is no such limit
        return ConnectionLimits()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
            soft = hard
    if soft == resource.RLIM_INFINITY:
        return ConnectionLimits(total=_MOST)
    return ConnectionLimits(total=min(max(soft - _DESCRIPTORS_KEPT, soft // 2, 1), _MOST))


class Gate:
    """All connections to one listener. Runs on the event loop."""

    def __init__(self, limits: ConnectionLimits, proxies: frozenset[str] = frozenset()) -> None:
        """`proxies`: addresses that stand for many people, whose connections count in all but not by address."""
        self.ledger = Ledger(limits)
        self._proxies = proxies
        self._said = DefenceLog()
        self._close: dict[Ticket, Callable[[], object]] = {}
        self.is_crowded = False
        """Whether the last connection that came was one too many."""

    def admit(self, address: str | None, close: Callable[[], object]) -> Ticket | None:
        """Count a connection in; None when it is refused. `close` cuts it off."""
        outcome = self.ledger.admit(None if address in self._proxies else address)
        self.is_crowded = isinstance(outcome, Why) or outcome.instead_of is not None
        if isinstance(outcome, Why):
            self.say(f"refused_{outcome.value}")
            return None
        if outcome.instead_of is not None:
            assert outcome.why is not None
            self.say(f"closed_silent_{outcome.why.value}")
            self._cut(outcome.instead_of)
        self._close[outcome.ticket] = close
        return outcome.ticket

    def closes_with(self, ticket: Ticket, close: Callable[[], object]) -> None:
        """`close` cuts the connection off from now on."""
        if ticket in self._close:
            self._close[ticket] = close

    def leave(self, ticket: Ticket) -> None:
        """The connection is closed."""
        self._close.pop(ticket, None)
        self.ledger.leave(ticket)

    def make_room(self) -> None:
        """Cut off the connection that has been silent the longest: the system has no descriptor left."""
        self.say("no_descriptors")
        silent = self.ledger.longest_silent()
        if silent is not None:
            self.ledger.leave(silent)
            self._cut(silent)

    def say(self, kind: str) -> None:
        """Log a defence: one line a minute of each kind, with how often."""
        count = self._said.count(kind, asyncio.get_running_loop().time())
        if count:
            log.warning("defence", kind=kind, count=count)

    def _cut(self, ticket: Ticket) -> None:
        close = self._close.pop(ticket, None)
        if close is not None:
            close()


class OpenConnection:
    """A connection, as a request of it sees it: in `scope["state"]["connection"]`."""

    def __init__(self, gate: Gate, ticket: Ticket) -> None:
        self._gate = gate
        self._ticket = ticket

    def signed_in(self) -> None:
        """Whoever is on the other end has shown who they are."""
        self._gate.ledger.signed_in(self._ticket)

    def lost(self) -> None:
        """The connection is closed."""
        self._gate.leave(self._ticket)


def note_signed_in(scope: Mapping[str, Any]) -> None:
    """The request's connection has shown who is on its other end."""
    held = scope.get("state", {}).get("connection")
    if isinstance(held, OpenConnection):
        held.signed_in()


class Protocol(H11Protocol):
    """HTTP/1.1 with deadlines for whoever sends a request slowly, or none."""

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: Any,
        app_state: dict[str, Any],
        gate: Gate,
        ticket: Ticket,
    ) -> None:
        super().__init__(config, server_state, {**app_state, "connection": OpenConnection(gate, ticket)})
        self._gate = gate
        self._ticket = ticket
        self._deadline: asyncio.TimerHandle | None = None
        self._awaited: object = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The connection is open: a request must come."""
        super().connection_made(transport)
        self._gate.closes_with(self._ticket, transport.abort)
        self._await(h11.IDLE)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is closed."""
        self._await(None)
        self._gate.leave(self._ticket)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes of a request."""
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self.transport.get_protocol() is not self:  # it is a websocket now, which leaves in its own way
            self._await(None)
            self._gate.ledger.asks(self._ticket)
            return
        state = self.conn.their_state
        self._await(state if state in (h11.IDLE, h11.SEND_BODY) else None)
        if self._awaited is None:
            self._gate.ledger.asks(self._ticket)

    def on_response_complete(self) -> None:
        """A request is answered: another may come."""
        super().on_response_complete()
        self._gate.ledger.answered(self._ticket)

    def _await(self, part: object) -> None:
        """Wait for a header (`IDLE`), a body (`SEND_BODY`) or nothing; what was waited for before keeps its time."""
        if part is self._awaited:
            return
        self._awaited = part
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        if part is not None:
            within = HEADER_WITHIN if part is h11.IDLE else BODY_WITHIN
            self._deadline = self.loop.call_later(within, self._too_late)

    def _too_late(self) -> None:
        self._gate.say("slow_header" if self._awaited is h11.IDLE else "slow_body")
        self.transport.abort()


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """uvicorn's websocket protocol, which tells when its connection is lost."""

    def connection_lost(self, exc: Exception | None) -> None:
        """It is closed."""
        held = self.app_state.get("connection")
        if isinstance(held, OpenConnection):
            held.lost()
        super().connection_lost(exc)


async def take_in(listener: socket.socket, server: uvicorn.Server, gate: Gate) -> None:
    """Accept connections until cancelled."""
    loop = asyncio.get_running_loop()
    listener.listen(_BACKLOG)
    opening: set[asyncio.Task[None]] = set()
    try:
        while True:
            try:
                accepted, peer = await loop.sock_accept(listener)
            except OSError as error:
                if error.errno in _EXHAUSTED:
                    gate.make_room()
                    await asyncio.sleep(_PAUSE)
                continue
            address = str(peer[0]) if isinstance(peer, tuple) else None
            ticket = gate.admit(address, accepted.close)
            if ticket is None:
                _refuse(accepted, plain=server.config.ssl is None)
            else:
                task = loop.create_task(_open(accepted, ticket, server, gate))
                gate.closes_with(ticket, task.cancel)
                opening.add(task)
                task.add_done_callback(opening.discard)
            # A flood of connections must not keep the loop to itself; nor may it cost more than a part of it.
            await asyncio.sleep(_GIVE_WAY if gate.is_crowded else 0)
    finally:
        for task in opening:
            task.cancel()


async def _open(accepted: socket.socket, ticket: Ticket, server: uvicorn.Server, gate: Gate) -> None:
    """Speak HTTP on an accepted connection, after TLS's handshake if there is one."""
    config, loop = server.config, asyncio.get_running_loop()

    def protocol() -> Protocol:
        return Protocol(config, server.server_state, server.lifespan.state, gate, ticket)

    try:
        if config.ssl is None:
            await loop.connect_accepted_socket(protocol, accepted)
        else:
            await loop.connect_accepted_socket(
                protocol, accepted, ssl=config.ssl, ssl_handshake_timeout=HANDSHAKE_WITHIN
            )
    except asyncio.CancelledError:
        accepted.close()
        gate.leave(ticket)
        raise
    except (OSError, TimeoutError):
        # No handshake, or gone already: nothing to answer, and nothing of ours has failed.
        accepted.close()
        gate.leave(ticket)
        gate.say("handshake")


def _refuse(accepted: socket.socket, *, plain: bool) -> None:
    with contextlib.suppress(OSError):
        accepted.setblocking(False)
        if plain:
            accepted.send(_REFUSAL)
    accepted.close()
