"""Documents that are records of fields: how a frozen Struct lies in an Automerge document, written and read back.

The root map holds `kind` and, by name, the Struct's fields:

- prose (`prose(…)` in its annotation) is an Automerge text: edits of it on two devices merge letter by letter;
- a `dict` of elements is a map of maps by the element's id, each element a map of its own fields. So two who add an
  element each keep both, and one who moves an element and one who rewords it lose nothing of either. An element is
  never deleted but marked `removed`: what somebody wrote into it meanwhile stays;
- everything else is one value: a scalar as it is, a day, a moment or a UUID as text, a tuple or a Struct as JSON text.
  Where two write it at once one value is shown, and `problems` says so.

All maps and texts are made by the document's first change (those of an element by the one that adds it), so that no
two devices ever make one at the same place. Reading is lenient: what is not as it should be becomes the field's
default and a line in `problems`. Writing is strict: `InvalidField` names the field and never what was given.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Generic, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta, Struct

from intersession_schemas.crdt import ROOT, Document, Edit, ObjectId, Scalar
from intersession_schemas.documents.texts import check_text
from intersession_schemas.errors import InvalidField
from intersession_schemas.streams import Kind

T = TypeVar("T", bound=Struct)

MAX_PROSE = 18_000
"""Letters of all prose of a new document together: each is an operation, and a change has 20,000 at most."""
MAX_ELEMENTS = 500
MAX_ELEMENT_ID = 64
PROBLEMS = "problems"
_NOT_STORED = frozenset({PROBLEMS})
_SCALARS = (str, int, float, bool)

Write = Callable[[Edit], object]


def prose(most: int) -> Meta:
    """The annotation of a text that merges letter by letter: `Annotated[str, prose(2_000)]`."""
    return Meta(max_length=most, extra={"prose": True})


def line(most: int = 200) -> Meta:
    """The annotation of a text that is one value: `Annotated[str, line(64)]`."""
    return Meta(max_length=most)


class Element(Struct, frozen=True, kw_only=True):
    """The base of every element. Elements are shown by `order`, and by id where it is the same."""

    order: float = 0.0


class _Field(Struct, frozen=True):
    """One field: its type as annotated, whether it is prose, and what its elements are if it holds any."""

    name: str
    type: Any
    default: Any
    is_prose: bool
    element: type[Struct] | None


def _fields(model: type[Struct]) -> tuple[_Field, ...]:
    hints = get_type_hints(model, include_extras=True)
    defaults = model()
    found = []
    for name in model.__struct_fields__:
        if name in _NOT_STORED:
            continue
        hint = hints[name]
        of = get_args(hint) if get_origin(hint) is dict else ()
        metas = hint.__metadata__ if get_origin(hint) is Annotated else ()
        is_prose = any(isinstance(one, Meta) and (one.extra or {}).get("prose") for one in metas)
        found.append(_Field(name, hint, getattr(defaults, name), is_prose, of[1] if of else None))
    return tuple(found)


class Shape(Generic[T]):
    """How documents of one kind are written and read. `model` is a frozen Struct whose fields all have defaults.

    `check` raises `InvalidField` for a value that may be read but not written, as a required field left empty.
    """

    def __init__(self, kind: Kind, model: type[T], check: Callable[[T], None] = lambda _: None) -> None:
        self.kind = kind
        self.model = model
        self._check = check
        self._fields = _fields(model)
        self._elements = {one.name: _fields(one.element) for one in self._fields if one.element is not None}

    def create(self, document: Document, value: T) -> bytes:
        """Write a new document into an empty one; returns the change. Raises `InvalidField`."""
        self.check(value)
        if sum(map(len, self._prose(value))) > MAX_PROSE:
            raise InvalidField(f"Its texts have more than {MAX_PROSE} letters together. Make two of it.")
        with document.edit() as edit:
            edit.put("kind", self.kind.value)
            for field in self._fields:
                given = getattr(value, field.name)
                elements = self._elements.get(field.name)
                if elements is not None:
                    made = edit.put_map(field.name)
                    for id_, element in given.items():
                        _put_all(edit, elements, element, edit.put_map(id_, made))
                else:
                    _put_new(edit, field, given, ROOT)
        assert edit.change is not None
        return edit.change

    def update(self, document: Document, before: T, after: T) -> bytes | None:
        """Write what differs between the two into a document; returns the change, or None where nothing does.

        `before` is what the editor saw: what others changed since, and this edit does not, stays. Elements that
        `after` lacks are marked removed. Raises `InvalidField`.
        """
        self.check(after)
        writes = [write for field in self._fields for write in self._differences(document, field, before, after)]
        if not writes:
            return None
        with document.edit() as edit:
            for write in writes:
                write(edit)
        return edit.change

    def read(self, document: Document) -> T:
        """What the document says; odd content is listed in `problems` and never raised."""
        problems: list[str] = []
        merged = len(document.heads) > 1
        values: dict[str, Any] = {}
        for field in self._fields:
            elements = self._elements.get(field.name)
            if elements is None:
                values[field.name] = _read(document, field, ROOT, "", problems, merged)
            else:
                values[field.name] = self._read_elements(document, field, elements, problems, merged)
        return self.model(**values, **{PROBLEMS: tuple(problems)})

    def check(self, value: T) -> None:
        """Raise `InvalidField` unless a document may hold `value`."""
        try:
            msgspec.convert(msgspec.to_builtins(value), self.model)
        except (msgspec.ValidationError, TypeError, ValueError) as failure:
            raise _invalid(failure) from None
        _check_plain(msgspec.to_builtins(value))
        for name in self._elements:
            _check_ids(name, getattr(value, name))
        self._check(value)

    def text(self, value: T) -> str:
        """What people wrote in it, one paragraph a text; for showing an edit that could not be kept."""
        return "\n\n".join(one for one in self._texts(value) if one.strip())

    # -- differences -------------------------------------------------------------------------------------------------

    def _differences(self, document: Document, field: _Field, before: T, after: T) -> Iterator[Write]:
        old, new = getattr(before, field.name), getattr(after, field.name)
        elements = self._elements.get(field.name)
        if elements is None:
            yield from _change(document, field, old, new, ROOT)
        else:
            yield from _change_elements(document, field.name, elements, old, new)

    # -- reading -----------------------------------------------------------------------------------------------------

    def _read_elements(
        self, document: Document, field: _Field, fields: tuple[_Field, ...], problems: list[str], merged: bool
    ) -> dict[str, Any]:
        assert field.element is not None
        container = document.object(field.name, "map")
        if container is None:
            problems.append(f"{field.name}: missing or not a map")
            return {}
        found = {}
        for id_ in document.keys(container):
            one = document.object(id_, "map", container)
            where = f"{field.name} {id_[:8]}: "
            if one is None:
                problems.append(f"{where}not an element")
            elif document.scalar(_REMOVED, one) is not True:
                values = {each.name: _read(document, each, one, where, problems, merged) for each in fields}
                found[id_] = field.element(**values)
        return dict(sorted(found.items(), key=lambda item: (getattr(item[1], "order", 0.0), item[0])))

    # -- texts -------------------------------------------------------------------------------------------------------

    def _prose(self, value: T) -> Iterator[str]:
        for field in self._fields:
            given = getattr(value, field.name)
            if field.is_prose:
                yield given
            for each in self._elements.get(field.name, ()):
                if each.is_prose:
                    yield from (getattr(element, each.name) for element in given.values())

    def _texts(self, value: T) -> Iterator[str]:
        for field in self._fields:
            given = getattr(value, field.name)
            if field.name in self._elements:
                for element in given.values():
                    yield from (one for one in msgspec.structs.astuple(element) if isinstance(one, str))
            elif isinstance(given, str):
                yield given


_REMOVED = "removed"


def _change(document: Document, field: _Field, old: Any, new: Any, obj: ObjectId) -> Iterator[Write]:
    """What turns one field of a map from `old` into `new`."""
    if old == new:
        return
    name = field.name
    if field.is_prose:
        target = document.object(name, "text", obj)
        if target is None:
            yield lambda edit: edit.put_text(name, new, obj)
        else:
            yield lambda edit: edit.rewrite(target, new)
    else:
        yield lambda edit: edit.put(name, _stored(new), obj)


def _change_elements(
    document: Document, name: str, fields: tuple[_Field, ...], old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Write]:
    container = document.object(name, "map")
    if container is None:
        if new:  # made by a version that had no such elements
            yield lambda edit: _put_elements(edit, fields, new, edit.put_map(name))
        return
    for id_ in old.keys() - new.keys():
        there = document.object(id_, "map", container)
        if there is not None:
            yield _put_at(there, _REMOVED, True)
    for id_, element in new.items():
        there = document.object(id_, "map", container)
        if there is None:
            yield _add(fields, element, id_, container)
            continue
        if document.scalar(_REMOVED, there) is True and id_ not in old:
            yield _put_at(there, _REMOVED, False)
        for field in fields:
            before = getattr(old[id_], field.name) if id_ in old else None
            yield from _change(document, field, before, getattr(element, field.name), there)


def _put_at(obj: ObjectId, key: str, value: Scalar) -> Write:
    return lambda edit: edit.put(key, value, obj)


def _add(fields: tuple[_Field, ...], element: Struct, id_: str, container: ObjectId) -> Write:
    return lambda edit: _put_all(edit, fields, element, edit.put_map(id_, container))


def _put_elements(edit: Edit, fields: tuple[_Field, ...], elements: Mapping[str, Any], container: ObjectId) -> None:
    for id_, element in elements.items():
        _put_all(edit, fields, element, edit.put_map(id_, container))


def _put_all(edit: Edit, fields: tuple[_Field, ...], element: Struct, obj: ObjectId) -> None:
    for field in fields:
        _put_new(edit, field, getattr(element, field.name), obj)


def _put_new(edit: Edit, field: _Field, value: Any, obj: ObjectId) -> None:
    if field.is_prose:
        edit.put_text(field.name, value, obj)
    elif value != field.default:
        edit.put(field.name, _stored(value), obj)


def _stored(value: Any) -> Scalar:
    """A value as it lies in the document."""
    plain = msgspec.to_builtins(value)
    if plain is None or isinstance(plain, _SCALARS):
        return plain
    return msgspec.json.encode(plain).decode()


def _read(document: Document, field: _Field, obj: ObjectId, where: str, problems: list[str], merged: bool) -> Any:
    if field.is_prose:
        target = document.object(field.name, "text", obj)
        if target is None:
            problems.append(f"{where}{field.name}: missing or not a text")
            return field.default
        return document.text(target)
    raw = document.scalar(field.name, obj)
    if raw is None:
        if field.name not in document.keys(obj):
            return field.default
        if None in _alternatives(field.type):
            return None
        problems.append(f"{where}{field.name}: not what it should be")
        return field.default
    if merged and len(document.conflicts(field.name, obj)) > 1:
        problems.append(f"{where}{field.name}: was set on two devices at once; one of the values is shown")
    try:
        return _typed(raw, field.type)
    except (msgspec.MsgspecError, ValueError, TypeError, RecursionError):
        problems.append(f"{where}{field.name}: not what it should be")
        return field.default


def _typed(raw: Scalar, type_: Any) -> Any:
    """The value that `_stored` made `raw` of. Text of a scalar type is no JSON, so that is tried first."""
    try:
        return msgspec.convert(raw, type_)
    except msgspec.ValidationError:
        if not isinstance(raw, str):
            raise
        return msgspec.json.decode(raw, type=type_)


def _alternatives(type_: Any) -> tuple[Any, ...]:
    """The members of a union, None for `NoneType`; empty for any other type."""
    return tuple(None if one is type(None) else one for one in get_args(type_))


def _check_ids(name: str, elements: Mapping[str, Any]) -> None:
    if len(elements) > MAX_ELEMENTS:
        raise InvalidField(f"{name} has at most {MAX_ELEMENTS} elements.")
    for id_ in elements:
        if not 0 < len(id_) <= MAX_ELEMENT_ID or not id_.isascii() or not id_.isprintable():
            raise InvalidField(f"An id in {name} is 1 to {MAX_ELEMENT_ID} printable ASCII letters.")


def _check_plain(value: Any) -> None:
    """Every text is Unicode, every number finite."""
    match value:
        case str():
            check_text("A text", value, len(value))
        case float() if not math.isfinite(value):
            raise InvalidField("A number must be finite.")
        case dict():
            for key, one in value.items():
                _check_plain(key)
                _check_plain(one)
        case list() | tuple():
            for one in value:
                _check_plain(one)


def _invalid(failure: Exception) -> InvalidField:
    """What msgspec says, without a value: where, and what is expected there."""
    text, _, path = str(failure).rpartition(" - at ")
    where = path.strip("`").removeprefix("$.") if text else ""
    said = text or str(failure)
    if not said.startswith("Expected"):
        said = "is not one of those allowed"
    else:
        said = said.replace("Expected", "expected", 1).split(", got", 1)[0]
    return InvalidField(f"{where or 'A field'}: {said}.")
