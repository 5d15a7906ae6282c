"""Every kind of document that is read: how it is written and read, what it is about, when that was; and its read model
as JSON, which is how tables keep it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from intersession_schemas.crdt import Document
from intersession_schemas.documents.assessments.assessments import ASSESSMENT, AssessmentRecord
from intersession_schemas.documents.assessments.wordings import INSTRUMENT
from intersession_schemas.documents.care.comments import ACKNOWLEDGEMENT, COMMENT, NOTE
from intersession_schemas.documents.care.episodes import EPISODE
from intersession_schemas.documents.care.goals import GOAL
from intersession_schemas.documents.care.homework import HOMEWORK, PROGRESS, REVIEW
from intersession_schemas.documents.care.plan import PLAN
from intersession_schemas.documents.care.resources import RESOURCE
from intersession_schemas.documents.care.sessions import SESSION
from intersession_schemas.documents.care.templates import TEMPLATE
from intersession_schemas.documents.care.topics import TOPIC
from intersession_schemas.documents.diary import journal, symptoms
from intersession_schemas.documents.diary.journal import JournalEntry
from intersession_schemas.documents.diary.symptoms import Bucket
from intersession_schemas.documents.shapes import Shape
from intersession_schemas.streams import Audience, Kind, kinds_of

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
        TOPIC,
        SESSION,
        EPISODE,
        INSTRUMENT,
    )
}
"""Kinds that are made and edited field by field."""

AnyShape = Shape[Any] | AssessmentRecord
RECORDS: dict[Kind, AnyShape] = {**SHAPES, ASSESSMENT.kind: ASSESSMENT}
"""Kinds that are read, and shown as text, in one way: `SHAPES`, and assessments, which have edits of their own."""

MODELS: dict[Kind, type[Struct]] = {
    Kind.JOURNAL_ENTRY: JournalEntry,
    Kind.SYMPTOM_LOG: Bucket,
    **{kind: shape.model for kind, shape in RECORDS.items()},
}
"""The read model of every kind that has one."""

_READER = bytes(16)
"""The actor of a document that is only read."""
IN_RECORDS = frozenset(MODELS) & kinds_of(Audience.RECORD)
"""The kinds of a client's record that have a read model."""
UNREADABLE = "document: could not be read"
"""The problem of a document of which nothing can be read."""

_encoder = msgspec.json.Encoder()
_decoders = {kind: msgspec.json.Decoder(model) for kind, model in MODELS.items()}


def load(changes: Sequence[bytes]) -> Document:
    """The document that changes make, to be read only. Raises `DocumentError`."""
    document = Document.new(_READER)
    document.apply(changes)
    return document


def read(kind: Kind, document: Document) -> Any:
    """What a document of a kind that has a read model says; odd content is listed in its `problems`."""
    match kind:
        case Kind.JOURNAL_ENTRY:
            return journal.read(document)
        case Kind.SYMPTOM_LOG:
            return symptoms.read(document)
        case _:
            return RECORDS[kind].read(document)


def subject_of(kind: Kind, model: Struct) -> UUID | None:
    """The document that a record is about, as a comment is about what it is on."""
    name = RECORDS[kind].subject
    return None if name is None else getattr(model, name)


def moment_of(kind: Kind, model: Struct) -> datetime | None:
    """When what a record tells of was done or made; None where it does not say. Lists are sorted by it.

    Of a day it is noon in UTC, which is within the day nearly everywhere.
    """
    moments = (getattr(model, name) for name in RECORDS[kind].moments)
    at: datetime | date | None = next((at for at in moments if at is not None), None)
    return datetime.combine(at, time(12), UTC) if isinstance(at, date) and not isinstance(at, datetime) else at


def model_json(model: Struct) -> bytes:
    """A read model as tables keep it. Raises `OverflowError` for a number that JSON does not hold."""
    return _encoder.encode(model)


def read_model(kind: Kind, data: bytes | str) -> Any:
    """The read model that `model_json` wrote."""
    return _decoders[kind].decode(data)
