"""Where symptom logs go: one document per store, local month and sharing, made at the first log of that month.

The rows of new logs are added beside those that are there, so that no log costs the reading of its bucket.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

import msgspec

from intersession.documents import stored
from intersession.documents.rows import Destination, Made, StoredDocument
from intersession.documents.tables import symptom_rows
from intersession.documents.writing import Writing
from intersession_schemas.changes import MAX_DOCUMENT_BYTES, MAX_DOCUMENT_OPERATIONS
from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import symptoms
from intersession_schemas.documents.diary.symptoms import Log, Withdrawn
from intersession_schemas.streams import Kind

LOGS_PER_CHANGE = 500
BYTES_PER_CHANGE = 256 * 1024
"""A change holds at most so much, well below what a change may."""
FULL = 0.5
"""Which part of what a document may hold fills a bucket; then the month goes on in another."""


def add(writing: Writing, logs: Sequence[Log], destination: Destination) -> dict[UUID, StoredDocument]:
    """Keep logs, few changes for many. Returns the document that each log is in.

    Raises `InvalidField` when a log holds what no log may.
    """
    where: dict[UUID, StoredDocument] = {}
    for month, batch in _batches(logs):
        made = _add_to(writing, month, batch, (), destination)
        where.update((log.id, made.document) for log in batch)
    return where


def add_withdrawn(writing: Writing, month: str, withdrawn: Sequence[Withdrawn], destination: Destination) -> None:
    """Keep that logs were withdrawn, beside the logs of a month."""
    _add_to(writing, month, (), withdrawn, destination)


def write_anew(
    writing: Writing, document: StoredDocument, month: str, logs: Sequence[Log], withdrawn: Sequence[Withdrawn]
) -> StoredDocument:
    """Make a bucket that holds these records in the place of `document`, which stays as it is; gives the new one."""
    portions = list(_portions(logs))

    def write(made: Document) -> list[bytes]:
        changes = [symptoms.create(made, month)]
        if withdrawn:
            changes.append(symptoms.add(made, [], withdrawn))
        return changes + [symptoms.add(made, portion) for portion in portions]

    def project(made: Made) -> None:
        changes = made.changes[-len(portions) :] if portions else ()
        rows = [(log, change) for portion, change in zip(portions, changes, strict=True) for log in portion]
        symptom_rows.add(writing.store, made.document, rows, withdrawn)

    made = writing.create(
        Kind.SYMPTOM_LOG, write, Destination(document.stream, document.wish), project=project
    ).document
    writing.store.run("UPDATE buckets SET document = ? WHERE document = ?", made.position, document.position)
    return made


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
    writing: Writing, month: str, logs: Sequence[Log], withdrawn: Sequence[Withdrawn], destination: Destination
) -> Made:
    """One change in the bucket of that month, or in a new one where there is none that has room."""
    store = writing.store

    def project(made: Made) -> None:
        symptom_rows.add(store, made.document, [(log, made.changes[-1]) for log in logs], withdrawn)

    row = store.one("SELECT document FROM buckets WHERE month = ? AND sharing = ?", month, destination.sharing)
    if row is not None and not _is_full(stored.at_position(store, row[0])):
        return writing.edit(row[0], lambda document: [symptoms.add(document, logs, withdrawn)], project=project)
    made = writing.create(
        Kind.SYMPTOM_LOG,
        lambda document: [symptoms.create(document, month), symptoms.add(document, logs, withdrawn)],
        destination,
        project=project,
    )
    store.run(
        "REPLACE INTO buckets (month, sharing, document) VALUES (?, ?, ?)",
        month,
        destination.sharing,
        made.document.position,
    )
    return made


def _is_full(document: StoredDocument) -> bool:
    return document.bytes > FULL * MAX_DOCUMENT_BYTES or document.operations > FULL * MAX_DOCUMENT_OPERATIONS
