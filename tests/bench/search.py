"""What a page of a search costs in a journal of 2,000 and of 20,000 entries. Run: python tests/bench/search.py

Prints medians of CPU time, and asserts nothing.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from intersession import Found, Tracker

SIZES = (2_000, 20_000)
ROUNDS = 15
WORDS = [f"{start}{middle}{end}" for start in "bdfglmnprstw" for middle in ("a", "ei", "o", "u") for end in "dlmnrst"]


def text(chance: random.Random, number: int) -> str:
    """About 1,000 characters; "walked" is in every entry, one entry in 100 holds "lighthouse"."""
    words = [chance.choice(WORDS) for _ in range(200)]
    words[chance.randrange(200)] = "walked"
    if number % 100 == 0:
        words[chance.randrange(200)] = "lighthouse"
    return " ".join(words)


def page(tracker: Tracker, query: str, *, pages_before: int = 0) -> tuple[float, Found]:
    """Milliseconds that a page of 50 takes (the median of some rounds), after so many others; and the page."""
    after = None
    for _ in range(pages_before):
        after = tracker.journal.search(query, after=after).next
    taken = []
    found = Found(())
    for _ in range(ROUNDS):
        started = time.process_time()
        found = tracker.journal.search(query, after=after)
        taken.append(time.process_time() - started)
    return statistics.median(taken) * 1000, found


def main() -> None:
    """Measure and print."""
    chance = random.Random(7)  # the same texts in every run
    start = datetime(1990, 1, 1, tzinfo=UTC)
    with tempfile.TemporaryDirectory() as folder, Tracker.open(Path(folder) / "store.db") as tracker:
        written = 0
        for size in SIZES:
            began = time.process_time()
            for number in range(written, size):
                tracker.journal.write(text(chance, number), at=start + timedelta(hours=number))
            each = (time.process_time() - began) / (size - written) * 1000
            written = size
            sys.stdout.write(f"{size} entries (writing one: {each:.2f} ms)\n")
            for query, before in (("walked", 0), ("walked", 20), ("w", 0), ("lighthouse", 0), ("nothing like it", 0)):
                ms, found = page(tracker, query, pages_before=before)
                sys.stdout.write(f"  {query!r:18} page {before + 1:2}: {ms:7.2f} ms, {len(found)} hits\n")


if __name__ == "__main__":
    main()
