"""Which devices are connected and in sync, written down now and then: "last sync" is when one was there last.

A connection may last for days. Its beginning and its end are noted as they come; in between, and so that a server that
is killed forgets little, all that are here are noted together: one statement every few minutes, however many there are.
"""

from __future__ import annotations

import asyncio
import contextlib
from uuid import UUID

import structlog

from intersession_server.errors import StorageError
from intersession_server.sync.directory import Directory

log = structlog.get_logger(__name__)

NOTED_EVERY = 300.0
"""Seconds: what "last sync" may lag behind of a device that is connected."""


class ConnectedDevices:
    """The devices that are connected to this process and have been told what there is."""

    def __init__(self, directory: Directory, every: float = NOTED_EVERY) -> None:
        self._directory = directory
        self._every = every
        self._here: dict[object, UUID] = {}
        self._task: asyncio.Task[None] | None = None

    def came(self, connection: object, device: UUID) -> None:
        """A device is here through this connection, until that has `left`."""
        self._here[connection] = device

    def left(self, connection: object) -> None:
        """The connection is over."""
        self._here.pop(connection, None)

    async def note(self) -> None:
        """Note that all who are here were heard from now. Raises `StorageError`."""
        if self._here:
            await self._directory.still_here(list(set(self._here.values())))

    def start(self) -> None:
        """Go on noting in the background."""
        self._task = asyncio.create_task(self._run(), name="in touch")

    async def close(self) -> None:
        """Stop."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            try:
                await self.note()
            except StorageError:
                log.warning("sync.last_heard_not_noted", what="Last sync is shown as it was; tried again later.")
