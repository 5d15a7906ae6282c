"""The pages of a practice: its clients and therapists, one person, open codes, and settings.

Who does not manage the practice sees their own clients here: to hand out codes and to end devices.
"""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlencode

from litestar import Router
from litestar.params import QueryParameter
from msgspec import Struct

from intersession_schemas.client_words import LOCAL_HELP
from intersession_server.accounts.listing import InvitationRow, people_of
from intersession_server.language.language import current, say
from intersession_server.passage import Member
from intersession_server.web.dependencies import GivenMember, GivenServices, GivenSession
from intersession_server.web.page.live_page import live_page
from intersession_server.web.page.qr import QrCode, qr_code
from intersession_server.web.practice import acts, hand_out, staff
from intersession_server.web.practice.frame import CODE_MINUTES, PracticeFrame, frame_of, lasts, role_words
from intersession_server.web.practice.staff import PairingCode, PersonDetails, PersonItem
from intersession_server.web.record.paging import MAX_CURSOR

PEOPLE_PER_PAGE = 50
MOST_TO_CHOOSE_FROM = 500

Before = Annotated[str | None, QueryParameter(max_length=MAX_CURSOR)]
Sought = Annotated[str, QueryParameter(max_length=200)]
Ended = Annotated[Literal["yes"] | None, QueryParameter(description="Those whose care or work has ended.")]


class PeoplePage(Struct, frozen=True, kw_only=True):
    """A list of clients or therapists. `first`, `more`: addresses of other pages of it, `choices`: therapists to choose
    from."""

    frame: PracticeFrame
    role: Literal["client", "therapist"]
    here: str
    query: str
    ended: bool
    people: list[PersonItem]
    first: str | None
    more: str | None
    choices: list[tuple[str, str]]


class InvitationsPage(Struct, frozen=True):
    """The codes that work now."""

    frame: PracticeFrame
    invitations: list[InvitationRow]


class SettingsPage(Struct, frozen=True):
    """What the practice has decided. `choices`: how long codes may last; `countries`: whose crisis lines are known."""

    frame: PracticeFrame
    choices: list[tuple[int, str]]
    countries: list[tuple[str, str]]


class PersonPage(Struct, frozen=True, kw_only=True):
    """One person. `code` and `password`: what this session has just made, while it is shown."""

    frame: PracticeFrame
    member: Member
    details: PersonDetails
    code: PairingCode | None
    qr: QrCode | None
    password: str | None
    choices: list[tuple[str, str]]
    roles: list[tuple[str, str]]

    @property
    def here(self) -> str:
        """The address of the person's page."""
        return f"/practice/people/{self.member.id}"


@live_page("/practice", "practice/people.html", access="therapist", words_in_address=True)
async def clients_page(
    services: GivenServices, session: GivenSession, q: Sought = "", ended: Ended = None, before: Before = None
) -> PeoplePage:
    """Clients by name."""
    return await _people(services, session, "client", q, ended, before)


@live_page("/practice/therapists", "practice/people.html", access="manager", words_in_address=True)
async def therapists_page(
    services: GivenServices, session: GivenSession, q: Sought = "", ended: Ended = None, before: Before = None
) -> PeoplePage:
    """Therapists by name."""
    return await _people(services, session, "therapist", q, ended, before)


async def _people(
    services: GivenServices,
    session: GivenSession,
    role: Literal["client", "therapist"],
    query: str,
    ended: str | None,
    before: str | None,
) -> PeoplePage:
    here = "/practice" if role == "client" else "/practice/therapists"
    frame = await frame_of(services, session, here, {"q": query, "ended": ended, "before": before})
    found = await staff.people_page(
        services, session, role, PEOPLE_PER_PAGE, before, query=query, ended=ended is not None
    )
    return PeoplePage(
        frame=frame,
        role=role,
        here=here,
        query=query,
        ended=ended is not None,
        people=found.items,
        first=_address(here, query, ended, None) if before else None,
        more=_address(here, query, ended, found.next) if found.next else None,
        choices=await _therapists(session) if session.manager and role == "client" else [],
    )


def _address(here: str, query: str, ended: str | None, before: str | None) -> str:
    given = urlencode({name: value for name, value in (("q", query), ("ended", ended), ("before", before)) if value})
    return f"{here}?{given}" if given else here


@live_page("/practice/people/{person:uuid}", "practice/person.html", access="practice-person")
async def person_page(services: GivenServices, session: GivenSession, member: GivenMember) -> PersonPage:
    """One person: code, devices, care team."""
    frame = await frame_of(services, session, f"/practice/people/{member.id}")
    found = await staff.details(services, session, member)
    code = await staff.shown_code(services, session, member.id)
    there = {str(one.therapist) for one in found.assignments if one.until is None}
    free = await _therapists(session) if session.manager and member.role == "client" else []
    return PersonPage(
        frame=frame,
        member=member,
        details=found,
        code=code,
        qr=qr_code(code.link) if code is not None else None,
        password=services.shown_codes.password(session.id, member.id, services.clock()),
        choices=[one for one in free if one[0] not in there],
        roles=[(role, role_words(role)) for role in ("primary", "covering", "supervisor")],
    )


@live_page("/practice/invitations", "practice/invitations.html", access="therapist")
async def invitations_page(services: GivenServices, session: GivenSession) -> InvitationsPage:
    """The codes that work now."""
    frame = await frame_of(services, session, "/practice/invitations")
    return InvitationsPage(frame, await staff.invitations_of(services, session))


@live_page("/practice/settings", "practice/settings.html", access="manager")
async def settings_page(services: GivenServices, session: GivenSession) -> SettingsPage:
    """What the practice has decided."""
    frame = await frame_of(services, session, "/practice/settings")
    minutes = sorted({*CODE_MINUTES, frame.code_minutes})
    territories = current().locale.territories
    countries = sorted(((one, territories[one]) for one in LOCAL_HELP), key=lambda pair: pair[1])
    return SettingsPage(frame, [(one, lasts(one)) for one in minutes], [("", say("not stated")), *countries])


async def _therapists(session: GivenSession) -> list[tuple[str, str]]:
    """The therapists of the practice to choose from."""
    rows = await people_of(session.practice, "therapist", limit=MOST_TO_CHOOSE_FROM)
    return [(str(row.id), f"{row.name} ({row.username})") for row in rows]


def practice_router() -> Router:
    """The routes of the practice's pages and forms."""
    pages = [*clients_page, *therapists_page, *person_page, *invitations_page, *settings_page, *hand_out.hand_out]
    return Router("/", route_handlers=[*pages, *acts.HANDLERS])
