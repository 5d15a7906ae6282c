"""What each kind of record refuses, and which days a plan and an assignment are about."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec import Struct
from msgspec.structs import replace

from intersession_schemas.crdt import Document
from intersession_schemas.documents.assessments.assessments import Assessment
from intersession_schemas.documents.care.comments import Acknowledgement, Comment, Note
from intersession_schemas.documents.care.goals import Goal, GoalStep
from intersession_schemas.documents.care.homework import Homework, HomeworkProgress, HomeworkReview, occurrences_of
from intersession_schemas.documents.care.plan import (
    Pause,
    Plan,
    PlanTracker,
    SafetyStep,
    ScheduledAssessment,
    TemplateSection,
    is_paused,
    sections_on,
)
from intersession_schemas.documents.care.resources import Resource, ResourceStep, is_link
from intersession_schemas.documents.care.templates import Template
from intersession_schemas.documents.forms import Field
from intersession_schemas.errors import InvalidField
from intersession_schemas.records.kinds import MODELS, RECORDS, SHAPES, model_json, moment_of, read_model, subject_of
from intersession_schemas.streams import WRITERS, Kind

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
DAY, BEFORE = date(2026, 5, 4), date(2026, 5, 3)
ONE = UUID(int=1)
SAID: dict[str, Any] = {"homework": ONE, "done_at": AT, "entered_at": AT}

TAKEN: dict[str, tuple[Kind, Struct]] = {
    "an empty plan": (Kind.PLAN, Plan()),
    "a full plan": (
        Kind.PLAN,
        Plan(
            introduction="Write.",
            journal_rule="FREQ=DAILY",
            journal_since=DAY,
            sections={"a": TemplateSection(prompt="?", active_from=DAY, active_to=DAY)},
            trackers={"t": PlanTracker(name="mood", since=DAY, until=DAY, low=-5, high=5)},
            assessments={"s": ScheduledAssessment(instrument="PHQ-9", before_each_session=True)},
            safety_plan={"y": SafetyStep(contact="Kim")},
            pauses={"p": Pause(first=DAY, last=DAY)},
        ),
    ),
    "homework": (Kind.HOMEWORK, Homework(what="Walk", rule="FREQ=DAILY", since=DAY, until=DAY)),
    "progress": (Kind.HOMEWORK_PROGRESS, HomeworkProgress(occurrence="2026-05-04T08:00", zone="Europe/Berlin", **SAID)),
    "a review": (Kind.HOMEWORK_REVIEW, HomeworkReview(homework=ONE, reviewed_at=AT)),
    "a goal": (Kind.GOAL, Goal(what="Sing", steps={"s": GoalStep(text="Ask", done_on=DAY)})),
    "a link": (Kind.RESOURCE, Resource(title="x", link="https://practice.example/a?b=c#d")),
    "a comment": (Kind.COMMENT, Comment(on=ONE, text="Well done", made_at=AT)),
    "a word on a resource": (Kind.COMMENT, Comment(on=ONE, helped=False, made_at=AT)),
    "an acknowledgement": (Kind.ACKNOWLEDGEMENT, Acknowledgement(signal="s", made_at=AT)),
    "a note": (Kind.NOTE, Note(text="x", made_at=AT)),
    "a template": (Kind.TEMPLATE, Template(title="x", what="y")),
}

REFUSED: dict[str, tuple[Kind, Struct]] = {
    "a section without a prompt": (Kind.PLAN, Plan(sections={"a": TemplateSection()})),
    "a section that ends before it begins": (
        Kind.PLAN,
        Plan(sections={"a": TemplateSection(prompt="?", active_from=DAY, active_to=BEFORE)}),
    ),
    "a tracker without a name": (Kind.PLAN, Plan(trackers={"t": PlanTracker()})),
    "a tracker's name of two lines": (Kind.PLAN, Plan(trackers={"t": PlanTracker(name="a\nb")})),
    "a tracker of one point": (Kind.PLAN, Plan(trackers={"t": PlanTracker(name="a", low=1, high=1)})),
    "a tracker without a rule": (Kind.PLAN, Plan(trackers={"t": PlanTracker(name="a", rule="")})),
    "a tracker that ends before it begins": (
        Kind.PLAN,
        Plan(trackers={"t": PlanTracker(name="a", since=DAY, until=BEFORE)}),
    ),
    "a schedule without an instrument": (
        Kind.PLAN,
        Plan(assessments={"s": ScheduledAssessment(before_each_session=True)}),
    ),
    "a schedule without a time": (Kind.PLAN, Plan(assessments={"s": ScheduledAssessment(instrument="x")})),
    "a schedule by no rule": (
        Kind.PLAN,
        Plan(assessments={"s": ScheduledAssessment(instrument="x", rule="FREQ=HOURLY")}),
    ),
    "a schedule that is never open": (
        Kind.PLAN,
        Plan(assessments={"s": ScheduledAssessment(instrument="x", rule="FREQ=DAILY", open_days=0)}),
    ),
    "an empty step of a safety plan": (Kind.PLAN, Plan(safety_plan={"y": SafetyStep(text=" ")})),
    "a pause without a beginning": (Kind.PLAN, Plan(pauses={"p": Pause(last=DAY)})),
    "a pause that ends before it begins": (Kind.PLAN, Plan(pauses={"p": Pause(first=DAY, last=BEFORE)})),
    "a journal by no rule": (Kind.PLAN, Plan(journal_rule="now and then")),
    "homework that says nothing": (Kind.HOMEWORK, Homework(what=" ")),
    "homework due in two ways": (Kind.HOMEWORK, Homework(what="x", due=DAY, rule="FREQ=DAILY", since=DAY)),
    "homework without a beginning": (Kind.HOMEWORK, Homework(what="x", rule="FREQ=DAILY")),
    "homework that ends before it begins": (Kind.HOMEWORK, Homework(what="x", since=DAY, until=BEFORE)),
    "homework with an odd question": (Kind.HOMEWORK, Homework(what="x", fields={"f": Field(type="scale", prompt="?")})),
    "progress on nothing": (Kind.HOMEWORK_PROGRESS, HomeworkProgress(done_at=AT, entered_at=AT)),
    "progress without a time": (Kind.HOMEWORK_PROGRESS, HomeworkProgress(homework=ONE)),
    "progress on an odd occurrence": (Kind.HOMEWORK_PROGRESS, HomeworkProgress(occurrence="20260504", **SAID)),
    "progress in no zone": (Kind.HOMEWORK_PROGRESS, HomeworkProgress(zone="", **SAID)),
    "a review of nothing": (Kind.HOMEWORK_REVIEW, HomeworkReview(reviewed_at=AT)),
    "a goal that says nothing": (Kind.GOAL, Goal()),
    "an empty step of a goal": (Kind.GOAL, Goal(what="x", steps={"s": GoalStep()})),
    "a resource without a title": (Kind.RESOURCE, Resource(text="x")),
    "a resource with nothing in it": (Kind.RESOURCE, Resource(title="x")),
    "an empty step of a resource": (Kind.RESOURCE, Resource(title="x", steps={"s": ResourceStep()})),
    "a link that runs": (Kind.RESOURCE, Resource(title="x", link="javascript:alert(1)")),
    "a comment on nothing": (Kind.COMMENT, Comment(text="x", made_at=AT)),
    "an empty comment": (Kind.COMMENT, Comment(on=ONE, made_at=AT)),
    "an acknowledgement of nothing": (Kind.ACKNOWLEDGEMENT, Acknowledgement(made_at=AT)),
    "an empty note": (Kind.NOTE, Note(made_at=AT)),
    "a template without a title": (Kind.TEMPLATE, Template(what="x")),
    "a template with nothing in it": (Kind.TEMPLATE, Template(title="x")),
    "a template with an empty step": (Kind.TEMPLATE, Template(title="x", steps={"s": SafetyStep()})),
    "a template by no rule": (Kind.TEMPLATE, Template(title="x", what="y", rule="FREQ=HOURLY")),
    "a template with an odd question": (Kind.TEMPLATE, Template(title="x", fields={"f": Field()})),
}


@pytest.mark.parametrize(("kind", "value"), TAKEN.values(), ids=TAKEN)
def test_what_is_complete_is_written_and_read(kind: Kind, value: Struct) -> None:
    document = Document.new(b"1" * 16)
    SHAPES[kind].create(document, value)
    assert SHAPES[kind].read(document) == value


@pytest.mark.parametrize(("kind", "value"), TAKEN.values(), ids=TAKEN)
def test_a_read_model_is_read_back_as_tables_keep_it(kind: Kind, value: Struct) -> None:
    assert read_model(kind, model_json(value)) == value


def test_a_text_that_two_devices_have_lengthened_is_read_whole() -> None:
    shape, full = SHAPES[Kind.GOAL], Goal(what="x" * 900, made_at=AT, steps={"s": GoalStep(text="y" * 900)})
    one = Document.new(b"1" * 16)
    two = Document.new(b"2" * 16)
    two.apply([shape.create(one, full)])
    for document, letter in ((one, "a"), (two, "b")):
        step = GoalStep(text="y" * 900 + letter * 90)
        shape.update(document, full, replace(full, what="x" * 900 + letter * 90, steps={"s": step}))
    one.apply(two.changes())
    merged = shape.read(one)
    assert (len(merged.what), len(merged.steps["s"].text)) == (1080, 1080)
    assert read_model(Kind.GOAL, model_json(merged)) == merged
    with pytest.raises(InvalidField, match="what: expected `str` of length <= 1000"):
        shape.check(merged)
    with pytest.raises(InvalidField, match=r"steps\[...\].text: expected `str` of length <= 1000"):
        shape.check(replace(merged, what="x"))


@pytest.mark.parametrize(("kind", "value"), TAKEN.values(), ids=TAKEN)
def test_what_a_record_is_about_and_when_it_was_are_fields_of_it(kind: Kind, value: Struct) -> None:
    """The tables of the server and of devices are sorted and joined by them."""
    shape = SHAPES[kind]
    named = {name for name in value.__struct_fields__ if name.endswith("_at")}
    assert set(shape.moments) == named - {"corrected_at"}
    for name in shape.moments:
        assert moment_of(kind, replace(shape.model(), **{name: AT})) == AT
    if shape.subject is not None:
        assert subject_of(kind, replace(shape.model(), **{shape.subject: ONE})) == ONE
    assert moment_of(kind, shape.model()) is None
    assert subject_of(kind, shape.model()) is None


def test_progress_is_sorted_by_when_it_was_done() -> None:
    progress = HomeworkProgress(homework=ONE, done_at=AT, entered_at=AT + timedelta(days=1))
    assert moment_of(Kind.HOMEWORK_PROGRESS, progress) == AT
    assert subject_of(Kind.ASSESSMENT, Assessment(amends=ONE)) == ONE


@pytest.mark.parametrize(("kind", "value"), REFUSED.values(), ids=REFUSED)
def test_what_lacks_something_is_refused(kind: Kind, value: Struct) -> None:
    document = Document.new(b"1" * 16)
    with pytest.raises(InvalidField):
        SHAPES[kind].create(document, value)
    assert document.heads == ()


def test_every_record_is_a_kind_that_somebody_may_write() -> None:
    written = {kind for _, kind in WRITERS}
    assert SHAPES.keys() <= written
    assert RECORDS.keys() - SHAPES.keys() == {Kind.ASSESSMENT}
    assert MODELS.keys() - RECORDS.keys() == {Kind.JOURNAL_ENTRY, Kind.SYMPTOM_LOG}
    assert all(shape.kind is kind for kind, shape in RECORDS.items())


def test_every_kind_has_a_read_model_but_the_key_of_the_vault() -> None:
    assert set(Kind) - MODELS.keys() == {Kind.VAULT_KEY}


@pytest.mark.parametrize(
    "link",
    [
        "https://practice.example",
        "HTTP://practice.example:8080/a/b.html?c=d&e=f#g",
        "https://practice.example/@name",
        "https://[2001:db8::1]/a",
        "https://übung.example/ä",
    ],
)
def test_a_web_address_is_a_link(link: str) -> None:
    assert is_link(link)


@pytest.mark.parametrize(
    "link",
    [
        "",
        "practice.example",
        "//practice.example",
        "https://",
        "https:///a",
        "https:practice.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://practice.example",
        "https://name@practice.example",
        "https://name:word@practice.example",
        "https://good.example\\@practice.example",
        "https://practice.example/a b",
        "https://practice.example/\n",
        " https://practice.example",
        "https://practice.example/\u202e",
        "https://practice.example:port",
    ],
)
def test_nothing_else_is_a_link(link: str) -> None:
    assert not is_link(link)


def test_sections_are_asked_on_their_days() -> None:
    plan = Plan(
        sections={
            "always": TemplateSection(prompt="?"),
            "from": TemplateSection(prompt="?", active_from=DAY),
            "to": TemplateSection(prompt="?", active_to=BEFORE),
        }
    )
    assert list(sections_on(plan, BEFORE)) == ["always", "to"]
    assert list(sections_on(plan, DAY)) == ["always", "from"]


def test_a_pause_includes_its_days_and_may_go_on() -> None:
    plan = Plan(pauses={"p": Pause(first=BEFORE, last=BEFORE), "q": Pause(first=date(2026, 6, 1)), "r": Pause()})
    assert [is_paused(plan, day) for day in (date(2026, 5, 2), BEFORE, DAY)] == [False, True, False]
    assert is_paused(plan, date.max)


def test_an_assignment_is_due_within_its_days() -> None:
    daily = Homework(what="x", rule="FREQ=DAILY", since=BEFORE, until=date(2026, 5, 6))
    assert [one.day.day for one in occurrences_of(daily, date.min, date(2026, 5, 4))] == [3, 4]
    assert [one.day.day for one in occurrences_of(daily, BEFORE, date.max)] == [3, 4, 5, 6]
    ended = Homework(what="x", rule="FREQ=DAILY", since=BEFORE, ended_on=date(2026, 5, 5))
    assert [one.day.day for one in occurrences_of(ended, BEFORE, date.max)] == [3, 4]
    assert occurrences_of(Homework(what="x", due=DAY, ended_on=DAY), BEFORE, date.max) == []
    assert occurrences_of(Homework(what="x", due=DAY, ended_on=date.min), BEFORE, date.max) == []
    assert [one.key for one in occurrences_of(Homework(what="x", due=DAY), BEFORE, DAY)] == ["2026-05-04"]
    assert occurrences_of(Homework(what="x"), BEFORE, DAY) == []
    assert occurrences_of(Homework(what="x", rule="FREQ=DAILY"), BEFORE, DAY) == []
