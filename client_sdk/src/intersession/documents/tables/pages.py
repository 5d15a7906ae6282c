"""Lists a page at a time: in which order, from which item on, and how many. All lists of rows are read here.

A list has an order: a moment, newest first, and what tells items of one moment apart. An index holds both, so a page is
read from where the one before ended and costs what it shows; what comes in between moves nothing. Where a page ended is
known while the store is open, whatever becomes of its last item: nothing of what is deleted has to stay on disk for it.

Functions work on an open store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID

from msgspec import Struct

from intersession.errors import NotFound

if TYPE_CHECKING:
    from intersession.inputs.windows import ReadWindow
    from intersession.store.store import Row, Store

T = TypeVar("T")
Place = tuple[Any, ...]
"""The values of a list's order at one of its items."""
_AT_ONCE = 64
"""Rows that are read together at most where some of them are not wanted, and the page has fewer."""


class Listing(Struct, frozen=True):
    """A list as a query: what is read of `tables`, in which `order` (each column descending), and what `id` is.

    Without what the caller adds to find those of one stream or kind. The first column of `order` is a moment wherever
    a list is bounded by moments.
    """

    columns: str
    tables: str
    order: tuple[str, ...]
    id: str


def page(
    store: Store,
    listing: Listing,
    where: Mapping[str, object],
    window: ReadWindow,
    read: Callable[..., T],
    keep: Callable[[T], bool] | None = None,
) -> list[T]:
    """The items that `window` asks for, of rows in which columns are as `where` says; those alone that `keep` keeps.

    `read` makes an item of the values of `columns`. Raises `NotFound`.
    """
    place, ordered = _place(store, listing, where, window.after), len(listing.order)
    found: list[T] = []
    last: Row | None = None
    if window.limit == 0:
        return found
    for row in _rows(store, listing, where, window, place):
        one = read(*row[ordered + 1 :])
        if keep is None or keep(one):
            found.append(one)
            last = row
            if len(found) == window.limit:
                break
    if window.limit is not None and last is not None:
        store.page_ends[_key(listing, where), last[ordered]] = last[:ordered]
    return found


class Whole(Struct, Generic[T], frozen=True):
    """A list that is worked out as a whole, in ascending `order`; `name` is its own."""

    name: str
    order: Callable[[T], Any]
    id: Callable[[T], UUID | str]


def cut(
    store: Store, whole: Whole[T], items: Iterable[T], window: ReadWindow, keep: Callable[[T], bool] | None = None
) -> list[T]:
    """As `page`, of a list that is worked out as a whole."""
    found = sorted(items, key=whole.order)
    if window.after is not None:
        end = store.page_ends.get((whole.name, window.after))
        if end is None:
            end = next(((whole.order(one),) for one in found if whole.id(one) == window.after), None)
        if end is None:
            raise _not_there()
        found = [one for one in found if whole.order(one) > end[0]]
    if keep is not None:
        found = [one for one in found if keep(one)]
    shown = found[: window.limit]
    if window.limit and shown:
        store.page_ends[whole.name, whole.id(shown[-1])] = (whole.order(shown[-1]),)
    return shown


def _not_there() -> NotFound:
    return NotFound(
        "after is not the id of an item in this list, or the item is gone. Begin again with the first page."
    )


def _key(listing: Listing, where: Mapping[str, object]) -> tuple[object, ...]:
    return (listing.tables, *where.items())


def _place(store: Store, listing: Listing, where: Mapping[str, object], after: UUID | str | None) -> Place | None:
    """Where the page ended that had that item as its last; where no such page was read, where the item is."""
    if after is None:
        return None
    id = after.bytes if isinstance(after, UUID) else after
    end: Place | None = store.page_ends.get((_key(listing, where), id))
    if end is None:
        conditions = "".join(f" AND {column} = ?" for column in where)
        sql = f"SELECT {', '.join(listing.order)} FROM {listing.tables} WHERE {listing.id} = ?{conditions}"  # noqa: S608 - names of columns
        end = store.one(sql, id, *where.values())
    if end is None:
        copy = store.one("SELECT new FROM aliases WHERE old = ?", id)
        if copy is None:
            raise _not_there()
        return _place(store, listing, where, UUID(bytes=copy[0]))
    return end


def _rows(
    store: Store, listing: Listing, where: Mapping[str, object], window: ReadWindow, place: Place | None
) -> Iterator[Row]:
    """The rows behind a place: with the first query as many as a page has, and more with each that it still lacks."""
    at_once = -1 if window.limit is None else window.limit
    while True:
        rows = store.all(*query(listing, where, window, place, at_once))
        yield from rows
        if at_once < 0 or len(rows) < at_once:
            return
        place, at_once = rows[-1][: len(listing.order)], max(at_once, min(at_once * 2, _AT_ONCE))


def query(
    listing: Listing, where: Mapping[str, object], window: ReadWindow, place: Place | None, limit: int
) -> Sequence[Any]:
    """The SQL of a page, and its parameters."""
    order = ", ".join(listing.order)
    conditions: list[tuple[str, Sequence[object]]] = [(f"{column} = ?", (value,)) for column, value in where.items()]
    since, until, _ = window.bounds
    if window.since is not None:
        conditions.append((f"{listing.order[0]} >= ?", (since,)))
    # One upper bound alone: of two, SQLite may seek by the higher one.
    if window.until is not None and (place is None or until <= place[0]):
        conditions.append((f"{listing.order[0]} < ?", (until,)))
    elif place is not None:
        conditions.append((f"({order}) < ({', '.join('?' * len(place))})", place))
    said = " AND ".join(condition for condition, _ in conditions) or "TRUE"
    sql = (
        f"SELECT {order}, {listing.id}, {listing.columns} FROM {listing.tables} WHERE {said}"  # noqa: S608 - likewise
        f" ORDER BY {', '.join(f'{column} DESC' for column in listing.order)} LIMIT ?"
    )
    return [sql, *(value for _, values in conditions for value in values), limit]
