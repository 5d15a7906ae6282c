"""What the writer thread runs on the log's SQLite file: functions of a connection inside a transaction.

Each is one job of `writer.Writer`; none begins or ends a transaction itself. What the log takes in is in
`sqlite_accept`; here is who may read and write it, and what became of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from uuid import UUID

from intersession_schemas.records.instants import from_micros
from intersession_schemas.streams import Audience, Role, may_read
from intersession_server.log import chain
from intersession_server.log.store import Grant, LoggedRow, UnknownStream

GRANT = "id, stream, account, role, since, until"


# --- who may ----------------------------------------------------------------------------------------------------------


def create_stream(
    connection: sqlite3.Connection, stream: UUID, audience: Audience, practice: UUID, client: UUID | None, at: int
) -> None:
    """See `LogStore.create_stream`."""
    connection.execute(
        "INSERT INTO streams (id, audience, practice, client, created_at, chain) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO NOTHING",
        (stream.bytes, audience, practice.bytes, client.bytes if client else None, at, chain.GENESIS),
    )


def grant(connection: sqlite3.Connection, id_: UUID, stream: UUID, account: UUID, role: Role, at: int) -> None:
    """See `LogStore.grant`."""
    found = connection.execute("SELECT audience FROM streams WHERE id = ?", (stream.bytes,)).fetchone()
    if found is None:
        raise UnknownStream.of(stream)
    if not may_read(role, Audience(found[0])):
        raise ValueError(f"The role {role} may never read a {found[0]} stream. Grant another role or another stream.")
    if connection.execute("SELECT 1 FROM grants WHERE id = ?", (id_.bytes,)).fetchone():
        return
    end_grants(connection, stream, account, at)
    connection.execute(
        "INSERT INTO grants (id, stream, account, role, since) VALUES (?, ?, ?, ?, ?)",
        (id_.bytes, stream.bytes, account.bytes, role, at),
    )


def end_grant(connection: sqlite3.Connection, grant_: UUID, at: int) -> list[Grant]:
    """See `LogStore.end_grant`."""
    return _end(connection, "id = ? AND until IS NULL", (grant_.bytes,), at)


def end_grants(connection: sqlite3.Connection, stream: UUID, account: UUID, at: int) -> list[Grant]:
    """See `LogStore.end_grants`."""
    return _end(connection, "stream = ? AND account = ? AND until IS NULL", (stream.bytes, account.bytes), at)


def _end(connection: sqlite3.Connection, which: str, values: tuple[bytes, ...], at: int) -> list[Grant]:
    active = connection.execute(f"SELECT id FROM grants WHERE {which}", values).fetchall()  # noqa: S608
    connection.executemany("UPDATE grants SET until = ? WHERE id = ?", [(at, id_) for (id_,) in active])
    return [
        read_grant(connection.execute(f"SELECT {GRANT} FROM grants WHERE id = ?", found).fetchone())  # noqa: S608
        for found in active
    ]


def revoke_device(connection: sqlite3.Connection, device: UUID, at: int) -> None:
    """See `LogStore.revoke_device`."""
    connection.execute(
        "INSERT INTO revoked_devices (device, at) VALUES (?, ?) ON CONFLICT (device) DO NOTHING", (device.bytes, at)
    )


def read_grant(row: tuple[bytes, bytes, bytes, str, int, int | None]) -> Grant:
    """A grant from the columns `GRANT`."""
    id_, stream, account, role, since, until = row
    return Grant(
        UUID(bytes=id_),
        UUID(bytes=stream),
        UUID(bytes=account),
        Role(role),
        from_micros(since),
        None if until is None else from_micros(until),
    )


# --- apply ------------------------------------------------------------------------------------------------------------


def note_attempts(connection: sqlite3.Connection, rows: Sequence[LoggedRow]) -> None:
    """See `LogStore.note_attempts`."""
    connection.executemany(
        "UPDATE rows SET attempts = attempts + 1 WHERE stream = ? AND seq = ?",
        [(row.stream.bytes, row.seq) for row in rows],
    )


def applied(connection: sqlite3.Connection, stream: UUID, through: int, quarantined: Sequence[int]) -> None:
    """See `LogStore.applied`. Rows that readers may have had already are never set aside."""
    connection.executemany(
        "UPDATE rows SET type = 'quarantine' WHERE stream = ? AND seq = ? AND type = 'change'"
        " AND seq > (SELECT applied FROM streams WHERE id = rows.stream)"
        " AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.id = rows.document AND d.erased IS NOT NULL)",
        [(stream.bytes, seq) for seq in quarantined if seq <= through],
    )
    done = connection.execute("UPDATE streams SET applied = max(applied, ?) WHERE id = ?", (through, stream.bytes))
    if not done.rowcount:
        raise UnknownStream.of(stream)
