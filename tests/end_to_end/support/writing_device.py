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

import msgspec
from msgspec import Struct
from tests.end_to_end.support.dying import Point

from intersession import Tracker

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
        self._begin("")
        pid: int = self._heard()["opened"]
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)
        self._hear_the_end(written)

    def write_and_die(self, written: Written, point: Point) -> None:
        """Let a writer write until it dies at that point."""
        self._begin(msgspec.json.encode(point).decode())
        self._hear_the_end(written)

    def _begin(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def _hear_the_end(self, written: Written) -> None:
        while True:
            match self._heard():
                case {"writing": text, "id": id}:
                    written.under_way = (id, text)
                case {"written": text, "id": id}:
                    written.texts[id] = text
                    written.under_way = None
                    written.returned += 1
                case {"opened": _}:
                    pass
                case {"ended": code}:
                    assert code == -signal.SIGKILL, "the writer ended by itself"
                    return

    def _heard(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        heard: dict[str, Any] = json.loads(self._process.stdout.readline())
        return heard


@contextmanager
def writing_device(store: Path, seed: int = 1) -> Iterator[WritingDevice]:
    """A device whose store is at `store`; what it writes follows from `seed`."""
    command = [sys.executable, "-m", "tests.end_to_end.writing_process", str(store), str(seed)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        try:
            yield WritingDevice(process)
        finally:
            process.kill()


def check_store(tracker: Tracker, written: Written) -> int:
    """That the store has what calls have returned, and of the one under way all or nothing; 1 if it has that."""
    found = {str(entry.id): entry.text for entry in tracker.journal.entries()}
    kept = 0
    if written.under_way is not None:
        id, text = written.under_way
        new = [one for one in found if one not in written.texts] if id is None else [id]
        assert len(new) <= 1
        if new and found[new[0]] == text:
            written.texts[new[0]] = text
            kept = 1
        written.under_way = None
    assert found == written.texts
    return kept
