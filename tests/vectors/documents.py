"""Documents in cases: made from JSON, edited from JSON, and told as what lies in them and what is read from it."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from automerge import _automerge as am
from tests.vectors.cases import Json, plain

from intersession_schemas.crdt import ROOT, Document, Edit, ObjectId
from intersession_schemas.documents.assessments import assessments
from intersession_schemas.documents.assessments.answers import WordingTaken
from intersession_schemas.documents.diary import journal, symptoms
from intersession_schemas.documents.diary.entry_times import Time, correct_time
from intersession_schemas.documents.diary.sections import Section
from intersession_schemas.documents.diary.symptoms import Log, Withdrawn
from intersession_schemas.records.kinds import SHAPES, load, read
from intersession_schemas.streams import Kind

ONE, OTHER, THIRD = "aa" * 16, "bb" * 16, "cc" * 16
"""Actors."""


def written(change: bytes) -> str:
    """A change as cases hold it: in base64, as it is long."""
    return b64encode(change).decode()


def decoded(changes: Sequence[str]) -> list[bytes]:
    """Changes as they were before `written`."""
    return [b64decode(one, validate=True) for one in changes]


def with_changes(changes: Sequence[str], actor: str) -> Document:
    """A document of these changes that writes as `actor`."""
    document = Document.new(bytes.fromhex(actor))
    document.apply(decoded(changes))
    return document


def read_from(kind: str, changes: Sequence[str]) -> Json:
    """What is read from a document of these changes."""
    return plain(read(Kind(kind), load(decoded(changes))))


# -- making and editing ------------------------------------------------------------------------------------------------


def create(kind: str, actor: str, value: dict[str, Json]) -> list[bytes]:
    """The changes that write a value as a new document."""
    document = Document.new(bytes.fromhex(actor))
    match Kind(kind):
        case Kind.JOURNAL_ENTRY:
            return [journal.create(document, **_entry(value))]
        case Kind.SYMPTOM_LOG:
            return [symptoms.create(document, value["month"]), _add(document, value)]
        case Kind.ASSESSMENT:
            return [assessments.create(document, msgspec.convert(value, assessments.Start))]
        case other:
            shape = SHAPES[other]
            return [shape.create(document, msgspec.convert(value, shape.model))]


def edit(kind: str, document: Document, asked: dict[str, Json], seen: Sequence[str] = ()) -> bytes | None:
    """The change that an edit makes of a document; None where nothing differs.

    `asked` are fields with their new values, of elements all that there are afterwards; or one of the edits that a kind
    has of its own. `seen` are the changes that the editor had seen, if not all.
    """
    match Kind(kind):
        case Kind.JOURNAL_ENTRY if "correct_time" in asked:
            return correct_time(document, UUID(asked["id"]), msgspec.convert(asked["correct_time"], Time))
        case Kind.JOURNAL_ENTRY:
            return journal.edit(document, **_entry(asked))
        case Kind.SYMPTOM_LOG:
            return _add(document, asked)
        case Kind.ASSESSMENT:
            return _answer(document, asked)
        case other:
            shape = SHAPES[other]
            before = shape.read(load(decoded(seen)) if seen else document)
            plain_before = msgspec.to_builtins(before)
            return shape.update(document, before, msgspec.convert({**plain_before, **asked}, shape.model))


def _entry(value: dict[str, Json]) -> dict[str, Any]:
    types: dict[str, Any] = {"written_at": datetime, "entered_at": datetime, "sections": tuple[Section, ...]}
    return {name: msgspec.convert(one, types.get(name, Any)) for name, one in value.items()}


def _add(document: Document, value: dict[str, Json]) -> bytes:
    logs = msgspec.convert(value.get("logs", ()), list[Log])
    return symptoms.add(document, logs, msgspec.convert(value.get("withdrawn", ()), list[Withdrawn]))


def _answer(document: Document, asked: dict[str, Json]) -> bytes | None:
    at = datetime.fromisoformat(asked["at"])
    if "item" in asked:
        return assessments.answer(document, asked["item"], asked["value"], answer_id=UUID(asked["id"]), at=at)
    return assessments.complete(
        document,
        completion_id=UUID(asked["id"]),
        at=at,
        zone=asked.get("zone"),
        wording=msgspec.convert(asked.get("wording", {}), WordingTaken),
        resolved=asked.get("resolved"),
    )


# -- for cases ---------------------------------------------------------------------------------------------------------


def made(kind: str, value: dict[str, Json], actor: str = ONE) -> list[str]:
    """`create`, as cases hold it."""
    return [written(one) for one in create(kind, actor, value)]


def edited(kind: str, base: Sequence[str], actor: str, *asked: dict[str, Json]) -> list[str]:
    """The changes that edits of a document make one after the other, as cases hold them."""
    document = with_changes(base, actor)
    found = [edit(kind, document, one) for one in asked]
    return [written(one) for one in found if one is not None]


def written_raw(base: Sequence[str], write: Callable[[Document, Edit], object], actor: str = ONE) -> list[str]:
    """The document's changes and one that puts into it whatever another app might."""
    document = with_changes(base, actor)
    with document.edit() as made_here:
        write(document, made_here)
    assert made_here.change is not None
    return [*base, written(made_here.change)]


# -- what lies in a document -------------------------------------------------------------------------------------------

_SCALARS = {
    "Str": "str",
    "Int": "int",
    "Uint": "uint",
    "F64": "f64",
    "Boolean": "boolean",
    "Null": "null",
    "Bytes": "bytes",
}


def holds(document: Document, obj: ObjectId = ROOT) -> Json:
    """A map of a document: by key the type, as Automerge calls it, and the value; a map within, in the same way."""
    return {key: _held(document, key, obj) for key in document.keys(obj)}


def _held(document: Document, key: str, obj: ObjectId) -> Json:
    found = document._raw.get(obj, key)
    assert found is not None
    value, id = found
    if isinstance(value, tuple):
        type_, scalar = value
        return [_SCALARS[str(type_).rpartition(".")[2]], plain(scalar)]
    if value == am.ObjType.Text:
        return ["text", document.text(id)]
    assert value == am.ObjType.Map
    return ["map", holds(document, id)]


def told(kind: str, document: Document) -> Json:
    """What lies in a document, and what is read from it."""
    return {"holds": holds(document), "read": plain(read(Kind(kind), document))}


def edited_as(given: dict[str, Json]) -> Json:
    """The change that an edit makes of a document that is given by its changes, and what there is then."""
    document = with_changes(given["changes"], given["actor"])
    change = edit(given["kind"], document, given["edit"], given.get("seen", ()))
    return {"change": None if change is None else written(change), **told(given["kind"], document)}
