"""The library of a practice as its therapists use it: which it is, its instruments, and what is copied into records."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from litestar.exceptions import NotFoundException
from msgspec.structs import replace

from intersession_schemas.documents.assessments.wordings import definition_of
from intersession_schemas.errors import InvalidField
from intersession_schemas.instruments import INSTRUMENTS, Instrument
from intersession_schemas.streams import Audience, Kind
from intersession_server import library
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.log.store import Reader
from intersession_server.operator.instruments import is_same
from intersession_server.passage import ClientAccess
from intersession_server.projections import record_reading
from intersession_server.services import Services
from intersession_server.web.record.writing import DraftChange, new_draft


async def library_of(services: Services, session: CurrentSession) -> UUID:
    """The library that this session's therapist may read now."""
    for offer in await services.log.offers(Reader(session.person, session.id)):
        if offer.audience is Audience.LIBRARY:
            return offer.stream
    raise NotFoundException


async def instrument_named(services: Services, session: CurrentSession, key: str) -> Instrument:
    """The instrument of that key, one that ships or one that the practice brought. Raises `InvalidField`."""
    if key in INSTRUMENTS:
        return INSTRUMENTS[key]
    brought = (await library.wordings(services.log, await library_of(services, session))).get(key)
    found = None if brought is None else definition_of(brought)
    if found is None:
        raise InvalidField("There is no instrument with that key. List them with GET /api/instruments.")
    return found


async def wordings_to_copy(
    services: Services, session: CurrentSession, access: ClientAccess, keys: Iterable[str]
) -> list[DraftChange]:
    """Wordings that the practice has of these instruments, and the record has not: as new documents of it."""
    wanted = set(keys)
    if not wanted:
        return []
    offered = await library.wordings(services.log, await library_of(services, session))
    held = await record_reading.wordings(access.client)
    now = services.clock()
    return [
        new_draft(session, Kind.INSTRUMENT, replace(offered[key], problems=()), now)
        for key in sorted(wanted & offered.keys())
        if key not in held or not is_same(held[key], offered[key])
    ]
