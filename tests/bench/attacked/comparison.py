"""How 20 honest people fare beside each attack: `python -m tests.bench.attacked [SECONDS] [ATTACK ...]`.

A server of its own process with its default settings; 15 clients who write and 5 therapists who read, in this process;
the attacker in a third. Printed per attack: median and 99th percentile of what the honest do, what of it failed, the
server's memory, and what the attacker got done.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.bench.attacked.attacks import ATTACKS
from tests.bench.attacked.trial import Outcome, Trial, trial


def line(outcome: Outcome) -> str:
    """One row of the table."""
    return (
        f"{outcome.attack:16} p50 {outcome.at(0.5):6.0f} ms  p99 {outcome.at(0.99):6.0f} ms  of {len(outcome.took):4}"
        f"  failed {outcome.failed:3}  memory {outcome.memory_before >> 20:4} -> {outcome.memory_after >> 20:4} MiB"
        f" (most {outcome.memory_most >> 20})  {outcome.said}"
    )


def main() -> None:
    """Print a line for each attack, and one without any."""
    words = sys.argv[1:]
    seconds = float(words.pop(0)) if words and words[0].replace(".", "").isdigit() else 12.0
    with tempfile.TemporaryDirectory() as folder, trial(Path(folder)) as made:
        for name in words or ["", *ATTACKS]:
            sys.stdout.write(line(run(made, name, seconds)) + "\n")
            sys.stdout.flush()


def run(made: Trial, name: str, seconds: float) -> Outcome:
    """One attack; without a name, none."""
    return made.run(name, seconds)


if __name__ == "__main__":
    main()
