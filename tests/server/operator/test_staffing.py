"""What those who manage a practice do with its people, and what stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.server.accounts.world import PASSWORD, invite, practice_with

from intersession_server.accounts import invitations
from intersession_server.accounts.audit import Actor
from intersession_server.accounts.tables import Assignment, AuditRow, Device, Person, Practice
from intersession_server.errors import Refused
from intersession_server.log.store import Reader
from intersession_server.operator import commands
from intersession_server.operator import staff_commands as staff
from intersession_server.services import Services

pytestmark = pytest.mark.anyio

ADDRESS = "192.0.2.7"


async def refused(services: Services, command: commands.AnyCommand, actor: Actor | None = None) -> str:
    with pytest.raises(Refused) as caught:
        await services.operations.execute(command, actor)
    return caught.value.code


async def manages(services: Services) -> set[str]:
    people = await services.operations.execute(commands.ListPeople())
    assert isinstance(people, commands.PeopleListed)
    return {one.username or "" for one in people.people if one.manager}


async def reads(services: Services, person: Person | commands.Invited) -> int:
    id_ = person.id if isinstance(person, Person) else person.person
    return len(await services.log.offers(Reader(id_, id_)))


async def test_the_first_therapist_manages_the_practice_and_somebody_always_does(services: Services) -> None:
    await practice_with(services, "ada", "ben")
    assert await manages(services) == {"ada"}
    withdraw = staff.SetManager(therapist="ada", manager=False)
    assert await refused(services, withdraw) == "last_manager"
    assert await refused(services, staff.EndPerson(person="ada")) == "last_manager"
    await services.operations.execute(staff.SetManager(therapist="ben", manager=True))
    await services.operations.execute(withdraw)
    assert await manages(services) == {"ben"}
    again = await services.operations.execute(withdraw)
    assert again == staff.ManagerSet(therapist=again.therapist, username="ada", manager=False, already=True)  # type: ignore[union-attr]


async def test_a_manager_who_has_left_keeps_no_practice(services: Services) -> None:
    await practice_with(services, "ada", "ben")
    await services.operations.execute(staff.SetManager(therapist="ben", manager=True))
    await services.operations.execute(staff.EndPerson(person="ben"))
    assert await refused(services, staff.SetManager(therapist="ada", manager=False)) == "last_manager"
    assert await refused(services, staff.SetManager(therapist="ben", manager=True)) == "ended"


async def test_the_end_of_care_ends_access_and_keeps_what_was_written(services: Services) -> None:
    people = await practice_with(services, "ada", clients=("Ann", "Bob"))
    ann = people["Ann"]
    for client in ("Ann", "Bob"):
        await services.operations.execute(commands.Assign(client=client, therapist="ada"))
    await invitations.redeem(ann.code, "app", services.clock())
    code = await invite(services, commands.InviteClient(client="Ann"))
    streams = await services.log.streams_of_client(ann.person)
    before = await reads(services, people["ada"])
    ended = await services.operations.execute(staff.EndPerson(person="Ann"))
    assert isinstance(ended, staff.PersonEnded)
    assert (ended.assignments, ended.devices, ended.already) == (1, 1, False)
    assert await reads(services, people["ada"]) == before - 2
    (device,) = await Device.objects()
    assert device.revoked_at is not None
    with pytest.raises(Refused, match="expired"):
        await invitations.redeem(code.code, "app", services.clock())
    assert await services.log.streams_of_client(ann.person) == streams
    assert await refused(services, commands.InviteClient(client="Ann")) == "ended"
    assert await refused(services, commands.Assign(client="Ann", therapist="ada")) == "ended"
    again = await services.operations.execute(staff.EndPerson(person="Ann"))
    assert isinstance(again, staff.PersonEnded)
    assert (again.assignments, again.devices, again.already) == (0, 0, True)


async def test_care_can_be_taken_up_again(services: Services) -> None:
    people = await practice_with(services, "ada", clients=("Ann",))
    await services.operations.execute(staff.EndPerson(person="Ann"))
    await services.operations.execute(staff.ResumePerson(person="Ann"))
    await services.operations.execute(commands.Assign(client="Ann", therapist="ada"))
    code = await invite(services, commands.InviteClient(client="Ann"))
    assert (await invitations.redeem(code.code, "app", services.clock())).person == people["Ann"].person
    assert await reads(services, people["Ann"]) == 2
    assert await Assignment.count() == 1


async def test_a_therapist_who_leaves_reads_nothing_and_cannot_sign_in(services: Services) -> None:
    people = await practice_with(services, "ada", "ben", clients=("Ann",))
    await services.operations.execute(commands.Assign(client="Ann", therapist="ben"))
    signed_in = await services.sign_in.sign_in("ben", PASSWORD, ADDRESS, services.clock())
    assert await reads(services, people["ben"]) == 3
    await services.operations.execute(staff.EndPerson(person="ben"))
    assert await reads(services, people["ben"]) == 0
    assert await services.sign_in.current(signed_in.token, services.clock(), extend=False) is None
    with pytest.raises(Refused) as caught:
        await services.sign_in.sign_in("ben", PASSWORD, ADDRESS, services.clock())
    assert caught.value.code == "wrong_password"
    await services.operations.execute(staff.ResumePerson(person="ben"))
    assert await services.sign_in.current(signed_in.token, services.clock(), extend=False) is None
    await services.sign_in.sign_in("ben", PASSWORD, ADDRESS, services.clock())
    assert await reads(services, people["ben"]) == 1  # the library: care teams are made anew


async def test_nobody_ends_their_own_account(services: Services) -> None:
    people = await practice_with(services, "ada", "ben")
    await services.operations.execute(staff.SetManager(therapist="ben", manager=True))
    assert await refused(services, staff.EndPerson(person="ada"), Actor(person=people["ada"].person)) == "own_account"


async def test_another_name_is_found_and_shown(services: Services) -> None:
    people = await practice_with(services, "ada", clients=("Ann",))
    await services.operations.execute(staff.Rename(person="Ann", name="  Änne\u00a0 Köhler "))
    renamed = await Person.objects().get(Person.id == people["Ann"].person)
    assert renamed is not None
    assert (renamed.name, renamed.folded) == ("Änne Köhler", "anne kohler")
    assert await refused(services, staff.Rename(person="ada", name="\x00")) == "bad_name"


async def test_codes_last_as_long_as_the_practice_says(services: Services) -> None:
    await practice_with(services, "ada", clients=("Ann",))
    for minutes in (9, 0, -1, 14 * 24 * 60 + 1):
        assert await refused(services, staff.SetCodeLifetime(practice="Nord", minutes=minutes)) == "bad_lifetime"
    await services.operations.execute(staff.SetCodeLifetime(practice="Nord", minutes=7 * 24 * 60))
    code = await invite(services, commands.InviteClient(client="Ann"))
    assert code.expires_at - services.clock() == timedelta(days=7)
    assert len(code.code) == 19


async def test_a_practice_says_where_it_is_and_each_device_is_told(services: Services) -> None:
    people = await practice_with(services, clients=("Ann",))
    assert await refused(services, staff.SetCountry(practice="Nord", country="ZZ")) == "bad_country"
    paired = await invitations.redeem(people["Ann"].code, "app", services.clock())

    async def told() -> str | None:
        device = await services.devices.authenticate(paired.token)
        assert device is not None
        return device.country

    assert await told() is None
    for country, already in (("de", False), ("DE", True)):
        done = await services.operations.execute(staff.SetCountry(practice="Nord", country=country))
        assert isinstance(done, staff.CountrySet)
        assert (done.country, done.already) == ("DE", already)
    assert await told() == "DE"
    await services.operations.execute(staff.SetCountry(practice="Nord", country=None))
    assert await told() is None


async def test_a_code_is_revoked(services: Services) -> None:
    people = await practice_with(services, clients=("Ann",))
    await services.operations.execute(staff.RevokeInvitation(person="Ann"))
    with pytest.raises(Refused, match="expired"):
        await invitations.redeem(people["Ann"].code, "app", services.clock())
    again = await services.operations.execute(staff.RevokeInvitation(person="Ann"))
    assert isinstance(again, staff.InvitationRevoked)
    assert again.already


async def test_who_did_it_stands_in_the_audit(services: Services) -> None:
    people = await practice_with(services, "ada", "ben", clients=("Ann",))
    ada = Actor(person=people["ada"].person, web_session=people["ada"].person)
    await AuditRow.delete(force=True)
    for command in (
        staff.SetManager(therapist="ben", manager=True),
        staff.SetManager(therapist="ben", manager=False),
        staff.Rename(person="Ann", name="Anna"),
        staff.RevokeInvitation(person="Anna"),
        staff.SetCodeLifetime(practice="Nord", minutes=60),
        staff.SetCountry(practice="Nord", country="AT"),
        staff.SetLanguage(therapist="ben", language="de"),
        staff.EndSessions(therapist="ben"),
        staff.EndPerson(person="Anna"),
        staff.ResumePerson(person="Anna"),
    ):
        await services.operations.execute(command, ada)
    rows = await AuditRow.objects()
    assert {row.person for row in rows} == {ada.person}
    assert not any(row.operator for row in rows)
    told = {"manager_granted", "manager_withdrawn", "renamed", "invitation_revoked", "code_lifetime_set"}
    assert {row.action for row in rows} == told | {"country_set", "language_set", "sessions_ended", "ended", "resumed"}
    assert {row.client for row in rows if row.action in ("renamed", "ended", "resumed")} == {people["Ann"].person}


async def test_a_practice_of_before_is_managed_by_its_first_therapist(services: Services) -> None:
    """What the migration leaves: names that are not folded, which the next start does."""
    await practice_with(services, "ada", clients=("Änne",))
    await Person.update({Person.folded: ""}, force=True)
    from intersession_server.accounts.provisioning import Provisioning

    await Provisioning(services.log, services.wakeups).finish(services.clock())
    assert {row["folded"] for row in await Person.select(Person.folded)} == {"ada ada", "anne"}
    assert {row["code_minutes"] for row in await Practice.select(Practice.code_minutes)} == {10}
