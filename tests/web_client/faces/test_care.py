"""Homework, goals, topics, resources and comments of a client's device, told to the SDK and to the faces."""

from __future__ import annotations

from typing import Any

import pytest
from tests.web_client.faces.twins import Both, Twins, at


def _assigned(twins: Twins, beginning: str) -> Both:
    """The assignment that begins so."""
    all_ = twins.both(lambda t: t.homework.list(), "homework", "list")
    [sdk] = [one for one in all_.sdk if one.what.startswith(beginning)]
    [face] = [one for one in all_.face if one["what"].startswith(beginning)]
    return Both(sdk, face)


def _again(twins: Twins, homework: Both) -> Any:
    return twins.both(lambda t: t.homework.get(homework.sdk.id), "homework", "get", homework.face["id"]).sdk


def test_homework_is_recorded_with_its_worksheet_corrected_and_merged(twins: Twins) -> None:
    bus = _assigned(twins, "Take the bus")
    answers = {"What did you do?": "Two stops.", "fear": 60}
    first = twins.both(
        lambda t: t.homework.record(bus.sdk.id, answers=answers, difficulty=7, learned="It passes."),
        *("homework", "record", bus.face["id"], {"answers": answers, "difficulty": 7, "learned": "It passes."}),
    )
    twins.clock.forward(minutes=4)
    twins.both(
        lambda t: t.homework.record(
            bus.sdk.id, first.sdk, "partly", answers={"how afraid?": 40}, helpfulness=8, based_on=first.sdk
        ),
        *("homework", "record", bus.face["id"]),
        {
            "record": first.face["id"],
            "status": "partly",
            "answers": {"how afraid?": 40},
            "helpfulness": 8,
            "based_on": first.face["version"],
        },
    )
    merged = twins.both(
        lambda t: t.homework.record(bus.sdk.id, first.sdk, learned="It passes, slowly.", based_on=first.sdk),
        *("homework", "record", bus.face["id"]),
        {"record": first.face["id"], "learned": "It passes, slowly.", "based_on": first.face["version"]},
    )
    assert merged.face["status"] == "partly"
    for key, given in (
        ("2026-05-03", {"status": "could_not", "barrier": "no_chance", "barrier_note": "No bus."}),
        ("2026-05-02", {"status": "not", "barrier": "too_hard", "done_at": "2026-05-02T20:00:00+02:00"}),
    ):
        sdk = {name: at(value) if name == "done_at" else value for name, value in given.items()}
        twins.both(
            lambda t, k=key, s=sdk: t.homework.record(bus.sdk.id, k, **s),
            *("homework", "record", bus.face["id"], {"occurrence": key, **given}),
        )
    assert _again(twins, bus).adherence.could_not == 1
    twins.both(lambda t: t.due(), "plans", "due")
    twins.both(lambda t: t.progress(), "plans", "progress")
    since = "2026-05-03T00:00:00+02:00"
    twins.both(lambda t: t.progress(at(since)), "plans", "progress", since)


def test_two_occurrences_of_a_day_and_homework_without_one(twins: Twins) -> None:
    breathe, call, form = (_assigned(twins, one) for one in ("Breathe", "Call", "Hand in"))
    record = ("homework", "record", breathe.face["id"])
    assert twins.refused(lambda t: t.homework.record(breathe.sdk.id), *record, {}) == "invalid_field"
    for key in ("2026-05-04T08:00", "2026-05-04T20:00"):
        twins.both(lambda t, k=key: t.homework.record(breathe.sdk.id, k), *record, {"occurrence": key})
    for key in ("2026-05-04T09:00", "2026-05-04", "2026-04-01T08:00", "once", "soon"):
        twins.refused(lambda t, k=key: t.homework.record(breathe.sdk.id, k), *record, {"occurrence": key})
    answers = {"1": "Good.", "2": "Jo."}
    called = twins.both(
        lambda t: t.homework.record(call.sdk.id, answers=answers),
        *("homework", "record", call.face["id"], {"answers": answers}),
    )
    assert [answer["key"] for answer in called.face["answers"]] == ["2", "1"]
    for one in (call, form):
        twins.both(lambda t, o=one: t.homework.record(o.sdk.id), "homework", "record", one.face["id"], {})
        _again(twins, one)
    _again(twins, breathe)
    twins.both(lambda t: t.due(), "plans", "due")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"answers": {"fear": 50}},
        {"answers": {"What did you do?": "a", "fear": 101}},
        {"answers": {"What did you do?": "a", "Else": "b"}},
        {"answers": {"What did you do?": "a", "what": "b"}},
        {"status": "could_not", "difficulty": 11},
        {"status": "could_not", "helpfulness": "much"},
        {"status": "maybe"},
        {"status": "not", "barrier": "rain"},
        {"status": "not", "occurrence": "2026-04-09"},
        {"status": "not", "done_at": "yesterday"},
        {"status": "not", "based_on": "ab" * 32},
    ],
)
def test_what_no_report_may_be_is_refused_alike(twins: Twins, given: dict[str, Any]) -> None:
    bus = _assigned(twins, "Take the bus")
    sdk = dict(given)
    occurrence = sdk.pop("occurrence", None)
    code = twins.refused(
        lambda t: t.homework.record(bus.sdk.id, occurrence, **sdk), "homework", "record", bus.face["id"], given
    )
    assert code == ("unknown_heads" if "based_on" in given else "invalid_field")
    assert _again(twins, bus).progress == ()


