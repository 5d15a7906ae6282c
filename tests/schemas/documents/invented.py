"""Values of any record of fields, invented by hypothesis from the types of its fields."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from hypothesis import strategies as st
from msgspec import Meta, Struct

characters = st.characters(exclude_categories=["Cs"])
ids = st.text("abcdef0123456789-", min_size=1, max_size=8)
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))

SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(characters, max_size=12),
    bool: st.booleans(),
    int: st.integers(-(10**15), 10**15),
    float: st.floats(-(10.0**15), 10.0**15),
    date: st.dates(),
    datetime: st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=offsets),  # noqa: DTZ001
    UUID: st.uuids(),
    NoneType: st.none(),
}


def record(model: type[Struct]) -> st.SearchStrategy[Any]:
    """Values of a Struct, its `problems` left out."""
    hints = get_type_hints(model, include_extras=True)
    fields = {name: value(hints[name]) for name in model.__struct_fields__ if name != "problems"}
    return st.fixed_dictionaries(fields).map(lambda found: model(**found))


def value(hint: Any) -> st.SearchStrategy[Any]:
    """Values of a field's type."""
    origin, of = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return bounded(of[0], [one for one in of[1:] if isinstance(one, Meta)])
    if origin is Literal:
        return st.sampled_from(of)
    if origin in (Union, UnionType):
        return st.one_of([value(one) for one in of])
    if origin is dict:
        return st.dictionaries(ids, value(of[1]), max_size=3)
    if origin is tuple:
        return st.lists(value(of[0]), max_size=3).map(tuple)
    if isinstance(hint, type) and issubclass(hint, Struct):
        return record(hint)
    return SIMPLE[hint]


def bounded(hint: Any, metas: list[Meta]) -> st.SearchStrategy[Any]:
    """Values within the bounds of an annotation."""
    for meta in metas:
        if meta.ge is not None and meta.le is not None:
            return st.integers(int(meta.ge), int(meta.le))
        if meta.max_length is not None and hint is str:
            return st.text(characters, max_size=min(int(meta.max_length), 12))
    return value(hint)
