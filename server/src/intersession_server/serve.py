"""Runs the server: sockets, event loop, signals. `serve` returns when it has been asked to end.

The sockets are our own: one for everybody, with a limit on how long a peer may leave sent data unacknowledged
(uvicorn never drops a client that has stopped reading), and one on this machine's loopback for the operator.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import msgspec
import structlog
import uvicorn
from litestar import Litestar

from intersession_server.app import create_app, create_operator_app
from intersession_server.data_folder import DataFolder, Door
from intersession_server.edge.connections import ConnectionLimits
from intersession_server.edge.gate import Gate, WebSocketProtocol, limits_from_system, take_in
from intersession_server.errors import ConfigurationError
from intersession_server.services import Clock, Services, open_services, utc_now
from intersession_server.settings import Settings, url_of
from intersession_server.sync.limits import TOLD_WITHIN
from intersession_server.web.app.missing import missing_parts

log = structlog.get_logger(__name__)

PING_EVERY = 25.0
PING_WITHIN = 60.0
SWITCH_SECONDS = 0.0005
"""How long a thread that computes keeps the interpreter when another one waits. The event loop waits for it whenever it
has slept, several times for one request: with Python's 5 ms, a page that is being made slows everybody down."""
COLLECT_AFTER = (20_000, 20, 50)
"""After so many new objects, collections of these, and of those: with Python's own 700, 10, 10 they took a twentieth of
the CPU of an ingest. Little here is a cycle."""
START_WITHIN = 3.0
"""Seconds a starting server waits for a command that holds the data folder."""


def serve(settings: Settings, ready: Callable[[str], None], *, demo: bool = False, clock: Clock = utc_now) -> None:
    """Serve until SIGINT or SIGTERM; `ready` is called with the URL once requests are answered.

    `demo`: it is one, and serves what only a demo has; `clock` is then its own.

    Raises `ConfigurationError` (settings, an address that is taken, a certificate that cannot be read), `FolderBusy`
    (another server runs on the data folder), `StorageError`.
    """
    settings.check()
    folder = DataFolder(settings.folder)
    with folder.held(wait=START_WITHIN), listening(settings.host, settings.port, settings) as public:
        bound = msgspec.structs.replace(settings, port=public.getsockname()[1])
        sys.setswitchinterval(SWITCH_SECONDS)
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_serve(bound, folder, public, ready, demo, clock))


async def _serve(
    settings: Settings,
    folder: DataFolder,
    public: socket.socket,
    ready: Callable[[str], None],
    demo: bool,
    clock: Clock,
) -> None:
    asked_to_end = asyncio.Event()
    with _signals(asked_to_end), listening("127.0.0.1", 0, settings) as private:
        async with (
            open_services(settings, folder, demo=demo, clock=clock) as services,
            running(create_app(services), public, settings, services, limits_from_system()) as serving,
            running(create_operator_app(services), private, _plain(settings), services) as operating,
        ):
            # What is there now stays. A collection that went through all of it stopped everybody for 150 ms.
            gc.collect()
            gc.freeze()
            gc.set_threshold(*COLLECT_AFTER)
            folder.open_door(Door(private.getsockname()[1], services.operator_token, os.getpid()))
            try:
                for part, reason in missing_parts():
                    log.warning("server.part_missing", what=part, reason=reason, do="See ./run build.")
                log.info("server.ready", url=url_of(settings), process=os.getpid())
                ready(url_of(settings))
                asked = asyncio.create_task(asked_to_end.wait())
                await asyncio.wait((asked, serving, operating), return_when=asyncio.FIRST_COMPLETED)
                asked.cancel()
            finally:
                folder.close_door()
    log.info("server.stopped", process=os.getpid())


@asynccontextmanager
async def running(
    app: Litestar,
    listener: socket.socket,
    settings: Settings,
    services: Services,
    limits: ConnectionLimits | None = None,
) -> AsyncIterator[asyncio.Task[None]]:
    """Serve `app` on `listener` in a task of its own; at the end requests under way may finish, then it stops.

    `limits`: how many connections there may be.
    """
    config = uvicorn.Config(
        app,
        http="h11",
        ws=WebSocketProtocol,
        ws_max_size=2 * settings.max_frame_bytes,
        ws_ping_interval=PING_EVERY,
        ws_ping_timeout=PING_WITHIN,
        ws_per_message_deflate=False,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=settings.behind_proxy,
        forwarded_allow_ips=settings.proxies,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )
    try:
        config.load()
    except OSError as error:
        raise ConfigurationError("--tls-cert, --tls-key: the certificate or its key cannot be used.") from error
    proxies = frozenset(one.strip() for one in settings.proxies.split(",")) if settings.behind_proxy else frozenset()
    server = _Server(config, listener, Gate(limits or ConnectionLimits(), proxies))
    task = asyncio.create_task(server.serve(sockets=[]))
    try:
        started = asyncio.create_task(server.up.wait())
        await asyncio.wait((started, task), return_when=asyncio.FIRST_COMPLETED)
        started.cancel()
        yield task
    finally:
        services.stop()
        server.should_exit = True
        await task


class _Server(uvicorn.Server):
    """uvicorn that says when it is up, and leaves the signals to us (it would end the process by the signal).

    Connections are taken in by the gate.
    """

    def __init__(self, config: uvicorn.Config, listener: socket.socket, gate: Gate) -> None:
        super().__init__(config)
        self.up = asyncio.Event()
        self._listener = listener
        self._gate = gate
        self._taking_in: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._taking_in = asyncio.create_task(take_in(self._listener, self, self._gate))
        self.up.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._taking_in is not None:
            self._taking_in.cancel()
            await asyncio.gather(self._taking_in, return_exceptions=True)
        self._listener.close()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextmanager
def listening(host: str, port: int, settings: Settings) -> Iterator[socket.socket]:
    """A bound socket; `port` 0 takes a free one. Raises `ConfigurationError` when the address cannot be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise ConfigurationError(f"--host {host}: {error.strerror or 'not an address'}.") from error
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            # Accepted connections inherit it.
            within = settings.send_timeout_seconds + TOLD_WITHIN
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, within * 1000)
        try:
            listener.bind(address)
        except OSError as error:
            text = f"Cannot listen on {host} port {port}: {error.strerror}. Choose another with --host and --port."
            raise ConfigurationError(text) from error
        listener.setblocking(False)
        yield listener
    finally:
        listener.close()


def _plain(settings: Settings) -> Settings:
    """The settings of the operator's door: no TLS and no proxy on this machine's loopback."""
    return msgspec.structs.replace(settings, tls_cert=None, tls_key=None, behind_proxy=False)


@contextmanager
def _signals(asked_to_end: asyncio.Event) -> Iterator[None]:
    """SIGINT and SIGTERM set the event instead of ending the process; in the main thread only."""
    loop = asyncio.get_running_loop()

    def ask(*_: Any) -> None:
        loop.call_soon_threadsafe(asked_to_end.set)

    try:
        before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    except ValueError:  # not the main thread: signals are not ours to take
        yield
        return
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop where there is one."""
    try:
        import uvloop
    except ImportError:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory
