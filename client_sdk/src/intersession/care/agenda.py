"""What is due for a client today and next, and their progress so far: their own view, computed on their device."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from uuid import UUID

from msgspec.structs import replace

from intersession.care import homework
from intersession.care.goals import Goals
from intersession.documents import journal_rows
from intersession.documents.tables import symptom_views
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

_OFFSETS = timedelta(days=3)
"""What is about a local day lies within that of its moment anywhere else: offsets are up to a day apart, and a day."""


def due(scope: Scope, now: datetime | None) -> list[Due]:
    """What is open on the local day of `now` (default: this device's time). Raises `InvalidField` for a naive one."""
    at = scope.now() if now is None else present("now", now)
    with scope.replica.reading():
        plan = scope.agreed()
        found = agenda.due(plan, _assigned(scope), _done(scope, plan, at), at, _sessions(scope))
        return _askable(scope, found)


def upcoming(scope: Scope, until: datetime) -> list[Due]:
    """What will be due from now up to but not including `until`. Raises `InvalidField` for a naive one."""
    end = moment("until", until)
    with scope.replica.reading():
        now = scope.now()
        plan = scope.agreed()
        done = _done(scope, plan, now)
        return _askable(scope, agenda.upcoming(plan, _assigned(scope), done, now, end, _sessions(scope)))


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


def _assigned(scope: Scope) -> Mapping[UUID, Homework]:
    return {row.id: row.model for row in scope.kept(Kind.HOMEWORK)}


def _done(scope: Scope, plan: Plan, now: datetime) -> Done:
    """What was done on the days that are asked for, by the local day that it is about, as it was written."""
    store, window = scope.replica.store, ReadWindow(since=now - _OFFSETS)
    entries: dict[date, list[time]] = {}
    for entry in journal_rows.entries(store, window):
        entries.setdefault(plan.day_of(entry.written_at), []).append(entry.written_at.time())
    logs: dict[str, dict[date, list[time]]] = {}
    for log in symptom_views.logs(store, window):
        day = plan.day_of(log.at)
        for name in log.values:
            logs.setdefault(name_key(name), {}).setdefault(day, []).append(log.at.time())
    return Done(
        entries=entries, logs=logs, homework=homework.keys_recorded(scope), assessments=_assessments_completed(scope)
    )


def _assessments_completed(scope: Scope) -> Mapping[str, Collection[str]]:
    """The occurrences of each schedule for which an assessment was completed, by the client or on paper."""
    found: dict[str, set[str]] = {}
    for row in scope.kept(Kind.ASSESSMENT):
        if row.model.completions and row.model.schedule:
            found.setdefault(row.model.schedule, set()).add(row.model.occurrence)
    return found


def _sessions(scope: Scope) -> Mapping[UUID, Session]:
    return {row.id: row.model for row in scope.kept(Kind.SESSION)}


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
