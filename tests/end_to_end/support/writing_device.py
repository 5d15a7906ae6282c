"""A device in a process of its own that writes until it is killed, and what its calls had returned by then."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct

ROOT = Path(__file__).resolve().parents[3]


class Written(Struct):
    """What calls have returned, by entry; and the call that was under way, if one was."""

    texts: dict[str, str] = {}
    under_way: tuple[str | None, str] | None = None
    returned: int = 0


class WritingDevice:
    """The process that forks writers; `write_and_kill` lets one write for a moment."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def write_and_kill(self, written: Written, seconds: float) -> None:
        """Let a writer write for so long, kill it, and note in `written` what it had done."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        pid: int = self._heard()["opened"]
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)
        while True:
            match self._heard():
                case {"writing": text, "id": id}:
                    written.under_way = (id, text)
                case {"written": text, "id": id}:
                    written.texts[id] = text
                    written.under_way = None
                    written.returned += 1
                case {"ended": code}:
                    assert code == -signal.SIGKILL, "the writer ended by itself"
                    return

    def _heard(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        heard: dict[str, Any] = json.loads(self._process.stdout.readline())
        return heard


@contextmanager
def writing_device(store: Path) -> Iterator[WritingDevice]:
    command = [sys.executable, "-m", "tests.end_to_end.writing_process", str(store), "1"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        try:
            yield WritingDevice(process)
        finally:
            process.kill()
