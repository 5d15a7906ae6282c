"""A practice's people, care teams, codes and devices as lists, a page at a time: names and dates, never content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from intersession_server.accounts.database import SCHEMA
from intersession_server.accounts.people import CLIENT, folded
from intersession_server.storage.database import opened

PersonRole = Literal["client", "therapist"]
FIRST = ("", "")
"""The place before everybody."""


class PersonRow(Struct, frozen=True, kw_only=True):
    """A person. `folded` and `id` are their place in the list."""

    id: UUID
    name: str
    username: str | None
    manager: bool
    ended_at: datetime | None
    folded: str


class AssignmentRow(Struct, frozen=True, kw_only=True):
    """A therapist on a client's care team, now or once."""

    client: UUID
    client_name: str
    therapist: UUID
    therapist_name: str
    role: Literal["primary", "covering", "supervisor"]
    since: datetime
    until: datetime | None


class InvitationRow(Struct, frozen=True, kw_only=True):
    """A pairing code that works now."""

    id: UUID
    person: UUID
    name: str
    role: PersonRole
    created_at: datetime
    expires_at: datetime
    tries_left: int


class DeviceSum(Struct, frozen=True):
    """How many devices a person has that are not revoked, and when one of them was last heard from."""

    count: int = 0
    last_heard_at: datetime | None = None


_PEOPLE = """
    SELECT id, name, username, manager, ended_at, folded FROM person
    WHERE practice = ? AND role = ? AND (ended_at IS NOT NULL) = ? AND (folded, id) > (?, ?)
      AND folded LIKE ? ESCAPE '!'
      AND (? IS NULL OR EXISTS (
          SELECT 1 FROM assignment WHERE client = person.id AND therapist = ? AND until IS NULL))
    ORDER BY folded, id LIMIT ?
"""


async def people_of(
    practice: UUID,
    role: PersonRole,
    *,
    ended: bool = False,
    query: str = "",
    after: tuple[str, str] = FIRST,
    limit: int,
    of: UUID | None = None,
) -> list[PersonRow]:
    """People by name, whose name or user name holds `query`, without regard to case and accents.

    `ended`: those whose care or work has ended, instead of those who are there. `of`: only clients who are assigned to
    that therapist.
    """
    sought = folded(" ".join(query.split()))
    for special in "!%_":
        sought = sought.replace(special, f"!{special}")
    given = [practice, role, ended, *after, f"%{sought}%", of, of, limit]
    rows = await opened(SCHEMA).statement(_PEOPLE, given)
    return [PersonRow(**row) for row in rows]


async def counted(practice: UUID) -> dict[PersonRole, int]:
    """How many clients and therapists a practice has now."""
    rows = await opened(SCHEMA).statement(
        "SELECT role, count(*) AS people FROM person WHERE practice = ? AND ended_at IS NULL GROUP BY role", [practice]
    )
    return {row["role"]: row["people"] for row in rows}


_ASSIGNMENTS = """
    SELECT client, client.name AS client_name, therapist, therapist.name AS therapist_name,
        assignment.role, since, until
    FROM assignment JOIN person AS client ON client.id = client JOIN person AS therapist ON therapist.id = therapist
"""


async def care_teams(clients: Sequence[UUID]) -> dict[UUID, list[AssignmentRow]]:
    """Who is on the care teams of these clients now, at most 500 clients."""
    marks = ", ".join("?" * len(clients))
    rows = await opened(SCHEMA).statement(
        f"{_ASSIGNMENTS} WHERE until IS NULL AND client IN ({marks}) ORDER BY since, therapist",
        list(clients),
    )
    teams: dict[UUID, list[AssignmentRow]] = {}
    for row in rows:
        teams.setdefault(row["client"], []).append(AssignmentRow(**row))
    return teams


async def assignments_of(person: UUID, role: PersonRole, limit: int) -> list[AssignmentRow]:
    """The assignments of a client or of a therapist: those that last first, then the latest that ended."""
    column = "client" if role == CLIENT else "therapist"
    rows = await opened(SCHEMA).statement(
        f"{_ASSIGNMENTS} WHERE assignment.{column} = ?"
        " ORDER BY until IS NOT NULL, until DESC, since, client, therapist LIMIT ?",
        [person, limit],
    )
    return [AssignmentRow(**row) for row in rows]


async def clients_counted(therapists: Sequence[UUID]) -> dict[UUID, int]:
    """How many clients these therapists have now, at most 500 therapists."""
    marks = ", ".join("?" * len(therapists))
    rows = await opened(SCHEMA).statement(
        f"SELECT therapist FROM assignment WHERE until IS NULL AND therapist IN ({marks})",  # noqa: S608 - marks
        list(therapists),
    )
    return dict(Counter(row["therapist"] for row in rows))


_INVITATIONS = """
    SELECT invitation.id, person, person.name, person.role, invitation.created_at, expires_at, tries_left
    FROM invitation JOIN person ON person.id = invitation.person
    WHERE used_at IS NULL AND expires_at > ? AND person.practice = ?
      AND (? IS NULL OR person = ?)
      AND (? IS NULL OR EXISTS (
          SELECT 1 FROM assignment WHERE client = person.id AND therapist = ? AND until IS NULL))
    ORDER BY expires_at, invitation.id LIMIT ?
"""


async def open_invitations(
    practice: UUID, at: datetime, limit: int, *, person: UUID | None = None, of: UUID | None = None
) -> list[InvitationRow]:
    """The codes that work now, those that end first first: all, one person's, or those of clients assigned to `of`."""
    rows = await opened(SCHEMA).statement(_INVITATIONS, [at, practice, person, person, of, of, limit])
    return [InvitationRow(**row) for row in rows]


async def invited_until(people: Sequence[UUID], at: datetime) -> dict[UUID, datetime]:
    """Until when the codes of these people work, of those who have one; at most 500 people."""
    rows = await _of("SELECT person, expires_at FROM invitation WHERE used_at IS NULL AND expires_at > ?", people, [at])
    return {row["person"]: row["expires_at"] for row in rows}


async def device_sums(people: Sequence[UUID]) -> dict[UUID, DeviceSum]:
    """The devices of these people, counted; at most 500 people."""
    sums: dict[UUID, DeviceSum] = {}
    for row in await _of("SELECT person, last_heard_at FROM device WHERE revoked_at IS NULL", people, []):
        before = sums.get(row["person"], DeviceSum())
        heard = [one for one in (before.last_heard_at, row["last_heard_at"]) if one is not None]
        sums[row["person"]] = DeviceSum(before.count + 1, max(heard, default=None))
    return sums


async def _of(select: str, people: Sequence[UUID], given: list[Any]) -> list[dict[str, Any]]:
    marks = ", ".join("?" * len(people))
    return await opened(SCHEMA).statement(f"{select} AND person IN ({marks})", [*given, *people])
