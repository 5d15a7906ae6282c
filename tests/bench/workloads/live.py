"""How soon the therapist sees what a client writes, and what an edit costs, also of an entry with a long history."""

from __future__ import annotations

import asyncio
from statistics import median
from uuid import UUID

from tests.bench import material
from tests.bench.actor import Actor
from tests.bench.devices import Edited
from tests.bench.ground import Ground, ground
from tests.bench.measuring import measured, milliseconds, percentile
from tests.bench.pushing import confirmations
from tests.bench.result import Figure, Options, Result

A_SECOND = 20
HISTORIES = (0, 300, 1_000, 3_000)


def live(options: Options) -> Result:
    """One client writes, one therapist reads, both connected: `edits` edits of one entry, 20 a second."""
    with ground() as here:
        client = here.add_client("Mara")
        if options["docs"]:
            here.fill(client, material.diary(options["docs"], 1))
        with here.device(client, "client") as writer, here.desk("therapist") as reader:
            writer.call("live")
            entry: UUID = writer.call("write", 0)
            writer.call("wait_synced")
            reader.call("live")
            reader.call("watch", client.person, entry)
            reader.call("begin")
            with measured(here.server) as served:
                edited: Edited = writer.call("edit", entry, options["edits"], A_SECOND)
                seen = reader.call("seen", options["edits"])
            read = reader.call("used")
    took = [at - began for at, began in zip(seen, edited.began, strict=True)]
    edits = options["edits"]
    return Result(
        n=edits,
        wall_s=seen[-1] - edited.began[0],
        up_bytes=edited.used.up,
        down_bytes=edited.used.down,
        server_cpu_s=served.cpu,
        client_cpu_s=edited.used.cpu,
        peak_rss_bytes=served.peak,
        acknowledged=edits,
        figures={
            **milliseconds(took),
            "call_p50_ms": 1000 * median(edited.calls),
            "call_p99_ms": 1000 * percentile(edited.calls, 0.99),
            "server_cpu_ms_an_edit": 1000 * served.cpu / edits,
            "client_cpu_ms_an_edit": 1000 * edited.used.cpu / edits,
            "reader_cpu_ms_an_edit": 1000 * read.cpu / edits,
            "reader_down_bytes": read.down,
        },
    )


def history(options: Options) -> Result:
    """What an edit costs after so many earlier ones, and whether another client waits for it."""
    cases: list[dict[str, Figure]] = []
    results = []
    for earlier in histories(options["most"]):
        with ground() as here:
            done = _after(here, earlier, options["edits"])
        results.append(done)
        cases.append({"earlier": earlier, **done.figures})
    return Result(
        n=options["edits"] * len(cases),
        server_cpu_s=sum(one.server_cpu_s or 0 for one in results),
        client_cpu_s=sum(one.client_cpu_s or 0 for one in results),
        wall_s=sum(one.wall_s or 0 for one in results),
        up_bytes=sum(one.up_bytes or 0 for one in results),
        down_bytes=sum(one.down_bytes or 0 for one in results),
        peak_rss_bytes=max(one.peak_rss_bytes or 0 for one in results),
        figures={
            f"{name}_factor": _factor(cases[-1][name], cases[0][name])
            for name in ("server_cpu_ms_an_edit", "client_cpu_ms_an_edit", "call_p50_ms", "other_confirmed_p50_ms")
        },
        cases=cases,
    )


def histories(most: int) -> list[int]:
    """The lengths of history to measure, none above `most`."""
    return [one for one in HISTORIES if one <= most] or [0]


def _factor(now: Figure, before: Figure) -> Figure:
    assert isinstance(now, float)
    assert isinstance(before, float)
    return now / before if before else None


def _after(here: Ground, earlier: int, edits: int) -> Result:
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
            edited: Edited = writer.call("edit", whole.document, edits, A_SECOND)
        read = reader.call("used")
        # Once more, with another client beside it, who is not in what was measured above.
        pushes = [material.entry(number) for number in range(edits)]
        waited = _both(writer, whole.document, edits, here.server.url, beside, pushes)
    return Result(
        n=edits,
        wall_s=served.wall,
        up_bytes=edited.used.up,
        down_bytes=edited.used.down,
        server_cpu_s=served.cpu,
        client_cpu_s=edited.used.cpu,
        peak_rss_bytes=served.peak,
        figures={
            "server_cpu_ms_an_edit": 1000 * served.cpu / edits,
            "client_cpu_ms_an_edit": 1000 * edited.used.cpu / edits,
            "reader_cpu_ms_an_edit": 1000 * read.cpu / edits,
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
