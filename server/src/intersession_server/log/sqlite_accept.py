"""What the writer thread runs when something comes into the log: pushes, erasures, the server's own documents.

Functions of a connection inside a transaction, as in `sqlite_writes`. Each looks up what `checks` judges by and
carries out the judgement.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from intersession_schemas.changes import Change
from intersession_schemas.errors import Refusal
from intersession_schemas.messages import RowType
from intersession_schemas.records.instants import from_micros
from intersession_schemas.streams import Audience, Role
from intersession_server.log import chain, checks, quotas
from intersession_server.log.quotas import Quotas, Usage
from intersession_server.log.sqlite_writes import unknown
from intersession_server.log.store import (
    NOBODY,
    Appended,
    ErasureDone,
    ErasureRequest,
    Refused,
    Submission,
    erasure_hash,
)

_AT_ONCE = 200  # hashes looked up by one statement


class _End(Struct, frozen=True):
    """Where a stream ends: its last row and the chain there."""

    head: int
    chain: bytes


class _Tombstone(Struct, frozen=True):
    """The erasure of a document: its row, and whether the bytes were kept."""

    seq: int
    kept: bool


# --- pushes -----------------------------------------------------------------------------------------------------------


def append(
    connection: sqlite3.Connection, submission: Submission, received_at: int, limits: Quotas
) -> Appended | Refused:
    """Judge a push and, where it is admitted and there is room for it, number and keep its rows."""
    end, facts, _ = _look_up(connection, submission)
    if facts.document is not None:
        facts = _with_rows(connection, submission, facts)
    if end is not None and facts.audience is not Audience.VAULT:
        facts = replace(facts, owners=_owners(connection, submission.changes))
    verdict = checks.judge(submission, facts)
    if isinstance(verdict, checks.Refuse):
        hash_ = checks.noted_as(submission, facts, verdict.code)
        if hash_ is None or end is None:
            return Refused(verdict.code)
        if not quotas.has_room(limits, _usage(connection, submission.stream), submission.kind, quotas.ROW):
            return Refused(verdict.code)
        return Refused(verdict.code, noted=_note(connection, submission, hash_, end, facts, received_at))
    if isinstance(verdict, checks.Duplicate):
        _drop(connection, submission.document, verdict.replaced)
        return Appended(verdict.seq, duplicate=True)
    if end is None:
        raise unknown(submission.stream)
    more = quotas.content(verdict.changes) + quotas.ROW * len(verdict.changes)
    less = sum(facts.replaceable[hash_] for hash_ in verdict.replaced)
    if not quotas.has_room(limits, _usage(connection, submission.stream), submission.kind, more - less):
        return Refused(Refusal.STORAGE_FULL)
    _drop(connection, submission.document, verdict.replaced)
    appended = _keep(connection, submission, verdict.changes, end, facts, received_at)
    return replace(appended, nearly_full=quotas.nearly_full(limits, _usage(connection, submission.stream)))


def _usage(connection: sqlite3.Connection, stream: UUID) -> Usage:
    audience, held, practice = connection.execute(
        "SELECT s.audience, s.held, coalesce(p.held, 0) FROM streams s LEFT JOIN practices p ON p.id = s.practice"
        " WHERE s.id = ?",
        (stream.bytes,),
    ).fetchone()
    return Usage(Audience(audience), held, practice)


def _count(connection: sqlite3.Connection, stream: bytes, document: bytes, content: int, rows: int = 0) -> None:
    """A document's content has grown by `content` (or, below zero, shrunk), its stream by as many `rows`, too."""
    connection.execute("UPDATE documents SET held = held + ? WHERE id = ?", (content, document))
    more = content + quotas.ROW * rows
    connection.execute("UPDATE streams SET held = held + ? WHERE id = ?", (more, stream))
    connection.execute(
        "INSERT INTO practices (id, held) SELECT practice, ? FROM streams WHERE id = ?"
        " ON CONFLICT (id) DO UPDATE SET held = held + excluded.held",
        (more, stream),
    )


