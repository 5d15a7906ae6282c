"""One server and one browser for each module, and a therapist for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.end_to_end.support.practice import Practice
from tests.end_to_end.support.server_process import ServerProcess, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One server for all tests here."""
    with serving(tmp_path_factory.mktemp("pages") / "server") as running:
        yield running


@pytest.fixture(scope="module")
def practice(server: ServerProcess) -> Iterator[Practice]:
    """A practice on it."""
    with Practice.on(server) as made:
        yield made


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium)


@pytest.fixture
def therapist(practice: Practice, request: pytest.FixtureRequest) -> str:
    """A therapist of this test's own, without clients."""
    username = request.node.name.replace("[", "-").replace("]", "")[-40:]
    practice.add_therapist(username)
    return str(username)
