"""A document is made once after it was applied: for the read models, and for a brief that somebody follows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.server.projections.records import MONDAY, FakeLog, Record, new_id
from tests.server.projections.records import log as a_log

from intersession_schemas.documents.care.goals import Goal
from intersession_schemas.records.kinds import load
from intersession_schemas.streams import Kind
from intersession_server.projections.materials import Materials
from intersession_server.projections.projector import ROWS_AT_ONCE, Projector
from intersession_server.projections.readings import Readings
from intersession_server.projections.tables import LIVE
from intersession_server.storage.engine import SerialEngine
from intersession_server.sync.wakeups import Wakeups

pytestmark = pytest.mark.anyio


class Server:
    """A projector and materials that stand on the same readings, as the server has them."""

    def __init__(self, log: FakeLog, engine: SerialEngine) -> None:
        self.log = log
        readings = Readings(log)
        self.materials = Materials(log, readings)
        self.projector = Projector(log, engine, Wakeups(), readings, self.materials)

    async def shows_the_same(self, record: Record) -> None:
        """What is told of the record is what its rows say, read anew."""
        head = len(self.log.rows[record.stream])
        told = await self.materials.of(record.stream, record.client, head)
        assert told == await Materials(self.log).of(record.stream, record.client, head)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many changes each document had that was made."""
    found: list[int] = []

    def counted(changes: Any) -> Any:
        found.append(len(changes))
        return load(changes)

    monkeypatch.setattr("intersession_server.projections.applied.load", counted)
    return found


async def test_what_was_projected_is_not_made_again_for_a_brief(
    log: FakeLog, engine: SerialEngine, made: list[int]
) -> None:
    record, server = log.record(), Server(log, engine)
    entry, bucket = record.entry("one"), record.bucket()
    await server.projector.catch_up()
    await server.materials.of(record.stream, record.client, 2)
    assert made == [1, 1, 1, 1], "nobody had asked for it before, so it was read for itself"
    made.clear()
    record.edit(entry, text="one, mended")
    record.logs(bucket, [a_log()])
    record.put(Kind.GOAL, Goal(what="sleep", made_at=MONDAY))
    await server.projector.catch_up()
    reads = log.reads
    found = await server.materials.of(record.stream, record.client, 5)
    assert (sorted(made), log.reads) == ([1, 2, 2], reads)
    assert len(found.filed) == 3
    await server.shows_the_same(record)


async def test_whatever_happens_to_a_record_it_is_told_as_it_is(log: FakeLog, engine: SerialEngine) -> None:
    record, server = log.record(), Server(log, engine)
    record.entry("one")
    await server.projector.catch_up()
    await server.shows_the_same(record)
    gone = record.entry("withdrawn")
    await server.projector.catch_up()
    await server.shows_the_same(record)
    record.erase(gone)
    record.add(new_id(), Kind.JOURNAL_ENTRY, b"nothing that can be read")
    await server.projector.catch_up()
    await server.shows_the_same(record)
    # A brief that was asked for before the projector came by: what it has is further than what is followed.
    record.entry("two")
    await server.shows_the_same(record)
    record.entry("three")
    await server.projector.catch_up()
    await server.shows_the_same(record)
    # Rows of many steps, of which each reads a document as it stands: beyond what the step is at.
    bucket = record.bucket()
    for number in range(150):
        record.logs(bucket, [a_log(MONDAY + timedelta(minutes=number))])
    await server.projector.catch_up()
    await server.shows_the_same(record)
    await server.projector.rebuild()
    await server.shows_the_same(record)


@pytest.mark.parametrize("edited", [False, True])
@pytest.mark.parametrize("asked_before", [ROWS_AT_ONCE, 2 * ROWS_AT_ONCE])
async def test_step_by_step_it_is_told_as_of_the_step(
    log: FakeLog, engine: SerialEngine, asked_before: int, edited: bool
) -> None:
    """A step reads documents as they stand, which may be further; and a brief may be ahead of it."""
    record, server = log.record(), Server(log, engine)
    entries = [record.entry(f"{number}") for number in range(2 * ROWS_AT_ONCE)]
    for place in range(ROWS_AT_ONCE):
        if edited:
            record.edit(entries[-1 - place], text="mended")
        else:
            record.entry("another")
    head = len(log.rows[record.stream])
    if asked_before == ROWS_AT_ONCE:
        await server.projector._advance(record.stream, LIVE)
    await server.materials.of(record.stream, record.client, asked_before)
    through = 0
    while through < head:
        _, through = await server.projector._advance(record.stream, LIVE)
        told = await server.materials.of(record.stream, record.client, through)
        assert told == await Materials(log).of(record.stream, record.client, through)


async def test_a_record_that_nobody_follows_is_not_kept(log: FakeLog, engine: SerialEngine) -> None:
    record, server = log.record(), Server(log, engine)
    record.entry("one")
    await server.projector.catch_up()
    assert not server.materials.keeps(record.stream)
