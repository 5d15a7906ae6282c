from __future__ import annotations

from typing import Any

import pytest

from intersession_server.projections.tables import LIVE, REBUILT, TABLES
from intersession_server.storage.engine import SerialEngine

pytestmark = pytest.mark.anyio


async def columns(engine: SerialEngine, table: str) -> list[dict[str, Any]]:
    rows = await engine.statement(f'PRAGMA table_info("{table}")', [])
    return [{key: row[key] for key in ("name", "type", "notnull", "pk")} for row in rows]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table._meta.tablename)
async def test_the_sql_and_the_tables_say_the_same(engine: SerialEngine, table: Any) -> None:
    found = {row["name"]: row for row in await columns(engine, table._meta.tablename)}
    assert list(found) == [column._meta.db_column_name for column in table._meta.columns]
    for column in table._meta.columns:
        row = found[column._meta.db_column_name]
        assert {"BIGINT": "INTEGER"}.get(row["type"], row["type"]) == column.column_type
        assert bool(row["notnull"]) != column._meta.null
        assert bool(row["pk"]) == column._meta.primary_key


async def test_a_rebuild_fills_tables_of_the_same_shape(engine: SerialEngine) -> None:
    for live, rebuilt in zip(LIVE, REBUILT, strict=True):
        assert await columns(engine, live._meta.tablename) == await columns(engine, rebuilt._meta.tablename)
