"""One field of a record in its document: what it is, how its value is stored and read back."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any, get_args

import msgspec
from msgspec import Struct

from intersession_schemas.crdt import Document, ObjectId, Scalar
from intersession_schemas.documents.moments import is_kept
from intersession_schemas.nesting import check_json

_SCALARS = (str, int, float, bool)


class StoredField(Struct, frozen=True):
    """One field: its type as annotated, and what its elements are if it holds any.

    `most`, of prose: the characters that one device may write.
    """

    name: str
    type: Any
    default: Any
    most: int | None
    element: type[Struct] | None

    @property
    def is_prose(self) -> bool:
        """Whether it is a text that merges character by character."""
        return self.most is not None


def stored(value: Any) -> Scalar:
    """A value as it lies in the document."""
    plain = msgspec.to_builtins(value)
    if plain is None or isinstance(plain, _SCALARS):
        return plain
    return msgspec.json.encode(plain).decode()


def read_field(
    document: Document, field: StoredField, obj: ObjectId, where: str, problems: list[str], merged: bool
) -> Any:
    """The field's value; its default and a line in `problems`, beginning with `where`, for what is not one.

    `merged`: the document has several heads, so values that were set at once are looked for.
    """
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
        if None in _alternatives(field.type) and not _holds_object(document, field.name, obj):
            return None
        problems.append(f"{where}{field.name}: invalid")
        return field.default
    if merged and len({(type(one), one) for one in document.conflicts(field.name, obj)}) > 1:
        problems.append(f"{where}{field.name}: set on two devices at once; one of the values is shown")
    try:
        return _typed(raw, field.type)
    except (msgspec.MsgspecError, ValueError, TypeError):
        problems.append(f"{where}{field.name}: invalid")
        return field.default


def _typed(raw: Scalar, type_: Any) -> Any:
    """The value that `stored` made `raw` of. Text of a scalar type is no JSON, so that is tried first."""
    if isinstance(raw, float) and not math.isfinite(raw):
        raise ValueError("not a number")
    try:
        found = msgspec.convert(raw, type_)
    except msgspec.ValidationError:
        if not isinstance(raw, str):
            raise
        check_json(raw)
        found = msgspec.json.decode(raw, type=type_)
    if isinstance(found, datetime) and not is_kept(found):
        raise ValueError("a time that not every time zone can show")
    return found


def _alternatives(type_: Any) -> tuple[Any, ...]:
    """The members of a union, None for `NoneType`; empty for any other type."""
    return tuple(None if one is type(None) else one for one in get_args(type_))


def _holds_object(document: Document, key: str, obj: ObjectId) -> bool:
    return any(document.object(key, of, obj) is not None for of in ("map", "list", "text"))
