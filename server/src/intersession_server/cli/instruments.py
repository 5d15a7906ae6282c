"""Commands about instruments and their official wording."""

from __future__ import annotations

from typing import IO, Any

import rich_click as click

from intersession_schemas.instruments import import_questionnaire, read_questionnaire
from intersession_server.cli.options import (
    ClearErrors,
    answer,
    execute,
    operator_options,
    practice_option,
)
from intersession_server.operator import commands, terminal
from intersession_server.operator.instruments import spoken

MOST_FILE = 4 * 1024 * 1024
"""Bytes of a questionnaire; of a longer file no more is read than shows that it is longer."""


@click.group(cls=ClearErrors)
def instrument() -> None:
    """Instruments: questionnaires, and the wording that a practice brings for them."""


@instrument.command("import")
@click.argument("file", type=click.File("rb"))
@click.option(
    "--language", metavar="CODE", default=None, help="A translation in the file, such as de. Default: its own language."
)
@click.option(
    "--as", "taken_as", metavar="KEY", default=None, help="What the file is, if ambiguous: a key such as phq-9, or new."
)
@practice_option
@operator_options
def instrument_import(file: IO[bytes], data: str | None, as_json: bool, **given: Any) -> None:
    """Import the wording of FILE, a FHIR R4 Questionnaire in JSON (- reads standard input).

    Wording of a known instrument is checked against the official text. Anything else becomes an instrument of your
    own, with a sum but no bands; a file that looks like a known one but does not match it needs --as. If a file cannot
    be used, all its problems are listed.
    """
    command = commands.ImportInstrument(questionnaire=file.read(MOST_FILE + 1), **given)
    asked = spoken(read_questionnaire(command.questionnaire), command.language)
    import_questionnaire(asked, command.taken_as)  # whatever is wrong is said here, in full
    result: commands.InstrumentImported = execute(data, command)
    answer(result, as_json, terminal.imported_lines(result))


@instrument.command("list")
@practice_option
@operator_options
def instrument_list(practice: str | None, data: str | None, as_json: bool) -> None:
    """List the instruments, whether their wording is imported, and whether clients can be asked."""
    result: commands.InstrumentsListed = execute(data, commands.ListInstruments(practice=practice))
    rows = [terminal.listed_row(one) for one in result.instruments]
    answer(result, as_json, terminal.table(terminal.INSTRUMENTS_HEAD, rows))
