"""What an operator's commands do, to the accounts and to the log; also when they are interrupted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace
from tests.server.accounts.interrupted import InterruptedLog
from tests.server.accounts.world import CHEAP, PASSWORD, Clock

from intersession_schemas.streams import Audience, Role
from intersession_server.accounts import invitations
from intersession_server.accounts.database import open_accounts
from intersession_server.accounts.devices import Devices
from intersession_server.accounts.passwords import Passwords
from intersession_server.accounts.provisioning import Provisioning
from intersession_server.accounts.tables import Assignment, AuditRow, Person, Practice, WebSession
from intersession_server.errors import Refused, StorageError
from intersession_server.log.sqlite import SqliteLogStore
from intersession_server.log.store import LogStore, Reader
from intersession_server.operator import commands
from intersession_server.operator.operations import CommandRunner

pytestmark = pytest.mark.anyio

ADA = commands.AddTherapist(username="ada", name="Ada", password=PASSWORD)
BEN = commands.AddTherapist(username="ben", name="Ben", password=PASSWORD)
ANN = commands.AddClient(name="Ann")
NORD = commands.CreatePractice(name="Nord")


class Told:
    """Hears what live sessions would hear, and what the log says at that moment."""

    def __init__(self) -> None:
        self.grants: list[UUID] = []
        self.revoked: list[UUID] = []

    def grants_changed(self, account: UUID) -> None:
        self.grants.append(account)

    def device_revoked(self, device: UUID) -> None:
        self.revoked.append(device)


class World:
    """Operations on a real database and a real log, both in one folder."""

    def __init__(self, log: SqliteLogStore, clock: Clock) -> None:
        self.log = InterruptedLog(log)
        self.clock = clock
        self.told = Told()
        self.passwords = Passwords(CHEAP)
        self.provisioning = Provisioning(cast("LogStore", self.log), self.told)
        self.operations = CommandRunner(self.provisioning, Devices(), self.passwords, clock)

    async def do(self, *given: commands.AnyCommand) -> list[commands.AnyResult]:
        results = []
        for command in given:
            self.clock.move(seconds=1)
            results.append(await self.operations.execute(command))
        return results

    async def invited(self, command: commands.AnyCommand) -> commands.Invited:
        (result,) = await self.do(command)
        assert isinstance(result, commands.Invited)
        return result

    async def refused(self, command: commands.AnyCommand) -> str:
        with pytest.raises(Refused) as caught:
            await self.do(command)
        return caught.value.code

    async def reads(self, account: UUID) -> set[tuple[Audience, Role]]:
        """What the log lets an account read now."""
        return {(offer.audience, offer.role) for offer in await self.log.offers(Reader(account, uuid4()))}

    async def audited(self) -> list[str]:
        return [row["action"] for row in await AuditRow.select(AuditRow.action).order_by(AuditRow.at)]


@pytest.fixture
async def world(tmp_path: Path, clock: Clock) -> AsyncIterator[World]:
    async with open_accounts(tmp_path / "app.db"):
        log = SqliteLogStore.open(tmp_path / "log.db")
        world = World(log, clock)
        yield world
        world.passwords.close()
        await log.close()


@pytest.fixture
async def ada(world: World) -> commands.Invited:
    """A practice and a therapist."""
    await world.do(NORD)
    return await world.invited(ADA)


@pytest.fixture
async def ann(world: World, ada: commands.Invited) -> commands.Invited:
    """A client of that practice."""
    return await world.invited(ANN)


ASSIGN = commands.Assign(client="Ann", therapist="ada")
UNASSIGN = commands.Unassign(client="Ann", therapist="ada")
CARE = {(Audience.RECORD, Role.PRIMARY), (Audience.CHART, Role.PRIMARY)}
LIBRARY = {(Audience.LIBRARY, Role.THERAPIST)}
OWN = {(Audience.RECORD, Role.CLIENT), (Audience.VAULT, Role.CLIENT)}


async def test_people_read_their_own_streams_and_a_care_team_a_clients(
    world: World, ada: commands.Invited, ann: commands.Invited
) -> None:
    assert await world.reads(ada.person) == LIBRARY
    assert await world.reads(ann.person) == OWN
    await world.do(ASSIGN)
    assert await world.reads(ada.person) == LIBRARY | CARE
    await world.do(UNASSIGN)
    assert await world.reads(ada.person) == LIBRARY
    assert await world.reads(ann.person) == OWN


@pytest.mark.parametrize("role", ["primary", "covering", "supervisor"])
async def test_the_role_of_an_assignment_is_the_role_of_its_grants(
    world: World, ada: commands.Invited, ann: commands.Invited, role: commands.CareRole
) -> None:
    await world.do(commands.Assign(client="Ann", therapist="ada", role=role))
    assert await world.reads(ada.person) - LIBRARY == {(Audience.RECORD, Role(role)), (Audience.CHART, Role(role))}


async def test_live_sessions_hear_of_every_change_of_access_after_it_was_made(
    world: World, ada: commands.Invited, ann: commands.Invited
) -> None:
    world.told.grants.clear()
    seen: list[int] = []
    world.told.grants_changed = lambda account: seen.append(len(world.log.changes))  # type: ignore[method-assign]
    await world.do(ASSIGN)
    assert seen == [len(world.log.changes)]
    await world.do(UNASSIGN)
    assert seen[1:] == [len(world.log.changes)]


async def test_assigning_again_changes_nothing_and_another_role_is_refused(
    world: World, ada: commands.Invited, ann: commands.Invited
) -> None:
    (first,) = await world.do(ASSIGN)
    (again,) = await world.do(ASSIGN)
    assert isinstance(first, commands.TherapistAssigned)
    assert isinstance(again, commands.TherapistAssigned)
    assert (again.assignment, again.already, first.already) == (first.assignment, True, False)
    assert await world.refused(commands.Assign(client="Ann", therapist="ada", role="covering")) == "assigned_already"
    await world.do(UNASSIGN)
    assert await world.refused(UNASSIGN) == "not_assigned"
    (anew,) = await world.do(ASSIGN)
    assert isinstance(anew, commands.TherapistAssigned)
    assert anew.assignment != first.assignment


async def test_practices_are_kept_apart(world: World, ada: commands.Invited, ann: commands.Invited) -> None:
    await world.do(commands.CreatePractice(name="Süd"))
    ben = await world.invited(commands.AddTherapist(username="ben", name="Ben", password=PASSWORD, practice="Süd"))
    assert await world.refused(commands.Assign(client="Ann", therapist="ben")) == "other_practice"
    assert await world.reads(ben.person) == LIBRARY
    assert await world.refused(BEN) == "ambiguous"


async def test_inviting_gives_another_code_and_no_other_person(
    world: World, ada: commands.Invited, ann: commands.Invited
) -> None:
    again = await world.invited(commands.InviteClient(client="Ann"))
    assert (again.person, again.added, ann.added) == (ann.person, False, True)
    assert again.code != ann.code
    mine = await world.invited(commands.InviteTherapist(therapist="ada"))
    assert (mine.person, mine.role, mine.username) == (ada.person, "therapist", "ada")
    assert await Person.count() == 2


async def test_a_revoked_device_reads_nothing(world: World, ada: commands.Invited, ann: commands.Invited) -> None:
    paired = await invitations.redeem(ann.code, "app", world.clock())
    other = await invitations.redeem(
        (await world.invited(commands.InviteClient(client="Ann"))).code, "b", world.clock()
    )
    (revoked,) = await world.do(commands.RevokeDevice(device=paired.device))
    assert revoked == commands.DeviceRevoked(device=paired.device, name="Ann", already=False)
    assert world.told.revoked == [paired.device]
    assert await world.log.offers(Reader(ann.person, paired.device)) == []
    assert len(await world.log.offers(Reader(ann.person, other.device))) == 2
    (again,) = await world.do(commands.RevokeDevice(device=paired.device))
    assert isinstance(again, commands.DeviceRevoked)
    assert again.already
    assert await world.refused(commands.RevokeDevice(device=uuid4())) == "not_found"


async def test_lists(world: World, ada: commands.Invited, ann: commands.Invited) -> None:
    await world.do(ASSIGN)
    paired = await invitations.redeem(ann.code, "app", world.clock())
    (found,) = await world.do(commands.ListPeople())
    assert isinstance(found, commands.PeopleListed)
    assert [(person.name, person.role, person.practice, person.care_team) for person in found.people] == [
        ("Ada", "therapist", "Nord", {}),
        ("Ann", "client", "Nord", {"ada": "primary"}),
    ]
    for reference, count in ((None, 1), ("Ann", 1), ("ada", 0), (str(ann.person), 1)):
        (devices,) = await world.do(commands.ListDevices(person=reference))
        assert isinstance(devices, commands.DevicesListed)
        assert [device.device for device in devices.devices] == [paired.device] * count
    assert await world.refused(commands.ListDevices(person="nobody")) == "not_found"


async def test_a_new_password_ends_what_the_old_one_opened(world: World, ada: commands.Invited) -> None:
    before = await Person.objects().get(Person.id == ada.person)
    now = world.clock()
    await WebSession.insert(WebSession(id=uuid4(), person=ada.person, token_hash="x", created_at=now, last_used_at=now))
    await world.do(commands.SetPassword(therapist="ada", password="another password"))
    after = await Person.objects().get(Person.id == ada.person)
    assert before is not None
    assert after is not None
    assert await world.passwords.verify("another password", after.password)
    assert not await world.passwords.verify(PASSWORD, after.password)
    assert await WebSession.count().where(WebSession.ended_at.is_null()) == 0
    for password in ("", "seven77", "x" * 257):
        assert await world.refused(commands.SetPassword(therapist="ada", password=password)) == "bad_password"


async def test_a_refused_command_leaves_nothing(world: World, ada: commands.Invited) -> None:
    for command in (
        commands.AddTherapist(username="eve", name="Eve", password="short"),
        commands.AddClient(name="Ann", practice="West"),
        commands.AddClient(name=""),
        NORD,
        ADA,
    ):
        await world.refused(command)
    assert await Person.count() == 1


async def test_rebuild_is_whatever_builds_the_read_models(world: World, ada: commands.Invited) -> None:
    assert await world.refused(commands.Rebuild()) == "not_available"

    async def rebuild() -> int:
        return 7

    operations = CommandRunner(world.provisioning, Devices(), world.passwords, world.clock, rebuild=rebuild)
    assert await operations.execute(commands.Rebuild()) == commands.Rebuilt(rows=7)


async def test_what_an_operator_did_is_audited_without_secrets(
    world: World, ada: commands.Invited, ann: commands.Invited
) -> None:
    paired = await invitations.redeem(ann.code, "app", world.clock())
    hide = commands.SetRetention(practice="Nord", retention="hide")
    await world.do(ASSIGN, UNASSIGN, commands.RevokeDevice(device=paired.device), hide, hide)
    assert await world.audited() == [
        "practice_created",
        *("therapist_added", "invited"),
        *("client_added", "invited", "paired"),
        *("assigned", "unassigned", "device_revoked", "retention_set"),
    ]
    kept = repr(await AuditRow.select())
    assert not any(secret in kept for secret in (ann.code, PASSWORD, paired.token, "Ann", "Ada"))


async def test_a_practice_erases_unless_it_says_otherwise(world: World) -> None:
    await world.do(NORD)
    (nord,) = await Practice.objects()
    assert nord.retention == "erase"
    hide = commands.SetRetention(practice=str(nord.id), retention="hide")
    done = commands.RetentionSet(practice=nord.id, name=nord.name, retention="hide")
    assert await world.do(hide, hide) == [done, replace(done, already=True)]
    assert [row.retention for row in await Practice.objects()] == ["hide"]
    assert await world.refused(commands.SetRetention(practice="West", retention="hide")) == "not_found"


async def test_commands_at_once_are_carried_out_one_by_one(world: World, ada: commands.Invited) -> None:
    results = await asyncio.gather(*(world.operations.execute(ANN) for _ in range(5)), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Invited"] + ["Refused"] * 4
    await asyncio.gather(*(world.operations.execute(ASSIGN) for _ in range(5)))
    assert await Assignment.count() == 1


# --- interrupted ------------------------------------------------------------------------------------------------

STEPS: list[tuple[commands.AnyCommand, int]] = [(NORD, 1), (ADA, 1), (ANN, 6), (ASSIGN, 2), (UNASSIGN, 2), (ASSIGN, 2)]


@pytest.mark.parametrize(("step", "change"), [(s, c) for s, (_, n) in enumerate(STEPS) for c in range(1, n + 1)])
async def test_an_interruption_never_leaves_more_access_than_recorded_and_is_mended(
    world: World, step: int, change: int
) -> None:
    """Each command fails at each of its changes to the log; then it is given again, as an operator would."""
    for command, _ in STEPS[:step]:
        await world.do(command)
    command = STEPS[step][0]
    world.log.fail_at(change)
    with pytest.raises(StorageError):
        await world.do(command)
    await no_more_access_than_recorded(world)
    (again,) = await asyncio.gather(world.do(command), return_exceptions=True)
    if isinstance(again, BaseException):
        assert isinstance(again, Refused)
        assert again.code == "name_taken"  # what was recorded is finished; there is nothing to add
    for later, _ in STEPS[step + 1 :]:
        await world.do(later)
    await everything_as_recorded(world)


@pytest.mark.parametrize(("step", "change"), [(s, c) for s, (_, n) in enumerate(STEPS) for c in range(1, n + 1)])
async def test_what_an_interruption_left_is_finished_at_the_next_start(world: World, step: int, change: int) -> None:
    for command, _ in STEPS[:step]:
        await world.do(command)
    world.log.fail_at(change)
    with pytest.raises(StorageError):
        await world.do(STEPS[step][0])
    await world.provisioning.finish(world.clock())
    await no_more_access_than_recorded(world)
    assert await world.provisioning.finish(world.clock()) == 0
    assert await Person.count().where(Person.provisioned_at.is_null()) == 0


async def no_more_access_than_recorded(world: World) -> None:
    for person in await Person.objects():
        assert await world.reads(person.id) <= await recorded(person)


async def everything_as_recorded(world: World) -> None:
    for person in await Person.objects():
        assert await world.reads(person.id) == await recorded(person)
        assert person.role == "client" or await world.reads(person.id) == LIBRARY | CARE


async def recorded(person: Person) -> set[tuple[Audience, Role]]:
    if person.role == "client":
        return OWN
    current = await Assignment.objects().where((Assignment.therapist == person.id) & Assignment.until.is_null())
    return LIBRARY | {(audience, Role(row.role)) for row in current for audience in (Audience.RECORD, Audience.CHART)}


async def test_assigning_after_an_ending_was_interrupted_gives_all_of_it_again(
    world: World, ada: commands.Invited, ann: commands.Invited
) -> None:
    await world.do(ASSIGN)
    world.log.fail_at(2)
    with pytest.raises(StorageError):
        await world.do(UNASSIGN)
    await world.do(ASSIGN)
    assert await world.reads(ada.person) == LIBRARY | CARE
    assert await Assignment.count().where(Assignment.until.is_null()) == 1
    assert await Assignment.count() == 2


async def test_ending_half_way_tells_live_sessions_of_the_half_that_ended(
    world: World, ada: commands.Invited, ann: commands.Invited
) -> None:
    await world.do(ASSIGN)
    world.told.grants.clear()
    world.log.fail_at(2)
    with pytest.raises(StorageError):
        await world.do(UNASSIGN)
    assert world.told.grants == [ada.person]
    assert await world.reads(ada.person) == LIBRARY | {(Audience.CHART, Role.PRIMARY)}
