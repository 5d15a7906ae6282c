"""Silence: longer than this client's own rate explains, without agreed pauses; whoever drops out is noticed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from tests.schemas.measures.records import Record, at, cut, day

from intersession_schemas.documents.care.episodes import Episode
from intersession_schemas.documents.care.homework import Homework
from intersession_schemas.documents.care.plan import Pause, Plan, PlanTracker, Threshold
from intersession_schemas.measures.signals.of_record import signals
from intersession_schemas.measures.signals.signal import Signal
from intersession_schemas.measures.signals.silence import LONGEST, DaysWithoutPauses, longest_usual, usual_gap
from intersession_schemas.streams import Kind

TRACKED = Plan(trackers={"mood": PlanTracker(name="mood", since=day(1))})


def told(record: Record, now: datetime) -> list[Signal]:
    return [one for one in signals(record.material, cut(now)) if one.kind == "silence"]


def first_told(record: Record, days: int = 60) -> datetime | None:
    """The first evening on which silence is told."""
    evenings = (at(1, 23) + timedelta(days=number) for number in range(days))
    return next((one for one in evenings if told(record, one)), None)


def writing(days: Iterable[int], plan: Plan | None = None) -> Record:
    """An entry at noon on each of these days of May."""
    record = Record()
    if plan is not None:
        record.add(Kind.PLAN, plan, at(1))
    for number in days:
        record.entry(at(1) + timedelta(days=number - 1))
    return record


def test_who_writes_daily_is_told_of_on_the_fourth_day() -> None:
    record = writing(range(1, 11))
    assert told(record, at(13)) == []
    (found,) = told(record, at(14))
    assert found.id == "silence/2026-05-10"
    assert found.text == (
        "No entries, logs, homework or assessments received since 2026-05-10 (4 days). "
        "Nine times in ten, this client writes again within 1 day."
    )
    record.options["heard_at"] = at(13)
    assert told(record, at(14))[0].text.endswith(" Last sync: 2026-05-13.")


def test_one_silence_keeps_its_id_and_grows_older() -> None:
    record = writing(range(1, 11))
    found = [told(record, at(number))[0] for number in range(14, 28)]
    assert len({one.id for one in found}) == 1
    assert [one.age_hours for one in found] == sorted(one.age_hours for one in found)


@pytest.mark.parametrize(
    ("every", "on"),
    [(1, 4), (2, 6), (3, 9), (7, 21)],
)
def test_whoever_writes_at_a_rhythm_of_their_own_is_held_against_it(every: int, on: int) -> None:
    days = range(1, 1 + 12 * every, every)
    last = at(1, 23) + timedelta(days=days[-1] - 1)
    told_at = first_told(writing(days), 200)
    assert told_at is not None
    assert (told_at - last).days == on


def test_who_drops_out_with_nine_entries_is_noticed() -> None:
    for plan in (None, TRACKED):
        assert first_told(writing(range(1, 10), plan)) is not None


def test_a_plan_that_is_never_taken_up_is_noticed_within_two_weeks() -> None:
    record = Record()
    record.add(Kind.PLAN, TRACKED, at(1))
    found = first_told(record)
    assert found is not None
    assert (found - at(1, 23)).days == LONGEST < 14
    assert told(record, found)[0].text == (
        "Nothing received yet. The plan has asked for something since 2026-05-01 (13 days)."
    )
    with_homework = Record()
    walk = Homework(what="Walk", rule="FREQ=DAILY", since=day(3), assigned_at=at(2))
    with_homework.add(Kind.HOMEWORK, walk, at(2))
    found = first_told(with_homework)
    assert found is not None
    assert (found - at(3, 23)).days == LONGEST


def test_nothing_is_told_where_nothing_is_asked_for_and_hardly_anything_was_written() -> None:
    assert first_told(Record()) is None
    assert first_told(writing([1, 3])) is None
    assert first_told(writing([1])) is None


def test_an_agreed_holiday_is_no_silence_and_what_follows_it_is() -> None:
    plan = Plan(pauses={"holiday": Pause(first=day(11), last=day(24), reason="holiday")})
    record = writing(range(1, 11), plan)
    assert all(told(record, at(number)) == [] for number in range(11, 28))
    (found,) = told(record, at(28))
    assert "(4 days without pauses)" in found.text


def test_a_pause_makes_no_long_gap_that_counts_as_usual() -> None:
    holiday = Pause(first=day(6), last=day(25))
    record = writing([*range(1, 6), *range(26, 36)], Plan(pauses={"holiday": holiday}))
    assert told(record, at(4, 23, month=6) + timedelta(days=4))


def test_nobody_is_silent_whose_care_has_ended() -> None:
    record = writing(range(1, 11), TRACKED)
    record.add(Kind.EPISODE, Episode(phase="ended", began_on=day(1), ended_on=day(12)), at(12))
    assert [bool(told(record, at(number))) for number in (14, 30)] == [False, False]
    record.add(Kind.EPISODE, Episode(phase="treatment", began_on=day(12)), at(12))
    assert told(record, at(14))


def test_a_threshold_of_the_plan_takes_the_place_of_the_own_rate() -> None:
    record = writing(range(1, 11), Plan(thresholds={"silence": Threshold(at=7)}))
    found = first_told(record)
    assert found is not None
    assert found.date() == day(17)


def test_logs_homework_and_assessments_are_no_silence() -> None:
    record = writing(range(1, 11))
    record.logs((at(13), {"mood": 3.0}))
    assert told(record, at(14)) == []


def test_what_is_about_long_ago_and_arrived_today_ends_a_silence() -> None:
    record = writing(range(1, 11))
    record.entry(at(9, 20), arrived=at(19))
    assert told(record, at(20)) == []


def test_an_entry_at_midnight_counts_on_its_own_day() -> None:
    record = Record()
    for number in range(1, 11):
        record.entry(at(number, 23, 50))
    assert told(record, at(13, 23)) == []
    assert len(told(record, at(14, 0))) == 1


def test_a_rate_of_one_day_in_five_or_more_is_never_waited_for_longer_than_two_weeks() -> None:
    assert longest_usual([1, 1, 8, 2, 9, 7, 1, 8]) == LONGEST
    assert longest_usual([14] * 8) == 42
    assert longest_usual([]) == LONGEST


@pytest.mark.parametrize(("gaps", "expected"), [([4], None), ([1] * 9 + [7], 1), ([1] * 8 + [7, 7], 7)])
def test_the_usual_gap_is_the_ninetieth_percentile(gaps: list[int], expected: int | None) -> None:
    assert usual_gap(gaps) == expected


def test_days_are_counted_without_pauses_that_overlap_or_have_no_end() -> None:
    counted = DaysWithoutPauses(
        Plan(
            pauses={
                "a": Pause(first=day(3), last=day(5)),
                "b": Pause(first=day(5), last=day(6)),
                "c": Pause(first=day(20)),
            }
        )
    )
    assert counted.between(day(1), day(10)) == 9 - 4
    assert counted.between(day(4), day(8)) == 2
    assert counted.between(day(18), day(31)) == 1
    assert counted.between(day(10), day(10)) == 0
