"""The reference pages that are made from what the code says of itself.

.venv/bin/python -m tests.project.documentation.reference_pages      writes them anew
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, get_args, get_type_hints

import click
import msgspec
from msgspec import Struct
from tests.project.documentation.sdk_page import sdk_page

from intersession import errors
from intersession.cli import main as intersession
from intersession_schemas.documents.shapes import Prose
from intersession_schemas.records.kinds import MODELS
from intersession_schemas.streams import Kind
from intersession_server.cli import main as intersession_server
from intersession_server.settings import described

FOLDER = Path(__file__).parents[3] / "docs/reference"


def settings_page() -> str:
    """Every setting of the server."""
    lines = [
        "# Settings of the server",
        "",
        "Each is a flag of `intersession-server serve` and a variable of the environment; a flag wins.",
        "",
        "| flag | variable | default | |",
        "|---|---|---|---|",
    ]
    for setting in described():
        default = "" if setting.default in (None, False) else f"`{setting.default}`"
        lines.append(f"| `{setting.flag}` | `{setting.variable}` | {default} | {setting.description} |")
    return "\n".join([*lines, ""])


def commands_page(name: str, group: click.Group) -> str:
    """Every command of a command line, with its arguments and options."""
    lines = [f"# `{name}`", "", _text(group), "", *_options(group)]
    for words, command in _commands(group, [name]):
        arguments = [
            f" {p.make_metavar(click.Context(command))}" for p in command.params if isinstance(p, click.Argument)
        ]
        lines += [
            "",
            f"## `{' '.join(words)}`",
            "",
            f"    {' '.join(words)}{''.join(arguments)}",
            "",
            _text(command),
            "",
        ]
        lines += _options(command)
    return "\n".join([line.rstrip() for line in lines]).rstrip() + "\n"


def errors_page() -> str:
    """Every error that the SDK raises on purpose."""
    lines = [
        "# Errors of the SDK",
        "",
        "Each is an `IntersessionError` with a `code` for programs and a text for people.",
        "None holds what somebody wrote. The server's refusals and close codes are in [the protocol](protocol.md).",
        "",
        "| error | code | |",
        "|---|---|---|",
    ]
    for name in errors.__all__:
        error = getattr(errors, name)
        meaning = " ".join(inspect.cleandoc(error.__doc__).split("\n\n")[0].split())
        lines.append(f"| `{name}` | `{error.code}` | {meaning} |")
    return "\n".join([*lines, ""])


def _commands(group: click.Group, before: list[str]) -> Iterator[tuple[list[str], click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, [*before, name])
        else:
            yield [*before, name], command


def _options(command: click.Command) -> list[str]:
    rows = []
    for option in command.params:
        if isinstance(option, click.Option):
            names = ", ".join([*option.opts, *option.secondary_opts])
            variable = f" [{option.envvar}]" if isinstance(option.envvar, str) else ""
            rows.append(f"| `{names}` | {(option.help or '').replace('|', '/')}{variable} |")
    return ["| option | |", "|---|---|", *rows] if rows else []


def _text(command: click.Command) -> str:
    return inspect.cleandoc(command.help or "").split("\f")[0]


PAGES = {
    "settings.md": settings_page,
    "errors.md": errors_page,
    "intersession.md": lambda: commands_page("intersession", intersession),
    "intersession-server.md": lambda: commands_page("intersession-server", intersession_server),
}

"""Pages that are tables, by file."""


def json_schema(kind: Kind) -> str:
    """The JSON Schema of what the documents of a kind say, as they are read."""
    schema = msgspec.json.schema(MODELS[kind])
    for definition in schema["$defs"].values():  # Python 3.13 removes the indentation of docstrings, older ones do not
        if "description" in definition:
            definition["description"] = inspect.cleandoc(definition["description"])
    for model in structs_in(MODELS[kind]):
        for name, hint in get_type_hints(model, include_extras=True).items():
            for prose in (one for one in getattr(hint, "__metadata__", ()) if isinstance(one, Prose)):
                said = f"Merges character by character. One device writes at most {prose.most} characters."
                schema["$defs"][model.__name__]["properties"][name]["description"] = said
    named = {"title": kind.value, "description": inspect.cleandoc(MODELS[kind].__doc__ or ""), **schema}
    return msgspec.json.format(msgspec.json.encode(named), indent=2).decode() + "\n"


def structs_in(type_: Any) -> set[type[Struct]]:
    """A Struct and all that it holds."""
    found: set[type[Struct]] = set()
    waiting = [type_]
    while waiting:
        one = waiting.pop()
        if isinstance(one, type) and issubclass(one, Struct):
            if one not in found:
                found.add(one)
                waiting += get_type_hints(one, include_extras=True).values()
        else:
            waiting += get_args(one)
    return found


FILES: dict[str, Callable[[], str]] = {
    **PAGES,
    "sdk.md": sdk_page,
    **{f"schemas/{kind.value}.json": partial(json_schema, kind) for kind in MODELS},
}
"""Everything in the folder that is made here, by file."""

if __name__ == "__main__":
    (FOLDER / "schemas").mkdir(exist_ok=True)
    for page, make in FILES.items():
        (FOLDER / page).write_text(make(), encoding="utf-8")
