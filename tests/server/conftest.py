"""What the server's tests share. Coroutine tests are marked `anyio` and run on asyncio."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.server.accounts.world import CHEAP, Clock, settings_for

from intersession_server.accounts.database import open_accounts
from intersession_server.language.language import ENGLISH, use
from intersession_server.services import Services, open_services
from intersession_server.storage.engine import SerialEngine


@pytest.fixture
def anyio_backend() -> str:
    """Coroutine tests run on asyncio, as the server does."""
    return "asyncio"


@pytest.fixture
def clock() -> Clock:
    """A clock that stands."""
    return Clock()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[SerialEngine]:
    """An empty `app.db`."""
    async with open_accounts(tmp_path / "app.db") as engine:
        yield engine


@pytest.fixture
async def services(tmp_path: Path, clock: Clock) -> AsyncIterator[Services]:
    """All services on an empty data folder, with the real log store."""
    async with open_services(settings_for(tmp_path), clock=clock, hasher=CHEAP) as opened:
        yield opened


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """What is said outside of a request; a test that chooses another language leaves this one behind."""
    use(ENGLISH)
    yield
    use(ENGLISH)
