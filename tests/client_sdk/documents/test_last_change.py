"""Who changed a document last, as every device that reads it says."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.client_sdk.care_practice import Care
from tests.client_sdk.practice import replica_of
from tests.client_sdk.wordings import library_has, wording_of

from intersession import Changed, Draft, InvalidField, Plan, Tracker
from intersession.replica.scope import ClientScope, Scope
from intersession_schemas.streams import Kind

Shown = Changed | Plan


def accounts(care: Care) -> list[object]:
    """The client's account, and the therapist's."""
    return [care.practice.authors[id(side)] for side in care.sides]


def test_two_writers_of_one_document_are_told_apart_on_both_sides(care: Care) -> None:
    goal = care.tracker.goals.add("Sleep", "To think")
    resource = care.client.resources.add("Breathing", "Slowly.")
    homework = care.client.homework.assign("Walk")
    with care.client.plan.edit() as plan:
        plan.add_section("How was your day?")
    care.sync()
    client, therapist = accounts(care)
    assert client != therapist

    def seen() -> list[list[Shown]]:
        return [
            [device.goals.get(goal.id), device.resources.get(resource.id), device.homework.get(homework.id), plan]
            for device, plan in ((care.tracker, care.tracker.plan()), (care.client, care.client.plan.read()))
        ]

    for device in seen():
        assert [one.changed_by for one in device] == [client, therapist, therapist, therapist]
    before = [one.changed_at for one in seen()[1]]
    care.client.goals.edit(goal.id, why="To think clearly")
    assert care.client.goals.get(goal.id).changed_by == therapist, "it is theirs before it is confirmed"
    assert care.tracker.goals.get(goal.id).changed_by == client, "and not here yet"
    care.practice.received_at += timedelta(hours=1)
    care.sync()
    for device in seen():
        assert [one.changed_by for one in device] == [therapist] * 4
    after = [one.changed_at for one in seen()[0]]
    assert None not in after
    assert after == [one.changed_at for one in seen()[1]]
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, True, True, True]
    care.tracker.goals.edit(goal.id, what="Sleep well")
    care.sync()
    assert [device[0].changed_by for device in seen()] == [client, client]


def test_what_was_written_here_before_pairing_is_nobody_else_s(tracker: Tracker) -> None:
    entry, goal = tracker.journal.write("Before"), tracker.goals.add("Sleep")
    assert (entry.changed_by, goal.changed_by) == (None, None)
    assert entry.changed_at is not None
    assert goal.changed_at is not None


def test_every_kind_says_it(care: Care) -> None:
    client, therapist = accounts(care)
    homework = care.client.homework.assign("Walk")
    care.sync()
    progress = care.tracker.homework.record(homework.id, None, "done")
    entry = care.tracker.journal.write("Slept badly", shared=True)
    care.sync()
    review = care.client.homework.review(homework.id, "keep", reason="Goes well")
    theirs: list[Changed] = [
        care.client.comment(entry.id, "Thank you"),
        care.client.notes.add("Remember"),
        care.client.sessions.plan(care.client.notes.list()[0].made_at),
        care.client.episodes.begin("treatment"),
        review,
    ]
    assert [one.changed_by for one in theirs] == [therapist] * len(theirs)
    care.sync()
    mine: list[Changed] = [progress, *care.client.entries(), *care.client.homework.get(homework.id).progress]
    assert [one.changed_by for one in mine] == [client] * 3
    assert [one.changed_by for one in care.tracker.journal.search("slept").entries] == [client]


def test_what_somebody_else_wrote_is_refused_before_it_is_written(care: Care) -> None:
    """The server refuses it as well; told here, nothing that was typed is lost."""
    library_has(care, wording_of("phq-9"))
    with care.client.plan.edit() as plan:
        plan.add_assessment("phq-9", "daily")
    care.sync()
    draft = care.tracker.assessments.start("phq-9")
    entry = care.tracker.journal.write("Slept badly", shared=True)
    goal = care.tracker.goals.add("Sleep")
    care.sync()
    said = care.client.comment(entry.id, "Thank you")
    care.sync()
    theirs, mine = ClientScope(replica_of(care.caseload), care.practice.client), Scope(replica_of(care.tracker))
    for edit in (
        lambda: Draft(theirs, draft.id).answer("q1", 2),
        lambda: Draft(theirs, draft.id).complete(),
        lambda: reword(mine, Kind.COMMENT, said.id, text="Changed"),
        lambda: reword(mine, Kind.COMMENT, said.id, text="", helped=True),
    ):
        with pytest.raises(InvalidField, match="Somebody else wrote this"):
            edit()
    assert care.tracker.assessments.resume(draft.id).answer("q1", 1).answers == {"q1": 1}
    reword(theirs, Kind.COMMENT, said.id, text="Thank you.")
    care.client.goals.edit(goal.id, why="To think")
    rows = care.practice.head
    care.sync()
    assert care.practice.head == rows + 3
    assert care.tracker.status().refusals == care.caseload.status().refusals == ()
    assert [one.text for one in care.client.comments(entry.id)] == ["Thank you."]


def reword(scope: Scope, kind: Kind, id: UUID, **fields: object) -> None:
    with scope.replica.writing() as touched:
        scope.change(touched, kind, scope.row(kind, id), lambda value: replace(value, **fields))
