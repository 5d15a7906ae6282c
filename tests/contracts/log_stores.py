"""Every log store behind one interface, and the small practice that their tests are played in."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from intersession_schemas.changes import Change
from intersession_schemas.errors import RefusalCode
from intersession_schemas.messages import Row
from intersession_schemas.streams import Audience, Role
from intersession_server.log.memory import MemoryLogStore
from intersession_server.log.quotas import Quotas
from intersession_server.log.saved.making import SavedDocument, Unsaved
from intersession_server.log.sqlite import SqliteLogStore
from intersession_server.log.store import (
    Access,
    BackfillPage,
    Grant,
    LoggedRow,
    LogStore,
    NotReadable,
    Offer,
    Page,
    Reader,
    StorageFailed,
    Stream,
)
from intersession_server.log.submissions import Appended, Declined, ErasureDone, ErasureRequest, Submission

MORNING = datetime(2026, 3, 2, 8, 30, 0, 250, tzinfo=UTC)
PLENTY = 10_000_000


def at(minutes: int) -> datetime:
    """So many minutes into the morning."""
    return MORNING + timedelta(minutes=minutes)


def id_of(name: str) -> UUID:
    """The same id for the same name."""
    return UUID(bytes=sha256(name.encode()).digest()[:16])


class ImmediateLogStore:
    """`MemoryLogStore` behind `LogStore`: every call is answered at once, every append flushed with it."""

    def __init__(self, quotas: Quotas | None = None) -> None:
        self.memory = MemoryLogStore(quotas)
        self._closed = False

    def append(self, submission: Submission, received_at: datetime) -> asyncio.Future[Any]:
        self.memory.append(submission, received_at)
        return self._flushed()

    def erase(self, request: ErasureRequest, received_at: datetime, *, keep: bool) -> asyncio.Future[Any]:
        self.memory.erase(request, received_at, keep=keep)
        return self._flushed()

    def _flushed(self) -> asyncio.Future[Any]:
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        ((_, outcome),) = self.memory.flush(failing=self._closed)
        if isinstance(outcome, StorageFailed):
            answer.set_exception(outcome)
        else:
            answer.set_result(outcome)
        return answer

    async def found(self, stream: UUID, document: UUID, kind: str, changes: Sequence[Change], at: datetime) -> bool:
        return self.memory.found(stream, document, kind, changes, at)

    async def page(self, reader: Reader, stream: UUID, grant: UUID, after: int, limit_bytes: int) -> Page | NotReadable:
        return self.memory.page(reader, stream, grant, after, limit_bytes)

    async def backfill(
        self, reader: Reader, stream: UUID, grant: UUID, head: int, below: int | None, limit_bytes: int
    ) -> BackfillPage | NotReadable:
        return self.memory.backfill(reader, stream, grant, head, below, limit_bytes)

    async def offers(self, reader: Reader) -> list[Offer]:
        return self.memory.offers(reader)

    async def access(self, reader: Reader, cursors: Mapping[UUID, int]) -> Access:
        return self.memory.access(reader, cursors)

    async def chain_at(self, stream: UUID, seq: int) -> bytes | None:
        return self.memory.chain_at(stream, seq)

    async def missing_changes(self, stream: UUID, document: UUID, hashes: Sequence[bytes]) -> list[bytes]:
        return self.memory.missing_changes(stream, document, hashes)

    async def create_stream(
        self, id: UUID, audience: Audience, practice: UUID, client: UUID | None, at: datetime
    ) -> None:
        self.memory.create_stream(id, audience, practice, client, at)

    async def grant(self, id: UUID, stream: UUID, account: UUID, role: Role, at: datetime) -> None:
        self.memory.grant(id, stream, account, role, at)

    async def end_grant(self, grant: UUID, at: datetime) -> list[Grant]:
        return self.memory.end_grant(grant, at)

    async def end_grants(self, stream: UUID, account: UUID, at: datetime) -> list[Grant]:
        return self.memory.end_grants(stream, account, at)

    async def revoke_device(self, device: UUID, at: datetime) -> None:
        self.memory.revoke_device(device, at)

    async def device_revoked(self, device: UUID) -> bool:
        return self.memory.device_revoked(device)

    async def grants_of(self, stream: UUID) -> list[Grant]:
        return self.memory.grants_of(stream)

    async def unapplied(self, limit: int, limit_bytes: int, without: Collection[UUID] = ()) -> list[LoggedRow]:
        return self.memory.unapplied(limit, limit_bytes, without)

    async def note_attempts(self, rows: Sequence[LoggedRow]) -> None:
        self.memory.note_attempts(rows)

    async def applied(self, stream: UUID, through: int, quarantined: Sequence[int]) -> None:
        self.memory.applied(stream, through, quarantined)

    async def document_changes(self, document: UUID) -> list[bytes]:
        return self.memory.document_changes(document)

    async def unsaved(self, before: datetime, limit: int) -> Unsaved | None:
        return self.memory.unsaved(before, limit)

    async def saved(self, document: UUID) -> SavedDocument | None:
        return self.memory.saved(document)

    async def keep_saved(self, stream: UUID, through: int, made: Mapping[UUID, SavedDocument]) -> None:
        self.memory.keep_saved(stream, through, made)

    async def stream_rows(self, stream: UUID, after: int, limit: int) -> list[Row]:
        return self.memory.stream_rows(stream, after, limit)

    async def document_rows(self, document: UUID) -> list[Row]:
        return self.memory.document_rows(document)

    async def document_operations(self, documents: Sequence[UUID]) -> dict[UUID, int]:
        return self.memory.document_operations(documents)

    async def stream_heads(self) -> dict[UUID, int]:
        return self.memory.stream_heads()

    async def stream(self, id: UUID) -> Stream | None:
        return self.memory.stream(id)

    async def streams_of_client(self, client: UUID) -> list[Stream]:
        return self.memory.streams_of_client(client)

    async def close(self) -> None:
        self._closed = True


def in_memory(folder: Path, quotas: Quotas | None = None) -> LogStore:
    return ImmediateLogStore(quotas)


def on_sqlite(folder: Path, quotas: Quotas | None = None) -> LogStore:
    return SqliteLogStore.open(folder / "log.db", quotas=quotas)


class OpenStore(Protocol):
    """Opens a store in a folder."""

    def __call__(self, folder: Path, quotas: Quotas | None = None) -> LogStore: ...


STORES: dict[str, OpenStore] = {"memory": in_memory, "sqlite": on_sqlite}


@dataclass
class Pen:
    """Writes changes of one document, by hand and not Automerge's: a store does not look into them."""

    name: str
    actor: bytes = b""
    seq: int = 0
    last_op: int = 0
    heads: tuple[bytes, ...] = ()
    written: list[Change] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.actor = self.actor or id_of(f"actor of {self.name}").bytes

    def change(self, *, deps: Sequence[bytes] | None = None, operations: int = 1, data: bytes = b"") -> Change:
        """The next change, on top of all so far."""
        self.seq += 1
        data = data or f"{self.name} {self.seq} ".encode() * 5
        made = Change(
            hash=sha256(self.actor + self.seq.to_bytes(8, "big") + data).digest(),
            deps=self.heads if deps is None else tuple(deps),
            actor=self.actor,
            seq=self.seq,
            start_op=self.last_op + 1,
            operations=operations,
            size=len(data),
            data=data,
        )
        self.heads = (made.hash,)
        self.last_op = made.last_op
        self.written.append(made)
        return made

    def changes(self, number: int) -> tuple[Change, ...]:
        """The next few changes."""
        return tuple(self.change() for _ in range(number))


