"""What the replica's session wants done, for its driver to carry out in this order. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from intersession_schemas.messages import Rows, Snapshot, Up, Welcome

PUSH_BYTES = 512 * 1024
"""About how many bytes of changes are put into one push."""


class Send(Struct, frozen=True):
    """Send the frame."""

    frame: Up


class Join(Struct, frozen=True):
    """Remember the streams that the welcome offers."""

    welcome: Welcome


class StorePage(Struct, frozen=True):
    """Store the page and its cursor in one transaction, then apply it."""

    page: Rows | Snapshot


class ReadOutbox(Struct, frozen=True):
    """Answer with `OutboxRead`: at most `limit` documents, none of `exclude`, in streams that are joined.

    All their changes together are at most `size` bytes; only a single change may be larger.
    """

    exclude: frozenset[UUID]
    limit: int
    size: int = PUSH_BYTES


class Settle(Struct, frozen=True):
    """These changes, of `size` bytes, are durable on the server: they leave the outbox."""

    document: UUID
    hashes: tuple[bytes, ...]
    size: int = 0


class SettleErasure(Struct, frozen=True):
    """The document is erased on the server, in row `seq` (0: it was before); see `messages.Erased`."""

    document: UUID
    seq: int
    kept: bool
    read_at: tuple[datetime, ...]


class Refuse(Struct, frozen=True):
    """These changes will never be accepted: rebuild the document without them, keep them as readable text.

    Without any, it is the document's erasure that will not be done.
    """

    document: UUID
    hashes: tuple[bytes, ...]
    code: str
    message: str


class Resend(Struct, frozen=True):
    """The server lacks changes of this document: put all of them into the outbox again."""

    document: UUID


class Purge(Struct, frozen=True):
    """Delete the stream's data, cursor and outbox in one transaction, as held under `grant`; None: under any."""

    stream: UUID
    grant: UUID | None


class Stop(Struct, frozen=True):
    """These streams, and no others, cannot go on with this server: why, as (code, message). Remember it."""

    streams: Mapping[UUID, tuple[str, str]]


class Report(Struct, frozen=True):
    """The server says that something is wrong, with `stream` about that one alone; shown in the status.

    `passing`: it is about pushes that go out again by themselves. `final`: trying again cannot help.
    """

    code: str
    message: str
    passing: bool = False
    final: bool = False
    stream: UUID | None = None


Effect = Send | Join | StorePage | ReadOutbox | Settle | SettleErasure | Refuse | Resend | Purge | Stop | Report
