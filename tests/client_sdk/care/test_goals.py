"""Goals with their steps: written by the client and by the care team, before pairing and after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from tests.client_sdk.care_practice import Care, CarePractice
from tests.client_sdk.practice import NOON

from intersession import Field, InvalidField, NotFound, Template, Tracker


def test_a_goal_with_steps(tracker: Tracker) -> None:
    goals = tracker.goals
    goal = goals.add("Ride the bus", "To see my sister", ["Look at it", "Get in"])
    assert (goal.what, goal.why, goal.state, goal.made_at, goal.arrived_at) == (
        "Ride the bus",
        "To see my sister",
        "open",
        NOON,
        None,
    )
    assert [step.text for step in goal.steps] == ["Look at it", "Get in"]
    look, get_in = goal.steps
    goals.add_step(goal.id, "Wait at the stop", after=look.id)
    goals.add_step(goal.id, "Ride")
    assert [step.text for step in goals.get(goal.id).steps] == ["Look at it", "Wait at the stop", "Get in", "Ride"]
    done = goals.step_done(goal.id, look)
    assert done.steps[0].done_on == date(2026, 5, 4)
    assert goals.step_done(goal.id, get_in.id, date(2026, 5, 1)).steps[2].done_on == date(2026, 5, 1)
    assert goals.step_done(goal.id, look, done=False).steps[0].done_on is None
    assert goals.edit_step(goal.id, look, "Look at one").steps[0].text == "Look at one"
    assert goals.move_step(goal.id, look, get_in.id).steps[2].text == "Look at one"
    assert goals.move_step(goal.id, look).steps[0].text == "Look at one"
    assert len(goals.remove_step(goal.id, look).steps) == 3
    edited = goals.edit(goal.id, why="For her")
    assert (edited.what, edited.why) == ("Ride the bus", "For her")
    assert goals.reach(goal.id).state == "reached"
    assert goals.let_go(goal.id).state == "let_go"
    assert goals.reopen(goal.id).state == "open"
    newer = goals.add("Sleep")
    assert {one.id for one in goals.list()} == {goal.id, newer.id}


def test_steps_put_between_others_for_ever_stay_in_order(tracker: Tracker) -> None:
    goal = tracker.goals.add("x", steps=["first", "last"])
    first = goal.steps[0]
    for number in range(70):
        goal = tracker.goals.add_step(goal.id, str(number), after=first.id)
    assert [step.text for step in goal.steps] == ["first", *map(str, range(69, -1, -1)), "last"]
    goal = tracker.goals.move_step(goal.id, first, first.id)
    assert goal.steps[0].text == "first"


def test_what_was_written_before_pairing_waits(tracker: Tracker) -> None:
    goal = tracker.goals.add("Ride")
    tracker.goals.step_done(goal.id, tracker.goals.add_step(goal.id, "Look").steps[0])
    assert tracker.comment(goal.id, "I mean it").text == "I mean it"
    practice = CarePractice()
    practice.sync(practice.enter(tracker))
    assert {row.kind for row in practice.rows} == {"plan", "goal", "comment"}
    assert tracker.goals.get(goal.id).arrived_at == NOON
    assert tracker.status().pending == 0


def test_both_sides_write(care: Care) -> None:
    goal = care.tracker.goals.add("Ride the bus", steps=["Look"])
    care.sync()
    care.client.goals.edit(goal.id, what="Ride the bus alone")
    care.client.goals.add_step(goal.id, "Get in")
    care.tracker.goals.edit(goal.id, what="Ride the blue bus")
    care.tracker.goals.add_step(goal.id, "Ride")
    care.sync()
    care.sync()
    for goals in (care.tracker.goals, care.client.goals):
        now = goals.get(goal.id)
        assert now.what == "Ride the blue bus alone"
        assert {step.text for step in now.steps} == {"Look", "Get in", "Ride"}
    care.end_assignment()
    with pytest.raises(NotFound, match="assignment"):
        care.caseload.client(care.practice.client)


def test_from_a_template(tracker: Tracker) -> None:
    steps = {"b": Field(order=2, prompt="second"), "a": Field(order=1, prompt="first")}
    template = Template(title="Values", makes="goal", what="Live by them", fields=steps)
    goal = tracker.goals.add(why="mine", template=template)
    assert (goal.what, goal.why, [step.text for step in goal.steps]) == ("Live by them", "mine", ["first", "second"])


def test_what_is_refused(tracker: Tracker) -> None:
    goal = tracker.goals.add("x", steps=["y"])
    (step,) = goal.steps
    refused: list[Callable[[], object]] = [
        lambda: tracker.goals.add(" "),
        lambda: tracker.goals.add("x", steps=["ok", " "]),
        lambda: tracker.goals.add("x", steps="text"),
        lambda: tracker.goals.add(5),  # type: ignore[arg-type]
        lambda: tracker.goals.edit(goal.id, what=""),
        lambda: tracker.goals.edit_step(goal.id, step, ""),
        lambda: tracker.goals.step_done(goal.id, step, NOON),
        lambda: tracker.goals.add_step(goal.id, "\ud800"),
    ]
    for call in refused:
        with pytest.raises(InvalidField):
            call()
    missing: list[Callable[[], object]] = [
        lambda: tracker.goals.get(uuid4()),
        lambda: tracker.goals.edit(uuid4(), what="x"),
        lambda: tracker.goals.step_done(goal.id, "nothing"),
        lambda: tracker.goals.add_step(goal.id, "x", after="nothing"),
        lambda: tracker.goals.move_step(goal.id, "nothing"),
    ]
    for call in missing:
        with pytest.raises(NotFound):
            call()
    assert tracker.goals.list() == [goal]
