"""Text as rows of cells: where a row ends, where a cell does, and by which delimiter the rows agree. Pure.

Only CR and LF end lines. A line number is the file's own, counted from 1, also where cells hold line breaks. What is
wrong with a row stays with that row: a quote that is never closed swallows nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from msgspec import Struct

from intersession.importing.dates import spelled
from intersession.inputs.numbers import written
from intersession_schemas.documents.names import name_key, tidy_name
from intersession_schemas.errors import InvalidField

DELIMITERS = (",", ";", "\t", "|")
_BLANK = re.compile(r"[\r\n]+")
_END = re.compile(r"\r\n|\n|\r")
_SAMPLE = 200
"""Rows by which a delimiter is judged."""
_FIRST_LINES = 20
"""Rows among which the header is looked for: titles may stand above it."""
_AROUND = "".join(
    map(
        chr,
        (
            *(0, *range(9, 14), *range(0x1C, 0x21), 0x85, 0xA0, 0xAD, 0x61C, 0x1680, 0x180E, 0x3000, 0xFEFF),
            *(*range(0x2000, 0x2010), *range(0x2028, 0x2030), *range(0x205F, 0x2070)),
        ),
    )
)
"""Spaces, and what cannot be seen."""
_FORMULA = re.compile(r'="(.*)"', re.DOTALL)
"""Spreadsheets write text like that, so that it stays text."""

Cells = list[str]


class Table(Struct, frozen=True):
    """The header's columns and line, and where the rows below it begin. A column without a name is called ``""``."""

    text: str
    delimiter: str
    columns: tuple[str, ...]
    start: int
    line: int
    header_line: int

    def rows(self) -> Iterator[tuple[int, Cells | str]]:
        """Each row's first line and its cells, tidy; a text says what is wrong with the row."""
        width, named = len(self.columns), len(_trimmed(self.columns))
        tidy = str.strip if _is_plain(self.text) else _tidy
        for line, cells, _, _ in records(self.text, self.delimiter, width, self.start, self.line):
            if len(cells) == width:
                yield line, [tidy(cell) for cell in cells]
            elif named <= len(cells) < width or (len(cells) > width and not "".join(cells[width:]).strip()):
                yield line, [tidy(cell) for cell in (*cells[:width], *[""] * (width - len(cells)))]
            else:
                yield line, f"{len(cells)} cell{'s' * (len(cells) != 1)} where the header has {width}"


def _tidy(cell: str) -> str:
    """A cell without spaces and characters that cannot be seen around it, and as the text that a formula stands for."""
    cell = cell.strip()
    if _is_plain(cell):
        return cell
    cell = cell.strip(_AROUND)
    formula = _FORMULA.fullmatch(cell)
    return cell if formula is None else formula[1].replace('""', '"').strip(_AROUND)


def _is_plain(text: str) -> bool:
    """Whether there is nothing in a text that a cell is rid of but spaces."""
    return text.isascii() and "\0" not in text and '="' not in text


def _trimmed(cells: Sequence[str]) -> Sequence[str]:
    """Without the empty ones at the end."""
    filled = [place for place, cell in enumerate(cells, start=1) if cell]
    return cells[: filled[-1] if filled else 0]


class Candidate(Struct, frozen=True):
    """A table as one delimiter makes it, and which part of its first rows agrees with the header."""

    table: Table
    agreement: float


def candidates(text: str, delimiter: str | None) -> list[Candidate]:
    """The ways to part the text, best first; those that are clearly worse are left out.

    Raises `InvalidField` for a text without a header.
    """
    start, line, said = _separator_line(text)
    given = delimiter if delimiter is not None else said
    found = [_candidate(text, one, start, line) for one in ((given,) if given is not None else DELIMITERS)]
    if given is not None:
        return found
    several = [one for one in found if len(one.table.columns) > 1]
    whole = [one for one in several if one.agreement > 0]
    if not whole:
        return [max(several or found, key=lambda one: len(one.table.columns))]
    best = max(one.agreement for one in whole)
    return sorted(
        (one for one in whole if one.agreement > best - 0.2),
        key=lambda one: (-one.agreement, -len(one.table.columns)),
    )


class SheetRow(NamedTuple):
    """A row: its first line, its cells, and where the next one begins."""

    line: int
    cells: Cells
    after: int
    next_line: int


def records(text: str, delimiter: str, width: int | None = None, start: int = 0, line: int = 1) -> Iterator[SheetRow]:
    """The rows of a text from `start` on, which is in `line`; blank lines are none.

    A row of several lines is taken for one when it has `width` cells; else its first line is a row of its own.
    """
    at, length = start, len(text)
    reader = _Quoted(text, delimiter)
    patience = 2 * length  # what may be read in vain, so that a file of nothing but quotes costs its length
    while at < length:
        blank = _BLANK.match(text, at)
        if blank is not None:
            at, line = blank.end(), line + _ends(blank[0])
            continue
        found = _END.search(text, at)
        stop = found.start() if found is not None else length
        if text.find('"', at, stop) < 0:
            cells = text[at:stop].split(delimiter)
        else:
            whole, reached = reader.read(at, length if patience > 0 else stop)
            if whole is None or (reached > stop and width is not None and len(whole) != width):
                patience -= reached - at
                cells = reader.read_line(at, stop, width)
            else:
                cells, stop = whole, reached
        ends = _END.match(text, stop)
        after = ends.end() if ends is not None else stop
        next_line = line + 1 + _ends(text[at:stop])
        yield SheetRow(line, cells, after, next_line)
        at, line = after, next_line


