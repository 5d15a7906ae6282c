"""The process for what is heavy ends with the server, however that ends."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

_SERVER = """
import asyncio

from intersession_server.work.workshop import Workshop


async def main() -> None:
    shop = Workshop()
    await shop.elsewhere(len, "abc")
    print(*shop._pool._processes, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
"""


def test_no_process_is_left_of_a_server_that_was_killed(tmp_path: Path) -> None:
    (tmp_path / "server.py").write_text(_SERVER)
    command = [sys.executable, str(tmp_path / "server.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        process = int(server.stdout.readline())
        os.kill(process, 0)
        server.kill()
    until = time.monotonic() + 30
    while is_there(process):
        assert time.monotonic() < until
        time.sleep(0.05)


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
