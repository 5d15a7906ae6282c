"""Paired devices: known by their token, listed, heard from, revoked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from intersession_server.accounts import tokens
from intersession_server.accounts.database import SCHEMA
from intersession_server.accounts.tables import Device, Person, PushSubscription
from intersession_server.storage.database import opened
from intersession_server.storage.statements import portions
from intersession_server.sync.directory import Authenticated

HEARD_EVERY = timedelta(minutes=1)
"""How exactly `last_heard_at` is kept: a device that talks all day costs one write a minute."""


class PairedDevice(Struct, frozen=True):
    """A device and whose it is. A revoked one is known too: it may still be told that it was revoked."""

    id: UUID
    account: UUID
    practice: UUID
    role: str
    name: str
    agent: str
    paired_at: datetime
    last_heard_at: datetime | None
    revoked_at: datetime | None


class Devices:
    """What the server knows of its devices. Used on the event loop."""

    def __init__(self) -> None:
        self._noted: dict[UUID, datetime] = {}

    async def authenticate(self, token: str) -> Authenticated | None:
        """The device that holds `token`, also when it is revoked; None when there is none.

        One look-up of four columns: it is most of what a connection costs when thousands come back at once.
        """
        if not tokens.looks_like_token(token):
            return None
        candidates = await opened(SCHEMA).statement(_CANDIDATES, [tokens.prefix(token)])
        # Every candidate is compared, so that the time says nothing about which one it was.
        matching = [device for device in candidates if tokens.matches(token, device["token_hash"])]
        return Authenticated(matching[0]["person"], matching[0]["id"], matching[0]["country"]) if matching else None

    async def get(self, device: UUID) -> PairedDevice | None:
        """A device by id."""
        row = await Device.objects().where(Device.id == device).first()
        if row is None:
            return None
        person = await Person.objects().where(Person.id == row.person).first()
        return _paired(row, person) if person is not None else None

    async def listed(self, person: UUID | None = None) -> list[PairedDevice]:
        """All devices, or one person's; by name of the person, then by pairing."""
        query = Device.objects()
        if person is not None:
            query = query.where(Device.person == person)
        devices = await query.order_by(Device.paired_at)
        whose = Person.objects() if person is None else Person.objects().where(Person.id == person)
        people = {row.id: row for row in await whose}
        found = [_paired(device, people[device.person]) for device in devices]
        return sorted(found, key=lambda device: (device.name, device.paired_at))

    async def last_heard(self, people: list[UUID]) -> dict[UUID, datetime]:
        """When each of these people was last heard from, by any device, revoked ones included."""
        latest: dict[UUID, datetime] = {}
        for some in portions(people):
            query = _HEARD.format(", ".join("?" * len(some)))
            for row in await opened(SCHEMA).statement(query, list(map(str, some))):
                person, at = row["person"], row["last_heard_at"]
                latest[person] = max(at, latest.get(person, at))
        return latest

    async def count_heard(self, since: datetime) -> int:
        """How many devices that may come back have been heard from since then."""
        return int(await Device.count().where((Device.last_heard_at >= since) & Device.revoked_at.is_null()))

    async def heard(self, device: UUID, at: datetime) -> None:
        """Note that `device` has been heard from; written once a minute. Raises `StorageError`."""
        noted = self._noted.get(device)
        if noted is not None and timedelta(0) <= at - noted < HEARD_EVERY:
            return
        await Device.update({Device.last_heard_at: at}).where(Device.id == device)
        if len(self._noted) > 100_000:
            self._noted.clear()
        self._noted[device] = at

    async def heard_all(self, devices: Sequence[UUID], at: datetime) -> None:
        """Note at once that these were heard from. Raises `StorageError`."""
        for start in range(0, len(devices), 500):
            some = list(devices[start : start + 500])
            await Device.update({Device.last_heard_at: at}).where(Device.id.is_in(some))
            self._noted |= dict.fromkeys(some, at)

    async def mark_revoked(self, device: UUID, at: datetime) -> None:
        """Write down that a device was revoked, if it was not before; no reminder reaches it any more. What counts is
        the log's own register."""
        await PushSubscription.delete().where(PushSubscription.device == device)
        await Device.update({Device.revoked_at: at}).where((Device.id == device) & Device.revoked_at.is_null())


_CANDIDATES = (
    "SELECT device.id, device.person, device.token_hash, practice.country FROM device"
    " JOIN person ON person.id = device.person JOIN practice ON practice.id = person.practice"
    " WHERE device.token_prefix = ?"
)
_HEARD = "SELECT person, last_heard_at FROM device WHERE person IN ({}) AND last_heard_at IS NOT NULL"
"""Written out, as whatever every page asks for."""


def _paired(device: Device, person: Person) -> PairedDevice:
    return PairedDevice(
        id=device.id,
        account=person.id,
        practice=person.practice,
        role=person.role,
        name=person.name,
        agent=device.agent,
        paired_at=device.paired_at,
        last_heard_at=device.last_heard_at,
        revoked_at=device.revoked_at,
    )
