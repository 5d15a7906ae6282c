"""How soon everybody is back after the server restarts: `python -m tests.bench.restart [devices]`.

So many devices, each with a store and a live connection of its own, in this process; the server in another. It is
stopped in order (SIGTERM: it tells each device when to come back) and then killed (SIGKILL: it tells nobody), and
started again on the same port once all have noticed. The time runs from the moment at which it serves again.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from tests.end_to_end.support.practice import Practice
from tests.end_to_end.support.server_process import ServerProcess, serving, wait_for

from intersession import Tracker

DEVICES = 200
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


def main() -> None:
    """Print one line a way of ending."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else DEVICES
    with (
        tempfile.TemporaryDirectory() as name,
        serving(Path(name) / "server") as server,
        Practice.on(server) as practice,
        ExitStack() as opened,
    ):
        practice.add_therapist("anna")
        trackers = []
        for number in range(count):
            client = practice.add_client(f"Client {number}")
            tracker = opened.enter_context(practice.tracker(Path(name) / f"{number}.db", client))
            opened.enter_context(tracker.live())
            trackers.append(tracker)
        for how, end in (("stopped in order", server.stop), ("killed", server.kill)):
            back = returns(server, trackers, end)
            half, all_ = statistics.median(back), back[-1]
            sys.stdout.write(f"{how}, {count} devices: half are back after {half:.1f} s, all after {all_:.1f} s\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
