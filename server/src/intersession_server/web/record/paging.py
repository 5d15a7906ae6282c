"""Lists that are read a page at a time, by a place in their order, so that nothing is skipped or repeated when items
come in between. The place is handed out as text that means nothing to whoever holds it. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from intersession_server.projections.windows import cursor_text, no_cursor, read_cursor

T = TypeVar("T")
MAX_CURSOR = 2_000
"""Characters of a cursor: names of people are in it."""
SortKey = tuple[str | int, ...]
"""What a list is sorted by; of no two items the same, and of all items the same types."""


class PageOfList(Struct, Generic[T], frozen=True):
    """A page of a list, and where the next one begins."""

    items: list[T]
    next: str | None = None


def page_of(
    items: Sequence[T], key: Callable[[T], SortKey], limit: int, before: str | None, *, descending: bool = False
) -> PageOfList[T]:
    """A page of a list that is at hand as a whole, sorted by `key`. Raises `InvalidField` for a `before` of no list."""
    behind = items
    if before is not None:
        place = read_cursor(before, SortKey)
        if items and [*map(type, key(items[0]))] != [*map(type, place)]:  # the place of a list of another kind
            raise no_cursor()
        behind = [one for one in items if (key(one) < place if descending else key(one) > place)]
    shown = list(behind[:limit])
    return PageOfList(shown, cursor_text(key(shown[-1])) if len(behind) > limit else None)
