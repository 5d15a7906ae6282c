"""`intersession sync` with a server that answers, and with one that does not."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.client_sdk.practice import replica_of
from tests.client_sdk.sync.fake_server import FakeServer
from websockets.asyncio.server import ServerConnection

from intersession import Tracker
from intersession_schemas.messages import Push, Up


@pytest.fixture
def store(paired: Tracker) -> Path:
    """The paired store with three entries that wait, closed so that the command can open it."""
    for number in range(3):
        paired.journal.write(f"Day {number}")
    with replica_of(paired).reading() as open_store:
        path = open_store.path
    paired.close()
    return path


def _intersession(*arguments: str, stderr: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "intersession", *arguments],
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_command_says_what_is_left_and_why_and_exits_with_1(server: FakeServer, store: Path) -> None:
    async def silent(_: ServerConnection, frame: Up) -> Any:
        return [] if isinstance(frame, Push) else None

    server.hook = silent
    done = _intersession("sync", "--timeout", "1", "--store", str(store))
    assert done.returncode == 1
    assert done.stdout == (
        "0 changes sent, 0 received. Still to do: 3 documents to send. Sync reached its time limit of 1 second."
        " Sync again to continue where it left off. Everything you wrote is kept.\n"
    )
    assert done.stderr == ""
    as_json = _intersession("sync", "--timeout", "1", "--json", "--store", str(store))
    assert as_json.returncode == 1
    report = json.loads(as_json.stdout)
    assert (report["complete"], report["reason_code"]) == (False, "timeout")
    server.hook = None
    complete = _intersession("sync", "--store", str(store))
    assert (complete.returncode, complete.stderr) == (0, "")
    assert complete.stdout == "3 changes sent, 0 received. Everything is in sync.\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminal")
@pytest.mark.usefixtures("server")
def test_the_command_shows_how_far_it_is_on_a_terminal(store: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    try:
        done = _intersession("sync", "--store", str(store), stderr=theirs)
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # how a terminal says that the other end is closed
            while read := os.read(ours, 1024):
                shown += read
    finally:
        os.close(ours)
    assert done.returncode == 0
    assert b"Exchanging" in shown
    assert b"100%" in shown
    assert done.stdout == "3 changes sent, 0 received. Everything is in sync.\n"
