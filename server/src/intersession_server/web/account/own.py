"""What therapists do with their own account: for the page and the HTTP API alike."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from intersession_server.accounts.passwords import MAX_LENGTH
from intersession_server.accounts.people import person_by_id
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.errors import Refused
from intersession_server.language.catalogue import LANGUAGES
from intersession_server.language.language import say
from intersession_server.operator import commands
from intersession_server.operator import staff_commands as given
from intersession_server.services import Services
from intersession_server.web.practice import staff

Password = Annotated[str, Meta(max_length=MAX_LENGTH)]


class Account(Struct, frozen=True, kw_only=True):
    """A therapist's own account. `language`: of the pages; null: the one that the browser asks for.

    `password_once`: nothing else is answered before they have chosen a password of their own.
    """

    id: UUID
    username: str
    name: str
    language: str | None
    languages: dict[str, str]
    manager: bool
    password_once: bool


class AccountChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What changes of one's own account; the rest stays as it is."""

    name: str | UnsetType = UNSET
    language: str | UnsetType | None = UNSET


class PasswordChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another password; `old` is the one until now."""

    old: Password
    new: Password


async def account_of(session: CurrentSession) -> Account:
    """The session's own account. Raises `Refused`."""
    person = await person_by_id(session.person)
    if person is None:
        raise Refused("not_found", "There is no such account.")
    return Account(
        id=person.id,
        username=person.username or "",
        name=person.name,
        language=person.language,
        languages=LANGUAGES,
        manager=person.manager,
        password_once=person.password_once,
    )


async def change_account(services: Services, session: CurrentSession, change: AccountChange) -> Account:
    """Change name or language. Raises `Refused`, `StorageError`."""
    me = str(session.person)
    if not isinstance(change.name, UnsetType):
        await staff.done(services, session, given.Rename(person=me, name=change.name), given.Renamed)
    if not isinstance(change.language, UnsetType):
        command = given.SetLanguage(therapist=me, language=change.language)
        await staff.done(services, session, command, given.LanguageSet)
    return await account_of(session)


async def change_password(services: Services, session: CurrentSession, change: PasswordChange) -> None:
    """Set another password and end all sessions but this one.

    Raises `Refused` (`wrong_old_password`, `rate_limited`, `bad_password`, `same_password`), `StorageError`.
    """
    await services.sign_in.confirm(session, change.old, services.clock())
    if change.new == change.old:
        raise Refused("same_password", say("The new password is the one that you have already."))
    command = commands.SetPassword(therapist=str(session.person), password=change.new, keep=session.id)
    await staff.done(services, session, command, commands.PasswordSet)


async def sign_out_everywhere(services: Services, session: CurrentSession) -> None:
    """End all of one's sessions, this one included. Raises `StorageError`."""
    command = given.EndSessions(therapist=str(session.person))
    await staff.done(services, session, command, given.SessionsEnded)


async def pair_own_device(services: Services, session: CurrentSession) -> staff.PairingCode:
    """A code for one's own device. Raises `StorageError`."""
    return await staff.invite(services, session, session.person, "therapist")
