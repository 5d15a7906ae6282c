"""How soon everybody is back after the server restarts.

So many devices, each with a store and a live connection of its own, in this process; the server in another. It is
stopped in order (SIGTERM: it tells each device when to come back) and then killed (SIGKILL: it tells nobody), and
started again on the same port once all have noticed. The time runs from the moment at which it serves again.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack

from tests.bench.ground import ground
from tests.bench.result import Figure, Options, Result
from tests.end_to_end.support.server_process import ServerProcess, wait_for

from intersession import Tracker

WITHIN = 120.0
LOOK_EVERY = 0.02


def connected(tracker: Tracker) -> bool:
    """Whether its connection stands; without the look into the store that `status` takes."""
    return tracker._connection().connected


def returns(server: ServerProcess, trackers: list[Tracker], end: Callable[[], object]) -> list[float]:
    """End the server and start it again; the seconds after which each device was back, in order."""
    wait_for(lambda: all(map(connected, trackers)), WITHIN, "all are connected")
    end()
    wait_for(lambda: not any(map(connected, trackers)), WITHIN, "all have noticed")
    server.start()
    began, away, back = time.perf_counter(), list(trackers), []
    while away and time.perf_counter() - began < WITHIN:
        time.sleep(LOOK_EVERY)
        now = time.perf_counter() - began
        still = [tracker for tracker in away if not connected(tracker)]
        back += [now] * (len(away) - len(still))
        away = still
    assert not away, f"{len(away)} were not back within {WITHIN} s"
    return back


def run(options: Options) -> Result:
    """`devices` devices, each of another client."""
    count = options["devices"]
    with ground() as here, ExitStack() as opened:
        trackers = []
        for number in range(count):
            client = here.add_client(f"Client {number}")
            tracker = opened.enter_context(here.practice.tracker(here.folder / f"{number}.db", client))
            opened.enter_context(tracker.live())
            trackers.append(tracker)
        used, began = time.process_time(), time.perf_counter()
        cases: list[dict[str, Figure]] = []
        for how, end in (("stopped", here.server.stop), ("killed", here.server.kill)):
            back = returns(here.server, trackers, end)
            cases.append({"server": how, "half_back_s": statistics.median(back), "all_back_s": back[-1]})
        return Result(
            n=2 * count,
            wall_s=time.perf_counter() - began,
            client_cpu_s=time.process_time() - used,
            peak_rss_bytes=here.server.most_memory(),
            kills=1,
            cases=cases,
        )
