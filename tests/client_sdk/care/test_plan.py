"""The plan: edited by therapists, as one change that merges; read by the client."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from msgspec.structs import replace
from tests.client_sdk.care_practice import Care, CarePractice
from tests.client_sdk.practice import SettableClock

from intersession import (
    Caseload,
    Field,
    InvalidField,
    NotFound,
    Plan,
    PlanEditor,
    SafetyStep,
    Section,
    Template,
    Tracker,
)
from intersession_schemas.documents.care.plan import PLAN
from intersession_schemas.streams import Role

MONDAY = date(2026, 5, 4)


def test_before_it_has_arrived(tracker: Tracker, caseload: Caseload) -> None:
    assert tracker.plan() == Plan()
    practice = CarePractice()
    practice.join(caseload, Role.PRIMARY)
    client = caseload.client(practice.client)
    with pytest.raises(NotFound, match="Sync"):
        client.plan.read()
    with pytest.raises(NotFound, match="Sync"), client.plan.edit():
        pass


def test_it_is_set_up_as_one_change_and_reaches_the_client(care: Care) -> None:
    resource = care.client.resources.add("Breathing", "Slowly.")
    care.sync()
    rows = care.practice.head
    with care.client.plan.edit() as plan:
        plan.journal(rule="daily", since=MONDAY, introduction="Take five minutes.")
        day = plan.add_section("How was your day?", required=True)
        mood = plan.add_section("Mood?", "scale", low=0, high=10, labels={0: "worst", 10: "best"})
        first = plan.add_section("Slept?", "one_of", options=["well", "badly"], active_from=MONDAY)
        plan.move_section(first)
        worry = plan.add_tracker("worry", 1, 5, {1: "calm"}, "every two weeks", question="How worried?")
        holiday = plan.pause(date(2026, 6, 1), reason="holiday", note="Sea")
        plan.end_pause(holiday, date(2026, 6, 7))
        step = plan.add_safety_step("people_to_ask", "Call Bo", "Bo, 555 0100")
        plan.safety_resources([resource.id])
        assert plan.plan.sections[first].active_from == MONDAY
    care.sync()
    assert care.practice.head == rows + 1
    seen = care.tracker.plan()
    assert seen == care.client.plan.read()
    assert (seen.introduction, seen.journal_rule, seen.journal_since) == ("Take five minutes.", "FREQ=DAILY", MONDAY)
    assert list(seen.sections) == [first, day, mood]
    assert [label.text for label in seen.sections[mood].labels] == ["worst", "best"]
    assert (seen.trackers[worry].rule, seen.trackers[worry].since) == ("FREQ=WEEKLY;INTERVAL=2", MONDAY)
    assert (seen.pauses[holiday].last, seen.pauses[holiday].note) == (date(2026, 6, 7), "Sea")
    assert (seen.safety_plan[step].contact, seen.safety_resources) == ("Bo, 555 0100", (resource.id,))
    with care.client.plan.edit() as plan:
        plan.change_section(day, prompt="How was it?", active_to=date(2026, 5, 31))
        plan.remove_section(mood)
        plan.change_tracker(worry, rule="daily", high=9, labels={9: "panic"}, resources=[resource.id])
        plan.change_pause(holiday, reason="illness")
        plan.change_safety_step(step, text="Call Bo first")
        other = plan.add_safety_step("safe_place", "The library", after=step)
        plan.move_safety_step(other)
    care.sync()
    seen = care.tracker.plan()
    assert [one.prompt for one in seen.sections.values()] == ["Slept?", "How was it?"]
    assert (seen.trackers[worry].rule, seen.trackers[worry].high) == ("FREQ=DAILY", 9)
    assert seen.pauses[holiday].reason == "illness"
    assert [one.text for one in seen.safety_plan.values()] == ["The library", "Call Bo first"]
    with care.client.plan.edit() as plan:
        plan.remove_tracker(worry)
        plan.remove_pause(holiday)
        plan.remove_safety_step(step)
    care.sync()
    seen = care.tracker.plan()
    assert (seen.trackers, seen.pauses, list(seen.safety_plan)) == ({}, {}, [other])


def test_nothing_changed_writes_nothing_and_neither_does_an_error(care: Care) -> None:
    before = care.client.plan.read()
    with care.client.plan.edit():
        pass

    def fail(plan: PlanEditor) -> None:
        plan.add_section("x")
        raise RuntimeError

    with pytest.raises(RuntimeError), care.client.plan.edit() as plan:
        fail(plan)
    assert care.client.plan.read() == before
    assert care.caseload.status().pending == 0


def test_what_is_refused_leaves_the_plan_as_it_was_before_that_call(care: Care) -> None:
    calls: list[Callable[[PlanEditor], object]] = [
        lambda plan: plan.add_section(""),
        lambda plan: plan.add_section("x", "colour"),  # type: ignore[arg-type]
        lambda plan: plan.add_section("x", "scale"),
        lambda plan: plan.add_section("x", labels="y"),  # type: ignore[arg-type]
        lambda plan: plan.add_tracker("worry", 5, 5),
        lambda plan: plan.add_tracker("worry", rule="sometimes"),
        lambda plan: plan.pause("soon"),  # type: ignore[arg-type]
        lambda plan: plan.pause(MONDAY, date(2026, 5, 1)),
        lambda plan: plan.add_safety_step("on_my_own", " "),
        lambda plan: plan.change_section(kept, order=7),  # type: ignore[call-arg]
        lambda plan: plan.change_section(kept, color="red"),  # type: ignore[call-arg]
        lambda plan: plan.change_section(kept, prompt=5),  # type: ignore[arg-type]
        lambda plan: plan.change_section(kept, active_from="soon"),  # type: ignore[arg-type]
        lambda plan: plan.use(Template(title="x", makes="homework", what="y")),
        lambda plan: plan.use(Template(title="x", makes="journal", rule="sometimes", fields={"a": Field(prompt="a")})),
    ]
    missing: list[Callable[[PlanEditor], object]] = [
        lambda plan: plan.change_section("nothing", prompt="x"),
        lambda plan: plan.remove_tracker("nothing"),
        lambda plan: plan.move_section(kept, "nothing"),
        lambda plan: plan.add_section("x", after="nothing"),
    ]
    with care.client.plan.edit() as plan:
        kept = plan.add_section("Kept")
        for expected, each in ((InvalidField, calls), (NotFound, missing)):
            for call in each:
                with pytest.raises(expected):
                    call(plan)
    assert [one.prompt for one in care.client.plan.read().sections.values()] == ["Kept"]


def test_templates_for_journal_and_safety_plan(care: Care) -> None:
    journal = Template(
        title="Diary",
        makes="journal",
        what="In bed.",
        rule="FREQ=DAILY",
        fields={"b": Field(order=2, prompt="b"), "a": Field(order=1, prompt="a", type="number")},
    )
    safety = Template(title="Safety", makes="safety_plan", steps={"x": SafetyStep(part="safe_place", text="Home")})
    with care.client.plan.edit() as plan:
        plan.add_section("before")
        a, b = plan.use(journal)
        (home,) = plan.use(safety)
    seen = care.client.plan.read()
    assert [one.prompt for one in seen.sections.values()] == ["before", "a", "b"]
    assert (seen.introduction, seen.journal_rule, seen.sections[a].type) == ("In bed.", "FREQ=DAILY", "number")
    assert (b in seen.sections, seen.safety_plan[home].part) == (True, "safe_place")


def test_two_therapists_offline_lose_nothing_of_eithers(care: Care, tmp_path: Path, clock: SettableClock) -> None:
    with care.client.plan.edit() as plan:
        ids = [plan.add_section(prompt) for prompt in ("Morning?", "Evening?", "Night?")]
    care.sync()
    with Caseload.open(tmp_path / "other.db", clock=clock) as other:
        care.sides.append(care.practice.enter(other, Role.COVERING))
        theirs = other.client(care.practice.client)
        with care.client.plan.edit() as plan:
            plan.move_section(ids[2])
            plan.change_section(ids[1], prompt="How was the evening?")
            plan.add_section("Mine?")
        with theirs.plan.edit() as plan:
            plan.change_section(ids[2], prompt="How was the night?")
            plan.change_section(ids[1], prompt="Evening, with whom?")
            plan.add_section("Theirs?")
            plan.remove_section(ids[0])
        care.sync()
        care.sync()
        seen = care.tracker.plan()
        assert seen == care.client.plan.read() == theirs.plan.read()
    prompts = {id: one.prompt for id, one in seen.sections.items()}
    assert next(iter(prompts)) == ids[2]
    assert prompts[ids[2]] == "How was the night?"
    assert "How was the" in prompts[ids[1]]
    assert "with whom?" in prompts[ids[1]]
    assert {"Mine?", "Theirs?"} <= set(prompts.values())
    assert ids[0] not in prompts


def test_an_edit_may_stay_open_while_others_write(care: Care) -> None:
    with care.client.plan.edit() as plan:
        section = plan.add_section("How was your day?")
    care.sync()
    with care.client.plan.edit() as slow:
        slow.change_section(section, prompt="How was your long day?")
        with care.client.plan.edit() as quick:
            quick.change_section(section, prompt="How was your day, really?")
            quick.add_tracker("worry")
        care.sync()
        slow.add_tracker("sleep")
    care.sync()
    seen = care.tracker.plan()
    assert seen == care.client.plan.read()
    assert seen.sections[section].prompt == "How was your long day, really?"
    assert {one.name for one in seen.trackers.values()} == {"worry", "sleep"}


def test_an_edit_on_top_of_one_that_is_refused_meanwhile(care: Care) -> None:
    with care.client.plan.edit() as plan:
        refused = plan.add_section("Refused?")
    with care.client.plan.edit() as plan:
        added = plan.add_section("Added?", after=refused)
        (item,) = care.sides[1].outgoing(frozenset(), 10, 2**19)
        care.sides[1].refuse(item.document, item.hashes, "not_writer", "No.")
        assert care.client.plan.read().sections == {}
    # It was shown with the other one, so both are written anew.
    assert list(care.client.plan.read().sections) == [refused, added]
    (refusal,) = care.caseload.status().refusals
    assert refusal.text == "Refused?"
    care.sync()
    assert list(care.tracker.plan().sections) == [refused, added]


def test_a_plan_that_two_made_too_much_can_still_be_edited(care: Care) -> None:
    with care.client.plan.edit() as plan:
        section = plan.add_section("x" * 990)
    care.sync()
    copy = care.practice.copy_of(care.practice.plan)
    before = PLAN.read(copy)
    longer = replace(before.sections[section], prompt="x" * 990 + "bbbbbbbb")
    change = PLAN.update(copy, before, replace(before, sections={section: longer}))
    assert change is not None
    care.practice.append(care.practice.plan, "plan", change)
    with care.client.plan.edit() as plan:
        plan.change_section(section, prompt="x" * 990 + "aaaaaaaa")
    care.sync()
    assert len(care.client.plan.read().sections[section].prompt) == 1_006
    with care.client.plan.edit() as plan:
        plan.add_tracker("worry")
        plan.move_section(section)
    care.sync()
    assert [one.name for one in care.tracker.plan().trackers.values()] == ["worry"]


def test_an_edit_that_was_open_when_the_assignment_ended(care: Care) -> None:
    client = care.client

    def end(plan: PlanEditor) -> None:
        plan.add_section("x")
        care.end_assignment()

    with pytest.raises(NotFound, match="assignment"), client.plan.edit() as plan:
        end(plan)
    with pytest.raises(NotFound):
        client.plan.read()


def test_the_library_of_templates(care: Care) -> None:
    built_in = len(care.caseload.templates.list())
    record = care.caseload.templates.get("thought_record")
    assert (record.title, record.id, record.key) == ("Thought record", None, "thought_record")
    assert record in care.caseload.templates.list()
    own = care.caseload.templates.add(Template(title="Ours", what="Walk", fields={"a": Field(prompt="Where?")}))
    assert care.caseload.templates.get(own.id or "") == own
    assert care.caseload.templates.list()[0] == own
    assert len(care.caseload.templates.list()) == built_in + 1
    assert own in care.caseload.templates.list("homework")
    assert own not in care.caseload.templates.list("goal")
    assert care.client.homework.assign(template=own).what == "Walk"
    with pytest.raises(InvalidField):
        care.caseload.templates.add(Template(title=""))
    with pytest.raises(NotFound, match="template"):
        care.caseload.templates.get(uuid4())


def test_every_template_that_comes_with_it_can_be_used(care: Care) -> None:
    for template in care.caseload.templates.list():
        match template.makes:
            case "homework":
                care.client.homework.assign(template=template)
            case "goal":
                care.client.goals.add(template=template)
            case "resource":
                care.client.resources.add(template=template)
            case "journal" | "safety_plan":
                with care.client.plan.edit() as plan:
                    assert plan.use(template)
        care.caseload.templates.add(template)
    assert all(one.problems == () for one in care.caseload.templates.list())


def test_without_a_practice_there_is_no_library_of_its_own(caseload: Caseload) -> None:
    assert len(caseload.templates.list()) >= 10
    assert all(one.id is None for one in caseload.templates.list())
    with pytest.raises(NotFound, match="library"):
        caseload.templates.add(Template(title="x", what="y"))
    with pytest.raises(NotFound, match="library"):
        caseload.resources.list()


def test_a_wrong_word_is_refused_with_those_there_are(care: Care) -> None:
    """What a type check finds is said at run time too."""
    wrong: dict[str, tuple[Callable[[PlanEditor], object], str]] = {
        "reason": (lambda plan: plan.pause(MONDAY, reason="vacation"), "illness, holiday, other"),  # type: ignore[arg-type]
        "type": (lambda plan: plan.add_section("x", "slider"), "prose, scale, number, yes_no"),  # type: ignore[arg-type]
        "part": (lambda plan: plan.add_safety_step("friends", "x"), "warning_signs, on_my_own"),  # type: ignore[arg-type]
    }
    with care.client.plan.edit() as plan:
        for field, (call, words) in wrong.items():
            with pytest.raises(InvalidField, match=rf"{field}: must be one of: {words}"):
                call(plan)


def test_what_must_be_answered_is_answered(care: Care) -> None:
    with care.client.plan.edit() as plan:
        plan.journal(rule="daily", since=MONDAY)
        day = plan.add_section("How was your day?", required=True)
        mood = plan.add_section("Mood?", "scale", low=0, high=10, required=True)
        plan.add_section("Anything else?")
    care.sync()
    write = care.tracker.journal.write
    answered = {day: "long", mood: 4, "Anything else?": "no"}
    for left_out in (day, mood):
        for sections in (
            {name: value for name, value in answered.items() if name != left_out},
            {**answered, left_out: None},
            {**answered, left_out: " "} if left_out == day else {"Anything else?": "no"},
        ):
            with pytest.raises(InvalidField):
                write(sections=sections)
    with pytest.raises(InvalidField, match="left empty"):
        write(sections=[Section("Anything else?", "no")])
    entry = write(sections=answered)
    assert write("Without the questions.").sections == ()
    for emptied in ([replace(one, text="", value=None) for one in entry.sections], list(entry.sections[:1])):
        with pytest.raises(InvalidField):
            care.tracker.journal.edit(entry.id, sections=emptied)
    with pytest.raises(InvalidField, match="left empty"):
        care.tracker.journal.edit(entry.id, sections={one.prompt: one.value or "" for one in entry.sections})
    assert care.tracker.journal.get(entry.id).sections == entry.sections
    changed = [replace(one, text="short" if one.text == "long" else one.text) for one in entry.sections]
    assert care.tracker.journal.edit(entry.id, sections=changed).sections[0].text == "short"


def test_thresholds_of_signals_are_set_and_taken_back_for_one_client(care: Care) -> None:
    with care.client.plan.edit() as plan:
        plan.threshold("silence", 7)
        plan.threshold("phq-9/total", 4)
        for odd in ("", "phq-9", "risk"):
            with pytest.raises(InvalidField, match="silence"):
                plan.threshold(odd, 3)
        with pytest.raises(InvalidField):
            plan.threshold("missed_run", 0)
    care.sync()
    assert {key: one.at for key, one in care.tracker.plan().thresholds.items()} == {"silence": 7, "phq-9/total": 4}
    with care.client.plan.edit() as plan:
        plan.threshold("silence", None)
    with care.client.plan.edit() as plan:
        plan.threshold("silence", 9)
        plan.threshold("phq-9/total", None)
    care.sync()
    assert {key: one.at for key, one in care.tracker.plan().thresholds.items()} == {"silence": 9}
