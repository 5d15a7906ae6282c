"""Documents in memory: edits made here, changes that pages brought, and the rows that both are projected to.

An edit is one transaction: change, outbox, projection, search. What a page brought is applied afterwards, in
batches per document; a crash in between leaves the document marked `dirty`, and the next `apply_dirty` takes it
up again. A change that does not apply is quarantined and never stops its document.

Not thread-safe: every call must hold the replica's lock.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from msgspec import Struct

from intersession.documents import erasures, held, log_withdrawals, projections, sealed
from intersession.documents.rows import Destination, HeldChange, HeldDocument, Made, Write
from intersession.errors import InvalidField
from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document
from intersession_schemas.errors import DocumentError
from intersession_schemas.errors import RefusalCode as RefusalCode
from intersession_schemas.records.guard import Guard
from intersession_schemas.streams import Kind

if TYPE_CHECKING:
    from intersession.store.store import Store

KEPT_OPEN = 32 * 1024 * 1024
"""About how many bytes of memory documents may take before the ones not used for longest are let go."""
AT_ONCE = 100
"""Documents per transaction when what pages brought is applied."""
_ACTOR_BYTES = 16


class _Loaded(Struct):
    document: Document
    applied: set[bytes]
    weight: int = 0


class Documents:
    """The open documents of one store."""

    def __init__(self, store: Store, *, kept_open: int = KEPT_OPEN) -> None:
        self._store = store
        self._kept_open = kept_open
        self._loaded: OrderedDict[int, _Loaded] = OrderedDict()
        self._weight = 0
        self._epoch = store.epoch
        self._actor = secrets.token_bytes(_ACTOR_BYTES)
        self.written = 0
        """How often something was written that servers have to hear of; grows."""

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction of edits. After an error, what is in memory may be ahead of the store and is let go."""
        try:
            with self._store.transaction():
                yield
        except BaseException:
            self._forget()
            raise

    def _forget(self) -> None:
        """Let go of all documents, and write as a new actor, so that no (actor, seq) is used twice."""
        self._loaded.clear()
        self._weight = 0
        self._actor = secrets.token_bytes(_ACTOR_BYTES)
        self._epoch = self._store.epoch

    # -- edits ---------------------------------------------------------------------------------------------------------

    def create(self, id: UUID, kind: Kind, write: Write, to: Destination) -> Made:
        """Make a document, in a transaction. Raises `InvalidField` when it would be too large."""
        position = held.add_document(self._store, id, kind.value, to)
        loaded = _Loaded(Document.new(self._current_actor()), set())
        return self._write(position, loaded, write)

    def edit(self, position: int, write: Write) -> Made:
        """Change a document, in a transaction. Raises `InvalidField` when it would grow too large."""
        return self._write(position, self._load(position), write)

    def read(self, position: int) -> Document:
        """The document, to be read only."""
        return self._load(position).document

    def _write(self, position: int, loaded: _Loaded, write: Write) -> Made:
        changes = []
        self.written += 1
        for data in write(loaded.document):
            try:
                changes.append(read_change(data))
            except DocumentError as problem:
                raise _too_large(problem.code) from problem
        if not held.has_room(held.at_position(self._store, position), changes):
            raise _too_large(RefusalCode.TOO_LARGE)
        rows = tuple(held.add_made(self._store, position, change) for change in changes)
        document = held.at_position(self._store, position)
        if held.is_vault(self._store, document.stream):
            sealed.seal_changes(self._store, document)
        loaded.applied.update(change.hash for change in changes)
        self._keep(position, loaded)
        return Made(document, rows)

    def project_entry(self, made: Made) -> None:
        """Write the row of a journal entry that was made or edited, in the same transaction."""
        projections.project_entry(self._store, made.document, self.read(made.document.position))

    def drop(self, position: int, copy: int | None = None) -> None:
        """Forget a document of which there is a copy, in a transaction; one in a stream is erased there as well.

        That waits until the server holds `copy`; left out, until nothing of the record waits to be sent.
        """
        gone = self._loaded.pop(position, None)
        self._weight -= gone.weight if gone is not None else 0
        document = held.at_position(self._store, position)
        if document.stream is None:
            held.drop_document(self._store, position)
        else:
            erasures.ask(self._store, document, withdrawn=False, copy=copy)

    # -- what pages brought --------------------------------------------------------------------------------------------

    def apply_dirty(self) -> tuple[UUID, ...]:
        """Apply and project what was stored and not applied yet; returns the ids of the documents."""
        touched: list[UUID] = []
        while rows := self._store.all("SELECT position FROM documents WHERE dirty ORDER BY position LIMIT ?", AT_ONCE):
            with self.transaction():
                touched.extend(self._refresh(position) for (position,) in rows)
                touched.extend(log_withdrawals.cleanse(self._store, self, [position for (position,) in rows]))
        return tuple(touched)

    def _refresh(self, position: int) -> UUID:
        document = held.at_position(self._store, position)
        sealed.open_blobs(self._store, document)
        if held.is_vault(self._store, document.stream):
            self._set_aside_altering(document)
        if document.kind == Kind.SYMPTOM_LOG:
            log_withdrawals.add_rescued(self._store, self, document)
        changes = held.changes_of(self._store, position)
        self._read_refused(document, changes)
        if not changes and not document.erased and not sealed.any_of(self._store, position):
            held.drop_document(self._store, position)  # its very first change was refused
            return document.id
        if changes:
            loaded = self._update(position, changes)
            if loaded.applied:
                current = [change for change in changes if change.hash in loaded.applied]
                projections.project(self._store, document, loaded.document, current)
        self._store.run("UPDATE documents SET dirty = 0 WHERE position = ?", position)
        return document.id

    def _set_aside_altering(self, document: HeldDocument) -> None:
        """Leave out what would alter what must stay as it is: no server can say so of what it cannot read.

        A change is judged by itself and its ancestors, so every device of the client leaves out the same.
        """
        guard = Guard(document.kind, ordered=False)
        changes = held.applicable(held.changes_of(self._store, document.position))
        for change in guard.admit(read_change(one.data) for one in changes):
            self._store.run(
                "UPDATE changes SET set_aside = 1 WHERE document = ? AND hash = ?", document.position, change.hash
            )
            self._store.epoch += 1

    def _read_refused(self, document: HeldDocument, changes: Sequence[HeldChange]) -> None:
        """Turn refused edits into text: what the document said with them."""
        rows = self._store.all(
            "SELECT position, changes FROM refusals WHERE document = ? AND changes IS NOT NULL", document.id.bytes
        )
        for row, packed in rows:
            lost = msgspec.msgpack.decode(packed, type=list[bytes])
            kept = [change.data for change in held.applicable(changes)]
            try:
                with_it = Document.load(b"".join(kept + lost), self._actor)
                without = Document.load(b"".join(kept), self._actor) if kept else None
                text = projections.readable(document.kind, with_it, without)
            except DocumentError:
                text = ""  # it does not apply here either, so nobody has ever seen it
            self._store.run("UPDATE refusals SET text = ?, changes = NULL WHERE position = ?", text, row)

    # -- memory --------------------------------------------------------------------------------------------------------

    def _current_actor(self) -> bytes:
        if self._epoch != self._store.epoch:
            self._forget()
        return self._actor

    def _load(self, position: int) -> _Loaded:
        self._current_actor()
        loaded = self._loaded.get(position)
        if loaded is not None:
            self._loaded.move_to_end(position)
            return loaded
        return self._update(position, held.changes_of(self._store, position))

    def _update(self, position: int, changes: Sequence[HeldChange]) -> _Loaded:
        """The document with all of `changes` that can be applied, kept open."""
        actor = self._current_actor()
        loaded = self._loaded.get(position)
        ready = held.applicable(changes, loaded.applied if loaded is not None else ())
        try:
            if loaded is None:
                data = b"".join(change.data for change in ready)
                loaded = _Loaded(Document.load(data, actor), {change.hash for change in ready})
            elif ready:
                loaded.document.apply([change.data for change in ready])
                loaded.applied.update(change.hash for change in ready)
        except DocumentError:
            loaded = self._one_by_one(held.applicable(changes))
        self._keep(position, loaded)
        return loaded

    def _one_by_one(self, changes: Sequence[HeldChange]) -> _Loaded:
        """Apply changes one at a time, setting aside those that fail, and leaving out those that build on them."""
        good: list[HeldChange] = []
        loaded = _Loaded(Document.new(self._actor), set())
        for change in changes:
            if not loaded.applied.issuperset(change.deps):
                continue
            try:
                loaded.document.apply([change.data])
            except DocumentError:
                self._store.run("UPDATE changes SET set_aside = 1 WHERE position = ?", change.position)
                # After a failure the object cannot be trusted.
                loaded.document = Document.load(b"".join(one.data for one in good), self._actor)
            else:
                good.append(change)
                loaded.applied.add(change.hash)
        return loaded

    def _keep(self, position: int, loaded: _Loaded) -> None:
        """Keep a document open, letting go of the ones not used for longest when there is no room."""
        before = self._loaded.pop(position, None)
        self._weight -= before.weight if before is not None else 0
        loaded.weight = loaded.document.weight
        self._loaded[position] = loaded
        self._weight += loaded.weight
        while self._weight > self._kept_open and len(self._loaded) > 1:
            _, gone = self._loaded.popitem(last=False)
            self._weight -= gone.weight


def _too_large(code: str) -> InvalidField:
    return InvalidField("With its history this would be too large. Continue in a new one.", code=code)
