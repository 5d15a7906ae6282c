"""What must stay as it is in documents, as data: for every kind, which places hold what, and what is never altered.

Whatever a change says, and whoever made it:

- `kind`, and what a document says of where it comes from (`ORIGINS`), is written by its first change or never;
- answers, completions and symptom logs are added and never altered (`once`);
- of `WHOLE` kinds nothing is altered once they are made;
- a text or a map that a kind is made of stays where it is, and so does every element: an element is marked removed. A
  text takes characters only. So no change leaves a document that others cannot go on writing.

Fields that a kind does not know are those of a later version: nothing is said of them here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from intersession_schemas.documents.fields import StoredField
from intersession_schemas.documents.writes import REMOVED
from intersession_schemas.records.kinds import SHAPES
from intersession_schemas.streams import Kind


class Slot(Struct, frozen=True):
    """One place in a document: what it `holds`, and how it is `kept`.

    `free` values may be replaced and deleted, `once` values are added and stay, an `origin` comes with the first
    change or never. Texts and maps are made once. `fields` are the places in a map, `each` is any other in it.
    """

    holds: Literal["anything", "value", "text", "map"] = "anything"
    kept: Literal["free", "once", "origin"] = "free"
    fields: Mapping[str, Slot] = {}
    each: Slot | None = None

    def at(self, key: str) -> Slot:
        """The place under a key of a map."""
        return self.fields.get(key) or self.each or ANYTHING


ANYTHING = Slot()
VALUE = Slot("value")
ONCE = Slot("value", "once")
ORIGIN = Slot("value", "origin")
TEXT = Slot("text", "once")


class Protection(Struct, frozen=True):
    """The root of a kind's documents; `whole`: nothing of one is altered once it is made."""

    root: Slot
    whole: bool = False


ORIGINS: dict[Kind, tuple[str, ...]] = {
    Kind.GOAL: ("made_at",),
    Kind.RESOURCE: ("made_at",),
    Kind.HOMEWORK: ("assigned_at", "predecessor"),
    Kind.HOMEWORK_PROGRESS: ("homework", "occurrence", "entered_at"),
    Kind.HOMEWORK_REVIEW: ("homework", "reviewed_at"),
    Kind.COMMENT: ("on", "made_at"),
    Kind.ACKNOWLEDGEMENT: ("signal", "made_at"),
    Kind.NOTE: ("about", "made_at"),
    Kind.TOPIC: ("made_at",),
    Kind.JOURNAL_ENTRY: ("written_at", "entered_at", "zone"),
    Kind.SYMPTOM_LOG: ("month",),
    Kind.ASSESSMENT: (
        "instrument",
        "scheme",
        "started_at",
        "zone",
        "administered_by",
        "schedule",
        "occurrence",
        "amends",
    ),
}
"""What a document says of where it comes from: when it was made, of what and for what."""

WHOLE = frozenset({Kind.ACKNOWLEDGEMENT, Kind.INSTRUMENT})
"""Kinds that are made and never altered."""

CHOSEN_BY_KEY = {(Kind.EPISODE, "baseline")}
"""Elements whose id is no random one, so that two devices may make the same at once: one is kept, and may be chosen
again."""


def _map(fields: Mapping[str, Slot] | None = None, each: Slot | None = None) -> Slot:
    return Slot("map", "once", fields or {}, each)


def _stored(fields: tuple[StoredField, ...]) -> dict[str, Slot]:
    return {field.name: TEXT if field.is_prose else VALUE for field in fields}


def _record(kind: Kind) -> dict[str, Slot]:
    """The places of a record of fields, as its `Shape` writes them."""
    shape = SHAPES[kind]
    slots = _stored(shape.fields)
    for name, fields in shape.elements.items():
        element = _map(_stored(fields) | {REMOVED: VALUE})
        slots[name] = _map(each=ANYTHING if (kind, name) in CHOSEN_BY_KEY else element)
    return slots


_SECTION = _map({"key": ONCE, "prompt": ONCE, "text": TEXT, "answer": VALUE})
_PLACES: dict[Kind, tuple[Mapping[str, Slot], Slot | None]] = {
    Kind.JOURNAL_ENTRY: (
        {
            "mood": VALUE,
            "text": TEXT,
            "tags": _map(each=VALUE),
            "sections": _map(each=_SECTION),
            "times": _map(each=ONCE),
        },
        None,
    ),
    Kind.SYMPTOM_LOG: ({}, ONCE),
    Kind.ASSESSMENT: ({"draft": _map(each=ONCE), "completions": _map(each=ONCE)}, None),
    **{kind: (_record(kind), None) for kind in SHAPES},
}


def _protection(kind: Kind) -> Protection:
    fields, each = _PLACES[kind]
    first = {"kind": ORIGIN} | dict.fromkeys(ORIGINS.get(kind, ()), ORIGIN)
    return Protection(_map({**fields, **first}, each), kind in WHOLE)


PROTECTED: dict[str, Protection] = {kind.value: _protection(kind) for kind in _PLACES}
"""By kind, of every kind that is an Automerge document."""
