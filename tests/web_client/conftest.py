"""The core's page, bundled once a worker; the app as it is built, once a run, at a server with a practice.

A browser is kept for a module and no longer: while one is driven, no test on its thread can run an event loop.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from tests.end_to_end.support.practice import Invitation, Practice
from tests.end_to_end.support.server_process import ServerProcess
from tests.web_client.core import bundle, launched, opened, serving
from tests.web_client.peer import Peer, running
from tests.web_client.served import built_once, practice_on, server_of


@pytest.fixture(scope="session")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page that answers the vectors."""
    folder = tmp_path_factory.mktemp("core")
    bundle(Path(__file__).parent / "answers.ts", folder)
    with serving(folder) as address:
        yield address


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A browser for the tests of a module."""
    with launched(chromium) as browser:
        yield browser


@pytest.fixture(scope="module")
def core(browser: Browser, answering: str) -> Iterator[Page]:
    """A page that answers the vectors: `answers(subject, cases)`."""
    with opened(browser, answering) as page:
        page.wait_for_function("() => 'answers' in globalThis")
        yield page


@pytest.fixture(scope="session")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    """Replicas of the core under Node.js."""
    folder = tmp_path_factory.mktemp("replica")
    bundle(Path(__file__).parent / "entries" / "replica.ts", folder)
    with running(folder) as peer:
        yield peer


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app's folder, without what is compressed."""
    return built_once(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def server(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server that hands it out."""
    with server_of(built, tmp_path_factory.mktemp("practice") / "server") as running:
        yield running


@pytest.fixture(scope="session")
def practice(server: ServerProcess) -> Iterator[Practice]:
    """A practice on it, with one therapist."""
    with practice_on(server) as made:
        yield made


@pytest.fixture
def client(practice: Practice, request: pytest.FixtureRequest) -> Invitation:
    """A client in Anna's care, called like the test."""
    return practice.add_client(request.node.name[:100], "anna")


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """What drives the browsers of a module that has several."""
    with sync_playwright() as driving:
        yield driving
