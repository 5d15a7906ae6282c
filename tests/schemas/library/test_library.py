"""The templates that come along: each is valid, says what it is for, and makes something that can be written."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from intersession_schemas.crdt import Document
from intersession_schemas.documents.care.goals import GOAL
from intersession_schemas.documents.care.homework import HOMEWORK
from intersession_schemas.documents.care.plan import PLAN, Plan, SafetyPart, TemplateSection
from intersession_schemas.documents.care.resources import RESOURCE
from intersession_schemas.documents.care.templates import TEMPLATE, Template, TemplateFor
from intersession_schemas.documents.forms import answers
from intersession_schemas.errors import InvalidField
from intersession_schemas.library import (
    TEMPLATES,
    goal_from,
    homework_from,
    resource_from,
    safety_steps_from,
    sections_from_template,
)

SINCE = date(2026, 5, 4)
each = pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)


def empty() -> Document:
    return Document.new(b"1" * 16)


def of(makes: TemplateFor) -> list[Template]:
    return [one for one in TEMPLATES.values() if one.makes == makes]


@each
def test_a_template_can_be_written_and_is_read_as_it_is(template: Template) -> None:
    document = empty()
    TEMPLATE.create(document, template)
    assert TEMPLATE.read(document) == template


@each
def test_it_says_what_it_is_for_and_when_it_does_not_fit(template: Template) -> None:
    assert template.about.startswith("For ")
    assert "not fit" in template.about
    assert template.tags


@each
def test_it_speaks_to_the_reader(template: Template) -> None:
    prompts = [field.prompt for field in template.fields.values()] + [step.text for step in template.steps.values()]
    said = " ".join([template.what, *prompts]).casefold()
    assert " you " in said
    assert "patient" not in said
    assert not [
        one for one in [template.about, template.what, template.why, *prompts] if "  " in one or one.strip() != one
    ]


@each
def test_its_questions_keep_their_order(template: Template) -> None:
    for elements in (template.fields, template.steps):
        assert sorted(elements, key=lambda id_: elements[id_].order) == list(elements)


def test_titles_are_unique_and_every_use_has_one() -> None:
    assert len({one.title.casefold() for one in TEMPLATES.values()}) == len(TEMPLATES) == 10
    assert {one.makes for one in TEMPLATES.values()} == set(get_args(TemplateFor))


@pytest.mark.parametrize("template", of("homework"), ids=lambda one: one.title)
def test_homework_is_made_from_it(template: Template) -> None:
    made = homework_from(template, since=SINCE, agreed=True)
    assert (made.what, made.fields, made.rule, made.agreed) == (template.what, template.fields, template.rule, True)
    assert HOMEWORK.create(empty(), made)
    assert homework_from(template, due=SINCE).rule == ""
    given = {id_: "words" for id_, field in template.fields.items() if field.required}
    assert len(answers(template.fields, given)) == len(given) > 0


@pytest.mark.parametrize("template", of("journal"), ids=lambda one: one.title)
def test_sections_are_made_from_it(template: Template) -> None:
    sections = sections_from_template(template)
    assert PLAN.create(empty(), Plan(introduction=template.what, sections=sections, journal_rule=template.rule))
    again = sections_from_template(template, prefix="b-", after=20)
    assert not again.keys() & sections.keys()
    assert [one.order for one in again.values()] == [20.0 + place for place in range(1, len(sections) + 1)]
    assert all(isinstance(one, TemplateSection) and one.active_from is None for one in again.values())


@pytest.mark.parametrize("template", of("resource"), ids=lambda one: one.title)
def test_a_resource_is_made_from_it(template: Template) -> None:
    made = resource_from(template, tags=("ours",))
    assert (made.title, made.tags) == (template.title, ("ours",))
    assert [step.text for step in made.steps.values()] == [field.prompt for field in template.fields.values()]
    assert RESOURCE.create(empty(), made)


@pytest.mark.parametrize("template", of("goal"), ids=lambda one: one.title)
def test_a_goal_is_made_from_it(template: Template) -> None:
    made = goal_from(template, what="Sing in a choir again")
    assert made.what == "Sing in a choir again"
    assert GOAL.create(empty(), made)


def test_a_safety_plan_has_all_its_parts_in_order() -> None:
    steps = safety_steps_from(TEMPLATES["safety_plan"])
    assert [one.part for one in steps.values()][:6] == list(get_args(SafetyPart))
    assert PLAN.create(empty(), Plan(safety_plan=steps))
    assert not safety_steps_from(TEMPLATES["safety_plan"], prefix="b-").keys() & steps.keys()


def test_the_exposure_ladder_rates_distress_before_at_its_peak_and_after() -> None:
    fields = TEMPLATES["exposure_ladder"].fields
    assert [(fields[id_].low, fields[id_].high) for id_ in ("before", "peak", "after")] == [(0, 100)] * 3


def test_what_a_template_does_not_hold_is_not_made_from_it() -> None:
    with pytest.raises(InvalidField, match="since"):
        homework_from(TEMPLATES["worry_time"])
    with pytest.raises(InvalidField):
        homework_from(TEMPLATES["safety_plan"])
    with pytest.raises(InvalidField):
        sections_from_template(TEMPLATES["safety_plan"])
    with pytest.raises(InvalidField):
        safety_steps_from(TEMPLATES["gratitude"])
