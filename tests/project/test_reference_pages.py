"""The reference pages say what the code says: every command, option and setting, and none that is gone."""

from __future__ import annotations

import pytest
from tests.project.reference_pages import FILES, FOLDER, PAGES
from tests.project.sdk_page import without_a_word


@pytest.mark.parametrize("file", FILES)
def test_a_file_is_as_the_code_makes_it(file: str) -> None:
    """If this fails: `.venv/bin/python -m tests.project.reference_pages`, and read what has changed."""
    assert (FOLDER / file).read_text(encoding="utf-8") == FILES[file]()


def test_no_schema_is_left_of_a_kind_that_is_gone() -> None:
    there = {f"schemas/{path.name}" for path in (FOLDER / "schemas").iterdir()}
    assert there == {file for file in FILES if file.startswith("schemas/")}


def test_every_public_name_of_the_sdk_has_its_words() -> None:
    assert without_a_word() == []


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_left_without_a_word(page: str) -> None:
    rows = [line for line in PAGES[page]().splitlines() if line.startswith("| `")]
    assert rows
    assert [row for row in rows if row.rstrip(" |").endswith("`") and "--version" not in row] == []
