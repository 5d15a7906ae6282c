"""What the caseload says of a client is what the client's whole record says, made from the read models alone."""

from __future__ import annotations

import asyncio
import random
import tempfile
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.server.projections.records import FakeLog, Record, new_id
from tests.server.projections.records import log as a_log

from intersession_schemas.crdt import Document
from intersession_schemas.documents.assessments import assessments
from intersession_schemas.documents.assessments.answers import WordingTaken
from intersession_schemas.documents.care.comments import Acknowledgement
from intersession_schemas.documents.care.episodes import Episode
from intersession_schemas.documents.care.homework import Homework, HomeworkProgress, Status
from intersession_schemas.documents.care.plan import Pause, Plan, PlanTracker, Threshold
from intersession_schemas.documents.care.sessions import Session, SessionState
from intersession_schemas.documents.diary.symptoms import Number
from intersession_schemas.instruments.known import INSTRUMENTS
from intersession_schemas.measures.material import Cut
from intersession_schemas.measures.scores import measured
from intersession_schemas.measures.signals.of_record import signals
from intersession_schemas.messages import RowType
from intersession_schemas.streams import Kind
from intersession_server.projections import record_reading
from intersession_server.projections.materials import Materials
from intersession_server.projections.overviews.keeper import OverviewRow, Overviews, overviews_of
from intersession_server.projections.overviews.outlines import Outlines
from intersession_server.projections.overviews.overview import HomeworkWeek, Overview
from intersession_server.projections.projector import Projector
from intersession_server.projections.tables import FILE_NAME, LIVE, SCHEMA, TABLES, ClientOverview
from intersession_server.storage.database import open_database
from intersession_server.storage.engine import SerialEngine
from intersession_server.sync.wakeups import Wakeups

pytestmark = pytest.mark.anyio

BERLIN = timezone(timedelta(hours=1))
NOW = datetime(2020, 3, 18, 9, 0, tzinfo=BERLIN)
"""A Wednesday."""


class StandingClock:
    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now.astimezone(UTC)


def assess(record: Record, at: datetime, score: int, risk: int = 0, received: datetime | None = None) -> UUID:
    """A PHQ-9 that was completed."""
    document, id_ = Document.new(random.Random(str((at, score))).randbytes(16)), new_id()
    start = assessments.Start(instrument="phq-9", scheme=INSTRUMENTS["phq-9"].scheme, started_at=at)
    record.add(id_, Kind.ASSESSMENT, assessments.create(document, start), received or at)
    for number in range(1, 10):
        value = risk if number == 9 else score
        change = assessments.answer(document, f"q{number}", value, answer_id=new_id(), at=at)
        assert change is not None
        record.add(id_, Kind.ASSESSMENT, change, received or at)
    done = assessments.complete(document, completion_id=new_id(), at=at, wording=WordingTaken())
    record.add(id_, Kind.ASSESSMENT, done, received or at)
    return id_


async def overview(engine: SerialEngine, record: Record) -> Overview:
    found = await overviews_of(engine, {record.client: record.stream})
    return found[record.client]


async def whole(log: FakeLog, record: Record, now: datetime) -> list[tuple[object, ...]]:
    """The open signals as all that the record's documents say."""
    head = log.head(record.stream)
    material = await Materials(log).of(record.stream, record.client, head)
    cut = Cut(heads={str(record.stream): head}, now=now, zone=str(now.tzinfo))
    told = [one for one in signals(material, cut) if not one.acknowledged]
    return [(one.kind, one.id, one.about, one.at, one.arrived_at) for one in told]