def _ends(text: str) -> int:
    """How many lines end in a text."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")


class _Quoted:
    """Reads rows with quotes in them."""

    def __init__(self, text: str, delimiter: str) -> None:
        self._text, self._delimiter = text, delimiter
        part = re.escape(delimiter)
        self._opens = re.compile(r' *=?"')
        self._ends = re.compile(rf"{part}|\r|\n")
        self._closes = re.compile(rf" *(?:(?={part}|\r|\n)|\Z)")

    def read(self, at: int, limit: int) -> tuple[Cells | None, int]:
        """The cells of the row at `at`, and where it ends; None for a cell whose quote is not closed before `limit`."""
        text, cells = self._text, Cells()
        while True:
            opened = self._opens.match(text, at, limit)
            if opened is None:
                found = self._ends.search(text, at, limit)
                end = found.start() if found is not None else limit
                cells.append(text[at:end])
            else:
                closed = self._closing(opened.end(), limit)
                if closed is None:
                    return None, limit
                close, end = closed
                cells.append(text[opened.end() : close].replace('""', '"'))
            if end >= limit or not text.startswith(self._delimiter, end):
                return cells, end
            at = end + len(self._delimiter)

    def read_line(self, at: int, stop: int, width: int | None) -> Cells:
        """The cells of the row that ends at `stop`, also where a quote in it is not closed.

        That cell goes on to the end of the line where this gives the row its `width`, else to the next delimiter.
        """
        whole, _ = self.read(at, stop)
        if whole is not None:
            return whole
        text, cells = self._text, Cells()
        while True:
            opened = self._opens.match(text, at, stop)
            closed = None if opened is None else self._closing(opened.end(), stop)
            if opened is not None and closed is not None:
                cells.append(text[opened.end() : closed[0]].replace('""', '"'))
                end = closed[1]
            else:
                end = text.find(self._delimiter, at, stop)
                if end < 0 or (opened is not None and len(cells) + 1 == width):
                    end = stop
                cells.append(text[at if opened is None else opened.end() : end])
            if end >= stop:
                return cells
            at = end + len(self._delimiter)

    def _closing(self, at: int, limit: int) -> tuple[int, int] | None:
        """Where the quote is that closes a cell, and where the cell ends; one in its middle closes nothing."""
        while (close := self._text.find('"', at, limit)) >= 0:
            if self._text.startswith('"', close + 1, limit):
                at = close + 2
                continue
            end = self._closes.match(self._text, close + 1, limit)
            if end is not None:
                return close, end.end()
            at = close + 1
        return None


def _separator_line(text: str) -> tuple[int, int, str | None]:
    """Where the header begins, its line, and the delimiter that a first line like `sep=;` names."""
    found = re.match(r'"?sep=(.)"?[ \t,;]*(?:\r\n|\n|\r)', text, re.IGNORECASE)
    if found is None:
        return 0, 1, None
    return found.end(), 2, found[1]


def _candidate(text: str, delimiter: str, start: int, line: int) -> Candidate:
    header = _header(text, delimiter, start, line)
    columns = tuple(map(_tidy, header.cells))
    table = Table(text, delimiter, columns, header.after, header.next_line, header.line)
    seen = [not isinstance(row, str) for _, row in islice(table.rows(), _SAMPLE)]
    return Candidate(table, sum(seen) / len(seen) if seen else 0.01 if len(columns) > 1 else 0.0)


def _header(text: str, delimiter: str, start: int, line: int) -> SheetRow:
    """The row that names the columns: the first with two names, if those above it are titles of at most one."""
    first = None
    for record in islice(records(text, delimiter, None, start, line), _FIRST_LINES):
        first = record if first is None else first
        filled = [cell for one in record.cells if (cell := _tidy(one))]
        if len(filled) > 1:
            named = record is first or not any(written(one) or spelled(one) for one in filled)
            return record if named else first
    if first is None:
        raise InvalidField("The file has no header line that names its columns.")
    return first


def check_header(table: Table) -> None:
    """Raise `InvalidField` unless there are names, each is there once, and some row has cells for them."""
    names = [tidy_name(column) for column in table.columns if column]
    if not names:
        raise InvalidField("The file has no header line that names its columns.")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InvalidField(f"The file's header has the column {twice[:60]!r} twice. Give each column a unique name.")
    rows = list(islice(table.rows(), _SAMPLE))
    if len(table.columns) > 1 and rows and all(isinstance(cells, str) for _, cells in rows):
        raise InvalidField(
            f"No row of the file fits its header. Line {rows[0][0]}: {rows[0][1]}. "
            "Put quotes around cells that contain a comma, or say which delimiter separates the cells."
        )


def spelled_twice(columns: Sequence[str]) -> dict[str, str]:
    """Columns whose names are other spellings of an earlier one's, with that one."""
    first: dict[str, str] = {}
    twice = {}
    for column in columns:
        known = first.setdefault(name_key(column), column)
        if known != column:
            twice[column] = known
    return twice
