"""Journal entries as rows: what `entries()` and search read, written with every change, so that reading loads none.

A row holds the schemas' read model; what may change without the document (shared, arrived) is joined when reading.
Functions work on an open store; those that write, inside a transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from msgspec.structs import asdict

from intersession.documents.records import missing_changes
from intersession.documents.rows import StoredDocument
from intersession.documents.tables import search
from intersession.documents.tables.last_change import LAST_COLUMNS, LAST_JOIN, last_change, own_account
from intersession.documents.tables.pages import Listing, page
from intersession.errors import StoreFull, StoreInvalid
from intersession.inputs import versions
from intersession.inputs.windows import ReadWindow
from intersession.models.found import Found, FoundEntry
from intersession.models.records import Entry
from intersession_schemas import search_words
from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import journal
from intersession_schemas.documents.diary.journal import JournalEntry
from intersession_schemas.documents.moments import is_late
from intersession_schemas.records.instants import from_micros, to_micros
from intersession_schemas.records.kinds import model_json, read_model
from intersession_schemas.streams import Audience, Kind

if TYPE_CHECKING:
    from intersession.store.store import Store

_NO_MOMENT = from_micros(0)


# -- writing -----------------------------------------------------------------------------------------------------------


def project(store: Store, held: StoredDocument, document: Document) -> None:
    """Write the row of a journal entry, and have search find it by what it says."""
    entry = journal.read(document)
    entry = msgspec.structs.replace(entry, problems=entry.problems + missing_changes(store, held))
    written = to_micros(entry.written_at or entry.entered_at or _NO_MOMENT)
    place, is_there = search.place_of(store, held.position, written)
    store.run(
        "INSERT INTO entries (document, stream, written, place, model, version) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (document) DO UPDATE SET stream = excluded.stream, written = excluded.written,"
        " place = excluded.place, model = excluded.model, version = excluded.version",
        held.position,
        held.stream,
        written,
        place,
        model_json(entry),
        versions.told(document.heads),
    )
    if not is_there:
        search.add(store, place, held.stream, _parts(entry))
        return
    search.mark(store, held.position)
    waiting = search.marked(store)
    if len(waiting) > search.MOST_WAITING:
        _index_again(store, next(one for one in waiting if one != held.position))


def _index_again(store: Store, document: int) -> None:
    entry = entry_model(store, document)
    assert entry is not None  # an entry loses its mark with its row
    search.index_again(store, document, _parts(entry))


def _index_all(store: Store, documents: Sequence[int]) -> None:
    for document in documents:
        _index_again(store, document)


def _parts(entry: JournalEntry) -> list[str]:
    return search_words.parts_of(entry.text, entry.sections, entry.tags)


def text(document: Document, _: Document | None) -> str:
    """What an entry says, as text for a person."""
    entry = journal.read(document)
    parts = [entry.text, *(f"{section.prompt}\n{section.text}" for section in entry.sections)]
    if entry.mood is not None:
        parts.append(f"mood {entry.mood}")
    if entry.tags:
        parts.append("tags " + ", ".join(entry.tags))
    return "\n\n".join(part for part in parts if part)


# -- reading -----------------------------------------------------------------------------------------------------------


_COLUMNS = f"""
    d.id, d.wish, s.audience, e.model, e.version, d.arrived_at, {LAST_COLUMNS}
"""
_TABLES = f"entries e JOIN documents d ON d.position = e.document LEFT JOIN streams s ON s.id = d.stream {LAST_JOIN}"
_ENTRY = f"SELECT {_COLUMNS} FROM {_TABLES} "  # noqa: S608 - likewise
_ENTRY_BY_ID = _ENTRY + "WHERE d.id = ?"
_ENTRY_AT_PLACE = _ENTRY + "WHERE e.place = ?"
LIST = Listing(_COLUMNS, _TABLES, ("e.written", "e.document"), "d.id")
"""Entries by what they are about, newest first."""


def entry(store: Store, id: UUID) -> Entry | None:
    """The entry with that id, if it is here."""
    row = store.one(_ENTRY_BY_ID, id.bytes)
    return None if row is None else _entry(own_account(store), *row)


def entry_model(store: Store, document: int) -> JournalEntry | None:
    """What the entry at that position says, if it has been read."""
    row = store.one("SELECT model FROM entries WHERE document = ?", document)
    return None if row is None else read_model(Kind.JOURNAL_ENTRY, row[0])


def entries(store: Store, window: ReadWindow) -> list[Entry]:
    """Entries by what they are about, newest first. Raises `NotFound`."""
    own = own_account(store)
    where = {} if window.stream is None else {"e.stream": window.stream.bytes}
    return page(store, LIST, where, window, lambda *row: _entry(own, *row))


def find(store: Store, query: str, window: ReadWindow, after: str | None) -> Found:
    """A page of the entries that hold every word of `query`, newest first; what was just edited is indexed first."""
    waiting = search.marked(store)
    if waiting:
        try:
            with store.transaction():
                _index_all(store, waiting)
        except (StoreFull, StoreInvalid):  # what cannot be written can still be read
            with store.undone():
                _index_all(store, waiting)
                return _find(store, query, window, after)
    return _find(store, query, window, after)


def _find(store: Store, query: str, window: ReadWindow, after: str | None) -> Found:
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


def _entry(
    own: UUID | None,
    id: bytes,
    wish: int | None,
    audience: str | None,
    model: bytes,
    version: str,
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
        version=version,
    )


def _is_shared(wish: int | None, audience: str | None) -> bool:
    return bool(wish) if audience is None else audience == Audience.RECORD.value
