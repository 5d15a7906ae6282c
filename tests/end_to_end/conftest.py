"""A real server for a module's tests, and a place for the figures that they measure or count."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.end_to_end.support import demo
from tests.end_to_end.support.practice import Practice
from tests.end_to_end.support.server_process import ServerProcess, serving

Note = Callable[[str], None]


@pytest.fixture
def note(record_property: Callable[[str, object], None]) -> Note:
    """Keeps a line of figures, which the run prints at its end."""
    return lambda line: record_property("figures", line)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    """A server of this test's own, without a practice."""
    with serving(tmp_path / "server") as running:
        yield running


@pytest.fixture
def practice(server: ServerProcess) -> Iterator[Practice]:
    """A practice on it."""
    with Practice.on(server) as made:
        yield made


@pytest.fixture(scope="session")
def made_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo that was ready and has ended, one for all workers of a run. To be copied, not to be used."""
    own = tmp_path_factory.getbasetemp()
    return demo.made(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)
