"""What tests of imports start from: a file of theirs."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.client_sdk.importing.spreadsheets import Write


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(text: str | bytes, encoding: str = "utf-8", name: str = "file.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return written
