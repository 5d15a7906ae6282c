"""What is due depends on these records alone: those that are still open, and what answers for days not long past.

Each is found by an index, so however much a person has done before, it is not read. Functions work on an open store.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.assessments.assessments import Assessment
from intersession_schemas.documents.care.homework import ONCE, Homework, HomeworkProgress, last_day_of
from intersession_schemas.documents.care.sessions import Session
from intersession_schemas.records.instants import to_micros
from intersession_schemas.records.kinds import read_model
from intersession_schemas.streams import Kind

if TYPE_CHECKING:
    from intersession.store.store import Store

_BEHIND_DAYS = ":"
"""Sorts behind the key of every occurrence that has a day."""
_NEWEST_FIRST = "ORDER BY at DESC, id DESC"
_OPEN_HOMEWORK = "kind = 'homework' AND open_until >= ?"
OPEN = date.max.isoformat()
"""Until when something is open that nothing ends: the last of all days."""


def occurrence_of(model: Struct) -> str | None:
    """The occurrence that a record answers for; None for one that answers for none."""
    if isinstance(model, HomeworkProgress) and model.homework is not None:
        return model.occurrence
    if isinstance(model, Assessment) and model.completions and model.schedule:
        return model.occurrence
    return None


def open_until(model: Struct) -> str | None:
    """The last day on which homework is due, or `OPEN`, as is an assessment not completed; None for all else."""
    if isinstance(model, Homework):
        last = last_day_of(model)
        return OPEN if last is None else last.isoformat()
    return OPEN if isinstance(model, Assessment) and not model.completions else None


def open_homework(store: Store, since: date) -> dict[UUID, Homework]:
    """The assignments that can be due on that day or later, newest first."""
    rows = store.all(f"SELECT id, model FROM records WHERE {_OPEN_HOMEWORK} {_NEWEST_FIRST}", since.isoformat())  # noqa: S608 - our own words
    return {UUID(bytes=id): read_model(Kind.HOMEWORK, model) for id, model in rows}


_RECORDED = f"""
    SELECT ref, occurrence FROM records
        WHERE kind = 'homework_progress' AND occurrence >= ? AND occurrence < '{_BEHIND_DAYS}'
    UNION ALL
    SELECT p.ref, p.occurrence
        FROM (SELECT id FROM records WHERE {_OPEN_HOMEWORK}) open
        JOIN records p ON p.kind = 'homework_progress' AND p.occurrence = '{ONCE}' AND p.ref = open.id
"""  # noqa: S608 - likewise


def recorded(store: Store, since: date) -> dict[UUID, list[str]]:
    """The occurrences that have progress, by homework: of days since that one, and those that have no day."""
    found: dict[UUID, list[str]] = {}
    for ref, occurrence in store.all(_RECORDED, since.isoformat(), since.isoformat()):
        found.setdefault(UUID(bytes=ref), []).append(occurrence)
    return found


_COMPLETED = "SELECT model FROM records WHERE kind = 'assessment' AND occurrence"


def completed(store: Store, since: date, others: Iterable[str]) -> dict[str, set[str]]:
    """The occurrences that an assessment was completed for, by schedule: of days since that one, and of the others."""
    rows = store.all(f"{_COMPLETED} >= ? AND occurrence < '{_BEHIND_DAYS}'", since.isoformat())
    for key in others:
        rows += store.all(f"{_COMPLETED} = ?", key)
    found: dict[str, set[str]] = {}
    for (packed,) in rows:
        model = read_model(Kind.ASSESSMENT, packed)
        found.setdefault(model.schedule, set()).add(model.occurrence)
    return found


def sessions(store: Store, since: datetime) -> dict[UUID, Session]:
    """The sessions from that moment on."""
    rows = store.all("SELECT id, model FROM records WHERE kind = 'session' AND at >= ?", to_micros(since))
    return {UUID(bytes=id): read_model(Kind.SESSION, model) for id, model in rows}
