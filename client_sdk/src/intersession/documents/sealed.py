"""The blobs of a vault as rows: sealed at the edit, sent exactly so until accepted, opened when they come.

`changes` holds what was in them, as for any other document; so reading, merging and projecting know nothing of
blobs. Functions work on an open store, inside a transaction where they write.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

from intersession.documents import saved, stored
from intersession.documents.rows import Arrival, StoredDocument
from intersession.protocol.outgoing import Outgoing
from intersession.sealing import sealing, vault_keys
from intersession.sealing.sealing import Content, Unopened, VaultKey
from intersession_schemas.changes import read_change
from intersession_schemas.errors import REFUSAL_TEXT, DocumentError, RefusalCode
from intersession_schemas.records.instants import to_micros
from intersession_schemas.streams import Kind

if TYPE_CHECKING:
    from intersession.store.store import Store

MOST_BLOBS = 32
"""With so many more accepted blobs than a document of its size needs, the next edit re-encrypts all of it, in their
place."""
PORTION = 48 * 1024
"""About how many bytes of changes go into one blob. With the hashes of those it takes the place of, it fits into the
smallest frame that a server may be set to take (64 KiB): what was refused as too large would stay here for ever."""


# -- sealing -----------------------------------------------------------------------------------------------------------


def seal_changes(store: Store, document: StoredDocument) -> None:
    """Seal the changes of a vault's document that are in no blob yet. While the vault is locked, they wait."""
    key = vault_keys.sealing_key(store)
    if key is None or document.stream is None:
        return
    fresh = store.all(
        "SELECT position, hash, data FROM changes INDEXED BY changes_with_bytes"
        " WHERE document = ? AND data IS NOT NULL AND NOT sealed ORDER BY position",
        document.position,
    )
    if not fresh:
        return
    replaced = _worn(store, document.position)
    changes = [(hash, data) for _, hash, data in fresh]
    if replaced:
        changes = [(change.hash, change.data) for change in stored.changes_of(store, document.position)]
    portions = list(_portions(changes))
    for number, portion in enumerate(portions, start=1):
        # What is replaced must be whole in what was sent before: the last portion says so.
        names = replaced if number == len(portions) else []
        content = Content([data for _, data in portion], names)
        blob = sealing.seal(key, UUID(bytes=document.stream), document.id, content)
        add_made(store, document.position, blob, changes=[hash for hash, _ in portion], replaces=names)
    store.run_many("UPDATE changes SET sealed = 1 WHERE position = ?", [(row,) for row, _, _ in fresh])


def _worn(store: Store, position: int) -> list[bytes]:
    """The blobs that a new one is to take the place of: all that the server has and this device has read, if many."""
    more = "SELECT 1 FROM sealed WHERE document = ? AND accepted AND state = 'open' LIMIT 1 OFFSET ?"
    if store.one(more, position, MOST_BLOBS) is None:
        return []
    rows = store.all(
        "SELECT hash, length(data) FROM sealed WHERE document = ? AND accepted AND state = 'open' ORDER BY position",
        position,
    )
    needed = 2 * sum(size for _, size in rows) // PORTION  # any two portions in a row hold more than one is to
    under_way = store.one("SELECT 1 FROM sealed WHERE document = ? AND waiting AND length(replaces) > 0", position)
    return [hash for hash, _ in rows] if len(rows) > MOST_BLOBS + needed and under_way is None else []


def _portions(rows: Iterable[tuple[bytes, bytes]]) -> Iterator[list[tuple[bytes, bytes]]]:
    portion: list[tuple[bytes, bytes]] = []
    size = 0
    for row in rows:
        if portion and size + len(row[1]) > PORTION:
            yield portion
            portion, size = [], 0
        portion.append(row)
        size += len(row[1])
    if portion:
        yield portion


def add_made(
    store: Store, position: int, blob: bytes, *, changes: Sequence[bytes] = (), replaces: Sequence[bytes] = ()
) -> None:
    """Keep a blob that was made here until the server has it."""
    store.run(
        "INSERT INTO sealed (document, hash, data, state, changes, replaces, made_at, waiting)"
        " VALUES (?, ?, ?, 'open', ?, ?, ?, 1)",
        position,
        sha256(blob).digest(),
        blob,
        b"".join(changes),
        b"".join(replaces),
        to_micros(store.now()),
    )


