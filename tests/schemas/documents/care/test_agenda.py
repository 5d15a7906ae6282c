"""What is due: on the person's own days, in whatever time zone, around daylight saving, pauses and travel."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intersession_schemas.documents.agenda import Done, Due, due, session_key, upcoming
from intersession_schemas.documents.homework import ONCE, Homework
from intersession_schemas.documents.local_days import LocalDays, day_of
from intersession_schemas.documents.plan import (
    Pause,
    Plan,
    PlanTracker,
    ScheduledAssessment,
    TemplateSection,
    is_paused,
)
from intersession_schemas.documents.sessions import Session, SessionState
from intersession_schemas.errors import InvalidField

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


# -- the journal -------------------------------------------------------------------------------------------------------


def test_a_plan_without_anything_asks_for_nothing() -> None:
    assert open_now() == []
    assert coming() == []


def test_the_journal_is_due_daily_while_there_are_sections() -> None:
    plan = Plan(sections={"a": TemplateSection(prompt="?", active_from=DAY, active_to=days(2))})
    assert open_now(plan) == [
        Due(
            kind="journal",
            id="journal",
            title="Journal",
            day=DAY,
            at=datetime(2026, 5, 4, tzinfo=BERLIN),
            occurrence="2026-05-04",
        )
    ]
    assert keys(coming(plan)) == ["2026-05-05", "2026-05-06"]
    assert open_now(plan, now=NOON - timedelta(days=1)) == []
    assert open_now(plan, now=NOON + timedelta(days=3)) == []


def test_the_journal_is_due_by_its_rule_from_its_beginning() -> None:
    plan = Plan(journal_rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", journal_since=days(-14))
    assert keys(open_now(plan)) == ["2026-05-04"]
    assert open_now(plan, now=NOON + timedelta(days=7)) == []
    assert keys(coming(plan, until=NOON + timedelta(days=30))) == ["2026-05-18", "2026-06-01"]


def test_a_daily_journal_waits_for_its_beginning() -> None:
    plan = Plan(sections={"a": SECTION}, journal_since=days(1))
    assert open_now(plan) == []
    assert keys(coming(plan, until=NOON + timedelta(days=1, hours=1))) == ["2026-05-05"]


def test_an_entry_of_that_day_answers_and_one_of_another_does_not() -> None:
    plan = Plan(sections={"a": SECTION})
    assert open_now(plan, entries={DAY: [time(9)]}) == []
    assert len(open_now(plan, entries={days(-1): [time(9)]})) == 1


# -- trackers ----------------------------------------------------------------------------------------------------------

THRICE = "FREQ=DAILY;BYHOUR=8,14,20"


@pytest.mark.parametrize(
    ("logs", "left"),
    [
        ([], [8, 14, 20]),
        (["08:00"], [14, 20]),
        (["13:59"], [14, 20]),
        (["14:00"], [8, 20]),
        (["20:15"], [8, 14]),  # the others stay missed
        (["23:59", "20:00"], [8, 14]),
        (["06:30"], [14, 20]),  # before the first has begun
        (["06:30", "08:10"], [14, 20]),
        (["08:05", "14:05", "20:05"], []),
    ],
)
def test_a_log_answers_for_the_slot_that_it_falls_into(logs: list[str], left: list[int]) -> None:
    found = open_now(tracked(THRICE), logs={"mood": {DAY: list(map(time.fromisoformat, logs))}})
    assert [one.at.hour for one in found] == left


def test_logs_answer_under_their_own_name_and_on_their_own_day() -> None:
    assert (
        len(open_now(tracked(), logs={"sleep": {DAY: [time(9)]}, "mood": {days(-1): [time(9)], days(1): [time(9)]}}))
        == 1
    )
    assert open_now(tracked(), logs={"mood": {DAY: [time(9)]}}) == []


def test_a_slot_that_lies_ahead_today_is_due_and_upcoming_and_one_that_has_begun_is_not_upcoming() -> None:
    found = open_now(tracked(THRICE))
    assert [(one.at.hour, one.timed) for one in found] == [(8, True), (14, True), (20, True)]
    assert keys(coming(tracked(THRICE), until=NOON + timedelta(hours=20))) == ["2026-05-04T14:00", "2026-05-04T20:00"]
    assert keys(coming(tracked(THRICE), until=NOON + timedelta(hours=8))) == ["2026-05-04T14:00"]
    assert keys(
        coming(tracked(THRICE), until=NOON + timedelta(hours=9), logs={"mood": {DAY: [time(9), time(15)]}})
    ) == ["2026-05-04T20:00"]


def test_a_tracker_runs_from_its_first_day_to_its_last_and_forever_without_any() -> None:
    plan = tracked(since=days(1), until=days(2))
    assert [len(open_now(plan, now=NOON + timedelta(days=number))) for number in range(4)] == [0, 1, 1, 0]
    assert len(open_now(tracked(), now=NOON.replace(year=2060))) == 1


def test_a_tracker_is_titled_by_its_question_else_by_its_name() -> None:
    assert open_now(tracked(question=" How low? "))[0].title == "How low?"
    assert open_now(tracked())[0].title == "mood"


# -- homework ----------------------------------------------------------------------------------------------------------


def test_homework_is_due_on_its_day_and_done_by_any_progress() -> None:
    (found,) = open_now(homework=task(due=DAY))
    assert (found.kind, found.id, found.title, found.occurrence) == (
        "homework",
        str(ONE),
        "Go for a walk",
        "2026-05-04",
    )
    assert not found.overdue
    assert due(Plan(), task(due=DAY), Done(homework={ONE: {"2026-05-04"}}), NOON) == []
    assert len(due(Plan(), task(due=DAY), Done(homework={TWO: {"2026-05-04"}}), NOON)) == 1


def test_missed_homework_stays_overdue_for_fourteen_days() -> None:
    for passed, there in ((1, 1), (14, 1), (15, 0)):
        found = open_now(homework=task(due=days(-passed)))
        assert [one.overdue for one in found] == [True] * there
        assert all(one.day == days(-passed) for one in found)


def test_of_a_rule_only_the_newest_missed_is_overdue() -> None:
    homework = task(rule="FREQ=DAILY;INTERVAL=3", since=days(-9))
    assert [(one.day, one.overdue) for one in open_now(homework=homework)] == [(days(-3), True), (DAY, False)]
    found = due(Plan(), homework, Done(homework={ONE: [days(-3).isoformat()]}), NOON)
    assert [(one.day, one.overdue) for one in found] == [(days(-6), True), (DAY, False)]


def test_homework_that_has_ended_is_due_no_more_and_not_overdue_either() -> None:
    assert open_now(homework=task(due=days(-1), ended_on=DAY)) == []
    assert open_now(homework=task(due=DAY, ended_on=DAY)) == []
    assert len(open_now(homework=task(due=DAY, ended_on=days(1)))) == 1
    assert open_now(homework=task(ended_on=DAY)) == []
    assert coming(homework=task(rule="FREQ=DAILY", since=DAY, ended_on=days(1))) == []


def test_homework_is_not_due_before_it_begins_or_was_assigned() -> None:
    assigned = datetime(2026, 5, 4, 9, tzinfo=UTC)
    assert open_now(homework=task(since=days(1))) == []
    assert keys(coming(homework=task(since=days(1)))) == [ONCE]
    assert open_now(homework=task(assigned_at=assigned), now=NOON - timedelta(days=1)) == []
    found = open_now(homework=task(rule="FREQ=DAILY", since=days(-5), assigned_at=assigned))
    assert [one.day for one in found] == [DAY]


def test_homework_without_a_day_is_due_today_until_it_has_progress() -> None:
    for number in (0, 40):
        now = NOON + timedelta(days=number)
        (found,) = open_now(homework=task(), now=now)
        assert (found.occurrence, found.day, found.overdue) == (ONCE, now.date(), False)
    assert due(Plan(), task(), Done(homework={ONE: {ONCE}}), NOON) == []
    assert coming(homework=task()) == []
    assert open_now(homework=task(until=days(-1))) == []


def test_homework_is_titled_by_its_first_line() -> None:
    (found,) = open_now(homework={ONE: Homework(what="\n  Call Kim \n and then rest")})
    assert found.title == "Call Kim"


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


def paused(first: int, last: int | None) -> Plan:
    pause = Pause(first=days(first), last=None if last is None else days(last))
    return Plan(
        sections=EVERYTHING.sections,
        trackers=EVERYTHING.trackers,
        assessments=EVERYTHING.assessments,
        pauses={"p": pause},
    )


def test_nothing_is_due_on_a_paused_day_of_whatever_kind() -> None:
    assert (
        len(open_now(EVERYTHING, TASKS)) == 12
    )  # of the daily homework today's and the one missed, of the assessment those of a week
    for first, last in ((0, 0), (-3, 0), (0, 5), (-1, None)):
        assert open_now(paused(first, last), TASKS) == []


def test_what_fell_into_a_pause_is_not_overdue_after_it() -> None:
    found = open_now(paused(-3, -1), TASKS)
    assert [one.day for one in found if one.overdue] == [days(-4)]
    assert not [one for one in found if is_paused(paused(-3, -1), one.day)]


def test_nothing_is_upcoming_on_days_that_will_be_paused() -> None:
    found = coming(paused(2, 3), TASKS, until=NOON + timedelta(days=4))
    assert {one.day for one in found} == {days(1), days(4)}
    assert coming(paused(1, None), TASKS) == []


# -- time zones --------------------------------------------------------------------------------------------------------


def test_a_time_that_does_not_exist_in_spring_is_an_hour_later() -> None:
    now = datetime(2026, 3, 28, 12, tzinfo=BERLIN)
    (found,) = coming(tracked("FREQ=DAILY;BYHOUR=2;BYMINUTE=30"), now=now, until=now + timedelta(days=1))
    assert found.at.isoformat() == "2026-03-29T03:30:00+02:00"
    assert found.occurrence == "2026-03-29T02:30"


def test_a_time_that_exists_twice_in_autumn_is_the_first() -> None:
    now = datetime(2026, 10, 25, 0, 30, tzinfo=BERLIN)
    plan = tracked("FREQ=DAILY;BYHOUR=2;BYMINUTE=30")
    (found,) = open_now(plan, now=now)
    assert found.at.isoformat() == "2026-10-25T02:30:00+02:00"
    assert len(coming(plan, now=now, until=now + timedelta(hours=3))) == 1


def test_the_hour_that_comes_twice_is_told_apart_where_moments_are_compared() -> None:
    plan = tracked("FREQ=DAILY;BYHOUR=2;BYMINUTE=45")
    second = datetime(2026, 10, 25, 2, 15, fold=1, tzinfo=BERLIN)
    first = second.replace(fold=0)
    assert coming(plan, now=second, until=datetime(2026, 10, 25, 5, tzinfo=BERLIN)) == []
    assert len(coming(plan, now=first, until=datetime(2026, 10, 25, 5, tzinfo=BERLIN))) == 1
    assert keys(coming(plan, now=first, until=second)) == ["2026-10-25T02:45"]


def test_the_days_of_daylight_saving_are_one_day_each() -> None:
    for month, day in ((3, 29), (10, 25)):
        for hour in (0, 1, 4, 23):
            now = datetime(2026, month, day, hour, 59, tzinfo=BERLIN)
            assert keys(open_now(tracked(), now=now)) == [f"2026-{month:02}-{day:02}"]
        until = datetime(2026, month, day, tzinfo=BERLIN) + timedelta(days=2)
        assert len(coming(tracked(), now=datetime(2026, month, day, 1, tzinfo=BERLIN), until=until)) == 1


@pytest.mark.parametrize(("hours", "day"), [(14, "2026-05-05"), (-11, "2026-05-04"), (0, "2026-05-04")])
def test_days_are_those_of_the_offset(hours: int, day: str) -> None:
    zone = timezone(timedelta(hours=hours))
    now = datetime(2026, 5, 4, 13, tzinfo=UTC).astimezone(zone)
    (found,) = open_now(tracked("FREQ=DAILY;BYHOUR=9"), now=now)
    assert found.occurrence == f"{day}T09:00"
    assert found.at == datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=zone)


def test_whoever_travels_is_asked_on_the_days_they_live_through() -> None:
    """From Auckland by Berlin to Los Angeles: Monday is lived three times over, and one log answers all of it."""
    auckland, west = timezone(timedelta(hours=12)), timezone(timedelta(hours=-7))
    instant = datetime(2026, 5, 4, 10, tzinfo=UTC)
    for zone in (auckland, BERLIN, west):
        now = instant.astimezone(zone)
        assert keys(open_now(tracked(), now=now)) == ["2026-05-04"]
        assert open_now(tracked(), now=now, logs={"mood": {DAY: [time(9)]}}) == []
    later = instant + timedelta(hours=5)
    assert keys(open_now(tracked(), now=later.astimezone(auckland), logs={"mood": {DAY: [time(9)]}})) == ["2026-05-05"]
    assert open_now(tracked(), now=later.astimezone(west), logs={"mood": {DAY: [time(9)], days(1): [time(9)]}}) == []


def test_the_end_may_be_in_another_zone_than_the_beginning() -> None:
    until = datetime(2026, 5, 5, 22, tzinfo=UTC)  # the 6th in Berlin begins
    assert keys(coming(tracked(), until=until)) == ["2026-05-05"]
    assert keys(coming(tracked(), until=until + timedelta(seconds=1))) == ["2026-05-05", "2026-05-06"]


def test_moments_without_a_zone_are_refused() -> None:
    naive = datetime(2026, 5, 4)  # noqa: DTZ001
    with pytest.raises(InvalidField, match="now"):
        open_now(now=naive)
    with pytest.raises(InvalidField, match="until"):
        coming(until=naive)


def test_the_ends_of_the_calendar_raise_nothing() -> None:
    for zone in (timezone(timedelta(hours=14)), timezone(timedelta(hours=-11)), BERLIN):
        for naive in (datetime.combine(date.min, time.min), datetime.combine(date.max, time.max)):
            at = naive.replace(tzinfo=zone)
            homework = TASKS | {ONE: Homework(what="x", due=date.max), TWO: Homework(what="x", assigned_at=at)}
            due(EVERYTHING, homework, Done(), at)
            upcoming(Plan(), homework, Done(), at, datetime.max.replace(tzinfo=UTC))
            upcoming(Plan(), homework, Done(), NOON, at)


def test_a_window_of_ages_is_cut_after_ten_years() -> None:
    found = coming(tracked("FREQ=MONTHLY", since=DAY), until=datetime.max.replace(tzinfo=UTC))
    assert found[-1].day == date(2036, 5, 4)
    assert coming(tracked(), until=NOON - timedelta(days=9)) == []


# -- whatever there is -------------------------------------------------------------------------------------------------

zones = st.sampled_from([BERLIN, UTC, timezone(timedelta(hours=14)), timezone(timedelta(hours=-11))])
rules = st.sampled_from(["FREQ=DAILY", THRICE, "FREQ=WEEKLY;BYDAY=MO,WE", "FREQ=MONTHLY;BYMONTHDAY=-1"])
some_days = st.integers(-40, 40).map(days)


@given(
    st.datetimes(datetime(2026, 3, 1), datetime(2026, 11, 1), timezones=zones),  # noqa: DTZ001
    rules,
    rules,
    some_days,
    some_days,
    st.dictionaries(some_days, st.lists(st.times(), max_size=3), max_size=4),
    st.integers(0, 23),
)
@settings(max_examples=50, deadline=None)
def test_what_is_due_is_open_unpaused_and_in_order(
    now: datetime, tracker: str, assigned: str, since: date, pause: date, logs: dict[date, list[time]], begins: int
) -> None:
    plan = Plan(
        day_begins=begins,
        sections={"a": SECTION},
        trackers={"t": PlanTracker(name="mood", rule=tracker)},
        assessments={"s": ScheduledAssessment(instrument="PHQ-9", rule=assigned, since=since)},
        pauses={"p": Pause(first=pause, last=pause + timedelta(days=3))},
    )
    homework = {ONE: Homework(what="x", rule=assigned, since=since), TWO: Homework(what="y", due=pause)}
    done = Done(logs={"mood": logs})
    today, later = due(plan, homework, done, now), upcoming(plan, homework, done, now, now + timedelta(days=20))
    for found in (today, later):
        assert not [one for one in found if is_paused(plan, one.day)]
        assert [one.at.astimezone(UTC) for one in found] == sorted(one.at.astimezone(UTC) for one in found)
        assert len({(one.kind, one.id, one.occurrence) for one in found}) == len(found)
    assert all(one.day <= day_of(now, begins) for one in today)
    assert all(one.at.astimezone(UTC) > now.astimezone(UTC) for one in later)
    assert not [one for one in later if one.day == day_of(now, begins) and one not in today]
    # What is upcoming is due once its day is there, with nothing done meanwhile.
    for one in later:
        then = LocalDays(now.tzinfo or UTC, plan.day_begins).moment(one.day, time(12))
        assert one in due(plan, homework, done, then)


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
