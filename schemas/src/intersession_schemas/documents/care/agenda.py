"""What is due: the journal, trackers, homework and assessments of a plan, on the person's own local days. Pure.

Days are those of `now`'s time zone, and begin at the hour that the plan says. What was done is counted by the local
day it is about, as it was written: so where days begin at midnight an entry at 23:50 and one at 00:10 answer for two
days, wherever the device is when it asks.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from itertools import groupby
from types import MappingProxyType
from typing import Literal
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from intersession_schemas.documents.care.homework import ONCE, Homework, occurrences_of
from intersession_schemas.documents.care.plan import (
    Plan,
    PlanTracker,
    ScheduledAssessment,
    is_paused,
    local_days,
    sections_on,
)
from intersession_schemas.documents.care.sessions import Session
from intersession_schemas.documents.local_days import LocalDays, in_zone, instant, into_day
from intersession_schemas.documents.moments import check_moment
from intersession_schemas.documents.names import name_key
from intersession_schemas.documents.recurrence import LONGEST_WINDOW, Occurrence, occurrences

DueKind = Literal["journal", "tracker", "homework", "assessment"]

OVERDUE_DAYS = 14
"""How long homework that was missed stays on the list."""
NO_BEGINNING = date(1990, 1, 1)
"""Where a rule without a first day is counted from; a Monday. One that ends by COUNT is over then."""

NO_SESSIONS: Mapping[UUID, Session] = MappingProxyType({})


class Due(Struct, frozen=True, kw_only=True):
    """One thing to do. `id` is the tracker's or schedule's id in the plan, the homework's id, or "journal".

    `day` is the local day it is due on, `at` the moment: at the time the rule names, else at the day's beginning;
    `timed` says which. `occurrence` is its key, as `record` takes it. `overdue`: homework whose day is over.
    `closes_on` is the last day on which an assessment can be answered. `reminder`: it has been open for as long as its
    schedule says before one is reminded; in `upcoming`, `day` and `at` are those of the reminder then.
    """

    kind: DueKind
    id: str
    title: str
    day: date
    at: datetime
    occurrence: str
    timed: bool = False
    overdue: bool = False
    closes_on: date | None = None
    reminder: bool = False


class Done(Struct, frozen=True, kw_only=True):
    """What was done already, by local day the times of day: of journal entries, of logs by the symptom's name; and by
    key: the occurrences of homework that have progress, and those of scheduled assessments that are completed."""

    entries: Mapping[date, Sequence[time]] = {}
    logs: Mapping[str, Mapping[date, Sequence[time]]] = {}
    homework: Mapping[UUID, Collection[str]] = {}
    assessments: Mapping[str, Collection[str]] = {}


def due(
    plan: Plan,
    homework: Mapping[UUID, Homework],
    done: Done,
    now: datetime,
    sessions: Mapping[UUID, Session] = NO_SESSIONS,
) -> list[Due]:
    """What is open today, and homework that is overdue; soonest first. `now` is aware.

    On a paused day it is nothing. What was due on a paused day never is. Of homework by a rule only the newest
    occurrence missed is overdue; an assessment is open for its `open_days`, one before a session up to its beginning,
    unless a rule asks for the same instrument on one of those days: nobody is asked twice.
    Raises `InvalidField` for a naive `now`.
    """
    days = local_days(plan, now)
    today = days.of(now)
    if is_paused(plan, today):
        return []
    found = list(_slots(plan, homework, done, days, today, today))
    for id_, one in homework.items():
        if _has_no_day(one):
            found += _once(id_, one, done, days, today)
        else:
            found += _overdue(plan, id_, one, done, days, today)
    for schedule, scheduled in plan.assessments.items():
        opened = _before(today, scheduled.open_days - 1)
        found += _scheduled(plan, schedule, scheduled, done, days, opened, _before(today, 1))
        before = _before_sessions(plan, schedule, scheduled, done, sessions, now)
        found += [one for one in before if one.day <= today]
    return _soonest_first(replace(one, reminder=_reminded_on(plan, one) <= today) for one in found)


def upcoming(
    plan: Plan,
    homework: Mapping[UUID, Homework],
    done: Done,
    now: datetime,
    until: datetime,
    sessions: Mapping[UUID, Session] = NO_SESSIONS,
) -> list[Due]:
    """What will be due from `now` up to but not including `until`, soonest first; what has begun today is `due`'s.

    Timed slots of today that lie ahead are in both. It looks at most ten years ahead. Both moments are aware.
    """
    days = local_days(plan, now)
    today = days.of(now)
    check_moment("until", until)
    # A day and more too many, as `until` may be in another zone: what lies behind it is taken out by its moment.
    ahead = min(until.toordinal() + 2, today.toordinal() + LONGEST_WINDOW.days, date.max.toordinal())
    last = date.fromordinal(max(ahead, today.toordinal()))
    found = [
        one
        for one in _slots(plan, homework, done, days, today, last)
        if one.day > today or (one.timed and instant(one.at) > instant(now))
    ]
    for id_, one in homework.items():
        if _has_no_day(one) and one.since is not None and today < one.since <= last and not is_paused(plan, one.since):
            found += _once(id_, one, done, days, one.since)
    for schedule, scheduled in plan.assessments.items():
        before = list(_before_sessions(plan, schedule, scheduled, done, sessions, now))
        found += [one for one in before if one.day > today]
        opened = _scheduled(plan, schedule, scheduled, done, days, _before(today, scheduled.open_days - 1), last)
        found += _reminders(plan, [*opened, *before], days, today)
    end = instant(until)
    return _soonest_first(one for one in found if instant(one.at) < end)


def due_before_sessions(plan: Plan, done: Done, now: datetime, sessions: Mapping[UUID, Session]) -> list[Due]:
    """What is asked before each planned session ahead and not answered, open already or not; soonest first.

    `day` is the first day on which it can be answered, `closes_on` that of the session; one whose days all lie in a
    pause is not asked. `due` and `upcoming` say the same of today and of what comes. Raises `InvalidField` for a naive
    `now`.
    """
    local_days(plan, now)
    return _soonest_first(
        one
        for id_, scheduled in plan.assessments.items()
        for one in _before_sessions(plan, id_, scheduled, done, sessions, now)
    )


# -- what falls on which day -------------------------------------------------------------------------------------------


def _slots(
    plan: Plan, homework: Mapping[UUID, Homework], done: Done, days: LocalDays, first: date, last: date
) -> Iterator[Due]:
    """All that falls on the days from `first` to `last`, and is neither paused nor done."""
    journal = _not_done(_journal(plan, first, last), done.entries, days)
    yield from (_due("journal", "journal", "Journal", one, days) for one in journal if not is_paused(plan, one.day))
    for id_, tracker in plan.trackers.items():
        title = tracker.question.strip() or tracker.name
        for one in _not_done(_tracked(tracker, first, last), done.logs.get(name_key(tracker.name), {}), days):
            if not is_paused(plan, one.day):
                yield _due("tracker", id_, title, one, days)
    for homework_id, assignment in homework.items():
        for one in _assigned(plan, homework_id, assignment, done, days, first, last):
            yield _due("homework", str(homework_id), _title(assignment), one, days)
    for id_, scheduled in plan.assessments.items():
        yield from _scheduled(plan, id_, scheduled, done, days, first, last)


def _journal(plan: Plan, first: date, last: date) -> list[Occurrence]:
    if plan.journal_rule:
        return occurrences(plan.journal_rule, plan.journal_since or NO_BEGINNING, first, last)
    first = max(first, plan.journal_since or first)
    days = (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))
    return [Occurrence(day) for day in days if sections_on(plan, day)]


def _tracked(tracker: PlanTracker, first: date, last: date) -> list[Occurrence]:
    return occurrences(tracker.rule, tracker.since or NO_BEGINNING, first, min(last, tracker.until or last))


def _not_done(
    found: Iterable[Occurrence], done: Mapping[date, Sequence[time]], days: LocalDays
) -> Iterator[Occurrence]:
    """What was done answers for the slot that it falls into: the last one of its day that had begun, or the day's first
    before that has. A slot that was missed stays so."""
    for day, slots in groupby(found, lambda one: one.day):
        begun = sorted(slots, key=lambda one: into_day(one.at, days.begins))
        starts = [into_day(one.at, days.begins) for one in begun]
        answered = {max(bisect_right(starts, into_day(at, days.begins)) - 1, 0) for at in done.get(day, ())}
        yield from (one for number, one in enumerate(begun) if number not in answered)


def _assigned(
    plan: Plan, id_: UUID, homework: Homework, done: Done, days: LocalDays, first: date, last: date
) -> list[Occurrence]:
    """The occurrences of homework with a day of its own that are neither done nor paused."""
    answered = done.homework.get(id_, ())
    found = occurrences_of(homework, max(first, _begins(homework, days)), last)
    return [one for one in found if one.key not in answered and not is_paused(plan, one.day)]


def _overdue(plan: Plan, id_: UUID, homework: Homework, done: Done, days: LocalDays, today: date) -> Iterator[Due]:
    if homework.ended_on is not None and homework.ended_on <= today:
        return
    first, last = _before(today, OVERDUE_DAYS), _before(today, 1)
    for one in _assigned(plan, id_, homework, done, days, first, last)[-1:]:
        yield _due("homework", str(id_), _title(homework), one, days, overdue=True)


def _once(id_: UUID, homework: Homework, done: Done, days: LocalDays, day: date) -> Iterator[Due]:
    """Homework that is done when the client likes, as it stands on `day`."""
    ended = homework.ended_on is not None and homework.ended_on <= day
    over = homework.until is not None and homework.until < day
    if ended or over or day < _begins(homework, days) or ONCE in done.homework.get(id_, ()):
        return
    at = days.moment(day)
    yield Due(kind="homework", id=str(id_), title=_title(homework), day=day, at=at, occurrence=ONCE)


def _scheduled(
    plan: Plan, id_: str, scheduled: ScheduledAssessment, done: Done, days: LocalDays, first: date, last: date
) -> Iterator[Due]:
    if not scheduled.rule:
        return
    last = min(last, scheduled.until or last)
    for one in occurrences(scheduled.rule, scheduled.since or NO_BEGINNING, first, last):
        if one.key not in done.assessments.get(id_, ()) and not is_paused(plan, one.day):
            closes = _after(one.day, scheduled.open_days - 1)
            yield replace(_due("assessment", id_, scheduled.instrument, one, days), closes_on=closes)


def _before_sessions(
    plan: Plan,
    id_: str,
    scheduled: ScheduledAssessment,
    done: Done,
    sessions: Mapping[UUID, Session],
    now: datetime,
) -> Iterator[Due]:
    """Of each planned session ahead: from `open_days` before it on, and not before the session ahead of it is over."""
    if not scheduled.before_each_session:
        return
    local = local_days(plan, now)
    planned = [
        (in_zone(one.planned_at, local.zone), key)
        for key, one in sessions.items()
        if one.planned_at is not None and one.state == "planned"
    ]
    since, until = scheduled.since or date.min, scheduled.until or date.max
    last = date.min
    for at, session in sorted(planned, key=lambda one: (instant(one[0]), one[1])):
        on = local.of(at)
        first = max(_before(on, scheduled.open_days - 1), min(_after(last), on))
        last = on
        key = session_key(session)
        if instant(at) <= instant(now) or not since <= on <= until or key in done.assessments.get(id_, ()):
            continue
        days = (date.fromordinal(number) for number in range(first.toordinal(), on.toordinal() + 1))
        opens = next((day for day in days if not is_paused(plan, day)), None)
        if opens is not None and not _is_asked_by_rule(plan, scheduled.instrument, opens, on):
            begin, title = local.moment(opens), scheduled.instrument
            yield Due(kind="assessment", id=id_, title=title, day=opens, at=begin, occurrence=key, closes_on=on)


def _is_asked_by_rule(plan: Plan, instrument: str, first: date, last: date) -> bool:
    """Whether an instrument is asked by a rule on one of these days: then it is not asked for the session as well."""
    return any(
        not is_paused(plan, one.day)
        for scheduled in plan.assessments.values()
        if scheduled.instrument == instrument and scheduled.rule
        for one in occurrences(
            scheduled.rule, scheduled.since or NO_BEGINNING, first, min(last, scheduled.until or last)
        )
    )


def _reminded_on(plan: Plan, one: Due) -> date:
    """The day on which one is reminded of an assessment that was due on `one.day`; the last of all days for none."""
    remind = plan.assessments[one.id].remind_days if one.kind == "assessment" else None
    return date.max if remind is None else _after(one.day, remind)


def _reminders(plan: Plan, opened: Iterable[Due], days: LocalDays, today: date) -> Iterator[Due]:
    """The reminders to come of assessments that are open by then and not answered yet."""
    for one in opened:
        day = _reminded_on(plan, one)
        if today < day < date.max and day <= (one.closes_on or day) and not is_paused(plan, day):
            at = days.moment(day, one.at.time() if one.timed else None)
            yield replace(one, day=day, at=at, reminder=True)


def session_key(session: UUID) -> str:
    """The occurrence of an assessment that goes before a session; it stays when the session is moved."""
    return f"session/{session}"


def _after(day: date, days: int = 1) -> date:
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))


def _before(day: date, days: int) -> date:
    return date.fromordinal(max(day.toordinal() - days, 1))


def _has_no_day(homework: Homework) -> bool:
    return homework.due is None and not homework.rule


def _begins(homework: Homework, days: LocalDays) -> date:
    """The first day on which it can be due: its own, and not before it was assigned."""
    since = homework.since or date.min
    if homework.assigned_at is None:
        return since
    return max(since, days.of(homework.assigned_at))


# -- moments and words -------------------------------------------------------------------------------------------------


def _due(kind: DueKind, id_: str, title: str, one: Occurrence, days: LocalDays, *, overdue: bool = False) -> Due:
    return Due(
        kind=kind,
        id=id_,
        title=title,
        day=one.day,
        at=days.moment(one.day, one.at),
        occurrence=one.key,
        timed=one.at is not None,
        overdue=overdue,
    )


def _title(homework: Homework) -> str:
    return next((text.strip() for text in homework.what.splitlines() if text.strip()), "")


def _soonest_first(found: Iterable[Due]) -> list[Due]:
    """By their moments; at the same moment the journal, trackers in their order, homework, assessments."""
    order = ("journal", "tracker", "homework", "assessment")
    return sorted(found, key=lambda one: (instant(one.at), order.index(one.kind)))
