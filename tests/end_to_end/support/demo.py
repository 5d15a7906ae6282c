"""The demo as a process, and one whose past has been played: playing it takes longer than most tests here together."""

from __future__ import annotations

import json
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock
from tests.end_to_end.support.server_process import CLEAN

DEMO = [sys.executable, "-c", "from intersession_server.cli import main; main()", "demo"]
AT_REST = """
import sys
from intersession_server.event_log import set_up
from intersession_server.serve import serve
from intersession_server.settings import Settings
set_up("info", "json")
serve(Settings(data=sys.argv[1], port=0), lambda url: print(url, flush=True), demo=True)
"""
READY_WITHIN = 300.0
"""Seconds; on a quiet machine it takes less than a fifth of that."""


@contextmanager
def demo(data: Path) -> Iterator[tuple[subprocess.Popen[str], str, str, str]]:
    """A running demo: process, URL, user, password."""
    with started([*DEMO, "--data", str(data)]) as (process, line):
        word, url, user, password = line.split()
        assert word == "ready"
        yield process, url, user, password


@contextmanager
def at_rest(data: Path) -> Iterator[tuple[str, str, str]]:
    """The server of a demo that was made, without the people who go on writing: URL, user, password."""
    kept = json.loads((data / "demo.json").read_text("utf-8"))
    with started([sys.executable, "-c", AT_REST, str(data)]) as (_, url):
        yield url.strip(), kept["user"], kept["password"]


@contextmanager
def started(command: list[str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process, and the first line that it prints; it is killed at the end."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=CLEAN) as process:
        try:
            assert process.stdout is not None
            assert select.select([process.stdout], [], [], READY_WITHIN)[0], "not ready in time"
            yield process, process.stdout.readline()
        finally:
            process.kill()


def interrupt(process: subprocess.Popen[str]) -> float:
    """Press Ctrl-C; seconds until the demo has ended, well."""
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    return time.monotonic() - began


def made(room: Path) -> Path:
    """A demo that has become ready and was ended, made in `room` by whichever process asks first. To be copied."""
    folder, whole = room / "demo", room / "demo-made"
    with FileLock(room / "demo.lock"):
        if not whole.exists():
            shutil.rmtree(folder, ignore_errors=True)
            with demo(folder) as (process, *_):
                interrupt(process)
            whole.touch()
    return folder
