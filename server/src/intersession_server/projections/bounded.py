"""Lists that end where their texts have come to too much, however many rows they may have."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, reduce
from itertools import accumulate
from operator import and_
from typing import Any

from piccolo.columns import UUID, BigInt, Text
from piccolo.custom_types import Combinable
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
    # By their names: columns have no equality of their own.
    metas = [column._meta for column in (*order, *texts)]  # noqa: SLF001 - Piccolo tells names and engine nowhere else
    drawn_by = _statement(table, *(meta.db_column_name for meta in metas))
    engine = table._meta.db  # noqa: SLF001 - likewise
    within = QueryString(drawn_by, reduce(and_, conditions).querystring, most, characters)
    rows: list[dict[str, Any]] = await engine.run_querystring(within)
    drawn = sum(len(row[meta.name]) for row in rows for meta in metas[len(order) :])
    return rows, drawn >= characters


@cache
def _statement(table: type[Table], moment: str, id_: str, *texts: str) -> str:
    """Written out: made by Piccolo for each of a page's many lists, it would take longer than the database does."""
    name, metas = table._meta.tablename, [column._meta for column in table._meta.columns]  # noqa: SLF001 - likewise
    columns = ", ".join(f'"{meta.db_column_name}" AS "{meta.name}"' for meta in metas)
    place = f'"{moment}" DESC, "{id_}" DESC'
    size = " + ".join(f'LENGTH("{text}")' for text in texts)
    return (
        f'SELECT {columns} FROM "{name}" WHERE "{id_}" IN (SELECT "{id_}" FROM'  # noqa: S608 - names, no values
        f' (SELECT "{id_}", SUM("size") OVER (ORDER BY {place} ROWS UNBOUNDED PRECEDING) - "size" AS "before" FROM'
        f' (SELECT "{id_}", "{moment}", {size} AS "size" FROM "{name}" WHERE {{}} ORDER BY {place} LIMIT {{}})'
        f') AS "counted" WHERE "before" < {{}}) ORDER BY {place}'
    )


def fitting(sizes: Sequence[int]) -> int:
    """How many of the first so many characters have a place in one answer, by the rule of `newest`."""
    return sum(before < MOST_CHARACTERS for before in list(accumulate(sizes, initial=0))[: len(sizes)])
