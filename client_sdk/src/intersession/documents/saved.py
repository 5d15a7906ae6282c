"""Saved documents beside changes: one blob in the place of the bytes of many changes that the server has long accepted.

A document with many changes loads faster from one blob, which is a fraction of their size. The rows of the changes stay
(hash, author, when they arrived); only their bytes go, and only once the blob has been loaded again and has given back
every one of them. What needs bytes later takes them out of it. A change that the server does not hold, or that waits in
the outbox, keeps its own.

Invariant: the saved document holds exactly those changes of its document that have no bytes of their own.

Functions work on an open store; those that write, inside a transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from msgspec import Struct

from intersession.documents.rows import StoredChange
from intersession.errors import StoreInvalid
from intersession.store.store_file import PUT_BACK
from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document
from intersession_schemas.errors import DocumentError
from intersession_schemas.saved_documents import check_saved

if TYPE_CHECKING:
    from intersession.store.store import Store

MOST_CHANGES, MOST_BYTES = 64, 32 * 1024
"""With more accepted changes than this, or more bytes of them, beside what was saved, a document is saved again,"""
PART = 2
"""if they are so large a part of what was saved: saving costs what there is, so it is done for as much as is new."""
_READER = bytes(16)
_CHUNK, _PLAIN = 8, 1
"""Where the bytes begin that a change's hash is of, and the type of one that is not deflated."""


def checked(hash: bytes, data: bytes) -> bytes:
    """The bytes of a change, if they are those. Raises `StoreInvalid`."""
    if hash_of(data) != hash:
        raise damaged()
    return data


def hash_of(data: bytes) -> bytes | None:
    """The hash of a change; None for bytes that are none."""
    if data[_CHUNK : _CHUNK + 1] == bytes([_PLAIN]):
        found = sha256(data[_CHUNK:]).digest()
        return found if found.startswith(data[4:_CHUNK]) else None
    try:
        return read_change(data).hash
    except DocumentError:
        return None


def damaged() -> StoreInvalid:
    """The error for a document of which not everything is there as it was written."""
    return StoreInvalid(
        "A document in this store is damaged: it was changed on disk, or could not be read back as it was written. "
        f"Nothing was changed. {PUT_BACK} Or start a new one and pair it.",
        code="damaged",
    )


def load(store: Store, position: int) -> bytes:
    """The saved document; empty where there is none. Raises `StoreInvalid` for a damaged one, and for one that came so
    and would expand to more than its changes have."""
    row = store.one("SELECT length, digest, data, unread FROM saved WHERE document = ?", position)
    if row is None:
        return b""
    length, digest, data, unread = row
    if not _is_as_written(length, digest, data):
        raise damaged()
    if unread:
        inside = store.one(
            "SELECT count(*), sum(operations) FROM changes WHERE document = ? AND data IS NULL", position
        )
        try:
            check_saved(data, *(inside or (0, 0)))
        except DocumentError as failure:
            raise damaged() from failure
    return bytes(data)


def is_as_written(store: Store, position: int) -> bool:
    """Whether the saved document is what was written, whatever that was."""
    row = store.one("SELECT length, digest, data FROM saved WHERE document = ?", position)
    return row is not None and _is_as_written(*row)


def _is_as_written(length: int, digest: bytes, data: bytes) -> bool:
    return len(data) == length and sha256(data).digest() == digest


def changes_in(store: Store, position: int) -> dict[bytes | None, bytes]:
    """The changes that are in the saved document, by hash. Raises `StoreInvalid`."""
    data = load(store, position)
    try:
        return _changes(Document.load(data, _READER)) if data else {}
    except DocumentError as failure:
        raise damaged() from failure


def _changes(document: Document) -> dict[bytes | None, bytes]:
    return {hash_of(change): change for change in document.changes()}


def is_due(store: Store, position: int) -> bool:
    """Whether so much has been accepted beside what was saved that the document is to be saved again."""
    row = store.one(
        "SELECT count(*), sum(size), (SELECT length FROM saved WHERE document = ?) FROM changes"
        " INDEXED BY changes_with_bytes WHERE document = ? AND accepted = 1 AND data IS NOT NULL",
        position,
        position,
    )
    assert row is not None  # an aggregate always has a row
    count, size, before = row
    return (count > MOST_CHANGES or (size or 0) > MOST_BYTES) and (size or 0) * PART >= (before or 0)


class Gathered(Struct, frozen=True):
    """What a saved document is to be made of: the one `before`, and changes that the server holds, dependencies first.

    `wanted` are the hashes of all changes that will be in it.
    """

    position: int
    before: bytes
    changes: Sequence[StoredChange]
    wanted: frozenset[bytes]


class Saved(Struct, frozen=True):
    """A saved document that gives back every change that is in it."""

    heads: tuple[bytes, ...]
    data: bytes


def gather(store: Store, position: int, changes: Sequence[StoredChange]) -> Gathered:
    """All that is needed to save a document with these changes. Raises `StoreInvalid` where that is damaged."""
    return Gathered(position, load(store, position), changes, _inside(store, position).union(_hashes(changes)))


def make(gathered: Gathered) -> Saved | None:
    """The saved document; None where it would lose anything. Takes its time, and needs no lock."""
    joined = gathered.before + b"".join(change.data for change in gathered.changes)
    try:
        document = Document.load(joined, _READER)
        data = document.save()
        again = Document.load(data, _READER)
        if again.heads != document.heads or _changes(again).keys() != gathered.wanted:
            return None
    except DocumentError:  # some changes can be applied, but not be read once they are saved: see `Document.save`
        return None
    return Saved(document.heads, data)


def keep(store: Store, gathered: Gathered, made: Saved, settled: Sequence[StoredChange]) -> None:
    """Put it in the place of the bytes of its changes, unless it is not what it should be any more.

    `settled` are the changes that may give up their bytes now.
    """
    inside = _inside(store, gathered.position)
    if not _hashes(settled).issuperset(_hashes(gathered.changes)) or inside != gathered.wanted - _hashes(
        gathered.changes
    ):
        return
    store.run(
        "REPLACE INTO saved (document, length, digest, heads, data) VALUES (?, ?, ?, ?, ?)",
        gathered.position,
        len(made.data),
        sha256(made.data).digest(),
        b"".join(made.heads),
        made.data,
    )
    rows = [(change.position,) for change in gathered.changes]
    store.run_many("UPDATE changes SET data = NULL WHERE position = ?", rows)


def _inside(store: Store, position: int) -> frozenset[bytes]:
    """The hashes of the changes that have no bytes of their own."""
    rows = store.all("SELECT hash FROM changes WHERE document = ? AND data IS NULL", position)
    return frozenset(hash for (hash,) in rows)


def _hashes(changes: Sequence[StoredChange]) -> frozenset[bytes]:
    return frozenset(change.hash for change in changes)


def take_apart(store: Store, position: int) -> None:
    """Give all changes their bytes again, and forget the saved document. Raises `StoreInvalid` for a damaged one."""
    kept = changes_in(store, position)
    if not kept:
        return
    lacking = store.all("SELECT position, hash FROM changes WHERE document = ? AND data IS NULL", position)
    store.run_many(
        "UPDATE changes SET data = ? WHERE position = ?",
        [(checked(hash, kept.get(hash, b"")), row) for row, hash in lacking],
    )
    forget(store, position)


def forget(store: Store, position: int) -> None:
    """Delete the saved document."""
    store.run("DELETE FROM saved WHERE document = ?", position)
