"""Symptom logs that only this device had when another one erased their bucket: kept aside, to be added to another one.

Functions work on an open store, inside a transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from intersession.documents import stored
from intersession.documents.rows import StoredChange, StoredDocument
from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import symptoms
from intersession_schemas.documents.diary.symptoms import Log
from intersession_schemas.errors import DocumentError

if TYPE_CHECKING:
    from intersession.store.store import Store

_decoder = msgspec.json.Decoder(Log)


def rescue(store: Store, document: StoredDocument, changes: Sequence[StoredChange]) -> None:
    """Another device has erased a bucket that this one had added to: keep what only this one has, to be added again."""
    everything = stored.applicable(changes)
    accepted = [change for change in everything if change.accepted]
    try:
        known = {log.id for log in _logs(accepted)}
        fresh = [log for log in _logs(everything) if log.id not in known]
    except DocumentError:
        return  # it does not apply here either, so nobody has ever seen it
    store.run_many(
        "INSERT INTO rescued_logs (document, model) VALUES (?, ?)",
        [(document.position, msgspec.json.encode(log)) for log in fresh],
    )


def _logs(changes: Sequence[StoredChange]) -> tuple[Log, ...]:
    if not changes:
        return ()
    return symptoms.read(Document.load(b"".join(change.data for change in changes), bytes(16))).logs


def take(store: Store, document: StoredDocument) -> list[Log]:
    """The logs that were rescued of a document, which are kept aside no longer."""
    rows = store.all("SELECT model FROM rescued_logs WHERE document = ?", document.position)
    if rows:
        store.run("DELETE FROM rescued_logs WHERE document = ?", document.position)
    return [_decoder.decode(model) for (model,) in rows]
