"""One run: a practice's devices write, break and come back; then the world heals and must be whole.

python -m tests.simulation.fleet SEED      plays one run again and prints what happened
"""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from unittest.mock import patch
from uuid import UUID

from tests.simulation.replica_node import ReplicaNode
from tests.simulation.server_node import ServerNode
from tests.simulation.world import Link, World

from intersession import Caseload
from intersession.pairing.redeeming import PairingReply
from intersession_schemas import codec, crdt
from intersession_schemas.documents.diary import symptoms
from intersession_schemas.errors import RefusalCode
from intersession_schemas.messages import Accepted, Have, Hello, Push, Rows, RowType, Snapshot, StreamCursor
from intersession_schemas.streams import Audience, Role

TROUBLE = 60.0
"""Seconds of writing and breaking."""
HEALING = 600.0
"""Seconds that the healed world may take until all is exchanged."""
ACTIONS = 36


class Fleet:
    """A client with two devices, their therapist, another client, and somebody who may read nothing."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.world = world = World(seed)
        self.server = ServerNode(world)
        self.client, self.other_client, self.therapist, self.outsider = (self._id() for _ in range(4))
        self.record, self.other_record = self._id(), self._id()
        self.assignment = self._id()
        self._provide()
        self.phone = self._node("phone", folder, self.client, "client")
        self.laptop = self._node("laptop", folder, self.client, "client")
        self.stranger = self._node("stranger", folder, self.other_client, "client")
        self.office = self._node("office", folder, self.therapist, "therapist")
        self.nodes = [self.phone, self.laptop, self.stranger, self.office]
        self.intruder = Intruder(world, self.server, self.outsider, self._id(), self.record)
        self.markers: dict[str, UUID] = {}
        self.logs: set[UUID] = set()
        self.withdrawn: set[UUID] = set()
        self._number = 0

    def _id(self) -> UUID:
        return UUID(bytes=self.world.random.randbytes(16), version=4)

    def _provide(self) -> None:
        store, at = self.server.store, self.world.datetime()
        practice = self._id()
        for record, client in ((self.record, self.client), (self.other_record, self.other_client)):
            store.create_stream(record, Audience.RECORD, practice, client, at)
            store.grant(self._id(), record, client, Role.CLIENT, at)
        store.grant(self.assignment, self.record, self.therapist, Role.PRIMARY, at)

    def _node(self, name: str, folder: Path, account: UUID, role: str) -> ReplicaNode:
        device = self._id()
        node = ReplicaNode(self.world, self.server, name, folder, account, device, role)
        reply = PairingReply("token", account, device, role, "practice", name)  # type: ignore[arg-type]
        with patch("intersession.pairing.redeeming.redeem", lambda *_, **__: reply):
            if isinstance(node.face, Caseload):
                node.face.pair("http://localhost", "code")
            else:
                node.face.pair("http://localhost", "code", share_by_default=True)
        return node

    # --- what happens ---

    def run(self) -> None:
        """Trouble first, then healing."""
        world, chance = self.world, self.world.random
        for node in self.nodes:
            world.later(chance.uniform(0, 5), node.connect)
        self.intruder.start()
        doings: list[Callable[[], None]] = [
            self._write, self._write, self._edit, self._edit, self._edit, self._log, self._cut, self._leave,
            self._crash_replica, self._crash_server, self._change_access, self._withdraw,
        ]  # fmt: skip
        weights = [4, 4, 6, 6, 6, 6, 4, 4, 2, 1, 2, 3]
        for _ in range(ACTIONS):
            world.later(chance.uniform(0, TROUBLE), chance.choices(doings, weights)[0])
        world.run(TROUBLE)
        world.note("--- healing ---")
        self.server.restart()
        for node in self.nodes:
            node.steady = True
            node.connect()
        world.run(TROUBLE + HEALING)

    def _writer(self) -> ReplicaNode:
        return self.world.random.choice([self.phone, self.laptop, self.phone, self.laptop, self.stranger])

    def _marker(self) -> str:
        self._number += 1
        return f"m{self._number}x"

    def _write(self) -> None:
        node, marker = self._writer(), self._marker()
        entry = node.tracker.journal.write(f"{marker} and some words", at=self.world.datetime())
        if node is not self.stranger:
            self.markers[marker] = entry.id
        self.world.note(node.name, "writes", marker)

    def _edit(self) -> None:
        node = self.world.random.choice([self.phone, self.laptop])
        entries = node.tracker.journal.entries()
        if not entries:
            return
        entry, marker = self.world.random.choice(entries), self._marker()
        at = self.world.random.randint(0, len(entry.text))
        while 0 < at < len(entry.text) and entry.text[at - 1] != " ":
            at -= 1  # never inside a marker
        node.tracker.journal.edit(entry.id, text=f"{entry.text[:at]}{marker} {entry.text[at:]}")
        self.markers[marker] = entry.id
        self.world.note(node.name, "edits", marker)

    def _log(self) -> None:
        node = self.world.random.choice([self.phone, self.laptop])
        log = node.tracker.symptoms.log({"worry": self.world.random.randint(1, 5)}, at=self.world.datetime())
        self.logs.add(log.id)
        self.world.note(node.name, "logs")

    def _withdraw(self) -> None:
        node = self.world.random.choice([self.phone, self.laptop])
        entries = node.tracker.journal.entries()
        if entries:
            entry = self.world.random.choice(entries)
            node.tracker.journal.withdraw(entry.id)
            self.withdrawn.add(entry.id)
            self.world.note(node.name, "withdraws", *[m for m, id_ in self.markers.items() if id_ == entry.id])

    def _cut(self) -> None:
        node = self.world.random.choice(self.nodes)
        if node._link is not None:
            self.world.note("cut", node.name)
            node._link.cut()

    def _leave(self) -> None:
        node = self.world.random.choice(self.nodes)
        self.world.note(node.name, "leaves the network")
        node.disconnect()
        self.world.later(self.world.random.uniform(0.1, 20), node.connect)

    def _crash_replica(self) -> None:
        node = self.world.random.choice(self.nodes)
        node.crash()
        self.world.soon(node.connect, 5.0)

    def _crash_server(self) -> None:
        if self.server.up:
            self.server.crash()
            self.world.later(self.world.random.uniform(0.1, 8), self.server.restart)

    def _change_access(self) -> None:
        store, at = self.server.store, self.world.datetime()
        if self.assigned:
            store.end_grants(self.record, self.therapist, at)
        else:
            store.grant(self._id(), self.record, self.therapist, Role.COVERING, at)
        self.world.note("assigned" if self.assigned else "unassigned")
        self.server.access_changed(self.therapist)

    @property
    def assigned(self) -> bool:
        grants = self.server.store.grants_of(self.record)
        return any(grant.account == self.therapist and grant.until is None for grant in grants)

    # --- what must hold ---

    def violations(self) -> list[str]:
        """What is wrong with the healed world; nothing, if all is well."""
        found = [*self.server.leaks, *self.intruder.prey]
        rows = self.server.store.stream_rows(self.record, 0, 1_000_000)
        logged = Counter((row.document, row.hash) for row in rows)
        found += [f"a change is in the log {times} times" for times in logged.values() if times > 1]
        there = {(row.document, row.hash) for row in rows if row.type is RowType.CHANGE and row.change}
        erasures = [row.document for row in rows if row.type is RowType.ERASURE]
        # What never left its device needs no erasure.
        sent = self.withdrawn.intersection(row.document for row in rows)
        if sorted(erasures) != sorted(sent) or sent.intersection(id_ for id_, _ in there):
            found.append("what was withdrawn is not what was erased")
        for node in self.nodes:
            status = node.face.status()
            if not node.caught_up or status.pending:
                found.append(f"{node.name} is not caught up, {status.pending} pending")
            found += [
                f"{node.name}: an edit was refused as {refusal.code}"
                for refusal in status.refusals
                if refusal.code != RefusalCode.ERASED or refusal.document not in self.withdrawn
            ]
        for node in (self.phone, self.laptop):
            lost = node.settled.difference(logged)
            if lost:
                found.append(f"{len(lost)} changes of {node.name} were accepted and are not in the log")
            if _changes(node) != there:
                found.append(f"{node.name} holds other changes than the log")
            found += self._missing(node)
        if _entries(self.phone) != _entries(self.laptop):
            found.append("the client's devices differ")
        if self.assigned and _changes(self.office) != there:
            found.append("the therapist holds other changes than the log")
        if not self.assigned and _changes(self.office):
            found.append("the therapist still holds what they may not read any more")
        return found

    def _missing(self, node: ReplicaNode) -> list[str]:
        texts = {entry.id: entry.text for entry in node.tracker.journal.entries()}
        found = [
            f"{marker} is lost on {node.name}"
            for marker, id_ in self.markers.items()
            if id_ not in self.withdrawn and marker not in texts.get(id_, "")
        ]
        found += [f"what was withdrawn is still on {node.name}"] * bool(self.withdrawn.intersection(texts))
        lost = self.logs.difference(log.id for log in node.tracker.symptoms.logs())
        return found + [f"{len(lost)} symptom logs are lost on {node.name}"] * bool(lost)

    def close(self) -> None:
        """Close the stores."""
        for node in self.nodes:
            node.face.close()


class Intruder:
    """A therapist of the practice who is not assigned: asks for a record it knows the id of, and writes into it."""

    def __init__(self, world: World, server: ServerNode, account: UUID, device: UUID, record: UUID) -> None:
        self.world = world
        self.prey: list[str] = []
        self._server, self._account, self._device, self._record = server, account, device, record

    def start(self) -> None:
        """Try it at some moment, with a server that is up."""
        self.world.later(self.world.random.uniform(1, TROUBLE), self._try)

    def _try(self) -> None:
        if not self._server.up:
            self.start()
            return
        link = Link(
            self.world,
            up=lambda data: self._server.hear(served, data),
            down=self._hear,
            ended=[lambda: self._server.lost(served)],
        )
        served = self._server.accept(link, self._account, self._device)
        document, random = UUID(bytes=self.world.random.randbytes(16), version=4), self.world.random
        change = symptoms.create(crdt.Document.new(random.randbytes(16)), "2026-03")
        for frame in (
            Hello(protocol=(1, 1), replica=document, streams=[StreamCursor(self._record, 1)]),
            Push(1, self._record, document, "symptom_log", [change]),
            Have(self._record, document, [bytes(32)]),
        ):
            self.world.later(random.uniform(1, 3), lambda frame=frame: link.up.send(codec.encode(frame)))  # type: ignore[misc]

    def _hear(self, data: bytes) -> None:
        frame = codec.decode_down(data)
        if isinstance(frame, Rows | Snapshot):
            self.prey.append(f"somebody without a grant was sent {type(frame).__name__}")
        if isinstance(frame, Accepted):
            self.prey.append("a push of somebody without a grant was accepted")


def _changes(node: ReplicaNode) -> set[tuple[UUID, bytes]]:
    sql = "SELECT d.id, c.hash FROM changes c JOIN documents d ON d.position = c.document"
    with node.face._replica.reading() as store:
        return {(UUID(bytes=document), hash_) for document, hash_ in store.all(sql)}


def _entries(node: ReplicaNode) -> dict[UUID, str]:
    return {entry.id: entry.text for entry in node.tracker.journal.entries()}


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Ids and actors, which the SDK draws from the system, from a seed as well."""
    chance = Random(f"ids of {seed}")
    with patch.object(os, "urandom", chance.randbytes), patch.object(secrets, "token_bytes", chance.randbytes):
        yield


def play(seed: int) -> tuple[list[str], World]:
    """One run; its violations, and its world with the transcript."""
    with seeded(seed), tempfile.TemporaryDirectory(prefix="fleet-") as folder:
        fleet = Fleet(seed, Path(folder))
        try:
            fleet.run()
            return fleet.violations(), fleet.world
        finally:
            fleet.close()


def main() -> None:
    """Play the seed on the command line."""
    violations, world = play(int(sys.argv[1]))
    sys.stdout.write("\n".join([*world.transcript, f"violations: {violations or 'none'}", ""]))
    sys.exit(bool(violations))


if __name__ == "__main__":
    main()
