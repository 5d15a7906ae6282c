"""What an operator can ask for, and what comes of it: two closed unions.

The command line builds a command; `operations` carries it out, in the same process or in the server that holds the
data folder. A practice is named by id or name, a therapist by id or user name, a client by id or exact name.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct, field

from intersession_server.operator import staff_commands as staff
from intersession_server.operator.shapes import Command as Command
from intersession_server.operator.shapes import Result as Result

CareRole = Literal["primary", "covering", "supervisor"]
Retention = Literal["erase", "hide"]
Worded = Literal["own", "verified", "imported", "none"]
"""Whose words an instrument is asked in: the project's, a checked text, the practice's own responsibility, nobody's."""


class CreatePractice(Command, frozen=True, kw_only=True):
    """A new tenant, with its library."""

    name: str


class SetRetention(Command, frozen=True, kw_only=True):
    """What becomes of what the practice's clients withdraw from now on: deleted, or kept out of everybody's sight."""

    practice: str
    retention: Retention


class AddTherapist(Command, frozen=True, kw_only=True):
    """A new therapist, with a password to sign in with and a code to pair a device.

    `once`: the password is to be changed at the first sign-in. `manager`: they manage the practice, as its first
    therapist does in any case.
    """

    username: str
    name: str
    password: str
    practice: str | None = None
    manager: bool = False
    once: bool = False


class InviteTherapist(Command, frozen=True, kw_only=True):
    """A code to pair another device of a therapist."""

    therapist: str


class SetPassword(Command, frozen=True, kw_only=True):
    """A new password; ends the therapist's browser sessions, but for the one to `keep`.

    `once`: it is to be changed at the next sign-in.
    """

    therapist: str
    password: str
    once: bool = False
    keep: UUID | None = None


class AddClient(Command, frozen=True, kw_only=True):
    """A new client, with their streams and a code to pair a device. `namesake`: another of that name is meant."""

    name: str
    practice: str | None = None
    namesake: bool = False


class InviteClient(Command, frozen=True, kw_only=True):
    """A code to pair another device of a client."""

    client: str


class Assign(Command, frozen=True, kw_only=True):
    """Put a therapist on a client's care team."""

    client: str
    therapist: str
    role: CareRole = "primary"


class Unassign(Command, frozen=True, kw_only=True):
    """Take a therapist off a client's care team; what their devices hold of it is deleted there."""

    client: str
    therapist: str


class ListPeople(Command, frozen=True, kw_only=True):
    """Who there is, and who is assigned to whom."""

    practice: str | None = None


class ListDevices(Command, frozen=True, kw_only=True):
    """The paired devices, all or one person's (by id, user name or client name)."""

    person: str | None = None


class RevokeDevice(Command, frozen=True, kw_only=True):
    """End a device's access; what it holds is deleted there when it next connects."""

    device: UUID


class ImportInstrument(Command, frozen=True, kw_only=True):
    """A FHIR Questionnaire (the bytes of its file) whose wording the practice offers from now on, in `language`.

    `taken_as`: what somebody says that it is, the key of an instrument that is known or `new`. `risks`: the risk items
    of an instrument of the practice's own, each `LINKID` or `LINKID:AT_LEAST`. `beside`: value sets that came with it.
    """

    questionnaire: bytes
    beside: tuple[bytes, ...] = ()
    practice: str | None = None
    language: str | None = None
    taken_as: str | None = None
    risks: tuple[str, ...] = ()


class ListInstruments(Command, frozen=True, kw_only=True):
    """The instruments that a practice can use, and which of them it can offer to clients."""

    practice: str | None = None


class Rebuild(Command, frozen=True, kw_only=True):
    """Rebuild the read models from the log."""


AnyCommand = (
    CreatePractice
    | SetRetention
    | AddTherapist
    | InviteTherapist
    | SetPassword
    | AddClient
    | InviteClient
    | Assign
    | Unassign
    | ListPeople
    | ListDevices
    | RevokeDevice
    | ImportInstrument
    | ListInstruments
    | Rebuild
    | staff.StaffCommand
)


