"""The hour at which the day begins: which day a moment belongs to, and what is due then, in whatever time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intersession_schemas.crdt import Document
from intersession_schemas.documents.care.adherence import Recorded, occurrences_with_progress
from intersession_schemas.documents.care.agenda import Done, Due, due, upcoming
from intersession_schemas.documents.care.homework import Homework, HomeworkProgress
from intersession_schemas.documents.care.plan import (
    PLAN,
    Pause,
    Plan,
    PlanTracker,
    ScheduledAssessment,
    TemplateSection,
)
from intersession_schemas.documents.care.sessions import Session
from intersession_schemas.documents.local_days import LocalDays, day_of
from intersession_schemas.errors import InvalidField

BERLIN, BEIRUT = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Beirut")
MONDAY, TUESDAY = date(2026, 5, 4), date(2026, 5, 5)
ONE = UUID(int=1)
hours = st.integers(0, 23)


@pytest.mark.parametrize(
    ("clock", "begins", "day"),
    [
        ("2026-05-05T00:00", 0, TUESDAY),
        ("2026-05-04T23:59", 0, MONDAY),
        ("2026-05-05T03:59", 4, MONDAY),
        ("2026-05-05T04:00", 4, TUESDAY),
        ("2026-05-05T22:59", 23, MONDAY),
        ("0001-01-01T01:00", 4, date(1, 1, 1)),
        ("9999-12-31T01:00", 4, date(9999, 12, 30)),
    ],
)
def test_a_moment_before_the_hour_belongs_to_the_day_before(clock: str, begins: int, day: date) -> None:
    at = datetime.fromisoformat(clock).replace(tzinfo=UTC)
    assert day_of(at, begins) == LocalDays(UTC, begins).of(at) == day


@pytest.mark.parametrize(
    ("zone", "begins", "day", "at", "moment"),
    [
        (BERLIN, 4, MONDAY, None, "2026-05-04T04:00+02:00"),
        (BERLIN, 4, MONDAY, time(23), "2026-05-04T23:00+02:00"),
        (BERLIN, 4, MONDAY, time(1, 30), "2026-05-05T01:30+02:00"),
        # Clocks go from two to three in Berlin, and from midnight to one in Beirut.
        (BERLIN, 2, date(2026, 3, 29), None, "2026-03-29T03:00+02:00"),
        (BEIRUT, 0, date(2026, 3, 29), None, "2026-03-29T01:00+03:00"),
        # And back from three to two: the first of the two is meant.
        (BERLIN, 2, date(2026, 10, 25), None, "2026-10-25T02:00+02:00"),
        (BERLIN, 4, date(2026, 10, 24), time(2, 30), "2026-10-25T02:30+02:00"),
        (UTC, 4, date.max, time(1), "9999-12-31T01:00+00:00"),
    ],
)
def test_a_time_of_day_is_a_moment(zone: ZoneInfo, begins: int, day: date, at: time | None, moment: str) -> None:
    found = LocalDays(zone, begins).moment(day, at)
    assert found.isoformat(timespec="minutes") == moment


@given(st.dates(date(1970, 1, 1), date(2100, 1, 1)), st.none() | st.times(), hours)
def test_a_time_of_day_falls_on_its_day(day: date, at: time | None, begins: int) -> None:
    days = LocalDays(UTC, begins)
    assert days.of(days.moment(day, at)) == day


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.sampled_from([BERLIN, BEIRUT, UTC])),  # noqa: DTZ001
    hours,
)
def test_a_day_begins_and_ends_where_the_next_one_does(at: datetime, begins: int) -> None:
    """Also where clocks change at the very hour: no moment is in two days, none in none."""
    days = LocalDays(at.tzinfo or UTC, begins)
    day = days.of(at)
    start, end = days.moment(day), days.moment(day + timedelta(days=1))
    assert start.astimezone(UTC) <= at.astimezone(UTC) or at.fold != start.fold
    assert at.astimezone(UTC) < end.astimezone(UTC) or at.fold != end.fold


# -- the agenda --------------------------------------------------------------------------------------------------------


def everything(begins: int = 0, shift: int = 0) -> Plan:
    """A plan with slots of each sort, its times of day later by `shift` hours."""
    by_hour = ",".join(str((hour + shift) % 24) for hour in (1, 9, 21))
    return Plan(
        day_begins=begins,
        sections={"a": TemplateSection(prompt="What happened?")},
        journal_since=date(2026, 4, 20),
        trackers={
            "daily": PlanTracker(name="mood", since=date(2026, 4, 1), until=date(2026, 5, 20)),
            "thrice": PlanTracker(name="worry", rule=f"FREQ=DAILY;BYHOUR={by_hour}"),
        },
        assessments={
            "weekly": ScheduledAssessment(
                instrument="phq-9", rule="FREQ=WEEKLY", since=MONDAY, open_days=3, remind_days=2
            ),
            "session": ScheduledAssessment(instrument="gad-7", before_each_session=True, open_days=3),
        },
        pauses={"p": Pause(first=date(2026, 5, 8), last=date(2026, 5, 9))},
    )


def told(found: list[Due], begins: int) -> list[tuple[str, str, date, datetime, bool, bool, date | None, bool]]:
    """What is due, its moments earlier by the hour at which days begin, without the keys, which name times of day."""
    back = timedelta(hours=begins)
    return [
        (one.kind, one.id, one.day, one.at - back, one.timed, one.overdue, one.closes_on, one.reminder) for one in found
    ]


@given(
    st.datetimes(datetime(2026, 5, 1), datetime(2026, 5, 28), timezones=st.just(UTC)),  # noqa: DTZ001
    st.lists(st.datetimes(datetime(2026, 4, 28), datetime(2026, 5, 28), timezones=st.just(UTC)), max_size=8),  # noqa: DTZ001
    st.datetimes(datetime(2026, 5, 1), datetime(2026, 5, 28), timezones=st.just(UTC)),  # noqa: DTZ001
    hours,
)
@settings(max_examples=150, deadline=None)
def test_all_of_it_is_as_if_every_clock_went_slower_by_that_hour(
    now: datetime, written: list[datetime], session: datetime, begins: int
) -> None:
    """With days from midnight, and with days from four o'clock and everything four hours later: the same is due."""

    def asked(begins: int) -> tuple[list[Due], list[Due]]:
        later = timedelta(hours=begins)
        plan, logs = everything(begins, begins), dict[date, list[time]]()
        for at in (one + later for one in written):
            logs.setdefault(day_of(at, begins), []).append(at.time())
        done = Done(entries=logs, logs={"mood": logs, "worry": logs})
        homework = {
            ONE: Homework(what="x", rule="FREQ=DAILY;INTERVAL=2", assigned_at=written[0] + later if written else None)
        }
        sessions = {ONE: Session(planned_at=session + later)}
        at = now + later
        return (
            due(plan, homework, done, at, sessions),
            upcoming(plan, homework, done, at, at + timedelta(days=9), sessions),
        )

    for midnight, shifted in zip(asked(0), asked(begins), strict=True):
        assert told(shifted, begins) == told(midnight, 0)


