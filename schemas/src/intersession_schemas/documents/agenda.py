"""What is due: the journal, trackers, homework and assessments of a plan, on the person's own local days. Pure.

Days are those of `now`'s time zone. What was done is counted by the local day it is about, as it was written: so an entry
at 23:50 and one at 00:10 answer for two days, wherever the device is when it asks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.homework import Homework
from intersession_schemas.documents.plan import Plan

DueKind = Literal["journal", "tracker", "homework", "assessment"]


class Due(Struct, frozen=True, kw_only=True):
    """One thing to do. `id` is the tracker's or schedule's id in the plan, the homework's id, or "journal".

    `day` is the local day it is due on, `at` the moment: at the time the rule names, else at the day's beginning;
    `timed` says which. `occurrence` is its key, as `record` takes it. `overdue`: its day is over and it is still open.
    """

    kind: DueKind
    id: str
    title: str
    day: date
    at: datetime
    occurrence: str
    timed: bool = False
    overdue: bool = False


class Done(Struct, frozen=True, kw_only=True):
    """What was done already, by local day: journal entries, logs by the symptom's name; and by key: the occurrences
    of homework that have progress, and those of scheduled assessments that are completed."""

    entries: Mapping[date, int] = {}
    logs: Mapping[str, Mapping[date, int]] = {}
    homework: Mapping[UUID, Collection[str]] = {}
    assessments: Mapping[str, Collection[str]] = {}


def due(plan: Plan, homework: Mapping[UUID, Homework], done: Done, now: datetime) -> list[Due]:
    """What is open today, and homework that is overdue; soonest first. `now` is aware."""
    raise NotImplementedError


def upcoming(plan: Plan, homework: Mapping[UUID, Homework], done: Done, now: datetime, until: datetime) -> list[Due]:
    """What will be due from `now` up to but not including `until`, soonest first; what has begun today is `due`'s."""
    raise NotImplementedError