def blob(data: bytes) -> Change:
    """What a vault holds: opaque bytes."""
    return Change(
        hash=sha256(data).digest(), deps=(), actor=b"", seq=0, start_op=0, operations=0, size=len(data), data=data
    )


@dataclass
class Person:
    """An account with one device."""

    name: str

    @property
    def account(self) -> UUID:
        return id_of(f"account of {self.name}")

    @property
    def device(self) -> UUID:
        return id_of(f"device of {self.name}")

    @property
    def reader(self) -> Reader:
        return Reader(self.account, self.device)


ANNA, THEO, NOBODY = Person("Anna"), Person("Theo"), Person("nobody")
PRACTICE = id_of("practice")
RECORD, VAULT, CHART, LIBRARY = (id_of(name) for name in ("record", "vault", "chart", "library"))
GRANTS = {
    (RECORD, ANNA.account): (id_of("Anna's record"), Role.CLIENT),
    (VAULT, ANNA.account): (id_of("Anna's vault"), Role.CLIENT),
    (RECORD, THEO.account): (id_of("Theo reads the record"), Role.PRIMARY),
    (CHART, THEO.account): (id_of("Theo's chart"), Role.PRIMARY),
    (LIBRARY, THEO.account): (id_of("Theo's library"), Role.THERAPIST),
}