async def its_outline_is_as_the_whole(log: FakeLog, engine: SerialEngine, record: Record, now: datetime) -> None:
    """But for the diary it has the same documents, and the same signals and scores are in it, to the letter."""
    head = log.head(record.stream)
    material = await Materials(log).of(record.stream, record.client, head)
    outline = await Outlines(engine).of(record.stream, record.client, now)
    assert outline is not None
    assert outline.through == head
    cut = Cut(heads={str(record.stream): head}, now=now, zone=str(now.tzinfo))
    assert [one for one in outline.material.filed if one.kind not in DIARY] == [
        one for one in material.filed if one.kind in OUTLINED
    ]
    some, every = (one.telling(heard_at=now) for one in (outline.material, material))
    assert signals(some, cut) == signals(every, cut)
    assert measured(some, cut) == measured(every, cut)


def told(found: Overview) -> list[tuple[object, ...]]:
    return [(one.kind, one.id, one.about, one.at, one.arrived_at) for one in found.signals]


# --- as the record says -----------------------------------------------------------------------------------------------

DIARY = {Kind.JOURNAL_ENTRY, Kind.SYMPTOM_LOG}
OUTLINED = {
    Kind.ACKNOWLEDGEMENT, Kind.ASSESSMENT, Kind.EPISODE, Kind.HOMEWORK, Kind.HOMEWORK_PROGRESS, Kind.INSTRUMENT,
    Kind.PLAN, Kind.SESSION,
}  # fmt: skip
STEPS = ["entry", "log", "old_log", "gap", "long_gap", "good", "bad", "risk", "done", "missed", "acknowledge", "aside"]
STEPS += ["ahead", "late", "pause", "erase", "second_episode", "weekly"]


def live(record: Record, steps: list[tuple[str, int]]) -> datetime:
    """Some weeks of a client; when it is now."""
    now = NOW - timedelta(days=120)
    record.put(Kind.PLAN, Plan(trackers={"a": PlanTracker(name="worry", since=now.date())}), now)
    record.put(Kind.EPISODE, Episode(began_on=now.date()), now)
    daily = Homework(what="walk", rule="FREQ=DAILY", since=now.date(), assigned_at=now)
    homework = record.put(Kind.HOMEWORK, daily, now)
    bucket, entries = record.bucket(now.strftime("%Y-%m"), now), list[UUID]()
    for what, number in steps:
        now += timedelta(hours=6 + number % 24)
        match what:
            case "gap" | "long_gap":
                now += timedelta(days=number % 9 + (200 if what == "long_gap" else 0))
            case "done" | "missed":
                key = (now.date() - timedelta(days=number % 3)).isoformat()
                status: Status = "done" if what == "done" else "not"
                said = HomeworkProgress(homework=homework, occurrence=key, status=status, done_at=now, entered_at=now)
                record.put(Kind.HOMEWORK_PROGRESS, said, now)
            case "second_episode":
                ended = Episode(began_on=now.date(), phase="ended", ended_on=date(2030, 1, 1))
                record.put(Kind.EPISODE, ended, now)
            case "weekly":
                weekly = Homework(what="read", rule="FREQ=WEEKLY", since=now.date(), assigned_at=now)
                record.put(Kind.HOMEWORK, weekly, now)
            case "entry" | "log" | "late" | "old_log" | "ahead" | "erase":
                write(record, what, number, now, bucket, entries)
            case _:
                answer(record, what, number, now)
    return now


def write(record: Record, what: str, number: int, now: datetime, bucket: UUID, entries: list[UUID]) -> None:
    match what:
        case "entry":
            entries.append(record.entry("x", at=now, received=now + timedelta(minutes=1)))
        case "log" | "late":
            received = now + timedelta(days=9 if what == "late" else 0, minutes=1)
            record.logs(bucket, [replace(a_log(now, id=new_id()), scale=(0, 10))], received)
        case "old_log":
            record.logs(bucket, [a_log(now - timedelta(days=40 * number), id=new_id())], now)
        case "ahead":
            record.entry("of a clock that is ahead", at=now + timedelta(days=900), received=now)
        case "erase" if entries:
            record.erase(entries.pop(number % len(entries)))


