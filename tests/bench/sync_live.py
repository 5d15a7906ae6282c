"""How soon the therapist sees a write: `python -m tests.bench.sync_live`. Medians, over loopback and this disk.

A client's device edits one entry 300 times, 20 times a second, connected to a server in a process of its own; the
therapist's device, connected too, is in this process and says when it has each edit. That is: two durable commits on
devices, one on the server, one application of a change on each side.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from uuid import UUID

from tests.end_to_end.support.practice import Practice
from tests.end_to_end.support.server_process import serving, wait_for

from intersession import Caseload, Tracker

EDITS = 300
A_SECOND = 20
THERAPIST = "anna"


class Sightings:
    """When the therapist's device had each edit."""

    def __init__(self, caseload: Caseload, client: UUID) -> None:
        self.at: dict[int, float] = {}
        self._client = caseload.client(client)
        self._changed = threading.Condition()
        caseload.on_change(lambda change: self._look() if change.documents else None)

    def _look(self) -> None:
        now = time.perf_counter()
        (entry,) = self._client.entries()
        with self._changed:
            # What a later edit has overtaken was seen with it.
            for number in range(len(self.at), entry.text.count(".")):
                self.at[number] = now
            self._changed.notify_all()

    def wait(self, number: int, within: float) -> None:
        """Wait for edit `number`."""
        with self._changed:
            assert self._changed.wait_for(lambda: number in self.at, within), f"edit {number} was never seen"


def measure(tracker: Tracker, caseload: Caseload, client: UUID) -> list[float]:
    """Milliseconds from each edit's call to its sight."""
    entry = tracker.journal.write("begins")
    wait_for(lambda: len(caseload.client(client).entries()) == 1, 10, "the entry is seen")
    seen, wrote, text = Sightings(caseload, client), [], ""
    began = time.perf_counter()
    for number in range(EDITS):
        time.sleep(max(0.0, began + number / A_SECOND - time.perf_counter()))
        text += f"Word {number}. "
        wrote.append(time.perf_counter())
        tracker.journal.edit(entry.id, text=text)
    seen.wait(EDITS - 1, 30)
    return [1000 * (seen.at[number] - wrote[number]) for number in range(EDITS)]


def main() -> None:
    """Print one line."""
    with (
        tempfile.TemporaryDirectory() as name,
        serving(Path(name) / "server") as server,
        Practice.on(server) as practice,
    ):
        folder = Path(name)
        practice.add_therapist(THERAPIST)
        client = practice.add_client("Mara", THERAPIST)
        with (
            practice.tracker(folder / "client.db", client) as tracker,
            practice.caseload(folder / "therapist.db", THERAPIST) as caseload,
            tracker.live(),
            caseload.live(),
        ):
            wait_for(lambda: bool(caseload.clients()), 10, "the caseload has the client")
            took = sorted(measure(tracker, caseload, client.person))
    sys.stdout.write(
        f"{EDITS} edits at {A_SECOND}/s, write to seen: median {statistics.median(took):.1f} ms,"
        f" p95 {took[int(0.95 * EDITS)]:.1f} ms, most {took[-1]:.1f} ms\n"
    )


if __name__ == "__main__":
    main()
