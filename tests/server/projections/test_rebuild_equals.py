"""Whatever happened in whatever order: following the log, in whatever steps, and building anew give the same rows."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from itertools import cycle
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
from intersession_schemas.errors import DocumentError
from intersession_schemas.messages import Row, RowType
from intersession_schemas.streams import Audience, Kind
from intersession_server.log.standing import StandingDocument
from intersession_server.log.store import LoggedRow
from intersession_server.projections.projector import Projector
from intersession_server.projections.readings import Readings
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


class Applying:
    """Documents that are held as the applier holds them, but for some that are let go of now and then."""

    def __init__(self, log: FakeLog, forgets: Sequence[int]) -> None:
        self._log = log
        self._reached: dict[UUID, int] = {}
        self._held: dict[UUID, StandingDocument] = {}
        self._forgets = cycle(forgets)

    def __call__(self, document: UUID) -> StandingDocument | None:
        return self._held.get(document)

    def go_on(self) -> None:
        """Apply what was applied since."""
        for stream, rows in self._log.rows.items():
            before = self._reached.get(stream, 0)
            for row in rows[before : self._log.head(stream)]:
                self._apply(row, [one for one in rows[: row.seq - 1] if one.document == row.document])
            self._reached[stream] = self._log.head(stream)

    def _apply(self, row: Row, before: list[Row]) -> None:
        if row.type is not RowType.CHANGE or not row.change or next(self._forgets) == 0:
            self._held.pop(row.document, None)
            return
        try:
            held = self._held.pop(row.document, None) or StandingDocument(row.kind, before)
            logged = LoggedRow(
                *(UUID(int=0), row.seq, row.document, row.kind, Audience.RECORD, row.hash, row.author, row.device),
                *(row.received_at, 1, row.change),
            )
            if held.open.take([row.change]):  # what the guard refuses, this log shows nevertheless
                held.take_in([logged], ())
                self._held[row.document] = held
        except DocumentError:
            return


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(0, 1), st.sampled_from(ACTIONS + OF_LOGS + ODD_ACTIONS), st.integers(0, 99)), max_size=40
    ),
    st.lists(st.integers(1, 9), min_size=1),
    st.booleans(),
    st.one_of(st.none(), st.lists(st.integers(0, 6), min_size=1, max_size=9)),
)
def test_following_and_rebuilding_give_the_same(
    steps: list[Step], pace: list[int], interrupted: bool, forgets: list[int] | None
) -> None:
    """`forgets`: when documents that are held are let go of; None: none are ever held."""
    log = FakeLog()
    records: list[tuple[Record, list[Any], list[Any], list[Any]]] = [(log.record(), [], [], []) for _ in range(2)]
    for which, what, number in steps:
        record, *lists = records[which]
        try:
            act(record, what, number, *lists)
        except AssertionError:
            continue  # an edit that changes nothing

    applying = Applying(log, forgets or [1])
    held = applying if forgets else lambda document: None

    async def follow_and_rebuild() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with open_database(Path(folder) / FILE_NAME, schema=SCHEMA, tables=TABLES) as engine:
                heads = await log.stream_heads()
                projector = Projector(log, engine, Wakeups(), Readings(log, standing=held))
                reached = 0
                for stride in pace * (max(heads.values()) + 1):
                    if reached >= max(heads.values()):
                        break
                    reached += stride
                    log.applied = {stream: min(reached, head) for stream, head in heads.items()}
                    applying.go_on()
                    if interrupted:
                        projector = Projector(log, engine, Wakeups(), Readings(log, standing=held))
                    await projector.catch_up()
                followed = await content()
                await Projector(log, engine, Wakeups()).rebuild()
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
