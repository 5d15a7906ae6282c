"""What briefs and signals are made from: the same from the rows one by one as from all at once."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from structlog.testing import capture_logs
from tests.server.projections.records import MONDAY, RECEIVED, FakeLog, Record, new_id
from tests.server.projections.records import log as a_log

from intersession_schemas.crdt import Document
from intersession_schemas.documents.assessments import assessments
from intersession_schemas.documents.assessments.answers import WordingTaken
from intersession_schemas.documents.care.goals import Goal
from intersession_schemas.documents.care.plan import Plan
from intersession_schemas.measures.brief import brief
from intersession_schemas.measures.material import Cut, Material, material
from intersession_schemas.messages import Row, RowType
from intersession_schemas.records.filing import NotAccepted
from intersession_schemas.streams import Audience, Kind
from intersession_server.projections import materials
from intersession_server.projections.applied import Applied, spoiled
from intersession_server.projections.documents import Location, project
from intersession_server.projections.filing import Filing, filing, plan_at
from intersession_server.projections.materials import Materials
from intersession_server.work.workshop import TRIES, Workshop, is_heavy

pytestmark = pytest.mark.anyio

LATER = RECEIVED + timedelta(days=2)


@pytest.fixture
def log() -> FakeLog:
    return FakeLog()


@pytest.fixture
def record(log: FakeLog) -> Record:
    return log.record()


def rows_of(record: Record, id_: UUID) -> list[Row]:
    return [row for row in record.log.rows[record.stream] if row.document == id_]


def assessed(record: Record) -> tuple[UUID, list[UUID]]:
    """An assessment whose parts arrived one after the other: two answers and the completion."""
    document, id_, parts = Document.new(bytes(15) + b"x"), new_id(), [new_id(), new_id(), new_id()]
    start = assessments.Start(instrument="phq-9", scheme="s", started_at=MONDAY)
    changes = [assessments.create(document, start)]
    for item, part in zip(("q1", "q9"), parts, strict=False):
        change = assessments.answer(document, item, 1, answer_id=part, at=MONDAY)
        assert change is not None
        changes.append(change)
    changes.append(assessments.complete(document, completion_id=parts[2], at=MONDAY, wording=WordingTaken()))
    for days, change in enumerate(changes):
        record.add(id_, Kind.ASSESSMENT, change, RECEIVED + timedelta(days=days))
    return id_, parts


def test_each_answer_and_completion_arrived_with_its_own_row(record: Record) -> None:
    id_, parts = assessed(record)
    found = filing(Applied(rows_of(record, id_)))
    assert found is not None
    assert found.document is not None
    rows = found.document[3]
    assert [rows.parts[str(part)] for part in parts] == [RECEIVED + timedelta(days=days) for days in (1, 2, 3)]
    assert (rows.author, rows.first_seq, rows.last_seq) == (record.client, 1, 4)
    assert (rows.first_received_at, rows.last_received_at) == (RECEIVED, RECEIVED + timedelta(days=3))
    assert found.heard == {record.client: RECEIVED + timedelta(days=3)}


def test_each_log_arrived_with_its_own_row(record: Record) -> None:
    bucket = record.bucket(received=RECEIVED)
    first, second = a_log(), a_log(MONDAY + timedelta(hours=1))
    record.logs(bucket, [first], RECEIVED)
    record.logs(bucket, [second], LATER)
    found = filing(Applied(rows_of(record, bucket)))
    assert found is not None
    assert found.document is not None
    assert found.document[3].parts == {str(first.id): RECEIVED, str(second.id): LATER}


def test_what_is_gone_or_of_no_kind_that_is_told_is_left_out(record: Record) -> None:
    entry = record.entry("withdrawn")
    record.erase(entry)
    aside = record.entry("set aside")
    record.spoil(3, type=RowType.QUARANTINE)
    other = record.entry("of another kind")
    record.spoil(4, kind=Kind.NOTE.value)
    for id_ in (entry, aside, other, new_id()):
        assert filing(Applied(rows_of(record, id_))) is None


def test_what_cannot_be_read_is_told(record: Record) -> None:
    id_ = record.add(new_id(), Kind.JOURNAL_ENTRY, b"no change at all", RECEIVED)
    filed = filing(Applied(rows_of(record, id_)))
    assert filed is not None
    assert filed.document is None
    assert list(filed.heard.values()) == [RECEIVED], "its author was heard from all the same"
    told = brief(material([], unreadable=filed.unreadable), Cut(heads={}, now=MONDAY, zone="UTC"))
    assert told.problems == (f"journal_entry {id_}: document: could not be read",)


def test_the_plan_of_a_moment_has_what_had_arrived_by_then(record: Record) -> None:
    id_ = record.put(Kind.PLAN, Plan(introduction="first"), RECEIVED)
    record.change(id_, Kind.PLAN, LATER, introduction="second")
    rows = rows_of(record, id_)
    for at, text in (
        (RECEIVED - timedelta(seconds=1), ""),
        (RECEIVED, "first"),
        (LATER - timedelta(seconds=1), "first"),
        (LATER, "second"),
    ):
        assert plan_at(rows, at).introduction == text


async def fresh(log: FakeLog, record: Record, head: int) -> Material:
    return await Materials(log).of(record.stream, record.client, head)


async def test_row_by_row_is_as_all_at_once(log: FakeLog, record: Record) -> None:
    entry = record.entry("first")
    bucket = record.bucket()
    goal = record.put(Kind.GOAL, Goal(what="sleep", made_at=MONDAY))
    record.logs(bucket, [a_log()])
    record.edit(entry, text="first, mended")
    gone = record.entry("withdrawn")
    record.logs(bucket, [a_log(MONDAY + timedelta(hours=2))])
    record.change(goal, Kind.GOAL, what="sleep well")
    heads = len(log.rows[record.stream])
    following = Materials(log)
    for head in range(heads + 1):
        assert await following.of(record.stream, record.client, head) == await fresh(log, record, head)
    record.erase(gone)
    last = await following.of(record.stream, record.client, heads + 1)
    assert gone not in {one.id for one in last.filed}
    # Also back again, and in any order.
    for head in random.Random(4).choices(range(heads + 2), k=12):
        assert await following.of(record.stream, record.client, head) == await fresh(log, record, head)


async def test_what_is_known_is_not_read_again(log: FakeLog, record: Record) -> None:
    for number in range(20):
        record.entry(f"entry {number}")
    following = Materials(log)
    await following.of(record.stream, record.client, 20)
    assert log.reads == 0
    one = record.entry("one more")
    found = await following.of(record.stream, record.client, 21)
    assert (log.reads, one in {filed.id for filed in found.filed}) == (1, True)
    await following.of(record.stream, record.client, 21)
    assert log.reads == 1


async def test_what_a_request_made_is_there_for_the_next_until_a_row_comes(log: FakeLog, record: Record) -> None:
    def counted(found: Material) -> list[int]:
        return found.once("count", frozenset({Kind.JOURNAL_ENTRY}), lambda: [len(found.filed)])

    following = Materials(log)
    record.entry("x")
    made = counted(await following.of(record.stream, record.client, 1, LATER))
    assert counted(await following.of(record.stream, record.client, 1)) is made
    record.entry("y")
    after = counted(await following.of(record.stream, record.client, 2))
    assert (made, after) == ([1], [2])
    earlier = counted(await following.of(record.stream, record.client, 1))
    assert earlier == [1]
    assert counted(await following.of(record.stream, record.client, 2)) is after


async def test_what_was_made_of_other_kinds_is_there_also_after_rows_came(log: FakeLog, record: Record) -> None:
    def entries(found: Material) -> list[int]:
        return found.once("entries", frozenset({Kind.JOURNAL_ENTRY}), lambda: [len(found.filed)])

    def assessments_of(found: Material) -> list[int]:
        return found.once("assessments", frozenset({Kind.ASSESSMENT}), lambda: [len(found.filed)])

    following = Materials(log)
    assessed(record)
    head = len(record.log.rows[record.stream])
    found = await following.of(record.stream, record.client, head)
    made, before = assessments_of(found), entries(found)
    for _ in range(2):
        record.entry("one more")
    found = await following.of(record.stream, record.client, head + 2)
    assert assessments_of(found) is made
    assert entries(found) is not before
    assessed(record)
    found = await following.of(record.stream, record.client, len(record.log.rows[record.stream]))
    assert assessments_of(found) is not made


async def test_only_so_many_records_are_kept(log: FakeLog, record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(materials, "RECORDS_KEPT", 2)
    others = [log.record() for _ in range(3)]
    following = Materials(log)
    for one in (record, *others):
        one.entry("x")
        assert len((await following.of(one.stream, one.client, 1)).filed) == 1
    assert list(following._kept) == [one.stream for one in others[1:]]


async def test_who_is_asked_for_stays_and_who_only_writes_does_not(
    log: FakeLog, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(materials, "RECORDS_KEPT", 2)
    asked, written, new = record, log.record(), log.record()
    following = Materials(log)
    for one in (asked, written, new):
        one.entry("x")
    for one in (asked, written, asked):
        await following.of(one.stream, one.client, 1)
    following.follow(written.stream, 1, 2, [], [])
    await following.of(new.stream, new.client, 1)
    assert [following.keeps(one.stream) for one in (asked, written, new)] == [True, False, True]


async def test_a_device_was_heard_when_its_newest_change_arrived(log: FakeLog, record: Record) -> None:
    record.entry("x", received=RECEIVED)
    record.entry("y", received=LATER)
    record.spoil(2, author=new_id())  # somebody else's
    assert (await fresh(log, record, 2)).heard_at == RECEIVED
    given = await Materials(log).of(record.stream, record.client, 2, LATER)
    assert given.heard_at == LATER


async def test_a_brief_has_the_plan_of_the_moment_that_it_begins_at(log: FakeLog, record: Record) -> None:
    id_ = record.put(Kind.PLAN, Plan(introduction="first"), RECEIVED)
    record.change(id_, Kind.PLAN, RECEIVED + timedelta(days=20), introduction="second")
    following = Materials(log)
    cut = Cut(heads={}, now=RECEIVED + timedelta(days=21), zone="UTC")
    found = await following.of(record.stream, record.client, 2)
    assert found.plan_then is None
    with_plan = await following.for_brief(found, cut, 2, None)
    assert with_plan.plan_then == Plan(introduction="first")
    nothing = await following.of(record.stream, record.client, 0)
    assert await following.for_brief(nothing, cut, 0, None) == nothing
    assert log.streams[record.stream].audience is Audience.RECORD


def test_what_was_set_aside_of_an_assessment_is_told_without_what_it_said(record: Record) -> None:
    id_, _ = assessed(record)
    rows = rows_of(record, id_)
    good, aside = rows[:-1], msgspec.structs.replace(rows[-1], type=RowType.QUARANTINE, change=b"")
    found = filing(Applied([*good, aside]))
    assert found is not None
    assert found.document is not None
    told = NotAccepted(document=id_, seq=4, author=record.client, received_at=RECEIVED + timedelta(days=3))
    assert found.not_accepted == (told,)
    alone = filing(Applied([aside]))
    assert alone is not None
    assert (alone.document, alone.not_accepted) == (None, (told,))


async def test_one_record_does_not_wait_for_another(log: FakeLog, record: Record) -> None:
    held, other = asyncio.Event(), log.record()

    class Slow:
        def __getattr__(self, name: str) -> object:
            return getattr(log, name)

        async def stream_rows(self, stream: UUID, after: int, limit: int) -> list[Row]:
            if stream == record.stream:
                await held.wait()
            return await log.stream_rows(stream, after, limit)

    assessed(record)
    assessed(other)
    known = Materials(Slow())  # type: ignore[arg-type]
    heads = {one.stream: log.rows[one.stream][-1].seq for one in (record, other)}
    slow = asyncio.create_task(known.of(record.stream, record.client, heads[record.stream]))
    async with asyncio.timeout(10):
        found = await known.of(other.stream, other.client, heads[other.stream])
    assert len(found.filed) == 1
    assert not slow.done()
    held.set()
    assert len((await slow).filed) == 1
    assert known._turns == {}


async def test_a_record_that_is_read_ahead_is_read_once_and_at_once_where_somebody_waits(
    log: FakeLog, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(materials, "_DOCUMENTS_AT_ONCE", 1)
    slept: list[int] = []
    for number in range(6):
        record.entry(f"entry {number}")
    known = Materials(log)
    sleep, asking = asyncio.sleep, list[asyncio.Task[Material]]()

    async def pause(_: float) -> None:
        slept.append(len(known._turns))
        if len(slept) == 2:
            asking.append(asyncio.create_task(known.of(record.stream, record.client, 6)))
        await sleep(0)

    monkeypatch.setattr("asyncio.sleep", pause)
    for _ in range(3):
        known.read_ahead(record.stream, record.client, 6)
    await asyncio.gather(*known._ahead.values())
    assert len(slept) == 2
    assert await asking[0] == await fresh(log, record, 6)
    assert known.keeps(record.stream)
    known.read_ahead(record.stream, record.client, 6)
    assert known._ahead == {}


async def test_what_is_read_ahead_ends_with_the_server(log: FakeLog, record: Record) -> None:
    record.entry("one")
    known = Materials(log)
    known.read_ahead(record.stream, record.client, 1)
    await known.close()
    assert not known.keeps(record.stream)
    assert (known._ahead, known._turns) == ({}, {})


async def test_a_heavy_document_is_read_in_another_process_to_the_same(record: Record) -> None:
    id_, _ = assessed(record)
    rows = rows_of(record, id_)
    shop = Workshop()
    try:
        (light,) = await shop.make(filed, [rows], [False], spoiled)
        assert shop._pool is None
        heavy, process = await shop.make(filed, [rows], [True], spoiled), shop._pool
        assert heavy == [light]
        assert process is not None
        for pid in list(process._processes):
            os.kill(pid, signal.SIGKILL)
        assert await shop.make(filed, [rows], [True], spoiled) == [light]
    finally:
        shop.close()


def filed(rows: list[Row]) -> Filing | None:
    return filing(Applied(rows))


def ending(rows: list[Row]) -> str:
    """Ends the process that it runs in over a document that can be read, as one does that takes all memory."""
    if rows[0].change == b"?":
        return "could not be read"
    os.kill(os.getpid(), signal.SIGKILL)
    return "never"


async def test_a_document_that_ends_the_other_process_is_one_that_cannot_be_read(record: Record) -> None:
    id_, _ = assessed(record)
    shop = Workshop()
    try:
        with capture_logs() as logged:
            assert await shop.make(ending, [rows_of(record, id_)], [True], spoiled) == ["could not be read"]
        assert [line["event"] for line in logged] == ["workshop.ended"] * TRIES + ["workshop.given_up"]
        place = Location(record.stream, record.client, id_)
        shown = project(place, Applied(spoiled(rows_of(record, id_)))).record
        assert shown is not None
        assert shown.problems == '["document: could not be read"]'
    finally:
        shop.close()


@pytest.mark.parametrize(
    ("rows", "bytes_", "operations", "heavy"),
    [
        (1, 100, 10, False),
        (200, 100, 10_000, False),
        (201, 100, 10, True),
        (1, 32 * 1024 + 1, 10, True),
        (1, 100, 10_001, True),
    ],
)
def test_what_is_heavy(record: Record, rows: int, bytes_: int, operations: int, *, heavy: bool) -> None:
    id_, _ = assessed(record)
    row = msgspec.structs.replace(rows_of(record, id_)[0], change=bytes(bytes_ // rows))
    assert is_heavy([row] * (rows - 1) + [msgspec.structs.replace(row, change=bytes(bytes_))], operations) == heavy
