"""Applying what pages brought: in batches per document, after the pages themselves are on disk.

A crash in between leaves a document marked `dirty`, and it is taken up again. Only what came is
read, not what was applied before. A change that does not apply is quarantined and never stops its document; in a vault,
of which no server can say so, neither does one that would alter what must stay. Such a change is judged by itself and
its ancestors, so every device of the client leaves out the same. Every call must hold the replica's lock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from intersession.documents import arriving, projections, sealed, stored
from intersession.documents.documents import Documents
from intersession.documents.rows import StoredDocument
from intersession.documents.symptom_logs import withdrawals as log_withdrawals
from intersession.documents.writing import Writing
from intersession_schemas.crdt import Document
from intersession_schemas.errors import DocumentError
from intersession_schemas.streams import Kind

if TYPE_CHECKING:
    from intersession.store.store import Store

AT_ONCE = 50
"""Documents per transaction."""
_READER = bytes(16)
# What days are planned by and safety rests on first, then what was written, newest first. What was erased comes last:
# what has a copy is known by then.
_IN_TURN = """
    SELECT position, (SELECT unread FROM saved WHERE document = position)
    FROM documents INDEXED BY documents_dirty WHERE dirty
    ORDER BY erased, kind IN ('journal_entry', 'symptom_log'), position LIMIT ?
"""


def apply_some(store: Store, documents: Documents, most: int) -> tuple[UUID, ...]:
    """Apply and project the next of what was stored and not applied yet; returns the ids of the documents."""
    rows = store.all(_IN_TURN, most)
    if not rows:
        return ()
    with documents.transaction():
        writing = Writing(store, documents)
        touched = [_refresh(writing, documents, position, unread=bool(unread)) for position, unread in rows]
        log_withdrawals.cleanse(writing, [position for position, _ in rows])
        return (*touched, *writing.touched)


def apply_first(store: Store, documents: Documents) -> tuple[UUID, ...]:
    """Apply all that was stored and not applied yet, if that is little, or the first of it; returns the ids."""
    touched: list[UUID] = []
    while len(touched) < AT_ONCE and is_behind(store):
        touched += apply_some(store, documents, AT_ONCE)
    return tuple(touched)


def apply_dirty(store: Store, documents: Documents) -> tuple[UUID, ...]:
    """Apply and project all that was stored and not applied yet; returns the ids of the documents."""
    touched: list[UUID] = []
    while is_behind(store):
        touched += apply_some(store, documents, AT_ONCE)
    return tuple(touched)


def is_behind(store: Store) -> bool:
    """Whether anything was stored that is not applied yet."""
    return store.one("SELECT 1 FROM documents WHERE dirty LIMIT 1") is not None


def left(store: Store) -> int:
    """How many documents were stored that are not applied yet: lists, search and series do not have them."""
    return store.number("SELECT count(*) FROM documents WHERE dirty")


def _refresh(writing: Writing, documents: Documents, position: int, *, unread: bool) -> UUID:
    store = writing.store
    document = stored.at_position(store, position)
    if unread and not document.erased:
        read = arriving.look_at(store, documents, document)
        if not (read and stored.to_apply(store, position)):
            return document.id
    sealed.open_blobs(store, document)
    if document.kind == Kind.SYMPTOM_LOG:
        log_withdrawals.add_rescued(writing, document)
    _read_refused(store, document)
    there = stored.any_change(store, position)
    if not there and not document.erased and not sealed.any_of(store, position):
        stored.drop_document(store, position)  # its very first change was refused
        return document.id
    if there:
        anew = store.number("SELECT dirty FROM documents WHERE position = ?", position) == stored.TO_REBUILD
        _move_on(store, documents, document, anew=anew)
    store.run("UPDATE documents SET dirty = 0 WHERE position = ?", position)
    return document.id


def _move_on(store: Store, documents: Documents, document: StoredDocument, *, anew: bool) -> None:
    """Apply what came and bring the rows up to it. A document of which the rest cannot be read any more is a problem,
    and keeps the rows that it had."""
    moved = documents.advance(document, guarded=stored.is_vault(store, document.stream))
    try:
        if anew or moved.set_aside or not projections.follow(store, document, moved):
            moved.opened.names = None
            projections.project(store, document, moved.opened.document)
    except DocumentError as problem:
        if document.stream is None:
            raise
        documents.let_go(document.position)
        seq = store.number("SELECT ifnull(max(seq), 0) FROM changes WHERE document = ?", document.position)
        arriving.note_problem(store, document.stream, seq, document.id, problem)


def _read_refused(store: Store, document: StoredDocument) -> None:
    """Turn refused edits into text: what the document said with them."""
    rows = store.all(
        "SELECT position, changes FROM refusals WHERE document = ? AND changes IS NOT NULL", document.id.bytes
    )
    if not rows:
        return
    kept = [change.data for change in stored.applicable(stored.changes_of(store, document.position))]
    for row, packed in rows:
        lost = msgspec.msgpack.decode(packed, type=list[bytes])
        try:
            with_it = Document.load(b"".join(kept + lost), _READER)
            without = Document.load(b"".join(kept), _READER) if kept else None
            text = projections.readable(document.kind, with_it, without)
        except DocumentError:
            text = ""  # it does not apply here either, so nobody has ever seen it
        store.run("UPDATE refusals SET text = ?, changes = NULL WHERE position = ?", text, row)
