"""Missed runs: more in a row than this client's own rate on the assignment explains."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from tests.schemas.measures.records import THERAPIST, Record, at, cut, day

from intersession_schemas.documents.care.homework import Homework, HomeworkProgress
from intersession_schemas.documents.care.plan import Pause, Plan, Threshold
from intersession_schemas.measures.signals.of_record import signals
from intersession_schemas.measures.signals.signal import Signal
from intersession_schemas.streams import Kind


def told(record: Record, now: datetime, kind: str | None = None) -> list[Signal]:
    return [one for one in signals(record.material, cut(now)) if kind in (None, one.kind)]


DAILY = Homework(what="Walk\nfor a while", rule="FREQ=DAILY", since=day(10), assigned_at=at(10, 8))


def progressed(record: Record, homework: UUID, said: dict[int, Any]) -> None:
    for number, status in said.items():
        one = HomeworkProgress(
            homework=homework,
            occurrence=day(number).isoformat(),
            status=status,
            done_at=at(number, 20),
            entered_at=at(number, 20),
        )
        record.add(Kind.HOMEWORK_PROGRESS, one, at(number, 20))


@pytest.mark.parametrize(
    ("said", "pauses", "now", "expected"),
    [
        # Never done: seven in a row, as nothing is known of this client's rate.
        ({}, (), 16, None),
        ({}, (), 17, (7, 10, 16)),
        ({10: "not", 12: "not"}, (), 17, (7, 10, 16)),
        ({11: "could_not"}, (), 17, None),
        ({11: "could_not"}, (), 18, (7, 10, 17)),
        ({}, (11, 12), 18, None),
        ({}, (11, 12), 19, (7, 10, 18)),
        ({17: "not"}, (), 17, (8, 10, 17)),
        # Done each time until then: three. Once not: more.
        ({10: "done"}, (), 13, None),
        ({10: "done"}, (), 14, (3, 11, 13)),
        ({10: "partly", 11: "done"}, (), 15, (3, 12, 14)),
        ({10: "done", 12: "done"}, (), 20, None),
        ({10: "done", 12: "done"}, (), 21, (8, 13, 20)),
        (dict.fromkeys(range(10, 20), "done"), (), 22, None),
        (dict.fromkeys(range(10, 20), "done"), (), 23, (3, 20, 22)),
        (dict.fromkeys(range(10, 20), "done") | {22: "done"}, (), 23, None),
    ],
)
def test_more_in_a_row_than_is_usual(
    said: dict[int, str], pauses: tuple[int, ...], now: int, expected: tuple[int, int, int] | None
) -> None:
    record = Record()
    plan = Plan(pauses={str(number): Pause(first=day(number), last=day(number)) for number in pauses})
    record.add(Kind.PLAN, plan, at(1))
    homework = record.add(Kind.HOMEWORK, DAILY, at(10), author=THERAPIST)
    progressed(record, homework, said)
    record.entry(at(now - 1))  # whoever writes is not silent
    found = told(record, at(now))
    if expected is None:
        assert found == []
        return
    count, first, last = expected
    assert [one.id for one in found] == [f"missed_run/{homework}/{day(first).isoformat()}"]
    assert found[0].text == (
        f"“Walk”: not done or not reported {count} times in a row, from {day(first)} to {day(last)}."
    )
    assert found[0].at == at(first, 0)


def test_who_does_half_of_it_may_miss_more_in_a_row_than_who_does_it_all() -> None:
    """Every second day, for four weeks."""
    record = Record()
    homework = record.add(Kind.HOMEWORK, DAILY, at(10), author=THERAPIST)
    for number in range(0, 28, 2):
        when = at(10, 20) + timedelta(days=number)
        one = HomeworkProgress(
            homework=homework, occurrence=when.date().isoformat(), status="done", done_at=when, entered_at=when
        )
        record.add(Kind.HOMEWORK_PROGRESS, one, when)
    last = at(10) + timedelta(days=26)
    record.entry(last + timedelta(days=13))
    assert told(record, last + timedelta(days=8), "missed_run") == []
    assert len(told(record, last + timedelta(days=14), "missed_run")) == 1


def test_a_threshold_of_the_plan_says_how_many() -> None:
    record = Record()
    record.add(Kind.PLAN, Plan(thresholds={"missed_run": Threshold(at=2)}), at(1))
    record.add(Kind.HOMEWORK, DAILY, at(10), author=THERAPIST)
    assert [len(told(record, at(number))) for number in (11, 12, 13)] == [0, 1, 1]


def test_of_whoever_is_silent_altogether_the_silence_tells_it_all() -> None:
    record = Record()
    homework = record.add(Kind.HOMEWORK, DAILY, at(10), author=THERAPIST)
    progressed(record, homework, dict.fromkeys(range(10, 20), "done"))
    kinds = [[one.kind for one in told(record, at(number, 23))] for number in (21, 22, 23, 28)]
    assert kinds == [[], [], ["silence"], ["silence"]]


def test_homework_that_was_ended_is_missed_no_more() -> None:
    record = Record()
    ended = Homework(what="Walk", rule="FREQ=DAILY", since=day(1), ended_on=day(20))
    record.add(Kind.HOMEWORK, ended, at(1))
    assert len(told(record, at(19))) == 1
    assert [one.kind for one in told(record, at(20))] == []


def test_a_day_that_was_over_where_the_client_is_was_never_offered() -> None:
    """Assigned at eight in the evening in California, it is the next day in Auckland, wherever one looks from."""
    record = Record()
    record.add(Kind.PLAN, Plan(thresholds={"missed_run": Threshold(at=2)}), at(1))
    evening = datetime(2026, 5, 10, 20, tzinfo=timezone(timedelta(hours=-7)))
    homework = Homework(what="Walk", rule="FREQ=DAILY", since=day(10), assigned_at=evening)
    record.add(Kind.HOMEWORK, homework, evening, author=THERAPIST)
    for zone in (timezone(timedelta(hours=-7)), timezone(timedelta(hours=12))):
        (found,) = told(record, datetime(2026, 5, 13, 12, tzinfo=zone))
        assert found.id.endswith("/2026-05-11")
