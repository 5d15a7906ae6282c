"""The documents of one store that are open in memory: loaded when they are asked for, let go when there is no room.

After an error, what is in memory may be ahead of the store; so all of it is let go, and what comes next is written as
another actor. Not thread-safe: every call must hold the replica's lock.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cachetools import LRUCache
from msgspec import Struct

from intersession.documents import stored
from intersession.documents.rows import StoredChange
from intersession_schemas.crdt import Document
from intersession_schemas.errors import DocumentError

if TYPE_CHECKING:
    from intersession.store.store import Store

KEPT_OPEN = 32 * 1024 * 1024
"""About how many bytes of memory documents may take before the ones not used for longest are let go."""
_ACTOR_BYTES = 16


class LoadedDocument(Struct):
    """A document in memory, and the hashes of the changes it was made of."""

    document: Document
    applied: set[bytes]


class Documents:
    """The open documents of one store."""

    def __init__(self, store: Store, *, kept_open: int = KEPT_OPEN) -> None:
        self._store = store
        # One that is larger than all the room there is counts as all of it: it alone is kept.
        self._loaded: LRUCache[int, LoadedDocument] = LRUCache(
            kept_open, lambda one: min(one.document.weight, kept_open)
        )
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
        return LoadedDocument(Document.new(self._current_actor()), set())

    def read(self, position: int) -> Document:
        """The document, to be read only."""
        return self.load(position).document

    def load(self, position: int) -> LoadedDocument:
        """The document as it is in the store, kept open."""
        self._current_actor()
        loaded = self._loaded.get(position)
        if loaded is not None:
            return loaded
        return self.update(position, stored.changes_of(self._store, position))

    def update(self, position: int, changes: Sequence[StoredChange]) -> LoadedDocument:
        """The document with all of `changes` that can be applied, kept open."""
        actor = self._current_actor()
        loaded = self._loaded.get(position)
        ready = stored.applicable(changes, loaded.applied if loaded is not None else ())
        try:
            if loaded is None:
                data = b"".join(change.data for change in ready)
                loaded = LoadedDocument(Document.load(data, actor), {change.hash for change in ready})
            elif ready:
                loaded.document.apply([change.data for change in ready])
                loaded.applied.update(change.hash for change in ready)
        except DocumentError:
            loaded = self._one_by_one(stored.applicable(changes))
        self.keep(position, loaded)
        return loaded

    def _one_by_one(self, changes: Sequence[StoredChange]) -> LoadedDocument:
        """Apply changes one at a time, setting aside those that fail, and leaving out those that build on them."""
        good: list[StoredChange] = []
        loaded = LoadedDocument(Document.new(self._actor), set())
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
