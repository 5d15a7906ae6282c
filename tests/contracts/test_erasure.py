"""What every log store promises about what is withdrawn, replaced, and made by the server itself."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace
from tests.contracts.log_stores import (
    ANNA,
    MORNING,
    NOBODY,
    PLENTY,
    RECORD,
    THEO,
    VAULT,
    Pen,
    appended,
    at,
    backfill_of,
    blob,
    erased,
    erasure,
    grant_of,
    id_of,
    page_of,
    push,
    refused,
)

from intersession_schemas.changes import MAX_DOCUMENT_BYTES
from intersession_schemas.errors import RefusalCode
from intersession_schemas.messages import Row, RowType
from intersession_schemas.records.instants import to_micros
from intersession_schemas.streams import Kind
from intersession_server.log import chain, submissions
from intersession_server.log import store as log_store
from intersession_server.log.store import LogStore, Page, StorageFailed, UnknownStream, erasure_hash
from intersession_server.log.submissions import Appended, Declined, ErasureDone, ErasureRequest

pytestmark = pytest.mark.anyio


async def erasure_refused(store: LogStore, request: ErasureRequest) -> RefusalCode:
    outcome = await store.erase(request, MORNING, keep=False)
    assert isinstance(outcome, Declined), outcome
    return outcome.code


async def two_entries(store: LogStore) -> tuple[Pen, Pen]:
    """Rows 1 to 3: two of "entry" around one of "other", all applied."""
    entry, other = Pen("entry"), Pen("other")
    await appended(store, push(entry.change()))
    await appended(store, push(other.change(), document="other"))
    await appended(store, push(entry.change()))
    await store.applied(RECORD, 3, [])
    return entry, other


async def vault_page(store: LogStore, after: int = 0) -> Page:
    page = await store.page(ANNA.reader, VAULT, grant_of(ANNA, VAULT), after, PLENTY)
    assert isinstance(page, Page)
    return page


def held(*blobs: bytes, replaces: tuple[bytes, ...] = ()) -> submissions.Submission:
    return push(*map(blob, blobs), stream=VAULT, document="sealed", replaces=replaces)


# --- erasure ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keep", [False, True], ids=["erase", "hide"])
async def test_an_erasure_is_a_row_and_nothing_else_of_the_document_is_given(store: LogStore, keep: bool) -> None:
    _, other = await two_entries(store)
    assert await erased(store, erasure(), minutes=5, keep=keep) == ErasureDone(4, keep, False, at(5), (1, 3))
    # Even before its row is applied, nobody is given what was withdrawn.
    assert [row.seq for row in (await page_of(store)).items] == [2]
    await store.applied(RECORD, 4, [])
    page = await page_of(store)
    assert [row.seq for row in page.items] == [2, 4]
    assert page.items[1] == Row(
        4,
        id_of("entry"),
        "journal_entry",
        erasure_hash(id_of("entry")),
        ANNA.account,
        ANNA.device,
        at(5),
        RowType.ERASURE,
    )
    assert (page.through, page.head) == (4, 4)
    snapshot = await backfill_of(store, 4)
    assert [(item.document, item.rows[0].change) for item in snapshot.items] == [
        (id_of("other"), other.written[0].data)
    ]
    assert await backfill_of(store, 3) == replace(snapshot, head=3, chain=(await backfill_of(store, 3)).chain)
    assert await store.document_changes(id_of("entry")) == []
    assert [(row.seq, row.change) for row in await store.document_rows(id_of("entry"))] == [
        (1, b""),
        (3, b""),
        (4, b""),
    ]
    assert [(row.seq, bool(row.change)) for row in await store.stream_rows(RECORD, 0, 9)] == [
        *((1, False), (2, True), (3, False), (4, False)),
    ]


async def test_a_page_moves_over_rows_that_it_leaves_out(store: LogStore) -> None:
    await two_entries(store)
    await erased(store, erasure("other"))
    first = await page_of(store, after=1, limit_bytes=1)
    assert ([row.seq for row in first.items], first.through) == ([3], 3)
    await erased(store, erasure())
    page = await page_of(store)
    assert (page.items, page.through, page.head) == ([], 3, 3)
    assert page.chain == await store.chain_at(RECORD, 3)
    assert (await page_of(store, after=3)).through == 3
    await store.applied(RECORD, 5, [])
    last = await page_of(store, limit_bytes=1)
    assert ([row.seq for row in last.items], last.through, last.head) == ([4], 4, 5)


async def test_the_chain_goes_on_over_erasures_and_keeps_what_it_was(store: LogStore) -> None:
    await two_entries(store)
    before = await store.chain_at(RECORD, 3)
    await erased(store, erasure(), minutes=5)
    assert await store.chain_at(RECORD, 3) == before
    await appended(store, push(Pen("later").change(), document="later"), minutes=6)
    await store.applied(RECORD, 5, [])
    rows = await store.stream_rows(RECORD, 0, 9)
    expected = chain.GENESIS
    for row in rows:
        type_ = row.type if row.type is RowType.ERASURE else RowType.CHANGE
        expected = chain.extend(
            expected,
            RECORD,
            row.seq,
            row.document,
            type_,
            row.kind,
            row.hash,
            row.author,
            row.device,
            to_micros(row.received_at),
        )
        assert await store.chain_at(RECORD, row.seq) == chain.on_wire(expected)
    assert [row.type for row in rows][3] is RowType.ERASURE


async def test_from_then_on_nothing_is_taken_for_it(store: LogStore) -> None:
    entry, _ = await two_entries(store)
    await erased(store, erasure())
    assert await refused(store, push(entry.change())) == RefusalCode.ERASED
    assert await refused(store, push(*entry.written[:1])) == RefusalCode.ERASED
    assert await store.missing_changes(RECORD, id_of("entry"), [bytes(32)]) == []


async def test_asking_again_is_answered_with_the_first_row(store: LogStore) -> None:
    await two_entries(store)
    first = await erased(store, erasure(), minutes=5)
    again = [await erased(store, replace(erasure(), device=id_of("laptop")), minutes=9, keep=True) for _ in range(2)]
    assert again == [replace(first, duplicate=True)] * 2
    assert (await store.stream_heads())[RECORD] == 3
    assert [row.seq for row in await store.unapplied(9, PLENTY)] == [4]


async def test_erasures_and_pushes_take_their_places_in_the_order_of_the_calls(store: LogStore) -> None:
    pen = Pen("entry")
    outcomes = await asyncio.gather(
        store.append(push(pen.change()), MORNING),
        store.erase(erasure(), MORNING, keep=False),
        store.append(push(pen.change()), MORNING),
        store.erase(erasure(), at(1), keep=False),
    )
    done = ErasureDone(2, False, False, MORNING, (1,))
    assert list(outcomes) == [Appended(1), done, Declined(RefusalCode.ERASED), replace(done, duplicate=True)]


async def test_a_document_that_nobody_knows_becomes_a_tombstone(store: LogStore) -> None:
    assert await erased(store, erasure()) == ErasureDone(1, False, False, at(0), ())
    await store.applied(RECORD, 1, [])
    assert [row.type for row in (await page_of(store)).items] == [RowType.ERASURE]
    assert (await backfill_of(store, 1)).items == []
    assert await refused(store, push(Pen("entry").change())) == RefusalCode.ERASED
    (offer,) = [one for one in await store.offers(THEO.reader) if one.stream == RECORD]
    assert (offer.head, offer.documents, offer.bytes) == (1, 0, 0)
    assert await appended(store, push(Pen("other").change(), document="other")) == Appended(2)


@pytest.mark.parametrize("keep", [False, True], ids=["erase", "hide"])
async def test_what_a_stream_offers_gets_less_by_it(store: LogStore, keep: bool) -> None:
    _, other = await two_entries(store)
    await erased(store, erasure(), keep=keep)
    (offer,) = [one for one in await store.offers(THEO.reader) if one.stream == RECORD]
    assert (offer.documents, offer.bytes) == (1, len(other.written[0].data))


async def test_who_may_not_take_it_back_is_told_what_a_push_would_be_told(store: LogStore) -> None:
    await two_entries(store)
    await appended(store, push(Pen("goal").change(), document="goal", kind="goal"))
    unknown, elsewhere = RefusalCode.UNKNOWN_STREAM, RefusalCode.WRONG_DOCUMENT
    assert await erasure_refused(store, erasure(by=NOBODY)) == unknown
    assert await erasure_refused(store, erasure(stream=id_of("no stream"))) == unknown
    assert await erasure_refused(store, erasure(kind="no kind")) == RefusalCode.UNKNOWN_KIND
    assert await erasure_refused(store, erasure(kind="note")) == RefusalCode.UNKNOWN_KIND
    assert await erasure_refused(store, erasure(by=THEO)) == RefusalCode.NOT_WRITER
    assert await erasure_refused(store, erasure("goal", kind="goal")) == RefusalCode.NOT_WRITER
    assert await erasure_refused(store, erasure("goal")) == elsewhere
    assert await erasure_refused(store, erasure(stream=VAULT)) == elsewhere
    assert await erasure_refused(store, erasure(kind="symptom_log")) == elsewhere
    await erased(store, erasure())
    assert await erasure_refused(store, erasure(kind="symptom_log")) == elsewhere
    assert await erasure_refused(store, erasure(by=NOBODY)) == unknown
    await store.end_grants(RECORD, ANNA.account, MORNING)
    assert await erasure_refused(store, erasure()) == unknown
    await store.revoke_device(ANNA.device, MORNING)
    assert await erasure_refused(store, erasure(stream=VAULT)) == unknown


async def test_the_vault_is_erased_whatever_the_practice_keeps(store: LogStore) -> None:
    await appended(store, held(b"first", b"second"))
    done = await erased(store, erasure("sealed", stream=VAULT), keep=True)
    assert (done.seq, done.kept, done.rows) == (3, False, (1, 2))
    await store.applied(VAULT, 3, [])
    assert [row.type for row in (await vault_page(store)).items] == [RowType.ERASURE]


async def test_rows_of_what_was_erased_before_it_was_applied_are_passed_over(store: LogStore) -> None:
    await appended(store, push(*Pen("entry").changes(2)))
    await erased(store, erasure())
    rows = await store.unapplied(9, PLENTY)
    assert [(row.seq, row.type, row.dropped, row.change) for row in rows] == [
        (1, RowType.CHANGE, True, b""),
        (2, RowType.CHANGE, True, b""),
        (3, RowType.ERASURE, True, b""),
    ]
    await store.note_attempts(rows)
    await store.applied(RECORD, 3, [1, 3])  # even if somebody means to set them aside
    assert await store.unapplied(9, PLENTY) == []
    assert [row.type for row in await store.document_rows(id_of("entry"))] == [
        *(RowType.CHANGE, RowType.CHANGE, RowType.ERASURE),
    ]
    assert [row.seq for row in (await page_of(store)).items] == [3]


async def test_an_erasure_after_the_end_is_not_kept(store: LogStore) -> None:
    await store.close()
    with pytest.raises(StorageFailed):
        await store.erase(erasure(), MORNING, keep=False)


# --- what newer blobs of a vault replace ------------------------------------------------------------------------------


async def test_what_a_push_replaces_goes_with_it(store: LogStore) -> None:
    await appended(store, held(b"first", b"second", b"third"))
    first, second, third = (blob(data).hash for data in (b"first", b"second", b"third"))
    assert await appended(store, held(b"both", replaces=(first, second, bytes(32)))) == Appended(4)
    await store.applied(VAULT, 4, [])
    assert [row.change for row in (await vault_page(store)).items] == [b"third", b"both"]
    (offer,) = [one for one in await store.offers(ANNA.reader) if one.stream == VAULT]
    assert (offer.head, offer.documents, offer.bytes) == (4, 1, len(b"third" + b"both"))
    # What was replaced is known all the same: pushing it again is no new row.
    assert await appended(store, held(b"first")) == Appended(1, duplicate=True)
    assert await store.missing_changes(VAULT, id_of("sealed"), [first, second, third]) == []


async def test_a_push_that_is_there_already_still_replaces(store: LogStore) -> None:
    await appended(store, held(b"first"))
    await appended(store, held(b"both"))
    again = await appended(store, held(b"both", replaces=(blob(b"first").hash,)))
    assert again == Appended(2, duplicate=True)
    await store.applied(VAULT, 2, [])
    assert [row.change for row in (await vault_page(store)).items] == [b"both"]


async def test_for_what_is_not_there_any_more_nothing_is_dropped(store: LogStore) -> None:
    """Otherwise two pushes that replace each other would leave neither."""
    await appended(store, held(b"first"))
    await appended(store, held(b"second", replaces=(blob(b"first").hash,)))
    assert await appended(store, held(b"first", replaces=(blob(b"second").hash,))) == Appended(1, duplicate=True)
    await store.applied(VAULT, 2, [])
    assert [row.change for row in (await vault_page(store)).items] == [b"second"]


async def test_a_document_has_room_again_for_what_was_replaced(store: LogStore) -> None:
    large = [bytes([number]) * (MAX_DOCUMENT_BYTES // 4) for number in range(4)]
    await appended(store, held(*large))
    assert await refused(store, held(b"more")) == RefusalCode.TOO_LARGE
    await appended(store, held(b"x" * (MAX_DOCUMENT_BYTES // 4), replaces=(blob(large[0]).hash,)))
    assert await refused(store, held(b"more")) == RefusalCode.TOO_LARGE
    await appended(store, held(b"more", replaces=(blob(large[1]).hash,)))
    await appended(store, held(b"and more"))


async def test_only_blobs_of_a_vault_are_replaced_and_never_by_themselves(store: LogStore) -> None:
    entry, _ = await two_entries(store)
    assert await refused(store, push(entry.change(), replaces=(entry.written[0].hash,))) == RefusalCode.BAD_CHANGE
    assert await refused(store, held(b"one", replaces=(blob(b"one").hash,))) == RefusalCode.BAD_CHANGE
    await appended(store, push(blob(b"another's"), stream=VAULT, document="another"))
    await appended(store, held(b"one", replaces=(blob(b"another's").hash,)))  # it is not of this document
    await store.applied(VAULT, 2, [])
    assert [row.change for row in (await vault_page(store)).items] == [b"another's", b"one"]


# --- what the server makes itself -------------------------------------------------------------------------------------


async def test_the_server_makes_a_document_once(store: LogStore) -> None:
    change = Pen("plan").change()
    assert await store.found(RECORD, id_of("plan"), "plan", [change], at(3))
    assert not await store.found(RECORD, id_of("plan"), "plan", [Pen("another plan").change()], at(4))
    assert [row.seq for row in await store.unapplied(9, PLENTY)] == [1]
    await store.applied(RECORD, 1, [])
    (row,) = (await page_of(store)).items
    nobody = log_store.NOBODY
    assert row == Row(1, id_of("plan"), "plan", change.hash, nobody, nobody, at(3), change=change.data)
    assert nobody.int == 0
    # From there on the care team writes in it.
    theirs = Pen("plan", actor=b"theirs", heads=(change.hash,), last_op=1).change()
    assert await appended(store, push(theirs, by=THEO, document="plan", kind="plan")) == Appended(2)
    with pytest.raises(UnknownStream):
        await store.found(id_of("no stream"), id_of("new"), "plan", [change], at(3))


async def test_nobody_else_makes_such_a_document(store: LogStore) -> None:
    pushed = push(Pen("plan").change(), by=THEO, document="plan", kind=Kind.PLAN)
    assert await refused(store, pushed) == RefusalCode.NOT_WRITER
    assert await store.unapplied(9, PLENTY) == []


async def test_a_quarantined_row_stays_one_when_its_document_is_erased(store: LogStore) -> None:
    await appended(store, push(*Pen("entry").changes(2)))
    await store.applied(RECORD, 2, [2])
    await erased(store, erasure())
    await store.applied(RECORD, 3, [])
    types = [RowType.CHANGE, RowType.QUARANTINE, RowType.ERASURE]
    assert [row.type for row in await store.stream_rows(RECORD, 0, 10)] == types
    assert [row.type for row in await store.document_rows(id_of("entry"))] == types
    assert [row.type for row in (await page_of(store)).items] == [RowType.ERASURE]
