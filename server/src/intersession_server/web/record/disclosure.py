"""Whose records a signed-in therapist may read now, and the note that they were read.

The log's grants decide, at the moment of asking; nothing is remembered from one request to the next.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Literal
from uuid import UUID

from litestar.exceptions import NotFoundException
from msgspec import Struct, structs

from intersession_schemas.streams import CARE_TEAM, Audience, Role
from intersession_server import passage
from intersession_server.accounts import seen
from intersession_server.accounts.audit import Action, record
from intersession_server.accounts.database import transaction
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.log.store import Reader
from intersession_server.passage import ClientAccess
from intersession_server.projections import reading, record_reading
from intersession_server.projections.overviews.keeper import standings_of
from intersession_server.services import Services

FEW = 20
"""Of so many clients at most one asks for each by its id."""


class Care(Struct, frozen=True):
    """A client whose record may be read: the stream, and as what. `chart`: the stream of the care team's notes."""

    client: UUID
    stream: UUID
    role: Role
    chart: UUID | None = None

    @property
    def streams(self) -> tuple[UUID, ...]:
        """The streams that pages about the client are made of."""
        return (self.stream,) if self.chart is None else (self.stream, self.chart)


async def clients_in_care(services: Services, session: CurrentSession) -> dict[UUID, Care]:
    """The clients whose records this session's therapist may read now, by id."""
    offers = await services.log.offers(Reader(session.person, session.id))
    charts = {offer.client: offer.stream for offer in offers if offer.audience is Audience.CHART}
    return {
        offer.client: Care(offer.client, offer.stream, offer.role, charts.get(offer.client))
        for offer in offers
        if offer.audience is Audience.RECORD and offer.role in CARE_TEAM
    }


async def still_in_care(services: Services, session: CurrentSession, some: dict[UUID, Care]) -> dict[UUID, Care]:
    """Those of some clients whose records this session's therapist may read now, and as what now."""
    found = {}
    for client, care in some.items():
        role = await _role_in(services, session, care.stream)
        if role is not None:
            found[client] = structs.replace(care, role=role)
    return found


async def _role_in(services: Services, session: CurrentSession, stream: UUID) -> Role | None:
    """As what of a care team the session's therapist may read a stream now."""
    for grant in await services.log.grants_of(stream):
        if grant.account == session.person and grant.until is None and grant.role in CARE_TEAM:
            return grant.role
    return None


Marked = Literal["records", "documents", "devices", "access"]
"""What the mark of a client is of, by what a page shows: all of the record; the record without the diary; when devices
were heard from; nothing but that the client is in care."""


async def states(services: Services, care: dict[UUID, Care], of: Marked = "records") -> dict[UUID, str]:
    """A mark per client that changes when a page about them would: rows that arrived, or a device that was heard from.

    Ask for it before reading what is shown: then what is shown is at least that new.
    """
    if of == "access":
        return dict.fromkeys(care, mark_of(0, None))
    heard = await services.devices.last_heard(list(care))
    if of == "devices":
        return {client: mark_of(0, heard.get(client)) for client in care}
    reached = await reading.throughs([stream for one in care.values() for stream in one.streams])
    if of == "documents":
        return {
            client: documents_mark(
                services,
                {stream: reached[stream] for stream in one.streams},
                heard.get(client),
                await clock_of(services, client, reached[one.stream]),
            )
            for client, one in care.items()
        }
    return {
        client: mark_of(sum(reached[stream] for stream in one.streams), heard.get(client))
        for client, one in care.items()
    }


async def clock_of(services: Services, client: UUID, through: int) -> tzinfo:
    """What the client's clock was set to when they wrote last; their record is projected up to `through`."""
    return await services.shared.of(("clock", client, through), lambda: record_reading.local_time(client))


def documents_mark(services: Services, reached: Mapping[UUID, int], heard_at: datetime | None, clock: tzinfo) -> str:
    """The mark of a client's record, whose streams are so far, without the diary. The diary says what the client's
    clock is set to, by which all pages tell the time."""
    rows = sum(services.projector.beside_diary.of(stream, through) for stream, through in reached.items())
    offset = datetime(2000, 1, 1, tzinfo=clock).utcoffset()
    return f"{mark_of(rows, heard_at)}.{0 if offset is None else offset // timedelta(minutes=1)}"


