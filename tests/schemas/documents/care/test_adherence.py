"""How far homework was done: counts worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from intersession_schemas.documents.care.adherence import (
    Adherence,
    OccurrenceState,
    Recorded,
    adherence,
    occurrences_with_progress,
)
from intersession_schemas.documents.care.homework import ONCE, Homework, HomeworkProgress
from intersession_schemas.documents.care.plan import Pause, Plan

TODAY = date(2026, 5, 10)
NOW = datetime(2026, 5, 10, 12, tzinfo=UTC)
DAILY = Homework(what="Walk", rule="FREQ=DAILY", since=date(2026, 5, 1))


def said(number: int, occurrence: str, status: str = "done", *, hours: float = 0, **fields: Any) -> Recorded:
    """Progress with the id `number`, done at noon of its day (or of the first) and entered `hours` later."""
    day = date(2026, 5, 1) if occurrence == ONCE else date.fromisoformat(occurrence[:10])
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    progress = HomeworkProgress(
        occurrence=occurrence,
        status=status,  # type: ignore[arg-type]
        done_at=at,
        entered_at=at + timedelta(hours=hours),
        **fields,
    )
    return Recorded(UUID(int=number), progress)


def may(day: int) -> str:
    return date(2026, 5, day).isoformat()


def plan(*pauses: tuple[int, int]) -> Plan:
    return Plan(
        pauses={
            str(first): Pause(first=date(2026, 5, first), last=date(2026, 5, last), order=first)
            for first, last in pauses
        }
    )


def states(
    homework: Homework, progress: list[Recorded], on: Plan | None = None, today: date = TODAY
) -> list[tuple[str, OccurrenceState]]:
    return [
        (one.key, one.state)
        for one in occurrences_with_progress(homework, progress, on or plan(), datetime.combine(today, time(12), UTC))
    ]


# A table worked out by hand. The assignment: daily from May 1st; today is May 10th; paused on the 7th and 8th.
#
#   day   said                                                      state        counted
#   1     done, difficulty 3, helpfulness 8                         done         yes
#   2     done, entered 25 hours later                              done, late   yes
#   3     partly on one device; not on another, entered later       not          yes
#   4     could not (too hard), difficulty 9                        could_not    no
#   5     nothing                                                   unanswered   yes
#   6     not (forgot), entered 24 hours later: not late            not          yes
#   7     nothing; paused                                           paused       no
#   8     done all the same; paused                                 paused       no
#   9     partly, difficulty 4                                      partly       yes
#   10    nothing yet: today                                        open         no
#   12    done already                                              done         yes
TABLE = [
    said(1, may(1), difficulty=3, helpfulness=8),
    said(2, may(2), hours=25),
    said(4, may(3), "partly", difficulty=1, barrier="no_chance"),
    said(3, may(3), "not", hours=2, barrier="forgot"),
    said(5, may(4), "could_not", difficulty=9, barrier="too_hard"),
    said(6, may(6), "not", hours=24, barrier="forgot"),
    said(7, may(8), "done"),
    said(8, may(9), "partly", difficulty=4),
    said(9, may(12), "done"),
]


def test_the_table() -> None:
    found = occurrences_with_progress(DAILY, TABLE, plan((7, 8)), NOW)
    assert [(one.key, one.state) for one in found] == [
        (may(1), "done"),
        (may(2), "done"),
        (may(3), "not"),
        (may(4), "could_not"),
        (may(5), "unanswered"),
        (may(6), "not"),
        (may(7), "paused"),
        (may(8), "paused"),
        (may(9), "partly"),
        (may(10), "open"),
        (may(12), "done"),
    ]
    assert found[2].progress == (UUID(int=3), UUID(int=4))
    assert [one.day for one in found] == [date.fromisoformat(one.key) for one in found]
    assert adherence(DAILY, TABLE, plan((7, 8)), NOW) == Adherence(
        counted=7,
        done=3,
        partly=1,
        not_done=2,
        unanswered=1,
        could_not=1,
        paused=2,
        late=1,
        difficulty=(3, 9, 4),
        helpfulness=(8,),
        barriers={"forgot": 2, "too_hard": 1},
    )


def test_the_order_in_which_progress_came_makes_no_difference() -> None:
    assert adherence(DAILY, TABLE[::-1], plan((7, 8)), NOW) == adherence(DAILY, TABLE, plan((7, 8)), NOW)


def test_of_two_entered_at_once_the_id_decides() -> None:
    both = [said(2, may(1), "not"), said(1, may(1), "done")]
    assert states(DAILY, both, today=date(2026, 5, 1)) == [(may(1), "not")]


@pytest.mark.parametrize("status", ["done", "partly", "not", "could_not"])
def test_today_counts_only_if_it_is_answered(status: str) -> None:
    today = datetime(2026, 5, 1, 12, tzinfo=UTC)
    assert adherence(DAILY, [], plan(), today) == Adherence()
    assert adherence(DAILY, [], plan((1, 1)), today) == Adherence()
    found = adherence(DAILY, [said(1, may(1), status)], plan(), today)
    assert found.counted == (status != "could_not")
    assert found.could_not == (status == "could_not")


def test_nothing_before_it_began_was_assigned_or_after_it_ended() -> None:
    assert states(DAILY, [], today=date(2026, 4, 30)) == []
    late = Homework(
        what="x", rule=DAILY.rule, since=DAILY.since, assigned_at=datetime(2026, 5, 9, tzinfo=UTC), until=TODAY
    )
    assert states(late, []) == [(may(9), "unanswered"), (may(10), "open")]
    ended = Homework(what="x", rule=DAILY.rule, since=DAILY.since, ended_on=date(2026, 5, 3))
    assert states(ended, []) == [(may(1), "unanswered"), (may(2), "unanswered")]


def test_homework_with_a_day_is_one_occurrence() -> None:
    once = Homework(what="x", due=date(2026, 5, 9))
    assert states(once, [], today=date(2026, 5, 8)) == []
    assert states(once, [], today=date(2026, 5, 9)) == [(may(9), "open")]
    assert states(once, []) == [(may(9), "unanswered")]
    assert states(once, [said(1, may(9))], today=date(2026, 5, 8)) == [(may(9), "done")]


def test_homework_without_a_day_is_open_until_it_is_done_or_its_end_has_passed() -> None:
    free = Homework(what="x", since=date(2026, 5, 2))
    assert states(free, [], today=date(2026, 5, 1)) == []
    assert states(free, [], today=date(2028, 5, 1)) == [(ONCE, "open")]
    assert adherence(free, [], plan(), NOW) == Adherence()
    assert states(free, [said(1, ONCE, "partly")]) == [(ONCE, "partly")]
    assert adherence(free, [said(1, ONCE, "partly")], plan((1, 9)), NOW).partly == 1
    until = Homework(what="x", until=date(2026, 5, 9))
    assert states(until, []) == [(ONCE, "unanswered")]
    assert adherence(until, [], plan(), NOW).unanswered == 1
    assert states(Homework(what="x", ended_on=TODAY), []) == []
    assert states(Homework(what="x", ended_on=TODAY), [said(1, ONCE)]) == [(ONCE, "done")]


def test_several_times_a_day_are_several_occurrences() -> None:
    twice = Homework(what="x", rule="FREQ=DAILY;BYHOUR=8,20", since=date(2026, 5, 9))
    assert states(twice, [said(1, f"{may(9)}T20:00")]) == [
        (f"{may(9)}T08:00", "unanswered"),
        (f"{may(9)}T20:00", "done"),
        (f"{may(10)}T08:00", "open"),
        (f"{may(10)}T20:00", "open"),
    ]


def test_answers_to_what_the_rule_no_longer_gives_and_odd_keys_stay() -> None:
    weekly = Homework(what="x", rule="FREQ=WEEKLY", since=date(2026, 5, 4))
    odd = Recorded(UUID(int=3), HomeworkProgress(occurrence="whenever"))
    found = occurrences_with_progress(weekly, [said(1, may(6)), odd], plan(), NOW)
    assert [(one.key, one.day, one.state) for one in found] == [
        (may(4), date(2026, 5, 4), "unanswered"),
        (may(6), date(2026, 5, 6), "done"),
        ("whenever", None, "done"),
    ]


def test_a_daily_assignment_of_many_years_still_has_its_latest_days() -> None:
    old = Homework(what="x", rule="FREQ=DAILY", since=date(2010, 1, 1))
    found = occurrences_with_progress(old, [], plan(), NOW)
    assert (found[-1].key, len(found)) == (may(10), 3661)


def test_a_clock_that_is_ahead_does_not_have_the_last_word() -> None:
    """What a device says that is two years ahead counts as entered when it arrived; without a network, as it says."""
    ahead = said(1, may(1), "not", hours=17_520)
    later = said(2, may(1), "done", hours=3)
    assert ahead.progress.done_at is not None
    arrived = ahead._replace(arrived_at=ahead.progress.done_at + timedelta(hours=2))
    for given, state in (([ahead, later], "not"), ([arrived, later], "done")):
        found = occurrences_with_progress(DAILY, given, plan(), datetime(2026, 5, 1, 12, tzinfo=UTC))
        assert [one.state for one in found] == [state]


def test_the_first_day_is_that_of_the_assignment_where_the_client_is() -> None:
    """A therapist in Auckland assigns on Tuesday what a client in Los Angeles has from Monday on, as their agenda."""
    assigned = datetime(2026, 5, 5, 9, tzinfo=timezone(timedelta(hours=12)))
    homework = replace(DAILY, assigned_at=assigned)
    for hours, first in ((-7, may(4)), (12, may(5))):
        now = datetime(2026, 5, 6, 12, tzinfo=timezone(timedelta(hours=hours)))
        assert occurrences_with_progress(homework, [], plan(), now)[0].key == first
