"""Homework since the last session: what became of each occurrence, how hard and helpful it was, what got in the way.

How often and how well stay apart. Nothing of it is a score of a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.care.adherence import (
    Adherence,
    OccurrenceState,
    OccurrenceView,
)
from intersession_schemas.documents.care.homework import (
    Barrier,
    Decision,
    Homework,
    HomeworkProgress,
    HomeworkReview,
    Status,
)
from intersession_schemas.documents.forms import Answer
from intersession_schemas.documents.local_days import day_of
from intersession_schemas.documents.moments import is_late
from intersession_schemas.measures.entries import arrived_after
from intersession_schemas.measures.material import Beginning, Cut, Material
from intersession_schemas.measures.progress import how_it_went, missed_run
from intersession_schemas.records.filing import Filed
from intersession_schemas.streams import Kind


class Said(Struct, frozen=True, kw_only=True):
    """What was said of one occurrence, in one document of progress; `late`: entered more than a day after it was done.

    `after_session`: it was entered before the last session, and arrived after it.
    """

    id: UUID
    status: Status
    difficulty: int | None
    helpfulness: int | None
    learned: str
    barrier: Barrier | None
    barrier_note: str
    answers: tuple[Answer, ...]
    done_at: datetime | None
    entered_at: datetime | None
    arrived_at: datetime | None
    late: bool
    after_session: bool
    reviewed: bool
    corrected_at: datetime | None = None


class BriefOccurrence(Struct, frozen=True, kw_only=True):
    """One occurrence since the beginning. `said` is newest entered first; more than one where two devices said it."""

    key: str
    day: date | None
    state: OccurrenceState
    said: tuple[Said, ...]


class Review(Struct, frozen=True, kw_only=True):
    """What the care team decided of an assignment."""

    id: UUID
    decision: Decision
    reason: str
    reviewed_at: datetime | None
    by: UUID | None


class Assigned(Struct, frozen=True, kw_only=True):
    """One assignment: its counts over all its time (`adherence`), and its `occurrences` since the beginning.

    Of many, the newest occurrences, what was said last of each, and the first `to_review` are here; `left_out` counts
    the occurrences, what was said and the reviews to do that are not.

    `to_review` are the ids of progress that no review has seen: it arrived after the last one, and none rests on it.
    `missed_run` is how many possible occurrences in a row were not done, up to now.
    """

    id: UUID
    what: str
    why: str
    goal: UUID | None
    confidence: int | None
    assigned_at: datetime | None
    ended_on: date | None
    adherence: Adherence
    occurrences: tuple[BriefOccurrence, ...]
    missed_run: int
    last_review: Review | None
    to_review: tuple[UUID, ...]
    left_out: int = 0


MOST_OCCURRENCES = 100
"""Occurrences that are told of one assignment: the newest."""
MOST_SAID = 10
"""Documents of progress that are told of one occurrence: the newest."""
MOST_TO_REVIEW = 100

_Progress = Sequence[tuple[Filed, HomeworkProgress]]


def assignments(material: Material, cut: Cut, beginning: Beginning) -> tuple[Assigned, ...]:
    """Every assignment that goes on, and of those that ended what ended, was said or awaits review since; by id."""
    reviews = _reviews(material)
    progress: dict[UUID, list[tuple[Filed, HomeworkProgress]]] = {}
    for filed, one in material.of(Kind.HOMEWORK_PROGRESS, HomeworkProgress):
        if one.homework is not None:
            progress.setdefault(one.homework, []).append((filed, one))
    went, days = how_it_went(material, cut), material.days(cut)
    today, first = days.of(cut.now), day_of(beginning.at, days.begins)
    found = []
    for filed, homework in material.of(Kind.HOMEWORK, Homework):
        about = progress.get(filed.id, [])
        views = went[filed.id].occurrences
        unseen = _to_review(about, reviews.get(filed.id, []))
        told, left_out = _told(views, about, set(unseen), beginning, first)
        ended = homework.ended_on is not None and homework.ended_on <= today
        long_ago = homework.ended_on is not None and homework.ended_on < first
        if ended and long_ago and not unseen and not any(one.said for one in told):
            continue
        last = reviews.get(filed.id, [])[-1:]
        found.append(
            Assigned(
                id=filed.id,
                what=homework.what,
                why=homework.why,
                goal=homework.goal,
                confidence=homework.confidence,
                assigned_at=homework.assigned_at,
                ended_on=homework.ended_on,
                adherence=went[filed.id].adherence,
                occurrences=told,
                missed_run=0 if ended else len(missed_run(homework, views)),
                last_review=_review(*last[0]) if last else None,
                to_review=unseen[:MOST_TO_REVIEW],
                left_out=left_out + max(len(unseen) - MOST_TO_REVIEW, 0),
            )
        )
    return tuple(found)


def _reviews(material: Material) -> dict[UUID, list[tuple[Filed, HomeworkReview]]]:
    """The reviews by assignment, in the order in which they arrived; those not confirmed yet last."""
    found: dict[UUID, list[tuple[Filed, HomeworkReview]]] = {}
    for filed, one in material.of(Kind.HOMEWORK_REVIEW, HomeworkReview):
        if one.homework is not None:
            found.setdefault(one.homework, []).append((filed, one))
    for reviews in found.values():
        reviews.sort(key=lambda each: (each[0].rows.first_seq is None, each[0].rows.first_seq or 0, each[0].id))
    return found


def _review(filed: Filed, review: HomeworkReview) -> Review:
    return Review(
        id=filed.id,
        decision=review.decision,
        reason=review.reason,
        reviewed_at=review.reviewed_at,
        by=filed.rows.author,
    )


def _to_review(progress: _Progress, reviews: Sequence[tuple[Filed, HomeworkReview]]) -> tuple[UUID, ...]:
    """By arrival, not by when it was entered: what came from an offline device after a review was not seen in it."""
    rested_on = {id_ for _, review in reviews for id_ in review.evidence}
    seqs = [filed.rows.first_seq for filed, _ in reviews]
    if None in seqs:  # a review that is not confirmed yet has seen all that is here
        return ()
    last = max((seq for seq in seqs if seq is not None), default=-1)
    return tuple(
        filed.id
        for filed, _ in progress
        if filed.id not in rested_on and (filed.rows.first_seq is None or filed.rows.first_seq > last)
    )


def _told(
    views: Sequence[OccurrenceView], progress: _Progress, unseen: set[UUID], beginning: Beginning, first: date
) -> tuple[tuple[BriefOccurrence, ...], int]:
    """What is told of an assignment's occurrences since the local day `first`, and how much is left out."""
    by_id: Mapping[UUID, tuple[Filed, HomeworkProgress]] = {filed.id: (filed, one) for filed, one in progress}
    found, left_out = [], 0
    for view in views:
        said = tuple(_said(*by_id[id_], unseen, beginning) for id_ in view.progress)
        lately = any(one.after_session or _is_since(one, beginning) for one in said)
        if lately or view.day is None or view.day >= first:
            found.append(BriefOccurrence(key=view.key, day=view.day, state=view.state, said=said[:MOST_SAID]))
            left_out += len(said[MOST_SAID:])
    return tuple(found[-MOST_OCCURRENCES:]), left_out + len(found[:-MOST_OCCURRENCES])


def _is_since(one: Said, beginning: Beginning) -> bool:
    return one.done_at is not None and one.done_at >= beginning.at


def _said(filed: Filed, one: HomeworkProgress, unseen: set[UUID], beginning: Beginning) -> Said:
    arrived = filed.arrived()
    return Said(
        id=filed.id,
        status=one.status,
        difficulty=one.difficulty,
        helpfulness=one.helpfulness,
        learned=one.learned,
        barrier=one.barrier,
        barrier_note=one.barrier_note,
        answers=one.answers,
        done_at=one.done_at,
        entered_at=one.entered_at,
        arrived_at=arrived,
        late=one.done_at is not None and one.entered_at is not None and is_late(one.done_at, one.entered_at),
        after_session=arrived_after(one.entered_at, arrived, beginning),
        reviewed=filed.id not in unseen,
        corrected_at=one.corrected_at,
    )
