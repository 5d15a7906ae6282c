"""One run: a practice's devices write, break and come back; then the world heals and must be whole.

python -m tests.simulation.campaign --seed SEED --trace      plays one run again and prints what happened
"""

from __future__ import annotations

import gc
import os
import secrets
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random
from unittest.mock import patch

from tests.simulation.disclosed import disclosed
from tests.simulation.faults import Faults
from tests.simulation.nodes.log import Disk, empty_log
from tests.simulation.nodes.replica_node import PowerLost, ReplicaNode
from tests.simulation.nodes.server_node import ServerNode
from tests.simulation.oracles import Oracles
from tests.simulation.people.clients import ClientHand, Kept, take_back
from tests.simulation.people.intruder import Intruder
from tests.simulation.people.practice import PASSPHRASE, Person, Practice
from tests.simulation.people.therapists import TherapistHand
from tests.simulation.world import World

from intersession import Tracker
from intersession.documents import applying as device_applying
from intersession.documents import sealed
from intersession.errors import IntersessionError, VaultLocked
from intersession.replica import replica
from intersession.replica.replica import Replica
from intersession.sealing import sealing
from intersession_schemas.streams import Role
from intersession_server.log import applier, applying, writer
from intersession_server.log.saved import making, saver

SPANS: Mapping[float, float] = {60.0: 6, 1_000.0: 3, 86_400.0: 2, 14 * 86_400.0: 1}
"""Seconds of writing and breaking, and how often they are so many."""
LENGTHS: Mapping[float, float] = {4: 6, 8: 4, 20: 1, 80: 0.08}
"""How much is done in that time."""
DEVICES: Mapping[float, float] = {2: 5, 3: 5, 4: 2, 5: 1, 6: 0.5, 8: 0.3}
HEALING = 900.0
"""Seconds that the healed world may take until all is exchanged."""
SEARCHED_EVERY = 8
"""In one of so many runs everything that others hold and were sent is searched for what is not theirs."""
PROJECTED_EVERY = 10
"""In one of so many runs the server keeps read models."""
ANEW = 0.25
"""In how many runs everybody has one more device in the end."""
CUT_SHORT = 0.02
"""How many acts are the last one before a device loses power, in the middle of it."""


@dataclass
class Outcome:
    """What became of a run."""

    seed: int
    violations: list[str]
    counts: Counter[str]
    transcript: list[str]
    fingerprint: str
    trace: list[str] = field(default_factory=list)


def _weighted(chance: Random, weights: Mapping[float, float]) -> float:
    return chance.choices(list(weights), list(weights.values()))[0]


