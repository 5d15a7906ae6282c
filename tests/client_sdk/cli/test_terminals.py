"""A terminal shows what people wrote, and does nothing of it; what is piped is what they wrote, to the byte."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from intersession import Tracker
from intersession_schemas.terminals import visible, visible_cell, visible_json

pty = pytest.importorskip("pty")

HOSTILE = "gone\x1b[2J\x1b[1A\x07 red \x9b31m\x7f [bold]as it is[/bold]"
SEEN = "gone\\x1b[2J\\x1b[1A\\x07 red \\x9b31m\\x7f [bold]as it is[/bold]"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "t.db"
    with Tracker.open(path) as tracker:
        tracker.journal.write(HOSTILE)
    return path


def on_terminal(store: Path, *words: str) -> str:
    """What a command writes to a terminal, as output or as errors."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(command(store, *words), stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        said = bytearray()
        while chunk := _read(ours):
            said += chunk
        process.wait(60)
    os.close(ours)
    return said.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # whoever wrote has ended
        return b""


def piped(store: Path, *words: str) -> str:
    return subprocess.run(command(store, *words), capture_output=True, check=True).stdout.decode()


def command(store: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "intersession", "--store", str(store), *words]


def test_a_terminal_is_given_no_control_character(store: Path) -> None:
    said = on_terminal(store, "entries")
    assert SEEN in said
    assert not set(said) & {"\x1b", "\x07", "\x7f", "\x9b"}


def test_a_pipe_is_given_what_was_written(store: Path) -> None:
    assert f"    {HOSTILE}\n" in piped(store, "entries")


def test_of_what_is_found_only_our_own_bold_is_done(store: Path) -> None:
    said = on_terminal(store, "search", "gone")
    assert said.count("\x1b") == 2
    assert "    \x1b[1mgone\x1b[0m" in said
    assert "\x1b" not in piped(store, "search", "gone")


def test_json_is_the_same_value_in_both(store: Path) -> None:
    said = on_terminal(store, "--json", "entries")
    assert not set(said) & {"\x1b", "\x07", "\x7f", "\x9b"}
    assert json.loads(said) == json.loads(piped(store, "--json", "entries"))
    assert json.loads(said)[0]["text"] == HOSTILE


def test_an_error_is_shown_too(tmp_path: Path) -> None:
    (tmp_path / "red\x1b[31m").mkdir()
    assert "\x1b" not in on_terminal(tmp_path / "red\x1b[31m", "entries")


def test_lines_and_tabs_stay_but_not_in_a_cell() -> None:
    assert visible("a\n\tb\rc\u0085") == "a\n\tb\\x0dc\\x85"
    assert visible_cell("a\n\tb") == "a\\x0a\\x09b"
    assert visible("žluť 山田 👩‍👩‍👧 \u202b") == "žluť 山田 👩‍👩‍👧 \u202b"
    assert json.loads(visible_json('"\x7f\x9b"')) == "\x7f\x9b"
