"""The hour at which the day begins: a therapist sets it in the plan, and the client's devices count days by it."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from tests.client_sdk.care_practice import Care
from tests.client_sdk.practice import SettableClock

from intersession import Caseload, InvalidField, Tracker
from intersession.cli import main

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY, TUESDAY = date(2026, 5, 4), date(2026, 5, 5)


def night(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), BERLIN)


def begins(care: Care, hour: Any) -> None:
    with care.client.plan.edit() as plan:
        plan.day_begins(hour)
    care.sync()


def due(care: Care) -> list[tuple[str, str]]:
    return [(one.title, one.occurrence) for one in care.tracker.due()]


@pytest.fixture
def planned(care: Care) -> Care:
    with care.client.plan.edit() as plan:
        plan.journal(since=MONDAY)
        plan.add_section("How did you sleep?", active_to=MONDAY, required=True)
        plan.add_section("How was your day?")
        plan.add_tracker("worry", rule="FREQ=DAILY;BYHOUR=1,21", since=MONDAY)
    care.client.homework.assign("Walk", rule="daily", since=MONDAY)
    care.sync()
    return care


def test_until_four_it_is_still_monday(planned: Care, clock: SettableClock) -> None:
    clock.now = night(TUESDAY, 1, 10)
    assert due(planned) == [
        ("Walk", "2026-05-04"),
        ("Journal", "2026-05-05"),
        ("Walk", "2026-05-05"),
        ("worry", "2026-05-05T01:00"),
        ("worry", "2026-05-05T21:00"),
    ]
    begins(planned, 4)
    assert planned.tracker.plan().day_begins == 4
    assert due(planned) == [
        ("Journal", "2026-05-04"),
        ("Walk", "2026-05-04"),
        ("worry", "2026-05-04T21:00"),
        ("worry", "2026-05-04T01:00"),
    ]
    (walk,) = planned.tracker.homework.list()
    assert planned.tracker.homework.record(walk.id).occurrence == "2026-05-04"
    planned.tracker.symptoms.log({"worry": 3})  # answers for the slot of one o'clock
    entry = planned.tracker.journal.write(sections={"How did you sleep?": "Not yet.", "How was your day?": "Long."})
    assert planned.tracker.plan().day_of(entry.written_at) == MONDAY
    assert due(planned) == [("worry", "2026-05-04T21:00")]
    clock.now = night(TUESDAY, 4)
    assert due(planned) == [
        ("Journal", "2026-05-05"),
        ("Walk", "2026-05-05"),
        ("worry", "2026-05-05T21:00"),
        ("worry", "2026-05-05T01:00"),
    ]
    ahead = planned.tracker.upcoming(night(TUESDAY, 23, 59))
    assert [(one.title, one.at.hour) for one in ahead] == [("worry", 21)]


def test_what_a_template_requires_is_required_on_its_own_days(planned: Care, clock: SettableClock) -> None:
    begins(planned, 4)
    clock.now = night(TUESDAY, 3)
    with pytest.raises(InvalidField, match="required"):
        planned.tracker.journal.write(sections={"How was your day?": "Long."})
    clock.now = night(TUESDAY, 5)
    planned.tracker.journal.write(sections={"How was your day?": "Long."})


def test_homework_is_named_by_a_moment_of_its_day(planned: Care, clock: SettableClock) -> None:
    begins(planned, 4)
    clock.now = night(TUESDAY, 12)
    (walk,) = planned.tracker.homework.list()
    assert planned.tracker.homework.record(walk.id, night(TUESDAY, 2)).occurrence == "2026-05-04"
    assert planned.tracker.homework.record(walk.id, night(TUESDAY, 4)).occurrence == "2026-05-05"


def test_therapists_reckon_from_it_too(planned: Care, clock: SettableClock) -> None:
    """What begins or ends "today" does so on the client's own day, and what was missed is counted by it."""
    begins(planned, 4)
    clock.now = night(date(2026, 5, 8), 2)
    assert planned.client.homework.assign("Call", rule="daily").since == date(2026, 5, 7)
    with planned.client.plan.edit() as plan:
        plan.add_tracker("sleep")
    assert [one.since for one in planned.client.plan.read().trackers.values() if one.name == "sleep"] == [
        date(2026, 5, 7)
    ]
    assert planned.client.episodes.begin("Low mood").began_on == date(2026, 5, 7)
    (walk,) = (one for one in planned.client.homework.list() if one.what == "Walk")
    assert [one.day for one in walk.occurrences if one.state == "unanswered"] == [
        MONDAY,
        TUESDAY,
        date(2026, 5, 6),
    ]
    goal = planned.tracker.goals.add("Sleep", steps=["Phone away"])
    done = planned.tracker.goals.step_done(goal.id, goal.steps[0].id)
    assert done.steps[0].done_on == date(2026, 5, 7)


