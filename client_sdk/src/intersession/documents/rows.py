"""The rows of documents and changes as values, a document in memory, and where a new one goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal
from uuid import UUID

from msgspec import Struct

from intersession_schemas.crdt import Document
from intersession_schemas.records.guard import Guard

Write = Callable[[Document], Sequence[bytes]]
"""Edits a document and returns the changes that makes, in order."""


class StoredDocument(Struct, frozen=True):
    """One row of `documents`. `stream` is None for what is on this device only; then `wish` says what is meant to
    become of it: True to be shared, False to stay, None undecided."""

    position: int
    id: UUID
    stream: bytes | None
    wish: bool | None
    kind: str
    bytes: int
    operations: int
    erased: bool


class Destination(Struct, frozen=True):
    """Where a new document goes: into `stream`, or on this device only, with the `wish` of `StoredDocument`.

    In the client's vault the wish is False.
    """

    stream: bytes | None
    wish: bool | None

    @property
    def sharing(self) -> Literal["shared", "private", "undecided"]:
        """In one word, for the buckets of symptom logs."""
        if self.wish is False:
            return "private"
        return "shared" if self.stream is not None or self.wish else "undecided"


class Arrival(Struct, frozen=True):
    """Where and when a row of the log came from; `received_at` in microseconds."""

    seq: int
    author: bytes
    device: bytes
    received_at: int


class StoredChange(Struct, frozen=True):
    """One row of `changes`, dependencies as hashes; `accepted`: the server holds it; `size`: of `data` as it came."""

    position: int
    hash: bytes
    deps: tuple[bytes, ...]
    actor: bytes
    start_op: int
    operations: int
    size: int
    accepted: bool
    set_aside: bool
    data: bytes


class Made(Struct, frozen=True):
    """What an edit made: the document as a row, and the store's positions of its new changes."""

    document: StoredDocument
    changes: tuple[int, ...]


class LoadedDocument(Struct):
    """A document in memory.

    `guard` knows what must stay in it, once it was asked; `names` are those of the symptoms in its rows, likewise.
    """

    document: Document
    guard: Guard | None = None
    names: set[str] | None = None

    @property
    def weight(self) -> int:
        """About how many bytes of memory this takes."""
        return self.document.weight + (self.guard.weight if self.guard is not None else 0)


class Moved(Struct, frozen=True):
    """How a document moved on: the changes that are applied now, and whether others were set aside for good."""

    opened: LoadedDocument
    applied: Sequence[StoredChange]
    set_aside: bool
