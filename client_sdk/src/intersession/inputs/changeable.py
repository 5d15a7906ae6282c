"""What a call may change, by name, where any of many fields may be given: a wrong name fails a type check."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from types import UnionType
from typing import Any, Literal, TypedDict, Union, get_args, get_origin
from uuid import UUID

from intersession.inputs.checks import Fields, Labels
from intersession_schemas.documents.care.homework import Barrier, Status
from intersession_schemas.documents.care.plan import PauseReason, SafetyPart
from intersession_schemas.documents.forms import FieldType, Number

ProgressWord = Status | Literal["not done", "could not"]
"""How homework went, also as people say it."""
BarrierWord = Barrier | Literal["no chance", "too hard", "felt worse", "no point", "did not see the point"]
"""What was in the way, also as people say it."""


CODES = {"not done": "not", "did not see the point": "no_point"}
"""Words that are not their own code but for spaces."""


def words_of(alias: Any) -> tuple[str, ...]:
    """The words of a closed set, made of one `Literal` or of several."""
    members = alias.__args__ if isinstance(alias, UnionType) or get_origin(alias) is Union else (alias,)
    return tuple(word for member in members for word in get_args(member))


class SectionFields(TypedDict, total=False):
    """What `PlanEditor.change_section` changes, as `add_section` takes it."""

    prompt: str
    type: FieldType
    required: bool
    low: Number | None
    high: Number | None
    labels: Labels
    options: Iterable[str]
    unit: str
    active_from: date | None
    active_to: date | None


class TrackerFields(TypedDict, total=False):
    """What `PlanEditor.change_tracker` changes, as `add_tracker` takes it."""

    name: str
    question: str
    low: Number
    high: Number
    labels: Labels
    rule: str
    since: date | None
    until: date | None
    resources: Iterable[UUID]


class PauseFields(TypedDict, total=False):
    """What `PlanEditor.change_pause` changes, as `pause` takes it."""

    first: date
    last: date | None
    reason: PauseReason
    note: str


class SafetyStepFields(TypedDict, total=False):
    """What `PlanEditor.change_safety_step` changes, as `add_safety_step` takes it."""

    part: SafetyPart
    text: str
    contact: str


class AssessmentFields(TypedDict, total=False):
    """What `PlanEditor.change_assessment` changes, as `add_assessment` takes it."""

    instrument: str
    rule: str
    since: date | None
    until: date | None
    before_each_session: bool
    open_days: int
    remind_days: int | None


class HomeworkFields(TypedDict, total=False):
    """What the homework that follows a review differs in, as `ClientHomework.assign` takes it."""

    what: str
    why: str
    agreed: bool
    confidence: int | None
    goal: UUID | None
    fields: Fields
    resources: Iterable[UUID]
    due: date | None
    rule: str
    since: date | None
    until: date | None
