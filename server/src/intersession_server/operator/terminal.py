"""What the command line prints: tables, times, problems, and what became of a questionnaire."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TextIO

import click
import msgspec
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from intersession_schemas.errors import IntersessionError
from intersession_schemas.instruments import NEW, QuestionnaireInvalid, QuestionnaireOther, QuestionnaireUnclear
from intersession_schemas.terminals import visible, visible_cell, visible_json
from intersession_server.errors import Refused
from intersession_server.operator.commands import InstrumentImported, InstrumentListed, Worded

INSTRUMENTS_HEAD = ("key", "title", "wording", "language", "for clients", "licence")
_STATUS: dict[Worded, str] = {
    "own": "our own",
    "verified": "verified",
    "imported": "imported",
    "none": "-",
}
_LICENCE = 70
_WIDEST = 1_000_000
_SHEET = Console(file=io.StringIO(), width=_WIDEST, color_system=None, force_terminal=False, legacy_windows=False)
"""What columns are set on; nothing is printed with it."""


def escape_what_cannot_be_shown(*streams: TextIO) -> None:
    """Whatever the code page, a name that it does not have is shown escaped, and ends no command."""
    for stream in streams:
        if getattr(stream, "errors", "") == "strict" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def say(lines: Sequence[str]) -> None:
    """Print what a command answers. Raises `Refused` (`not_written`) where that cannot be written."""
    try:
        for line in lines:
            click.echo(shown(line, sys.stdout), color=True)  # else click takes escape sequences out of what is piped
    except BrokenPipeError:  # whoever reads has enough; click ends quietly
        raise
    except OSError as error:
        _drop_output()
        text = f"The command was carried out, but its output could not be written: {error.strerror}."
        raise Refused("not_written", text) from error


def shown(text: str, to: TextIO) -> str:
    """Text as it goes out: a terminal is given nothing that it would do instead of showing, all else is as it is."""
    return visible(text) if to.isatty() else text


def _drop_output() -> None:
    """Python would try to write the rest once more as it ends, and may end with a code of its own then."""
    with contextlib.suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nothing, sys.stdout.fileno())
        finally:
            os.close(nothing)


def json_text(value: object, to: TextIO) -> str:
    """A value as JSON that stays JSON in the encoding of the stream that it is printed to, and moves no terminal."""
    text = msgspec.json.encode(value).decode()
    text = visible_json(text) if to.isatty() else text
    if (getattr(to, "encoding", None) or "utf-8").lower().startswith("utf"):
        return text
    return re.sub(r"[^\x00-\x7f]", lambda found: json.dumps(found[0])[1:-1], text)


def _unwatched(result: InstrumentImported) -> str:
    """What has to be known before anything else of a questionnaire that was imported; empty when there is nothing."""
    if not result.known and not result.watched:
        of_risk = (
            f", though it asks about death or self-harm ({', '.join(result.unwatched)})" if result.unwatched else ""
        )
        return f"no risk rule watches it{of_risk}; "
    if result.unwatched:
        return "no risk rule watches all of it; "
    if any(not one.confirmed for one in result.watched):
        return "which question is its risk item is taken on your word, nothing in the file confirms it; "
    return ""


def imported_lines(result: InstrumentImported) -> list[str]:
    """What became of a questionnaire, one line a fact: first whether a risk rule watches it, where that matters."""
    what = f"{'a known instrument' if result.known else 'a new instrument'}, {result.items} items."
    lines = [f"{result.title} ({result.key}): {_unwatched(result)}{what}"]
    lines += [f"A risk rule watches {one.link_id}, “{one.text}”, from {one.at_least} up." for one in result.watched]
    if result.unwatched and result.watched:
        lines.append(f"Not watched, and about death or self-harm: {', '.join(result.unwatched)}.")
    if result.unwatched:
        lines.append("To have them watched, import the file again with --risk and the linkId of each.")
    if result.status == "verified":
        lines.append("Its wording is verified: it matches the known official text word for word.")
    else:
        lines.append(
            "Its wording is imported: it has not been compared with an official text and is your responsibility."
        )
    if result.scales:
        bands = "with bands" if result.bands else "without bands: a sum, without interpretation"
        lines.append(f"Scores: {', '.join(result.scales)}; {bands}.")
    else:
        lines.append("It has no score: none of its answers has a score.")
    if result.language:
        lines.append(f"Language: {result.language}.")
    lines.append(f"Licence: {result.licence}")
    lines += [f"Note: {note}" for note in result.notes]
    if result.already:
        lines.append(f"{result.name} already offers this wording. Nothing was changed.")
    elif result.replaced:
        lines.append(f"{result.name} now offers it instead of the previous wording; existing answers keep theirs.")
    else:
        lines.append(f"{result.name} can now offer it to clients.")
    return lines


def listed_row(one: InstrumentListed) -> tuple[str, ...]:
    """One instrument as a row under `INSTRUMENTS_HEAD`."""
    offered = "yes" if one.offered else "paper only"
    licence = " ".join(one.licence.split())
    licence = licence if len(licence) <= _LICENCE else licence[: _LICENCE - 1] + "…"
    return one.key, one.title, _STATUS[one.status], one.language or "-", offered, licence


def problem_text(error: IntersessionError, *, as_json: bool, to: TextIO) -> str:
    """An error on purpose, for the terminal or for programs; of a questionnaire, everything that is to be mended."""
    problems = error.problems if isinstance(error, QuestionnaireInvalid) else ()
    if as_json:
        found: dict[str, Any] = {"code": error.code, "message": str(error)}
        if problems:
            found["problems"] = msgspec.to_builtins(problems)
        if isinstance(error, QuestionnaireUnclear):
            found["candidates"] = {**error.candidates, NEW: 0}
            found["risky"] = list(error.risky)
        return json_text({"error": found}, to)
    if isinstance(error, QuestionnaireUnclear):
        return f"Error: {error}".replace("\n- as ", "\n- --as ").replace("\n- risk ", "\n- --risk ")
    if isinstance(error, QuestionnaireOther):
        return f"Error: {error}".replace("import it as new", "import it with --as new")
    if not problems:
        return f"Error: {error}"
    count = f"{len(problems)} problem{'' if len(problems) == 1 else 's'} to fix"
    return "\n".join([f"Error: The questionnaire cannot be used; {count}:", *(f"- {one}" for one in problems)])


def moment(at: datetime | None) -> str:
    """A moment on this machine's clock, to the minute."""
    return "-" if at is None else at.astimezone().strftime("%Y-%m-%d %H:%M")


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Columns for people, by what characters take on a screen. Each row is a line, whole, however long.

    On a terminal that is too narrow for that, cells of several words go on in the next line; no id is ever cut.
    Names come from people: nothing in them is taken for markup or control.
    """
    columns = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for cells in zip(head, *rows, strict=True):
        columns.add_column(overflow="fold", no_wrap=not any(" " in cell for cell in cells[1:]))
    for row in (head, *rows):
        columns.add_row(*(Text(visible_cell(cell)) for cell in row))
    needed = Measurement.get(_SHEET, _SHEET.options.update(max_width=_WIDEST), columns)
    screen = shutil.get_terminal_size().columns if sys.stdout.isatty() else needed.maximum
    width = screen if needed.minimum <= screen else needed.maximum
    options = _SHEET.options.update(width=min(width, needed.maximum))
    lines = _SHEET.render_lines(columns, options, pad=False)
    return ["".join(segment.text for segment in line).rstrip() for line in lines]
