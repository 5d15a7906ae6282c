"""The plan and the first episode that the server begins a record with, whatever interrupts it.

Streams and grants: test_operations.py.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from tests.server.accounts.interrupted import InterruptedLog
from tests.server.accounts.world import Clock

from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document
from intersession_schemas.documents.care.episodes import EPISODE, Episode
from intersession_schemas.documents.care.plan import PLAN, Plan
from intersession_server.accounts import people
from intersession_server.accounts.database import open_accounts
from intersession_server.accounts.provisioning import Provisioning, first_episode, first_plan_change
from intersession_server.accounts.tables import Person
from intersession_server.errors import StorageError
from intersession_server.log.sqlite import SqliteLogStore
from intersession_server.log.store import NOBODY, LoggedRow, LogStore

pytestmark = pytest.mark.anyio


class Nobody:
    """Hears that access has changed, and forgets it."""

    def grants_changed(self, account: UUID) -> None:
        pass

    def device_revoked(self, device: UUID) -> None:
        pass


class World:
    """A client of a practice, not provisioned yet."""

    def __init__(self, log: SqliteLogStore, clock: Clock) -> None:
        self.log = InterruptedLog(log)
        self.clock = clock
        self.appended = 0
        self.provisioning = Provisioning(cast("LogStore", self.log), Nobody(), self._appended)

    def _appended(self) -> None:
        self.appended += 1

    async def client(self) -> Person:
        practice = await people.create_practice("Nord", self.clock())
        await self.provisioning.practice(practice, self.clock())
        return await people.add_client(practice, "Ann", self.clock(), namesake=False)

    async def rows(self) -> list[LoggedRow]:
        rows: list[LoggedRow] = await self.log.unapplied(10, 1_000_000)
        return rows


@pytest.fixture
async def world(tmp_path: Path, clock: Clock) -> AsyncIterator[World]:
    async with open_accounts(tmp_path / "app.db"):
        log = SqliteLogStore.open(tmp_path / "log.db")
        yield World(log, clock)
        await log.close()


def test_the_first_change_is_an_empty_plan() -> None:
    document = Document.new(bytes(16))
    document.apply([first_plan_change(b"a random actor..")])
    assert PLAN.read(document) == Plan()
    assert read_change(first_plan_change(b"a random actor..")).actor == b"a random actor.."


def test_the_first_episode_is_one_of_assessment_without_a_reason() -> None:
    document = Document.new(bytes(16))
    document.apply([first_episode(date(2026, 3, 2), b"a random actor..")])
    assert EPISODE.read(document) == Episode(began_on=date(2026, 3, 2))


async def test_a_record_begins_with_its_plan_and_its_first_episode(world: World) -> None:
    client = await world.client()
    await world.provisioning.person(client, world.clock())
    plan, episode = await world.rows()
    assert (plan.stream, plan.document, plan.kind) == (client.record_stream, client.plan, "plan")
    assert (episode.stream, episode.document, episode.kind) == (client.record_stream, client.episode, "episode")
    for row in (plan, episode):
        assert (row.author, row.device, row.received_at) == (NOBODY, NOBODY, client.created_at)
    assert world.appended == 2
    await world.provisioning.person(client, world.clock())
    assert len(await world.rows()) == 2


@pytest.mark.parametrize("change", range(1, 8))
async def test_an_interruption_leaves_one_of_each_in_the_end(world: World, change: int) -> None:
    client = await world.client()
    world.log.fail_at(change)
    with pytest.raises(StorageError):
        await world.provisioning.person(client, world.clock())
    assert await world.provisioning.finish(world.clock()) == 1
    assert [row.document for row in await world.rows()] == [client.plan, client.episode]
    assert await world.provisioning.finish(world.clock()) == 0


async def test_what_is_there_is_not_made_again_when_only_the_note_of_it_is_missing(world: World) -> None:
    client = await world.client()
    await world.provisioning.person(client, world.clock())
    await Person.update({Person.provisioned_at: None}).where(Person.id == client.id)
    assert await world.provisioning.finish(world.clock()) == 1
    assert (len(await world.rows()), world.appended) == (2, 2)


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("column", [Person.plan, Person.episode], ids=["plan", "episode"])
async def test_clients_from_before_there_were_such_documents_get_one(world: World, column: Any, fails: bool) -> None:
    client = await world.client()
    await world.provisioning.person(client, world.clock())
    await Person.update({column: None}).where(Person.id == client.id)
    if fails:
        world.log.fail_at(6)
        with pytest.raises(StorageError):
            await world.provisioning.finish(world.clock())
    assert await world.provisioning.finish(world.clock()) == 1
    (now,) = await Person.objects()
    assert now.provisioned_at is not None
    made = now.plan if column is Person.plan else now.episode
    assert made not in (None, client.plan, client.episode)
    assert [row.document for row in await world.rows()] == [client.plan, client.episode, made]


async def test_two_clients_have_documents_of_their_own(world: World) -> None:
    first = await world.client()
    await world.provisioning.person(first, world.clock())
    practice = await people.find_practice("Nord")
    second = await people.add_client(practice, "Ben", world.clock(), namesake=False)
    await world.provisioning.person(second, world.clock())
    made = [row.document for row in await world.rows()]
    assert sorted(made) == sorted([first.plan, second.plan, first.episode, second.episode])
    assert len({*made, uuid4()}) == 5
