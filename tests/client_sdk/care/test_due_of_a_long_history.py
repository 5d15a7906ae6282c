"""What is due is read from what bears on the day alone: it is what it would be of the whole record."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import msgspec
import pytest
from tests.client_sdk.care_practice import Care
from tests.client_sdk.practice import SettableClock, replica_of

from intersession.documents import journal_rows
from intersession.documents.tables import symptom_views
from intersession.inputs.windows import ALL
from intersession.replica.scope import Scope
from intersession_schemas.documents.care import agenda
from intersession_schemas.documents.care.agenda import Done
from intersession_schemas.documents.names import name_key
from intersession_schemas.streams import Kind

CHECK_IN = ("q1", "q2", "q3")


def of_all(care: Care, now: datetime, until: datetime) -> tuple[list[agenda.Due], list[agenda.Due]]:
    """What is due and what will be, worked out from everything that is there."""
    scope = Scope(replica_of(care.tracker))
    with scope.replica.reading() as store:
        plan = scope.agreed()
        kept: dict[str, dict[Any, Any]] = {name: {} for name in ("entries", "logs", "homework", "assessments")}
        for entry in journal_rows.entries(store, ALL):
            kept["entries"].setdefault(plan.day_of(entry.written_at), []).append(entry.written_at.time())
        for log in symptom_views.logs(store, ALL):
            for name in log.values:
                days = kept["logs"].setdefault(name_key(name), {})
                days.setdefault(plan.day_of(log.at), []).append(log.at.time())
        for row in scope.rows(Kind.HOMEWORK_PROGRESS):
            kept["homework"].setdefault(row.model.homework, []).append(row.model.occurrence)
        for row in scope.rows(Kind.ASSESSMENT):
            if row.model.completions:
                kept["assessments"].setdefault(row.model.schedule, []).append(row.model.occurrence)
        done = Done(**kept)
        homework = {row.id: row.model for row in scope.rows(Kind.HOMEWORK)}
        sessions = {row.id: row.model for row in scope.rows(Kind.SESSION)}
    return (
        agenda.due(plan, homework, done, now, sessions),
        agenda.upcoming(plan, homework, done, now, until, sessions),
    )


class Story:
    """What happens in a treatment, day by day, by chance."""

    def __init__(self, care: Care, clock: SettableClock, seed: int) -> None:
        self.care, self.clock, self.random = care, clock, Random(seed)
        self.given: list[UUID] = []
        with care.client.plan.edit() as plan:
            plan.add_section("How was your day?")
            plan.add_tracker("worry")
            plan.add_assessment("check-in", "weekly", open_days=5, remind_days=2)
            plan.add_assessment("check-in", before_each_session=True, open_days=self.random.choice((1, 20, 90)))
        care.sync()

    def day(self) -> None:
        """A day goes by."""
        self.clock.forward(days=self.random.choice((1, 1, 2, 9)), minutes=self.random.randint(0, 200))
        self.care_team()
        self.care.sync()
        for one in self.care.tracker.due():
            if self.random.random() < 0.6:
                self.do(one)
        self.care.sync()

    def care_team(self) -> None:
        """What a therapist does."""
        client, random = self.care.client, self.random
        today = self.clock.now.date()
        match random.randrange(8):
            case 0:
                self.given.append(client.homework.assign("Call.").id)
            case 1:
                due = today + timedelta(days=random.randint(-3, 20))
                self.given.append(client.homework.assign("The form.", due=due).id)
            case 2:
                until = random.choice((None, today + timedelta(days=random.randint(0, 30))))
                self.given.append(client.homework.assign("Walk.", rule="daily", until=until).id)
            case 3 if self.given:
                client.homework.review(random.choice(self.given), "stop")
            case 4 if self.given:
                until = random.choice((None, today + timedelta(days=random.randint(0, 9))))
                rule = random.choice(("", "weekly"))
                client.homework.edit(random.choice(self.given), until=until, due=None, rule=rule)
            case 5 | 6:
                client.sessions.plan(
                    self.clock.now + timedelta(days=random.randint(1, 40), hours=random.randint(-9, 9))
                )
            case 7:
                for session in client.sessions.list(limit=2):
                    client.sessions.move(session.id, session.planned_at + timedelta(days=random.randint(0, 9)))

    def do(self, one: agenda.Due) -> None:
        """The client does what is due."""
        tracker = self.care.tracker
        match one.kind:
            case "journal":
                tracker.journal.write("so")
            case "tracker":
                tracker.symptoms.log({"worry": 3})
            case "homework":
                tracker.homework.record(UUID(one.id), one)
            case "assessment":
                draft = tracker.assessments.start(one)
                for item in CHECK_IN:
                    draft.answer(item, 1)
                draft.complete()


def told(found: list[agenda.Due]) -> list[tuple[object, ...]]:
    """All but titles: an assessment's is its instrument's own."""
    return [msgspec.structs.astuple(msgspec.structs.replace(one, title="")) for one in found]


@pytest.mark.parametrize("seed", range(3))
def test_it_is_what_it_would_be_of_the_whole_record(care: Care, clock: SettableClock, seed: int) -> None:
    story, until = Story(care, clock, seed), timedelta(days=30)
    for _ in range(40):
        story.day()
        due, upcoming = of_all(care, clock.now, clock.now + until)
        assert told(care.tracker.due()) == told(due)
        assert told(care.tracker.upcoming(clock.now + until)) == told(upcoming)
        at = clock.now + timedelta(days=story.random.randint(-200, 60))
        assert told(care.tracker.due(at)) == told(of_all(care, at, at)[0])
    assert len(story.given) > 10
