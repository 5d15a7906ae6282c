"""What `intersession import` prints."""

from __future__ import annotations

from collections.abc import Sequence

from intersession.cli.output.printing import moment
from intersession.importing.models import ImportPlan, ImportReport, Unclear

_SHOWN = 50
"""Lines of what was not imported; JSON has them all."""
_WIDTH = 60


def plan(one: ImportPlan) -> str:
    """What was understood of a file."""
    delimiter = {"\t": "tab", ",": "comma", ";": "semicolon"}.get(one.delimiter, one.delimiter)
    lines = [f"{one.rows} rows, {one.encoding}, columns separated by {delimiter}"]
    if one.header_line > 1:
        lines.append(f"Its columns are named in line {one.header_line}; nothing above it is read.")
    if one.source:
        lines.append(f"An export from {one.source}.")
    if one.remembered:
        lines.append("Read like the last file with this header, except where this one differs.")
    lines.append(f"Time: {_listed(one.time) or 'not known'}{_how(one)}")
    if one.layout == "long":
        lines.append(f"One answer per row: symptom in {one.name_column}, value in {one.value_column}")
    else:
        lines.append(f"Symptoms: {_listed([_called(one, column) for column in one.columns]) or 'none'}")
    if one.note:
        lines.append(f"Notes: {_listed(one.note)}")
    if one.only:
        lines.append(f"Only rows with {_short(one.only[1])} in {_short(one.only[0])}")
    lines += [f"Left out: {_short(column.column)}: {column.reason}" for column in one.left_out]
    if one.first_rows:
        lines.append("First:")
    for row in one.first_rows:
        values = " ".join(f"{_short(name)}={value:g}" for name, value in row.values.items())
        lines.append(f"  line {row.line}: {moment(row.at)}  {values}" + (f"  {_short(row.note)}" if row.note else ""))
    return "\n".join(lines)


def questions(asked: Sequence[Unclear]) -> str:
    """What has to be said to import the file, and by which options."""
    lines = ["Error: The file is ambiguous. Nothing was imported."]
    for one in asked:
        option = "--" + one.option.replace("_", "-")
        choices = ", ".join(_short(choice) for choice in one.choices[:20]).replace("\t", "tab")
        lines.append(f"  {one.question}\n    {option}" + (f": {choices}" if choices else ""))
    return "\n".join(lines)


def imported(one: ImportReport) -> str:
    """What an import did; columns, bad rows, cells and conflicts one by one."""
    counts = {
        "imported": one.imported,
        "there already": one.unchanged,
        "without an answer": one.skipped_empty,
        "of others": one.other,
        "changed": len(one.conflicts),
        "bad": len(one.bad),
    }
    lines = [f"{one.rows} rows: " + ", ".join(f"{count} {what}" for what, count in counts.items())]
    lines.append(f"read: {_listed(one.columns)}")
    lines += [f"left out: {_short(column.column)}: {column.reason}" for column in one.left_out]
    told = [(row.line, f"line {row.line}: {row.reason}") for row in one.bad]
    told += [(cell.line, f"line {cell.line}: {_short(cell.column)} {cell.reason}") for cell in one.bad_cells]
    told += [
        (
            row.line,
            f"line {row.line}: already imported with other values ({_listed(row.names)}); the existing values are kept",
        )
        for row in one.conflicts
    ]
    told.sort(key=lambda line: line[0])
    lines += [line for _, line in told[:_SHOWN]]
    if len(told) > _SHOWN:
        lines.append(f"… and {len(told) - _SHOWN:,} more; --json lists them all")
    if one.imported:
        lines.append(f"to undo it: intersession logs undo-import {one.id}")
    return "\n".join(lines)


def _how(one: ImportPlan) -> str:
    parts = [one.date_order, one.zone, f"at {one.time_of_day:%H:%M}" if one.time_of_day else None]
    said = ", ".join(part for part in parts if part)
    return f" ({said})" if said else ""


def _called(one: ImportPlan, column: str) -> str:
    name, unit = one.names.get(column), one.units.get(column)
    return _short(column) + (f" as {name}" if name else "") + (f" (in {unit})" if unit else "")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(_short, names))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _WIDTH else line[: _WIDTH - 1] + "…"
