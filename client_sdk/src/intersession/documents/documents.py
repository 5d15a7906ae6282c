"""The documents of one store that are open in memory: loaded when they are asked for, let go when there is no room.

A document in memory is what its applied changes say: what is marked so in the store, in the transaction that brings its
rows up to it. From there it moves on by what has come and is not marked yet, so no change is read twice.

After an error, what is in memory may be ahead of the store; so all of it is let go, and what comes next is written as
another actor. Not thread-safe: every call must hold the replica's lock.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from cachetools import LRUCache

from intersession.documents import saved, stored
from intersession.documents.rows import LoadedDocument, Moved, StoredChange, StoredDocument
from intersession.documents.saved import Gathered, Saved
from intersession_schemas.changes import Change, read_change
from intersession_schemas.crdt import Document
from intersession_schemas.errors import DocumentError
from intersession_schemas.records.guard import Guard
from intersession_schemas.records.protection import PROTECTED

if TYPE_CHECKING:
    from intersession.store.store import Store

KEPT_OPEN = 32 * 1024 * 1024
"""About how many bytes of memory documents may take before the ones not used for longest are let go."""
_ACTOR_BYTES = 16


class Documents:
    """The open documents of one store."""

    def __init__(self, store: Store, *, kept_open: int = KEPT_OPEN) -> None:
        self._store = store
        # One that is larger than all the room there is counts as all of it: it alone is kept.
        self._loaded: LRUCache[int, LoadedDocument] = LRUCache(kept_open, lambda one: min(one.weight, kept_open))
        self._unsaveable: set[int] = set()
        """Documents that could not be saved without loss: not tried again before the next opening."""
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
        self._actor = secrets.token_bytes(_ACTOR_BYTES)
        self._epoch = self._store.epoch

    def new(self) -> LoadedDocument:
        """An empty document, to be written by this device; `keep` takes it up."""
        return LoadedDocument(Document.new(self._current_actor()))

    def read(self, position: int) -> Document:
        """The document, to be read only."""
        return self.load(position).document

    def load(self, position: int) -> LoadedDocument:
        """The document as its applied changes say, kept open. Raises `StoreInvalid` where it is damaged."""
        self._current_actor()
        loaded = self._loaded.get(position)
        if loaded is None:
            try:
                loaded = LoadedDocument(self._from_store(position))
            except DocumentError:
                loaded = LoadedDocument(self._anew(position))
            self.keep(position, loaded)
        return loaded

    def advance(self, document: StoredDocument, *, guarded: bool) -> Moved:
        """Apply what has come and can be applied, in a transaction; its rows are to be brought up to it in the same.

        `guarded`: what would alter what must stay is set aside, as what does not apply always is.
        """
        position = document.position
        self._current_actor()
        ready = stored.to_apply(self._store, position)
        refused: list[bytes] = []
        if guarded and ready and document.kind in PROTECTED:
            refused = self._refused(document, ready)
            ready = [change for change in ready if change.hash not in refused]
        loaded = self._loaded.get(position)
        try:
            if loaded is None or not loaded.document.heads:  # all at once, which is faster than one after the other
                loaded = LoadedDocument(self._from_store(position, ready), None if loaded is None else loaded.guard)
            elif ready:
                loaded.document.apply([change.data for change in ready])
        except DocumentError:
            self.let_go(position)
            loaded = self.load(position)
            ready, failed = self._one_by_one(loaded, ready, lambda good: self._from_store(position, good))
            refused += failed
        if refused:
            stored.set_aside(self._store, position, refused)
        stored.note_applied(self._store, ready)
        self.keep(position, loaded)
        return Moved(loaded, ready, bool(refused))

    def _refused(self, document: StoredDocument, ready: Sequence[StoredChange]) -> list[bytes]:
        """Those that would alter what must stay, with what builds on them."""
        loaded = self.load(document.position)
        if loaded.guard is None:
            loaded.guard = Guard(document.kind, ordered=False)
            loaded.guard.learn(map(read_change, loaded.document.changes()))
        return [change.hash for change in loaded.guard.admit(read_change(one.data) for one in ready)]

    def _from_store(self, position: int, more: Sequence[StoredChange] = ()) -> Document:
        """What is saved of the document, what was applied since, and `more`. Raises `StoreInvalid`, `DocumentError`."""
        before = saved.load(self._store, position)
        return self._joined([*stored.beside_saved(self._store, position), *more], before)

    def _joined(self, changes: Sequence[StoredChange], before: bytes = b"") -> Document:
        return Document.load(before + b"".join(change.data for change in changes), self._actor)

    def _anew(self, position: int) -> Document:
        """The document from all changes that do apply: an earlier version has taken others for applied."""
        loaded = LoadedDocument(Document.new(self._actor))
        changes = stored.applicable(stored.changes_of(self._store, position))
        good, failed = self._one_by_one(loaded, changes, self._joined)
        self._store.run("UPDATE changes SET applied = 0 WHERE document = ?", position)
        stored.note_applied(self._store, good)
        stored.set_aside(self._store, position, failed)
        return loaded.document

    @staticmethod
    def _one_by_one(
        loaded: LoadedDocument,
        changes: Sequence[StoredChange],
        again: Callable[[Sequence[StoredChange]], Document],
    ) -> tuple[list[StoredChange], list[bytes]]:
        """Apply changes one at a time; returns those that apply, and the hashes of those that fail.

        What builds on one that fails is left out as well. `again` makes the document with those that apply.
        """
        good: list[StoredChange] = []
        failed: list[bytes] = []
        left_out: set[bytes] = set()
        for change in changes:
            if not left_out.isdisjoint(change.deps):
                left_out.add(change.hash)
                continue
            try:
                loaded.document.apply([change.data])
            except DocumentError:
                failed.append(change.hash)
                left_out.add(change.hash)
                loaded.document = again(good)  # after a failure the object cannot be trusted
            else:
                good.append(change)
        return good, failed

    def note_made(self, position: int, opened: LoadedDocument, changes: Sequence[Change]) -> None:
        """These changes were made in memory, on this device."""
        if opened.guard is not None:
            opened.guard.learn(changes)
        opened.names = None
        self.keep(position, opened)

    def to_save(self, id: UUID) -> Gathered | None:
        """What a saved document is made of, if so much of the document has long been accepted that it is worth it.

        Raises `StoreInvalid` where what was saved before is damaged.
        """
        position = self._store.number("SELECT position FROM documents WHERE id = ?", id.bytes)
        if position in self._unsaveable or not saved.is_due(self._store, position):
            return None
        return saved.gather(self._store, position, stored.settled(self._store, position))

    def keep_saved(self, gathered: Gathered, made: Saved | None) -> None:
        """Keep what was `made` of it; None: it cannot be saved without loss."""
        if made is None:
            self._unsaveable.add(gathered.position)
            return
        with self.transaction():
            saved.keep(self._store, gathered, made, stored.settled(self._store, gathered.position))

    def keep(self, position: int, loaded: LoadedDocument) -> None:
        """Keep a document open, letting go of the ones not used for longest when there is no room."""
        self._loaded[position] = loaded  # weighed again, as it may have grown

    def let_go(self, position: int) -> None:
        """The document is not needed any more."""
        self._loaded.pop(position, None)

    def _current_actor(self) -> bytes:
        if self._epoch != self._store.epoch:
            self._forget()
        return self._actor
