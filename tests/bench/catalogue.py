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
        "workloads.live:run",
        {"edits": 300, "docs": 0},
    ),
    "history": Workload(
        "an edit of an entry that had 0, 300, 1,000 or 3,000 before, and another client meanwhile",
        "workloads.history:edits",
        {"edits": 100, "most": 3_000},
    ),
    "log": Workload(
        "a symptom log in a month that has 30, 120, 300 or 1,000 already",
        "workloads.history:logs",
        {"logs": 100, "most": 1_000},
    ),
    "ingest": Workload(
        "50 devices push 20 entries of 6 changes each: confirmed, projected, seen by other devices",
        "workloads.ingest:run",
        {"docs": 20, "connections": 50, "changes": 6},
    ),
    "first-sync": Workload(
        "the first sync of a device on which 2,000 entries were written offline",
        "workloads.syncing:first",
        {"docs": 2_000},
    ),
    "reconnect": Workload(
        "a device with 2,000 documents syncs, nothing changed; also with the server restarted",
        "workloads.syncing:reconnect",
        {"docs": 2_000, "repeats": 10, "restarts": 3},
    ),
    "reconnect-caseload": Workload(
        "the same for a therapist's device with 60 clients of 20 documents each",
        "workloads.syncing:caseload",
        {"docs": 20, "clients": 60, "repeats": 10, "restarts": 3},
    ),
    "bootstrap": Workload(
        "a new device gets a record of 2,000 documents, from a cold and from a warm server",
        "workloads.bootstrap:run",
        {"docs": 2_000, "changes": 6},
    ),
    "idle": Workload(
        "memory of the server for 500 idle connections, and for 2,000 documents at rest",
        "workloads.idle:run",
        {"docs": 2_000, "connections": 500, "seconds": 10},
    ),
    "local": Workload(
        "calls on devices without a network, at 1, 3 and 5 years of data and at 20,000 documents",
        "workloads.local:run",
        {"docs": 20_000, "years": 5, "days": 14, "rounds": 11},
    ),
    "pages": Workload(
        "the therapist's pages: a client of 1 and of 5 years, a caseload of 200, and what an open page costs",
        "workloads.pages:run",
        {"docs": 5, "years": 5, "days": 14, "clients": 200, "rounds": 20, "edits": 6, "open": 10},
    ),
    "app": Workload(
        "the client's app on a slow phone: starting, logging, searching; with 2,000 entries, and after 5 years",
        "workloads.app:run",
        {"docs": 2_000, "years": 5, "days": 14, "rounds": 11},
    ),
    "kill": Workload(
        "what was confirmed and is lost after SIGKILLs under load: of the server, and of a device",
        "workloads.kill:run",
        {"kills": 20, "device_kills": 0, "seed": 1},
    ),
    "growth": Workload(
        "what an operation costs at 1, 10 and 100 times the history, documents and clients",
        "workloads.growth:run",
        {"operations": 20, "rounds": 5, "most": 100},
    ),
    "restart": Workload(
        "how soon 200 (or 2,000) connected devices are back after the server was stopped, and killed",
        "workloads.restart:run",
        {"devices": 200, "down": 0},
    ),
    "attacked": Workload(
        "15 clients and 5 therapists beside each of many attacks",
        "attacked.comparison:run",
        {"seconds": 12},
        words="only these attacks",
    ),
    "append": Workload(
        "rows a second into the log, without a server around it",
        "workloads.append:run",
        {"callers": 200, "pushes": 50, "rounds": 5},
    ),
    "changes": Workload(
        "reading and applying changes, without store or server",
        "workloads.changes:run",
        {"rounds": 100},
    ),
    "together": Workload(
        'how often "moved together" is said of simulated people, with and without a relation',
        "together:run",
        {"clients": 2_000, "seed": 1},
    ),
    "signals": Workload(
        "what signals say of simulated people: quiet ones, ones who deteriorate, ones who drop out",
        "signals:run",
        {"clients": 200, "seed": 1},
    ),
    "peers": Workload(
        "hocuspocus, y-websocket and automerge-repo beside ours, in the same hour",
        "workloads.peers:run",
        {"docs": 2_000, "repeats": 1, "clients": 500},
        words="only these workloads of theirs: W1 W2 W3 W4 W6a",
    ),
}
