"""Everything about one client in the order of time: journal, symptom logs and the documents of the record, merged.

There is no table of it. Each kind has an index by client and moment, so a page is what the first rows of each come to:
it costs some rows of each kind, however long the history is, and no row has to be kept in step with another.

Nothing here knows who asks, as in `reading`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from uuid import UUID

from intersession_schemas.records.instants import from_micros, to_micros
from intersession_schemas.streams import Kind
from intersession_server.projections import bounded, reading, record_reading
from intersession_server.projections.read_models import EntryView, RecordView, kind_of, subject_of_view
from intersession_server.projections.symptom_logs import log_row
from intersession_server.projections.tables import Entry
from intersession_server.projections.timeline.values import KINDS, Days, NewArrival, TimelineContent, TimelineRow
from intersession_server.projections.windows import Place
from intersession_server.storage.engine import SerialEngine

MOST_COMMENTS = 10
"""Comments that are read with one thing, the newest."""
_FIRST, _LAST = -(2**62), 2**62
_MINE = " AND kind IN ({})".format(", ".join(f"'{kind.value}'" for kind in KINDS))
_DAY = timedelta(days=1)

Direction = Literal["older", "newer"]


async def rows(
    client: UUID,
    kinds: Sequence[Kind],
    now: datetime,
    days: Days,
    limit: int,
    place: Place | None = None,
    direction: Direction = "older",
) -> list[TimelineRow]:
    """At most `limit` rows behind `place`, or before it where newer ones are asked for; the newest first.

    A session that is only planned, for after `now`, is not among them.
    """
    arms, values = [], list[Any]()
    for kind in kinds:
        arm, given = _arm(client, kind, now, days, limit, place, direction)
        arms.append(arm)
        values += given
    order = "ASC" if direction == "newer" else "DESC"
    merged = " UNION ALL ".join(arms)
    query = f"SELECT kind, moment, id FROM ({merged}) ORDER BY moment {order}, id {order} LIMIT ?"  # noqa: S608 - no values
    found = await _engine().statement(query, [*values, limit])
    read = [TimelineRow(Kind(row["kind"]), row["moment"], UUID(str(row["id"]))) for row in found]
    return read[::-1] if direction == "newer" else read


def _arm(
    client: UUID,
    kind: Kind,
    now: datetime,
    days: Days,
    limit: int,
    place: Place | None,
    direction: Direction,
) -> tuple[str, list[Any]]:
    """The first rows of one kind, from its own index."""
    table, id_, local = _TABLES.get(kind, ("records", "document", None))
    conditions, values = ["client = ?"], list[Any]([str(client)])
    if table == "records":
        conditions.append("kind = ?")
        values.append(kind.value)
    if place is not None:
        # The first condition says nothing new; it lets the database begin there.
        below = ("<=", "<") if direction == "older" else (">=", ">")
        conditions.append(f"moment {below[0]} ? AND (moment {below[1]} ? OR {id_} {below[1]} ?)")
        values += [place.moment, place.moment, str(place.id)]
    lowest, highest = _bounds(days, local is not None, now)
    if kind is Kind.SESSION:
        highest = min(highest, to_micros(now))
    conditions.append("moment >= ? AND moment < ?")
    values += [lowest, highest]
    if local is not None and days.since is not None:
        conditions.append(f"{local} >= ?")
        values.append(_beginning(days.since, days))
    if local is not None and days.until is not None:
        conditions.append(f"{local} < ?")
        values.append(_beginning(days.until + _DAY, days))
    order = "ASC" if direction == "newer" else "DESC"
    where = " AND ".join(conditions)
    return (
        f"SELECT * FROM (SELECT '{kind.value}' AS kind, moment, {id_} || '' AS id FROM {table} WHERE {where}"  # noqa: S608 - names
        f" ORDER BY {table}.moment {order}, {table}.{id_} {order} LIMIT ?)"
    ), [*values, limit]


_TABLES = {
    Kind.JOURNAL_ENTRY: ("entries", "document", "local_at"),
    Kind.SYMPTOM_LOG: ("symptom_logs", "id", "logged_at"),
}
"""Table, id, and the column with the writer's local time; of all other kinds `records`, which have none."""


