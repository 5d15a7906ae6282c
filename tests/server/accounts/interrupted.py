"""A log store that writes down who may read what it was told, and fails when it is told to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from intersession_schemas.changes import Change
from intersession_schemas.streams import Audience, Role
from intersession_server.log.store import Grant, LogStore, StorageFailed


class InterruptedLog:
    """Stands before a real store. `fail_at(n)` lets the n-th change from now (1, 2, …) fail, before it is made."""

    def __init__(self, store: LogStore) -> None:
        self._store = store
        self._left: int | None = None
        self.changes: list[str] = []

    def fail_at(self, number: int | None) -> None:
        self._left = number

    def _change(self, what: str) -> None:
        if self._left is not None:
            self._left -= 1
            if self._left == 0:
                self._left = None
                raise StorageFailed("The disk is full.")
        self.changes.append(what)

    async def create_stream(
        self, id: UUID, audience: Audience, practice: UUID, client: UUID | None, at: datetime
    ) -> None:
        self._change(f"stream {audience}")
        await self._store.create_stream(id, audience, practice, client, at)

    async def grant(self, id: UUID, stream: UUID, account: UUID, role: Role, at: datetime) -> None:
        self._change(f"grant {role}")
        await self._store.grant(id, stream, account, role, at)

    async def found(self, stream: UUID, document: UUID, kind: str, changes: Sequence[Change], at: datetime) -> bool:
        self._change(f"found {kind}")
        return await self._store.found(stream, document, kind, changes, at)

    async def end_grants(self, stream: UUID, account: UUID, at: datetime) -> list[Grant]:
        self._change("end")
        return await self._store.end_grants(stream, account, at)

    async def revoke_device(self, device: UUID, at: datetime) -> None:
        self._change("revoke")
        await self._store.revoke_device(device, at)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)
