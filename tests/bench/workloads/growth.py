"""Whether an operation costs what it changes, or what came before it: each at 1, 10 and 100 times the data.

Everything is warm: the connections stand, and what is measured has been done before. What is measured must not itself
become the history of what is measured next, or small extents would grow up to large ones: each round edits an entry and
logs in a month of its own, and pushes change documents that are there.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import timedelta
from itertools import islice
from statistics import median

from msgspec import Struct
from tests.bench import material
from tests.bench.actor import Actor
from tests.bench.devices import Edited
from tests.bench.ground import THERAPIST, Ground, ground
from tests.bench.material import Prepared
from tests.bench.measuring import Served, Used, measured, percentile
from tests.bench.pushing import confirmations
from tests.bench.result import Figure, Options, Result, factors
from tests.end_to_end.support.practice import Invitation

A_SECOND = 20
RECONNECTS = 20
OTHER = "boris"
FACTORS = (1, 10, 100)

Figures = dict[str, float]
Measure = Callable[[int, int], Figures]
"""Of one operation: the round's number, and how many operations."""


class Extent(Struct, frozen=True):
    """How much there is before: edits of the entry and logs of the month, documents of the client, clients of the same
    therapist, clients of others."""

    history: int = 30
    documents: int = 20
    caseload: int = 2
    clients: int = 2


def run(options: Options) -> Result:
    """Every operation at every extent, one axis at a time; medians over `rounds` rounds of `operations` operations."""
    extents = cases(options["most"])
    found: list[dict[str, Figure]] = []
    began, cpu, mine = time.perf_counter(), 0.0, 0.0
    for name, extent in extents.items():
        with ground() as here:
            figures = _measure(here, extent, options["operations"], options["rounds"])
            cpu += here.server.cpu()
        mine += figures.pop("client_cpu_s")
        found.append({"case": name, **figures})
        sys.stderr.write(f"  {name}: done after {time.perf_counter() - began:.0f} s\n")
    first = found[0]
    multiples = [{"case": f"factor of {case['case']}", **factors(first, case)} for case in found[1:]]
    return Result(
        n=options["operations"] * options["rounds"] * len(found),
        wall_s=time.perf_counter() - began,
        server_cpu_s=cpu,
        client_cpu_s=mine,
        cases=found,
        factors=multiples,
    )


def cases(most: int) -> dict[str, Extent]:
    """The extents by name, the smallest first; none above `most` times it."""
    one = Extent()
    found = {"1x": one}
    for axis in Extent.__struct_fields__:
        for factor in FACTORS[1:]:
            if factor <= most:
                sizes = {name: getattr(one, name) for name in Extent.__struct_fields__}
                found[f"{axis} {factor}x"] = Extent(**(sizes | {axis: sizes[axis] * factor}))
    return found


