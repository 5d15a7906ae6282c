"""What is due for a client today and next, and their progress so far: their own view, computed on their device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from intersession.care import homework
from intersession.care.goals import Goals
from intersession.documents import journal_rows
from intersession.documents.tables import due_rows, symptom_views
from intersession.inputs.clock import moment, optional_moment, present
from intersession.inputs.windows import ReadWindow
from intersession.models.measures import Progress
from intersession.models.records import Due
from intersession.replica.scope import Scope
from intersession.scoring import asking, measures
from intersession_schemas.documents.care import agenda
from intersession_schemas.documents.care.agenda import Done
from intersession_schemas.documents.care.homework import Homework
from intersession_schemas.documents.care.plan import Plan, scales_in
from intersession_schemas.documents.care.sessions import Session
from intersession_schemas.documents.names import name_key, tidy_name
from intersession_schemas.streams import Kind

if TYPE_CHECKING:
    from intersession.store.store import Store

_OFFSETS = timedelta(days=3)
"""What is about a local day lies within that of its moment anywhere else: offsets are up to a day apart, and a day."""


def due(scope: Scope, now: datetime | None) -> list[Due]:
    """What is open on the local day of `now` (default: this device's time). Raises `InvalidField` for a naive one."""
    at = scope.now() if now is None else present("now", now)
    with scope.replica.reading():
        work = _work(scope, at)
        return _askable(scope, agenda.due(work.plan, work.homework, work.done, at, work.sessions))


def upcoming(scope: Scope, until: datetime) -> list[Due]:
    """What will be due from now up to but not including `until`. Raises `InvalidField` for a naive one."""
    end = moment("until", until)
    with scope.replica.reading():
        now = scope.now()
        work = _work(scope, now)
        return _askable(scope, agenda.upcoming(work.plan, work.homework, work.done, now, end, work.sessions))


def progress(scope: Scope, since: datetime | None) -> Progress:
    """Series, scores, homework and goals. Raises `InvalidField` for a naive `since`."""
    start = optional_moment("since", since)
    with scope.replica.reading() as store:
        plan = scope.agreed()
        spelled, series = symptom_views.by_symptom(store, ReadWindow(since=start), scales_in(plan))
        first = None if start is None else plan.day_of(start)
        rows = [
            row
            for row in scope.kept(Kind.HOMEWORK)
            if first is None or row.model.ended_on is None or row.model.ended_on > first
        ]
        return Progress(
            series={
                tidy_name(name): tuple(symptom_views.series(series[key]))
                for key, name in sorted(spelled.items(), key=lambda one: one[1])
            },
            homework=homework.counts(scope, rows),
            goals=tuple(Goals(scope).list()),
            scores=measures.own_scores(scope, start),
            since=start,
        )


class _Work(Struct, frozen=True):
    """What a client has agreed to and been given to do, and what of it is done, as far as it bears on a moment."""

    plan: Plan
    homework: Mapping[UUID, Homework]
    sessions: Mapping[UUID, Session]
    done: Done


def _work(scope: Scope, now: datetime) -> _Work:
    store, plan = scope.replica.store, scope.agreed()
    longest = max((one.open_days for one in plan.assessments.values()), default=0)
    opened = now - timedelta(days=longest) - _OFFSETS
    missed = (now - timedelta(days=agenda.OVERDUE_DAYS) - _OFFSETS).date()
    sessions = due_rows.sessions(store, opened)
    done = Done(
        entries=_written(store, plan, now),
        logs=_logged(store, plan, now),
        homework=due_rows.recorded(store, missed),
        assessments=due_rows.completed(store, opened.date(), map(agenda.session_key, sessions)),
    )
    return _Work(plan, due_rows.open_homework(store, missed), sessions, done)


def _written(store: Store, plan: Plan, now: datetime) -> Mapping[date, Sequence[time]]:
    """When entries were written on the days that are asked for, by the local day that they are about."""
    found: dict[date, list[time]] = {}
    for entry in journal_rows.entries(store, ReadWindow(since=now - _OFFSETS)):
        found.setdefault(plan.day_of(entry.written_at), []).append(entry.written_at.time())
    return found


def _logged(store: Store, plan: Plan, now: datetime) -> Mapping[str, Mapping[date, Sequence[time]]]:
    """When symptoms were logged on those days, by name and day."""
    found: dict[str, dict[date, list[time]]] = {}
    for log in symptom_views.logs(store, ReadWindow(since=now - _OFFSETS)):
        day = plan.day_of(log.at)
        for name in log.values:
            found.setdefault(name_key(name), {}).setdefault(day, []).append(log.at.time())
    return found


def _askable(scope: Scope, found: list[Due]) -> list[Due]:
    """Without assessments whose wording is not here, which nobody could answer; the others by their titles."""
    if not any(one.kind == "assessment" for one in found):
        return found
    planned, askable = scope.agreed().assessments, asking.askable(scope)
    kept = []
    for one in found:
        if one.kind != "assessment":
            kept.append(one)
        elif one.id in planned and (asked := askable.get(planned[one.id].instrument)) is not None:
            kept.append(replace(one, title=asked.instrument.title))
    return kept
