"""What the import of a file answers with. Frozen values."""

from __future__ import annotations

import datetime as dt
from typing import Literal
from uuid import UUID

from msgspec import Struct

from intersession_schemas.documents.diary.symptoms import Number

__all__ = ["BadCell", "BadRow", "Conflict", "ImportPlan", "ImportReport", "LeftOut", "PlannedLog", "Unclear"]

Layout = Literal["wide", "long"]
"""`wide`: a column for each symptom. `long`: a row for each answer, with columns for its symptom and its value."""


TimeOfDay = dt.time | str
"""A time of day, or one like `"20:00"`."""


class BadRow(Struct, frozen=True):
    """A row of a file that was not imported: its `line` in the file (the first is 1), and why."""

    line: int
    reason: str


class BadCell(Struct, frozen=True):
    """A cell that was not imported, and why; the rest of the row was."""

    line: int
    column: str
    reason: str


class Conflict(Struct, frozen=True):
    """A row that was already imported, under the same `key`, with other values.

    The existing values were not changed.
    """

    line: int
    key: str
    names: tuple[str, ...]


class LeftOut(Struct, frozen=True):
    """A column that is not imported, and why."""

    column: str
    reason: str


class Unclear(Struct, frozen=True):
    """An ambiguity in the file: `option` resolves it, with one of `choices` if there are any."""

    option: str
    question: str
    choices: tuple[str, ...] = ()


class PlannedLog(Struct, frozen=True):
    """A preview of a log, from the row at `line`."""

    line: int
    at: dt.datetime
    values: dict[str, Number]
    note: str = ""


class ImportPlan(Struct, frozen=True, kw_only=True):
    """How a file is understood; making a plan writes nothing. `ambiguous` has to be empty to import by it.

    `columns` are read as symptoms, called as in `names` where they are not called like the column; `left_out` are not,
    each with why. The line `header_line` names them; titles above it are not read. `time` are the columns that say
    when, in the order they are read; `date_order` is None where the file needs none. `units` stand in the cells of a
    column, `words` mean numbers. `first_rows` are logs as they will be. `source` is the program that wrote the file,
    if it is a known one; `remembered`: an earlier import of a file with this header has answered what this one does
    not say.
    """

    rows: int
    time: tuple[str, ...]
    columns: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    ambiguous: tuple[Unclear, ...]
    first_rows: tuple[PlannedLog, ...]
    encoding: str
    delimiter: str
    layout: Layout
    header_line: int = 1
    names: dict[str, str] = {}
    only: tuple[str, str] | None = None
    scale: tuple[Number, Number] | None = None
    zone: str | None = None
    date_order: Literal["dmy", "mdy", "ymd", "excel"] | None = None
    time_of_day: dt.time | None = None
    decimal: Literal[".", ","] | None = None
    name_column: str | None = None
    value_column: str | None = None
    note: tuple[str, ...] = ()
    words: dict[str, Number] = {}
    units: dict[str, str] = {}
    source: str | None = None
    remembered: bool = False


class ImportReport(Struct, frozen=True):
    """What an import did. Every row of the file is in exactly one of the counts and lists.

    `id` is the import's own, by which it can be undone. `rows` counts all but the header; `imported` are new,
    `unchanged` were there already (or stand in the file twice); `skipped_empty` had no answer; `other` belong to
    somebody else (see `only`). `columns` are the symptoms that were read, `left_out` those that were not; `bad_cells`
    cost only themselves.
    """

    id: UUID
    rows: int
    imported: int
    skipped_empty: int
    unchanged: int
    other: int
    conflicts: tuple[Conflict, ...]
    bad: tuple[BadRow, ...]
    columns: tuple[str, ...]
    bad_cells: tuple[BadCell, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
