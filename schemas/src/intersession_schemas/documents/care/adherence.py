"""How homework went: counts, never a score of a person. Pure.

What lies in a pause, or was marked "could not", does not count. Quantity (how often) and quality (how hard, how
helpful) stay apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.care.homework import ONCE, Barrier, Homework, HomeworkProgress, occurrences_of
from intersession_schemas.documents.care.plan import Plan, is_paused, local_days
from intersession_schemas.documents.local_days import LocalDays
from intersession_schemas.documents.moments import is_late
from intersession_schemas.documents.recurrence import LONGEST_WINDOW, Occurrence, read_occurrence
from intersession_schemas.errors import InvalidField


class Recorded(NamedTuple):
    """Progress by its id, and when the server received it; None: it has not, or that is not known."""

    id: UUID
    progress: HomeworkProgress
    arrived_at: datetime | None = None


OccurrenceState = Literal["done", "partly", "not", "could_not", "paused", "open", "unanswered"]
"""What became of an occurrence. `open`: its day is not over; `unanswered`: it is, and nothing was said."""


class OccurrenceView(Struct, frozen=True, kw_only=True):
    """One occurrence: `key`, its local day (None where it is due when the client likes), and what was said of it.

    `progress` are the ids of all progress on it, newest entered first: more than one where two devices recorded it
    offline. The newest decides the state, unless the day is paused. Nothing counts as entered after it arrived: a
    device whose clock is ahead does not have the last word for ever.
    """

    key: str
    day: date | None
    state: OccurrenceState
    progress: tuple[UUID, ...] = ()


class Adherence(Struct, frozen=True, kw_only=True):
    """Counts over the occurrences whose day is over, and those answered before.

    `counted` = done + partly + not_done + unanswered; `could_not` and `paused` stand beside it. `difficulty` and
    `helpfulness` are the ratings given, oldest occurrence first; `barriers` how often each was named; `late` how many
    were entered more than a day after they were done. All of them take one progress an occurrence, the newest.
    """

    counted: int = 0
    done: int = 0
    partly: int = 0
    not_done: int = 0
    unanswered: int = 0
    could_not: int = 0
    paused: int = 0
    late: int = 0
    difficulty: tuple[int, ...] = ()
    helpfulness: tuple[int, ...] = ()
    barriers: dict[Barrier, int] = {}


def occurrences_with_progress(
    homework: Homework, progress: Sequence[Recorded], plan: Plan, now: datetime
) -> list[OccurrenceView]:
    """Every occurrence up to today, oldest first, and answered ones that are due later, each with its state.

    Today is that of `now` on the client's clock, as the agenda has it. Raises `InvalidField` for a naive one.

    Answers to occurrences that the rule no longer gives are listed all the same. It looks ten years back.
    """
    return [view for view, _ in _with_deciding(homework, progress, plan, local_days(plan, now), now)]


def adherence(homework: Homework, progress: Sequence[Recorded], plan: Plan, now: datetime) -> Adherence:
    """The counts of one assignment as of the local day of `now`, which counts only where it is answered.

    Raises `InvalidField` for a naive `now`.
    """
    return course(homework, progress, plan, now).adherence


class Course(Struct, frozen=True):
    """How one assignment went: `occurrences_with_progress` and `adherence`, worked out together."""

    occurrences: tuple[OccurrenceView, ...]
    adherence: Adherence


def course(homework: Homework, progress: Sequence[Recorded], plan: Plan, now: datetime) -> Course:
    """Both, as of the local day of `now`. Raises `InvalidField` for a naive one."""
    days = local_days(plan, now)
    pairs = _with_deciding(homework, progress, plan, days, now)
    return Course(tuple(view for view, _ in pairs), _counts(pairs, days.of(now)))


def _counts(pairs: Sequence[tuple[OccurrenceView, HomeworkProgress | None]], today: date) -> Adherence:
    counts: dict[OccurrenceState, int] = {}
    for view, _ in pairs:
        if view.progress or (view.day is not None and view.day < today) or view.state == "unanswered":
            counts[view.state] = counts.get(view.state, 0) + 1
    answered = [one for _, one in pairs if one is not None]
    barriers: dict[Barrier, int] = {}
    for one in answered:
        if one.barrier is not None:
            barriers[one.barrier] = barriers.get(one.barrier, 0) + 1
    return Adherence(
        counted=sum(counts.get(state, 0) for state in ("done", "partly", "not", "unanswered")),
        done=counts.get("done", 0),
        partly=counts.get("partly", 0),
        not_done=counts.get("not", 0),
        unanswered=counts.get("unanswered", 0),
        could_not=counts.get("could_not", 0),
        paused=counts.get("paused", 0),
        late=sum(map(_is_late, answered)),
        difficulty=tuple(one.difficulty for one in answered if one.difficulty is not None),
        helpfulness=tuple(one.helpfulness for one in answered if one.helpfulness is not None),
        barriers=barriers,
    )


def _with_deciding(
    homework: Homework, progress: Sequence[Recorded], plan: Plan, local: LocalDays, now: datetime
) -> list[tuple[OccurrenceView, HomeworkProgress | None]]:
    """Each occurrence with the progress that decides its state: of several the newest entered, by id where equal."""
    today, recorded = local.of(now), dict[str, list[Recorded]]()
    for one in sorted(progress, key=newness, reverse=True):
        recorded.setdefault(one.progress.occurrence, []).append(one)
    days: dict[str, date | None] = {one.key: one.day for one in _past(homework, local, today)}
    if homework.due is None and not homework.rule and _is_awaited(homework, today):
        days[ONCE] = None
    for key in recorded:
        days.setdefault(key, _day(key))
    found = []
    for key in sorted(days, key=lambda key: (days[key] is None, key)):
        about = recorded.get(key, [])
        state = _state(homework, plan, days[key], about, today)
        view = OccurrenceView(key=key, day=days[key], state=state, progress=tuple(one.id for one in about))
        found.append((view, about[0].progress if about else None))
    return found


def _past(homework: Homework, local: LocalDays, today: date) -> list[Occurrence]:
    """The occurrences up to `today`, in windows of a year: one window never gives more than so many."""
    first = homework.since or homework.due or today
    if homework.assigned_at is not None:
        first = max(first, local.of(homework.assigned_at))
    day = max(first.toordinal(), today.toordinal() - LONGEST_WINDOW.days)
    found: list[Occurrence] = []
    while day <= today.toordinal():
        last = min(day + 365, today.toordinal())
        found += occurrences_of(homework, date.fromordinal(day), date.fromordinal(last))
        day = last + 1
    return found


def _state(homework: Homework, plan: Plan, day: date | None, about: Sequence[Recorded], today: date) -> OccurrenceState:
    if day is not None and is_paused(plan, day):
        return "paused"
    if about:
        return about[0].progress.status
    over = day or homework.until
    return "unanswered" if over is not None and over < today else "open"


def _is_awaited(homework: Homework, today: date) -> bool:
    """Whether homework without a day has begun, and was not withdrawn before it was done."""
    begun = homework.since is None or homework.since <= today
    return begun and (homework.ended_on is None or today < homework.ended_on)


def newness(one: Recorded) -> tuple[datetime, datetime, UUID]:
    """What puts progress on one occurrence in order, the last word last."""
    entered = one.progress.entered_at or datetime.min.replace(tzinfo=UTC)
    return entered if one.arrived_at is None else min(entered, one.arrived_at), entered, one.id


def _is_late(progress: HomeworkProgress) -> bool:
    return (
        progress.done_at is not None
        and progress.entered_at is not None
        and is_late(progress.done_at, progress.entered_at)
    )


def _day(key: str) -> date | None:
    try:
        return read_occurrence(key).day
    except InvalidField:
        return None
