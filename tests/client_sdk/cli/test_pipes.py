"""Importing what comes through a pipe: all of it, and a word to who waits when nothing comes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from intersession import Tracker

pty = pytest.importorskip("pty")

SHEET = "time;worry\n2026-05-04T21:13:00+02:00;3\n2026-05-05T21:13:00+02:00;4\n"


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    path = tmp_path / "sheet"
    os.mkfifo(path)
    return path


def command(store: Path, pipe: Path) -> list[str]:
    return [sys.executable, "-m", "intersession", "--store", str(store), "import", "symptoms", str(pipe)]


def test_what_comes_through_a_pipe_is_imported(tmp_path: Path, pipe: Path) -> None:
    (tmp_path / "t").mkdir()
    writer = threading.Thread(target=pipe.write_text, args=(SHEET,))
    writer.start()
    here = {**os.environ, "TMPDIR": str(tmp_path / "t")}
    done = subprocess.run(command(tmp_path / "a.db", pipe), capture_output=True, check=False, env=here, timeout=60)
    writer.join()
    assert (done.returncode, done.stderr) == (0, b"")
    with Tracker.open(tmp_path / "a.db") as tracker:
        assert [one.value for one in tracker.symptoms.series("worry")] == [4, 3]
    assert not list((tmp_path / "t").iterdir())


def test_who_waits_on_a_terminal_is_told_for_what(tmp_path: Path, pipe: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command(tmp_path / "a.db", pipe),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        # A shell that starts the tests in the background has them, and their children, ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        os.close(theirs)
        said = ""
        while "Ctrl-C ends it." not in said:
            said += os.read(ours, 4096).decode()
        assert "Waiting for what is written to" in said
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 1
    os.close(ours)
    assert not (tmp_path / "a.db").exists(), "no store is claimed while nothing has come"


def test_nobody_else_is_told(tmp_path: Path, pipe: Path) -> None:
    with subprocess.Popen(command(tmp_path / "a.db", pipe), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        with pipe.open("w") as sheet:  # opens once the command does
            time.sleep(1.5)  # longer than somebody at a terminal would wait for a word
            sheet.write(SHEET)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    assert b"2" in out