def _look_up(
    connection: sqlite3.Connection, submission: Submission | ErasureRequest
) -> tuple[_End | None, checks.Facts, _Tombstone | None]:
    """Access, and the document as a whole."""
    account = submission.account.bytes
    row = connection.execute(
        "SELECT s.audience, s.head, s.chain, g.role, EXISTS (SELECT 1 FROM revoked_devices r WHERE r.device = ?),"
        " d.stream, d.kind, d.operations, d.size, d.erased, d.kept, d.author,"
        " coalesce(h.operations, 0), coalesce(h.size, 0)"
        " FROM streams s LEFT JOIN grants g ON g.stream = s.id AND g.account = ? AND g.until IS NULL"
        " LEFT JOIN documents d ON d.id = ? LEFT JOIN shares h ON h.document = d.id AND h.account = ? WHERE s.id = ?",
        (submission.device.bytes, account, submission.document.bytes, account, submission.stream.bytes),
    ).fetchone()
    if row is None:
        return None, checks.Facts(None, None, False, None, {}, (), {}, {}), None
    audience, head, chained, role, revoked, stream, kind, operations, size, erased, kept, author, *own = row
    document = None
    if stream is not None:
        where = submission.stream if stream == submission.stream.bytes else UUID(bytes=stream)
        document = checks.DocumentFacts(where, kind, operations, size, erased is not None, UUID(bytes=author), *own)
    role = Role(role) if role else None
    facts = checks.Facts(Audience(audience), role, bool(revoked), document, {}, (), {}, {})
    return _End(head, chained), facts, None if erased is None else _Tombstone(erased, bool(kept))


def _with_rows(connection: sqlite3.Connection, submission: Submission, facts: checks.Facts) -> checks.Facts:
    """What the document's rows say of the changes of the push, of their dependencies, and of what they replace."""
    known: dict[bytes, int] = {}
    quarantined: set[bytes] = set()
    dropped: set[bytes] = set()
    last_ops: dict[bytes, int] = {}
    pushed = {hash_ for change in submission.changes for hash_ in (change.hash, *change.deps)}
    for hash_, seq, type_, length, last_op in _rows_of(connection, submission.document, pushed):
        known[hash_] = seq
        if type_ == RowType.QUARANTINE:
            quarantined.add(hash_)
        if length is None:
            dropped.add(hash_)
        if last_op is not None:
            last_ops[hash_] = last_op
    replaced = _rows_of(connection, submission.document, set(submission.replaces))
    return replace(
        facts,
        known=known,
        quarantined=quarantined,
        sequences=_sequences(connection, submission),
        replaceable={hash_: length for hash_, _, _, length, _ in replaced if length is not None},
        dropped=dropped,
        last_ops=last_ops,
        actors=_actors(connection, submission),
    )


def _rows_of(
    connection: sqlite3.Connection, document: UUID, hashes: Iterable[bytes]
) -> list[tuple[bytes, int, str, int | None, int | None]]:
    """(hash, seq, type, length of the bytes, last operation) of those rows of a document that have one of `hashes`."""
    wanted = list(hashes)
    found: list[tuple[bytes, int, str, int | None, int | None]] = []
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        found += connection.execute(
            "SELECT hash, seq, type, length(change), last_op FROM rows"  # noqa: S608 - what is put in are question marks
            f" WHERE document = ? AND hash IN ({','.join('?' * len(some))})",
            (document.bytes, *some),
        )
    return found


def _sequences(connection: sqlite3.Connection, submission: Submission) -> dict[tuple[bytes, int], bytes]:
    """What the document has under the actors of the push, from before the first to the last sequence number of each."""
    spans: dict[bytes, tuple[int, int]] = {}
    for change in submission.changes:
        if change.actor and change.seq <= checks.MAX_SEQ:
            first, last = spans.get(change.actor, (change.seq, change.seq))
            spans[change.actor] = min(first, change.seq - 1), max(last, change.seq)
    used: dict[tuple[bytes, int], bytes] = {}
    for actor, span in spans.items():
        found = connection.execute(
            "SELECT actor_seq, hash FROM rows WHERE document = ? AND actor = ? AND actor_seq BETWEEN ? AND ?",
            (submission.document.bytes, actor, *span),
        )
        for seq, hash_ in found:
            used[actor, seq] = hash_
    return used


def _actors(connection: sqlite3.Connection, submission: Submission) -> frozenset[bytes]:
    """Those of the actors that the push names which have written in the document."""
    named = {actor for change in submission.changes for actor in change.others}
    known = "SELECT 1 FROM rows WHERE document = ? AND actor = ? LIMIT 1"
    return frozenset(
        actor for actor in named if connection.execute(known, (submission.document.bytes, actor)).fetchone()
    )