def test_goals_and_their_steps(twins: Twins) -> None:
    goal = twins.both(
        lambda t: t.goals.add("Swim", "It calms me", ["Find a pool", "Go once"]),
        *("goals", "add", "Swim", {"why": "It calms me", "steps": ["Find a pool", "Go once"]}),
    )
    id_, key = goal.sdk.id, goal.face["id"]
    one, other = goal.sdk.steps, goal.face["steps"]
    twins.both(
        lambda t: t.goals.add_step(id_, "Buy a cap", after=one[0].id),
        "goals",
        "addStep",
        key,
        "Buy a cap",
        other[0]["id"],
    )
    twins.both(lambda t: t.goals.add_step(id_, "Go weekly"), "goals", "addStep", key, "Go weekly")
    twins.both(lambda t: t.goals.move_step(id_, one[1].id), "goals", "moveStep", key, other[1]["id"])
    twins.both(
        lambda t: t.goals.edit_step(id_, one[0].id, "Find a quiet pool", based_on=goal.sdk),
        *("goals", "editStep", key, other[0]["id"], "Find a quiet pool", goal.face["version"]),
    )
    twins.both(lambda t: t.goals.step_done(id_, one[0].id), "goals", "stepDone", key, other[0]["id"])
    twins.both(
        lambda t: t.goals.step_done(id_, one[0].id, done=False),
        "goals",
        "stepDone",
        key,
        other[0]["id"],
        {"done": False},
    )
    twins.both(lambda t: t.goals.remove_step(id_, one[1].id), "goals", "removeStep", key, other[1]["id"])
    merged = twins.both(
        lambda t: t.goals.edit(id_, what="Swim again", based_on=goal.sdk),
        *("goals", "edit", key, {"what": "Swim again", "based_on": goal.face["version"]}),
    )
    assert [step["text"] for step in merged.face["steps"]] == ["Find a quiet pool", "Buy a cap", "Go weekly"]
    for sdk, face in (("reach", "reach"), ("let_go", "letGo"), ("reopen", "reopen")):
        twins.both(lambda t, s=sdk: getattr(t.goals, s)(id_), "goals", face, key)
    twins.both(lambda t: t.goals.list(), "goals", "list")
    nowhere = ("goals", "stepDone", key, "0123")
    assert twins.refused(lambda t: t.goals.step_done(id_, "0123"), *nowhere) == "not_found"
    assert twins.refused(lambda t: t.goals.add(" "), "goals", "add", " ") == "invalid_field"
    assert twins.refused(lambda t: t.goals.edit(id_, what=""), "goals", "edit", key, {"what": ""}) == "invalid_field"


def test_there_is_always_room_between_two_steps(twins: Twins) -> None:
    given = {"steps": ["First", "Last"]}
    goal = twins.both(lambda t: t.goals.add("Swim", **given), "goals", "add", "Swim", given)
    (first, _), key = goal.sdk.steps, goal.face["id"]
    for number in range(60):  # more often than a number can be halved
        text = f"Step {number}"
        goal = twins.both(
            lambda t, text=text: t.goals.add_step(goal.sdk.id, text, after=first.id),  # noqa: B023 - called at once
            *("goals", "addStep", key, text, goal.face["steps"][0]["id"]),
        )
    assert [step["text"] for step in goal.face["steps"]][:3] == ["First", "Step 59", "Step 58"]


def test_topics_comments_and_what_helped(twins: Twins) -> None:
    topic = twins.both(lambda t: t.topics.add("My sleep"), "topics", "add", "My sleep")
    twins.clock.forward(minutes=1)
    other = twins.both(lambda t: t.topics.add("The bus"), "topics", "add", "The bus")
    twins.both(
        lambda t: t.topics.edit(topic.sdk.id, "My sleep, again", based_on=topic.sdk),
        *("topics", "edit", topic.face["id"], "My sleep, again", topic.face["version"]),
    )
    twins.both(lambda t: t.topics.tick_off(topic.sdk.id), "topics", "tickOff", topic.face["id"])
    twins.both(lambda t: t.topics.list(), "topics", "list")
    twins.both(lambda t: t.topics.list(talked=True), "topics", "list", {"open": False})
    twins.both(lambda t: t.topics.reopen(topic.sdk.id), "topics", "reopen", topic.face["id"])
    twins.both(lambda t: t.topics.withdraw(other.sdk.id), "topics", "withdraw", other.face["id"])
    twins.both(lambda t: t.topics.list(talked=True), "topics", "list", {"open": False})
    on = twins.both(
        lambda t: t.comment(topic.sdk.id, "Since March."), "comments", "add", topic.face["id"], "Since March."
    )
    assert on.face["mine"] is True
    twins.both(lambda t: t.comments(topic.sdk.id), "comments", "of", topic.face["id"])
    [sleep] = twins.tracker.resources.list(tag="sleep")
    twins.both(lambda t: t.resources.helped(sleep.id, True, "Yes"), "resources", "helped", str(sleep.id), True, "Yes")
    twins.clock.forward(minutes=1)
    twins.both(lambda t: t.resources.helped(sleep.id, False), "resources", "helped", str(sleep.id), False)
    assert twins.both(lambda t: t.resources.get(sleep.id), "resources", "get", str(sleep.id)).face["helped"] is False
    assert twins.refused(lambda t: t.topics.add(""), "topics", "add", "") == "invalid_field"
    private = twins.both(
        lambda t: t.journal.write("Mine.", sections={"What went well?": "a"}, shared=False),
        *("journal", "write", {"text": "Mine.", "sections": {"What went well?": "a"}, "shared": False}),
    )
    add = ("comments", "add", private.face["id"], "Not to be read")
    assert twins.refused(lambda t: t.comment(private.sdk.id, "Not to be read"), *add) == "not_found"
