"""What is kept in memory of rows gives the same answers as the rows themselves, whatever is written and however."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

import pytest
from tests.client_sdk.care_practice import Care
from tests.client_sdk.practice import NOON, SettableClock, replica_of

from intersession import IntersessionError, Tracker
from intersession.device import Device
from intersession.documents import material
from intersession.documents.kept.touched import TouchedRows
from intersession.documents.tables import symptom_views
from intersession.inputs.windows import ALL, ReadWindow
from intersession.models.symptoms import SymptomLog
from intersession.replica.scope import Scope
from intersession.scoring import measures
from intersession.store.store import Store
from intersession_schemas.records.kinds import IN_RECORDS, RECORDS

NAMES = ("worry", "Worry", "sleep")
CHECK_IN = tuple(f"q{number}" for number in range(1, 7))
Calls = dict[str, Callable[[], Any]]


class Still:
    """Nothing is written while what is afresh is asked for."""

    def __init__(self, _: Store) -> None:
        pass

    def listen(self, _: object) -> None:
        pass


@contextmanager
def afresh(device: Device) -> Iterator[None]:
    """Within it, the device answers from its rows alone; what it has kept stays as it is."""
    store = replica_of(device).store
    kept, store._kept = store._kept, {TouchedRows: Still(store)}
    try:
        yield
    finally:
        store._kept = kept


def answers(calls: Calls) -> dict[str, Any]:
    return {name: call() for name, call in calls.items()}


def logs_of(scope: Scope) -> list[SymptomLog]:
    stream = scope.stream()
    window = ALL if stream is None else ReadWindow(stream=UUID(bytes=stream))
    with scope.replica.reading() as store:
        return list(symptom_views.kept_logs(store, window))


def material_of(scope: Scope) -> tuple[Any, ...]:
    """What briefs and scores are made of: every document as it is filed, with its rows."""
    with scope.replica.reading() as store:
        if scope.stream() is not None:
            made, _ = measures._material(scope, None, None, None, "en")
        else:
            made = material.build_own(store, scope.replica.documents, frozenset(IN_RECORDS))
        return made, made.symptom_logs()


class Played:
    """A client and a therapist who do all sorts of things, as chance has it."""

    def __init__(self, care: Care, clock: SettableClock, chance: Random) -> None:
        self.care, self.clock, self.chance = care, clock, chance
        self.tracker, self.one = care.tracker, care.client
        self.steps = [getattr(self, name) for name in sorted(dir(self)) if name.startswith("step_")]

    def calls(self) -> tuple[Calls, Calls]:
        """What is asked of the client's device, and of the therapist's."""
        tracker, one, month = self.tracker, self.one, NOON - timedelta(days=30)
        own: Calls = {
            "due": tracker.due,
            "upcoming": lambda: tracker.upcoming(self.clock() + timedelta(days=20)),
            "progress": tracker.progress,
            "progress of a month": lambda: tracker.progress(month),
            "series": lambda: tracker.symptoms.series("worry"),
            "series of a month": lambda: tracker.symptoms.series("sleep", since=month, until=self.clock()),
            "askable": tracker.assessments.available,
        }
        theirs: Calls = {
            "signals": one.signals,
            "brief": one.brief_bytes,
            "scores": one.scores,
            "series": lambda: one.series("worry"),
            "homework": one.homework.list,
        }
        for calls, scope in ((own, tracker._scope), (theirs, one._scope)):
            calls |= {f"rows of {kind}": partial(scope.kept, kind) for kind in RECORDS}
            calls["logs"] = partial(logs_of, scope)
            calls["material"] = partial(material_of, scope)
        return own, theirs

    def step(self) -> None:
        with suppress(IntersessionError):  # not everything can be done at any time
            self.chance.choice(self.steps)()

    def _one_of(self, found: list[Any]) -> UUID:
        if not found:
            raise IntersessionError("There is none.")
        id: UUID = self.chance.choice(found).id
        return id

    def _shared(self) -> bool | None:
        return self.chance.choice([True, True, False, None])

    def _at(self) -> Any:
        return self.clock() - timedelta(days=self.chance.randrange(90), hours=self.chance.randrange(24))

    def step_write(self) -> None:
        self.tracker.journal.write("calm", at=self._at(), shared=self._shared())

    def step_edit(self) -> None:
        id = self._one_of(self.tracker.journal.entries())
        self.tracker.journal.edit(id, text=f"rain {self.chance.random()}", at=self._at())

    def step_share(self) -> None:
        self.tracker.journal.share(self._one_of(self.tracker.journal.entries()))

    def step_withdraw(self) -> None:
        self.tracker.journal.withdraw(self._one_of(self.tracker.journal.entries()))

    def step_delete(self) -> None:
        self.tracker.journal.delete(self._one_of(self.tracker.journal.entries()))

    def step_log(self) -> None:
        values = {self.chance.choice(NAMES): self.chance.randrange(11) for _ in range(2)}
        scale = self.chance.choice([None, (0, 10), (0, 20)])
        key = self.chance.choice([None, None, "a", "b"])
        self.tracker.symptoms.log(values, at=self._at(), scale=scale, key=key, shared=self._shared())

    def step_log_now(self) -> None:
        self.tracker.symptoms.log({"worry": self.chance.randrange(11)})

    def step_correct(self) -> None:
        self.tracker.symptoms.correct(self._one_of(self.tracker.symptoms.logs()), values={"worry": 3}, at=self._at())

    def step_withdraw_log(self) -> None:
        self.tracker.symptoms.withdraw(self._one_of(self.tracker.symptoms.logs()))

    def step_record(self) -> None:
        id = self._one_of(self.tracker.homework.list())
        day = (self.clock() - timedelta(days=self.chance.randrange(4))).date()
        self.tracker.homework.record(id, day, self.chance.choice(["done", "partly", "not"]), helpfulness=5)

    def step_answer(self) -> None:
        draft = self.tracker.assessments.start("check-in", new=self.chance.random() < 0.5)
        for item in CHECK_IN:
            draft.answer(item, self.chance.randrange(11))
        if self.chance.random() < 0.7:
            draft.complete()

    def step_goal(self) -> None:
        self.tracker.goals.add("Ride")

    def step_undone(self) -> None:
        with suppress(ZeroDivisionError), replica_of(self.tracker).writing():
            self.step_log_now()
            self.step_record()
            answers(self.calls()[0])  # what is read meanwhile never was
            raise ZeroDivisionError

    def step_assign(self) -> None:
        self.one.homework.assign("Walk", rule=self.chance.choice(["daily", "weekly"]), agreed=True)

    def step_end(self) -> None:
        self.one.homework.end(self._one_of(self.one.homework.list()))

    def step_review(self) -> None:
        self.one.homework.review(self._one_of(self.one.homework.list()), "keep")

    def step_plan(self) -> None:
        with self.one.plan.edit() as plan:
            plan.add_tracker(self.chance.choice(NAMES), low=0, high=self.chance.choice([10, 20]))
            plan.add_assessment("check-in", "weekly", self.clock().date() - timedelta(days=14))

    def step_pause(self) -> None:
        with self.one.plan.edit() as plan:
            day = self.clock().date() - timedelta(days=self.chance.randrange(5))
            plan.pause(day, day)

    def step_session(self) -> None:
        session = self.one.sessions.plan(self.clock() - timedelta(days=self.chance.randrange(20)))
        if self.chance.random() < 0.7:
            self.one.sessions.attended(session.id)

    def step_acknowledge(self) -> None:
        found = self.one.signals()
        if found:
            self.one.acknowledge(found[0], "seen")

    def step_time(self) -> None:
        self.clock.forward(hours=self.chance.randrange(40))

    def step_sync(self) -> None:
        self.care.sync()

    def step_push(self) -> None:
        self.care.practice.take(self.chance.choice(self.care.sides))


@pytest.mark.parametrize("seed", range(10))
def test_answers_are_those_of_the_rows(care: Care, clock: SettableClock, seed: int) -> None:
    played = Played(care, clock, Random(seed))
    own, theirs = played.calls()
    for number in range(60):
        played.step()
        if number % 3 == seed % 3:
            for device, calls in ((care.tracker, own), (care.caseload, theirs)):
                kept = answers(calls)
                with afresh(device):
                    assert kept == answers(calls), (seed, number)


def test_what_was_first_read_in_a_transaction_that_was_undone(tracker: Tracker) -> None:
    scope, replica = Scope(replica_of(tracker)), replica_of(tracker)
    with suppress(ZeroDivisionError), replica.writing():
        tracker.symptoms.log({"worry": 5})
        assert len(logs_of(scope)) == 1
        raise ZeroDivisionError
    assert logs_of(scope) == []
    tracker.symptoms.log({"worry": 6})
    assert [log.values for log in logs_of(scope)] == [{"worry": 6}]


def test_a_mistake_lets_nothing_go_that_was_not_written(tracker: Tracker) -> None:
    tracker.symptoms.log({"worry": 5})
    scope, replica = Scope(replica_of(tracker)), replica_of(tracker)
    (before,) = logs_of(scope)
    with suppress(ZeroDivisionError), replica.writing():
        tracker.symptoms.log({"worry": 6})
        raise ZeroDivisionError
    (after,) = logs_of(scope)
    assert after is before


def test_what_apps_are_given_is_theirs_to_change(care: Care) -> None:
    with care.client.plan.edit() as plan:
        plan.add_tracker("worry")
        plan.add_tracker("sleep")
    walk = care.client.homework.assign("Walk", rule="daily")
    care.sync()
    care.tracker.symptoms.log({"worry": 5})
    care.tracker.homework.record(walk.id, None, "not", barrier="forgot")
    before = care.tracker.progress()
    for _ in range(2):
        care.tracker.plan().trackers.clear()
        care.tracker.symptoms.logs()[0].values.clear()
        given = care.tracker.progress()
        assert given == before
        given.series.clear()
        given.homework[0].adherence.barriers.clear()
    assert care.tracker.progress() == before
    assert [one.title for one in care.tracker.due()] == ["sleep"]


def test_logs_know_where_their_document_is(tracker: Tracker) -> None:
    log = tracker.symptoms.log({"worry": 5}, shared=True)
    scope, replica = Scope(replica_of(tracker)), replica_of(tracker)
    (before,) = logs_of(scope)
    with replica.writing() as writing:
        position = symptom_views.document_of(writing.store, log.id)
        writing.store.run("UPDATE documents SET wish = 0 WHERE position = ?", position)
    (after,) = logs_of(scope)
    assert (before.shared, after.shared) == (True, False)
