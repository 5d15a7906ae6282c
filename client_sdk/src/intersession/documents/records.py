"""Documents that are records of fields: the edits that write them, and the rows of one table that they are read from.

A row holds the schemas' read model as JSON; what may change without the document (its stream, who wrote it, when it
arrived) is joined when reading. Functions work on an open store; those that write, inside a transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID

import msgspec
from msgspec import Struct

from intersession.documents import stored
from intersession.documents.kept.record_rows import RecordRows
from intersession.documents.rows import StoredDocument, Write
from intersession.documents.tables import due_rows
from intersession.documents.tables.last_change import LAST_COLUMNS, LAST_JOIN, LastChange, last_change, own_account
from intersession.documents.tables.pages import Listing, page
from intersession.inputs import versions
from intersession.inputs.windows import ALL, ReadWindow
from intersession_schemas.crdt import Document
from intersession_schemas.records.instants import from_micros, to_micros
from intersession_schemas.records.kinds import (
    RECORDS,
    SHAPES,
    model_json,
    moment_of,
    read,
    read_model,
    subject_of,
)
from intersession_schemas.streams import Audience, Kind

if TYPE_CHECKING:
    from intersession.store.store import Store

T = TypeVar("T", bound=Struct)


class StoredRecord(Struct, Generic[T], frozen=True):
    """One row: what the document says (`model`) in which `version`, and what is known of it.

    `author` is who made it: None for what was made here and is not in a log yet. `client` is whose stream it is in,
    None for what has no stream yet. `arrived_at` is when the server received its first change; `last` tells of the
    latest one.
    """

    position: int
    id: UUID
    model: T
    version: str
    author: UUID | None
    client: UUID | None
    arrived_at: datetime | None
    last: LastChange


# -- writing -----------------------------------------------------------------------------------------------------------


def project(store: Store, row: StoredDocument, document: Document) -> None:
    """Write the row of a document of one of the kinds in `RECORDS`."""
    kind = Kind(row.kind)
    model = read(kind, document)
    model = msgspec.structs.replace(model, problems=model.problems + missing_changes(store, row))
    ref, at = subject_of(kind, model), moment_of(kind, model)
    store.run(
        "REPLACE INTO records (document, id, stream, kind, ref, at, model, version, occurrence, open_until)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row.position,
        row.id.bytes,
        row.stream,
        kind.value,
        None if ref is None else ref.bytes,
        0 if at is None else to_micros(at),
        model_json(model),
        versions.told(document.heads),
        due_rows.occurrence_of(model),
        due_rows.open_until(model),
    )


def missing_changes(store: Store, row: StoredDocument) -> tuple[str, ...]:
    """Changes of the document that are missing from what is shown, in words."""
    codes = store.all("SELECT code FROM problems WHERE stream = ? AND document = ?", row.stream, row.id.bytes)
    aside = store.all("SELECT 'does_not_apply' FROM changes WHERE document = ? AND set_aside", row.position)
    return tuple(f"changes: one could not be used ({code})" for (code,) in codes + aside)


def text_of(kind: Kind) -> Callable[[Document, Document | None], str]:
    """How a record of that kind is told as text for a person."""
    shape = RECORDS[kind]
    return lambda document, _: shape.text(shape.read(document))


# -- edits -------------------------------------------------------------------------------------------------------------


def creation(kind: Kind, value: Struct) -> Write:
    """Writes `value` into an empty document."""
    return lambda document: [SHAPES[kind].create(document, value)]


def revision(kind: Kind, steps: Callable[[Any], Sequence[Any]]) -> Write:
    """Turns what a document says into the last of `steps`, which are given what it says now; one change a step."""
    shape = SHAPES[kind]

    def write(document: Document) -> list[bytes]:
        before, changes = shape.read(document), []
        for after in steps(before):
            changes.append(shape.update(document, before, after))
            before = after
        return [change for change in changes if change is not None]

    return write


def difference(kind: Kind, before: Struct, after: Struct) -> Write:
    """Writes what differs between the two, whatever the document says by now."""
    return at_most_one(lambda document: SHAPES[kind].update(document, before, after))


def at_most_one(write: Callable[[Document], bytes | None]) -> Write:
    """Writes one change, or none."""
    return lambda document: [change for change in (write(document),) if change is not None]


# -- reading -----------------------------------------------------------------------------------------------------------

_COLUMNS = f"""
    d.position, d.id, s.client, r.model, r.version, d.arrived_at, d.author, {LAST_COLUMNS}
"""
_TABLES = f"""
    records r JOIN documents d ON d.position = r.document LEFT JOIN streams s ON s.id = d.stream {LAST_JOIN}
