"""Resources: the library's, a client's, and whether they helped; comments on them and on all else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from tests.client_sdk.care_practice import Care
from tests.client_sdk.practice import NOON, SettableClock

from intersession import Field, InvalidField, NotFound, Template, Tracker
from intersession_schemas.documents.care.comments import COMMENT, Comment


def test_from_the_library_to_the_client_and_whether_it_helped(care: Care, clock: SettableClock) -> None:
    kept = care.caseload.resources.add(
        "Breathing", "Slowly.", ["In", "Out"], "https://practice.example/breathing", ["calm", "calm"]
    )
    assert care.caseload.resources.list() == [kept]
    assert care.client.resources.list() == []
    clock.forward(hours=1)
    given = care.client.resources.give(kept.id)
    assert (given.title, given.tags, given.made_at) == ("Breathing", ("calm",), clock.now)
    assert given.id != kept.id
    care.sync()
    assert care.tracker.status().problems == 0
    resources = care.tracker.resources
    (seen,) = resources.list(tag="calm")
    assert resources.list(tag="other") == []
    assert ([step.text for step in seen.steps], seen.link, seen.helped) == (
        ["In", "Out"],
        "https://practice.example/breathing",
        None,
    )
    assert resources.helped(seen.id, True, "a lot").helped is True
    clock.forward(hours=1)
    resources.helped(seen.id, False)
    assert resources.get(seen.id).helped is False
    care.sync()
    assert care.client.resources.get(given.id).helped is False
    assert [one.text for one in care.client.comments(given.id)] == ["", "a lot"]
    assert care.caseload.resources.get(kept.id).helped is None


def test_only_the_clients_word_counts(care: Care) -> None:
    given = care.client.resources.add("Breathing", "Slowly.")
    care.sync()
    said = Comment(on=given.id, helped=True, made_at=NOON)
    document = care.practice.copy_of(uuid4())
    care.practice.author = uuid4()
    care.practice.append(uuid4(), "comment", COMMENT.create(document, said))
    care.sync()
    assert len(care.tracker.comments(given.id)) == 1
    assert care.tracker.resources.get(given.id).helped is None


def test_editing(care: Care) -> None:
    resources = care.client.resources
    given = resources.add("Sleep", "x " * 5_000, ["one", "two", "three"])
    edited = resources.edit(
        given.id, title="Sleeping", text="y " * 6_000, steps=["two", "ONE", "three", "four"], link="", tags=["night"]
    )
    assert (edited.title, edited.text, edited.tags) == ("Sleeping", "y " * 6_000, ("night",))
    assert [step.text for step in edited.steps] == ["two", "ONE", "three", "four"]
    assert [step.id for step in edited.steps][:3] == [given.steps[n].id for n in (1, 0, 2)]
    assert resources.edit(given.id) == edited
    care.sync()
    assert care.tracker.resources.get(given.id).text == edited.text
    for wrong in ({"title": ""}, {"text": "", "steps": []}, {"link": "file:///x"}, {"steps": [""]}, {"tags": "x"}):
        with pytest.raises(InvalidField):
            resources.edit(given.id, **wrong)
    with pytest.raises(NotFound):
        resources.edit(uuid4(), title="x")
    assert resources.get(given.id) == care.client.resources.get(given.id)


def test_what_is_put_away_is_read_and_no_longer_offered(care: Care) -> None:
    library, templates = care.caseload.resources, care.caseload.templates
    kept = library.add("Breathing", "Slowly.", tags=["calm"])
    own = templates.add(Template(title="Ours", what="Walk"))
    assert own.id is not None
    given = care.client.resources.give(kept.id)
    assert library.retire(kept.id).retired
    assert templates.retire(own.id).retired
    assert (library.list(), [one.id for one in library.list(retired=True)]) == ([], [kept.id])
    assert library.list(retired=True, tag="other") == []
    assert own.id not in [one.id for one in templates.list()]
    assert [one.id for one in templates.list(retired=True)] == [own.id]
    assert (library.get(kept.id).title, templates.get(own.id).title) == ("Breathing", "Ours")
    # What was given is a copy, and so is what is made from it now.
    assert [one.id for one in care.client.resources.list()] == [given.id]
    assert not care.client.resources.give(kept.id).retired
    assert not templates.add(templates.get(own.id)).retired
    assert library.bring_back(kept.id) in library.list()
    assert templates.bring_back(own.id) in templates.list()
    for call in (library.retire, library.bring_back, templates.retire, templates.bring_back):
        with pytest.raises(NotFound):
            call(uuid4())


def test_from_a_template(care: Care) -> None:
    template = Template(
        title="Breathing", makes="resource", what="Slowly.", fields={"a": Field(prompt="In")}, tags=("c",)
    )
    given = care.client.resources.add(template=template)
    assert (given.title, given.text, [step.text for step in given.steps], given.tags) == (
        "Breathing",
        "Slowly.",
        ["In"],
        ("c",),
    )
    with pytest.raises(InvalidField):
        care.client.resources.add(template=Template(title="x", makes="goal"))


def test_what_is_not_there(care: Care, tracker: Tracker) -> None:
    with pytest.raises(NotFound, match="resource"):
        tracker.resources.helped(uuid4(), True)
    with pytest.raises(NotFound):
        care.client.resources.give(uuid4())
    given = care.client.resources.add("x", "y")
    care.sync()
    with pytest.raises(InvalidField):
        tracker.resources.helped(given.id, "yes")  # type: ignore[arg-type]
    client = care.client
    care.end_assignment()
    calls: list[Callable[[], object]] = [
        client.resources.list,
        lambda: client.resources.add("x", "y"),
        lambda: client.comment(given.id, "x"),
        lambda: client.comments(given.id),
    ]
    for call in calls:
        with pytest.raises(NotFound):
            call()


def test_comments_go_both_ways_on_what_both_read(care: Care, clock: SettableClock) -> None:
    entry = care.tracker.journal.write("x", shared=True)
    private = care.tracker.journal.write("y", shared=False)
    with pytest.raises(NotFound, match="share"):
        care.tracker.comment(private.id, "not for others")
    with pytest.raises(NotFound):
        care.tracker.comments(uuid4())
    care.sync()
    said = care.client.comment(entry.id, "Well done")
    assert (said.on, said.mine, said.made_at, said.arrived_at) == (entry.id, True, NOON, None)
    clock.forward(hours=1)
    care.tracker.comment(entry.id, "It was hard")
    care.sync()
    here, there = care.tracker.comments(entry.id), care.client.comments(entry.id)
    assert [(one.text, one.mine) for one in here] == [("It was hard", True), ("Well done", False)]
    assert [(one.text, one.mine) for one in there] == [("It was hard", False), ("Well done", True)]
    assert [one.author for one in here] == [one.author for one in there]
    assert here[0].author == care.practice.client
    assert here[0].made_at - here[1].made_at == timedelta(hours=1)
    for text in ("", " ", "x" * 4_001):
        with pytest.raises(InvalidField):
            care.tracker.comment(entry.id, text)


def test_notes_stay_with_the_care_team(care: Care) -> None:
    entry = care.tracker.journal.write("x", shared=True)
    care.sync()
    note = care.client.notes.add("To be watched", about=entry.id)
    assert (note.text, note.about, note.mine, note.made_at) == ("To be watched", entry.id, True, NOON)
    assert care.client.notes.list() == [note]
    (item,) = care.sides[1].outgoing(frozenset(), 10, 2**19)
    assert (item.stream, item.kind) == (care.practice.chart, "note")
    care.sync()
    assert all(row.kind != "note" for row in care.practice.rows)
    with pytest.raises(InvalidField):
        care.client.notes.add("")
    with pytest.raises(NotFound):
        care.client.notes.add("x", about=uuid4())