def grant_of(person: Person, stream: UUID = RECORD) -> UUID:
    """The id of that person's grant in `furnish`."""
    return GRANTS[stream, person.account][0]


async def furnish(store: LogStore) -> None:
    """A practice: Anna is a client, Theo her therapist."""
    for stream, audience in ((RECORD, Audience.RECORD), (VAULT, Audience.VAULT), (CHART, Audience.CHART)):
        await store.create_stream(stream, audience, PRACTICE, ANNA.account, MORNING)
    await store.create_stream(LIBRARY, Audience.LIBRARY, PRACTICE, None, MORNING)
    for (stream, account), (grant, role) in GRANTS.items():
        await store.grant(grant, stream, account, role, MORNING)


def push(
    *changes: Change,
    by: Person = ANNA,
    stream: UUID = RECORD,
    document: str = "entry",
    kind: str = "journal_entry",
    replaces: tuple[bytes, ...] = (),
) -> Submission:
    """A submission; Anna's journal entry unless said otherwise."""
    return Submission(by.account, by.device, stream, id_of(document), kind, changes, replaces)


def erasure(
    document: str = "entry", *, by: Person = ANNA, stream: UUID = RECORD, kind: str = "journal_entry"
) -> ErasureRequest:
    """Take a document back; Anna's journal entry unless said otherwise."""
    return ErasureRequest(by.account, by.device, stream, id_of(document), kind)


async def erased(store: LogStore, request: ErasureRequest, minutes: int = 0, *, keep: bool = False) -> ErasureDone:
    """Erase what may be erased."""
    outcome = await store.erase(request, at(minutes), keep=keep)
    assert isinstance(outcome, ErasureDone), outcome
    return outcome


async def appended(store: LogStore, submission: Submission, minutes: int = 0) -> Appended:
    """Append what must be taken."""
    outcome = await store.append(submission, at(minutes))
    assert isinstance(outcome, Appended), outcome
    return outcome


async def refused(store: LogStore, submission: Submission) -> RefusalCode:
    """Append what must be refused; gives the code."""
    outcome = await store.append(submission, MORNING)
    assert isinstance(outcome, Declined), outcome
    return outcome.code


async def page_of(store: LogStore, after: int = 0, limit_bytes: int = PLENTY, by: Person = THEO) -> Page:
    """A page of the record that must be given."""
    page = await store.page(by.reader, RECORD, grant_of(by), after, limit_bytes)
    assert isinstance(page, Page), page
    return page


async def backfill_of(store: LogStore, head: int, below: int | None = None, limit_bytes: int = PLENTY) -> BackfillPage:
    """A page of the record's documents that must be given."""
    page = await store.backfill(THEO.reader, RECORD, grant_of(THEO), head, below, limit_bytes)
    assert isinstance(page, BackfillPage), page
    return page


async def ended(store: LogStore, reader: Reader, streams: Sequence[UUID]) -> list[tuple[UUID, UUID]]:
    """Those of `streams` that the reader may read no more."""
    return (await store.access(reader, dict.fromkeys(streams, 0))).ended
