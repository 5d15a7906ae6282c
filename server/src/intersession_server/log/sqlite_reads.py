"""What the readers run on the log's SQLite file: functions of a connection inside a read transaction.

All statements of one call see one moment of the file, so what a page holds is decided by the grants of that
moment. Rows beyond `applied` are seen by `unapplied` alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from intersession_schemas.messages import Row, RowType, SnapshotDocument
from intersession_schemas.records.instants import from_micros
from intersession_schemas.streams import Audience
from intersession_server.log import chain, checks
from intersession_server.log.saved import sqlite as saved
from intersession_server.log.soundness import rows as sound
from intersession_server.log.sqlite_writes import GRANT, read_grant
from intersession_server.log.store import (
    ROW_OVERHEAD,
    Access,
    BackfillPage,
    DamagedLog,
    Grant,
    LoggedRow,
    NotReadable,
    Offer,
    Page,
    Reader,
    Stream,
    weight,
)

_AT_ONCE = 200  # hashes looked up by one statement
_STREAM = "id, audience, practice, client, applied"


Ahead = Mapping[UUID, int]
"""How far streams are applied of which the file may not say so yet; it says no more than is here, or as much."""


# --- distribute -------------------------------------------------------------------------------------------------------


def page(
    connection: sqlite3.Connection,
    ahead: Ahead,
    reader: Reader,
    stream: UUID,
    grant: UUID,
    after: int,
    limit_bytes: int,
) -> Page | NotReadable:
    """See `LogStore.page`."""
    head = _readable_head(connection, ahead, reader, stream, grant)
    if head is None:
        return NotReadable(stream, grant)
    items: list[Row] = []
    room, through = limit_bytes, max(after, head)
    for row, given in sound.rows(connection, stream, after, head):
        if not given:
            continue
        if items and room < len(row.change) + ROW_OVERHEAD:
            through = items[-1].seq
            break
        room -= len(row.change) + ROW_OVERHEAD
        items.append(row)
    return Page(stream, items, through, chain_at(connection, stream, through) or b"", head)


def backfill(
    connection: sqlite3.Connection,
    ahead: Ahead,
    reader: Reader,
    stream: UUID,
    grant: UUID,
    head: int,
    below: int | None,
    limit_bytes: int,
) -> BackfillPage | NotReadable:
    """See `LogStore.backfill`."""
    applied = _readable_head(connection, ahead, reader, stream, grant)
    if applied is None:
        return NotReadable(stream, grant)
    head = min(head, applied)
    if below is None:
        sound.check_whole(connection, stream)
    items: list[SnapshotDocument] = []
    room, reached = limit_bytes, 0
    documents = connection.execute(
        "SELECT id, kind, created FROM documents WHERE stream = ? AND created < ? AND erased IS NULL"
        " ORDER BY created DESC",
        (stream.bytes, head + 1 if below is None else min(below, head + 1)),
    )
    for id_, kind, created in documents:
        document = _whole(connection, id_, kind, head)
        if document is None:
            continue
        size = weight(document)
        if items and room < size:
            break
        room -= size
        items.append(document)
        reached = created
    else:
        reached = 0
    return BackfillPage(stream, items, head, chain_at(connection, stream, head) or b"", reached)


def offers(connection: sqlite3.Connection, ahead: Ahead, reader: Reader) -> list[Offer]:
    """See `LogStore.offers`."""
    revoked = device_revoked(connection, reader.device)
    found = connection.execute(
        "SELECT g.id, g.stream, g.account, g.role, g.since, g.until,"
        " s.audience, coalesce(s.client, s.practice), s.applied, s.documents, s.bytes"
        " FROM grants g JOIN streams s ON s.id = g.stream WHERE g.account = ? AND g.until IS NULL"
        " ORDER BY g.since, g.id",
        (reader.account.bytes,),
    )
    offered = []
    for row in found:
        grant = read_grant(row[:6])
        audience = Audience(row[6])
        if checks.may_read_page(grant, audience, reader, grant.stream, device_revoked=revoked):
            client, applied, documents, size = row[7:]
            head = max(applied, ahead.get(grant.stream, 0))
            offered.append(
                Offer(grant.stream, audience, grant.role, grant.id, UUID(bytes=client), head, documents, size)
            )
    return offered


def access(connection: sqlite3.Connection, ahead: Ahead, reader: Reader, cursors: Mapping[UUID, int]) -> Access:
    """See `LogStore.access`."""
    may_read = offers(connection, ahead, reader)
    revoked = device_revoked(connection, reader.device)
    over = _ended(connection, reader, list(cursors), revoked=revoked)
    # Of a stream that this account never had nothing is said, not even whether its log is another one.
    known = {offer.stream for offer in may_read}.union(stream for stream, _ in over)
    chains = {stream: chain_at(connection, stream, cursors[stream]) for stream in cursors if stream in known}
    return Access(may_read, over, chains, revoked)


def _ended(
    connection: sqlite3.Connection, reader: Reader, streams: Sequence[UUID], *, revoked: bool
) -> list[tuple[UUID, UUID]]:
    if not streams:
        return []
    latest: dict[UUID, tuple[Grant, Audience]] = {}
    # What is looked through are the account's own grants, however many streams are asked about.
    for row in connection.execute(
        "SELECT g.id, g.stream, g.account, g.role, g.since, g.until, s.audience"
        " FROM grants g JOIN streams s ON s.id = g.stream WHERE g.account = ?"
        " ORDER BY g.until IS NULL DESC, g.until DESC, g.id",
        (reader.account.bytes,),
    ):
        grant = read_grant(row[:6])
        latest.setdefault(grant.stream, (grant, Audience(row[6])))
    over = []
    for stream in dict.fromkeys(streams):
        if stream in latest:
            grant, audience = latest[stream]
            if not checks.may_read_page(grant, audience, reader, stream, device_revoked=revoked):
                over.append((stream, grant.id))
    return over


def chain_at(connection: sqlite3.Connection, stream: UUID, seq: int) -> bytes | None:
    """See `LogStore.chain_at`."""
    if seq == 0:
        return b"" if _audience(connection, stream) else None
    row = connection.execute("SELECT chain FROM rows WHERE stream = ? AND seq = ?", (stream.bytes, seq)).fetchone()
    return chain.on_wire(row[0]) if row else None


def missing_changes(
    connection: sqlite3.Connection, stream: UUID, document: UUID, hashes: Sequence[bytes]
) -> list[bytes]:
    """See `LogStore.missing_changes`."""
    erased = "SELECT 1 FROM documents WHERE id = ? AND stream = ? AND erased IS NOT NULL"
    if connection.execute(erased, (document.bytes, stream.bytes)).fetchone():
        return []
    known: set[bytes] = set()
    for start in range(0, len(hashes), _AT_ONCE):
        some = hashes[start : start + _AT_ONCE]
        found = connection.execute(
            "SELECT hash FROM rows"  # noqa: S608 - what is put in are question marks
            f" WHERE document = ? AND stream = ? AND hash IN ({','.join('?' * len(some))})",
            (document.bytes, stream.bytes, *some),
        )
        known.update(hash_ for (hash_,) in found)
    return [hash_ for hash_ in hashes if hash_ not in known]


def device_revoked(connection: sqlite3.Connection, device: UUID) -> bool:
    """See `LogStore.device_revoked`."""
    found = connection.execute("SELECT 1 FROM revoked_devices WHERE device = ?", (device.bytes,)).fetchone()
    return found is not None


def grants_of(connection: sqlite3.Connection, stream: UUID) -> list[Grant]:
    """See `LogStore.grants_of`."""
    found = connection.execute(
        f"SELECT {GRANT} FROM grants WHERE stream = ? ORDER BY since, id",  # noqa: S608
        (stream.bytes,),
    )
    return [read_grant(row) for row in found]


def _readable_head(
    connection: sqlite3.Connection, ahead: Ahead, reader: Reader, stream: UUID, grant: UUID
) -> int | None:
    """The last row that this reader may have under this grant; None when it may have nothing."""
    found = connection.execute("SELECT audience, applied FROM streams WHERE id = ?", (stream.bytes,)).fetchone()
    if found is None:
        return None
    row = connection.execute(f"SELECT {GRANT} FROM grants WHERE id = ?", (grant.bytes,)).fetchone()  # noqa: S608
    held = read_grant(row) if row else None
    audience, applied = found
    revoked = device_revoked(connection, reader.device)
    if not checks.may_read_page(held, Audience(audience), reader, stream, device_revoked=revoked):
        return None
    return max(int(applied), ahead.get(stream, 0))


def _audience(connection: sqlite3.Connection, stream: UUID) -> Audience | None:
    found = connection.execute("SELECT audience FROM streams WHERE id = ?", (stream.bytes,)).fetchone()
    return Audience(found[0]) if found else None


def _whole(connection: sqlite3.Connection, id_: bytes, kind: str, through: int) -> SnapshotDocument | None:
    """A document that is not erased, as of row `through`; None where nothing of it is given. Of kinds whose rows set
    aside are told, it is all rows."""
    aside = checks.tells_set_aside(kind)
    found = None if aside else saved.find(connection, id_)
    if found is not None and found.through > through:
        found = None
    rows = [
        row
        for row, given in sound.of_document(connection, id_, through, 0 if found is None else found.through)
        if given and (row.type is RowType.CHANGE or (aside and row.type is RowType.QUARANTINE))
    ]
    if found is not None:
        return SnapshotDocument(UUID(bytes=id_), kind, rows, found.data, found.rows)
    return SnapshotDocument(UUID(bytes=id_), kind, rows) if rows else None


# --- apply ------------------------------------------------------------------------------------------------------------


def unapplied(
    connection: sqlite3.Connection, ahead: Ahead, limit: int, limit_bytes: int, without: Collection[UUID]
) -> tuple[list[LoggedRow], list[DamagedLog]]:
    """See `LogStore.unapplied`; and what is damaged, where rows of a stream could not be given for it."""
    found = connection.execute("SELECT id, applied, head, audience FROM streams WHERE applied < head ORDER BY id")
    left = {stream.bytes for stream in without}
    done = ((id_, max(done, ahead.get(UUID(bytes=id_), 0)), head, audience) for id_, done, head, audience in found)
    behind = [(id_, done, audience) for id_, done, head, audience in done if id_ not in left and done < head]
    rows: list[LoggedRow] = []
    damaged: list[DamagedLog] = []
    for position, (stream, done, audience) in enumerate(behind):
        share = max(1, (limit - len(rows)) // (len(behind) - position))
        try:
            for row in _unapplied_of(connection, stream, done, share, audience):
                rows.append(row)
                limit_bytes -= len(row.change)
                if limit_bytes <= 0 or len(rows) >= limit:
                    return rows, damaged
        except DamagedLog as error:
            damaged.append(error)
    return rows, damaged


def _unapplied_of(
    connection: sqlite3.Connection, stream: bytes, done: int, limit: int, audience: str
) -> Iterator[LoggedRow]:
    found = connection.execute(
        f"SELECT {sound.ROW}, r.attempts, d.created = r.seq, d.operations"  # noqa: S608 - a constant is put in
        " FROM rows r JOIN documents d ON d.id = r.document WHERE r.stream = ? AND r.seq > ? ORDER BY r.seq LIMIT ?",
        (stream, done, limit),
    )
    erasures: set[bytes] = set()
    for seq, columns in enumerate(found, done + 1):
        if columns[1] != seq:
            raise DamagedLog(sound.FILE_NAME, UUID(bytes=stream), seq)
        sound.checked(connection, columns[:12], erasures)
        yield _logged(columns, Audience(audience))


def _logged(columns: tuple[Any, ...], audience: Audience) -> LoggedRow:
    stream, seq, document, kind, hash_, author, device, received_at, change, _, _, type_, *rest = columns
    attempts, first, operations = rest
    return LoggedRow(
        UUID(bytes=stream),
        seq,
        UUID(bytes=document),
        kind,
        audience,
        hash_,
        UUID(bytes=author),
        UUID(bytes=device),
        from_micros(received_at),
        attempts,
        change or b"",
        RowType(type_),
        dropped=change is None,
        first=bool(first),
        operations=operations,
    )


def document_changes(connection: sqlite3.Connection, ahead: Ahead, document: UUID) -> list[bytes]:
    """See `LogStore.document_changes`."""
    rows = sound.of_document(connection, document.bytes, _applied_of(connection, ahead, document))
    return [row.change for row, given in rows if given and row.type is RowType.CHANGE]


# --- the server's own reads -------------------------------------------------------------------------------------------


def stream_rows(connection: sqlite3.Connection, ahead: Ahead, stream: UUID, after: int, limit: int) -> list[Row]:
    """See `LogStore.stream_rows`."""
    found = connection.execute("SELECT applied FROM streams WHERE id = ?", (stream.bytes,)).fetchone()
    if found is None:
        return []
    applied = max(int(found[0]), ahead.get(stream, 0))
    return [row for row, _ in sound.rows(connection, stream, after, min(applied, after + limit))]


def document_rows(connection: sqlite3.Connection, ahead: Ahead, document: UUID) -> list[Row]:
    """See `LogStore.document_rows`."""
    rows = sound.of_document(connection, document.bytes, _applied_of(connection, ahead, document))
    return [row for row, _ in rows]


def _applied_of(connection: sqlite3.Connection, ahead: Ahead, document: UUID) -> int:
    """How far the stream of a document is applied."""
    select = "SELECT s.id, s.applied FROM documents d JOIN streams s ON s.id = d.stream WHERE d.id = ?"
    row = connection.execute(select, (document.bytes,)).fetchone()
    return 0 if row is None else max(int(row[1]), ahead.get(UUID(bytes=row[0]), 0))


def document_operations(connection: sqlite3.Connection, documents: Sequence[UUID]) -> dict[UUID, int]:
    """See `LogStore.document_operations`."""
    found: dict[UUID, int] = {}
    for document in documents:
        row = connection.execute("SELECT operations FROM documents WHERE id = ?", (document.bytes,)).fetchone()
        if row is not None:
            found[document] = row[0]
    return found


def stream_heads(connection: sqlite3.Connection, ahead: Ahead) -> dict[UUID, int]:
    """See `LogStore.stream_heads`."""
    found = ((UUID(bytes=id_), applied) for id_, applied in connection.execute("SELECT id, applied FROM streams"))
    return {stream: max(applied, ahead.get(stream, 0)) for stream, applied in found}


def stream(connection: sqlite3.Connection, ahead: Ahead, id_: UUID) -> Stream | None:
    """See `LogStore.stream`."""
    row = connection.execute(f"SELECT {_STREAM} FROM streams WHERE id = ?", (id_.bytes,)).fetchone()  # noqa: S608
    return _read_stream(row, ahead) if row else None


def streams_of_client(connection: sqlite3.Connection, ahead: Ahead, client: UUID) -> list[Stream]:
    """See `LogStore.streams_of_client`."""
    found = connection.execute(
        f"SELECT {_STREAM} FROM streams WHERE client = ? ORDER BY created_at, id",  # noqa: S608
        (client.bytes,),
    )
    return [_read_stream(row, ahead) for row in found]


def _read_stream(row: tuple[Any, ...], ahead: Ahead) -> Stream:
    id_, audience, practice, client, applied = row
    return Stream(
        UUID(bytes=id_),
        Audience(audience),
        UUID(bytes=practice),
        UUID(bytes=client) if client else None,
        max(applied, ahead.get(UUID(bytes=id_), 0)),
    )
