"""Homework: an assignment by the care team, progress by the client on its occurrences, reviews by the care team.

Three kinds, as three may write: `homework`, `homework_progress`, `homework_review`. Progress on one occurrence that two
devices record offline is two documents; both are kept and shown.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct
from msgspec.structs import replace

from intersession_schemas.documents.care.plan import Resources
from intersession_schemas.documents.forms import Answer, Field, check_field
from intersession_schemas.documents.moments import check_zone
from intersession_schemas.documents.recurrence import MAX_RULE, Occurrence, check_rule, occurrences, read_occurrence
from intersession_schemas.documents.shapes import Shape, line, prose
from intersession_schemas.errors import InvalidField
from intersession_schemas.streams import Kind

Moment = Annotated[datetime, Meta(tz=True)]
Rating = Annotated[int, Meta(ge=0, le=10)]
"""0–10. Difficulty: 0 easy. Helpfulness: 0 not at all. Confidence: 0 none."""
Status = Literal["done", "partly", "not", "could_not"]
Barrier = Literal["forgot", "no_chance", "too_hard", "unclear", "felt_worse", "no_point"]
"""Why something was not done: forgot, no chance, too hard, unclear, felt worse, did not see the point."""
Decision = Literal["keep", "adapt", "step_up", "step_down", "replace", "stop"]
ONCE = "once"
"""The occurrence of homework that has neither a due date nor a rule."""


class Homework(Struct, frozen=True, kw_only=True):
    """An assignment: `what` to do and `why`.

    `agreed`: the rationale was talked through and agreed; `confidence` (0–10) is the client's, before they begin.
    `goal` is the id of the goal it serves, `fields` its worksheet, `resources` what helps with it. It is due once, on
    the day `due`, or by `rule` from `since` on, through `until`; with neither it can be done at any time.
    `predecessor` is the assignment it was adapted from; from the day `ended_on` it is no longer due.
    """

    what: Annotated[str, prose(2_000)] = ""
    why: Annotated[str, prose(4_000)] = ""
    agreed: bool = False
    confidence: Rating | None = None
    goal: UUID | None = None
    fields: dict[str, Field] = {}
    resources: Resources = ()
    due: date | None = None
    rule: Annotated[str, line(MAX_RULE)] = ""
    since: date | None = None
    until: date | None = None
    predecessor: UUID | None = None
    ended_on: date | None = None
    assigned_at: Moment | None = None
    problems: tuple[str, ...] = ()


class EarlierMark(Struct, frozen=True, kw_only=True):
    """What progress said before it was corrected, and when that was entered (`said_at`)."""

    status: Status = "done"
    difficulty: Rating | None = None
    helpfulness: Rating | None = None
    barrier: Barrier | None = None
    done_at: Moment | None = None
    said_at: Moment | None = None


MARKS = ("status", "difficulty", "helpfulness", "barrier", "done_at")
"""The fields of progress of which it is kept what they said before."""
MOST_EARLIER = 20


class HomeworkProgress(Struct, frozen=True, kw_only=True):
    """What a client says of one occurrence. `done_at` is when it was done, `entered_at` when that was entered.

    `corrected_at` is when a mark was corrected last, `earlier` what the marks were before, by random id.
    """

    homework: UUID | None = None
    occurrence: Annotated[str, line(16)] = ONCE
    status: Status = "done"
    answers: Annotated[tuple[Answer, ...], Meta(max_length=100)] = ()
    difficulty: Rating | None = None
    helpfulness: Rating | None = None
    learned: Annotated[str, prose(4_000)] = ""
    barrier: Barrier | None = None
    barrier_note: Annotated[str, prose(2_000)] = ""
    done_at: Moment | None = None
    entered_at: Moment | None = None
    zone: Annotated[str, line(64)] | None = None
    corrected_at: Moment | None = None
    earlier: dict[str, EarlierMark] = {}
    problems: tuple[str, ...] = ()

    def corrected(self, id: str, now: datetime, **marks: Any) -> HomeworkProgress:
        """With other marks, keeping replaced ones under `id`."""
        was = {name: getattr(self, name) for name in MARKS}
        if not any(was[name] is not None and given != was[name] for name, given in marks.items()):
            return replace(self, **marks)
        before = EarlierMark(**was, said_at=self.corrected_at or self.entered_at)
        kept = sorted(self.earlier.items(), key=lambda one: (one[1].said_at is not None, one[1].said_at or now, one[0]))
        return replace(self, **marks, corrected_at=now, earlier=dict([*kept[: MOST_EARLIER - 1], (id, before)]))

    @property
    def marks_before(self) -> tuple[EarlierMark, ...]:
        """What the marks were before, the newest first."""
        dated = (one for one in self.earlier.items() if one[1].said_at is not None)
        return tuple(one for _, one in sorted(dated, key=lambda one: (one[1].said_at, one[0]), reverse=True))


class HomeworkReview(Struct, frozen=True, kw_only=True):
    """The care team's review: a `decision` with its `reason`, and the documents it is based on (`evidence`).

    `successor` is the assignment that continues an adapted or replaced one.
    """

    homework: UUID | None = None
    decision: Decision = "keep"
    reason: Annotated[str, prose(4_000)] = ""
    evidence: Annotated[tuple[UUID, ...], Meta(max_length=100)] = ()
    successor: UUID | None = None
    reviewed_at: Moment | None = None
    problems: tuple[str, ...] = ()


def check_homework(homework: Homework) -> None:
    """Raise `InvalidField` for an assignment that says nothing, or is due in two ways."""
    if not homework.what.strip():
        raise InvalidField("Homework needs a description (what).")
    if homework.due is not None and homework.rule:
        raise InvalidField("Homework is due once (due) or by a rule (rule), not both.")
    if homework.rule:
        check_rule(homework.rule)
        if homework.since is None:
            raise InvalidField("Homework with a rule needs the day it begins (since).")
    if homework.since is not None and homework.until is not None and homework.until < homework.since:
        raise InvalidField("Homework cannot end before it begins.")
    for field in homework.fields.values():
        check_field("A field of the worksheet", field)


def check_progress(progress: HomeworkProgress) -> None:
    """Raise `InvalidField` unless it names its homework and an occurrence."""
    if progress.homework is None:
        raise InvalidField("Progress needs the homework it is about.")
    if progress.occurrence != ONCE:
        read_occurrence(progress.occurrence)
    check_zone(progress.zone)
    if progress.entered_at is None or progress.done_at is None:
        raise InvalidField("Progress needs the time it was done and the time it was entered.")


def check_review(review: HomeworkReview) -> None:
    """Raise `InvalidField` unless it names its homework."""
    if review.homework is None or review.reviewed_at is None:
        raise InvalidField("A review needs the homework it is about and the time it was made.")


HOMEWORK = Shape(Kind.HOMEWORK, Homework, check_homework, moments=("assigned_at",))
PROGRESS = Shape(
    Kind.HOMEWORK_PROGRESS, HomeworkProgress, check_progress, subject="homework", moments=("done_at", "entered_at")
)
REVIEW = Shape(Kind.HOMEWORK_REVIEW, HomeworkReview, check_review, subject="homework", moments=("reviewed_at",))


def last_day_of(homework: Homework) -> date | None:
    """The last day on which an assignment is due, or may be done where it has no day; None: it goes on."""
    days = [homework.until, None if homework.rule else homework.due]
    if homework.ended_on is not None:
        # Ended on a day: what was due that day was due before it ended, and is no more.
        days.append(date.fromordinal(max(homework.ended_on.toordinal() - 1, 1)))
    return min((day for day in days if day is not None), default=None)


def occurrences_of(homework: Homework, first: date, last: date) -> list[Occurrence]:
    """When an assignment is due from the day `first` to `last`, ascending; nothing for one that is due when liked."""
    last = min(last, last_day_of(homework) or last)
    if homework.rule:
        return occurrences(homework.rule, homework.since, first, last) if homework.since is not None else []
    if homework.due is not None and first <= homework.due <= last:
        return [Occurrence(homework.due)]
    return []
