"""What the writer thread runs on the log's SQLite file: functions of a connection inside a transaction.

Each is one job of `writer.Writer`; none begins or ends a transaction itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from intersession_schemas.changes import Change
from intersession_schemas.messages import RowType
from intersession_schemas.streams import Audience, Role, may_read
from intersession_server.log import chain, checks
from intersession_server.log.instants import from_micros
from intersession_server.log.store import Appended, Grant, LoggedRow, Refused, Submission, UnknownStream

GRANT = "id, stream, account, role, since, until"

_AT_ONCE = 200  # hashes looked up by one statement


class _End(Struct, frozen=True):
    """Where a stream ends: its last row and the chain there."""

    head: int
    chain: bytes


# --- accept -----------------------------------------------------------------------------------------------------------


def append(connection: sqlite3.Connection, submission: Submission, received_at: int) -> Appended | Refused:
    """Judge a push and, where it is admitted, number and keep its rows."""
    end, facts = _look_up(connection, submission)
    verdict = checks.judge(submission, facts)
    if isinstance(verdict, checks.Refuse):
        return Refused(verdict.code)
    if isinstance(verdict, checks.Duplicate):
        return Appended(verdict.seq, duplicate=True)
    if end is None or facts.audience is None:
        raise unknown(submission.stream)
    return _keep(connection, submission, verdict.changes, end, facts, received_at)


def _look_up(connection: sqlite3.Connection, submission: Submission) -> tuple[_End | None, checks.Facts]:
    row = connection.execute(
        "SELECT s.audience, s.head, s.chain, g.role, EXISTS (SELECT 1 FROM revoked_devices r WHERE r.device = ?1),"
        " d.stream, d.kind, d.operations, d.size, d.erased"
        " FROM streams s LEFT JOIN grants g ON g.stream = s.id AND g.account = ?2 AND g.until IS NULL"
        " LEFT JOIN documents d ON d.id = ?3 WHERE s.id = ?4",
        (submission.device.bytes, submission.account.bytes, submission.document.bytes, submission.stream.bytes),
    ).fetchone()
    if row is None:
        return None, checks.Facts(None, None, False, None, {}, (), {}, {})
    audience, head, chained, role, revoked, stream, kind, operations, size, erased = row
    document = None
    known: dict[bytes, int] = {}
    quarantined: set[bytes] = set()
    sequences: dict[tuple[bytes, int], bytes] = {}
    if stream is not None:
        where = submission.stream if stream == submission.stream.bytes else UUID(bytes=stream)
        document = checks.DocumentFacts(where, kind, operations, size, erased is not None)
        known, quarantined = _known(connection, submission)
        sequences = _sequences(connection, submission)
    facts = checks.Facts(
        Audience(audience),
        Role(role) if role else None,
        bool(revoked),
        document,
        known,
        quarantined,
        sequences,
        _owners(connection, submission) if audience != Audience.VAULT else {},
    )
    return _End(head, chained), facts


def _known(connection: sqlite3.Connection, submission: Submission) -> tuple[dict[bytes, int], set[bytes]]:
    """Rows of the document that hold a change of the push or a dependency of one; and the hashes set aside."""
    wanted = list({hash_ for change in submission.changes for hash_ in (change.hash, *change.deps)})
    known: dict[bytes, int] = {}
    quarantined: set[bytes] = set()
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        found = connection.execute(
            f"SELECT hash, seq, type FROM rows WHERE document = ? AND hash IN ({','.join('?' * len(some))})",  # noqa: S608
            (submission.document.bytes, *some),
        )
        for hash_, seq, type_ in found:
            known[hash_] = seq
            if type_ == RowType.QUARANTINE:
                quarantined.add(hash_)
    return known, quarantined


def _sequences(connection: sqlite3.Connection, submission: Submission) -> dict[tuple[bytes, int], bytes]:
    """What the document has under the actors of the push, between the first and the last sequence number of each."""
    spans: dict[bytes, tuple[int, int]] = {}
    for change in submission.changes:
        if change.actor and change.seq <= checks.MAX_SEQ:
            first, last = spans.get(change.actor, (change.seq, change.seq))
            spans[change.actor] = min(first, change.seq), max(last, change.seq)
    used: dict[tuple[bytes, int], bytes] = {}
    for actor, span in spans.items():
        found = connection.execute(
            "SELECT actor_seq, hash FROM rows WHERE document = ? AND actor = ? AND actor_seq BETWEEN ? AND ?",
            (submission.document.bytes, actor, *span),
        )
        for seq, hash_ in found:
            used[actor, seq] = hash_
    return used


def _owners(connection: sqlite3.Connection, submission: Submission) -> dict[bytes, UUID]:
    owners: dict[bytes, UUID] = {}
    for actor in {change.actor for change in submission.changes}:
        row = connection.execute("SELECT account FROM actors WHERE actor = ?", (actor,)).fetchone()
        if row is not None:
            owners[actor] = UUID(bytes=row[0])
    return owners


def _keep(
    connection: sqlite3.Connection,
    submission: Submission,
    changes: Sequence[Change],
    end: _End,
    facts: checks.Facts,
    received_at: int,
) -> Appended:
    stream, document, vault = submission.stream.bytes, submission.document.bytes, facts.audience is Audience.VAULT
    author, device = submission.account.bytes, submission.device.bytes
    seq, chained = end.head, end.chain
    rows = []
    for change in changes:
        seq += 1
        chained = chain.extend(
            chained,
            submission.stream,
            seq,
            submission.document,
            RowType.CHANGE,
            submission.kind,
            change.hash,
            submission.account,
            submission.device,
            received_at,
        )
        actor = (None, None) if vault else (change.actor, change.seq)
        rows.append((stream, seq, document, change.hash, author, device, received_at, *actor, chained, change.data))
    stored = sum(len(change.data) for change in changes)
    size = sum(change.size for change in changes)
    operations = sum(change.operations for change in changes)
    if facts.document is None:
        connection.execute(
            "INSERT INTO documents (id, stream, kind, created, operations, size) VALUES (?, ?, ?, ?, ?, ?)",
            (document, stream, submission.kind, end.head + 1, operations, size),
        )
    else:
        connection.execute(
            "UPDATE documents SET operations = operations + ?, size = size + ? WHERE id = ?",
            (operations, size, document),
        )
    # The first attempt at applying it is noted with the row itself: a crash in between cannot loop.
    connection.executemany(
        "INSERT INTO rows (stream, seq, document, type, hash, author, device, received_at, actor, actor_seq, attempts,"
        " chain, change) VALUES (?, ?, ?, 'change', ?, ?, ?, ?, ?, ?, 1, ?, ?)",
        rows,
    )
    connection.execute(
        "UPDATE streams SET head = ?, chain = ?, documents = documents + ?, bytes = bytes + ? WHERE id = ?",
        (seq, chained, facts.document is None, stored, stream),
    )
    for actor_ in {change.actor for change in changes} - facts.owners.keys() if not vault else ():
        connection.execute("INSERT INTO actors (actor, account) VALUES (?, ?)", (actor_, author))
    return Appended(seq)


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
        raise unknown(stream)
    if not may_read(role, Audience(found[0])):
        raise ValueError(f"The role {role} may never read a {found[0]}. Grant another role or another stream.")
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
        "UPDATE rows SET type = 'quarantine' WHERE stream = ?1 AND seq = ?2 AND type = 'change'"
        " AND seq > (SELECT applied FROM streams WHERE id = ?1)",
        [(stream.bytes, seq) for seq in quarantined if seq <= through],
    )
    done = connection.execute("UPDATE streams SET applied = max(applied, ?) WHERE id = ?", (through, stream.bytes))
    if not done.rowcount:
        raise unknown(stream)


def unknown(stream: UUID) -> UnknownStream:
    """The error of a call that names no stream of this log."""
    return UnknownStream(f"There is no stream {stream}. Make it first.")
