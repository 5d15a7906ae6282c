"""The types of what is read from documents, as TypeScript: of every struct that `shapes` reaches."""

from __future__ import annotations

from inspect import cleandoc
from typing import Any

from client_sdk.web.generate import shapes

from intersession_schemas.records.kinds import MODELS, SHAPES

_HEAD = """\
// What is read from documents, and what lies in them. Written from the Python code by `./run vectors`; fields have the
// names that they have in documents.

/** A day, `2026-05-04`. */
export type IsoDay = string;
/** A moment in ISO 8601 with the offset of the clock it was written by. */
export type IsoMoment = string;
/** A UUID in its canonical form. */
export type Id = string;
"""
PLAIN = {
    "str": "string",
    "int": "number",
    "float": "number",
    "bool": "boolean",
    "null": "null",
    "day": "IsoDay",
    "moment": "IsoMoment",
    "id": "Id",
}
"""What types without parts are called."""


def text() -> str:
    """The file."""
    described = shapes.data()["structs"]
    found = shapes.structs()
    parts = [_HEAD]
    parts += [_interface(name, one["fields"], found[name].cls.__doc__) for name, one in described.items()]
    parts.append(_by_kind("Records", "What is read from each kind that is made and edited field by field.", SHAPES))
    parts.append(_by_kind("Models", "What is read from each kind.", MODELS))
    return "\n".join(parts)


def _interface(name: str, fields: list[dict[str, Any]], doc: str | None) -> str:
    lines = [f"  readonly {field['name']}: {_type(field['type'])};" for field in fields]
    return "\n".join([*comment(doc or name), f"export interface {name} {{", *lines, "}", ""])


def _by_kind(name: str, doc: str, kinds: Any) -> str:
    models = {kind: getattr(model, "model", model) for kind, model in kinds.items()}
    lines = [f"  readonly {kind.value}: {shapes.name_of(model)};" for kind, model in sorted(models.items())]
    return "\n".join([*comment(doc), f"export interface {name} {{", *lines, "}", ""])


def comment(doc: str) -> list[str]:
    """A docstring as the lines of a comment of TypeScript."""
    lines = cleandoc(doc).splitlines()
    if len(lines) == 1:
        return [f"/** {lines[0]} */"]
    return ["/**", *(f" * {line}".rstrip() for line in lines), " */"]


def _type(one: dict[str, Any]) -> str:
    match one["is"]:
        case "word":
            return " | ".join(f'"{word}"' for word in one["of"])
        case "union":
            found = dict.fromkeys(_type(each) for each in one["of"])
            return " | ".join(sorted(found, key=lambda each: each == "null"))
        case "list":
            inner = _type(one["of"])
            return f"readonly ({inner})[]" if " " in inner else f"readonly {inner}[]"
        case "tuple":
            return f"readonly [{', '.join(map(_type, one['of']))}]"
        case "map":
            return f"Readonly<Record<string, {_type(one['of'])}>>"
        case "struct":
            return str(one["name"])
        case plain:
            return PLAIN[plain]
