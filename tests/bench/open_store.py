"""How long a store with 2,000 documents takes to open, and its commonest calls. Run: python tests/bench/open_store.py

Prints medians and asserts nothing: a figure is only as good as the machine was idle.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from intersession import Tracker

DOCUMENTS = 2_000
ROUNDS = 21


def median_ms(call: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Milliseconds that a call takes, the median of some rounds."""
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        call()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1000


def main() -> None:
    """Measure and print."""
    out = sys.stdout.write
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        start = datetime(2020, 1, 1, tzinfo=UTC)
        with Tracker.open(path) as tracker:
            for n in range(DOCUMENTS - 60):
                tracker.journal.write(f"entry {n}: " + "some words of it " * 10, at=start + timedelta(hours=n))
            for month in range(60):
                for day in range(28):
                    at = datetime(2020 + month // 12, month % 12 + 1, day + 1, tzinfo=UTC)
                    tracker.symptoms.log({"worry": day % 5, "relax": day % 3}, at=at)
        out(f"store of {path.stat().st_size / 1e6:.1f} MB with {DOCUMENTS} documents\n")
        out(f"open and close   {median_ms(lambda: Tracker.open(path).close()):8.2f} ms\n")
        with Tracker.open(path) as tracker:
            out(f"write an entry   {median_ms(lambda: tracker.journal.write('a few words')):8.2f} ms\n")
            out(f"log symptoms     {median_ms(lambda: tracker.symptoms.log({'worry': 3})):8.2f} ms\n")
            out(f"50 entries       {median_ms(lambda: tracker.journal.entries(limit=50)):8.2f} ms\n")
            out(f"search           {median_ms(lambda: tracker.journal.search('wor ent')):8.2f} ms\n")
            out(f"series           {median_ms(lambda: tracker.symptoms.series('worry')):8.2f} ms\n")


if __name__ == "__main__":
    main()
