"""Symptom logs as rows: every record that a bucket holds, and which of them stand (`symptom_history`).

A record changes what stands of the logs that it shares an id or a key with, and of no others, so only those are looked
at again. Logs of different people never meet: each client's are a `scope` of their own on a therapist's device.
Functions work on an open store; those that write, inside a transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

import msgspec
from msgspec import Struct

from intersession_schemas.documents.diary import symptoms
from intersession_schemas.documents.diary.symptom_history import MOST_ALIKE, Gone, LogRecord, Standing, standing
from intersession_schemas.documents.diary.symptoms import Log, Withdrawn, key_mark
from intersession_schemas.documents.names import MAX_NAMES, name_key
from intersession_schemas.records.instants import from_micros, to_micros
from intersession_schemas.records.provenance import Provenance

if TYPE_CHECKING:
    from intersession.documents.rows import StoredDocument
    from intersession.store.store import Store
    from intersession_schemas.crdt import Document

OWN = b""
"""The scope of what a client's own device holds, wherever it is kept."""
_AT_ONCE = 200

_encoder = msgspec.json.Encoder()
_log_decoder = msgspec.json.Decoder(Log)
_standing_decoder = msgspec.json.Decoder(Standing)
T = TypeVar("T")


class _Row(Struct, frozen=True):
    """A record as its row has it: the log that it is about, and what stands for its key."""

    id: bytes
    about: bytes
    mark: bytes | None


# -- writing -----------------------------------------------------------------------------------------------------------

_CHANGES = "SELECT hash, actor, start_op, operations, position FROM changes WHERE document = ? ORDER BY position"


def project(store: Store, held: StoredDocument, document: Document, applied: Set[bytes]) -> None:
    """Make the rows of a bucket what it says now."""
    bucket = symptoms.read(document)
    brought = Provenance(
        (actor, start, operations, position)
        for hash, actor, start, operations, position in store.all(_CHANGES, held.position)
        if hash in applied
    )
    before = {row.id: row for row in _rows_of(store, held.position)}
    now = {log.id.bytes: log for log in bucket.logs}
    gone = [row for id_, row in before.items() if id_ not in now]
    store.run_many("DELETE FROM symptom_logs WHERE document = ? AND log = ?", [(held.position, row.id) for row in gone])
    withdrawn = _withdrawn_of(store, held.position)
    store.run("DELETE FROM symptom_withdrawn WHERE document = ?", held.position)
    _write(store, held, [(log, brought.of(document, str(log.id))) for log in bucket.logs], bucket.withdrawn)
    fresh = [log for id_, log in now.items() if id_ not in before]
    # Only what differs: of what was withdrawn before, a bucket may say much.
    said = withdrawn.items() ^ _withdrawn_of(store, held.position).items()
    _settle(store, _scope(store, held.stream), [*gone, *map(_row, fresh)], {what for what, _ in said})


def add(
    store: Store, held: StoredDocument, logs: Sequence[tuple[Log, int | None]], withdrawn: Sequence[Withdrawn] = ()
) -> None:
    """Write rows of records that were just added, each log with the position of the change that wrote it."""
    _write(store, held, logs, withdrawn)
    _settle(store, _scope(store, held.stream), [_row(log) for log, _ in logs], _marks(withdrawn))


def forget(store: Store, position: int) -> None:
    """Delete the rows of a document."""
    rows, withdrawn = _rows_of(store, position), _withdrawn_of(store, position)
    if rows or withdrawn:
        (stream,) = store.one("SELECT stream FROM documents WHERE position = ?", position) or (None,)
        store.run("DELETE FROM symptom_logs WHERE document = ?", position)
        store.run("DELETE FROM symptom_withdrawn WHERE document = ?", position)
        _settle(store, _scope(store, stream), rows, withdrawn)


def arrived(store: Store, held: StoredDocument, hash: bytes) -> None:
    """What a change that was made here holds has arrived: of several corrections that may decide which one stands."""
    rows = store.all(
        "SELECT l.log, ifnull(l.corrects, l.log), l.mark FROM symptom_logs l JOIN changes c ON c.position = l.change"
        " WHERE l.document = ? AND c.hash = ? AND (l.corrects IS NOT NULL OR l.mark IS NOT NULL)",
        held.position,
        hash,
    )
    _settle(store, _scope(store, held.stream), [_Row(*row) for row in rows], ())


def move(store: Store, position: int, stream: bytes | None) -> None:
    """The document, which was on this device only, is in a stream now."""
    store.run("UPDATE symptoms_standing SET stream = ? WHERE document = ?", stream, position)


