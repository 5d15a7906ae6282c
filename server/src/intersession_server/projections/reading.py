"""What pages and the HTTP API read: entries, symptom logs and summaries of clients.

Nothing here knows who asks. Whoever calls has decided that, and writes down that it was read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import and_
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from piccolo import columns
from piccolo.custom_types import Combinable
from piccolo.query.functions.aggregate import Count, Max
from piccolo.querystring import QueryString

from intersession_schemas import search_words
from intersession_schemas.documents.diary.sections import Section
from intersession_schemas.documents.diary.symptoms import Log, Number
from intersession_schemas.documents.moments import read_moment
from intersession_schemas.documents.names import name_key, value_of
from intersession_schemas.records.instants import from_micros, to_micros
from intersession_schemas.streams import Kind
from intersession_server.projections import bounded
from intersession_server.projections.read_models import (
    EarlierLogView,
    EntryView,
    FoundEntryView,
    Summary,
    SymptomAnswers,
    SymptomLogView,
)
from intersession_server.projections.searching import text_index
from intersession_server.projections.tables import Entry, Problem, Projected, SymptomLog
from intersession_server.projections.windows import Place, Window
from intersession_server.storage.engine import SerialEngine
from intersession_server.work import effort

MOST_PROBLEMS = 20
_PEOPLE_AT_ONCE = 500
_DAY_MICROS = 24 * 60 * 60 * 1_000_000
_EPOCH = date(1970, 1, 1).toordinal()


_tags = msgspec.json.Decoder(list[str])
_sections = msgspec.json.Decoder(list[Section])
_values = msgspec.json.Decoder(dict[str, Number])
_earlier = msgspec.json.Decoder(list[Log])
_scale = msgspec.json.Decoder(tuple[Number, Number])


async def entries(client: UUID, window: Window) -> tuple[list[EntryView], Place | None]:
    """A client's journal entries, and the place of the last one if there are more after it."""
    conditions = [Entry.client == client, *_conditions(Entry, Entry.document, Entry.local_at, window)]
    texts = (Entry.text, Entry.sections, Entry.tags, Entry.problems)
    rows, cut = await bounded.newest(Entry, conditions, (Entry.moment, Entry.document), texts, window.limit + 1)
    more = cut or len(rows) > window.limit
    rows = rows[: window.limit]
    return [_entry(row) for row in rows], Place(rows[-1]["moment"], rows[-1]["document"]) if more else None


async def entries_of(client: UUID, ids: Sequence[UUID]) -> list[EntryView]:
    """A client's journal entries by id, in that order; without those that have gone."""
    if not ids:
        return []
    rows = await Entry.select().where((Entry.client == client) & Entry.document.is_in(list(ids)))
    found = {row["document"]: row for row in rows}
    return await effort.in_thread(lambda: [_entry(found[id_]) for id_ in ids if id_ in found])


async def search(
    client: UUID, query: str, window: Window, after: str | None = None
) -> tuple[list[FoundEntryView], str | None]:
    """The client's entries that hold every word of `query`, newest first, each with the passage that shows it; and
    where the next page begins. Of `window`, moments bound it, and its place does not count. Raises `InvalidField`.
    """
    runs = search_words.sought(query)
    engine = Entry._meta.db  # noqa: SLF001 - Piccolo tells it nowhere else
    assert isinstance(engine, SerialEngine)
    only = (Kind.JOURNAL_ENTRY,)
    places, following = await text_index.find(engine, client, runs, _instants(window), window.limit, after, only)
    found = [one.id for one in places]
    if not found:
        return [], following
    marks = ", ".join("?" * len(found))
    size = "LENGTH(text) + LENGTH(sections) + LENGTH(tags)"
    sizes = f"SELECT document, {size} AS size FROM entries WHERE document IN ({marks})"  # noqa: S608 - no values
    size_of = {UUID(str(row["document"])): row["size"] for row in await engine.statement(sizes, list(map(str, found)))}
    fits = max(bounded.fitting([size_of.get(id_, 0) for id_ in found]), 1)
    if fits < len(found):
        found, following = found[:fits], await text_index.cursor_of(engine, found[fits - 1])
    of_client = Entry.document.is_in(found) & (Entry.client == client)
    rows = {row["document"]: row for row in await Entry.select().where(of_client)}
    return await effort.in_thread(lambda: [_found(rows[id_], runs) for id_ in found if id_ in rows]), following


