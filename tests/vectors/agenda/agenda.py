"""Cases of the agenda: what is due now, what will be, on the person's own days wherever they are."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from tests.vectors.agenda import agenda_ahead_cases, agenda_cases
from tests.vectors.cases import Json, Subject, moment_in

from intersession_schemas.documents.care.agenda import Done, due, due_before_sessions, upcoming
from intersession_schemas.documents.care.homework import Homework
from intersession_schemas.documents.care.plan import Plan
from intersession_schemas.documents.care.sessions import Session
from intersession_schemas.documents.local_days import LocalDays, day_of
from intersession_schemas.documents.names import name_key


def _due(given: dict[str, Json]) -> Json:
    """What is open now."""
    plan = _plan(given)
    return due(plan, _homework(given), _done(plan, given), moment_in(given["now"]), _sessions(given))


def _upcoming(given: dict[str, Json]) -> Json:
    """What will be due, up to but not including `until`."""
    plan, until = _plan(given), datetime.fromisoformat(given["until"])
    return upcoming(plan, _homework(given), _done(plan, given), moment_in(given["now"]), until, _sessions(given))


def _before_sessions(given: dict[str, Json]) -> Json:
    """What is asked before each planned session ahead."""
    plan = _plan(given)
    return due_before_sessions(plan, _done(plan, given), moment_in(given["now"]), _sessions(given))


def _local_day(given: dict[str, Json]) -> Json:
    """The day that a moment belongs to by its own clock."""
    return day_of(datetime.fromisoformat(given["at"]), given["day_begins"])


def _moment(given: dict[str, Json]) -> Json:
    """When a time of day (null: the day's beginning) comes on a local day."""
    at = None if given["time"] is None else time.fromisoformat(given["time"])
    return LocalDays(ZoneInfo(given["zone"]), given["day_begins"]).moment(date.fromisoformat(given["day"]), at)


def _plan(given: dict[str, Json]) -> Plan:
    return msgspec.convert(given.get("plan", {}), Plan)


def _homework(given: dict[str, Json]) -> dict[UUID, Homework]:
    return msgspec.convert(given.get("homework", {}), dict[UUID, Homework])


def _sessions(given: dict[str, Json]) -> dict[UUID, Session]:
    return msgspec.convert(given.get("sessions", {}), dict[UUID, Session])


def _done(plan: Plan, given: dict[str, Json]) -> Done:
    """What was done, each by the local day that it is about: as the writer's clock showed it."""
    done: dict[str, Any] = given.get("done", {})
    entries: dict[date, list[time]] = {}
    for text in done.get("entries", ()):
        at = datetime.fromisoformat(text)
        entries.setdefault(plan.day_of(at), []).append(at.time())
    logs: dict[str, dict[date, list[time]]] = {}
    for one in done.get("logs", ()):
        at = datetime.fromisoformat(one["at"])
        for name in one["names"]:
            logs.setdefault(name_key(name), {}).setdefault(plan.day_of(at), []).append(at.time())
    homework = {UUID(id): keys for id, keys in done.get("homework", {}).items()}
    return Done(entries=entries, logs=logs, homework=homework, assessments=done.get("assessments", {}))


SUBJECT = Subject(
    "What is due now and what will be: journal, trackers, homework and assessments of a plan, on a person's own days.",
    {
        "due": _due,
        "upcoming": _upcoming,
        "before_sessions": _before_sessions,
        "local_day": _local_day,
        "moment": _moment,
    },
    (*agenda_cases.CASES, *agenda_ahead_cases.CASES),
)
