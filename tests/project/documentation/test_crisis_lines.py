"""The page on crisis lines: each number that an app shows, and who says so."""

from __future__ import annotations

import re

import pytest
from tests.project.workspace import ROOT

from intersession_schemas.client_words import LOCAL_HELP, LocalHelp

PAGE = ROOT / "docs" / "reference" / "crisis-lines.md"


@pytest.mark.parametrize("one", LOCAL_HELP.values(), ids=LOCAL_HELP)
def test_the_page_names_each_number_and_who_says_so(one: LocalHelp) -> None:
    rows = [line.strip("| ").split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines()]
    ((_, emergency, lines, said, sure),) = [row for row in rows if row[0] == one.country]
    assert tuple(emergency.split(", ")) == one.emergency
    assert set(re.findall(r"(?:: |, |to )([0-9]+(?: [0-9]+)*)", lines)) == {line.number for line in one.lines}
    assert all(line.name in lines for line in one.lines)
    assert said
    assert sure
