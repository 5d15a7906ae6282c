"""Documents saved beside their rows, on each store: what a new device is given of them, and when they go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from msgspec import msgpack
from tests.contracts.log_stores import (
    ANNA,
    RECORD,
    VAULT,
    Pen,
    appended,
    at,
    backfill_of,
    blob,
    erased,
    erasure,
    id_of,
    push,
)

from intersession_schemas.changes import Change
from intersession_schemas.messages import SavedRow
from intersession_server.log.saved.making import SavedDocument, ToSave, Unsaved
from intersession_server.log.store import LogStore

pytestmark = pytest.mark.anyio

ENTRY = id_of("entry")
LATER = at(60)


def saved(changes: Sequence[Change], first: int = 1) -> SavedDocument:
    """What a saver would make of these changes, which a store does not look into."""
    rows = [
        SavedRow(
            *(seq, one.hash, ANNA.account, ANNA.device, at(0)),
            *(list(one.deps), one.actor, one.start_op, one.operations, len(one.data)),
        )
        for seq, one in enumerate(changes, first)
    ]
    return SavedDocument(first + len(changes) - 1, b"saved " + changes[-1].hash, msgpack.encode(rows))


async def written(store: LogStore, count: int = 4) -> Pen:
    """An entry of so many changes, applied."""
    pen = Pen("entry")
    await appended(store, push(*pen.changes(count)))
    await store.applied(RECORD, count, [])
    return pen


async def test_what_came_to_rest_is_to_be_saved_once(store: LogStore) -> None:
    await written(store)
    assert await store.unsaved(at(0), 100) is None  # something has just come
    found = await store.unsaved(LATER, 100)
    assert found == Unsaved(RECORD, 4, (ToSave(ENTRY, 0, 4),))
    await store.keep_saved(RECORD, found.through, {})
    assert await store.unsaved(LATER, 100) is None


async def test_so_many_rows_at_a_time_and_only_applied_ones(store: LogStore) -> None:
    pen = await written(store)
    await appended(store, push(*pen.changes(2)))
    through = []
    while found := await store.unsaved(LATER, 3):
        through.append(found.through)
        await store.keep_saved(RECORD, found.through, {})
    assert through == [3, 4]
    await store.applied(RECORD, 6, [])
    assert (await store.unsaved(LATER, 3)) is not None


async def test_what_came_since_is_counted_until_it_is_saved_again(store: LogStore) -> None:
    pen = await written(store)
    await store.keep_saved(RECORD, 4, {ENTRY: saved(pen.written)})
    for count in (5, 6):
        await appended(store, push(*pen.changes(1)))
        await store.applied(RECORD, count, [])
        assert await store.unsaved(LATER, 100) == Unsaved(RECORD, count, (ToSave(ENTRY, 4, count - 4),))
        await store.keep_saved(RECORD, count, {})
    await appended(store, push(*pen.changes(1)))
    await store.applied(RECORD, 7, [])
    await store.keep_saved(RECORD, 7, {ENTRY: saved(pen.written)})
    await appended(store, push(*pen.changes(1)))
    await store.applied(RECORD, 8, [])
    assert await store.unsaved(LATER, 100) == Unsaved(RECORD, 8, (ToSave(ENTRY, 7, 1),))


async def test_nothing_of_a_vault_is_saved(store: LogStore) -> None:
    await appended(store, push(blob(b"one"), stream=VAULT))
    await store.applied(VAULT, 1, [])
    assert await store.unsaved(LATER, 100) is None


async def test_a_new_device_is_given_what_is_saved_and_what_came_since(store: LogStore) -> None:
    pen = await written(store)
    one = saved(pen.written)
    await store.keep_saved(RECORD, 4, {ENTRY: one})
    assert await store.saved(ENTRY) == one
    await appended(store, push(*pen.changes(2)))
    await store.applied(RECORD, 6, [6])
    (item,) = (await backfill_of(store, 6)).items
    assert (item.document, item.saved, item.inside) == (ENTRY, one.data, one.rows)
    assert [row.seq for row in item.rows] == [5]


async def test_what_was_saved_after_a_backfill_began_is_not_in_it(store: LogStore) -> None:
    pen = await written(store)
    await store.keep_saved(RECORD, 4, {ENTRY: saved(pen.written)})
    (item,) = (await backfill_of(store, 3)).items
    assert (item.saved, item.inside, [row.seq for row in item.rows]) == (b"", [], [1, 2, 3])


@pytest.mark.parametrize("keep", [False, True])
async def test_of_an_erased_document_nothing_is_saved(store: LogStore, keep: bool) -> None:
    pen = await written(store)
    await store.keep_saved(RECORD, 4, {ENTRY: saved(pen.written)})
    await erased(store, erasure(), keep=keep)
    await store.applied(RECORD, 5, [])
    assert await store.saved(ENTRY) is None
    assert (await backfill_of(store, 5)).items == []
    found = await store.unsaved(LATER, 100)
    assert found == Unsaved(RECORD, 5, ())
    await store.keep_saved(RECORD, 5, {ENTRY: saved(pen.written)})  # it was being made meanwhile
    assert await store.saved(ENTRY) is None


async def test_of_an_assessment_a_new_device_is_given_all_rows(store: LogStore) -> None:
    pen = Pen("answers")
    await appended(store, push(*pen.changes(3), kind="assessment"))
    await store.applied(RECORD, 3, [3])
    await store.keep_saved(RECORD, 3, {ENTRY: saved(pen.written[:2])})
    (item,) = (await backfill_of(store, 3)).items
    assert (item.saved, [row.type for row in item.rows]) == (b"", ["change", "change", "quarantine"])


async def test_a_page_counts_what_is_saved(store: LogStore) -> None:
    first, second = Pen("one"), Pen("two")
    await appended(store, push(*first.changes(3), document="one"), 0)
    await appended(store, push(*second.changes(3), document="two"), 0)
    await store.applied(RECORD, 6, [])
    made = {id_of("one"): saved(first.written), id_of("two"): saved(second.written, 4)}
    await store.keep_saved(RECORD, 6, made)
    page = await backfill_of(store, 6, limit_bytes=1)
    assert ([item.document for item in page.items], page.backfill) == ([id_of("two")], 4)
    page = await backfill_of(store, 6, below=4, limit_bytes=1)
    assert ([item.document for item in page.items], page.backfill) == ([id_of("one")], 0)


async def test_rest_is_counted_to_the_last_row(store: LogStore) -> None:
    pen = await written(store)
    await appended(store, push(*pen.changes(1)), 30)
    await store.applied(RECORD, 5, [])
    assert await store.unsaved(at(30), 100) is None
    assert await store.unsaved(at(30) + timedelta(microseconds=1), 100) is not None
