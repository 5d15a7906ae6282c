"""A practice whose clients' devices can be reminded by a push service on this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.server.accounts.world import Clock
from tests.server.reminders.device import Reminded, opened
from tests.server.reminders.push_service import PushService, push_service

from intersession_server.projections import projector


@pytest.fixture(autouse=True)
def _no_burst_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A change is projected at once."""
    monkeypatch.setattr(projector, "COALESCE_SECONDS", 0.0)


@pytest.fixture(scope="package")
def serving() -> Iterator[PushService]:
    """One for all tests: its address is in the settings, and an app is made for each of those."""
    with push_service() as service:
        yield service


@pytest.fixture
def push(serving: PushService) -> Iterator[PushService]:
    """The push service, to which nothing has come yet. Nothing that comes is wrong."""
    serving.status, serving.asked, serving.more = 201, 0, {}
    serving.messages.clear()
    yield serving
    assert serving.wrong == []


@pytest.fixture
async def reminded(tmp_path: Path, clock: Clock, push: PushService) -> AsyncIterator[Reminded]:
    """A practice that offers reminders, and a client with a device that has none yet."""
    async with opened(tmp_path, clock, push) as services:
        yield await Reminded.begin(services, clock, push)
