"""The HTTP API of a practice, `/api/practice`: people, codes, devices, care teams. Names and dates, never content."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from litestar import Router, get, patch, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Struct

from intersession_server.accounts.listing import InvitationRow
from intersession_server.edge.defences import ErrorBody
from intersession_server.operator import staff_commands as given
from intersession_server.projections.windows import DEFAULT_LIMIT
from intersession_server.web.api.lists import LIST_ANSWERS, Before, Limit
from intersession_server.web.dependencies import GivenMember, GivenServices, GivenSession
from intersession_server.web.practice import acts, staff
from intersession_server.web.practice.acts import (
    NewAssignment,
    NewClient,
    NewTherapist,
    PersonChange,
    PracticeChange,
)
from intersession_server.web.practice.frame import frame_of
from intersession_server.web.practice.staff import PairingCode, PersonDetails, PersonItem
from intersession_server.web.record.paging import PageOfList

_ANSWERS = {
    **LIST_ANSWERS,
    403: ResponseSpec(ErrorBody, description="For those who manage the practice."),
    404: ResponseSpec(ErrorBody, description="No such person, or none whom this account looks after."),
    409: ResponseSpec(ErrorBody, description="Understood and not carried out; `code` says why."),
}
_LISTS = {"access": "therapist", "words_in_address": True}
_PERSON = {"access": "practice-person"}
_MANAGER = {"access": "manager"}
Role = Annotated[Literal["client", "therapist"], QueryParameter(description="Whom to list.")]
Sought = Annotated[str, QueryParameter(max_length=200, description="Part of a name.")]
Ended = Annotated[bool, QueryParameter(description="Those whose care or work has ended, instead of the others.")]


class PracticeView(Struct, frozen=True):
    """A practice. Codes made from now on work for `code_minutes`; `reminders`: it offers them to its clients, who are
    shown the crisis lines of its `country`."""

    id: UUID
    name: str
    code_minutes: int
    reminders: bool
    country: str | None
    clients: int
    therapists: int


class FirstPassword(Struct, frozen=True):
    """A password to sign in with once, told once; the therapist then chooses their own."""

    person: UUID
    password: str


@get("/", opt=_MANAGER, responses=_ANSWERS)
async def practice(services: GivenServices, session: GivenSession) -> PracticeView:
    """The practice, with how many people it has now."""
    return await _view(services, session)


@patch("/", opt=_MANAGER, responses=_ANSWERS)
async def change_practice(
    services: GivenServices, session: GivenSession, data: JSONBody[PracticeChange]
) -> PracticeView:
    """Set how long codes last, 10 to 20,160 minutes (14 days), whether clients can have reminders, or the country (as
    `DE`; null: not said)."""
    await acts.change_practice(services, session, data)
    return await _view(services, session)


async def _view(services: GivenServices, session: GivenSession) -> PracticeView:
    frame = await frame_of(services, session, "")
    return PracticeView(
        id=session.practice,
        name=frame.name,
        code_minutes=frame.code_minutes,
        reminders=frame.reminders,
        country=frame.country,
        clients=frame.clients,
        therapists=frame.therapists,
    )


@get("/clients", opt=_LISTS, responses=_ANSWERS)
async def clients(
    services: GivenServices,
    session: GivenSession,
    q: Sought = "",
    ended: Ended = False,
    limit: Limit = DEFAULT_LIMIT,
    before: Before = None,
) -> PageOfList[PersonItem]:
    """Clients by name: of the practice, or for who does not manage it those in their own care."""
    return await staff.people_page(services, session, "client", limit, before, query=q, ended=ended)


@get("/therapists", opt={**_LISTS, **_MANAGER}, responses=_ANSWERS)
async def therapists(
    services: GivenServices,
    session: GivenSession,
    q: Sought = "",
    ended: Ended = False,
    limit: Limit = DEFAULT_LIMIT,
    before: Before = None,
) -> PageOfList[PersonItem]:
    """Therapists by name."""
    return await staff.people_page(services, session, "therapist", limit, before, query=q, ended=ended)


@post("/clients", opt=_MANAGER, responses=_ANSWERS)
async def add_client(services: GivenServices, session: GivenSession, data: JSONBody[NewClient]) -> PairingCode:
    """Add a client; the answer is the code for their first device."""
    return await acts.add_client(services, session, data)


@post("/therapists", opt=_MANAGER, responses=_ANSWERS)
async def add_therapist(services: GivenServices, session: GivenSession, data: JSONBody[NewTherapist]) -> FirstPassword:
    """Add a therapist; the answer is their password for the first sign-in."""
    return FirstPassword(*await acts.add_therapist(services, session, data))


@get("/invitations", opt={"access": "therapist"}, responses=_ANSWERS)
async def invitations(services: GivenServices, session: GivenSession) -> list[InvitationRow]:
    """The codes that work now, those that end first first; without the codes themselves, which nobody keeps."""
    return await staff.invitations_of(services, session)


@get("/people/{person:uuid}", opt=_PERSON, responses=_ANSWERS)
async def person(services: GivenServices, session: GivenSession, member: GivenMember) -> PersonDetails:
    """A person with their devices, care team or clients, and open code."""
    return await staff.details(services, session, member)


@patch("/people/{person:uuid}", status_code=204, opt=_MANAGER, responses=_ANSWERS)
async def rename(
    services: GivenServices, session: GivenSession, member: GivenMember, data: JSONBody[PersonChange]
) -> None:
    """Another name for a person."""
    await staff.done(services, session, given.Rename(person=str(member.id), name=data.name), given.Renamed)


@post("/people/{person:uuid}/invitation", opt=_PERSON, responses=_ANSWERS)
async def invite(services: GivenServices, session: GivenSession, member: GivenMember) -> PairingCode:
    """A code for another device of a client; an earlier one stops working. It is told once."""
    return await acts.invite(services, session, member)


@post("/people/{person:uuid}/invitation/revoke", status_code=204, opt=_PERSON, responses=_ANSWERS)
async def revoke_invitation(services: GivenServices, session: GivenSession, member: GivenMember) -> None:
    """End the code that works now, if there is one."""
    await staff.done(services, session, given.RevokeInvitation(person=str(member.id)), given.InvitationRevoked)


@post("/people/{person:uuid}/devices/{device:uuid}/revoke", status_code=204, opt=_PERSON, responses=_ANSWERS)
async def revoke_device(
    services: GivenServices, session: GivenSession, member: GivenMember, device: FromPath[UUID]
) -> None:
    """End the access of a person's device; it deletes what it holds when it next connects."""
    await staff.revoke_device(services, session, member.id, device)


