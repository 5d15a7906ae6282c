"""Words in several languages: every language says everything, with the same values in it."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import get_args

import pytest

from intersession_schemas import client_words
from intersession_schemas.documents.assessments.assessments import State
from intersession_schemas.documents.care.adherence import OccurrenceState
from intersession_schemas.documents.care.agenda import DueKind
from intersession_schemas.documents.care.episodes import Phase
from intersession_schemas.documents.care.goals import GoalState
from intersession_schemas.documents.care.homework import Barrier, Decision, Status
from intersession_schemas.documents.care.plan import PauseReason, SafetyPart
from intersession_schemas.documents.care.sessions import SessionState
from intersession_schemas.errors import REFUSAL_TEXT, STREAM_STOPPED_TEXT, RefusalCode
from intersession_schemas.languages import in_language, phrase
from intersession_schemas.measures import words

TABLES = {"client words": client_words.TABLES, "words of signals": words.WORDS}
each_table = pytest.mark.parametrize("tables", TABLES.values(), ids=TABLES)
CLOSED: dict[str, object] = {
    "occurrence": OccurrenceState,
    "barrier": Barrier,
    "decision": Decision,
    "session": SessionState,
    "goal": GoalState,
    "phase": Phase,
    "pause": PauseReason,
    "due": DueKind,
    "part": SafetyPart,
    "assessment": State,
}
"""Closed sets of words that are told by their key."""


def values_in(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@each_table
def test_every_language_says_everything_with_the_same_values(tables: Mapping[str, Mapping[str, str]]) -> None:
    assert {"en", "de"} <= tables.keys()
    for language, table in tables.items():
        assert table.keys() == tables["en"].keys(), language
        for key, text in table.items():
            assert values_in(text) == values_in(tables["en"][key]), (language, key)
            assert bool(text.strip()) == bool(tables["en"][key].strip()), (language, key)


@pytest.mark.parametrize("kind", CLOSED)
def test_each_word_of_a_closed_set_has_one(kind: str) -> None:
    for word in get_args(CLOSED[kind]):
        assert client_words.say("de", f"{kind} {word}") != client_words.say("en", f"{kind} {word}")
    assert set(get_args(Status)) <= set(get_args(OccurrenceState))


def test_each_refusal_has_one() -> None:
    assert {f"refusal {code}" for code in RefusalCode} <= client_words.TABLES["de"].keys()
    for code, text in REFUSAL_TEXT.items():
        assert client_words.say("en", f"refusal {code}") == text
    for stopped, text in STREAM_STOPPED_TEXT.items():
        assert client_words.say("en", f"stopped {stopped}") == text


def test_nobody_is_addressed_by_du() -> None:
    said = " ".join(client_words.TABLES["de"].values()).casefold()
    assert not {"du", "dein", "deine", "dir", "dich"} & set(said.replace(".", " ").replace(",", " ").split())


def test_a_locale_is_told_in_its_language_and_any_other_in_english() -> None:
    for locale in ("de", "de-AT", "de_CH", "de_DE"):
        assert client_words.say(locale, "never") == "noch nie"
    for locale in ("en", "en-GB", "fr", "", "C"):
        assert client_words.say(locale, "never") == "never"
    assert in_language({"de": 1}, "DE-at") == 1
    with pytest.raises(KeyError):
        phrase(client_words.TABLES, "de", "what nobody says")
    with pytest.raises(KeyError):
        client_words.say("en", "mood")
