"""Records as they were read, by kind and stream: a list that is asked for again costs what differs since."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from cachetools import LRUCache
from msgspec import Struct

from intersession.documents.kept.touched import ALL, LOG, TouchedRows

if TYPE_CHECKING:
    from intersession.store.store import Row, Store

T = TypeVar("T")
Of = tuple[str, bytes | None]
"""A kind, and a stream; None: all."""

MOST_ROWS = 20_000
"""Of all lists together."""
MOST_TOUCHED = 500
"""From more documents on that were written meanwhile, lists are read again as a whole."""


class Ordered(Struct, Generic[T], frozen=True):
    """A row: what it is sorted by, and what was made of it."""

    place: tuple[int, bytes]
    value: T


class _List(Struct, Generic[T]):
    rows: dict[int, Ordered[T]]
    newest_first: list[T] | None = None


class RecordRows:
    """The lists of one store. Not thread-safe: every call must hold the replica's lock."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lists: LRUCache[Of, _List[Any]] = LRUCache(MOST_ROWS, lambda one: min(MOST_ROWS, 1 + len(one.rows)))
        self._touched: set[int] = set()
        store.kept(TouchedRows).listen(self._note)

    def _note(self, what: int, first: object, _: object) -> None:
        if what == LOG:
            return
        if what == ALL or len(self._touched) >= MOST_TOUCHED:
            self._lists.clear()
            self._touched.clear()
        elif self._lists:
            self._touched.add(first)  # type: ignore[arg-type]  # a position, as the triggers have it

    def newest_first(self, of: Of, all_rows: str, one_row: str, make: Callable[[str, Row], T]) -> list[T]:
        """The records of a kind and stream. `make` makes one of its kind and the columns after the first five.

        Both queries give, first: the document's position, what the row is sorted by (moment, id), its kind and stream.
        `all_rows` asks for those of a kind, and of a stream or all (given twice); `one_row` for a document's.
        """
        self._bring_up_to_date(one_row, make)
        kind, stream = of
        held = self._lists.get(of)
        if held is None:
            rows = self._store.all(all_rows, kind, stream, stream)
            held = _List({row[0]: Ordered((row[1], row[2]), make(kind, row[5:])) for row in rows})
            self._lists[of] = held
        if held.newest_first is None:
            ordered = sorted(held.rows.values(), key=lambda one: one.place, reverse=True)
            held.newest_first = [one.value for one in ordered]
        return held.newest_first

    def _bring_up_to_date(self, one_row: str, make: Callable[[str, Row], Any]) -> None:
        touched, self._touched = self._touched, set()
        for position in touched:
            row = self._store.one(one_row, position)
            made = None
            for (kind, stream), held in list(self._lists.items()):
                was = held.rows.pop(position, None)
                if row is not None and row[3] == kind and stream in (None, row[4]):
                    made = made or Ordered((row[1], row[2]), make(kind, row[5:]))
                    held.rows[position] = made
                elif was is None:
                    continue
                held.newest_first = None
