"""Symptom logs as rows: every record that a bucket holds, and with each which of them stand (`symptom_standing`).

Logs of different people never meet: each client's are a `scope` of their own on a therapist's device.
Functions work on an open store; those that write, inside a transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from msgspec import Struct

from intersession.documents.tables.symptom_standing import (
    LogRow,
    mark_of,
    marks_in,
    marks_of,
    names_of,
    portions,
    qs,
    row_of,
    settle,
    withdrawn_as,
)
from intersession_schemas.changes import read_change
from intersession_schemas.documents.diary import symptoms
from intersession_schemas.documents.diary.symptom_history import Gone
from intersession_schemas.documents.diary.symptoms import Log, Withdrawn
from intersession_schemas.documents.names import MAX_NAMES, name_key
from intersession_schemas.records.instants import from_micros, to_micros
from intersession_schemas.records.provenance import Provenance

if TYPE_CHECKING:
    from intersession.documents.rows import Moved, StoredDocument
    from intersession.store.store import Store
    from intersession_schemas.crdt import Document

OWN = b""
"""The scope of what a client's own device holds, wherever it is kept."""

_encoder = msgspec.json.Encoder()
_log_decoder = msgspec.json.Decoder(Log)


class _Model(Struct, frozen=True):
    """A record as its row has it, whole."""

    row: LogRow
    change: int | None
    model: bytes


# -- writing -----------------------------------------------------------------------------------------------------------

_CHANGES = "SELECT actor, start_op, operations, position FROM changes WHERE document = ? AND applied"


def project(store: Store, held: StoredDocument, document: Document) -> None:
    """Make the rows of a bucket what it says now."""
    bucket = symptoms.read(document)
    brought: Provenance[int] = Provenance(store.all(_CHANGES, held.position))
    logs = [(log, brought.of(document, str(log.id))) for log in bucket.logs]  # all is read before anything is written
    before = _models(store, held.position, "", ())
    withdrawn = _withdrawn_of(store, held.position)
    store.run("DELETE FROM symptom_withdrawn WHERE document = ?", held.position)
    store.run("DELETE FROM withdrawn_records WHERE document = ?", held.position)
    touched = _replace(store, held, logs, before)
    _say_withdrawn(store, held, bucket.withdrawn)
    # Only what differs: of what was withdrawn before, a bucket may say much.
    said = withdrawn.items() ^ _withdrawn_of(store, held.position).items()
    settle(store, _scope(store, held.stream), touched, {what for what, _ in said})


def follow(store: Store, held: StoredDocument, moved: Moved) -> bool:
    """Write the rows that the changes wrote which a bucket, whose rows were right, has just taken in.

    False where the whole bucket has to be read: what was withdrawn was written over, or there are too many names.
    """
    try:
        keys = {key for one in moved.applied for key in symptoms.keys_in(read_change(one.data))}
    except UnicodeDecodeError:
        return False
    ids = sorted(key.bytes for key in keys)
    for some in portions(ids):
        sql = f"SELECT 1 FROM withdrawn_records WHERE document = ? AND record IN ({qs(some)}) LIMIT 1"  # noqa: S608 - question marks
        if store.one(sql, held.position, *some) is not None:
            return False
    document = moved.opened.document
    bucket = symptoms.read(document, keys)
    if not _has_room(store, held, moved, bucket.logs):
        return False
    before: dict[bytes, _Model] = {}
    for some in portions(ids):
        before |= _models(store, held.position, f" AND log IN ({qs(some)})", some)
    brought: Provenance[int] = Provenance(
        (one.actor, one.start_op, one.operations, one.position) for one in moved.applied
    )
    logs = [(log, brought.of(document, str(log.id))) for log in bucket.logs]
    if any(change is None for _, change in logs):  # of several that were written at once, an older one stands
        brought = Provenance(store.all(_CHANGES, held.position))
        logs = [(log, brought.of(document, str(log.id))) for log, _ in logs]
    touched = _replace(store, held, logs, before)
    _say_withdrawn(store, held, bucket.withdrawn)
    settle(store, _scope(store, held.stream), touched, marks_in(bucket.withdrawn))
    return True


