"""What a log store is: the values that go in and come out, and the interface that every store keeps.

A stream is an append-only log of rows, numbered 1, 2, 3 … (`seq`). A row is first *staged*, then *durable*,
then *applied*. What a store promises, and `tests/contracts` checks of each of them:

- An append is answered only when the commit that holds it is on disk. An original and its duplicate alike.
- Appends are judged and numbered in the order in which they were handed over.
- Readers are given applied rows only, and whether they may have them is decided in the transaction that
  reads the rows.
- After `StorageFailed` nothing of that call was kept, and the store works again once the disk does.
- The bytes of a row may be dropped: with their document when it is erased, or because newer ones of a vault hold
  them as well. The row stays, with its place, its hash and its link of the chain. No reader is given it any more.

Streams, grants, revoked devices, documents and tombstones live beside the rows, in the same file: two SQLite
files cannot commit together, and an append must see the grant that was ended a moment before it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Collection, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Protocol
from uuid import UUID

from msgspec import Struct

from intersession_schemas.changes import Change, read_change
from intersession_schemas.messages import Row, RowType, SnapshotDocument
from intersession_schemas.streams import Audience, Role
from intersession_server.errors import StorageError
from intersession_server.log.saved.making import SavedDocument, Unsaved
from intersession_server.log.submissions import Appended, Declined, ErasureDone, ErasureRequest, Submission

ROW_OVERHEAD = 160
"""About how many bytes a row takes on the wire besides its change."""
SAVED_ROW_BYTES = 80  # of a row whose change is in a saved document
MAX_ATTEMPTS = 5
"""A row whose application was begun this often without coming to an end is quarantined untried."""
NOBODY = UUID(int=0)
"""Author and device of what the server wrote itself."""


class StorageFailed(StorageError):
    """The disk did not take it, or could not be read. Nothing of the call was kept; call again later."""


class DamagedLog(StorageFailed):
    """The file was altered on the disk. Nothing of what was altered is given to anybody; calling again does not help.

    `stream` and `seq` say where, as far as that is known.
    """

    code = "damaged"

    def __init__(self, file: str, stream: UUID | None = None, seq: int | None = None) -> None:
        self.stream = stream
        self.seq = seq
        where = "" if stream is None else f", in the stream {stream}"
        where += "" if seq is None else f" at row {seq}"
        super().__init__(
            f"The file {file} was altered on the disk{where}. Nothing of that is given to anybody. Stop the server, run"
            " `intersession-server verify` to see what is damaged, and restore the data folder from a backup."
        )


class UnknownStream(StorageError):
    """No stream has that id: the caller's mistake."""

    code = "unknown_stream"

    @classmethod
    def of(cls, stream: UUID) -> UnknownStream:
        """The error of a call that names no stream of this log."""
        return cls(f"There is no stream {stream}. Create it first.")


def erasure_hash(document: UUID) -> bytes:
    """The hash of the row that erases a document: it has one such row, whoever asks for it and however often."""
    return sha256(b"intersession erasure 1" + document.bytes).digest()


class Reader(Struct, frozen=True):
    """Who asks: an account, through one of its devices."""

    account: UUID
    device: UUID


class Grant(Struct, frozen=True):
    """An account's right to read one stream, in a role. It has ended when `until` is set."""

    id: UUID
    stream: UUID
    account: UUID
    role: Role
    since: datetime
    until: datetime | None = None


class Stream(Struct, frozen=True):
    """A stream, without its rows. `head` is the last applied row; `client` is None for a practice's library."""

    id: UUID
    audience: Audience
    practice: UUID
    client: UUID | None
    head: int


class Offer(Struct, frozen=True):
    """A stream that a reader may read now.

    `head` is the last row that can be had; `documents` and `bytes` are what the whole stream holds, rows not yet
    applied included. `client` is the practice for a library.
    """

    stream: UUID
    audience: Audience
    role: Role
    grant: UUID
    client: UUID
    head: int
    documents: int
    bytes: int


class Access(Struct, frozen=True):
    """What a reader may read at one moment; `ended`: (stream, latest grant) of what was once granted and may be
    read no more; `chains`: `chain_at` of both, at the reader's cursors."""

    offers: list[Offer]
    ended: list[tuple[UUID, UUID]]
    chains: dict[UUID, bytes | None]
    device_revoked: bool


