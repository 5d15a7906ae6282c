"""What the driver tells a session (events), and what the session tells the driver (effects): two closed unions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from intersession_schemas.changes import Change
from intersession_schemas.errors import ErrorCode, RefusalCode, WireError
from intersession_schemas.messages import Down, Row, SnapshotDocument, StreamCursor, StreamOffer, Up

# --- events: what the driver tells the session ---------------------------------------------------------------


class Received(Struct, frozen=True):
    """A frame came, in a message of `size` bytes."""

    frame: Up
    size: int = 0
    follows: bool = False
    """Whether it came in one message with the frame before, which counts for both."""


class Malformed(Struct, frozen=True):
    """Bytes came that are no frame, so many of them."""

    error: WireError
    size: int = 0


class Turn(Struct, frozen=True):
    """Others have had their turn: the answer to `AwaitTurn`."""


class StreamsRead(Struct, frozen=True):
    """What the account may read now, which of the streams it asked about have ended, and whether the device has.

    `chains` holds, per stream and cursor asked about, the first 8 bytes of the log's chain there, or None where
    the log does not reach that far; streams that the account never had are left out. The `head` of an offer is that
    of now: what comes after is to be told by `Woken`.
    """

    offers: Sequence[StreamOffer]
    ended: Sequence[tuple[UUID, UUID]]
    chains: dict[UUID, bytes | None]
    device_revoked: bool


class PageRead(Struct, frozen=True):
    """Rows after the position asked for, under `grant`; `head` is the last row there is."""

    stream: UUID
    grant: UUID
    items: list[Row]
    through: int
    chain: bytes
    head: int


class BackfillRead(Struct, frozen=True):
    """Documents below the position asked for, under `grant`."""

    stream: UUID
    grant: UUID
    items: list[SnapshotDocument]
    head: int
    chain: bytes
    backfill: int


class AccessDenied(Struct, frozen=True):
    """A page was asked for under a grant that has ended."""

    stream: UUID
    grant: UUID


class Persisted(Struct, frozen=True):
    """The push is on disk; its last change is row `seq`."""

    id: int
    seq: int


class StorageLow(Struct, frozen=True):
    """What the stream, or its practice, may hold is nearly used up."""

    stream: UUID


class ErasurePersisted(Struct, frozen=True):
    """The erasure is on disk as row `seq`, and in the audit; see `Erased` for the rest."""

    id: int
    seq: int
    kept: bool
    read_at: list[datetime]


class PersistFailed(Struct, frozen=True):
    """The push or the erasure was not taken, and nothing of it was kept; or it may be asked for again (`NOT_FINAL`)."""

    id: int
    refusal: RefusalCode


class HeadsCompared(Struct, frozen=True):
    """Of the heads that a replica offered, those the log lacks."""

    stream: UUID
    document: UUID
    missing: list[bytes]


class Woken(Struct, frozen=True):
    """The stream is at `head` or beyond."""

    stream: UUID
    head: int


class GrantsChanged(Struct, frozen=True):
    """What this account or device may read may have changed."""


class Drained(Struct, frozen=True):
    """All that was sent has left for the socket."""


class ReadingDamaged(Struct, frozen=True):
    """A page was not read: something of the stream was altered on the disk."""

    stream: UUID


class Tick(Struct, frozen=True):
    """The session's `deadline` has come."""


Event = (
    Received
    | Malformed
    | Turn
    | StreamsRead
    | PageRead
    | BackfillRead
    | AccessDenied
    | ReadingDamaged
    | Persisted
    | StorageLow
    | ErasurePersisted
    | PersistFailed
    | HeadsCompared
    | Woken
    | GrantsChanged
    | Drained
    | Tick
)


# --- effects: what the session tells the driver --------------------------------------------------------------


class Send(Struct, frozen=True):
    """Send the frame, after all sent before it."""

    frame: Down


class AwaitTurn(Struct, frozen=True):
    """Let others have their turn, then answer with `Turn`: a push is large and is read in slices."""


class NoteDefence(Struct, frozen=True):
    """Write into the log of events that this defence was put up against this account. Rare by itself."""

    what: str


class ReadStreams(Struct, frozen=True):
    """Answer with `StreamsRead`; `cursors` are the positions whose chain is asked for."""

    cursors: Sequence[StreamCursor]


class ReadPage(Struct, frozen=True):
    """Answer with `PageRead`, `AccessDenied` or `ReadingDamaged`."""

    stream: UUID
    grant: UUID
    after: int


class ReadBackfill(Struct, frozen=True):
    """Answer with `BackfillRead`, `AccessDenied` or `ReadingDamaged`."""

    stream: UUID
    grant: UUID
    head: int
    below: int | None


class Persist(Struct, frozen=True):
    """Append the push; answer with `Persisted` or `PersistFailed`. Appends keep the order of their effects.

    `refused`: it could not be read, and is only to be noted as refused, where that is told.
    """

    id: int
    stream: UUID
    document: UUID
    kind: str
    changes: tuple[Change, ...]
    replaces: tuple[bytes, ...] = ()
    refused: RefusalCode | None = None


class PersistErasure(Struct, frozen=True):
    """Erase the document; answer with `ErasurePersisted` or `PersistFailed`. It comes after all appends so far."""

    id: int
    stream: UUID
    document: UUID
    kind: str


class CompareHeads(Struct, frozen=True):
    """Answer with `HeadsCompared`."""

    stream: UUID
    document: UUID
    heads: list[bytes]


class Watch(Struct, frozen=True):
    """From now on say `Woken` for these streams, and only these."""

    streams: frozenset[UUID]


class NotePurged(Struct, frozen=True):
    """The replica says that it has deleted what it held under that grant."""

    stream: UUID
    grant: UUID


class NoteUnasked(Struct, frozen=True):
    """The replica says so without having been asked on this connection: nothing follows from it."""

    stream: UUID
    grant: UUID


class NoteStopped(Struct, frozen=True):
    """That stream cannot go on with this replica, and why; the others do."""

    stream: UUID
    code: ErrorCode


class Close(Struct, frozen=True):
    """Close the connection with a `CloseCode`; nothing follows."""

    code: int


Effect = (
    Send
    | AwaitTurn
    | NoteDefence
    | ReadStreams
    | ReadPage
    | ReadBackfill
    | Persist
    | PersistErasure
    | CompareHeads
    | Watch
    | NotePurged
    | NoteUnasked
    | NoteStopped
    | Close
)
