"""The command on any code page: what it cannot show is escaped, JSON stays JSON, and no letter ends it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from intersession import Tracker

WORDS = "smile 😀 é 日本 Ω"
CODE_PAGES = ("cp1252", "cp437", "cp932", "latin-1", "ascii", "koi8-r", "cp1252:strict", "utf-8")
COMMANDS = ("entries", "search smile", "symptoms", "status", "goals list", "progress", "today", "plan", "homework")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / "a.db"
    with Tracker.open(path) as tracker:
        tracker.journal.write(WORDS, tags=("猫",), sections={"Ça va? 😀": "oui ✓"})
        tracker.symptoms.log({"sorgé😀": 3})
        tracker.goals.add(WORDS, steps=("ein Schritt →",))
    return path


def run(store: Path, words: str, code_page: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "intersession", "--store", str(store), *words.split()],
        input=stdin,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": code_page},
    )


@pytest.mark.parametrize("code_page", CODE_PAGES)
def test_entries_are_shown_on_every_code_page(store: Path, code_page: str) -> None:
    shown = run(store, "entries", code_page)
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert b"smile" in shown.stdout


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_that_prints_does(store: Path, words: str) -> None:
    shown = run(store, words, "cp437")
    assert (shown.returncode, shown.stderr) == (0, b"")


@pytest.mark.parametrize("code_page", CODE_PAGES)
def test_json_says_the_same_on_every_code_page(store: Path, code_page: str) -> None:
    shown = run(store, "entries --json", code_page)
    encoding = "utf-8" if code_page == "utf-8" else "ascii"
    (entry,) = json.loads(shown.stdout.decode(encoding))
    assert entry["text"] == WORDS


def test_an_error_is_shown_on_every_code_page(tmp_path: Path) -> None:
    shown = run(tmp_path / "日本" / "a.db", "entries", "cp1252")
    assert shown.returncode == 1
    assert b"There is no folder" in shown.stderr


def test_what_is_no_text_in_the_code_page_is_refused_in_words(tmp_path: Path) -> None:
    shown = run(tmp_path / "b.db", "write -", "utf-8", stdin=b"caf\xe9")
    assert shown.returncode == 2
    assert b"That text is not utf-8" in shown.stderr
    assert run(tmp_path / "b.db", "write -", "cp1252", stdin=b"caf\xe9").returncode == 0
