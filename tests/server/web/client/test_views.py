from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.server.web.practice import MONDAY

from intersession_schemas.documents.diary.sections import Section
from intersession_server.projections.read_models import EntryView
from intersession_server.web.page.prose import EXCERPT, answer_words, prose
from intersession_server.web.timeline.entries import entry_card

ENTRY = EntryView(
    id=uuid4(),
    written_at=MONDAY,
    entered_at=MONDAY,
    zone=None,
    arrived_at=MONDAY.astimezone(UTC) + timedelta(minutes=5),
    changed_by=uuid4(),
    changed_at=MONDAY.astimezone(UTC) + timedelta(minutes=5),
    late=False,
    mood=None,
    tags=[],
    text="words",
    sections=[],
    problems=[],
)


def said(**changes: object) -> list[tuple[str, str]]:
    card = entry_card(msgspec.structs.replace(ENTRY, **changes))
    return [(moment.word, moment.text) for moment in card.moments]


def test_when_an_entry_arrived_is_always_said() -> None:
    assert said() == [("received", "23:55")]
    assert said(arrived_at=MONDAY + timedelta(minutes=11), changed_at=MONDAY) == [
        ("received", "Tue 24 Feb 2026, 00:01")
    ]


def test_when_it_was_entered_is_said_where_that_was_another_time() -> None:
    assert said(entered_at=MONDAY + timedelta(minutes=9)) == [("received", "23:55")]
    assert said(entered_at=MONDAY + timedelta(days=1))[0] == ("entered", "Tue 24 Feb 2026, 23:50")


def test_that_it_changed_after_it_had_arrived_is_said() -> None:
    assert said(changed_at=ENTRY.arrived_at + timedelta(seconds=59)) == [("received", "23:55")]
    assert said(changed_at=ENTRY.arrived_at + timedelta(seconds=61))[1] == ("edited", "23:56")
    assert said(changed_at=ENTRY.arrived_at + timedelta(days=1))[1] == ("edited", "Tue 24 Feb 2026, 23:55")


def test_an_entry_without_a_time_is_not_given_one() -> None:
    card = entry_card(msgspec.structs.replace(ENTRY, written_at=None, entered_at=None))
    assert (card.heading, card.offset) == ("Time of writing unknown", "")
    assert [moment.text for moment in card.moments] == ["Mon 23 Feb 2026, 22:55 UTC"]


@given(st.text(st.sampled_from("ab \n"), max_size=5 * EXCERPT))
def test_a_cut_text_is_whole(text: str) -> None:
    cut = prose(text)
    assert cut.shown + cut.rest == text
    assert bool(cut.rest) == (len(text) > 2 * EXCERPT)


def test_a_text_is_cut_between_words_where_it_has_any() -> None:
    assert prose("word " * EXCERPT).rest.startswith(" ")
    assert len(prose("x" * 3 * EXCERPT).shown) == EXCERPT


def test_an_entry_of_the_last_day_there_is_can_be_shown() -> None:
    card = entry_card(msgspec.structs.replace(ENTRY, written_at=datetime(9999, 12, 31, 23, 59, tzinfo=UTC)))
    assert card.heading == "Fri 31 Dec 9999, 23:59"


@pytest.mark.parametrize(
    ("value", "label", "unit", "words"),
    [
        (None, "", "", "not answered"),
        ("", "", "", "not answered"),
        ((), "", "", "not answered"),
        (True, "", "", "yes"),
        (False, "", "", "no"),
        (0, "none", "", "0 (none)"),
        (2.5, "", "hours", "2.5 hours"),
        ("22:30", "", "", "22:30"),
        (("tea", "a walk"), "", "", "tea, a walk"),
    ],
)
def test_an_answer_is_said_under_its_label_and_unit(value: Any, label: str, unit: str, words: str) -> None:
    assert answer_words(value, label, unit) == words


def test_a_section_that_asks_for_no_prose_shows_its_answer() -> None:
    sections = [Section("How bad?", type="scale", value=3, label="so so"), Section("What helped?", "tea")]
    card = entry_card(msgspec.structs.replace(ENTRY, sections=sections))
    assert [(one.said, one.prose.shown) for one in card.sections] == [("3 (so so)", ""), ("", "tea")]
