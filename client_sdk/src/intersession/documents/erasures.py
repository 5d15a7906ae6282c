"""Withdrawing: content goes from this device at once, a tombstone stays, and the server is told until it answers.

A document is erased for one of three reasons: the client withdrew a shared entry, deleted a private one, or shared a
private one, whose copy takes its place. An erasure from another device takes what was edited here meanwhile as well.
Functions work on an open store, inside a transaction where they write.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from intersession.documents import rescued_logs, stored
from intersession.documents.rows import StoredDocument
from intersession.documents.tables import symptom_rows
from intersession.documents.tables.pages import Listing, page
from intersession.models.private import Withdrawal
from intersession.protocol.outgoing import Outgoing
from intersession_schemas.errors import RefusalCode
from intersession_schemas.records.instants import from_micros, to_micros
from intersession_schemas.streams import Kind

if TYPE_CHECKING:
    from intersession.inputs.windows import ReadWindow
    from intersession.store.store import Store

_WITHDRAWN_ELSEWHERE = (
    "This entry was withdrawn on another device before this edit reached the server. The edit was not kept."
)
_SHARED_ELSEWHERE = (
    "This private entry was shared or deleted on another device before this edit reached it. Its text is kept here."
)


# -- asked for here ----------------------------------------------------------------------------------------------------


def ask(store: Store, document: StoredDocument, *, withdrawn: bool, copy: int | None = None) -> None:
    """Forget a document's content for good and have the server do the same. One that no stream has is gone at once.

    `copy` is the position of the document that takes its place: the server is to hold that first.
    """
    now = to_micros(store.now())
    _forget_drafts(store, document.id)
    _forget(store, document)
    _forget_names(store, document)
    stored.compact_search(store)
    if document.stream is None:
        stored.drop_document(store, document.position)
    else:
        store.run("UPDATE documents SET erased = 1, dirty = 0 WHERE position = ?", document.position)
    store.run(
        "INSERT INTO erasures (document, stream, kind, withdrawn, copy, asked_at, settled_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        document.id.bytes,
        document.stream,
        document.kind,
        withdrawn,
        copy,
        now,
        now if document.stream is None else None,
    )


def _forget(store: Store, document: StoredDocument) -> None:
    """Content, and what was kept of refused edits."""
    stored.drop_content(store, document.position)
    store.run("DELETE FROM refusals WHERE document = ?", document.id.bytes)
    store.epoch += 1


def _forget_drafts(store: Store, id: UUID) -> None:
    """Forms begun about it, which are named after it. Those of an entry that was shared go on, and go with its copy."""
    if store.one("SELECT 1 FROM aliases WHERE old = ?", id.bytes) is not None:
        return
    for (before,) in [(id.bytes,), *store.all("SELECT old FROM aliases WHERE new = ?", id.bytes)]:
        store.run("DELETE FROM drafts WHERE instr(name, ?)", str(UUID(bytes=before)))


def _forget_names(store: Store, document: StoredDocument) -> None:
    """What a symptom was called is content, too: it goes with the last log that has it."""
    if document.kind == Kind.SYMPTOM_LOG:
        symptom_rows.forget_unused_names(store)


def originals(store: Store, position: int) -> list[UUID]:
    """The documents whose place the one at `position` has taken, one after the other."""
    found: list[UUID] = []
    wanted = [position]
    while wanted:
        rows = store.all(
            "SELECT e.document, d.position FROM erasures e LEFT JOIN documents d ON d.id = e.document WHERE e.copy = ?",
            wanted.pop(),
        )
        found += [UUID(bytes=document) for document, _ in rows]
        wanted += [before for _, before in rows if before is not None]
    return found


def outgoing(
    store: Store, excluded: Collection[bytes], limit: int, *, withdrawn: bool, all_sent: bool = True
) -> list[Outgoing]:
    """Erasures that wait to be sent, oldest first; those of documents in `excluded` go on waiting.

    Not before the server holds the copy that takes a document's place, and without one only when `all_sent`.
    """
    rows = store.all(
        "SELECT d.document, d.stream, d.kind FROM erasures d WHERE d.settled_at IS NULL AND d.withdrawn = ?"
        " AND NOT EXISTS (SELECT 1 FROM streams s WHERE s.id = d.stream AND s.stopped IS NOT NULL)"
        " AND CASE WHEN d.copy IS NULL THEN ? ELSE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.document = d.copy)"
        " AND NOT EXISTS (SELECT 1 FROM sealed x WHERE x.document = d.copy AND x.waiting) END"
        " ORDER BY d.position LIMIT ?",
        withdrawn,
        all_sent,
        limit + len(excluded),
    )
    free = [row for row in rows if row[0] not in excluded][:limit]
    return [Outgoing(UUID(bytes=stream), UUID(bytes=id), kind, (), (), erase=True) for id, stream, kind in free]


def settle(store: Store, document: UUID, seq: int, kept: bool, read_at: Sequence[datetime]) -> None:
    """The server has erased the document, in row `seq`."""
    with store.transaction():
        store.run(
            "UPDATE erasures SET settled_at = ?, seq = ?, kept = ?, read_at = ?"
            " WHERE document = ? AND settled_at IS NULL",
            to_micros(store.now()),
            seq,
            kept,
            msgspec.json.encode(read_at).decode(),
            document.bytes,
        )


def ask_unconfirmed_again(store: Store) -> None:
    """Erasures that a server has confirmed, and whose row has not come, wait to be sent again.

    Mostly the row is on its way, and the server answers as it did. A log that was put back to what it was before lacks
    it, and has what was withdrawn.
    """
    store.run(
        "UPDATE erasures SET settled_at = NULL WHERE settled_at IS NOT NULL AND NOT refused"
        " AND EXISTS (SELECT 1 FROM streams s WHERE s.id = erasures.stream AND s.cursor < erasures.seq)"
    )


def knows(store: Store, document: UUID) -> bool:
    """Whether that document was withdrawn here, or shared as a copy."""
    return store.one("SELECT 1 FROM erasures WHERE document = ?", document.bytes) is not None


def ask_again(store: Store, document: UUID, stream: UUID) -> bool:
    """Whether that was withdrawn here before any server had it; then the server of `stream`, which has it, is told.

    A copy of this store has sent it all the same.
    """
    row = store.one("SELECT 1 FROM erasures WHERE document = ? AND stream IS NULL AND withdrawn", document.bytes)
    if row is not None:
        sql = "UPDATE erasures SET stream = ?, settled_at = NULL WHERE document = ?"
        store.run(sql, stream.bytes, document.bytes)
    return row is not None


def refuse(store: Store, document: UUID, code: str, message: str) -> bool:
    """The server will not erase the document; returns whether that was asked. Nothing brings the content back here."""
    row = store.one("SELECT 1 FROM erasures WHERE document = ? AND settled_at IS NULL", document.bytes)
    found = stored.find(store, document)
    if row is None or found is None:
        return False
    now = to_micros(store.now())
    store.run("UPDATE erasures SET settled_at = ?, refused = 1 WHERE document = ?", now, document.bytes)
    note_refusal(store, found, code, message)
    return True


def waiting(store: Store) -> tuple[int, int | None]:
    """How many erasures the server has not confirmed, and when the first was asked for."""
    row = store.one("SELECT count(*), min(asked_at) FROM erasures WHERE settled_at IS NULL")
    assert row is not None
    return row[0], row[1]


_COLUMNS = "document, asked_at, settled_at, kept, refused, read_at"
LIST = Listing(_COLUMNS, "erasures", ("position",), "document")
"""Erasures, newest first."""


def withdrawals(store: Store, window: ReadWindow) -> list[Withdrawal]:
    """What the client withdrew on this device, newest first. Raises `NotFound`."""
    return page(store, LIST, {"withdrawn": 1}, window, _withdrawal)


def withdrawal(store: Store, document: UUID) -> Withdrawal | None:
    """The withdrawal of that document, if it was asked for on this device."""
    row = store.one(f"SELECT {_COLUMNS} FROM erasures WHERE withdrawn AND document = ?", document.bytes)  # noqa: S608 - a constant
    return None if row is None else _withdrawal(*row)


def _withdrawal(
    document: bytes, asked_at: int, settled_at: int | None, kept: int, refused: int, read_at: str
) -> Withdrawal:
    return Withdrawal(
        id=UUID(bytes=document),
        asked_at=from_micros(asked_at),
        state="waiting" if settled_at is None else "refused" if refused else "kept" if kept else "erased",
        read_at=msgspec.json.decode(read_at, type=tuple[datetime, ...]),
    )


# -- asked for elsewhere -----------------------------------------------------------------------------------------------


def arrive(store: Store, document: StoredDocument) -> None:
    """The document is gone for everybody. Its id is kept, so that nothing brings it back.

    Whether the log or a refused push says so first: edits that only this device had are noted once. The caller
    compacts the search when `Store.epoch` has grown.
    """
    changes = stored.changes_of(store, document.position)
    in_vault = stored.is_vault(store, document.stream)
    if not in_vault:  # there it may have been shared, like the edits below
        _forget_drafts(store, document.id)
    if changes and document.kind == Kind.SYMPTOM_LOG:
        rescued_logs.rescue(store, document, changes)
        _forget(store, document)
    elif changes:
        _forget(store, document)
        if not all(change.accepted for change in changes):
            # What was withdrawn is to be nowhere. What was shared instead is the client's to keep, and to read here.
            lost = [change.data for change in stored.applicable(changes)] if in_vault else None
            message = _SHARED_ELSEWHERE if in_vault else _WITHDRAWN_ELSEWHERE
            note_refusal(store, document, RefusalCode.ERASED, message, lost)
    else:
        stored.drop_content(store, document.position)
    _forget_names(store, document)
    store.run("UPDATE documents SET erased = 1, dirty = 1 WHERE position = ?", document.position)


def note_refusal(
    store: Store,
    document: StoredDocument,
    code: str,
    message: str,
    changes: list[bytes] | None = None,
) -> None:
    """Note edits that the server will never take; `changes` are turned into text by `applying`."""
    store.run(
        "INSERT INTO refusals (document, stream, kind, code, message, at, changes) VALUES (?, ?, ?, ?, ?, ?, ?)",
        document.id.bytes,
        document.stream,
        document.kind,
        code,
        message,
        to_micros(store.now()),
        None if changes is None else msgspec.msgpack.encode(changes),
    )


def purge(store: Store, stream: UUID) -> None:
    """Forget all erasures of a stream whose grant has ended."""
    store.run("DELETE FROM erasures WHERE stream = ?", stream.bytes)
