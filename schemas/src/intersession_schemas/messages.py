"""The wire, protocol 1: one closed union of frames, each a frozen Struct.

Up (replica to server): `Hello`, `Push`, `Pushes`, `Erase`, `Have`, `Purged`.
Down (server to replica): `Welcome`, `Accepted`, `Rejected`, `Outcomes`, `Erased`, `Rows`, `Snapshot`, `Packed`,
`Want`, `Revoked`, `Error`.

Only `codec` turns them into bytes and back. Unknown fields are ignored by the decoder; an unknown frame is
an error that names it. `docs/reference/protocol.md` is the specification.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from intersession_schemas.streams import Audience, Role

PROTOCOL = 1
CHAIN_BYTES = 8
KNOWN_BYTES = 16
MOST_PUSHES = 1_000
"""Pushes of one frame."""

Seq = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Hash = Annotated[bytes, Meta(min_length=32, max_length=32)]
Chain = Annotated[bytes, Meta(max_length=CHAIN_BYTES)]
Moment = Annotated[datetime, Meta(tz=True)]
Seconds = Annotated[float, Meta(ge=0, le=86_400)]
Most = Annotated[int, Meta(ge=0, le=2**53)]
Rate = Annotated[float, Meta(ge=0, le=2**53)]


class RowType(StrEnum):
    """What a row of the log is."""

    CHANGE = "change"
    ERASURE = "erasure"
    QUARANTINE = "quarantine"


class Frame(Struct, frozen=True, omit_defaults=True, tag_field="frame", tag=str.lower):
    """The base of every frame; `frame` on the wire is the class name in lower case."""


class StreamCursor(Struct, frozen=True, array_like=True):
    """What a replica holds of one stream; on the wire a list of these four.

    `cursor` is the last row held, `chain` the first 8 bytes of the log's chain there. While a new device is
    still being filled, `backfill` is the creation seq below which documents are still to come.
    """

    stream: UUID
    cursor: Seq = 0
    chain: Chain = b""
    backfill: Seq | None = None


class Hello(Frame, frozen=True):
    """First frame of a replica. `protocol` is the lowest and highest version it speaks.

    `known` is the `offers_digest` of what it was offered last, of all streams that it holds.
    """

    protocol: tuple[int, int]
    replica: UUID
    agent: Annotated[str, Meta(max_length=200)] = ""
    streams: Annotated[list[StreamCursor], Meta(max_length=10_000)] = []
    known: Annotated[bytes, Meta(max_length=KNOWN_BYTES)] = b""


class Push(Frame, frozen=True):
    """Changes of one document, all or nothing. `id` is the sender's, unique on its connection.

    In a vault a change is a sealed blob, known by the SHA-256 of its bytes, and `replaces` names the blobs of the
    document whose content `changes` hold as well: the server drops their bytes. Elsewhere `replaces` is empty.
    """

    id: Seq
    stream: UUID
    document: UUID
    kind: Annotated[str, Meta(max_length=64)]
    changes: Annotated[list[bytes], Meta(min_length=1, max_length=10_000)]
    replaces: Annotated[list[Hash], Meta(max_length=10_000)] = []


class Pushes(Frame, frozen=True):
    """Several pushes in one frame: each is taken or not by itself, in their order, as if it had come alone."""

    items: Annotated[list[Push], Meta(min_length=1, max_length=MOST_PUSHES)]


class Erase(Frame, frozen=True):
    """Take a document back, for everybody and for good. `id` is the sender's, from the same numbers as of `push`.

    A document that the server has never seen may be named: then nothing of it is taken later on.
    """

    id: Seq
    stream: UUID
    document: UUID
    kind: Annotated[str, Meta(max_length=64)]


class Have(Frame, frozen=True):
    """A replica's heads of one document, offered after the log was put back."""

    stream: UUID
    document: UUID
    heads: Annotated[list[Hash], Meta(max_length=1_000)]


class Purged(Frame, frozen=True):
    """The replica has deleted all it held under that grant: data, cursor and outbox."""

    stream: UUID
    grant: UUID


class Limits(Struct, frozen=True, omit_defaults=True):
    """What the server takes on this connection; a replica that keeps to it is never refused for its pace.

    `frame_bytes` a frame, `pushes` under way, `messages_per_second` with `burst` at once, and work
    (`intersession_schemas.work`) of `work_per_second` with `work_burst` at once. 0 says that there is no such limit,
    or, for `burst`, that no more than `messages_per_second` may come at once.

    `reconnect_within_ms`: over so many milliseconds devices spread their next try, once this connection has broken
    without a word of when to come back.
    """

    frame_bytes: Most
    pushes: Most
    messages_per_second: Rate
    burst: Rate = 0.0
    work_per_second: Rate = 0.0
    work_burst: Rate = 0.0
    reconnect_within_ms: Most = 0


class StreamOffer(Struct, frozen=True, omit_defaults=True):
    """One stream that this account may read now.

    `client` and `label` say whose record it is; `head` is the last row that can be had, `documents` and `bytes`
    what is to come. `fork`, where given, is the last row at which the replica's chain and the log agree.
    """

    stream: UUID
    audience: Audience
    role: Role
    grant: UUID
    client: UUID
    label: str = ""
    head: Seq = 0
    documents: Seq = 0
    bytes: Seq = 0
    fork: Seq | None = None


