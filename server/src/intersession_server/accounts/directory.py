"""What the sync endpoint asks of accounts and the audit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from intersession_server.accounts.audit import Action, Actor, reads_of, record
from intersession_server.accounts.devices import Devices
from intersession_server.accounts.people import HIDE, names_of
from intersession_server.accounts.tables import AuditRow, Person, Practice
from intersession_server.log.store import Reader
from intersession_server.log.submissions import ErasureDone, ErasureRequest
from intersession_server.sync.directory import Authenticated

UNDER_WAY = timedelta(seconds=30)
"""What was read of the log just before an erasure is written down, and sent, a little later."""


class AccountsDirectory:
    """The endpoint's `Directory`, on `app.db`. Every method raises `StorageError`."""

    def __init__(self, devices: Devices, clock: Callable[[], datetime]) -> None:
        self._devices = devices
        self._clock = clock
        self._clients: dict[UUID, UUID] = {}

    async def authenticate(self, token: str) -> Authenticated | None:
        """The device with that token, revoked ones included: the log knows which those are."""
        return await self._devices.authenticate(token)

    async def labels(self, clients: Sequence[UUID]) -> dict[UUID, str]:
        """The clients' names."""
        return await names_of(list(clients))

    async def heard(self, device: UUID) -> None:
        """The device has just been heard from."""
        await self._devices.heard(device, self._clock())

    async def still_here(self, devices: Sequence[UUID]) -> None:
        """These devices are connected, and so heard from all the time."""
        await self._devices.heard_all(devices, self._clock())

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
        """Audit that a device says it has deleted what it held under a grant: once, however often it was asked."""
        same = (AuditRow.person == reader.account) & (AuditRow.device == reader.device) & (AuditRow.subject == grant)
        if await AuditRow.exists().where(same & (AuditRow.action == Action.PURGED.value) & (AuditRow.stream == stream)):
            return
        actor = Actor(person=reader.account, device=reader.device)
        client = await self._client_of(stream)
        await record(Action.PURGED, self._clock(), actor, client=client, stream=stream, subject=grant)

    async def keeps_erased(self, stream: UUID) -> bool:
        """Whether the practice whose client's stream this is has to keep what clients withdraw."""
        client = await self._client_of(stream)
        person = await Person.objects().get(Person.id == client) if client is not None else None
        if person is None:
            return False
        return await Practice.exists().where((Practice.id == person.practice) & (Practice.retention == HIDE))

    async def note_erased(self, request: ErasureRequest, done: ErasureDone) -> None:
        """Audit that a document was erased, once however often it is told; durable when it returns."""
        there = (AuditRow.document == request.document) & (AuditRow.action == Action.ERASED.value)
        client = await self._client_of(request.stream)
        if await AuditRow.exists().where((AuditRow.client == client) & there):
            return
        await record(
            Action.ERASED,
            self._clock(),
            Actor(person=request.account, device=request.device),
            client=client,
            stream=request.stream,
            document=request.document,
            through_row=done.seq,
        )

    async def read_at(self, stream: UUID, done: ErasureDone) -> list[datetime]:
        """The moments at which rows of the erased document may have gone to the care team: see `audit.reads_of`."""
        client = await self._client_of(stream)
        if client is None:
            return []
        return await reads_of(client, stream, done.rows, done.at + UNDER_WAY)

    async def _client_of(self, stream: UUID) -> UUID | None:
        """Whose stream it is; a stream belongs to one client for ever, so it may be remembered."""
        if stream not in self._clients:
            where = (Person.record_stream == stream) | (Person.chart_stream == stream) | (Person.vault_stream == stream)
            person = await Person.objects().where(where).first()
            if person is None:
                return None
            self._clients[stream] = person.id
        return self._clients[stream]
