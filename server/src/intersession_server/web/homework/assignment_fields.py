"""An assignment in a form: what its fields show, and what they say. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from intersession_schemas.documents.care.homework import Homework
from intersession_schemas.documents.care.templates import Template
from intersession_schemas.documents.forms import FieldType
from intersession_server.language.language import say
from intersession_server.projections.read_models import GoalView, ResourceView
from intersession_server.web.client.homework_views import title
from intersession_server.web.forms.reading import structured
from intersession_server.web.forms.recurring import Pairs, RecurrenceFields, recurrence_fields, with_rule
from intersession_server.web.forms.worksheet import QuestionFields, question_fields, sent_questions, type_words

T = TypeVar("T", bound=Struct)

WHEN = "when."
WORKSHEET = "fields."


class ResourceChoice(Struct, frozen=True):
    """A resource of the client's that may go with homework, and whether it does."""

    id: UUID
    title: str
    chosen: bool


class AssignmentFields(Struct, frozen=True, kw_only=True):
    """What the form shows of an assignment. `prefix` is what the names of its fields begin with."""

    homework: Homework
    prefix: str
    recurrence: RecurrenceFields
    questions: list[QuestionFields]
    types: list[tuple[FieldType, str]]
    goals: list[tuple[str, str]]
    resources: list[ResourceChoice]
    since: date | None
    fresh: bool

    @property
    def asked(self) -> int:
        """How many questions the worksheet has."""
        return sum(not one.is_new for one in self.questions)


class CareShown(Struct, frozen=True):
    """What an assignment may go with: the goals and resources of a client."""

    goals: Sequence[GoalView] = ()
    resources: Sequence[ResourceView] = ()


def assignment_fields(
    homework: Homework, care: CareShown, today: date, *, prefix: str = "", fresh: bool = False
) -> AssignmentFields:
    """The form of an assignment. `fresh`: it makes a new one, which begins `today` unless it says otherwise."""
    if fresh:
        homework = replace(homework, due=_yet(homework.due, today), until=_yet(homework.until, today))
    goals = [(str(one.id), title(one.goal.what.strip())) for one in care.goals]
    if homework.goal is not None and str(homework.goal) not in dict(goals):
        goals.append((str(homework.goal), say("A goal that is not here")))
    return AssignmentFields(
        homework=homework,
        prefix=prefix,
        recurrence=recurrence_fields(homework.rule),
        questions=question_fields(homework.fields),
        types=type_words(),
        goals=[("", say("None")), *goals],
        resources=[ResourceChoice(one.id, one.resource.title, one.id in homework.resources) for one in care.resources],
        since=today if fresh else homework.since,
        fresh=fresh,
    )


def _yet(day: date | None, today: date) -> date | None:
    return day if day is not None and day >= today else None


def homework_of(template: Template) -> Homework:
    """What is assigned from a template, before it is changed. One that says nothing else is called by its title."""
    return Homework(what=template.what or template.title, why=template.why, rule=template.rule, fields=template.fields)


def sent_assignment(pairs: Pairs, type_: type[T], prefix: str = "") -> T:
    """What the fields of the form say, as a `NewHomework` or a `HomeworkChange`. Raises `InvalidField`."""
    said = with_rule(pairs, f"{prefix}rule", prefix + WHEN)
    questions = prefix + WORKSHEET
    made = structured([one for one in said if not one[0].startswith(questions)], type_, prefix)
    changes: dict[str, Any] = {"fields": sent_questions(pairs, questions)}
    if dict(pairs).get(f"{prefix}{WHEN}repeats"):
        changes["due"] = None  # due by its rule: a day that was in the form before counts for nothing
    return replace(made, **changes)
