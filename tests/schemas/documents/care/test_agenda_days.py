"""What is due is due on the person's own days: in whatever time zone, around daylight saving, on travels."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
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
    tracked,
)

from intersession_schemas.documents.care.agenda import Done, due, upcoming
from intersession_schemas.documents.care.homework import Homework
from intersession_schemas.documents.care.plan import Pause, Plan, PlanTracker, ScheduledAssessment, is_paused
from intersession_schemas.documents.local_days import LocalDays, day_of
from intersession_schemas.errors import InvalidField

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
