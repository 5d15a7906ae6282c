"""The devices that want reminders: where those go, and how far they are. Rows of `app.db`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from intersession_server.accounts.database import SCHEMA
from intersession_server.accounts.tables import Device, Person, Practice, PushSubscription
from intersession_server.storage.database import opened


class Subscribed(Struct, frozen=True, kw_only=True):
    """A device that wants reminders, and whose record they are about.

    What came due up to `through` has been dealt with. `tries` counts how often the push service could not be reached
    in a row, `sent` the reminders of the local `day`.
    """

    device: UUID
    client: UUID
    stream: UUID
    endpoint: str
    p256dh: str
    auth: str
    zone: str
    through: datetime
    next_at: datetime
    tries: int
    day: str
    sent: int


async def offered_to(client: UUID) -> bool:
    """Whether a client's practice offers reminders now."""
    return bool(await opened(SCHEMA).statement(_OFFERED, [str(client)]))


async def offered_by_any() -> bool:
    """Whether a practice of this server offers them."""
    return await Practice.exists().where(Practice.reminders.eq(True))


async def keep(device: UUID, *, endpoint: str, p256dh: str, auth: str, zone: str, at: datetime) -> Subscribed | None:
    """Where a device's reminders go from now on; how far they are stays as it is. None where the device may not have
    any: it was revoked, or its practice does not offer them. Raises `StorageError`."""
    await opened(SCHEMA).statement(_KEEP, [endpoint, p256dh, auth, zone, at, at, str(device)])
    return await get(device)


async def has(device: UUID) -> bool:
    """Whether reminders of a device go anywhere."""
    return await PushSubscription.exists().where(PushSubscription.device == device)


async def drop(device: UUID, endpoint: str | None = None) -> None:
    """Nothing goes to a device any more; with `endpoint`: unless it has another one meanwhile."""
    query = PushSubscription.delete().where(PushSubscription.device == device)
    await (query if endpoint is None else query.where(PushSubscription.endpoint == endpoint))


async def drop_of(practice: UUID) -> None:
    """Nothing goes to any device of a practice's people."""
    people = Person.select(Person.id).where(Person.practice == practice)
    devices = Device.select(Device.id).where(Device.person.is_in(people))
    await PushSubscription.delete().where(PushSubscription.device.is_in(devices))


async def drop_all() -> None:
    """Nothing goes to any device."""
    await PushSubscription.delete(force=True)


async def get(device: UUID) -> Subscribed | None:
    """A device that wants reminders and may have them."""
    rows = await opened(SCHEMA).statement(_ONE, [str(device)])
    return Subscribed(**rows[0]) if rows else None


async def streams() -> set[UUID]:
    """The records that reminders are about."""
    return {row["stream"] for row in await opened(SCHEMA).statement(_STREAMS, [])}


async def due(at: datetime, limit: int) -> list[UUID]:
    """The devices to be looked at, those that wait longest first."""
    query = PushSubscription.select(PushSubscription.device).where(PushSubscription.next_at <= at)
    return [row["device"] for row in await query.order_by(PushSubscription.next_at).limit(limit)]


async def next_at() -> datetime | None:
    """When the next device is to be looked at; None where none wants reminders."""
    row = await PushSubscription.select(PushSubscription.next_at).order_by(PushSubscription.next_at).limit(1).first()
    return None if row is None else row["next_at"]


async def moved(records: Collection[UUID], at: datetime) -> None:
    """Something of these records has changed: their devices are looked at by `at`. What waits for a push service that
    could not be reached goes on waiting."""
    people = Person.select(Person.id).where(Person.record_stream.is_in(list(records)))
    devices = Device.select(Device.id).where(Device.person.is_in(people))
    waits = PushSubscription.device.is_in(devices) & (PushSubscription.next_at > at) & (PushSubscription.tries == 0)
    await PushSubscription.update({PushSubscription.next_at: at}).where(waits)


async def note(one: Subscribed) -> None:
    """Keep how far a device is, if its reminders still go where they went. Raises `StorageError`."""
    await PushSubscription.update(
        {
            PushSubscription.through: one.through,
            PushSubscription.next_at: one.next_at,
            PushSubscription.tries: one.tries,
            PushSubscription.day: one.day,
            PushSubscription.sent: one.sent,
        }
    ).where((PushSubscription.device == one.device) & (PushSubscription.endpoint == one.endpoint))


_ALLOWED = """
    FROM device JOIN person ON person.id = device.person JOIN practice ON practice.id = person.practice
    WHERE device.revoked_at IS NULL AND person.ended_at IS NULL AND person.record_stream IS NOT NULL
        AND practice.reminders
"""
_KEEP = f"""
    INSERT INTO push_subscription (device, endpoint, p256dh, auth, zone, through, next_at)
    SELECT device.id, ?, ?, ?, ?, ?, ? {_ALLOWED} AND device.id = ?
    ON CONFLICT (device) DO UPDATE SET endpoint = excluded.endpoint, p256dh = excluded.p256dh, auth = excluded.auth,
        zone = excluded.zone, next_at = excluded.next_at, tries = 0
"""
_ONE = f"""
    SELECT push_subscription.*, device.person AS client, person.record_stream AS stream
    {_ALLOWED.replace("WHERE", "JOIN push_subscription ON push_subscription.device = device.id WHERE", 1)}
        AND device.id = ?
"""
_STREAMS = """
    SELECT DISTINCT record_stream AS stream FROM push_subscription
    JOIN device ON device.id = push_subscription.device JOIN person ON person.id = device.person
"""
_OFFERED = """
    SELECT 1 FROM person JOIN practice ON practice.id = person.practice
    WHERE person.id = ? AND person.ended_at IS NULL AND practice.reminders
"""
