"""How long a therapist's pages take, and how large they are: a client of years, and a caseload."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import httpx
from tests.bench import material
from tests.bench.ground import THERAPIST, ground
from tests.bench.measuring import measured, percentile
from tests.bench.result import Figure, Options, Result
from tests.bench.years import YEAR, CareApp, DiaryApp
from tests.end_to_end.support.practice import desk

GIVE_UP = 300.0


def run(options: Options) -> Result:
    """Each page `rounds` times, of a client with `years` years of data, beside a caseload of `clients`."""
    days = options["years"] * YEAR or options["days"]
    with ground() as here:
        client = here.add_client("Mara")
        with here.desk("therapist", CareApp) as care, here.device(client, "client", DiaryApp) as diary:
            care.call("sync")
            care.call("give", client.person, days)
            care.call("sync")
            diary.call("sync")
            diary.call("live_through", days, 0)
            diary.call("sync")
        names = [f"Client {number}" for number in range(options["clients"] - 1)]
        here.crowd(names, lambda: material.diary(options["docs"], 1))
        here.restart()
        page = f"/clients/{client.person}"
        paths = {
            "client": page,
            "client, all": f"{page}?range=all",
            "brief": f"{page}/brief",
            "brief, api": f"/api{page}/brief",
            "entries, api": f"/api{page}/entries?limit=50",
            "search": f"{page}/search?q={material.COMMON}",
            "caseload": "/",
        }
        with desk(here.server.url, THERAPIST) as signed_in, measured(here.server) as served:
            signed_in.http.timeout = httpx.Timeout(GIVE_UP)
            cases = [_page(signed_in.http, name, path, here.server.cpu, options) for name, path in paths.items()]
    return Result(
        n=len(paths) * (options["rounds"] + 1),
        wall_s=served.wall,
        down_bytes=sum(int(case["bytes"] or 0) for case in cases) * (options["rounds"] + 1),
        server_cpu_s=served.cpu,
        peak_rss_bytes=served.peak,
        cases=cases,
    )


def _page(http: httpx.Client, name: str, path: str, cpu: Callable[[], float], options: Options) -> dict[str, Figure]:
    """One page, first from a server that has not made it before, then again and again."""
    took, size, rounds = [], 0, options["rounds"]
    spent = 0.0
    for number in range(rounds + 1):
        if number == 1:
            spent = cpu()
        began = time.perf_counter()
        answer = http.get(path)
        took.append(time.perf_counter() - began)
        assert answer.status_code == 200, (path, answer.status_code)
        size = len(answer.content)
    first, *again = took
    return {
        "page": name,
        "first_ms": 1000 * first,
        "p50_ms": 1000 * median(again),
        "most_ms": 1000 * percentile(again, 1.0),
        "server_cpu_ms": 1000 * (cpu() - spent) / rounds,
        "bytes": size,
    }
