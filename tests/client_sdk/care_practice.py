"""A client with devices and a care team with theirs, without a network: what plans, homework and goals need."""

from __future__ import annotations

from uuid import UUID, uuid4

from msgspec.structs import replace
from tests.client_sdk.practice import Practice, replica_of

from intersession import Caseload, Client, Tracker
from intersession.device import Device
from intersession.models.devices import Pairing
from intersession.sync.exchange import Exchange
from intersession_schemas.crdt import Document
from intersession_schemas.documents.care.plan import PLAN, Plan
from intersession_schemas.messages import Accepted, Erase, Erased, Push, Rejected, Row, StreamOffer, Welcome
from intersession_schemas.streams import Audience, Role


class CarePractice(Practice):
    """A practice whose client has a plan, and that has a library and a chart; rows are their authors'."""

    def __init__(self) -> None:
        super().__init__()
        self.plan, self.chart, self.chart_grant, self.library = uuid4(), uuid4(), uuid4(), uuid4()
        self.author = UUID(int=0)
        self.authors: dict[int, UUID] = {}
        self.append(self.plan, "plan", PLAN.create(Document.new(bytes(16)), Plan()))

    def row(self, document: UUID, kind: str, data: bytes) -> Row:
        return replace(super().row(document, kind, data), author=self.author)

    def welcome(self, role: Role = Role.CLIENT) -> Welcome:
        welcome = super().welcome(role)
        if role is Role.CLIENT:
            return welcome
        (record,) = welcome.streams
        chart = replace(record, stream=self.chart, audience=Audience.CHART, grant=self.chart_grant, head=0)
        library = StreamOffer(self.library, Audience.LIBRARY, Role.THERAPIST, uuid4(), uuid4(), "Practice")
        return replace(welcome, streams=[record, chart, library])

    def enter(self, device: Device, role: Role = Role.CLIENT) -> Exchange:
        """Pair a device with this practice and give it what is there."""
        account = self.client if role is Role.CLIENT else uuid4()
        pairing = Pairing(
            "http://localhost:1", account, uuid4(), "Practice", device.ROLE, "Alma", share_by_default=True
        )
        with replica_of(device).reading() as store, store.transaction():
            store.set_meta("pairing", pairing)
        side = self.join(device, role)
        self.authors[id(side)] = account
        self.give(side)
        return side

    def take(self, side: Exchange, limit: int = 100) -> int:
        self.author = self.authors.get(id(side), self.client)
        return super().take(side, limit)

    def answer(self, frame: Push | Erase) -> Accepted | Rejected | Erased:
        if isinstance(frame, Push) and frame.stream in (self.chart, self.library):
            return Accepted(frame.id, 1)  # read by nobody here
        return super().answer(frame)

    def copy_of(self, document: UUID) -> Document:
        """A document as the log has it, for somebody else to write to."""
        return Document.load(b"".join(row.change for row in self.rows if row.document == document), uuid4().bytes)


class Care:
    """One client with a device, one therapist with one, both up to date."""

    def __init__(self, tracker: Tracker, caseload: Caseload) -> None:
        self.practice = CarePractice()
        self.tracker, self.caseload = tracker, caseload
        self.sides = [self.practice.enter(tracker), self.practice.enter(caseload, Role.PRIMARY)]

    @property
    def client(self) -> Client:
        return self.caseload.client(self.practice.client)

    def sync(self) -> None:
        self.practice.sync(*self.sides)

    def end_assignment(self) -> None:
        self.sides[1].purge(self.practice.stream, self.practice.grant)
