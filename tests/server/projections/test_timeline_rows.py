"""A timeline is merged from the first rows of each kind, by indexes alone: a page costs nothing of what came before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.server.projections.records import MONDAY, FakeLog

from intersession_schemas.documents.care.comments import Comment
from intersession_schemas.documents.care.topics import Topic
from intersession_schemas.streams import Kind
from intersession_server.projections.projector import Projector
from intersession_server.projections.timeline import rows as timelines
from intersession_server.projections.timeline.values import KINDS, Days, TimelineRow
from intersession_server.storage.engine import SerialEngine
from intersession_server.sync.wakeups import Wakeups

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


async def test_every_kind_is_read_from_its_own_index(engine: SerialEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, list[Any]]] = []

    class Listening:
        async def statement(self, query: str, arguments: list[Any]) -> list[dict[str, Any]]:
            asked.append((query, arguments))
            return await engine.statement(query, arguments)

    monkeypatch.setattr(timelines, "_engine", Listening)
    place = TimelineRow(Kind.TOPIC, 10**15, uuid4()).place
    days = Days(NOW.date() - timedelta(days=9), NOW.date(), 4)
    for direction in ("older", "newer"):
        for one, within in ((None, Days()), (place, days)):
            await timelines.rows(uuid4(), KINDS, NOW, within, 41, one, direction)
    await timelines.arrivals(uuid4(), NOW, 200)
    assert len(asked) == 5
    for query, arguments in asked:
        plan = [row["detail"] for row in await engine.statement(f"EXPLAIN QUERY PLAN {query}", arguments)]
        of_tables = [
            line for line in plan if any(f" {one} " in f"{line} " for one in ("entries", "symptom_logs", "records"))
        ]
        assert of_tables
        for line in of_tables:
            assert line.startswith("SEARCH"), line
            assert "_by_client" in line or "_by_arrival" in line, line


async def test_rows_of_one_moment_are_in_one_order_both_ways(log: FakeLog, engine: SerialEngine) -> None:
    record = log.record()
    for number in range(5):
        record.entry(f"number {number}", at=MONDAY)
        record.put(Kind.TOPIC, Topic(text="a topic", made_at=MONDAY))
    await Projector(log, engine, Wakeups()).catch_up()
    kinds = (Kind.JOURNAL_ENTRY, Kind.TOPIC)
    whole = await timelines.rows(record.client, kinds, NOW, Days(), 50)
    assert len({row.id for row in whole}) == 10
    older = await timelines.rows(record.client, kinds, NOW, Days(), 50, whole[3].place)
    newer = await timelines.rows(record.client, kinds, NOW, Days(), 50, whole[3].place, "newer")
    assert [*newer, whole[3], *older] == whole
    assert await timelines.rows(record.client, kinds, NOW, Days(), 2, whole[3].place, "newer") == whole[1:3]


async def test_what_has_gone_is_left_out(log: FakeLog, engine: SerialEngine) -> None:
    record = log.record()
    entry = record.entry("slept badly", at=MONDAY)
    record.put(Kind.COMMENT, Comment(on=entry, text="a comment", made_at=MONDAY))
    projector = Projector(log, engine, Wakeups())
    await projector.catch_up()
    found = await timelines.rows(record.client, KINDS, NOW, Days(), 50)
    record.erase(entry)
    await projector.catch_up()
    content = await timelines.content(record.client, found)
    assert content.entries == {}
    assert [one.comment.text for one in content.records.values()] == ["a comment"]  # type: ignore[attr-defined]
    assert content.subjects == {}