async def caseload_states(services: Services, session: CurrentSession, care: dict[UUID, Care]) -> dict[UUID, str]:
    """A mark per client that changes when what a caseload says of them would: what `states` says of their record, what
    is worked out of it, and what of it this therapist has looked at. Ask for it first, as for `states`."""
    standings, touch = await asyncio.gather(
        standings_of(services.projector.engine, [one.stream for one in care.values()]),
        in_touch(services, session, list(care)),
    )
    return caseload_marks(care, standings, touch)


class InTouch(Struct, frozen=True):
    """When devices of clients were last heard from, and up to which row of each client's record a therapist looked."""

    heard: dict[UUID, datetime]
    looked: dict[UUID, int]


async def in_touch(services: Services, session: CurrentSession, clients: list[UUID]) -> InTouch:
    """Of these clients, and of this session's therapist."""
    heard, looked = await asyncio.gather(
        services.devices.last_heard(clients),
        seen.seen_by(session.person, clients if len(clients) <= FEW else None),
    )
    return InTouch(heard, looked)


def caseload_marks(
    care: dict[UUID, Care], standings: Mapping[UUID, tuple[int, str]], touch: InTouch
) -> dict[UUID, str]:
    """See `caseload_states`."""
    marks = {}
    for client, one in care.items():
        through, overview = standings.get(one.stream, (0, ""))
        marks[client] = f"{mark_of(through, touch.heard.get(client))}.{overview[:8]}.{touch.looked.get(client, 0)}"
    return marks


def mark_of(through: int, heard_at: datetime | None) -> str:
    """The mark of a client of whom so many rows have arrived, and of whom a device was heard from then."""
    return f"{through}.{int(heard_at.timestamp()) if heard_at is not None else 0}"


def row_of(mark: str) -> int:
    """Up to which row a client's mark says that rows have arrived."""
    return int(mark.partition(".")[0])


async def note_caseload_read(services: Services, session: CurrentSession) -> None:
    """Write down that the caseload goes to this session; durable when it returns."""
    await record(Action.CLIENTS_READ, services.clock(), session.actor)


async def note_staff_read(
    services: Services,
    session: CurrentSession,
    action: Action,
    *,
    client: UUID | None = None,
    subject: UUID | None = None,
) -> None:
    """Write down that names or devices of a practice go to this session; durable when it returns."""
    await record(action, services.clock(), session.actor, client=client, subject=subject)


async def note_written(
    services: Services, session: CurrentSession, client: UUID | None, stream: UUID, documents: Sequence[UUID]
) -> None:
    """Write down that this session writes these documents; durable when it returns. Call it before they are written."""
    async with transaction():
        for document in documents:
            await record(
                Action.WRITTEN, services.clock(), session.actor, client=client, stream=stream, document=document
            )


async def note_read(
    services: Services, session: CurrentSession, access: ClientAccess, through: int, *actions: Action
) -> None:
    """Write down that content of a client goes to this session, then make sure once more that it may.

    Call it when the answer is ready and not yet sent. Raises `NotFoundException` where access ended meanwhile.
    """
    await record(
        actions,
        services.clock(),
        session.actor,
        client=access.client,
        stream=access.record_stream,
        through_row=through,
    )
    if await _role_in(services, session, access.record_stream) is None:
        raise NotFoundException
    passage.written()
    here = passage.current()
    if here is not None and here.looks:
        await note_seen(services, session, access, through)


async def note_chart_read(
    services: Services, session: CurrentSession, access: ClientAccess, chart: UUID, through: int
) -> None:
    """As `note_read`, of what the care team keeps to itself: the grant of the chart must still be there as well."""
    await record(
        Action.NOTES_READ, services.clock(), session.actor, client=access.client, stream=chart, through_row=through
    )
    for stream in (access.record_stream, chart):
        if await _role_in(services, session, stream) is None:
            raise NotFoundException
    passage.written()


async def note_seen(services: Services, session: CurrentSession, access: ClientAccess, through: int) -> None:
    """Keep that this therapist has looked at a client's record up to a row: what came later is new to them.

    `note_read` calls it where a person looks at a page. A caseload that is open somewhere else hears of it.
    """
    if await seen.note(session.person, access.client, through, services.clock()):
        services.projector.updates.wake(access.record_stream, through)
