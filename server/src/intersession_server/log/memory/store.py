"""The log in memory, for simulations and tests: the same judgement, and a disk that can be made to fail.

`MemoryLogStore` has no threads and no event loop. An append is only *staged*; `flush` commits what is staged,
in order, and gives the outcomes; `crash` loses what was not flushed, as a power cut would. Nothing staged is
seen by any reader. All other changes are durable when their call returns.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import count
from uuid import UUID

from msgspec.structs import replace

from intersession_schemas.changes import Change
from intersession_schemas.messages import Row, RowType, SnapshotDocument
from intersession_schemas.records.instants import to_micros
from intersession_schemas.streams import Audience, Role, may_read
from intersession_server.log import chain, checks
from intersession_server.log.accept import LogWrite, Situation, ToErase, accept, accept_erasure, accept_own
from intersession_server.log.memory.tables import DocumentEntry, StoredStream, unapplied, unsaved
from intersession_server.log.quotas import Quotas, Usage
from intersession_server.log.saved.making import SavedDocument, Unsaved
from intersession_server.log.store import (
    NOBODY,
    ROW_OVERHEAD,
    Access,
    BackfillPage,
    Grant,
    LoggedRow,
    NotReadable,
    Offer,
    Page,
    Reader,
    StorageFailed,
    Stream,
    UnknownStream,
    weight,
)
from intersession_server.log.submissions import Appended, Declined, ErasureDone, ErasureRequest, Submission

Outcome = Appended | ErasureDone | Declined | StorageFailed


class MemoryLogStore:
    """The methods of `LogStore`, called and answered at once; only `append` waits for `flush`."""

    def __init__(self, limits: Quotas | None = None) -> None:
        self._limits = limits or Quotas()
        self._streams: dict[UUID, StoredStream] = {}
        self._grants: dict[UUID, Grant] = {}
        self._revoked: set[UUID] = set()
        self._documents: dict[UUID, DocumentEntry] = {}
        self._actors: dict[bytes, UUID] = {}
        self._staged: list[tuple[int, Submission | ErasureRequest, datetime, bool]] = []
        self._tickets = count(1)

    # --- accept ---

    def append(self, submission: Submission, received_at: datetime) -> int:
        """Stage a push; gives the number under which `flush` will tell its outcome."""
        return self._stage(submission, received_at, keep=False)

    def erase(self, request: ErasureRequest, received_at: datetime, *, keep: bool) -> int:
        """Stage an erasure; gives the number under which `flush` will tell its outcome."""
        return self._stage(request, received_at, keep=keep)

    def _stage(self, asked: Submission | ErasureRequest, received_at: datetime, *, keep: bool) -> int:
        to_micros(received_at)  # refuses a naive datetime here rather than in the flush
        ticket = next(self._tickets)
        self._staged.append((ticket, asked, received_at, keep))
        return ticket

    @property
    def staged(self) -> int:
        """How many appends and erasures wait for the next flush."""
        return len(self._staged)

    def flush(self, *, failing: bool = False) -> list[tuple[int, Outcome]]:
        """Commit what is staged; (ticket, outcome) of each, in order. `failing`: as if the disk refused the commit."""
        staged, self._staged = self._staged, []
        if failing:
            return [(ticket, StorageFailed("The disk is set to fail.")) for ticket, _, _, _ in staged]
        return [(ticket, self._commit(asked, at, keep)) for ticket, asked, at, keep in staged]

    def crash(self) -> None:
        """Lose what was staged. What was flushed stays."""
        self._staged = []

    def _commit(
        self, asked: Submission | ErasureRequest, at: datetime, keep: bool
    ) -> Appended | ErasureDone | Declined:
        answer: Appended | ErasureDone | Declined
        found = self._situation(asked)
        if isinstance(asked, ErasureRequest):
            answer, write = accept_erasure(asked, found, self._limits, at, keep=keep)
        else:
            answer, write = accept(asked, found, self._limits, at)
        if write is not None:
            self._carry_out(write)
        return answer

    def _situation(self, asked: Submission | ErasureRequest) -> Situation:
        stream, document = self._streams.get(asked.stream), self._documents.get(asked.document)
        if stream is None:
            return Situation(self._facts(asked), None, None)
        practice = sum(one.held for one in self._streams.values() if one.practice == stream.practice)
        return Situation(
            self._facts(asked),
            stream.end,
            Usage(stream.audience, stream.held, practice),
            aside=0 if document is None else len(document.quarantined),
            tombstone=None if document is None else document.tombstone,
            held=ToErase() if document is None else document.holds,
        )

    def _facts(self, asked: Submission | ErasureRequest) -> checks.Facts:
        stream = self._streams.get(asked.stream)
        if stream is None:
            return checks.Facts(None, None, False, None, {}, (), {}, {})
        active = self._active(asked.stream, asked.account)
        role, revoked = active.role if active else None, asked.device in self._revoked
        owners = {} if stream.audience is Audience.VAULT else self._actors
        document = self._documents.get(asked.document)
        if document is None:
            return checks.Facts(stream.audience, role, revoked, None, {}, (), {}, owners)
        replaces = asked.replaces if isinstance(asked, Submission) else ()
        return checks.Facts(
            stream.audience,
            role,
            revoked,
            document.facts(asked.account),
            document.known,
            document.quarantined,
            document.sequences,
            owners,
            {held.row.hash: held.stored for held in document.rows if held.row.hash in replaces and not held.dropped},
            {held.row.hash for held in document.rows if held.dropped},
            document.last_ops,
            {actor for actor, _ in document.sequences},
        )

    def _carry_out(self, write: LogWrite) -> None:
        stream = self._stream(write.stream)
        if write.is_new:
            made = DocumentEntry(write.stream, write.kind, write.rows[0].seq, write.account)
            self._documents[write.document] = made
        stream.write(self._documents[write.document], write)
        self._actors.update(dict.fromkeys(write.owned, write.account))

    def found(self, stream: UUID, document: UUID, kind: str, changes: Sequence[Change], at: datetime) -> bool:
        """See `LogStore.found`. Not staged: durable when it returns."""
        self._stream(stream)
        if document in self._documents:
            return False
        own = Submission(NOBODY, NOBODY, stream, document, kind, tuple(changes))
        self._carry_out(accept_own(own, self._situation(own), at))
        return True

    # --- distribute ---

    def page(self, reader: Reader, stream: UUID, grant: UUID, after: int, limit_bytes: int) -> Page | NotReadable:
        """See `LogStore.page`."""
        found = self._readable(reader, stream, grant)
        if found is None:
            return NotReadable(stream, grant)
        items: list[Row] = []
        room, through = limit_bytes, max(after, found.applied)
        for held in found.rows[after : found.applied]:
            row = held.row
            if not self._documents[held.row.document].gives(held):
                continue
            if items and room < len(row.change) + ROW_OVERHEAD:
                through = items[-1].seq
                break
            room -= len(row.change) + ROW_OVERHEAD
            items.append(row)
        return Page(stream, items, through, self.chain_at(stream, through) or b"", found.applied)

    def backfill(
        self, reader: Reader, stream: UUID, grant: UUID, head: int, below: int | None, limit_bytes: int
    ) -> BackfillPage | NotReadable:
        """See `LogStore.backfill`."""
        found = self._readable(reader, stream, grant)
        if found is None:
            return NotReadable(stream, grant)
        head = min(head, found.applied)
        limit = head + 1 if below is None else min(below, head + 1)
        older = [(d.created, id_, d) for id_, d in self._documents.items() if d.stream == stream and d.created < limit]
        items: list[SnapshotDocument] = []
        room, reached = limit_bytes, 0
        for created, id_, document in sorted(older, reverse=True):
            whole = document.whole(id_, head)
            if whole is None:
                continue
            size = weight(whole)
            if items and room < size:
                break
            room -= size
            items.append(whole)
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
                        *(grant.stream, stream.audience, grant.role, grant.id, client),
                        *(stream.applied, stream.documents, stream.bytes),
                    )
                )
        return offered

    def access(self, reader: Reader, cursors: Mapping[UUID, int]) -> Access:
        """See `LogStore.access`."""
        offers, over = self.offers(reader), self._ended(reader, cursors)
        known = {offer.stream for offer in offers}.union(stream for stream, _ in over)
        chains = {stream: self.chain_at(stream, cursors[stream]) for stream in cursors if stream in known}
        return Access(offers, over, chains, reader.device in self._revoked)

    def _ended(self, reader: Reader, streams: Iterable[UUID]) -> list[tuple[UUID, UUID]]:
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
        if found is not None and found.stream == stream and found.erased is not None:
            return []
        return [hash_ for hash_ in hashes if found is None or found.stream != stream or hash_ not in found.known]

    def _readable(self, reader: Reader, stream: UUID, grant: UUID) -> StoredStream | None:
        found = self._streams.get(stream)
        return found if found and self._may_read(self._grants.get(grant), reader, stream) else None

    def _may_read(self, grant: Grant | None, reader: Reader, stream: UUID) -> bool:
        revoked = reader.device in self._revoked
        return checks.may_read_page(grant, self._streams[stream].audience, reader, stream, device_revoked=revoked)

    # --- who may ---

    def create_stream(self, id: UUID, audience: Audience, practice: UUID, client: UUID | None, at: datetime) -> None:
        """See `LogStore.create_stream`."""
        to_micros(at)
        self._streams.setdefault(id, StoredStream(audience, practice, client, at))

    def grant(self, id: UUID, stream: UUID, account: UUID, role: Role, at: datetime) -> None:
        """See `LogStore.grant`."""
        audience = self._stream(stream).audience
        if not may_read(role, audience):
            raise ValueError(
                f"The role {role} may never read a {audience} stream. Grant another role or another stream."
            )
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

    def unapplied(self, limit: int, limit_bytes: int, without: Collection[UUID] = ()) -> list[LoggedRow]:
        """See `LogStore.unapplied`."""
        streams = {id_: stream for id_, stream in self._streams.items() if id_ not in without}
        return unapplied(streams, self._documents, limit, limit_bytes)

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
                document = self._documents[held.row.document]
                if held.row.type is RowType.CHANGE and document.erased is None:
                    held.row = replace(held.row, type=RowType.QUARANTINE, change=b"")
                    document.quarantined.add(held.row.hash)
        found.applied = max(found.applied, through)

    def document_changes(self, document: UUID) -> list[bytes]:
        """See `LogStore.document_changes`."""
        found = self._documents.get(document)
        return [row.change for row in found.given(self._streams[found.stream].applied)] if found is not None else []

    # --- save ---

    def unsaved(self, before: datetime, limit: int) -> Unsaved | None:
        """See `LogStore.unsaved`."""
        return unsaved(self._streams, self._documents, before, limit)

    def saved(self, document: UUID) -> SavedDocument | None:
        """See `LogStore.saved`."""
        return self._documents[document].saved if document in self._documents else None

    def keep_saved(self, stream: UUID, through: int, made: Mapping[UUID, SavedDocument]) -> None:
        """See `LogStore.keep_saved`."""
        for document, one in made.items():
            if self._documents[document].erased is None:
                self._documents[document].saved = one
        self._streams[stream].saved = max(self._streams[stream].saved, through)

    # --- the server's own reads ---

    def stream_rows(self, stream: UUID, after: int, limit: int) -> list[Row]:
        """See `LogStore.stream_rows`."""
        found = self._streams.get(stream)
        return [held.row for held in found.rows[after : min(found.applied, after + limit)]] if found else []

    def document_rows(self, document: UUID) -> list[Row]:
        """See `LogStore.document_rows`."""
        found = self._documents.get(document)
        if found is None:
            return []
        rows = [*found.rows, found.erased] if found.erased else found.rows
        return [held.row for held in rows if held.row.seq <= self._streams[found.stream].applied]

    def document_operations(self, documents: Sequence[UUID]) -> dict[UUID, int]:
        """See `LogStore.document_operations`."""
        return {id_: self._documents[id_].operations for id_ in documents if id_ in self._documents}

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

    def _stream(self, id_: UUID) -> StoredStream:
        found = self._streams.get(id_)
        if found is None:
            raise UnknownStream.of(id_)
        return found
