"""What the TypeScript core takes as data is what the Python code says now."""

from __future__ import annotations

import pytest
from client_sdk.web.generate.__main__ import FILES, FOLDER, text_of


@pytest.mark.parametrize("name", FILES)
def test_is_as_the_code_says(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == text_of(name), "run `./run vectors`"


def test_nothing_else_lies_there() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(FILES)
