"""What is made from a template: homework, sections of a journal, a resource, a goal, the steps of a safety plan. Pure.

What comes out is a value like any other, to be changed and written. Nothing ties it to its template any more.
"""

from __future__ import annotations

from typing import Any, TypeVar

from msgspec.structs import asdict, replace

from intersession_schemas.documents.care.goals import GOAL, Goal, GoalStep
from intersession_schemas.documents.care.homework import HOMEWORK, Homework
from intersession_schemas.documents.care.plan import SafetyStep, TemplateSection
from intersession_schemas.documents.care.resources import RESOURCE, Resource, ResourceStep
from intersession_schemas.documents.care.templates import Template
from intersession_schemas.documents.shapes import Element
from intersession_schemas.errors import InvalidField

E = TypeVar("E", bound=Element)


def homework_from(template: Template, **changes: Any) -> Homework:
    """An assignment with the template's text, reason, worksheet and rule; `changes` are fields of `Homework`.

    A template with a rule needs the day it begins (`since`), or a `due` day instead. Raises `InvalidField`.
    """
    rule = "" if "due" in changes else template.rule
    made = Homework(what=template.what, why=template.why, fields=template.fields, rule=rule)
    made = replace(made, **changes)
    HOMEWORK.check(made)
    return made


def sections_from_template(template: Template, *, prefix: str = "", after: float = 0.0) -> dict[str, TemplateSection]:
    """The template's questions as sections of a plan's journal, by id.

    `prefix` is put before each id, for a plan that holds such ids already; `after` is the order of the last section
    that is there.
    """
    _check_makes(bool(template.fields), "questions")
    sections = {prefix + id_: TemplateSection(**asdict(field)) for id_, field in _sorted(template.fields).items()}
    return {id_: replace(one, order=after + place) for place, (id_, one) in enumerate(sections.items(), start=1)}


def safety_steps_from(template: Template, *, prefix: str = "", after: float = 0.0) -> dict[str, SafetyStep]:
    """The template's steps as those of a plan's safety plan, by id; `prefix` and `after` as for sections.

    Their texts are questions: the client's own words take their place.
    """
    _check_makes(bool(template.steps), "steps of a safety plan")
    steps = _sorted(template.steps)
    return {prefix + id_: replace(one, order=after + n) for n, (id_, one) in enumerate(steps.items(), start=1)}


def resource_from(template: Template, **changes: Any) -> Resource:
    """A resource with the template's title, its text, and its questions as steps. Raises `InvalidField`."""
    steps = {id_: ResourceStep(order=one.order, text=one.prompt) for id_, one in _sorted(template.fields).items()}
    made = Resource(title=template.title, text=template.what, steps=steps, tags=template.tags)
    made = replace(made, **changes)
    RESOURCE.check(made)
    return made


def goal_from(template: Template, **changes: Any) -> Goal:
    """A goal with the template's text, reason, and its questions as steps. Raises `InvalidField`."""
    steps = {id_: GoalStep(order=one.order, text=one.prompt) for id_, one in _sorted(template.fields).items()}
    made = replace(Goal(what=template.what, why=template.why, steps=steps), **changes)
    GOAL.check(made)
    return made


def _sorted(elements: dict[str, E]) -> dict[str, E]:
    return dict(sorted(elements.items(), key=lambda item: (item[1].order, item[0])))


def _check_makes(fits: bool, what: str) -> None:
    if not fits:
        raise InvalidField(f"This template holds no {what}.")
