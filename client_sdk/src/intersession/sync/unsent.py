"""The end of a grant: what is held of its stream is deleted, but for the words that this device had not sent yet.

They are kept as readable text, like a refused edit. A client's are what the document said with the edit. Of somebody
of a care team only what they wrote themselves is kept: all of a document that was made here and never sent, and of an
edit just the words that it added, because the rest is the client's and has to go. Functions work on an open store,
under the replica's lock.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING
from uuid import UUID

from msgspec import Struct

from intersession.documents import projections, stored
from intersession.documents.rows import StoredChange, StoredDocument
from intersession.sync import inbox
from intersession_schemas.crdt import Document
from intersession_schemas.errors import DocumentError
from intersession_schemas.records.instants import to_micros
from intersession_schemas.streams import Kind, Role

if TYPE_CHECKING:
    from intersession.store.store import Store

CODE = "access_ended"
_ENDED = "Access to this record ended before this reached the practice. Its text is kept here, on this device only."
_NOT_WITHDRAWN = (
    "Access ended before the practice heard that this entry was withdrawn, so it still has it. Ask for its deletion."
)
_OWN_WORDS = (Kind.COMMENT, Kind.ACKNOWLEDGEMENT, Kind.NOTE)
"""Kinds whose documents hold the words of one person alone."""
_ACTOR_BYTES = 16


class _Kept(Struct, frozen=True):
    document: bytes
    kind: str
    message: str
    text: str
    changes: int


def purge(store: Store, stream: UUID, grant: UUID | None) -> int:
    """Delete what is held under that grant (None: under any) in one transaction; how many changes had not been sent."""
    with store.transaction():
        row = store.one("SELECT role, grant_id FROM streams WHERE id = ?", stream.bytes)
        if row is None or (grant is not None and row[1] != grant.bytes):
            return 0
        client = row[0] == Role.CLIENT.value
        kept = [*_edits(store, stream, client=client), *_withdrawals(store, stream)]
        if client:
            store.run("UPDATE refusals SET stream = NULL WHERE stream = ?", stream.bytes)
        else:
            store.run(
                "UPDATE refusals SET stream = NULL WHERE stream = ? AND kind IN (?, ?, ?)", stream.bytes, *_OWN_WORDS
            )
        inbox.purge(store, stream, UUID(bytes=row[1]))
        for one in kept:
            store.run(
                "INSERT INTO refusals (document, kind, code, message, text, at) VALUES (?, ?, ?, ?, ?, ?)",
                one.document,
                one.kind,
                CODE,
                one.message,
                one.text,
                to_micros(store.now()),
            )
    store.truncate_log()
    return sum(one.changes for one in kept)


def _edits(store: Store, stream: UUID, *, client: bool) -> Iterator[_Kept]:
    for (position,) in store.all(
        "SELECT position FROM documents d WHERE stream = ? AND kind <> ? AND EXISTS"
        " (SELECT 1 FROM changes c WHERE c.document = d.position AND NOT c.accepted) ORDER BY position",
        stream.bytes,
        Kind.VAULT_KEY.value,
    ):
        document = stored.at_position(store, position)
        changes = stored.changes_of(store, position)
        text = _text(document, changes, whole=client)
        yield _Kept(document.id.bytes, document.kind, _ENDED, text, sum(not change.accepted for change in changes))


def _text(document: StoredDocument, changes: Sequence[StoredChange], *, whole: bool) -> str:
    """What the unsent changes say: `whole`, with what stood around them, or only the words that they add."""
    actor = secrets.token_bytes(_ACTOR_BYTES)
    ready = stored.applicable(changes)
    sent = stored.applicable([change for change in changes if change.accepted])
    try:
        with_it = Document.load(b"".join(change.data for change in ready), actor)
        without = Document.load(b"".join(change.data for change in sent), actor) if sent else None
        text = projections.readable(document.kind, with_it, without)
        if whole or without is None:
            return text
        return added(projections.readable(document.kind, without, None), text)
    except DocumentError:
        return ""  # it does not apply here either, so nobody has ever seen it


def _withdrawals(store: Store, stream: UUID) -> Iterator[_Kept]:
    for document, kind in store.all(
        "SELECT document, kind FROM erasures WHERE stream = ? AND withdrawn AND settled_at IS NULL ORDER BY position",
        stream.bytes,
    ):
        yield _Kept(document, kind, _NOT_WITHDRAWN, "", 1)


def added(before: str, after: str) -> str:
    """The lines that `after` has and `before` has not; of a line that was changed only its new words."""
    old, new = before.splitlines(), after.splitlines()
    found: list[str] = []
    for tag, start, end, to, until in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "insert":
            found += new[to:until]
        elif tag == "replace":
            found += _new_words(" ".join(old[start:end]).split(), " ".join(new[to:until]).split())
    return "\n".join(line for line in found if line.strip())


def _new_words(old: Sequence[str], new: Sequence[str]) -> list[str]:
    changes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [" ".join(new[to:until]) for tag, _, _, to, until in changes if tag in ("insert", "replace")]
