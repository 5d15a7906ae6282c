"""Fixtures of the pages' and the HTTP API's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from tests.server.accounts.world import CHEAP, Clock, settings_for
from tests.server.web.practice import Practice

from intersession_server.projections import projector
from intersession_server.services import Services, open_services


@pytest.fixture(autouse=True)
def _no_burst_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A change is on the pages at once: waiting for what else comes would be most of the time of these tests."""
    monkeypatch.setattr(projector, "COALESCE_SECONDS", 0.0)


@pytest.fixture
def clock() -> Clock:
    """A clock that stands, a week after `MONDAY`."""
    return Clock()


@pytest.fixture
async def services(tmp_path: Path, clock: Clock) -> AsyncIterator[Services]:
    """All services on an empty data folder."""
    async with open_services(settings_for(tmp_path), clock=clock, hasher=CHEAP) as opened:
        yield opened


@pytest.fixture
async def practice(services: Services) -> Practice:
    """A practice with the therapist `noor`."""
    return await Practice(services).begin()


@pytest.fixture
async def noor(practice: Practice) -> AsyncIterator[httpx.AsyncClient]:
    """The therapist's browser."""
    async with practice.signed_in() as browser:
        yield browser
