"""What the writer thread runs when something comes into the log: pushes, erasures, the server's own documents.

Functions of a connection inside a transaction, as in `sqlite_writes`. Each looks up what `accept` decides by, and
writes what it says.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from intersession_schemas.changes import Change
from intersession_schemas.messages import RowType
from intersession_schemas.records.instants import from_micros, to_micros
from intersession_schemas.streams import Audience, Role
from intersession_server.log import chain, checks
from intersession_server.log.accept import (
    End,
    LogWrite,
    NewRow,
    Situation,
    ToErase,
    Tombstone,
    accept,
    accept_erasure,
    accept_own,
)
from intersession_server.log.quotas import Quotas, Usage
from intersession_server.log.saved import sqlite as saved
from intersession_server.log.store import NOBODY
from intersession_server.log.submissions import Appended, Declined, ErasureDone, ErasureRequest, Submission

_AT_ONCE = 200  # hashes looked up by one statement


Carried = tuple[LogWrite, Audience, int]
"""What was written, into a stream of which audience, and how many operations its document holds then."""


def append(
    connection: sqlite3.Connection, submission: Submission, received_at: datetime, limits: Quotas
) -> tuple[Appended | Declined, Carried | None]:
    """Judge a push and, where it is admitted and there is room for it, number and keep its rows."""
    found = _situation(connection, submission)
    facts = found.facts
    if facts.document is not None:
        facts = _with_rows(connection, submission, facts)
    if facts.audience is not None and facts.audience is not Audience.VAULT:
        facts = replace(facts, owners=_owners(connection, submission.changes))
    aside = _aside(connection, submission.document) if checks.tells_set_aside(submission.kind) else 0
    answer, write = accept(submission, replace(found, facts=facts, aside=aside), limits, received_at)
    return answer, None if write is None else _carried(connection, write, facts)


def erase(
    connection: sqlite3.Connection, request: ErasureRequest, received_at: datetime, limits: Quotas, *, keep: bool
) -> tuple[ErasureDone | Declined, Carried | None]:
    """Judge an erasure and, where the document is not erased yet, write its row and drop the document's bytes."""
    found = replace(_situation(connection, request), held=_held(connection, request.document))
    answer, write = accept_erasure(request, found, limits, received_at, keep=keep)
    return answer, None if write is None else _carried(connection, write, found.facts)


def found(
    connection: sqlite3.Connection, stream: UUID, document: UUID, kind: str, changes: Sequence[Change], at: datetime
) -> Carried | None:
    """See `LogStore.found`; None where the document was there."""
    own = Submission(NOBODY, NOBODY, stream, document, kind, tuple(changes))
    there = _situation(connection, own)
    if there.facts.document is not None:
        return None
    facts = replace(there.facts, owners=_owners(connection, changes))
    return _carried(connection, accept_own(own, replace(there, facts=facts), at), facts)


def _carried(connection: sqlite3.Connection, write: LogWrite, facts: checks.Facts) -> Carried:
    _carry_out(connection, write)
    assert facts.audience is not None
    before = 0 if facts.document is None else facts.document.operations
    return write, facts.audience, before + write.totals.operations


# --- what is looked up ------------------------------------------------------------------------------------------------


def _situation(connection: sqlite3.Connection, asked: Submission | ErasureRequest) -> Situation:
    """The stream's end and totals, access, and the document as a whole."""
    account = asked.account.bytes
    row = connection.execute(
        "SELECT s.audience, s.head, s.chain, s.held, coalesce(p.held, 0), g.role,"
        " EXISTS (SELECT 1 FROM revoked_devices r WHERE r.device = ?),"
        " d.stream, d.kind, d.operations, d.size, d.erased, d.kept, d.author,"
        " coalesce(h.operations, 0), coalesce(h.size, 0)"
        " FROM streams s LEFT JOIN practices p ON p.id = s.practice"
        " LEFT JOIN grants g ON g.stream = s.id AND g.account = ? AND g.until IS NULL"
        " LEFT JOIN documents d ON d.id = ? LEFT JOIN shares h ON h.document = d.id AND h.account = ? WHERE s.id = ?",
        (asked.device.bytes, account, asked.document.bytes, account, asked.stream.bytes),
    ).fetchone()
    if row is None:
        return Situation(checks.Facts(None, None, False, None, {}, (), {}, {}), None, None)
    audience, head, chained, in_stream, in_practice, role, revoked, stream, *of_document = row
    document = tombstone = None
    if stream is not None:
        kind, operations, size, erased, kept, author, *own = of_document
        where = asked.stream if stream == asked.stream.bytes else UUID(bytes=stream)
        document = checks.DocumentFacts(where, kind, operations, size, erased is not None, UUID(bytes=author), *own)
        if erased is not None:
            (at,) = connection.execute(
                "SELECT received_at FROM rows WHERE stream = ? AND seq = ?", (stream, erased)
            ).fetchone()
            tombstone = Tombstone(erased, from_micros(at), bool(kept))
    facts = checks.Facts(Audience(audience), Role(role) if role else None, bool(revoked), document, {}, (), {}, {})
    usage = Usage(facts.audience or Audience(audience), in_stream, in_practice)
    return Situation(facts, End(head, chained), usage, tombstone=tombstone)


