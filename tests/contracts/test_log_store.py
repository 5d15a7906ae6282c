"""What every log store promises of what it accepts, and of its end. Each test runs on each store."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest
from tests.contracts.log_stores import (
    ANNA,
    CHART,
    MORNING,
    NOBODY,
    PLENTY,
    RECORD,
    THEO,
    VAULT,
    Pen,
    Person,
    appended,
    at,
    blob,
    ended,
    grant_of,
    id_of,
    page_of,
    push,
    refused,
)

from intersession_schemas.changes import MAX_CHANGE_BYTES, MAX_DOCUMENT_BYTES, MAX_DOCUMENT_OPERATIONS
from intersession_schemas.errors import RefusalCode
from intersession_schemas.messages import CHAIN_BYTES, Row, RowType
from intersession_schemas.records.instants import to_micros
from intersession_server.errors import StorageError
from intersession_server.log import chain, checks
from intersession_server.log.store import LogStore, NotReadable, StorageFailed
from intersession_server.log.submissions import Appended, Declined

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
    chains = (await store.access(ANNA.reader, positions)).chains
    assert chains == {stream: await store.chain_at(stream, positions[stream]) for stream in (RECORD, VAULT)}
    assert chains[RECORD]
    strangers = [id_of(f"stream {number}") for number in range(10_000)]
    (grant,) = await store.end_grants(RECORD, ANNA.account, at(1))
    assert await ended(store, ANNA.reader, [*strangers, RECORD, CHART, RECORD]) == [(RECORD, grant.id)]
