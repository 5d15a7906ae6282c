from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.server.projections.records import MONDAY, RECEIVED, FakeLog, Record, new_id
from tests.server.projections.records import log as a_log

from intersession_schemas.messages import Row
from intersession_schemas.streams import Audience, Kind
from intersession_server.errors import StorageError
from intersession_server.projections import projector as driver
from intersession_server.projections.projector import ROWS_AT_ONCE, Projector
from intersession_server.projections.tables import LIVE, REBUILT, Entry, Projected, SymptomLog, TableSet
from intersession_server.storage.engine import SerialEngine
from intersession_server.sync.wakeups import Wakeups

pytestmark = pytest.mark.anyio


class Ears:
    """A page that is open: `moves` are what it heard, and what could be read at that moment."""

    def __init__(self) -> None:
        self.moves: asyncio.Queue[tuple[UUID, int]] = asyncio.Queue()

    def woken(self, stream: UUID, head: int) -> None:
        self.moves.put_nowait((stream, head))

    def grants_changed(self) -> None:
        raise AssertionError("nobody's access changed")


@contextlib.asynccontextmanager
async def running(projector: Projector) -> AsyncIterator[None]:
    task = asyncio.create_task(projector.run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def content(tables: TableSet = LIVE) -> list[list[dict[str, Any]]]:
    """Every row of every table, in an order that does not depend on how it came about."""
    return [sorted(await table.select(), key=lambda row: str(sorted(row.items(), key=str))) for table in tables]


def some_life(record: Record) -> None:
    """What a client may do in a few days, the odd things included."""
    first = record.entry("slept badly", mood=3)
    bucket = record.bucket()
    record.logs(bucket, [a_log(MONDAY + timedelta(hours=hour)) for hour in range(4)])
    record.edit(first, text="slept badly, again", received=RECEIVED + timedelta(days=2))
    record.add(new_id(), Kind.JOURNAL_ENTRY, b"nothing that can be read")
    record.add(new_id(), Kind.SYMPTOM_LOG, b"nothing that can be read")
    record.logs(bucket, [a_log(MONDAY + timedelta(hours=9))], received=RECEIVED + timedelta(days=4))
    record.entry("better", tags=["sleep"])


async def test_it_catches_up_and_notes_how_far(log: FakeLog, engine: SerialEngine) -> None:
    records = [log.record() for _ in range(3)]
    for record in records:
        some_life(record)
    await Projector(log, engine, Wakeups()).catch_up()
    assert await Entry.count() == 9
    assert await SymptomLog.count() == 15
    assert {row["stream"]: row["through"] for row in await Projected.select()} == await log.stream_heads()


async def test_only_records_are_read_for_what_is_shown_of_them(log: FakeLog, engine: SerialEngine) -> None:
    log.record(audience=Audience.CHART).entry("no note, so nothing of a chart")
    for audience in (Audience.VAULT, Audience.LIBRARY):
        log.record(audience=audience).entry("not for the therapist's pages")
    log.record().entry("shared")
    projector = Projector(log, engine, Wakeups())
    await projector.catch_up()
    assert [row["text"] for row in await Entry.select()] == ["shared"]
    assert log.reads == 2


async def test_rows_that_are_not_applied_are_not_there(log: FakeLog, engine: SerialEngine) -> None:
    record = log.record()
    record.entry("applied")
    record.entry("on its way")
    log.applied[record.stream] = 1
    projector = Projector(log, engine, Wakeups())
    await projector.catch_up()
    assert [row["text"] for row in await Entry.select()] == ["applied"]


async def test_it_follows_the_log_and_wakes_the_pages_after_the_commit(log: FakeLog, engine: SerialEngine) -> None:
    record, wakeups, ears = log.record(), Wakeups(), Ears()
    record.entry("one")
    projector = Projector(log, engine, wakeups)
    projector.updates.subscribe(ears).watch(frozenset({record.stream}))
    async with running(projector):
        assert await ears.moves.get() == (record.stream, 1)
        assert await Entry.count() == 1
        record.entry("two")
        wakeups.wake(record.stream, 2)
        while await ears.moves.get() != (record.stream, 2):
            pass
        assert await Entry.count() == 2


async def test_a_long_stream_does_not_hold_up_the_others(log: FakeLog, engine: SerialEngine) -> None:
    long, short = log.record(), log.record()
    for number in range(3 * ROWS_AT_ONCE):
        long.entry(str(number))
    short.entry("one")
    projector, ears = Projector(log, engine, Wakeups()), Ears()
    projector.updates.subscribe(ears).watch(frozenset({long.stream, short.stream}))
    async with running(projector):
        heard = [await ears.moves.get() for _ in range(3)]
    assert heard == [(long.stream, ROWS_AT_ONCE), (short.stream, 1), (long.stream, 2 * ROWS_AT_ONCE)]


async def test_a_document_of_many_changes_is_not_read_again_for_each_page(log: FakeLog, engine: SerialEngine) -> None:
    record = log.record()
    bucket = record.bucket()
    for number in range(5 * ROWS_AT_ONCE):
        record.logs(bucket, [a_log(MONDAY + timedelta(minutes=number))])
    await Projector(log, engine, Wakeups()).catch_up()
    assert await SymptomLog.count() == 5 * ROWS_AT_ONCE
    assert log.reads == 1


async def test_the_rows_and_how_far_are_written_together_or_not_at_all(
    log: FakeLog, engine: SerialEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = log.record()
    some_life(record)

    def full(*_: object) -> None:
        raise StorageError("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(driver, "write_through", full)
        with pytest.raises(StorageError):
            await Projector(log, engine, Wakeups()).catch_up()
    assert await content() == [[] for _ in LIVE]
    await Projector(log, engine, Wakeups()).catch_up()
    assert await Entry.count() == 3


async def test_a_stream_that_fails_is_tried_again_and_the_others_go_on(
    engine: SerialEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stumbles(FakeLog):
        stumbled = 0

        async def stream_rows(self, stream: UUID, after: int, limit: int) -> list[Row]:
            if stream == bad.stream and self.stumbled < 2:
                self.stumbled += 1
                raise [StorageError("no"), RuntimeError("no")][self.stumbled - 1]
            return await super().stream_rows(stream, after, limit)

    log = Stumbles()
    bad, good = log.record(), log.record()
    bad.entry("late in the day")
    good.entry("at once")
    monkeypatch.setattr(driver, "RETRY_SECONDS", (0.0,))
    projector, ears = Projector(log, engine, Wakeups()), Ears()
    projector.updates.subscribe(ears).watch(frozenset({bad.stream, good.stream}))
    async with running(projector):
        assert await ears.moves.get() == (good.stream, 1)
        assert await ears.moves.get() == (bad.stream, 1)
    assert log.stumbled == 2


async def test_a_log_that_is_written_over_has_its_new_value_and_arrival(log: FakeLog, engine: SerialEngine) -> None:
    record = log.record()
    bucket, first = record.bucket(), a_log(values={"worry": 1})
    record.logs(bucket, [first, a_log()])
    projector = Projector(log, engine, Wakeups())
    await projector.catch_up()
    record.write_over(bucket, a_log(values={"worry": 5}, id=first.id))
    await projector.catch_up()
    rows = await SymptomLog.select().where(SymptomLog.log == first.id)
    assert [(row["values"], row["seq"]) for row in rows] == [('{"worry":5}', 3)]


async def test_projecting_again_from_the_start_changes_nothing(log: FakeLog, engine: SerialEngine) -> None:
    record = log.record()
    some_life(record)
    await Projector(log, engine, Wakeups()).catch_up()
    before = await content()
    await Projected.update({Projected.through: 0}).where(Projected.stream == record.stream)
    await Projector(log, engine, Wakeups()).catch_up()
    assert await content() == before


async def test_a_rebuild_equals_what_was_made_row_by_row(log: FakeLog, engine: SerialEngine) -> None:
    records = [log.record() for _ in range(2)]
    for record in records:
        some_life(record)
    heads = await log.stream_heads()
    projector = Projector(log, engine, Wakeups())
    for seq in range(1, max(heads.values()) + 1):
        log.applied = {stream: min(seq, head) for stream, head in heads.items()}
        await projector.catch_up()
    followed = await content()
    await Entry.update({Entry.text: "spoilt"}, force=True)
    progress: list[tuple[int, int]] = []
    assert await projector.rebuild(lambda done, total: progress.append((done, total))) == sum(heads.values())
    assert await content() == followed
    assert await content(REBUILT) == [[] for _ in LIVE]
    assert progress[-1] == (sum(heads.values()), sum(heads.values()))


async def test_a_rebuild_drops_what_the_log_does_not_say(log: FakeLog, engine: SerialEngine) -> None:
    record, gone = log.record(), log.record()
    record.entry("stays")
    gone.entry("goes")
    projector = Projector(log, engine, Wakeups())
    await projector.catch_up()
    del log.streams[gone.stream], log.rows[gone.stream]
    await projector.rebuild()
    assert [row["text"] for row in await Entry.select()] == ["stays"]
    assert [row["stream"] for row in await Projected.select()] == [record.stream]


async def test_what_comes_during_a_rebuild_is_in_it(engine: SerialEngine) -> None:
    class Moves(FakeLog):
        async def document_rows(self, document: UUID) -> list[Row]:
            held = await super().document_rows(document)
            if len(self.rows[record.stream]) == 1:
                record.entry("came meanwhile")
            return held

    log = Moves()
    record = log.record()
    record.entry("was there")
    await Projector(log, engine, Wakeups()).rebuild()
    assert {row["text"] for row in await Entry.select()} == {"was there", "came meanwhile"}


async def test_what_an_interrupted_rebuild_left_goes_at_the_next_start(
    log: FakeLog, engine: SerialEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = log.record()
    some_life(record)

    async def cut_off(*_: object) -> None:
        raise StorageError("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(driver, "take_over", cut_off)
        with pytest.raises(StorageError):
            await Projector(log, engine, Wakeups()).rebuild()
    assert await content(REBUILT) != [[] for _ in LIVE]
    projector, ears = Projector(log, engine, Wakeups()), Ears()
    projector.updates.subscribe(ears).watch(frozenset({record.stream}))
    async with running(projector):
        await ears.moves.get()
    assert await content(REBUILT) == [[] for _ in LIVE]


async def test_a_rebuild_that_fails_leaves_what_is_read_as_it_was(
    log: FakeLog, engine: SerialEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = log.record()
    record.entry("one")
    projector = Projector(log, engine, Wakeups())
    await projector.catch_up()
    before = await content()

    def full(*_: object) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(driver, "write_through", full)
    with pytest.raises(StorageError):
        await projector.rebuild()
    assert await content() == before
