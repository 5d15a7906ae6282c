"""What is due on a client's own device: by their local days, whatever the network, the clock and the offset do."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.client_sdk.care_practice import Care
from tests.client_sdk.practice import NOON, SettableClock

from intersession import InvalidField, Tracker

BERLIN = ZoneInfo("Europe/Berlin")


def titles(care: Care, now: datetime | None = None) -> list[str]:
    return [one.title for one in care.tracker.due(now)]


def test_before_pairing_nothing_is_due(tracker: Tracker) -> None:
    assert tracker.due() == []
    assert tracker.upcoming(NOON + timedelta(days=30)) == []
    for call in (tracker.due, tracker.upcoming):
        with pytest.raises(InvalidField, match="naive"):
            call(datetime(2026, 5, 4))  # noqa: DTZ001


def test_what_is_done_is_due_no_more(care: Care, clock: SettableClock) -> None:
    with care.client.plan.edit() as plan:
        plan.add_section("How was your day?")
        plan.add_tracker("worry")
    walk = care.client.homework.assign("Walk", rule="daily")
    care.sync()
    assert titles(care) == ["Journal", "worry", "Walk"]
    care.tracker.journal.write("private too", shared=False)
    assert titles(care) == ["worry", "Walk"]
    care.tracker.symptoms.log({"worry": 3})
    care.tracker.homework.record(walk.id)
    assert titles(care) == []
    assert titles(care, clock.now + timedelta(days=1)) == ["Journal", "worry", "Walk"]
    ahead = care.tracker.upcoming(NOON + timedelta(days=2))
    assert [(one.title, one.day) for one in ahead][:3] == [
        ("Journal", date(2026, 5, 5)),
        ("worry", date(2026, 5, 5)),
        ("Walk", date(2026, 5, 5)),
    ]
    clock.forward(days=2)
    assert [(one.title, one.overdue) for one in care.tracker.due()] == [
        ("Walk", True),
        ("Journal", False),
        ("worry", False),
        ("Walk", False),
    ]
    with care.client.plan.edit() as plan:
        plan.pause(clock.now.date(), reason="illness")
    care.sync()
    assert titles(care) == []


def test_entries_around_midnight_answer_for_the_days_they_were_written_on(care: Care, clock: SettableClock) -> None:
    """In Berlin clocks went forward on 29 March 2026 at two: both entries stay on their days, also asked from afar."""
    with care.client.plan.edit() as plan:
        plan.add_section("How was your day?")
        plan.add_tracker("worry")
        plan.journal(since=date(2026, 3, 1))
        for tracker in plan.plan.trackers:
            plan.change_tracker(tracker, since=date(2026, 3, 1))
    care.sync()
    clock.now = datetime(2026, 3, 28, 23, 50, tzinfo=BERLIN)
    care.tracker.journal.write("before midnight")
    assert titles(care) == ["worry"]
    clock.now = datetime(2026, 3, 29, 0, 10, tzinfo=BERLIN)
    assert titles(care) == ["Journal", "worry"]
    care.tracker.symptoms.log({"worry": 1})
    assert titles(care) == ["Journal"]
    for zone in ("Pacific/Auckland", "America/Los_Angeles", "Asia/Kolkata"):
        there = datetime(2026, 3, 28, 12, 0, tzinfo=ZoneInfo(zone))
        assert titles(care, there) == ["worry"]
        assert titles(care, there + timedelta(days=1)) == ["Journal"]


def test_another_device_of_the_client_sees_the_same(care: Care, open_tracker: object, clock: SettableClock) -> None:
    assert callable(open_tracker)
    walk = care.client.homework.assign("Walk", rule="FREQ=DAILY;BYHOUR=18")
    care.sync()
    other: Tracker = open_tracker("other")
    care.sides.append(care.practice.enter(other))
    assert other.due() == care.tracker.due()
    assert [one.at for one in other.due()] == [datetime(2026, 5, 4, 18, tzinfo=NOON.tzinfo)]
    other.homework.record(walk.id)
    care.sync()
    assert other.due() == care.tracker.due() == []