"""
_RECORD = f"SELECT {_COLUMNS} FROM {_TABLES} WHERE r.kind = ? AND d.id = ? AND (? IS NULL OR d.stream = ?)"  # noqa: S608 - likewise
LIST = Listing(_COLUMNS, _TABLES, ("r.at", "r.id"), "d.id")
"""Documents of a kind, newest first."""


def records(
    store: Store,
    kind: Kind,
    *,
    stream: bytes | None = None,
    about: UUID | None = None,
    open: bool = False,
    window: ReadWindow = ALL,
    keep: Callable[[StoredRecord[Any]], bool] | None = None,
) -> list[StoredRecord[Any]]:
    """Documents of a kind, newest first; of one stream, or of all; all, those about one document, or those still open.

    Of them those that `window` asks for and `keep` keeps. Raises `NotFound`.
    """
    own = own_account(store)
    where = conditions(kind, stream, about, open)
    return page(store, LIST, where, window, lambda *row: _record(kind, own, row), keep)


_ORDERED = f"SELECT r.document, r.at, r.id, r.kind, r.stream, {_COLUMNS} FROM {_TABLES}"  # noqa: S608 - likewise
_ORDERED_OF_KIND = _ORDERED + " WHERE r.kind = ? AND (? IS NULL OR r.stream = ?)"
_ORDERED_AT = _ORDERED + " WHERE r.document = ?"


def kept(
    store: Store, kind: Kind, *, stream: bytes | None = None, about: UUID | None = None
) -> list[StoredRecord[Any]]:
    """As `records`, all of them, from memory where they were read before: to work with, and never to hand out."""
    own = own_account(store)
    found: list[StoredRecord[Any]] = store.kept(RecordRows).newest_first(
        (kind.value, stream), _ORDERED_OF_KIND, _ORDERED_AT, lambda name, row: _record(Kind(name), own, row)
    )
    return found if about is None else [one for one in found if subject_of(kind, one.model) == about]


def conditions(kind: Kind, stream: bytes | None, about: UUID | None, open: bool = False) -> dict[str, object]:
    """What to find them by. A document's comments are few, whichever stream they are in: `+` is no use of an index."""
    where: dict[str, object] = {"r.kind": kind.value}
    if about is not None:
        where["r.ref"] = about.bytes
    if open:
        where["r.open_until"] = due_rows.OPEN
    if stream is not None:
        where["r.stream" if about is None else "+r.stream"] = stream
    return where


def record(store: Store, kind: Kind, id: UUID, *, stream: bytes | None = None) -> StoredRecord[Any] | None:
    """The document of that kind and id, if it is here (and, where `stream` is given, in that stream)."""
    row = store.one(_RECORD, kind.value, id.bytes, stream, stream)
    return None if row is None else _record(kind, own_account(store), row)


def model(store: Store, kind: Kind, position: int) -> Struct | None:
    """What the document at that position says, if it has been read."""
    row = store.one("SELECT model FROM records WHERE document = ?", position)
    return None if row is None else read_model(kind, row[0])


def _record(kind: Kind, own: UUID | None, row: tuple[Any, ...]) -> StoredRecord[Any]:
    position, id, client, packed, version, received, author, changed_by, changed_at = row
    return StoredRecord(
        position,
        UUID(bytes=id),
        read_model(kind, packed),
        version,
        None if author is None else UUID(bytes=author),
        None if client is None else UUID(bytes=client),
        None if received is None else from_micros(received),
        last_change(own, changed_by, changed_at),
    )


def is_sent(store: Store, row: StoredRecord[Any]) -> bool:
    """Whether the server has all of it, the last change included."""
    if row.arrived_at is None:
        return False
    return store.one("SELECT 1 FROM outbox_documents WHERE document = ?", row.position) is None


def shared_document(store: Store, id: UUID, stream: bytes | None = None) -> StoredDocument | None:
    """The document with that id where the care team and the client both read it, or will; in one record, or any."""
    document = stored.find(store, stored.current_id(store, id))
    if document is None or document.erased or (stream is not None and document.stream != stream):
        return None
    if document.stream is None:
        return document if document.wish else None
    row = store.one("SELECT audience FROM streams WHERE id = ?", document.stream)
    return document if row is not None and row[0] == Audience.RECORD.value else None


def stream_of(store: Store, client: UUID, audience: Audience) -> bytes | None:
    """The stream of a client with that audience, if this account may read it."""
    row = store.one("SELECT id FROM streams WHERE client = ? AND audience = ?", client.bytes, audience.value)
    return None if row is None else row[0]


def library_stream(store: Store) -> bytes | None:
    """The stream of the practice's library, if this account may read it."""
    row = store.one("SELECT id FROM streams WHERE audience = ?", Audience.LIBRARY.value)
    return None if row is None else row[0]
