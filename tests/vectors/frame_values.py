"""Frames and what they hold, as they lie in the JSON of cases."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import NODEFAULT, Struct, inspect
from msgspec.structs import FieldInfo
from msgspec.structs import fields as fields_of
from tests.vectors.cases import Json, plain

from intersession_schemas.codec import DOWN_FRAMES, UP_FRAMES
from intersession_schemas.messages import Frame


def frame_of(given: dict[str, Json]) -> Any:
    """A frame from its fields, with its name as `frame`."""
    fields = dict(given)
    return typed(fields, (UP_FRAMES | DOWN_FRAMES)[fields.pop("frame")])


def typed(value: Json, type_: Any) -> Any:
    """A value of a type, whose bytes are given as hexadecimal digits."""
    return msgspec.convert(_with_bytes(value, inspect.type_info(type_)), type_, builtin_types=(bytes,))


def _with_bytes(value: Json, info: inspect.Type) -> Json:
    match info:
        case inspect.Metadata(type=inner):
            return _with_bytes(value, inner)
        case inspect.BytesType():
            return bytes.fromhex(value)
        case inspect.ListType(item_type=inner) | inspect.VarTupleType(item_type=inner):
            return [_with_bytes(one, inner) for one in value]
        case inspect.UnionType(types=types) if isinstance(value, dict):
            return _with_bytes(value, next(one for one in types if getattr(one, "tag", None) == value["frame"]))
        case inspect.StructType(fields=fields, array_like=True):
            given = {field.name: _with_bytes(value[field.name], field.type) for field in fields if field.name in value}
            return [given.get(field.name, field.default) for field in fields]
        case inspect.StructType(fields=fields, tag_field=tag):
            of_fields = {field.encode_name: field.type for field in fields}
            return {name: one if name == tag else _with_bytes(one, of_fields[name]) for name, one in value.items()}
    return value


def told(value: Any, *, sparse: bool = False) -> Json:
    """A value as JSON, each frame with its name. `sparse`: without what has its default."""
    match value:
        case Struct():
            shown = [one.name for one in fields_of(value) if not (sparse and _is_usual(value, one))]
            fields = {name: told(getattr(value, name), sparse=sparse) for name in shown}
            return {"frame": type(value).__name__.lower(), **fields} if isinstance(value, Frame) else fields
        case list() | tuple():
            return [told(one, sparse=sparse) for one in value]
    return plain(value)


def _is_usual(value: Struct, field: FieldInfo) -> bool:
    usual = field.default if field.default_factory is NODEFAULT else field.default_factory()
    return bool(getattr(value, field.name) == usual)
