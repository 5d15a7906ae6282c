"""What people bring, through the doors by which they bring it: a store, a file, a command line, a server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.end_to_end.support.practice import Practice
from tests.end_to_end.support.server_process import ServerProcess, serving

from intersession import Tracker
from intersession.cli import main

Write = Callable[..., Path]
Command = Callable[..., Result]

DRAWN_ELSEWHERE = pytest.mark.filterwarnings(
    "ignore:Do not use the `random` module inside strategies:hypothesis.errors.HypothesisDeprecationWarning"
)
"""For strategies that draw nothing from `random`: a connection on another thread may, while one of them draws."""


@pytest.fixture
def tracker(tmp_path: Path) -> Iterator[Tracker]:
    with Tracker.open(tmp_path / "store.db") as opened:
        yield opened


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file as it is given, bytes or text in an encoding; returns its path."""

    def written(content: str | bytes, encoding: str = "utf-8", name: str = "file.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return written


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Runs `intersession` on a store of its own, in this process."""

    def run(*words: str, stdin: str = "") -> Result:
        return CliRunner().invoke(main, ["--store", str(tmp_path / "command.db"), *words], input=stdin)

    return run


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One for all of these: each test has clients and therapists of its own."""
    with serving(tmp_path_factory.mktemp("server") / "data") as running:
        yield running


@pytest.fixture(scope="session")
def practice(server: ServerProcess) -> Iterator[Practice]:
    """A practice on it."""
    with Practice.on(server) as made:
        yield made


def process(store: Path, *words: str | bytes, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """`intersession` as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "intersession", "--store", str(store), *words],
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environment},
    )


def read_json(result: Result) -> Any:
    """What a command with --json has printed."""
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)
