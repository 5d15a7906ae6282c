"""Lists that end where their texts have come to too much, however many rows they may have."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from piccolo.columns import UUID, BigInt, Text
from piccolo.columns.combination import WhereRaw
from piccolo.custom_types import Combinable
from piccolo.query.functions.string import Length
from piccolo.querystring import QueryString
from piccolo.table import Table

MOST_CHARACTERS = 2 * 1024 * 1024
"""Of the texts of one list. A document may have twice as much, so the last row of a list may go beyond it."""


async def newest(
    table: type[Table],
    conditions: Sequence[Combinable],
    order: tuple[BigInt, UUID],
    texts: Sequence[Text],
    most: int,
    characters: int | None = None,
) -> tuple[list[dict[str, Any]], bool]:
    """The newest rows by `order`, at most `most`, none after the one with which `texts` come to `characters`
    (`MOST_CHARACTERS`); and whether that is why there are no more. The first row is always among them.

    Texts of rows that are left out never leave the database.
    """
    characters = MOST_CHARACTERS if characters is None else characters
    moment, id_ = (column._meta.db_column_name for column in order)  # noqa: SLF001 - Piccolo tells it nowhere else
    sizes = [Length(text, alias=f"size{number}") for number, text in enumerate(texts)]
    page = table.select(*order, *sizes)
    for condition in conditions:
        page = page.where(condition)
    page = page.order_by(*order, ascending=False).limit(most)
    size = " + ".join(f'"size{number}"' for number in range(len(texts)))
    within = QueryString(
        f'SELECT "{id_}" FROM (SELECT "{id_}", SUM({size}) OVER'  # noqa: S608 - names of columns, no values
        f' (ORDER BY "{moment}" DESC, "{id_}" DESC ROWS UNBOUNDED PRECEDING) - ({size}) AS "before"'
        ' FROM ({}) AS "page") AS "counted" WHERE "before" < {}',
        page.querystrings[0],
        characters,
    )
    rows: list[dict[str, Any]] = (
        await table.select().where(WhereRaw(f'"{id_}" IN ({{}})', within)).order_by(*order, ascending=False)
    )
    drawn = sum(len(row[text._meta.name]) for row in rows for text in texts)  # noqa: SLF001
    return rows, drawn >= characters


def fitting(sizes: Sequence[int]) -> int:
    """How many of the first so many characters have a place in one answer, by the rule of `newest`."""
    return sum(before < MOST_CHARACTERS for before in list(accumulate(sizes, initial=0))[: len(sizes)])
