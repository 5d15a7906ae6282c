"""Carries out an operator's commands, one after the other."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from intersession_server.accounts import codes, invitations, people
from intersession_server.accounts.audit import Action, Actor, operator, record
from intersession_server.accounts.database import transaction
from intersession_server.accounts.devices import Devices, PairedDevice
from intersession_server.accounts.passwords import Passwords
from intersession_server.accounts.provisioning import Provisioning
from intersession_server.accounts.sign_in import end_sessions
from intersession_server.accounts.tables import Assignment, Person, Practice
from intersession_server.errors import Refused, StorageError
from intersession_server.operator import commands
from intersession_server.operator.instruments import Wordings
from intersession_server.operator.staff_commands import StaffCommand
from intersession_server.operator.staffing import Staffing, find_person, refuse_ended, role_of

Clock = Callable[[], datetime]


class CommandRunner:
    """`execute` does what a command says. Used on the event loop; commands run one at a time."""

    def __init__(
        self,
        provisioning: Provisioning,
        devices: Devices,
        passwords: Passwords,
        clock: Clock,
        *,
        rebuild: Callable[[], Awaitable[int]] | None = None,
        wordings: Wordings | None = None,
        random: invitations.Random = secrets.token_bytes,
    ) -> None:
        """`rebuild` rebuilds the read models and returns how many rows of the log it read; `wordings` takes
        those of instruments."""
        self._provisioning = provisioning
        self._devices = devices
        self._passwords = passwords
        self._clock = clock
        self._rebuild = rebuild
        self._wordings = wordings
        self._staffing = Staffing(provisioning, devices)
        self._random = random
        self._turn = asyncio.Lock()
        self._interrupted = False
        self._actor = operator("")

    async def execute(self, command: commands.AnyCommand, actor: Actor | None = None) -> commands.AnyResult:
        """Carry out one command. Raises `Refused` with a code and what to do, `StorageError` for the disk.

        `actor` is the therapist who gave it by their pages; whether they may has been decided. None: an operator.
        What a `StorageError` interrupted is finished before the next command, as far as it was recorded.
        """
        async with self._turn:
            at = self._clock()
            self._actor = actor or operator(command.by)
            if self._interrupted:
                await self._provisioning.finish(at)
                self._interrupted = False
            try:
                return await self._execute(command, at)
            except StorageError:
                self._interrupted = True
                raise

    async def _execute(self, command: commands.AnyCommand, at: datetime) -> commands.AnyResult:
        match command:
            case commands.CreatePractice():
                return await self._create_practice(command, at)
            case commands.SetRetention():
                return await self._set_retention(command, at)
            case commands.AddTherapist():
                return await self._add_therapist(command, at)
            case commands.InviteTherapist(therapist=therapist):
                return await self._invite(await people.find_therapist(therapist), at)
            case commands.SetPassword():
                return await self._set_password(command, at)
            case commands.AddClient():
                return await self._add_client(command, at)
            case commands.InviteClient(client=client):
                return await self._invite(await people.find_client(client), at)
            case commands.Assign():
                return await self._assign(command, at)
            case commands.Unassign():
                return await self._unassign(command, at)
            case _:
                return await self._other(command, at)

    async def _other(self, command: commands.AnyCommand, at: datetime) -> commands.AnyResult:
        match command:
            case commands.ListPeople(practice=practice):
                return await self._list_people(practice)
            case commands.ListDevices(person=person):
                return await self._list_devices(person)
            case commands.RevokeDevice(device=device):
                return await self._revoke(device, at)
            case commands.ImportInstrument(practice=practice):
                return await self._words().import_wording(await people.find_practice(practice), command, at)
            case commands.ListInstruments(practice=practice):
                return await self._words().listed(await people.find_practice(practice))
            case commands.Rebuild():
                return await self._rebuild_all(at)
            case _ if isinstance(command, StaffCommand):
                return await self._staffing.execute(command, self._actor, at)
            case _:
                raise TypeError(f"Not a command: {type(command).__name__}")

    # -- practices and people ---------------------------------------------------------------------------

    async def _create_practice(self, command: commands.CreatePractice, at: datetime) -> commands.PracticeCreated:
        practice = await people.create_practice(command.name, at)
        await self._provisioning.practice(practice, at)
        await record(Action.PRACTICE_CREATED, at, self._actor, subject=practice.id)
        return commands.PracticeCreated(practice=practice.id, name=practice.name)

    async def _set_retention(self, command: commands.SetRetention, at: datetime) -> commands.RetentionSet:
        practice = await people.find_practice(command.practice)
        already = practice.retention == command.retention
        if not already:
            async with transaction():
                await Practice.update({Practice.retention: command.retention}).where(Practice.id == practice.id)
                await record(Action.RETENTION_SET, at, self._actor, subject=practice.id)
        return commands.RetentionSet(
            practice=practice.id, name=practice.name, retention=command.retention, already=already
        )

    async def _add_therapist(self, command: commands.AddTherapist, at: datetime) -> commands.Invited:
        practice = await people.find_practice(command.practice)
        password = await self._passwords.hash(command.password)
        person = await people.add_therapist(
            practice, command.username, command.name, password, at, manager=command.manager, once=command.once
        )
        await self._provisioning.person(person, at)
        await record(Action.THERAPIST_ADDED, at, self._actor, subject=person.id)
        return await self._invite(person, at, added=True)

    async def _add_client(self, command: commands.AddClient, at: datetime) -> commands.Invited:
        practice = await people.find_practice(command.practice)
        person = await people.add_client(practice, command.name, at, namesake=command.namesake)
        await self._provisioning.person(person, at)
        await record(Action.CLIENT_ADDED, at, self._actor, client=person.id)
        return await self._invite(person, at, added=True)

    async def _invite(self, person: Person, at: datetime, *, added: bool = False) -> commands.Invited:
        refuse_ended(person)
        if person.provisioned_at is None and not added:
            await self._provisioning.person(person, at)
        practice = await people.find_practice(str(person.practice))
        lifetime = timedelta(minutes=practice.code_minutes)
        issued = await invitations.issue(person.id, at, self._random, lifetime=lifetime)
        client = person.id if person.role == people.CLIENT else None
        await record(Action.INVITED, at, self._actor, client=client, subject=person.id)
        return commands.Invited(
            person=person.id,
            name=person.name,
            role=role_of(person),
            code=codes.shown(issued.code),
            expires_at=issued.expires_at,
            added=added,
            username=person.username,
            invitation=issued.id,
        )

    async def _set_password(self, command: commands.SetPassword, at: datetime) -> commands.PasswordSet:
        person = await people.find_therapist(command.therapist)
        kept = await self._passwords.hash(command.password)
        async with transaction():
            await Person.update({Person.password: kept, Person.password_once: command.once}).where(
                Person.id == person.id
            )
            await end_sessions(person.id, at, command.keep)
            await record(Action.PASSWORD_SET, at, self._actor, subject=person.id)
        self._provisioning.sessions_ended(person.id)
        return commands.PasswordSet(therapist=person.id, username=person.username or "")

    async def _list_people(self, reference: str | None) -> commands.PeopleListed:
        await record(Action.PEOPLE_LISTED, self._clock(), self._actor)
        practices = {row.id: row.name for row in await Practice.objects()}
        query = Person.objects()
        if reference is not None:
            query = query.where(Person.practice == (await people.find_practice(reference)).id)
        found = await query
        usernames = {
            row.id: row.username or "" for row in await Person.objects().where(Person.role == people.THERAPIST)
        }
        teams: dict[UUID, dict[str, commands.CareRole]] = {}
        for row in await Assignment.objects().where(Assignment.until.is_null()):
            teams.setdefault(row.client, {})[usernames[row.therapist]] = _care_role(row)
        listed = [
            commands.PersonListed(
                person=row.id,
                role=role_of(row),
                name=row.name,
                practice=practices[row.practice],
                username=row.username,
                care_team=dict(sorted(teams.get(row.id, {}).items())),
                manager=row.manager,
                ended_at=row.ended_at,
            )
            for row in found
        ]
        listed.sort(key=lambda person: (person.practice, person.role != "therapist", person.name, person.person))
        return commands.PeopleListed(people=listed)

    # -- care teams -------------------------------------------------------------------------------------

    async def _assign(self, command: commands.Assign, at: datetime) -> commands.TherapistAssigned:
        client = await people.find_client(command.client)
        therapist = await people.find_therapist(command.therapist)
        if client.practice != therapist.practice:
            raise Refused("other_practice", "That therapist and that client belong to different practices.")
        refuse_ended(client)
        refuse_ended(therapist)
        current = await _current_assignment(client.id, therapist.id)
        if current is not None and current.provisioned_at is not None:
            if await self._provisioning.still_granted(current, client):
                if current.role != command.role:
                    text = f"Already assigned as {current.role}. Unassign first to change the role."
                    raise Refused("assigned_already", text)
                return _assigned(current, already=True)
            # An unassign was interrupted after the grants had ended; what it began is finished here.
            await self._provisioning.end_assignment(current, client, at)
            current = None
        if current is None:
            current = Assignment(
                id=uuid4(),
                client=client.id,
                therapist=therapist.id,
                role=command.role,
                record_grant=uuid4(),
                chart_grant=uuid4(),
                since=at,
            )
            await Assignment.insert(current)
        if client.provisioned_at is None:
            await self._provisioning.person(client, at)
        await record(Action.ASSIGNED, at, self._actor, client=client.id, subject=therapist.id)
        await self._provisioning.assignment(current, client, at)
        return _assigned(current, already=False)

    async def _unassign(self, command: commands.Unassign, at: datetime) -> commands.Unassigned:
        client = await people.find_client(command.client)
        therapist = await people.find_therapist(command.therapist)
        current = await _current_assignment(client.id, therapist.id)
        if current is None:
            raise Refused("not_assigned", "That therapist is not assigned to that client.")
        await self._provisioning.end_assignment(current, client, at)
        await record(Action.UNASSIGNED, at, self._actor, client=client.id, subject=therapist.id)
        return commands.Unassigned(client=client.id, therapist=therapist.id)

    # -- devices and read models ------------------------------------------------------------------------

    async def _list_devices(self, reference: str | None) -> commands.DevicesListed:
        person = None if reference is None else (await find_person(reference)).id
        await record(Action.DEVICES_LISTED, self._clock(), self._actor, subject=person)
        return commands.DevicesListed(devices=[_device_listed(row) for row in await self._devices.listed(person)])

    async def _revoke(self, id_: UUID, at: datetime) -> commands.DeviceRevoked:
        device = await self._devices.get(id_)
        if device is None:
            raise Refused("not_found", "There is no such device. List them with `intersession-server devices`.")
        # Again even if it was revoked before: an interruption may have left one of the two files without it.
        await self._provisioning.revoke_device(device.id, at)
        await self._devices.mark_revoked(device.id, at)
        if device.revoked_at is None:
            client = device.account if device.role == people.CLIENT else None
            await record(Action.DEVICE_REVOKED, at, self._actor, client=client, subject=device.id)
        return commands.DeviceRevoked(device=device.id, name=device.name, already=device.revoked_at is not None)

    def _words(self) -> Wordings:
        if self._wordings is None:
            raise Refused("not_available", "Instruments are not available here.")
        return self._wordings

    async def _rebuild_all(self, at: datetime) -> commands.Rebuilt:
        if self._rebuild is None:
            raise Refused("not_available", "Read models are not available here.")
        rows = await self._rebuild()
        await record(Action.REBUILT, at, self._actor)
        return commands.Rebuilt(rows=rows)


async def _current_assignment(client: UUID, therapist: UUID) -> Assignment | None:
    where = (Assignment.client == client) & (Assignment.therapist == therapist) & Assignment.until.is_null()
    return await Assignment.objects().where(where).first()


def _care_role(assignment: Assignment) -> commands.CareRole:
    match assignment.role:
        case "primary" | "covering" | "supervisor" as role:
            return role
        case other:
            raise ValueError(f"Not a care team role: {other}")


def _assigned(assignment: Assignment, *, already: bool) -> commands.TherapistAssigned:
    return commands.TherapistAssigned(
        assignment=assignment.id,
        client=assignment.client,
        therapist=assignment.therapist,
        role=_care_role(assignment),
        already=already,
    )


def _device_listed(device: PairedDevice) -> commands.DeviceListed:
    return commands.DeviceListed(
        device=device.id,
        person=device.account,
        name=device.name,
        role="client" if device.role == people.CLIENT else "therapist",
        agent=device.agent,
        paired_at=device.paired_at,
        last_heard_at=device.last_heard_at,
        revoked_at=device.revoked_at,
    )
