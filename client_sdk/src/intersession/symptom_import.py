"""Importing symptom logs from a CSV file: every row ends up imported, known, skipped, in conflict or listed as bad.

A row's key is made of what the row says (its time and whose it is), so the same row in another file, or the same
file again, is the same log. Rows are kept some hundred at a time, one transaction each.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from msgspec import Struct

from intersession import checks
from intersession.clock import moment
from intersession.csv_file import CsvFile, Line, number, read_csv
from intersession.errors import InvalidField
from intersession.import_models import BadRow, Conflict, ImportReport
from intersession.replica import buckets, symptom_rows, symptom_views
from intersession.replica.replica import Replica
from intersession_schemas.documents.names import MAX_NAMES, tidy_name
from intersession_schemas.documents.symptoms import Log, Number, check_log, check_values

ROWS_AT_ONCE = 250
"""Rows per transaction."""

Progress = Callable[[int, int], object]


class _Counts(Struct):
    rows: int = 0
    imported: int = 0
    skipped_empty: int = 0
    unchanged: int = 0
    other: int = 0


class _Bad(Exception):
    """Why a row cannot be imported."""


class Import:
    """One import; see `Symptoms.import_csv` for the arguments."""

    def __init__(
        self,
        replica: Replica,
        *,
        time: str,
        columns: Sequence[str] | None,
        only: tuple[str, str] | str | None,
        scale: object,
        progress: Progress | None,
    ) -> None:
        self._replica = replica
        self._id = uuid4()
        self._time = checks.text("time", time)
        self._columns = None if columns is None else _names(columns)
        self._only = _only(only)
        self._scale = checks.scale(scale)
        check_values({"value": self._scale[0] if self._scale else 0}, self._scale)
        self._progress = progress
        self._counts = _Counts()
        self._bad: list[BadRow] = []
        self._conflicts: list[Conflict] = []

    def run(self, path: str | os.PathLike[str]) -> ImportReport:
        """Read the file and keep what is new in it."""
        file = read_csv(Path(path))
        file.require([self._time, *([self._only[0]] if self._only else []), *(self._columns or ())])
        columns = self._columns if self._columns is not None else self._symptoms_of(file)
        self._report(0, len(file.lines))
        for start in range(0, len(file.lines), ROWS_AT_ONCE):
            portion = file.lines[start : start + ROWS_AT_ONCE]
            self._keep([found for line in portion if (found := self._read(line, columns)) is not None])
            self._report(start + len(portion), len(file.lines))
        return ImportReport(
            id=self._id,
            rows=len(file.lines),
            imported=self._counts.imported,
            skipped_empty=self._counts.skipped_empty,
            unchanged=self._counts.unchanged,
            other=self._counts.other,
            conflicts=tuple(self._conflicts),
            bad=tuple(self._bad),
            columns=columns,
        )

    def _symptoms_of(self, file: CsvFile) -> tuple[str, ...]:
        taken = {self._time, self._only[0] if self._only else None}
        return tuple(column for column in file.numeric() if column not in taken)

    def _report(self, done: int, rows: int) -> None:
        if self._progress is not None:
            self._progress(done, rows)

    def _read(self, line: Line, columns: Sequence[str]) -> tuple[int, Log] | None:
        """The row's log with its line number; None where there is none to keep, which is then counted."""
        if self._only is not None and line.bad is None and line.cells.get(self._only[0]) != self._only[1]:
            self._counts.other += 1
            return None
        answers = {column: line.cells[column] for column in columns if column in line.cells}
        if line.bad is None and not answers:
            self._counts.skipped_empty += 1
            return None
        try:
            if line.bad is not None:
                raise _Bad(line.bad)
            at = _read_time(line.cells.get(self._time))
            log = Log(
                id=uuid4(),
                at=at,
                entered_at=self._replica.now(),
                values=self._values(answers),
                scale=self._scale,
                key=self._key(at),
                batch=self._id,
            )
            return line.number, check_log(log)
        except (_Bad, InvalidField) as reason:
            self._bad.append(BadRow(line.number, str(reason)))
            return None

    def _values(self, answers: dict[str, str]) -> dict[str, Number]:
        values = {}
        for name, cell in answers.items():
            value = number(cell)
            if value is None:
                raise _Bad(f"{name} is not a number")
            if self._scale is not None and not self._scale[0] <= value <= self._scale[1]:
                raise _Bad(f"{name} is outside {self._scale[0]}–{self._scale[1]}")
            values[tidy_name(name)] = value
        return values

    def _key(self, at: datetime) -> str:
        return " ".join(["csv", at.isoformat(), *(self._only or ())[1:]])

    def _keep(self, found: Sequence[tuple[int, Log]]) -> None:
        """Keep the logs that are new, in one transaction, and count the others."""
        if not found:
            return
        counts = _Counts()
        conflicts: list[Conflict] = []
        with self._replica.writing() as touched:
            store, fresh = self._replica.store, dict[str, Log]()
            for line, log in found:
                assert log.key is not None
                known = fresh.get(log.key) or symptom_views.with_key(store, log.key)
                if known is None:
                    fresh[log.key] = log
                elif known.values == log.values:
                    counts.unchanged += 1
                else:
                    conflicts.append(Conflict(line, log.key, _differing(known.values, log.values)))
            if not symptom_rows.has_room_for(store, {name for log in fresh.values() for name in log.values}):
                raise InvalidField(f"A record has at most {MAX_NAMES} different symptoms. Name fewer columns.")
            where = buckets.add(store, self._replica.documents, list(fresh.values()), self._replica.destination(None))
            touched.update(buckets.id_at(store, position) for position in set(where.values()))
        self._counts.imported += len(fresh)
        self._counts.unchanged += counts.unchanged
        self._conflicts += conflicts


def _differing(known: dict[str, Number], given: dict[str, Number]) -> tuple[str, ...]:
    return tuple(sorted(name for name in known.keys() | given.keys() if known.get(name) != given.get(name)))


def _read_time(cell: str | None) -> datetime:
    if cell is None:
        raise _Bad("answers without a time")
    try:
        at = datetime.fromisoformat(cell)
    except ValueError:
        raise _Bad("the time is not in ISO 8601, like 2020-03-16T12:04:45+01:00") from None
    if at.utcoffset() is None:
        raise _Bad("the time has no UTC offset")
    return moment("the time", at)


def _only(only: tuple[str, str] | str | None) -> tuple[str, str] | None:
    if only is None:
        return None
    parts = tuple(only.split("=", 1)) if isinstance(only, str) else tuple(only)
    if len(parts) != 2 or not all(isinstance(part, str) and part.strip() for part in parts):
        raise InvalidField('only must be like "person=p01" or ("person", "p01").')
    return parts[0].strip(), parts[1].strip()


def _names(columns: Sequence[str]) -> tuple[str, ...]:
    if isinstance(columns, str) or not columns:
        raise InvalidField("columns must be a list of at least one column name.")
    return tuple(dict.fromkeys(checks.text("A column's name", column) for column in columns))
