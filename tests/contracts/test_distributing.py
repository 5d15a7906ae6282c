"""What every log store gives to readers: pages from a cursor, documents for a new device, offers. On each store."""

from __future__ import annotations

from uuid import UUID

import pytest
from tests.contracts.log_stores import (
    ANNA,
    CHART,
    LIBRARY,
    MORNING,
    NOBODY,
    PLENTY,
    PRACTICE,
    RECORD,
    THEO,
    VAULT,
    Pen,
    Person,
    appended,
    at,
    backfill_of,
    ended,
    grant_of,
    id_of,
    page_of,
    push,
    refused,
)

from intersession_schemas.errors import RefusalCode
from intersession_schemas.messages import RowType
from intersession_schemas.streams import Audience, Role
from intersession_server.log.store import ROW_OVERHEAD, LogStore, NotReadable, StorageFailed, UnknownStream
from intersession_server.log.submissions import Appended

pytestmark = pytest.mark.anyio


# --- distribute -------------------------------------------------------------------------------------------------------


async def test_readers_are_given_what_is_applied(store: LogStore) -> None:
    await appended(store, push(*Pen("entry").changes(3)))
    empty = await page_of(store)
    assert (empty.items, empty.through, empty.chain, empty.head) == ([], 0, b"", 0)
    await store.applied(RECORD, 2, [])
    page = await page_of(store)
    assert [row.seq for row in page.items] == [1, 2]
    assert (page.through, page.chain, page.head) == (2, await store.chain_at(RECORD, 2), 2)
    assert await store.stream_rows(RECORD, 0, 10) == page.items


async def test_what_is_applied_stays_so(store: LogStore) -> None:
    await appended(store, push(*Pen("entry").changes(3)))
    await store.applied(RECORD, 3, [])
    await store.applied(RECORD, 1, [2])
    page = await page_of(store)
    assert [(row.seq, row.type) for row in page.items] == [(seq, RowType.CHANGE) for seq in (1, 2, 3)]


async def test_what_was_applied_is_not_set_aside_later(store: LogStore) -> None:
    pen = Pen("entry")
    await appended(store, push(pen.change()))
    await store.applied(RECORD, 1, [])
    await store.applied(RECORD, 1, [1])
    assert [row.type for row in await store.stream_rows(RECORD, 0, 10)] == [RowType.CHANGE]
    await appended(store, push(pen.change()))
    await store.applied(RECORD, 2, [1])
    assert [row.type for row in await store.stream_rows(RECORD, 0, 10)] == [RowType.CHANGE, RowType.CHANGE]
    assert [row.type for row in await store.document_rows(id_of("entry"))] == [RowType.CHANGE, RowType.CHANGE]


async def test_what_does_not_exist_cannot_be_applied(store: LogStore) -> None:
    await appended(store, push(*Pen("entry").changes(3)))
    with pytest.raises(StorageFailed):
        await store.applied(RECORD, 4, [])
    with pytest.raises(UnknownStream):
        await store.applied(id_of("no stream"), 1, [])
    assert (await page_of(store)).head == 0


async def test_a_page_goes_on_where_the_last_ended_and_is_bounded(store: LogStore) -> None:
    pen = Pen("entry")
    await appended(store, push(*(pen.change(data=bytes([n]) * 1000) for n in range(10))))
    await store.applied(RECORD, 10, [])
    room = 3 * (1000 + ROW_OVERHEAD)
    after, pages = 0, []
    while (page := await page_of(store, after, room)).items:
        pages.append([row.seq for row in page.items])
        assert page.chain == await store.chain_at(RECORD, page.through)
        after = page.through
    assert pages == [[1, 2, 3], [4, 5, 6], [7, 8, 9], [10]]
    assert [row.seq for row in (await page_of(store, 4, 1)).items] == [5]
    beyond = await page_of(store, 99)
    assert (beyond.items, beyond.through, beyond.chain, beyond.head) == ([], 99, b"", 10)


