"""A therapist's device: the clients they are assigned to, as far as those share."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from intersession import checks
from intersession.aio import AsyncCalls
from intersession.device import Device
from intersession.errors import NotFound
from intersession.models import ClientSummary, Entry, Pairing, Point, SymptomLog
from intersession.replica import pairing, projections
from intersession.replica.replica import Replica
from intersession_schemas.streams import Audience


class Caseload(Device):
    """For a therapist's app. Open it with `Caseload.open(path)`; it reads from this device, and `sync` or `live`
    bring what clients share. When an assignment ends, its client's data leaves this device with the next contact."""

    ROLE = "therapist"

    def __init__(self, replica: Replica) -> None:
        super().__init__(replica)
        self.aio = AsyncCalls(self, self.pair)

    def pair(self, url: str, code: str, *, timeout: float = 30.0) -> Pairing:
        """Connect this store with a practice, using a therapist's pairing code.

        Raises `PairingRefused` (its `code` says why), `Unreachable`, `InvalidField` for an address that is not https,
        `StoreFull`.
        """
        return pairing.pair(
            self._replica,
            url,
            code,
            role=self.ROLE,
            share_by_default=False,
            share_earlier_too=False,
            timeout=timeout,
        )

    def clients(self) -> list[ClientSummary]:
        """All clients of this caseload, those heard from most recently first."""
        with self._replica.reading() as store:
            found = projections.clients(store)
        return sorted(found, key=lambda one: (one.last_arrived_at is None, _before(one.last_arrived_at), one.name))

    def client(self, id: UUID) -> Client:
        """One client, by the id that `clients` gives. Raises `NotFound`."""
        client = Client(self._replica, checks.uuid("id", id))
        client.summary()
        return client


def _before(at: datetime | None) -> float:
    """Sorts later moments first."""
    return 0.0 if at is None else -at.timestamp()


class Client:
    """What one client shares. Every call raises `NotFound` once the assignment has ended."""

    def __init__(self, replica: Replica, id: UUID) -> None:
        self._replica = replica
        self.id = id

    def summary(self) -> ClientSummary:
        """Who this is, and how much is here."""
        with self._replica.reading() as store:
            found = [one for one in projections.clients(store) if one.id == self.id]
        if not found:
            raise _no_client()
        return found[0]

    @property
    def name(self) -> str:
        """The client's name, as the practice has it."""
        return self.summary().name

    def entries(
        self, *, since: datetime | None = None, until: datetime | None = None, limit: int | None = None
    ) -> list[Entry]:
        """Journal entries, newest first by what they are about: from `since` up to but not including `until`."""
        with self._replica.reading() as store:
            return projections.entries(store, checks.window(since, until, limit, self._record()))

    def series(self, name: str, *, since: datetime | None = None, until: datetime | None = None) -> list[Point]:
        """The values of one symptom, newest first: from `since` up to but not including `until`."""
        with self._replica.reading() as store:
            window = checks.window(since, until, stream=self._record())
            return projections.series(store, checks.text("name", name), window)

    def names(self) -> list[str]:
        """The names of all symptoms that were ever noted, sorted."""
        with self._replica.reading() as store:
            return projections.names(store, self._record())

    def logs(
        self, *, since: datetime | None = None, until: datetime | None = None, limit: int | None = None
    ) -> list[SymptomLog]:
        """Whole symptom logs, newest first: from `since` up to but not including `until`."""
        with self._replica.reading() as store:
            return projections.logs(store, checks.window(since, until, limit, self._record()))

    def _record(self) -> UUID:
        row = self._replica.store.one(
            "SELECT id FROM streams WHERE client = ? AND audience = ?", self.id.bytes, Audience.RECORD.value
        )
        if row is None:
            raise _no_client()
        return UUID(bytes=row[0])


def _no_client() -> NotFound:
    return NotFound("There is no client with that id in this caseload; the assignment may have ended.")
