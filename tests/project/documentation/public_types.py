"""Which types an app meets: all that the hints of public calls and values lead to, one after the other."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Iterator
from typing import Any

from msgspec import Struct


def reachable(start: dict[str, Any]) -> dict[type[Any], str]:
    """Each of our own types that `start` (names and what they are) leads to, with where it was met."""
    found: dict[type[Any], str] = {}
    waiting = [(one, name) for name, one in start.items() if isinstance(one, type)]
    while waiting:
        hint, where = waiting.pop()
        for one in _types(hint):
            if one.__module__.partition(".")[0].startswith("intersession") and one not in found:
                found[one] = where
                waiting += [(each, f"{one.__name__}.{name}") for name, each in _hints(one)]
    return found


def public_callables(face: type[Any]) -> Iterator[tuple[str, Any]]:
    """The public methods and properties of a class, as plain functions."""
    for name in dir(face):
        member = inspect.getattr_static(face, name)
        if isinstance(member, property):
            member = member.fget
        elif isinstance(member, classmethod | staticmethod):
            member = member.__func__
        if not name.startswith("_") and inspect.isfunction(member):
            yield name, member


def _hints(one: type[Any]) -> Iterator[tuple[str, Any]]:
    if issubclass(one, BaseException):
        return
    if issubclass(one, Struct) or typing.is_typeddict(one) or hasattr(one, "_fields"):
        yield from typing.get_type_hints(one).items()
    for name, function in public_callables(one):
        for hint in typing.get_type_hints(function).values():
            yield name, hint


def _types(hint: Any) -> Iterator[type[Any]]:
    origin = typing.get_origin(hint)
    if origin is not None:
        for inner in typing.get_args(hint):
            for each in inner if isinstance(inner, list | tuple) else (inner,):
                yield from _types(each)
    if isinstance(origin or hint, type):
        yield origin or hint
