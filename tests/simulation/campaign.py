"""Many runs, for a night: `./run simulate --seeds N`; or one again, line by line: `./run simulate --seed S --trace`."""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.simulation.fleet import Outcome, play

SAID_EVERY = 10.0
"""Seconds between two lines of progress."""
AT_ONCE = 8
"""Seeds that a worker is handed at once."""
TABLE = (
    "seeds", "acts", "breaks", "damaged frames", "duplicates", "partitions", "server crashes", "device crashes",
    "full disks", "clocks set", "copied devices", "grants ended", "revocations", "erasures", "vaults",
    "damaged blobs", "restores", "saved documents", "pushes accepted", "changes accepted", "rebuilt",
    "searched",
)  # fmt: skip
"""What is counted, in the order of the summary."""


def main(arguments: Sequence[str]) -> int:
    """Run what is asked for; 1 where a run has failed."""
    parser = argparse.ArgumentParser(
        prog="./run simulate", description="Play simulated practices, each from its number, and check what must hold."
    )
    parser.add_argument("--seeds", type=int, default=500, metavar="N", help="play so many runs (500)")
    parser.add_argument("--from", type=int, default=0, dest="first", metavar="S", help="beginning with this one (0)")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="in so many processes (1)")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="keep failed runs here (in the temporary folder)")
    parser.add_argument("--seed", type=int, metavar="S", help="play this one again")
    parser.add_argument("--trace", action="store_true", help="with --seed: print what happened, without any content")
    given = parser.parse_args(arguments)
    if given.trace and given.seed is None:
        parser.error("--trace needs --seed")
    if min(given.seeds, given.workers) < 1:
        parser.error("--seeds and --workers need a number from 1")
    if given.seed is not None:
        return replay(given.seed, trace=given.trace)
    keep = given.keep or Path(tempfile.gettempdir()) / "failed-simulations.jsonl"
    return campaign(range(given.first, given.first + given.seeds), given.workers, keep)


def replay(seed: int, *, trace: bool) -> int:
    """One run again, with its transcript if that is wanted."""
    outcome = play(seed)
    if trace:
        _say(*outcome.transcript, *outcome.trace)
    _say(*_table(outcome.counts), f"seed {seed}: {'; '.join(outcome.violations) or 'all is well'}")
    return 1 if outcome.violations else 0


def campaign(seeds: range, workers: int, keep: Path) -> int:
    """Play all these, say how far it is, and sum up."""
    counts: Counter[str] = Counter()
    failed: list[int] = []
    began = said = time.monotonic()
    try:
        for outcome in _played(seeds, workers):
            counts += outcome.counts
            if outcome.violations:
                failed.append(outcome.seed)
                _keep(keep, outcome)
                _say(f"seed {outcome.seed} fails: {outcome.violations[0]}")
            now = time.monotonic()
            if now - said >= SAID_EVERY:
                said = now
                left = (len(seeds) - counts["seeds"]) * (now - began) / counts["seeds"]
                _say(f"{counts['seeds']} of {len(seeds)} seeds, {len(failed)} failed, about {left:.0f} s to go")
    except KeyboardInterrupt:
        _say("interrupted")
    took = time.monotonic() - began
    _say("", *_table(counts), f"{'failed':18}{len(failed):>10}", f"{'seconds':18}{took:>10.0f}")
    if failed:
        _say(f"kept in {keep}. Play one again: ./run simulate --seed {failed[0]} --trace")
    return 1 if failed or not counts["seeds"] else 0


def _played(seeds: range, workers: int) -> Iterator[Outcome]:
    if workers == 1:
        _settle()
        yield from map(play, seeds)
        return
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_settle) as pool:
        try:
            yield from pool.map(play, seeds, chunksize=AT_ONCE)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _settle() -> None:
    """What was imported stays: it need not be looked through again with every collection."""
    gc.collect()
    gc.freeze()


def _keep(keep: Path, outcome: Outcome) -> None:
    """Add a failed run to the file: its number, what was wrong, and how it came to that."""
    kept = {"seed": outcome.seed, "violations": outcome.violations, "raised": outcome.trace}
    with keep.open("a", encoding="utf-8") as file:
        file.write(json.dumps(kept) + "\n")


def _table(counts: Counter[str]) -> Iterable[str]:
    width = max(len(f"{counts[name]:,}") for name in TABLE)
    return [f"{name:18}{counts[name]:>{max(10, width)},}" for name in TABLE]


def _say(*lines: str) -> None:
    sys.stdout.write("\n".join((*lines, "")))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
