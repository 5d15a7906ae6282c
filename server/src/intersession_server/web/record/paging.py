"""Lists that are read a page at a time, by a place in their order, so that nothing is skipped or repeated when items
come in between. The place is handed out as text that means nothing to whoever holds it. Pure.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct

from intersession_schemas.errors import InvalidField

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
        place = read_cursor(before)
        if items and [*map(type, key(items[0]))] != [*map(type, place)]:  # the place of a list of another kind
            raise _no_cursor()
        behind = [one for one in items if (key(one) < place if descending else key(one) > place)]
    shown = list(behind[:limit])
    return PageOfList(shown, cursor_text(key(shown[-1])) if len(behind) > limit else None)


def cursor_text(key: SortKey) -> str:
    """A sort key as text that is safe in a URL."""
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(key)).rstrip(b"=").decode()


def read_cursor(text: str) -> SortKey:
    """The key that `cursor_text` wrote. Raises `InvalidField` for any other text."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        return msgspec.msgpack.decode(data, type=tuple[str | int, ...])
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        raise _no_cursor() from None


def _no_cursor() -> InvalidField:
    return InvalidField("before must be what an earlier answer gave as next.")
