"""A document as it stands: in memory, with what the log says of its rows. Pure.

It is made once after it was applied, for read models, pages and briefs alike, and moved on row by row: no row costs
what came before it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from intersession_schemas.changes import Change, read_change
from intersession_schemas.crdt import ROOT, Document, ObjectId
from intersession_schemas.messages import Row, RowType
from intersession_schemas.operations import operations_of
from intersession_schemas.records.provenance import Provenance
from intersession_server.log.applying import OpenDocument
from intersession_server.log.store import LoggedRow

_ROW_WEIGHT = 400


class RowFacts(Struct, frozen=True):
    """A row of the log without its change: where it is, who wrote it through which device, when it was received."""

    seq: int
    author: UUID
    device: UUID
    received_at: datetime


class History:
    """What the rows of one document say besides their changes, taken in one by one, in order.

    `first` and `last` are of its changes, `earliest` and `latest` when the server received them, `heard` by author.
    `aside` are the rows that were quarantined. `through` is the last row of all, 0 where there is none.
    """

    def __init__(self) -> None:
        self.through = 0
        self.first: RowFacts | None = None
        self.last: RowFacts | None = None
        self.earliest: datetime | None = None
        self.latest: datetime | None = None
        self.heard: dict[UUID, datetime] = {}
        self.aside: list[RowFacts] = []
        self._provenance: Provenance[RowFacts] = Provenance()

    @classmethod
    def of(cls, rows: Iterable[Row]) -> History:
        """The history that these are the rows of."""
        history = cls()
        for row in rows:
            if row.type is RowType.QUARANTINE:
                history.set_aside(facts_of(row))
            elif row.type is RowType.CHANGE and row.change:
                history.add(facts_of(row), read_change(row.change))
        return history

    @classmethod
    def unread(cls, rows: Iterable[Row]) -> History:
        """The same of rows whose changes cannot be read: nothing is known of what they brought."""
        history = cls()
        for row in rows:
            if row.type is RowType.QUARANTINE:
                history.set_aside(facts_of(row))
            elif row.type is RowType.CHANGE and row.change:
                history._take(facts_of(row))
        return history

    @property
    def weight(self) -> int:
        """About how many bytes of memory this takes."""
        return _ROW_WEIGHT * (len(self._provenance) + len(self.aside))

    def add(self, facts: RowFacts, change: Change) -> None:
        """A row that is part of the document."""
        self._take(facts)
        self._provenance.add(change.actor, change.start_op, change.operations, facts)

    def _take(self, facts: RowFacts) -> None:
        at = facts.received_at
        self.through, self.first, self.last = facts.seq, self.first or facts, facts
        self.earliest = at if self.earliest is None else min(at, self.earliest)
        self.latest = at if self.latest is None else max(at, self.latest)
        self.heard[facts.author] = max(at, self.heard.get(facts.author, at))

    def set_aside(self, facts: RowFacts) -> None:
        """A row that was quarantined."""
        self.through = facts.seq
        self.aside.append(facts)

    def brought(self, document: Document, key: str, container: ObjectId = ROOT) -> RowFacts | None:
        """The row that brought what stands at a key; None where nothing does."""
        return self._provenance.of(document, key, container)


class ShownBucket(Struct):
    """A bucket of symptom logs as read models hold it: the names in it, and the keys written since."""

    names: set[str]
    written: set[str] = set()


class StandingDocument:
    """An open document and its history."""

    def __init__(self, kind: str, rows: Sequence[Row]) -> None:
        """`rows` are all that were applied before, those that were quarantined among them."""
        self.kind = kind
        self.open = OpenDocument(kind, [row.change for row in rows if row.type is RowType.CHANGE and row.change])
        self.history = History.of(rows)
        self.bucket: ShownBucket | None = None
        """Of a bucket that read models hold whole, what they hold."""
        self.tables: object = None
        """Which read models these are."""

    @property
    def document(self) -> Document:
        """The document itself, to be read only."""
        return self.open.document

    @property
    def weight(self) -> int:
        """About how many bytes of memory this takes."""
        return self.open.weight + self.history.weight

    def take_in(self, rows: Iterable[LoggedRow], aside: Collection[int]) -> None:
        """These rows were applied just now, but for those set `aside`."""
        for row in rows:
            facts = RowFacts(row.seq, row.author, row.device, row.received_at)
            if row.seq in aside:
                self.history.set_aside(facts)
                continue
            change = row.read()
            self.history.add(facts, change)
            if self.bucket is not None:
                self.bucket.written.update(run.key for run in operations_of(change) if run.object is None and run.key)


def facts_of(row: Row | LoggedRow) -> RowFacts:
    """A row without its change."""
    return RowFacts(row.seq, row.author, row.device, row.received_at)
