"""Who changed a document last, as every device that reads it says."""

from __future__ import annotations

from datetime import timedelta

from tests.client_sdk.care import Care

from intersession import Changed, Plan, Tracker

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
