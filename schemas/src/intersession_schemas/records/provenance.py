"""Provenance: which change of a document brought a value as it stands."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable
from typing import Generic, TypeVar

from intersession_schemas.crdt import ROOT, Document, ObjectId

T = TypeVar("T")


class Provenance(Generic[T]):
    """Finds the change that holds the operation which wrote a value."""

    def __init__(self, changes: Iterable[tuple[bytes, int, int, T]] = ()) -> None:
        """`changes` in any order, each as `add` takes it."""
        self._by_actor: dict[bytes, list[tuple[int, int, T]]] = {}
        self._count = 0
        for actor, start, operations, found in changes:
            self.add(actor, start, operations, found)

    def __len__(self) -> int:
        """How many changes there are."""
        return self._count

    def add(self, actor: bytes, start: int, operations: int, found: T) -> None:
        """A change: its actor, its first operation, how many it has, and what is to be found."""
        self._count += 1
        insort(self._by_actor.setdefault(actor, []), (start, start + operations, found), key=lambda one: one[0])

    def of(self, document: Document, key: str, container: ObjectId = ROOT) -> T | None:
        """What brought the value at a key of a map; None where there is none, or its change is not among them."""
        origin = document.origin(key, container)
        if origin is None:
            return None
        actor, operation = origin
        changes = self._by_actor.get(actor, [])
        place = bisect_right(changes, operation, key=lambda one: one[0]) - 1
        if place < 0 or operation >= changes[place][1]:
            return None
        return changes[place][2]
