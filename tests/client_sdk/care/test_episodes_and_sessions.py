"""Episodes with their phases; sessions that are planned, kept, missed and moved."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from tests.client_sdk.care_practice import Care
from tests.client_sdk.practice import NOON, SettableClock

from intersession import InvalidField, NotFound


def test_episodes_have_phases_and_an_end(care: Care, clock: SettableClock) -> None:
    episodes = care.client.episodes
    assert (episodes.list(), episodes.current()) == ([], None)
    with pytest.raises(NotFound):
        episodes.baseline("phq-9/total", uuid4())
    first = episodes.begin("Panic", on=date(2026, 5, 1))
    assert (first.phase, first.began_on, first.is_open) == ("assessment", date(2026, 5, 1), True)
    with pytest.raises(InvalidField, match="already open"):
        episodes.begin("Another")
    assert episodes.phase(first.id, "treatment").phase == "treatment"
    with pytest.raises(InvalidField):
        episodes.phase(first.id, "ended")
    ended = episodes.end(first.id)
    assert (ended.phase, ended.ended_on, ended.is_open) == ("ended", date(2026, 5, 4), False)
    clock.forward(days=30)
    again = episodes.begin("Again")
    assert episodes.current() == again
    assert [one.id for one in episodes.list()] == [again.id, first.id]


def test_a_phase_begins_on_a_day(care: Care, clock: SettableClock) -> None:
    episodes = care.client.episodes
    first = episodes.begin(on=date(2026, 5, 1))
    assert first.phase_began_on == date(2026, 5, 1)
    assert episodes.phase(first.id, "treatment").phase_began_on == date(2026, 5, 4)
    clock.forward(days=7)
    assert episodes.phase(first.id, "treatment").phase_began_on == date(2026, 5, 4)
    assert episodes.phase(first.id, "treatment", on=date(2026, 5, 6)).phase_began_on == date(2026, 5, 6)
    assert episodes.phase(first.id, "follow_up").phase_began_on == date(2026, 5, 11)
    with pytest.raises(InvalidField, match="before its episode"):
        episodes.phase(first.id, "assessment", on=date(2026, 4, 30))


def test_sessions_are_planned_kept_missed_and_moved(care: Care) -> None:
    sessions = care.client.sessions
    first, then = sessions.plan(NOON - timedelta(days=7)), sessions.plan(NOON + timedelta(days=7), minutes=90)
    assert sessions.attended(first.id).state == "attended"
    care.sync()
    assert care.tracker.sessions.list() == sessions.list()
    assert [one.id for one in sessions.list()] == [then.id, first.id]
    following = care.tracker.sessions.next()
    assert following is not None
    assert (following.id, following.minutes) == (then.id, 90)
    assert sessions.move(then.id, NOON + timedelta(days=8)).planned_at == NOON + timedelta(days=8)
    assert sessions.cancel(then.id).state == "cancelled"
    assert sessions.missed(then.id).state == "missed"
    assert sessions.next() is None
    with pytest.raises(InvalidField):
        sessions.plan(NOON, minutes=0)
    with pytest.raises(NotFound):
        sessions.attended(uuid4())
