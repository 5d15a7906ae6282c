"""Drafts: kept as they are, and gone with what is written in their place or not at all."""

from __future__ import annotations

import pytest

from intersession import DraftAnswer, Drafts, InvalidField, NotFound, Tracker


@pytest.fixture
def drafts(tracker: Tracker) -> Drafts:
    return tracker.drafts


ANSWER = DraftAnswer("q", "How?", "So.")


def test_a_draft_is_kept_replaced_and_deleted(drafts: Drafts) -> None:
    drafts.keep("a", "A form", [ANSWER])
    assert drafts.get("a").answers == (ANSWER,)
    drafts.keep("a", "A form", [ANSWER, DraftAnswer("r", "Why?", "Because.")])
    assert [len(one.answers) for one in drafts.list()] == [2]
    drafts.delete("a")
    with pytest.raises(NotFound):
        drafts.get("a")
    with pytest.raises(NotFound):
        drafts.delete("a")


def test_a_draft_ends_with_what_is_written_in_its_place_or_not_at_all(tracker: Tracker, drafts: Drafts) -> None:
    drafts.keep("a", "A form", [ANSWER])
    with pytest.raises(InvalidField), drafts.finishing("a"):  # noqa: PT012 - the first is what must not stay
        tracker.journal.write("kept?")
        tracker.journal.write("x", mood=99)
    assert tracker.journal.entries() == []
    assert drafts.get("a").answers == (ANSWER,)
    with drafts.finishing("a"):
        tracker.journal.write("kept")
    assert [entry.text for entry in tracker.journal.entries()] == ["kept"]
    assert drafts.list() == []


def test_what_is_no_answer_is_refused(drafts: Drafts) -> None:
    with pytest.raises(InvalidField):
        drafts.keep("a", "A form", ["text"])  # type: ignore[list-item]
    with pytest.raises(InvalidField):
        drafts.keep("a", "A form", [DraftAnswer("q", "How?", "\ud800")])
