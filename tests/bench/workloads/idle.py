"""What a server holds in memory for connections on which nothing is said, and for documents that nobody asks for."""

from __future__ import annotations

import asyncio

from tests.bench import material
from tests.bench.ground import Ground, ground
from tests.bench.measuring import count_bytes, used, wait_quiet
from tests.bench.pushing import all_connected
from tests.bench.result import Options, Result


def run(options: Options) -> Result:
    """`docs` documents of one client, then `connections` clients who are connected for `seconds` seconds."""
    count_bytes()
    docs, connections = options["docs"], options["connections"]
    with ground() as here:
        empty = _restarted(here)
        client = here.add_client("Mara")
        here.fill(client, material.diary(docs, 1))
        wait_quiet(here.server)
        traffic = here.server.memory()
        rest = _restarted(here)
        tokens = [here.token(here.add_client(f"Client {number}")) for number in range(connections)]
        before = _restarted(here)
        here.server.forget_most_memory()
        mine, (opened, share, wall) = used(), asyncio.run(_stay(here, tokens, options["seconds"]))
        mine = used().since(mine)
        peak = here.server.most_memory()
    return Result(
        n=connections,
        wall_s=wall,
        up_bytes=mine.up,
        down_bytes=mine.down,
        server_cpu_s=share * wall,
        client_cpu_s=mine.cpu,
        peak_rss_bytes=peak,
        figures={
            "kb_a_connection": (opened - before) / 1024 / connections,
            "server_cpu_percent": 100 * share,
            "rss_empty_bytes": empty,
            "rss_after_traffic_bytes": traffic,
            "rss_after_restart_bytes": rest,
            "kb_a_document_after_traffic": (traffic - empty) / 1024 / docs,
            "kb_a_document_after_restart": (rest - empty) / 1024 / docs,
        },
    )


def _restarted(here: Ground) -> int:
    """The memory of a server that was just started."""
    here.restart()
    wait_quiet(here.server)
    return here.server.memory()


async def _stay(here: Ground, tokens: list[str], seconds: int) -> tuple[int, float, float]:
    """The server's memory once all are connected, the share of a core that it uses then, over how many seconds."""
    loop = asyncio.get_running_loop()
    async with all_connected(here.server.url, tokens):
        await asyncio.to_thread(wait_quiet, here.server)
        cpu, began = here.server.cpu(), loop.time()
        await asyncio.sleep(seconds)
        wall = loop.time() - began
        return here.server.memory(), (here.server.cpu() - cpu) / wall, wall
