"""All that a running server holds, opened in order and closed in reverse. One place, typed; no globals.

A route that needs something of it takes a parameter `services: NamedDependency[Services]`.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

from argon2 import PasswordHasher

from intersession_server import folder_check
from intersession_server.accounts import tokens
from intersession_server.accounts.database import FILE_NAME, open_accounts
from intersession_server.accounts.devices import Devices
from intersession_server.accounts.directory import AccountsDirectory
from intersession_server.accounts.passwords import Passwords
from intersession_server.accounts.provisioning import Provisioning
from intersession_server.accounts.sign_in import SignIn
from intersession_server.accounts.throttle import Throttle
from intersession_server.data_folder import DataFolder
from intersession_server.edge.hosts import Reachable, reachable
from intersession_server.log.applier import Applier
from intersession_server.log.saved.saver import Saver
from intersession_server.log.soundness.rows import FILE_NAME as LOG_FILE
from intersession_server.log.sqlite import SqliteLogStore
from intersession_server.log.store import LogStore
from intersession_server.operator.instruments import Wordings
from intersession_server.operator.operations import CommandRunner
from intersession_server.operator.shown_codes import ShownCodes
from intersession_server.projections import tables as read_models
from intersession_server.projections.materials import Materials
from intersession_server.projections.projector import Projector
from intersession_server.projections.readings import Readings
from intersession_server.reminders.push_services import push_services
from intersession_server.reminders.scheduler import Reminders
from intersession_server.settings import Settings, url_of
from intersession_server.storage.database import open_database
from intersession_server.sync.hub import SyncHub
from intersession_server.sync.limits import EndpointLimits, SessionLimits
from intersession_server.sync.wakeups import Wakeups
from intersession_server.work.once import Once
from intersession_server.work.shared import Shared
from intersession_server.work.workshop import Workshop

PAIRING_TRIES = 20
PAIRING_WINDOW = timedelta(minutes=10)

COMES_BACK_WITHIN = timedelta(days=1)
"""Devices that were heard from so lately are expected back when the server starts."""
REFUSALS_WINDOW = timedelta(hours=1)
REFUSALS_PER_PERSON = 100

Clock = Callable[[], datetime]


class RefusedReads:
    """Of reads that were refused, which are written down: one an hour of a person and a client, 100 of a person."""

    def __init__(self) -> None:
        self.each = Throttle(1, REFUSALS_WINDOW)
        self.all = Throttle(REFUSALS_PER_PERSON, REFUSALS_WINDOW)


@dataclass(frozen=True, kw_only=True)
class Services:
    """What routes and the command line work with. Made by `open_services`; used on its event loop."""

    settings: Settings
    clock: Clock
    reachable: Reachable
    log: LogStore
    wakeups: Wakeups
    devices: Devices
    sign_in: SignIn
    operations: CommandRunner
    hub: SyncHub
    projector: Projector
    materials: Materials
    reminders: Reminders
    pairing_throttle: Throttle
    refused_reads: RefusedReads
    shown_codes: ShownCodes
    operator_token: str = field(repr=False)
    demo: bool = False
    """Whether this is a demo, whose people are invented."""
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the server is asked to end: whatever streams or waits must end by itself now."""
    shared: Shared = field(default_factory=Shared)
    """What pages of one client say to everybody who may see them."""
    sent: Once = field(default_factory=Once)
    """Forms that were sent lately, so that one that is sent twice is carried out once."""

    def operator_may(self, token: str) -> bool:
        """Whether `token` is the one in the data folder."""
        return secrets.compare_digest(token.encode(), self.operator_token.encode())

    def stop(self) -> None:
        """Tell everything that waits to end."""
        self.stopping.set()
        self.hub.close()


