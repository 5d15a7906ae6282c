"""Rows as they leave the log's file, each compared with what was written.

Every function of the log that gives rows to anybody reads them here. A row that differs from its sum, is missing, or
cannot be read at all raises `DamagedLog`; nothing of it is given.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

from intersession_schemas.changes import read_change
from intersession_schemas.errors import DocumentError
from intersession_schemas.messages import Row, RowType
from intersession_schemas.records.instants import from_micros
from intersession_server.log import chain
from intersession_server.log.store import DamagedLog

FILE_NAME = "log.db"
_BYTES = "iif(d.erased IS NULL, r.change, NULL)"  # what was withdrawn is given to nobody, kept or not
_SUM = "iif(d.erased IS NULL OR r.type = 'erasure', r.sum, NULL)"  # so nothing of it is checked
ROW = (
    f"r.stream, r.seq, r.document, d.kind, r.hash, r.author, r.device, r.received_at, {_BYTES}, {_SUM},"
    " d.erased, r.type"
)
"""The columns that `checked` takes, of `rows r JOIN documents d`."""


def rows(connection: sqlite3.Connection, stream: UUID, after: int, through: int) -> Iterator[tuple[Row, bool]]:
    """All rows of a stream after one through another, in order, read as they are asked for; whether readers are given
    them. Raises `DamagedLog`."""
    found = connection.execute(
        f"SELECT {ROW} FROM rows r INDEXED BY rows_in_order JOIN documents d ON d.id = r.document"  # noqa: S608 - a constant is put in
        " WHERE r.stream = ? AND r.seq > ? AND r.seq <= ? ORDER BY r.seq",
        (stream.bytes, after, through),
    )
    seq = after
    for row, given in _read(connection, found):
        seq += 1
        if row.seq != seq:
            raise DamagedLog(FILE_NAME, stream, seq)
        yield row, given
    if seq < through:
        raise DamagedLog(FILE_NAME, stream, seq + 1)


def of_document(
    connection: sqlite3.Connection, document: bytes, through: int, after: int = 0
) -> Iterator[tuple[Row, bool]]:
    """The rows of a document in order, those after one through another; whether readers are given them. Raises
    `DamagedLog`.

    They are found by the index of which `check_whole` knows that it lacks none.
    """
    found = connection.execute(
        f"SELECT {ROW} FROM rows r INDEXED BY rows_by_hash JOIN documents d ON d.id = r.document"  # noqa: S608 - a constant is put in
        " WHERE r.document = ? AND r.seq > ? AND r.seq <= ? ORDER BY r.seq",
        (document, after, through),
    )
    return _read(connection, found)


def _read(connection: sqlite3.Connection, found: sqlite3.Cursor) -> Iterator[tuple[Row, bool]]:
    ids: dict[bytes, UUID] = {}  # the same few come again and again
    erasures: set[bytes] = set()

    def known(data: bytes) -> UUID:
        return ids.get(data) or ids.setdefault(data, UUID(bytes=data))

    for columns in found:
        checked(connection, columns, erasures)
        _, seq, document, kind, hash_, author, device, received_at, change, _, erased, type_ = columns
        row = Row(
            seq,
            known(document),
            kind,
            hash_,
            known(author),
            known(device),
            from_micros(received_at),
            RowType(type_),
            (change or b"") if type_ == RowType.CHANGE else b"",
        )
        yield row, type_ == "erasure" or (erased is None and (type_ == "quarantine" or change is not None))


def checked(connection: sqlite3.Connection, columns: Sequence[Any], erasures: set[bytes]) -> None:
    """Compare a row, its columns as `ROW` has them, with what was written. Raises `DamagedLog`.

    `erasures` are documents of which it is known that they were erased; grows.
    """
    stream, seq, document, _, hash_, _, _, _, change, sum_, erased, type_ = columns
    try:
        sound = _is_sound(columns[:9], hash_, change, sum_, type_)
        if sound and erased is not None and document not in erasures:
            sound = _was_erased(connection, stream, document, erased)
            erasures.add(document)
        elif type_ == "erasure":
            sound = sound and erased == seq
    except (ValueError, TypeError, OverflowError):
        sound = False
    if not sound:
        raise DamagedLog(FILE_NAME, UUID(bytes=stream), seq)


def _is_sound(stored: Sequence[Any], hash_: bytes, change: bytes | None, sum_: bytes | None, type_: str) -> bool:
    RowType(type_)
    if type_ == "change" and change is None and sum_ is None:
        return True  # its bytes were dropped
    if sum_ is not None:
        return chain.row_sum(*stored) == sum_
    return change is None or is_change_of(hash_, change)


def is_damage(error: Exception) -> bool:
    """Whether reading failed because the file is not what was written, not because the disk did not answer."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    # Values that no row can have; text that is no UTF-8 is an error of Python's, without a code of SQLite's.
    return not isinstance(error, sqlite3.Error) or "decode" in str(error)


def is_change_of(hash_: bytes, change: bytes) -> bool:
    """Whether these bytes are the change of that hash; what cannot be read has the hash of its bytes."""
    if sha256(change).digest() == hash_:
        return True
    try:
        return read_change(change).hash == hash_
    except DocumentError:
        return False


def _was_erased(connection: sqlite3.Connection, stream: bytes, document: bytes, erased: int) -> bool:
    found = connection.execute(
        "SELECT document, type FROM rows WHERE stream = ? AND seq = ?", (stream, erased)
    ).fetchone()
    return found is not None and tuple(found) == (document, "erasure")


def check_whole(connection: sqlite3.Connection, stream: UUID) -> None:
    """Whether every row of a stream is found, by its number and by its document: what is read by an index could be
    left out silently. Raises `DamagedLog`."""
    id_ = stream.bytes
    (head,) = connection.execute("SELECT head FROM streams WHERE id = ?", (id_,)).fetchone()
    in_order = connection.execute(
        "SELECT count(*), coalesce(min(seq), 1), coalesce(max(seq), 0) FROM rows INDEXED BY rows_in_order"
        " WHERE stream = ?",
        (id_,),
    ).fetchone()
    (by_document,) = connection.execute(
        "SELECT count(*) FROM documents d INDEXED BY documents_by_creation"
        " CROSS JOIN rows r INDEXED BY rows_by_hash ON r.document = d.id"
        " WHERE d.stream = ? AND d.kind <> ''",  # which only the table itself has
        (id_,),
    ).fetchone()
    if in_order != (head, 1, head) or by_document != head:
        raise DamagedLog(FILE_NAME, stream)
    misplaced = connection.execute(
        "SELECT d.created FROM documents d INDEXED BY documents_by_creation"
        " LEFT JOIN rows r ON r.stream = d.stream AND r.seq = d.created"
        " LEFT JOIN rows e ON e.stream = d.stream AND e.seq = d.erased"
        " WHERE d.stream = ? AND (r.document IS NOT d.id"
        " OR d.erased IS NOT NULL AND (e.document IS NOT d.id OR e.type IS NOT 'erasure')) LIMIT 1",
        (id_,),
    ).fetchone()
    if misplaced:
        raise DamagedLog(FILE_NAME, stream, misplaced[0])