def _write(
    store: Store, held: StoredDocument, logs: Sequence[tuple[Log, int | None]], withdrawn: Sequence[Withdrawn]
) -> None:
    scope = _scope(store, held.stream)
    store.run_many(
        "REPLACE INTO symptom_logs (document, log, scope, mark, corrects, batch, change, model)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                held.position,
                log.id.bytes,
                scope,
                _mark(log),
                None if log.corrects is None else log.corrects.bytes,
                None if log.batch is None else log.batch.bytes,
                change,
                _encoder.encode(log),
            )
            for log, change in logs
        ],
    )
    store.run_many(
        "REPLACE INTO symptom_withdrawn (document, scope, what, until) VALUES (?, ?, ?, ?)",
        [(held.position, scope, what, to_micros(one.entered_at)) for one in withdrawn for what in _marks([one])],
    )
    store.run_many(
        "INSERT OR IGNORE INTO symptom_names (name) VALUES (?)",
        [(name_key(name),) for name in {name for log, _ in logs for name in log.values}],
    )


def _settle(store: Store, scope: bytes, rows: Iterable[_Row], withdrawn: Iterable[bytes]) -> None:
    """Determine again what stands of the logs that these rows, and what was withdrawn, are about."""
    touched = list(rows)
    # What was withdrawn is the id of a log or the mark of a key, which nothing else is.
    abouts = {row.about for row in touched} | set(withdrawn)
    marks = {row.mark for row in touched if row.mark is not None} | set(withdrawn)
    for some in _portions(sorted(abouts)):
        marks.update(
            mark
            for (mark,) in store.all(
                f"SELECT DISTINCT mark FROM symptom_logs WHERE log IN ({_qs(some)}) AND scope = ? AND mark IS NOT NULL",  # noqa: S608 - question marks
                *some,
                scope,
            )
        )
    for mark in sorted(marks):
        found = store.all(_OF_MARK, mark, scope, MOST_ALIKE)
        abouts.update(log for (log,) in found)
    groups: dict[object, list[bytes]] = {}
    of = _marks_of(store, scope, abouts)
    for about in sorted(abouts):
        groups.setdefault(of.get(about, about), []).append(about)
    for some_groups in _portions(list(groups.values())):
        _settle_some(store, scope, [about for group in some_groups for about in group])


_ROWS = """
    SELECT l.log, l.document, d.stream, l.change, l.model, c.received_at FROM symptom_logs l
    JOIN documents d ON d.position = l.document LEFT JOIN changes c ON c.position = l.change
"""
_IN_ORDER = " AND l.scope = ? ORDER BY c.received_at IS NULL, c.received_at, l.log, l.document LIMIT ?"
_OF_LOG = _ROWS + "WHERE l.log = ?" + _IN_ORDER
_OF_CORRECTED = _ROWS + "WHERE l.corrects = ?" + _IN_ORDER
_OF_MARK = """
    SELECT l.log FROM symptom_logs l LEFT JOIN changes c ON c.position = l.change
    WHERE l.mark = ? AND l.corrects IS NULL
"""
_OF_MARK += _IN_ORDER


def _settle_some(store: Store, scope: bytes, abouts: Sequence[bytes]) -> None:
    """The same for logs of which all that share a key are there."""
    held: dict[bytes, tuple[int, int | None, bytes | None]] = {}
    records: list[LogRecord] = []
    whats: set[bytes] = set()
    for about in abouts:
        for sql in (_OF_LOG, _OF_CORRECTED):
            for log, position, stream, change, model, received in store.all(sql, about, scope, MOST_ALIKE):
                held.setdefault(log, (position, change, stream))
                record = LogRecord(_log_decoder.decode(model), None if received is None else from_micros(received))
                records.append(record)
                whats.update(_whats(record.log))
    found = standing(records, Gone(_withdrawn(store, scope, whats)))
    for some in _portions(abouts):
        store.run(f"DELETE FROM symptoms_standing WHERE log IN ({_qs(some)}) AND scope = ?", *some, scope)  # noqa: S608 - likewise
    store.run_many(
        "REPLACE INTO symptoms_standing (scope, log, stream, document, change, about, mark, model)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [_standing_row(scope, one, *held[one.log.id.bytes]) for one in found],
    )


def _standing_row(
    scope: bytes, one: Standing, position: int, change: int | None, stream: bytes | None
) -> tuple[object, ...]:
    about = to_micros(one.log.at)
    return scope, one.log.id.bytes, stream, position, change, about, _mark(one.log), _encoder.encode(one)


def _marks_of(store: Store, scope: bytes, abouts: Iterable[bytes]) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for some in _portions(sorted(abouts)):
        rows = store.all(
            f"SELECT log, min(mark) FROM symptom_logs WHERE log IN ({_qs(some)}) AND scope = ? AND mark IS NOT NULL"  # noqa: S608 - likewise
            " GROUP BY log",
            *some,
            scope,
        )
        found.update(dict(rows))
    return found


