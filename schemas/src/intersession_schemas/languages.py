"""Words in several languages: a table for each, with the same keys and the same values to fill in. Pure.

A locale without a table of its own is told in its language (`de-AT` in `de`), and without that in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

Tables = Mapping[str, Mapping[str, str]]
"""By language, then by what is told. Names in braces are filled in."""

_T = TypeVar("_T")


def in_language(tables: Mapping[str, _T], locale: str) -> _T | None:
    """What there is for a locale, or for its language; None where there is neither."""
    return tables.get(locale) or tables.get(locale.replace("_", "-").split("-")[0].casefold())


def phrase(tables: Tables, locale: str, told: str, /, **values: object) -> str:
    """The text for `told`. Raises `KeyError` where not even English has it, or a value is missing."""
    table = in_language(tables, locale) or tables["en"]
    return table.get(told, tables["en"][told]).format(**values)
