"""A template and a resource in a form: what its fields show, and what they say. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar, get_args

from msgspec import Struct
from msgspec.structs import replace

from intersession_schemas.documents.care.resources import Resource
from intersession_schemas.documents.care.templates import Template, TemplateFor
from intersession_schemas.documents.forms import FieldType
from intersession_server.web.forms.reading import structured
from intersession_server.web.forms.recurring import Pairs, RecurrenceFields, recurrence_fields, with_rule
from intersession_server.web.forms.worksheet import (
    QuestionFields,
    placed,
    question_fields,
    sent_questions,
    type_words,
)
from intersession_server.web.library.shelves import kind_words
from intersession_server.web.record.changes import BASED_ON, NEW

T = TypeVar("T", bound=Struct)

BLANK_STEPS = 6
WORKSHEET = "fields."
STEPS = "steps."


class StepFields(Struct, frozen=True):
    """A step in a form: its id, its text, and of a safety plan its part and contact."""

    id: str
    place: int
    text: str = ""
    part: str = ""
    contact: str = ""

    @property
    def is_new(self) -> bool:
        """Whether it is one to be added."""
        return self.place == 0


class TemplateFields(Struct, frozen=True, kw_only=True):
    """What the form shows of a template."""

    template: Template
    recurrence: RecurrenceFields
    questions: list[QuestionFields]
    types: list[tuple[FieldType, str]]
    steps: list[StepFields]
    makes: list[tuple[str, str]]
    tags: str


class ResourceFields(Struct, frozen=True, kw_only=True):
    """What the form shows of a resource."""

    resource: Resource
    steps: list[StepFields]
    tags: str


def template_fields(template: Template) -> TemplateFields:
    """The form of a template."""
    steps = sorted(template.steps.items(), key=lambda one: (one[1].order, one[0]))
    shown = [StepFields(id_, n, one.text, one.part, one.contact) for n, (id_, one) in enumerate(steps, start=1)]
    return TemplateFields(
        template=template,
        recurrence=recurrence_fields(template.rule),
        questions=question_fields(template.fields),
        types=type_words(),
        steps=[*shown, *_blank()],
        makes=[(one, kind_words(one)) for one in get_args(TemplateFor)],
        tags=", ".join(template.tags),
    )


def resource_fields(resource: Resource) -> ResourceFields:
    """The form of a resource."""
    steps = sorted(resource.steps.items(), key=lambda one: (one[1].order, one[0]))
    shown = [StepFields(id_, n, one.text) for n, (id_, one) in enumerate(steps, start=1)]
    return ResourceFields(resource=resource, steps=[*shown, *_blank()], tags=", ".join(resource.tags))


def _blank() -> Iterable[StepFields]:
    return (StepFields(f"{NEW}{number}", 0) for number in range(1, BLANK_STEPS + 1))


def sent_template(pairs: Pairs, type_: type[T]) -> T:
    """What the form says, as a `NewTemplate` or a `TemplateChange`. Raises `InvalidField`."""
    said = [one for one in with_rule(pairs, "rule") if not one[0].startswith(WORKSHEET)]
    changes: dict[str, Any] = {"fields": sent_questions(pairs)}
    return replace(structured(_plain(said, type_), type_), **changes)


def sent_resource(pairs: Pairs, type_: type[T]) -> T:
    """What the form says, as a `NewResource` or a `ResourceChange`. Raises `InvalidField`."""
    return structured(_plain(pairs, type_), type_)


def _plain(pairs: Pairs, type_: type[Struct]) -> list[tuple[str, str]]:
    """The fields with tags one by one, and steps in their order: those that were emptied are removed, those that were
    left blank are none."""
    others = [one for one in pairs if not one[0].startswith(STEPS)]
    tags = [" ".join(one.split()) for name, text in pairs if name == "tag_words" for one in text.split(",")]
    return [
        *others,
        *(("tags", one) for one in dict.fromkeys(tags)),
        *_steps(pairs, fresh=BASED_ON not in type_.__struct_fields__),
    ]


def _steps(pairs: Pairs, *, fresh: bool) -> list[tuple[str, str]]:
    steps: dict[str, dict[str, str]] = {}
    for name, value in pairs:
        id_, dot, part = name.removeprefix(STEPS).rpartition(".")
        if name.startswith(STEPS) and dot:
            steps.setdefault(id_, {})[part] = value
    emptied = [id_ for id_, one in steps.items() if not (one.get("text", "") + one.get("contact", "")).strip()]
    wanted = {id_: one for id_, one in steps.items() if id_ not in emptied}
    before, order = placed(wanted)
    found = [(STEPS + id_, "") for id_ in emptied if not id_.startswith(NEW)]
    for number, id_ in enumerate(order, start=1):
        given = {part: value for part, value in wanted[id_].items() if part in ("text", "part", "contact")}
        found += [(f"{STEPS}{id_}.{part}", value) for part, value in given.items()]
        if fresh or order != before:
            found.append((f"{STEPS}{id_}.order", str(number)))
    return found
