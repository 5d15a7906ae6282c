"""The applier on a real store: what is durable is applied, set aside or left for the next start, and told."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.contracts.log_stores import (
    ANNA,
    CHART,
    PLENTY,
    RECORD,
    THEO,
    VAULT,
    ImmediateLogStore,
    appended,
    blob,
    erased,
    erasure,
    furnish,
    id_of,
    page_of,
    push,
)
from tests.server.log.test_applying import forged, written

from intersession_schemas.changes import Change, read_change
from intersession_schemas.messages import Row, RowType
from intersession_server.log import applier as module
from intersession_server.log import applying
from intersession_server.log.applier import Applier
from intersession_server.log.sqlite import SqliteLogStore
from intersession_server.log.store import MAX_ATTEMPTS, LoggedRow, LogStore, StorageFailed

pytestmark = pytest.mark.anyio


class Heard:
    """Keeps every wake-up."""

    def __init__(self) -> None:
        self.wakes: list[tuple[UUID, int]] = []
        self._came = asyncio.Event()

    def wake(self, stream: UUID, head: int) -> None:
        self.wakes.append((stream, head))
        self._came.set()

    async def until(self, stream: UUID, head: int) -> None:
        async with asyncio.timeout(30):
            while not any(at == stream and reached >= head for at, reached in self.wakes):
                await self._came.wait()
                self._came.clear()


class Failing(ImmediateLogStore):
    """A store whose disk fails a number of times when rows are to be marked as applied."""

    failures = 0

    async def applied(self, stream: UUID, through: int, quarantined: Sequence[int]) -> None:
        if self.failures:
            self.failures -= 1
            raise StorageFailed("The disk is set to fail.")
        await super().applied(stream, through, quarantined)


class Counting(ImmediateLogStore):
    """A store that counts how often a document is read whole."""

    documents_read = 0

    async def document_rows(self, document: UUID) -> list[Row]:
        self.documents_read += 1
        return await super().document_rows(document)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[LogStore]:
    opened = SqliteLogStore.open(tmp_path / "log.db")
    await furnish(opened)
    yield opened
    await opened.close()


@pytest.fixture
def heard() -> Heard:
    return Heard()


def read(changes: Sequence[bytes]) -> tuple[Change, ...]:
    return tuple(read_change(change) for change in changes)


async def types(store: LogStore) -> list[RowType]:
    return [row.type for row in (await page_of(store)).items]


CHANGE, ASIDE, ERASURE = RowType.CHANGE, RowType.QUARANTINE, RowType.ERASURE


async def test_what_is_appended_is_applied_and_told(store: LogStore, heard: Heard) -> None:
    applier = Applier(store, heard)
    await applier.start()
    await appended(store, push(*read(written(b"anna", "a", "b"))))
    applier.appended()
    await heard.until(RECORD, 2)
    assert await types(store) == [CHANGE] * 2
    await appended(store, push(*read(written(b"anna", "a", "b", "c"))[2:]))
    applier.appended()
    await heard.until(RECORD, 3)
    await applier.close()
    assert await store.unapplied(10, PLENTY) == []


async def test_a_wake_up_comes_after_the_commit_that_it_tells_of(store: LogStore) -> None:
    seen: list[asyncio.Task[int]] = []

    class Reading:
        def wake(self, stream: UUID, head: int) -> None:
            async def read() -> int:
                return (await page_of(store)).head - head

            seen.append(asyncio.ensure_future(read()))

    await appended(store, push(*read(written(b"anna", "a"))))
    await Applier(store, Reading()).catch_up()
    assert await asyncio.gather(*seen) == [0]


async def test_many_documents_and_streams_are_dealt_with_in_one_go(store: LogStore, heard: Heard) -> None:
    for number in range(30):
        change = read(written(b"anna%d" % number, "a"))
        await appended(store, push(*change, document=f"entry {number}"))
    note = push(*read(written(b"theo", "n")), by=THEO, stream=CHART, document="note", kind="note")
    await appended(store, note)
    await appended(store, push(blob(b"opaque"), stream=VAULT, document="private"))
    await Applier(store, heard).catch_up()
    assert sorted(heard.wakes) == sorted([(RECORD, 30), (CHART, 1), (VAULT, 1)])


async def test_a_backlog_larger_than_one_read_is_worked_off(
    store: LogStore, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ROWS_AT_ONCE", 4)
    changes = read(written(b"anna", *(f"word {number}" for number in range(15))))
    await appended(store, push(*changes))
    await Applier(store, heard, held_bytes=0).catch_up()
    assert heard.wakes == [(RECORD, 4), (RECORD, 8), (RECORD, 12), (RECORD, 15)]
    assert await store.document_changes(id_of("entry")) == [change.data for change in changes]


async def test_what_does_not_apply_is_set_aside_and_its_document_goes_on(store: LogStore, heard: Heard) -> None:
    one, two = read(written(b"anna", "a", "b"))
    bad = read_change(forged(b"liar"))
    await appended(store, push(one))
    await appended(store, push(bad))
    await appended(store, push(two))
    await appended(store, push(*read(written(b"other", "x")), document="another"))
    applier = Applier(store, heard)
    await applier.catch_up()
    assert await types(store) == [CHANGE, ASIDE, CHANGE, CHANGE]
    assert await store.document_changes(id_of("entry")) == [one.data, two.data]
    (three,) = read(written(b"anna", "a", "b", "c"))[2:]
    await appended(store, push(three))
    await applier.catch_up()
    assert (await types(store))[4] is CHANGE


@pytest.mark.parametrize(("held_bytes", "read_whole"), [(module.HELD_BYTES, 0), (0, 2)])
async def test_a_document_is_read_only_where_it_is_not_held_and_never_a_new_one(
    heard: Heard, held_bytes: int, read_whole: int
) -> None:
    store = Counting()
    await furnish(store)
    applier = Applier(store, heard, held_bytes=held_bytes)
    for change in read(written(b"anna", "a", "b", "c")):
        await appended(store, push(change))
        await applier.catch_up()
    assert store.documents_read == read_whole
    assert await types(store) == [CHANGE] * 3


async def test_when_the_store_fails_the_same_rows_are_tried_again(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RETRY_SECONDS", 0)
    store = Failing()
    await furnish(store)
    applier = Applier(store, heard)
    await applier.start()
    store.failures = 2
    await appended(store, push(*read(written(b"anna", "a", "b"))))
    applier.appended()
    await heard.until(RECORD, 2)
    await applier.close()
    assert await types(store) == [CHANGE] * 2
    assert heard.wakes == [(RECORD, 2)]


async def test_of_several_streams_those_that_were_stored_are_told_though_another_failed(heard: Heard) -> None:
    store = Failing()
    await furnish(store)
    await appended(store, push(*read(written(b"anna", "a"))))
    await appended(store, push(blob(b"opaque"), stream=VAULT, document="private"))
    store.failures = 1
    applier = Applier(store, heard)
    with pytest.raises(StorageFailed):
        await applier.catch_up()
    assert len(heard.wakes) == 1
    await applier.catch_up()
    assert sorted(heard.wakes) == sorted([(RECORD, 1), (VAULT, 1)])


async def test_a_start_deals_with_what_was_left(store: LogStore, heard: Heard) -> None:
    await appended(store, push(*read(written(b"anna", "a", "b"))))
    applier = Applier(store, heard)
    await applier.start()
    await applier.close()
    assert heard.wakes == [(RECORD, 2)]
    assert await types(store) == [CHANGE] * 2


class Died(Exception):
    """The process ended."""


class Dying(Applier):
    """Ends, as a process would, whenever it is about to apply one certain change."""

    deadly: bytes = b""

    async def _apply(self, rows: Sequence[LoggedRow]) -> set[tuple[UUID, int]]:
        if any(row.hash == self.deadly for row in rows):
            raise Died
        return await super()._apply(rows)


async def test_a_row_that_ends_the_process_is_set_aside_after_a_few_starts_and_takes_no_other_with_it(
    store: LogStore, heard: Heard
) -> None:
    changes = read(written(b"anna", *(f"word {number}" for number in range(6))))
    for change in changes:
        await appended(store, push(change))
    deadly = read(written(b"deadly", "x"))
    await appended(store, push(*deadly, document="deadly"))
    await appended(store, push(*read(written(b"later", "x")), document="later"))
    starts = 0
    while await store.unapplied(10, PLENTY):
        starts += 1
        assert starts <= MAX_ATTEMPTS
        applier = Dying(store, heard)
        applier.deadly = deadly[0].hash
        try:
            await applier.recover()
        except Died:
            continue
    assert starts == MAX_ATTEMPTS
    assert await types(store) == [CHANGE] * 6 + [ASIDE, CHANGE]


async def test_an_attempt_is_noted_before_it_is_made(store: LogStore, heard: Heard) -> None:
    (deadly,) = read(written(b"deadly", "x"))
    await appended(store, push(deadly))
    attempts = []
    for _ in range(3):
        applier = Dying(store, heard)
        applier.deadly = deadly.hash
        with pytest.raises(Died):
            await applier.recover()
        attempts += [row.attempts for row in await store.unapplied(10, PLENTY)]
    assert attempts == [2, 3, 4]


async def test_others_have_their_turn_between_the_rows_of_a_bad_batch(store: LogStore, heard: Heard) -> None:
    await appended(store, push(*(read_change(forged(b"liar%02d" % number)) for number in range(20))))
    turns = 0
    working = asyncio.ensure_future(Applier(store, heard).catch_up())
    while not working.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 20
    assert await types(store) == [ASIDE] * 20


async def test_closing_leaves_the_rest_for_the_next_start(store: LogStore, heard: Heard) -> None:
    applier = Applier(store, heard)
    await applier.start()
    await applier.close()
    await applier.close()
    await appended(store, push(*read(written(b"anna", "a"))))
    applier.appended()
    assert [row.seq for row in await store.unapplied(10, PLENTY)] == [1]


async def test_an_erasure_is_applied_in_its_turn_and_the_document_let_go_of(store: LogStore, heard: Heard) -> None:
    applier = Applier(store, heard)
    await appended(store, push(*read(written(b"anna", "a", "b"))))
    await applier.catch_up()
    assert applier.documents.take(id_of("entry")) is not None
    await applier.close()
    applier = Applier(store, heard)
    await appended(store, push(*read(written(b"anna", "a", "b", "c"))[2:]))
    await applier.catch_up()
    await erased(store, erasure())
    await appended(store, push(*read(written(b"other", "x")), document="other"))
    await applier.catch_up()
    assert heard.wakes[-1] == (RECORD, 5)
    assert await types(store) == [ERASURE, CHANGE]
    assert applier.documents.take(id_of("entry")) is None
    assert applier.documents.take(id_of("other")) is not None


@pytest.mark.parametrize("attempts", [1, MAX_ATTEMPTS])
async def test_what_was_erased_before_it_was_applied_is_passed_over(
    store: LogStore, heard: Heard, attempts: int
) -> None:
    await appended(store, push(*read([forged(b"forger"), *written(b"anna", "a")])))
    await erased(store, erasure())
    for _ in range(attempts - 1):
        await store.note_attempts(await store.unapplied(10, PLENTY))
    await Applier(store, heard).recover()
    assert heard.wakes[-1] == (RECORD, 3)
    assert await store.unapplied(10, PLENTY) == []
    assert [row.type for row in await store.stream_rows(RECORD, 0, 10)] == [CHANGE, CHANGE, ERASURE]


async def test_an_erasure_that_comes_while_a_row_is_applied_sets_nothing_aside(heard: Heard) -> None:
    """The rows are in the applier's hand, what they build on is gone."""

    class Erasing(ImmediateLogStore):
        async def document_rows(self, document: UUID) -> list[Row]:
            await erased(self, erasure())
            return await super().document_rows(document)

    store = Erasing()
    await furnish(store)
    first, second = read(written(b"anna", "a", "b"))
    await appended(store, push(first))
    await store.applied(RECORD, 1, [])
    await appended(store, push(second))
    applier = Applier(store, heard)
    await applier.catch_up()
    assert [row.type for row in await store.stream_rows(RECORD, 0, 10)] == [CHANGE, CHANGE, ERASURE]
    assert applier.documents.take(id_of("entry")) is None


