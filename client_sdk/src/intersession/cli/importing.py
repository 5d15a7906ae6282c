"""`intersession import`: what was noted elsewhere."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import rich_click as click

from intersession.cli.commands import main, open_store, shared_options
from intersession.cli.output import importing as output_importing
from intersession.cli.output import printing as output
from intersession.cli.pipes import as_file
from intersession.errors import InvalidField


@main.group("import")
def import_() -> None:
    """Import data from elsewhere."""


@import_.command("symptoms")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--plan", is_flag=True, help="Show how the file is understood, without importing anything.")
@click.option("--time", multiple=True, metavar="COLUMN", help="Column with the date or time; may be repeated.")
@click.option("--columns", multiple=True, metavar="A,B", help="Columns to import. Default: all that look like scales.")
@click.option("--names", multiple=True, metavar="COLUMN=NAME", help="Name of a column's symptom.")
@click.option("--only", default=None, metavar="COLUMN=VALUE", help="Only one person's rows, for example person=p01.")
@click.option("--scale", default=None, metavar="LOW-HIGH", help="Scale of the values, for example 1-5.")
@click.option(
    "--zone", default=None, metavar="ZONE", help="Time zone for times without an offset, for example Europe/Berlin."
)
@click.option(
    "--date-order",
    type=click.Choice(["dmy", "mdy", "ymd", "excel"]),
    default=None,
    help="Order of day, month and year in dates; excel: dates are day numbers.",
)
@click.option("--time-of-day", default=None, metavar="HH:MM", help="Time of day for dates without one.")
@click.option("--delimiter", default=None, metavar="SIGN", help="Separator between cells, for example ; or tab.")
@click.option("--encoding", default=None, metavar="NAME", help="Encoding, for example utf-8 or windows-1252.")
@click.option("--decimal", type=click.Choice([".", ","]), default=None, help="Decimal separator.")
@click.option(
    "--layout",
    type=click.Choice(["wide", "long"]),
    default=None,
    help="wide: one column per symptom; long: one row per answer.",
)
@click.option("--name-column", default=None, metavar="COLUMN", help="Long layout: column with the symptom.")
@click.option("--value-column", default=None, metavar="COLUMN", help="Long layout: column with the value.")
@click.option("--note", multiple=True, metavar="COLUMN", help="Column with notes; empty for none.")
@click.option("--words", multiple=True, metavar="WORD=NUMBER", help="Number for an answer in words.")
@shared_options
def import_symptoms(store: Path | None, as_json: bool, file: Path, plan: bool, **given: Any) -> None:
    """Import symptom logs from a FILE with a header line. Importing again adds nothing.

    Anything ambiguous is asked, and remembered for the next file of the same kind.
    """
    understood = _understood(**given)
    with as_file(file) as readable, open_store(store) as tracker:
        found = tracker.symptoms.plan_import(readable, **understood)
        if plan:
            output.as_json(found) if as_json else output.say(output_importing.plan(found))
        elif not found.ambiguous:
            with click.progressbar(length=1, label="Importing", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:

                def advance(done: int, rows: int) -> None:
                    bar.length = rows
                    bar.update(done - bar.pos)

                report = tracker.symptoms.import_csv(readable, **understood, progress=advance)
            output.as_json(report) if as_json else output.say(output_importing.imported(report))
    if found.ambiguous:
        output.say(output_importing.questions(found.ambiguous), err=True)
        sys.exit(1)


def _understood(
    time: Sequence[str],
    columns: Sequence[str],
    names: Sequence[str],
    note: Sequence[str],
    words: Sequence[str],
    **given: Any,
) -> dict[str, Any]:
    """The options as the SDK takes them."""
    listed = [name.strip() for one in columns for name in next(csv.reader([one], skipinitialspace=True), [])]
    return {
        **given,
        "time": tuple(time) or None,
        "columns": [name for name in listed if name] or None,
        "names": dict(_pair("--names", one) for one in names) or None,
        "note": tuple(one for one in note if one) if note else None,
        "words": {word: _number(number) for word, number in (_pair("--words", one) for one in words)} or None,
    }


def _pair(option: str, given: str) -> tuple[str, str]:
    left, sign, right = given.rpartition("=")
    if not sign or not left.strip() or not right.strip():
        raise click.UsageError(f"Give {option} like {'COLUMN=NAME' if option == '--names' else 'often=3'}.")
    return left.strip(), right.strip()


def _number(given: str) -> int | float:
    try:
        return int(given) if given.lstrip("+-").isdecimal() else float(given)
    except ValueError:
        raise InvalidField(f"--words maps words to numbers; {given!r} is not a number.") from None
