from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from tests.server.projections.records import MONDAY, RECEIVED, FakeLog, Record, new_id
from tests.server.projections.records import log as a_log

from intersession_schemas.crdt import Document
from intersession_schemas.documents.assessments import assessments
from intersession_schemas.documents.assessments.answers import WordingTaken
from intersession_schemas.documents.assessments.wordings import WordedChoice, WordedItem, Wording
from intersession_schemas.documents.care.comments import Comment
from intersession_schemas.documents.care.episodes import Episode
from intersession_schemas.documents.care.goals import Goal, GoalStep
from intersession_schemas.documents.care.homework import Homework, HomeworkProgress, HomeworkReview
from intersession_schemas.documents.care.plan import Pause, Plan, PlanTracker
from intersession_schemas.documents.care.resources import Resource
from intersession_schemas.documents.care.sessions import Session
from intersession_schemas.documents.forms import Label
from intersession_schemas.streams import Kind
from intersession_server.projections import record_reading
from intersession_server.projections.projector import Projector
from intersession_server.projections.read_models import (
    AssessmentView,
    CommentView,
    EpisodeView,
    GoalView,
    SessionView,
)
from intersession_server.storage.engine import SerialEngine
from intersession_server.sync.wakeups import Wakeups

pytestmark = pytest.mark.anyio

TODAY = date(2020, 3, 18)
NOON = datetime(2020, 3, 18, 12, tzinfo=UTC)


@pytest.fixture
def record(log: FakeLog) -> Record:
    return log.record()


@pytest.fixture
def project(log: FakeLog, engine: SerialEngine) -> Any:
    """Puts all that was written into the read models."""
    return Projector(log, engine, Wakeups()).catch_up


def progress(homework: Any, occurrence: str, status: Any = "done", at: datetime = MONDAY) -> HomeworkProgress:
    return HomeworkProgress(homework=homework, occurrence=occurrence, status=status, done_at=at, entered_at=at)


async def test_a_plan_is_read_as_it_was_written(record: Record, project: Any) -> None:
    await project()
    assert await record_reading.plan(record.client) is None
    plan = Plan(
        introduction="each evening",
        trackers={"a": PlanTracker(name="worry", labels=(Label(0, "none"), Label(10, "worst")))},
        pauses={"p": Pause(first=TODAY, reason="holiday")},
        safety_resources=(new_id(),),
    )
    id_ = record.put(Kind.PLAN, plan, RECEIVED)
    await project()
    found = await record_reading.plan(record.client)
    assert found is not None
    assert (found.id, found.plan, found.arrived_at) == (id_, plan, RECEIVED)
    assert found.heads == [head.hex() for head in record.document(id_).heads]


async def test_homework_comes_with_what_became_of_it(log: FakeLog, record: Record, project: Any) -> None:
    record.put(Kind.PLAN, Plan(pauses={"p": Pause(first=date(2020, 3, 17), last=date(2020, 3, 17))}))
    daily = Homework(what="a walk", rule="FREQ=DAILY", since=date(2020, 3, 16), assigned_at=MONDAY)
    id_ = record.put(Kind.HOMEWORK, daily)
    done = record.put(Kind.HOMEWORK_PROGRESS, progress(id_, "2020-03-16"), RECEIVED + timedelta(days=3))
    review = record.put(Kind.HOMEWORK_REVIEW, HomeworkReview(homework=id_, reviewed_at=MONDAY))
    newer = record.put(Kind.HOMEWORK, Homework(what="another", assigned_at=MONDAY + timedelta(days=1)))
    other = log.record()
    other.put(Kind.HOMEWORK_PROGRESS, progress(id_, "2020-03-18"))
    await project()
    planned = await record_reading.agreed(record.client)
    found = (await record_reading.homework(record.client, planned, NOON)).items
    assert [one.id for one in found] == [newer, id_]
    assert [(one.key, one.state) for one in found[1].occurrences] == [
        ("2020-03-16", "done"),
        ("2020-03-17", "paused"),
        ("2020-03-18", "open"),
    ]
    assert (found[1].adherence.done, found[1].adherence.paused, found[1].adherence.counted) == (1, 1, 1)
    assert [(one.id, one.late) for one in found[1].progress] == [(done, True)]
    assert [one.id for one in found[1].reviews] == [review]
    assert await record_reading.one_homework(record.client, id_, planned, NOON) == found[1]
    assert await record_reading.one_homework(other.client, id_, planned, NOON) is None
    assert await record_reading.one_homework(record.client, done, planned, NOON) is None


