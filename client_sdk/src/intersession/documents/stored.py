"""The documents and changes that this replica holds, as rows: no content is read here.

`position` is a document's number in this store; its id is a UUID that all replicas share. Functions work on an
open store, inside a transaction where they write.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from intersession.documents import saved
from intersession.documents.rows import Arrival, Destination, StoredChange, StoredDocument
from intersession.documents.tables import document_facts, search, symptom_rows
from intersession_schemas.changes import MAX_DOCUMENT_BYTES, MAX_DOCUMENT_OPERATIONS, Change
from intersession_schemas.records.instants import to_micros
from intersession_schemas.streams import Audience

if TYPE_CHECKING:
    from intersession.store.store import Row, Store

HASH_BYTES = 32
TO_REBUILD, TO_APPLY = 1, 2
"""What `dirty` says of a document: its rows are to be written anew; or only what has come is to be applied."""


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


def ids_in(store: Store, stream: UUID) -> tuple[UUID, ...]:
    """The ids of all documents of a stream."""
    return tuple(UUID(bytes=id) for (id,) in store.all("SELECT id FROM documents WHERE stream = ?", stream.bytes))


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


def add_made(store: Store, document: StoredDocument, change: Change, *, sent: bool) -> int:
    """Keep a change that was made here, and is part of the document in memory; returns its position.

    It goes into the outbox if it is to be `sent`: not where its document has no stream, nor where it has to be sealed.
    """
    row = _insert(store, document.position, change, to_micros(store.now()))
    if sent:
        store.run("INSERT INTO outbox (change, document) VALUES (?, ?)", row, document.position)
    return row


def add_received(store: Store, position: int, change: Change, arrival: Arrival) -> bool:
    """Keep a change from the log, or note that one made here has come back. Returns whether it is new."""
    known = store.one("SELECT position FROM changes WHERE document = ? AND hash = ?", position, change.hash)
    _note_row(store, position, known[0] if known is not None else _insert(store, position, change), arrival)
    return known is None


def came_back(store: Store, position: int, hash: bytes, data: bytes, arrival: Arrival) -> bool:
    """Note that a change which is here has come from the log; False if it is not here, with exactly these bytes.

    So the device's own changes need not be read again when they come back.
    """
    known = store.one("SELECT position FROM changes WHERE document = ? AND hash = ? AND data = ?", position, hash, data)
    if known is not None:
        _note_row(store, position, known[0], arrival)
    return known is not None


def _note_row(store: Store, document: int, row: int, arrival: Arrival) -> None:
    store.run(
        "UPDATE changes SET accepted = 1, seq = ?, author = ?, device = ?, received_at = ? WHERE position = ?",
        arrival.seq,
        arrival.author,
        arrival.device,
        arrival.received_at,
        row,
    )
    store.run("DELETE FROM outbox WHERE change = ?", row)
    document_facts.note_arrival(store, document, arrival)


def set_aside(store: Store, position: int, hashes: Iterable[bytes]) -> None:
    """Leave changes out of their document for good: they do not apply, or would alter what must stay."""
    store.run_many(
        "UPDATE changes SET set_aside = 1, applied = 0 WHERE document = ? AND hash = ?",
        [(position, hash) for hash in hashes],
    )
    document_facts.find_again(store, position)


def note_applied(store: Store, changes: Iterable[StoredChange]) -> None:
    """These changes are part of what their document says here."""
    store.run_many("UPDATE changes SET applied = 1 WHERE position = ?", [(change.position,) for change in changes])


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
    rows = [(position, hash) for hash in hashes]
    later = [
        row
        for row in rows
        if store.one("SELECT 1 FROM changes WHERE document = ? AND hash = ? AND seq > ?", *row, arrival.seq)
    ]
    store.run_many("UPDATE changes SET accepted = 1, sealed = 1 WHERE document = ? AND hash = ?", rows)
    store.run_many(
        "UPDATE changes SET seq = ?, author = ?, device = ?, received_at = ?"
        " WHERE document = ? AND hash = ? AND (seq IS NULL OR seq > ?)",
        [(arrival.seq, arrival.author, arrival.device, arrival.received_at, *row, arrival.seq) for row in rows],
    )
    if later:
        document_facts.find_again(store, position)
    else:
        document_facts.note_blob(store, position, arrival)


def _insert(store: Store, position: int, change: Change, made_at: int | None = None) -> int:
    """A new row. What was made here (`made_at`) is applied, and the latest change of its document."""
    made = made_at is not None
    row = store.run(
        "INSERT INTO changes (document, hash, deps, actor, start_op, operations, size, made_at, applied, data)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        position,
        change.hash,
        b"".join(change.deps),
        change.actor,
        change.start_op,
        change.operations,
        len(change.data),
        made_at,
        made,
        change.data,
    )
    store.run(
        "UPDATE documents SET bytes = bytes + ?, operations = operations + ?,"
        " latest = CASE WHEN ? THEN ? ELSE latest END WHERE position = ?",
        len(change.data),
        change.operations,
        made,
        row,
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


_CHANGE = "SELECT position, hash, deps, actor, start_op, operations, size, accepted, set_aside, data FROM changes "


def _changes(store: Store, where: str, position: int) -> list[StoredChange]:
    """Changes of a document that have their bytes, in the order they came. Raises `StoreInvalid` for damaged ones."""
    return [_change(row, row[-1]) for row in store.all(_CHANGE + where, position)]


def changes_of(store: Store, position: int) -> list[StoredChange]:
    """All changes of a document, in the order they came. Raises `StoreInvalid` for damaged ones.

    Those that are in the saved document are taken out of it: that costs as much as there is.
    """
    rows = store.all(_CHANGE + "WHERE document = ? ORDER BY position", position)
    kept = saved.changes_in(store, position) if any(data is None for *_, data in rows) else {}
    return [_change(row, kept.get(row[1], b"") if row[-1] is None else row[-1]) for row in rows]


def _change(row: Row, data: bytes) -> StoredChange:
    position, hash, deps, actor, start_op, operations, size, accepted, aside, _ = row
    return StoredChange(
        position,
        hash,
        tuple(split(deps)),
        actor,
        start_op,
        operations,
        size,
        bool(accepted),
        bool(aside),
        saved.checked(hash, data),
    )


def beside_saved(store: Store, position: int) -> list[StoredChange]:
    """The applied changes of a document that are not in the saved one, dependencies first."""
    where = "INDEXED BY changes_with_bytes WHERE document = ? AND data IS NOT NULL AND applied ORDER BY position"
    changes = _changes(store, where, position)
    here = {change.hash for change in changes}
    return applicable(changes, {dep for change in changes for dep in change.deps if dep not in here})


def to_apply(store: Store, position: int) -> list[StoredChange]:
    """The changes of a document that are not applied yet and can be, dependencies first."""
    where = "INDEXED BY changes_to_apply WHERE document = ? AND NOT applied AND NOT set_aside ORDER BY position"
    changes = _changes(store, where, position)
    here = {change.hash for change in changes}
    named = {dep for change in changes for dep in change.deps if dep not in here}
    return applicable(changes, [dep for dep in named if is_applied(store, position, dep)])


def settled(store: Store, position: int) -> list[StoredChange]:
    """The changes beside the saved document that may go into it, dependencies first.

    The server holds them, they do not wait to be sent again, and all that they build on is there.
    """
    where = (
        "INDEXED BY changes_with_bytes WHERE document = ? AND accepted = 1 AND data IS NOT NULL AND applied"
        " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.change = changes.position) ORDER BY position"
    )
    changes = _changes(store, where, position)
    here = {change.hash for change in changes}
    named = {dep for change in changes for dep in change.deps if dep not in here}
    sql = "SELECT 1 FROM changes WHERE document = ? AND hash = ? AND data IS NULL"
    return applicable(changes, [dep for dep in named if store.one(sql, position, dep) is not None])


def is_applied(store: Store, position: int, hash: bytes) -> bool:
    """Whether that change is part of what the document says here."""
    row = store.one("SELECT applied FROM changes WHERE document = ? AND hash = ?", position, hash)
    return row is not None and bool(row[0])


def applicable(changes: Iterable[StoredChange], applied: Iterable[bytes] = ()) -> list[StoredChange]:
    """Those not among `applied` whose dependencies are all there, dependencies first.

    A change that waits for one that has not come, or was quarantined, is left out.
    """
    there = set(applied)
    ready: list[StoredChange] = []
    waiting: dict[bytes, list[StoredChange]] = {}
    for change in changes:
        if change.set_aside or change.hash in there:
            continue
        able = [change]
        while able:
            one = able.pop()
            lacking = next((dep for dep in one.deps if dep not in there), None)
            if lacking is not None:
                waiting.setdefault(lacking, []).append(one)
            elif one.hash not in there:
                there.add(one.hash)
                ready.append(one)
                able += reversed(waiting.pop(one.hash, ()))
    return ready


def any_change(store: Store, position: int) -> bool:
    """Whether there is any change of the document here."""
    return store.one("SELECT 1 FROM changes WHERE document = ? LIMIT 1", position) is not None


def drop_changes(store: Store, position: int, changes: Iterable[StoredChange]) -> None:
    """Forget changes of a document and mark it for rebuilding."""
    saved.take_apart(store, position)
    for change in changes:
        store.run("DELETE FROM outbox WHERE change = ?", change.position)
        store.run("DELETE FROM changes WHERE position = ?", change.position)
        store.run(
            "UPDATE documents SET bytes = bytes - ?, operations = operations - ? WHERE position = ?",
            change.size,
            change.operations,
            position,
        )
    store.run("UPDATE changes SET applied = 0 WHERE document = ?", position)
    document_facts.find_again(store, position)
    mark_for_rebuilding(store, position)


def mark_for_rebuilding(store: Store, position: int) -> None:
    """The rows of the document are to be written anew."""
    store.run("UPDATE documents SET dirty = ? WHERE position = ?", TO_REBUILD, position)


def mark_for_applying(store: Store, position: int) -> None:
    """Changes of the document have come that are to be applied."""
    store.run("UPDATE documents SET dirty = ? WHERE position = ? AND NOT dirty", TO_APPLY, position)


def drop_content(store: Store, position: int) -> None:
    """Forget all that is known of a document but its row: changes, blobs, outbox, projections, search."""
    store.run("DELETE FROM outbox WHERE document = ?", position)
    store.run("DELETE FROM changes WHERE document = ?", position)
    saved.forget(store, position)
    store.run("DELETE FROM sealed WHERE document = ?", position)
    search.forget(store, position)
    store.run("DELETE FROM entries WHERE document = ?", position)
    symptom_rows.forget(store, position)
    store.run("DELETE FROM records WHERE document = ?", position)
    store.run("DELETE FROM buckets WHERE document = ?", position)
    store.run("UPDATE documents SET bytes = 0, operations = 0 WHERE position = ?", position)
    document_facts.find_again(store, position)


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
