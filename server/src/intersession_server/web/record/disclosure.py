"""Whose records a signed-in therapist may read now, and the note that they were read.

The log's grants decide, at the moment of asking; nothing is remembered from one request to the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from litestar.exceptions import NotFoundException
from msgspec import Struct

from intersession_schemas.streams import CARE_TEAM, Audience, Role
from intersession_server import passage
from intersession_server.accounts.audit import Action, record
from intersession_server.accounts.database import transaction
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.log.store import Reader
from intersession_server.passage import ClientAccess
from intersession_server.projections import reading
from intersession_server.services import Services


class Care(Struct, frozen=True):
    """A client whose record may be read: the stream, and as what."""

    client: UUID
    stream: UUID
    role: Role


async def clients_in_care(services: Services, session: CurrentSession) -> dict[UUID, Care]:
    """The clients whose records this session's therapist may read now, by id."""
    offers = await services.log.offers(Reader(session.person, session.id))
    return {
        offer.client: Care(offer.client, offer.stream, offer.role)
        for offer in offers
        if offer.audience is Audience.RECORD and offer.role in CARE_TEAM
    }


async def states(services: Services, care: dict[UUID, Care]) -> dict[UUID, str]:
    """A mark per client that changes when a page about them would: rows that arrived, or a device that was heard from.

    Ask for it before reading what is shown: then what is shown is at least that new.
    """
    reached = await reading.throughs([one.stream for one in care.values()])
    heard = await services.devices.last_heard(list(care))
    return {client: mark_of(reached[one.stream], heard.get(client)) for client, one in care.items()}


def mark_of(through: int, heard_at: datetime | None) -> str:
    """The mark of a client whose rows have arrived up to `through`, and of whom a device was heard from then."""
    return f"{through}.{int(heard_at.timestamp()) if heard_at is not None else 0}"


async def note_caseload_read(services: Services, session: CurrentSession) -> None:
    """Write down that the caseload goes to this session; durable when it returns."""
    await record(Action.CLIENTS_READ, services.clock(), session.actor)


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
    if access.client not in await clients_in_care(services, session):
        raise NotFoundException
    passage.written()
