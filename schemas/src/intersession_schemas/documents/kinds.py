"""All document kinds that are records of fields, by kind; and the read model of every kind."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from intersession_schemas.documents.assessments import ASSESSMENT, AssessmentRecord
from intersession_schemas.documents.comments import ACKNOWLEDGEMENT, COMMENT, NOTE
from intersession_schemas.documents.episodes import EPISODE
from intersession_schemas.documents.goals import GOAL
from intersession_schemas.documents.homework import HOMEWORK, PROGRESS, REVIEW
from intersession_schemas.documents.journal import JournalEntry
from intersession_schemas.documents.plan import PLAN
from intersession_schemas.documents.resources import RESOURCE
from intersession_schemas.documents.sessions import SESSION
from intersession_schemas.documents.shapes import Shape
from intersession_schemas.documents.symptoms import Bucket
from intersession_schemas.documents.templates import TEMPLATE
from intersession_schemas.documents.wordings import INSTRUMENT
from intersession_schemas.streams import Kind

SHAPES: dict[Kind, Shape[Any]] = {
    shape.kind: shape
    for shape in (
        PLAN,
        HOMEWORK,
        PROGRESS,
        REVIEW,
        GOAL,
        RESOURCE,
        COMMENT,
        ACKNOWLEDGEMENT,
        NOTE,
        TEMPLATE,
        SESSION,
        EPISODE,
        INSTRUMENT,
    )
}
"""Kinds that are made and edited field by field."""

PROJECTED: dict[Kind, Shape[Any] | AssessmentRecord] = {**SHAPES, ASSESSMENT.kind: ASSESSMENT}
"""Kinds that are read, and shown as text, in one way: `SHAPES`, and assessments, which have edits of their own."""

MODELS: dict[Kind, type[Struct]] = {
    Kind.JOURNAL_ENTRY: JournalEntry,
    Kind.SYMPTOM_LOG: Bucket,
    **{kind: shape.model for kind, shape in PROJECTED.items()},
}
"""The read model of every kind that has one."""
