"""What was written here and the server has not accepted yet, and what it will never accept.

Every change made here for a shared document is in the outbox from the transaction that made it until the
server has confirmed it (`settle`) or refused it for good (`refuse`). Blobs of a vault (`sealed`) and documents to
be erased (`erasures`) wait in tables of their own and are sent from here as well. Functions work on an open store,
under the replica's lock.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from msgspec import Struct

from intersession.documents import erasures, saved, sealed, stored
from intersession.documents.rows import StoredChange, StoredDocument
from intersession.models.devices import Amount
from intersession.protocol.outgoing import Outgoing
from intersession_schemas.errors import RefusalCode
from intersession_schemas.records.instants import from_micros
from intersession_schemas.streams import Audience

if TYPE_CHECKING:
    from intersession.store.store import Store


_WISHED = (
    "SELECT count(*), min(made_at) FROM changes JOIN documents d ON d.position = document"
    " WHERE d.stream IS NULL AND d.wish = 1"
)
_FROM_THERE = """
    accepted AND seq IS NULL AND document IN (
        SELECT d.position FROM documents d JOIN streams s ON s.id = d.stream
            WHERE s.stopped IS NULL AND NOT d.erased AND s.audience
"""
_UNCONFIRMED_SAVED = f"SELECT DISTINCT document FROM changes WHERE {_FROM_THERE} <> ?) AND data IS NULL"  # noqa: S608
_UNCONFIRMED = f"""
    INSERT OR IGNORE INTO outbox (change, document)
        SELECT position, document FROM changes WHERE {_FROM_THERE} <> ?) AND NOT set_aside
"""  # noqa: S608 - constants are put in
_UNCONFIRMED_BLOBS = f"UPDATE sealed SET waiting = 1 WHERE {_FROM_THERE} = ?)"  # noqa: S608 - likewise
MOST_CHANGES = 1000
"""Changes of one document that are read, and sent, at once."""


class Pending(Struct, frozen=True):
    """How many changes the server has not accepted yet, and when the oldest was made."""

    changes: int
    oldest: datetime | None


def outgoing(store: Store, exclude: Collection[UUID], limit: int, limit_bytes: int) -> list[Outgoing]:
    """What to push next, oldest first, at most `limit` documents and (but for the first change) `limit_bytes`.

    `exclude` names documents with a push under way. What is withdrawn goes first, then changes, then blobs of the
    vault. What a copy takes the place of is erased last: only once the server holds the copy.
    """
    excluded = {id.bytes for id in exclude}
    found = erasures.outgoing(store, excluded, limit, withdrawn=True)
    plain = _plain(store, excluded, limit - len(found), limit_bytes, must=not found)
    found += plain
    room = limit_bytes - sum(len(change) for one in plain for change in one.changes)
    found += sealed.outgoing(store, excluded, limit - len(found), room, must=not found)
    room_left = limit - len(found)
    return found + erasures.outgoing(store, excluded, room_left, withdrawn=False, all_sent=_all_sent(store))


def _all_sent(store: Store) -> bool:
    """Whether nothing of the record waits to be sent."""
    waiting = store.one("SELECT 1 FROM outbox LIMIT 1")
    wished = store.one("SELECT 1 FROM documents WHERE stream IS NULL AND wish = 1 LIMIT 1")
    return waiting is None and wished is None


def _plain(store: Store, excluded: set[bytes], limit: int, limit_bytes: int, *, must: bool) -> list[Outgoing]:
    found: list[Outgoing] = []
    if limit < 1 or (limit_bytes < 1 and not must):
        return found
    room = limit_bytes
    # What this costs does not depend on how much waits: each document of the outbox is one row, in its order.
    for document, id, stream, kind in store.all(
        "SELECT d.position, d.id, d.stream, d.kind FROM outbox_documents o JOIN documents d ON d.position = o.document"
        " WHERE NOT EXISTS (SELECT 1 FROM streams s WHERE s.id = d.stream AND s.stopped IS NOT NULL)"
        " ORDER BY o.oldest LIMIT ?",
        limit + len(excluded),
    ):
        if id in excluded:
            continue
        one = _outgoing(store, document, UUID(bytes=id), UUID(bytes=stream), kind, room, must=must and not found)
        if one is None:
            break
        found.append(one)
        room -= sum(map(len, one.changes))
        if len(found) == limit or room < 1:
            break
    return found


def _outgoing(
    store: Store, document: int, id: UUID, stream: UUID, kind: str, room: int, *, must: bool
) -> Outgoing | None:
    """The document's waiting changes that fit into `room` bytes; None if not one does, unless one `must` go."""
    changes: list[bytes] = []
    hashes: list[bytes] = []
    for hash, data in store.all(
        "SELECT c.hash, c.data FROM outbox o JOIN changes c ON c.position = o.change WHERE o.document = ?"
        " ORDER BY c.seq IS NULL, c.seq, o.change LIMIT ?",  # what was in the log before comes first
        document,
        MOST_CHANGES,
    ):
        if len(data) > room and (changes or not must):
            break
        changes.append(data)
        hashes.append(hash)
        room -= len(data)
    return Outgoing(stream, id, kind, tuple(hashes), tuple(changes)) if changes else None


def settle(store: Store, document: UUID, hashes: Sequence[bytes]) -> None:
    """The server has accepted these changes: they leave the outbox."""
    with store.transaction():
        found = stored.find(store, document)
        if found is None:
            return
        sealed.settle(store, found.position, hashes)
        for hash in hashes:
            store.run("UPDATE changes SET accepted = 1 WHERE document = ? AND hash = ?", found.position, hash)
        _leave(store, found.position, hashes)


