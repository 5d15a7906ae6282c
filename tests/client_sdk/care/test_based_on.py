"""Read here, an edit of another device arrives, then an edit made from what was read: with `based_on` both survive.

Without it, a call sets what it is given as the document is now.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from tests.client_sdk.care_practice import Care
from tests.client_sdk.conftest import OpenTracker
from tests.client_sdk.practice import NOON, SettableClock

from intersession import Caseload, Changed, Client, Entry, Field, InvalidField, Plan, Topic, Tracker
from intersession_schemas.streams import Role


@pytest.fixture
def tablet(care: Care, open_tracker: OpenTracker) -> Tracker:
    """The client's second device."""
    tablet = open_tracker("tablet")
    care.sides.append(care.practice.enter(tablet))
    return tablet


@pytest.fixture
def colleague(care: Care, tmp_path: Path, clock: SettableClock) -> Iterator[Client]:
    """The client as another therapist has them on a device of their own."""
    with Caseload.open(tmp_path / "colleague.db", clock=clock) as caseload:
        care.sides.append(care.practice.enter(caseload, Role.COVERING))
        yield caseload.client(care.practice.client)


Read = Entry | str
AS_GIVEN = pytest.mark.parametrize(
    "given", [lambda entry: entry, lambda entry: entry.version], ids=["entry", "version"]
)


@AS_GIVEN
def test_the_text_of_an_entry(care: Care, tablet: Tracker, given: Callable[[Entry], Read]) -> None:
    seen = care.tracker.journal.write("Slept badly.", mood=3, tags=["sleep"], shared=True)
    care.sync()
    tablet.journal.edit(seen.id, text="Slept badly. Walked it off.", tags=["sleep", "walk"])
    care.sync()
    made = care.tracker.journal.edit(
        seen.id, text=f"Yesterday: {seen.text}", mood=4, tags=["evening", *seen.tags], based_on=given(seen)
    )
    assert (made.text, made.mood, made.tags) == (
        "Yesterday: Slept badly. Walked it off.",
        4,
        ("evening", "sleep", "walk"),
    )
    care.sync()
    assert tablet.journal.get(seen.id) == care.tracker.journal.get(seen.id)


def test_without_it_the_entry_becomes_what_is_given(care: Care, tablet: Tracker) -> None:
    seen = care.tracker.journal.write("Slept badly.", shared=True)
    care.sync()
    tablet.journal.edit(seen.id, text="Slept badly. Walked it off.")
    care.sync()
    assert care.tracker.journal.edit(seen.id, text="Yesterday: Slept badly.").text == "Yesterday: Slept badly."


def test_a_private_entry(care: Care, tablet: Tracker) -> None:
    """Nobody else has it: what came in between is another part of the same app."""
    journal = care.tracker.journal
    seen = journal.write("one", shared=False)
    journal.edit(seen.id, text="one two")
    assert journal.edit(seen.id, text="zero one", based_on=seen).text == "zero one two"


def test_the_sections_of_an_entry(care: Care, tablet: Tracker) -> None:
    seen = care.tracker.journal.write(sections={"How was it?": "fine", "And then?": "home"}, shared=True)
    care.sync()
    tablet.journal.edit(seen.id, sections={"How was it?": "fine, warm", "And then?": "home"})
    care.sync()
    answers = {"How was it?": "fine", "And then?": "straight home"}
    made = care.tracker.journal.edit(seen.id, sections=answers, based_on=seen)
    assert [one.text for one in made.sections] == ["fine, warm", "straight home"]


def test_the_time_of_an_entry_is_no_correction_where_it_is_what_was_read(
    care: Care, tablet: Tracker, clock: SettableClock
) -> None:
    seen = care.tracker.journal.write("one", shared=True)
    care.sync()
    tablet.journal.edit(seen.id, at=NOON - timedelta(hours=1))
    care.sync()
    clock.forward(minutes=1)  # of two corrections, the later one stands
    made = care.tracker.journal.edit(seen.id, text="one two", at=seen.written_at, based_on=seen)
    assert (made.text, made.written_at) == ("one two", NOON - timedelta(hours=1))
    clock.forward(minutes=1)
    assert care.tracker.journal.edit(seen.id, at=seen.written_at).written_at == NOON


def test_topics(care: Care, tablet: Tracker) -> None:
    seen = care.tracker.topics.add("the exam")
    care.sync()
    tablet.topics.edit(seen.id, "the exam in June")
    tablet.topics.tick_off(seen.id, date(2026, 5, 5))
    care.sync()
    made = care.tracker.topics.edit(seen.id, "fear of the exam", based_on=seen)
    assert (made.text, made.talked_on) == ("fear of the exam in June", date(2026, 5, 5))
    assert care.tracker.topics.edit(seen.id, "fear of the exam").text == "fear of the exam"


