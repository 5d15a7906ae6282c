"""Which symptom logs of a client stand, kept up as their records come in: one row for each, as it was last corrected.

A record changes what stands of the logs that it shares an id or a key with, and of no others, so only those are looked
at again (`symptom_history`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct
from piccolo.query.functions.aggregate import Count

from intersession_schemas.documents.diary.symptom_history import MOST_ALIKE, Gone, LogRecord, Standing, standing
from intersession_schemas.documents.diary.symptoms import Log, Withdrawn, key_mark
from intersession_schemas.documents.moments import is_late, moment_text
from intersession_schemas.documents.names import name_key
from intersession_schemas.records.instants import from_micros, to_micros

if TYPE_CHECKING:
    from intersession_server.projections.tables import TableSet

_AT_ONCE = 200
_decoder = msgspec.json.Decoder(Log)
T = TypeVar("T")


class LogMove(Struct, frozen=True):
    """What came or went: a record of the log `about`, with the mark of its key; or what was withdrawn."""

    client: UUID
    about: UUID
    mark: str | None = None


class SymptomLogRow(Struct, frozen=True):
    """A row of `symptom_logs`."""

    id: UUID
    document: UUID
    log: UUID
    stream: UUID
    client: UUID
    author: UUID
    seq: int
    moment: int
    logged_at: str
    entered_at: str
    zone: str | None
    arrived_at: int
    late: bool
    values: str
    keys: str
    scale: str | None
    note: str
    corrected_at: str | None
    earlier: str


async def stands(tables: TableSet, touched: Iterable[LogMove]) -> tuple[list[UUID], list[SymptomLogRow]]:
    """What stands of the logs that were touched: the ids of rows to delete, and the rows to write in their place."""
    by_client: dict[UUID, list[LogMove]] = {}
    for one in touched:
        by_client.setdefault(one.client, []).append(one)
    gone: list[UUID] = []
    rows: list[SymptomLogRow] = []
    for client, some in by_client.items():
        logs = await _with_keys(tables, client, some)
        for portion in _portions(sorted(logs)):
            gone += [_id(client, log) for log in portion]
        rows += await _of(tables, client, logs)
    return gone, rows


async def _with_keys(tables: TableSet, client: UUID, touched: Sequence[LogMove]) -> set[UUID]:
    """The logs that these are about, and those that share a key with one of them."""
    table = tables.symptom_records
    logs, marks = {one.about for one in touched}, {one.mark for one in touched if one.mark is not None}
    for portion in _portions(sorted(logs)):
        rows = await table.select(table.mark).where(
            (table.client == client) & table.log.is_in(list(portion)) & table.mark.is_not_null()
        )
        marks.update(row["mark"] for row in rows)
    for mark in sorted(marks):
        alike = table.select(table.log).where((table.client == client) & (table.mark == mark))
        rows = await alike.order_by(table.arrived_at, table.log).limit(MOST_ALIKE)
        logs.update(row["log"] for row in rows)
    return logs


async def _of(tables: TableSet, client: UUID, logs: set[UUID]) -> list[SymptomLogRow]:
    held: dict[UUID, dict[str, Any]] = {}
    records: list[LogRecord] = []
    whats: set[str] = set()
    for row in await _rows_of(tables, client, logs):
        log = _decoder.decode(row["model"])
        held.setdefault(log.id, row)
        records.append(LogRecord(log, from_micros(row["arrived_at"])))
        whats.update(str(id_) for id_ in (log.id, log.corrects) if id_ is not None)
        whats.update(() if log.key is None else (key_mark(log.key),))
    gone = Gone([one async for one in _withdrawn(tables, client, whats)])
    return [_row(client, one, held[one.log.id]) for one in standing(records, gone)]


async def _rows_of(tables: TableSet, client: UUID, logs: set[UUID]) -> list[dict[str, Any]]:
    """The records of these logs and their corrections, of each no more than count, by when they arrived."""
    table = tables.symptom_records
    found: list[dict[str, Any]] = []
    for portion in _portions(sorted(logs)):
        for column in (table.log, table.corrects):
            of_these = (table.client == client) & column.is_in(list(portion))
            counts = await table.select(column, Count()).where(of_these).group_by(column)
            name = column._meta.name  # noqa: SLF001 - Piccolo tells it nowhere else
            many = [row[name] for row in counts if row["count"] > MOST_ALIKE]
            few = [row[name] for row in counts if row["count"] <= MOST_ALIKE]
            for some in ([few] if few else []) + [[one] for one in many]:
                wanted = table.select().where((table.client == client) & column.is_in(some))
                wanted = wanted.order_by(table.arrived_at, table.log, table.document)
                found += await (wanted.limit(MOST_ALIKE) if some is not few else wanted)
    return sorted(found, key=lambda row: (row["arrived_at"], row["seq"], row["document"]))


async def _withdrawn(tables: TableSet, client: UUID, whats: set[str]) -> Any:
    table = tables.symptom_withdrawn
    for portion in _portions(sorted(whats)):
        rows = await table.select(table.what, table.until).where(
            (table.client == client) & table.what.is_in(list(portion))
        )
        for row in rows:
            what, until = row["what"], from_micros(row["until"])
            logs, keys = ((UUID(what),), ()) if "-" in what else ((), (what,))
            yield Withdrawn(client, until, logs, keys)


def _row(client: UUID, one: Standing, first: dict[str, Any]) -> SymptomLogRow:
    log, arrived = one.log, one.arrived_at or from_micros(first["arrived_at"])
    return SymptomLogRow(
        id=_id(client, log.id),
        document=first["document"],
        log=log.id,
        stream=first["stream"],
        client=client,
        author=first["author"],
        seq=first["seq"],
        moment=to_micros(log.at),
        logged_at=moment_text(log.at),
        entered_at=moment_text(log.entered_at),
        zone=log.zone,
        arrived_at=to_micros(arrived),
        late=is_late(log.at, arrived),
        values=_json(log.values),
        keys=_json([name_key(name) for name in log.values]),
        scale=None if log.scale is None else _json(log.scale),
        note=log.note,
        corrected_at=None if one.corrected_at is None else moment_text(one.corrected_at),
        earlier=_json(one.earlier),
    )


def _id(client: UUID, log: UUID) -> UUID:
    """Two clients may have logs of one id."""
    return uuid5(client, str(log))


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _portions(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]
