"""A therapist's device: several clients, each with what they share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from tests.client_sdk.care_practice import Care, CarePractice
from tests.client_sdk.practice import NOON, Practice, SettableClock

from intersession import Caseload, InvalidField, NotFound, Tracker
from intersession_schemas.streams import Role


def give(practice: Practice, tracker: Tracker, caseload: Caseload) -> None:
    """From a client's device to the therapist's."""
    practice.take(practice.join(tracker))
    practice.give(practice.join(caseload, Role.PRIMARY))


def test_clients_and_what_they_share(open_tracker: object, caseload: Caseload, clock: SettableClock) -> None:
    assert callable(open_tracker)
    alma, boris = Practice(), Practice()
    for practice, name in ((alma, "alma"), (boris, "boris")):
        tracker: Tracker = open_tracker(name)
        tracker.journal.write(f"{name} kept", shared=False)
        tracker.journal.write(f"{name} shared", shared=True, at=NOON - timedelta(days=2))
        for worry in (1, 2):
            tracker.symptoms.log({"worry": worry, name: 5}, shared=True, at=NOON + timedelta(hours=worry))
        give(practice, tracker, caseload)
        clock.forward(hours=1)
    assert {client.id for client in caseload.clients()} == {alma.client, boris.client}
    client = caseload.client(alma.client)
    (entry,) = client.entries()
    assert (entry.text, entry.shared, entry.arrived_at, entry.late) == ("alma shared", True, NOON, True)
    assert [point.value for point in client.series("worry")] == [2, 1]
    assert [point.value for point in client.series("worry", until=NOON + timedelta(hours=2))] == [1]
    assert client.series("boris") == []
    assert client.names() == ["alma", "worry"]
    assert client.entries(since=NOON) == []
    assert client.entries(limit=0) == []
    assert len(client.logs(limit=1)) == 1
    summary = client.summary()
    assert (summary.name, summary.role, summary.entries, summary.symptom_logs) == ("Alma", "primary", 1, 2)
    assert (summary.last_written_at, summary.last_arrived_at) == (NOON + timedelta(hours=2), NOON)


def test_clients_heard_from_last_come_first(open_tracker: object, caseload: Caseload) -> None:
    assert callable(open_tracker)
    practices = [Practice() for _ in range(3)]
    for hours, practice in ((1, practices[0]), (2, practices[1])):
        practice.received_at = NOON + timedelta(hours=hours)
        tracker: Tracker = open_tracker(str(hours))
        tracker.journal.write("x", shared=True)
        give(practice, tracker, caseload)
    practices[2].join(caseload, Role.SUPERVISOR)
    order = [practices[n].client for n in (1, 0, 2)]
    assert [client.id for client in caseload.clients()] == order


def test_when_an_assignment_ends_the_client_is_gone(tracker: Tracker, caseload: Caseload, practice: Practice) -> None:
    entry = tracker.journal.write("x", shared=True)
    give(practice, tracker, caseload)
    client = caseload.client(practice.client)
    side = practice.join(caseload, Role.PRIMARY)
    told: list[UUID] = []
    caseload.on_change(lambda change: told.extend(change.documents))
    side.purge(practice.stream, uuid4())
    assert told == []
    side.purge(practice.stream, practice.grant)
    assert told == [entry.id]
    assert caseload.clients() == []
    for call in (client.entries, client.names, client.logs, client.summary):
        with pytest.raises(NotFound, match="assignment"):
            call()
    with pytest.raises(NotFound):
        caseload.client(practice.client)


def test_every_face_of_a_client_ends_with_the_assignment(care: Care) -> None:
    client = care.client
    goal = client.goals.add("Ride")
    care.end_assignment()
    calls: list[Callable[[], object]] = [
        client.goals.list,
        lambda: client.goals.get(goal.id),
        lambda: client.goals.add("x"),
        lambda: client.goals.reach(goal.id),
        client.resources.list,
        client.homework.list,
        client.plan.read,
        lambda: client.comments(goal.id),
        lambda: client.comment(goal.id, "x"),
    ]
    for call in calls:
        with pytest.raises(NotFound, match="assignment"):
            call()
    care.sides[1].purge(care.practice.chart, care.practice.chart_grant)
    for call in (client.notes.list, lambda: client.notes.add("x")):
        with pytest.raises(NotFound, match="assignment"):
            call()


def test_what_one_client_has_another_has_not(care: Care) -> None:
    other = CarePractice()
    side = other.enter(care.caseload, Role.PRIMARY)
    theirs = care.caseload.client(other.client)
    given = care.client.homework.assign("Walk")
    goal = care.client.goals.add("Ride")
    with care.client.plan.edit() as plan:
        plan.add_section("How was your day?")
    assert (theirs.homework.list(), theirs.goals.list(), theirs.resources.list()) == ([], [], [])
    assert theirs.plan.read().sections == {}
    for call in (
        lambda: theirs.homework.get(given.id),
        lambda: theirs.comment(goal.id, "x"),
        lambda: theirs.comments(goal.id),
        lambda: theirs.goals.reach(goal.id),
        lambda: theirs.homework.review(given.id, "keep"),
        lambda: theirs.homework.assign("x", goal=goal.id),
    ):
        with pytest.raises(NotFound):
            call()
    assert {item.stream for item in side.outgoing(frozenset(), 100, 2**19)} == {care.practice.stream}


def test_unknown_clients(caseload: Caseload) -> None:
    assert caseload.clients() == []
    with pytest.raises(NotFound):
        caseload.client(uuid4())
    with pytest.raises(InvalidField):
        caseload.client("alma")  # type: ignore[arg-type]
