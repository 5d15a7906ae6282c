"""What the endpoint asks of accounts and the audit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from msgspec import Struct

from intersession_server.log.store import Reader
from intersession_server.log.submissions import ErasureDone, ErasureRequest


class Authenticated(Struct, frozen=True):
    """The device that a token belongs to. A revoked one may still connect, to hear `revoked`.

    `country` is where its practice is, if that says so.
    """

    account: UUID
    device: UUID
    country: str | None = None


class Directory(Protocol):
    """What the endpoint asks of accounts and the audit. Every method may raise `StorageError`."""

    async def authenticate(self, token: str) -> Authenticated | None:
        """The device with that token, revoked ones included; None where there is none."""

    async def labels(self, clients: Sequence[UUID]) -> dict[UUID, str]:
        """The clients' names."""

    async def heard(self, device: UUID) -> None:
        """The device has just been heard from."""

    async def still_here(self, devices: Sequence[UUID]) -> None:
        """These devices are connected, and so heard from all the time."""

    async def note_read(self, reader: Reader, stream: UUID, after: int, through: int) -> None:
        """Audit that rows of a client's stream go to somebody of the care team; durable when it returns."""

    async def note_purged(self, reader: Reader, stream: UUID, grant: UUID) -> None:
        """Audit that a device says it has deleted what it held."""

    async def keeps_erased(self, stream: UUID) -> bool:
        """Whether the practice whose client's stream this is has to keep what clients withdraw."""

    async def note_erased(self, request: ErasureRequest, done: ErasureDone) -> None:
        """Audit that a document was erased, once however often it is told; durable when it returns."""

    async def read_at(self, stream: UUID, done: ErasureDone) -> list[datetime]:
        """The moments at which rows of the erased document may have gone to the care team, oldest first.

        Each once; of more than 1,000 the newest. Rows that devices were sent count where a page had one of the
        document among them, or at least moved over its place. Pages of read models count where they were made of the
        log as far as the document's first row: they may have shown it, and what exactly they showed is not recorded.
        """
