"""How soon everybody is back after the server restarts.

So many devices in this process, the server in another. Up to `REAL` of them are SDKs, each with a store and a live
connection of its own; what is more speaks the protocol by hand and follows the same rule, as thousands of stores and
threads do not fit. The server is stopped in order (SIGTERM: it tells each device when to come back) and then killed
(SIGKILL: it tells nobody, but has said over how long they spread), and started again on the same port: once all have
noticed, or after `down` seconds if those are more. The time runs from the moment at which it serves again.
"""

from __future__ import annotations

import contextlib
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial

from tests.bench.ground import ground
from tests.bench.result import Figure, Options, Result
from tests.end_to_end.support.returning import returning
from tests.end_to_end.support.server_process import ServerProcess, wait_for

from intersession import Tracker

REAL = 200
DESCRIPTORS_EACH = 8
"""Of a real device: store, write-ahead log, loop and socket."""
WITHIN = 120.0
LOOK_EVERY = 0.02


def connected(tracker: Tracker) -> bool:
    """Whether its connection stands; without the look into the store that `status` takes."""
    return tracker._connection().connected


Connected = Callable[[], bool]


def returns(
    server: ServerProcess, devices: Sequence[Connected], end: Callable[[], object], down: float = 0.0
) -> list[float]:
    """End the server and start it again; the seconds after which each device was back, in order."""
    wait_for(lambda: all(one() for one in devices), WITHIN, "all are connected")
    end()
    began = time.perf_counter()
    wait_for(lambda: not any(one() for one in devices), WITHIN, "all have noticed")
    time.sleep(max(0.0, down - (time.perf_counter() - began)))
    server.start()
    began, away, back = time.perf_counter(), list(devices), []
    while away and time.perf_counter() - began < WITHIN:
        time.sleep(LOOK_EVERY)
        now = time.perf_counter() - began
        still = [one for one in away if not one()]
        back += [now] * (len(away) - len(still))
        away = still
    assert not away, f"{len(away)} were not back within {WITHIN} s"
    return back


def most_a_second(back: Sequence[float]) -> int:
    """How many of these moments lie within one second, at most."""
    return max(sum(at <= one < at + 1.0 for one in back) for at in back)


def run(options: Options) -> Result:
    """`devices` devices, each of another client."""
    count, down = options["devices"], float(options["down"])
    make_room(count)
    with ground() as here, ExitStack() as opened:
        devices: list[Connected] = []
        for number in range(min(count, REAL)):
            client = here.add_client(f"Client {number}")
            tracker = opened.enter_context(here.practice.tracker(here.folder / f"{number}.db", client))
            opened.enter_context(tracker.live())
            devices.append(partial(connected, tracker))
        tokens = [here.token(here.add_client(f"Client {number}")) for number in range(REAL, count)]
        crowd = opened.enter_context(returning(here.server.url, tokens))
        devices += [device.is_connected for device in crowd]
        used, began = time.process_time(), time.perf_counter()
        cases: list[dict[str, Figure]] = []
        for how, end in (("stopped", here.server.stop), ("killed", here.server.kill)):
            back = returns(here.server, devices, end, down)
            cases.append(
                {
                    "server": how,
                    "half_back_s": statistics.median(back),
                    "all_back_s": back[-1],
                    "most_back_in_a_second": most_a_second(back),
                    "server_cpu_s": here.server.cpu(),
                }
            )
        return Result(
            n=2 * count,
            wall_s=time.perf_counter() - began,
            client_cpu_s=time.process_time() - used,
            peak_rss_bytes=here.server.most_memory(),
            kills=1,
            cases=cases,
        )


def make_room(devices: int) -> None:
    """Let this process open as many files as that takes, as far as it may."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = 256 + devices + DESCRIPTORS_EACH * min(devices, REAL)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted if hard < 0 else min(wanted, hard), hard))
