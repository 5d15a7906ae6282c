"""Every message of the pages stands in every catalogue, translated, with the same values."""

from __future__ import annotations

import re

import pytest
from tests.project.messages.catalogues import CATALOGUES, brought_up_to_date, catalogue, messages, tags

from intersession_server.language.catalogue import LANGUAGES

_VALUE = re.compile(r"%\((\w+)\)s|\{(\w+)\}")


def test_there_is_a_catalogue_for_each_language_but_the_source() -> None:
    assert tags() == sorted(set(LANGUAGES) - {"en"})


def test_messages_are_found_in_code_templates_and_blocks() -> None:
    found = messages()
    for known in ("just now", "Skip to content", ("%(n)s entry", "%(n)s entries")):
        assert known in found


@pytest.mark.parametrize("tag", tags())
def test_a_catalogue_is_up_to_date(tag: str) -> None:
    written = (CATALOGUES / f"{tag}.po").read_bytes()
    assert written == brought_up_to_date(tag), "bring it up to date: ./run messages"


@pytest.mark.parametrize("tag", tags())
def test_everything_is_translated_with_the_same_values(tag: str) -> None:
    missing, wrong = [], []
    for message in catalogue(tag):
        if not message.id:
            continue
        ids = _each(message.id)
        strings = _each(message.string)
        if not all(strings):
            missing.append(ids[0])
            continue
        named = set().union(*(_VALUE.findall(one) for one in ids))
        if any(not set(_VALUE.findall(one)) <= named for one in strings) or named - set(_VALUE.findall(strings[-1])):
            wrong.append(ids[0])
    assert (missing, wrong) == ([], [])


def _each(text: object) -> list[str]:
    return [str(one or "") for one in text] if isinstance(text, (list, tuple)) else [str(text or "")]
