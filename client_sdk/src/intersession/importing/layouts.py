"""How answers lie in a table: a column for each symptom, or a row for each answer; and which are notes. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from intersession.importing.choices import Choices
from intersession.importing.known import NAME_HEADERS, NOTE_HEADERS, VALUE_HEADERS, Known
from intersession.importing.models import Layout, Unclear
from intersession.importing.survey import Column
from intersession.importing.tables import Table

_FEW = 60
"""Different symptoms of a file in the long layout, at most, for it to be recognised as one."""
_NOTE_LENGTH = 12


class SheetShape(Struct, frozen=True):
    """The layout, the columns that only the long one has, and what is to be asked about it."""

    kind: Layout
    name_column: str | None = None
    value_column: str | None = None
    group_column: str | None = None
    unclear: tuple[Unclear, ...] = ()


def layout(free: Sequence[Column], choices: Choices, known: Known | None) -> SheetShape:
    """The layout of a table whose columns, but for time and person, are `free`."""
    if choices.layout == "wide" or (choices.layout is None and choices.columns is not None):
        return SheetShape("wide")
    name, value = choices.name_column, choices.value_column
    if known is not None and known.name_column is not None and name is None and value is None:
        return SheetShape("long", known.name_column, known.value_column, known.group_column)
    named = [one.name for one in free if one.is_text and one.name.casefold() in NAME_HEADERS]
    valued = [one.name for one in free if one.is_numeric and one.filled and one.name.casefold() in VALUE_HEADERS]
    if choices.layout is None and name is None and value is None:
        if len(named) == 1 and len(valued) == 1:
            return SheetShape("long", named[0], valued[0])
        return SheetShape("wide")
    unclear = []
    if name is None:
        found = named if len(named) == 1 else [one.name for one in free if _is_category(one)]
        name = found[0] if len(found) == 1 else None
        if name is None:
            unclear.append(Unclear("name_column", "Which column names the symptom?", tuple(found)))
    if value is None:
        found = valued if len(valued) == 1 else [one.name for one in free if one.is_numeric and one.filled]
        value = found[0] if len(found) == 1 else None
        if value is None:
            unclear.append(Unclear("value_column", "Which column holds the values?", tuple(found)))
    group = known.group_column if known is not None and known.name_column == name else None
    return SheetShape("long", name, value, group, tuple(unclear))


def looks_long(table: Table, free: Sequence[Column], time: Sequence[int]) -> bool:
    """Whether a table that was taken for wide may be long: one column of numbers beside one of few words."""
    numeric = [one for one in free if one.filled and one.why_no_symptom() is None]
    categories = [one for one in free if _is_category(one)]
    if len(numeric) != 1 or not categories:
        return False
    if numeric[0].name.casefold() in VALUE_HEADERS or any(one.name.casefold() in NAME_HEADERS for one in categories):
        return True
    seen: set[tuple[str, ...]] = set()
    rows = repeated = 0
    for _, cells in table.rows():
        if not isinstance(cells, str):
            moment = tuple(cells[place] for place in time)
            rows += 1
            repeated += moment in seen
            seen.add(moment)
    return 10 * repeated > 3 * rows


def is_note(column: Column) -> bool:
    """Whether a column is called like notes, and holds words."""
    return (
        column.is_text
        and column.name.casefold() in NOTE_HEADERS
        and (column.longest >= _NOTE_LENGTH or any(" " in cell for cell in column.distinct))
    )


def _is_category(column: Column) -> bool:
    few = 0 < len(column.distinct) <= _FEW
    return column.is_text and few and column.longest <= 64 and column.name.casefold() not in NOTE_HEADERS
