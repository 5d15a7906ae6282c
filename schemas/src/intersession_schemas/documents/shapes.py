"""Documents that are records of fields: how a frozen Struct lies in an Automerge document, written and read back.

The root map holds `kind` and, by name, the Struct's fields:

- prose (`prose(…)` in its annotation) is an Automerge text: edits of it on two devices merge character by character;
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
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Annotated, Any, Generic, Literal, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from intersession_schemas.crdt import ROOT, Document
from intersession_schemas.documents.fields import StoredField, read_field
from intersession_schemas.documents.moments import check_written
from intersession_schemas.documents.texts import check_text
from intersession_schemas.documents.writes import (
    REMOVED,
    Write,
    change_elements,
    change_field,
    put_at,
    put_elements,
    put_new,
    written,
)
from intersession_schemas.errors import InvalidField
from intersession_schemas.streams import Kind

T = TypeVar("T", bound=Struct)

MAX_ELEMENTS = 500
MAX_ELEMENT_ID = 64
PROBLEMS = "problems"
_NOT_STORED = frozenset({PROBLEMS})
_NO_TEXT = (bytes, date, datetime, time, UUID)
"""Types that pass for text, and text for them, unless msgspec is told."""


class Prose(Struct, frozen=True):
    """Says of a text that it merges character by character, and how many characters one device may write.

    It is no `Meta`: merged, a text may be longer than that, and every reader takes it.
    """

    most: int


def prose(most: int) -> Prose:
    """The annotation of such a text: `Annotated[str, prose(2_000)]`."""
    return Prose(most)


def line(most: int = 200) -> Meta:
    """The annotation of a text that is one value: `Annotated[str, line(64)]`."""
    return Meta(max_length=most)


class Element(Struct, frozen=True, kw_only=True):
    """The base of every element. Elements are shown by `order`, and by id where it is the same."""

    order: float = 0.0


def _fields(model: type[Struct]) -> tuple[StoredField, ...]:
    hints = get_type_hints(model, include_extras=True)
    defaults = model()
    found = []
    for name in model.__struct_fields__:
        if name in _NOT_STORED:
            continue
        hint = hints[name]
        of = get_args(hint) if get_origin(hint) is dict else ()
        metas = hint.__metadata__ if get_origin(hint) is Annotated else ()
        most = next((one.most for one in metas if isinstance(one, Prose)), None)
        found.append(StoredField(name, hint, getattr(defaults, name), most, of[1] if of else None))
    return tuple(found)


class Shape(Generic[T]):
    """How documents of one kind are written and read. `model` is a frozen Struct whose fields all have defaults.

    `check` raises `InvalidField` for a value that may be read but not written, as a required field left empty.
    `subject` is the field that names the document it is about, `moments` those that say when it was done or made, the
    ones that count first.
    """

    def __init__(
        self,
        kind: Kind,
        model: type[T],
        check: Callable[[T], None] = lambda _: None,
        *,
        subject: str | None = None,
        moments: tuple[str, ...] = (),
    ) -> None:
        self.kind = kind
        self.model = model
        self.subject = subject
        self.moments = moments
        self._check = check
        self._fields = _fields(model)
        self._elements = {one.name: _fields(one.element) for one in self._fields if one.element is not None}

    @property
    def fields(self) -> tuple[StoredField, ...]:
        """What its documents hold besides their kind."""
        return self._fields

    @property
    def elements(self) -> Mapping[str, tuple[StoredField, ...]]:
        """What an element holds, by the field of elements that it is in."""
        return self._elements

    def create(self, document: Document, value: T) -> bytes:
        """Write a new document into an empty one; returns the change. Raises `InvalidField`."""
        self.check(value)
        writes = [put_at(ROOT, "kind", self.kind.value)]
        for field in self._fields:
            given = getattr(value, field.name)
            elements = self._elements.get(field.name)
            if elements is None:
                writes += put_new(field, given, ROOT)
            else:
                writes.append(put_elements(field.name, elements, given))
        change = written(document, writes)
        assert change is not None
        return change

    def update(self, document: Document, before: T, after: T) -> bytes | None:
        """Write what differs between the two into a document; returns the change, or None where nothing does.

        `before` is what the editor saw: what others changed since, and this edit does not, stays. Elements that
        `after` lacks are marked removed; one marked so that `after` has and `before` had not is put back. Raises
        `InvalidField`, and not for what merges or other apps left and this edit leaves as it is.
        """
        self._check_edit(before, after)
        writes = [write for field in self._fields for write in self._differences(document, field, before, after)]
        return written(document, writes) if writes else None

    def read(self, document: Document) -> T:
        """What the document says; odd content is listed in `problems` and never raised."""
        problems: list[str] = []
        merged = len(document.heads) > 1
        values: dict[str, Any] = {}
        for field in self._fields:
            elements = self._elements.get(field.name)
            if elements is None:
                values[field.name] = read_field(document, field, ROOT, "", problems, merged)
            else:
                values[field.name] = self._read_elements(document, field, elements, problems, merged)
        return self.model(**values, **{PROBLEMS: tuple(problems)})

    def removed(self, document: Document, name: str) -> dict[str, Any]:
        """The elements of the field `name` that are marked removed, by id, as whoever edits them last left them."""
        fields = next(field for field in self._fields if field.name == name)
        return self._read_elements(document, fields, self._elements[name], [], merged=False, removed=True)

    def check(self, value: T) -> None:
        """Raise `InvalidField` unless a document may hold `value`."""
        self._check_values(value)
        for name in self._elements:
            _check_count(name, getattr(value, name))
        self._check(value)

    def _check_values(self, value: T) -> None:
        """Raise unless each value is of its type."""
        try:
            plain = msgspec.to_builtins(value, builtin_types=_NO_TEXT)
            msgspec.convert(plain, self.model, builtin_types=_NO_TEXT)
        except (msgspec.MsgspecError, TypeError, ValueError, RecursionError) as failure:
            raise _invalid(self.model, failure) from None
        _check_plain(plain, "")
        _check_prose(self._fields, value)
        for name, fields in self._elements.items():
            _check_ids(name, getattr(value, name))
            for element in getattr(value, name).values():
                _check_prose(fields, element, f"{name}[...].")

    def _check_edit(self, before: T, after: T) -> None:
        """Raise unless `after` may be written, or what is wrong with it is not this edit's."""
        try:
            self.check(after)
        except InvalidField as failure:
            changed = {
                name: _changed(getattr(before, name), getattr(after, name), fields)
                for name, fields in self._elements.items()
            }
            others = {
                field.name: _judged(field, getattr(before, field.name), getattr(after, field.name))
                for field in self._fields
                if field.name not in changed and getattr(before, field.name) != getattr(after, field.name)
            }
            for name in self._elements:
                if len(getattr(after, name)) > len(getattr(before, name)):
                    _check_count(name, getattr(after, name))
            self._check_values(self.model(**others, **changed))
            try:
                self._check(msgspec.structs.replace(after, **others, **changed))
            except InvalidField as wrong:
                as_it_was = {name: _of(getattr(before, name), changed[name]) for name in self._elements}
                if str(wrong) != self._wrong_with(msgspec.structs.replace(before, **as_it_was)):
                    raise failure from None

    def _wrong_with(self, value: T) -> str:
        """What `check` says of a value; nothing where it may be written."""
        try:
            self._check(value)
        except InvalidField as wrong:
            return str(wrong)
        return ""

    def text(self, value: T) -> str:
        """What people wrote in it, one paragraph a text, or without any its days and times (as of a session).

        For showing an edit that could not be kept.
        """
        words = "\n\n".join(one for one in self._texts(value) if one.strip())
        days = (getattr(value, field.name) for field in self._fields)
        return words or "\n".join(_day_text(day) for day in days if isinstance(day, date))

    # -- differences -------------------------------------------------------------------------------------------------

    def _differences(self, document: Document, field: StoredField, before: T, after: T) -> Iterator[Write]:
        old, new = getattr(before, field.name), getattr(after, field.name)
        elements = self._elements.get(field.name)
        if elements is None:
            yield from change_field(document, field, old, new, ROOT)
        else:
            yield from change_elements(document, field.name, elements, old, new)

    # -- reading -----------------------------------------------------------------------------------------------------

    def _read_elements(
        self,
        document: Document,
        field: StoredField,
        fields: tuple[StoredField, ...],
        problems: list[str],
        merged: bool,
        removed: bool = False,
    ) -> dict[str, Any]:
        assert field.element is not None
        container = document.object(field.name, "map")
        if container is None:
            problems.append(f"{field.name}: missing or not a map")
            return {}
        found = {}
        for id_ in document.keys(container):
            one = document.object(id_, "map", container)
            if not _is_id(id_):
                problems.append(f"{field.name}: an element has an invalid id")
            elif one is None:
                problems.append(f"{field.name} {id_[:8]}: not an element")
            elif (document.scalar(REMOVED, one) is True) is removed:
                where = f"{field.name} {id_[:8]}: "
                values = {each.name: read_field(document, each, one, where, problems, merged) for each in fields}
                found[id_] = field.element(**values)
        return dict(sorted(found.items(), key=lambda item: (getattr(item[1], "order", 0.0), item[0])))

    # -- texts -------------------------------------------------------------------------------------------------------

    def _texts(self, value: T) -> Iterator[str]:
        for field in self._fields:
            given = getattr(value, field.name)
            yield from _texts(given if field.element is None else tuple(given.values()), field.type)


