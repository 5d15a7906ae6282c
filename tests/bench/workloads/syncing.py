"""A device that syncs: everything at once for the first time, and again when nothing has changed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from statistics import median

from tests.bench import material
from tests.bench.actor import Actor
from tests.bench.ground import Ground, ground
from tests.bench.measuring import Used, measured, percentile
from tests.bench.result import Figure, Options, Result


def first(options: Options) -> Result:
    """One device on which `docs` entries were written offline syncs for the first time."""
    docs = options["docs"]
    with ground() as here:
        client, before = here.add_client("Mara"), here.count_documents("journal_entry")
        with here.device(client, "client") as device:
            calls: list[float] = device.call("write_many", docs)
            with measured(here.server) as served:
                took, used = device.call("sync")
                here.wait_projected()
        held = here.count_documents("journal_entry") - before
    return Result(
        n=docs,
        wall_s=took,
        up_bytes=used.up,
        down_bytes=used.down,
        server_cpu_s=served.cpu,
        client_cpu_s=used.cpu,
        peak_rss_bytes=served.peak,
        acknowledged=docs,
        lost=docs - held,
        figures={
            "entries_a_second": docs / took,
            "projected_s": served.wall,
            "server_cpu_ms_an_entry": 1000 * served.cpu / docs,
            "client_cpu_ms_an_entry": 1000 * used.cpu / docs,
            "up_bytes_an_entry": used.up / docs,
            "write_call_p50_ms": 1000 * median(calls),
            "write_call_p99_ms": 1000 * percentile(calls, 0.99),
        },
    )


def reconnect(options: Options) -> Result:
    """A client's device with `docs` documents, nothing changed."""
    with ground() as here:
        client = here.add_client("Mara")
        here.fill(client, material.diary(options["docs"], 1))
        return _reconnects(here, lambda opened: opened.enter_context(here.device(client, "client")), options)


def caseload(options: Options) -> Result:
    """A therapist's device with `clients` clients of `docs` documents each, nothing changed."""
    with ground() as here:
        names = [f"Client {number}" for number in range(options["clients"])]
        here.crowd(names, lambda: material.diary(options["docs"], 1))
        return _reconnects(here, lambda opened: opened.enter_context(here.desk("therapist")), options)


def _reconnects(here: Ground, open_device: Callable[[ExitStack], Actor], options: Options) -> Result:
    """Again and again, with the server restarted between, and with the app restarted: from a call of `sync`."""
    with ExitStack() as opened:
        device = open_device(opened)
        device.call("sync")
        here.wait_projected()
        again = _case(here, device, options["repeats"], lambda: None)
        restarted = _case(here, device, options["restarts"], here.restart)
    results = {"nothing changed": again, "server restarted": restarted}
    return Result(
        n=again.n,
        wall_s=again.wall_s,
        up_bytes=again.up_bytes,
        down_bytes=again.down_bytes,
        server_cpu_s=again.server_cpu_s,
        client_cpu_s=again.client_cpu_s,
        peak_rss_bytes=again.peak_rss_bytes,
        cases=[{"case": name, **one.figures} for name, one in results.items()],
    )


def _case(here: Ground, device: Actor, repeats: int, between: Callable[[], None]) -> Result:
    done: list[tuple[float, Used]] = []
    cpu, peak, wall = 0.0, 0, 0.0
    for _ in range(repeats):
        between()
        with measured(here.server) as served:
            done.append(device.call("sync"))
        cpu, peak, wall = cpu + served.cpu, max(peak, served.peak), wall + done[-1][0]
    figures: dict[str, Figure] = {
        "in_sync_p50_ms": 1000 * median(took for took, _ in done),
        "in_sync_most_ms": 1000 * max(took for took, _ in done),
        "up_bytes": int(median(used.up for _, used in done)),
        "down_bytes": int(median(used.down for _, used in done)),
        "server_cpu_ms": 1000 * cpu / repeats,
        "client_cpu_ms": 1000 * median(used.cpu for _, used in done),
    }
    return Result(
        n=repeats,
        wall_s=wall,
        up_bytes=sum(used.up for _, used in done),
        down_bytes=sum(used.down for _, used in done),
        server_cpu_s=cpu,
        client_cpu_s=sum(used.cpu for _, used in done),
        peak_rss_bytes=peak,
        figures=figures,
    )
