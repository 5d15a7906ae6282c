"""How long a diary takes to go up at the first pairing: `python -m tests.bench.first_sync [documents …]`.

Entries are written on a paired device that has not synced yet; then it syncs once with a server in a
process of its own at its default limits. Counted are the refusals that came back; there are to be none.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.end_to_end.support.practice import Practice
from tests.end_to_end.support.server_process import serving

from intersession.protocol.session import Effect, Report
from intersession.sync import conversation

DOCUMENTS = (500, 5_000)
TEXT = "Slept badly again, woke at four and could not stop thinking about the talk on Thursday. Walked, then it eased. "
WITHIN = 900.0


def measure(folder: Path, practice: Practice, count: int) -> str:
    """One line for so many documents."""
    client = practice.add_client(f"Mara {count}")
    reported: list[Report] = []
    carry_out = conversation.carry_out

    def counting(effect: Effect, *rest: object) -> object:
        if isinstance(effect, Report):
            reported.append(effect)
        return carry_out(effect, *rest)  # type: ignore[arg-type]

    with practice.tracker(folder / f"{count}.db", client) as tracker:
        for number in range(count):
            tracker.journal.write(f"Day {number}. {TEXT}", shared=True)
        conversation.carry_out = counting  # type: ignore[assignment]
        try:
            began = time.perf_counter()
            report = tracker.sync(timeout=WITHIN)
            took = time.perf_counter() - began
        finally:
            conversation.carry_out = carry_out
        left = tracker.status().pending
    assert report.complete, report
    return f"{count:,} documents: {took:.1f} s, {count / took:.0f} a second, {len(reported)} refused, {left} left\n"


def main() -> None:
    """Print one line a number of documents."""
    counts = [int(word) for word in sys.argv[1:]] or DOCUMENTS
    with (
        tempfile.TemporaryDirectory() as name,
        serving(Path(name) / "server") as server,
        Practice.on(server) as practice,
    ):
        practice.add_therapist("anna")
        for count in counts:
            sys.stdout.write(measure(Path(name), practice, count))
            sys.stdout.flush()


if __name__ == "__main__":
    main()
