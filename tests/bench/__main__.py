"""`./run bench WORKLOAD [--docs N] [--json FILE]`: measure one workload, print it, and write it as JSON."""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.catalogue import WORKLOADS, Workload
from tests.bench.result import Figure, Options, as_json, as_text

PROGRAM = "./run bench"
PROCESSES = Path("/proc/self/stat")


def main(arguments: list[str]) -> int:
    """Run what the words ask for; the exit code."""
    word, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    if word in {"help", "-h", "--help"}:
        sys.stdout.write(listing())
        return 0
    if word not in WORKLOADS:
        sys.stderr.write(f"{PROGRAM}: there is no workload `{word}`.\n\n{listing()}")
        return 2
    workload = WORKLOADS[word]
    if not PROCESSES.exists():
        sys.stderr.write(f"{PROGRAM}: what a process uses is read from {PROCESSES.parent}, as Linux has it.\n")
        return 1
    words = parser(word, workload)
    asked = words.parse_args(rest)
    if asked.json is not None and not asked.json.absolute().parent.is_dir():
        words.error(f"there is no folder for {asked.json}")
    options = Options({name: getattr(asked, name) for name in workload.sizes}, tuple(getattr(asked, "words", ())))
    lines = []
    for _ in range(asked.repeat):
        conditions = {"began_at": datetime.now(UTC).isoformat(timespec="seconds"), **machine()}
        began = time.perf_counter()
        result = workload.run(options)
        conditions |= {"took_s": time.perf_counter() - began, "load_after": os.getloadavg()[0]}
        sys.stdout.write(as_text(word, result))
        sys.stdout.flush()
        lines.append(as_json(word, options, result, conditions))
    if asked.json is not None:
        asked.json.write_bytes(b"".join(lines))
    return 0


def listing() -> str:
    """The workloads, one line each."""
    width = max(map(len, WORKLOADS))
    lines = [f"  {name:{width}}  {workload.line}" for name, workload in WORKLOADS.items()]
    return (
        f"usage: {PROGRAM} WORKLOAD [--docs N] [--json FILE]      ({PROGRAM} WORKLOAD --help: its other sizes)\n\n"
        + "\n".join(lines)
        + "\n\nRun one thing at a time; docs/how-to/measure.md says how to read the figures.\n"
    )


def parser(name: str, workload: Workload) -> argparse.ArgumentParser:
    """What one workload may be told."""
    made = argparse.ArgumentParser(prog=f"{PROGRAM} {name}", description=workload.line, allow_abbrev=False)
    for size, default in workload.sizes.items():
        made.add_argument(
            f"--{size.replace('_', '-')}", dest=size, type=_number, default=default, metavar="N",
            help=f"default {default:,}",
        )  # fmt: skip
    if workload.words:
        made.add_argument("words", nargs="*", help=workload.words)
    made.add_argument("--repeat", type=_number, default=1, metavar="N", help="run it so often: one line of JSON each")
    made.add_argument("--json", type=Path, metavar="FILE", help="write the result here, one object a line")
    return made


def machine() -> dict[str, Figure]:
    """Under which conditions a run begins."""
    return {"cpus": os.cpu_count(), "python": sys.version.split()[0], "load_before": os.getloadavg()[0]}


def _number(word: str) -> int:
    number = int(word)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{word} is less than 0")
    return number


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.stderr.write(f"{PROGRAM}: interrupted\n")
        sys.exit(130)