async def test_a_page_is_for_the_grant_that_was_given_and_still_holds(store: LogStore) -> None:
    await appended(store, push(Pen("entry").change()))
    await store.applied(RECORD, 1, [])
    mine = grant_of(THEO)

    async def denied(person: Person, stream: UUID, grant: UUID) -> bool:
        page = await store.page(person.reader, stream, grant, 0, PLENTY)
        filled = await store.backfill(person.reader, stream, grant, 1, None, PLENTY)
        assert isinstance(page, NotReadable) is isinstance(filled, NotReadable)
        return page == NotReadable(stream, grant)

    assert not await denied(THEO, RECORD, mine)
    assert await denied(THEO, RECORD, id_of("no grant"))
    assert await denied(THEO, RECORD, grant_of(ANNA))
    assert await denied(NOBODY, RECORD, mine)
    assert await denied(THEO, RECORD, grant_of(THEO, CHART))
    assert await denied(THEO, VAULT, mine)
    assert await denied(THEO, id_of("no stream"), mine)
    await store.revoke_device(THEO.device, MORNING)
    assert await denied(THEO, RECORD, mine)
    other_device = Person("Theo")
    assert not await denied(ANNA, RECORD, grant_of(ANNA))
    await store.end_grant(grant_of(ANNA), MORNING)
    assert await denied(ANNA, RECORD, grant_of(ANNA))
    assert other_device.account == THEO.account


async def test_a_new_grant_does_not_revive_the_one_that_ended(store: LogStore) -> None:
    await store.end_grant(grant_of(THEO), at(1))
    await store.grant(id_of("again"), RECORD, THEO.account, Role.COVERING, at(2))
    old = await store.page(THEO.reader, RECORD, grant_of(THEO), 0, PLENTY)
    new = await store.page(THEO.reader, RECORD, id_of("again"), 0, PLENTY)
    assert old == NotReadable(RECORD, grant_of(THEO))
    assert not isinstance(new, NotReadable)


async def test_a_row_set_aside_comes_without_its_bytes_and_nothing_builds_on_it(store: LogStore) -> None:
    pen = Pen("entry")
    good, bad = pen.changes(2)
    await appended(store, push(good, bad))
    await store.applied(RECORD, 2, [2])
    page = await page_of(store)
    assert [(row.seq, row.type, row.hash, row.change) for row in page.items] == [
        (1, RowType.CHANGE, good.hash, good.data),
        (2, RowType.QUARANTINE, bad.hash, b""),
    ]
    assert await refused(store, push(bad)) == RefusalCode.DOES_NOT_APPLY
    assert await refused(store, push(good, bad)) == RefusalCode.DOES_NOT_APPLY
    assert await refused(store, push(pen.change())) == RefusalCode.DEPENDENCY_REFUSED
    assert await appended(store, push(good)) == Appended(1, duplicate=True)
    assert await store.document_changes(id_of("entry")) == [good.data]
    (document,) = (await backfill_of(store, 2)).items
    assert [row.seq for row in document.rows] == [1]


async def three_documents(store: LogStore) -> None:
    """Documents of three changes each, made at rows 1, 4 and 7; the first one goes on at row 10."""
    first = Pen("first")
    await appended(store, push(*first.changes(3), document="first"))
    await appended(store, push(*Pen("second").changes(3), document="second"))
    await appended(store, push(*Pen("third").changes(3), document="third", kind="symptom_log"))
    await appended(store, push(first.change(), document="first"))


async def test_documents_come_newest_first_up_to_the_head(store: LogStore) -> None:
    await three_documents(store)
    await store.applied(RECORD, 10, [])
    page = await backfill_of(store, 9)
    assert [(item.document, item.kind, [row.seq for row in item.rows]) for item in page.items] == [
        (id_of("third"), "symptom_log", [7, 8, 9]),
        (id_of("second"), "journal_entry", [4, 5, 6]),
        (id_of("first"), "journal_entry", [1, 2, 3]),
    ]
    assert (page.head, page.backfill, page.chain) == (9, 0, await store.chain_at(RECORD, 9))
    assert [row.change for row in page.items[1].rows] == [change.data for change in Pen("second").changes(3)]


