"""Sharing what was private: a new document with the present content only, in place of the old one.

A document carries its history, and moving it would hand over every sentence that was deleted before. So the
content is copied into a document of its own and the private one is forgotten; its id goes on as an alias. One that
was in the vault is erased there, once the server holds the copy.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

from intersession.documents import stored
from intersession.documents.long_prose import copy_entry
from intersession.documents.rows import Destination, StoredDocument
from intersession.documents.symptom_logs import buckets
from intersession.documents.writing import Writing
from intersession.errors import DocumentError, InvalidField
from intersession_schemas.documents.diary import journal, symptoms
from intersession_schemas.streams import Kind

if TYPE_CHECKING:
    from intersession.replica.replica import Replica
    from intersession.store.store import Store

_PROGRESS = "share_earlier"
AT_ONCE = 50
"""Documents per transaction when everything written before pairing is shared."""


def share_entry(writing: Writing, document: StoredDocument, destination: Destination) -> UUID:
    """Put a copy of a private entry into `destination` and forget the original; the copy's id."""
    entry = journal.read(writing.read(document.position))
    if entry.written_at is None or entry.entered_at is None:
        raise DocumentError("The entry does not say when it was written, so it cannot be shared.")
    made = writing.create(Kind.JOURNAL_ENTRY, lambda copy: copy_entry(copy, entry), destination)
    copy = made.document.id
    writing.store.run("INSERT INTO aliases (old, new) VALUES (?, ?)", document.id.bytes, copy.bytes)
    writing.supersede(document.position)
    return copy


def _share_bucket(writing: Writing, document: StoredDocument, destination: Destination) -> None:
    """The same for a month of symptom logs, which keep their ids."""
    rows = writing.store.all("SELECT log FROM symptom_logs WHERE document <> ?", document.position)
    known = {log for (log,) in rows}
    bucket = symptoms.read(writing.read(document.position))
    # A copy of this store may have shared some of them before.
    buckets.add(writing, [log for log in bucket.logs if log.id.bytes not in known], destination)
    if bucket.withdrawn:
        buckets.add_withdrawn(writing, bucket.month, bucket.withdrawn, destination)
    writing.supersede(document.position)


_SHARE: dict[str, Callable[[Writing, StoredDocument, Destination], object]] = {
    Kind.JOURNAL_ENTRY: share_entry,
    Kind.SYMPTOM_LOG: _share_bucket,
}


def plan_share_earlier(store: Store) -> None:
    """Note that all that is here and undecided now is to be shared, in a transaction."""
    store.set_meta(_PROGRESS, (0, store.number("SELECT max(position) FROM documents")))


def share_earlier(replica: Replica) -> None:
    """Share what `plan_share_earlier` has named, some documents at a time; does nothing when that is done.

    How far it has come is kept: after a crash or a full disk the next opening goes on. A document that cannot be
    read stays as it is. Raises `StoreFull`.
    """
    more = True
    while more:
        with replica.writing() as writing:
            more = _share_some(replica, writing)


def _share_some(replica: Replica, writing: Writing) -> bool:
    store = writing.store
    progress = store.meta(_PROGRESS, tuple[int, int])
    if progress is None:
        return False
    after, last = progress
    rows = store.all(
        "SELECT id, position FROM documents"
        " WHERE stream IS NULL AND wish IS NULL AND position > ? AND position <= ? ORDER BY position LIMIT ?",
        after,
        last,
        AT_ONCE,
    )
    destination = replica.destination(shared=True)
    for id, position in rows:
        document = stored.find(store, UUID(bytes=id))
        share = _SHARE.get(document.kind) if document is not None else None
        if document is not None and share is not None:
            with suppress(DocumentError, InvalidField), writing.attempt():
                share(writing, document, destination)
        after = position
    store.set_meta(_PROGRESS, (after, last) if rows else None)
    return bool(rows)