def _found(row: dict[str, Any], runs: search_words.Sought) -> FoundEntryView:
    entry = _entry(row)
    shown = search_words.passage(search_words.parts_of(entry.text, entry.sections, entry.tags), runs)
    return FoundEntryView(**msgspec.structs.asdict(entry), snippet=shown.text, spans=list(shown.spans))


def _instants(window: Window) -> tuple[int, int]:
    """From when up to when, in microseconds."""
    since, until = window.since, window.until
    return (
        to_micros(since) if isinstance(since, datetime) else -(2**58),
        to_micros(until) if isinstance(until, datetime) else 2**58,
    )


async def symptom_logs(
    client: UUID, window: Window, name: str | None = None
) -> tuple[list[SymptomLogView], Place | None]:
    """A client's symptom logs, of `name` those that have that symptom, however it is spelled; and the place of the
    last if there are more."""
    name = None if name is None else name_key(name)
    found: list[SymptomLogView] = []
    last: Place | None = None
    while True:
        rows, cut = await _log_rows(client, window, name)
        # In a thread: logs of many values take long enough to hold up the event loop.
        read = await effort.in_thread(lambda given: list(map(_log, given)), rows)
        for row, log in zip(rows, read, strict=True):
            if name is None or value_of(log.values, name) is not None:
                if len(found) == window.limit:
                    return found, last
                found.append(log)
                last = Place(row["moment"], row["id"])
        if not cut and len(rows) <= window.limit:
            return found, None
        if cut and found:
            return found, Place(rows[-1]["moment"], rows[-1]["id"])
        # The database sorts out names roughly. Where that was too rough, go on behind what it gave.
        window = msgspec.structs.replace(window, after=Place(rows[-1]["moment"], rows[-1]["id"]))


async def symptom_answers(client: UUID, window: Window) -> tuple[list[SymptomAnswers], Place | None]:
    """The answers of a client's symptom logs without anything else, and the place of the last if there may be more."""
    table = SymptomLog
    conditions = [table.client == client, *_conditions(table, table.id, table.logged_at, window)]
    engine = table._meta.db  # noqa: SLF001 - Piccolo tells it nowhere else
    asked = QueryString(_ANSWERS, reduce(and_, conditions).querystring, window.limit, bounded.MOST_CHARACTERS)
    rows: list[dict[str, Any]] = await engine.run_querystring(asked)
    found = await effort.in_thread(lambda: list(map(_answers, rows)))
    more = len(rows) == window.limit or sum(len(row["values"]) for row in rows) >= bounded.MOST_CHARACTERS
    return found, Place(rows[-1]["moment"], UUID(rows[-1]["id"])) if more else None


async def symptom_logs_of(client: UUID, ids: Sequence[UUID]) -> list[SymptomLogView]:
    """A client's symptom logs by the ids of their rows, in that order; without those that have gone."""
    if not ids:
        return []
    rows = await SymptomLog.select().where((SymptomLog.client == client) & SymptomLog.id.is_in(list(ids)))
    found = {row["id"]: row for row in rows}
    return await effort.in_thread(lambda: [_log(found[id_]) for id_ in ids if id_ in found])


async def problems(client: UUID) -> tuple[list[str], int]:
    """What arrived of symptom logs and cannot be shown, in words, oldest first; entries name theirs themselves.

    The first `MOST_PROBLEMS`, and how many there are at least: of each further document one is counted.
    """
    of_client = Problem.client == client
    rows = await Problem.select(Problem.problems).where(of_client).order_by(Problem.arrived_at).limit(MOST_PROBLEMS)
    found = [problem for row in rows for problem in _tags.decode(row["problems"])]
    further = max(await Problem.count().where(of_client) - MOST_PROBLEMS, 0)
    return found[:MOST_PROBLEMS], len(found) + further


