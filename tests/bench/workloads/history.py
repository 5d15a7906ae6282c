"""What a live edit or symptom log costs after many others: in an entry with a history, in a month with logs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from statistics import median
from uuid import UUID

from tests.bench import material
from tests.bench.actor import Actor
from tests.bench.devices import Edited
from tests.bench.ground import Ground, ground
from tests.bench.measuring import measured, percentile
from tests.bench.pushing import confirmations
from tests.bench.result import Options, Result, together

A_SECOND = 20
EDITS_BEFORE = (0, 300, 1_000, 3_000)
LOGS_BEFORE = (30, 120, 300, 1_000)


def edits(options: Options) -> Result:
    """`edits` edits of an entry after so many earlier ones, and whether another client waits for it."""
    return _all(EDITS_BEFORE, options["most"], lambda here, earlier: _edits(here, earlier, options["edits"]))


def logs(options: Options) -> Result:
    """`logs` symptom logs in a month that has so many already."""
    return _all(LOGS_BEFORE, options["most"], lambda here, earlier: _logs(here, earlier, options["logs"]))


def _all(extents: Sequence[int], most: int, measure: Callable[[Ground, int], Result]) -> Result:
    """Each on a new server, none above `most`, and the last against the first."""
    results = []
    for earlier in [one for one in extents if one <= most] or extents[:1]:
        with ground() as here:
            done = measure(here, earlier)
        done.figures = {"earlier": earlier, **done.figures}
        results.append(done)
    return together(results)


def _logs(here: Ground, earlier: int, count: int) -> Result:
    client = here.add_client("Mara")
    with here.device(client, "client") as writer, here.desk("therapist") as reader:
        writer.call("log_offline", earlier)
        reader.call("live")
        writer.call("live")
        writer.call("log", 3, A_SECOND)  # warm
        here.wait_projected()
        reader.call("begin")
        with measured(here.server) as served:
            logged: Edited = writer.call("log", count, A_SECOND)
        read = reader.call("used")
    return Result(
        n=count,
        wall_s=served.wall,
        up_bytes=logged.used.up,
        down_bytes=logged.used.down,
        server_cpu_s=served.cpu,
        client_cpu_s=logged.used.cpu,
        peak_rss_bytes=served.peak,
        acknowledged=count,
        figures={
            "server_cpu_ms_a_log": 1000 * served.cpu / count,
            "client_cpu_ms_a_log": 1000 * logged.used.cpu / count,
            "reader_cpu_ms_a_log": 1000 * read.cpu / count,
            "call_p50_ms": 1000 * median(logged.calls),
            "call_p99_ms": 1000 * percentile(logged.calls, 0.99),
        },
    )


def _edits(here: Ground, earlier: int, count: int) -> Result:
    client, other = here.add_client("Mara"), here.add_client("Ida")
    whole = material.rewritten(1, earlier)
    here.fill(client, [whole])
    beside = here.token(other)
    with here.device(client, "client") as writer, here.desk("therapist") as reader:
        reader.call("live")
        writer.call("live")
        writer.call("edit", whole.document, 3, A_SECOND)  # warm
        reader.call("begin")
        with measured(here.server) as served:
            edited: Edited = writer.call("edit", whole.document, count, A_SECOND)
        read = reader.call("used")
        # Once more, with another client beside it, who is not in what was measured above.
        pushes = [material.entry(number) for number in range(count)]
        waited = _both(writer, whole.document, count, here.server.url, beside, pushes)
    return Result(
        n=count,
        wall_s=served.wall,
        up_bytes=edited.used.up,
        down_bytes=edited.used.down,
        server_cpu_s=served.cpu,
        client_cpu_s=edited.used.cpu,
        peak_rss_bytes=served.peak,
        figures={
            "server_cpu_ms_an_edit": 1000 * served.cpu / count,
            "client_cpu_ms_an_edit": 1000 * edited.used.cpu / count,
            "reader_cpu_ms_an_edit": 1000 * read.cpu / count,
            "call_p50_ms": 1000 * median(edited.calls),
            "call_p99_ms": 1000 * percentile(edited.calls, 0.99),
            "other_confirmed_p50_ms": 1000 * median(waited),
            "other_confirmed_p99_ms": 1000 * percentile(waited, 0.99),
        },
    )


def _both(
    writer: Actor, entry: UUID, edits: int, url: str, beside: str, pushes: list[material.Prepared]
) -> list[float]:
    """Let the writer edit while another client pushes at the same rate; how long each push took to be accepted."""
    writer.ask("edit", entry, edits, A_SECOND)
    waited = asyncio.run(confirmations(url, beside, pushes, A_SECOND))
    writer.answer()
    return waited
