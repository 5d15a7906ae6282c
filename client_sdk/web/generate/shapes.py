"""How documents are laid out, from `intersession_schemas`: the fields of each kind, and every type within them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import NODEFAULT, Struct, inspect

from intersession_schemas.documents.assessments import answers, assessments
from intersession_schemas.documents.diary import entry_times, sections, symptom_history, symptoms
from intersession_schemas.documents.fields import StoredField
from intersession_schemas.documents.forms import Answer, Field
from intersession_schemas.instruments.values import Instrument
from intersession_schemas.records.kinds import MODELS, SHAPES

STRUCTS: tuple[type[Struct], ...] = (
    *MODELS.values(),
    Answer,
    Field,
    Instrument,
    assessments.Start,
    answers.StoredAnswer,
    answers.StoredCompletion,
    answers.WordingTaken,
    entry_times.Time,
    sections.Section,
    sections.TypedAnswer,
    symptom_history.LogRecord,
    symptom_history.Standing,
    symptoms.Log,
    symptoms.Withdrawn,
)
"""Those from which all others are reached."""


def data() -> Any:
    """Types by name, the fields of elements, and shapes by kind."""
    return {
        "structs": {name: _struct(one) for name, one in structs().items()},
        "elements": {
            field.element.__name__: [_stored(one) for one in shape.elements[field.name]]
            for shape in SHAPES.values()
            for field in shape.fields
            if field.element is not None
        },
        "shapes": {
            kind.value: {
                "model": name_of(shape.model),
                "subject": shape.subject,
                "moments": list(shape.moments),
                "fields": [_stored(field) for field in shape.fields],
            }
            for kind, shape in SHAPES.items()
        },
    }


def structs() -> dict[str, inspect.StructType]:
    """Every struct that is reached, by its name."""
    found: dict[str, inspect.StructType] = {}
    for info in inspect.multi_type_info(STRUCTS):
        _gather(info, found)
    return dict(sorted(found.items()))


def name_of(cls: type) -> str:
    """A struct's name without what marks it as private."""
    return cls.__name__.removeprefix("_")


def _gather(info: inspect.Type, found: dict[str, inspect.StructType]) -> None:
    if isinstance(info, inspect.StructType):
        if name_of(info.cls) in found:
            assert found[name_of(info.cls)].cls is info.cls
            return
        found[name_of(info.cls)] = info
    for one in within(info):
        _gather(one, found)


def within(info: inspect.Type) -> Iterable[inspect.Type]:
    """The types that a type is made of."""
    match info:
        case inspect.StructType() | inspect.NamedTupleType():
            return [field.type for field in info.fields]
        case inspect.UnionType():
            return info.types
        case inspect.VarTupleType():
            return [info.item_type]
        case inspect.TupleType():
            return info.item_types
        case inspect.DictType():
            return [info.value_type]
    return ()


def _struct(info: inspect.StructType) -> Any:
    fields = []
    for field in info.fields:
        one: dict[str, Any] = {"name": field.name, "type": type_of(field.type)}
        if field.default is not NODEFAULT:
            one["default"] = msgspec.to_builtins(field.default)
        elif field.default_factory is not NODEFAULT:
            one["default"] = msgspec.to_builtins(field.default_factory())
        fields.append(one)
    return {"omitsDefaults": info.cls.__struct_config__.omit_defaults, "fields": fields}


def _stored(field: StoredField) -> Any:
    """A field of a document; `prose` says how long one device may make it."""
    made: dict[str, Any] = {
        "name": field.name,
        "type": type_of(inspect.type_info(field.type)),
        "default": msgspec.to_builtins(field.default),
    }
    if field.most is not None:
        made["prose"] = field.most
    if field.element is not None:
        made["element"] = field.element.__name__
    return made


def type_of(info: inspect.Type) -> Any:
    """A type as data; bounds where there are any."""
    plain = _PLAIN.get(type(info))
    if plain is not None:
        return {"is": plain}
    match info:
        case inspect.StrType():
            return _with("str", most=info.max_length)
        case inspect.IntType():
            return _with("int", low=info.ge, high=info.le)
        case inspect.FloatType():
            return _with("float", low=info.ge, high=info.le)
        case inspect.LiteralType():
            return {"is": "word", "of": list(info.values)}
        case inspect.StructType():
            return {"is": "struct", "name": name_of(info.cls)}
    return _of_others(info)


_PLAIN: dict[type[inspect.Type], str] = {
    inspect.BoolType: "bool",
    inspect.NoneType: "null",
    inspect.DateType: "day",
    inspect.DateTimeType: "moment",
    inspect.UUIDType: "id",
}


def _of_others(info: inspect.Type) -> Any:
    """A type that is made of others."""
    match info:
        case inspect.UnionType():
            return {"is": "union", "of": [type_of(one) for one in info.types]}
        case inspect.VarTupleType():
            return _with("list", most=info.max_length, of=type_of(info.item_type))
        case inspect.TupleType():
            return {"is": "tuple", "of": [type_of(one) for one in info.item_types]}
        case inspect.DictType():
            return {"is": "map", "of": type_of(info.value_type)}
    raise TypeError(f"No document has a {type(info).__name__}.")


def _with(is_: str, **more: Any) -> Any:
    return {"is": is_} | {name: value for name, value in more.items() if value is not None}
