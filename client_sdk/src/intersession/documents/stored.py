"""The documents and changes that this replica holds, as rows: no content is read here.

`position` is a document's number in this store; its id is a UUID that all replicas share. Functions work on an
open store, inside a transaction where they write.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from intersession.documents.rows import Arrival, Destination, StoredChange, StoredDocument
from intersession.documents.tables import search, symptom_rows
from intersession_schemas.changes import MAX_DOCUMENT_BYTES, MAX_DOCUMENT_OPERATIONS, Change
from intersession_schemas.records.instants import to_micros
from intersession_schemas.streams import Audience

if TYPE_CHECKING:
    from intersession.store.store import Store

HASH_BYTES = 32


_DOCUMENT = "SELECT position, id, stream, wish, kind, bytes, operations, erased FROM documents "


def _document(row: tuple[int, bytes, bytes | None, int | None, str, int, int, int]) -> StoredDocument:
    position, id, stream, wish, kind, size, operations, erased = row
    return StoredDocument(
        position, UUID(bytes=id), stream, None if wish is None else bool(wish), kind, size, operations, bool(erased)
    )


def find(store: Store, id: UUID) -> StoredDocument | None:
    """The document with that id, if it is here."""
    row = store.one(_DOCUMENT + "WHERE id = ?", id.bytes)
    return None if row is None else _document(row)


def at_position(store: Store, position: int) -> StoredDocument:
    """The document with that number, which must be here."""
    row = store.one(_DOCUMENT + "WHERE position = ?", position)
    assert row is not None
    return _document(row)


def current_id(store: Store, id: UUID) -> UUID:
    """`id`, or the id of the copy that was made of it when it was shared."""
    row = store.one("SELECT new FROM aliases WHERE old = ?", id.bytes)
    return id if row is None else current_id(store, UUID(bytes=row[0]))


def add_document(store: Store, id: UUID, kind: str, to: Destination) -> int:
    """A new document without changes; returns its position."""
    return store.run(
        "INSERT INTO documents (id, stream, wish, kind) VALUES (?, ?, ?, ?)", id.bytes, to.stream, to.wish, kind
    )


def add_made(store: Store, position: int, change: Change) -> int:
    """Keep a change that was made here; returns its position.

    It goes into the outbox if its document has a stream, unless that is a vault: there it has to be sealed.
    """
    row = _insert(store, position, change)
    store.run("UPDATE changes SET made_at = ? WHERE position = ?", to_micros(store.now()), row)
    store.run(
        "INSERT INTO outbox (change, document) SELECT ?, d.position FROM documents d"
        " JOIN streams s ON s.id = d.stream WHERE d.position = ? AND s.audience <> ?",
        row,
        position,
        Audience.VAULT.value,
    )
    return row


def add_received(store: Store, position: int, change: Change, arrival: Arrival) -> bool:
    """Keep a change from the log, or note that one made here has come back. Returns whether it is new."""
    known = store.one("SELECT position FROM changes WHERE document = ? AND hash = ?", position, change.hash)
    _note_row(store, known[0] if known is not None else _insert(store, position, change), arrival)
    return known is None


def came_back(store: Store, position: int, hash: bytes, data: bytes, arrival: Arrival) -> bool:
    """Note that a change which is here has come from the log; False if it is not here, with exactly these bytes.

    So the device's own changes need not be read again when they come back.
    """
    known = store.one("SELECT position FROM changes WHERE document = ? AND hash = ? AND data = ?", position, hash, data)
    if known is not None:
        _note_row(store, known[0], arrival)
    return known is not None


def _note_row(store: Store, row: int, arrival: Arrival) -> None:
    store.run(
        "UPDATE changes SET accepted = 1, seq = ?, author = ?, device = ?, received_at = ? WHERE position = ?",
        arrival.seq,
        arrival.author,
        arrival.device,
        arrival.received_at,
        row,
    )
    store.run("DELETE FROM outbox WHERE change = ?", row)


def add_opened(store: Store, position: int, change: Change, arrival: Arrival) -> None:
    """Keep a change that was in a blob of a vault; in however many it is, its first arrival counts."""
    known = store.one("SELECT position FROM changes WHERE document = ? AND hash = ?", position, change.hash)
    if known is None:
        _insert(store, position, change)
    note_arrival(store, position, [change.hash], arrival)


def note_arrival(store: Store, position: int, hashes: Iterable[bytes], arrival: Arrival) -> None:
    """The blob with these changes is in the log, at that row.

    In however many blobs a change is, the first of them in the log counts, in whichever order they are opened.
    """
    for hash in hashes:
        store.run(
            "UPDATE changes SET accepted = 1, sealed = 1 WHERE document = ? AND hash = ?",
            position,
            hash,
        )
        store.run(
            "UPDATE changes SET seq = ?, author = ?, device = ?, received_at = ?"
            " WHERE document = ? AND hash = ? AND (seq IS NULL OR seq > ?)",
            arrival.seq,
            arrival.author,
            arrival.device,
            arrival.received_at,
            position,
            hash,
            arrival.seq,
        )


def _insert(store: Store, position: int, change: Change) -> int:
    row = store.run(
        "INSERT INTO changes (document, hash, deps, actor, start_op, operations, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
        position,
        change.hash,
        b"".join(change.deps),
        change.actor,
        change.start_op,
        change.operations,
        change.data,
    )
    store.run(
        "UPDATE documents SET bytes = bytes + ?, operations = operations + ? WHERE position = ?",
        len(change.data),
        change.operations,
        position,
    )
    return row


def is_shared(store: Store, document: StoredDocument) -> bool:
    """Whether others read the document, or will as soon as the server is reached."""
    return bool(document.wish) if document.stream is None else not is_vault(store, document.stream)


def knows(store: Store, position: int, hash: bytes) -> bool:
    """Whether that change of the document is here."""
    return store.one("SELECT 1 FROM changes WHERE document = ? AND hash = ?", position, hash) is not None


def has_room(document: StoredDocument, changes: Sequence[Change]) -> bool:
    """Whether the document stays within the limits of a document with these changes added."""
    size = document.bytes + sum(len(change.data) for change in changes)
    operations = document.operations + sum(change.operations for change in changes)
    return size <= MAX_DOCUMENT_BYTES and operations <= MAX_DOCUMENT_OPERATIONS


def changes_of(store: Store, position: int) -> list[StoredChange]:
    """All changes of a document, in the order they came."""
    found = []
    for row, hash, deps, actor, start_op, operations, accepted, set_aside, data in store.all(
        "SELECT position, hash, deps, actor, start_op, operations, accepted, set_aside, data"
        " FROM changes WHERE document = ? ORDER BY position",
        position,
    ):
        found.append(
            StoredChange(
                row, hash, tuple(split(deps)), actor, start_op, operations, bool(accepted), bool(set_aside), data
            )
        )
    return found


def applicable(changes: Iterable[StoredChange], applied: Iterable[bytes] = ()) -> list[StoredChange]:
    """Those not among `applied` whose dependencies are all there, dependencies first.

    A change that waits for one that has not come, or was quarantined, is left out.
    """
    there = set(applied)
    waiting = [change for change in changes if not change.set_aside and change.hash not in there]
    ready: list[StoredChange] = []
    grown = True
    while grown and waiting:
        grown, rest = False, []
        for change in waiting:
            if there.issuperset(change.deps):
                there.add(change.hash)
                ready.append(change)
                grown = True
            else:
                rest.append(change)
        waiting = rest
    return ready


def drop_changes(store: Store, position: int, changes: Iterable[StoredChange]) -> None:
    """Forget changes of a document and mark it for rebuilding."""
    for change in changes:
        store.run("DELETE FROM outbox WHERE change = ?", change.position)
        store.run("DELETE FROM changes WHERE position = ?", change.position)
        store.run(
            "UPDATE documents SET bytes = bytes - ?, operations = operations - ? WHERE position = ?",
            len(change.data),
            change.operations,
            position,
        )
    store.run("UPDATE documents SET dirty = 1 WHERE position = ?", position)


def drop_content(store: Store, position: int) -> None:
    """Forget all that is known of a document but its row: changes, blobs, outbox, projections, search."""
    store.run("DELETE FROM outbox WHERE document = ?", position)
    store.run("DELETE FROM changes WHERE document = ?", position)
    store.run("DELETE FROM sealed WHERE document = ?", position)
    search.forget(store, position)
    store.run("DELETE FROM entries WHERE document = ?", position)
    symptom_rows.forget(store, position)
    store.run("DELETE FROM records WHERE document = ?", position)
    store.run("DELETE FROM buckets WHERE document = ?", position)
    store.run("UPDATE documents SET bytes = 0, operations = 0 WHERE position = ?", position)


def drop_document(store: Store, position: int) -> None:
    """Forget a document."""
    drop_content(store, position)
    store.run("DELETE FROM documents WHERE position = ?", position)


def compact_search(store: Store) -> None:
    """Deleted words stay in the search index until its parts are merged; merge them now."""
    store.run("INSERT INTO entries_text (entries_text) VALUES ('optimize')")


def move(store: Store, position: int, to: Destination) -> None:
    """Put a document that is on this device only into a stream, with its projections."""
    store.run("UPDATE documents SET stream = ?, wish = ? WHERE position = ?", to.stream, to.wish, position)
    store.run("UPDATE entries SET stream = ? WHERE document = ?", to.stream, position)
    store.run("UPDATE records SET stream = ? WHERE document = ?", to.stream, position)
    search.move(store, position, to.stream)
    symptom_rows.move(store, position, to.stream)


def record_stream(store: Store) -> bytes | None:
    """The stream that what this account shares goes to; None until a server has named it."""
    row = store.one("SELECT id FROM streams WHERE audience = ? AND role = 'client'", Audience.RECORD.value)
    return None if row is None else row[0]


def vault_stream(store: Store) -> bytes | None:
    """The stream that what this client keeps private goes to; None until a server has named it."""
    row = store.one("SELECT id FROM streams WHERE audience = ? AND role = 'client'", Audience.VAULT.value)
    return None if row is None else row[0]


def audience_of(store: Store, stream: bytes | None) -> Audience | None:
    """Who reads that stream; None for what is on this device only."""
    row = store.one("SELECT audience FROM streams WHERE id = ?", stream)
    return None if row is None else Audience(row[0])


def is_vault(store: Store, stream: bytes | None) -> bool:
    """Whether the stream is a vault: then what is sent of its documents is sealed."""
    return audience_of(store, stream) is Audience.VAULT


def split(hashes: bytes) -> list[bytes]:
    """Hashes that are kept one after the other, one by one."""
    return [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]
