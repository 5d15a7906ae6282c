"""A practice's people for pages and HTTP API alike: read a page at a time, and changed by the operator's commands.

Names, dates and devices only. Nothing here reads a client's content, whoever asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from msgspec import Struct

from intersession_schemas.typed import pairing_link
from intersession_server.accounts import listing
from intersession_server.accounts.audit import Action
from intersession_server.accounts.listing import AssignmentRow, DeviceSum, InvitationRow, PersonRole, PersonRow
from intersession_server.accounts.people import CLIENT
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.errors import Refused
from intersession_server.operator import commands
from intersession_server.operator.shapes import Result
from intersession_server.operator.shown_codes import ShownCode
from intersession_server.passage import Member
from intersession_server.projections.windows import cursor_text, read_cursor
from intersession_server.services import Services
from intersession_server.settings import app_url_of
from intersession_server.web.practice.refusals import in_words
from intersession_server.web.record.disclosure import clients_in_care, note_staff_read
from intersession_server.web.record.paging import PageOfList

R = TypeVar("R", bound=Result)
MOST_ASSIGNMENTS = 500
MOST_INVITATIONS = 200


class TeamItem(Struct, frozen=True):
    """A therapist on a client's care team."""

    therapist: UUID
    name: str
    role: str


class PersonItem(Struct, frozen=True, kw_only=True):
    """A client or therapist. `clients`: how many a therapist has; `invited_until`: a pairing code works until then."""

    id: UUID
    role: PersonRole
    name: str
    username: str | None
    manager: bool
    ended_at: datetime | None
    care_team: list[TeamItem]
    clients: int
    devices: int
    last_heard_at: datetime | None
    invited_until: datetime | None


class DeviceItem(Struct, frozen=True):
    """A paired device, and when it was last heard from."""

    id: UUID
    agent: str
    paired_at: datetime
    last_heard_at: datetime | None
    revoked_at: datetime | None


class PersonDetails(Struct, frozen=True, kw_only=True):
    """A person with their devices, their care team or clients, now and before, and the code that works now."""

    person: Member
    devices: list[DeviceItem]
    assignments: list[AssignmentRow]
    invitation: InvitationRow | None


class PairingCode(Struct, frozen=True, kw_only=True):
    """A code for one device of a person, and the link that holds it and the server's address, as a QR code has it."""

    person: UUID
    code: str
    link: str
    expires_at: datetime


async def people_page(
    services: Services,
    session: CurrentSession,
    role: PersonRole,
    limit: int,
    before: str | None,
    *,
    query: str = "",
    ended: bool = False,
) -> PageOfList[PersonItem]:
    """People of the session's practice by name, noted in the audit. Who does not manage it sees clients in care.

    Raises `InvalidField` for a `before` of no list.
    """
    after = read_cursor(before, tuple[str, str]) if before is not None else listing.FIRST
    of = None if session.manager else session.person
    rows = await listing.people_of(
        session.practice, role, ended=ended, query=query, after=after, limit=limit + 1, of=of
    )
    following = cursor_text((rows[limit - 1].folded, str(rows[limit - 1].id))) if len(rows) > limit else None
    shown = rows[:limit]
    if not session.manager:  # the log decides, not the assignment's row
        care = await clients_in_care(services, session)
        shown = [row for row in shown if row.id in care]
    items = await _items(services, shown, role)
    await note_staff_read(services, session, Action.PEOPLE_LISTED)
    return PageOfList(items, following)


async def _items(services: Services, rows: Sequence[PersonRow], role: PersonRole) -> list[PersonItem]:
    ids = [row.id for row in rows]
    teams = await listing.care_teams(ids) if role == CLIENT else {}
    clients = await listing.clients_counted(ids) if role != CLIENT else {}
    sums, invited = await listing.device_sums(ids), await listing.invited_until(ids, services.clock())
    return [
        PersonItem(
            id=row.id,
            role=role,
            name=row.name,
            username=row.username,
            manager=row.manager,
            ended_at=row.ended_at,
            care_team=[TeamItem(one.therapist, one.therapist_name, one.role) for one in teams.get(row.id, [])],
            clients=clients.get(row.id, 0),
            devices=sums.get(row.id, DeviceSum()).count,
            last_heard_at=sums.get(row.id, DeviceSum()).last_heard_at,
            invited_until=invited.get(row.id),
        )
        for row in rows
    ]


