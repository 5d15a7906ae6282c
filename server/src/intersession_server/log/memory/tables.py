"""What the log in memory is made of: streams, documents and rows, as objects that change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import replace

from intersession_schemas.messages import Row, RowType, SnapshotDocument
from intersession_schemas.streams import Audience
from intersession_server.log import chain, checks
from intersession_server.log.accept import End, LogWrite, ToErase, Tombstone
from intersession_server.log.checks import DocumentFacts
from intersession_server.log.saved.making import SavedDocument, ToSave, Unsaved
from intersession_server.log.store import LoggedRow

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


class DocumentEntry(Struct):
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
    saved: SavedDocument | None = None

    def facts(self, account: UUID) -> DocumentFacts:
        """What a push to it is judged by."""
        erased = self.erased is not None
        own = self.shares.get(account, (0, 0))
        return DocumentFacts(self.stream, self.kind, self.operations, self.size, erased, self.author, *own)

    def gives(self, held: StoredRow) -> bool:
        """Whether readers are given that row: not one whose bytes were dropped, nor what an erased document was."""
        return held.row.type is RowType.ERASURE or (not held.dropped and self.erased is None)

    def whole(self, id_: UUID, through: int) -> SnapshotDocument | None:
        """It as a snapshot holds it; None where nothing of it is given."""
        aside = checks.tells_set_aside(self.kind)
        found = self.saved
        if found is None or aside or found.through > through or self.erased is not None:
            rows = self.given(through, aside=aside)
            return SnapshotDocument(id_, self.kind, rows) if rows else None
        return SnapshotDocument(id_, self.kind, self.given(through, found.through), found.data, found.rows)

    def to_save(self, id_: UUID, through: int) -> ToSave:
        """How much of it is saved, and how much came since."""
        inside, after = (0, 0) if self.saved is None else (self.saved.changes, self.saved.through)
        return ToSave(id_, inside, sum(after < held.row.seq <= through for held in self.rows))

    def given(self, through: int, after: int = 0, *, aside: bool = False) -> list[Row]:
        """The rows that readers are given of it, those after one through another; with those that were set `aside`."""
        if self.erased is not None:
            return []
        return [
            held.row
            for held in self.rows
            if after < held.row.seq <= through
            and not held.dropped
            and (held.row.type is RowType.CHANGE or (aside and held.row.type is RowType.QUARANTINE))
        ]

    @property
    def tombstone(self) -> Tombstone | None:
        """Its erasure; None while it is there."""
        if self.erased is None:
            return None
        return Tombstone(self.erased.row.seq, self.erased.row.received_at, self.kept is not None)

    @property
    def holds(self) -> ToErase:
        """What goes when it is erased."""
        return ToErase(sum(held.stored for held in self.rows), self.held, tuple(held.row.seq for held in self.rows))

    def write(self, write: LogWrite, rows: Sequence[StoredRow]) -> None:
        """Count what is written, drop what goes, and take in the rows."""
        totals = write.totals
        self.operations += totals.operations
        self.size += totals.size
        self.held += totals.content
        if write.is_shared:
            operations, size = self.shares.get(write.account, (0, 0))
            self.shares[write.account] = operations + totals.operations, size + totals.size
        if write.erased is not None:
            _, kept = write.erased
            (self.erased,), self.saved = rows, None
            self.kept = {held.row.seq: held.row.change for held in self.rows if not held.dropped} if kept else None
        for held in self.rows:
            # Of what is erased and kept nothing is given either: in memory the bytes lie beside the rows.
            if not held.dropped and (write.erased is not None or held.row.hash in write.dropped):
                held.drop()
        if write.erased is None:
            self.rows += rows
        for held, row in zip(rows, write.rows, strict=True):
            if row.type is RowType.QUARANTINE:
                self.quarantined.add(row.hash)
            if row.type is not RowType.ERASURE:
                self.known.setdefault(row.hash, held.row.seq)
            if row.actor is not None and row.actor_seq is not None and row.last_op is not None:
                self.sequences.setdefault((row.actor, row.actor_seq), row.hash)
                self.last_ops.setdefault(row.hash, row.last_op)


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
    saved: int = 0

    @property
    def end(self) -> End:
        """Where it ends."""
        return End(len(self.rows), self.rows[-1].chain if self.rows else chain.GENESIS)

    def write(self, document: DocumentEntry, write: LogWrite) -> None:
        """Append rows of a document, and count them."""
        made = [
            StoredRow(
                Row(
                    row.seq,
                    write.document,
                    write.kind,
                    row.hash,
                    write.account,
                    write.device,
                    write.received_at,
                    row.type,
                    row.change or b"",
                ),
                row.chain,
                len(row.change or b""),
            )
            for row in write.rows
        ]
        document.write(write, made)
        self.rows += made
        self.documents += write.totals.documents
        self.bytes += write.totals.bytes
        self.held += write.totals.held


def logged(stream: UUID, audience: Audience, held: StoredRow, document: DocumentEntry) -> LoggedRow:
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
    streams: Mapping[UUID, StoredStream], documents: Mapping[UUID, DocumentEntry], limit: int, limit_bytes: int
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


def unsaved(
    streams: Mapping[UUID, StoredStream], documents: Mapping[UUID, DocumentEntry], before: datetime, limit: int
) -> Unsaved | None:
    """The next rows that are to be saved, of a stream to which nothing came since."""
    for id_, stream in sorted(streams.items()):
        behind = stream.saved < stream.applied and stream.audience is not Audience.VAULT
        if behind and stream.rows[stream.applied - 1].row.received_at < before:
            through = min(stream.applied, stream.saved + limit)
            came = dict.fromkeys(held.row.document for held in stream.rows[stream.saved : through])
            found = tuple(documents[one].to_save(one, through) for one in came if documents[one].erased is None)
            return Unsaved(id_, through, found)
    return None
