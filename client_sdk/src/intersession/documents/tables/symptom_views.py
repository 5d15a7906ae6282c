"""Symptom logs as they are read: each that stands, as it was last corrected. Functions work on an open store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from intersession.documents.kept.symptom_logs import KeptLogs, Part
from intersession.documents.kept.symptom_logs import by_symptom as kept_by_symptom
from intersession.documents.tables.pages import Listing, page
from intersession.inputs.windows import ReadWindow
from intersession.models.symptoms import EarlierLog, Point, SymptomLog
from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import symptoms
from intersession_schemas.documents.diary.symptom_history import Standing
from intersession_schemas.documents.diary.symptoms import Log, Number, key_mark
from intersession_schemas.documents.moments import is_late
from intersession_schemas.documents.names import MAX_NAMES, Names, name_key, tidy_name, value_of
from intersession_schemas.records.instants import from_micros, to_micros
from intersession_schemas.streams import Audience

if TYPE_CHECKING:
    from intersession.store.store import Store

Scale = tuple[Number, Number]
Scales = Mapping[str, Scale]
"""The scales of trackers, by what the spellings of their names have in common."""

_standing_decoder = msgspec.json.Decoder(Standing)

_COLUMNS = "d.wish, s.audience, t.model, c.received_at"
_TABLES = """
    symptoms_standing t JOIN documents d ON d.position = t.document
    LEFT JOIN streams s ON s.id = d.stream LEFT JOIN changes c ON c.position = t.change
"""
_LOG = f"SELECT {_COLUMNS} FROM {_TABLES}"  # noqa: S608 - constants are put in
_BY_MARK = _LOG + "WHERE t.mark = ? AND t.scope = x''"
_BY_ID = _LOG + "WHERE t.log = ? AND t.scope = x''"
LIST = Listing(_COLUMNS, _TABLES, ("t.about", "t.log"), "t.log")
"""Symptom logs by what they are about, newest first."""


_KEPT = f"SELECT t.scope, t.log, t.about, t.change, {_COLUMNS} FROM {_TABLES}"  # noqa: S608 - likewise
_KEPT_OF_SCOPE = _KEPT + "WHERE ? IS NULL OR t.scope = ?"
_KEPT_BY_KEY = _KEPT + "WHERE t.scope = ? AND t.log = ?"


def logs(store: Store, window: ReadWindow) -> list[SymptomLog]:
    """Symptom logs by what they are about, newest first. Raises `NotFound`."""
    where = {} if window.stream is None else {"t.scope": window.stream.bytes}
    return page(store, LIST, where, window, _log)


def kept_logs(store: Store, window: ReadWindow) -> Iterator[SymptomLog]:
    """As `logs`, of a window without a limit, from memory where they were read before: never to be handed out."""
    until = None if window.until is None else to_micros(window.until)
    for _, found in _parts_since(store, window):
        for log in found:
            if until is None or to_micros(log.at) < until:
                yield log


def _parts_since(store: Store, window: ReadWindow) -> Iterator[tuple[Part | None, list[SymptomLog]]]:
    """The logs from the window's beginning on, part by part; with those that are wholly in it, the part."""
    scope = None if window.stream is None else window.stream.bytes
    kept = store.kept(KeptLogs)
    since, _, _ = window.bounds
    for begins, part in kept.newest_first(scope, _KEPT_OF_SCOPE, _KEPT_BY_KEY, lambda row: _log(*row)):
        if begins >= since or window.since is None:
            yield part, part.read()
        else:
            yield None, [log for log in part.read() if to_micros(log.at) >= since]
            return


def by_symptom(store: Store, window: ReadWindow, scales: Scales) -> tuple[dict[str, str], dict[str, list[Point]]]:
    """How each symptom was spelled first, and its values, newest first; the symptoms in the order of the newest log.

    There are so many symptoms as a record may have, and no more.
    """
    spelled: dict[str, str] = {}
    points: dict[str, list[Point]] = {}
    for part, found in _parts_since(store, window):
        said, of = part.by_symptom(scales) if part is not None else kept_by_symptom(found, scales)
        for key, some in of.items():
            if key in spelled or len(spelled) < MAX_NAMES:
                spelled[key] = said[key]
                points.setdefault(key, []).extend(some)
    return spelled, points


