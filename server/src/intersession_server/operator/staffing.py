"""What those who manage a practice do with its people: carried out for `operations`, one command at a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from intersession_schemas.client_words import LOCAL_HELP
from intersession_server.accounts import codes, invitations, people
from intersession_server.accounts.audit import Action, Actor, record
from intersession_server.accounts.database import transaction
from intersession_server.accounts.devices import Devices
from intersession_server.accounts.provisioning import Provisioning
from intersession_server.accounts.sign_in import end_sessions
from intersession_server.accounts.tables import Assignment, Person, Practice
from intersession_server.errors import Refused
from intersession_server.language.catalogue import LANGUAGES
from intersession_server.operator import staff_commands as staff
from intersession_server.reminders import subscriptions


class Staffing:
    """Carries out the commands of `staff_commands`. Every method raises `Refused`, `StorageError`."""

    def __init__(self, provisioning: Provisioning, devices: Devices) -> None:
        self._provisioning = provisioning
        self._devices = devices

    async def execute(self, command: staff.StaffCommand, actor: Actor, at: datetime) -> staff.StaffResult:
        """Carry out one command."""
        match command:
            case staff.SetManager():
                return await self._set_manager(command, actor, at)
            case staff.Rename():
                return await self._rename(command, actor, at)
            case staff.EndPerson(person=reference):
                return await self._end(await find_person(reference), actor, at)
            case staff.ResumePerson(person=reference):
                return await self._resume(await find_person(reference), actor, at)
            case staff.RevokeInvitation(person=reference):
                return await self._revoke_invitation(await find_person(reference), actor, at)
            case staff.SetCodeLifetime():
                return await self._set_code_lifetime(command, actor, at)
            case staff.SetReminders():
                return await self._set_reminders(command, actor, at)
            case staff.SetCountry():
                return await self._set_country(command, actor, at)
            case staff.EndSessions():
                return await self._end_sessions(command, actor, at)
            case staff.SetLanguage():
                return await self._set_language(command, actor, at)

    async def _set_manager(self, command: staff.SetManager, actor: Actor, at: datetime) -> staff.ManagerSet:
        person = await people.find_therapist(command.therapist)
        refuse_ended(person)
        already = person.manager == command.manager
        if not already:
            async with transaction():
                if not command.manager:
                    await _keep_a_manager(person)
                await Person.update({Person.manager: command.manager}).where(Person.id == person.id)
                action = Action.MANAGER_GRANTED if command.manager else Action.MANAGER_WITHDRAWN
                await record(action, at, actor, subject=person.id)
            self._provisioning.sessions_ended(person.id)  # open pages ask anew what they may show
        return staff.ManagerSet(
            therapist=person.id, username=person.username or "", manager=command.manager, already=already
        )

    async def _rename(self, command: staff.Rename, actor: Actor, at: datetime) -> staff.Renamed:
        person = await find_person(command.person)
        name = people.clean_name(command.name)
        if name != person.name:
            async with transaction():
                await Person.update({Person.name: name, Person.folded: people.folded(name, person.username)}).where(
                    Person.id == person.id
                )
                await record(Action.RENAMED, at, actor, client=_client(person), subject=person.id)
        return staff.Renamed(person=person.id, name=name)

    async def _end(self, person: Person, actor: Actor, at: datetime) -> staff.PersonEnded:
        """In this order, so that an interruption leaves less access than is written down, and can be done again."""
        already = person.ended_at is not None
        if actor.person == person.id:
            raise Refused("own_account", "You cannot end your own account. Ask somebody else who manages the practice.")
        if person.manager and not already:
            await _keep_a_manager(person)
        await invitations.end_live(person.id, at)
        devices = [one for one in await self._devices.listed(person.id) if one.revoked_at is None]
        for device in devices:
            await self._provisioning.revoke_device(device.id, at)
            await self._devices.mark_revoked(device.id, at)
            await record(Action.DEVICE_REVOKED, at, actor, client=_client(person), subject=device.id)
        column = Assignment.client if person.role == people.CLIENT else Assignment.therapist
        assignments = await Assignment.objects().where((column == person.id) & Assignment.until.is_null())
        for assignment in assignments:
            client = await Person.objects().get(Person.id == assignment.client)
            if client is not None:
                await self._provisioning.end_assignment(assignment, client, at)
                subject = assignment.therapist
                await record(Action.UNASSIGNED, at, actor, client=assignment.client, subject=subject)
        if person.role == people.THERAPIST:
            await self._provisioning.end_library(person, at)
        if not already:
            async with transaction():
                await Person.update({Person.ended_at: at, Person.manager: False}).where(Person.id == person.id)
                await end_sessions(person.id, at)
                await record(Action.ENDED, at, actor, client=_client(person), subject=person.id)
            self._provisioning.sessions_ended(person.id)
        return staff.PersonEnded(
            person=person.id,
            name=person.name,
            role=role_of(person),
            assignments=len(assignments),
            devices=len(devices),
            already=already,
        )

    async def _resume(self, person: Person, actor: Actor, at: datetime) -> staff.PersonResumed:
        already = person.ended_at is None
        if not already:
            async with transaction():
                await Person.update({Person.ended_at: None}).where(Person.id == person.id)
                await record(Action.RESUMED, at, actor, client=_client(person), subject=person.id)
            if person.role == people.THERAPIST:
                await self._provisioning.begin_library(person, at)
        return staff.PersonResumed(person=person.id, name=person.name, already=already)

    async def _revoke_invitation(self, person: Person, actor: Actor, at: datetime) -> staff.InvitationRevoked:
        async with transaction():
            ended = await invitations.end_live(person.id, at)
            if ended:
                await record(Action.INVITATION_REVOKED, at, actor, client=_client(person), subject=person.id)
        return staff.InvitationRevoked(person=person.id, name=person.name, already=not ended)

    async def _set_code_lifetime(
        self, command: staff.SetCodeLifetime, actor: Actor, at: datetime
    ) -> staff.CodeLifetimeSet:
        if not codes.LIFETIME <= timedelta(minutes=command.minutes) <= codes.LONGEST_LIFETIME:
            longest = codes.LONGEST_LIFETIME // timedelta(minutes=1)
            raise Refused("bad_lifetime", f"Pairing codes last from 10 to {longest:,} minutes (14 days).")
        practice = await people.find_practice(command.practice)
        already = practice.code_minutes == command.minutes
        if not already:
            async with transaction():
                await Practice.update({Practice.code_minutes: command.minutes}).where(Practice.id == practice.id)
                await record(Action.CODE_LIFETIME_SET, at, actor, subject=practice.id)
        return staff.CodeLifetimeSet(practice=practice.id, name=practice.name, minutes=command.minutes, already=already)

    async def _set_reminders(self, command: staff.SetReminders, actor: Actor, at: datetime) -> staff.RemindersSet:
        practice = await people.find_practice(command.practice)
        already = practice.reminders == command.offered
        if not already:
            async with transaction():
                await Practice.update({Practice.reminders: command.offered}).where(Practice.id == practice.id)
                if not command.offered:
                    await subscriptions.drop_of(practice.id)
                await record(Action.REMINDERS_SET, at, actor, subject=practice.id)
        return staff.RemindersSet(practice=practice.id, name=practice.name, offered=command.offered, already=already)

    async def _set_country(self, command: staff.SetCountry, actor: Actor, at: datetime) -> staff.CountrySet:
        country = None if command.country is None else command.country.upper()
        if country is not None and country not in LOCAL_HELP:
            known = ", ".join(LOCAL_HELP)
            raise Refused("bad_country", f"No crisis lines are known for that country. They are for {known}.")
        practice = await people.find_practice(command.practice)
        already = practice.country == country
        if not already:
            async with transaction():
                await Practice.update({Practice.country: country}).where(Practice.id == practice.id)
                await record(Action.COUNTRY_SET, at, actor, subject=practice.id)
        return staff.CountrySet(practice=practice.id, name=practice.name, country=country, already=already)

    async def _end_sessions(self, command: staff.EndSessions, actor: Actor, at: datetime) -> staff.SessionsEnded:
        person = await people.find_therapist(command.therapist)
        async with transaction():
            await end_sessions(person.id, at, command.keep)
            await record(Action.SESSIONS_ENDED, at, actor, subject=person.id)
        self._provisioning.sessions_ended(person.id)
        return staff.SessionsEnded(therapist=person.id, username=person.username or "")

    async def _set_language(self, command: staff.SetLanguage, actor: Actor, at: datetime) -> staff.LanguageSet:
        person = await people.find_therapist(command.therapist)
        if command.language is not None and command.language not in LANGUAGES:
            raise Refused("bad_language", f"The pages are in {', '.join(LANGUAGES)}.")
        if command.language != person.language:
            async with transaction():
                await Person.update({Person.language: command.language}).where(Person.id == person.id)
                await record(Action.LANGUAGE_SET, at, actor, subject=person.id)
        return staff.LanguageSet(therapist=person.id, language=command.language)


async def find_person(reference: str) -> Person:
    """A therapist by id or user name, or a client by id or exact name. Raises `Refused` (`not_found`, `ambiguous`)."""
    try:
        return await people.find_therapist(reference)
    except Refused:
        return await people.find_client(reference)


def refuse_ended(person: Person) -> None:
    """Raise `Refused` (`ended`) for somebody whose care or work in the practice has ended."""
    if person.ended_at is not None:
        what = "Their care has ended" if person.role == people.CLIENT else "They have left the practice"
        raise Refused("ended", f"{what}. Resume it first: intersession-server resume {person.id}.")


def role_of(person: Person) -> Literal["client", "therapist"]:
    """The person's role as commands name it."""
    return "client" if person.role == people.CLIENT else "therapist"


def _client(person: Person) -> UUID | None:
    return person.id if person.role == people.CLIENT else None


async def _keep_a_manager(person: Person) -> None:
    """Raise `Refused` (`last_manager`) where nobody else manages the practice."""
    others = (Person.practice == person.practice) & (Person.id != person.id) & Person.manager.eq(True)
    if not await Person.exists().where(others & Person.ended_at.is_null()):
        raise Refused("last_manager", "Nobody else manages this practice. Let another therapist manage it first.")
