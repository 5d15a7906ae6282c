"""The steps of an edit of a record: what turns one value of a field, or one set of elements, into another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from intersession_schemas.changes import MAX_CHANGE_OPERATIONS
from intersession_schemas.crdt import ROOT, Document, Edit, ObjectId, Scalar
from intersession_schemas.documents.fields import StoredField, read_field, stored
from intersession_schemas.errors import InvalidField
from intersession_schemas.prose import splices

MAX_PROSE = 18_000
"""Characters that one change may write or take out, in all prose together: each is an operation of the change."""
MAX_PUTS = MAX_CHANGE_OPERATIONS - MAX_PROSE
REMOVED = "removed"


class Write(Struct, frozen=True):
    """One step of an edit, with the characters it writes or takes out and the values it sets."""

    do: Callable[[Edit], object]
    characters: int = 0
    puts: int = 1


def written(document: Document, writes: list[Write]) -> bytes | None:
    """Do it, in one change; None where nothing came of it. Raises `InvalidField` for more than a change may hold."""
    if sum(write.characters for write in writes) > MAX_PROSE or sum(write.puts for write in writes) > MAX_PUTS:
        raise InvalidField(
            f"Too much in one edit: at most {MAX_PROSE} characters and {MAX_PUTS} values. Split it into two."
        )
    with document.edit() as edit:
        for write in writes:
            write.do(edit)
    return edit.change


def change_field(document: Document, field: StoredField, old: Any, new: Any, obj: ObjectId) -> Iterator[Write]:
    """What turns one field of a map from `old` into `new`."""
    if old == new:
        return
    name = field.name
    target = document.object(name, "text", obj) if field.is_prose else None
    if target is not None:
        there = document.text(target)
        wanted = new if there == old else _merged(old, there, new)
        characters = sum(splice.delete + len(splice.insert) for splice in splices(there, wanted))
        yield Write(lambda edit: edit.rewrite(target, wanted), characters)
    elif field.is_prose:
        yield Write(lambda edit: edit.put_text(name, new, obj), len(new))
    else:
        yield put_at(obj, name, stored(new))


def change_elements(
    document: Document, name: str, fields: tuple[StoredField, ...], old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Write]:
    """What turns the elements of the field `name` from `old` into `new`, by id; `fields` are those of an element."""
    container = document.object(name, "map")
    if container is None:
        if new:  # made by a version that had no such elements
            yield put_elements(name, fields, new)
        return
    for id_ in old:
        there = document.object(id_, "map", container)
        if id_ not in new and there is not None:
            yield put_at(there, REMOVED, True)
    for id_, element in new.items():
        there = document.object(id_, "map", container)
        if there is None:
            yield _put_element(id_, fields, element, container)
            continue
        if id_ not in old and document.scalar(REMOVED, there) is True:
            yield put_at(there, REMOVED, False)
        for field in fields:
            before = getattr(old[id_], field.name) if id_ in old else read_field(document, field, there, "", [], False)
            yield from change_field(document, field, before, getattr(element, field.name), there)


def put_at(obj: ObjectId, key: str, value: Scalar) -> Write:
    """Set one value of a map."""
    return Write(lambda edit: edit.put(key, value, obj))


def put_elements(name: str, fields: tuple[StoredField, ...], elements: Mapping[str, Any]) -> Write:
    """Make the map of elements at `name`."""

    def do(edit: Edit) -> None:
        made = edit.put_map(name)
        for id_, element in elements.items():
            _put_element(id_, fields, element, made).do(edit)

    each = [_put_element(id_, fields, element, ROOT) for id_, element in elements.items()]
    return Write(do, sum(one.characters for one in each), 1 + sum(one.puts for one in each))


def _put_element(id_: str, fields: tuple[StoredField, ...], element: Struct, container: ObjectId) -> Write:
    def writes(obj: ObjectId) -> list[Write]:
        return [write for field in fields for write in put_new(field, getattr(element, field.name), obj)]

    def do(edit: Edit) -> None:
        for write in writes(edit.put_map(id_, container)):
            write.do(edit)

    each = writes(ROOT)
    return Write(do, sum(one.characters for one in each), 1 + sum(one.puts for one in each))


def put_new(field: StoredField, value: Any, obj: ObjectId) -> Iterator[Write]:
    """Write a field into a map just made. Prose is made even if empty, so that no two devices ever make it."""
    if field.is_prose:
        yield Write(lambda edit: edit.put_text(field.name, value, obj), len(value))
    elif value != field.default:
        yield put_at(obj, field.name, stored(value))


def _merged(before: str, there: str, after: str) -> str:
    """What two who both began with `before` have made of it, as two devices' edits merge."""
    one, other = Document.new(b"1" * 16), Document.new(b"2" * 16)
    with one.edit() as edit:
        edit.put_text("text", before)
    other.apply(one.changes())
    for document, text in ((one, there), (other, after)):
        target = document.object("text", "text")
        assert target is not None
        with document.edit() as edit:
            edit.rewrite(target, text)
    one.apply(other.changes())
    target = one.object("text", "text")
    assert target is not None
    return one.text(target)
