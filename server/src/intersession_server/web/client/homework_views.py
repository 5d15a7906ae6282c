"""What the templates show of homework, prepared: in words and in order. Pure.

It is shown by what became of each occurrence. How often it was done and how it went stay apart; nothing is a
percentage, and nothing counts days in a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.care.adherence import Adherence, OccurrenceState, OccurrenceView
from intersession_schemas.documents.care.homework import ONCE, Barrier, Decision, Homework, HomeworkProgress
from intersession_server.projections.read_models import HomeworkView, ProgressView, ReviewView
from intersession_server.web.page import phrases
from intersession_server.web.page.prose import FoldedText, answer_words, prose

LONGEST_TITLE = 90
"""Characters of what is to be done that stand as its title."""
MOST_MARKS = 14
"""Occurrences that are shown before the earlier ones are opened."""
MOST_EARLIER = 200
"""Earlier occurrences that can be opened."""
MOST_REVIEWS = 10
MOST_SAID = 20
"""Progress that is shown of one assignment; it is all in the HTTP API."""

STATES: dict[OccurrenceState, tuple[str, str]] = {
    "done": ("✓", "done"),
    "partly": ("◐", "partly"),
    "not": ("✗", "not done"),
    "could_not": ("–", "could not"),
    "paused": ("‖", "paused"),
    "open": ("○", "open"),
    "unanswered": ("·", "unanswered"),
}
"""The sign and the words of what became of an occurrence."""
_DECISIONS: dict[Decision, str] = {
    "keep": "Kept as it is",
    "adapt": "Adapted",
    "step_up": "Stepped up",
    "step_down": "Stepped down",
    "replace": "Replaced",
    "stop": "Stopped",
}
BARRIERS: dict[Barrier, str] = {
    "forgot": "forgot",
    "no_chance": "no chance",
    "too_hard": "too hard",
    "unclear": "unclear",
    "felt_worse": "felt worse",
    "no_point": "did not see the point",
}


class Mark(Struct, frozen=True):
    """What became of one occurrence: a sign, a word, and its day."""

    state: OccurrenceState
    sign: str
    word: str
    day: str


class SaidShown(Struct, frozen=True):
    """What a client said of one occurrence."""

    id: UUID
    heading: str
    at: datetime | None
    word: str
    late: bool
    ratings: list[str]
    answers: list[tuple[str, str]]
    learned: FoldedText
    barrier: str
    problems: Sequence[str]
    corrected: str = ""


class ReviewShown(Struct, frozen=True):
    """What the care team decided."""

    decision: str
    at: datetime | None
    reason: FoldedText


class HomeworkCard(Struct, frozen=True):
    """An assignment with what became of it. `what` is empty where the title says it all."""

    id: UUID
    title: str
    what: FoldedText
    why: FoldedText
    when: str
    notes: list[str]
    ended: bool
    marks: list[Mark]
    earlier: list[Mark]
    counts: str
    quality: list[str]
    said: list[SaidShown]
    unsaid: int
    reviews: list[ReviewShown]
    problems: Sequence[str]
    earlier_left_out: int = 0
    reviews_left_out: int = 0
    changed: str = ""


def is_ended(homework: Homework, today: date) -> bool:
    """Whether an assignment is due no more."""
    ends = (homework.ended_on, _day_after(homework.until))
    return any(day is not None and day <= today for day in ends)


def homework_card(view: HomeworkView, today: date, changed: str = "") -> HomeworkCard:
    """An assignment, prepared; `changed` says who changed it last."""
    homework, marks = view.homework, [_mark(one) for one in view.occurrences]
    named = title(homework.what.strip())
    return HomeworkCard(
        id=view.id,
        title=named,
        what=FoldedText("") if named == homework.what.strip() else prose(homework.what),
        why=prose(homework.why),
        when=_when(homework),
        notes=_notes(homework),
        ended=is_ended(homework, today),
        marks=marks[-MOST_MARKS:],
        earlier=marks[-MOST_EARLIER - MOST_MARKS : -MOST_MARKS],
        earlier_left_out=max(len(marks) - MOST_EARLIER - MOST_MARKS, 0),
        counts=counts_words(view.adherence),
        quality=quality_words(view.adherence),
        said=[_said(one) for one in view.progress[:MOST_SAID]],
        unsaid=max(len(view.progress) - MOST_SAID, 0),
        reviews=[_review(one) for one in view.reviews[:MOST_REVIEWS]],
        reviews_left_out=max(len(view.reviews) - MOST_REVIEWS, 0),
        problems=homework.problems,
        changed=changed,
    )


def title(what: str) -> str:
    """What is to be done if that is short, else how it begins."""
    if len(what) <= LONGEST_TITLE and "\n" not in what:
        return what
    line = what.split("\n", 1)[0]
    cut = line if len(line) < LONGEST_TITLE else line[: max(line.rfind(" ", 0, LONGEST_TITLE), LONGEST_TITLE // 2)]
    return f"{cut.rstrip(' ,.;:')} …"


def _when(homework: Homework) -> str:
    if homework.rule:
        since = "" if homework.since is None else f"from {phrases.day(homework.since)}"
        until = "" if homework.until is None else f"to {phrases.day(homework.until)}"
        return phrases.joined(phrases.rule(homework.rule), since, until)
    return "any time" if homework.due is None else f"due {phrases.day(homework.due)}"


def _notes(homework: Homework) -> list[str]:
    found = ["agreed" if homework.agreed else "not yet agreed"]
    if homework.confidence is not None:
        found.append(f"confidence {homework.confidence} of 10")
    if homework.predecessor is not None:
        found.append("goes on from an earlier assignment")
    if homework.ended_on is not None:
        found.append(f"ended {phrases.day(homework.ended_on)}")
    return found


def _mark(view: OccurrenceView) -> Mark:
    sign, word = STATES[view.state]
    return Mark(view.state, sign, word, _occurrence(view.key, view.day))


def _occurrence(key: str, day: date | None) -> str:
    at = key.partition("T")[2]
    return phrases.joined("any day" if day is None else phrases.short_day(day), at, by=" ")


def counts_words(counts: Adherence) -> str:
    """How often something was done, and was not; no share and no score."""
    named = (
        ("done", counts.done),
        ("partly", counts.partly),
        ("not done", counts.not_done),
        ("unanswered", counts.unanswered),
        ("could not", counts.could_not),
        ("paused", counts.paused),
    )
    return ", ".join(f"{number:,} {word}" for word, number in named if number)


def quality_words(counts: Adherence) -> list[str]:
    """How it went, apart from how often."""
    found = []
    for word, ratings in (("Difficulty", counts.difficulty), ("Helpfulness", counts.helpfulness)):
        if ratings:
            found.append(f"{word}, 0 to 10: {', '.join(map(str, ratings[-MOST_MARKS:]))}")
    if counts.barriers:
        named = (f"{BARRIERS[name]} ({number})" for name, number in counts.barriers.items())
        found.append(f"Barriers: {', '.join(named)}")
    if counts.late:
        found.append(f"{counts.late:,} synced more than a day later")
    return found


def _said(view: ProgressView) -> SaidShown:
    progress = view.progress
    day = None if progress.occurrence == ONCE else progress.occurrence.replace("T", ", ")
    at = progress.done_at
    ratings = (("difficulty", progress.difficulty), ("helpfulness", progress.helpfulness))
    why_not = "" if progress.barrier is None else BARRIERS[progress.barrier]
    return SaidShown(
        id=view.id,
        heading=phrases.moment(at) if at is not None else day or "Time unknown",
        at=at,
        word=STATES[progress.status][1],
        late=view.late,
        ratings=[f"{word} {rating}" for word, rating in ratings if rating is not None],
        corrected=_corrected(progress),
        answers=[(one.prompt, answer_words(one.value, one.label, one.unit)) for one in progress.answers],
        learned=prose(progress.learned),
        barrier=phrases.joined(why_not, progress.barrier_note),
        problems=progress.problems,
    )


def _corrected(progress: HomeworkProgress) -> str:
    """That the client has corrected it, and what it said at first."""
    if progress.corrected_at is None or not progress.marks_before:
        return ""
    first = progress.marks_before[-1]
    said = STATES[first.status][1] if first.status != progress.status else "the same, with other ratings"
    return f"Corrected {phrases.moment(progress.corrected_at)}; originally: {said}."


def _review(view: ReviewView) -> ReviewShown:
    return ReviewShown(_DECISIONS[view.review.decision], view.review.reviewed_at, prose(view.review.reason))


def _day_after(day: date | None) -> date | None:
    return None if day is None or day == date.max else date.fromordinal(day.toordinal() + 1)
