"""Merges may make a text longer than one may write. Then what makes it shorter is taken, and nothing makes it grow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.client_sdk.practice import NOON

from intersession import InvalidField, Section, Tracker
from intersession.documents.long_prose import copy_entry, edit_entry
from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import journal
from intersession_schemas.documents.diary.sections import MAX_TEXT
from intersession_schemas.documents.shapes import Shape
from intersession_schemas.records.kinds import RECORDS


def merged(one: Document, other: Document) -> Document:
    return Document.load(one.save() + other.save(), b"m" * 16)


def fork(document: Document, actor: bytes) -> Document:
    return Document.load(document.save(), actor * 16)


def long_entry(over: str) -> Document:
    """An entry whose text, or whose section, is 26,000 characters: two devices added to it at once."""
    first = Document.new(b"a" * 16)
    inside = {"text": "m" * 10_000} if over == "text" else {"sections": [Section("How?", "m" * 10_000)]}
    journal.create(first, written_at=NOON, entered_at=NOON, **inside)
    sides = [fork(first, b"b"), fork(first, b"c")]
    for side, letter in zip(sides, "xy", strict=True):
        now = journal.read(side)
        new = letter * 8_000
        if over == "text":
            edit_entry(side, text=now.text + new)
        else:
            edit_entry(side, sections=[Section("How?", now.sections[0].text + new)])
    return merged(*sides)


def said(document: Document, over: str) -> str:
    entry = journal.read(document)
    return entry.text if over == "text" else entry.sections[0].text


def say(document: Document, over: str, text: str) -> None:
    if over == "text":
        edit_entry(document, text=text)
    else:
        edit_entry(document, sections=[Section("How?", text)])


@pytest.mark.parametrize("over", ["text", "section"])
def test_an_entry_over_the_limit_is_shortened_step_by_step(over: str) -> None:
    document = long_entry(over)
    text = said(document, over)
    assert len(text) == 26_000
    for fewer in (1, 1, 4_000, 12_000, 100):
        text = text[:-fewer]
        say(document, over, text)
        assert said(document, over) == text
    say(document, over, text + "and on it goes")


@pytest.mark.parametrize("over", ["text", "section"])
def test_it_may_be_reworded_and_may_not_grow(over: str) -> None:
    document = long_entry(over)
    text = said(document, over)
    for longer in (text + "!", "x" * 30_000):
        with pytest.raises(InvalidField):
            say(document, over, longer)
    assert said(document, over) == text
    reworded = "z" * 12_000 + text[12_000:]  # more than one change may hold
    say(document, over, reworded)
    assert said(document, over) == reworded
    edit_entry(document, mood=3, tags=("a",))
    assert journal.read(document).mood == 3


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_any_way_down_is_taken(data: st.DataObject) -> None:
    document = long_entry("text")
    text = said(document, "text")
    while len(text) > MAX_TEXT:
        at = data.draw(st.integers(0, len(text) - 1))
        end = min(len(text), at + data.draw(st.integers(500, 12_000)))
        put = data.draw(st.text("öé日", max_size=min(300, end - at)))
        text = text[:at] + put + text[end:]
        say(document, "text", text)
        assert said(document, "text") == text


@pytest.mark.parametrize("over", ["text", "section"])
def test_an_entry_over_the_limit_is_copied_when_it_is_shared(over: str) -> None:
    entry = journal.read(long_entry(over))
    copy = Document.new(b"d" * 16)
    copy_entry(copy, entry)
    assert journal.read(copy) == entry


def test_an_entry_with_more_tags_than_one_may_write_is_copied() -> None:
    first = Document.new(b"a" * 16)
    journal.create(first, written_at=NOON, entered_at=NOON, tags=[f"t{n}" for n in range(30)])
    sides = [fork(first, b"b"), fork(first, b"c")]
    for side, letter in zip(sides, "xy", strict=True):
        journal.edit(side, tags=[*journal.read(side).tags, *(f"{letter}{n}" for n in range(15))])
    entry = journal.read(merged(*sides))
    assert len(entry.tags) == 60
    copy = Document.new(b"d" * 16)
    copy_entry(copy, entry)
    assert journal.read(copy) == entry


# -- every other prose field -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Prose:
    """A prose field of a kind, of the record itself or of its elements."""

    shape: Shape[Any]
    name: str
    of: str | None
    most: int

    def __str__(self) -> str:
        return f"{self.shape.kind}.{self.of or ''}{'.' if self.of else ''}{self.name}"

    def value(self, base: Any, text: str) -> Any:
        if self.of is None:
            return msgspec.structs.replace(base, **{self.name: text})
        elements = getattr(base, self.of)
        changed = {id_: msgspec.structs.replace(one, **{self.name: text}) for id_, one in elements.items()}
        return msgspec.structs.replace(base, **{self.of: changed})

    def text(self, value: Any) -> str:
        holder = value if self.of is None else next(iter(getattr(value, self.of).values()))
        found: str = getattr(holder, self.name)
        return found


def _most(field: Any) -> int:
    assert field.most is not None
    return int(field.most)


GIVEN: dict[str, Any] = {
    **{name: uuid4() for name in ("homework", "on", "goal")},
    **dict.fromkeys(("made_at", "entered_at", "done_at", "reviewed_at", "assigned_at"), NOON),
    "title": "T",
    "occurrence": "2026-05-04",
    "signal": "s",
    "began_on": NOON.date(),
    "name": "worry",
    "low": 0,
    "high": 10,
    "since": NOON.date(),
    "first": NOON.date(),
    "last": NOON.date(),
    "what": "x",
}
"""What records and elements may need besides their prose, by name."""
SHAPES = [shape for shape in RECORDS.values() if isinstance(shape, Shape)]
FIELDS = [
    *(Prose(shape, one.name, None, _most(one)) for shape in SHAPES for one in shape.fields if one.is_prose),
    *(
        Prose(shape, one.name, of, _most(one))
        for shape in SHAPES
        for of, fields in shape.elements.items()
        for one in fields
        if one.is_prose
    ),
]


def needed(model: type[msgspec.Struct]) -> dict[str, Any]:
    return {name: GIVEN[name] for name in model.__struct_fields__ if name in GIVEN}


def over_the_limit(field: Prose) -> Document:
    shape = field.shape
    base = shape.model(**needed(shape.model))
    base = msgspec.structs.replace(base, **{one.name: "x" for one in shape.fields if one.is_prose})
    for of, fields in ((of, fields) for of, fields in shape.elements.items() if of == field.of):
        element = next(one.element for one in shape.fields if one.name == of)
        assert element is not None
        prose = {one.name: "x" for one in fields if one.is_prose}
        base = msgspec.structs.replace(base, **{of: {"e1": element(**{**needed(element), **prose})}})
    base = field.value(base, "m" * (field.most // 2 + 1))
    first = Document.new(b"a" * 16)
    shape.create(first, base)
    sides = [fork(first, b"b"), fork(first, b"c")]
    for side, letter in zip(sides, "xy", strict=True):
        now = shape.read(side)
        shape.update(side, now, field.value(now, field.text(now) + letter * (field.most // 2 - 1)))
    return merged(*sides)


@pytest.mark.parametrize("field", FIELDS, ids=str)
def test_every_prose_field_over_its_limit_is_shortened_and_does_not_grow(field: Prose) -> None:
    document, shape = over_the_limit(field), field.shape
    now = shape.read(document)
    text = field.text(now)
    assert len(text) > field.most
    with pytest.raises(InvalidField):
        shape.update(document, now, field.value(now, text + "!"))
    shape.update(document, now, field.value(now, text[:-1]))
    now = shape.read(document)
    assert field.text(now) == text[:-1]
    shape.update(document, now, field.value(now, text[:-2] + "!"))
    assert field.text(shape.read(document)) == text[:-2] + "!"


def test_the_tracker_takes_what_makes_an_entry_shorter(tracker: Tracker) -> None:
    """The whole way, through the store: an entry that came longer than one may write."""
    entry = tracker.journal.write("m" * 10_000)
    replica = tracker._replica
    with replica.reading() as store:
        from intersession.documents import stored
        from intersession.documents.rows import Arrival
        from intersession_schemas.changes import read_change

        position = stored.find(store, entry.id).position  # type: ignore[union-attr]
        saved = replica.documents.read(position).save()
        other = Document.load(saved, b"o" * 16)
        changes = edit_entry(other, text="m" * 10_000 + "y" * 8_000)
        tracker.journal.edit(entry.id, text="m" * 10_000 + "x" * 8_000)
        with store.transaction():
            for number, data in enumerate(changes):
                stored.add_received(store, position, read_change(data), Arrival(number + 1, b"a" * 16, b"d" * 16, 0))
            store.run("UPDATE documents SET dirty = 1 WHERE position = ?", position)
    replica.apply_received()
    text = tracker.journal.get(entry.id).text
    assert len(text) == 26_000
    assert tracker.journal.edit(entry.id, text=text[:-1]).text == text[:-1]
    with pytest.raises(InvalidField, match="18000"):
        tracker.journal.edit(entry.id, text=text)
