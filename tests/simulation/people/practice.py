"""A practice: clients with their streams and devices, their care team, and what the operator does."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from tests.disclosure.sentences import Sentence, planted_sentence
from tests.simulation.nodes.replica_node import ReplicaNode
from tests.simulation.nodes.server_node import ServerNode
from tests.simulation.world import World

from intersession_schemas.changes import read_change
from intersession_schemas.streams import Audience, Kind, Role
from intersession_server.accounts.provisioning import first_plan_change

PASSPHRASE = "mulberry lantern quietly"
NOTHING = UUID(int=0)


@dataclass(eq=False)
class Person:
    """An account with its devices."""

    name: str
    account: UUID
    role: str
    nodes: list[ReplicaNode] = field(default_factory=list)


@dataclass(eq=False)
class Client(Person):
    """A client, their streams, and the sentences that are looked for.

    `private` is never said to anybody else, `erased` only until it is withdrawn.
    """

    record: UUID = NOTHING
    vault: UUID = NOTHING
    chart: UUID = NOTHING
    private: Sentence = field(default_factory=lambda: Sentence(""))
    erased: Sentence = field(default_factory=lambda: Sentence(""))
    withdrawn: dict[UUID, ReplicaNode] = field(default_factory=dict)
    """Documents and symptom logs that they have withdrawn, and on which device."""
    given_up: set[UUID] = field(default_factory=set)
    """These, those that they were withdrawing when power was lost, and private ones that they have shared a copy of."""


class Practice:
    """Who there is. What the operator does is done on the server and in the world's own register."""

    def __init__(self, world: World, server: ServerNode) -> None:
        self.world = world
        self.server = server
        self.id = self.new_id()
        self.library = self.new_id()
        self.clients: list[Client] = []
        self.therapists: list[Person] = []
        self.tainted: set[UUID] = set()
        """Streams of which the server's disk has damaged a row."""
        server.do(server.store.create_stream(self.library, Audience.LIBRARY, self.id, None, world.datetime()))

    def new_id(self) -> UUID:
        """An id of this world."""
        return UUID(bytes=self.world.random.randbytes(16), version=4)

    @property
    def people(self) -> list[Person]:
        """Everybody."""
        return [*self.clients, *self.therapists]

    @property
    def nodes(self) -> list[ReplicaNode]:
        """All devices."""
        return [node for person in self.people for node in person.nodes]

    def add_client(self) -> Client:
        """A new client with a record, a vault, a chart and a plan."""
        number, at = len(self.clients), self.world.datetime()
        record, vault, chart = self.new_id(), self.new_id(), self.new_id()
        client = Client(f"client{number}", self.new_id(), "client", [], record, vault, chart)
        client.private = planted_sentence(f"private {self.world.seed} {number}")
        client.erased = planted_sentence(f"erased {self.world.seed} {number}")
        server, store = self.server, self.server.store
        for stream, audience in ((record, Audience.RECORD), (vault, Audience.VAULT), (chart, Audience.CHART)):
            server.do(store.create_stream(stream, audience, self.id, client.account, at))
        for stream in (record, vault):
            self._grant(client.account, stream, Role.CLIENT)
        plan = read_change(first_plan_change(self.world.random.randbytes(16)))
        server.do(store.found(record, self.new_id(), Kind.PLAN.value, [plan], at))
        server._apply()
        self.clients.append(client)
        return client

    def add_therapist(self) -> Person:
        """A new therapist, who is assigned to nobody."""
        therapist = Person(f"therapist{len(self.therapists)}", self.new_id(), "therapist")
        self._grant(therapist.account, self.library, Role.THERAPIST)
        self.therapists.append(therapist)
        return therapist

    def _grant(self, account: UUID, stream: UUID, role: Role) -> None:
        self.server.do(self.server.store.grant(self.new_id(), stream, account, role, self.server.clock()))
        self.server.access.begin(account, stream)

    def assign(self, therapist: Person, client: Client, role: Role) -> None:
        """From now on the therapist reads the client's record and chart."""
        self.world.note(therapist.name, "is assigned to", client.name)
        for stream in (client.record, client.chart):
            self._grant(therapist.account, stream, role)
        self.server.access_changed(therapist.account)

    def unassign(self, therapist: Person, client: Client) -> None:
        """From now on they do not."""
        self.world.note(therapist.name, "is not assigned to", client.name, "any more")
        self.world.counts["grants ended"] += 1
        for stream in (client.record, client.chart):
            self.server.do(self.server.store.end_grants(stream, therapist.account, self.server.clock()))
            self.server.access.end(therapist.account, stream, self.world.now)
        self.server.access_changed(therapist.account)

    def is_assigned(self, therapist: Person, client: Client) -> bool:
        """Whether the therapist may read the client's record."""
        return self.server.access.may_read(therapist.account, NOTHING, client.record)

    def revoke(self, node: ReplicaNode) -> None:
        """The device is lost, or its owner has gone: it gets nothing any more."""
        self.world.note(node.name, "is revoked")
        self.world.counts["revocations"] += 1
        self.server.do(self.server.store.revoke_device(node.device, self.server.clock()))
        self.server.access.revoke(node.device, self.world.now)
        self.server.access_changed(node.account)
