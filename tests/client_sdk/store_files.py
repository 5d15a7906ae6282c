"""Store files as tests make, leave, copy and read them, plain and encrypted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.client_sdk.practice import replica_of

from intersession import StoreInvalid, Tracker

RAW = bytes(range(32))

KILLED = """
import os, sys
from intersession import Tracker
key = bytes(range(32)) if sys.argv[2] == "encrypted" else None
tracker = Tracker.open(sys.argv[1], key=key)
for n in range(int(sys.argv[3])):
    tracker.journal.write(f"later {n} " + "x" * 400)
    if n % 40 == 39:
        with tracker._replica.reading() as store:
            store.truncate_log()
os.kill(os.getpid(), 9)
"""


def killed(path: Path, key: bytes | None, entries: int) -> None:
    """A process that writes so many entries and is then killed: its log is left."""
    kind = "plain" if key is None else "encrypted"
    done = subprocess.run([sys.executable, "-c", KILLED, str(path), kind, str(entries)], timeout=100, check=False)
    assert done.returncode == -9
    assert (path.parent / f"{path.name}-wal").stat().st_size > 0


def written(path: Path, key: bytes | None, entries: int) -> None:
    with Tracker.open(path, key=key) as tracker:
        for n in range(entries):
            tracker.journal.write(f"early {n} " + "x" * 400)


def texts(path: Path, key: bytes | None = None) -> set[str]:
    """The first words of all entries of a store, which must be whole."""
    with Tracker.open(path, key=key) as tracker:
        with replica_of(tracker).reading() as store:
            assert store.all("PRAGMA integrity_check") == [("ok",)]
        return {" ".join(entry.text.split()[:2]) for entry in tracker.journal.entries()}


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def refused(path: Path, key: bytes | None, code: str) -> str:
    """Opening is refused, in words that say how to go on, and no byte is changed."""
    before = content(path.parent)
    with pytest.raises(StoreInvalid) as failure:
        Tracker.open(path, key=key)
    assert failure.value.code == code
    assert "restore" in str(failure.value)
    assert content(path.parent) == before
    return str(failure.value)
