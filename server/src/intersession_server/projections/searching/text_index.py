"""The index that everything shown of a client is found by: FTS5 rows in the order of their moments, as on a device.

A row's id is the place of what it is of: its moment, with room for those of one moment. So a page is read from where
the last one ended, in the index's own order, and costs what it shows. Whose it is and of which kind are words of its
row, so that what others wrote, and what is not asked for, costs a search nothing.

FTS5 leaves the words of a row that was deleted in its segments until they are merged. After an erasure they are, in
steps between which others write; a mark in the database outlasts an interruption.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from sqlite3 import Connection
from typing import NamedTuple
from uuid import UUID

from intersession_schemas import search_words
from intersession_schemas.errors import InvalidField
from intersession_schemas.streams import Kind
from intersession_server.projections.searching.words import ShownText
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


class IndexPlace(NamedTuple):
    """What stands at a place of the index."""

    kind: Kind
    moment: int
    id: UUID


LIVE = Index("shown_text", "shown_places")
REBUILT = Index("rebuilt_shown_text", "rebuilt_shown_places")


def write(connection: Connection, index: Index, gone: Iterable[UUID], texts: Sequence[ShownText]) -> None:
    """Make what the index holds of these what is given, and nothing of what is `gone`.

    Whatever is found by keeps its place while its moment stays.
    """
    ids = [*map(str, gone), *(str(one.id) for one in texts)]
    held: dict[str, int] = {}
    for some in portions(ids):
        marks = ", ".join("?" * len(some))
        select = f"SELECT document || '' AS document, place FROM {index.places} WHERE document IN ({marks})"  # noqa: S608 - names, no values
        held |= {row["document"]: row["place"] for row in connection.execute(select, some)}
    moved, kept = dict(held), set[str]()
    for one in texts:
        place = held.get(str(one.id))
        if place is not None and _is_place_of(place, one):
            kept.add(str(one.id))
            del moved[str(one.id)]
            replaced = f"UPDATE {index.text} SET body = ? WHERE rowid = ?"  # noqa: S608 - likewise
            connection.execute(replaced, (one.words, place))
    places = [(place,) for place in moved.values()]
    connection.executemany(f"DELETE FROM {index.text} WHERE rowid = ?", places)  # noqa: S608 - likewise
    connection.executemany(f"DELETE FROM {index.places} WHERE place = ?", places)  # noqa: S608 - likewise
    if held.keys() - {str(one.id) for one in texts}:
        connection.execute("UPDATE text_erased SET holds = 1")
    for one in texts:
        if str(one.id) in kept:
            continue
        place = _free_place(connection, index, one)
        put = f"INSERT INTO {index.text} (rowid, client, kind, body) VALUES (?, ?, ?, ?)"  # noqa: S608 - likewise
        connection.execute(put, (place, one.client.hex, _word(one.kind), one.words))
        note = f"INSERT INTO {index.places} (document, kind, moment, place) VALUES (?, ?, ?, ?)"  # noqa: S608 - likewise
        connection.execute(note, (str(one.id), one.kind.value, one.moment, place))


def _word(kind: Kind) -> str:
    """A kind as one word of the index."""
    return kind.value.replace("_", "")


async def find(
    engine: SerialEngine,
    client: UUID,
    runs: search_words.Sought,
    bounds: tuple[int, int],
    limit: int,
    after: str | None,
    kinds: Sequence[Kind],
) -> tuple[list[IndexPlace], str | None]:
    """What is on a page, of these kinds, newest first, and where the next one begins (None: nowhere).

    `bounds`: from when up to when it was, in microseconds. Raises `InvalidField`.
    """
    lowest, highest = max(bounds[0] * _ROOM, _FIRST), min(bounds[1] * _ROOM, _LAST)
    if after is not None:
        highest = min(highest, _from_cursor(after))
    if not runs:
        return [], None
    asked = " OR ".join(f'"{_word(kind)}"' for kind in kinds)
    rows = await engine.statement(
        "SELECT places.place AS place, places.kind AS kind, places.moment AS moment, places.document || '' AS document"
        " FROM (SELECT rowid AS place FROM shown_text WHERE shown_text MATCH ? AND rowid >= ? AND rowid < ?"
        " ORDER BY rowid DESC LIMIT ?) AS found JOIN shown_places AS places ON places.place = found.place"
        " ORDER BY places.place DESC",
        [
            f'client : "{client.hex}" AND kind : ({asked}) AND body : ({search_words.matching(runs)})',
            lowest,
            highest,
            limit + 1,
        ],
    )
    shown = [IndexPlace(Kind(row["kind"]), row["moment"], UUID(row["document"])) for row in rows[:limit]]
    return shown, _cursor(rows[limit - 1]["place"]) if len(rows) > limit else None


async def cursor_of(engine: SerialEngine, document: UUID) -> str | None:
    """Where a page that ends with this ends."""
    rows = await engine.statement("SELECT place FROM shown_places WHERE document = ?", [str(document)])
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
                """ (client, kind, body, tokenize = "ascii", prefix = '1 2 3 4')""",
                [],
            )


async def taken_over(engine: SerialEngine) -> None:
    """What a rebuild has filled is read from now on. What was erased while it was filled left words there."""
    await engine.statement("UPDATE text_erased SET holds = 1", [])


async def forget_erased(engine: SerialEngine) -> None:
    """Merge what holds words of what was erased, if anything does, in steps. Raises `StorageError`."""
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


def _is_place_of(place: int, one: ShownText) -> bool:
    """Whether it is the first place that something of that moment is given."""
    drawn = int.from_bytes(hashlib.sha256(one.id.bytes + b"\0").digest()[:8])
    return place == max(_FIRST, min(one.moment * _ROOM + drawn % _ROOM, _LAST))


def _free_place(connection: Connection, index: Index, one: ShownText) -> int:
    """Where it goes: at its moment, or close to it where somebody has filled that up. The probes get wider, so
    that a place is found after a few of them, whatever is there."""
    width = _ROOM
    for probe in range(60):
        drawn = int.from_bytes(hashlib.sha256(one.id.bytes + bytes([probe])).digest()[:8])
        place = max(_FIRST, min(one.moment * _ROOM + drawn % width, _LAST))
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