class Page(Struct, frozen=True):
    """Rows after a cursor, in order. `through` is where the cursor goes, `chain` (8 bytes) the log's chain there.

    Without further rows, `items` is empty and `through` is the cursor as it came.
    """

    stream: UUID
    items: list[Row]
    through: int
    chain: bytes
    head: int


class BackfillPage(Struct, frozen=True):
    """Documents by descending creation, each with its applied rows up to `head`.

    `backfill` is the creation seq below which documents are still to come; 0 says that there are none.
    """

    stream: UUID
    items: list[SnapshotDocument]
    head: int
    chain: bytes
    backfill: int


class NotReadable(Struct, frozen=True):
    """The reader may not read that stream under that grant now."""

    stream: UUID
    grant: UUID


class LoggedRow(Struct, frozen=True):
    """A row on its way from durable to applied. `attempts` counts how often its application was begun; its document
    begins with the `first`, and holds so many `operations` in all by now.

    `change` is empty where there is nothing to apply: on an erasure, and on a row whose bytes were dropped or whose
    document has been erased (`dropped`).
    """

    stream: UUID
    seq: int
    document: UUID
    kind: str
    audience: Audience
    hash: bytes
    author: UUID
    device: UUID
    received_at: datetime
    attempts: int
    change: bytes
    type: RowType = RowType.CHANGE
    dropped: bool = False
    first: bool = False
    operations: int = 0
    header: Change | None = None
    """The change as it was read when it was taken, where that is at hand."""

    def read(self) -> Change:
        """The change, read. Raises `DocumentError`."""
        return self.header or read_change(self.change)


def weight(document: SnapshotDocument) -> int:
    """About how many bytes it takes on the wire."""
    inside = len(document.saved) + SAVED_ROW_BYTES * len(document.inside)
    return inside + sum(len(row.change) + ROW_OVERHEAD for row in document.rows)