def _bounds(days: Days, has_local: bool, now: datetime) -> tuple[int, int]:
    """The instants of the days on the client's clock; where local times decide, a day more on either side."""
    spare = _DAY if has_local else timedelta(0)
    lowest, highest = _FIRST, _LAST
    if days.since is not None:
        lowest = to_micros(datetime.combine(days.since, time(days.begins), now.tzinfo) - spare)
    if days.until is not None:
        highest = to_micros(datetime.combine(days.until + _DAY, time(days.begins), now.tzinfo) + spare)
    return lowest, highest


def _beginning(day: date, days: Days) -> str:
    return datetime.combine(day, time(days.begins)).isoformat(timespec="minutes")


async def fitting(found: Sequence[TimelineRow]) -> int:
    """How many of these rows have a place in one answer, by the rule of `bounded.newest`; the first always has."""
    if not found:
        return 0
    marks = ", ".join("?" * len(found))
    ids = [str(row.id) for row in found]
    query = (
        f"SELECT document || '' AS id, LENGTH(text) + LENGTH(sections) + LENGTH(tags) AS size FROM entries WHERE document IN ({marks})"  # noqa: S608, E501
        f" UNION ALL SELECT id || '' AS id, LENGTH(\"values\") + LENGTH(note) AS size FROM symptom_logs WHERE id IN ({marks})"  # noqa: E501
        f" UNION ALL SELECT document || '' AS id, LENGTH(model) AS size FROM records WHERE document IN ({marks})"
    )
    sizes = {row["id"]: row["size"] for row in await _engine().statement(query, [*ids, *ids, *ids])}
    return max(bounded.fitting([sizes.get(id_, 0) for id_ in ids]), 1)


async def content(client: UUID, found: Sequence[TimelineRow]) -> TimelineContent:
    """What stands at these places; without what has gone meanwhile."""
    ids = [row.id for row in found]
    of_entries = [row.id for row in found if row.kind is Kind.JOURNAL_ENTRY]
    of_logs = [row.id for row in found if row.kind is Kind.SYMPTOM_LOG]
    entries, logs, records, comments = await asyncio.gather(
        reading.entries_of(client, of_entries),
        reading.symptom_logs_of(client, of_logs),
        record_reading.documents(client, [id_ for id_ in ids if id_ not in {*of_entries, *of_logs}]),
        record_reading.comments_on(client, ids, MOST_COMMENTS),
    )
    about = {id_ for view in records if (id_ := subject_of_view(view)) is not None}
    around, kinds = await subjects(client, list(about))
    return TimelineContent(
        entries={one.id: one for one in entries},
        logs={log_row(client, one.id): one for one in logs},
        records={one.id: one for one in records},
        subjects=around,
        comments=comments,
        kinds=kinds,
    )


async def subjects(client: UUID, ids: Sequence[UUID]) -> tuple[dict[UUID, EntryView | RecordView], dict[UUID, Kind]]:
    """Documents that something is about, and of which kinds they are, by id; without those that have gone."""
    records, entries = await asyncio.gather(record_reading.documents(client, ids), reading.entries_of(client, ids))
    kinds = {one.id: kind_of(one) for one in records} | {one.id: Kind.JOURNAL_ENTRY for one in entries}
    found: dict[UUID, EntryView | RecordView] = {one.id: one for one in records}
    found |= {one.id: one for one in entries}
    return found, kinds


async def arrivals(client: UUID, since: datetime, limit: int) -> list[NewArrival]:
    """What the client wrote that was received after `since`, the last to arrive first."""
    arms = (
        ("'journal_entry'", "document", "entries", ""),
        ("'symptom_log'", "id", "symptom_logs", ""),
        ("kind", "document", "records", _MINE),
    )
    merged = " UNION ALL ".join(
        f"SELECT * FROM (SELECT {kind} AS kind, moment, {id_} || '' AS id, arrived_at FROM {table}"  # noqa: S608 - names
        f" WHERE client = ? AND author = ? AND arrived_at > ?{more} ORDER BY arrived_at DESC LIMIT ?)"
        for kind, id_, table, more in arms
    )
    query = f"SELECT * FROM ({merged}) ORDER BY arrived_at DESC, id DESC LIMIT ?"  # noqa: S608 - no values
    values = [str(client), str(client), to_micros(since), limit]
    found = await _engine().statement(query, [*values * 3, limit])
    return [
        NewArrival(Kind(row["kind"]), row["moment"], UUID(str(row["id"])), from_micros(row["arrived_at"]))
        for row in found
    ]


def _engine() -> SerialEngine:
    engine = Entry._meta.db  # noqa: SLF001 - Piccolo tells it nowhere else
    assert isinstance(engine, SerialEngine)
    return engine