def stop_sending(store: Store, position: int, hashes: Iterable[bytes]) -> None:
    """Blobs that another one takes the place of need not be sent any more."""
    for hash in hashes:
        store.run("UPDATE sealed SET waiting = 0 WHERE document = ? AND hash = ?", position, hash)


# -- to the server -----------------------------------------------------------------------------------------------------


def outgoing(store: Store, excluded: Collection[bytes], limit: int, room: int, *, must: bool) -> list[Outgoing]:
    """Blobs that wait to be sent, oldest first, one item a document; see `outbox.outgoing`."""
    found: list[Outgoing] = []
    seen: set[int] = set()
    after = 0
    while len(found) < limit and (room > 0 or (must and not found)):
        row = store.one(
            "SELECT b.position, d.position, d.id, d.stream, d.kind FROM sealed b JOIN documents d"
            " ON d.position = b.document WHERE b.waiting AND b.position > ?"
            " AND NOT EXISTS (SELECT 1 FROM streams s WHERE s.id = d.stream AND s.stopped IS NOT NULL)"
            " ORDER BY b.position LIMIT 1",
            after,
        )
        if row is None:
            break
        after, position, id, *_ = row
        if position in seen or id in excluded:
            continue
        seen.add(position)
        one = _outgoing(store, position, row[2:], room, must=must and not found)
        if one is None:
            break
        found.append(one)
        room -= sum(map(len, one.changes))
    return found


def _outgoing(store: Store, position: int, of: tuple[bytes, bytes, str], room: int, *, must: bool) -> Outgoing | None:
    blobs: list[bytes] = []
    hashes: list[bytes] = []
    replaces: list[bytes] = []
    for hash, data, names in store.all(
        "SELECT hash, data, replaces FROM sealed WHERE document = ? AND waiting ORDER BY position", position
    ):
        if len(data) > room and (blobs or not must):
            break
        blobs.append(data)
        hashes.append(hash)
        replaces += [name for name in stored.split(names) if _is_there(store, position, name)]
        room -= len(data)
    id, stream, kind = of
    if not blobs:
        return None
    return Outgoing(UUID(bytes=stream), UUID(bytes=id), kind, tuple(hashes), tuple(blobs), replaces=tuple(replaces))


def _is_there(store: Store, position: int, hash: bytes) -> bool:
    """Whether the server holds a blob, and is not just being sent it again."""
    sql = "SELECT 1 FROM sealed WHERE document = ? AND hash = ? AND accepted AND NOT waiting"
    return store.one(sql, position, hash) is not None


def settle(store: Store, position: int, hashes: Iterable[bytes]) -> None:
    """The server has these blobs; those they take the place of are not needed any more."""
    for hash in hashes:
        row = store.one("SELECT changes, replaces FROM sealed WHERE document = ? AND hash = ?", position, hash)
        if row is None:
            continue
        changes, replaces = row
        store.run(
            "UPDATE sealed SET accepted = 1, waiting = 0, replaces = x'' WHERE document = ? AND hash = ?",
            position,
            hash,
        )
        for change in stored.split(changes):
            store.run("UPDATE changes SET accepted = 1 WHERE document = ? AND hash = ?", position, change)
        _drop(store, position, stored.split(replaces))


def _drop(store: Store, position: int, hashes: Iterable[bytes]) -> None:
    store.run_many("DELETE FROM sealed WHERE document = ? AND hash = ?", [(position, hash) for hash in hashes])


def resend(store: Store, position: int) -> None:
    """The server lacks blobs of the document: all go out again, as they are."""
    store.run("UPDATE sealed SET waiting = 1 WHERE document = ?", position)


