from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, get_args
from uuid import UUID, uuid4

import pytest
from tests.server.web.practice import MONDAY

from intersession_schemas.documents.care.adherence import OccurrenceState
from intersession_schemas.documents.care.homework import Barrier, Decision, Homework, HomeworkProgress, HomeworkReview
from intersession_schemas.documents.care.plan import Pause, Plan
from intersession_schemas.documents.forms import Answer
from intersession_server.projections.read_models import ProgressView, RecordView, ReviewView
from intersession_server.projections.record_reading import with_progress
from intersession_server.web.client.homework_views import (
    MOST_MARKS,
    MOST_SAID,
    SIGNS,
    HomeworkCard,
    barrier_words,
    decision_words,
    homework_card,
    state_words,
)

TODAY = date(2026, 3, 2)
NOON = datetime.combine(TODAY, time(12), UTC)
DAILY = Homework(what="a walk", rule="FREQ=DAILY", since=date(2026, 2, 20), assigned_at=MONDAY - timedelta(days=9))
FACTS: dict[str, Any] = {
    "author": uuid4(),
    "arrived_at": MONDAY,
    "changed_by": uuid4(),
    "changed_at": MONDAY,
    "heads": [],
}


def said(day: int, status: Any, late: bool = False, **more: Any) -> ProgressView:
    at = datetime(2026, 2, day, 20, 0, tzinfo=UTC)
    progress = HomeworkProgress(
        homework=uuid4(), occurrence=f"2026-02-{day}", status=status, done_at=at, entered_at=at, **more
    )
    return ProgressView(id=uuid4(), late=late, progress=progress, **FACTS)


def card(homework: Homework, *progress: ProgressView, reviews: Any = (), plan: Plan | None = None) -> HomeworkCard:
    view = with_progress(RecordView(id=uuid4(), **FACTS), homework, progress, reviews, plan or Plan(), NOON)
    return homework_card(view, TODAY)


def test_each_occurrence_has_a_sign_a_word_and_its_day() -> None:
    plan = Plan(pauses={"p": Pause(first=date(2026, 2, 25), last=date(2026, 2, 26))})
    made = card(DAILY, said(20, "done"), said(21, "partly"), said(22, "not"), said(23, "could_not"), plan=plan)
    assert [(mark.day, mark.word) for mark in made.marks] == [
        ("20 Feb", "done"),
        ("21 Feb", "partly"),
        ("22 Feb", "not done"),
        ("23 Feb", "could not"),
        ("24 Feb", "unanswered"),
        ("25 Feb", "paused"),
        ("26 Feb", "paused"),
        ("27 Feb", "unanswered"),
        ("28 Feb", "unanswered"),
        ("1 Mar", "unanswered"),
        ("2 Mar", "open"),
    ]
    assert made.counts == "1 done, 1 partly, 1 not done, 4 unanswered, 1 could not, 2 paused"
    assert "%" not in str(made)


def test_how_often_and_how_it_went_stay_apart() -> None:
    made = card(DAILY, said(20, "done", difficulty=3, helpfulness=8), said(21, "not", difficulty=9, barrier="too_hard"))
    assert made.quality == ["Difficulty, 0 to 10: 3, 9", "Helpfulness, 0 to 10: 8", "Barriers: too hard (1)"]
    assert "3" not in made.counts.split(", ")[0]


def test_a_long_row_is_folded_and_whole() -> None:
    homework = Homework(what="x", rule="FREQ=DAILY", since=date(2026, 1, 1))
    made = card(homework)
    assert (len(made.marks), len(made.earlier)) == (MOST_MARKS, 61 - MOST_MARKS)
    assert (made.earlier[0].day, made.marks[-1].day) == ("1 Jan", "2 Mar")
    many = card(homework, *(said(20, "done") for _ in range(MOST_SAID + 3)))
    assert (len(many.said), many.unsaid) == (MOST_SAID, 3)


def test_what_was_said_has_its_answers_under_their_wording() -> None:
    answers = (
        Answer(key="a", prompt="How was it?", type="scale", value=3, label="so so"),
        Answer(key="b", prompt="How long?", type="number", value=2.5, unit="hours"),
    )
    one = said(20, "not", late=True, answers=answers, difficulty=2, barrier="no_chance", barrier_note="rain")
    (found,) = card(DAILY, one).said
    assert found.answers == [("How was it?", "3 (so so)"), ("How long?", "2.5 hours")]
    assert (found.word, found.late, found.barrier) == ("not done", "synced later", "no chance, rain")
    assert (found.heading, found.ratings) == ("Fri 20 Feb 2026, 20:00", ["difficulty 2"])


@pytest.mark.parametrize(
    ("homework", "when", "ended"),
    [
        (DAILY, "daily, from Fri 20 Feb 2026", False),
        (Homework(what="x"), "any time", False),
        (Homework(what="x", due=date(2026, 3, 5)), "due Thu 5 Mar 2026", False),
        (Homework(what="x", ended_on=TODAY), "any time", True),
        (Homework(what="x", until=TODAY), "any time", False),
        (Homework(what="x", until=date(2026, 3, 1)), "any time", True),
        (Homework(what="x", until=date.max), "any time", False),
    ],
)
def test_when_it_is_due_and_whether_it_is_over(homework: Homework, when: str, ended: bool) -> None:
    made = card(homework)
    assert (made.when, made.ended) == (when, ended)


def test_an_assignment_says_whether_it_was_agreed() -> None:
    assert card(DAILY).notes == ["not yet agreed"]
    full = Homework(what="x", agreed=True, confidence=7, predecessor=UUID(int=1), ended_on=TODAY)
    assert card(full).notes == [
        "agreed",
        "confidence 7 of 10",
        "goes on from an earlier assignment",
        "ended Mon 2 Mar 2026",
    ]


@pytest.mark.parametrize(
    ("what", "title"),
    [
        ("a walk", "a walk"),
        (" a walk\n", "a walk"),
        ("a walk\nround the lake", "a walk …"),
        ("word " * 40, "word " * 17 + "word …"),
        ("x" * 200, "x" * 45 + " …"),
        ("x" * 89 + "\ny", "x" * 89 + " …"),
    ],
)
def test_a_long_assignment_has_a_title_and_its_whole_text(what: str, title: str) -> None:
    made = card(Homework(what=what))
    assert made.title == title
    assert made.what.shown == ("" if made.title == what.strip() else what)


def test_a_review_says_what_was_decided() -> None:
    review = HomeworkReview(homework=uuid4(), decision="step_down", reason="too much", reviewed_at=MONDAY)
    (found,) = card(DAILY, reviews=[ReviewView(id=uuid4(), review=review, **FACTS)]).reviews
    assert (found.decision, found.reason.shown) == ("Stepped down", "too much")


def test_there_are_words_for_everything() -> None:
    assert set(SIGNS) == set(get_args(OccurrenceState))
    for words, of in ((state_words, OccurrenceState), (barrier_words, Barrier), (decision_words, Decision)):
        assert len({words(one) for one in get_args(of)}) == len(get_args(of))