def _withdrawn(store: Store, scope: bytes, whats: Collection[bytes]) -> Iterator[Withdrawn]:
    for some in _portions(sorted(whats)):
        rows = store.all(
            f"SELECT what, max(until) FROM symptom_withdrawn WHERE what IN ({_qs(some)}) AND scope = ? GROUP BY what",  # noqa: S608 - likewise
            *some,
            scope,
        )
        for what, until in rows:
            yield Withdrawn(UUID(bytes=what), from_micros(until), (UUID(bytes=what),), (what.hex(),))


def _whats(log: Log) -> Iterator[bytes]:
    yield log.id.bytes
    if log.corrects is not None:
        yield log.corrects.bytes
    if log.key is not None:
        yield bytes.fromhex(key_mark(log.key))


def _marks(withdrawn: Iterable[Withdrawn]) -> list[bytes]:
    said = list(withdrawn)
    marks = (mark for one in said for mark in one.keys)
    return [*(id_.bytes for one in said for id_ in one.logs), *map(bytes.fromhex, marks)]


def _withdrawn_of(store: Store, position: int) -> dict[bytes, int]:
    return dict(store.all("SELECT what, until FROM symptom_withdrawn WHERE document = ?", position))


def _rows_of(store: Store, position: int) -> list[_Row]:
    rows = store.all("SELECT log, ifnull(corrects, log), mark FROM symptom_logs WHERE document = ?", position)
    return [_Row(*row) for row in rows]


def _row(log: Log) -> _Row:
    return _Row(log.id.bytes, (log.corrects or log.id).bytes, _mark(log))


def _mark(log: Log) -> bytes | None:
    return None if log.key is None else bytes.fromhex(key_mark(log.key))


def _scope(store: Store, stream: bytes | None) -> bytes:
    row = store.one("SELECT role FROM streams WHERE id = ?", stream)
    return OWN if stream is None or row is None or row[0] == "client" else stream


def _qs(some: Sequence[object]) -> str:
    return ", ".join("?" * len(some))


def _portions(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]


# -- what belongs together ---------------------------------------------------------------------------------------------


def own_records(store: Store, logs: Collection[UUID]) -> dict[UUID, Log]:
    """The client's own records of these logs: they, what shares a key with them, and all corrections."""
    ids = {id_.bytes for id_ in logs}
    marks = sorted(set(_marks_of(store, OWN, ids).values()))
    for some in _portions(marks):
        ids.update(log for (log,) in store.all(f"SELECT log FROM symptom_logs WHERE mark IN ({_qs(some)})", *some))  # noqa: S608 - likewise
    found: dict[UUID, Log] = {}
    for portion in _portions(sorted(ids)):
        for column in ("log", "corrects"):
            rows = store.all(f"SELECT model FROM symptom_logs WHERE {column} IN ({_qs(portion)})", *portion)  # noqa: S608 - likewise
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
            f"SELECT count(*) FROM symptoms_standing WHERE log IN ({_qs(some)}) AND scope = x''",  # noqa: S608 - likewise
            *some,
        )
        for some in _portions(ids)
    )


def corrections_of(store: Store, log: UUID) -> int:
    """How many corrections of an own log there are."""
    return store.number("SELECT count(*) FROM symptom_logs WHERE corrects = ? AND scope = x''", log.bytes)


def documents_of(store: Store, logs: Collection[UUID]) -> list[int]:
    """The positions of the documents that hold these records."""
    found: set[int] = set()
    for some in _portions(sorted(id_.bytes for id_ in logs)):
        rows = store.all(f"SELECT DISTINCT document FROM symptom_logs WHERE log IN ({_qs(some)})", *some)  # noqa: S608 - likewise
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
    for some in _portions(positions):
        for column in ("log", "corrects", "mark"):
            rows = store.all(
                f"SELECT l.model FROM symptom_withdrawn w JOIN symptom_logs l ON l.{column} = w.what"  # noqa: S608 - likewise
                f" JOIN changes c ON c.position = l.change WHERE w.document IN ({_qs(some)}) AND w.scope = x''"
                " AND l.scope = x'' AND c.made_at IS NOT NULL",
                *some,
            )
            records = [_log_decoder.decode(model) for (model,) in rows]
            found.update(record.id for record in records if is_withdrawn(store, record))
    return found


def is_withdrawn(store: Store, log: Log) -> bool:
    """Whether an own log was withdrawn, here or on another device."""
    return Gone(_withdrawn(store, OWN, set(_whats(log)))).has(log)


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
