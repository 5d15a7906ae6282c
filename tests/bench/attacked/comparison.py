"""How 20 honest people fare beside each attack, on a server of its own process with its default settings.

15 clients write and 5 therapists read, in this process; the attacker is a third. Per attack: median and 99th percentile
of what the honest do, what of it failed, the server's memory, and what the attacker got done.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from tests.bench.attacked.attacks import ATTACKS
from tests.bench.attacked.trial import Outcome, trial
from tests.bench.result import Figure, Options, Result


def run(options: Options) -> Result:
    """Each attack for `seconds` seconds, or those that are named; first none at all."""
    unknown = sorted(set(options.words) - ATTACKS.keys())
    if unknown:
        raise SystemExit(f"there is no attack {', '.join(unknown)}; there are {', '.join(ATTACKS)}")
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, trial(Path(folder)) as made:
        cpu = made.server.cpu()
        outcomes = [made.run(name, options["seconds"]) for name in ("", *(options.words or ATTACKS))]
        cpu = made.server.cpu() - cpu
    return Result(
        n=sum(len(one.took) for one in outcomes),
        wall_s=time.perf_counter() - began,
        server_cpu_s=cpu,
        peak_rss_bytes=max(one.memory_most for one in outcomes),
        figures={"failed": sum(one.failed for one in outcomes)},
        cases=[_case(one) for one in outcomes],
    )


def _case(outcome: Outcome) -> dict[str, Figure]:
    return {
        "attack": outcome.attack,
        "p50_ms": outcome.at(0.5) if outcome.took else None,
        "p99_ms": outcome.at(0.99) if outcome.took else None,
        "n": len(outcome.took),
        "failed": outcome.failed,
        "memory_before_mib": outcome.memory_before >> 20,
        "memory_after_mib": outcome.memory_after >> 20,
        "memory_most_mib": outcome.memory_most >> 20,
        "said": outcome.said,
    }