def _owners(connection: sqlite3.Connection, changes: Iterable[Change]) -> dict[bytes, UUID]:
    owners: dict[bytes, UUID] = {}
    for actor in {change.actor for change in changes}:
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
        actor = (None, None, None) if vault else (change.actor, change.seq, change.last_op)
        rows.append((stream, seq, document, change.hash, author, device, received_at, *actor, chained, change.data))
    stored = sum(len(change.data) for change in changes)
    size = sum(change.size for change in changes)
    operations = sum(change.operations for change in changes)
    if facts.document is None:
        connection.execute(
            "INSERT INTO documents (id, stream, kind, author, created, operations, size) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (document, stream, submission.kind, author, end.head + 1, operations, size),
        )
    else:
        connection.execute(
            "UPDATE documents SET operations = operations + ?, size = size + ? WHERE id = ?",
            (operations, size, document),
        )
    if checks.is_shared(facts.audience, submission.kind):
        connection.execute(
            "INSERT INTO shares (document, account, operations, size) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET operations = operations + excluded.operations, size = size + excluded.size",
            (document, author, operations, size),
        )
    # The first attempt at applying it is noted with the row itself: a crash in between cannot loop.
    connection.executemany(
        "INSERT INTO rows (stream, seq, document, type, hash, author, device, received_at, actor, actor_seq, last_op,"
        " attempts, chain, change) VALUES (?, ?, ?, 'change', ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)",
        rows,
    )
    connection.execute(
        "UPDATE streams SET head = ?, chain = ?, documents = documents + ?, bytes = bytes + ? WHERE id = ?",
        (seq, chained, facts.document is None, stored, stream),
    )
    _count(connection, stream, document, quotas.content(changes), len(changes))
    for actor_ in {change.actor for change in changes} - facts.owners.keys() if not vault else ():
        connection.execute("INSERT INTO actors (actor, account) VALUES (?, ?)", (actor_, author))
    return Appended(seq)


def _note(
    connection: sqlite3.Connection,
    submission: Submission,
    hash_: bytes,
    end: _End,
    facts: checks.Facts,
    received_at: int,
) -> bool:
    """Keep a row that says of a refused push that there was one; False where there are enough of the document."""
    stream, document = submission.stream.bytes, submission.document.bytes
    author, device, seq = submission.account.bytes, submission.device.bytes, end.head + 1
    (aside,) = connection.execute(
        "SELECT count(*) FROM rows WHERE document = ? AND type = 'quarantine'", (document,)
    ).fetchone()
    if aside >= checks.MOST_NOTED:
        return False
    chained = chain.extend(
        end.chain,
        submission.stream,
        seq,
        submission.document,
        RowType.CHANGE,
        submission.kind,
        hash_,
        submission.account,
        submission.device,
        received_at,
    )
    if facts.document is None:
        connection.execute(
            "INSERT INTO documents (id, stream, kind, author, created, operations, size) VALUES (?, ?, ?, ?, ?, 0, 0)",
            (document, stream, submission.kind, author, seq),
        )
    connection.execute(
        "INSERT INTO rows (stream, seq, document, type, hash, author, device, received_at, attempts, chain)"
        " VALUES (?, ?, ?, 'quarantine', ?, ?, ?, ?, 1, ?)",
        (stream, seq, document, hash_, author, device, received_at, chained),
    )
    connection.execute(
        "UPDATE streams SET head = ?, chain = ?, documents = documents + ? WHERE id = ?",
        (seq, chained, facts.document is None, stream),
    )
    _count(connection, stream, document, 0, 1)
    return True


def _drop(connection: sqlite3.Connection, document: UUID, hashes: Sequence[bytes]) -> None:
    """Drop the bytes of rows of a vault document; what the document and its stream hold gets less by them."""
    bytes_ = 0
    for hash_ in hashes:
        which = (document.bytes, hash_)
        row = connection.execute(
            "SELECT length(change) FROM rows WHERE document = ? AND hash = ? AND change IS NOT NULL", which
        ).fetchone()
        if row is not None:
            connection.execute("UPDATE rows SET change = NULL WHERE document = ? AND hash = ?", which)
            bytes_ += row[0]
    if bytes_:
        # What is in a vault is not inflated and not counted in operations, so its size is its length.
        (stream,) = connection.execute("SELECT stream FROM documents WHERE id = ?", (document.bytes,)).fetchone()
        connection.execute("UPDATE documents SET size = size - ? WHERE id = ?", (bytes_, document.bytes))
        connection.execute("UPDATE streams SET bytes = bytes - ? WHERE id = ?", (bytes_, stream))
        _count(connection, stream, document.bytes, -bytes_)