def utc_now() -> datetime:
    """The clock of a real server."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_services(
    settings: Settings,
    folder: DataFolder | None = None,
    *,
    background: bool = True,
    clock: Clock = utc_now,
    hasher: PasswordHasher | None = None,
    demo: bool = False,
) -> AsyncIterator[Services]:
    """Hold the data folder, open what is in it, finish what an interruption left; close it all at the end.

    `folder`: the data folder, when the caller holds it already. `background`: whether what was accepted is applied
    and projected meanwhile; a single command leaves that to the next server. `hasher` sets other argon2 parameters
    than the default. Raises `FolderBusy`, `StorageError` (also where a file is missing, foreign or damaged).
    """
    folder = folder or DataFolder(settings.folder)
    async with AsyncExitStack() as stack:
        stack.enter_context(folder.held())
        id_ = await asyncio.to_thread(folder_check.check, settings.folder, ends=background)
        people = await stack.enter_async_context(open_accounts(settings.folder / FILE_NAME))
        log = await asyncio.to_thread(SqliteLogStore.open, settings.folder / LOG_FILE, quotas=settings.quotas)
        stack.push_async_callback(log.close)
        # In this order: once the accounts know the folder, the log does.
        await log.write(lambda c: folder_check.write_down(c, id_))
        await people.on_connection(lambda c: folder_check.write_down(c, id_))
        passwords = Passwords(hasher)
        stack.callback(passwords.close)
        wakeups, devices = Wakeups(), Devices()
        applier = Applier(log, wakeups)
        provisioning = Provisioning(log, wakeups, applier.appended)
        await provisioning.finish(clock())
        stack.push_async_callback(applier.close)
        if background:
            await applier.start()
        models = await stack.enter_async_context(
            open_database(settings.folder / read_models.FILE_NAME, schema=read_models.SCHEMA, tables=read_models.TABLES)
        )
        await models.on_connection(lambda c: folder_check.write_down(c, id_))
        workshop = Workshop()
        stack.callback(workshop.close)
        saver = Saver(log, workshop, applier.saved)
        stack.push_async_callback(saver.close)
        if background:
            saver.start()
        readings = Readings(log, workshop, applier.documents.get)
        materials = Materials(log, readings)
        projector = Projector(log, models, wakeups, readings, materials, clock)
        stack.push_async_callback(projector.close)
        stack.push_async_callback(materials.close)
        contact = settings.push_contact or url_of(settings)
        reminders = Reminders(settings.folder, projector, push_services(settings.push_services), contact, clock)
        stack.push_async_callback(reminders.close)
        if background:
            await reminders.start()
            projector.start()
        reached = reachable(settings)
        hub = SyncHub(
            log,
            AccountsDirectory(devices, clock),
            wakeups,
            applier.appended,
            server=f"intersession-server/{version('intersession-server')}",
            limits=EndpointLimits(SessionLimits(settings.max_frame_bytes), send_within=settings.send_timeout_seconds),
            origins=reached.sync_origins,
            clock=clock,
            expected=await devices.count_heard(clock() - COMES_BACK_WITHIN),
        )
        applier.spent = hub.spent
        stack.push_async_callback(hub.in_touch.close)
        if background:
            hub.in_touch.start()
        yield Services(
            settings=settings,
            clock=clock,
            reachable=reached,
            log=log,
            wakeups=wakeups,
            devices=devices,
            sign_in=SignIn(
                passwords,
                idle=timedelta(minutes=settings.idle_minutes),
                longest=timedelta(hours=settings.session_hours),
            ),
            operations=CommandRunner(
                provisioning,
                devices,
                passwords,
                clock,
                rebuild=projector.rebuild,
                # A single command applies what it wrote itself; rows that others left may have ended a process.
                wordings=Wordings(log, applier.catch_up if background else applier.recover),
            ),
            hub=hub,
            projector=projector,
            materials=materials,
            reminders=reminders,
            pairing_throttle=Throttle(PAIRING_TRIES, PAIRING_WINDOW),
            refused_reads=RefusedReads(),
            shown_codes=ShownCodes(),
            operator_token=tokens.token_from(secrets.token_bytes(tokens.TOKEN_BYTES)),
            demo=demo,
        )
