"""What is due, of each kind that a plan or homework asks for, and what a pause leaves out."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from tests.schemas.documents.care.asking import (
    BERLIN,
    DAY,
    EVERYTHING,
    NOON,
    ONE,
    SECTION,
    TASKS,
    THRICE,
    TWO,
    coming,
    days,
    keys,
    open_now,
    task,
    tracked,
)

from intersession_schemas.documents.care.agenda import Done, Due, due
from intersession_schemas.documents.care.homework import ONCE, Homework
from intersession_schemas.documents.care.plan import Pause, Plan, TemplateSection, is_paused

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
