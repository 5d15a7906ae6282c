"""What the sync endpoint asks of accounts and the audit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from intersession_server.accounts.devices import Devices
from intersession_server.accounts.people import names_of
from intersession_server.accounts.tables import Person
from intersession_server.audit import Action, Actor, record
from intersession_server.log.store import Reader
from intersession_server.sync.endpoint import Authenticated


class AccountsDirectory:
    """The endpoint's `Directory`, on `app.db`. Every method raises `StorageError`."""

    def __init__(self, devices: Devices, clock: Callable[[], datetime]) -> None:
        self._devices = devices
        self._clock = clock
        self._clients: dict[UUID, UUID] = {}

    async def authenticate(self, token: str) -> Authenticated | None:
        """The device with that token, revoked ones included: the log knows which those are."""
        device = await self._devices.authenticate(token)
        return Authenticated(device.account, device.id) if device is not None else None

    async def labels(self, clients: Sequence[UUID]) -> dict[UUID, str]:
        """The clients' names."""
        return await names_of(list(clients))

    async def heard(self, device: UUID) -> None:
        """The device has just been heard from."""
        await self._devices.heard(device, self._clock())

    async def note_read(self, reader: Reader, stream: UUID, after: int, through: int) -> None:
        """Audit that rows of a client's stream go to somebody of the care team; durable when it returns."""
        await record(
            Action.ROWS_READ,
            self._clock(),
            Actor(person=reader.account, device=reader.device),
            client=await self._client_of(stream),
            stream=stream,
            after_row=after,
            through_row=through,
        )

    async def note_purged(self, reader: Reader, stream: UUID, grant: UUID) -> None:
        """Audit that a device says it has deleted what it held under a grant."""
        actor = Actor(person=reader.account, device=reader.device)
        client = await self._client_of(stream)
        await record(Action.PURGED, self._clock(), actor, client=client, stream=stream, subject=grant)

    async def _client_of(self, stream: UUID) -> UUID | None:
        """Whose stream it is; a stream belongs to one client for ever, so it may be remembered."""
        if stream not in self._clients:
            where = (Person.record_stream == stream) | (Person.chart_stream == stream) | (Person.vault_stream == stream)
            person = await Person.objects().where(where).first()
            if person is None:
                return None
            self._clients[stream] = person.id
        return self._clients[stream]
