"""Assessments that are due: for their days, before each session, with a reminder."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import msgspec
from tests.schemas.documents.care.asking import BERLIN, DAY, NOON, ONE, TWO, coming, days, keys, open_now

from intersession_schemas.documents.care.agenda import Done, due, session_key, upcoming
from intersession_schemas.documents.care.plan import Pause, Plan, ScheduledAssessment
from intersession_schemas.documents.care.sessions import Session, SessionState

# -- assessments -------------------------------------------------------------------------------------------------------


def test_an_assessment_stays_open_for_its_days_until_it_is_completed() -> None:
    plan = Plan(assessments={"s": ScheduledAssessment(instrument="PHQ-9", rule="FREQ=MONTHLY", since=DAY, open_days=3)})
    for passed, there in ((0, 1), (2, 1), (3, 0)):
        found = open_now(plan, now=NOON + timedelta(days=passed))
        assert [(one.title, one.day, one.overdue) for one in found] == [("PHQ-9", DAY, False)] * there
    assert open_now(plan, assessments={"s": ["2026-05-04"]}) == []
    assert keys(coming(plan, until=NOON + timedelta(days=40))) == ["2026-06-04"]


def test_those_before_sessions_wait_for_sessions() -> None:
    plan = Plan(assessments={"s": ScheduledAssessment(instrument="PHQ-9", before_each_session=True)})
    assert open_now(plan) == []


def before_sessions(**fields: Any) -> Plan:
    return Plan(assessments={"s": ScheduledAssessment(instrument="PHQ-9", before_each_session=True, **fields)})


def at(day: int, state: SessionState = "planned", hour: int = 15) -> Session:
    return Session(planned_at=datetime(2026, 5, day, hour, tzinfo=BERLIN), state=state)


def open_before(plan: Plan, *sessions: Session, now: datetime = NOON, **done: Any) -> list[tuple[str, date]]:
    """The sessions with their numbers as ids; what is due now, then what is coming."""
    by_id = {UUID(int=number): one for number, one in enumerate(sessions, start=1)}
    found = due(plan, {}, Done(**done), now, by_id)
    found += upcoming(plan, {}, Done(**done), now, now + timedelta(days=60), by_id)
    return [(one.occurrence, one.day) for one in found]


def test_before_a_session_it_is_open_for_its_days_up_to_the_beginning() -> None:
    plan = before_sessions(open_days=3)
    assert open_before(plan, at(8)) == [(session_key(ONE), date(2026, 5, 6))]
    ahead = {ONE: at(8)}
    for day, hour, is_open in ((5, 23, False), (6, 0, True), (8, 14, True), (8, 15, False), (9, 0, False)):
        now = datetime(2026, 5, day, hour, tzinfo=BERLIN)
        assert bool(due(plan, {}, Done(), now, ahead)) is is_open
    assert open_before(plan, at(5)) == [(session_key(ONE), date(2026, 5, 3))]
    assert open_before(plan, at(4, hour=11)) == []


def test_a_session_that_moved_keeps_its_answer_and_one_that_is_off_asks_for_none() -> None:
    plan = before_sessions()
    done = {"s": [session_key(ONE)]}
    assert open_before(plan, at(5), assessments=done) == open_before(plan, at(20), assessments=done) == []
    assert open_before(plan, at(5, "cancelled"), at(5, "attended"), at(6, "missed"), Session()) == []


def test_of_two_sessions_close_together_the_later_one_waits_for_the_earlier_one() -> None:
    plan = before_sessions()
    assert open_before(plan, at(8), at(6)) == [
        (session_key(TWO), date(2026, 4, 30)),
        (session_key(ONE), date(2026, 5, 7)),
    ]
    same_day = open_before(plan, at(6, hour=10), at(6, hour=16))
    assert same_day == [(session_key(ONE), date(2026, 4, 30)), (session_key(TWO), date(2026, 5, 6))]


def test_before_sessions_pauses_and_the_days_of_the_schedule_hold() -> None:
    plan = before_sessions(since=date(2026, 5, 7), until=date(2026, 5, 20))
    assert open_before(plan, at(6), at(21)) == []
    assert len(open_before(plan, at(7), at(20))) == 2
    pauses = {"p": Pause(first=date(2026, 5, 6), last=date(2026, 5, 7))}
    paused = msgspec.structs.replace(before_sessions(open_days=2), pauses=pauses)
    assert open_before(paused, at(8)) == [(session_key(ONE), date(2026, 5, 8))]
    assert open_before(paused, at(7)) == []


def test_sessions_at_the_ends_of_the_calendar_raise_nothing() -> None:
    ends = (datetime.min.replace(tzinfo=timezone(timedelta(hours=14))), datetime.max.replace(tzinfo=UTC))
    plan = before_sessions()
    assert len(open_before(plan, *(Session(planned_at=one) for one in ends))) <= 1


# -- reminders and expiry ----------------------------------------------------------------------------------------------


def measured(**fields: Any) -> Plan:
    scheduled = ScheduledAssessment(instrument="phq-9", rule="FREQ=WEEKLY", since=DAY, **fields)
    return Plan(assessments={"a": scheduled})


def test_an_assessment_says_until_when_it_is_open() -> None:
    assert [one.closes_on for one in open_now(measured(open_days=3))] == [days(2)]
    assert open_now(measured(open_days=3), now=NOON + timedelta(days=3)) == []


def test_one_is_reminded_of_what_is_open_and_not_answered() -> None:
    plan = measured(open_days=5, remind_days=2)
    reminders = [(one.day, one.occurrence) for one in coming(plan, until=NOON + timedelta(days=14)) if one.reminder]
    assert reminders == [(days(2), days(0).isoformat()), (days(9), days(7).isoformat())]
    answered = coming(plan, until=NOON + timedelta(days=14), assessments={"a": {days(0).isoformat()}})
    assert [one.day for one in answered if one.reminder] == [days(9)]
    assert [one.reminder for one in open_now(plan, now=NOON + timedelta(days=1))] == [False]
    assert [one.reminder for one in open_now(plan, now=NOON + timedelta(days=2))] == [True]


def test_nobody_is_reminded_in_a_pause_or_without_being_asked_to() -> None:
    paused = measured(open_days=5, remind_days=2)
    paused = msgspec.structs.replace(paused, pauses={"p": Pause(first=days(2), last=days(2))})
    assert [one.day for one in coming(paused) if one.reminder] == []
    assert [one for one in coming(measured()) if one.reminder] == []


def test_a_reminder_before_a_session_comes_before_the_session() -> None:
    scheduled = ScheduledAssessment(instrument="phq-9", before_each_session=True, open_days=4, remind_days=2)
    plan = Plan(assessments={"a": scheduled})
    sessions = {ONE: Session(planned_at=NOON + timedelta(days=6))}
    found = upcoming(plan, {}, Done(), NOON, NOON + timedelta(days=14), sessions)
    assert [(one.day, one.reminder) for one in found] == [(days(3), False), (days(5), True)]
    assert {one.closes_on for one in found} == {days(6)}


def test_what_a_rule_asks_for_anyway_is_not_asked_for_the_session_as_well() -> None:
    """Mondays (the 4th of May is one), and before each session; whether in one schedule or in two."""
    weekly = ScheduledAssessment(instrument="PHQ-9", rule="FREQ=WEEKLY;BYDAY=MO", since=date(2026, 5, 4))
    for plan in (
        Plan(assessments={"w": weekly, **before_sessions().assessments}),
        Plan(assessments={"w": msgspec.structs.replace(weekly, before_each_session=True)}),
    ):
        assert [one.occurrence for one in due(plan, {}, Done(), NOON, {ONE: at(4)})] == ["2026-05-04"]
        assert due(plan, {}, Done(assessments={"w": ["2026-05-04"]}), NOON, {ONE: at(4)}) == []
    other = Plan(assessments={"w": weekly, "s": ScheduledAssessment(instrument="GAD-7", before_each_session=True)})
    assert len(due(other, {}, Done(), NOON, {ONE: at(4)})) == 2
    over = msgspec.structs.replace(weekly, until=date(2026, 5, 1), since=date(2026, 4, 6), open_days=1)
    assert open_before(Plan(assessments={"w": over, **before_sessions(open_days=2).assessments}), at(5)) == [
        (session_key(ONE), date(2026, 5, 4))
    ]
