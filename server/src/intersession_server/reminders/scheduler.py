"""Sends reminders when they are due. Between two moments it sleeps; what it knows stands in the subscriptions' rows.

A device is looked at when something of the record has changed, and at the moment that the last look has named. A look
asks the agenda what came due since the one before, and sends if any of it is still open. Only then is that moment
dealt with: a server that ends in between looks again when it is back, and repeats nothing that was sent.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec.structs import replace

from intersession_server.errors import StorageError
from intersession_server.projections.projector import Projector
from intersession_server.reminders import agreed, push_key, subscriptions
from intersession_server.reminders.moments import LOOK_AGAIN, moments
from intersession_server.reminders.push_services import PushServices
from intersession_server.reminders.sending import Outcome, Sender
from intersession_server.reminders.subscriptions import Subscribed

SETTLES = timedelta(seconds=2)
"""What changes together is looked at together."""
LOOK_EVERY = 60.0
"""Seconds between two looks at the clock, which may have been set."""
LOOKED_AT_ONCE = 2
SENT_AT_ONCE = 16
"""A push service that does not answer holds up no more than these."""
TAKEN_UP = 50
MOST_A_DAY = 8
"""Reminders that a device gets on one local day; what comes due after them is not told."""
AGAIN_AFTER = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30))
"""When a push service that could not be reached is tried again; after the last one it is given up."""
ENDS_WITHIN = 2.0
FAILED_FOR = timedelta(minutes=10)
"""How long a device is left alone whose look has failed."""

log = structlog.get_logger(__name__)


class Reminders:
    """Runs on one event loop."""

    def __init__(
        self,
        folder: Path,
        projector: Projector,
        services: PushServices,
        contact: str,
        clock: Callable[[], datetime],
    ) -> None:
        """`projector` keeps up what reminders are worked out from; `contact` is whom push services may turn to."""
        self.services = services
        self._folder = folder
        self._projector = projector
        self._clock = clock
        self._sender = Sender(contact, clock)
        self._key: ec.EllipticCurvePrivateKey | None = None
        self._one_key = asyncio.Lock()
        self._streams: set[UUID] = set()
        self._moved: set[UUID] = set()
        self._looking: dict[UUID, asyncio.Task[None]] = {}
        self._put_off: dict[UUID, datetime] = {}
        self._woken = asyncio.Event()
        self._reading, self._sending = asyncio.Semaphore(LOOKED_AT_ONCE), asyncio.Semaphore(SENT_AT_ONCE)
        self._unwatch: Callable[[], None] | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Follow the records and the clock in a task of its own until `close`. Before the projector does anything.
        Raises `StorageError`."""
        self._streams = await subscriptions.streams()
        self._unwatch = self._projector.updates.watch_all(self._wake)
        self._task = asyncio.create_task(self._run(), name="reminders")

    async def close(self) -> None:
        """Stop. What was not sent yet is by the next start, if it is not late by then."""
        if self._unwatch is not None:
            self._unwatch()
        if self._task is not None:
            self._task.cancel()
        if looking := [*self._looking.values()]:
            # What is being sent is noted, if that can be, so that it is not sent once more.
            await asyncio.wait(looking, timeout=ENDS_WITHIN)
        for task in looking:
            task.cancel()
        await asyncio.gather(*looking, *filter(None, [self._task]), return_exceptions=True)
        self._task = None
        await self._sender.close()

    async def key(self) -> ec.EllipticCurvePrivateKey:
        """This server's key, which is made with the first call. Raises `StorageError`."""
        async with self._one_key:
            if self._key is None:
                self._key = await asyncio.to_thread(push_key.kept, self._folder)
            if self._key is None:
                # Whatever was subscribed with an earlier key is of no use any more.
                await subscriptions.drop_all()
                self._key = await asyncio.to_thread(push_key.make, self._folder)
            return self._key

    def follow(self, record: UUID) -> None:
        """A device wants reminders about that record from now on, or others than before."""
        self._streams.add(record)
        self._woken.set()

    # --- when ---

    def _wake(self, stream: UUID, _: int) -> None:
        if stream in self._streams:
            self._moved.add(stream)
            self._woken.set()

    async def _run(self) -> None:
        await self._projector.up_to_date.wait()  # else what was done before the restart would be told again
        while True:
            self._woken.clear()
            try:
                await self._take_up()
                wait = await self._until_next()
            except StorageError as error:
                log.warning("reminders.storage_failed", reason=error.code)
                wait = LOOK_EVERY
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._woken.wait()

    async def _take_up(self) -> None:
        now = self._clock()
        if moved := frozenset(self._moved):
            await subscriptions.moved(moved, now + SETTLES)
            self._moved -= moved  # what has moved again meanwhile is looked at later than that
        self._put_off = {device: at for device, at in self._put_off.items() if at > now}
        for device in await subscriptions.due(now, TAKEN_UP + len(self._looking) + len(self._put_off)):
            if device not in self._looking and device not in self._put_off:
                self._looking[device] = asyncio.create_task(self._look_at(device), name="a reminder")

    async def _until_next(self) -> float:
        """Seconds. Those that are being looked at wake it when that is done."""
        at = await subscriptions.next_at()
        if at is None:
            return LOOK_EVERY
        return min(max((at - self._clock()).total_seconds(), 1.0), LOOK_EVERY)

    # --- one device ---

    async def _look_at(self, device: UUID) -> None:
        try:
            await self.look(device)
        except Exception as error:  # noqa: BLE001 - one device must not stop the others
            # Its text may quote content, so only its type is logged.
            reason = error.code if isinstance(error, StorageError) else type(error).__name__
            log.warning("reminders.failed", reason=reason)
            self._put_off[device] = self._clock() + FAILED_FOR
        finally:
            self._looking.pop(device, None)
            self._woken.set()

    async def look(self, device: UUID) -> None:
        """Send a reminder to a device if one is due, and keep when to look again. Raises `StorageError`."""
        one = await subscriptions.get(device)
        if one is None:
            await subscriptions.drop(device)
            return
        now, zone = self._clock(), zone_of(one.zone) or UTC
        async with self._reading:
            found = await agreed.read(self._projector, one.stream, one.client, now)
            if found is None:
                await subscriptions.note(replace(one, through=now, next_at=now + LOOK_AGAIN))
                return
            told = await asyncio.to_thread(moments, found, one.through, now, zone)
        one = replace(one, next_at=told.next_at)
        today = now.astimezone(zone).date().isoformat()
        if one.day != today:
            one = replace(one, day=today, sent=0)
        if not told.came or one.sent >= MOST_A_DAY:
            await subscriptions.note(_dealt_with(one, now))
            return
        async with self._sending:
            outcome = await self._send(one)
        await self._settle(one, outcome, now)

    async def _send(self, one: Subscribed) -> Outcome:
        if not self.services.call(one.endpoint):  # as the operator has it now
            return Outcome("refused")
        return await self._sender.send(one, await self.key())

    async def _settle(self, one: Subscribed, outcome: Outcome, now: datetime) -> None:
        match outcome.what:
            case "sent":
                await subscriptions.note(_dealt_with(replace(one, sent=one.sent + 1), now))
            case "gone":
                await subscriptions.drop(one.device, one.endpoint)
            case "unreached" if one.tries < len(AGAIN_AFTER):
                again = self._clock() + max(AGAIN_AFTER[one.tries], outcome.wait)
                await subscriptions.note(replace(one, next_at=again, tries=one.tries + 1))
            case "unreached" | "refused":
                log.warning("reminders.given_up", reason=outcome.what, code=outcome.status)
                await subscriptions.note(_dealt_with(one, now))


def _dealt_with(one: Subscribed, now: datetime) -> Subscribed:
    return replace(one, through=now, tries=0)


def zone_of(name: str) -> tzinfo | None:
    """The time zone of that name; None where this machine knows none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
