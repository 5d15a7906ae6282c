"""The index that entries are found by: FTS5 rows in the order of when entries were written, as on a device.

A row's id is its entry's place: when it was written, with room for those of one moment. So a page is read from where
the last one ended, in the index's own order, and costs what it shows. Whose entry it is, is a word of its row, so that
the entries of other clients cost a search nothing.

FTS5 leaves the words of a row that was deleted in its segments until they are merged. After an erasure they are, in
steps between which others write; a mark in the database outlasts an interruption.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from sqlite3 import Connection
from typing import NamedTuple
from uuid import UUID

from intersession_schemas import search_words
from intersession_schemas.errors import InvalidField
from intersession_server.projections.documents import DocumentRows, EntryRow
from intersession_server.storage.engine import SerialEngine
from intersession_server.storage.statements import portions

_ROOM = 32
"""Places of one microsecond; from the year 1 to 9999 they fit 64 bits."""
_FIRST, _LAST = -(2**63), 2**63 - 1
_PAGES_AT_ONCE = 200
"""Pages of the index that one step of merging writes."""


class Index(NamedTuple):
    """The names of its tables."""

    text: str
    places: str


LIVE = Index("entries_text", "entries_places")
REBUILT = Index("rebuilt_entries_text", "rebuilt_entries_places")


def write(connection: Connection, index: Index, documents: Sequence[DocumentRows]) -> None:
    """Make what the index holds of these documents what is given. An entry keeps its place while its moment stays."""
    held: dict[str, int] = {}
    for some in portions([str(rows.document) for rows in documents]):
        marks = ", ".join("?" * len(some))
        select = f"SELECT document, place FROM {index.places} WHERE document IN ({marks})"  # noqa: S608 - names, no values
        held |= {str(row["document"]): row["place"] for row in connection.execute(select, some)}
    moved = dict(held)
    for rows in documents:
        if rows.entry is None:
            continue
        document, place = str(rows.document), held.get(str(rows.document))
        if place is not None and _is_place_of(place, rows.entry):
            del moved[document]
            replaced = f"UPDATE {index.text} SET body = ? WHERE rowid = ?"  # noqa: S608 - likewise
            connection.execute(replaced, (rows.words, place))
    places = [(place,) for place in moved.values()]
    connection.executemany(f"DELETE FROM {index.text} WHERE rowid = ?", places)  # noqa: S608 - likewise
    connection.executemany(f"DELETE FROM {index.places} WHERE place = ?", places)  # noqa: S608 - likewise
    kept = held.keys() - moved.keys()
    entries = [(rows.entry, rows.words) for rows in documents if rows.entry is not None]
    if held.keys() - {str(entry.document) for entry, _ in entries}:
        connection.execute("UPDATE text_erased SET holds = 1")
    for entry, words in entries:
        if str(entry.document) in kept:
            continue
        place = _free_place(connection, index, entry)
        put = f"INSERT INTO {index.text} (rowid, client, body) VALUES (?, ?, ?)"  # noqa: S608 - likewise
        connection.execute(put, (place, entry.client.hex, words))
        note = f"INSERT INTO {index.places} (document, place) VALUES (?, ?)"  # noqa: S608 - likewise
        connection.execute(note, (str(entry.document), place))


async def find(
    engine: SerialEngine,
    client: UUID,
    runs: search_words.Sought,
    bounds: tuple[int, int],
    limit: int,
    after: str | None,
) -> tuple[list[UUID], str | None]:
    """The entries of a page, newest first, and where the next one begins (None: nowhere). Raises `InvalidField`.

    `bounds`: from when up to when they were written, in microseconds.
    """
    lowest, highest = max(bounds[0] * _ROOM, _FIRST), min(bounds[1] * _ROOM, _LAST)
    if after is not None:
        highest = min(highest, _from_cursor(after))
    if not runs:
        return [], None
    rows = await engine.statement(
        "SELECT places.place AS place, places.document AS document FROM"
        " (SELECT rowid AS place FROM entries_text WHERE entries_text MATCH ? AND rowid >= ? AND rowid < ?"
        " ORDER BY rowid DESC LIMIT ?) AS found JOIN entries_places AS places ON places.place = found.place"
        " ORDER BY places.place DESC",
        [f'client : "{client.hex}" AND body : ({search_words.matching(runs)})', lowest, highest, limit + 1],
    )
    shown = rows[:limit]
    more = len(rows) > limit
    return [UUID(str(row["document"])) for row in shown], _cursor(shown[-1]["place"]) if more else None


async def cursor_of(engine: SerialEngine, document: UUID) -> str | None:
    """Where a page that ends with this entry ends."""
    rows = await engine.statement("SELECT place FROM entries_places WHERE document = ?", [str(document)])
    return _cursor(rows[0]["place"]) if rows else None


async def empty(engine: SerialEngine, index: Index, at_once: int) -> None:
    """Delete every row; the index itself is re-created, because deleted rows would leave their words in it."""
    some = f"DELETE FROM {index.places} WHERE place IN (SELECT place FROM {index.places} LIMIT ?)"  # noqa: S608 - names
    while await engine.statement(f"SELECT 1 FROM {index.places} LIMIT 1", []):  # noqa: S608 - likewise
        await engine.statement(some, [at_once])
    if await engine.statement(f"SELECT 1 FROM {index.text}_docsize LIMIT 1", []):  # noqa: S608 - likewise
        async with engine.transaction():
            await engine.statement(f"DROP TABLE {index.text}", [])
            await engine.statement(
                f"CREATE VIRTUAL TABLE {index.text} USING fts5"
                """ (client, body, tokenize = "ascii", prefix = '1 2 3 4')""",
                [],
            )


async def taken_over(engine: SerialEngine) -> None:
    """What a rebuild has filled is read from now on. Entries that were erased while it was filled left words there."""
    await engine.statement("UPDATE text_erased SET holds = 1", [])


async def forget_erased(engine: SerialEngine) -> None:
    """Merge what holds words of entries that were erased, if anything does, in steps. Raises `StorageError`."""
    if not (await engine.statement("SELECT holds FROM text_erased", []))[0]["holds"]:
        return
    text = LIVE.text
    pages = -_PAGES_AT_ONCE  # the first step puts all segments on one level, so that the others merge them into one
    while True:
        async with engine.transaction():
            before = (await engine.statement("SELECT total_changes() AS changes", []))[0]["changes"]
            merge = f"INSERT INTO {text} ({text}, rank) VALUES ('merge', ?)"  # noqa: S608 - a name, no value
            await engine.statement(merge, [pages])
            after = (await engine.statement("SELECT total_changes() AS changes", []))[0]["changes"]
            # As FTS5 says: a step that changes less than two rows had nothing to merge.
            if after - before < 2 and pages > 0:
                await engine.statement("UPDATE text_erased SET holds = 0", [])
                return
        pages = _PAGES_AT_ONCE


def _is_place_of(place: int, entry: EntryRow) -> bool:
    """Whether it is the first place that an entry of that moment is given."""
    drawn = int.from_bytes(hashlib.sha256(entry.document.bytes + b"\0").digest()[:8])
    return place == max(_FIRST, min(entry.moment * _ROOM + drawn % _ROOM, _LAST))


def _free_place(connection: Connection, index: Index, entry: EntryRow) -> int:
    """Where the entry goes: at its moment, or close to it where somebody has filled that up. The probes get wider, so
    that a place is found after a few of them, whatever is there."""
    width = _ROOM
    for probe in range(60):
        drawn = int.from_bytes(hashlib.sha256(entry.document.bytes + bytes([probe])).digest()[:8])
        place = max(_FIRST, min(entry.moment * _ROOM + drawn % width, _LAST))
        taken = f"SELECT 1 FROM {index.places} WHERE place = ?"  # noqa: S608 - a name, no value
        if connection.execute(taken, (place,)).fetchone() is None:
            return place
        width = min(2 * width, 2**40)
    raise AssertionError("no free place left in the index")


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(place.to_bytes(8, "big", signed=True)).rstrip(b"=").decode()


def _from_cursor(given: str) -> int:
    try:
        raw = base64.b64decode(given.encode("ascii") + b"=", altchars=b"-_", validate=True)
    except ValueError:
        raw = b""
    if len(raw) != 8:
        raise InvalidField("after must be the `next` of an earlier response.")
    return int.from_bytes(raw, "big", signed=True)