class LogStore(Protocol):
    """The log and what decides who may write and read it. Every time is an aware datetime.

    Called from one event loop. Every method may raise `StorageFailed`; those that name a stream to be changed
    raise `UnknownStream` where there is none.
    """

    # --- accept ---

    def append(self, submission: Submission, received_at: datetime) -> Awaitable[Appended | Declined]:
        """Stage a push and answer when it is durable. Its place in the order is taken by the call, not the await.

        With the push that is taken, the bytes of what it `replaces` go. Hashes that the document does not have are
        passed over there, and so is all of it where bytes of the push itself were dropped before.
        """
        ...

    def erase(self, request: ErasureRequest, received_at: datetime, *, keep: bool) -> Awaitable[ErasureDone | Declined]:
        """Stage an erasure and answer when it is durable; ordered among the appends by its call.

        `keep`: leave the bytes of a document of a record where they are; nobody is given them any more all the same.
        A document that is not known becomes a tombstone: nothing is ever taken for it.
        """
        ...

    async def found(self, stream: UUID, document: UUID, kind: str, changes: Sequence[Change], at: datetime) -> bool:
        """Make a document with its first changes, by the server itself (the nil UUID); durable when it returns.

        Nothing happens, and False is given, where a document of that id exists. Nothing is judged: the caller wrote it.
        """
        ...

    # --- distribute ---

    async def page(self, reader: Reader, stream: UUID, grant: UUID, after: int, limit_bytes: int) -> Page | NotReadable:
        """Applied rows after `after`: about `limit_bytes` of them, at least one if there is one.

        A quarantined row comes without its bytes. Rows whose bytes were dropped are left out, and all but the erasure
        of an erased document; `through` still moves over them.
        """
        ...

    async def backfill(
        self, reader: Reader, stream: UUID, grant: UUID, head: int, below: int | None, limit_bytes: int
    ) -> BackfillPage | NotReadable:
        """Whole documents created before row `below` (None: all), newest first, at least one if there is one.

        Rows beyond `head`, quarantined rows and those without bytes are left out, and so are erased documents; of
        assessments quarantined rows come too, without their bytes. A document is never divided.
        """
        ...

    async def offers(self, reader: Reader) -> list[Offer]:
        """Every stream that the reader may read now; none when the device is revoked."""
        ...

    async def access(self, reader: Reader, cursors: Mapping[UUID, int]) -> Access:
        """`offers`, and what has become of the streams that the reader holds up to these rows; read at one moment."""
        ...

    async def chain_at(self, stream: UUID, seq: int) -> bytes | None:
        """The first 8 bytes of the chain at a row; empty at 0, None beyond the log's end."""
        ...

    async def missing_changes(self, stream: UUID, document: UUID, hashes: Sequence[bytes]) -> list[bytes]:
        """Those of `hashes` that no row of the document has, as far as it is in that stream.

        Of an erased document nothing is missing: nothing of it would be taken.
        """
        ...

    # --- who may ---

    async def create_stream(
        self,
        id: UUID,
        audience: Audience,
        practice: UUID,
        client: UUID | None,
        at: datetime,
    ) -> None:
        """Make a stream; nothing happens where it exists."""
        ...

    async def grant(self, id: UUID, stream: UUID, account: UUID, role: Role, at: datetime) -> None:
        """Let an account read a stream; nothing happens where this grant exists.

        An account has one grant on a stream at a time: another one that is active ends with it. Raises
        `ValueError` when the role may never read such a stream.
        """
        ...

    async def end_grant(self, grant: UUID, at: datetime) -> list[Grant]:
        """End a grant. Gives what was ended: nothing when it had ended before, or never was."""
        ...

    async def end_grants(self, stream: UUID, account: UUID, at: datetime) -> list[Grant]:
        """End whatever grant an account has on a stream, and give it."""
        ...

    async def revoke_device(self, device: UUID, at: datetime) -> None:
        """From now on nothing is read or written through that device."""
        ...

    async def device_revoked(self, device: UUID) -> bool:
        """Whether that device has been revoked."""
        ...

    async def grants_of(self, stream: UUID) -> list[Grant]:
        """All grants on a stream, ended ones included, oldest first."""
        ...

    # --- apply ---

    async def unapplied(self, limit: int, limit_bytes: int, without: Collection[UUID] = ()) -> list[LoggedRow]:
        """Durable rows that are not applied: of each stream the next ones in order, all streams getting their share.

        None of the streams `without`.
        """
        ...

    async def note_attempts(self, rows: Sequence[LoggedRow]) -> None:
        """Count one more attempt on each row, durably, before it is made."""
        ...

    async def applied(self, stream: UUID, through: int, quarantined: Sequence[int]) -> None:
        """All rows up to `through` are applied now, or set aside where their seq is in `quarantined`.

        Only changes are ever set aside, and none of a document that has been erased meanwhile.
        """
        ...

    async def document_changes(self, document: UUID) -> list[bytes]:
        """The applied changes of a document in log order, quarantined ones left out. For the server's own use.

        None of an erased document.
        """
        ...

    # --- save ---

    async def unsaved(self, before: datetime, limit: int) -> Unsaved | None:
        """The next rows to be saved, at most `limit`, of a stream to which nothing came since `before`; of no vault."""
        ...

    async def saved(self, document: UUID) -> SavedDocument | None:
        """The document as it was saved last."""
        ...

    async def keep_saved(self, stream: UUID, through: int, made: Mapping[UUID, SavedDocument]) -> None:
        """Keep saved documents: all of the stream up to row `through` that are worth it are saved now.

        Of a document that was erased meanwhile nothing is kept.
        """
        ...

    # --- the server's own reads ---

    async def stream_rows(self, stream: UUID, after: int, limit: int) -> list[Row]:
        """Applied rows after `after`, at most `limit`, without gaps. For projections: no access check.

        A row whose bytes were dropped comes with an empty `change`, and so does every row of an erased document.
        """
        ...

    async def document_rows(self, document: UUID) -> list[Row]:
        """The applied rows of a document in log order, quarantines and erasures among them. For projections.

        Empty changes as in `stream_rows`.
        """
        ...

    async def document_operations(self, documents: Sequence[UUID]) -> dict[UUID, int]:
        """How many operations the changes of each document hold; those are left out that the log does not have."""
        ...

    async def stream_heads(self) -> dict[UUID, int]:
        """The last applied row of every stream."""
        ...

    async def stream(self, id: UUID) -> Stream | None:
        """A stream by id."""
        ...

    async def streams_of_client(self, client: UUID) -> list[Stream]:
        """A client's streams, in the order of their making."""
        ...

    async def close(self) -> None:
        """Finish what was handed over, then close. Later calls raise `StorageFailed`."""
        ...
