"""A document as its applied rows make it: loaded once and read once, for all that is made of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from intersession_schemas.crdt import ROOT, Document, ObjectId
from intersession_schemas.errors import DocumentError
from intersession_schemas.messages import Row, RowType
from intersession_schemas.records.kinds import IN_RECORDS, load, read
from intersession_schemas.streams import Audience, Kind, kinds_of
from intersession_server.log.standing import History, RowFacts, StandingDocument

_READ = IN_RECORDS | kinds_of(Audience.CHART)
"""The kinds that are read: those of a record, and those of the chart, which has read models of its own."""


class Applied:
    """One document of a record. Never raises for what it holds.

    `kind` is None where there is nothing of it to be read: it was erased, all its bytes were dropped or set aside, or
    its kind has no read model. `document` and `model` are None there, and where nothing can be read of its changes.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        """`rows` are all applied log rows of the document, in order."""
        self.id = rows[0].document if rows else UUID(int=0)
        self.name = rows[0].kind if rows else ""
        self.history = History()
        self.kind: Kind | None = None
        self.document: Document | None = None
        self.model: Any = None
        self._brought: dict[tuple[ObjectId, str], RowFacts | None] = {}
        erased = any(row.type is RowType.ERASURE for row in rows)
        changes = [row.change for row in rows if row.type is RowType.CHANGE and row.change and not erased]
        try:
            self.history = History.of(rows)
            document = load(changes)
        except DocumentError:
            self.history = History.unread(rows)
            document = None
        if changes:
            self._read(document)

    @classmethod
    def of(cls, id: UUID, standing: StandingDocument) -> Applied:
        """A document that is open, as it stands."""
        applied = cls(())
        applied.id, applied.name, applied.history = id, standing.kind, standing.history
        if standing.history.first is not None:
            applied._read(standing.document)
        return applied

    def _read(self, document: Document | None) -> None:
        if self.name not in _READ:
            return
        self.kind = Kind(self.name)
        if document is not None:
            try:
                self.model = read(self.kind, document)
                self.document = document
            except DocumentError:
                return

    @property
    def first(self) -> RowFacts:
        """The row of its first change. There is one where there is a `kind`."""
        assert self.history.first is not None
        return self.history.first

    @property
    def last(self) -> RowFacts:
        """The row of its last change."""
        assert self.history.last is not None
        return self.history.last

    def brought(self, key: str, container: ObjectId = ROOT) -> RowFacts | None:
        """The row that brought what stands at a key; None where nothing does. It is looked up once."""
        assert self.document is not None
        if (container, key) not in self._brought:
            self._brought[container, key] = self.history.brought(self.document, key, container)
        return self._brought[container, key]


def spoiled(rows: Sequence[Row]) -> list[Row]:
    """The rows of a document as of one that cannot be read."""
    return [replace(row, change=b"?") if row.change else row for row in rows]
