"""`./run fuzz`: try mutated inputs on the codec, the seam to Automerge, the server's session and the device's.

    ./run fuzz [--inputs N] [--seed S] [--target codec|seam|server|client] [--workers N] [--keep FILE]
    ./run fuzz --replay FILE

What fails is written to FILE (`fuzz-failures.jsonl`), one case a line, and named by its seed and number. Exits with 1
where something failed.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path

from tests.fuzz.cases import Kept, keep, kept_in
from tests.fuzz.runner import Ran, available, replay, run
from tests.fuzz.targets import TARGETS

INPUTS = 1_000_000
SHARES = {"codec": 0.4, "seam": 0.25, "server": 0.15, "client": 0.2}
"""Of the inputs, by about what an input of a target takes."""
KEPT = Path("fuzz-failures.jsonl")


def main(words: list[str]) -> int:
    """Run, or run again what failed; returns the exit code."""
    asked = _parser().parse_args(words)
    if asked.replay is not None:
        return _replay(asked.replay)
    if asked.inputs < 1 or asked.workers < 1:
        sys.stderr.write("--inputs and --workers are numbers from 1 on\n")
        return 2
    targets = [asked.target] if asked.target else list(TARGETS)
    failed = 0
    for target in targets:
        inputs = asked.inputs if asked.target else max(1, round(asked.inputs * SHARES[target]))
        ran = run(target, inputs, asked.seed, asked.workers, _tell, partial(_keep, asked.keep))
        _tell(ran)
        failed += len(ran.findings)
    if failed:
        sys.stdout.write(f"{failed} cases failed; they are in {asked.keep}: ./run fuzz --replay {asked.keep}\n")
    return 1 if failed else 0


def _replay(path: Path) -> int:
    failed = 0
    for kept in kept_in(path):
        found = replay(kept)
        failed += found is not None
        sys.stdout.write(f"{'fails' if found else 'is well'}  {_line(found or kept)}\n")
        sys.stdout.flush()
    return 1 if failed else 0


def _keep(path: Path, found: Kept) -> None:
    keep(path, found)
    sys.stdout.write(f"  {_line(found)}\n")
    sys.stdout.flush()


def _line(found: Kept) -> str:
    return f"{found.target} --seed {found.seed}, number {found.number}: {found.what} ({found.where or 'nowhere'})"


def _tell(ran: Ran) -> None:
    sys.stdout.write(
        f"{ran.target:7} {ran.inputs:>10,} inputs in {ran.cases:>9,} cases, {ran.seconds:6.0f} s,"
        f" {ran.rate:8,.0f} a second, {len(ran.findings)} failed\n"
    )
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./run fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--inputs", type=int, default=INPUTS, metavar="N", help="how many, over all targets")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument("--target", choices=list(TARGETS))
    parser.add_argument("--workers", type=int, default=available(), metavar="N", help="processes; one a core")
    parser.add_argument("--keep", type=Path, default=KEPT, metavar="FILE", help="where what fails is kept")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="run what was kept again, and nothing else")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
