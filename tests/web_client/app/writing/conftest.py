"""The app as people have it, at a real practice: a client's phone, their tablet, and their therapist's laptop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright
from tests.end_to_end.support.practice import Invitation, Practice
from tests.end_to_end.support.server_process import ServerProcess
from tests.web_client.app.kept_phone import kept_phone
from tests.web_client.app.phone import Phone
from tests.web_client.app.writing.care import Care

from intersession import Caseload, Tracker


@pytest.fixture
def tablet(practice: Practice, client: Invitation, tmp_path: Path) -> Iterator[Tracker]:
    """The client's other device."""
    with practice.tracker(tmp_path / "tablet.db", client.person) as tracker:
        yield tracker


@pytest.fixture
def anna(practice: Practice, tmp_path: Path) -> Iterator[Caseload]:
    """The therapist's device."""
    with practice.caseload(tmp_path / "anna.db", "anna") as caseload:
        yield caseload


@pytest.fixture
def care(client: Invitation, tablet: Tracker, anna: Caseload) -> Care:
    """What client and therapist do on those."""
    assert anna.sync().complete
    return Care(client.person, tablet, anna)


@pytest.fixture
def phone(
    playwright: Playwright, chromium: str, server: ServerProcess, client: Invitation, tmp_path: Path
) -> Iterator[Phone]:
    """The app on the client's phone, connected; new entries are shared at first."""
    options = {"timezone_id": "Europe/Berlin", "service_workers": "block"}
    with kept_phone(playwright, chromium, tmp_path / "phone", server.url, **options) as made:
        made.pair(client.code, shared=True)
        yield made
