"""What callers say about a file, checked before it is opened: a refusal is an `InvalidField` that names the field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any, get_args

from intersession.errors import InvalidField
from intersession.importing.choices import Choices
from intersession.importing.importer import chosen_in
from intersession.importing.models import ImportPlan, Layout
from intersession.importing.moments import DateOrder
from intersession.inputs import checks
from intersession.inputs.numbers import Decimal
from intersession_schemas.documents.diary.symptoms import Number, check_values

_SIGNS = {"\\t": "\t", "tab": "\t", "comma": ",", "semicolon": ";", "bar": "|", "pipe": "|"}
"""What people call the sign between two cells."""


def checked_choices(plan: ImportPlan | None = None, **given: Any) -> Choices:
    """The arguments of `Symptoms.import_csv` as choices; those of `plan`, if there is one and nothing else."""
    if plan is not None:
        if not isinstance(plan, ImportPlan):
            raise InvalidField("plan must be what plan_import returned.")
        if any(value is not None for value in given.values()):
            raise InvalidField("Give either a plan or reading options, not both. Pass the options to plan_import.")
        return chosen_in(plan)
    scale = checks.scale(given["scale"])
    check_values({"value": scale[0] if scale else 0}, scale)
    return Choices(
        time=_columns("time", given["time"]),
        columns=_names(given["columns"]),
        names=_mapping("names", given["names"], str),
        only=_only(given["only"]),
        scale=scale,
        zone=_optional_text("zone", given["zone"]),
        date_order=_one_of("date_order", given["date_order"], get_args(DateOrder)),
        time_of_day=_time_of_day(given["time_of_day"]),
        delimiter=_delimiter(given["delimiter"]),
        encoding=_optional_text("encoding", given["encoding"]),
        decimal=_one_of("decimal", given["decimal"], get_args(Decimal)),
        layout=_one_of("layout", given["layout"], get_args(Layout)),
        name_column=_optional_text("name_column", given["name_column"]),
        value_column=_optional_text("value_column", given["value_column"]),
        note=_columns("note", given["note"]),
        words=_words(given["words"]),
    )


def _optional_text(field: str, value: object) -> str | None:
    return None if value is None else checks.text(field, value)


def _one_of(field: str, value: object, choices: Sequence[str]) -> Any:
    if value is not None and value not in choices:
        raise InvalidField(f"{field} must be one of: {'  '.join(choices)}.")
    return value


def _columns(field: str, value: object) -> tuple[str, ...] | None:
    """The name of one column, or of several."""
    if value is None:
        return None
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list | tuple):
        raise InvalidField(f"{field} must be a column's name, or a list of them.")
    found = tuple(checks.text(field, one) for one in value)
    if field == "time" and not found:
        raise InvalidField("time must name at least one column.")
    return found


def _names(columns: object) -> tuple[str, ...] | None:
    if columns is None:
        return None
    if isinstance(columns, str) or not isinstance(columns, Sequence) or not columns:
        raise InvalidField("columns must be a list of at least one column name.")
    return tuple(dict.fromkeys(checks.text("A column's name", column) for column in columns))


def _mapping(field: str, value: object, kind: type) -> Any:
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise InvalidField(f"{field} must map texts to {'texts' if kind is str else 'numbers'}.")
    return {checks.text(field, key): checks.text(field, one) for key, one in value.items()}


def _words(value: object) -> dict[str, Number] | None:
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise InvalidField("words must map texts to numbers.")
    found: dict[str, Number] = {}
    for word, number in value.items():
        check_values({"words": number})
        found[checks.text("words", word).strip()] = number
    return found


def _only(only: object) -> tuple[str, str] | None:
    if only is None:
        return None
    parts = (
        tuple(only.split("=", 1)) if isinstance(only, str) else tuple(only) if isinstance(only, tuple | list) else ()
    )
    if len(parts) != 2 or not all(isinstance(part, str) and part.strip() for part in parts):
        raise InvalidField('only must be like "person=p01" or ("person", "p01").')
    return parts[0].strip(), parts[1].strip()


def _time_of_day(value: object) -> time | None:
    if isinstance(value, str):
        try:
            value = time.fromisoformat(value)
        except ValueError:
            value = ""
    if value is not None and (not isinstance(value, time) or value.tzinfo is not None):
        raise InvalidField('time_of_day must be like "20:00", without a time zone.')
    return value


def _delimiter(value: object) -> str | None:
    value = _SIGNS.get(value, value) if isinstance(value, str) else value
    if value is not None and (not isinstance(value, str) or len(value) != 1 or value in '"\r\n \0'):
        raise InvalidField('delimiter must be one character, like ";" or "tab".')
    return value
