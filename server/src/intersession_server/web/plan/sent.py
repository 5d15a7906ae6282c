"""What the plan's forms send, as the changes that the HTTP API takes. Pure.

A form is about one element at most. In the names of its fields `_` stands for it (`trackers._.name`), since its id may
hold anything; the field `element` says which it is, `+` a new one. Beside the fields of the change there are some that
a browser has no control for: when something recurs (forms/recurring.py), lists with a line for each item (`lines.`),
and what points of a scale are called (`labels.`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeVar

from msgspec import UNSET, Struct
from msgspec.structs import replace

from intersession_schemas.documents.forms import Label
from intersession_schemas.errors import InvalidField
from intersession_server.language.language import say
from intersession_server.web.forms.reading import structured
from intersession_server.web.forms.recurring import with_rule
from intersession_server.web.page import phrases

T = TypeVar("T", bound=Struct)
Pairs = Sequence[tuple[str, str]]

THIS = "_"
NEW = "+"
_LINES, _LABELS, _WAS = "lines.", "labels.", "was."
_TAKES_AWAY = "thresholds._.at"
"""A field that takes its element away when it is left empty."""
_POINT = re.compile(r"\s*([+\-−]?\d++(?:[.,]\d++)?+)\s*+(?:[=:]\s*)?+(.*\S)\s*")


def sent_change(pairs: Pairs, type_: type[T]) -> T:
    """The change of a document that a form sends. Raises `InvalidField`."""
    values = dict(pairs)
    if rule := values.get("rule_of"):
        pairs = with_rule(pairs, rule)
    change = structured(_with_lines(pairs), type_)
    change = _with_labels(change, pairs)
    return _named(change, values.get("element", ""))


def sent_heads(pairs: Pairs) -> tuple[bytes, ...] | None:
    """The heads that a form was made on; None where it names none. Raises `InvalidField`."""
    heads = [value for name, value in pairs if name == "based_on"]
    try:
        return tuple(map(bytes.fromhex, heads)) or None
    except ValueError:
        raise InvalidField("based_on: not the heads of a document.") from None


def lines(texts: Sequence[str]) -> str:
    """A list as a form shows it: an item a line."""
    return "\n".join(texts)


def label_lines(labels: Sequence[Label]) -> str:
    """What points of a scale are called, as a form shows it: 0 = none."""
    return "\n".join(f"{phrases.number(one.at)} = {one.text}" for one in labels)


def _with_lines(pairs: Pairs) -> Pairs:
    """Each line of a list as a field of its own. One that was left as it was is left out."""
    found: list[tuple[str, str]] = []
    for name, value in pairs:
        if name == _TAKES_AWAY and not value.strip():
            found.append((name.rpartition(".")[0], ""))
        elif not name.startswith(_LINES):
            found.append((name, value))
        elif not _is_as_it_was(pairs, name, value):
            items = [line.strip() for line in value.splitlines() if line.strip()]
            found += [(name.removeprefix(_LINES), item) for item in items or [""]]
    return found


def _with_labels(change: T, pairs: Pairs) -> T:
    """The change with what points of a scale are called; `labels.sections._` names the element."""
    for name, value in pairs:
        if name.startswith(_LABELS) and not _is_as_it_was(pairs, name, value):
            field = name.removeprefix(_LABELS).partition(".")[0]
            elements = getattr(change, field, UNSET)
            if isinstance(elements, dict) and elements.get(THIS) is not None:
                labels = tuple(_label(line) for line in value.splitlines() if line.strip())
                change = replace(change, **{field: {**elements, THIS: replace(elements[THIS], labels=labels)}})
    return change


def _is_as_it_was(pairs: Pairs, name: str, value: str) -> bool:
    was = next((one for key, one in pairs if key == _WAS + name), None)
    return was is not None and was.replace("\r\n", "\n") == value.replace("\r\n", "\n")


def _label(line: str) -> Label:
    found = _POINT.fullmatch(line)
    if found is None:
        raise InvalidField(say("Write what a point of the scale is called as 0 = none, one a line."))
    at = float(found[1].replace(",", ".").replace("−", "-"))
    return Label(at=int(at) if at.is_integer() else at, text=found[2])


def _named(change: T, element: str) -> T:
    """The change with the id of the element that `_` stands for."""
    renamed: dict[str, Any] = {}
    for name in change.__struct_fields__:
        given = getattr(change, name)
        if isinstance(given, dict) and THIS in given:
            if not element:
                raise InvalidField("element: missing.")
            renamed[name] = {element if id_ == THIS else id_: one for id_, one in given.items()}
    return replace(change, **renamed) if renamed else change
