"""A practice that hands out the app, one for a run; a browser for each module, and a client for each test."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright
from tests.end_to_end.app.ahead import AHEAD, WORKER_AHEAD
from tests.end_to_end.support.practice import Invitation, Practice
from tests.end_to_end.support.server_process import ServerProcess
from tests.schemas.instruments.wording.languages import mood_in
from tests.web_client.core import BROWSER
from tests.web_client.served import built_once, server_of

from intersession_server.operator import commands


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server that hands out the app; beside it lies its worker once more, with a clock that is ahead."""
    room = tmp_path_factory.mktemp("app")
    folder = shutil.copytree(built_once(tmp_path_factory.getbasetemp()), room / "app")
    [worker] = folder.glob("worker-*.js")
    (folder / WORKER_AHEAD).write_text(AHEAD + worker.read_text("utf-8"), "utf-8")
    with server_of(folder, room / "server") as running:
        yield running


@pytest.fixture(scope="session")
def practice(running: ServerProcess) -> Iterator[Practice]:
    """A practice on it, with the PHQ-9 in words of our own and one therapist."""
    with Practice.on(running) as made:
        form = json.dumps(mood_in("en")).encode()
        made.operate(commands.ImportInstrument(questionnaire=form, taken_as="phq-9"), commands.InstrumentImported)
        made.add_therapist("anna")
        yield made


@pytest.fixture
def server(running: ServerProcess) -> Iterator[ServerProcess]:
    """The server, which a test may kill and start again."""
    yield running
    if not running.is_running():
        running.start()


@pytest.fixture
def client(practice: Practice, request: pytest.FixtureRequest) -> Invitation:
    """A client in Anna's care, called like the test."""
    return practice.add_client(request.node.name, "anna")


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """What drives the browsers of a module."""
    with sync_playwright() as driving:
        yield driving


@pytest.fixture(scope="module")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """One browser; each phone and each therapist's desk has a profile of its own in it."""
    launched = playwright.chromium.launch(executable_path=chromium, args=BROWSER)
    yield launched
    launched.close()
