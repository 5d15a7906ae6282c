"""How soon the therapist sees what a client writes, and what an edit costs everybody."""

from __future__ import annotations

from statistics import median
from uuid import UUID

from tests.bench import material
from tests.bench.devices import Edited
from tests.bench.ground import ground
from tests.bench.measuring import measured, milliseconds, percentile
from tests.bench.result import Options, Result

A_SECOND = 20


def run(options: Options) -> Result:
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
