"""Filing: a document of a record as briefs and signals are made from it, with when it and its parts arrived."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from intersession_schemas.crdt import ROOT, Document, ObjectId
from intersession_schemas.documents.assessments.answers import answer_key
from intersession_schemas.documents.assessments.assessments import Assessment
from intersession_schemas.documents.care.plan import PLAN, Plan
from intersession_schemas.documents.diary.symptoms import Bucket
from intersession_schemas.errors import DocumentError
from intersession_schemas.records.kinds import load
from intersession_schemas.streams import Kind


class FiledRows(Struct, frozen=True, kw_only=True):
    """The rows of one document: who wrote the first, the `seq` of first and last, and when the server received them.

    A document that is not confirmed yet has neither. `parts`: when what lies within the document arrived (None: it has
    not), by its id as text, as far as it is known: each log of a `symptom_log`, each answer and completion of an
    assessment.
    """

    author: UUID | None = None
    first_seq: int | None = None
    last_seq: int | None = None
    first_received_at: datetime | None = None
    last_received_at: datetime | None = None
    parts: Mapping[str, datetime | None] = {}


class Filed(Struct, frozen=True, kw_only=True):
    """One document: its id, kind, read model and rows."""

    id: UUID
    kind: Kind
    model: Any
    rows: FiledRows = FiledRows()

    def arrived(self, part: UUID | None = None) -> datetime | None:
        """When the document arrived, or a part of it. Of a part without a time of its own, the document's last row."""
        if part is None:
            return self.rows.first_received_at
        return self.rows.parts.get(str(part), self.rows.last_received_at)


class NotAccepted(Struct, frozen=True, kw_only=True):
    """Something sent for an assessment that the server set aside: by which row of which document, from whom, when."""

    document: UUID
    seq: int
    author: UUID
    received_at: datetime


class Unreadable(Struct, frozen=True, kw_only=True, order=True):
    """A document of which nothing can be read."""

    kind: str
    id: UUID


Confirmed = tuple[int, UUID, datetime]
"""A row of the log: its number, its author, when it was received."""
Arrived = Callable[[str, ObjectId], datetime | None]
"""When the change was received that brought what stands at a key of a map; None: it has not been."""


def rows_of(changes: Sequence[Confirmed], parts: Mapping[str, datetime | None]) -> FiledRows:
    """What is known of a document's rows, given in order; `parts` as `parts_of` finds them."""
    if not changes:
        return FiledRows(parts=parts)
    return FiledRows(
        author=changes[0][1],
        first_seq=changes[0][0],
        last_seq=changes[-1][0],
        first_received_at=min(received for _, _, received in changes),
        last_received_at=max(received for _, _, received in changes),
        parts=parts,
    )


def parts_of(document: Document, model: Struct, arrived: Arrived) -> dict[str, datetime | None]:
    """When each part of a document arrived, with the change that brought it as it stands.

    Parts are the logs of a bucket, and the answers and completions of an assessment.
    """
    match model:
        case Bucket(logs=logs):
            return {str(log.id): arrived(str(log.id), ROOT) for log in logs}
        case Assessment():
            return _answers(document, model, arrived)
        case _:
            return {}


def _answers(document: Document, model: Assessment, arrived: Arrived) -> dict[str, datetime | None]:
    found: dict[str, datetime | None] = {}
    draft, completions = document.object("draft", "map"), document.object("completions", "map")
    if completions is not None:
        found |= {str(one.id): arrived(str(one.id), completions) for one in model.completions}
    if draft is not None:
        for given in (model.draft, model.overridden):
            for item, some in given.items():
                found |= {str(one.id): arrived(answer_key(item, one.id), draft) for one in some}
    return found


def plan_of(changes: Sequence[bytes]) -> Plan:
    """The plan that some of its changes make; an empty one where there are none, or they cannot be read."""
    try:
        return PLAN.read(load(changes)) if changes else Plan()
    except DocumentError:
        return Plan()
