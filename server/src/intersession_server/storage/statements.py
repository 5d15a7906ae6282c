"""The few statements that read models are written with, on a connection.

Not by Piccolo's queries: these make an object of every row and look at every value of it, which takes ten times as
long as SQLite does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from sqlite3 import Connection
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import astuple
from piccolo.table import Table

T = TypeVar("T")

AT_ONCE = 500
"""Values of one statement: their number has a bound."""


def insert(connection: Connection, table: type[Table], rows: Sequence[Struct]) -> None:
    """Put rows into a table, each in the place of one with its key. Fields are called like columns."""
    if rows:
        fields = type(rows[0]).__struct_fields__
        names, marks = ", ".join(f'"{name}"' for name in fields), ", ".join("?" * len(fields))
        statement = f'INSERT OR REPLACE INTO "{name_of(table)}" ({names}) VALUES ({marks})'  # noqa: S608 - names, no values
        connection.executemany(statement, [astuple(row) for row in rows])


def select_all(
    connection: Connection, table: type[Table], columns: Sequence[str], column: str, values: Iterable[object]
) -> list[dict[str, Any]]:
    """The rows whose column has one of these values, in no order."""
    found: list[dict[str, Any]] = []
    names = ", ".join(f'"{name}"' for name in columns)
    for some in portions(values):
        marks = ", ".join("?" * len(some))
        statement = f'SELECT {names} FROM "{name_of(table)}" WHERE "{column}" IN ({marks})'  # noqa: S608 - names, no values
        found += connection.execute(statement, some).fetchall()
    return found


def delete_all(connection: Connection, table: type[Table], column: str, values: Iterable[object]) -> None:
    """Delete the rows whose column has one of these values."""
    for some in portions(values):
        marks = ", ".join("?" * len(some))
        connection.execute(f'DELETE FROM "{name_of(table)}" WHERE "{column}" IN ({marks})', some)  # noqa: S608 - likewise


def name_of(table: type[Table]) -> str:
    """A table's name in the database."""
    return table._meta.tablename  # noqa: SLF001 - Piccolo tells it nowhere else


def portions(items: Iterable[T], size: int = AT_ONCE) -> Iterator[list[T]]:
    """The items, so many at a time."""
    remaining = iter(items)
    while some := list(islice(remaining, size)):
        yield some
