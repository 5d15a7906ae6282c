"""The workloads by name: what each measures, its sizes, and where it is."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from msgspec import Struct
from tests.bench.result import Options, Result


class Workload(Struct, frozen=True):
    """One workload: `where` is its module and function, `sizes` what may be set with their defaults, `words` what
    further words mean."""

    line: str
    where: str
    sizes: Mapping[str, int]
    words: str = ""

    def run(self, options: Options) -> Result:
        """Measure. Imports the module only now."""
        module, _, function = self.where.partition(":")
        result: Result = getattr(import_module(f"tests.bench.{module}"), function)(options)
        return result


WORKLOADS: dict[str, Workload] = {
    "live": Workload(
        "from a client's edit to the therapist's device, 20 a second",
        "workloads.live:live",
        {"edits": 300, "docs": 0},
    ),
    "history": Workload(
        "an edit of an entry that had 0, 300, 1,000 or 3,000 before, and another client meanwhile",
        "workloads.live:history",
        {"edits": 100, "most": 3_000},
    ),
    "ingest": Workload(
        "50 devices push 20 entries of 6 changes each: confirmed, projected, seen by other devices",
        "workloads.ingest:run",
        {"docs": 20, "connections": 50, "changes": 6},
    ),
    "bootstrap": Workload(
        "a new device gets a record of 2,000 documents, from a cold and from a warm server",
        "workloads.bootstrap:run",
        {"docs": 2_000, "changes": 6},
    ),
    "growth": Workload(
        "what an operation costs at 1, 10 and 100 times the history, documents and clients",
        "workloads.growth:run",
        {"operations": 40, "rounds": 3, "most": 100},
    ),
}
