"""The clients in care of a therapist, with what presses, what is new to this therapist, and when they were in touch."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from intersession_schemas.streams import Role
from intersession_server.accounts.people import CLIENT, names_of
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.accounts.tables import Person
from intersession_server.projections.overviews.keeper import overviews_of
from intersession_server.projections.overviews.news import news
from intersession_server.projections.overviews.overview import NewItems, Overview, all_new
from intersession_server.services import Services
from intersession_server.web.record.caseload.client_item import ClientItem
from intersession_server.web.record.disclosure import Care, InTouch, in_touch, still_in_care

UNDER_WAY = timedelta(hours=1)
"""For so long after it began a session is still the next one."""
_NOTHING = Overview()


class NamedCare(Struct, frozen=True):
    """A client in care, and their name."""

    name: str
    care: Care

    @property
    def key(self) -> tuple[str, str]:
        """What the caseload is sorted by where nothing else is asked for."""
        return self.name.casefold(), str(self.care.client)


async def by_name(care: dict[UUID, Care]) -> list[NamedCare]:
    """The clients in care, sorted by `NamedCare.key`."""
    names = await names_of(list(care))
    return sorted((NamedCare(names.get(client, ""), one) for client, one in care.items()), key=lambda one: one.key)


async def some_in_care(services: Services, session: CurrentSession, some: Sequence[UUID]) -> list[NamedCare]:
    """Those of some clients whose records this session's therapist may read now. Asks for nobody else."""
    named = await Person.select(Person.id, Person.name, Person.record_stream).where(
        Person.id.is_in(list(some)) & (Person.role == CLIENT) & Person.record_stream.is_not_null()
    )
    names = {row["id"]: row["name"] for row in named}
    care = {row["id"]: Care(row["id"], row["record_stream"], Role.PRIMARY) for row in named}
    return [NamedCare(names[client], one) for client, one in (await still_in_care(services, session, care)).items()]


async def client_items(services: Services, session: CurrentSession, clients: Sequence[NamedCare]) -> list[ClientItem]:
    """These clients, with what a caseload says of them."""
    return await items_of(services, clients, await in_touch(services, session, [one.care.client for one in clients]))


async def items_of(services: Services, clients: Sequence[NamedCare], touch: InTouch) -> list[ClientItem]:
    """These clients, who were in touch then."""
    streams = {one.care.client: one.care.stream for one in clients}
    looked = {client: row for client, row in touch.looked.items() if client in streams}
    overviews, came = await asyncio.gather(
        overviews_of(services.projector.engine, streams), news(services.projector.engine, looked)
    )
    now, heard = services.clock(), touch.heard
    return [
        _item(one, overviews.get(one.care.client, _NOTHING), heard.get(one.care.client), came, now) for one in clients
    ]


async def news_since(services: Services, rows: Mapping[UUID, int]) -> dict[UUID, NewItems]:
    """What came of each of these clients after the row of their record that is given with them."""
    return await news(services.projector.engine, rows)


def _item(
    one: NamedCare, overview: Overview, heard: datetime | None, came: Mapping[UUID, NewItems], now: datetime
) -> ClientItem:
    new = came.get(one.care.client)
    return ClientItem(
        id=one.care.client,
        name=one.name,
        role=one.care.role,
        last_written_at=overview.last_written_at,
        last_arrived_at=overview.last_arrived_at,
        last_heard_at=heard,
        entries=overview.entries,
        symptom_logs=overview.symptom_logs,
        signals=overview.signals,
        signals_left_out=overview.signals_left_out,
        new=all_new(overview) if new is None else new,
        looked_at=new is not None,
        next_session_at=next((at for at in overview.sessions if at >= now - UNDER_WAY), None),
        sessions=overview.sessions,
        homework_this_week=overview.homework,
        course=overview.line,
    )
