"""The index that entries are found by: FTS5 rows in the order of when entries were written.

A row's id is its `place`: when the entry was written, with room for those of one moment. So a page is read from where
the last one ended, in the index's own order, and costs what it shows; what is written meanwhile moves nothing. Which
stream an entry is of is a word of its row, so that the entries of other clients cost a search nothing.

Cutting words and indexing them costs more than all else of an edit, and while somebody types only the last edit counts.
So an edit marks its entry, in its own transaction, and whoever searches has what is marked indexed first.

Functions work on an open store; those that write, inside a transaction.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING

from intersession.errors import InvalidField
from intersession_schemas import search_words

if TYPE_CHECKING:
    from intersession.inputs.windows import ReadWindow
    from intersession.store.store import Store

_ROOM = 32
"""Places of one microsecond; from the year 1 to 9999 they fit 64 bits."""
PAGE = """
    SELECT rowid FROM entries_text WHERE entries_text MATCH ? AND rowid >= ? AND rowid < ? ORDER BY rowid DESC LIMIT ?
"""
"""The rows of a page, in the order of the index."""
_FIRST, _LAST = -(2**63), 2**63 - 1


MOST_WAITING = 8
"""Marked entries, so that no search waits long for them: beyond it, each edit has one of the others indexed."""


def place_of(store: Store, document: int, written: int) -> tuple[int, bool]:
    """The place of an entry that was written at that moment, and whether it has that already.

    If not, what it had is not found any more.
    """
    before = _place(store, document)
    if before is not None and before // _ROOM == written:
        return before, True
    if before is not None:
        forget(store, document)
    place = written * _ROOM
    while store.one("SELECT 1 FROM entries WHERE place = ? AND document <> ?", place, document) is not None:
        place += 1
    return place, False


def add(store: Store, place: int, stream: bytes | None, parts: Sequence[str]) -> None:
    """Index the words of an entry at a place that nothing is at."""
    words = search_words.indexed(parts)
    store.run("INSERT INTO entries_text (rowid, stream, body) VALUES (?, ?, ?)", place, _named(stream), words)


def index_again(store: Store, document: int, parts: Sequence[str]) -> None:
    """Put these words in the place of those that a marked entry had."""
    words = search_words.indexed(parts)
    store.run("UPDATE entries_text SET body = ? WHERE rowid = ?", words, _place(store, document))
    store.run("DELETE FROM entries_to_index WHERE document = ?", document)


def mark(store: Store, document: int) -> None:
    """The words of an entry are others than those it is found by."""
    store.run("INSERT OR IGNORE INTO entries_to_index (document) VALUES (?)", document)


def marked(store: Store) -> list[int]:
    """The marked entries, in the order of their documents."""
    return [document for (document,) in store.all("SELECT document FROM entries_to_index ORDER BY document")]


def forget(store: Store, document: int) -> None:
    """The entry is found no more; to be called while it still has its place."""
    store.run("DELETE FROM entries_text WHERE rowid = ?", _place(store, document))
    store.run("DELETE FROM entries_to_index WHERE document = ?", document)


def move(store: Store, document: int, stream: bytes | None) -> None:
    """The entry is of another stream now."""
    store.run("UPDATE entries_text SET stream = ? WHERE rowid = ?", _named(stream), _place(store, document))


def places(
    store: Store, runs: search_words.Sought, window: ReadWindow, after: str | None
) -> tuple[list[int], str | None]:
    """The places of a page, newest first, and where the next one begins (None: nowhere). Raises `InvalidField`."""
    since, until, limit = window.bounds
    lowest = max(since * _ROOM, _FIRST)
    highest = min(until * _ROOM, _LAST)
    if after is not None:
        highest = min(highest, _from_cursor(after))
    if not runs or limit == 0:
        return [], None
    of_stream = "" if window.stream is None else f'stream : "{_named(window.stream.bytes)}" AND '
    match = f"{of_stream}body : ({search_words.matching(runs)})"
    rows = store.all(
        PAGE,
        match,
        lowest,
        highest,
        -1 if limit < 0 else limit + 1,
    )
    found = [place for (place,) in rows]
    if limit < 0 or len(found) <= limit:
        return found, None
    return found[:limit], _cursor(found[limit - 1])


def _named(stream: bytes | None) -> str:
    return "" if stream is None else stream.hex()


def _place(store: Store, document: int) -> int | None:
    row = store.one("SELECT place FROM entries WHERE document = ?", document)
    return None if row is None else row[0]


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(place.to_bytes(8, "big", signed=True)).rstrip(b"=").decode()


def _from_cursor(given: str) -> int:
    try:
        raw = base64.b64decode(given.encode("ascii") + b"=", altchars=b"-_", validate=True)
    except ValueError:
        raw = b""
    if len(raw) != 8:
        raise InvalidField("after must be what `next` of a page of this search was.")
    return int.from_bytes(raw, "big", signed=True)