def test_goals_and_their_steps(care: Care) -> None:
    seen = care.tracker.goals.add("Sleep", "To think", ["walk", "read"])
    care.sync()
    theirs = care.client.goals.edit(seen.id, what="Sleep well", why="To think clearly")
    care.client.goals.edit_step(seen.id, seen.steps[0], "walk daily", based_on=theirs)
    care.sync()
    goals = care.tracker.goals
    made = goals.edit(seen.id, why="I want to think", what=seen.what, based_on=seen)
    assert (made.what, made.why) == ("Sleep well", "I want to think clearly")
    made = goals.edit_step(seen.id, seen.steps[0], "a walk", based_on=seen)
    assert [one.text for one in made.steps] == ["a walk daily", "read"]
    assert goals.edit(seen.id, what=seen.what).what == "Sleep"
    assert goals.edit_step(seen.id, seen.steps[0], "a walk").steps[0].text == "a walk"


def test_resources_and_their_steps(care: Care, colleague: Client) -> None:
    seen = care.client.resources.add("Breathing", "Slowly.", ["in", "out"], tags=["calm"])
    care.sync()
    colleague.resources.edit(
        seen.id, text="Slowly. By the window.", steps=["in", "hold", "out"], link="https://a.example"
    )
    care.sync()
    steps = ["in through the nose", "out"]
    made = care.client.resources.edit(seen.id, text="Very slowly.", steps=steps, link="", based_on=seen)
    assert made.text == "Very slowly. By the window."
    assert sorted(one.text for one in made.steps) == ["hold", "in through the nose", "out"]
    assert made.link == "https://a.example"
    made = care.client.resources.edit(seen.id, text=seen.text, steps=steps)
    assert (made.text, [one.text for one in made.steps]) == ("Slowly.", steps)


def test_homework_and_its_worksheet(care: Care, colleague: Client) -> None:
    seen = care.client.homework.assign("Go out", why="To see", fields=["Where?", "With whom?"])
    care.sync()
    colleague.homework.edit(seen.id, what="Go out daily", fields=["How was it?", "Where?", "With whom?"])
    care.sync()
    asked = ["Where exactly?", "With whom?"]
    made = care.client.homework.edit(seen.id, what="Go outside", fields=asked, confidence=6, based_on=seen)
    assert (made.what, made.confidence) == ("Go outside daily", 6)
    assert sorted(one.prompt for one in made.fields.values()) == ["How was it?", "Where exactly?", "With whom?"]
    made = care.client.homework.edit(seen.id, what=seen.what, fields=[Field(prompt=one) for one in asked])
    assert (made.what, [one.prompt for one in made.fields.values()]) == ("Go out", asked)


def test_what_was_recorded_of_homework(care: Care, tablet: Tracker) -> None:
    assigned = care.client.homework.assign("Go out", fields=["Where?", "With whom?"])
    care.sync()
    homework = care.tracker.homework
    seen = homework.record(assigned.id, "once", learned="It helps", answers={"Where?": "park"})
    care.sync()
    tablet.homework.record(assigned.id, seen, learned="It helps a bit", answers={"With whom?": "Bo"}, difficulty=7)
    care.sync()
    made = homework.record(
        assigned.id, seen, learned="Going helps", answers={"Where?": "lake"}, helpfulness=8, based_on=seen
    )
    assert made.learned == "Going helps a bit"
    assert {one.prompt: one.value for one in made.answers} == {"Where?": "lake", "With whom?": "Bo"}
    assert (made.difficulty, made.helpfulness, made.problems) == (7, 8, ())
    assert homework.record(assigned.id, seen, learned="It helps").learned == "It helps"
    other = care.client.homework.assign("Read")
    care.sync()
    with pytest.raises(InvalidField, match="Read it again"):
        homework.record(other.id, "once", based_on=seen)
    assert homework.get(other.id).progress == ()


def test_appointments(care: Care, colleague: Client) -> None:
    seen = care.client.sessions.plan(NOON + timedelta(days=1))
    care.sync()
    colleague.sessions.move(seen.id, NOON + timedelta(days=2))
    care.sync()
    made = care.client.sessions.move(seen.id, NOON + timedelta(days=3), 30, based_on=seen)
    assert made.minutes == 30
    assert made.planned_at in (NOON + timedelta(days=2), NOON + timedelta(days=3))
    assert made.problems, "that there are two is not said"
    care.sync()
    assert colleague.sessions.get(seen.id).planned_at == made.planned_at
    made = care.client.sessions.move(seen.id, NOON + timedelta(days=4))
    assert (made.planned_at, made.problems) == (NOON + timedelta(days=4), ())


def test_the_plan_is_based_on_what_it_was_when_it_was_opened(care: Care, colleague: Client) -> None:
    with care.client.plan.edit() as plan:
        plan.journal(introduction="Take five minutes.")
        step = plan.add_safety_step("people_to_ask", "Call Bo")
    care.sync()
    with care.client.plan.edit() as plan:
        with colleague.plan.edit() as theirs:
            theirs.journal(introduction="Take five minutes. Not more.")
            theirs.add_safety_step("people_to_ask", "Call Cy")
            theirs.day_begins(3)
        care.sync()
        assert plan.plan.version != care.client.plan.read().version
        plan.journal(introduction="In the evening: take five minutes.")
        plan.change_safety_step(step, text="Call Bo first")
        plan.day_begins(4)
    made = care.client.plan.read()
    assert made.introduction.endswith("ake five minutes. Not more.")
    assert made.introduction.startswith("In the evening: ")
    assert sorted(one.text for one in made.safety_plan.values()) == ["Call Bo first", "Call Cy"]
    assert made.day_begins in (3, 4)
    assert made.problems, "that there are two is not said"


