"""The clients in care of a therapist, by name, with what has arrived of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from intersession_schemas.streams import Role
from intersession_server.accounts.people import names_of
from intersession_server.projections import reading
from intersession_server.services import Services
from intersession_server.web.record.disclosure import Care


class ClientItem(Struct, frozen=True):
    """A client in care, and what has arrived. `last_heard_at`: when one of their devices was last in touch."""

    id: UUID
    name: str
    role: Role
    last_written_at: datetime | None
    last_arrived_at: datetime | None
    last_heard_at: datetime | None
    entries: int
    symptom_logs: int


class NamedCare(Struct, frozen=True):
    """A client in care, and their name."""

    name: str
    care: Care

    @property
    def key(self) -> tuple[str, str]:
        """What the caseload is sorted by."""
        return self.name.casefold(), str(self.care.client)


async def by_name(care: dict[UUID, Care]) -> list[NamedCare]:
    """The clients in care, sorted by `NamedCare.key`."""
    names = await names_of(list(care))
    return sorted((NamedCare(names.get(client, ""), one) for client, one in care.items()), key=lambda one: one.key)


async def client_items(services: Services, clients: Sequence[NamedCare]) -> list[ClientItem]:
    """These clients, with what has arrived of them."""
    people = [one.care.client for one in clients]
    heard = await services.devices.last_heard(people)
    summaries = await reading.summaries(people)
    return [
        ClientItem(
            id=one.care.client,
            name=one.name,
            role=one.care.role,
            last_written_at=summaries[one.care.client].last_written_at,
            last_arrived_at=summaries[one.care.client].last_arrived_at,
            last_heard_at=heard.get(one.care.client),
            entries=summaries[one.care.client].entries,
            symptom_logs=summaries[one.care.client].symptom_logs,
        )
        for one in clients
    ]
