"""Phones for the tests of a module, which look at their screens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from tests.web_client.app.looks.phones import Phones
from tests.web_client.app.record import Record


@pytest.fixture(scope="module")
def phones(browser: Browser, record: Record) -> Iterator[Phones]:
    """Phones that nothing is changed on."""
    with Phones(browser, record) as phones:
        yield phones