def _has_room(store: Store, held: StoredDocument, moved: Moved, logs: Iterable[Log]) -> bool:
    """Whether the bucket has fewer names than are kept apart: then none of its logs is told without some of them."""
    names = moved.opened.names
    if names is None:
        rows = store.all("SELECT model FROM symptom_logs WHERE document = ?", held.position)
        names = moved.opened.names = {name_key(name) for (model,) in rows for name in _log_decoder.decode(model).values}
    names.update(name_key(name) for log in logs for name in log.values)
    return len(names) < MAX_NAMES


def _models(store: Store, position: int, which: str, parameters: Sequence[bytes]) -> dict[bytes, _Model]:
    rows = store.all(
        f"SELECT log, ifnull(corrects, log), mark, change, model FROM symptom_logs WHERE document = ?{which}",  # noqa: S608 - likewise
        position,
        *parameters,
    )
    return {log: _Model(LogRow(log, about, mark), change, model) for log, about, mark, change, model in rows}


def _replace(
    store: Store, held: StoredDocument, logs: Sequence[tuple[Log, int | None]], before: Mapping[bytes, _Model]
) -> list[LogRow]:
    """Put these records in the place of those `before`; returns what differs, as it was and as it is."""
    now = {log.id.bytes for log, _ in logs}
    gone = [one.row for id_, one in before.items() if id_ not in now]
    store.run_many("DELETE FROM symptom_logs WHERE document = ? AND log = ?", [(held.position, row.id) for row in gone])
    fresh = []
    for log, change in logs:
        was = before.get(log.id.bytes)
        if was is None or (was.change, was.model) != (change, _encoder.encode(log)):
            fresh.append((log, change))
            if was is not None:
                gone.append(was.row)
    _write(store, held, fresh)
    return [*gone, *(row_of(log) for log, _ in fresh)]


def add(
    store: Store, held: StoredDocument, logs: Sequence[tuple[Log, int | None]], withdrawn: Sequence[Withdrawn] = ()
) -> None:
    """Write rows of records that were just added, each log with the position of the change that wrote it."""
    _write(store, held, logs)
    _say_withdrawn(store, held, withdrawn)
    settle(store, _scope(store, held.stream), [row_of(log) for log, _ in logs], marks_in(withdrawn))


def forget(store: Store, position: int) -> None:
    """Delete the rows of a document."""
    rows, withdrawn = _rows_of(store, position), _withdrawn_of(store, position)
    if rows or withdrawn:
        (stream,) = store.one("SELECT stream FROM documents WHERE position = ?", position) or (None,)
        store.run("DELETE FROM symptom_logs WHERE document = ?", position)
        store.run("DELETE FROM symptom_withdrawn WHERE document = ?", position)
        store.run("DELETE FROM withdrawn_records WHERE document = ?", position)
        settle(store, _scope(store, stream), rows, withdrawn)


def arrived(store: Store, held: StoredDocument, hash: bytes) -> None:
    """What a change that was made here holds has arrived: of several corrections that may decide which one stands."""
    rows = store.all(
        "SELECT l.log, ifnull(l.corrects, l.log), l.mark FROM symptom_logs l INDEXED BY symptom_logs_by_change"
        " WHERE l.change = (SELECT position FROM changes WHERE document = ? AND hash = ?)"
        " AND (l.corrects IS NOT NULL OR l.mark IS NOT NULL)",
        held.position,
        hash,
    )
    if rows:
        settle(store, _scope(store, held.stream), [LogRow(*row) for row in rows], ())


def move(store: Store, position: int, stream: bytes | None) -> None:
    """The document, which was on this device only, is in a stream now."""
    store.run("UPDATE symptoms_standing SET stream = ? WHERE document = ?", stream, position)


