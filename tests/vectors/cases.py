"""What a subject's module consists of: its calls, its cases, and how values lie in the JSON of both.

A case holds what is given as JSON and nothing else, so whoever reads the file has all that the answer depends on.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from enum import Enum
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from intersession_schemas.errors import IntersessionError

Json = Any
WIDTH = 120
_ESCAPED = frozenset({"Cc", "Cf", "Cn", "Co", "Mn", "Zl", "Zp"})
"""Categories of characters that nobody would see in the file, or that an editor might put together anew."""


class Case(NamedTuple):
    """One case: a sentence on what it shows, which call it makes, and what is given to it."""

    shows: str
    call: str
    given: dict[str, Json]


class Subject(NamedTuple):
    """The content of one file: what it is about, its calls by name, and its cases, simple ones first."""

    about: str
    calls: Mapping[str, Callable[[dict[str, Json]], object]]
    cases: Sequence[Case]


def answered(subject: Subject, case: Case) -> Json:
    """What the code answers to a case, of which it sees what the file holds; `{"refused": …}` where it refuses."""
    given = json.loads(json.dumps(case.given))
    try:
        return without_empty(plain(subject.calls[case.call](given)))
    except IntersessionError as refusal:
        return {"refused": {"code": str(refusal.code), "words": str(refusal)}}


def text_of(subject: Subject) -> str:
    """The file."""
    cases = [
        {"shows": one.shows, "call": one.call, "given": one.given, "expected": answered(subject, one)}
        for one in subject.cases
    ]
    return pretty({"about": subject.about, "cases": cases}) + "\n"


# -- values ------------------------------------------------------------------------------------------------------------


def plain(value: object) -> Json:
    """A value as JSON: bytes as hexadecimal digits, days and moments in ISO 8601, Structs by their fields."""
    match value:
        case Enum():
            return value.value
        case float() if not math.isfinite(value):
            return str(value)
        case None | bool() | int() | float() | str():
            return value
        case bytes():
            return value.hex()
        case UUID():
            return str(value)
        case datetime() | date() | time():
            return value.isoformat()
        case Struct():
            return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
        case Mapping():
            return {str(plain(key)): plain(one) for key, one in value.items()}
        case list() | tuple():
            return [plain(one) for one in value]
    raise TypeError(f"{type(value).__name__} has no place in a case.")


def without_empty(value: Json) -> Json:
    """JSON without what says nothing: members of objects that are null, an empty text, an empty list or object."""
    match value:
        case dict():
            parts = {name: without_empty(one) for name, one in value.items()}
            return {name: one for name, one in parts.items() if one is not None and one not in ("", [], {})}
        case list():
            return [without_empty(one) for one in value]
    return value


def moment_in(given: dict[str, str]) -> datetime:
    """`{"at": moment, "zone": IANA name}`: the moment as clocks in that zone show it."""
    return datetime.fromisoformat(given["at"]).astimezone(ZoneInfo(given["zone"]))


# -- the file's layout -------------------------------------------------------------------------------------------------


def pretty(value: Json, indent: int = 0, before: int = 0) -> str:
    """JSON in which what fits into a line is one; `before` is what stands in the line already."""
    one_line = _one_line(value)
    if not isinstance(value, dict | list) or not value or indent + before + len(one_line) < WIDTH:
        return one_line
    inner = indent + 1
    if isinstance(value, dict):
        keys = [f"{_text(key)}: " for key in value]
        parts = [key + pretty(one, inner, len(key)) for key, one in zip(keys, value.values(), strict=True)]
    elif any(isinstance(one, dict | list) for one in value):
        parts = [pretty(one, inner) for one in value]
    else:
        parts = _filled([_one_line(one) for one in value], WIDTH - inner)
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    lines = f",\n{' ' * inner}".join(parts)
    return f"{opening}\n{' ' * inner}{lines}\n{' ' * indent}{closing}"


def _one_line(value: Json) -> str:
    match value:
        case str():
            return _text(value)
        case dict():
            return "{" + ", ".join(f"{_text(key)}: {_one_line(one)}" for key, one in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_one_line, value)) + "]"
    return json.dumps(value, allow_nan=False)


def _text(value: str) -> str:
    written = json.dumps(value, ensure_ascii=False)
    hidden = {one for one in written if not one.isascii() and unicodedata.category(one) in _ESCAPED}
    return written.translate({ord(one): json.dumps(one)[1:-1] for one in hidden})


def _filled(words: list[str], width: int) -> list[str]:
    """Words joined to lines."""
    lines = [words[0]]
    for word in words[1:]:
        if len(lines[-1]) + len(word) + 3 > width:
            lines.append(word)
        else:
            lines[-1] += f", {word}"
    return lines