def _day_text(day: date) -> str:
    return day.isoformat(" ", "minutes") if isinstance(day, datetime) else day.isoformat()


def _of(elements: dict[str, Any], ids: Iterable[str]) -> dict[str, Any]:
    """Those of the elements that have these ids."""
    return {id: elements[id] for id in ids if id in elements}


def _changed(old: Mapping[str, Any], new: Mapping[str, Any], fields: tuple[StoredField, ...]) -> dict[str, Any]:
    """The elements that are new or differ, as `_judged`."""
    found = {}
    for id_, element in new.items():
        before = old.get(id_)
        if before is None:
            found[id_] = element
        elif before != element:
            judged = {one.name: _judged(one, getattr(before, one.name), getattr(element, one.name)) for one in fields}
            found[id_] = msgspec.structs.replace(element, **judged)
    return found


def _judged(field: StoredField, old: Any, new: Any) -> Any:
    """A value as it is to be judged: of prose that is no longer than it was, only what fits.

    A merge may have made it longer than one may write; then what makes it shorter has to be taken.
    """
    if not field.is_prose or not isinstance(old, str) or not isinstance(new, str) or len(new) > len(old):
        return new
    return new[: field.most]


def _texts(value: Any, type_: Any) -> Iterator[str]:
    """The texts in a value, names of choices (as "done") left out."""
    match value:
        case str() if not any(get_origin(one) is Literal for one in _parts(type_)):
            yield value
        case tuple():
            for one in value:
                yield from _texts(one, type(one))
        case Struct():
            hints = get_type_hints(type(value), include_extras=True)
            for name in value.__struct_fields__:
                yield from _texts(getattr(value, name), hints[name])


