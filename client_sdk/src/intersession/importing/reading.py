"""Rows of a table as answers at moments, by what was understood of it; and the keys by which they are known. Pure.

A cell that cannot be read costs itself. A row whose time, or whose every answer, cannot be read is a bad row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice

from msgspec import Struct

from intersession.importing.models import BadCell, BadRow, PlannedLog
from intersession.importing.moments import NoMoment, Rules, Zones, moment_of
from intersession.importing.survey import when, why_no_name
from intersession.importing.tables import Cells, Table
from intersession.inputs.numbers import Decimal, is_answer, number
from intersession_schemas.documents.diary.symptoms import MAX_NOTE, MAX_VALUES, Number
from intersession_schemas.documents.names import name_key, tidy_name

_HEAD = 500
"""Rows of which the first logs are shown."""
_FIRST_LOGS = 5
_MOST_AT_ONCE = 200
"""Logs of one instant. A file with more has something else for its time than when the answers were given."""
_LONGEST_PERSON = 100


class Symptom(Struct, frozen=True):
    """A column of values: where it is, what its symptom is called, and how its numbers are written."""

    place: int
    column: str
    name: str
    decimal: Decimal | None = None
    unit: str = ""


class Recipe(Struct, frozen=True, kw_only=True):
    """How rows are read; `name` and `group` are places of the long layout."""

    time: tuple[int, ...]
    symptoms: tuple[Symptom, ...]
    only: tuple[int, str] | None = None
    name: int | None = None
    group: int | None = None
    note: tuple[int, ...] = ()
    rules: Rules = Rules()
    scale: tuple[Number, Number] | None = None
    words: dict[str, Number] = {}


class Answers(Struct):
    """What one log will hold: `lines` has the line of each of the `values`."""

    at: datetime
    names: tuple[str, ...]
    values: tuple[Number, ...]
    lines: tuple[int, ...]
    note: str = ""


class RowReader:
    """Reads rows, and counts what there is nothing to keep of."""

    def __init__(self, table: Table, recipe: Recipe, zones: Zones) -> None:
        self._table, self._recipe, self._zones = table, recipe, zones
        self._moment = lru_cache(maxsize=20_000)(lambda found: moment_of(found, recipe.rules, zones))
        self._names: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.rows = self.other = self.empty = self.repeated = 0
        self.bad: list[BadRow] = []
        self.cells: list[BadCell] = []

    def by_moment(self, most: int | None = None) -> dict[datetime, list[Answers]]:
        """What the rows say, by the instant that it is about.

        Rows of one instant are in the order of the file, turned round if that runs from the newest to the oldest: so
        both ways, a row is known by the same key.
        """
        found: dict[datetime, _Instant] = {}
        before, direction = None, 0
        for line, cells in islice(self._table.rows(), most):
            self.rows += 1
            answers = self._read(line, cells)
            if answers is None:
                continue
            instant = answers.at.astimezone(UTC)
            if before is not None:
                direction += (instant > before) - (instant < before)
            before = instant
            self._add(found.setdefault(instant, _Instant()), answers)
        return {instant: there.logs if direction >= 0 else there.logs[::-1] for instant, there in found.items()}

    def _add(self, there: _Instant, answers: Answers) -> None:
        long = self._recipe.name is not None
        said = (name_key(answers.names[0]), answers.values) if long else (answers.names, answers.values, answers.note)
        if said in there.said:
            self.repeated += 1
        elif long and (log := there.log_for(answers)) is not None:
            there.said.add(said)
            self._join(log, answers)
        elif len(there.logs) >= _MOST_AT_ONCE:
            self.bad.append(BadRow(answers.lines[0], f"there are more than {_MOST_AT_ONCE} rows for the same moment"))
        else:
            there.said.add(said)
            there.logs.append(answers)

    def _read(self, line: int, cells: Cells | str) -> Answers | None:
        recipe = self._recipe
        if isinstance(cells, str):
            self.bad.append(BadRow(line, cells))
            return None
        if recipe.only is not None and name_key(cells[recipe.only[0]]) != recipe.only[1]:
            self.other += 1
            return None
        given = [one for one in recipe.symptoms if cells[one.place] and is_answer(cells[one.place])]
        if not given:
            self.empty += 1
            if any(cells[place] for place in recipe.note):
                column = self._table.columns[next(place for place in recipe.note if cells[place])]
                self.cells.append(BadCell(line, column, "a note in a row without an answer is not imported"))
            return None
        try:
            at = self._at(cells)
        except NoMoment as reason:
            self.bad.append(BadRow(line, str(reason)))
            return None
        return self._answers(line, cells, at, given)

    def _at(self, cells: Cells) -> datetime:
        places = self._recipe.time
        if not any(cells[place] and is_answer(cells[place]) for place in places):
            raise NoMoment("answers without a time")
        found = when(cells, places)
        if found is None:
            raise NoMoment("the time cannot be read; write it like 2020-03-16T12:04:45+01:00")
        return self._moment(found)

    def _answers(self, line: int, cells: Cells, at: datetime, given: Sequence[Symptom]) -> Answers | None:
        values: dict[str, Number] = {}
        wrong = []
        for symptom in given:
            name, why = (symptom.name, None) if self._recipe.name is None else self._name(cells)
            value, unread = self._value(symptom, cells[symptom.place])
            if why is not None or value is None:
                wrong.append((symptom.column, why or unread))
            else:
                values[name] = value
        if not values:
            column, reason = wrong[0]
            self.bad.append(BadRow(line, f"{column} {reason}"))
            return None
        self.cells += [BadCell(line, column, reason) for column, reason in wrong]
        names = self._names.setdefault(tuple(values), tuple(values))
        return Answers(at, names, tuple(values.values()), (line,) * len(names), self._note(line, cells))

    def _name(self, cells: Cells) -> tuple[str, str | None]:
        """The name of a row's symptom in the long layout, and why it cannot be one."""
        recipe = self._recipe
        assert recipe.name is not None
        name = tidy_name(cells[recipe.name])
        if not name and recipe.group is not None:
            name = tidy_name(cells[recipe.group])
        if not name:
            return name, "has no symptom name next to it"
        return name, None if why_no_name(name) is None else "has an invalid symptom name next to it"

    def _value(self, symptom: Symptom, cell: str) -> tuple[Number | None, str]:
        value = number(cell, symptom.decimal, symptom.unit, self._recipe.words)
        scale = self._recipe.scale
        if value is None:
            unitless = number(cell, symptom.decimal) if symptom.unit or cell else None
            why = f"is not in {symptom.unit}" if symptom.unit else "has a unit that others do not have"
            return None, "is not a number" if unitless is None else why
        if scale is not None and not scale[0] <= value <= scale[1]:
            return None, f"is outside {scale[0]}–{scale[1]}"
        return value, ""

    def _note(self, line: int, cells: Cells) -> str:
        parts = [cells[place] for place in self._recipe.note if cells[place] and is_answer(cells[place])]
        note = "\n".join(parts)
        if len(note) <= MAX_NOTE:
            return note
        longest = max(self._recipe.note, key=lambda place: len(cells[place]))
        why = f"its {len(note):,} characters exceed the limit of {MAX_NOTE:,} for a note; it is not imported"
        self.cells.append(BadCell(line, self._table.columns[longest], why))
        return ""

    def _join(self, log: Answers, answers: Answers) -> None:
        """In the long layout, answers of one moment are one log, as long as no symptom comes twice in it."""
        log.names += answers.names
        log.values += answers.values
        log.lines += answers.lines
        if not answers.note or answers.note in log.note.split("\n"):
            return
        note = f"{log.note}\n{answers.note}" if log.note else answers.note
        if len(note) <= MAX_NOTE:
            log.note = note
        else:
            column = self._table.columns[self._recipe.note[0]]
            why = f"the notes for its moment exceed {MAX_NOTE:,} characters; it is not imported"
            self.cells.append(BadCell(answers.lines[0], column, why))


