"""What the forms of the practice's pages are sent to."""

from __future__ import annotations

import secrets
from uuid import UUID

from litestar.params import FromPath
from msgspec import UNSET, Struct, UnsetType

from intersession_schemas.errors import InvalidField
from intersession_server.accounts import people
from intersession_server.errors import Refused
from intersession_server.language.language import say
from intersession_server.operator import commands
from intersession_server.operator import staff_commands as given
from intersession_server.web.dependencies import GivenMember, GivenServices, GivenSession
from intersession_server.web.forms.answering import SentForm, form
from intersession_server.web.practice import staff
from intersession_server.web.practice.refusals import in_words
from intersession_server.web.record.writing import changed_meanwhile

PASSWORD_BYTES = 9


class NewClient(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new client. `namesake`: another person of a name that there is already. `therapist`: who looks after them."""

    name: str
    namesake: bool = False
    therapist: UUID | None = None


class NewTherapist(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new therapist. `manager`: they manage the practice as well."""

    username: str
    name: str
    manager: bool = False


class NewAssignment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is to be on a client's care team, as what."""

    therapist: UUID
    role: commands.CareRole = "primary"


class PersonChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person's name."""

    name: str


class PracticeChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long the practice's pairing codes last, in minutes, whether it offers its clients reminders, and where it is
    (None: not said). What is left out stays."""

    code_minutes: int | None = None
    reminders: bool | None = None
    country: str | UnsetType | None = UNSET


async def change_practice(services: GivenServices, session: GivenSession, change: PracticeChange) -> None:
    """Change what the practice has decided. Raises `Refused`, `StorageError`."""
    practice = str(session.practice)
    if change.code_minutes is not None:
        command = given.SetCodeLifetime(practice=practice, minutes=change.code_minutes)
        await staff.done(services, session, command, given.CodeLifetimeSet)
    if change.reminders is not None:
        offer = given.SetReminders(practice=practice, offered=change.reminders)
        await staff.done(services, session, offer, given.RemindersSet)
    if change.country is not UNSET:
        country = given.SetCountry(practice=practice, country=change.country)
        await staff.done(services, session, country, given.CountrySet)


async def add_client(services: GivenServices, session: GivenSession, new: NewClient) -> staff.PairingCode:
    """Add a client of the practice, with the code for their first device. Raises `Refused`, `StorageError`."""
    if new.therapist is not None:
        await _colleague(session, new.therapist)
    command = commands.AddClient(name=new.name, practice=str(session.practice), namesake=new.namesake)
    invited = await staff.done(services, session, command, commands.Invited)
    if new.therapist is not None:
        await assign(services, session, invited.person, NewAssignment(therapist=new.therapist))
    return staff.keep(services, session, invited)


async def add_therapist(services: GivenServices, session: GivenSession, new: NewTherapist) -> tuple[UUID, str]:
    """Add a therapist of the practice: id, and a password to sign in with once. Raises `Refused`, `StorageError`.

    They pair their device themselves: whoever has a code of theirs reads what they read.
    """
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    command = commands.AddTherapist(
        username=new.username,
        name=new.name,
        password=password,
        practice=str(session.practice),
        manager=new.manager,
        once=True,
    )
    invited = await staff.done(services, session, command, commands.Invited)
    await staff.done(services, session, given.RevokeInvitation(person=str(invited.person)), given.InvitationRevoked)
    services.shown_codes.keep_password(session.id, invited.person, password, services.clock())
    return invited.person, password


async def password_for_once(services: GivenServices, session: GivenSession, member: GivenMember) -> str:
    """A new password for a therapist, to sign in with once. Raises `Refused`, `StorageError`."""
    if member.role != "therapist" or member.id == session.person:
        raise in_words(Refused("not_found", "No such therapist."))
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    command = commands.SetPassword(therapist=str(member.id), password=password, once=True)
    await staff.done(services, session, command, commands.PasswordSet)
    services.shown_codes.keep_password(session.id, member.id, password, services.clock())
    return password


async def invite(services: GivenServices, session: GivenSession, member: GivenMember) -> staff.PairingCode:
    """A code for another device of a client. Raises `Refused`, `StorageError`."""
    if member.role != "client":
        text = say("Therapists pair their own devices, on their account page.")
        raise Refused("own_devices", text)
    return await staff.invite(services, session, member.id, member.role)


async def assign(services: GivenServices, session: GivenSession, client: UUID, new: NewAssignment) -> None:
    """Put a therapist on a client's care team. Raises `Refused`, `StorageError`."""
    command = commands.Assign(client=str(client), therapist=str(new.therapist), role=new.role)
    await staff.done(services, session, command, commands.TherapistAssigned)


async def end_assignment(services: GivenServices, session: GivenSession, client: UUID, therapist: UUID) -> None:
    """Take a therapist off a client's care team. Raises `Refused`, `StorageError`."""
    command = commands.Unassign(client=str(client), therapist=str(therapist))
    await staff.done(services, session, command, commands.Unassigned)


async def _colleague(session: GivenSession, therapist: UUID) -> None:
    """Raise `Refused` unless that is a therapist who works in this practice: before anybody is added."""
    person = await people.find_therapist(str(therapist))
    if person.practice != session.practice or person.ended_at is not None:
        raise in_words(Refused("not_found", "No such therapist."))


def _page(member: GivenMember) -> str:
    return f"/practice/people/{member.id}"


def _sure(form: SentForm) -> None:
    """What cannot be taken back is confirmed in the form."""
    if form.text("sure") != "true":
        raise InvalidField(say("Tick the box to confirm."))


def _id(form: SentForm, name: str) -> UUID:
    try:
        return UUID(form.text(name))
    except ValueError:
        raise InvalidField(say("Choose somebody from the list.")) from None


def _as_it_was(form: SentForm, name: str, now: str) -> None:
    """Raise `Refused` (`changed_meanwhile`) where a value is no longer the one that the form showed."""
    was = form.text(f"was.{name}")
    if was and now not in (was, form.text(name)):
        raise changed_meanwhile()


@form("/practice/clients", access="manager")
async def new_client(form: SentForm, services: GivenServices, session: GivenSession) -> str:
    """Add a client."""
    added = await add_client(services, session, form.read(NewClient))
    return f"/practice/people/{added.person}"


@form("/practice/therapists/new", access="manager")
async def new_therapist(form: SentForm, services: GivenServices, session: GivenSession) -> str:
    """Add a therapist."""
    person, _ = await add_therapist(services, session, form.read(NewTherapist))
    return f"/practice/people/{person}"


@form("/practice/people/{person:uuid}/name", access="manager")
async def rename(form: SentForm, services: GivenServices, session: GivenSession, member: GivenMember) -> str:
    """Another name for a person."""
    change = form.read(PersonChange)
    _as_it_was(form, "name", member.name)
    await staff.done(services, session, given.Rename(person=str(member.id), name=change.name), given.Renamed)
    return _page(member)


@form("/practice/people/{person:uuid}/invitation", access="practice-person")
async def make_invitation(form: SentForm, services: GivenServices, session: GivenSession, member: GivenMember) -> str:
    """A code for a device of a client; where the form says so, on to the hand-out."""
    await invite(services, session, member)
    return _page(member) + ("/hand-out" if form.text("to") == "hand-out" else "")


@form("/practice/people/{person:uuid}/invitation/revoke", access="practice-person")
async def revoke_invitation(form: SentForm, services: GivenServices, session: GivenSession, member: GivenMember) -> str:
    """End the code that works now."""
    await staff.done(services, session, given.RevokeInvitation(person=str(member.id)), given.InvitationRevoked)
    return "/practice/invitations" if form.text("to") == "invitations" else _page(member)


@form("/practice/people/{person:uuid}/devices/{device:uuid}/revoke", access="practice-person")
async def revoke_device(
    form: SentForm, services: GivenServices, session: GivenSession, member: GivenMember, device: FromPath[UUID]
) -> str:
    """End the access of a device."""
    await staff.revoke_device(services, session, member.id, device)
    return _page(member)


@form("/practice/people/{person:uuid}/assignments", access="manager")
async def new_assignment(form: SentForm, services: GivenServices, session: GivenSession, member: GivenMember) -> str:
    """Put a therapist on the care team."""
    _id(form, "therapist")
    await assign(services, session, member.id, form.read(NewAssignment))
    return _page(member)


@form("/practice/people/{person:uuid}/assignments/end", access="manager")
async def finish_assignment(form: SentForm, services: GivenServices, session: GivenSession, member: GivenMember) -> str:
    """Take a therapist off a care team: on the page of either."""
    other = _id(form, "other")
    client, therapist = (member.id, other) if member.role == "client" else (other, member.id)
    await end_assignment(services, session, client, therapist)
    return _page(member)


@form("/practice/people/{person:uuid}/manager", access="manager")
async def set_manager(form: SentForm, services: GivenServices, session: GivenSession, member: GivenMember) -> str:
    """Let a therapist manage the practice, or no longer."""
    manager = form.text("manager") == "true"
    await staff.done(services, session, given.SetManager(therapist=str(member.id), manager=manager), given.ManagerSet)
    return _page(member) if manager or member.id != session.person else "/practice"


@form("/practice/people/{person:uuid}/password", access="manager")
async def new_password(form: SentForm, services: GivenServices, session: GivenSession, member: GivenMember) -> str:
    """A password for once."""
    _sure(form)
    await password_for_once(services, session, member)
    return _page(member)


@form("/practice/people/{person:uuid}/end", access="manager")
async def end_person(form: SentForm, services: GivenServices, session: GivenSession, member: GivenMember) -> str:
    """A client's care ends, or a therapist leaves."""
    _sure(form)
    await staff.done(services, session, given.EndPerson(person=str(member.id)), given.PersonEnded)
    return _page(member)


@form("/practice/people/{person:uuid}/resume", access="manager")
async def resume_person(form: SentForm, services: GivenServices, session: GivenSession, member: GivenMember) -> str:
    """Somebody is back."""
    await staff.done(services, session, given.ResumePerson(person=str(member.id)), given.PersonResumed)
    return _page(member)


@form("/practice/settings", access="manager")
async def change_settings(form: SentForm, services: GivenServices, session: GivenSession) -> str:
    """How long codes last, or where the practice is."""
    practice = await people.find_practice(str(session.practice))
    _as_it_was(form, "code_minutes", str(practice.code_minutes))
    _as_it_was(form, "country", practice.country or "")
    await change_practice(services, session, form.read(PracticeChange))
    return "/practice/settings"


@form("/practice/reminders", access="manager")
async def offer_reminders(form: SentForm, services: GivenServices, session: GivenSession) -> str:
    """Whether clients can have reminders."""
    await change_practice(services, session, PracticeChange(reminders=form.text("reminders") == "true"))
    return "/practice/settings"


HANDLERS = [
    new_client,
    new_therapist,
    rename,
    make_invitation,
    revoke_invitation,
    revoke_device,
    new_assignment,
    finish_assignment,
    set_manager,
    new_password,
    end_person,
    resume_person,
    change_settings,
    offer_reminders,
]
