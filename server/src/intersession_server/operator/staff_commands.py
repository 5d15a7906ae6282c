"""What those who manage a practice can ask for, by the command line or by their pages, and what comes of it.

A person is named as in `commands`: a therapist by id or user name, a client by id or exact name.
"""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from intersession_server.operator.shapes import Command, Result


class SetManager(Command, frozen=True, kw_only=True):
    """Let a therapist manage their practice, or no longer."""

    therapist: str
    manager: bool


class Rename(Command, frozen=True, kw_only=True):
    """Another name for a person."""

    person: str
    name: str


class EndPerson(Command, frozen=True, kw_only=True):
    """A client's care ends, or a therapist leaves: their assignments, devices, sessions and codes end.

    What was written stays.
    """

    person: str


class ResumePerson(Command, frozen=True, kw_only=True):
    """Somebody whose care or work had ended is back. Assignments and devices are made anew."""

    person: str


class RevokeInvitation(Command, frozen=True, kw_only=True):
    """End the pairing code that a person has now."""

    person: str


class SetCodeLifetime(Command, frozen=True, kw_only=True):
    """How long pairing codes of a practice last from now on."""

    practice: str
    minutes: int


class SetReminders(Command, frozen=True, kw_only=True):
    """Whether a practice offers its clients reminders, which push services bring."""

    practice: str
    offered: bool


class SetCountry(Command, frozen=True, kw_only=True):
    """Where a practice is, of the countries whose crisis lines are known (ISO 3166-1, two letters); None: not said.

    Its clients' apps show the crisis lines of that country, from when they next connect.
    """

    practice: str
    country: str | None


class EndSessions(Command, frozen=True, kw_only=True):
    """Sign a therapist out of every browser, but for the session to `keep`."""

    therapist: str
    keep: UUID | None = None


class SetLanguage(Command, frozen=True, kw_only=True):
    """In which language a therapist reads the pages; None: the one that their browser asks for."""

    therapist: str
    language: str | None = None


StaffCommand = (
    SetManager
    | Rename
    | EndPerson
    | ResumePerson
    | RevokeInvitation
    | SetCodeLifetime
    | SetReminders
    | SetCountry
    | EndSessions
    | SetLanguage
)


class ManagerSet(Result, frozen=True, kw_only=True):
    """Whether the therapist manages the practice now. `already`: and was so before."""

    therapist: UUID
    username: str
    manager: bool
    already: bool = False


class Renamed(Result, frozen=True, kw_only=True):
    """The person has another name."""

    person: UUID
    name: str


class PersonEnded(Result, frozen=True, kw_only=True):
    """A client's care, or a therapist's work, has ended; with it so many assignments and devices."""

    person: UUID
    name: str
    role: Literal["client", "therapist"]
    assignments: int
    devices: int
    already: bool = False


class PersonResumed(Result, frozen=True, kw_only=True):
    """The person is back. `already`: and had not been away."""

    person: UUID
    name: str
    already: bool = False


class InvitationRevoked(Result, frozen=True, kw_only=True):
    """The person has no pairing code any more. `already`: and had none."""

    person: UUID
    name: str
    already: bool = False


class CodeLifetimeSet(Result, frozen=True, kw_only=True):
    """How long the practice's codes last. `already`: as they did."""

    practice: UUID
    name: str
    minutes: int
    already: bool = False


class RemindersSet(Result, frozen=True, kw_only=True):
    """Whether the practice offers reminders now. `already`: and did so before."""

    practice: UUID
    name: str
    offered: bool
    already: bool = False


class CountrySet(Result, frozen=True, kw_only=True):
    """Where the practice is. `already`: as it said."""

    practice: UUID
    name: str
    country: str | None
    already: bool = False


class SessionsEnded(Result, frozen=True, kw_only=True):
    """The therapist is signed out."""

    therapist: UUID
    username: str


class LanguageSet(Result, frozen=True, kw_only=True):
    """The language of a therapist's pages."""

    therapist: UUID
    language: str | None


StaffResult = (
    ManagerSet
    | Renamed
    | PersonEnded
    | PersonResumed
    | InvitationRevoked
    | CodeLifetimeSet
    | RemindersSet
    | CountrySet
    | SessionsEnded
    | LanguageSet
)
