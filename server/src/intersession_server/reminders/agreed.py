"""What reminders are worked out from, read from the read models: a record without its diary, and who wrote lately."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from sqlite3 import Connection
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from intersession_schemas.documents.assessments.assessments import Assessment
from intersession_schemas.documents.assessments.wordings import Wording, asked_of
from intersession_schemas.documents.care.agenda import Done
from intersession_schemas.documents.care.homework import Homework, HomeworkProgress
from intersession_schemas.documents.care.plan import Plan
from intersession_schemas.documents.care.sessions import Session
from intersession_schemas.documents.diary.symptoms import Number
from intersession_schemas.documents.moments import read_moment
from intersession_schemas.documents.names import name_key
from intersession_schemas.instruments.known import INSTRUMENTS
from intersession_schemas.measures.material import Material
from intersession_schemas.records.instants import to_micros
from intersession_schemas.streams import Kind
from intersession_server.projections.projector import Projector
from intersession_server.reminders.moments import Agreed

_LATELY = timedelta(days=3)
"""What is about a local day lies within that of its moment anywhere else: offsets are up to a day apart, and a day."""
_MOST = 2_000
"""So many entries and logs of those days are read."""
_values = msgspec.json.Decoder(dict[str, Number])


class _Written(Struct, frozen=True):
    """When a client wrote lately, by their clock: entries, and logs with their values as JSON."""

    entries: list[str]
    logs: list[tuple[str, str]]


async def read(projector: Projector, stream: UUID, client: UUID, now: datetime) -> Agreed | None:
    """What is agreed with a client, as far as it is projected; None where nothing is. Raises `StorageError`."""
    outline = await projector.overviews.outlines.of(stream, client, now)
    if outline is None:
        return None
    written = await projector.engine.read(lambda connection: _written(connection, client, now))
    return _agreed(outline.material, written)


def _written(connection: Connection, client: UUID, now: datetime) -> _Written:
    since = to_micros(now - _LATELY)
    given: list[Any] = [str(client), since, _MOST]
    entries = connection.execute(_ENTRIES, given).fetchall()
    logs = connection.execute(_LOGS, given).fetchall()
    return _Written([row["at"] for row in entries], [(row["at"], row["said"]) for row in logs])


def _agreed(material: Material, written: _Written) -> Agreed:
    plan = material.plan
    wordings = (asked_of(one) for _, one in material.of(Kind.INSTRUMENT, Wording))
    return Agreed(
        plan=plan,
        homework={filed.id: one for filed, one in material.of(Kind.HOMEWORK, Homework)},
        done=_done(material, plan, written),
        sessions={filed.id: one for filed, one in material.of(Kind.SESSION, Session)},
        askable={key for key, one in INSTRUMENTS.items() if one.wording is not None}
        | {asked[0].key for asked in wordings if asked is not None},
    )


def _done(material: Material, plan: Plan, written: _Written) -> Done:
    """As the client's own device has it (`Tracker.due`), of what is shared."""
    entries: dict[date, list[time]] = {}
    for text in written.entries:
        if (at := read_moment(text)) is not None:
            entries.setdefault(plan.day_of(at), []).append(at.time())
    logs: dict[str, dict[date, list[time]]] = {}
    for text, said in written.logs:
        if (at := read_moment(text)) is not None:
            for name in _values.decode(said):
                logs.setdefault(name_key(name), {}).setdefault(plan.day_of(at), []).append(at.time())
    homework: dict[UUID, set[str]] = {}
    for _, one in material.of(Kind.HOMEWORK_PROGRESS, HomeworkProgress):
        if one.homework is not None:
            homework.setdefault(one.homework, set()).add(one.occurrence)
    assessments: dict[str, set[str]] = {}
    for _, answered in material.of(Kind.ASSESSMENT, Assessment):
        if answered.completions and answered.schedule:
            assessments.setdefault(answered.schedule, set()).add(answered.occurrence)
    return Done(entries=entries, logs=logs, homework=homework, assessments=assessments)


_ENTRIES = (
    "SELECT written_at AS at FROM entries"
    " WHERE client = ? AND moment >= ? AND written_at IS NOT NULL ORDER BY moment DESC LIMIT ?"
)
_LOGS = (
    'SELECT logged_at AS at, "values" AS said FROM symptom_logs'
    " WHERE client = ? AND moment >= ? ORDER BY moment DESC LIMIT ?"
)
