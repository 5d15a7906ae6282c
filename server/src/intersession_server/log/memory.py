"""The log in memory, for simulations and tests: the same judgement, and a disk that can be made to fail.

`MemoryLogStore` has no threads and no event loop. An append is only *staged*; `flush` commits what is staged,
in order, and gives the outcomes; `crash` loses what was not flushed, as a power cut would. Nothing staged is
seen by any reader. All other changes are durable when their call returns.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import count
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import replace

from intersession_schemas.changes import Change
from intersession_schemas.messages import Row, RowType, SnapshotDocument
from intersession_schemas.streams import Audience, Role, may_read
from intersession_server.log import chain, checks
from intersession_server.log.instants import to_micros
from intersession_server.log.store import (
    ROW_OVERHEAD,
    AccessEnded,
    Appended,
    BackfillPage,
    Grant,
    LoggedRow,
    Offer,
    Page,
    Reader,
    Refused,
    StorageFailed,
    Stream,
    Submission,
    UnknownStream,
)

Outcome = Appended | Refused | StorageFailed


class _Row(Struct):
    """A row as readers get it, and what only the store keeps."""

    row: Row
    chain: bytes
    attempts: int = 1


class _Stream(Struct):
    audience: Audience
    practice: UUID
    client: UUID | None
    created_at: datetime
    rows: list[_Row] = field(default_factory=list)
    applied: int = 0
    documents: int = 0
    bytes: int = 0


class _Document(Struct):
    stream: UUID
    kind: str
    created: int
    operations: int = 0
    size: int = 0
    erased: bool = False
    rows: list[_Row] = field(default_factory=list)
    known: dict[bytes, int] = field(default_factory=dict)
    quarantined: set[bytes] = field(default_factory=set)
    sequences: dict[tuple[bytes, int], bytes] = field(default_factory=dict)


class MemoryLogStore:
    """The methods of `LogStore`, called and answered at once; only `append` waits for `flush`."""

    def __init__(self) -> None:
        self._streams: dict[UUID, _Stream] = {}
        self._grants: dict[UUID, Grant] = {}
        self._revoked: set[UUID] = set()
        self._documents: dict[UUID, _Document] = {}
        self._actors: dict[bytes, UUID] = {}
        self._staged: list[tuple[int, Submission, datetime]] = []
        self._tickets = count(1)

    # --- accept ---

    def append(self, submission: Submission, received_at: datetime) -> int:
        """Stage a push; gives the number under which `flush` will tell its outcome."""
        to_micros(received_at)  # refuses a naive datetime here rather than in the flush
        ticket = next(self._tickets)
        self._staged.append((ticket, submission, received_at))
        return ticket

    @property
    def staged(self) -> int:
        """How many appends wait for the next flush."""
        return len(self._staged)

    def flush(self, *, failing: bool = False) -> list[tuple[int, Outcome]]:
        """Commit what is staged; (ticket, outcome) of each, in order. `failing`: as if the disk refused the commit."""
        staged, self._staged = self._staged, []
        if failing:
            return [(ticket, StorageFailed("The disk is set to fail.")) for ticket, _, _ in staged]
        return [(ticket, self._append(submission, at)) for ticket, submission, at in staged]

    def crash(self) -> None:
        """Lose what was staged. What was flushed stays."""
        self._staged = []

    def _append(self, submission: Submission, received_at: datetime) -> Appended | Refused:
        facts = self._facts(submission)
        verdict = checks.judge(submission, facts)
        if isinstance(verdict, checks.Refuse):
            return Refused(verdict.code)
        if isinstance(verdict, checks.Duplicate):
            return Appended(verdict.seq, duplicate=True)
        return self._keep(submission, verdict.changes, received_at)

    def _facts(self, submission: Submission) -> checks.Facts:
        stream = self._streams.get(submission.stream)
        if stream is None:
            return checks.Facts(None, None, False, None, {}, (), {}, {})
        active = self._active(submission.stream, submission.account)
        document = self._documents.get(submission.document)
        return checks.Facts(
            stream.audience,
            active.role if active else None,
            submission.device in self._revoked,
            checks.DocumentFacts(document.stream, document.kind, document.operations, document.size, document.erased)
            if document
            else None,
            document.known if document else {},
            document.quarantined if document else (),
            document.sequences if document else {},
            {} if stream.audience is Audience.VAULT else self._actors,
        )

    def _keep(self, submission: Submission, changes: Sequence[Change], received_at: datetime) -> Appended:
        stream = self._stream(submission.stream)
        document = self._documents.get(submission.document)
        if document is None:
            document = _Document(submission.stream, submission.kind, len(stream.rows) + 1)
            self._documents[submission.document] = document
            stream.documents += 1
        for change in changes:
            row = self._number(stream, submission, change, received_at)
            stream.rows.append(row)
            stream.bytes += len(change.data)
            document.rows.append(row)
            document.known.setdefault(change.hash, row.row.seq)
            document.operations += change.operations
            document.size += change.size
            if stream.audience is not Audience.VAULT:
                document.sequences.setdefault((change.actor, change.seq), change.hash)
                self._actors.setdefault(change.actor, submission.account)
        return Appended(len(stream.rows))

    def _number(self, stream: _Stream, submission: Submission, change: Change, received_at: datetime) -> _Row:
        seq = len(stream.rows) + 1
        chained = chain.extend(
            stream.rows[-1].chain if stream.rows else chain.GENESIS,
            submission.stream,
            seq,
            submission.document,
            RowType.CHANGE,
            submission.kind,
            change.hash,
            submission.account,
            submission.device,
            to_micros(received_at),
        )
        row = Row(
            seq,
            submission.document,
            submission.kind,
            change.hash,
            submission.account,
            submission.device,
            received_at,
            RowType.CHANGE,
            change.data,
        )
        return _Row(row, chained)

    # --- distribute ---

    def page(self, reader: Reader, stream: UUID, grant: UUID, after: int, limit_bytes: int) -> Page | AccessEnded:
        """See `LogStore.page`."""
        found = self._readable(reader, stream, grant)
        if found is None:
            return AccessEnded(stream, grant)
        items: list[Row] = []
        room = limit_bytes
        for held in found.rows[after : found.applied]:
            row = held.row
            if items and room < len(row.change) + ROW_OVERHEAD:
                break
            room -= len(row.change) + ROW_OVERHEAD
            items.append(row)
        through = items[-1].seq if items else after
        return Page(stream, items, through, self.chain_at(stream, through) or b"", found.applied)

    def backfill(
        self, reader: Reader, stream: UUID, grant: UUID, head: int, below: int | None, limit_bytes: int
    ) -> BackfillPage | AccessEnded:
        """See `LogStore.backfill`."""
        found = self._readable(reader, stream, grant)
        if found is None:
            return AccessEnded(stream, grant)
        head = min(head, found.applied)
        limit = head + 1 if below is None else min(below, head + 1)
        older = [(d.created, id_, d) for id_, d in self._documents.items() if d.stream == stream and d.created < limit]
        items: list[SnapshotDocument] = []
        room, reached = limit_bytes, 0
        for created, id_, document in sorted(older, reverse=True):
            rows = [r.row for r in document.rows if r.row.seq <= head and r.row.type is RowType.CHANGE]
            if not rows or document.erased:
                continue
            size = sum(len(row.change) + ROW_OVERHEAD for row in rows)
            if items and room < size:
                break
            room -= size
            items.append(SnapshotDocument(id_, document.kind, rows))
            reached = created
        else:
            reached = 0
        return BackfillPage(stream, items, head, self.chain_at(stream, head) or b"", reached)

    def offers(self, reader: Reader) -> list[Offer]:
        """See `LogStore.offers`."""
        offered = []
        for grant in sorted(self._grants.values(), key=lambda g: (g.since, g.id.bytes)):
            stream = self._streams[grant.stream]
            if grant.account == reader.account and self._may_read(grant, reader, grant.stream):
                client = stream.client or stream.practice
                offered.append(
                    Offer(
                        grant.stream,
                        stream.audience,
                        grant.role,
                        grant.id,
                        client,
                        stream.applied,
                        stream.documents,
                        stream.bytes,
                    )
                )
        return offered

    def ended(self, reader: Reader, streams: Sequence[UUID]) -> list[tuple[UUID, UUID]]:
        """See `LogStore.ended`."""
        over = []
        for stream in streams:
            held = [g for g in self._grants.values() if g.stream == stream and g.account == reader.account]
            active = [grant for grant in held if grant.until is None]
            latest = active or sorted(held, key=lambda g: (-to_micros(g.until or g.since), g.id.bytes))
            if latest and not self._may_read(latest[0], reader, stream):
                over.append((stream, latest[0].id))
        return over

    def chain_at(self, stream: UUID, seq: int) -> bytes | None:
        """See `LogStore.chain_at`."""
        found = self._streams.get(stream)
        if found is None or not 0 <= seq <= len(found.rows):
            return None
        return chain.on_wire(found.rows[seq - 1].chain) if seq else b""

    def missing_changes(self, stream: UUID, document: UUID, hashes: Sequence[bytes]) -> list[bytes]:
        """See `LogStore.missing_changes`."""
        found = self._documents.get(document)
        return [hash_ for hash_ in hashes if found is None or found.stream != stream or hash_ not in found.known]

    def _readable(self, reader: Reader, stream: UUID, grant: UUID) -> _Stream | None:
        found = self._streams.get(stream)
        return found if found and self._may_read(self._grants.get(grant), reader, stream) else None

    def _may_read(self, grant: Grant | None, reader: Reader, stream: UUID) -> bool:
        revoked = reader.device in self._revoked
        return checks.may_read_page(grant, self._streams[stream].audience, reader, stream, device_revoked=revoked)

    # --- who may ---

    def create_stream(self, id: UUID, audience: Audience, practice: UUID, client: UUID | None, at: datetime) -> None:
        """See `LogStore.create_stream`."""
        to_micros(at)
        self._streams.setdefault(id, _Stream(audience, practice, client, at))

    def grant(self, id: UUID, stream: UUID, account: UUID, role: Role, at: datetime) -> None:
        """See `LogStore.grant`."""
        audience = self._stream(stream).audience
        if not may_read(role, audience):
            raise ValueError(f"The role {role} may never read a {audience}. Grant another role or another stream.")
        if id not in self._grants:
            self.end_grants(stream, account, at)
            self._grants[id] = Grant(id, stream, account, role, at)

    def end_grant(self, grant: UUID, at: datetime) -> list[Grant]:
        """See `LogStore.end_grant`."""
        held = self._grants.get(grant)
        if held is None or held.until is not None:
            return []
        to_micros(at)
        self._grants[grant] = replace(held, until=at)
        return [self._grants[grant]]

    def end_grants(self, stream: UUID, account: UUID, at: datetime) -> list[Grant]:
        """See `LogStore.end_grants`."""
        active = self._active(stream, account)
        return self.end_grant(active.id, at) if active else []

    def revoke_device(self, device: UUID, at: datetime) -> None:
        """See `LogStore.revoke_device`."""
        to_micros(at)
        self._revoked.add(device)

    def device_revoked(self, device: UUID) -> bool:
        """See `LogStore.device_revoked`."""
        return device in self._revoked

    def grants_of(self, stream: UUID) -> list[Grant]:
        """See `LogStore.grants_of`."""
        held = [grant for grant in self._grants.values() if grant.stream == stream]
        return sorted(held, key=lambda grant: (grant.since, grant.id.bytes))

    def _active(self, stream: UUID, account: UUID) -> Grant | None:
        for grant in self._grants.values():
            if grant.stream == stream and grant.account == account and grant.until is None:
                return grant
        return None

    # --- apply ---

    def unapplied(self, limit: int, limit_bytes: int) -> list[LoggedRow]:
        """See `LogStore.unapplied`."""
        behind = [(id_, s) for id_, s in sorted(self._streams.items()) if s.applied < len(s.rows)]
        rows: list[LoggedRow] = []
        for position, (id_, stream) in enumerate(behind):
            share = max(1, (limit - len(rows)) // (len(behind) - position))
            for held in stream.rows[stream.applied : stream.applied + share]:
                rows.append(_logged(id_, stream.audience, held))
                limit_bytes -= len(held.row.change)
                if limit_bytes <= 0 or len(rows) >= limit:
                    return rows
        return rows

    def note_attempts(self, rows: Sequence[LoggedRow]) -> None:
        """See `LogStore.note_attempts`."""
        for row in rows:
            self._streams[row.stream].rows[row.seq - 1].attempts += 1

    def applied(self, stream: UUID, through: int, quarantined: Sequence[int]) -> None:
        """See `LogStore.applied`."""
        found = self._stream(stream)
        if through > len(found.rows):
            raise StorageFailed("Rows that do not exist cannot be applied.")
        for seq in quarantined:
            if found.applied < seq <= through:
                held = found.rows[seq - 1]
                held.row = replace(held.row, type=RowType.QUARANTINE, change=b"")
                self._documents[held.row.document].quarantined.add(held.row.hash)
        found.applied = max(found.applied, through)

    def document_changes(self, document: UUID) -> list[bytes]:
        """See `LogStore.document_changes`."""
        found = self._documents.get(document)
        if found is None:
            return []
        applied = self._streams[found.stream].applied
        return [r.row.change for r in found.rows if r.row.seq <= applied and r.row.type is RowType.CHANGE]

    # --- the server's own reads ---

    def stream_rows(self, stream: UUID, after: int, limit: int) -> list[Row]:
        """See `LogStore.stream_rows`."""
        found = self._streams.get(stream)
        return [held.row for held in found.rows[after : min(found.applied, after + limit)]] if found else []

    def document_rows(self, document: UUID) -> list[Row]:
        """See `LogStore.document_rows`."""
        found = self._documents.get(document)
        return [held.row for held in found.rows if held.row.seq <= self._streams[found.stream].applied] if found else []

    def stream_heads(self) -> dict[UUID, int]:
        """See `LogStore.stream_heads`."""
        return {id_: stream.applied for id_, stream in self._streams.items()}

    def stream(self, id: UUID) -> Stream | None:
        """See `LogStore.stream`."""
        found = self._streams.get(id)
        return Stream(id, found.audience, found.practice, found.client, found.applied) if found else None

    def streams_of_client(self, client: UUID) -> list[Stream]:
        """See `LogStore.streams_of_client`."""
        made = sorted((s.created_at, id_, s) for id_, s in self._streams.items() if s.client == client)
        return [Stream(id_, s.audience, s.practice, s.client, s.applied) for _, id_, s in made]

    def _stream(self, id_: UUID) -> _Stream:
        found = self._streams.get(id_)
        if found is None:
            raise UnknownStream(f"There is no stream {id_}. Make it first.")
        return found


def _logged(stream: UUID, audience: Audience, held: _Row) -> LoggedRow:
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
    )
