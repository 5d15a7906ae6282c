"""From the log's rows of one document to the rows of the read models. Pure.

What a document's read-model rows are depends on its own log rows alone, never on what was projected before. So a
projection that followed the log and one that is rebuilt are equal, and a page that was projected twice is the
same page.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct

from intersession_schemas import search_words
from intersession_schemas.documents.diary import symptoms
from intersession_schemas.documents.diary.journal import JournalEntry
from intersession_schemas.documents.diary.symptoms import Log, Withdrawn, key_mark
from intersession_schemas.documents.moments import is_late, moment_text
from intersession_schemas.documents.names import MAX_NAMES
from intersession_schemas.records.instants import to_micros
from intersession_schemas.records.kinds import RECORDS, UNREADABLE, model_json, moment_of, subject_of
from intersession_schemas.streams import Kind
from intersession_server.log.standing import RowFacts, StandingDocument
from intersession_server.projections.applied import Applied
from intersession_server.projections.filing import rows_filed, set_aside
from intersession_server.projections.searching.words import ShownText, record_parts


class EntryRow(Struct, frozen=True):
    """A row of `entries`; the SQL says what each column holds."""

    document: UUID
    stream: UUID
    client: UUID
    author: UUID
    seq: int
    moment: int
    local_at: str
    written_at: str | None
    entered_at: str | None
    zone: str | None
    arrived_at: int
    changed_by: UUID
    changed_at: int
    late: bool
    mood: int | None
    tags: str
    text: str
    sections: str
    problems: str
    corrected_at: str | None
    earlier: str


class SymptomRecordRow(Struct, frozen=True):
    """A row of `symptom_records`: a log as a bucket holds it, itself or a correction."""

    id: UUID
    document: UUID
    log: UUID
    stream: UUID
    client: UUID
    author: UUID
    seq: int
    arrived_at: int
    mark: str | None
    corrects: UUID | None
    model: str


class SymptomWithdrawnRow(Struct, frozen=True):
    """A row of `symptom_withdrawn`: the id of a log, or the mark of a key, of logs that were entered by `until`."""

    id: UUID
    document: UUID
    client: UUID
    what: str
    until: int


class ProblemRow(Struct, frozen=True):
    """A row of `problems`."""

    document: UUID
    stream: UUID
    client: UUID
    kind: str
    arrived_at: int
    problems: str


class RecordRow(Struct, frozen=True):
    """A row of `records`."""

    document: UUID
    stream: UUID
    client: UUID
    kind: str
    about: UUID | None
    author: UUID
    device: UUID
    seq: int
    arrived_at: int
    changed_by: UUID
    changed_at: int
    moment: int
    late: bool | None
    heads: str
    model: str
    problems: str
    last_seq: int
    filed: str


class SetAsideRow(Struct, frozen=True):
    """A row of `set_aside`."""

    document: UUID
    stream: UUID
    client: UUID
    rows: str


class NoteRow(Struct, frozen=True):
    """A row of `chart_notes`."""

    document: UUID
    stream: UUID
    client: UUID
    author: UUID
    seq: int
    arrived_at: int
    changed_by: UUID
    changed_at: int
    moment: int
    heads: str
    model: str
    problems: str


class DocumentRows(Struct, frozen=True):
    """Everything that the read models hold of one document."""

    document: UUID
    entry: EntryRow | None = None
    record: RecordRow | None = None
    note: NoteRow | None = None
    shown: ShownText | None = None
    """The words that an entry or a record is found by."""
    symptom_records: tuple[SymptomRecordRow, ...] = ()
    symptom_withdrawn: tuple[SymptomWithdrawnRow, ...] = ()
    problem: ProblemRow | None = None
    set_aside: SetAsideRow | None = None
    is_bucket: bool = False
    names: frozenset[str] = frozenset()
    """Of a part of a bucket, the names in it."""
    only: frozenset[UUID] | None = None
    """Of a bucket, the ids of rows that are looked at; its other rows stay as they are. None: it is given whole."""


class ProjectedRow(Struct, frozen=True):
    """A row of `projected`."""

    stream: UUID
    client: UUID
    through: int


class Location(Struct, frozen=True):
    """Where a document lives, and whose it is. `chart`: in the chart, else in the record."""

    stream: UUID
    client: UUID
    document: UUID
    chart: bool = False


def project(location: Location, applied: Applied) -> DocumentRows:
    """The read-model rows of a document. Never raises for what it holds: what cannot be read is said in a row.

    Quarantined rows change nothing, nor do those whose bytes were dropped; an erased document has no rows; a kind
    without a read model has none either. Nothing of a chart is ever a row of a record, nor the other way round.
    """
    if applied.kind is None:
        return DocumentRows(location.document, set_aside=None if location.chart else _set_aside(location, applied))
    if (applied.kind is Kind.NOTE) != location.chart:
        return DocumentRows(location.document)
    match applied.kind:
        case Kind.JOURNAL_ENTRY:
            row, entry = _entry(location, applied)
            words = search_words.indexed(search_words.parts_of(entry.text, entry.sections, entry.tags))
            shown = ShownText(location.document, location.client, Kind.JOURNAL_ENTRY, row.moment, words)
            return DocumentRows(location.document, entry=row, shown=shown)
        case Kind.SYMPTOM_LOG:
            return _bucket(location, applied)
        case Kind.NOTE:
            return DocumentRows(location.document, note=_note(location, applied))
        case kind:
            record, words = _record(location, kind, applied)
            found = ShownText(location.document, location.client, kind, record.moment, words) if words else None
            aside = _set_aside(location, applied)
            return DocumentRows(location.document, record=record, shown=found, set_aside=aside)


def _entry(location: Location, applied: Applied) -> tuple[EntryRow, JournalEntry]:
    entry: JournalEntry = applied.model or JournalEntry(None, None, None, "", (), None, (), problems=(UNREADABLE,))
    first, last = applied.first, applied.last
    about = entry.written_at or entry.entered_at or first.received_at
    row = EntryRow(
        document=location.document,
        stream=location.stream,
        client=location.client,
        author=first.author,
        seq=first.seq,
        moment=to_micros(about),
        local_at=moment_text(about),
        written_at=_text(entry.written_at),
        entered_at=_text(entry.entered_at),
        zone=entry.zone,
        arrived_at=to_micros(first.received_at),
        changed_by=last.author,
        changed_at=to_micros(last.received_at),
        late=is_late(about, first.received_at),
        mood=entry.mood,
        tags=_json(entry.tags),
        text=entry.text,
        sections=_json(entry.sections),
        problems=_json(entry.problems),
        corrected_at=_text(entry.corrected_at),
        earlier=_json([moment_text(was.written_at) for was in reversed(entry.earlier)]),
    )
    return row, entry


def _record(location: Location, kind: Kind, applied: Applied) -> tuple[RecordRow, str]:
    """The row of a record, and the words that it is found by."""
    model, heads, text = _read_record(kind, applied)
    first, last, at = applied.first, applied.last, moment_of(kind, model)
    late = None
    if kind is Kind.HOMEWORK_PROGRESS and at is not None:
        late = is_late(at, first.received_at)
    row = RecordRow(
        document=location.document,
        stream=location.stream,
        client=location.client,
        kind=kind.value,
        about=subject_of(kind, model),
        author=first.author,
        device=first.device,
        seq=first.seq,
        arrived_at=to_micros(first.received_at),
        changed_by=last.author,
        changed_at=to_micros(last.received_at),
        moment=to_micros(at or first.received_at),
        late=late,
        heads=_json([head.hex() for head in heads]),
        model=text,
        problems=_json(model.problems),
        last_seq=last.seq,
        filed="" if applied.document is None or not heads else _json(rows_filed(applied)),
    )
    return row, search_words.indexed(record_parts(model))


def _note(location: Location, applied: Applied) -> NoteRow:
    model, heads, text = _read_record(Kind.NOTE, applied)
    first, last = applied.first, applied.last
    return NoteRow(
        document=location.document,
        stream=location.stream,
        client=location.client,
        author=first.author,
        seq=first.seq,
        arrived_at=to_micros(first.received_at),
        changed_by=last.author,
        changed_at=to_micros(last.received_at),
        moment=to_micros(moment_of(Kind.NOTE, model) or first.received_at),
        heads=_json([head.hex() for head in heads]),
        model=text,
        problems=_json(model.problems),
    )


def _set_aside(location: Location, applied: Applied) -> SetAsideRow | None:
    rows = set_aside(applied)
    return SetAsideRow(location.document, location.stream, location.client, _json(rows)) if rows else None


def _read_record(kind: Kind, applied: Applied) -> tuple[Any, tuple[bytes, ...], str]:
    """What a document says, its heads, and what it says as JSON text."""
    if applied.document is not None:
        with contextlib.suppress(OverflowError):  # a number that no JSON of ours holds
            return applied.model, applied.document.heads, model_json(applied.model).decode()
    model = RECORDS[kind].model(problems=(UNREADABLE,))
    return model, (), model_json(model).decode()


def _bucket(location: Location, applied: Applied) -> DocumentRows:
    logs: tuple[SymptomRecordRow, ...] = ()
    withdrawn: tuple[SymptomWithdrawnRow, ...] = ()
    problems: tuple[str, ...] = (UNREADABLE,)
    first = applied.first
    if applied.document is not None:
        bucket = applied.model
        brought = ((log, applied.brought(str(log.id)) or first) for log in bucket.logs)
        logs = tuple(_record_of(location, log, row) for log, row in brought)
        withdrawn = tuple(
            SymptomWithdrawnRow(uuid5(location.document, what), location.document, location.client, what, until)
            for what, until in _withdrawn(bucket.withdrawn).items()
        )
        problems = bucket.problems
    problem = None
    if problems:
        kind = Kind.SYMPTOM_LOG.value
        arrived = to_micros(first.received_at)
        problem = ProblemRow(location.document, location.stream, location.client, kind, arrived, _json(problems))
    return DocumentRows(
        location.document, symptom_records=logs, symptom_withdrawn=withdrawn, problem=problem, is_bucket=True
    )


def project_part(location: Location, standing: StandingDocument) -> DocumentRows | None:
    """Of a bucket that read models hold, the rows of what was written since; None where it is projected whole."""
    shown = standing.bucket
    if shown is None:
        return None
    found = symptoms.read_some(standing.document, shown.written)
    if found is None or found.withdrawn or len(shown.names | found.names) > MAX_NAMES:
        return None
    brought = ((log, standing.history.brought(standing.document, str(log.id))) for log in found.logs)
    logs = tuple(_record_of(location, log, row) for log, row in brought if row is not None)
    return DocumentRows(
        location.document,
        symptom_records=logs,
        is_bucket=True,
        names=found.names,
        only=frozenset(row.id for row in logs),
    )


def _record_of(location: Location, log: Log, bringer: RowFacts) -> SymptomRecordRow:
    return SymptomRecordRow(
        id=uuid5(location.document, str(log.id)),
        document=location.document,
        log=log.id,
        stream=location.stream,
        client=location.client,
        author=bringer.author,
        seq=bringer.seq,
        arrived_at=to_micros(bringer.received_at),
        mark=None if log.key is None else key_mark(log.key),
        corrects=log.corrects,
        model=_json(log),
    )


def _withdrawn(said: Sequence[Withdrawn]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in said:
        until = to_micros(one.entered_at)
        for what in (*map(str, one.logs), *one.keys):
            found[what] = max(until, found.get(what, until))
    return found


def _text(at: datetime | None) -> str | None:
    return None if at is None else moment_text(at)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
