"""Commands about instruments and their official wording."""

from __future__ import annotations

import json
import sys
from typing import IO, Any

import msgspec
import rich_click as click

from intersession_schemas.errors import IntersessionError
from intersession_schemas.instruments import only_terminology
from intersession_server.cli.options import (
    ClearErrors,
    answer,
    execute,
    operator_options,
    practice_option,
)
from intersession_server.operator import commands, terminal
from intersession_server.operator.instruments import read_import

MOST_FILE = 4 * 1024 * 1024
"""Bytes of a questionnaire; of a longer file no more is read than shows that it is longer."""


@click.group(cls=ClearErrors)
def instrument() -> None:
    """Instruments: questionnaires, and the wording that a practice brings for them."""


@instrument.command("import")
@click.argument("files", type=click.File("rb"), nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--language", metavar="CODE", default=None, help="A translation in the file, such as de. Default: its own language."
)
@click.option(
    "--as", "taken_as", metavar="KEY", default=None, help="What the file is, if ambiguous: a key such as phq-9, or new."
)
@click.option(
    "--risk",
    "risks",
    metavar="LINKID[:AT_LEAST]",
    multiple=True,
    help="A risk item of an instrument of your own, and from which value up. Default: from its second-lowest value.",
)
@practice_option
@operator_options
def instrument_import(files: tuple[IO[bytes], ...], data: str | None, as_json: bool, **given: Any) -> None:
    """Import the wording of each FILE, a FHIR R4 Questionnaire in JSON or XML (- reads standard input).

    Wording of a known instrument is checked by what its items and answers mean, and against the official text. Anything
    else becomes an instrument of your own, with a sum but no bands, and with the risk items that --risk names; a file
    that looks like a known one and cannot be confirmed needs --as. Value sets in files of their own are used by the
    questionnaires beside them. If a file cannot be used, all its problems are listed.
    """
    read = [(getattr(file, "name", "-"), file.read(MOST_FILE + 1)) for file in files]
    beside = tuple(raw for _, raw in read if len(read) > 1 and only_terminology(raw))
    asked = [(name, raw) for name, raw in read if raw not in beside] or read[:1]
    if len(asked) > 1 and (given["taken_as"] or given["risks"]):
        raise click.UsageError("--as and --risk say what one file is: import it on its own.")
    made = [(name, commands.ImportInstrument(questionnaire=raw, beside=beside, **given)) for name, raw in asked]
    if len(made) > 1:
        sys.exit(_import_all(data, made, as_json=as_json))
    (_, command), *_ = made
    result = _import(data, command)
    answer(result, as_json, terminal.imported_lines(result))


def _import(data: str | None, command: commands.ImportInstrument) -> commands.InstrumentImported:
    read_import(command)  # whatever is wrong is said here, in full
    result: commands.InstrumentImported = execute(data, command)
    return result


def _import_all(data: str | None, made: list[tuple[str, commands.ImportInstrument]], *, as_json: bool) -> int:
    """Import each file on its own, and say of each what became of it; the exit code: 1 when one was not imported."""
    failed, told = 0, []
    for name, command in made:
        try:
            result = _import(data, command)
        except IntersessionError as error:
            failed = 1
            text = terminal.problem_text(error, as_json=as_json, to=sys.stderr)
            if as_json:
                told.append({"file": name, **json.loads(text)})
            else:
                click.echo(terminal.shown(f"{name}: {text}", sys.stderr), err=True, color=True)
        else:
            if as_json:
                told.append({"file": name, **msgspec.to_builtins(result)})
            else:
                first, *more = terminal.imported_lines(result)
                terminal.say([f"{name}: {first}", *more])
    if as_json:
        terminal.say([terminal.json_text(told, sys.stdout)])
    return failed


@instrument.command("list")
@practice_option
@operator_options
def instrument_list(practice: str | None, data: str | None, as_json: bool) -> None:
    """List the instruments, whether their wording is imported, and whether clients can be asked."""
    result: commands.InstrumentsListed = execute(data, commands.ListInstruments(practice=practice))
    rows = [terminal.listed_row(one) for one in result.instruments]
    answer(result, as_json, terminal.table(terminal.INSTRUMENTS_HEAD, rows))
