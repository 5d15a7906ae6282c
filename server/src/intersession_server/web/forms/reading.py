"""The fields of a form as a Struct. Pure.

A field's name is a path: `introduction`, `trackers.<id>.name`. What is not in the form stays unset, so that a form can
change a part. A field that was left empty says None where the type allows it. An element of a map is removed by a field
with its own path and no value (`trackers.<id>`). A check box is preceded by a hidden field of its name with `false`:
of several values of one that is no list, the last counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import UNSET, Struct, UnsetType, ValidationError

from intersession_schemas.errors import InvalidField
from intersession_server.web.forms.problems import FieldProblem, reason

T = TypeVar("T", bound=Struct)
Tree = dict[str, Any]
"""Names to further names, or to the values that were given."""
_MOST_FIELDS = 5_000


def structured(pairs: Sequence[tuple[str, str]], type_: type[T], prefix: str = "") -> T:
    """The fields whose names begin with `prefix` as a Struct; others are left alone.

    Raises `FieldProblem`, which names the field and never what was given.
    """
    if len(pairs) > _MOST_FIELDS:
        raise InvalidField("This form has more fields than are read at once.")
    tree: Tree = {}
    for name, value in pairs:
        if name.startswith(prefix):
            _put(tree, name.removeprefix(prefix).split("."), value.replace("\r\n", "\n"))
    made: T = _struct(type_, tree, prefix)
    return made


def _put(tree: Tree, path: Sequence[str], value: str) -> None:
    for name in path[:-1]:
        below = tree.setdefault(name, {})
        if not isinstance(below, dict):  # also named as a whole: what is said of its parts counts
            below = tree[name] = {}
        tree = below
    values = tree.setdefault(path[-1], [])
    if isinstance(values, list):
        values.append(value)


def _struct(type_: Any, tree: Tree, path: str) -> Any:
    hints = get_type_hints(type_, include_extras=True)
    found = {name: _value(hints[name], given, f"{path}{name}") for name, given in tree.items() if name in hints}
    return _converted(found, type_, path)


def _value(hint: Any, given: Tree | list[str], path: str) -> Any:
    options = _options(hint)
    if isinstance(given, dict):
        for option in options:
            if get_origin(option) is dict:
                return {key: _value(get_args(option)[1], below, f"{path}.{key}") for key, below in given.items()}
            if _is_struct(option):
                return _struct(option, given, f"{path}.")
        raise FieldProblem(path, reason(""))
    for option in options:
        if get_origin(option) in (list, tuple, frozenset, set):
            (of, *_) = get_args(option)
            return [_leaf(_options(of), of, one, path) for one in given if one != ""]
    return _leaf(options, hint, given[-1], path)


def _leaf(options: Sequence[Any], hint: Any, given: str, path: str) -> Any:
    if given == "" and type(None) in options:
        return None
    if str in options:
        return given
    return _converted(given, hint, path)


def _converted(value: Any, hint: Any, path: str) -> Any:
    try:
        return msgspec.convert(value, hint, strict=False)
    except ValidationError as error:
        said, _, where = str(error).partition(" - at `$")
        place = (path + where.rstrip("`").removeprefix(".")).strip(".")
        raise FieldProblem(place, reason(said)) from None


def _options(hint: Any) -> list[Any]:
    """The types that a value may have, without what is annotated to them."""
    if get_origin(hint) is Annotated:
        return _options(get_args(hint)[0])
    if get_origin(hint) in (Union, UnionType):
        return [one for option in get_args(hint) for one in _options(option)]
    return [] if hint is UnsetType else [hint]


def _is_struct(option: Any) -> bool:
    return isinstance(option, type) and issubclass(option, Struct)


def given(change: Struct) -> Mapping[str, Any]:
    """The fields that a form gave."""
    return {name: value for name in change.__struct_fields__ if (value := getattr(change, name)) is not UNSET}
