"""Documents as rows: what `entries()` and `series()` read, written with every change so that reading loads none.

One function per document kind writes its rows (`records` those of all that are records of fields); a kind without
one is kept and synced all the same. The rows hold the schemas' read models; what may change without the document
(shared, arrived) is joined when reading. Functions work on an open store; those that write, inside a transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from msgspec.structs import asdict

from intersession.documents import search, symptom_rows
from intersession.documents.last_change import LAST_COLUMNS, LAST_JOIN, last_change, own_account
from intersession.documents.records import missing_changes, project_record
from intersession.documents.rows import HeldChange, HeldDocument
from intersession.inputs.windows import ReadWindow
from intersession.models.devices import ClientSummary
from intersession.models.found import Found, FoundEntry
from intersession.models.records import Entry
from intersession_schemas import search_words
from intersession_schemas.crdt import Document
from intersession_schemas.documents import journal, symptoms
from intersession_schemas.documents.journal import JournalEntry
from intersession_schemas.documents.moments import is_late
from intersession_schemas.documents.symptoms import Log
from intersession_schemas.records.instants import from_micros, to_micros
from intersession_schemas.records.kinds import RECORDS, model_json, read_model
from intersession_schemas.streams import Audience, Kind

if TYPE_CHECKING:
    from intersession.store.store import Store

_NO_MOMENT = from_micros(0)


# -- writing -----------------------------------------------------------------------------------------------------------


def project(store: Store, held: HeldDocument, document: Document, changes: Sequence[HeldChange]) -> None:
    """Rewrite the rows of a document. `changes` are the ones it was made of."""
    if held.kind == Kind.JOURNAL_ENTRY:
        project_entry(store, held, document)
    elif held.kind == Kind.SYMPTOM_LOG:
        symptom_rows.project(store, held, document, changes)
    elif held.kind in RECORDS:
        project_record(store, held, document)


def project_entry(store: Store, held: HeldDocument, document: Document) -> None:
    """Write the row of a journal entry and what search finds it by."""
    entry = journal.read(document)
    entry = msgspec.structs.replace(entry, problems=entry.problems + missing_changes(store, held))
    written = to_micros(entry.written_at or entry.entered_at or _NO_MOMENT)
    store.run(
        "REPLACE INTO entries (document, stream, written, place, model) VALUES (?, ?, ?, ?, ?)",
        held.position,
        held.stream,
        written,
        search.index(store, held.position, held.stream, written, _parts(entry)),
        model_json(entry),
    )


def _parts(entry: JournalEntry) -> list[str]:
    return search_words.parts_of(entry.text, entry.sections, entry.tags)


def readable(kind: str, document: Document, without: Document | None) -> str:
    """What a document says, as text for a person; of symptom logs only those that `without` does not have."""
    if kind == Kind.JOURNAL_ENTRY:
        entry = journal.read(document)
        parts = [entry.text, *(f"{section.prompt}\n{section.text}" for section in entry.sections)]
        if entry.mood is not None:
            parts.append(f"mood {entry.mood}")
        if entry.tags:
            parts.append("tags " + ", ".join(entry.tags))
        return "\n\n".join(part for part in parts if part)
    if kind == Kind.SYMPTOM_LOG:
        kept = {log.id for log in symptoms.read(without).logs} if without is not None else set()
        return "\n".join(_log_text(log) for log in symptoms.read(document).logs if log.id not in kept)
    if kind in RECORDS:
        shape = RECORDS[Kind(kind)]
        return shape.text(shape.read(document))
    return ""


def _log_text(log: Log) -> str:
    values = " ".join(f"{name}={value}" for name, value in log.values.items())
    return " ".join(part for part in (log.at.isoformat(), values, log.note) if part)


# -- reading -----------------------------------------------------------------------------------------------------------


_ENTRY_COLUMNS = f"""
    SELECT d.id, d.wish, s.audience, e.model, (SELECT min(received_at) FROM changes c WHERE c.document = d.position),
        {LAST_COLUMNS}
    FROM entries e JOIN documents d ON d.position = e.document LEFT JOIN streams s ON s.id = d.stream {LAST_JOIN}
