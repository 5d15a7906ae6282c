"""What goes wrong, and what the operator does meanwhile: each method does one thing to some part of a fleet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from tests.simulation.nodes.access import Access
from tests.simulation.nodes.replica_node import ReplicaNode
from tests.simulation.nodes.server_node import ServerNode
from tests.simulation.people.practice import Practice
from tests.simulation.world import World

from intersession_schemas.streams import Audience, Role
from intersession_server.log import chain

YEARS = timedelta(days=3652)
WEEK = 7 * 86_400.0
RARE = 0.1
"""Of so many fleets the server's disk is damaged, or put back to an earlier state."""


class Faults:
    """Chance picks what, whom and for how long."""

    def __init__(self, world: World, server: ServerNode, practice: Practice, span: float) -> None:
        """`span`: seconds of trouble."""
        self.world = world
        self.server = server
        self.practice = practice
        self.span = span
        self.restored_at: float | None = None
        self.damaged: set[bytes] = set()
        """Hashes of the rows that the server's disk has damaged."""
        self._copies = 0
        self._backup: tuple[tuple[bytes | None, ...], Access] | None = None
        self._restores = world.random.random() < RARE
        self._damages = world.random.random() < RARE

    def happenings(self) -> list[tuple[float, Callable[[], None]]]:
        """What may happen, and how often."""
        return [
            (5, self.cut),
            (5, self.leave),
            (2, self.crash_device),
            (2, self.crash_server),
            (1, self.fill_device),
            (3, self.change_access),
            (0.4, self.revoke),
            (0.7, self.copy_device),
            (1, self.set_clock),
            (2, self.server.save),
            (8 if self._restores else 0, self.restore),
            (6 if self._damages else 0, self.damage_blob),
        ]

    def _any_node(self) -> ReplicaNode:
        return self.world.random.choice(self.practice.nodes)

    # --- the network ---

    def cut(self) -> None:
        node = self._any_node()
        if node.link is not None:
            self.world.note("cut", node.name)
            node.link.cut()

    def leave(self) -> None:
        """Off the network: for a moment, or for as long as a week."""
        node, chance = self._any_node(), self.world.random
        self.world.note(node.name, "leaves the network")
        self.world.counts["partitions"] += 1
        node.leave()
        self.world.later(min(WEEK, chance.uniform(0, self.span) ** chance.choice([0.5, 1.0])), node.come_back)

    # --- power, disks and clocks ---

    def crash_device(self) -> None:
        self._any_node().crash()

    def crash_server(self) -> None:
        if self.server.up:
            self.server.crash()
            self.world.later(self.world.random.uniform(0.1, 8), self.server.restart)

    def fill_device(self) -> None:
        node = self._any_node()
        self.world.note(node.name, "has a full disk")
        self.world.counts["full disks"] += 1
        node.fill(self.world.random.uniform(1, 30))

    def set_clock(self) -> None:
        """A device's clock is wrong by up to ten years, or right again; the server's by some minutes."""
        node, chance = self._any_node(), self.world.random
        if chance.random() < 0.2:
            self.server.off = timedelta(seconds=chance.uniform(-300, 300))
        else:
            node.off = chance.choice(
                [timedelta(0), YEARS * chance.uniform(-1, 1), timedelta(hours=chance.uniform(-2, 2))]
            )
            self.world.note(node.name, "has its clock set")
            self.world.counts["clocks set"] += 1

    def copy_device(self) -> None:
        """A store is copied as it lies there, and both go on: the same device, twice."""
        person = self.world.random.choice(self.practice.people)
        if not person.nodes or len(self.practice.nodes) >= 10:
            return
        self._copies += 1
        node = self.world.random.choice(person.nodes)
        if self.server.access.is_revoked(node.device):
            return
        twin = node.copy(f"{node.name}-copy{self._copies}")
        self.world.note(node.name, "is copied to", twin.name)
        self.world.counts["copied devices"] += 1
        person.nodes.append(twin)
        twin.dial()

    # --- the operator ---

    def change_access(self) -> None:
        """A grant ends, or is given again."""
        if not self.server.up or not self.practice.therapists:
            return
        chance = self.world.random
        therapist, client = chance.choice(self.practice.therapists), chance.choice(self.practice.clients)
        if self.practice.is_assigned(therapist, client):
            self.practice.unassign(therapist, client)
        else:
            self.practice.assign(therapist, client, chance.choice([Role.PRIMARY, Role.COVERING, Role.SUPERVISOR]))

    def revoke(self) -> None:
        """A device is revoked, but never the last one of a client."""
        person = self.world.random.choice(self.practice.people)
        left = {node.device for node in person.nodes if not self.server.access.is_revoked(node.device)}
        if self.server.up and (len(left) > 1 or (left and person.role == "therapist")):
            device = self.world.random.choice(sorted(left))
            self.practice.revoke(next(node for node in person.nodes if node.device == device))

    def restore(self) -> None:
        """The server is put back to an earlier state. The first time, that state is taken."""
        if not self.server.up:
            return
        if self._backup is None:
            self._backup = self.server.log.disk.read(), self.server.access.copy()
            return
        if self.restored_at is None:
            content, access = self._backup
            self.world.note("the server is put back to an earlier state")
            self.world.counts["restores"] += 1
            self.restored_at = self.world.now
            self.server.crash(content)
            self.server.access = access
            self.world.later(self.world.random.uniform(0.1, 8), self.server.restart)

    def damage_blob(self) -> None:
        """A bit of a vault's blob was flipped before the server made its sum: it serves it unknowingly.

        What it notices by itself, `tests/server/soundness` tries: that stream then stops.
        """
        if not self.server.up:
            return

        def flip(connection):  # type: ignore[no-untyped-def]
            rows = connection.execute(
                "SELECT r.stream, r.seq, r.document, d.kind, r.hash, r.author, r.device, r.received_at, r.change"
                " FROM rows r JOIN streams s ON s.id = r.stream JOIN documents d ON d.id = r.document"
                " WHERE s.audience = ? AND r.change IS NOT NULL ORDER BY r.stream, r.seq",
                (Audience.VAULT.value,),
            ).fetchall()
            if rows:
                *said, change = self.world.random.choice(rows)
                stream, seq, _, _, hash_, *_ = said
                at = self.world.random.randrange(len(change))
                bad = change[:at] + bytes([change[at] ^ 4]) + change[at + 1 :]
                made = (bad, chain.row_sum(*[*said, bad]), stream, seq)
                connection.execute("UPDATE rows SET change = ?, sum = ? WHERE stream = ? AND seq = ?", made)
                self.damaged.add(hash_)
                self.practice.tainted.add(UUID(bytes=stream))
                self.world.counts["damaged blobs"] += 1
                self.world.note("a stored blob is damaged")

        self.server.do(self.server.store.write(flip))