async def test_backfill_goes_on_below_the_last_document(store: LogStore) -> None:
    await three_documents(store)
    await store.applied(RECORD, 10, [])
    made, below = [], None
    while below != 0:
        page = await backfill_of(store, 10, below, limit_bytes=1)
        made.append(([item.document for item in page.items], page.backfill))
        below = page.backfill
    assert made == [([id_of("third")], 7), ([id_of("second")], 4), ([id_of("first")], 0)]
    (newest, *_) = (await backfill_of(store, 7)).items
    assert (newest.document, [row.seq for row in newest.rows]) == (id_of("third"), [7])
    assert (await backfill_of(store, 6)).items[0].document == id_of("second")
    assert (await backfill_of(store, 10, 5)).items[0].document == id_of("second")


async def test_backfill_never_goes_beyond_what_is_applied(store: LogStore) -> None:
    await three_documents(store)
    await store.applied(RECORD, 5, [])
    page = await backfill_of(store, 10)
    assert [[row.seq for row in item.rows] for item in page.items] == [[4, 5], [1, 2, 3]]
    assert page.head == 5


async def test_backfill_of_a_stream_that_is_empty_or_all_set_aside(store: LogStore) -> None:
    assert await backfill_of(store, 0) == await backfill_of(store, 0, 0)
    await appended(store, push(Pen("entry").change()))
    await store.applied(RECORD, 1, [1])
    page = await backfill_of(store, 1)
    assert (page.items, page.head, page.backfill) == ([], 1, 0)


async def test_offers_are_the_streams_one_may_read_now(store: LogStore) -> None:
    data = Pen("entry").change()
    await appended(store, push(data))
    await store.applied(RECORD, 1, [])
    offers = {offer.audience: offer for offer in await store.offers(THEO.reader)}
    assert set(offers) == {Audience.RECORD, Audience.CHART, Audience.LIBRARY}
    record = offers[Audience.RECORD]
    assert (record.stream, record.role, record.grant, record.client) == (
        RECORD,
        Role.PRIMARY,
        grant_of(THEO),
        ANNA.account,
    )
    assert (record.head, record.documents, record.bytes) == (1, 1, len(data.data))
    assert offers[Audience.LIBRARY].client == PRACTICE
    assert {offer.stream for offer in await store.offers(ANNA.reader)} == {RECORD, VAULT}
    assert await store.offers(NOBODY.reader) == []
    await store.end_grant(grant_of(THEO), MORNING)
    assert {offer.stream for offer in await store.offers(THEO.reader)} == {CHART, LIBRARY}
    await store.revoke_device(THEO.device, MORNING)
    assert await store.offers(THEO.reader) == []


async def test_ended_names_the_latest_grant_of_what_was_and_is_no_more(store: LogStore) -> None:
    asked = [RECORD, CHART, LIBRARY, VAULT, id_of("no stream")]
    assert await ended(store, THEO.reader, asked) == []
    await store.end_grant(grant_of(THEO), at(1))
    await store.grant(id_of("second"), RECORD, THEO.account, Role.COVERING, at(2))
    assert await ended(store, THEO.reader, asked) == []
    await store.end_grant(id_of("second"), at(3))
    assert await ended(store, THEO.reader, asked) == [(RECORD, id_of("second"))]
    assert await ended(store, NOBODY.reader, asked) == []
    await store.revoke_device(THEO.device, at(4))
    assert await ended(store, THEO.reader, asked) == [
        (RECORD, id_of("second")),
        (CHART, grant_of(THEO, CHART)),
        (LIBRARY, grant_of(THEO, LIBRARY)),
    ]
