"""A practice whose server has the client's page for its app; for each test a device, and the app on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Playwright
from tests.end_to_end.support.practice import Invitation, Practice
from tests.end_to_end.support.server_process import ServerProcess
from tests.web_client import profiles
from tests.web_client.client.tab import Tab, app_server, tab
from tests.web_client.core import bundle
from tests.web_client.peer import Peer, running
from tests.web_client.served import practice_on


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server whose app is the client's page."""
    with app_server(tmp_path_factory.mktemp("practice")) as running:
        yield running


@pytest.fixture(scope="module")
def practice(server: ServerProcess) -> Iterator[Practice]:
    """A practice on it, with one therapist."""
    with practice_on(server) as made:
        yield made


@pytest.fixture
def device(playwright: Playwright, chromium: str, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser with a profile of its own."""
    with profiles.device(playwright, chromium, tmp_path / "device") as context:
        yield context


@pytest.fixture
def phone(device: BrowserContext, server: ServerProcess, client: Invitation) -> Tab:
    """The client's app, paired."""
    opened = tab(device, server)
    assert opened.open() == {"state": "open"}
    assert opened.pair(server, client.code)["account"] == str(client.person)
    return opened


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    """Connections under Node.js."""
    folder = tmp_path_factory.mktemp("runs")
    bundle(Path(__file__).parent.parent / "entries" / "runs.ts", folder)
    with running(folder) as peer:
        yield peer