@post("/people/{person:uuid}/assignments", status_code=204, opt=_MANAGER, responses=_ANSWERS)
async def assign(
    services: GivenServices, session: GivenSession, member: GivenMember, data: JSONBody[NewAssignment]
) -> None:
    """Put a therapist on this client's care team."""
    await acts.assign(services, session, member.id, data)


@post("/people/{person:uuid}/assignments/{therapist:uuid}/end", status_code=204, opt=_MANAGER, responses=_ANSWERS)
async def end_assignment(
    services: GivenServices, session: GivenSession, member: GivenMember, therapist: FromPath[UUID]
) -> None:
    """Take a therapist off this client's care team."""
    await acts.end_assignment(services, session, member.id, therapist)


@post("/people/{person:uuid}/manager", status_code=204, opt=_MANAGER, responses=_ANSWERS)
async def grant_manager(services: GivenServices, session: GivenSession, member: GivenMember) -> None:
    """Let a therapist manage the practice."""
    await staff.done(services, session, given.SetManager(therapist=str(member.id), manager=True), given.ManagerSet)


@post("/people/{person:uuid}/manager/withdraw", status_code=204, opt=_MANAGER, responses=_ANSWERS)
async def withdraw_manager(services: GivenServices, session: GivenSession, member: GivenMember) -> None:
    """Withdraw the right to manage the practice; somebody has to keep it."""
    await staff.done(services, session, given.SetManager(therapist=str(member.id), manager=False), given.ManagerSet)


@post("/people/{person:uuid}/password", opt=_MANAGER, responses=_ANSWERS)
async def first_password(services: GivenServices, session: GivenSession, member: GivenMember) -> FirstPassword:
    """A new password for a therapist, to sign in with once; they are signed out everywhere."""
    return FirstPassword(member.id, await acts.password_for_once(services, session, member))


@post("/people/{person:uuid}/end", status_code=204, opt=_MANAGER, responses=_ANSWERS)
async def end(services: GivenServices, session: GivenSession, member: GivenMember) -> None:
    """A client's care ends, or a therapist leaves: assignments, devices, sessions and codes end. What was written
    stays."""
    await staff.done(services, session, given.EndPerson(person=str(member.id)), given.PersonEnded)


@post("/people/{person:uuid}/resume", status_code=204, opt=_MANAGER, responses=_ANSWERS)
async def resume(services: GivenServices, session: GivenSession, member: GivenMember) -> None:
    """Somebody whose care or work had ended is back."""
    await staff.done(services, session, given.ResumePerson(person=str(member.id)), given.PersonResumed)


def practice_api() -> Router:
    """The routes under `/api/practice`."""
    lists = [practice, change_practice, clients, therapists, add_client, add_therapist, invitations]
    of_person = [person, rename, invite, revoke_invitation, revoke_device, assign, end_assignment]
    rights = [grant_manager, withdraw_manager, first_password, end, resume]
    return Router("/api/practice", route_handlers=[*lists, *of_person, *rights], tags=["practice"])