class PracticeCreated(Result, frozen=True, kw_only=True):
    """A practice is there."""

    practice: UUID
    name: str


class RetentionSet(Result, frozen=True, kw_only=True):
    """The practice's retention is set. `already`: and was before."""

    practice: UUID
    name: str
    retention: Retention
    already: bool = False


class Invited(Result, frozen=True, kw_only=True):
    """A pairing code (XXXX-XXXX) for a person, until `expires_at`. `added`: the person is new."""

    person: UUID
    name: str
    role: Literal["client", "therapist"]
    code: str
    expires_at: datetime
    added: bool = False
    username: str | None = None
    invitation: UUID | None = None


class PasswordSet(Result, frozen=True, kw_only=True):
    """The therapist's password is set."""

    therapist: UUID
    username: str


class TherapistAssigned(Result, frozen=True, kw_only=True):
    """The therapist is on the client's care team. `already`: and was before."""

    assignment: UUID
    client: UUID
    therapist: UUID
    role: CareRole
    already: bool = False


class Unassigned(Result, frozen=True, kw_only=True):
    """The therapist is off the client's care team."""

    client: UUID
    therapist: UUID


class PersonListed(Struct, frozen=True, kw_only=True):
    """A person; `care_team` are a client's therapists, by user name, with their role. `ended_at`: when their care, or
    their work in the practice, ended."""

    person: UUID
    role: Literal["client", "therapist"]
    name: str
    practice: str
    username: str | None = None
    care_team: dict[str, CareRole] = {}
    manager: bool = False
    ended_at: datetime | None = None


class PeopleListed(Result, frozen=True, kw_only=True):
    """People by practice, role and name."""

    people: list[PersonListed]


class DeviceListed(Struct, frozen=True, kw_only=True):
    """A paired device."""

    device: UUID
    person: UUID
    name: str
    role: Literal["client", "therapist"]
    agent: str
    paired_at: datetime
    last_heard_at: datetime | None
    revoked_at: datetime | None


class DevicesListed(Result, frozen=True, kw_only=True):
    """Devices by the name of their person, then by when they were paired."""

    devices: list[DeviceListed]


class DeviceRevoked(Result, frozen=True, kw_only=True):
    """The device's access has ended. `already`: it had before."""

    device: UUID
    name: str
    already: bool = False


class WatchedQuestion(Struct, frozen=True, kw_only=True):
    """A question whose answers are a signal from `at_least` up. `confirmed`: the file itself says which item it is."""

    link_id: str
    text: str
    at_least: int
    confirmed: bool


class InstrumentImported(Result, frozen=True, kw_only=True):
    """What became of a questionnaire. `known`: it is an instrument that ships; others have a sum and no bands.

    `already`: nothing changed, it was there before; `replaced`: another wording of it was offered until now. `watched`
    are the questions that a risk rule watches, `unwatched` the linkIds of those about death or self-harm without one.
    """

    practice: UUID
    name: str
    key: str
    title: str
    known: bool
    status: Worded
    language: str
    items: int
    scales: list[str]
    bands: bool
    licence: str
    notes: list[str]
    already: bool = False
    replaced: bool = False
    watched: list[WatchedQuestion] = field(default_factory=list)
    unwatched: list[str] = field(default_factory=list)


class InstrumentListed(Struct, frozen=True, kw_only=True):
    """An instrument. `offered`: clients can be asked; without wording it takes scores from paper by item."""

    key: str
    title: str
    status: Worded
    language: str
    licence: str
    scales: list[str]
    offered: bool


class InstrumentsListed(Result, frozen=True, kw_only=True):
    """The instruments of a practice: first those that ship, then those that it brought."""

    practice: UUID
    name: str
    instruments: list[InstrumentListed]


class Rebuilt(Result, frozen=True, kw_only=True):
    """The read models hold what these rows of the log say."""

    rows: int


AnyResult = (
    PracticeCreated
    | RetentionSet
    | Invited
    | PasswordSet
    | TherapistAssigned
    | Unassigned
    | PeopleListed
    | DevicesListed
    | DeviceRevoked
    | InstrumentImported
    | InstrumentsListed
    | Rebuilt
    | staff.StaffResult
)
