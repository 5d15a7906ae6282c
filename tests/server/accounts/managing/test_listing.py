"""A practice's people as lists: found by part of a name, a page at a time."""

from __future__ import annotations

import time
from uuid import uuid4

import pytest
from tests.server.accounts.world import Clock

from intersession_server.accounts import listing, people
from intersession_server.accounts.tables import Person, Practice
from intersession_server.storage.engine import SerialEngine

pytestmark = pytest.mark.anyio


@pytest.fixture
async def nord(database: SerialEngine, clock: Clock) -> Practice:
    return await people.create_practice("Nord", clock())


async def names(practice: Practice, query: str = "", **more: object) -> list[str]:
    given: dict[str, object] = {"limit": 100, **more}
    return [row.name for row in await listing.people_of(practice.id, "client", query=query, **given)]  # type: ignore[arg-type]


async def test_case_accents_and_spaces_do_not_matter(nord: Practice, clock: Clock) -> None:
    for name in ("Änne Köhler", "Zoë Straße", "bert", "Álvaro", "İnci"):
        await people.add_client(nord, name, clock(), namesake=False)
    assert await names(nord) == ["Álvaro", "Änne Köhler", "bert", "İnci", "Zoë Straße"]
    assert await names(nord, "ANNE   kohler") == ["Änne Köhler"]
    assert await names(nord, "strasse") == ["Zoë Straße"]
    assert await names(nord, "inci") == ["İnci"]
    assert await names(nord, "nobody") == []


async def test_signs_of_the_pattern_are_only_signs(nord: Practice, clock: Clock) -> None:
    for name in ("50% Ann", "A_B", "A!B", "plain", "'; DROP TABLE person; --"):
        await people.add_client(nord, name, clock(), namesake=False)
    assert await names(nord, "%") == ["50% Ann"]
    assert await names(nord, "_") == ["A_B"]
    assert await names(nord, "!") == ["A!B"]
    assert await names(nord, "'; drop") == ["'; DROP TABLE person; --"]


async def test_pages_hold_everybody_once_and_are_quick(nord: Practice, clock: Clock, database: SerialEngine) -> None:
    async with database.transaction():
        for number in range(1_000):
            await people.add_client(nord, f"Client {number % 250}", clock(), namesake=True)
    found, after, began = [], listing.FIRST, time.process_time()
    while True:
        rows = await listing.people_of(nord.id, "client", after=after, limit=50)
        found += [row.id for row in rows]
        if len(rows) < 50:
            break
        after = (rows[-1].folded, str(rows[-1].id))
    assert len(found) == len(set(found)) == 1_000
    assert time.process_time() - began < 5
    plan = await database.statement(
        f"EXPLAIN QUERY PLAN {listing._PEOPLE}", [nord.id, "client", False, "", "", "%", None, None, 50]
    )
    assert "person_by_folded" in plan[0]["detail"]
    assert not any("TEMP B-TREE" in row["detail"] for row in plan)


async def test_another_practice_and_those_who_left_are_lists_of_their_own(nord: Practice, clock: Clock) -> None:
    south = await people.create_practice("Süd", clock())
    await people.add_client(south, "Mira", clock(), namesake=False)
    gone = await people.add_client(nord, "Ann", clock(), namesake=False)
    await Person.update({Person.ended_at: clock()}).where(Person.id == gone.id)
    assert await names(nord) == []
    assert await names(nord, ended=True) == ["Ann"]
    assert await listing.counted(nord.id) == {}
    assert await listing.counted(south.id) == {"client": 1}
    assert await names(south, of=uuid4()) == []