def answer(record: Record, what: str, number: int, now: datetime) -> None:
    of = [row.document for row in record.log.rows[record.stream] if row.kind == Kind.ASSESSMENT]
    match what:
        case "good" | "bad":
            assess(record, now, 0 if what == "good" else 3)
        case "risk":
            assess(record, now, 1, risk=1 + number % 3)
        case "acknowledge" if of:
            seen = Acknowledgement(signal=f"risk/{of[number % len(of)]}/q9/1", note="", made_at=now)
            record.put(Kind.ACKNOWLEDGEMENT, seen, now)
        case "aside":
            record.add(of[0] if of else new_id(), Kind.ASSESSMENT, b"", now, type_=RowType.QUARANTINE)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 99)), max_size=45), st.integers(0, 40))
def test_the_open_signals_are_those_of_the_whole_record(steps: list[tuple[str, int]], days: int) -> None:
    log = FakeLog()
    record = log.record()
    now = live(record, steps) + timedelta(days=days)

    async def compare() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with open_database(Path(folder) / FILE_NAME, schema=SCHEMA, tables=TABLES) as engine:
                await Projector(log, engine, Wakeups(), clock=lambda: now).catch_up()
                found = await overview(engine, record)
                local = await record_reading.local_now(record.client, now)
                assert told(found) == await whole(log, record, local)
                assert found.day == local.date()
                await its_outline_is_as_the_whole(log, engine, record, local)

    asyncio.run(compare())


# --- what it says -----------------------------------------------------------------------------------------------------


async def test_homework_this_week_is_what_was_due_since_monday(log: FakeLog, engine: SerialEngine) -> None:
    record, since = log.record(), (NOW - timedelta(days=30)).date()
    homework = record.put(
        Kind.HOMEWORK, Homework(what="walk", rule="FREQ=DAILY", since=since, assigned_at=NOW - timedelta(days=30))
    )
    states: list[tuple[str, Status]] = [("2020-03-15", "done"), ("2020-03-16", "partly"), ("2020-03-17", "not")]
    for day, status in states:
        at = datetime.combine(date.fromisoformat(day), time(20), BERLIN)
        said = HomeworkProgress(homework=homework, occurrence=day, status=status, done_at=at, entered_at=at)
        record.put(Kind.HOMEWORK_PROGRESS, said, at)
    await Projector(log, engine, Wakeups(), clock=StandingClock()).catch_up()
    assert (await overview(engine, record)).homework == HomeworkWeek(done=1, due=3)


async def test_the_line_is_the_first_tracker_that_was_logged_lately(log: FakeLog, engine: SerialEngine) -> None:
    record = log.record()
    trackers = {
        "a": PlanTracker(name="Sleep", low=0, high=5),
        "b": PlanTracker(name="Worry"),
        "c": PlanTracker(name="x"),
    }
    record.put(Kind.PLAN, Plan(trackers=trackers))
    bucket = record.bucket()
    logged: list[tuple[int, dict[str, Number]]] = [(1, {"worry": 3, "rage": 9}), (0, {"WORRY ": 4}), (0, {"worry": 5})]
    logged.append((40, {"sleep": 1}))
    for days, values in logged:
        record.logs(bucket, [a_log(NOW - timedelta(days=days), values)])
    await Projector(log, engine, Wakeups(), clock=StandingClock()).catch_up()
    line = (await overview(engine, record)).line
    assert line is not None
    assert (line.of, line.name, line.values[-3:], line.last, line.last_on) == (
        *("symptom", "Worry", [None, 3.0, 4.5], 4.5),
        NOW.date(),
    )
    assert len(line.values) == 28


async def test_without_symptoms_the_line_is_the_score_that_was_measured_last(
    log: FakeLog, engine: SerialEngine
) -> None:
    record = log.record()
    for days, score in ((20, 2), (10, 1)):
        assess(record, NOW - timedelta(days=days), score)
    await Projector(log, engine, Wakeups(), clock=StandingClock()).catch_up()
    line = (await overview(engine, record)).line
    assert line is not None
    assert (line.of, line.values, line.low, line.high) == ("score", [16.0, 8.0], 0, 27)