def refuse(store: Store, document: StoredDocument, hashes: Iterable[bytes]) -> bool:
    """The server will not take these blobs. What is in them stays here, and goes out with the next edit.

    Returns whether the server lacks any of them.
    """
    lacking = False
    for hash in hashes:
        row = store.one(
            "SELECT changes FROM sealed WHERE document = ? AND hash = ? AND NOT accepted", document.position, hash
        )
        stop_sending(store, document.position, [hash])
        if row is None:
            continue
        lacking = True
        if document.kind != Kind.VAULT_KEY:
            _drop(store, document.position, [hash])
            saved.take_apart(store, document.position)
            for change in stored.split(row[0]):
                store.run("UPDATE changes SET sealed = 0 WHERE document = ? AND hash = ?", document.position, change)
    return lacking


# -- from the server ---------------------------------------------------------------------------------------------------


def receive(store: Store, document: StoredDocument, hash: bytes, blob: bytes, arrival: Arrival) -> bool:
    """Keep a blob from the log; returns whether it is new. Raises `DocumentError` for damaged bytes."""
    if sha256(blob).digest() != hash:
        raise DocumentError(REFUSAL_TEXT[RefusalCode.BAD_CHECKSUM], code=RefusalCode.BAD_CHECKSUM)
    known = store.one("SELECT changes FROM sealed WHERE document = ? AND hash = ?", document.position, hash)
    if known is not None:
        settle(store, document.position, [hash])
        store.run("UPDATE sealed SET seq = ? WHERE document = ? AND hash = ?", arrival.seq, document.position, hash)
        stored.note_arrival(store, document.position, stored.split(known[0]), arrival)
        return False
    store.run(
        "INSERT INTO sealed (document, hash, data, state, accepted, seq, author, device, received_at)"
        " VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?)",
        document.position,
        hash,
        blob,
        "open" if document.kind == Kind.VAULT_KEY else "closed",
        arrival.seq,
        arrival.author,
        arrival.device,
        arrival.received_at,
    )
    wrapped = sealing.read_wrapped(blob) if document.kind == Kind.VAULT_KEY else None
    _drop(store, document.position, wrapped.replaces if wrapped is not None else ())
    return True


def open_blobs(store: Store, document: StoredDocument) -> None:
    """Open the document's blobs that wait for it, with the keys that are open; the others go on waiting."""
    rows = store.all(
        "SELECT position, data, seq, author, device, received_at FROM sealed"
        " WHERE document = ? AND state = 'closed' ORDER BY position",
        document.position,
    )
    keys = {key.id: key for key in vault_keys.open_keys(store)} if rows else {}
    for row, blob, *arrival in rows:
        name = sealing.key_id(blob)
        if name is not None and name not in keys:
            continue
        try:
            if name is None:
                raise Unopened
            _open(store, document, row, keys[name], blob, Arrival(*arrival))
        except (Unopened, DocumentError):
            store.run("UPDATE sealed SET state = 'unreadable' WHERE position = ?", row)


def _open(store: Store, document: StoredDocument, row: int, key: VaultKey, blob: bytes, arrival: Arrival) -> None:
    """All that is in a blob, or nothing of it: then it is never replaced, and a newer app may read it."""
    assert document.stream is not None
    content = sealing.open_blob(key, UUID(bytes=document.stream), document.id, blob)
    changes = [read_change(data) for data in content.changes]
    fresh = [change for change in changes if not stored.knows(store, document.position, change.hash)]
    if not stored.has_room(stored.at_position(store, document.position), fresh):
        raise DocumentError(REFUSAL_TEXT[RefusalCode.TOO_LARGE], code=RefusalCode.TOO_LARGE)
    for change in changes:
        stored.add_opened(store, document.position, change, arrival)
    store.run(
        "UPDATE sealed SET state = 'open', changes = ? WHERE position = ?",
        b"".join(change.hash for change in changes),
        row,
    )
    _drop(store, document.position, content.replaces)


def mark_closed(store: Store) -> None:
    """Mark the documents with blobs that wait for a key, so that `applying` tries them."""
    store.run("UPDATE documents SET dirty = 1 WHERE position IN (SELECT document FROM sealed WHERE state = 'closed')")


def any_of(store: Store, position: int) -> bool:
    """Whether there is any blob of the document here."""
    return store.one("SELECT 1 FROM sealed WHERE document = ?", position) is not None


def count(store: Store, state: str) -> int:
    """How many blobs are in that state."""
    return store.number("SELECT count(*) FROM sealed WHERE state = ? AND state <> 'open'", state)