def _write(store: Store, held: StoredDocument, logs: Sequence[tuple[Log, int | None]]) -> None:
    scope = _scope(store, held.stream)
    store.run_many(
        "REPLACE INTO symptom_logs (document, log, scope, mark, corrects, batch, change, model)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                held.position,
                log.id.bytes,
                scope,
                mark_of(log),
                None if log.corrects is None else log.corrects.bytes,
                None if log.batch is None else log.batch.bytes,
                change,
                _encoder.encode(log),
            )
            for log, change in logs
        ],
    )
    store.run_many(
        "INSERT OR IGNORE INTO symptom_names (name) VALUES (?)",
        [(name_key(name),) for name in {name for log, _ in logs for name in log.values}],
    )


def _say_withdrawn(store: Store, held: StoredDocument, withdrawn: Sequence[Withdrawn]) -> None:
    """Write what a bucket says to be withdrawn; of what several records name, the last one counts."""
    if not withdrawn:
        return
    scope = _scope(store, held.stream)
    store.run_many(
        "INSERT INTO symptom_withdrawn (document, scope, what, until) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (document, what) DO UPDATE SET until = max(until, excluded.until)",
        [(held.position, scope, what, to_micros(one.entered_at)) for one in withdrawn for what in marks_in([one])],
    )
    store.run_many(
        "REPLACE INTO withdrawn_records (document, record) VALUES (?, ?)",
        [(held.position, one.id.bytes) for one in withdrawn],
    )


def _withdrawn_of(store: Store, position: int) -> dict[bytes, int]:
    return dict(store.all("SELECT what, until FROM symptom_withdrawn WHERE document = ?", position))


def _rows_of(store: Store, position: int) -> list[LogRow]:
    rows = store.all("SELECT log, ifnull(corrects, log), mark FROM symptom_logs WHERE document = ?", position)
    return [LogRow(*row) for row in rows]


def _scope(store: Store, stream: bytes | None) -> bytes:
    row = store.one("SELECT role FROM streams WHERE id = ?", stream)
    return OWN if stream is None or row is None or row[0] == "client" else stream


# -- what belongs together ---------------------------------------------------------------------------------------------


def own_records(store: Store, logs: Collection[UUID]) -> dict[UUID, Log]:
    """The client's own records of these logs: they, what shares a key with them, and all corrections."""
    ids = {id_.bytes for id_ in logs}
    marks = sorted(set(marks_of(store, OWN, ids).values()))
    for some in portions(marks):
        ids.update(log for (log,) in store.all(f"SELECT log FROM symptom_logs WHERE mark IN ({qs(some)})", *some))  # noqa: S608 - likewise
    found: dict[UUID, Log] = {}
    for portion in portions(sorted(ids)):
        for column in ("log", "corrects"):
            rows = store.all(f"SELECT model FROM symptom_logs WHERE {column} IN ({qs(portion)})", *portion)  # noqa: S608 - likewise
            records = (_log_decoder.decode(model) for (model,) in rows)
            found.update({record.id: record for record in records})
    return found


def of_batch(store: Store, batch: UUID) -> list[UUID]:
    """The client's own logs that came with an import."""
    rows = store.all("SELECT DISTINCT log FROM symptom_logs WHERE batch = ? AND corrects IS NULL", batch.bytes)
    return [UUID(bytes=log) for (log,) in rows]


def standing_of(store: Store, logs: Collection[UUID]) -> int:
    """How many of these own logs stand."""
    ids = sorted(id_.bytes for id_ in logs)
    return sum(
        store.number(
            f"SELECT count(*) FROM symptoms_standing WHERE log IN ({qs(some)}) AND scope = x''",  # noqa: S608 - likewise
            *some,
        )
        for some in portions(ids)
    )


