"""A plan and homework, asked at noon of a Monday in Berlin: what is due, what is coming."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from intersession_schemas.documents.care.agenda import Done, Due, due, upcoming
from intersession_schemas.documents.care.homework import Homework
from intersession_schemas.documents.care.plan import Plan, PlanTracker, ScheduledAssessment, TemplateSection

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 5, 4)  # a Monday
NOON = datetime(2026, 5, 4, 12, tzinfo=BERLIN)
ONE, TWO = UUID(int=1), UUID(int=2)
SECTION = TemplateSection(prompt="What happened?")


def days(number: int) -> date:
    return DAY + timedelta(days=number)


def open_now(
    plan: Plan | None = None, homework: dict[UUID, Homework] | None = None, now: datetime = NOON, **done: Any
) -> list[Due]:
    return due(plan or Plan(), homework or {}, Done(**done), now)


def coming(
    plan: Plan | None = None,
    homework: dict[UUID, Homework] | None = None,
    now: datetime = NOON,
    until: datetime | None = None,
    **done: Any,
) -> list[Due]:
    return upcoming(plan or Plan(), homework or {}, Done(**done), now, until or now + timedelta(days=7))


def keys(found: list[Due]) -> list[str]:
    return [one.occurrence for one in found]


def tracked(rule: str = "FREQ=DAILY", **fields: Any) -> Plan:
    return Plan(trackers={"t": PlanTracker(name="mood", rule=rule, **fields)})


def task(**fields: Any) -> dict[UUID, Homework]:
    return {ONE: Homework(what="Go for a walk", **fields)}


# -- trackers ----------------------------------------------------------------------------------------------------------

THRICE = "FREQ=DAILY;BYHOUR=8,14,20"


# -- pauses ------------------------------------------------------------------------------------------------------------

EVERYTHING = Plan(
    sections={"a": SECTION},
    trackers={"t": PlanTracker(name="mood")},
    assessments={"s": ScheduledAssessment(instrument="PHQ-9", rule="FREQ=DAILY")},
)
TASKS = {
    ONE: Homework(what="daily", rule="FREQ=DAILY", since=days(-30)),
    TWO: Homework(what="whenever"),
}
