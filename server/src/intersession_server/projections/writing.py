"""Puts the read-model rows of documents into a set of tables. Called inside a transaction of the caller."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import astuple
from piccolo.table import Table

from intersession_server.projections import text_index
from intersession_server.projections.documents import DocumentRows
from intersession_server.projections.symptom_logs import LogMove, stands
from intersession_server.projections.tables import LIVE, REBUILT, SymptomRecord, SymptomWithdrawn, TableSet
from intersession_server.storage.engine import SerialEngine

T = TypeVar("T")

_AT_ONCE = 500
"""Documents of one statement: the number of its values has a bound."""
_DELETED_AT_ONCE = 2_000


async def write(engine: SerialEngine, tables: TableSet, documents: Sequence[DocumentRows]) -> None:
    """Make what the tables hold of these documents what is given."""
    for some in _batches([rows.document for rows in documents]):
        await tables.entries.delete().where(tables.entries.document.is_in(some))
        await tables.problems.delete().where(tables.problems.document.is_in(some))
        await tables.records.delete().where(tables.records.document.is_in(some))
    await _insert(engine, tables.entries, (rows.entry for rows in documents if rows.entry is not None))
    await _insert(engine, tables.problems, (rows.problem for rows in documents if rows.problem is not None))
    await _insert(engine, tables.records, (rows.record for rows in documents if rows.record is not None))
    touched = [
        *await _write_records(engine, tables.symptom_records, documents),
        *await _write_withdrawn(engine, tables.symptom_withdrawn, documents),
    ]
    if touched:
        gone, logs = await stands(tables, touched)
        for some in _batches(gone):
            await tables.symptom_logs.delete().where(tables.symptom_logs.id.is_in(some))
        await _insert(engine, tables.symptom_logs, logs)
    await text_index.write(engine, _index_of(tables), documents)


def _index_of(tables: TableSet) -> text_index.Index:
    return text_index.LIVE if tables is LIVE else text_index.REBUILT


async def _write_records(
    engine: SerialEngine, table: type[SymptomRecord], documents: Sequence[DocumentRows]
) -> list[LogMove]:
    """Only what differs: a bucket holds a month of logs, and mostly one of them is new. Gives what differed."""
    # The row that brought a log says which value it has: two rows never bring the same one.
    held: dict[UUID, dict[str, Any]] = {}
    columns = table.id, table.client, table.log, table.corrects, table.mark, table.seq
    for some in _batches([rows.document for rows in documents]):
        found = await table.select(*columns).where(table.document.is_in(some))
        held.update({row["id"]: row for row in found})
    wanted = {record.id: record for rows in documents for record in rows.symptom_records}
    old = [row for id_, row in held.items() if id_ not in wanted or wanted[id_].seq != row["seq"]]
    new = [record for id_, record in wanted.items() if id_ not in held or held[id_]["seq"] != record.seq]
    for some in _batches([row["id"] for row in old]):
        await table.delete().where(table.id.is_in(some))
    await _insert(engine, table, new)
    return [
        *(LogMove(row["client"], row["corrects"] or row["log"], row["mark"]) for row in old),
        *(LogMove(record.client, record.corrects or record.log, record.mark) for record in new),
    ]


async def _write_withdrawn(
    engine: SerialEngine, table: type[SymptomWithdrawn], documents: Sequence[DocumentRows]
) -> list[LogMove]:
    held: dict[UUID, dict[str, Any]] = {}
    for some in _batches([rows.document for rows in documents]):
        found = await table.select(table.id, table.client, table.what, table.until).where(table.document.is_in(some))
        held.update({row["id"]: row for row in found})
    wanted = {one.id: one for rows in documents for one in rows.symptom_withdrawn}
    old = {id_: row for id_, row in held.items() if id_ not in wanted or wanted[id_].until != row["until"]}
    for some in _batches(old):
        await table.delete().where(table.id.is_in(some))
    new = [one for id_, one in wanted.items() if id_ not in held or id_ in old]
    await _insert(engine, table, new)
    whats = [(row["client"], row["what"]) for row in old.values()]
    return [_of_withdrawn(client, what) for client, what in (*whats, *((one.client, one.what) for one in new))]


def _of_withdrawn(client: UUID, what: str) -> LogMove:
    return LogMove(client, UUID(what)) if "-" in what else LogMove(client, client, what)


async def _insert(engine: SerialEngine, table: type[Table], rows: Iterable[Struct]) -> None:
    """Not by Piccolo's own insert, which makes an object of every row and looks at every value of it: dozens of rows
    would hold up the event loop."""
    given = list(rows)
    if given:
        fields = type(given[0]).__struct_fields__
        names = ", ".join(f'"{table._meta.get_column_by_name(name)._meta.db_column_name}"' for name in fields)  # noqa: SLF001 - as below
        marks = ", ".join("?" * len(fields))
        insert = f'INSERT INTO "{table._meta.tablename}" ({names}) VALUES ({marks})'  # noqa: S608, SLF001 - names, no values
        await engine.many(insert, [astuple(row) for row in given])


async def write_through(tables: TableSet, stream: UUID, client: UUID, through: int) -> None:
    """Note how far a stream is projected."""
    table = tables.projected
    await table.insert(table(stream=stream, client=client, through=through)).on_conflict(
        target=table.stream, action="DO UPDATE", values=[table.through]
    )


async def through_of(tables: TableSet, stream: UUID) -> int:
    """How far a stream is projected; 0 when it has not been begun."""
    row = await tables.projected.select(tables.projected.through).where(tables.projected.stream == stream).first()
    return 0 if row is None else int(row["through"])


async def throughs(tables: TableSet) -> dict[UUID, int]:
    """How far every stream that was begun is projected."""
    rows = await tables.projected.select(tables.projected.stream, tables.projected.through)
    return {row["stream"]: int(row["through"]) for row in rows}


async def empty(engine: SerialEngine, tables: TableSet) -> None:
    """Delete every row, some at a time, so that whoever reads meanwhile does not wait long."""
    for table in tables:
        # Piccolo tells a table's names nowhere else.
        name, key = table._meta.tablename, table._meta.primary_key._meta.db_column_name  # noqa: SLF001
        some = f'DELETE FROM "{name}" WHERE "{key}" IN (SELECT "{key}" FROM "{name}" LIMIT {_DELETED_AT_ONCE})'  # noqa: S608
        while await table.exists():
            await engine.statement(some, [])
    await text_index.empty(engine, _index_of(tables), _DELETED_AT_ONCE)


async def empty_wal(engine: SerialEngine) -> bool:
    """Write the write-ahead log into the file and empty it: what was deleted is still in there. False: not yet.

    A reader elsewhere may be in the way for a while; then call it again.
    """
    (row,) = await engine.statement("PRAGMA wal_checkpoint(TRUNCATE)", [])
    return bool(row["busy"] == 0)


async def take_over(engine: SerialEngine) -> None:
    """Put what a rebuild has made in the place of what is read, in one transaction; the two change places."""
    async with engine.transaction():
        pairs = [(live._meta.tablename, rebuilt._meta.tablename) for live, rebuilt in zip(LIVE, REBUILT, strict=True)]  # noqa: SLF001
        for live, rebuilt in (*pairs, *zip(text_index.LIVE, text_index.REBUILT, strict=True)):
            for before, after in ((live, "changing_places"), (rebuilt, live), ("changing_places", rebuilt)):
                await engine.statement(f'ALTER TABLE "{before}" RENAME TO "{after}"', [])
        await text_index.taken_over(engine)


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    remaining = iter(items)
    while batch := list(islice(remaining, _AT_ONCE)):
        yield batch
