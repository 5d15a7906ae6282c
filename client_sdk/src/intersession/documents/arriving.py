"""Whole documents as a snapshot brings them: kept at once as they came, loaded when their turn comes.

A new device has a record stored in the time it takes to write it down, and reads the newest of it first. What a server
says of a document that it saved is believed only as far as it can do no harm until it is looked at.

Functions work on an open store, inside a transaction.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from intersession.documents import projections, saved, stored
from intersession.documents.rows import Destination, StoredDocument
from intersession.errors import StoreInvalid
from intersession_schemas.changes import MAX_DOCUMENT_BYTES, MAX_DOCUMENT_OPERATIONS, read_change
from intersession_schemas.crdt import Document
from intersession_schemas.errors import REFUSAL_TEXT, DocumentError, RefusalCode
from intersession_schemas.messages import Row, SnapshotDocument
from intersession_schemas.records.instants import to_micros
from intersession_schemas.saved_documents import check_saved

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from intersession.documents.documents import Documents
    from intersession.store.store import Store
    from intersession_schemas.messages import SavedRow

_READER = bytes(16)


def keep(store: Store, stream: UUID, item: SnapshotDocument) -> int:
    """Keep a document that is not here, of which a part is saved; `item.rows` are for others. Returns its position.

    Raises `DocumentError` where what is said of it cannot be.
    """
    heads = _heads(item.inside)
    size, operations = sum(row.length for row in item.inside), sum(row.operations for row in item.inside)
    if size > MAX_DOCUMENT_BYTES or len(item.saved) > MAX_DOCUMENT_BYTES or operations > MAX_DOCUMENT_OPERATIONS:
        raise DocumentError(REFUSAL_TEXT[RefusalCode.TOO_LARGE], code=RefusalCode.TOO_LARGE)
    position = stored.add_document(store, item.document, item.kind, Destination(stream.bytes, None))
    after = store.number("SELECT ifnull(max(position), 0) FROM changes")
    arrivals = [to_micros(row.received_at) for row in item.inside]
    store.run_many(
        "INSERT INTO changes (position, document, hash, deps, actor, start_op, operations, size, accepted, seq, author,"
        " device, received_at, applied) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, 1)",
        [
            (
                *(row_position, position, row.hash, b"".join(row.deps), row.actor, row.start_op, row.operations),
                *(row.length, row.seq, row.author.bytes, row.device.bytes, arrived),
            )
            for row_position, (row, arrived) in enumerate(zip(item.inside, arrivals, strict=True), after + 1)
        ],
    )
    first = min(item.inside, key=lambda row: row.seq)
    store.run(
        "UPDATE documents SET bytes = ?, operations = ?, dirty = ?, arrived_at = ?, heard_at = ?, first_seq = ?,"
        " author = ?, latest = ? WHERE position = ?",
        *(size, operations, stored.TO_REBUILD, min(arrivals), max(arrivals), first.seq, first.author.bytes),
        *(after + len(item.inside), position),
    )
    store.run(
        "INSERT INTO saved (document, length, digest, heads, data, unread) VALUES (?, ?, ?, ?, ?, 1)",
        *(position, len(item.saved), sha256(item.saved).digest(), b"".join(heads), item.saved),
    )
    return position


def rows_of(item: SnapshotDocument) -> list[Row]:
    """All its rows with their changes, for a device that has some of it. Raises `DocumentError`."""
    document = _loaded(item.saved, item.inside)
    changes = {read_change(change).hash: change for change in document.changes()}
    try:
        inside = [
            Row(
                *(row.seq, item.document, item.kind, row.hash, row.author, row.device, row.received_at),
                change=changes[row.hash],
            )
            for row in item.inside
        ]
    except KeyError:
        raise _other() from None
    return [*inside, *item.rows]


def _loaded(data: bytes, inside: Sequence[SavedRow]) -> Document:
    check_saved(data, len(inside), sum(row.operations for row in inside))
    document = Document.load(data, _READER)
    if document.heads != _heads(inside):
        raise _other()
    return document


def _heads(inside: Sequence[SavedRow]) -> tuple[bytes, ...]:
    """The hashes of those that no other builds on. Raises `DocumentError` where one builds on what is not there."""
    here: set[bytes] = set()
    named: set[bytes] = set()
    for row in inside:
        if row.hash in here or not here.issuperset(row.deps):
            raise _other()
        here.add(row.hash)
        named.update(row.deps)
    return tuple(sorted(here - named))


def look_at(store: Store, documents: Documents, document: StoredDocument) -> bool:
    """Load and project what a snapshot brought of a document; False where that is not what it should be, or cannot be
    read: then it is gone, and noted as a problem. Raises `StoreInvalid` for a damaged one."""
    try:
        opened = documents.load(document.position)
        if not _is_whole(store, document.position, opened.document):
            raise _other()
        projections.project(store, document, opened.document)
    except (DocumentError, StoreInvalid):
        if not saved.is_as_written(store, document.position):
            raise
        seq = store.number("SELECT min(seq) FROM changes WHERE document = ?", document.position)
        note_problem(store, document.stream or b"", seq, document.id, _other())
        documents.let_go(document.position)
        stored.drop_document(store, document.position)
        return False
    store.run("UPDATE saved SET unread = 0 WHERE document = ?", document.position)
    store.run("UPDATE documents SET dirty = 0 WHERE position = ?", document.position)
    return True


def _is_whole(store: Store, position: int, document: Document) -> bool:
    """Whether the saved document has the heads that its rows say; something may have been written here since."""
    heads, data = store.one("SELECT heads, data FROM saved WHERE document = ?", position) or (b"", b"")
    if heads == b"".join(document.heads):
        return True
    return bool(heads == b"".join(Document.load(data, _READER).heads))


def note_problem(store: Store, stream: bytes, seq: int, document: UUID, problem: DocumentError) -> None:
    """A row that could not be used."""
    store.run(
        "REPLACE INTO problems (stream, seq, document, code) VALUES (?, ?, ?, ?)",
        *(stream, seq, document.bytes, problem.code),
    )


def _other() -> DocumentError:
    return DocumentError("A saved document is not made of the changes that it should be.", code=RefusalCode.BAD_CHANGE)
