"""When a client is reminded: at the times that were agreed, on their own clock, of what is open and can be done."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from intersession_schemas.documents.care.agenda import Done
from intersession_schemas.documents.care.homework import Homework
from intersession_schemas.documents.care.plan import Pause, Plan, PlanTracker, ScheduledAssessment
from intersession_server.reminders.moments import LATE, LOOK_AGAIN, Agreed, Moments, moments

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 3, 2)
ID = UUID(int=7)
EVENING = PlanTracker(name="worry", rule="FREQ=DAILY;BYHOUR=20")
WEEKLY = ScheduledAssessment(instrument="phq-9", rule="FREQ=WEEKLY", since=MONDAY, open_days=5, remind_days=2)


def agreed(plan: Plan | None = None, *, done: Done | None = None, **more: Any) -> Agreed:
    """What is agreed with a client."""
    given = {"homework": {}, "sessions": {}, "askable": {"phq-9"}} | more
    return Agreed(plan=plan or Plan(trackers={"w": EVENING}), done=done or Done(), **given)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of March 2026, as clocks in Berlin show it."""
    return datetime(2026, 3, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def test_a_moment_comes_once() -> None:
    assert moments(agreed(), at(2, 10), at(2, 19, 59), BERLIN) == Moments(False, at(2, 20))
    assert moments(agreed(), at(2, 19, 59), at(2, 20), BERLIN) == Moments(True, at(3, 20))
    assert moments(agreed(), at(2, 20), at(2, 20, 30), BERLIN) == Moments(False, at(3, 20))


def test_what_is_done_has_not_come() -> None:
    done = Done(logs={"worry": {MONDAY: [time(19, 50)]}})
    assert moments(agreed(done=done), at(2, 19), at(2, 20), BERLIN) == Moments(False, at(3, 20))


def test_what_is_late_has_gone_by() -> None:
    assert moments(agreed(), at(2, 10), at(2, 20) + LATE - timedelta(minutes=1), BERLIN).came
    assert not moments(agreed(), at(2, 10), at(2, 20) + LATE, BERLIN).came


def test_what_the_app_lists_no_more_has_not_come() -> None:
    """The day is over: a tracker that was missed stays missed."""
    night = Plan(trackers={"w": PlanTracker(name="worry", rule="FREQ=DAILY;BYHOUR=23;BYMINUTE=50")})
    assert moments(agreed(night), at(2, 23), at(2, 23, 55), BERLIN).came
    assert moments(agreed(night), at(2, 23), at(3, 0, 5), BERLIN) == Moments(False, at(3, 23, 50))


def test_nothing_comes_on_a_paused_day() -> None:
    plan = Plan(trackers={"w": EVENING}, pauses={"p": Pause(first=MONDAY, last=date(2026, 3, 3))})
    assert moments(agreed(plan), at(2, 19), at(2, 20), BERLIN) == Moments(False, at(4, 20))


def test_nothing_to_come_is_looked_at_again_after_a_week() -> None:
    now = at(2, 10)
    assert moments(agreed(Plan()), now, now, BERLIN) == Moments(False, now + LOOK_AGAIN)


def test_what_has_no_time_is_not_told_by_itself() -> None:
    """The app lists it all day; who is reminded of it is whoever asked for that."""
    homework = {ID: Homework(what="Walk", rule="FREQ=DAILY", since=MONDAY)}
    plan = Plan(trackers={"w": PlanTracker(name="worry", rule="FREQ=DAILY")}, journal_rule="FREQ=DAILY")
    now = at(2, 23)
    assert moments(agreed(plan, homework=homework), at(2, 0), now, BERLIN) == Moments(False, now + LOOK_AGAIN)


@pytest.mark.parametrize(("begins", "hour"), [(0, 9), (4, 9), (12, 12)])
def test_the_reminder_of_a_day_comes_in_the_morning(begins: int, hour: int) -> None:
    plan = Plan(assessments={"a": WEEKLY}, day_begins=begins)
    assert moments(agreed(plan), at(3, 23), at(4, 3), BERLIN) == Moments(False, at(4, hour))
    # Also where it has been looked at between the day's beginning and the morning.
    assert moments(agreed(plan), at(4, hour - 1), at(4, hour), BERLIN).came
    completed = Done(assessments={"a": [MONDAY.isoformat()]})
    assert not moments(agreed(plan, done=completed), at(4, hour - 1), at(4, hour), BERLIN).came


def test_an_assessment_without_its_wording_is_not_told() -> None:
    plan = Plan(assessments={"a": WEEKLY})
    assert not moments(agreed(plan, askable=()), at(4, 8), at(4, 9), BERLIN).came


def test_clocks_that_change_change_the_moment() -> None:
    """On the 29th they go from 2 to 3 in Berlin."""
    told = moments(agreed(), at(28, 20), at(28, 21), BERLIN)
    assert told.next_at == datetime(2026, 3, 29, 18, 0, tzinfo=UTC)
    assert at(28, 20) == datetime(2026, 3, 28, 19, 0, tzinfo=UTC)