def _is_id(id_: str) -> bool:
    return 0 < len(id_) <= MAX_ELEMENT_ID and id_.isascii() and id_.isprintable()


def _check_count(name: str, elements: Mapping[str, Any]) -> None:
    if len(elements) > MAX_ELEMENTS:
        raise InvalidField(f"{name} may have at most {MAX_ELEMENTS} elements.")


def _check_ids(name: str, elements: Mapping[str, Any]) -> None:
    if not all(map(_is_id, elements)):
        raise InvalidField(f"An id in {name} is 1 to {MAX_ELEMENT_ID} printable ASCII characters.")


def _check_prose(fields: tuple[StoredField, ...], value: Struct, where: str = "") -> None:
    for field in fields:
        if field.most is not None and len(getattr(value, field.name)) > field.most:
            raise InvalidField(f"{where}{field.name}: expected `str` of length <= {field.most}.")


def _check_plain(value: Any, name: str) -> None:
    """Every text is Unicode, every number finite, and every moment one that can be kept; `name` is the field's."""
    match value:
        case str():
            check_text("A text", value, len(value))
        case float() if not math.isfinite(value):
            raise InvalidField("A number must be finite.")
        case datetime():
            check_written(name, value)
        case dict():
            for key, one in value.items():
                _check_plain(key, name)
                _check_plain(one, str(key))
        case list() | tuple():
            for one in value:
                _check_plain(one, name)


def _invalid(model: type[Struct], failure: Exception) -> InvalidField:
    """What msgspec says, without a value: where, and what is expected there."""
    text, _, path = str(failure).rpartition(" - at ")
    where = path.strip("`").removeprefix("$.") if text else ""
    said = text or str(failure)
    if not said.startswith("Expected"):
        allowed = ", ".join(map(str, _allowed(model, where)))
        said = f"must be one of: {allowed}" if allowed else "is not one of those allowed"
    else:
        said = said.replace("Expected", "expected", 1).split(", got", 1)[0]
    return InvalidField(f"{where or 'A field'}: {said}.")


def _allowed(model: Any, where: str) -> list[object]:
    """The words of the closed set at a path of a model, as `pauses[...].reason`."""
    for name in filter(None, where.replace("[...]", "").split(".")):
        model = get_type_hints(_struct_in(model)).get(name.partition("[")[0])
    return [word for one in _parts(model) if get_origin(one) is Literal for word in get_args(one)]


def _struct_in(hint: Any) -> Any:
    return next((one for one in _parts(hint) if isinstance(one, type) and issubclass(one, Struct)), Struct)


def _parts(hint: Any) -> Iterator[Any]:
    """A type and all that it is made of; the words of a `Literal` are no types."""
    yield hint
    if get_origin(hint) is not Literal:
        for one in get_args(hint):
            yield from _parts(one)
