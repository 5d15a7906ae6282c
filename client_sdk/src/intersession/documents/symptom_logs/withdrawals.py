"""Withdrawing symptom logs: their months are rewritten without them, and the documents they were in are erased.

A document carries its history, so a log goes for good only with its bucket. What else was in there is copied, with ids
and times of arrival as they were; the copy goes out first, then the old bucket is erased, on the server and on the
other devices. Beside the copy stands that the log was withdrawn: so that a correction from another device, or the same
row of a file that was imported there, is gone as well. Functions work on an open store, inside a transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID, uuid4

import msgspec
from msgspec.structs import replace

from intersession.documents import erasures, rescued_logs, stored
from intersession.documents.rows import Destination, StoredDocument
from intersession.documents.symptom_logs import buckets
from intersession.documents.tables import symptom_rows
from intersession.documents.tables.pages import Listing, page
from intersession.documents.writing import Writing
from intersession.models.private import Withdrawal
from intersession_schemas.documents.diary import symptoms
from intersession_schemas.documents.diary.symptoms import MOST_WITHDRAWN, Log, Withdrawn, key_mark
from intersession_schemas.records.instants import from_micros, to_micros

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intersession.inputs.windows import ReadWindow
    from intersession.store.store import Store

T = TypeVar("T")


def withdraw(writing: Writing, id: UUID, logs: Collection[UUID]) -> None:
    """Withdraw own logs and all that is one with them; `id` is what the withdrawal is called by."""
    store = writing.store
    found = symptom_rows.own_records(store, logs)
    now = store.now()
    gone = [
        Withdrawn(uuid4(), now, tuple(some), ())
        for some in _portions(sorted({one.id for one in found.values() if one.corrects is None}))
    ]
    marks = sorted({key_mark(one.key) for one in found.values() if one.key is not None})
    gone += [Withdrawn(uuid4(), now, (), tuple(some)) for some in _portions(marks)]
    erased = write_anew_without(writing, symptom_rows.documents_of(store, found.keys()), found.keys(), gone)
    store.run(
        "INSERT OR IGNORE INTO log_withdrawals (id, asked_at, documents) VALUES (?, ?, ?)",
        id.bytes,
        to_micros(now),
        msgspec.json.encode(erased).decode(),
    )
    symptom_rows.forget_unused_names(store)
    writing.sheds = True


def cleanse(writing: Writing, positions: Sequence[int]) -> None:
    """Write anew what was made here and that these documents, which came from another device, say to be withdrawn."""
    logs = symptom_rows.made_here_and_withdrawn(writing.store, positions)
    if logs:
        write_anew_without(writing, symptom_rows.documents_of(writing.store, logs), logs)


def withdrawal(store: Store, id: UUID) -> Withdrawal | None:
    """The withdrawal that was asked for here under that id."""
    row = store.one("SELECT id, asked_at, documents FROM log_withdrawals WHERE id = ?", id.bytes)
    return None if row is None else _withdrawal(store, *row)


LIST = Listing("id, asked_at, documents", "log_withdrawals", ("position",), "id")
"""Withdrawals of logs, newest first."""


def withdrawals(store: Store, window: ReadWindow) -> list[Withdrawal]:
    """What was withdrawn on this device, newest first. Raises `NotFound`."""
    return page(store, LIST, {}, window, lambda *row: _withdrawal(store, *row))


def add_rescued(writing: Writing, document: StoredDocument) -> None:
    """Add what was rescued of a document to another bucket."""
    logs = rescued_logs.take(writing.store, document)
    kept = [log for log in logs if not symptom_rows.is_withdrawn(writing.store, log)]
    buckets.add(writing, kept, Destination(document.stream, document.wish))


def write_anew_without(
    writing: Writing, positions: Sequence[int], logs: Collection[UUID], gone: Sequence[Withdrawn] = ()
) -> list[UUID]:
    """Copy these buckets without these logs, and erase them; `gone` goes into one of the copies.

    Returns the ids of the documents that servers or other devices have to erase.
    """
    store = writing.store
    erased: list[UUID] = []
    for position in positions:
        document = stored.at_position(store, position)
        bucket = symptoms.read(writing.read(position))
        arrived = symptom_rows.arrivals(store, position)
        kept = [_copy(log, arrived) for log in bucket.logs if log.id not in logs]
        withdrawn, gone = [*bucket.withdrawn, *gone], ()
        copy = buckets.write_anew(writing, document, bucket.month, kept, withdrawn)
        writing.supersede(position, copy.position)
        if document.stream is not None:
            erased += [document.id, *erasures.originals(store, position)]
    return erased


def _copy(log: Log, arrived: Mapping[UUID, datetime]) -> Log:
    first = min((at for at in (log.arrived_at, arrived.get(log.id)) if at is not None), default=None)
    return replace(log, arrived_at=first)


def _portions(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), MOST_WITHDRAWN):
        yield items[start : start + MOST_WITHDRAWN]


def _withdrawal(store: Store, id: bytes, asked_at: int, documents: str) -> Withdrawal:
    rows = [
        store.one("SELECT settled_at, kept, refused, read_at FROM erasures WHERE document = ?", one.bytes)
        for one in msgspec.json.decode(documents, type=list[UUID])
    ]
    asked = [row for row in rows if row is not None]
    waiting = any(settled is None for settled, _, _, _ in asked)
    refused = any(refused for _, _, refused, _ in asked)
    kept = any(kept for _, kept, _, _ in asked)
    read = {at for _, _, _, read_at in asked for at in msgspec.json.decode(read_at, type=list[datetime])}
    return Withdrawal(
        id=UUID(bytes=id),
        asked_at=from_micros(asked_at),
        state="waiting" if waiting else "refused" if refused else "kept" if kept else "erased",
        read_at=tuple(sorted(read)),
    )
