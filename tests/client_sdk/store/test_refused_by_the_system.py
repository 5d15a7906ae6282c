"""Paths that cannot be a store, and no file left to open: told with the system's own reason."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from intersession import StoreInvalid, Tracker


def test_paths_that_cannot_be_a_store(tmp_path: Path) -> None:
    (tmp_path / "dangling.db").symlink_to(tmp_path / "nowhere" / "x.db")
    (tmp_path / "loop.db").symlink_to(tmp_path / "loop.db")
    os.mkfifo(tmp_path / "pipe.db")
    (tmp_path / "file").touch()
    for path, words in (
        (tmp_path / ("n" * 300), os.strerror(errno.ENAMETOOLONG)),
        (tmp_path / "dangling.db", "link to a file that does not exist"),
        (tmp_path / "loop.db", os.strerror(errno.ELOOP)),
        (tmp_path / "pipe.db", "device or a pipe"),
        (Path("/dev/null"), "device or a pipe"),
        (tmp_path / "file" / "x.db", os.strerror(errno.ENOTDIR)),
        (tmp_path / "nul\0.db", "NUL"),
    ):
        with pytest.raises(StoreInvalid, match=words):
            Tracker.open(path)
        with pytest.raises(StoreInvalid), Tracker.open(tmp_path / "j.db") as tracker:
            tracker.backup(path)


FEW = """
import os, resource, sys
from intersession import StoreInvalid, Tracker
Tracker.open(sys.argv[1]).close()
held = [os.open(os.devnull, os.O_RDONLY) for _ in range(int(sys.argv[2]))]
top = max(held)
resource.setrlimit(resource.RLIMIT_NOFILE, (top + 1, top + 1))
for free in range(5):
    try:
        Tracker.open(sys.argv[1]).close()
        print("opened", free)
    except StoreInvalid as error:
        assert os.strerror(24) in str(error), error
    os.close(held.pop())
for _ in range(3):
    os.close(held.pop())
Tracker.open(sys.argv[1]).close()
"""


def test_too_many_open_files_are_called_so(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FEW, str(tmp_path / "j.db"), "20"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert "opened 0" not in done.stdout
