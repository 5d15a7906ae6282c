"""What this device makes of a document of each kind: the rows that reading goes by, and text for a person.

`PROJECTIONS` is the one place that tells kinds apart where documents are written or come in. All kinds that are records
of fields are treated alike, so a new one is there as soon as `intersession_schemas.records.kinds` has it; a kind that
is not there is kept and synced all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from intersession.documents import journal_rows, records
from intersession.documents.rows import Moved, StoredDocument
from intersession.documents.tables import symptom_rows, symptom_views
from intersession_schemas.crdt import Document
from intersession_schemas.records.kinds import RECORDS
from intersession_schemas.streams import Kind

if TYPE_CHECKING:
    from intersession.store.store import Store


class ToRows(Protocol):
    """Writes the rows of a document anew, in a transaction."""

    def __call__(self, store: Store, held: StoredDocument, document: Document, /) -> None:
        """Do so."""


class Follow(Protocol):
    """Writes those rows of a document that differ since it `moved`; False where only all of it can tell which."""

    def __call__(self, store: Store, held: StoredDocument, moved: Moved, /) -> bool:
        """Do so."""


class ToText(Protocol):
    """What a document says, as text for a person; of one that holds many things only those that `without` has not."""

    def __call__(self, document: Document, without: Document | None, /) -> str:
        """That text."""


class Projection(Struct, frozen=True):
    """What is made of the documents of a kind. One without `follow` has a single row, written with every change."""

    rows: ToRows
    text: ToText
    follow: Follow | None = None


PROJECTIONS: Mapping[str, Projection] = {
    Kind.JOURNAL_ENTRY: Projection(journal_rows.project, journal_rows.text),
    Kind.SYMPTOM_LOG: Projection(symptom_rows.project, symptom_views.text, symptom_rows.follow),
    **{kind: Projection(records.project, records.text_of(kind)) for kind in RECORDS},
}


def project(store: Store, held: StoredDocument, document: Document) -> None:
    """Write the rows of a document anew."""
    projection = PROJECTIONS.get(held.kind)
    if projection is not None:
        projection.rows(store, held, document)


def follow(store: Store, held: StoredDocument, moved: Moved) -> bool:
    """Write the rows that differ since a document, whose rows were right, moved on; False: they all have to be written.

    What costs as much as it changes is up to the kind.
    """
    if not moved.applied:
        return True
    projection = PROJECTIONS.get(held.kind)
    return projection is not None and projection.follow is not None and projection.follow(store, held, moved)


def readable(kind: str, document: Document, without: Document | None) -> str:
    """What a document says, as text for a person; of symptom logs only those that `without` does not have."""
    projection = PROJECTIONS.get(kind)
    return "" if projection is None else projection.text(document, without)
