"""How things are measured: percentiles, bytes at the socket, the CPU of this process, a server meanwhile, a ticker."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from typing import Any

from msgspec import Struct
from tests.end_to_end.support.server_process import ServerProcess
from websockets.asyncio.connection import Connection


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def milliseconds(seconds: Sequence[float]) -> dict[str, float]:
    """Median and 99th percentile of times, as figures."""
    return {"p50_ms": 1000 * median(seconds), "p99_ms": 1000 * percentile(seconds, 0.99)}


# --- bytes ------------------------------------------------------------------------------------------------------------


class Bytes(Struct):
    """What this process has sent and received over websockets: all that went through their sockets."""

    up: int = 0
    down: int = 0


BYTES = Bytes()
_counting = False


def count_bytes() -> None:
    """From now on, `BYTES` counts every websocket that this process opens, openings and frames' headers included."""
    global _counting
    if _counting:
        return
    _counting = True
    received, made = Connection.data_received, Connection.connection_made

    def data_received(self: Connection, data: bytes) -> None:
        BYTES.down += len(data)
        received(self, data)

    def connection_made(self: Connection, transport: Any) -> None:
        write = transport.write

        def counted(data: bytes) -> None:
            BYTES.up += len(data)
            write(data)

        transport.write = counted
        made(self, transport)

    Connection.data_received = data_received  # type: ignore[method-assign]
    Connection.connection_made = connection_made  # type: ignore[method-assign]


class Used(Struct, frozen=True):
    """What a process has used: seconds of CPU in all its threads, bytes sent and received."""

    cpu: float = 0.0
    up: int = 0
    down: int = 0

    def since(self, before: Used) -> Used:
        return Used(self.cpu - before.cpu, self.up - before.up, self.down - before.down)


def used() -> Used:
    """By this process so far."""
    return Used(time.process_time(), BYTES.up, BYTES.down)


# --- a server ---------------------------------------------------------------------------------------------------------

QUIET_WINDOW = 0.4
QUIET_SHARE = 0.05


class Served(Struct):
    """What a server used while something was done: CPU from its beginning until it was over, and memory at most."""

    wall: float = 0.0
    cpu: float = 0.0
    peak: int = 0


@contextmanager
def measured(server: ServerProcess) -> Iterator[Served]:
    """Measure the block. `wall` is the block's own; CPU and memory count until the server has nothing left to do."""
    served = Served()
    server.forget_most_memory()
    cpu, began = server.cpu(), time.perf_counter()
    yield served
    served.wall = time.perf_counter() - began
    wait_quiet(server)
    served.cpu = server.cpu() - cpu
    served.peak = server.most_memory()


def wait_quiet(server: ServerProcess, within: float = 120.0) -> None:
    """Wait until the server uses next to no CPU: a twentieth of a core for a moment."""
    give_up, before = time.perf_counter() + within, server.cpu()
    while time.perf_counter() < give_up:
        time.sleep(QUIET_WINDOW)
        now = server.cpu()
        if now - before < QUIET_SHARE * QUIET_WINDOW:
            return
        before = now


# --- a ticker ---------------------------------------------------------------------------------------------------------

TICK = 0.001


def tick_until(over: Callable[[], bool]) -> list[float]:
    """Sleep for a millisecond at a time on this thread; by how many seconds each tick came too late.

    What delays it is what would delay an app's own work on this thread: another thread that holds the interpreter.
    """
    late = []
    while not over():
        began = time.perf_counter()
        time.sleep(TICK)
        late.append(max(0.0, time.perf_counter() - began - TICK))
    return late
