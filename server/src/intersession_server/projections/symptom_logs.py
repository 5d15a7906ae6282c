"""Which symptom logs of a client stand, kept up as their records come in: one row for each, as it was last corrected.

A record changes what stands of the logs that it shares an id or a key with, and of no others, so only those are looked
at again (`symptom_history`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from sqlite3 import Connection
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct

from intersession_schemas import search_words
from intersession_schemas.documents.diary.symptom_history import MOST_ALIKE, Gone, LogRecord, Standing, standing
from intersession_schemas.documents.diary.symptoms import Log, Withdrawn, key_mark
from intersession_schemas.documents.moments import is_late, moment_text
from intersession_schemas.documents.names import name_key
from intersession_schemas.records.instants import from_micros, to_micros
from intersession_schemas.streams import Kind
from intersession_server.projections.searching.words import ShownText
from intersession_server.storage.statements import name_of, portions

if TYPE_CHECKING:
    from intersession_server.projections.tables import TableSet

_decoder = msgspec.json.Decoder(Log)


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


def stands(
    connection: Connection, tables: TableSet, touched: Iterable[LogMove]
) -> tuple[list[UUID], list[SymptomLogRow]]:
    """What stands of the logs that were touched: the ids of rows to delete, and the rows to write in their place."""
    by_client: dict[UUID, list[LogMove]] = {}
    for one in touched:
        by_client.setdefault(one.client, []).append(one)
    gone: list[UUID] = []
    rows: list[SymptomLogRow] = []
    for client, some in by_client.items():
        logs = _with_keys(connection, tables, client, some)
        gone += [log_row(client, log) for log in sorted(logs)]
        rows += _of(connection, tables, client, logs)
    return gone, rows


def _with_keys(connection: Connection, tables: TableSet, client: UUID, touched: Sequence[LogMove]) -> set[UUID]:
    """The logs that these are about, and those that share a key with one of them."""
    table = name_of(tables.symptom_records)
    logs, marks = {one.about for one in touched}, {one.mark for one in touched if one.mark is not None}
    for some in portions(sorted(logs)):
        select = f'SELECT mark FROM "{table}" WHERE client = ? AND log IN ({_marks(some)}) AND mark IS NOT NULL'  # noqa: S608 - names, no values
        marks.update(row["mark"] for row in connection.execute(select, (client, *some)))
    for mark in sorted(marks):
        alike = f'SELECT log FROM "{table}" WHERE client = ? AND mark = ? ORDER BY arrived_at, log LIMIT ?'  # noqa: S608 - likewise
        logs.update(row["log"] for row in connection.execute(alike, (client, mark, MOST_ALIKE)))
    return logs


def _of(connection: Connection, tables: TableSet, client: UUID, logs: set[UUID]) -> list[SymptomLogRow]:
    held: dict[UUID, dict[str, Any]] = {}
    records: list[LogRecord] = []
    whats: set[str] = set()
    for row in _rows_of(connection, tables, client, logs):
        log = _decoder.decode(row["model"])
        held.setdefault(log.id, row)
        records.append(LogRecord(log, from_micros(row["arrived_at"])))
        whats.update(str(id_) for id_ in (log.id, log.corrects) if id_ is not None)
        whats.update(() if log.key is None else (key_mark(log.key),))
    gone = Gone(_withdrawn(connection, tables, client, whats))
    return [_row(client, one, held[one.log.id]) for one in standing(records, gone)]


def _rows_of(connection: Connection, tables: TableSet, client: UUID, logs: set[UUID]) -> list[dict[str, Any]]:
    """The records of these logs and their corrections, of each no more than count, by when they arrived."""
    table = name_of(tables.symptom_records)
    found: list[dict[str, Any]] = []
    for portion in portions(sorted(logs)):
        for column in ("log", "corrects"):
            of_these = f'FROM "{table}" WHERE client = ? AND {column} IN'
            counting = f"SELECT {column} AS about, count(*) AS count {of_these} ({_marks(portion)}) GROUP BY {column}"
            counts = connection.execute(counting, (client, *portion)).fetchall()
            few = [row["about"] for row in counts if row["count"] <= MOST_ALIKE]
            many = [[row["about"]] for row in counts if row["count"] > MOST_ALIKE]
            for some in [few, *many] if few else many:
                rows = f"SELECT * {of_these} ({_marks(some)}) ORDER BY arrived_at, log, document LIMIT ?"
                most = -1 if some is few else MOST_ALIKE
                found += connection.execute(rows, (client, *some, most)).fetchall()
    return sorted(found, key=lambda row: (row["arrived_at"], row["seq"], row["document"]))


def _withdrawn(connection: Connection, tables: TableSet, client: UUID, whats: set[str]) -> list[Withdrawn]:
    table = name_of(tables.symptom_withdrawn)
    found = []
    for some in portions(sorted(whats)):
        select = f'SELECT what, until FROM "{table}" WHERE client = ? AND what IN ({_marks(some)})'  # noqa: S608 - likewise
        for row in connection.execute(select, (client, *some)):
            what, until = row["what"], from_micros(row["until"])
            logs, keys = ((UUID(what),), ()) if "-" in what else ((), (what,))
            found.append(Withdrawn(client, until, logs, keys))
    return found


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _row(client: UUID, one: Standing, first: dict[str, Any]) -> SymptomLogRow:
    log, arrived = one.log, one.arrived_at or from_micros(first["arrived_at"])
    return SymptomLogRow(
        id=log_row(client, log.id),
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


def note_text(row: SymptomLogRow) -> ShownText | None:
    """The words that a log is found by: those of its note, where it has one."""
    words = search_words.indexed([row.note])
    return ShownText(row.id, row.client, Kind.SYMPTOM_LOG, row.moment, words) if words else None


def log_row(client: UUID, log: UUID) -> UUID:
    """The id of a log's row: two clients may have logs of one id."""
    return uuid5(client, str(log))


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