"""  # noqa: S608 - constants are put in
_ENTRY_BY_ID = _ENTRY_COLUMNS + "WHERE d.id = ?"
_ENTRIES = _ENTRY_COLUMNS + "WHERE e.written >= ? AND e.written < ? ORDER BY e.written DESC, e.document DESC LIMIT ?"
_ENTRIES_OF_STREAM = (
    _ENTRY_COLUMNS
    + "WHERE e.stream = ? AND e.written >= ? AND e.written < ? ORDER BY e.written DESC, e.document DESC LIMIT ?"
)
_ENTRY_AT_PLACE = _ENTRY_COLUMNS + "WHERE e.place = ?"


def entry(store: Store, id: UUID) -> Entry | None:
    """The entry with that id, if it is here."""
    row = store.one(_ENTRY_BY_ID, id.bytes)
    return None if row is None else _entry(own_account(store), *row)


def entry_model(store: Store, document: int) -> JournalEntry | None:
    """What the entry at that position says, if it has been read."""
    row = store.one("SELECT model FROM entries WHERE document = ?", document)
    return None if row is None else read_model(Kind.JOURNAL_ENTRY, row[0])


def entries(store: Store, window: ReadWindow) -> list[Entry]:
    """Entries by what they are about, newest first."""
    if window.stream is None:
        rows = store.all(_ENTRIES, *window.bounds)
    else:
        rows = store.all(_ENTRIES_OF_STREAM, window.stream.bytes, *window.bounds)
    own = own_account(store)
    return [_entry(own, *row) for row in rows]


def find(store: Store, query: str, window: ReadWindow, after: str | None) -> Found:
    """A page of the entries that hold every word of `query`, newest first."""
    sought = search_words.sought(query)
    places, following = search.places(store, sought, window, after)
    found, own = [], own_account(store)
    for place in places:
        row = store.one(_ENTRY_AT_PLACE, place)
        assert row is not None
        entry = _entry(own, *row)
        shown = search_words.passage(_parts(read_model(Kind.JOURNAL_ENTRY, row[3])), sought)
        found.append(FoundEntry(**asdict(entry), snippet=shown.text, spans=shown.spans))
    return Found(entries=tuple(found), next=following)


_CLIENTS = """
    SELECT s.client, s.label, s.role,
        (SELECT count(*) FROM entries e WHERE e.stream = s.id),
        (SELECT count(*) FROM symptoms_standing l WHERE l.stream = s.id),
        (SELECT max(e.written) FROM entries e WHERE e.stream = s.id),
        (SELECT max(l.about) FROM symptoms_standing l WHERE l.stream = s.id),
        (SELECT max(c.received_at) FROM documents d JOIN changes c ON c.document = d.position WHERE d.stream = s.id)
    FROM streams s WHERE s.audience = ?
"""


def clients(store: Store) -> list[ClientSummary]:
    """Each client whose record is held, and how much of it."""
    return [
        ClientSummary(
            id=UUID(bytes=client),
            name=label,
            role=role,
            entries=entries,
            symptom_logs=logs,
            last_written_at=_moment(max(filter(None, (written, about)), default=None)),
            last_arrived_at=_moment(received),
        )
        for client, label, role, entries, logs, written, about, received in store.all(_CLIENTS, Audience.RECORD.value)
    ]


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)


def _entry(
    own: UUID | None,
    id: bytes,
    wish: int | None,
    audience: str | None,
    model: bytes,
    received: int | None,
    changed_by: bytes | None,
    changed_at: int | None,
) -> Entry:
    last = last_change(own, changed_by, changed_at)
    entry: JournalEntry = read_model(Kind.JOURNAL_ENTRY, model)
    arrived = None if received is None else from_micros(received)
    entered = entry.entered_at or entry.written_at or arrived or _NO_MOMENT
    written = entry.written_at or entered
    return Entry(
        id=UUID(bytes=id),
        text=entry.text,
        sections=entry.sections,
        mood=entry.mood,
        tags=entry.tags,
        written_at=written,
        entered_at=entered,
        zone=entry.zone,
        arrived_at=arrived,
        shared=_is_shared(wish, audience),
        late=is_late(written, arrived or entered),
        problems=entry.problems,
        corrected_at=entry.corrected_at,
        earlier=tuple(was.written_at for was in reversed(entry.earlier)),
        changed_by=last.by,
        changed_at=last.at,
    )


def _is_shared(wish: int | None, audience: str | None) -> bool:
    return bool(wish) if audience is None else audience == Audience.RECORD.value
