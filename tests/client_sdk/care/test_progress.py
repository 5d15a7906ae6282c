"""How it has gone, as the client sees it: series, homework as counts, goals."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from tests.client_sdk.care_practice import Care
from tests.client_sdk.practice import NOON, SettableClock

from intersession import InvalidField, Progress, Tracker


def test_of_a_new_store(tracker: Tracker) -> None:
    assert tracker.progress() == Progress(series={}, homework=(), goals=(), since=None)
    with pytest.raises(InvalidField, match="naive"):
        tracker.progress(datetime(2026, 5, 4))  # noqa: DTZ001


def test_a_week_worked_out_by_hand(care: Care, clock: SettableClock) -> None:
    walk = care.client.homework.assign("Walk", rule="daily")
    care.sync()
    record, days = care.tracker.homework.record, [date(2026, 5, day) for day in range(4, 11)]
    record(walk.id, days[0], "done", difficulty=3, helpfulness=8)
    record(walk.id, days[1], "partly", difficulty=6)
    record(walk.id, days[2], "not", barrier="forgot")
    record(walk.id, days[3], "could not")
    clock.forward(days=7)
    record(walk.id, days[4], "done", done_at=NOON + timedelta(days=4))
    with care.client.plan.edit() as plan:
        plan.pause(days[5], days[5])
    care.sync()
    ((id, what, counts),) = care.tracker.progress().homework
    assert (id, what) == (walk.id, "Walk")
    # Two done, one partly, one not, the last day unanswered; one in a pause, one that could not be.
    assert (counts.counted, counts.done, counts.partly, counts.not_done, counts.unanswered) == (5, 2, 1, 1, 1)
    assert (counts.could_not, counts.paused, counts.late) == (1, 1, 1)
    assert (counts.difficulty, counts.helpfulness, counts.barriers) == ((3, 6), (8,), {"forgot": 1})
    assert care.client.homework.get(walk.id).adherence == counts


def test_since(care: Care, clock: SettableClock) -> None:
    ended, goes_on = care.client.homework.assign("a"), care.client.homework.assign("b")
    care.client.homework.end(ended.id)
    care.sync()
    care.tracker.symptoms.log({"worry": 5, "sleep": 1})
    clock.forward(days=3)
    care.tracker.symptoms.log({"worry": 2})
    goal = care.tracker.goals.add("Ride")
    whole, part = care.tracker.progress(), care.tracker.progress(NOON + timedelta(days=1))
    assert {name: [point.value for point in points] for name, points in whole.series.items()} == {
        "sleep": [1],
        "worry": [2, 5],
    }
    assert {name: [point.value for point in points] for name, points in part.series.items()} == {"worry": [2]}
    assert {one.id for one in whole.homework} == {goes_on.id, ended.id}
    assert [one.id for one in part.homework] == [goes_on.id]
    assert whole.goals == part.goals == (goal,)
