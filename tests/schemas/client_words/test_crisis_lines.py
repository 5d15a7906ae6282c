"""Whom to call: what can be dialled."""

from __future__ import annotations

import re
from datetime import date

import pytest

from intersession_schemas.client_words import LOCAL_HELP, LocalHelp, local_help

every_country = pytest.mark.parametrize("one", LOCAL_HELP.values(), ids=LOCAL_HELP)


@every_country
def test_there_is_an_emergency_number_and_a_line_and_each_can_be_dialled(one: LocalHelp) -> None:
    assert LOCAL_HELP[one.country] is one
    assert one.emergency
    assert any(line.by == "call" for line in one.lines)
    for number in (*one.emergency, *(line.number for line in one.lines)):
        assert re.fullmatch(r"[0-9]+( [0-9]+)*", number), number
    assert all(line.by == "text" for line in one.lines if line.word)
    assert date(2026, 11, 30) <= one.looked_up


def test_what_is_not_known_is_not_guessed() -> None:
    assert local_help(None) is None
    assert local_help("IT") is None
    assert local_help("de") is None
