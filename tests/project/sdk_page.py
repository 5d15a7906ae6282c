"""The reference of the SDK: every public name with its signature and its docstring."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

import intersession

_QUALIFIED = re.compile(r"\b(?:[a-z_]+\.)+(?=[A-Z])")
"""Module paths in annotations: whoever embeds the SDK imports from its top."""


def sdk_page() -> str:
    """One section a name: what apps call first, then the values they get, then the errors."""
    faces, values, errors = [], [], []
    for name, one in _public():
        if issubclass(one, BaseException):
            errors.append(name)
        elif issubclass(one, Struct):
            values.append((name, one))
        else:
            faces.append((name, one))
    lines = [
        "# The SDK",
        "",
        "Everything that `import intersession` offers. Calls are thread-safe; what a call has returned is on disk;",
        "datetimes are aware; lists are newest first, and what is due comes soonest first. Nothing but `pair`, `sync`,",
        "`live` and `wait_synced` touches the network.",
    ]
    for name, face in faces:
        lines += ["", f"## `{name}`", "", _words(face)]
        for called, member in _members(face):
            lines += ["", f"### `{name}.{called}`", "", *_signature(called, member), _words(member)]
    lines += ["", "## Values", "", "What calls answer with: frozen, never live objects."]
    for name, value in values:
        lines += ["", f"### `{name}`", "", _words(value), "", "| field | type |", "|---|---|"]
        annotations = _annotations(value)
        lines += [f"| `{field}` | `{annotations.get(field, '')}` |" for field in value.__struct_fields__]
    lines += [
        "",
        "## Errors",
        "",
        "On [a page of their own](errors.md): " + ", ".join(f"`{name}`" for name in errors) + ".",
    ]
    return "\n".join([*lines, ""])


def without_a_word() -> list[str]:
    """Public names, and members of classes, that have no docstring."""
    found = []
    for name, one in _public():
        if not _words(one):
            found.append(name)
        if not issubclass(one, BaseException | Struct):
            found += [f"{name}.{called}" for called, member in _members(one) if not _words(member)]
    return found


def _public() -> Iterator[tuple[str, type[Any]]]:
    for name in intersession.__all__:
        one = getattr(intersession, name)
        if isinstance(one, type):
            yield name, one


def _members(face: type[Any]) -> Iterator[tuple[str, Any]]:
    for called in dir(face):
        if called.startswith("_"):
            continue
        member = inspect.getattr_static(face, called)
        if isinstance(member, property | classmethod | staticmethod) or inspect.isfunction(member):
            yield called, member


def _signature(called: str, member: Any) -> list[str]:
    if isinstance(member, property):
        return []
    function = member.__func__ if isinstance(member, classmethod | staticmethod) else member
    signature = inspect.signature(function)
    parameters = [one for name, one in signature.parameters.items() if name not in ("self", "cls")]
    text = str(signature.replace(parameters=parameters)).replace("'", "").replace("<UNSET>", "UNSET")
    return ["    " + called + _QUALIFIED.sub("", text), ""]


def _annotations(value: type[Struct]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in reversed(value.__mro__):
        found.update({name: _QUALIFIED.sub("", str(hint)) for name, hint in inspect.get_annotations(one).items()})
    return {name: hint.replace("|", "\\|") for name, hint in found.items()}


def _words(one: Any) -> str:
    documented = one.fget if isinstance(one, property) else one
    return inspect.cleandoc(documented.__doc__ or "")