async def test_what_took_longer_than_foreseen_is_counted_for_its_author(monkeypatch: pytest.MonkeyPatch) -> None:
    """An edit of a large document costs by the document, which nothing in the edit says."""
    monkeypatch.setattr(module, "FORESEEN", 0.0)
    store = ImmediateLogStore()
    await furnish(store)
    applier, spent = Applier(store, Heard()), []
    applier.spent = lambda account, work: spent.append((account, work))
    await appended(store, push(*map(read_change, written(b"honest", "words"))))
    await applier.catch_up()
    assert {account for account, _ in spent} == {ANNA.account}
    assert sum(work for _, work in spent) > 0


def killing(given: tuple[str, Sequence[bytes], Sequence[LoggedRow]]) -> list[int]:
    """Ends the process that it runs in over a change of `liar`, as one does that asks for more memory than there is."""
    kind, before, rows = given
    if any(read_change(row.change).actor == b"liar" for row in rows):
        os.kill(os.getpid(), signal.SIGKILL)
    return applying.set_aside((kind, before, rows))


async def test_a_heavy_document_is_applied_elsewhere_to_the_same(store: LogStore, heard: Heard) -> None:
    one, two, three = read(written(b"anna", "a", "b", "c"))
    for change in (one, read_change(forged(b"liar")), two):
        await appended(store, push(change))
    await appended(store, push(*read(written(b"other", "x")), document="another"))
    applier = Applier(store, heard, heavy_from=0)
    try:
        await applier.catch_up()
        assert await types(store) == [CHANGE, ASIDE, CHANGE, CHANGE]
        assert heard.wakes[-1] == (RECORD, 4)
        await appended(store, push(three))
        await applier.catch_up()
        assert await store.document_changes(id_of("entry")) == [one.data, two.data, three.data]
        assert applier.documents.take(id_of("entry")) is None, "nothing of it was held here"
    finally:
        await applier.close()


