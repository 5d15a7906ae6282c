"""What a care team does on its devices, through the SDK's face."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tests.simulation.nodes.replica_node import ReplicaNode
from tests.simulation.people.clients import Kept
from tests.simulation.people.practice import Person
from tests.simulation.world import World

from intersession.caseload import Client as ClientFace


class TherapistHand:
    """A therapist at one of their devices."""

    def __init__(self, world: World, therapist: Person, node: ReplicaNode, kept: Kept) -> None:
        self.world = world
        self.therapist = therapist
        self.node = node
        self.kept = kept
        self.caseload = node.caseload

    def acts(self) -> list[tuple[int, Callable[[], object]]]:
        """What may be done, and how often."""
        of_one: list[tuple[int, Callable[[ClientFace], object]]] = [
            (4, self.plan),
            (3, self.assign),
            (2, self.review),
            (2, self.goal),
            (2, self.session),
            (1, self.episode),
            (2, self.resource),
            (3, self.note),
            (3, self.comment),
            (1, self.on_paper),
            (1, self.acknowledge),
        ]
        acts: list[tuple[int, Callable[[], object]]] = [(1, self.template)]
        for weight, act in of_one:
            acts.append((weight, lambda act=act: self._for_one(act)))  # type: ignore[misc]
        return acts

    def _for_one(self, act: Callable[[ClientFace], object]) -> None:
        clients = self.caseload.clients()
        if clients:
            act(self.caseload.client(self.world.random.choice(clients).id))

    def plan(self, client: ClientFace) -> None:
        chance = self.world.random
        with client.plan.edit() as editor:
            choice = chance.randrange(5)
            if choice == 0:
                editor.add_tracker(chance.choice(["worry", "sleep", "energy"]), 0, 10)
            elif choice == 1:
                editor.add_section(f"What about {self.kept.word()}?")
            elif choice == 2:
                editor.add_safety_step("on_my_own", "a walk")
            elif choice == 3:
                editor.add_assessment("check-in", "weekly")
            elif editor.plan.trackers:
                editor.remove_tracker(chance.choice(sorted(editor.plan.trackers)))

    def assign(self, client: ClientFace) -> None:
        given, chance = client.homework.list(), self.world.random
        if not given or chance.random() < 0.4:
            client.homework.assign("a walk each day", why="it helped", rule=chance.choice(["daily", "weekly", ""]))
        elif chance.random() < 0.7:
            client.homework.edit(chance.choice(given).id, why=self.kept.word())
        else:
            client.homework.end(chance.choice(given).id)

    def review(self, client: ClientFace) -> None:
        given = client.homework.list()
        if given:
            client.homework.review(self.world.random.choice(given).id, "keep", reason=self.kept.word())

    def goal(self, client: ClientFace) -> None:
        goals = client.goals.list()
        if goals:
            client.goals.add_step(self.world.random.choice(goals).id, self.kept.word())
        else:
            client.goals.add("more rest", steps=["an evening off"])

    def session(self, client: ClientFace) -> None:
        sessions, chance = client.sessions.list(), self.world.random
        if not sessions or chance.random() < 0.5:
            client.sessions.plan(self.node.clock() + timedelta(days=chance.randint(1, 14)))
        else:
            session = chance.choice(sessions)
            chance.choice([client.sessions.attended, client.sessions.missed, client.sessions.cancel])(session.id)

    def episode(self, client: ClientFace) -> None:
        current = client.episodes.current()
        if current is None:
            client.episodes.begin("worry")
        else:
            client.episodes.phase(current.id, "treatment")

    def resource(self, client: ClientFace) -> None:
        client.resources.add("A page to read", self.kept.word())

    def note(self, client: ClientFace) -> None:
        client.notes.add(self.kept.word())

    def comment(self, client: ClientFace) -> None:
        entries = client.entries(limit=5)
        if entries:
            client.comment(self.world.random.choice(entries).id, self.kept.word())

    def on_paper(self, client: ClientFace) -> None:
        chance = self.world.random
        client.assessments.on_paper("phq-2", {"q1": chance.randint(0, 3), "q2": chance.randint(0, 3)})

    def acknowledge(self, client: ClientFace) -> None:
        signals = client.signals()
        if signals:
            client.acknowledge(self.world.random.choice(signals))

    def template(self) -> None:
        self.caseload.resources.add("A page for many", self.kept.word())