class Fleet:
    """Clients with several devices, their care team, and somebody who may read nothing."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.world = world = World(seed)
        self.folder = folder
        self.server = ServerNode(world, folder, templates()[1])
        self.practice = Practice(world, self.server)
        self.kept = Kept()
        chance = world.random
        self.searched = seed % SEARCHED_EVERY == 0
        if self.searched:
            self.server.frames = []
        if seed % PROJECTED_EVERY == PROJECTED_EVERY // 2:
            self.server.project(folder)
        self.server.keeps = chance.random() < 0.1
        devices = int(_weighted(chance, DEVICES))
        self.span = _weighted(chance, SPANS)
        self.length = int(_weighted(chance, LENGTHS))
        for _ in range(max(1, min(3, devices // 3))):
            self.practice.add_client()
        for _ in range(1 + (devices > 5)):
            self.practice.add_therapist()
        people: list[Person] = self.practice.people
        for number in range(max(devices, len(people))):
            person = people[number] if number < len(people) else chance.choice(people)
            self.add_device(person)
        for therapist in self.practice.therapists:
            for client in self.practice.clients:
                if chance.random() < 0.8:
                    self.practice.assign(therapist, client, Role.PRIMARY)
        self.faults = Faults(world, self.server, self.practice, self.span)
        self.intruder = Intruder(self.practice, self.span)
        self.oracles = Oracles(self.practice, self.kept, self.faults)

    def add_device(self, person: Person) -> ReplicaNode:
        """Another device of somebody, with an empty store, paired."""
        name = f"{person.name}-device{len(person.nodes)}"
        path, device = self.folder / f"{name}.db", self.practice.new_id()
        node = ReplicaNode(self.world, self.server, name, path, person.account, device, person.role, templates()[0])
        node.pair(share_by_default=self.world.random.random() < 0.8)
        person.nodes.append(node)
        return node

    def close(self) -> None:
        """Let go of all files."""
        for node in self.practice.nodes:
            node.close()
        self.server.close()

    # --- what happens ---

    def run(self) -> None:
        """Trouble first, then healing."""
        world, chance = self.world, self.world.random
        for node in self.practice.nodes:
            world.later(chance.uniform(0, 5), node.dial)
        self.intruder.start()
        happenings = self.faults.happenings()
        what, often = [act for _, act in happenings], [weight for weight, _ in happenings]
        for _ in range(self.length):
            world.later(chance.uniform(0, self.span), self._act)
            if chance.random() < 0.7:
                world.later(chance.uniform(0, self.span), chance.choices(what, often)[0])
        world.run(self.span)
        self._heal()
        world.run(self.span + HEALING)
        for person in self.practice.people if chance.random() < ANEW else ():
            # A device that has nothing yet: what it makes of the log anew is to be what the others have made by and by.
            self.add_device(person).dial()
        world.run(self.span + 2 * HEALING)
        for number in (3, 4):  # the second time for what was put into the vault by the first, under another key
            self._unlock()
            world.run(self.span + number * HEALING)

    def _unlock(self) -> None:
        """What is in a vault can be compared where it is open."""
        for client in self.practice.clients:
            for node in client.nodes:
                status = node.tracker.vault.status()
                if status.state == "locked" or status.waiting:  # or two devices have made a vault each
                    with suppress(VaultLocked):  # where no key has come; the oracles tell whether one should have
                        node.tracker.vault.unlock(PASSPHRASE)

    def _heal(self) -> None:
        world = self.world
        world.note("--- healing ---")
        world.calm = True
        self.server.restart()
        for client, document in self.kept.to_withdraw:
            take_back(client, document)
        for node in self.practice.nodes:
            node.free()
            if node.link is None or world.random.random() < 0.5:
                node.hang_up()
            else:
                node.link.clear_up()  # what its session waits for has to come, too
            node.come_back()

    def _act(self) -> None:
        chance = self.world.random
        person = chance.choice([*self.practice.clients, *self.practice.clients, *self.practice.therapists])
        node = chance.choice(person.nodes)
        hand: ClientHand | TherapistHand
        if person.role == "client":
            client = next(one for one in self.practice.clients if one is person)
            hand = ClientHand(self.world, client, node, self.kept)
        else:
            hand = TherapistHand(self.world, person, node, self.kept)
        acts = hand.acts()
        act = chance.choices([act for _, act in acts], [weight for weight, _ in acts])[0]
        self.world.note(node.name, getattr(act, "__name__", "writes"))
        self.world.counts["acts"] += 1
        with ExitStack() as stack:
            stack.enter_context(suppress(IntersessionError))
            if self.world.strikes(CUT_SHORT):
                stack.enter_context(node.power_lasts(chance.randrange(30)))
            self._powered(node, act)

    def _powered(self, node: ReplicaNode, act: Callable[[], object]) -> None:
        try:
            act()
        except PowerLost:
            node.crash()
        except IntersessionError as refused:
            self.world.note(node.name, "may not:", refused.code)


@cache
def templates() -> tuple[tuple[bytes | None, ...], tuple[bytes | None, ...]]:
    """A store and a log that were just made: making them takes longer than all the rest of a short run."""
    with tempfile.TemporaryDirectory(prefix="templates-", dir=fast_folder()) as folder:
        path = Path(folder) / "store.db"
        Tracker.open(path).close()
        return Disk(path).read(), empty_log(Path(folder))


def fast_folder() -> str | None:
    """Where files cost least: power cuts are the world's own, so nothing here has to reach a disk."""
    return "/dev/shm" if Path("/dev/shm").is_dir() and os.access("/dev/shm", os.W_OK) else None


async def _no_pause(_: object) -> None:
    """Nobody else is on the loop."""


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Ids and actors, which the SDK draws from the system, from a seed as well; what is costly on purpose is cheap."""
    chance = Random(f"ids of {seed}")
    with ExitStack() as stack:
        for module, name, value in (
            (os, "urandom", chance.randbytes),
            (secrets, "token_bytes", chance.randbytes),
            (sealing, "WORK", sealing.Work(memory=8, passes=1, lanes=1)),
            (sealed, "MOST_BLOBS", 3),
            (applying, "MANY_CHANGES", 4),
            (device_applying, "AT_ONCE", 3),
            (replica, "AT_ONCE", 1),
            (Replica, "_apply_the_rest", lambda _: None),  # its node does
            (making, "LEAST_CHANGES", 2),
            (saver, "AT_REST", timedelta(0)),
            (writer, "GROUP_SECONDS", float("inf")),  # by the real clock no run would be like another
            (applier._Watch, "give_way", _no_pause),
        ):
            stack.enter_context(patch.object(module, name, value))
        yield


@contextmanager
def _uncollected() -> Iterator[None]:
    """A run is over before its garbage is worth looking for."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def play(seed: int) -> Outcome:
    """One run, from its number."""
    templates()
    with seeded(seed), _uncollected(), tempfile.TemporaryDirectory(prefix="fleet-", dir=fast_folder()) as folder:
        fleet = Fleet(seed, Path(folder))
        world, trace = fleet.world, list[str]()
        try:
            fleet.run()
            violations = fleet.oracles.violations()
            violations += fleet.intruder.prey
            restored = fleet.faults.restored_at is not None
            if fleet.server.projected is not None and not restored:
                violations += fleet.server.projected.differences()
                world.counts["rebuilt"] += 1
            if fleet.searched:
                violations += disclosed(fleet.practice, fleet.kept, restored=restored)
                world.counts["searched"] += 1
        except Exception as failure:  # noqa: BLE001 - whatever it is, it is what this seed has found
            violations = [f"{type(failure).__name__} was raised: {failure}"]
            trace = traceback.format_exc().splitlines()
        finally:
            with suppress(Exception):
                fleet.close()
        world.counts["seeds"] += 1
        return Outcome(seed, violations, world.counts, world.transcript, world.fingerprint(), trace)