def test_nothing_is_written_where_the_plan_is_left_as_it_is(care: Care) -> None:
    with care.client.plan.edit() as plan:
        plan.journal(introduction="Take five minutes.")
    care.sync()
    rows, pending = care.practice.head, care.caseload.status().pending
    with care.client.plan.edit() as plan:
        plan.journal(introduction="Take five minutes.")
    assert (care.practice.head, care.caseload.status().pending) == (rows, pending)


UNKNOWN: list[object] = [bytes(32).hex(), "0" * 64 + "1" * 64]
NONE_AT_ALL: list[object] = ["", "yesterday", "0" * 63, 7, uuid4()]


@pytest.mark.parametrize("version", UNKNOWN)
def test_a_version_that_is_not_here(care: Care, version: str) -> None:
    refused(care, version, "Read it again", "unknown_heads")


@pytest.mark.parametrize("version", NONE_AT_ALL)
def test_what_is_no_version(care: Care, version: str) -> None:
    refused(care, version, "based_on must be", "invalid_field")


def refused(care: Care, version: str, said: str, code: str) -> None:
    """Nothing is changed, neither on disk nor in memory."""
    tracker = care.tracker
    entry, topic = tracker.journal.write("one", shared=True), tracker.topics.add("the exam")
    pending = tracker.status().pending
    for edit in (
        lambda: tracker.journal.edit(entry.id, text="two", based_on=version),
        lambda: tracker.topics.edit(topic.id, "two", based_on=version),
    ):
        with pytest.raises(InvalidField, match=said) as failure:
            edit()
        assert failure.value.code == code
    assert (tracker.journal.get(entry.id), tracker.topics.get(topic.id)) == (entry, topic)
    assert tracker.status().pending == pending
    assert tracker.journal.edit(entry.id, text="one two", based_on=entry).text == "one two"


def test_of_another_document(care: Care) -> None:
    first, second = (care.tracker.topics.add(text) for text in ("one", "two"))
    with pytest.raises(InvalidField, match="Read it again"):
        care.tracker.topics.edit(first.id, "three", based_on=second)


def test_of_the_private_entry_that_a_shared_one_was_made_of(care: Care) -> None:
    """A shared copy is another document: what was read before has no part in its history."""
    seen = care.tracker.journal.edit(care.tracker.journal.write("o", shared=False).id, text="one")
    care.tracker.journal.share(seen.id)
    with pytest.raises(InvalidField, match="Read it again"):
        care.tracker.journal.edit(seen.id, text="two", based_on=seen)
    again = care.tracker.journal.get(seen.id)
    assert care.tracker.journal.edit(seen.id, text="two", based_on=again).text == "two"


def test_a_version_is_the_same_on_every_device(care: Care, tablet: Tracker) -> None:
    entry = care.tracker.journal.write("one", shared=True)
    topic = care.tracker.topics.add("one")
    care.sync()
    tablet.journal.edit(entry.id, text="one two")
    care.tracker.journal.edit(entry.id, text="zero one")
    care.sync()
    here: Topic | Entry
    for here, there in (
        (care.tracker.journal.get(entry.id), tablet.journal.get(entry.id)),
        (care.tracker.topics.get(topic.id), tablet.topics.get(topic.id)),
    ):
        assert here.version
        assert here == there
    assert len(care.tracker.journal.get(entry.id).version) == 2 * len(topic.version)  # two heads


def test_every_answer_says_its_version(care: Care) -> None:
    tracker, client = care.tracker, care.client
    goal = tracker.goals.add("Sleep")
    care.sync()
    assigned = client.homework.assign("Go out")
    client.homework.review(assigned.id, "keep")
    care.sync()
    recorded = tracker.homework.record(assigned.id, "once")
    (again,) = tracker.homework.list()
    answers: list[Changed] = [
        goal,
        assigned,
        recorded,
        *again.reviews,
        tracker.journal.write("one"),
        *tracker.journal.search("one").entries,
        *client.entries(),
        tracker.comment(goal.id, "so"),
        client.notes.add("quiet"),
        client.resources.add("Breathing", "Slowly."),
        client.sessions.plan(NOON + timedelta(days=1)),
        client.episodes.begin(),
        tracker.topics.add("the exam"),
        client.assessments.on_paper("phq-2", {"q1": 1, "q2": 2}),
    ]
    assert [type(one).__name__ for one in answers if not re.fullmatch("[0-9a-f]{64}", one.version)] == []
    assert client.plan.read().version == tracker.plan().version != ""
    assert Plan().version == ""