async def test_goals_are_read_newest_first(record: Record, project: Any) -> None:
    older = record.put(Kind.GOAL, Goal(what="sleep", steps={"1": GoalStep(text="no screens")}, made_at=MONDAY))
    newer = record.put(Kind.GOAL, Goal(what="swim", made_at=MONDAY + timedelta(minutes=1)))
    await project()
    assert [one.id for one in (await record_reading.page(GoalView, record.client)).items] == [newer, older]


async def test_resources_say_how_often_they_helped(record: Record, project: Any) -> None:
    id_ = record.put(Kind.RESOURCE, Resource(title="Breathing", text="in and out", made_at=MONDAY))
    for helped in (True, True, False, None):
        record.put(Kind.COMMENT, Comment(on=id_, text="a word", helped=helped, made_at=MONDAY))
    record.put(Kind.COMMENT, Comment(on=new_id(), helped=True, made_at=MONDAY))
    await project()
    ((found,), _) = await record_reading.resources(record.client)
    assert (found.helped, found.did_not_help) == (2, 1)
    assert len((await record_reading.page(CommentView, record.client, about=id_)).items) == 4
    assert len((await record_reading.page(CommentView, record.client)).items) == 5


async def test_today_is_the_day_on_the_clock_they_wrote_with_last(record: Record, project: Any) -> None:
    now = datetime(2020, 3, 18, 23, 30, tzinfo=UTC)
    await project()
    assert (await record_reading.local_now(record.client, now)).date() == date(2020, 3, 18)
    record.entry("one", at=MONDAY)
    await project()
    assert (await record_reading.local_now(record.client, now)).date() == date(2020, 3, 19)
    west = timezone(timedelta(hours=-5))
    record.logs(record.bucket(), [a_log(MONDAY.astimezone(west) + timedelta(hours=1))])
    await project()
    assert (await record_reading.local_now(record.client, now)).utcoffset() == timedelta(hours=-5)
    east = timezone(timedelta(hours=9))
    record.put(Kind.HOMEWORK_PROGRESS, progress(new_id(), "once", at=(MONDAY + timedelta(hours=2)).astimezone(east)))
    await project()
    assert (await record_reading.local_now(record.client, now)).utcoffset() == timedelta(hours=9)


async def test_appointments_are_sorted_by_when_they_are_and_episodes_by_when_they_began(
    record: Record, project: Any
) -> None:
    days = [record.put(Kind.SESSION, Session(planned_at=MONDAY + timedelta(days=days))) for days in (1, 8, 0)]
    begun = [record.put(Kind.EPISODE, Episode(began_on=TODAY + timedelta(days=days))) for days in (3, 0, 5)]
    await project()
    sessions = (await record_reading.page(SessionView, record.client)).items
    assert [one.id for one in sessions] == [days[1], days[0], days[2]]
    assert sessions[0].session == Session(planned_at=MONDAY + timedelta(days=8))
    assert [one.id for one in (await record_reading.page(EpisodeView, record.client)).items] == [
        begun[2],
        begun[0],
        begun[1],
    ]


async def test_an_assessment_is_read_as_it_was_answered(record: Record, project: Any) -> None:
    document, id_, first = Document.new(bytes(16)), new_id(), new_id()
    start = assessments.Start(instrument="phq-9", scheme="s", started_at=MONDAY, amends=first)
    record.add(id_, Kind.ASSESSMENT, assessments.create(document, start), RECEIVED)
    answer_ = assessments.answer(document, "q1", 2, answer_id=new_id(), at=MONDAY)
    assert answer_ is not None
    record.add(id_, Kind.ASSESSMENT, answer_, RECEIVED)
    await project()
    (found,) = (await record_reading.page(AssessmentView, record.client)).items
    assert (found.id, found.assessment) == (id_, assessments.read(document))
    wording = WordingTaken(status="own")
    record.add(id_, Kind.ASSESSMENT, assessments.complete(document, completion_id=new_id(), at=MONDAY, wording=wording))
    await project()
    (found,) = (await record_reading.page(AssessmentView, record.client)).items
    assert (found.assessment.state, found.assessment) == ("completed", assessments.read(document))


async def test_of_two_wordings_of_an_instrument_the_one_that_came_last_counts(record: Record, project: Any) -> None:
    for text in ("first", "second"):
        prompts = {"q1": WordedItem(text=text, labels=(WordedChoice(text="yes", value=True),))}
        record.put(Kind.INSTRUMENT, Wording(key="x-ours", scheme="s", prompts=prompts))
    await project()
    assert (await record_reading.wordings(record.client))["x-ours"].prompts["q1"].text == "second"
