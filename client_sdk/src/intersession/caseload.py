"""A therapist's device: the clients they are assigned to, as far as those share."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from intersession import checks, comments
from intersession.aio import AsyncCalls
from intersession.assigning import ClientHomework
from intersession.comments import Notes
from intersession.device import Device
from intersession.goals import Goals
from intersession.models import ClientSummary, Comment, Entry, Pairing, Point, SymptomLog
from intersession.places import ClientPlace, LibraryPlace, no_client
from intersession.plan import ClientPlan
from intersession.replica import pairing, projections
from intersession.replica.replica import Replica
from intersession.resources import ClientResources, LibraryResources
from intersession.templates import Templates
from intersession_schemas.streams import Audience


class Caseload(Device):
    """For a therapist's app. Open it with `Caseload.open(path)`; it reads from this device, and `sync` or `live`
    bring what clients share. When an assignment ends, its client's data leaves this device with the next contact."""

    ROLE = "therapist"

    def __init__(self, replica: Replica) -> None:
        super().__init__(replica)
        library = LibraryPlace(replica)
        self.templates = Templates(library)
        self.resources = LibraryResources(library)
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
    """What one client shares, and what their care team does for them.

    Every call, those of `plan`, `homework`, `goals`, `resources` and `notes` included, raises `NotFound` once the
    assignment has ended.
    """

    def __init__(self, replica: Replica, id: UUID) -> None:
        self._replica = replica
        self.id = id
        self._place = ClientPlace(replica, id)
        self.plan = ClientPlan(self._place)
        self.homework = ClientHomework(self._place)
        self.goals = Goals(self._place)
        self.resources = ClientResources(self._place)
        self.notes = Notes(ClientPlace(replica, id, Audience.CHART), self._place)

    def summary(self) -> ClientSummary:
        """Who this is, and how much is here."""
        with self._replica.reading() as store:
            found = [one for one in projections.clients(store) if one.id == self.id]
        if not found:
            raise no_client()
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

    def comment(self, on: UUID, text: str) -> Comment:
        """Say something on a document of the client's record, by its id; the client reads it. Encouragement is one.

        Raises `NotFound`, `InvalidField`, `StoreFull`.
        """
        return comments.comment(self._place, on, text)

    def comments(self, on: UUID) -> list[Comment]:
        """What was said on a document of the record, newest first. Raises `NotFound`."""
        return comments.comments(self._place, on)

    def _record(self) -> UUID:
        return UUID(bytes=self._place.stream())
