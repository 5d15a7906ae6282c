"""A page of the lock's own, with storage that no other test has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.web_client.core import bundle, opened, serving
from tests.web_client.lock.device import Device

ENTRY = Path(__file__).parents[1] / "entries" / "lock.ts"


@pytest.fixture(scope="session")
def locking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page; a passkey wants a name of a host, and no number."""
    folder = tmp_path_factory.mktemp("lock")
    bundle(ENTRY, folder)
    with serving(folder) as address:
        yield address.replace("127.0.0.1", "localhost")


@pytest.fixture
def device(browser: Browser, locking: str) -> Iterator[Device]:
    with opened(browser, locking) as page:
        page.wait_for_function("() => 'ask' in globalThis")
        page.set_default_timeout(120_000)
        yield Device(page)
