"""A CSV file of symptom logs as rows of text, read once and whole: which columns hold numbers, which lines are bad.

It knows nothing of logs or stores. A line number is the file's own, counted from 1, also where cells hold line
breaks.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from intersession.errors import InvalidField
from intersession_schemas.documents.symptoms import Number

_WHOLE = re.compile(r"[+-]?[0-9]{1,15}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?", re.ASCII)
_NO_ANSWER = ("", "NA")
_DELIMITERS = ",;\t"


class Line(Struct, frozen=True):
    """One row: `cells` by column, without those that are empty; `bad` says what is wrong with the line itself."""

    number: int
    cells: dict[str, str]
    bad: str | None = None


class CsvFile(Struct, frozen=True):
    """The header's columns and the rows below it."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]

    def require(self, columns: Sequence[str]) -> None:
        """Raise `InvalidField` unless the file has all of `columns`."""
        for column in columns:
            if column not in self.columns:
                raise InvalidField(f"The file has no column {column!r}. It has: {', '.join(self.columns)}.")

    def numeric(self) -> list[str]:
        """The columns of which more than half of the cells that hold something hold numbers."""
        filled = dict.fromkeys(self.columns, 0)
        numbers = dict.fromkeys(self.columns, 0)
        for line in self.lines:
            for column, cell in line.cells.items():
                filled[column] += 1
                numbers[column] += number(cell) is not None
        return [column for column in self.columns if 2 * numbers[column] > filled[column]]


@lru_cache(maxsize=10_000)  # answers repeat themselves
def number(cell: str) -> Number | None:
    """The number that a cell holds, whole ones as int; None if it holds something else."""
    if _WHOLE.fullmatch(cell):
        return int(cell)
    if not _DECIMAL.fullmatch(cell):
        return None
    value = float(cell)
    return value if abs(value) != float("inf") else None


def read_csv(path: Path) -> CsvFile:
    """Read a file: UTF-8, a header line, columns separated by commas, semicolons or tabs.

    Raises `InvalidField` when it is not such a file, `OSError` when it cannot be read.
    """
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidField("The file is not UTF-8 text. Save it as CSV in UTF-8 and try again.") from None
    rows = _rows(text)
    header = next(rows, (0, None))[1]
    if not header:
        raise InvalidField("The file has no header line that names its columns.")
    columns = tuple(cell.strip() for cell in header)
    named = [column for column in columns if column]
    if len(set(named)) != len(named):
        raise InvalidField("The file's header names a column twice. Give each column a name of its own.")
    return CsvFile(tuple(named), tuple(_line(at, cells, columns) for at, cells in rows if cells != []))


def _rows(text: str) -> Iterator[tuple[int, list[str] | None]]:
    """Each row's first line number and its cells, None where they cannot be told."""
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    while True:
        at = reader.line_num + 1
        try:
            yield at, next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield at, None


def _line(at: int, cells: list[str] | None, columns: tuple[str, ...]) -> Line:
    if cells is None:
        return Line(at, {}, "not readable as CSV")
    if len(cells) != len(columns):
        return Line(at, {}, f"{len(cells)} cells where the header has {len(columns)}")
    stripped = ((column, cell.strip()) for column, cell in zip(columns, cells, strict=True) if column)
    return Line(at, {column: cell for column, cell in stripped if cell not in _NO_ANSWER})
