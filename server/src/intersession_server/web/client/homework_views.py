"""What the templates show of homework, prepared: in words and in order. Pure.

It is shown by what became of each occurrence. How often it was done and how it went stay apart; nothing is a
percentage, and nothing counts days in a row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from statistics import median
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.care.adherence import Adherence, OccurrenceState, OccurrenceView
from intersession_schemas.documents.care.homework import ONCE, Barrier, Decision, Homework, HomeworkProgress
from intersession_schemas.documents.moments import is_late
from intersession_schemas.documents.recurrence import read_occurrence
from intersession_schemas.errors import InvalidField
from intersession_server.language.language import count, grouped, say
from intersession_server.projections.read_models import HomeworkView, ProgressView, ReviewView
from intersession_server.web.page import phrases
from intersession_server.web.page.prose import FoldedText, answer_words, prose
from intersession_server.web.page.recurrence import rule

LONGEST_TITLE = 90
"""Characters of what is to be done that stand as its title."""
MOST_MARKS = 14
"""Occurrences that are shown before the earlier ones are opened."""
RATINGS_SHOWN = 3
"""Ratings that are shown one by one; of more than these, what they come to."""
MOST_EARLIER = 200
"""Earlier occurrences that can be opened."""
MOST_REVIEWS = 10
MOST_SAID = 20
"""Progress that is shown of one assignment; it is all in the HTTP API."""

SIGNS: dict[OccurrenceState, str] = {
    "done": "✓",
    "partly": "◐",
    "not": "✗",
    "could_not": "–",
    "paused": "‖",
    "open": "○",
    "unanswered": "·",
}
"""The sign of what became of an occurrence."""


def state_words(state: OccurrenceState) -> str:
    """What became of an occurrence, in words."""
    words: dict[OccurrenceState, str] = {
        "done": say("done"),
        "partly": say("partly"),
        "not": say("not done"),
        "could_not": say("could not"),
        "paused": say("paused"),
        "open": say("open"),
        "unanswered": say("unanswered"),
    }
    return words[state]


def decision_words(decision: Decision) -> str:
    """What was decided, in words."""
    words: dict[Decision, str] = {
        "keep": say("Kept as it is"),
        "adapt": say("Adapted"),
        "step_up": say("Stepped up"),
        "step_down": say("Stepped down"),
        "replace": say("Replaced"),
        "stop": say("Stopped"),
    }
    return words[decision]


def barrier_words(barrier: Barrier) -> str:
    """What was in the way, in words."""
    words: dict[Barrier, str] = {
        "forgot": say("forgot"),
        "no_chance": say("no chance"),
        "too_hard": say("too hard"),
        "unclear": say("unclear"),
        "felt_worse": say("felt worse"),
        "no_point": say("did not see the point"),
    }
    return words[barrier]


class Mark(Struct, frozen=True):
    """What became of one occurrence: a sign, a word, and its day."""

    state: OccurrenceState
    sign: str
    word: str
    day: str


class Tally(Struct, frozen=True):
    """How many occurrences became the same."""

    state: OccurrenceState
    sign: str
    word: str
    number: int


class SaidShown(Struct, frozen=True):
    """What a client said of one occurrence."""

    id: UUID
    heading: str
    at: datetime | None
    word: str
    late: str
    ratings: list[str]
    answers: list[tuple[str, str]]
    learned: FoldedText
    barrier: str
    problems: Sequence[str]
    corrected: str = ""
    occurrence: str = ""
    is_new: bool = False


class ReviewShown(Struct, frozen=True):
    """What the care team decided, who, and the assignment that it goes on as."""

    decision: str
    at: datetime | None
    reason: FoldedText
    by: str = ""
    successor: UUID | None = None
    evidence: int = 0


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
    tallies: list[Tally] = []
    week: list[Tally] = []
    predecessor: UUID | None = None
    new_reports: int = 0


def is_ended(homework: Homework, today: date) -> bool:
    """Whether an assignment is due no more."""
    ends = (homework.ended_on, _day_after(homework.until))
    return any(day is not None and day <= today for day in ends)


def homework_card(view: HomeworkView, today: date, changed: str = "", names: Mapping[UUID, str] = {}) -> HomeworkCard:
    """An assignment, prepared; `changed` says who changed it last, `names` are those of the care team."""
    homework, marks = view.homework, [_mark(one) for one in view.occurrences]
    reviewed = _last_reviewed(view)
    said = [_said(one, reviewed) for one in view.progress[:MOST_SAID]]
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
        said=said,
        unsaid=max(len(view.progress) + view.progress_left_out - MOST_SAID, 0),
        reviews=[_review(one, names) for one in view.reviews[:MOST_REVIEWS]],
        reviews_left_out=max(len(view.reviews) + view.reviews_left_out - MOST_REVIEWS, 0),
        problems=homework.problems,
        changed=changed,
        tallies=tallies(view.occurrences),
        week=tallies(one for one in view.occurrences if is_within_week(one.day, today)),
        predecessor=homework.predecessor,
        new_reports=sum(_is_new(one, reviewed) for one in view.progress),
    )


def tallies(occurrences: Iterable[OccurrenceView]) -> list[Tally]:
    """How many occurrences became what, in the order of the signs; what there is none of is left out."""
    counted = Counter(one.state for one in occurrences)
    return [Tally(one, SIGNS[one], state_words(one), counted[one]) for one in SIGNS if counted[one]]


def is_within_week(day: date | None, today: date) -> bool:
    """Whether a day is one of the last seven, today included."""
    return day is not None and 0 <= (today - day).days < 7


def title(what: str) -> str:
    """What is to be done if that is short, else how it begins."""
    if len(what) <= LONGEST_TITLE and "\n" not in what:
        return what
    line = what.split("\n", 1)[0]
    cut = line if len(line) < LONGEST_TITLE else line[: max(line.rfind(" ", 0, LONGEST_TITLE), LONGEST_TITLE // 2)]
    return f"{cut.rstrip(' ,.;:')} …"


def _when(homework: Homework) -> str:
    if homework.rule:
        since = "" if homework.since is None else say("from %(day)s", day=phrases.day(homework.since))
        until = "" if homework.until is None else say("to %(day)s", day=phrases.day(homework.until))
        return phrases.joined(rule(homework.rule), since, until)
    return say("any time") if homework.due is None else say("due %(day)s", day=phrases.day(homework.due))


def _notes(homework: Homework) -> list[str]:
    found = [say("agreed") if homework.agreed else say("not yet agreed")]
    if homework.confidence is not None:
        found.append(say("confidence %(number)s of 10", number=homework.confidence))
    if homework.predecessor is not None:
        found.append(say("goes on from an earlier assignment"))
    if homework.ended_on is not None:
        found.append(say("ended %(day)s", day=phrases.day(homework.ended_on)))
    return found


def _mark(view: OccurrenceView) -> Mark:
    return Mark(view.state, SIGNS[view.state], state_words(view.state), _occurrence(view.key, view.day))


def _occurrence(key: str, day: date | None) -> str:
    at = key.partition("T")[2]
    return phrases.joined(say("any day") if day is None else phrases.short_day(day), at, by=" ")


def counts_words(counts: Adherence) -> str:
    """How often something was done, and was not; no share and no score."""
    named: tuple[tuple[OccurrenceState, int], ...] = (
        ("done", counts.done),
        ("partly", counts.partly),
        ("not", counts.not_done),
        ("unanswered", counts.unanswered),
        ("could_not", counts.could_not),
        ("paused", counts.paused),
    )
    return ", ".join(
        say("%(number)s %(state)s", number=grouped(number), state=state_words(state))
        for state, number in named
        if number
    )


def quality_words(counts: Adherence) -> list[str]:
    """How it went, apart from how often."""
    found = []
    if counts.difficulty:
        found.append(say("Difficulty, 0 to 10: %(ratings)s", ratings=_listed(counts.difficulty)))
    if counts.helpfulness:
        found.append(say("Helpfulness, 0 to 10: %(ratings)s", ratings=_listed(counts.helpfulness)))
    if counts.barriers:
        named = (f"{barrier_words(name)} ({number})" for name, number in counts.barriers.items())
        found.append(say("Barriers: %(barriers)s", barriers=", ".join(named)))
    if counts.late:
        found.append(count("%(n)s entered more than a day later", "%(n)s entered more than a day later", counts.late))
    return found


def _listed(ratings: Sequence[int]) -> str:
    """A few ratings one by one; of many their middle, their range and how many they are."""
    if len(ratings) <= RATINGS_SHOWN:
        return ", ".join(map(str, ratings))
    return say(
        "median %(median)s, range %(low)s to %(high)s (%(n)s reports)",
        median=phrases.number(median(ratings)),
        low=min(ratings),
        high=max(ratings),
        n=len(ratings),
    )


def _said(view: ProgressView, reviewed: datetime | None) -> SaidShown:
    progress = view.progress
    day = None if progress.occurrence == ONCE else progress.occurrence.replace("T", ", ")
    at = progress.done_at
    ratings = []
    if progress.difficulty is not None:
        ratings.append(say("difficulty %(rating)s", rating=progress.difficulty))
    if progress.helpfulness is not None:
        ratings.append(say("helpfulness %(rating)s", rating=progress.helpfulness))
    why_not = "" if progress.barrier is None else barrier_words(progress.barrier)
    return SaidShown(
        id=view.id,
        heading=phrases.moment(at) if at is not None else day or say("Time unknown"),
        at=at,
        word=state_words(progress.status),
        late=_late(view),
        ratings=ratings,
        corrected=_corrected(progress),
        answers=[(one.prompt, answer_words(one.value, one.label, one.unit)) for one in progress.answers],
        learned=prose(progress.learned),
        barrier=phrases.joined(why_not, progress.barrier_note),
        problems=progress.problems,
        occurrence=_of_day(progress),
        is_new=_is_new(view, reviewed),
    )


def _of_day(progress: HomeworkProgress) -> str:
    """The day it is about, where that is another one than the one on which it was done."""
    try:
        about = read_occurrence(progress.occurrence)
    except InvalidField:
        return ""
    if progress.done_at is not None and progress.done_at.date() == about.day:
        return ""
    return say("for %(day)s", day=phrases.day(about.day))


def _late(view: ProgressView) -> str:
    """That it was entered or has arrived more than a day after it was done. A log that waited for a network is not
    one that was filled in afterwards."""
    done, entered = view.progress.done_at, view.progress.entered_at
    if done is not None and entered is not None and is_late(done, entered):
        return say("entered later, %(moment)s", moment=phrases.moment(entered))
    return say("synced later") if view.late else ""


def _last_reviewed(view: HomeworkView) -> datetime | None:
    return max((one.review.reviewed_at or one.arrived_at for one in view.reviews), default=None)


def _is_new(view: ProgressView, reviewed: datetime | None) -> bool:
    return reviewed is None or view.changed_at > reviewed


def _corrected(progress: HomeworkProgress) -> str:
    """That the client has corrected it, and what it said at first."""
    if progress.corrected_at is None or not progress.marks_before:
        return ""
    first = progress.marks_before[-1]
    at = phrases.moment(progress.corrected_at)
    if first.status == progress.status:
        return say("Corrected %(moment)s; originally: the same, with other ratings.", moment=at)
    return say("Corrected %(moment)s; originally: %(state)s.", moment=at, state=state_words(first.status))


def _review(view: ReviewView, names: Mapping[UUID, str]) -> ReviewShown:
    review = view.review
    return ReviewShown(
        decision=decision_words(review.decision),
        at=review.reviewed_at,
        reason=prose(review.reason),
        by=names.get(view.author, ""),
        successor=review.successor,
        evidence=len(review.evidence),
    )


def _day_after(day: date | None) -> date | None:
    return None if day is None or day == date.max else date.fromordinal(day.toordinal() + 1)