async def test_sessions_are_those_planned_from_this_week_on(log: FakeLog, engine: SerialEngine) -> None:
    record = log.record()
    record.entry("x", at=NOW - timedelta(days=1))
    sessions: list[tuple[int, SessionState]] = [(-9, "planned"), (-1, "planned"), (1, "cancelled"), (3, "planned")]
    sessions += [(2, "planned"), (0, "attended")]
    for days, state in sessions:
        record.put(Kind.SESSION, Session(planned_at=NOW + timedelta(days=days), state=state))
    await Projector(log, engine, Wakeups(), clock=StandingClock()).catch_up()
    found = await overview(engine, record)
    assert [(at - NOW).days for at in found.sessions] == [-1, 2, 3]


# --- when it is made --------------------------------------------------------------------------------------------------


async def test_a_day_that_is_over_makes_it_anew(log: FakeLog, engine: SerialEngine) -> None:
    record, clock = log.record(), StandingClock()
    for days in range(30, 0, -1):
        record.entry("x", at=NOW - timedelta(days=days), received=NOW - timedelta(days=days))
    projector = Projector(log, engine, Wakeups(), clock=clock)
    projector.start()
    try:
        async with asyncio.timeout(10):
            while not await ClientOverview.exists().where(ClientOverview.through == 30):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await projector.overviews.settled()
        assert (await overview(engine, record)).signals == []
        await projector.overviews.look()
        await projector.overviews.settled()
        assert (await overview(engine, record)).day == NOW.date()
        clock.now += timedelta(days=9)
        await projector.overviews.look()
        await projector.overviews.settled()
        found = await overview(engine, record)
        assert [one.kind for one in found.signals] == ["silence"]
        assert found.day == clock.now.date()
    finally:
        await projector.close()


async def test_it_says_that_there_is_another_one(log: FakeLog, engine: SerialEngine) -> None:
    record = log.record()
    record.entry("x")
    overviews = Overviews(engine, Wakeups(), StandingClock())
    await Projector(log, engine, Wakeups(), clock=StandingClock()).catch_up()
    assert not await overviews.make(LIVE, record.stream, record.client)
    await ClientOverview.delete(force=True)
    assert await overviews.make(LIVE, record.stream, record.client)


async def test_what_was_erased_is_in_no_overview(log: FakeLog, engine: SerialEngine) -> None:
    """Not even where one was read before, and is written after."""
    record = log.record()
    bucket = record.bucket()
    record.logs(bucket, [a_log(NOW, {"secret symptom": 3})])
    projector = Projector(log, engine, Wakeups(), clock=StandingClock())
    await projector.catch_up()
    assert "secret" in str(await ClientOverview.select())
    before = await ClientOverview.select().first()
    record.erase(bucket)
    await projector.catch_up()
    assert "secret" not in str(await ClientOverview.select())
    assert before is not None
    late = OverviewRow(**before)
    await ClientOverview.delete(force=True)
    assert not await engine.in_one(lambda connection: projector.overviews._write(connection, LIVE, late))
    assert not await ClientOverview.exists()


async def test_a_limit_of_the_plan_and_a_pause_count(log: FakeLog, engine: SerialEngine) -> None:
    record = log.record()
    for days in range(20, 5, -1):
        record.entry("x", at=NOW - timedelta(days=days), received=NOW - timedelta(days=days))
    plan = record.put(Kind.PLAN, Plan(thresholds={"silence": Threshold(at=3)}))
    projector = Projector(log, engine, Wakeups(), clock=StandingClock())
    await projector.catch_up()
    assert [one.kind for one in (await overview(engine, record)).signals] == ["silence"]
    record.change(plan, Kind.PLAN, pauses={"p": Pause(first=(NOW - timedelta(days=5)).date())})
    await projector.catch_up()
    assert (await overview(engine, record)).signals == []
