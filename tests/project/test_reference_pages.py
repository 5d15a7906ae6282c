"""The reference pages say what the code says: every command, option and setting, and none that is gone."""

from __future__ import annotations

import pytest
from tests.project.reference_pages import FOLDER, PAGES


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_as_the_code_makes_it(page: str) -> None:
    """If this fails: `.venv/bin/python -m tests.project.reference_pages`, and read what has changed."""
    assert (FOLDER / page).read_text(encoding="utf-8") == PAGES[page]()


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_left_without_a_word(page: str) -> None:
    rows = [line for line in PAGES[page]().splitlines() if line.startswith("| `")]
    assert rows
    assert [row for row in rows if row.rstrip(" |").endswith("`") and "--version" not in row] == []
