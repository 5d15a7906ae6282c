"""Symptom logs that another device did not have when it erased their bucket: kept aside, to be added to another one.

Functions work on an open store, inside a transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from intersession.documents import stored
from intersession.documents.rows import StoredChange, StoredDocument
from intersession.documents.tables import symptom_rows
from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import symptoms
from intersession_schemas.documents.diary.symptoms import Log
from intersession_schemas.errors import DocumentError

if TYPE_CHECKING:
    from intersession.store.store import Store

_decoder = msgspec.json.Decoder(Log)


def rescue(store: Store, document: StoredDocument, changes: Sequence[StoredChange]) -> None:
    """Another device has erased a bucket that this one had added to: keep what it may not have known, to add it again.

    That is what the server did not have, and also what it had, as the other device may have been without a network
    since before. Whoever made a log looks after it. Those that have a copy by then are passed over when they are taken.
    """
    everything = stored.applicable(changes)
    accepted = [change for change in everything if change.accepted]
    try:
        known = {log.id for log in _logs(accepted)}
        made, arrived = symptom_rows.made_in(store, document.position), symptom_rows.arrivals(store, document.position)
        fresh = [
            replace(log, arrived_at=log.arrived_at or arrived.get(log.id))
            for log in _logs(everything)
            if log.id not in known or log.id in made
        ]
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
    """The logs that were rescued of a document and that no bucket has by now; they are kept aside no longer."""
    rows = store.all("SELECT model FROM rescued_logs WHERE document = ?", document.position)
    if rows:
        store.run("DELETE FROM rescued_logs WHERE document = ?", document.position)
    logs = [_decoder.decode(model) for (model,) in rows]
    return [log for log in logs if not symptom_rows.is_held(store, log.id)]
