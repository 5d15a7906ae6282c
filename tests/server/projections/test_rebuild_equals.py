"""Whatever happened in whatever order: following the log, in whatever steps, and building anew give the same rows."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.server.projections.records import MONDAY, FakeLog, Record, new_id
from tests.server.projections.records import log as a_log
from tests.server.projections.test_projector import content

from intersession_schemas.documents.care.homework import Homework, HomeworkProgress
from intersession_schemas.documents.diary.symptoms import Withdrawn, key_mark
from intersession_schemas.messages import RowType
from intersession_schemas.streams import Kind
from intersession_server.projections.projector import Projector
from intersession_server.projections.tables import FILE_NAME, SCHEMA, TABLES, SymptomLog
from intersession_server.storage.database import open_database
from intersession_server.sync.wakeups import Wakeups

ACTIONS = ["entry", "edit", "bucket", "log", "two_logs", "other_log", "homework", "progress", "reword"]
OF_LOGS = ["keyed", "correct", "copy", "withdraw", "withdraw_key", "erase_bucket"]
ODD_ACTIONS = ["unreadable", "unreadable_bucket", "quarantine", "erasure", "dropped", "unreadable_goal"]
Step = tuple[int, str, int]


def act(record: Record, what: str, number: int, entries: list[Any], buckets: list[Any], homework: list[Any]) -> None:
    at = MONDAY + timedelta(hours=number)
    match what:
        case "entry":
            entries.append(record.entry(f"number {number}", at=at))
        case "edit" if entries:
            record.edit(entries[number % len(entries)], text=f"edited {number} {len(entries)} {record.log.reads}")
        case "bucket":
            buckets.append(record.bucket())
        case "log" | "two_logs" if buckets:
            logs = [a_log(at + timedelta(minutes=minute)) for minute in range(2 if what == "two_logs" else 1)]
            record.logs(buckets[number % len(buckets)], logs)
        case "other_log" if buckets:
            record.write_over(buckets[number % len(buckets)], a_log(at, {"worry": number}, id=UUID(int=number % 2)))
        case "unreadable_goal":
            record.add(new_id(), Kind.GOAL, b"nothing that can be read")
        case "dropped" if entries:
            record.erase(entries.pop(number % len(entries)))
        case "unreadable":
            record.add(new_id(), Kind.JOURNAL_ENTRY, b"nothing that can be read")
        case "unreadable_bucket":
            record.add(new_id(), Kind.SYMPTOM_LOG, b"nothing that can be read")
        case "quarantine" if entries:
            record.add(entries[number % len(entries)], Kind.JOURNAL_ENTRY, b"", type_=RowType.QUARANTINE)
        case "erasure" if entries:
            record.add(entries.pop(number % len(entries)), Kind.JOURNAL_ENTRY, b"", type_=RowType.ERASURE)
        case _:
            act_on_logs(record, what, number, buckets)
            act_on_homework(record, what, number, homework)


def act_on_logs(record: Record, what: str, number: int, buckets: list[Any]) -> None:
    """Corrections, copies and withdrawals of a few logs, in any bucket, before or after what they are about."""
    at, few = MONDAY + timedelta(hours=number), [UUID(int=10 + one) for one in range(4)]
    if not buckets:
        return
    bucket = buckets[number % len(buckets)]
    match what:
        case "keyed" | "copy":
            one = a_log(at, {"worry": number}, id=few[number % 4])
            arrived = MONDAY if what == "copy" else None
            record.logs(bucket, [replace(one, key=f"key {number % 3}" if number % 2 else None, arrived_at=arrived)])
        case "correct":
            record.logs(bucket, [replace(a_log(at, {"worry": number + 100}), corrects=few[number % 4])])
        case "withdraw":
            record.withdraw(bucket, Withdrawn(new_id(), at, (few[number % 4],), ()))
        case "withdraw_key":
            record.withdraw(bucket, Withdrawn(new_id(), at, (), (key_mark(f"key {number % 3}"),)))
        case "erase_bucket":
            record.erase(buckets.pop(number % len(buckets)))


def act_on_homework(record: Record, what: str, number: int, homework: list[Any]) -> None:
    at = MONDAY + timedelta(hours=number)
    match what:
        case "homework":
            homework.append(record.put(Kind.HOMEWORK, Homework(what=f"number {number}", assigned_at=at)))
        case "progress" if homework:
            about = homework[number % len(homework)]
            record.put(Kind.HOMEWORK_PROGRESS, HomeworkProgress(homework=about, done_at=at, entered_at=at))
        case "reword" if homework:
            record.change(homework[number % len(homework)], Kind.HOMEWORK, what=f"reworded {number}")


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.integers(0, 1), st.sampled_from(ACTIONS + OF_LOGS + ODD_ACTIONS), st.integers(0, 99)), max_size=40
    ),
    st.lists(st.integers(1, 9), min_size=1),
    st.booleans(),
)
def test_following_and_rebuilding_give_the_same(steps: list[Step], pace: list[int], interrupted: bool) -> None:
    log = FakeLog()
    records: list[tuple[Record, list[Any], list[Any], list[Any]]] = [(log.record(), [], [], []) for _ in range(2)]
    for which, what, number in steps:
        record, *lists = records[which]
        try:
            act(record, what, number, *lists)
        except AssertionError:
            continue  # an edit that changes nothing

    async def follow_and_rebuild() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with open_database(Path(folder) / FILE_NAME, schema=SCHEMA, tables=TABLES) as engine:
                heads = await log.stream_heads()
                projector = Projector(log, engine, Wakeups())
                reached = 0
                for stride in pace * (max(heads.values()) + 1):
                    if reached >= max(heads.values()):
                        break
                    reached += stride
                    log.applied = {stream: min(reached, head) for stream, head in heads.items()}
                    if interrupted:
                        projector = Projector(log, engine, Wakeups())
                    await projector.catch_up()
                followed = await content()
                await projector.rebuild()
                assert await content() == followed

    asyncio.run(follow_and_rebuild())


def test_a_key_that_is_withdrawn_once_more_is_withdrawn_up_to_then() -> None:
    log = FakeLog()
    record = log.record()
    bucket = record.bucket()

    async def follow_and_rebuild() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with open_database(Path(folder) / FILE_NAME, schema=SCHEMA, tables=TABLES) as engine:
                projector = Projector(log, engine, Wakeups())
                for hours in (1, 5):
                    at = MONDAY + timedelta(hours=hours)
                    record.logs(bucket, [replace(a_log(at), key="k")])
                    record.withdraw(bucket, Withdrawn(new_id(), at, (), (key_mark("k"),)))
                    await projector.catch_up()
                followed = await content()
                await projector.rebuild()
                assert await content() == followed
                assert not await SymptomLog.select()

    asyncio.run(follow_and_rebuild())
