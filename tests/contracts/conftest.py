"""A store of each kind, furnished."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.contracts.log_stores import STORES, furnish

from intersession_server.log.store import LogStore


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=STORES)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[LogStore]:
    opened = STORES[request.param](tmp_path)
    await furnish(opened)
    yield opened
    await opened.close()
