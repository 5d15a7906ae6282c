"""`template`: something to start from, for homework, a journal, a resource or a safety plan. Lives in the library."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from intersession_schemas.documents.care.plan import SafetyStep
from intersession_schemas.documents.forms import Field, check_field
from intersession_schemas.documents.recurrence import MAX_RULE, check_rule
from intersession_schemas.documents.shapes import Shape, line, prose
from intersession_schemas.errors import InvalidField
from intersession_schemas.streams import Kind

TemplateFor = Literal["homework", "journal", "resource", "safety_plan", "goal"]


class Template(Struct, frozen=True, kw_only=True):
    """`title` and `about` say what it is for; the other fields are what is made from it.

    Homework takes `what`, `why`, `fields` and `rule`; a journal takes `fields` as its sections; a resource `what` as
    its text and `fields` as its steps; a safety plan `steps`; a goal `what`, `why` and `fields` as its steps.
    `retired`: put away, so that it is no longer offered to start from; it can still be read.
    """

    title: Annotated[str, line(200)] = ""
    about: Annotated[str, prose(2_000)] = ""
    makes: TemplateFor = "homework"
    what: Annotated[str, prose(4_000)] = ""
    why: Annotated[str, prose(4_000)] = ""
    rule: Annotated[str, line(MAX_RULE)] = ""
    fields: dict[str, Field] = {}
    steps: dict[str, SafetyStep] = {}
    tags: Annotated[tuple[Annotated[str, line(64)], ...], Meta(max_length=20)] = ()
    retired: bool = False
    problems: tuple[str, ...] = ()


def check_template(template: Template) -> None:
    """Raise `InvalidField` unless it has a title and something to start from."""
    if not template.title.strip():
        raise InvalidField("A template needs a title.")
    if not (template.what.strip() or template.fields or template.steps):
        raise InvalidField("A template needs a text, fields or steps to start from.")
    for field in template.fields.values():
        check_field("A field of a template", field)
    if not all(step.text.strip() or step.contact.strip() for step in template.steps.values()):
        raise InvalidField("A step of a safety plan needs a text or a contact.")
    if template.rule:
        check_rule(template.rule)


TEMPLATE = Shape(Kind.TEMPLATE, Template, check_template)
