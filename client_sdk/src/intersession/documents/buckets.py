"""Where symptom logs go: one document per store, local month and sharing, made at the first log of that month.

Functions work on an open store, inside a transaction of `Documents`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import msgspec

from intersession.documents import held, symptom_rows
from intersession.documents.rows import Destination, Edits, HeldChange, HeldDocument
from intersession_schemas.changes import MAX_DOCUMENT_BYTES, MAX_DOCUMENT_OPERATIONS
from intersession_schemas.crdt import Document
from intersession_schemas.documents import symptoms
from intersession_schemas.documents.symptoms import Log, Withdrawn
from intersession_schemas.errors import DocumentError
from intersession_schemas.streams import Kind

if TYPE_CHECKING:
    from intersession.documents.rows import Made
    from intersession.store.store import Store

LOGS_PER_CHANGE = 500
BYTES_PER_CHANGE = 256 * 1024
"""A change holds at most so much, well below what a change may."""
FULL = 0.5
"""Which part of what a document may hold fills a bucket; then the month goes on in another."""


def add(store: Store, documents: Edits, logs: Sequence[Log], destination: Destination) -> dict[UUID, int]:
    """Keep logs, few changes for many. Returns the position of the document that each log is in.

    Raises `InvalidField` when a log holds what no log may.
    """
    where: dict[UUID, int] = {}
    for month, batch in _batches(logs):
        made = _add_to(store, documents, month, batch, destination)
        symptom_rows.add(store, made.document, [(log, made.changes[-1]) for log in batch])
        where.update((log.id, made.document.position) for log in batch)
    return where


def add_withdrawn(
    store: Store, documents: Edits, month: str, withdrawn: Sequence[Withdrawn], destination: Destination
) -> None:
    """Keep that logs were withdrawn, beside the logs of a month."""
    made = _add_to(store, documents, month, [], destination, withdrawn)
    symptom_rows.add(store, made.document, [], withdrawn)


def write_anew(
    store: Store,
    documents: Edits,
    document: HeldDocument,
    month: str,
    logs: Sequence[Log],
    withdrawn: Sequence[Withdrawn],
) -> HeldDocument:
    """Make a bucket that holds these records in the place of `document`, which stays as it is; gives the new one."""
    portions = list(_portions(logs))

    def write(made: Document) -> list[bytes]:
        changes = [symptoms.create(made, month)]
        if withdrawn:
            changes.append(symptoms.add(made, [], withdrawn))
        return changes + [symptoms.add(made, portion) for portion in portions]

    made = documents.create(uuid4(), Kind.SYMPTOM_LOG, write, Destination(document.stream, document.wish))
    changes = made.changes[-len(portions) :] if portions else ()
    rows = [(log, change) for portion, change in zip(portions, changes, strict=True) for log in portion]
    symptom_rows.add(store, made.document, rows, withdrawn)
    store.run("UPDATE buckets SET document = ? WHERE document = ?", made.document.position, document.position)
    return made.document


def id_at(store: Store, position: int) -> UUID:
    """The id of the document at a position."""
    return held.at_position(store, position).id


def _batches(logs: Sequence[Log]) -> Iterator[tuple[str, list[Log]]]:
    """The logs by month, in portions that fit into a change."""
    by_month: dict[str, list[Log]] = {}
    for log in logs:
        by_month.setdefault(symptoms.month_of(symptoms.check_log(log).at), []).append(log)
    for month, of_month in by_month.items():
        for batch in _portions(of_month):
            yield month, batch


def _portions(logs: Sequence[Log]) -> Iterator[list[Log]]:
    batch: list[Log] = []
    size = 0
    for log in logs:
        weight = len(msgspec.json.encode(log))
        if batch and (len(batch) == LOGS_PER_CHANGE or size + weight > BYTES_PER_CHANGE):
            yield batch
            batch, size = [], 0
        batch.append(log)
        size += weight
    if batch:
        yield batch


def _add_to(
    store: Store,
    documents: Edits,
    month: str,
    logs: Sequence[Log],
    destination: Destination,
    withdrawn: Sequence[Withdrawn] = (),
) -> Made:
    row = store.one("SELECT document FROM buckets WHERE month = ? AND sharing = ?", month, destination.sharing)
    if row is not None and not _is_full(held.at_position(store, row[0])):
        return documents.edit(row[0], lambda document: [symptoms.add(document, logs, withdrawn)])
    made = documents.create(
        uuid4(),
        Kind.SYMPTOM_LOG,
        lambda document: [symptoms.create(document, month), symptoms.add(document, logs, withdrawn)],
        destination,
    )
    store.run(
        "REPLACE INTO buckets (month, sharing, document) VALUES (?, ?, ?)",
        month,
        destination.sharing,
        made.document.position,
    )
    return made


def _is_full(document: HeldDocument) -> bool:
    return document.bytes > FULL * MAX_DOCUMENT_BYTES or document.operations > FULL * MAX_DOCUMENT_OPERATIONS


def rescue(store: Store, document: HeldDocument, changes: Sequence[HeldChange]) -> None:
    """Another device has erased a bucket that this one had added to: keep what only this one has, to be added again."""
    everything = held.applicable(changes)
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


def _logs(changes: Sequence[HeldChange]) -> tuple[Log, ...]:
    if not changes:
        return ()
    return symptoms.read(Document.load(b"".join(change.data for change in changes), bytes(16))).logs
