"""The reference of the SDK: every public name with its signature and its docstring."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from types import UnionType
from typing import Any, Union, get_args, get_origin, is_typeddict

from msgspec import UNSET, Struct

import intersession
from intersession import IntersessionError, testing
from intersession_schemas.documents.care.agenda import DueKind
from intersession_schemas.measures.signals.signal import SignalKind

_QUALIFIED = re.compile(r"\b(?:[a-z_]+\.)+(?=[A-Z])")
"""Module paths in annotations: whoever embeds the SDK imports from its top."""

_NOT_EXPORTED = {
    "Callback": "Callable[[Change], object]",
    "Clock": "Callable[[], datetime]",
    "Dispatch": "Callable[[Callable[[], object]], object]",
    "DueKind": f"Literal{list(get_args(DueKind))}",
    "SignalKind": f"Literal{list(get_args(SignalKind))}",
}
"""Names that annotations have inside, and what they stand for."""


def sdk_page() -> str:
    """One section a name: what apps call first, then the values they get, what they give by name, the errors."""
    faces, values, given, raised = [], [], [], []
    for name, one in _public():
        if issubclass(one, IntersessionError):
            raised.append((name, one))
        elif is_typeddict(one):
            given.append((name, one))
        elif issubclass(one, Struct) or hasattr(one, "_fields"):
            values.append((name, one))
        else:
            faces.append((name, one))
    lines = [
        "# The SDK",
        "",
        "Everything that `import intersession` offers. Calls are thread-safe; what a call has returned is on disk;",
        "datetimes are aware; lists are newest first, and what is due comes soonest first. Nothing but `pair`, `sync`,",
        "`live` and `wait_synced` touches the network, and the same three of `aio`, to be awaited.",
    ]
    for name, face in faces:
        lines += ["", f"## `{name}`", "", _words(face), *_member_sections(name, face)]
    lines += ["", "## Values", "", "What calls answer with: frozen, never live objects."]
    for name, value in values:
        lines += ["", f"### `{name}`", "", _words(value), *_field_table(value)]
    lines += ["", "## Words and shapes", "", "Types of what is given and answered: closed sets of words, and unions."]
    for name, alias in _aliases():
        lines += ["", f"### `{name}`", "", *_alias(alias)]
    for name, one in given:
        lines += ["", f"### `{name}`", "", _words(one), *_field_table(one)]
    lines += ["", "## Errors", "", "What each means to a person is on [a page of their own](errors.md)."]
    for name, error in raised:
        lines += ["", f"### `{name}`", "", f"`code`: `{error.code}`. {_words(error)}"]
    lines += ["", "## For tests of an app: `intersession.testing`", "", _words(testing).split("\n\nPYTEST")[0]]
    for name in testing.__all__:
        one = getattr(testing, name)
        signature = [] if isinstance(one, type) else _signature(name, inspect.unwrap(one))
        lines += ["", f"### `intersession.testing.{name}`", "", *signature, _words(one)]
        if isinstance(one, type) and not issubclass(one, BaseException):
            lines += _member_sections(name, one, level="####")
    return "\n".join([*lines, ""])


def _member_sections(name: str, face: type[Any], level: str = "###") -> list[str]:
    lines: list[str] = []
    for called, member in _members(face):
        lines += ["", f"{level} `{name}.{called}`", "", *_signature(called, member), _words(member)]
    return lines


def _field_table(value: type[Any]) -> list[str]:
    annotations = _annotations(value)
    fields = getattr(value, "__struct_fields__", getattr(value, "_fields", tuple(annotations)))
    if not fields:
        return []
    rows = [f"| `{field}` | `{annotations.get(field, '')}` |" for field in fields]
    return ["", "| field | type |", "|---|---|", *rows]


def _aliases() -> Iterator[tuple[str, Any]]:
    for name in intersession.__all__:
        one = getattr(intersession, name)
        if not isinstance(one, type):
            yield name, one


def _alias(alias: Any) -> list[str]:
    if alias is UNSET:
        return ["What is not given, where None means something: a field that is left as it is."]
    # How a union is written depends on how it was made, and on the Python: here always with bars.
    parts = get_args(alias) if get_origin(alias) in (Union, UnionType) else (alias,)
    said = " | ".join(one.__name__ if type(one) is type else str(one) for one in parts)
    return [_QUALIFIED.sub("", re.sub(r"(\w+\.)+(?=\w)", "", said)).replace("NoneType", "None").join(("`", "`"))]


def without_a_word() -> list[str]:
    """Public names, and members of classes, that have no docstring."""
    found = []
    for name, one in _public():
        if not _words(one):
            found.append(name)
        if not issubclass(one, BaseException | Struct) and not is_typeddict(one):
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
    parameters = [
        one if one.annotation is one.empty else one.replace(annotation=_Written(one.annotation))
        for name, one in signature.parameters.items()
        if name not in ("self", "cls")
    ]
    answer = signature.return_annotation
    if answer is not signature.empty:
        answer = _Written(answer)
    text = str(signature.replace(parameters=parameters, return_annotation=answer)).replace("<UNSET>", "UNSET")
    return ["    " + called + _spelt(text), ""]


class _Written:
    """An annotation as it is written in the source, without the quotes that inspect puts around it."""

    def __init__(self, annotation: object) -> None:
        self._text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)

    def __repr__(self) -> str:
        return self._text


def _spelt(text: str) -> str:
    """A type without module paths, and without names that nobody can import."""
    text = _QUALIFIED.sub("", text.replace("builtins.", ""))
    for name, meaning in _NOT_EXPORTED.items():
        text = re.sub(rf"\b{name}\b", meaning, text)
    return text


def _annotations(value: type[Struct]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in reversed(value.__mro__):
        # A TypedDict keeps its annotations as references to be resolved: what was written is in them.
        hints = {name: getattr(hint, "__forward_arg__", hint) for name, hint in inspect.get_annotations(one).items()}
        found.update({name: _spelt(str(hint)) for name, hint in hints.items()})
    return {name: hint.replace("|", "\\|") for name, hint in found.items()}


def _words(one: Any) -> str:
    documented = one.fget if isinstance(one, property) else one
    return inspect.cleandoc(documented.__doc__ or "")
