"""A therapist's device: the clients they are assigned to, and what those share."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from intersession.aio import AsyncCaseloadCalls
from intersession.assessments.assessments import ClientAssessments
from intersession.care import comments
from intersession.care.assigning import ClientHomework
from intersession.care.comments import Notes
from intersession.care.episodes import Episodes
from intersession.care.goals import Goals
from intersession.care.plan import ClientPlan
from intersession.care.resources import ClientResources, LibraryResources
from intersession.care.sessions import ClientSessions
from intersession.care.templates import Templates
from intersession.care.topics import Topics
from intersession.device import Device
from intersession.documents import journal_rows
from intersession.documents.tables import clients_held, symptom_views
from intersession.inputs import checks
from intersession.models.devices import ClientSummary, Pairing
from intersession.models.found import Found
from intersession.models.measures import ScorePoint
from intersession.models.records import Comment, Entry
from intersession.models.symptoms import Point, Scale, SymptomLog
from intersession.pairing import pairing
from intersession.replica.replica import Replica
from intersession.replica.scope import ClientScope, LibraryScope, no_client
from intersession.scoring import measures
from intersession_schemas.documents.care.plan import scales_in
from intersession_schemas.documents.diary.symptoms import Number
from intersession_schemas.measures.brief import Brief, encode
from intersession_schemas.measures.signals.signal import Signal
from intersession_schemas.measures.together import Together
from intersession_schemas.streams import Audience


class Caseload(Device):
    """For a therapist's app. Open it with `Caseload.open(path)`; it reads from this device; `sync` and `live` bring
    what clients share. When an assignment ends, the client's data is deleted from this device at the next sync."""

    ROLE = "therapist"

    def __init__(self, replica: Replica) -> None:
        super().__init__(replica)
        library = LibraryScope(replica)
        self.templates = Templates(library)
        self.resources = LibraryResources(library)
        self.aio = AsyncCaseloadCalls(self, self.pair)

    def pair(self, url: str, code: str, *, timeout: float = 30.0) -> Pairing:
        """Connect this store to a practice, using a therapist's pairing code.

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

    def clients(self, *, limit: int | None = None, after: UUID | None = None) -> list[ClientSummary]:
        """All clients of this caseload, those who wrote most recently first.

        `limit` and `after` as in `Journal.entries`; a client of whom something arrives meanwhile comes first.
        """
        window = checks.listed(limit, after)
        with self._replica.reading() as store:
            return clients_held.clients(store, window)

    def client(self, id: UUID) -> Client:
        """One client, by the id that `clients` gives. Raises `NotFound`."""
        client = Client(self._replica, checks.uuid("id", id))
        client.summary()
        return client


class Client:
    """What one client shares, and what their care team does for them.

    Every call, including those of `plan`, `homework`, `assessments` and so on, raises `NotFound` once the assignment
    has ended.
    """

    def __init__(self, replica: Replica, id: UUID) -> None:
        self._replica = replica
        self.id = id
        self._scope = ClientScope(replica, id)
        self.plan = ClientPlan(self._scope)
        self.homework = ClientHomework(self._scope)
        self.goals = Goals(self._scope)
        self.resources = ClientResources(self._scope)
        self.assessments = ClientAssessments(self._scope)
        self.sessions = ClientSessions(self._scope)
        self.topics = Topics(self._scope)
        self.episodes = Episodes(self._scope)
        self.notes = Notes(ClientScope(replica, id, Audience.CHART), self._scope)

    def summary(self) -> ClientSummary:
        """Who the client is, and how much data is here."""
        with self._replica.reading() as store:
            found = clients_held.client(store, self.id)
        if found is None:
            raise no_client()
        return found

    @property
    def name(self) -> str:
        """The client's name, as the practice has it."""
        return self.summary().name

    def entries(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
        after: UUID | None = None,
    ) -> list[Entry]:
        """Journal entries, newest first by what they are about: from `since` up to but not including `until`.

        `limit` and `after` as in `Journal.entries`.
        """
        with self._replica.reading() as store:
            return journal_rows.entries(store, checks.window(since, until, limit, self._record(), after))

    def search(
        self,
        query: str,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 50,
        after: str | None = None,
    ) -> Found:
        """Find this client's entries that contain every word of `query`; everything else as in `Journal.search`."""
        words = checks.query(query)
        with self._replica.reading() as store:
            window = checks.page(since, until, limit, self._record())
            return journal_rows.find(store, words, window, checks.cursor(after))

    def series(
        self,
        name: str,
        *,
        scale: Scale | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[Point]:
        """The values of one symptom, newest first, all on one scale; see `Symptoms.series`."""
        return symptom_views.series(self._points(name, since, until), checks.one_scale(scale))

    def scales(
        self, name: str, *, since: datetime | None = None, until: datetime | None = None
    ) -> list[tuple[Number, Number] | None]:
        """The scales that a symptom was logged on, the newest value's first; None: without a scale."""
        return symptom_views.scales_of(self._points(name, since, until))

    def _points(self, name: str, since: datetime | None, until: datetime | None) -> list[Point]:
        with self._replica.reading() as store:
            window = checks.window(since, until, stream=self._record())
            return symptom_views.points(store, checks.text("name", name), window, scales_in(self._scope.agreed()))

    def names(self) -> list[str]:
        """The names of all symptoms ever logged, each as first spelled, sorted."""
        with self._replica.reading() as store:
            return symptom_views.names(store, self._record())

    def logs(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
        after: UUID | None = None,
    ) -> list[SymptomLog]:
        """Whole symptom logs, newest first: from `since` up to but not including `until`.

        `limit` and `after` as in `Journal.entries`.
        """
        with self._replica.reading() as store:
            return symptom_views.logs(store, checks.window(since, until, limit, self._record(), after))

    # -- measures ------------------------------------------------------------------------------------------------------

    def scores(self, scale: str | None = None) -> list[ScorePoint]:
        """Scores, newest first: all, those of an instrument ("phq-9"), or of one of its scales ("phq-9/total").

        Each is compared with the baseline of the open episode and with the last one before it.
        """
        return measures.scores(self._scope, scale)

    def signals(self, *, locale: str = "en") -> list[Signal]:
        """Signals as of now, from the data on this device: unacknowledged risk, then all others, each newest first."""
        return measures.signals(self._scope, locale)

    def acknowledge(self, signal: Signal | str, note: str = "") -> Signal:
        """Acknowledge a signal (or the one with that id), with a note on what was done.

        The signal remains, marked as acknowledged.

        Raises `NotFound`, `InvalidField`, `StoreFull`.
        """
        return measures.acknowledge(self._scope, signal, note)

    def brief(
        self,
        session: UUID | None = None,
        *,
        now: datetime | None = None,
        zone: str | None = None,
        locale: str = "en",
    ) -> Brief:
        """The brief for a session (None: for now): what has happened since the last attended session.

        It is made from the data on this device, without a network; its `cut` says as of when. `now` (aware) and `zone`
        default to this device's. From the same rows and the same cut, the server makes an identical brief. Raises
        `NotFound`.
        """
        return measures.brief(self._scope, session, now, zone, locale)

    def brief_bytes(
        self,
        session: UUID | None = None,
        *,
        now: datetime | None = None,
        zone: str | None = None,
        locale: str = "en",
    ) -> bytes:
        """The brief as canonical JSON: identical bytes whenever rows and cut are the same."""
        return encode(self.brief(session, now=now, zone=zone, locale=locale))

    def together(self, symptom: str, homework: UUID | None = None) -> Together:
        """Whether homework (all of it, or one assignment) and a symptom moved together, week by week, a week apart.

        Within this person alone, with every week and the number of pairs; never a word about causes. Raises
        `NotFound`, `InvalidField`.
        """
        return measures.together(self._scope, symptom, homework)

    # -- comments ------------------------------------------------------------------------------------------------------

    def comment(self, on: UUID, text: str) -> Comment:
        """Comment on a document in the client's record, by its id; the client can read it.

        Raises `NotFound`, `InvalidField`, `StoreFull`.
        """
        return comments.comment(self._scope, on, text)

    def comments(self, on: UUID, *, limit: int | None = None, after: UUID | None = None) -> list[Comment]:
        """Comments on a document in the record, newest first. Raises `NotFound`.

        `limit` and `after` as in `Journal.entries`.
        """
        return comments.comments(self._scope, on, limit, after)

    def _record(self) -> UUID:
        return UUID(bytes=self._scope.stream())
