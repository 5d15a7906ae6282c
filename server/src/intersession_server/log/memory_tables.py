"""What the log in memory is made of: streams, documents and rows, as objects that change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import replace

from intersession_schemas.changes import Change
from intersession_schemas.messages import Row, RowType
from intersession_schemas.records.instants import to_micros
from intersession_schemas.streams import Audience
from intersession_server.log import chain, quotas
from intersession_server.log.checks import DocumentFacts
from intersession_server.log.store import ErasureDone, LoggedRow

Hash = bytes


class StoredRow(Struct):
    """A row as readers get it, and what only the store keeps. `stored` is how many bytes of it there are."""

    row: Row
    chain: bytes
    stored: int
    attempts: int = 1
    dropped: bool = False

    def drop(self) -> int:
        """Drop its bytes; gives how many there were."""
        stored, self.stored = self.stored, 0
        self.row = replace(self.row, change=b"")
        self.dropped = True
        return stored


class StoredDocument(Struct):
    """A document. `erased` is its tombstone; `kept` are the bytes of one that was erased and hidden."""

    stream: UUID
    kind: str
    created: int
    author: UUID
    operations: int = 0
    size: int = 0
    held: int = 0
    erased: StoredRow | None = None
    kept: dict[int, bytes] | None = None
    rows: list[StoredRow] = field(default_factory=list)
    known: dict[bytes, int] = field(default_factory=dict)
    quarantined: set[bytes] = field(default_factory=set)
    sequences: dict[tuple[bytes, int], bytes] = field(default_factory=dict)
    last_ops: dict[bytes, int] = field(default_factory=dict)
    shares: dict[UUID, tuple[int, int]] = field(default_factory=dict)

    def facts(self, account: UUID) -> DocumentFacts:
        """What a push to it is judged by."""
        erased = self.erased is not None
        own = self.shares.get(account, (0, 0))
        return DocumentFacts(self.stream, self.kind, self.operations, self.size, erased, self.author, *own)

    def count(self, account: UUID, change: Change) -> None:
        """Count what an account brings to it."""
        self.operations += change.operations
        self.size += change.size
        operations, size = self.shares.get(account, (0, 0))
        self.shares[account] = operations + change.operations, size + change.size

    def gives(self, held: StoredRow) -> bool:
        """Whether readers are given that row: not one whose bytes were dropped, nor what an erased document was."""
        return held.row.type is RowType.ERASURE or (not held.dropped and self.erased is None)

    def given(self, through: int, *, aside: bool = False) -> list[Row]:
        """The rows that a snapshot of it holds; with those that were set `aside`."""
        if self.erased is not None:
            return []
        return [
            held.row
            for held in self.rows
            if held.row.seq <= through
            and not held.dropped
            and (held.row.type is RowType.CHANGE or (aside and held.row.type is RowType.QUARANTINE))
        ]

    def drop(self, hashes: tuple[bytes, ...]) -> int:
        """Drop the bytes of these rows; gives how many there were."""
        dropped = sum(held.drop() for held in self.rows if held.row.hash in hashes and not held.dropped)
        self.size -= dropped
        return dropped

    def erase(self, tombstone: StoredRow, *, keep: bool) -> int:
        """Erase it; gives how many bytes readers no longer have."""
        self.erased = tombstone
        if keep:
            self.kept = {held.row.seq: held.row.change for held in self.rows if not held.dropped}
        return sum(held.drop() for held in self.rows if not held.dropped)

    def told(self, tombstone: StoredRow, *, duplicate: bool) -> ErasureDone:
        """What is answered to whoever erases it, or asks again."""
        rows = tuple(held.row.seq for held in self.rows)
        return ErasureDone(tombstone.row.seq, self.kept is not None, duplicate, tombstone.row.received_at, rows)


class StoredStream(Struct):
    """A stream with all its rows."""

    audience: Audience
    practice: UUID
    client: UUID | None
    created_at: datetime
    rows: list[StoredRow] = field(default_factory=list)
    applied: int = 0
    documents: int = 0
    bytes: int = 0
    held: int = 0

    def number(self, id_: UUID, row: Row) -> StoredRow:
        """Append a row, which gets the next seq here."""
        row = replace(row, seq=len(self.rows) + 1)
        chained = chain.extend(
            self.rows[-1].chain if self.rows else chain.GENESIS,
            id_,
            row.seq,
            row.document,
            row.type,
            row.kind,
            row.hash,
            row.author,
            row.device,
            to_micros(row.received_at),
        )
        held = StoredRow(row, chained, len(row.change))
        self.rows.append(held)
        self.bytes += held.stored
        return held

    def note(self, document: StoredDocument, row: Row) -> None:
        """Append a row without bytes that says of a refused push that there was one."""
        held = self.number(document.stream, row)
        held.row = replace(held.row, type=RowType.QUARANTINE)
        document.rows.append(held)
        document.known[row.hash] = held.row.seq
        document.quarantined.add(row.hash)
        self.held += quotas.ROW

    def count(self, document: StoredDocument, changes: Sequence[Change]) -> None:
        """Count new rows of a document against the quota."""
        document.held += quotas.content(changes)
        self.held += quotas.content(changes) + quotas.ROW * len(changes)

    def drop(self, document: StoredDocument, replaced: tuple[Hash, ...]) -> None:
        """Drop the bytes of these rows of a document of a vault."""
        dropped = document.drop(replaced)
        self.bytes -= dropped
        self.held -= dropped
        document.held -= dropped

    def erase(self, document: StoredDocument, tombstone: StoredRow, *, keep: bool) -> None:
        """Take a document back."""
        self.bytes -= document.erase(tombstone, keep=keep)
        self.held += quotas.ROW - (0 if keep else document.held)
        document.held = document.held if keep else 0


def logged(stream: UUID, audience: Audience, held: StoredRow, document: StoredDocument) -> LoggedRow:
    """A row as the applier gets it."""
    row = held.row
    return LoggedRow(
        stream,
        row.seq,
        row.document,
        row.kind,
        audience,
        row.hash,
        row.author,
        row.device,
        row.received_at,
        held.attempts,
        row.change,
        row.type,
        dropped=held.dropped or row.type is RowType.ERASURE,
        first=document.created == row.seq,
        operations=document.operations,
    )


def unapplied(
    streams: Mapping[UUID, StoredStream], documents: Mapping[UUID, StoredDocument], limit: int, limit_bytes: int
) -> list[LoggedRow]:
    """The next rows of each stream that are not applied, all streams getting their share."""
    behind = [(id_, stream) for id_, stream in sorted(streams.items()) if stream.applied < len(stream.rows)]
    rows: list[LoggedRow] = []
    for position, (id_, stream) in enumerate(behind):
        share = max(1, (limit - len(rows)) // (len(behind) - position))
        for held in stream.rows[stream.applied : stream.applied + share]:
            rows.append(logged(id_, stream.audience, held, documents[held.row.document]))
            limit_bytes -= len(held.row.change)
            if limit_bytes <= 0 or len(rows) >= limit:
                return rows
    return rows