def test_progress_since_a_moment_keeps_what_ended_on_its_day(planned: Care, clock: SettableClock) -> None:
    begins(planned, 4)
    (walk,) = planned.client.homework.list()
    clock.now = night(TUESDAY, 12)
    planned.client.homework.end(walk.id)
    planned.sync()
    assert [one.what for one in planned.tracker.progress(night(TUESDAY, 2)).homework] == ["Walk"]
    assert planned.tracker.progress(night(TUESDAY, 5)).homework == ()


@pytest.mark.parametrize("hour", [-1, 24, 4.0, "4", None, True])
def test_an_hour_that_no_clock_shows_is_refused(care: Care, hour: Any) -> None:
    with pytest.raises(InvalidField, match="0 to 23"):
        begins(care, hour)


# -- the command -------------------------------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A client's store with an entry and a log at each of some moments, on this device's own clock."""
    with Tracker.open(tmp_path / "client.db") as tracker, Caseload.open(tmp_path / "care.db") as caseload:
        care = Care(tracker, caseload)
        begins(care, 4)
        for hours in (-1, 1, 3, 4, 25):  # from midnight between Monday and Tuesday
            at = (datetime.combine(TUESDAY, time()) + timedelta(hours=hours)).astimezone()
            tracker.journal.write(f"{hours} hours", at=at)
            tracker.symptoms.log({"worry": 3}, at=at)
    return tmp_path / "client.db"


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        (["--since", "2026-05-05"], [25, 4]),
        (["--until", "2026-05-05"], [3, 1, -1]),
        (["--since", "2026-05-04", "--until", "2026-05-05"], [3, 1, -1]),
        (["--since", "2026-05-05T00:00"], [25, 4, 3, 1]),
    ],
)
def test_a_day_that_is_given_to_the_command_begins_then(store: Path, bounds: list[str], expected: list[int]) -> None:
    def asked(*command: str) -> Any:
        result = CliRunner().invoke(main, ["--store", str(store), "--json", *command, *bounds])
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    texts = [f"{hours} hours" for hours in expected]
    assert [one["text"] for one in asked("entries")] == texts
    assert len(asked("logs", "list")) == len(asked("symptoms", "worry")) == len(texts)
    assert len(asked("search", "hours")["entries"]) == len(texts)
    if "--until" not in bounds:
        assert len(asked("progress")["series"]["worry"]) == len(texts)


def test_the_command_says_when_days_begin(store: Path) -> None:
    result = CliRunner().invoke(main, ["--store", str(store), "plan"])
    assert "The day begins at 04:00." in result.output


@pytest.mark.parametrize("day", ["2026-02-30", "0000-01-01", "2026-5-4"])
def test_a_day_that_is_none_is_refused(store: Path, day: str) -> None:
    result = CliRunner().invoke(main, ["--store", str(store), "entries", "--since", day])
    assert result.exit_code == 2
    assert "give it like 2026-05-04" in result.output
