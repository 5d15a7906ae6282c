"""Sharing one symptom log that was private: as it stands, beside the shared ones of its month.

What it said before, and the other logs of its private month, stay private: so the months that it was in are written
anew without it, and what is shared is one log that says what stands. It keeps its id, and so a correction that another
device makes meanwhile still corrects it. Functions work inside a transaction.
"""

from __future__ import annotations

from intersession.documents import stored
from intersession.documents.rows import Destination
from intersession.documents.symptom_logs import buckets, withdrawals
from intersession.documents.tables import symptom_rows
from intersession.documents.writing import Writing
from intersession.models.symptoms import SymptomLog
from intersession_schemas.documents.diary.symptoms import Log


def share(writing: Writing, log: SymptomLog, destination: Destination) -> None:
    """Put a private log into `destination`, and forget it where it was."""
    store = writing.store
    records = symptom_rows.own_records(store, [log.id])
    private = [
        position
        for position in symptom_rows.documents_of(store, records.keys())
        if not stored.is_shared(store, stored.at_position(store, position))
    ]
    withdrawals.write_anew_without(writing, private, records.keys())
    if symptom_rows.is_held(store, log.id):  # another device has shared it, too
        return
    present = Log(
        id=log.id,
        at=log.at,
        entered_at=log.entered_at,
        values=dict(log.values),
        zone=log.zone,
        scale=log.scale,
        note=log.note,
        key=log.key,
        batch=records[log.id].batch,
    )
    buckets.add(writing, [present], destination)
