"""What a brief's fields hold, where JSON alone does not say it: fractions, which are written as 3.0, and moments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from client_sdk.web.generate.shapes import type_of
from msgspec import inspect

from intersession_schemas.measures.brief import Brief

AS_DEFINED = frozenset({"threshold", "sd", "reliability"})
"""Fractions in theory: where an instrument says 4, the brief does, and never 4.0."""


def data() -> Any:
    """The names of the fields that hold fractions or moments, a list of them as `name[]`: each says one thing wherever
    it is."""
    held: dict[str, set[str]] = {}
    for name, info in _fields(inspect.type_info(Brief)):
        described = type_of(info)
        if described["is"] == "list":
            name, described = f"{name}[]", described["of"]
        held.setdefault(name, set()).add(_held(described))
    mixed = sorted(name for name, kinds in held.items() if len(kinds) > 1 and kinds & {"float", "moment"})
    if mixed:
        raise ValueError(f"Fields of one name hold different things: {', '.join(mixed)}.")
    return {
        "fractions": sorted(name for name, kinds in held.items() if kinds == {"float"} and name not in AS_DEFINED),
        "moments": sorted(name for name, kinds in held.items() if kinds == {"moment"}),
    }


def _fields(info: inspect.Type) -> Iterator[tuple[str, inspect.Type]]:
    """The fields of a struct and of all within it."""
    match info:
        case inspect.StructType():
            for field in info.fields:
                yield field.encode_name, field.type
                yield from _fields(field.type)
        case inspect.UnionType():
            for one in info.types:
                yield from _fields(one)
        case inspect.VarTupleType():
            yield from _fields(info.item_type)
        case inspect.DictType():
            yield from _fields(info.value_type)


def _held(described: Any) -> str:
    """What a field holds beside nothing; "several" of what may be different things."""
    if described["is"] != "union":
        return str(described["is"])
    kinds = {_held(one) for one in described["of"]} - {"null"}
    return kinds.pop() if len(kinds) == 1 else "several"
