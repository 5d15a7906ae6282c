"""Trends: what is told of symptoms that were logged over years."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.schemas.measures.records import Record, at, cut, day

from intersession_schemas.documents.care.plan import Plan, PlanTracker
from intersession_schemas.measures.trends import MOST_EARLIER, trends
from intersession_schemas.streams import Kind


def test_of_a_diary_that_comes_at_once_the_newest_days_are_told_and_the_others_counted() -> None:
    record = Record()
    record.add(Kind.PLAN, Plan(trackers={"t": PlanTracker(name="mood")}), at(1))
    logs: list[tuple[datetime, dict[str, float]]] = [
        (at(16) - timedelta(days=ago), {"mood": ago % 11}) for ago in range(400)
    ]
    record.logs(*logs, (at(18), {"mood": 4}), arrived=dict.fromkeys(range(400), at(18)))
    ((mood,), left_out) = trends(record.material, cut(at(20)), at(17))
    assert left_out == 0
    newest = [day(16) - timedelta(days=ago) for ago in reversed(range(MOST_EARLIER))]
    assert [one.day for one in mood.earlier] == newest
    assert [one.values for one in mood.earlier[-2:]] == [(1,), (0,)]
    assert mood.earlier_left_out == 400 - MOST_EARLIER
    assert (mood.logged, mood.mean, mood.logged_before) == (1, 4.0, 4)
