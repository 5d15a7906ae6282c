"""What this device makes of a document of each kind: the rows that reading goes by, and text for a person.

`PROJECTIONS` is the one place that tells kinds apart where documents are written or come in. All kinds that are records
of fields are treated alike, so a new one is there as soon as `intersession_schemas.records.kinds` has it; a kind that
is not there is kept and synced all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from intersession.documents import journal_rows, records
from intersession.documents.rows import StoredDocument
from intersession.documents.tables import symptom_rows, symptom_views
from intersession_schemas.crdt import Document
from intersession_schemas.records.kinds import RECORDS
from intersession_schemas.streams import Kind

if TYPE_CHECKING:
    from intersession.store.store import Store


class ToRows(Protocol):
    """Writes the rows of a document anew, in a transaction. `applied` are the hashes of the changes it was made of."""

    def __call__(self, store: Store, held: StoredDocument, document: Document, applied: Set[bytes], /) -> None:
        """Do so."""


class ToText(Protocol):
    """What a document says, as text for a person; of one that holds many things only those that `without` has not."""

    def __call__(self, document: Document, without: Document | None, /) -> str:
        """That text."""


class Projection(Struct, frozen=True):
    """What is made of the documents of a kind."""

    rows: ToRows
    text: ToText


PROJECTIONS: Mapping[str, Projection] = {
    Kind.JOURNAL_ENTRY: Projection(journal_rows.project, journal_rows.text),
    Kind.SYMPTOM_LOG: Projection(symptom_rows.project, symptom_views.text),
    **{kind: Projection(records.project, records.text_of(kind)) for kind in RECORDS},
}


def project(store: Store, held: StoredDocument, document: Document, applied: Set[bytes]) -> None:
    """Write the rows of a document anew. `applied` are the hashes of the changes it was made of."""
    projection = PROJECTIONS.get(held.kind)
    if projection is not None:
        projection.rows(store, held, document, applied)


def readable(kind: str, document: Document, without: Document | None) -> str:
    """What a document says, as text for a person; of symptom logs only those that `without` does not have."""
    projection = PROJECTIONS.get(kind)
    return "" if projection is None else projection.text(document, without)