async def throughs(streams: Sequence[UUID]) -> dict[UUID, int]:
    """Up to which row of the log the read models hold each stream; 0 where nothing has been projected."""
    reached = dict.fromkeys(streams, 0)
    engine = Projected._meta.db  # noqa: SLF001 - Piccolo tells it nowhere else
    assert isinstance(engine, SerialEngine)
    for some in _batches(streams):
        query = f"SELECT stream, through FROM projected WHERE stream IN ({', '.join('?' * len(some))})"  # noqa: S608 - no values
        rows = await engine.statement(query, list(map(str, some)))
        reached.update({row["stream"]: int(row["through"]) for row in rows})
    return reached


async def summaries(clients: Sequence[UUID]) -> dict[UUID, Summary]:
    """What has arrived of each client; an empty summary where nothing has."""
    found = dict.fromkeys(clients, Summary())
    for some in _batches(clients):
        entries, logs = await asyncio.gather(
            _totals(Entry, Entry.written_at, some), _totals(SymptomLog, SymptomLog.logged_at, some)
        )
        for client in {*entries, *logs}:
            found[client] = _summary(entries.get(client), logs.get(client))
    return found


class _Totals(Struct, frozen=True):
    """Of one table and client: how many rows, the last arrival, the newest moment that was written (`local`)."""

    count: int
    arrived: int
    local: datetime | None


async def _totals(table: type[Entry | SymptomLog], local: columns.Text, clients: list[UUID]) -> dict[UUID, _Totals]:
    counted, newest = await asyncio.gather(
        table.select(table.client, Count(), Max(table.arrived_at, alias="arrived"))
        .where(table.client.is_in(clients))
        .group_by(table.client)
        .run(),
        table.select(table.client, Max(table.moment, alias="moment"))
        .where(table.client.is_in(clients) & local.is_not_null())
        .group_by(table.client)
        .run(),
    )
    wanted = {(row["client"], row["moment"]) for row in newest}
    written: dict[UUID, datetime | None] = {}
    if wanted:
        rows = await table.select(table.client, table.moment, local.as_alias("local")).where(
            table.client.is_in([client for client, _ in wanted])
            & table.moment.is_in(list({moment for _, moment in wanted}))
            & local.is_not_null()
        )
        written = {row["client"]: read_moment(row["local"]) for row in rows if (row["client"], row["moment"]) in wanted}
    return {row["client"]: _Totals(row["count"], row["arrived"], written.get(row["client"])) for row in counted}


def _summary(entries: _Totals | None, logs: _Totals | None) -> Summary:
    both = [totals for totals in (entries, logs) if totals is not None]
    return Summary(
        entries=entries.count if entries else 0,
        symptom_logs=logs.count if logs else 0,
        last_written_at=max((totals.local for totals in both if totals.local is not None), default=None),
        last_arrived_at=from_micros(max(totals.arrived for totals in both)),
    )


# --- rows and values --------------------------------------------------------------------------------------------------


async def _log_rows(client: UUID, window: Window, name: str | None) -> tuple[list[dict[str, Any]], bool]:
    conditions = [SymptomLog.client == client, *_conditions(SymptomLog, SymptomLog.id, SymptomLog.logged_at, window)]
    if name is not None:
        conditions.append(SymptomLog.keys.like(_roughly(name)))
    texts = (SymptomLog.values, SymptomLog.note, SymptomLog.earlier)
    return await bounded.newest(SymptomLog, conditions, (SymptomLog.moment, SymptomLog.id), texts, window.limit + 1)


# Columns of a type are converted one by one as they are fetched; years of logs have some ten thousand values. An
# expression has no type.
_ANSWERS = (
    'SELECT "id", "moment", "logged_at", "arrived_at", "late", "values", "scale", "noted", "corrected" FROM ('
    ' SELECT "id" || \'\' AS "id", "moment" + 0 AS "moment", "logged_at", "arrived_at" + 0 AS "arrived_at",'
    ' "late" + 0 AS "late", "values", "scale", "note" <> \'\' AS "noted", "earlier" <> \'[]\' AS "corrected",'
    ' SUM(LENGTH("values")) OVER (ORDER BY "symptom_logs"."moment" DESC, "symptom_logs"."id" DESC'
    ' ROWS UNBOUNDED PRECEDING) - LENGTH("values") AS "before" FROM "symptom_logs" WHERE {}'
    ' ORDER BY "symptom_logs"."moment" DESC, "symptom_logs"."id" DESC LIMIT {}'
    ') WHERE "before" < {}'
)


