"""The app as it is built, on phones: one of a client with a whole record, and one with nothing on it for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright
from tests.end_to_end.support.server_process import ServerProcess
from tests.web_client.app.kept_phone import KeptPhone, kept_phone
from tests.web_client.app.pushing import NOBODY
from tests.web_client.app.record import Record, record_on
from tests.web_client.served import server_of


@pytest.fixture(scope="session")
def record(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """A client of a practice whose server has the app."""
    folder = tmp_path_factory.mktemp("practice")
    with server_of(built, folder / "server", "--push-services", NOBODY) as server, record_on(server, folder) as record:
        yield record


@pytest.fixture
def phone(playwright: Playwright, chromium: str, server: ServerProcess, tmp_path: Path) -> Iterator[KeptPhone]:
    """A phone with nothing on it."""
    with kept_phone(playwright, chromium, tmp_path / "phone", server.url) as made:
        yield made
