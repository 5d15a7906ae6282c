"""Which symptom logs stand (`symptom_history`), as rows: worked out again for those that a new record is about.

A record changes what stands of the logs that it shares an id or a key with, and of no others. Logs of different people
never meet: each client's are a `scope` of their own on a therapist's device. Functions work on an open store; those
that write, inside a transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

import msgspec
from msgspec import Struct

from intersession_schemas.documents.diary.symptom_history import MOST_ALIKE, Gone, LogRecord, Standing, standing
from intersession_schemas.documents.diary.symptoms import Log, Withdrawn, key_mark
from intersession_schemas.records.instants import from_micros, to_micros

if TYPE_CHECKING:
    from intersession.store.store import Store

_AT_ONCE = 200

_encoder = msgspec.json.Encoder()
_log_decoder = msgspec.json.Decoder(Log)
T = TypeVar("T")


class LogRow(Struct, frozen=True):
    """A record as its row has it: the log that it is about, and what stands for its key."""

    id: bytes
    about: bytes
    mark: bytes | None


def settle(store: Store, scope: bytes, rows: Iterable[LogRow], withdrawn: Iterable[bytes]) -> None:
    """Determine again what stands of the logs that these rows, and what was withdrawn, are about."""
    touched, gone = list(rows), sorted(set(withdrawn))
    # What was withdrawn is the id of a log or the mark of a key, which nothing else is.
    abouts = {row.about for row in touched}.union(gone)
    marks = {row.mark for row in touched if row.mark is not None}.union(gone)
    for what in gone:  # no app withdraws a correction by itself, or gives it a key, but where that is said it counts
        for sql in (_CORRECTED_BY, _CORRECTED_WITH):
            abouts.update(log for (log,) in store.all(sql, what, scope, MOST_ALIKE))
    for some in portions(sorted(abouts)):
        marks.update(
            mark
            for (mark,) in store.all(
                f"SELECT DISTINCT mark FROM symptom_logs WHERE log IN ({qs(some)}) AND scope = ? AND mark IS NOT NULL",  # noqa: S608 - question marks
                *some,
                scope,
            )
        )
    for mark in sorted(marks):
        found = store.all(_OF_MARK, mark, scope, MOST_ALIKE)
        abouts.update(log for (log,) in found)
    groups: dict[object, list[bytes]] = {}
    of = marks_of(store, scope, abouts)
    for about in sorted(abouts):
        groups.setdefault(of.get(about, about), []).append(about)
    for some_groups in portions(list(groups.values())):
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
_CORRECTED_BY = "SELECT corrects FROM symptom_logs WHERE log = ? AND corrects IS NOT NULL AND scope = ? LIMIT ?"
_CORRECTED_WITH = "SELECT corrects FROM symptom_logs WHERE mark = ? AND corrects IS NOT NULL AND scope = ? LIMIT ?"


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
                whats.update(names_of(record.log))
    found = standing(records, Gone(withdrawn_as(store, scope, whats)))
    for some in portions(abouts):
        store.run(f"DELETE FROM symptoms_standing WHERE log IN ({qs(some)}) AND scope = ?", *some, scope)  # noqa: S608 - likewise
    store.run_many(
        "REPLACE INTO symptoms_standing (scope, log, stream, document, change, about, mark, model)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [_standing_row(scope, one, *held[one.log.id.bytes]) for one in found],
    )


def _standing_row(
    scope: bytes, one: Standing, position: int, change: int | None, stream: bytes | None
) -> tuple[object, ...]:
    about = to_micros(one.log.at)
    return scope, one.log.id.bytes, stream, position, change, about, mark_of(one.log), _encoder.encode(one)


def marks_of(store: Store, scope: bytes, abouts: Iterable[bytes]) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for some in portions(sorted(abouts)):
        rows = store.all(
            f"SELECT log, min(mark) FROM symptom_logs WHERE log IN ({qs(some)}) AND scope = ? AND mark IS NOT NULL"  # noqa: S608 - likewise
            " GROUP BY log",
            *some,
            scope,
        )
        found.update(dict(rows))
    return found


def withdrawn_as(store: Store, scope: bytes, whats: Collection[bytes]) -> Iterator[Withdrawn]:
    for some in portions(sorted(whats)):
        rows = store.all(
            f"SELECT what, max(until) FROM symptom_withdrawn WHERE what IN ({qs(some)}) AND scope = ? GROUP BY what",  # noqa: S608 - likewise
            *some,
            scope,
        )
        for what, until in rows:
            yield Withdrawn(UUID(bytes=what), from_micros(until), (UUID(bytes=what),), (what.hex(),))


def names_of(log: Log) -> Iterator[bytes]:
    yield log.id.bytes
    if log.corrects is not None:
        yield log.corrects.bytes
    if log.key is not None:
        yield bytes.fromhex(key_mark(log.key))


def marks_in(withdrawn: Iterable[Withdrawn]) -> list[bytes]:
    said = list(withdrawn)
    marks = (mark for one in said for mark in one.keys)
    return [*(id_.bytes for one in said for id_ in one.logs), *map(bytes.fromhex, marks)]


def row_of(log: Log) -> LogRow:
    return LogRow(log.id.bytes, (log.corrects or log.id).bytes, mark_of(log))


def mark_of(log: Log) -> bytes | None:
    return None if log.key is None else bytes.fromhex(key_mark(log.key))


def qs(some: Sequence[object]) -> str:
    return ", ".join("?" * len(some))


def portions(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]