def _answers(row: dict[str, Any]) -> SymptomAnswers:
    at = read_moment(row["logged_at"])
    assert at is not None
    return SymptomAnswers(
        id=UUID(row["id"]) if row["noted"] or row["corrected"] else None,
        at=at,
        values=_values.decode(row["values"]),
        scale=None if row["scale"] is None else _scale.decode(row["scale"]),
        arrived_at=from_micros(row["arrived_at"]),
        late=bool(row["late"]),
        noted=bool(row["noted"]),
        corrected=bool(row["corrected"]),
    )


def _roughly(name: str) -> str:
    """A LIKE pattern that every text of keys with that one matches, and few others: databases escape unlike."""
    key = msgspec.json.encode(name).decode()
    return "%" + "".join("_" if letter in "%_\\" else letter for letter in key) + "%"


def _conditions(
    table: type[Entry | SymptomLog], id_: columns.UUID, local_at: columns.Text, window: Window
) -> Iterator[Combinable]:
    if (after := window.after) is not None:
        # The first condition says nothing new; it lets the database begin there.
        yield table.moment <= after.moment
        yield (table.moment < after.moment) | (id_ < after.id)
    match window.since:
        case datetime() as moment:
            yield table.moment >= to_micros(moment)
        case date() as day:
            # No clock is a day away from UTC. This too only lets the database begin there, and below end there.
            yield table.moment >= (day.toordinal() - _EPOCH - 1) * _DAY_MICROS
            yield local_at >= _beginning(day, window)
    match window.until:
        case datetime() as moment:
            yield table.moment < to_micros(moment)
        case date() as day:
            if day < date.max:
                yield table.moment < (day.toordinal() - _EPOCH + 3) * _DAY_MICROS
                yield local_at < _beginning(day + timedelta(days=1), window)


def _beginning(day: date, window: Window) -> str:
    """When a local day begins, as texts of local moments begin."""
    return datetime.combine(day, time(window.day_begins)).isoformat(timespec="minutes")


def _entry(row: dict[str, Any]) -> EntryView:
    return EntryView(
        id=row["document"],
        written_at=read_moment(row["written_at"]),
        entered_at=read_moment(row["entered_at"]),
        zone=row["zone"],
        arrived_at=from_micros(row["arrived_at"]),
        changed_by=row["changed_by"],
        changed_at=from_micros(row["changed_at"]),
        late=row["late"],
        mood=row["mood"],
        tags=_tags.decode(row["tags"]),
        text=row["text"],
        sections=_sections.decode(row["sections"]),
        problems=_tags.decode(row["problems"]),
        corrected_at=read_moment(row["corrected_at"]),
        earlier=tuple(at for was in _tags.decode(row["earlier"]) if (at := read_moment(was)) is not None),
    )


def _log(row: dict[str, Any]) -> SymptomLogView:
    logged_at, entered_at = read_moment(row["logged_at"]), read_moment(row["entered_at"])
    assert logged_at is not None
    assert entered_at is not None
    return SymptomLogView(
        id=row["log"],
        at=logged_at,
        zone=row["zone"],
        values=_values.decode(row["values"]),
        scale=None if row["scale"] is None else _scale.decode(row["scale"]),
        note=row["note"],
        entered_at=entered_at,
        arrived_at=from_micros(row["arrived_at"]),
        late=row["late"],
        corrected_at=read_moment(row["corrected_at"]),
        earlier=tuple(
            EarlierLogView(at=was.at, values=was.values, scale=was.scale, note=was.note, entered_at=was.entered_at)
            for was in reversed(_earlier.decode(row["earlier"]))
        ),
    )


def _batches(ids: Sequence[UUID]) -> Iterator[list[UUID]]:
    for start in range(0, len(ids), _PEOPLE_AT_ONCE):
        yield list(ids[start : start + _PEOPLE_AT_ONCE])
