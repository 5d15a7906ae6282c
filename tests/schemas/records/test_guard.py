"""What a guard admits where no order is common to all: by a change and its ancestors, the same in every order."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from tests.schemas import forging

from intersession_schemas.changes import Change, read_change
from intersession_schemas.crdt import ROOT, Document, Edit
from intersession_schemas.documents.diary import journal, sections, symptoms
from intersession_schemas.operations import operations_of
from intersession_schemas.records.guard import Guard
from intersession_schemas.streams import Kind

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


def log() -> symptoms.Log:
    return symptoms.Log(id=uuid4(), at=NOW, entered_at=NOW, values={"worry": 7})


def refused(kind: Kind, changes: Sequence[Change]) -> set[bytes]:
    return {change.hash for change in Guard(kind, ordered=False).admit(changes)}


def orders(changes: Sequence[Change], chance: random.Random) -> list[Change]:
    """The changes in another order, dependencies first."""
    waiting, there, found = list(changes), set[bytes](), []
    while waiting:
        ready = [change for change in waiting if there.issuperset(change.deps)]
        one = chance.choice(ready)
        waiting.remove(one)
        there.add(one.hash)
        found.append(one)
    return found


def edited(document: Document, do: Callable[[Edit], object]) -> bytes:
    with document.edit() as edit:
        do(edit)
    assert edit.change is not None
    return edit.change


def test_in_any_order_the_same_changes_are_left_out() -> None:
    chance = random.Random(5)
    phone = Document.new(b"p" * 16)
    one, two = log(), log()
    changes = [symptoms.create(phone, "2026-05"), symptoms.add(phone, [one])]
    stolen, tablet = (Document.load(b"".join(changes), name * 16) for name in (b"s", b"t"))
    altered = edited(stolen, lambda edit: edit.put(str(one.id), "altered"))
    built_on_it = edited(stolen, lambda edit: edit.put("later", 1))
    deleted = edited(Document.load(b"".join(changes), b"u" * 16), lambda edit: edit.delete(str(one.id)))
    month = edited(Document.load(b"".join(changes), b"v" * 16), lambda edit: edit.put("month", "1999-01"))
    changes += [symptoms.add(phone, [two]), symptoms.add(tablet, [log()]), altered, built_on_it, deleted, month]
    read = [read_change(change) for change in changes]
    bad = {read_change(change).hash for change in (altered, built_on_it, deleted, month)}
    for _ in range(30):
        assert refused(Kind.SYMPTOM_LOG, orders(read, chance)) == bad


def test_a_value_put_without_naming_what_is_there_is_left_out_all_the_same() -> None:
    phone = Document.new(b"p" * 16)
    one = log()
    changes = [symptoms.create(phone, "2026-05"), symptoms.add(phone, [one])]
    last = read_change(changes[-1])
    forged = forging.change(
        forging.operations([forging.Op(str(one.id).encode())]), deps=[last.hash], start_op=last.last_op + 1
    )
    read = [read_change(change) for change in (*changes, forged)]
    assert refused(Kind.SYMPTOM_LOG, read) == {read[-1].hash}


def entry() -> tuple[Document, list[Change]]:
    document = Document.new(b"p" * 16)
    section = sections.Section("How are you?", "Fine.", "s1")
    made = journal.create(
        document, written_at=NOW, entered_at=NOW, text="héllo 😀", sections=[section], mood=4, tags=["a"]
    )
    return document, [read_change(made)]


ALTERED: dict[str, Callable[[Document, Edit], object]] = {
    "its text deleted": lambda document, edit: edit.delete("text"),
    "its text a value": lambda document, edit: edit.put("text", "flat"),
    "another text in its place": lambda document, edit: edit.put_text("text", "another"),
    "its tags deleted": lambda document, edit: edit.delete("tags"),
    "other sections in their place": lambda document, edit: edit.put_map("sections"),
    "a map for its mood": lambda document, edit: edit.put_map("mood"),
    "a map for a tag": lambda document, edit: edit.put_map("b", part(document, "tags")),
    "another moment": lambda document, edit: edit.put("written_at", "2020-01-01T00:00:00+00:00"),
    "a zone it had not": lambda document, edit: edit.put("zone", "Europe/Berlin"),
    "another kind": lambda document, edit: edit.put("kind", "note"),
    "a section deleted": lambda document, edit: edit.delete("1", part(document, "sections")),
    "another question": lambda document, edit: edit.put("prompt", "Why?", inner(document)),
    "a word as one character": lambda document, edit: edit.transaction.insert(
        document.object("text", "text"), 0, *several()
    ),
    "another character in place": lambda document, edit: edit.transaction.put(
        document.object("text", "text"), 0, *several()
    ),
}


@pytest.mark.parametrize("do", ALTERED.values(), ids=ALTERED)
def test_what_an_entry_is_made_of_stays(do: Callable[[Document, Edit], object]) -> None:
    document, changes = entry()
    change = read_change(edited(document, lambda edit: do(document, edit)))
    assert refused(Kind.JOURNAL_ENTRY, [*changes, change]) == {change.hash}
    ordered = Guard(Kind.JOURNAL_ENTRY, ordered=True)
    ordered.learn(changes)
    assert not ordered.look(change).fits


def test_what_people_do_with_an_entry_is_admitted() -> None:
    document, changes = entry()
    text = "héllo wörld 😀😀 " + "long " * 500
    section = sections.Section("How are you?", "Better. 中文", "s1")
    for given in ({"text": text}, {"text": ""}, {"mood": 9}, {"tags": ["b"]}, {"sections": [section]}, {"mood": None}):
        change = journal.edit(document, **given)
        assert change is not None
        changes.append(read_change(change))
    assert refused(Kind.JOURNAL_ENTRY, changes) == set()
    assert sum(len(list(operations_of(change))) for change in changes) < 200  # typing is a few runs


def test_operations_are_those_of_the_change() -> None:
    document, (change,) = entry()
    found = list(operations_of(change))
    assert sum(one.count for one in found) == change.operations
    assert {one.key for one in found if one.object is None} == {
        *("kind", "written_at", "entered_at", "mood", "text", "tags", "times", "sections")
    }
    characters = b"".join(one.value for one in found if one.insert)
    assert characters.decode() == "héllo 😀" + "Fine."
    assert all(one.are_characters for one in found if one.insert)
    assert document.keys(ROOT)


def part(document: Document, key: str, of: bytes = ROOT) -> bytes:
    found = document.object(key, "map", of)
    assert found is not None
    return found


def inner(document: Document) -> bytes:
    return part(document, "1", part(document, "sections"))


def several() -> tuple[object, str]:
    from automerge import _automerge as am

    return am.ScalarType.Str, "several characters"


def test_two_values_under_one_key_that_have_not_seen_each_other_are_one_on_every_device() -> None:
    """A stolen device puts another value where one is, as if it had not seen it. By itself and its ancestors alone it
    cannot be told from a second device that was offline, so both are admitted; every device then shows the same of
    them, and whatever was put after either was there is left out everywhere."""
    chance = random.Random(8)
    phone = Document.new(b"p" * 16)
    one = log()
    created = symptoms.create(phone, "2026-05")
    for name in (b"\x00", b"s", b"\xff"):
        stolen = Document.load(created, name * 16)
        honest = Document.load(created, b"p" * 15 + b"q")
        first = symptoms.add(honest, [one])
        second = edited(stolen, lambda edit: edit.put(str(one.id), "altered"))
        third = edited(Document.load(created + second, b"t" * 16), lambda edit: edit.put(str(one.id), "again"))
        both = Document.load(created + first + second, b"u" * 16)
        fourth = edited(both, lambda edit: edit.put(str(one.id), "and again"))
        read = [read_change(change) for change in (created, first, second, third, fourth)]
        bad = {read_change(third).hash, read_change(fourth).hash}
        shown = set()
        for _ in range(30):
            order = orders(read, chance)
            assert refused(Kind.SYMPTOM_LOG, order) == bad
            device = Document.new(b"d" * 16)
            for change in order:
                if change.hash not in bad:
                    device.apply([change.data])
            shown.add((device.scalar(str(one.id), ROOT), tuple(sorted(device.heads))))
        assert len(shown) == 1
