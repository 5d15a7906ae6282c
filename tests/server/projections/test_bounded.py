"""No list is longer than an answer should be, however much its documents say; and what is left out can be had."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.server.projections.records import MONDAY, FakeLog, Record
from tests.server.projections.records import log as a_log

from intersession_schemas.documents.care.goals import Goal
from intersession_schemas.documents.care.homework import Homework, HomeworkProgress
from intersession_schemas.documents.care.plan import Plan
from intersession_schemas.streams import Kind
from intersession_server.projections import bounded, reading, record_reading
from intersession_server.projections.projector import Projector
from intersession_server.projections.read_models import GoalView, SymptomAnswers
from intersession_server.projections.windows import Place, Window
from intersession_server.storage.engine import SerialEngine
from intersession_server.sync.wakeups import Wakeups

pytestmark = pytest.mark.anyio

LONG = "x" * 500


@pytest.fixture(autouse=True)
def _little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MOST_CHARACTERS", 2_000)


@pytest.fixture
def record(log: FakeLog) -> Record:
    return log.record()


@pytest.fixture
def project(log: FakeLog, engine: SerialEngine) -> Any:
    return Projector(log, engine, Wakeups()).catch_up


async def pages(record: Record, limit: int) -> list[list[UUID]]:
    """All entries, page by page."""
    found: list[list[UUID]] = []
    place: Place | None = None
    while True:
        entries, place = await reading.entries(record.client, Window(limit, place))
        found.append([entry.id for entry in entries])
        if place is None:
            return found


async def test_a_page_of_entries_ends_with_the_one_that_is_too_much_and_the_next_goes_on(
    record: Record, project: Any
) -> None:
    texts = [LONG, "short", LONG * 20, "short", LONG, LONG, LONG, LONG, LONG, "short"]
    written = [record.entry(text, at=MONDAY + timedelta(hours=n)) for n, text in enumerate(texts)][::-1]
    await project()
    found = await pages(record, limit=200)
    assert [id_ for page in found for id_ in page] == written
    assert [len(page) for page in found[:2]] == [5, 3], "5 of 500 characters and one of 10,000 are too much each"
    assert [id_ for page in await pages(record, limit=3) for id_ in page] == written


async def test_logs_of_long_notes_are_paged_too(record: Record, project: Any) -> None:
    bucket = record.bucket()
    record.logs(bucket, [a_log(MONDAY + timedelta(hours=n), note=LONG) for n in range(9)])
    await project()
    found, place = await reading.symptom_logs(record.client, Window(200))
    assert 1 <= len(found) < 9
    assert place is not None
    more, _ = await reading.symptom_logs(record.client, Window(200, place))
    assert {log.id for log in found}.isdisjoint(log.id for log in more)


async def test_answers_are_paged_by_number_and_by_length(record: Record, project: Any) -> None:
    bucket = record.bucket()
    logs = [a_log(MONDAY + timedelta(hours=n), {f"{n} {'x' * 50}": n for _ in range(1)}) for n in range(60)]
    record.logs(bucket, logs)
    await project()
    for limit, first in ((200, 34), (7, 7)):
        found: list[SymptomAnswers] = []
        sizes, place = [], None
        while True:
            answers, place = await reading.symptom_answers(record.client, Window(limit, place))
            sizes.append(len(answers))
            found += answers
            if place is None:
                break
        assert [one.at for one in found] == [MONDAY + timedelta(hours=n) for n in reversed(range(60))]
        assert [list(one.values.values()) for one in found] == [[n] for n in reversed(range(60))]
        assert sizes[0] == first, sizes


async def test_answers_of_local_days_are_those_of_the_writers_clock(record: Record, project: Any) -> None:
    bucket = record.bucket()
    day = date(2026, 3, 2)
    ahead, behind = timezone(timedelta(hours=14)), timezone(-timedelta(hours=12))
    moments = [datetime(2026, 3, 2, hour, tzinfo=zone) for hour in (0, 23) for zone in (ahead, UTC, behind)]
    outside = [moments[0] - timedelta(minutes=1), moments[-1] + timedelta(hours=1)]
    record.logs(bucket, [a_log(at) for at in (*moments, *outside)])
    await project()
    window = Window(50, since=day, until=day)
    answers, _ = await reading.symptom_answers(record.client, window)
    logs, _ = await reading.symptom_logs(record.client, window)
    assert {one.at for one in answers} == {one.at for one in logs} == set(moments)
    assert len(answers) == len(moments)


async def test_long_documents_are_paged_too(record: Record, project: Any) -> None:
    written = [record.put(Kind.GOAL, Goal(what=LONG, made_at=MONDAY + timedelta(hours=number))) for number in range(12)]
    await project()
    found: list[list[UUID]] = []
    place: Place | None = None
    while place is not None or not found:
        goals, place = await record_reading.page(GoalView, record.client, Window(200, place))
        found.append([one.id for one in goals])
    assert [id_ for page in found for id_ in page] == written[::-1]
    assert 1 <= len(found[0]) < 12


async def test_counts_rest_on_progress_that_is_not_shown(record: Record, project: Any) -> None:
    homework = record.put(Kind.HOMEWORK, Homework(what="walk", assigned_at=MONDAY))
    for number in range(12):
        at = MONDAY + timedelta(hours=number)
        said = HomeworkProgress(homework=homework, occurrence="once", status="done", done_at=at, entered_at=at)
        record.put(Kind.HOMEWORK_PROGRESS, replace(said, learned=LONG))
    await project()
    view = await record_reading.one_homework(record.client, homework, Plan(), MONDAY)
    assert view is not None
    assert 1 <= len(view.progress) < 12
    assert view.progress_left_out == 12 - len(view.progress)
    assert view.reviews_left_out == 0
    assert len(view.occurrences[0].progress) == 12


@pytest.mark.parametrize(
    ("sizes", "fit"), [([], 0), ([9], 1), ([5_000, 1], 1), ([1_999, 5_000, 1], 2), ([1_000, 1_000, 1], 2)]
)
def test_what_fits(sizes: list[int], fit: int) -> None:
    assert bounded.fitting(sizes) == fit