def _measure(here: Ground, extent: Extent, operations: int, rounds: int) -> Figures:
    client, times = here.add_client("Mara"), rounds + 1  # once to be warm
    entries = [
        material.rewritten(number, extent.history, at=material.LAST + timedelta(hours=1 + number))
        for number in range(times)
    ]
    documents = max(1, extent.documents - times)
    edited = [material.entry(number, 1) for number in range(documents)]
    changed = edited[: operations * times]
    each = -(-operations * times // len(changed))
    changed = [material.entry(number, 1 + each) for number in range(len(changed))]
    here.fill(client, [*(_first(one) for one in changed), *edited[len(changed) :], *entries])
    here.practice.add_therapist(OTHER)
    for therapist, clients in ((THERAPIST, extent.caseload - 1), (OTHER, extent.clients - 1)):
        names = [f"{therapist} {number}" for number in range(clients)]
        here.crowd(names, lambda: [material.entry(1), material.entry(2)], therapist)
    apps = _Apps(here, client, entries, _later(changed))
    with ExitStack() as opened:
        apps.open(opened, extent.history)
        kinds: list[Measure] = [apps.edits, apps.logs, apps.pushes, apps.reconnects, apps.caseload_reconnects]
        rounds_of = [
            {name: value for measure in kinds for name, value in measure(number, operations).items()}
            for number in range(times)
        ][1:]
    return {name: median(one[name] for one in rounds_of) for name in rounds_of[0]} | {"client_cpu_s": apps.cpu}


def _first(whole: Prepared) -> Prepared:
    return Prepared(whole.document, whole.kind, whole.changes[:1])


def _later(documents: Sequence[Prepared]) -> Iterator[Prepared]:
    """The further changes of documents, one a push, the documents taking turns."""
    for number in range(1, len(documents[0].changes)):
        for one in documents:
            yield Prepared(one.document, one.kind, one.changes[number : number + 1])


class _Apps:
    """The writer and the reader, connected, and two devices that come and go."""

    def __init__(
        self, here: Ground, client: Invitation, entries: Sequence[Prepared], pushes: Iterator[Prepared]
    ) -> None:
        self._here, self._client = here, client
        self._entries, self._pushes = [one.document for one in entries], pushes
        self.cpu = 0.0

    def open(self, opened: ExitStack, logs: int) -> None:
        """Have everything on all devices; of logs so many in each month that is logged in later."""
        here, client = self._here, self._client
        self._writer = opened.enter_context(here.device(client, "writer"))
        self._second = opened.enter_context(here.device(client, "second"))
        self._reader = opened.enter_context(here.desk("reader"))
        self._desk = opened.enter_context(here.desk("desk"))
        self._writer.call("sync")
        for number in range(len(self._entries)):
            self._writer.call("log_offline", logs, number)
        self._writer.call("live")
        self._reader.call("live")
        here.wait_projected()
        self._second.call("sync")
        self._desk.call("sync")
        self._token = here.token(self._client)

    def edits(self, number: int, count: int) -> Figures:
        """The therapist's device sees each: a live update."""
        entry = self._entries[number]
        self._reader.call("watch", self._client.person, entry)
        self._reader.call("begin")
        with measured(self._here.server) as served:
            edited: Edited = self._writer.call("edit", entry, count, A_SECOND)
            seen = self._reader.call("seen", count)
        read: Used = self._reader.call("used")
        self.cpu += edited.used.cpu + read.cpu
        return {
            "edit_call_ms": 1000 * median(edited.calls),
            "edit_server_cpu_ms": 1000 * served.cpu / count,
            "edit_client_cpu_ms": 1000 * edited.used.cpu / count,
            "live_update_ms": 1000 * median(at - began for at, began in zip(seen, edited.began, strict=True)),
            "live_update_reader_cpu_ms": 1000 * read.cpu / count,
        }

    def logs(self, number: int, count: int) -> Figures:
        """In a month that has logs already."""
        with measured(self._here.server) as served:
            logged: Edited = self._writer.call("log", count, A_SECOND, number)
        self.cpu += logged.used.cpu
        return {
            "log_call_ms": 1000 * median(logged.calls),
            "log_server_cpu_ms": 1000 * served.cpu / count,
            "log_client_cpu_ms": 1000 * logged.used.cpu / count,
        }

    def pushes(self, _: int, count: int) -> Figures:
        """An edit each of another entry, from another device by hand; the writer and the reader get them too."""
        pushes = list(islice(self._pushes, count))
        server, served = self._here.server, list[Served]()
        with ExitStack() as measuring:
            took = asyncio.run(
                confirmations(
                    server.url,
                    self._token,
                    pushes,
                    A_SECOND,
                    lambda: served.append(measuring.enter_context(measured(server))),
                )
            )
        return {
            "push_server_cpu_ms": 1000 * served[0].cpu / count,
            "confirmation_ms": 1000 * median(took),
            "confirmation_p90_ms": 1000 * percentile(took, 0.9),
        }

    def reconnects(self, *_: int) -> Figures:
        """A second device of the client, which has everything."""
        return self._reconnects(self._second, "reconnect")

    def caseload_reconnects(self, *_: int) -> Figures:
        """A therapist's second device, which has everything."""
        return self._reconnects(self._desk, "caseload_reconnect")

    def _reconnects(self, device: Actor, name: str) -> Figures:
        device.call("sync")
        with measured(self._here.server) as served:
            done: list[tuple[float, Used]] = [device.call("sync") for _ in range(RECONNECTS)]
        self.cpu += sum(one.cpu for _, one in done)
        return {
            f"{name}_ms": 1000 * median(took for took, _ in done),
            f"{name}_server_cpu_ms": 1000 * served.cpu / RECONNECTS,
            f"{name}_client_cpu_ms": 1000 * median(one.cpu for _, one in done),
            f"{name}_bytes": float(median(one.up + one.down for _, one in done)),
        }