class _Instant(Struct):
    """What was said about an instant so far; in the long layout, how often each symptom came."""

    logs: list[Answers] = []
    said: set[object] = set()
    times: dict[str, int] = {}

    def log_for(self, answers: Answers) -> Answers | None:
        """The log that has room for the answer; None for a new one."""
        key = name_key(answers.names[0])
        place = self.times.get(key, 0)
        while place < len(self.logs) and len(self.logs[place].names) >= MAX_VALUES:
            place += 1
        self.times[key] = place + 1
        return self.logs[place] if place < len(self.logs) else None


def first_logs(table: Table, recipe: Recipe, zones: Zones) -> Iterator[PlannedLog]:
    """The first logs of a table, as they will be."""
    if not recipe.time:
        return
    found = [one for there in RowReader(table, recipe, zones).by_moment(_HEAD).values() for one in there]
    for one in sorted(found, key=lambda one: one.lines[0])[:_FIRST_LOGS]:
        yield PlannedLog(one.lines[0], one.at, dict(zip(one.names, one.values, strict=True)), one.note)


def key_of(instant: datetime, place: int, person: str | None) -> str:
    """The key of a row: when it was, which of the rows of that instant it is, and whose."""
    parts = ["csv", instant.isoformat(timespec="microseconds"), f"#{place}"]
    if person is not None:
        parts.append(person if len(person) <= _LONGEST_PERSON else hashlib.sha256(person.encode()).hexdigest())
    return " ".join(parts)