def offers_digest(offers: Iterable[StreamOffer]) -> bytes:
    """Stands for which streams are offered as what, whatever is in them: the same on both sides, where they agree."""
    digest = sha256(b"intersession offers 1")
    for one in sorted(offers, key=lambda offer: offer.stream.bytes):
        said = f"{one.audience}\0{one.role}\0{one.label}".encode("utf-8", "surrogatepass")
        digest.update(one.stream.bytes + one.grant.bytes + one.client.bytes + len(said).to_bytes(4) + said)
    return digest.digest()[:KNOWN_BYTES]


class Welcome(Frame, frozen=True):
    """Answer to `hello`; sent again, whole, when the streams that this account may read have changed.

    `at` is the server's time as it was sent. `known`: what is not in `streams` is offered as the replica
    knows it, which its `hello` said, and ends at the cursor there. `country`: where the practice is (ISO 3166-1, two
    letters), as it stood when the replica connected; what apps show of crisis lines goes by it.
    """

    protocol: int
    server: str
    account: UUID
    device: UUID
    streams: list[StreamOffer]
    limits: Limits
    at: Moment | None = None
    known: bool = False
    country: str | None = None


class Accepted(Frame, frozen=True):
    """The push is on disk; `seq` is the row of its last change."""

    id: Seq
    seq: Seq


class Rejected(Frame, frozen=True):
    """The push was not taken, and nothing of it was kept. `retry_after` (seconds) means: not final."""

    id: Seq
    code: str
    message: str
    document: UUID
    retry_after: Seconds | None = None


class Outcomes(Frame, frozen=True):
    """The answers to several pushes, as far as they are ready at once. Only replicas that send `pushes` get it."""

    items: Annotated[list[Accepted | Rejected], Meta(min_length=1, max_length=MOST_PUSHES)]


class Erased(Frame, frozen=True):
    """The erasure is on disk, as row `seq`.

    `kept`: this practice has to keep what clients withdraw; it is hidden from everybody instead of deleted.
    `read_at` are the moments, oldest first, at which content of the document may have gone to the care team.
    """

    id: Seq
    seq: Seq
    kept: bool = False
    read_at: Annotated[list[Moment], Meta(max_length=1_000)] = []


class Row(Struct, frozen=True, omit_defaults=True):
    """One row of a stream's log. `change` is empty on an erasure and on a quarantined row."""

    seq: Seq
    document: UUID
    kind: str
    hash: Annotated[bytes, Meta(max_length=32)]
    author: UUID
    device: UUID
    received_at: Moment
    type: RowType = RowType.CHANGE
    change: bytes = b""


class Rows(Frame, frozen=True):
    """A page of rows after the replica's cursor. Only `through` moves the cursor; `chain` is the log's there."""

    stream: UUID
    items: list[Row]
    through: Seq
    chain: Chain


class SavedRow(Struct, frozen=True, array_like=True):
    """A row of the log whose change is in a saved document, and what that change says of itself (`changes.Change`)."""

    seq: Seq
    hash: Hash
    author: UUID
    device: UUID
    received_at: Moment
    deps: Annotated[list[Hash], Meta(max_length=1_000)]
    actor: Annotated[bytes, Meta(min_length=1, max_length=64)]
    start_op: Most
    operations: Most
    length: Most
    """Bytes of the change as it came."""


class SnapshotDocument(Struct, frozen=True, omit_defaults=True):
    """One whole document with every row it was made of, in log order.

    Where many of its changes are in one `saved` document, `inside` are their rows, and `rows` those that came later.
    """

    document: UUID
    kind: str
    rows: list[Row] = []
    saved: bytes = b""
    inside: Annotated[list[SavedRow], Meta(max_length=200_000)] = []


class Snapshot(Frame, frozen=True):
    """Documents for a new device, by descending creation.

    All rows up to `head` are in them; the replica's cursor becomes `head` (with `chain`), its `backfill` becomes
    `backfill`, and 0 says that it has all.
    """

    stream: UUID
    items: list[SnapshotDocument]
    head: Seq
    chain: Chain
    backfill: Seq


class Packed(Frame, frozen=True):
    """`rows` or a `snapshot`, compressed by `codec`: what many rows have in common travels once."""

    data: bytes


class Want(Frame, frozen=True):
    """The server lacks what the replica has of a document beyond `heads`."""

    stream: UUID
    document: UUID
    heads: Annotated[list[Hash], Meta(max_length=1_000)]


class Revoked(Frame, frozen=True):
    """The grant has ended: delete the stream's data, cursor and outbox, then answer `purged`."""

    stream: UUID
    grant: UUID


class Error(Frame, frozen=True):
    """Something about the connection, a frame or one stream is wrong; `code` is an `ErrorCode` value.

    `stream` names the one stream that it is about: the others go on. `retry_after` (seconds), before a close, is when
    to connect again.
    """

    code: str
    message: str
    retry_after: Seconds | None = None
    stream: UUID | None = None


Up = Hello | Push | Pushes | Erase | Have | Purged
Down = Welcome | Accepted | Rejected | Outcomes | Erased | Rows | Snapshot | Want | Revoked | Error
