"""Saved documents in the log's file: functions of a connection, inside a transaction where they write."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from uuid import UUID

from intersession_server.log.saved.making import SavedDocument, ToSave, Unsaved


def find(connection: sqlite3.Connection, document: bytes) -> SavedDocument | None:
    """The saved document, if there is one and it is as it was written."""
    row = connection.execute(
        "SELECT through, data, inside, digest FROM saved WHERE document = ?", (document,)
    ).fetchone()
    if row is None:
        return None
    *columns, digest = row
    found = SavedDocument(*columns)
    return found if found.digest == digest else None


def unsaved(connection: sqlite3.Connection, ahead: Mapping[UUID, int], before: int, limit: int) -> Unsaved | None:
    """See `LogStore.unsaved`. `ahead`: how far streams are applied of which the file may not say so yet."""
    behind = connection.execute(
        "SELECT id, saved, applied FROM streams INDEXED BY streams_unsaved WHERE saved < head AND audience <> 'vault'"
    )
    for id_, done, in_file in behind:
        stream = UUID(bytes=id_)
        applied = max(in_file, ahead.get(stream, 0))
        at_rest = "SELECT 1 FROM rows WHERE stream = ? AND seq = ? AND received_at < ?"
        if done < applied and connection.execute(at_rest, (id_, applied, before)).fetchone():
            through = min(applied, done + limit)
            return Unsaved(stream, through, _documents(connection, id_, done, through))
    return None


_CAME = "SELECT document, count(*) AS number FROM rows WHERE stream = ? AND seq > ? AND seq <= ? GROUP BY document"


def _documents(connection: sqlite3.Connection, stream: bytes, after: int, through: int) -> tuple[ToSave, ...]:
    """The documents of these rows that are not erased. Of one that was never saved all rows are counted: few."""
    found = connection.execute(
        "SELECT d.id, ifnull(v.changes, 0),"  # noqa: S608 - a constant is put in
        " iif(v.changes IS NULL, (SELECT count(*) FROM rows r WHERE r.document = d.id), v.since + c.number)"
        f" FROM ({_CAME}) c JOIN documents d ON d.id = c.document LEFT JOIN saved v ON v.document = d.id"
        " WHERE d.erased IS NULL",
        (stream, after, through),
    )
    return tuple(ToSave(UUID(bytes=id_), inside, since) for id_, inside, since in found)


def keep(connection: sqlite3.Connection, stream: UUID, through: int, made: Mapping[UUID, SavedDocument]) -> None:
    """See `LogStore.keep_saved`."""
    connection.execute(
        f"UPDATE saved SET since = since + c.number FROM ({_CAME}) c"  # noqa: S608 - a constant is put in
        " WHERE c.document = saved.document",
        (stream.bytes, _saved(connection, stream), through),
    )
    connection.executemany(
        "INSERT OR REPLACE INTO saved (document, through, changes, digest, inside, data)"
        " SELECT ?, ?, ?, ?, ?, ? FROM documents WHERE id = ? AND erased IS NULL",
        [
            (document.bytes, one.through, one.changes, one.digest, one.inside, one.data, document.bytes)
            for document, one in made.items()
        ],
    )
    connection.execute("UPDATE streams SET saved = max(saved, ?) WHERE id = ?", (through, stream.bytes))


def _saved(connection: sqlite3.Connection, stream: UUID) -> int:
    """How far the documents of a stream have been looked at."""
    (done,) = connection.execute("SELECT saved FROM streams WHERE id = ?", (stream.bytes,)).fetchone()
    return int(done)


def forget(connection: sqlite3.Connection, document: bytes) -> None:
    """Nothing of the document is saved any more."""
    connection.execute("DELETE FROM saved WHERE document = ?", (document,))


def altered(connection: sqlite3.Connection, stream: UUID) -> Iterator[int]:
    """The last rows of those saved documents of a stream that are not what was written."""
    found = connection.execute(
        "SELECT v.through, v.data, v.inside, v.digest FROM saved v JOIN documents d ON d.id = v.document"
        " WHERE d.stream = ?",
        (stream.bytes,),
    )
    for *columns, digest in found:
        if SavedDocument(*columns).digest != digest:
            yield columns[0]
