"""A document as its applied rows make it: loaded once and read once, for all that is made of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from msgspec.structs import replace

from intersession_schemas.changes import read_change
from intersession_schemas.crdt import ROOT, Document, ObjectId
from intersession_schemas.errors import DocumentError
from intersession_schemas.messages import Row, RowType
from intersession_schemas.records.kinds import IN_RECORDS, load, read
from intersession_schemas.records.provenance import Provenance
from intersession_schemas.streams import Kind


class Applied:
    """One document of a record. Never raises for what it holds.

    `changes` are the rows that it is made of: none where it was erased, where all its bytes were dropped or set aside,
    or where its kind has no read model (`kind` is None then). `document` and `model` are None where there are no
    changes, and where nothing can be read of them.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        """`rows` are all applied log rows of the document, in order."""
        self.rows = rows
        self.changes: Sequence[Row] = ()
        self.kind: Kind | None = None
        self.document: Document | None = None
        self.model: Any = None
        self._brought: dict[tuple[ObjectId, str], Row | None] = {}
        changes = [row for row in rows if row.type is RowType.CHANGE and row.change]
        if not changes or changes[0].kind not in IN_RECORDS or any(row.type is RowType.ERASURE for row in rows):
            return
        self.changes, self.kind = changes, Kind(changes[0].kind)
        try:
            document = load([row.change for row in changes])
            self.model = read(self.kind, document)
            self.document = document
        except DocumentError:
            return

    def brought(self, key: str, container: ObjectId = ROOT) -> Row | None:
        """The row that brought what stands at a key; None where nothing does. It is looked up once."""
        assert self.document is not None
        if (container, key) not in self._brought:
            self._brought[container, key] = self._provenance.of(self.document, key, container)
        return self._brought[container, key]

    @cached_property
    def _provenance(self) -> Provenance[Row]:
        headers = ((read_change(row.change), row) for row in self.changes)
        return Provenance((one.actor, one.start_op, one.operations, row) for one, row in headers)


def spoiled(rows: Sequence[Row]) -> list[Row]:
    """The rows of a document as of one that cannot be read."""
    return [replace(row, change=b"?") if row.change else row for row in rows]
