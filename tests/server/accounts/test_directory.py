"""What the sync endpoint is told of accounts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace
from tests.server.accounts.world import Clock, practice_with

from intersession_server.accounts import audit, invitations
from intersession_server.accounts.audit import Action, Actor, record
from intersession_server.accounts.directory import AccountsDirectory
from intersession_server.accounts.tables import AuditRow, Person
from intersession_server.log.store import Reader
from intersession_server.log.submissions import ErasureDone, ErasureRequest
from intersession_server.operator import commands
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
        for _ in range(3):  # asked again, as its answer was lost, it answers again: that is one row
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
    assert len([row for row in rows if row.action == "purged"]) == 2
    await directory.note_read(reader, uuid4(), 0, 1)  # a stream of no client, such as a library


async def shared_record(services: Services) -> tuple[UUID, UUID, UUID]:
    """(client, record, vault) of a client of a practice."""
    ann = (await practice_with(services, clients=("Ann",)))["Ann"].person
    person = await Person.objects().get(Person.id == ann)
    assert person is not None
    assert isinstance(person.record_stream, UUID)
    assert isinstance(person.vault_stream, UUID)
    return ann, person.record_stream, person.vault_stream


async def test_whether_the_practice_keeps_what_its_clients_take_back(
    services: Services, directory: AccountsDirectory
) -> None:
    _, record, vault = await shared_record(services)
    assert not await directory.keeps_erased(record)
    await services.operations.execute(commands.SetRetention(practice="Nord", retention="hide"))
    assert await directory.keeps_erased(record)
    assert await directory.keeps_erased(vault)  # the log erases it all the same
    assert not await directory.keeps_erased(uuid4())


async def test_an_erasure_is_audited_once(services: Services, directory: AccountsDirectory, clock: Clock) -> None:
    ann, record, _ = await shared_record(services)
    request = ErasureRequest(ann, uuid4(), record, uuid4(), "journal_entry")
    done = ErasureDone(9, False, False, clock(), (3, 4))
    for again in (done, replace(done, duplicate=True)):
        await directory.note_erased(request, again)
    await directory.note_erased(replace(request, document=uuid4()), done)
    rows = await AuditRow.objects().where(AuditRow.action == "erased")
    assert {(row.person, row.device, row.client, row.stream, row.through_row) for row in rows} == {
        (ann, request.device, ann, record, 9)
    }
    assert [row.document for row in rows].count(request.document) == 1
    assert len(rows) == 2


READS: list[tuple[str, int | None, int, bool]] = [
    ("rows_read", 0, 3, False),
    ("rows_read", 0, 4, True),
    ("rows_read", 3, 9, True),
    ("rows_read", 4, 8, False),
    ("rows_read", 8, 9, True),
    ("rows_read", 9, 99, False),
    ("entries_read", None, 3, False),
    ("entries_read", None, 4, True),
    ("symptoms_read", None, 99, True),
    ("clients_read", None, 99, False),
    ("purged", None, 99, False),
]


@pytest.mark.parametrize(("action", "after", "through", "counts"), READS)
async def test_when_it_was_read(
    services: Services,
    directory: AccountsDirectory,
    clock: Clock,
    action: str,
    after: int | None,
    through: int,
    counts: bool,
) -> None:
    """A document whose rows are 4 and 9."""
    ann, stream, vault = await shared_record(services)
    clock.move(minutes=1)
    whose = {"client": ann, "after_row": after, "through_row": through}
    await record(Action(action), clock(), Actor(), stream=stream, **whose)  # type: ignore[arg-type]
    await record(Action(action), clock(), Actor(), stream=vault, **whose)  # type: ignore[arg-type]
    done = ErasureDone(10, False, False, clock(), (4, 9))
    assert await directory.read_at(stream, done) == [clock()] * counts
    assert await directory.read_at(stream, replace(done, rows=())) == []
    assert await directory.read_at(uuid4(), done) == []


async def test_moments_are_told_once_in_order_and_only_those_before_it_was_erased(
    services: Services, directory: AccountsDirectory, clock: Clock
) -> None:
    ann, stream, _ = await shared_record(services)
    read: list[datetime] = []
    for _ in range(4):
        clock.move(minutes=1)
        read.append(clock())
        for _ in range(2):
            await record(Action.ROWS_READ, clock(), Actor(), client=ann, stream=stream, after_row=0, through_row=5)
    done = ErasureDone(6, False, False, read[2], (2,))
    assert await directory.read_at(stream, done) == read[:3]


async def test_of_very_many_moments_the_newest_are_told(
    services: Services, directory: AccountsDirectory, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "MOST_READS", 3)
    ann, stream, _ = await shared_record(services)
    read: list[datetime] = []
    for _ in range(5):
        clock.move(minutes=1)
        read.append(clock())
        await record(Action.ENTRIES_READ, clock(), Actor(), client=ann, stream=stream, through_row=5)
    assert await directory.read_at(stream, ErasureDone(6, False, False, clock(), (2,))) == read[2:]