def _held(connection: sqlite3.Connection, document: UUID) -> ToErase:
    """What a document holds that is to be erased."""
    (bytes_,) = connection.execute(
        "SELECT coalesce(sum(length(change)), 0) FROM rows WHERE document = ?", (document.bytes,)
    ).fetchone()
    content = connection.execute("SELECT held FROM documents WHERE id = ?", (document.bytes,)).fetchone()
    rows = connection.execute(
        "SELECT seq FROM rows WHERE document = ? AND type <> 'erasure' ORDER BY seq", (document.bytes,)
    )
    return ToErase(bytes_, 0 if content is None else content[0], tuple(seq for (seq,) in rows))


def _aside(connection: sqlite3.Connection, document: UUID) -> int:
    (count,) = connection.execute(
        "SELECT count(*) FROM rows WHERE document = ? AND type = 'quarantine'", (document.bytes,)
    ).fetchone()
    return int(count)


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


# --- what is written --------------------------------------------------------------------------------------------------


def _carry_out(connection: sqlite3.Connection, write: LogWrite) -> None:
    stream, document, account = write.stream.bytes, write.document.bytes, write.account.bytes
    totals, erased = write.totals, write.erased or (None, False)
    if write.is_new:
        connection.execute(
            "INSERT INTO documents (id, stream, kind, author, created, operations, size, held, erased, kept)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(document, stream, write.kind, account, write.rows[0].seq),
                *(totals.operations, totals.size, totals.content, *erased),
            ),
        )
    else:
        connection.execute(
            "UPDATE documents SET operations = operations + ?, size = size + ?, held = held + ?,"
            " erased = coalesce(?, erased), kept = max(kept, ?) WHERE id = ?",
            (totals.operations, totals.size, totals.content, *erased, document),
        )
    if write.is_shared:
        connection.execute(
            "INSERT INTO shares (document, account, operations, size) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET operations = operations + excluded.operations, size = size + excluded.size",
            (document, account, totals.operations, totals.size),
        )
    if write.erased is not None:
        saved.forget(connection, document)
    if write.dropped == "all":
        connection.execute("UPDATE rows SET change = NULL, sum = NULL WHERE document = ?", (document,))
    else:
        connection.executemany(
            "UPDATE rows SET change = NULL, sum = NULL WHERE document = ? AND hash = ?",
            [(document, hash_) for hash_ in write.dropped],
        )
    # The first attempt at applying a row is noted with it: a crash in between cannot loop.
    who = write.account.bytes, write.device.bytes, to_micros(write.received_at)
    connection.executemany(
        "INSERT INTO rows (stream, seq, document, type, hash, author, device, received_at, actor, actor_seq, last_op,"
        " attempts, chain, change, sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)",
        [
            (
                *(stream, row.seq, document, row.type, row.hash, *who, *_of_change(row), row.chain, row.change),
                chain.row_sum(stream, row.seq, document, write.kind, row.hash, *who, row.change),
            )
            for row in write.rows
        ],
    )
    head, chained = (write.rows[-1].seq, write.rows[-1].chain) if write.rows else (None, None)
    connection.execute(
        "UPDATE streams SET head = coalesce(?, head), chain = coalesce(?, chain), documents = documents + ?,"
        " bytes = bytes + ?, held = held + ? WHERE id = ?",
        (head, chained, totals.documents, totals.bytes, totals.held, stream),
    )
    connection.execute(
        "INSERT INTO practices (id, held) SELECT practice, ? FROM streams WHERE id = ?"
        " ON CONFLICT (id) DO UPDATE SET held = held + excluded.held",
        (totals.held, stream),
    )
    connection.executemany("INSERT INTO actors (actor, account) VALUES (?, ?)", [(one, account) for one in write.owned])


def _of_change(row: NewRow) -> tuple[bytes | None, int | None, int | None]:
    return row.actor, row.actor_seq, row.last_op