def test_monday_night_is_monday() -> None:
    plan = Plan(day_begins=4, trackers={"t": PlanTracker(name="mood", rule="FREQ=DAILY;BYHOUR=1,21")})
    late = datetime(2026, 5, 5, 1, 10, tzinfo=BERLIN)
    found = due(plan, {}, Done(), late)
    assert [(one.occurrence, one.at.isoformat()) for one in found] == [
        ("2026-05-04T21:00", "2026-05-04T21:00:00+02:00"),
        ("2026-05-04T01:00", "2026-05-05T01:00:00+02:00"),
    ]
    answered = Done(logs={"mood": {day_of(late, 4): [late.time()]}})
    assert [one.occurrence for one in due(plan, {}, answered, late)] == ["2026-05-04T21:00"]


@given(st.datetimes(datetime(2026, 5, 1), datetime(2026, 5, 28)), hours)  # noqa: DTZ001
def test_homework_begins_on_the_day_of_its_assignment(at: datetime, begins: int) -> None:
    assigned = at.replace(tzinfo=timezone(timedelta(hours=2)))
    homework = Homework(what="x", rule="FREQ=DAILY", since=date(2026, 4, 1), assigned_at=assigned)
    first = day_of(assigned, begins)
    zone = timezone(timedelta(hours=2))
    plan, now = Plan(day_begins=begins), LocalDays(zone, begins).moment(first + timedelta(days=2))
    progress = HomeworkProgress(homework=ONE, occurrence=first.isoformat(), entered_at=assigned)
    said = [Recorded(ONE, progress)]
    views = occurrences_with_progress(homework, said, plan, now)
    assert [(one.day, one.state) for one in views] == [
        (first, "done"),
        (first + timedelta(days=1), "unanswered"),
        (first + timedelta(days=2), "open"),
    ]
    for day, begun in ((first - timedelta(days=1), []), (first, [first])):
        now = LocalDays(timezone(timedelta(hours=2)), begins).moment(day, time(12))
        assert [one.day for one in due(plan, {ONE: homework}, Done(), now)] == begun


# -- in the plan -------------------------------------------------------------------------------------------------------


def test_a_plan_keeps_the_hour() -> None:
    document = Document.new(bytes(16))
    PLAN.create(document, Plan())
    assert PLAN.read(document).day_begins == 0
    PLAN.update(document, PLAN.read(document), Plan(day_begins=4))
    assert (PLAN.read(document).day_begins, PLAN.read(document).problems) == (4, ())


@pytest.mark.parametrize("hour", [-1, 24, 4.5, True, "4"])
def test_an_hour_is_one_of_the_day(hour: object) -> None:
    with pytest.raises(InvalidField, match="day_begins"):
        PLAN.check(Plan(day_begins=hour))  # type: ignore[arg-type]
