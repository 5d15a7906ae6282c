"""What a client wants to talk about: theirs alone, carried over until ticked off, and on top of the brief."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from tests.client_sdk.care_practice import Care
from tests.client_sdk.practice import NOON, SettableClock

from intersession import InvalidField, NotFound, Tracker


def test_a_topic_stays_until_it_is_ticked_off(tracker: Tracker) -> None:
    topics = tracker.topics
    first, then = topics.add("My brother’s wedding"), topics.add("Sleep")
    assert {one.text for one in topics.list()} == {"Sleep", "My brother’s wedding"}
    assert topics.edit(first.id, "My sister’s wedding").text == "My sister’s wedding"
    assert topics.tick_off(then.id).talked_on == date(2026, 5, 4)
    assert [one.id for one in topics.list()] == [first.id]
    assert {one.id for one in topics.list(talked=True)} == {then.id, first.id}
    assert topics.reopen(then.id).talked_on is None
    assert topics.tick_off(then.id, date(2026, 5, 1)).talked_on == date(2026, 5, 1)
    with pytest.raises(InvalidField):
        topics.add("  ")
    for call in (topics.get, topics.tick_off, topics.withdraw):
        with pytest.raises(NotFound):
            call(uuid4())


def test_an_open_topic_is_found_behind_many_that_were_ticked_off(tracker: Tracker) -> None:
    open_ones = {tracker.topics.add(f"open {number}").id for number in range(2)}
    for number in range(5):
        tracker.topics.tick_off(tracker.topics.add(f"done {number}").id)
    (first,) = tracker.topics.list(limit=1)
    (then,) = tracker.topics.list(limit=1, after=first.id)
    assert {first.id, then.id} == open_ones
    assert tracker.topics.list(limit=1, after=then.id) == []


def test_the_care_team_reads_it_on_top_of_the_brief(care: Care, clock: SettableClock) -> None:
    topic = care.tracker.topics.add("Whether to tell my boss")
    clock.forward(days=3)
    care.practice.received_at = clock.now
    kept = care.client.sessions.plan(clock.now - timedelta(hours=1))
    care.client.sessions.attended(kept.id)
    care.sync()
    assert [one.text for one in care.client.topics.list()] == ["Whether to tell my boss"]
    assert not hasattr(care.client.topics, "tick_off")
    (told,) = care.client.brief().topics
    assert (told.id, told.text, told.made_at, told.carried_over) == (topic.id, topic.text, NOON, True)
    care.tracker.topics.tick_off(topic.id)
    care.sync()
    assert care.client.brief().topics == ()


def test_a_topic_that_is_withdrawn_is_gone_everywhere(care: Care) -> None:
    topic = care.tracker.topics.add("Not this after all")
    care.sync()
    assert care.client.topics.get(topic.id).text == "Not this after all"
    care.tracker.topics.withdraw(topic.id)
    assert care.tracker.topics.list(talked=True) == []
    care.sync()
    assert care.client.topics.list(talked=True) == []


def test_topics_are_in_an_export_and_can_be_taken_from_one(tracker: Tracker, tmp_path: Path) -> None:
    topic = tracker.topics.add("The move")
    tracker.topics.tick_off(topic.id)
    tracker.export(tmp_path / "out")
    assert "The move" in (tmp_path / "out" / "topics.csv").read_text("utf-8")
    with Tracker.open(tmp_path / "other.db") as other:
        assert other.import_from(tmp_path / "out", share=True).topics == 1
        (taken,) = other.topics.list(talked=True)
        assert (taken.text, taken.talked_on) == ("The move", date(2026, 5, 4))
