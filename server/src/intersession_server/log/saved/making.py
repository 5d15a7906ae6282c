"""Making a saved document of rows, and when that is worth it. Pure.

A saved document is made of rows, never in their place: they stay what the log is checked by, and what any replica that
has some of them goes on with. So one that is damaged is passed over, and made again once more has come.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

from msgspec import Struct, msgpack

from intersession_schemas.changes import Change, read_change
from intersession_schemas.crdt import Document
from intersession_schemas.errors import DocumentError, RefusalCode
from intersession_schemas.messages import Row, RowType, SavedRow
from intersession_schemas.saved_documents import check_saved

LEAST_CHANGES = 3
"""Fewer changes than that are sent as they are: a saved document would be no smaller, nor loaded sooner."""
PART = 4
"""It is made again when what came since is that part of what is in it: making it costs all there is."""

_NOBODY = bytes(16)
_rows = msgpack.Decoder(list[SavedRow])


class SavedDocument(Struct, frozen=True):
    """All applied changes of a document up to row `through`: `data` holds them, `inside` are their rows, in order."""

    through: int
    data: bytes
    inside: bytes
    """`SavedRow`s in msgpack."""

    @property
    def rows(self) -> list[SavedRow]:
        """The rows whose changes are in it."""
        return _rows.decode(self.inside)

    @property
    def changes(self) -> int:
        """How many changes are in it."""
        return len(self.rows)

    @property
    def digest(self) -> bytes:
        """What it is recognized by when it is read again."""
        return sha256(b"%d %d " % (self.through, len(self.inside)) + self.inside + self.data).digest()


class ToSave(Struct, frozen=True):
    """A document of which rows came: how many changes its saved document holds (0: none), and how many rows came since,
    in all."""

    document: UUID
    inside: int
    since: int


class Unsaved(Struct, frozen=True):
    """The documents, not erased, of the next rows of a stream, up to `through`: of these some are to be saved."""

    stream: UUID
    through: int
    documents: tuple[ToSave, ...]


def is_due(one: ToSave) -> bool:
    """Whether a document is to be saved: it never was, or much of it came since."""
    return one.since >= max(LEAST_CHANGES, one.inside // PART)


def make(rows: Sequence[Row], data: bytes = b"") -> SavedDocument | None:
    """The saved document of all rows of a document; None where it would lose anything, or cannot be bounded.

    `data`: what the document was saved as, where somebody had it open. It is loaded, which has Automerge work out the
    hashes of all its changes again, and its heads are compared with those of the rows.
    """
    changes = _changes(rows)
    try:
        read = [read_change(row.change) for row in changes]
        if not data:
            joined = b"".join(change.data for change in sorted(read, key=lambda change: change.start_op))
            data = Document.load(joined, _NOBODY).save()
        check_saved(data, len(read), sum(change.operations for change in read))
        again = Document.load(data, _NOBODY)
        if set(again.heads) != _heads(read):
            return None
    except DocumentError:
        return None
    inside = [
        SavedRow(
            *(row.seq, row.hash, row.author, row.device, row.received_at),
            *(list(change.deps), change.actor, change.start_op, change.operations, len(row.change)),
        )
        for row, change in zip(changes, read, strict=True)
    ]
    return SavedDocument(rows[-1].seq, data, msgpack.encode(inside))


def _heads(read: Sequence[Change]) -> set[bytes]:
    """The hashes of those that no other builds on. Raises `DocumentError` where one builds on what is not there."""
    here = {one.hash for one in read}
    named: set[bytes] = set().union(*(one.deps for one in read))
    if not here.issuperset(named):
        raise DocumentError("A change builds on one that is not there.", code=RefusalCode.MISSING_DEPENDENCY)
    return here - named


def _changes(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row.type is RowType.CHANGE and row.change]