def points(store: Store, name: str, window: ReadWindow, scales: Scales) -> list[Point]:
    """The values of one symptom, however its name was spelled and whatever scale each is on, newest first.

    A log without a scale is on that of its tracker in the plan (`scales`).
    """
    key = name_key(name)
    found = ((log, value_of(log.values, key)) for log in kept_logs(store, window))
    return [Point(log.at, value, log.late, log.scale or scales.get(key)) for log, value in found if value is not None]


def series(found: Sequence[Point], scale: Scale | UnsetType | None = UNSET) -> list[Point]:
    """Those of the points that are on one scale; left out: the one that the newest is on."""
    if scale is UNSET:
        scale = found[0].scale if found else None
    return [point for point in found if point.scale == scale]


def scales_of(found: Sequence[Point]) -> list[Scale | None]:
    """The scales that points are on, that of the newest first."""
    return list(dict.fromkeys(point.scale for point in found))


def names(store: Store, stream: UUID | None = None) -> list[str]:
    """The names of all symptoms, each as it was first spelled, sorted."""
    if stream is None:
        rows = store.all("SELECT model FROM symptoms_standing ORDER BY about, log")
    else:
        rows = store.all("SELECT model FROM symptoms_standing WHERE scope = ? ORDER BY about, log", stream.bytes)
    names = Names(name for (model,) in rows for name in _standing_decoder.decode(model).log.values)
    return sorted(tidy_name(name) for name in names)


def own(store: Store, id: UUID) -> SymptomLog | None:
    """The client's own log with that id, or the one that stands for it, if there is one."""
    row = store.one(_BY_ID, id.bytes)
    if row is None:
        found = store.one("SELECT mark FROM symptom_logs WHERE log = ? AND mark IS NOT NULL", id.bytes)
        row = None if found is None else store.one(_BY_MARK, found[0])
    return None if row is None else _log(*row)


def document_of(store: Store, id: UUID) -> int:
    """The position of the document that the own log with that id, which stands, was first noted in."""
    return store.number("SELECT document FROM symptoms_standing WHERE log = ? AND scope = x''", id.bytes)


def with_key(store: Store, key: str) -> SymptomLog | None:
    """The client's own log that they gave that key."""
    row = store.one(_BY_MARK, bytes.fromhex(key_mark(key)))
    return None if row is None else _log(*row)


def text(document: Document, without: Document | None) -> str:
    """The logs of a bucket, those alone that `without` does not have, as text for a person."""
    kept = {log.id for log in symptoms.read(without).logs} if without is not None else set()
    return "\n".join(_text(log) for log in symptoms.read(document).logs if log.id not in kept)


def _text(log: Log) -> str:
    values = " ".join(f"{name}={value}" for name, value in log.values.items())
    return " ".join(part for part in (log.at.isoformat(), values, log.note) if part)


def _log(wish: int | None, audience: str | None, model: bytes, received: int | None) -> SymptomLog:
    one = _standing_decoder.decode(model)
    log = one.log
    arrived = min((at for at in (one.arrived_at, _moment(received)) if at is not None), default=None)
    return SymptomLog(
        id=log.id,
        at=log.at,
        values=log.values,
        scale=log.scale,
        note=log.note,
        key=log.key,
        entered_at=log.entered_at,
        zone=log.zone,
        arrived_at=arrived,
        shared=bool(wish) if audience is None else audience == Audience.RECORD.value,
        late=is_late(log.at, arrived or log.entered_at),
        corrected_at=one.corrected_at,
        earlier=tuple(
            EarlierLog(at=was.at, values=was.values, scale=was.scale, note=was.note, entered_at=was.entered_at)
            for was in reversed(one.earlier)
        ),
    )


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)
