"""Text as rows of cells: where a row ends, where a cell does, and by which delimiter the rows agree. Pure.

Only CR and LF end lines. A line number is the file's own, counted from 1, also where cells hold line breaks. What is
wrong with a row stays with that row: a quote that is never closed does not swallow what follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from msgspec import Struct

from intersession_schemas.documents.names import name_key
from intersession_schemas.errors import InvalidField

DELIMITERS = (",", ";", "\t", "|")
_BLANK = re.compile(r"[\r\n]+")
_END = re.compile(r"\r\n|\n|\r")
_SAMPLE = 200
"""Rows by which a delimiter is judged."""
_UNREADABLE = "not readable as CSV"

Cells = list[str]


class Table(Struct, frozen=True):
    """The header's columns and where the rows below it begin. A column without a name is called ``""``."""

    text: str
    delimiter: str
    columns: tuple[str, ...]
    start: int
    line: int

    def rows(self) -> Iterator[tuple[int, Cells | str]]:
        """Each row's first line and its cells, stripped; a text says what is wrong with the row."""
        width = len(self.columns)
        for line, cells, _, _ in records(self.text, self.delimiter, width, self.start, self.line):
            if cells is None:
                yield line, _UNREADABLE
            elif len(cells) == width or (len(cells) > width and not "".join(cells[width:]).strip()):
                yield line, [cell.strip() for cell in cells[:width]]
            else:
                yield line, f"{len(cells)} cells where the header has {width}"


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
    whole = [one for one in found if len(one.table.columns) > 1 and one.agreement > 0]
    if not whole:
        return [next((one for one in found if len(one.table.columns) == 1), found[0])]
    best = max(one.agreement for one in whole)
    return sorted(
        (one for one in whole if one.agreement > best - 0.2),
        key=lambda one: (-one.agreement, -len(one.table.columns)),
    )


class Record(NamedTuple):
    """A row: its first line, its cells (None where a quote is not closed), and where the next one begins."""

    line: int
    cells: Cells | None
    after: int
    next_line: int


def records(text: str, delimiter: str, width: int | None = None, start: int = 0, line: int = 1) -> Iterator[Record]:
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
            cells: Cells | None = text[at:stop].split(delimiter)
        else:
            cells, reached = reader.read(at, length if patience > 0 else stop)
            if reached > stop and (cells is None or (width is not None and len(cells) != width)):
                patience -= reached - at
                cells, reached = reader.read(at, stop)
            stop = stop if cells is None else reached
        ends = _END.match(text, stop)
        after = ends.end() if ends is not None else stop
        next_line = line + 1 + _ends(text[at:stop])
        yield Record(line, cells, after, next_line)
        at, line = after, next_line


def _ends(text: str) -> int:
    """How many lines end in a text."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")


class _Quoted:
    """Reads rows with quotes in them."""

    def __init__(self, text: str, delimiter: str) -> None:
        self._text, self._delimiter = text, delimiter
        part = re.escape(delimiter)
        self._opens = re.compile(r' *"')
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
    header = next(records(text, delimiter, None, start, line), None)
    if header is None or header.cells is None:
        raise InvalidField("The file has no header line that names its columns.")
    columns = tuple(cell.strip() for cell in header.cells)
    table = Table(text, delimiter, columns, header.after, header.next_line)
    seen = [not isinstance(row, str) for _, row in islice(table.rows(), _SAMPLE)]
    return Candidate(table, sum(seen) / len(seen) if seen else 0.01 if len(columns) > 1 else 0.0)


def check_header(columns: Sequence[str]) -> None:
    """Raise `InvalidField` unless there are names and each is there once."""
    named = [column for column in columns if column]
    if not named:
        raise InvalidField("The file has no header line that names its columns.")
    if len(set(named)) != len(named):
        raise InvalidField("The file's header names a column twice. Give each column a name of its own.")


def spelled_twice(columns: Sequence[str]) -> dict[str, str]:
    """Columns whose names are other spellings of an earlier one's, with that one."""
    first: dict[str, str] = {}
    twice = {}
    for column in columns:
        known = first.setdefault(name_key(column), column)
        if known != column:
            twice[column] = known
    return twice