async def details(services: Services, session: CurrentSession, member: Member) -> PersonDetails:
    """One person, noted in the audit."""
    (invitation,) = await listing.open_invitations(session.practice, services.clock(), 1, person=member.id) or (None,)
    assignments = await listing.assignments_of(member.id, member.role, MOST_ASSIGNMENTS)
    devices = await devices_of(services, session, member.id, client=member.id if member.role == CLIENT else None)
    return PersonDetails(person=member, devices=devices, assignments=assignments, invitation=invitation)


async def devices_of(
    services: Services, session: CurrentSession, person: UUID, client: UUID | None = None
) -> list[DeviceItem]:
    """A person's devices, those in use first, noted in the audit."""
    found = await services.devices.listed(person)
    await note_staff_read(services, session, Action.DEVICES_LISTED, client=client, subject=person)
    items = [DeviceItem(one.id, one.agent, one.paired_at, one.last_heard_at, one.revoked_at) for one in found]
    return sorted(items, key=lambda one: one.revoked_at is not None)


async def invitations_of(services: Services, session: CurrentSession) -> list[InvitationRow]:
    """The codes that work now: of the practice, or of the clients in care of who does not manage it."""
    of = None if session.manager else session.person
    rows = await listing.open_invitations(session.practice, services.clock(), MOST_INVITATIONS, of=of)
    if not session.manager:
        care = await clients_in_care(services, session)
        rows = [row for row in rows if row.person in care]
    await note_staff_read(services, session, Action.PEOPLE_LISTED)
    return rows


async def done(services: Services, session: CurrentSession, command: commands.AnyCommand, answer: type[R]) -> R:
    """Carry out a command as this session's therapist. Raises `Refused` in the words of the page, `StorageError`."""
    try:
        result = await services.operations.execute(command, session.actor)
    except Refused as refusal:
        raise in_words(refusal, username=isinstance(command, commands.AddTherapist)) from None
    assert isinstance(result, answer)
    return result


async def invite(services: Services, session: CurrentSession, person: UUID, role: PersonRole) -> PairingCode:
    """A new code for a device of a person, which this session's pages show while it works."""
    command: commands.AnyCommand = (
        commands.InviteClient(client=str(person)) if role == CLIENT else commands.InviteTherapist(therapist=str(person))
    )
    return keep(services, session, await done(services, session, command, commands.Invited))


def keep(services: Services, session: CurrentSession, invited: commands.Invited) -> PairingCode:
    """Have this session's pages show a code while it works."""
    assert invited.invitation is not None
    code = ShownCode(invited.code, invited.invitation, invited.expires_at)
    services.shown_codes.keep_code(session.id, invited.person, code)
    return _pairing_code(services, invited.person, code)


async def shown_code(services: Services, session: CurrentSession, person: UUID) -> PairingCode | None:
    """The code of a person that this session has made, while it works."""
    live = await listing.open_invitations(session.practice, services.clock(), 1, person=person)
    code = services.shown_codes.code(session.id, person, live[0].id if live else None, services.clock())
    return _pairing_code(services, person, code) if code is not None else None


def _pairing_code(services: Services, person: UUID, code: ShownCode) -> PairingCode:
    link = pairing_link(app_url_of(services.settings), code.code)
    return PairingCode(person=person, code=code.code, link=link, expires_at=code.expires_at)


async def revoke_device(services: Services, session: CurrentSession, person: UUID, device: UUID) -> None:
    """End the access of a device, if it is that person's. Raises `Refused`."""
    found = await services.devices.get(device)
    if found is None or found.account != person:
        raise in_words(Refused("not_found", "There is no such device."))
    await done(services, session, commands.RevokeDevice(device=device), commands.DeviceRevoked)
