"""What is handed to the log to be kept, and what became of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from intersession_schemas.changes import Change
from intersession_schemas.errors import RefusalCode


class Submission(Struct, frozen=True):
    """A push, its changes read already. Vault blobs are changes whose hash is the SHA-256 of `data`, without `deps`."""

    account: UUID
    device: UUID
    stream: UUID
    document: UUID
    kind: str
    changes: tuple[Change, ...]
    replaces: tuple[bytes, ...] = ()
    """Hashes of blobs of this vault document, whose content `changes` hold too: their bytes are dropped."""
    refused: RefusalCode | None = None
    """Why nothing of it can be taken, where a change could not be read; `changes` then names that one alone."""


class ErasureRequest(Struct, frozen=True):
    """Somebody withdraws a document."""

    account: UUID
    device: UUID
    stream: UUID
    document: UUID
    kind: str


class Appended(Struct, frozen=True):
    """The changes are on disk; `seq` is the row of the last one. `duplicate`: all of them were there before.

    `nearly_full`: little is left of what the stream, or its practice, may hold.
    """

    seq: int
    duplicate: bool = False
    nearly_full: bool = False


class ErasureDone(Struct, frozen=True):
    """The document is erased, and row `seq` of its stream says so; both on disk.

    `kept`: its bytes stay, out of everybody's sight. `duplicate`: it was erased before, by that row. `at` is when
    the erasure was received, `rows` are the seqs of all rows that ever held a change of the document, in order.
    """

    seq: int
    kept: bool
    duplicate: bool
    at: datetime
    rows: tuple[int, ...] = ()


class Declined(Struct, frozen=True):
    """The push or the erasure was not taken, and nothing of it was kept.

    `noted`: a row without bytes says that there was one, as it may have held an answer.
    """

    code: RefusalCode
    noted: bool = False