async def test_other_streams_go_on_while_a_heavy_document_is_applied(
    store: LogStore, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    applier = Applier(store, heard, heavy_from=3)
    held = asyncio.Event()
    elsewhere = applier._workshop.elsewhere

    async def slow(*given: Any) -> Any:
        await held.wait()
        return await elsewhere(*given)

    monkeypatch.setattr(applier._workshop, "elsewhere", slow)
    await applier.start()
    try:
        await appended(store, push(*read(written(b"anna", "a", "b", "c", "d"))))
        applier.appended()
        await appended(store, push(*read(written(b"theo", "x")), document="notes", by=THEO, stream=CHART, kind="note"))
        applier.appended()
        await heard.until(CHART, 1)
        assert (RECORD, 4) not in heard.wakes
        held.set()
        await heard.until(RECORD, 4)
    finally:
        await applier.close()


async def test_a_heavy_change_that_ends_the_other_process_is_set_aside(
    store: LogStore, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "set_aside", killing)
    one, two = read(written(b"anna", "a", "b"))
    for change in (one, *read(written(b"liar", "x")), two):
        await appended(store, push(change))
    applier = Applier(store, heard, heavy_from=0)
    try:
        await applier.catch_up()
        assert await types(store) == [CHANGE, ASIDE, CHANGE]
    finally:
        await applier.close()
