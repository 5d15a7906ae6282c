"""What every log store promises. Each test runs on each store."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID

import pytest
from msgspec.structs import replace
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
    blob,
    furnish,
    grant_of,
    id_of,
    page_of,
    push,
    refused,
)
from tests.schemas import forging

from intersession_schemas.changes import (
    MAX_CHANGE_BYTES,
    MAX_CHANGE_OPERATIONS,
    MAX_DOCUMENT_BYTES,
    MAX_DOCUMENT_OPERATIONS,
    Change,
    read_change,
)
from intersession_schemas.errors import RefusalCode
from intersession_schemas.messages import CHAIN_BYTES, Row, RowType
from intersession_schemas.records.instants import to_micros
from intersession_schemas.streams import Audience, Role
from intersession_server.errors import StorageError
from intersession_server.log import chain, checks
from intersession_server.log.store import (
    ROW_OVERHEAD,
    Appended,
    Declined,
    LogStore,
    NotReadable,
    StorageFailed,
    UnknownStream,
)

pytestmark = pytest.mark.anyio


# --- accept -----------------------------------------------------------------------------------------------------------


async def test_rows_are_numbered_and_come_back_as_they_went_in(store: LogStore) -> None:
    first, second, third = Pen("entry").changes(3)
    assert await appended(store, push(first, second)) == Appended(2)
    assert await appended(store, push(third), minutes=7) == Appended(3)
    await store.applied(RECORD, 3, [])
    page = await page_of(store)
    assert page.items == [
        Row(
            1, id_of("entry"), "journal_entry", first.hash, ANNA.account, ANNA.device, at(0), RowType.CHANGE, first.data
        ),
        Row(2, id_of("entry"), "journal_entry", second.hash, ANNA.account, ANNA.device, at(0), change=second.data),
        Row(3, id_of("entry"), "journal_entry", third.hash, ANNA.account, ANNA.device, at(7), change=third.data),
    ]
    assert (page.stream, page.through, page.head) == (RECORD, 3, 3)


async def test_streams_are_numbered_apart(store: LogStore) -> None:
    await appended(store, push(*Pen("entry").changes(2)))
    note = push(Pen("note").change(), by=THEO, stream=CHART, document="note", kind="note")
    assert await appended(store, note) == Appended(1)


async def test_appends_take_their_places_in_the_order_of_the_calls(store: LogStore) -> None:
    pen = Pen("entry")
    waiting = [store.append(push(pen.change()), MORNING) for _ in range(100)]
    assert [await one for one in waiting] == [Appended(seq) for seq in range(1, 101)]


async def test_a_duplicate_is_told_the_row_of_the_original(store: LogStore) -> None:
    pen = Pen("entry")
    first, second = pen.changes(2)
    await appended(store, push(first, second))
    assert await appended(store, push(first)) == Appended(1, duplicate=True)
    assert await appended(store, push(second, first)) == Appended(2, duplicate=True)
    assert await appended(store, push(pen.change())) == Appended(3)


async def test_a_duplicate_handed_over_with_its_original_is_one(store: LogStore) -> None:
    change = Pen("entry").change()
    outcomes = await asyncio.gather(*(store.append(push(change), MORNING) for _ in range(5)))
    assert outcomes == [Appended(1), *[Appended(1, duplicate=True)] * 4]


async def test_of_a_push_that_is_known_in_part_the_new_is_kept(store: LogStore) -> None:
    first, second, third = Pen("entry").changes(3)
    await appended(store, push(first))
    assert await appended(store, push(first, second, first, third, third)) == Appended(3)
    await store.applied(RECORD, 3, [])
    assert [row.hash for row in (await page_of(store)).items] == [first.hash, second.hash, third.hash]


@pytest.mark.parametrize("person", [NOBODY, Person("Theo's locum")], ids=lambda person: person.name)
async def test_without_a_grant_a_stream_is_unknown(store: LogStore, person: Person) -> None:
    assert await refused(store, push(Pen("entry").change(), by=person)) == RefusalCode.UNKNOWN_STREAM
    assert await refused(store, push(Pen("entry").change(), stream=id_of("no stream"))) == RefusalCode.UNKNOWN_STREAM
    assert await refused(store, push(Pen("entry").change(), stream=CHART)) == RefusalCode.UNKNOWN_STREAM


async def test_from_the_end_of_a_grant_nothing_is_taken_not_even_what_is_there(store: LogStore) -> None:
    change = Pen("entry").change()
    await appended(store, push(change))
    await store.end_grants(RECORD, ANNA.account, MORNING)
    assert await refused(store, push(change)) == RefusalCode.UNKNOWN_STREAM


async def test_an_append_handed_over_before_the_end_of_the_grant_still_counts_and_one_after_it_does_not(
    store: LogStore,
) -> None:
    pen = Pen("entry")
    before = store.append(push(pen.change()), MORNING)
    ending = asyncio.ensure_future(store.end_grants(RECORD, ANNA.account, MORNING))
    await asyncio.sleep(0)
    after = store.append(push(pen.change()), MORNING)
    assert await before == Appended(1)
    await ending
    assert await after == Declined(RefusalCode.UNKNOWN_STREAM)


async def test_through_a_revoked_device_nothing_is_taken(store: LogStore) -> None:
    await store.revoke_device(ANNA.device, MORNING)
    assert await refused(store, push(Pen("entry").change())) == RefusalCode.UNKNOWN_STREAM


@pytest.mark.parametrize(
    ("code", "submission"),
    [
        (RefusalCode.UNKNOWN_KIND, push(Pen("x").change(), kind="diary")),
        (RefusalCode.UNKNOWN_KIND, push(Pen("x").change(), kind="note")),
        (RefusalCode.NOT_WRITER, push(Pen("x").change(), by=THEO)),
        (RefusalCode.NOT_WRITER, push(Pen("x").change(), kind="plan")),
        (RefusalCode.BAD_CHANGE, push()),
        (RefusalCode.MISSING_DEPENDENCY, push(Pen("x").change(deps=[bytes(32)]))),
        (RefusalCode.MISSING_DEPENDENCY, push(*reversed(Pen("x").changes(2)))),
        (RefusalCode.TOO_LARGE, push(Pen("x").change(data=bytes(MAX_CHANGE_BYTES + 1)))),
    ],
)
async def test_what_is_refused_leaves_nothing(store: LogStore, code: RefusalCode, submission: object) -> None:
    assert await refused(store, submission) == code  # type: ignore[arg-type]
    assert await store.unapplied(10, PLENTY) == []
    assert await appended(store, push(Pen("x").change(), document="x")) == Appended(1)


async def test_a_push_is_taken_as_a_whole_or_not_at_all(store: LogStore) -> None:
    pen = Pen("entry")
    good, bad = pen.change(), pen.change(deps=[bytes(32)])
    assert await refused(store, push(good, bad)) == RefusalCode.MISSING_DEPENDENCY
    assert await store.missing_changes(RECORD, id_of("entry"), [good.hash, bad.hash]) == [good.hash, bad.hash]
    assert await appended(store, push(good)) == Appended(1)


async def test_a_document_stays_in_its_stream_and_keeps_its_kind(store: LogStore) -> None:
    pen = Pen("entry")
    await appended(store, push(pen.change()))
    assert await refused(store, push(pen.change(), kind="goal")) == RefusalCode.WRONG_DOCUMENT
    assert await refused(store, push(blob(b"x"), stream=VAULT)) == RefusalCode.WRONG_DOCUMENT


async def test_a_document_grows_up_to_its_limits(store: LogStore) -> None:
    pen, size = Pen("entry"), MAX_CHANGE_BYTES
    for number in range(MAX_DOCUMENT_BYTES // size):
        await appended(store, push(pen.change(data=bytes([number]) * size)))
    assert await refused(store, push(pen.change())) == RefusalCode.TOO_LARGE
    many = Pen("many")
    await appended(store, push(*(many.change(operations=20_000) for _ in range(10)), document="many"))
    assert MAX_DOCUMENT_OPERATIONS == 10 * 20_000
    assert await refused(store, push(many.change(), document="many")) == RefusalCode.TOO_MANY_OPERATIONS


async def test_an_actor_writes_for_one_account(store: LogStore) -> None:
    pen = Pen("goal")
    await appended(store, push(pen.change(), document="goal", kind="goal"))
    assert await refused(store, push(pen.change(), by=THEO, document="goal", kind="goal")) == RefusalCode.ACTOR_TAKEN
    elsewhere = push(Pen("goal").change(), by=THEO, stream=CHART, document="note", kind="note")
    assert await refused(store, elsewhere) == RefusalCode.ACTOR_TAKEN


async def test_an_actor_uses_a_number_once_in_a_document(store: LogStore) -> None:
    one, other = Pen("entry"), Pen("entry")
    await appended(store, push(one.change()))
    assert await refused(store, push(other.change(data=b"other"))) == RefusalCode.ACTOR_REUSED
    twice = Pen("twice"), Pen("twice")
    reused = push(twice[0].change(), twice[1].change(data=b"other"), document="twice")
    assert await refused(store, reused) == RefusalCode.ACTOR_REUSED
    assert await appended(store, push(other.written[0], document="another")) == Appended(2)


async def test_a_sequence_number_too_large_for_any_store_is_a_bad_change(store: LogStore) -> None:
    pen = Pen("entry")
    pen.seq = 2**63 - 1
    assert await refused(store, push(pen.change())) == RefusalCode.BAD_CHANGE
    await appended(store, push(Pen("entry").change()))
    pen.seq = 2**64 - 2
    assert await refused(store, push(pen.change())) == RefusalCode.BAD_CHANGE


async def test_a_vault_takes_opaque_blobs_of_its_owner_only(store: LogStore) -> None:
    first, second = blob(b"first"), blob(b"second")
    assert await appended(store, push(first, second, stream=VAULT)) == Appended(2)
    assert await appended(store, push(second, stream=VAULT)) == Appended(2, duplicate=True)
    assert await appended(store, push(blob(b"third"), stream=VAULT)) == Appended(3)
    assert await refused(store, push(blob(b"fourth"), stream=VAULT, by=THEO)) == RefusalCode.UNKNOWN_STREAM
    large = blob(bytes(MAX_CHANGE_BYTES + 1))
    assert await refused(store, push(large, stream=VAULT)) == RefusalCode.TOO_LARGE


async def test_what_is_not_applied_says_how_large_its_document_is_and_whether_it_begins_with_it(
    store: LogStore,
) -> None:
    await appended(store, push(*Pen("entry").changes(2)))
    await appended(store, push(Pen("note").change(), by=THEO, stream=CHART, document="note", kind="note"))
    rows = await store.unapplied(10, PLENTY)
    assert sorted((row.stream == CHART, row.seq, row.first, row.operations) for row in rows) == [
        (False, 1, True, 2),
        (False, 2, False, 2),
        (True, 1, True, 1),
    ]
    assert {row.stream for row in await store.unapplied(10, PLENTY, [RECORD])} == {CHART}
    asked = [id_of("entry"), id_of("note"), id_of("nowhere")]
    assert await store.document_operations(asked) == {id_of("entry"): 2, id_of("note"): 1}


async def test_a_naive_time_is_refused(store: LogStore) -> None:
    naive = datetime(2026, 3, 2, 8, 30)  # noqa: DTZ001
    with pytest.raises(ValueError, match="offset"):
        await store.append(push(Pen("entry").change()), naive)
    assert await store.unapplied(10, PLENTY) == []


async def test_each_row_chains_to_the_one_before(store: LogStore) -> None:
    changes = Pen("entry").changes(3)
    await appended(store, push(*changes))
    assert await store.chain_at(RECORD, 0) == b""
    chained = chain.GENESIS
    for seq, change in enumerate(changes, start=1):
        content = (RECORD, seq, id_of("entry"), "change", "journal_entry", change.hash, ANNA.account, ANNA.device)
        chained = chain.extend(chained, *content, to_micros(MORNING))
        assert await store.chain_at(RECORD, seq) == chained[:CHAIN_BYTES]
    assert await store.chain_at(RECORD, 4) is None
    assert await store.chain_at(id_of("no stream"), 0) is None


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
    assert await store.ended(THEO.reader, asked) == []
    await store.end_grant(grant_of(THEO), at(1))
    await store.grant(id_of("second"), RECORD, THEO.account, Role.COVERING, at(2))
    assert await store.ended(THEO.reader, asked) == []
    await store.end_grant(id_of("second"), at(3))
    assert await store.ended(THEO.reader, asked) == [(RECORD, id_of("second"))]
    assert await store.ended(NOBODY.reader, asked) == []
    await store.revoke_device(THEO.device, at(4))
    assert await store.ended(THEO.reader, asked) == [
        (RECORD, id_of("second")),
        (CHART, grant_of(THEO, CHART)),
        (LIBRARY, grant_of(THEO, LIBRARY)),
    ]


# --- who may ----------------------------------------------------------------------------------------------------------


async def test_furnishing_again_changes_nothing(store: LogStore) -> None:
    await appended(store, push(Pen("entry").change()))
    before = await store.grants_of(RECORD)
    await furnish(store)
    assert await store.grants_of(RECORD) == before
    assert await appended(store, push(Pen("entry").change())) == Appended(1, duplicate=True)


async def test_a_grant_that_ended_does_not_come_back_by_being_made_again(store: LogStore) -> None:
    await store.end_grant(grant_of(THEO), at(1))
    await furnish(store)
    assert [(grant.account, grant.until) for grant in await store.grants_of(RECORD)] in (
        [(ANNA.account, None), (THEO.account, at(1))],
        [(THEO.account, at(1)), (ANNA.account, None)],
    )


async def test_another_grant_on_the_same_stream_ends_the_one_before(store: LogStore) -> None:
    await store.grant(id_of("supervision"), RECORD, THEO.account, Role.SUPERVISOR, at(5))
    held = [grant for grant in await store.grants_of(RECORD) if grant.account == THEO.account]
    assert [(grant.id, grant.role, grant.since, grant.until) for grant in held] == [
        (grant_of(THEO), Role.PRIMARY, at(0), at(5)),
        (id_of("supervision"), Role.SUPERVISOR, at(5), None),
    ]


async def test_the_end_of_a_grant_tells_what_ended_and_is_told_once(store: LogStore) -> None:
    (ended,) = await store.end_grant(grant_of(THEO), at(1))
    assert (ended.id, ended.stream, ended.account, ended.until) == (grant_of(THEO), RECORD, THEO.account, at(1))
    assert await store.end_grant(grant_of(THEO), at(2)) == []
    assert await store.end_grants(RECORD, THEO.account, at(2)) == []
    assert [grant.id for grant in await store.end_grants(CHART, THEO.account, at(2))] == [grant_of(THEO, CHART)]
    assert await store.end_grant(id_of("no grant"), at(1)) == []


@pytest.mark.parametrize(("stream", "role"), [(VAULT, Role.PRIMARY), (CHART, Role.CLIENT), (LIBRARY, Role.PRIMARY)])
async def test_a_role_is_granted_only_where_it_may_read(store: LogStore, stream: UUID, role: Role) -> None:
    with pytest.raises(ValueError, match="never read"):
        await store.grant(id_of("wrong"), stream, NOBODY.account, role, MORNING)
    assert await store.offers(NOBODY.reader) == []


async def test_a_grant_needs_its_stream(store: LogStore) -> None:
    with pytest.raises(UnknownStream):
        await store.grant(id_of("wrong"), id_of("no stream"), ANNA.account, Role.CLIENT, MORNING)


async def test_a_device_is_revoked_for_good(store: LogStore) -> None:
    assert not await store.device_revoked(ANNA.device)
    await store.revoke_device(ANNA.device, at(1))
    await store.revoke_device(ANNA.device, at(2))
    assert await store.device_revoked(ANNA.device)
    assert not await store.device_revoked(THEO.device)


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


# --- the parts of the judgement can be replaced -----------------------------------------------------------------------


async def test_the_judgement_is_looked_up_when_it_is_needed(store: LogStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "may_append", lambda submission, facts: RefusalCode.BUSY)
    assert await refused(store, push(Pen("entry").change())) == RefusalCode.BUSY
    monkeypatch.setattr(checks, "may_append", lambda submission, facts: None)
    monkeypatch.setattr(checks, "already_known", lambda change, facts: 7)
    assert await appended(store, push(Pen("entry").change())) == Appended(7, duplicate=True)
    monkeypatch.undo()
    assert await appended(store, push(Pen("entry").change())) == Appended(1)
    await store.applied(RECORD, 1, [])
    monkeypatch.setattr(checks, "may_read_page", lambda *_, **__: False)
    assert await store.page(THEO.reader, RECORD, grant_of(THEO), 0, PLENTY) == NotReadable(RECORD, grant_of(THEO))
    assert await store.offers(THEO.reader) == []
    monkeypatch.setattr(checks, "may_read_page", lambda *_, **__: True)
    leaked = await store.page(NOBODY.reader, RECORD, id_of("no grant"), 0, PLENTY)
    assert not isinstance(leaked, NotReadable)
    assert len(leaked.items) == 1


async def test_without_the_access_check_anybody_writes(store: LogStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "may_append", lambda submission, facts: None)
    assert await appended(store, push(Pen("entry").change(), by=NOBODY)) == Appended(1)
    with pytest.raises(StorageError):
        await store.append(push(Pen("entry").change(), stream=id_of("no stream")), MORNING)


# --- the end ----------------------------------------------------------------------------------------------------------


async def test_a_closed_store_takes_nothing(store: LogStore) -> None:
    await store.close()
    with pytest.raises(StorageFailed):
        await store.append(push(Pen("entry").change()), MORNING)


@pytest.mark.anyio
async def test_many_questions_at_once_are_answered_like_single_ones(store: LogStore) -> None:
    pen = Pen("entry")
    await appended(store, push(*pen.changes(450)))
    known = [change.hash for change in pen.written]
    unknown = [number.to_bytes(32, "big") for number in range(550)]
    mixed = [hash_ for pair in zip(known, unknown, strict=False) for hash_ in pair]
    assert await store.missing_changes(RECORD, id_of("entry"), mixed) == unknown[:450]
    positions = {RECORD: 7, VAULT: 0, CHART: 1, id_of("no stream"): 0}
    chains = await store.chains_at(positions)
    assert chains == {stream: await store.chain_at(stream, seq) for stream, seq in positions.items()}
    assert chains[RECORD]
    strangers = [id_of(f"stream {number}") for number in range(10_000)]
    (grant,) = await store.end_grants(RECORD, ANNA.account, at(1))
    assert await store.ended(ANNA.reader, [*strangers, RECORD, CHART, RECORD]) == [(RECORD, grant.id)]


# --- what several may write -------------------------------------------------------------------------------------------


async def test_nobody_fills_up_what_others_write_too(store: LogStore) -> None:
    """A quarter of what a goal may grow to is left to the others, however it is brought."""

    def large(number: int, *, size: int = 0, operations: int = 1) -> Change:
        return replace(answer(number), size=size, operations=operations)

    async def filled(document: str, kind: str, **much: int) -> list[RefusalCode]:
        found: list[RefusalCode] = []
        for number in range(1, 60):
            outcome = await store.append(push(large(number, **much), document=document, kind=kind), MORNING)
            if isinstance(outcome, Declined):
                found.append(outcome.code)
        return found

    bytes_, operations = {"size": MAX_CHANGE_BYTES // 4}, {"operations": MAX_CHANGE_OPERATIONS // 4}
    assert set(await filled("goal", "goal", **bytes_)) == {RefusalCode.TOO_LARGE}
    assert set(await filled("steps", "goal", **operations)) == {RefusalCode.TOO_MANY_OPERATIONS}
    for document, much in (("goal", bytes_), ("steps", operations)):
        mine = push(large(70, **much), document=document, kind="goal")
        assert isinstance(await store.append(mine, MORNING), Declined)
        for number in range(80, 83):
            await appended(store, push(large(number, **much), document=document, kind="goal", by=THEO))
    # What one person alone writes is theirs to fill.
    assert len(await filled("progress", "homework_progress", **bytes_)) == 59 - 16


# --- an answer that was refused ---------------------------------------------------------------------------------------


def answer(number: int, **forged: int) -> Change:
    """The first change of an assessment, by an actor of its own."""
    return read_change(forging.change(forging.sets(1), actor=number.to_bytes(16, "big"), **forged))  # type: ignore[arg-type]


async def test_a_refused_push_that_may_have_held_an_answer_is_noted_without_its_bytes(store: LogStore) -> None:
    far = answer(1, start_op=9)
    outcome = await store.append(push(far, document="answers", kind="assessment"), MORNING)
    assert outcome == Declined(RefusalCode.BAD_CHANGE, noted=True)
    await store.applied(RECORD, 1, [])
    (row,) = (await page_of(store)).items
    assert (row.type, row.hash, row.change, row.author) == (RowType.QUARANTINE, far.hash, b"", ANNA.account)
    (item,) = (await backfill_of(store, 1)).items
    assert item.rows == [row]
    assert await store.document_changes(id_of("answers")) == []
    # It is not noted twice, and the document goes on.
    assert await refused(store, push(far, document="answers", kind="assessment")) == RefusalCode.DOES_NOT_APPLY
    assert await appended(store, push(answer(2), document="answers", kind="assessment")) == Appended(2)


async def test_a_push_that_could_not_be_read_is_refused_and_noted_where_it_may_have_held_an_answer(
    store: LogStore,
) -> None:
    unread = replace(answer(1), hash=b"u" * 32, actor=b"", seq=0, data=b"", size=0)
    for code in (
        RefusalCode.BAD_CHECKSUM,
        RefusalCode.BAD_CHANGE,
        RefusalCode.TOO_LARGE,
        RefusalCode.TOO_MANY_OPERATIONS,
    ):
        document = f"answers {code}"
        pushed = replace(push(unread, document=document, kind="assessment"), refused=code)
        assert await store.append(pushed, MORNING) == Declined(code, noted=True)
        assert await store.append(pushed, MORNING) == Declined(code), "once"
        entry = replace(push(unread, document=f"entry {code}"), refused=code)
        assert await store.append(entry, MORNING) == Declined(code), "no answer is looked for there"
        theirs = replace(push(unread, document=document, kind="assessment", by=THEO), refused=code)
        assert await store.append(theirs, MORNING) == Declined(RefusalCode.NOT_AUTHOR)
        await appended(store, push(answer(2), document=f"next {code}", kind="assessment"))
    await store.applied(RECORD, 8, [])
    rows = await store.stream_rows(RECORD, 0, 100)
    assert [row.type for row in rows] == [RowType.QUARANTINE, RowType.CHANGE] * 4


async def test_refusals_are_noted_up_to_a_number_and_of_the_author_alone(store: LogStore) -> None:
    await appended(store, push(answer(1), document="answers", kind="assessment"))

    async def noted(number: int, by: Person = ANNA) -> bool:
        pushed = push(answer(number, start_op=99), document="answers", kind="assessment", by=by)
        outcome = await store.append(pushed, MORNING)
        assert isinstance(outcome, Declined)
        return outcome.noted

    assert not await noted(2, THEO)
    assert [await noted(number) for number in range(3, 28)] == [True] * 20 + [False] * 5
    wrong = Pen("entry", last_op=99).change()
    assert await store.append(push(wrong), MORNING) == Declined(RefusalCode.BAD_CHANGE)
