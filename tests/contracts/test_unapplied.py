"""What every log store tells the server itself: what is still to be applied, what a stream or a document has."""

from __future__ import annotations

import pytest
from tests.contracts.log_stores import (
    ANNA,
    CHART,
    LIBRARY,
    PLENTY,
    PRACTICE,
    RECORD,
    THEO,
    VAULT,
    Pen,
    appended,
    at,
    id_of,
    push,
)

from intersession_schemas.messages import RowType
from intersession_schemas.streams import Audience
from intersession_server.log.store import LogStore

pytestmark = pytest.mark.anyio


# --- apply ------------------------------------------------------------------------------------------------------------


async def test_unapplied_rows_come_in_order_with_all_that_is_known_of_them(store: LogStore) -> None:
    first, second = Pen("entry").changes(2)
    await appended(store, push(first), minutes=3)
    await appended(store, push(second), minutes=4)
    await store.applied(RECORD, 1, [])
    (row,) = await store.unapplied(10, PLENTY)
    assert (row.stream, row.seq, row.document, row.kind) == (RECORD, 2, id_of("entry"), "journal_entry")
    assert (row.audience, row.hash, row.change) == (Audience.RECORD, second.hash, second.data)
    assert (row.author, row.device, row.received_at, row.attempts) == (ANNA.account, ANNA.device, at(4), 1)


async def test_every_stream_that_is_behind_gets_its_share(store: LogStore) -> None:
    await appended(store, push(*Pen("entry").changes(20)))
    await appended(store, push(Pen("note").change(), by=THEO, stream=CHART, document="note", kind="note"))
    rows = await store.unapplied(10, PLENTY)
    assert {row.stream for row in rows} == {RECORD, CHART}
    assert [row.seq for row in rows if row.stream == RECORD] == list(
        range(1, 1 + sum(r.stream == RECORD for r in rows))
    )
    assert len(await store.unapplied(1, PLENTY)) == 1
    assert len(await store.unapplied(100, 1)) == 1


async def test_attempts_are_counted(store: LogStore) -> None:
    await appended(store, push(*Pen("entry").changes(2)))
    first, second = await store.unapplied(10, PLENTY)
    await store.note_attempts([first])
    await store.note_attempts([first, second])
    assert [row.attempts for row in await store.unapplied(10, PLENTY)] == [3, 2]


async def test_a_documents_changes_are_those_applied(store: LogStore) -> None:
    changes = Pen("entry").changes(3)
    await appended(store, push(*changes))
    assert await store.document_changes(id_of("entry")) == []
    await store.applied(RECORD, 2, [])
    assert await store.document_changes(id_of("entry")) == [change.data for change in changes[:2]]
    assert await store.document_changes(id_of("no document")) == []


# --- the server's own reads -------------------------------------------------------------------------------------------


async def test_streams_are_found_by_client_and_by_id(store: LogStore) -> None:
    await appended(store, push(*Pen("entry").changes(2)))
    await store.applied(RECORD, 1, [])
    found = {stream.audience: stream for stream in await store.streams_of_client(ANNA.account)}
    assert set(found) == {Audience.RECORD, Audience.VAULT, Audience.CHART}
    assert await store.stream(RECORD) == found[Audience.RECORD]
    assert (found[Audience.RECORD].practice, found[Audience.RECORD].head) == (PRACTICE, 1)
    library = await store.stream(LIBRARY)
    assert library is not None
    assert library.client is None
    assert await store.stream(id_of("no stream")) is None
    assert await store.stream_heads() == {RECORD: 1, VAULT: 0, CHART: 0, LIBRARY: 0}


async def test_rows_for_projections_come_in_pages(store: LogStore) -> None:
    await appended(store, push(*Pen("entry").changes(5)))
    await store.applied(RECORD, 4, [])
    assert [row.seq for row in await store.stream_rows(RECORD, 0, 3)] == [1, 2, 3]
    assert [row.seq for row in await store.stream_rows(RECORD, 3, 3)] == [4]
    assert await store.stream_rows(id_of("no stream"), 0, 3) == []


async def test_a_documents_rows_are_all_that_were_dealt_with(store: LogStore) -> None:
    pen, other = Pen("entry"), Pen("other")
    for one in range(3):
        await appended(store, push(pen.change()))
        await appended(store, push(other.change(), document="other"), minutes=one)
    await store.applied(RECORD, 4, [3])
    rows = await store.document_rows(id_of("entry"))
    assert [(row.seq, row.type, row.change) for row in rows] == [
        (1, RowType.CHANGE, pen.written[0].data),
        (3, RowType.QUARANTINE, b""),
    ]
    assert await store.document_rows(id_of("no document")) == []


async def test_missing_changes_are_those_the_document_lacks(store: LogStore) -> None:
    change = Pen("entry").change()
    await appended(store, push(change))
    assert await store.missing_changes(RECORD, id_of("entry"), [change.hash, bytes(32)]) == [bytes(32)]
    assert await store.missing_changes(RECORD, id_of("another"), [change.hash]) == [change.hash]
    assert await store.missing_changes(VAULT, id_of("entry"), [change.hash]) == [change.hash]