def corrections_of(store: Store, log: UUID) -> int:
    """How many corrections of an own log there are."""
    return store.number("SELECT count(*) FROM symptom_logs WHERE corrects = ? AND scope = x''", log.bytes)


def documents_of(store: Store, logs: Collection[UUID]) -> list[int]:
    """The positions of the documents that hold these records."""
    found: set[int] = set()
    for some in portions(sorted(id_.bytes for id_ in logs)):
        rows = store.all(f"SELECT DISTINCT document FROM symptom_logs WHERE log IN ({qs(some)})", *some)  # noqa: S608 - likewise
        found.update(position for (position,) in rows)
    return sorted(found)


def arrivals(store: Store, position: int) -> dict[UUID, datetime]:
    """When the records of a document arrived, as far as they have."""
    rows = store.all(
        "SELECT l.log, c.received_at FROM symptom_logs l JOIN changes c ON c.position = l.change"
        " WHERE l.document = ? AND c.received_at IS NOT NULL",
        position,
    )
    return {UUID(bytes=log): from_micros(received) for log, received in rows}


def made_in(store: Store, position: int) -> set[UUID]:
    """The records of a document that were made on this device."""
    rows = store.all(
        "SELECT l.log FROM symptom_logs l JOIN changes c ON c.position = l.change"
        " WHERE l.document = ? AND c.made_at IS NOT NULL",
        position,
    )
    return {UUID(bytes=log) for (log,) in rows}


def is_held(store: Store, record: UUID) -> bool:
    """Whether any own document here has that record."""
    return store.one("SELECT 1 FROM symptom_logs WHERE log = ? AND scope = x''", record.bytes) is not None


def made_here_and_withdrawn(store: Store, positions: Sequence[int]) -> set[UUID]:
    """The client's own records that were made on this device and that these documents say to be withdrawn."""
    found: set[UUID] = set()
    for asked in portions(positions):
        sql = f"SELECT DISTINCT document FROM symptom_withdrawn WHERE document IN ({qs(asked)})"  # noqa: S608 - likewise
        some = [position for (position,) in store.all(sql, *asked)]
        for column in ("log", "corrects", "mark") if some else ():
            rows = store.all(
                f"SELECT l.model FROM symptom_withdrawn w JOIN symptom_logs l ON l.{column} = w.what"  # noqa: S608 - likewise
                f" JOIN changes c ON c.position = l.change WHERE w.document IN ({qs(some)}) AND w.scope = x''"
                " AND l.scope = x'' AND c.made_at IS NOT NULL",
                *some,
            )
            records = [_log_decoder.decode(model) for (model,) in rows]
            found.update(record.id for record in records if is_withdrawn(store, record))
    return found


def is_withdrawn(store: Store, log: Log) -> bool:
    """Whether an own log was withdrawn, here or on another device."""
    return Gone(withdrawn_as(store, OWN, set(names_of(log)))).has(log)


# -- names -------------------------------------------------------------------------------------------------------------


def has_room_for(store: Store, names: Iterable[str]) -> bool:
    """Whether logs with these names may be added: a record holds so many different symptoms and no more."""
    fresh = {
        key for key in map(name_key, names) if store.one("SELECT 1 FROM symptom_names WHERE name = ?", key) is None
    }
    if not fresh:
        return True
    (held,) = store.one("SELECT count(*) FROM symptom_names") or (0,)
    if held + len(fresh) > MAX_NAMES:
        held = forget_unused_names(store)  # of logs that were withdrawn they are still there
    return bool(held + len(fresh) <= MAX_NAMES)


def forget_unused_names(store: Store) -> int:
    """Keep only the names of symptoms that a log here has; returns how many."""
    rows = store.all("SELECT model FROM symptom_logs")
    used = {name_key(name) for (model,) in rows for name in _log_decoder.decode(model).values}
    store.run("DELETE FROM symptom_names")
    store.run_many("INSERT INTO symptom_names (name) VALUES (?)", [(key,) for key in used])
    return len(used)
