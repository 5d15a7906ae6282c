from __future__ import annotations

import pytest

from intersession_server.language.catalogue import LANGUAGES, language, negotiated
from intersession_server.language.language import count, say, use


def test_counts() -> None:
    assert count("%(n)s entry", "%(n)s entries", 1) == "1 entry"
    assert count("%(n)s entry", "%(n)s entries", 0) == "0 entries"
    assert count("%(n)s log", "%(n)s logs", 2_000) == "2,000 logs"


def test_messages_and_numbers_are_in_the_language_of_the_request() -> None:
    use(language("de"))
    assert say("just now") == "gerade eben"
    assert count("%(n)s entry", "%(n)s entries", 2_000) == "2.000 Einträge"


@pytest.mark.parametrize(
    ("chosen", "accepted", "tag"),
    [
        (None, "", "en"),
        (None, "de-AT,de;q=0.9,en;q=0.8", "de"),
        (None, "fr;q=0.9,en;q=0.5,de;q=0.7", "de"),
        (None, "fr,nl", "en"),
        (None, "*", "en"),
        (None, "de;q=x,<script>;;,-,_", "en"),
        ("de", "en", "de"),
        ("en", "de", "en"),
        ("xx", "de", "de"),
    ],
)
def test_a_choice_counts_before_what_the_browser_accepts(chosen: str | None, accepted: str, tag: str) -> None:
    assert negotiated(chosen, accepted).tag == tag


def test_every_language_can_be_had() -> None:
    assert [language(tag).tag for tag in LANGUAGES] == ["en", "de"]
