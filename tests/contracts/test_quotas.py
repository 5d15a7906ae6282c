"""What a stream and a practice may hold: judged in the append, by totals that every store keeps alike."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.contracts.log_stores import (
    ANNA,
    LIBRARY,
    MORNING,
    STORES,
    THEO,
    VAULT,
    Pen,
    appended,
    blob,
    erased,
    erasure,
    furnish,
    push,
    refused,
)

from intersession_schemas.errors import NOT_FINAL, RefusalCode
from intersession_server.log.quotas import ROW, Quotas
from intersession_server.log.store import LogStore
from intersession_server.log.submissions import Appended, Declined, ErasureDone

pytestmark = pytest.mark.anyio

KIB = 1024
SMALL = Quotas(record=20 * KIB, vault=10 * KIB, practice=30 * KIB)


@pytest.fixture(params=STORES)
async def small(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[LogStore]:
    """A store in which little has room, with the practice of `furnish`."""
    opened = STORES[request.param](tmp_path, SMALL)
    await furnish(opened)
    yield opened
    await opened.close()


async def fill(store: LogStore, *, kind: str = "journal_entry", by: object = ANNA, size: int = KIB) -> int:
    """Make documents of one kind until one is refused; gives how many were taken."""
    for number in range(100):
        change = Pen(f"{kind} {number}").change(data=random.Random(number).randbytes(size))
        submission = push(change, document=f"{kind} {number}", kind=kind, by=by)  # type: ignore[arg-type]
        outcome = await store.append(submission, MORNING)
        if isinstance(outcome, Declined):
            assert outcome.code is RefusalCode.STORAGE_FULL
            return number
    raise AssertionError("nothing was refused")


async def test_journals_leave_a_tenth_to_what_treatment_rests_on(small: LogStore) -> None:
    taken = await fill(small)
    assert taken == (18 * KIB) // (KIB + ROW)
    assert await refused(small, push(Pen("log").change(data=b"l" * KIB), document="log", kind="symptom_log"))
    answered = await small.append(push(Pen("a").change(), document="a", kind="assessment"), MORNING)
    assert isinstance(answered, Appended)
    assert await fill(small, kind="assessment", size=100) > 0
    assert await refused(small, push(Pen("b").change(data=b"b" * KIB), document="b", kind="assessment"))


async def test_a_full_record_is_not_final_and_keeps_nothing(small: LogStore) -> None:
    taken = await fill(small)
    late = Pen("late").change(data=b"x" * KIB)
    assert await refused(small, push(late, document="late")) is RefusalCode.STORAGE_FULL
    assert RefusalCode.STORAGE_FULL in NOT_FINAL
    await erased(small, erasure("journal_entry 0"))
    await erased(small, erasure("journal_entry 1"))
    assert (await appended(small, push(late, document="late"))).seq == taken + 3


async def test_what_was_pushed_before_is_confirmed_though_all_is_full(small: LogStore) -> None:
    first = Pen("first").change()
    assert not (await appended(small, push(first))).duplicate
    await fill(small)
    assert (await appended(small, push(first))).duplicate


async def test_a_practice_is_full_before_its_streams_are(small: LogStore) -> None:
    await fill(small)
    for number in range(7):
        await appended(small, push(blob(bytes([number]) * KIB), stream=VAULT, document=f"blob {number}"))
    change = Pen("shared").change(data=b"s" * 5 * KIB)
    assert (
        await refused(small, push(change, by=THEO, stream=LIBRARY, document="shared", kind="template"))
        is RefusalCode.STORAGE_FULL
    )


async def test_blobs_that_are_replaced_make_room_for_what_replaces_them(small: LogStore) -> None:
    blobs = [blob(bytes([number]) * 2 * KIB) for number in range(4)]
    for one in blobs:
        await appended(small, push(one, stream=VAULT))
    joined = blob(b"j" * 5 * KIB)
    assert await refused(small, push(joined, stream=VAULT)) is RefusalCode.STORAGE_FULL
    await appended(small, push(joined, stream=VAULT, replaces=tuple(one.hash for one in blobs)))
    await appended(small, push(blob(b"n" * 2 * KIB), stream=VAULT, document="next"))


async def test_there_is_always_room_to_erase_but_not_for_tombstones_of_nothing(small: LogStore) -> None:
    taken = await fill(small)
    outcome: ErasureDone | Declined | None = None
    for number in range(200):
        outcome = await small.erase(erasure(f"never made {number}"), MORNING, keep=False)
        if isinstance(outcome, Declined):
            break
    assert outcome == Declined(RefusalCode.STORAGE_FULL)
    for number in range(taken):
        assert (await erased(small, erasure(f"journal_entry {number}"))).duplicate is False


async def test_what_is_kept_though_it_was_erased_goes_on_counting(small: LogStore) -> None:
    await fill(small)
    await erased(small, erasure("journal_entry 0"), keep=True)
    await erased(small, erasure("journal_entry 1"), keep=True)
    assert await refused(small, push(Pen("late").change(data=b"x" * KIB), document="late")) is RefusalCode.STORAGE_FULL


async def test_content_that_inflates_far_counts_by_what_it_inflates_to(small: LogStore) -> None:
    change = Pen("deep").change(data=b"d" * 100)
    deep = type(change)(**{name: getattr(change, name) for name in change.__struct_fields__} | {"size": 1000 * KIB})
    assert await refused(small, push(deep)) is RefusalCode.STORAGE_FULL


async def test_it_is_said_when_little_is_left(small: LogStore) -> None:
    told = []
    for number in range(8):
        change = Pen(f"large {number}").change(data=random.Random(number).randbytes(2 * KIB))
        told.append((await appended(small, push(change, document=f"large {number}"))).nearly_full)
    assert told == [False] * 7 + [True]


async def test_stores_count_alike(tmp_path: Path) -> None:
    """The same pushes and erasures, at random: each is taken by both stores or refused by both."""
    chance = random.Random(7)
    stores = []
    for name, make in STORES.items():
        (tmp_path / name).mkdir()
        stores.append(make(tmp_path / name, SMALL))
    for store in stores:
        await furnish(store)
    pens: dict[str, Pen] = {}
    for _ in range(150):
        document = f"document {chance.randrange(12)}"
        if chance.random() < 0.2:
            keep = chance.random() < 0.5
            outcomes: list[object] = [await store.erase(erasure(document), MORNING, keep=keep) for store in stores]
        else:
            pen = pens.setdefault(document, Pen(document))
            before = pen.heads, pen.seq
            submission = push(pen.change(data=chance.randbytes(chance.randrange(1, 2 * KIB))), document=document)
            outcomes = [await store.append(submission, MORNING) for store in stores]
            if isinstance(outcomes[0], Declined):
                pen.heads, pen.seq = before
        assert outcomes[0] == outcomes[1]
    for store in stores:
        await store.close()
