"""Fixtures of the projections' tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.server.projections.records import FakeLog

from intersession_server.projections.tables import FILE_NAME, SCHEMA, TABLES
from intersession_server.storage.database import open_database
from intersession_server.storage.engine import SerialEngine


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[SerialEngine]:
    """Empty read models."""
    async with open_database(tmp_path / FILE_NAME, schema=SCHEMA, tables=TABLES) as opened:
        yield opened


@pytest.fixture
def log() -> FakeLog:
    """An empty log."""
    return FakeLog()