def _leave(store: Store, position: int, hashes: Sequence[bytes]) -> None:
    store.run_many(
        "DELETE FROM outbox WHERE change = (SELECT position FROM changes WHERE document = ? AND hash = ?)",
        [(position, hash) for hash in hashes],
    )


def resend(store: Store, document: UUID) -> None:
    """The server lacks changes of the document: all of them go into the outbox again."""
    with store.transaction():
        found = stored.find(store, document)
        if found is None or found.stream is None:
            return
        if stored.is_vault(store, found.stream):
            sealed.resend(store, found.position)
        else:
            saved.take_apart(store, found.position)
            store.run(
                "INSERT OR IGNORE INTO outbox (change, document)"
                " SELECT position, document FROM changes WHERE document = ? AND NOT set_aside",
                found.position,
            )


def resend_unconfirmed(store: Store) -> None:
    """What a server has accepted, and whose row has not come, goes into the outbox again.

    Mostly the row is on its way, and the server answers as it did. But the log may have been put back to what it was
    before, with all that this device has read of it: then nobody else tells that it lacks these.
    """
    with store.transaction():
        for (position,) in store.all(_UNCONFIRMED_SAVED, Audience.VAULT.value):
            saved.take_apart(store, position)
        store.run(_UNCONFIRMED, Audience.VAULT.value)
        store.run(_UNCONFIRMED_BLOBS, Audience.VAULT.value)
        erasures.ask_unconfirmed_again(store)


def refuse(store: Store, document: UUID, hashes: Sequence[bytes], code: str, message: str) -> None:
    """The server will never take these changes.

    They leave the store with every change made here that builds on them; the document is marked for
    `applying`, which rebuilds it and keeps the refused edit as text.
    """
    with store.transaction():
        if not hashes and erasures.refuse(store, document, code, message):
            return
        found = stored.find(store, document)
        if found is None:
            return
        if code == RefusalCode.ERASED:
            erasures.arrive(store, found)
            stored.compact_search(store)
            return
        if stored.is_vault(store, found.stream):
            if sealed.refuse(store, found, hashes):
                erasures.note_refusal(store, found, code, message)
            return
        _leave(store, found.position, hashes)
        changes = stored.changes_of(store, found.position)
        # What was sent again is in the log already, whatever is said of it now.
        _drop(
            store, found, _with_dependants(changes, {c.hash for c in changes if not c.accepted}, hashes), code, message
        )


def quarantine(store: Store, document: StoredDocument, hash: bytes, code: str, message: str) -> None:
    """A change that the log holds but delivers to nobody: it leaves like a refused one."""
    changes = stored.changes_of(store, document.position)
    droppable = {change.hash for change in changes if not change.accepted or change.hash == hash}
    _drop(store, document, _with_dependants(changes, droppable, [hash]), code, message)


def _with_dependants(
    changes: Sequence[StoredChange], droppable: Collection[bytes], refused: Sequence[bytes]
) -> list[StoredChange]:
    """The refused ones that may be dropped, and every such change that builds on one of them."""
    lost = set(refused).intersection(droppable)
    grown = True
    while grown:
        grown = False
        for change in changes:
            if change.hash not in lost and change.hash in droppable and lost.intersection(change.deps):
                lost.add(change.hash)
                grown = True
    return [change for change in changes if change.hash in lost]


def _drop(store: Store, found: StoredDocument, lost: Sequence[StoredChange], code: str, message: str) -> None:
    """Forget changes for good, but keep their bytes until `applying` has read them as text."""
    if not lost:
        return
    erasures.note_refusal(store, found, code, message, [change.data for change in lost])
    stored.drop_changes(store, found.position, lost)
    store.epoch += 1


def pending(store: Store) -> Pending:
    """What the server has not accepted yet: the outbox with blobs and erasures, and what waits for its stream because
    no server has been heard yet."""
    count, oldest = erasures.waiting(store)
    for sql in (
        "SELECT count(*), min(c.made_at) FROM outbox o JOIN changes c ON c.position = o.change",
        _WISHED,
        "SELECT count(*), min(made_at) FROM sealed WHERE waiting",
    ):
        row = store.one(sql)
        assert row is not None  # an aggregate always has a row
        count += row[0]
        oldest = min(filter(None, (oldest, row[1])), default=None)
    return Pending(count, None if oldest is None else from_micros(oldest))


def waits(store: Store) -> bool:
    """Whether anything is pending."""
    return any(
        store.one(sql) is not None
        for sql in (
            "SELECT 1 FROM outbox LIMIT 1",
            "SELECT 1 FROM sealed WHERE waiting LIMIT 1",
            "SELECT 1 FROM erasures WHERE settled_at IS NULL LIMIT 1",
            "SELECT 1 FROM documents WHERE stream IS NULL AND wish = 1 LIMIT 1",
        )
    )


def amount(store: Store) -> Amount:
    """How many documents have something pending, and how many bytes that is."""
    documents = size = 0
    for sql in (
        "SELECT count(*), sum(bytes) FROM outbox_documents",
        "SELECT count(DISTINCT document), sum(length(data)) FROM sealed WHERE waiting",
        "SELECT count(*), 0 FROM erasures WHERE settled_at IS NULL",
        "SELECT count(*), sum(bytes) FROM documents WHERE stream IS NULL AND wish = 1",
    ):
        row = store.one(sql)
        assert row is not None
        documents, size = documents + row[0], size + (row[1] or 0)
    return Amount(documents, size)
