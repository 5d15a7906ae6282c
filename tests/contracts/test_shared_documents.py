"""What every log store keeps for each who writes a document with others, and what it notes of answers it refused."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from tests.contracts.log_stores import (
    ANNA,
    MORNING,
    RECORD,
    THEO,
    Pen,
    Person,
    appended,
    backfill_of,
    id_of,
    page_of,
    push,
    refused,
)
from tests.schemas import forging

from intersession_schemas.changes import MAX_CHANGE_BYTES, MAX_CHANGE_OPERATIONS, Change, read_change
from intersession_schemas.errors import RefusalCode
from intersession_schemas.messages import RowType
from intersession_server.log.store import LogStore
from intersession_server.log.submissions import Appended, Declined

pytestmark = pytest.mark.anyio


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
