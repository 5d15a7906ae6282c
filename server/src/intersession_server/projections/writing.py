"""Puts the read-model rows of documents into a set of tables.

What is written with a document runs on the engine's own connection, inside one transaction (`SerialEngine.in_one`).
"""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Connection
from typing import Any
from uuid import UUID

from piccolo.table import Table

from intersession_server.projections.documents import DocumentRows, ProjectedRow
from intersession_server.projections.searching import text_index
from intersession_server.projections.symptom_logs import LogMove, note_text, stands
from intersession_server.projections.tables import LIVE, REBUILT, SymptomRecord, SymptomWithdrawn, TableSet
from intersession_server.storage.engine import SerialEngine
from intersession_server.storage.statements import delete_all, insert, select_all

_DELETED_AT_ONCE = 2_000


def write(connection: Connection, tables: TableSet, documents: Sequence[DocumentRows]) -> None:
    """Make what the tables hold of these documents what is given."""
    entries = [rows.entry for rows in documents if rows.entry is not None]
    records = [rows.record for rows in documents if rows.record is not None]
    buckets = [rows for rows in documents if rows.is_bucket]
    # A document keeps its kind, so it has rows in the tables of that kind alone, unless it has none at all any more.
    kept = ("entry", "record", "note")
    gone = [rows for rows in documents if not rows.is_bucket and all(getattr(rows, one) is None for one in kept)]
    for table in (tables.entries, tables.problems, tables.records, tables.chart_notes):
        delete_all(connection, table, "document", [rows.document for rows in gone])
    aside = [rows.set_aside for rows in documents if rows.set_aside is not None]
    may_be_aside = [*gone, *(rows for rows in documents if rows.record is not None)]
    delete_all(
        connection, tables.set_aside, "document", [one.document for one in may_be_aside if one.set_aside is None]
    )
    insert(connection, tables.set_aside, aside)
    delete_all(connection, tables.problems, "document", [rows.document for rows in buckets if rows.only is None])
    insert(connection, tables.entries, entries)
    insert(connection, tables.records, records)
    insert(connection, tables.chart_notes, [rows.note for rows in documents if rows.note is not None])
    insert(connection, tables.problems, [rows.problem for rows in buckets if rows.problem is not None])
    logs = [*buckets, *gone]
    touched = [
        *_write_records(connection, tables.symptom_records, logs),
        *_write_withdrawn(connection, tables.symptom_withdrawn, logs),
    ]
    texts = [rows.shown for rows in documents if rows.shown is not None]
    silent = [rows.document for rows in documents if rows.shown is None and not rows.is_bucket]
    if touched:
        old, standing = stands(connection, tables, touched)
        delete_all(connection, tables.symptom_logs, "id", old)
        insert(connection, tables.symptom_logs, standing)
        noted = [found for row in standing if (found := note_text(row)) is not None]
        texts += noted
        silent += {*old, *(row.id for row in standing)} - {one.id for one in noted}
    text_index.write(connection, _index_of(tables), silent, texts)


def _index_of(tables: TableSet) -> text_index.Index:
    return text_index.LIVE if tables is LIVE else text_index.REBUILT


def _write_records(
    connection: Connection, table: type[SymptomRecord], documents: Sequence[DocumentRows]
) -> list[LogMove]:
    """Only what differs: a bucket holds a month of logs, and mostly one of them is new. Gives what differed."""
    # The row that brought a log says which value it has: two rows never bring the same one.
    columns = "id", "client", "log", "corrects", "mark", "seq"
    held = _held(connection, table, columns, documents)
    wanted = {record.id: record for rows in documents for record in rows.symptom_records}
    old = [row for id_, row in held.items() if id_ not in wanted or wanted[id_].seq != row["seq"]]
    new = [record for id_, record in wanted.items() if id_ not in held or held[id_]["seq"] != record.seq]
    delete_all(connection, table, "id", [row["id"] for row in old])
    insert(connection, table, new)
    return [
        *(LogMove(row["client"], row["corrects"] or row["log"], row["mark"]) for row in old),
        *(LogMove(record.client, record.corrects or record.log, record.mark) for record in new),
    ]


def _write_withdrawn(
    connection: Connection, table: type[SymptomWithdrawn], documents: Sequence[DocumentRows]
) -> list[LogMove]:
    held = _held(connection, table, ("id", "client", "what", "until"), documents)
    wanted = {one.id: one for rows in documents for one in rows.symptom_withdrawn}
    old = {id_: row for id_, row in held.items() if id_ not in wanted or wanted[id_].until != row["until"]}
    delete_all(connection, table, "id", list(old))
    new = [one for id_, one in wanted.items() if id_ not in held or id_ in old]
    insert(connection, table, new)
    whats = [(row["client"], row["what"]) for row in old.values()]
    return [_of_withdrawn(client, what) for client, what in (*whats, *((one.client, one.what) for one in new))]


def _held(
    connection: Connection, table: type[Table], columns: Sequence[str], documents: Sequence[DocumentRows]
) -> dict[UUID, dict[str, Any]]:
    """The rows that a table has of these documents, or of those parts of them that are given, by their ids."""
    whole = [rows.document for rows in documents if rows.only is None]
    parts = [id_ for rows in documents if rows.only is not None for id_ in rows.only]
    found = select_all(connection, table, columns, "document", whole) + select_all(
        connection, table, columns, "id", parts
    )
    return {row["id"]: row for row in found}


def _of_withdrawn(client: UUID, what: str) -> LogMove:
    return LogMove(client, UUID(what)) if "-" in what else LogMove(client, client, what)


def write_through(connection: Connection, tables: TableSet, stream: UUID, client: UUID, through: int) -> None:
    """Note how far a stream is projected."""
    insert(connection, tables.projected, [ProjectedRow(stream, client, through)])


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
