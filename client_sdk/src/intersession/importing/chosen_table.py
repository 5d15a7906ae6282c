"""Which table a text is, where more than one sign may stand between its cells. Pure."""

from __future__ import annotations

from collections.abc import Callable

from intersession.importing.choices import Choices, shape_of
from intersession.importing.survey import survey
from intersession.importing.tables import Candidate, Table, candidates
from intersession_schemas.documents.names import tidy_name

Earlier = Callable[[str], Choices | None]
"""What was chosen for an earlier file of a shape."""

_HEAD = 200
"""Rows by which it is judged whether a table has moments."""


def chosen_table(text: str, given: Choices, earlier: Earlier) -> tuple[Table, list[str]]:
    """The table that the text is, and the delimiters that would do as well."""
    found = candidates(text, given.delimiter)
    needed = _needed(given)
    fit = [one for one in found if needed <= {tidy_name(column) for column in one.table.columns}] or found
    remembered = [one for one in fit if earlier(shape_of(one.table.columns)) is not None]
    if remembered:
        return remembered[0].table, []
    if len(fit) > 1:
        timed = [one for one in fit if _has_moments(one)]
        fit = timed or fit
    rivals = [one.table.delimiter for one in fit if one.agreement == fit[0].agreement]
    return fit[0].table, rivals if len(rivals) > 1 else []


def _needed(given: Choices) -> set[str]:
    named = [*(given.time or ()), *(given.columns or ()), *(given.note or ()), *(given.names or ())]
    named += [one for one in (given.name_column, given.value_column, (given.only or ("",))[0]) if one]
    return {tidy_name(one) for one in named}


def _has_moments(candidate: Candidate) -> bool:
    columns, _ = survey(candidate.table, {}, _HEAD)
    return any(2 * (column.moments + column.days) > column.filled > 0 for column in columns)
