"""What an overview is made from, read from the read models: no document is made for it, and no diary is read whole.

Of entries and symptom logs it takes when they are of: of the last hundred days on which there were any, which is what
silence is told by, a few days before, and what arrived last. Of the newest weeks it has the values of symptoms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from sqlite3 import Connection
from types import MappingProxyType
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from piccolo.table import Table

from intersession_schemas.documents.care.homework import HomeworkProgress
from intersession_schemas.documents.diary.journal import JournalEntry
from intersession_schemas.documents.diary.symptoms import Bucket, Log, Number
from intersession_schemas.documents.moments import read_moment
from intersession_schemas.measures.material import Cut, Material, material
from intersession_schemas.records.filing import FiledRows, NotAccepted
from intersession_schemas.records.instants import from_micros, to_micros
from intersession_schemas.records.kinds import read_model
from intersession_schemas.streams import Kind
from intersession_server.projections.overviews.overview import (
    LINE_DAYS,
    CountedRows,
    LoggedValues,
    Overview,
    overview_of,
    until_of,
)
from intersession_server.projections.tables import TableSet
from intersession_server.storage.statements import name_of

DIARY_DAYS = timedelta(days=100)
"""More than silence looks back from the last day on which something was written."""
DAYS_BEFORE = 4
LATEST_ARRIVED = 20
MOST_LOGS = 500
_FAR = timedelta(days=2)
"""No clock is so far ahead."""
_DAY_APART = timedelta(hours=36)
"""What is so far apart is of two days."""
_KINDS = (
    Kind.ACKNOWLEDGEMENT, Kind.ASSESSMENT, Kind.EPISODE, Kind.HOMEWORK, Kind.HOMEWORK_PROGRESS, Kind.INSTRUMENT,
    Kind.PLAN, Kind.SESSION,
)  # fmt: skip
_values = msgspec.json.Decoder(dict[str, Number])
_scale = msgspec.json.Decoder(tuple[Number, Number])
_filed = msgspec.json.Decoder(FiledRows)
_aside = msgspec.json.Decoder(tuple[NotAccepted, ...])

Row = dict[str, Any]


class Diary(Struct, frozen=True):
    """Of a table of entries or logs: when rows are of and arrived (`id`, `local`, `arrived`), how many there are, and
    the row that is of the newest moment."""

    rows: list[Row]
    count: int
    newest: Row | None
    arrived: int | None


Read = tuple[UUID, Kind, Any, FiledRows]
"""A document of a record as material is made of it."""


class Held(Struct, frozen=True):
    """A document that was read before, when its rows were `filed` like this."""

    filed: str
    document: Read


class Sources(Struct, frozen=True):
    """What was read, as of the row `through` of a record. `models`: what the documents say that are not `held`."""

    stream: UUID
    client: UUID
    through: int
    records: list[Row]
    models: dict[str, str]
    held: Mapping[str, Held]
    aside: list[str]
    entries: Diary
    logs: Diary
    lately: list[Row]


class MadeOverview(Struct, frozen=True):
    """An overview, as of the row `through`, and until when it is right."""

    through: int
    until: datetime
    overview: Overview


def read(
    connection: Connection,
    tables: TableSet,
    stream: UUID,
    client: UUID,
    now: datetime,
    held: Mapping[str, Held] = MappingProxyType({}),
) -> Sources | None:
    """What the overview of a client is made from; None where nothing of theirs is projected.

    `held` are the documents that were read before: of one that has not changed, nothing but that is read again.
    """
    projected = _all(connection, _THROUGH, tables.projected, stream)
    if not projected:
        return None
    until, since = to_micros(now + _FAR), to_micros(now - timedelta(days=LINE_DAYS + 2))
    kinds = msgspec.json.encode(_KINDS).decode()
    records = _all(connection, _RECORDS, tables.records, client, kinds)
    unread = [row["id"] for row in records if (one := held.get(row["id"])) is None or one.filed != row["filed"]]
    models = _all(connection, _MODELS, tables.records, msgspec.json.encode(unread).decode()) if unread else []
    return Sources(
        stream=stream,
        client=client,
        through=projected[0]["through"],
        records=records,
        models={row["id"]: row["model"] for row in models},
        held=held,
        aside=[row["rows"] for row in _all(connection, _ASIDE, tables.set_aside, client)],
        entries=_diary(connection, tables.entries, _ENTRIES, client, until),
        logs=_diary(connection, tables.symptom_logs, _LOGS, client, until),
        lately=_all(connection, _LATELY, tables.symptom_logs, client, since, until, MOST_LOGS),
    )


def documents(sources: Sources) -> dict[str, Held]:
    """The documents of the record, by id; those that were held are the same objects as before."""
    return {row["id"]: _document(sources, row) for row in sources.records}


def _document(sources: Sources, row: Row) -> Held:
    model = sources.models.get(row["id"])
    if model is None:
        return sources.held[row["id"]]
    kind = Kind(row["kind"])
    return Held(row["filed"], (UUID(row["id"]), kind, read_model(kind, model), _filed.decode(row["filed"])))


def outline(sources: Sources, held: Mapping[str, Held]) -> Material:
    """The material: whole but for the diary, of which it has what is told of a client at a glance."""
    return material(
        [
            *(one.document for one in held.values()),
            *_entries(sources.entries.rows),
            *_buckets(sources.logs.rows),
        ],
        not_accepted=(one for rows in sources.aside for one in _aside.decode(rows)),
    )


def made(sources: Sources, found: Material, now: datetime) -> MadeOverview:
    """The overview as of the moment `now`, of what was read and its `outline`. Pure."""
    local = now.astimezone(_zone(sources, [model for _, model in found.of(Kind.HOMEWORK_PROGRESS, HomeworkProgress)]))
    cut = Cut(heads={str(sources.stream): sources.through}, now=local, zone=str(local.tzinfo))
    lately = [
        LoggedValues(at, _values.decode(row["values"]), None if row["scale"] is None else _scale.decode(row["scale"]))
        for row in sources.lately
        if (at := read_moment(row["logged_at"])) is not None
    ]
    overview = overview_of(found, cut, counted(sources), lately)
    return MadeOverview(sources.through, until_of(found, cut), overview)


_THROUGH = "SELECT through + 0 AS through FROM {table} WHERE stream = ?"
_RECORDS = (
    "SELECT kind, document || '' AS id, filed FROM {table}"
    " WHERE client = ? AND kind IN (SELECT value FROM json_each(?)) AND filed <> ''"
)
_MODELS = "SELECT document || '' AS id, model FROM {table} WHERE document IN (SELECT value FROM json_each(?))"
_ASIDE = "SELECT rows FROM {table} WHERE client = ?"
_LATELY = (
    'SELECT logged_at, "values", scale FROM {table} WHERE client = ? AND moment >= ? AND moment <= ?'
    " ORDER BY moment DESC, id DESC LIMIT ?"
)
_COUNT = "SELECT count(*) AS n FROM {table} WHERE client = ?"
_ENTRIES = (
    "SELECT document || '' AS id, written_at AS local, moment + 0 AS moment, {arrived} + 0 AS arrived FROM {table}"
)
_ENTRIES += " WHERE client = ? AND written_at IS NOT NULL"
_LOGS = "SELECT log || '' AS id, logged_at AS local, moment + 0 AS moment, {arrived} + 0 AS arrived"
_LOGS += " FROM {table} WHERE client = ? AND logged_at IS NOT NULL"
# By the column, of which there is an index: `moment` alone is what is selected, by which all rows were sorted.
_NEWEST = " ORDER BY {table}.moment DESC LIMIT 1"
_NEWEST_BEFORE = " AND moment <= ?" + _NEWEST
_LATEST = " ORDER BY {table}.seq DESC LIMIT ?"
# One an hour of the writer's clock tells on which days something was written.
_EACH_HOUR = " AND moment > ? AND moment <= ? GROUP BY substr(local, 1, 13)"


def _all(
    connection: Connection, query: str, table: type[Table], *values: object, arrived: str = "arrived_at"
) -> list[Row]:
    given = [str(value) if isinstance(value, UUID) else value for value in values]
    return connection.execute(query.format(table=f'"{name_of(table)}"', arrived=arrived), given).fetchall()


def _diary(connection: Connection, table: type[Table], some: str, client: UUID, until: int) -> Diary:
    (count,) = _all(connection, _COUNT, table, client)
    newest = _all(connection, some + _NEWEST, table, client)
    rows = _all(connection, some + _LATEST, table, client, LATEST_ARRIVED)
    last = _all(connection, some + _NEWEST_BEFORE, table, client, until)
    if last:
        first = last[0]["moment"] - to_micros_of(DIARY_DAYS)
        rows += _all(connection, some + _EACH_HOUR, table, client, first, until, arrived="MAX(arrived_at)")
        for _ in range(DAYS_BEFORE):
            before = _all(connection, some + _NEWEST_BEFORE, table, client, first)
            rows += before
            if not before:
                break
            first = before[0]["moment"] - to_micros_of(_DAY_APART)
    arrived = max((row["arrived"] for row in rows), default=None)
    return Diary(rows, count["n"], newest[0] if newest else None, arrived)


def to_micros_of(length: timedelta) -> int:
    """A length of time in microseconds."""
    return length // timedelta(microseconds=1)


def _entries(rows: Sequence[Row]) -> Iterator[tuple[UUID, Kind, Struct, FiledRows]]:
    for id_, at, arrived in _each(rows):
        entry = JournalEntry(at, None, None, "", (), None, ())
        yield id_, Kind.JOURNAL_ENTRY, entry, FiledRows(first_received_at=arrived, last_received_at=arrived)


def _buckets(rows: Sequence[Row]) -> Iterator[tuple[UUID, Kind, Struct, FiledRows]]:
    """The logs as of one document."""
    each = list(_each(rows))
    if each:
        logs = tuple(Log(id=id_, at=at, entered_at=at, values={}) for id_, at, _ in each)
        parts = {str(id_): arrived for id_, _, arrived in each}
        yield UUID(int=0), Kind.SYMPTOM_LOG, Bucket("", logs), FiledRows(parts=parts)


def _each(rows: Sequence[Row]) -> Iterator[tuple[UUID, datetime, datetime]]:
    """Each row once."""
    for row in {row["id"]: row for row in rows}.values():
        at = read_moment(row["local"])
        if at is not None:
            yield UUID(row["id"]), at, from_micros(row["arrived"])


def _zone(sources: Sources, progress: Sequence[HomeworkProgress]) -> Any:
    """What the client's clock was set to when they wrote last, as `record_reading.local_time` has it."""
    found = [read_moment(one.newest["local"]) for one in (sources.entries, sources.logs) if one.newest is not None]
    found += [max((one.done_at for one in progress if one.done_at is not None), default=None)]
    newest = max((at for at in found if at is not None), default=None)
    return newest.tzinfo if newest is not None else UTC


def counted(sources: Sources) -> CountedRows:
    """How much there is of the diary, and when the newest of it was written and arrived."""
    both = (sources.entries, sources.logs)
    written = [read_moment(one.newest["local"]) for one in both if one.newest is not None]
    arrived = [one.arrived for one in both if one.arrived is not None]
    return CountedRows(
        entries=sources.entries.count,
        symptom_logs=sources.logs.count,
        last_written_at=max((at for at in written if at is not None), default=None),
        last_arrived_at=from_micros(max(arrived)) if arrived else None,
    )