# --- erasures ---------------------------------------------------------------------------------------------------------


def erase(
    connection: sqlite3.Connection, request: ErasureRequest, received_at: int, limits: Quotas, *, keep: bool
) -> ErasureDone | Refused:
    """Judge an erasure and, where the document is not erased yet, write its row and drop the document's bytes.

    There is always room to erase what is there. The tombstone of an unknown document takes room like anything else.
    """
    end, facts, tombstone = _look_up(connection, request)
    refusal = checks.judge_erasure(request, facts)
    if refusal:
        return Refused(refusal)
    if tombstone is not None:
        return _told(connection, request, tombstone, duplicate=True)
    if end is None:
        raise unknown(request.stream)
    if facts.document is None and not quotas.has_room(
        limits, _usage(connection, request.stream), request.kind, quotas.ROW
    ):
        return Refused(Refusal.STORAGE_FULL)
    stream, document = request.stream.bytes, request.document.bytes
    seq, hash_, kept = end.head + 1, erasure_hash(request.document), checks.keeps_bytes(facts.audience, keep=keep)
    chained = chain.extend(
        end.chain,
        request.stream,
        seq,
        request.document,
        RowType.ERASURE,
        request.kind,
        hash_,
        request.account,
        request.device,
        received_at,
    )
    (held,) = connection.execute(
        "SELECT coalesce(sum(length(change)), 0) FROM rows WHERE document = ?", (document,)
    ).fetchone()
    connection.execute(
        "INSERT INTO documents (id, stream, kind, author, created, operations, size, erased, kept)"
        " VALUES (?, ?, ?, ?, ?, 0, 0, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET erased = excluded.erased, kept = excluded.kept",
        (document, stream, request.kind, request.account.bytes, seq, seq, kept),
    )
    (content,) = connection.execute("SELECT held FROM documents WHERE id = ?", (document,)).fetchone()
    _count(connection, stream, document, 0 if kept else -content, 1)
    if not kept:
        connection.execute("UPDATE rows SET change = NULL WHERE document = ?", (document,))
    connection.execute(
        "INSERT INTO rows (stream, seq, document, type, hash, author, device, received_at, attempts, chain)"
        " VALUES (?, ?, ?, 'erasure', ?, ?, ?, ?, 1, ?)",
        (stream, seq, document, hash_, request.account.bytes, request.device.bytes, received_at, chained),
    )
    connection.execute(
        "UPDATE streams SET head = ?, chain = ?, documents = documents - ?, bytes = bytes - ? WHERE id = ?",
        (seq, chained, facts.document is not None, held, stream),
    )
    return _told(connection, request, _Tombstone(seq, kept), duplicate=False)


def _told(
    connection: sqlite3.Connection, request: ErasureRequest, tombstone: _Tombstone, *, duplicate: bool
) -> ErasureDone:
    """What is answered to an erasure: now, and to everybody who asks again."""
    (at,) = connection.execute(
        "SELECT received_at FROM rows WHERE stream = ? AND seq = ?", (request.stream.bytes, tombstone.seq)
    ).fetchone()
    rows = connection.execute(
        "SELECT seq FROM rows WHERE document = ? AND type <> 'erasure' ORDER BY seq", (request.document.bytes,)
    )
    return ErasureDone(tombstone.seq, tombstone.kept, duplicate, from_micros(at), tuple(seq for (seq,) in rows))


# --- the server's own documents ---------------------------------------------------------------------------------------


def found(
    connection: sqlite3.Connection, stream: UUID, document: UUID, kind: str, changes: Sequence[Change], at: int
) -> bool:
    """See `LogStore.found`."""
    row = connection.execute("SELECT audience, head, chain FROM streams WHERE id = ?", (stream.bytes,)).fetchone()
    if row is None:
        raise unknown(stream)
    if connection.execute("SELECT 1 FROM documents WHERE id = ?", (document.bytes,)).fetchone():
        return False
    audience, head, chained = row
    own = Submission(NOBODY, NOBODY, stream, document, kind, tuple(changes))
    facts = checks.Facts(Audience(audience), None, False, None, {}, (), {}, _owners(connection, changes))
    _keep(connection, own, changes, _End(head, chained), facts, at)
    return True
