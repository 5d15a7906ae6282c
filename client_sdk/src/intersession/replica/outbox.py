"""What was written here and the server has not accepted yet, and what it will never accept.

Every change made here for a shared document is in the outbox from the transaction that made it until the
server has confirmed it (`settle`) or refused it for good (`refuse`). Functions work on an open store, under the
replica's lock.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from msgspec import Struct

from intersession.replica import held
from intersession.replica.instants import from_micros, to_micros
from intersession.replica.session import Outgoing

if TYPE_CHECKING:
    from intersession.replica.store import Store


class Pending(Struct, frozen=True):
    """How many changes the server has not accepted yet, and when the oldest was made."""

    changes: int
    oldest: datetime | None


def outgoing(store: Store, exclude: Collection[UUID], limit: int, limit_bytes: int) -> list[Outgoing]:
    """See `Store.outgoing`."""
    excluded = {id.bytes for id in exclude}
    found: list[Outgoing] = []
    seen: set[int] = set()
    room = limit_bytes
    after = 0
    while len(found) < limit and (room > 0 or not found):
        row = _next_document(store, after, seen, excluded)
        if row is None:
            break
        after, document, id, stream, kind = row
        seen.add(document)
        one = _outgoing(store, document, UUID(bytes=id), UUID(bytes=stream), kind, room, must=not found)
        if one is None:
            break
        found.append(one)
        room -= sum(map(len, one.changes))
    return found


def _next_document(
    store: Store, after: int, seen: set[int], excluded: set[bytes]
) -> tuple[int, int, bytes, bytes, str] | None:
    """The document of the oldest change after position `after` that is in neither set."""
    while True:
        row = store.one(
            "SELECT o.change, d.position, d.id, d.stream, d.kind FROM outbox o"
            " JOIN documents d ON d.position = o.document WHERE o.change > ? ORDER BY o.change LIMIT 1",
            after,
        )
        if row is None or (row[1] not in seen and row[2] not in excluded):
            return row
        after = row[0]


def _outgoing(
    store: Store, document: int, id: UUID, stream: UUID, kind: str, room: int, *, must: bool
) -> Outgoing | None:
    """The document's waiting changes that fit into `room` bytes; None if not one does, unless one `must` go."""
    changes: list[bytes] = []
    hashes: list[bytes] = []
    for hash, data in store.all(
        "SELECT c.hash, c.data FROM outbox o JOIN changes c ON c.position = o.change"
        " WHERE o.document = ? ORDER BY c.seq IS NULL, c.seq, o.change",  # what was in the log before comes first
        document,
    ):
        if len(data) > room and (changes or not must):
            break
        changes.append(data)
        hashes.append(hash)
        room -= len(data)
    return Outgoing(stream, id, kind, tuple(hashes), tuple(changes)) if changes else None


def settle(store: Store, document: UUID, hashes: Sequence[bytes]) -> None:
    """See `Store.settle`."""
    with store.transaction():
        found = held.find(store, document)
        if found is None:
            return
        for hash in hashes:
            store.run("UPDATE changes SET accepted = 1 WHERE document = ? AND hash = ?", found.position, hash)
        _leave(store, found.position, hashes)


def _leave(store: Store, position: int, hashes: Sequence[bytes]) -> None:
    store.run_many(
        "DELETE FROM outbox WHERE change = (SELECT position FROM changes WHERE document = ? AND hash = ?)",
        [(position, hash) for hash in hashes],
    )


def resend(store: Store, document: UUID) -> None:
    """See `Store.resend`."""
    with store.transaction():
        found = held.find(store, document)
        if found is not None and found.stream is not None:
            store.run(
                "INSERT OR IGNORE INTO outbox (change, document)"
                " SELECT position, document FROM changes WHERE document = ? AND NOT set_aside",
                found.position,
            )


def refuse(store: Store, document: UUID, hashes: Sequence[bytes], code: str, message: str) -> None:
    """See `Store.refuse`."""
    with store.transaction():
        found = held.find(store, document)
        if found is None:
            return
        _leave(store, found.position, hashes)
        changes = held.changes_of(store, found.position)
        # What was sent again is in the log already, whatever is said of it now.
        _drop(
            store, found, _with_dependants(changes, {c.hash for c in changes if not c.accepted}, hashes), code, message
        )


def quarantine(store: Store, document: held.HeldDocument, hash: bytes, code: str, message: str) -> None:
    """A change that the log holds but delivers to nobody: it leaves like a refused one."""
    changes = held.changes_of(store, document.position)
    droppable = {change.hash for change in changes if not change.accepted or change.hash == hash}
    _drop(store, document, _with_dependants(changes, droppable, [hash]), code, message)


def _with_dependants(
    changes: Sequence[held.HeldChange], droppable: Collection[bytes], refused: Sequence[bytes]
) -> list[held.HeldChange]:
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


def _drop(store: Store, found: held.HeldDocument, lost: Sequence[held.HeldChange], code: str, message: str) -> None:
    """Forget changes for good, but keep their bytes until `Documents.apply_dirty` has read them as text."""
    if not lost:
        return
    store.run(
        "INSERT INTO refusals (document, stream, kind, code, message, at, changes) VALUES (?, ?, ?, ?, ?, ?, ?)",
        found.id.bytes,
        found.stream,
        found.kind,
        code,
        message,
        to_micros(store.now()),
        msgspec.msgpack.encode([change.data for change in lost]),
    )
    held.drop_changes(store, found.position, lost)
    store.epoch += 1


def pending(store: Store) -> Pending:
    """See `Store.pending`: the outbox, and what waits for its stream because no server has been heard yet."""
    count, oldest = 0, None
    for sql in (
        "SELECT count(*), min(c.made_at) FROM outbox o JOIN changes c ON c.position = o.change",
        "SELECT count(*), min(made_at) FROM changes JOIN documents d ON d.position = document WHERE wish = 1",
    ):
        row = store.one(sql)
        assert row is not None  # an aggregate always has a row
        count += row[0]
        oldest = min(filter(None, (oldest, row[1])), default=None)
    return Pending(count, None if oldest is None else from_micros(oldest))
