"""The sync servers one could take instead of ours, beside ours, in the same hour: `../shared/peers`, one at a time.

Theirs are measured by their own clients, ours by the workloads that are defined alike: the same sizes, texts of the
same length, CPU from the same file. What a peer cannot say stays empty.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from msgspec import Struct
from tests.bench.catalogue import WORKLOADS
from tests.bench.result import Figure, Options, Result

ROOT = Path(__file__).resolve().parents[3]
PEERS = ROOT.parent / "shared" / "peers"
ADAPTERS = {"hocuspocus": "ho", "y-websocket": "yw", "automerge-repo": "ar"}
"""What each is called, and the folder of its packages."""
SETUP_WITHIN = 3_600.0
RUN_WITHIN = 600.0

Line = Mapping[str, Any]
Own = Callable[[Options], dict[str, Figure]]
"""Runs our side of one comparison."""


class Comparison(Struct, frozen=True):
    """One workload: `theirs` says under which name a figure of ours is in their lines, and what it is multiplied by."""

    ours: Own
    theirs: Mapping[str, tuple[tuple[str, ...], float]]
    runs: str
    """What is asked of their bench."""


def run(options: Options) -> Result:
    """Each comparison in turn: ours, then each peer."""
    if not PEERS.is_dir():
        raise SystemExit(f"there are no peers to measure: {PEERS} is missing. It lies beside the project.")
    chosen = options.words or tuple(COMPARISONS)
    if unknown := sorted(set(chosen) - COMPARISONS.keys()):
        raise SystemExit(f"there is no {', '.join(unknown)}; there are {', '.join(COMPARISONS)}")
    began, folder = time.perf_counter(), set_up()
    cases: list[dict[str, Figure]] = []
    failed: dict[str, Figure] = {}
    for name in chosen:
        one = COMPARISONS[name]
        sides = {"ours": one.ours(options)}
        for peer in ADAPTERS:
            said, trouble = lines(folder, peer, one.runs, options)
            sides[peer] = figures(one, said)
            sys.stderr.write(f"  {name} {peer}: {dict(sides[peer])}\n")
            if trouble:
                failed[f"{peer} {name}"] = trouble
        cases += [
            {"figure": f"{name} {figure}", **{side: found.get(figure) for side, found in sides.items()}}
            for figure in one.theirs
        ]
    return Result(n=len(cases), wall_s=time.perf_counter() - began, figures=failed, cases=cases)


def set_up() -> Path:
    """Install the peers where `PEERBENCH` says, else in the temporary folder; returns the folder."""
    folder = Path(os.environ.get("PEERBENCH") or Path(tempfile.gettempdir()) / "peerbench")
    done = subprocess.run(
        [str(PEERS / "setup.sh")],
        env=os.environ | {"PEERBENCH": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SETUP_WITHIN,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"the peers could not be installed in {folder}:\n{done.stdout[-2000:]}")
    return folder


def lines(folder: Path, peer: str, workload: str, options: Options) -> tuple[list[Line], str]:
    """What a peer's bench says, and why it ended if that was not in order."""
    sizes = {"NDOCS": str(options["docs"]), "CLIENTS": str(options["clients"]), "PEERBENCH": str(folder)}
    command = ["node", "bench.mjs", peer, workload, str(options["repeats"])]
    try:
        done = subprocess.run(
            command,
            cwd=folder / "node" / ADAPTERS[peer],
            env=os.environ | sizes,
            capture_output=True,
            text=True,
            timeout=RUN_WITHIN,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return [], f"did not end within {RUN_WITHIN:.0f} s"
    trouble = f"exit code {done.returncode}: {done.stderr.strip()[-200:]}" if done.returncode else ""
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")], trouble


def figures(one: Comparison, said: list[Line]) -> dict[str, Figure]:
    """The medians of a peer's lines under our names; of lines with a mode, `name, mode`."""
    found: dict[str, Figure] = {}
    for name, (fields, factor) in one.theirs.items():
        mode = name.partition(", ")[2]
        values = [
            next((line[field] for field in fields if isinstance(line.get(field), int | float)), None)
            for line in said
            if not mode or line.get("mode") == mode
        ]
        numbers = [factor * value for value in values if value is not None]
        found[name] = median(numbers) if numbers else None
    return found


def _ours(workload: str, options: Options, sizes: Mapping[str, int]) -> Result:
    asked = {**WORKLOADS[workload].sizes, **sizes}
    results = [WORKLOADS[workload].run(Options(asked)) for _ in range(options["repeats"])]
    names = results[0].figures
    for name in names:
        values = [one.figures[name] for one in results]
        numbers = [value for value in values if isinstance(value, int | float)]
        names[name] = median(numbers) if numbers else None
    return results[0]


def _live(options: Options) -> dict[str, Figure]:
    done = _ours("live", options, {})
    return done.figures | {"server_cpu_s": done.server_cpu_s, "up_bytes": done.up_bytes}


def _ingest(options: Options) -> dict[str, Figure]:
    done = _ours("ingest", options, {})
    return done.figures | {"server_cpu_s": done.server_cpu_s, "peak_rss_bytes": done.peak_rss_bytes}


def _reconnect(options: Options) -> dict[str, Figure]:
    return _ours("reconnect", options, {"docs": options["docs"]}).cases[0]


def _bootstrap(options: Options) -> dict[str, Figure]:
    done = _ours("bootstrap", options, {"docs": options["docs"], "changes": 1})
    return {f"{name}, {case['server']}": value for case in done.cases for name, value in case.items()}


def _idle(options: Options) -> dict[str, Figure]:
    return _ours("idle", options, {"docs": options["docs"], "connections": options["clients"]}).figures


COMPARISONS = {
    "W1": Comparison(
        _live,
        {
            "p50_ms": (("p50",), 1),
            "p99_ms": (("p99",), 1),
            "server_cpu_s": (("srvCpu",), 1),
            "up_bytes": (("writerTx",), 1),
            "reader_down_bytes": (("readerRx",), 1),
        },
        "W1",
    ),
    "W2": Comparison(
        _ingest,
        {
            "confirmed_a_second": (("changesPerSecAck",), 1),
            "documents_seen_a_second": (("docsPerSecReader",), 1),
            "server_cpu_s": (("srvCpu",), 1),
            "peak_rss_bytes": (("peakRss",), 2**20),
        },
        "W2R",  # with a reader: the only form for peers that confirm nothing
    ),
    "W3": Comparison(
        _reconnect,
        {
            "in_sync_p50_ms": (("tSync", "tLastReply", "tLastByte"), 1),
            "up_bytes": (("tx",), 1),
            "down_bytes": (("rx",), 1),
            "server_cpu_ms": (("srvCpu",), 1000),
        },
        "W3",
    ),
    "W4": Comparison(
        _bootstrap,
        {
            f"{name}, {mode}": ((field,), factor)
            for mode in ("cold", "warm")
            for name, field, factor in (
                ("stored_and_listed_s", "t", 0.001),
                ("server_cpu_s", "srvCpu", 1.0),
                ("down_bytes", "rx", 1.0),
            )
        },
        "W4",
    ),
    "W6a": Comparison(
        _idle,
        {"kb_a_connection": (("kbPerConn",), 1), "server_cpu_percent": (("idleCpuPct",), 1)},
        "W6a",
    ),
}
