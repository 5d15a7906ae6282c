"""The streams of a log as a whole: whether each row follows from the one before it, and the stream ends with the last.

What is found is told by id and number, never by content.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from uuid import UUID

from intersession_schemas.streams import Audience
from intersession_server.log import chain
from intersession_server.log.saved import sqlite as saved
from intersession_server.log.soundness import rows as sound
from intersession_server.log.store import DamagedLog, erasure_hash

LAST_ROWS = 20
"""Rows of each stream that are looked at whenever the server starts."""

Progress = Callable[[int, int], None]
"""Called with how many rows were looked at, of how many."""

_UNREADABLE = (sqlite3.DatabaseError, ValueError, TypeError, OverflowError, AttributeError)


def check_ends(connection: sqlite3.Connection, last: int = LAST_ROWS) -> None:
    """Look at the last rows of every stream. Raises `DamagedLog`, `sqlite3.Error` where the disk fails."""
    stream = None
    try:
        for (id_,) in connection.execute("SELECT id FROM streams").fetchall():
            stream = UUID(bytes=id_)
            _check_end(connection, stream, last)
    except _UNREADABLE as error:
        if not sound.is_damage(error):
            raise
        raise DamagedLog(sound.FILE_NAME, stream) from error


def _check_end(connection: sqlite3.Connection, stream: UUID, last: int) -> None:
    head, applied, chained, audience = connection.execute(
        "SELECT head, applied, chain, audience FROM streams WHERE id = ?", (stream.bytes,)
    ).fetchone()
    Audience(audience)
    (highest,) = connection.execute(
        "SELECT coalesce(max(seq), 0) FROM rows WHERE stream = ?", (stream.bytes,)
    ).fetchone()
    if highest != head or not 0 <= applied <= head:
        raise DamagedLog(sound.FILE_NAME, stream, highest)
    if _follow(connection, stream, max(0, head - last), head) != chained:
        raise DamagedLog(sound.FILE_NAME, stream, head)


def _follow(connection: sqlite3.Connection, stream: UUID, after: int, head: int) -> bytes:
    """The chain at `head`, each row after `after` recomputed from the one before. Raises `DamagedLog`."""
    previous = chain.GENESIS
    if after:
        found = connection.execute(
            "SELECT chain FROM rows WHERE stream = ? AND seq = ?", (stream.bytes, after)
        ).fetchone()
        if found is None:
            raise DamagedLog(sound.FILE_NAME, stream, after)
        (previous,) = found
    rows = connection.execute(
        "SELECT r.seq, r.document, d.kind, r.type, r.hash, r.author, r.device, r.received_at, r.chain"
        " FROM rows r JOIN documents d ON d.id = r.document WHERE r.stream = ? AND r.seq > ? ORDER BY r.seq",
        (stream.bytes, after),
    )
    seq = after
    for number, document, kind, type_, hash_, author, device, received_at, stored in rows:
        seq += 1
        if number != seq or stored not in _links(
            previous, stream, seq, UUID(bytes=document), type_, kind, hash_, author, device, received_at
        ):
            raise DamagedLog(sound.FILE_NAME, stream, seq)
        previous = stored
    if seq != head:
        raise DamagedLog(sound.FILE_NAME, stream, seq + 1)
    return previous


def _links(
    previous: bytes,
    stream: UUID,
    seq: int,
    document: UUID,
    type_: str,
    kind: str,
    hash_: bytes,
    author: bytes,
    device: bytes,
    received_at: int,
) -> Iterator[bytes]:
    """What the chain may be at a row: it is over what a row was written as, and a change may have been quarantined."""
    if (type_ == "erasure") is not (hash_ == erasure_hash(document)):
        return
    for written in (type_, "change") if type_ == "quarantine" else (type_,):
        yield chain.extend(
            previous,
            stream,
            seq,
            document,
            written,
            kind,
            hash_,
            UUID(bytes=author),
            UUID(bytes=device),
            received_at,
        )


def damage_of(connection: sqlite3.Connection, progress: Progress) -> Iterator[DamagedLog]:
    """Look at every row of every stream, bytes included; gives what is damaged. Raises `sqlite3.Error` where no streams
    can be read at all."""
    streams = connection.execute("SELECT id, head FROM streams ORDER BY id").fetchall()
    done, total = 0, sum(head for _, head in streams)
    for id_, head in streams:
        stream = UUID(bytes=id_)
        for check in (_whole_chain, sound.check_whole, _every_row, _every_saved_document):
            try:
                check(connection, stream)
            except DamagedLog as error:
                yield error
            except _UNREADABLE as error:
                if not sound.is_damage(error):
                    raise
                yield DamagedLog(sound.FILE_NAME, stream)
        done += head
        progress(done, total)


def _whole_chain(connection: sqlite3.Connection, stream: UUID) -> None:
    (head,) = connection.execute("SELECT head FROM streams WHERE id = ?", (stream.bytes,)).fetchone()
    _check_end(connection, stream, head)


def _every_row(connection: sqlite3.Connection, stream: UUID) -> None:
    (head,) = connection.execute("SELECT head FROM streams WHERE id = ?", (stream.bytes,)).fetchone()
    for _ in sound.rows(connection, stream, 0, head):
        pass


def _every_saved_document(connection: sqlite3.Connection, stream: UUID) -> None:
    for through in saved.altered(connection, stream):
        raise DamagedLog(sound.FILE_NAME, stream, through)
