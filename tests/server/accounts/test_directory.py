"""What the sync endpoint is told of accounts."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from tests.server.accounts.world import Clock, practice_with

from intersession_server.accounts import invitations
from intersession_server.accounts.directory import AccountsDirectory
from intersession_server.accounts.tables import AuditRow, Person
from intersession_server.log.store import Reader
from intersession_server.services import Services

pytestmark = pytest.mark.anyio


@pytest.fixture
def directory(services: Services, clock: Clock) -> AccountsDirectory:
    return AccountsDirectory(services.devices, clock)


async def test_a_token_is_an_account_and_a_device_also_when_it_is_revoked(
    services: Services, directory: AccountsDirectory, clock: Clock
) -> None:
    ann = (await practice_with(services, clients=("Ann",)))["Ann"]
    paired = await invitations.redeem(ann.code, "app", clock())
    for _ in range(2):
        found = await directory.authenticate(paired.token)
        assert found is not None
        assert (found.account, found.device) == (ann.person, paired.device)
        await services.devices.mark_revoked(paired.device, clock())
    assert await directory.authenticate("A" * 43) is None


async def test_labels_are_names(services: Services, directory: AccountsDirectory) -> None:
    people = await practice_with(services, clients=("Ann", "Bob"))
    ids = [people["Ann"].person, people["Bob"].person, uuid4()]
    assert await directory.labels(ids) == {ids[0]: "Ann", ids[1]: "Bob"}


async def test_what_a_care_team_reads_and_purges_is_audited_as_the_clients(
    services: Services, directory: AccountsDirectory, clock: Clock
) -> None:
    ann = (await practice_with(services, clients=("Ann",)))["Ann"].person
    person = await Person.objects().get(Person.id == ann)
    assert person is not None
    reader, grant = Reader(uuid4(), uuid4()), uuid4()
    for stream in (person.record_stream, person.chart_stream):
        assert isinstance(stream, UUID)
        await directory.note_read(reader, stream, 3, 9)
        await directory.note_purged(reader, stream, grant)
    rows = await AuditRow.objects().where(AuditRow.person == reader.account)
    assert {(row.action, row.client, row.device) for row in rows} == {
        ("rows_read", ann, reader.device),
        ("purged", ann, reader.device),
    }
    assert {(row.stream, row.after_row, row.through_row) for row in rows if row.action == "rows_read"} == {
        (person.record_stream, 3, 9),
        (person.chart_stream, 3, 9),
    }
    await directory.note_read(reader, uuid4(), 0, 1)  # a stream of no client, such as a library
