"""Two devices of a client and two therapists, offline in any order: once all is exchanged they agree and lose none."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from tests.client_sdk.care_practice import CarePractice
from tests.client_sdk.practice import SettableClock, replica_of

from intersession import Caseload, Client, HomeworkFields, ProgressWord, Tracker
from intersession.sync.exchange import Exchange
from intersession_schemas.streams import Role

BOTH = st.integers(0, 1)
WHICH = st.integers(0, 50)


class Together(RuleBasedStateMachine):
    """Texts are added to and never cut, each time by a word of its own: so every word has to be there at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = SettableClock()
        self.practice = CarePractice()
        self.trackers: list[Tracker] = []
        self.caseloads: list[Caseload] = []
        self.sides: list[Exchange] = []
        self.numbers = count(1)
        self.words: set[str] = set()
        self.made: set[UUID] = set()
        self.sections: dict[str, str] = {}
        self.removed: set[str] = set()

    @initialize()
    def start(self) -> None:
        self.trackers = [Tracker.open(self.folder / f"{name}.db", clock=self.clock) for name in ("phone", "tablet")]
        self.caseloads = [Caseload.open(self.folder / f"{name}.db", clock=self.clock) for name in ("Ada", "Bo")]
        roles = (Role.PRIMARY, Role.COVERING)
        for device in (*self.trackers, *self.caseloads):
            with replica_of(device).reading() as store:
                store.run("PRAGMA synchronous=OFF")  # power does not fail here
        self.sides = [self.practice.enter(device) for device in self.trackers]
        self.sides += [self.practice.enter(device, role) for device, role in zip(self.caseloads, roles, strict=True)]

    def teardown(self) -> None:
        if self.sides:
            self.exchange_everything()
        for device in (*self.trackers, *self.caseloads):
            device.close()
        shutil.rmtree(self.folder)

    def client(self, who: int) -> Client:
        return self.caseloads[who].client(self.practice.client)

    def word(self) -> str:
        """One that was not written before."""
        self.clock.forward(minutes=1)
        word = f"w{next(self.numbers)}."
        self.words.add(word)
        return word

    # -- the client ----------------------------------------------------------------------------------------------------

    @rule(who=BOTH)
    def write(self, who: int) -> None:
        self.made.add(self.trackers[who].journal.write(self.word(), shared=True).id)

    @rule(who=BOTH, which=WHICH, before=st.booleans())
    def edit_entry(self, who: int, which: int, before: bool) -> None:
        entries = self.trackers[who].journal.entries()
        if entries:
            entry = entries[which % len(entries)]
            self.trackers[who].journal.edit(entry.id, text=joined(entry.text, self.word(), before))

    @rule(who=BOTH, which=WHICH, status=st.sampled_from(["done", "partly", "not", "could not"]))
    def record(self, who: int, which: int, status: ProgressWord) -> None:
        homework = self.trackers[who].homework
        given = homework.list(ended=True)
        if given:
            one = given[which % len(given)]
            if one.occurrences:
                occurrence = one.occurrences[which % len(one.occurrences)]
                there = [said for said in one.progress if said.occurrence == occurrence.key]
                learned = joined(there[0].learned if there else "", self.word(), before=False)
                self.made.add(homework.record(one.id, occurrence, status, learned=learned).id)

    @rule(days=st.integers(1, 2))
    def days_pass(self, days: int) -> None:
        self.clock.forward(days=days)

    # -- both ----------------------------------------------------------------------------------------------------------

    def goals_of(self, who: int) -> Any:
        return self.trackers[who].goals if who < 2 else self.client(who - 2).goals

    @rule(who=st.integers(0, 3))
    def add_goal(self, who: int) -> None:
        self.made.add(self.goals_of(who).add(self.word(), steps=[self.word()]).id)

    @rule(who=st.integers(0, 3), which=WHICH, before=st.booleans())
    def edit_goal(self, who: int, which: int, before: bool) -> None:
        goals = self.goals_of(who).list()
        if goals:
            goal = goals[which % len(goals)]
            self.goals_of(who).edit(goal.id, why=joined(goal.why, self.word(), before))
            self.goals_of(who).add_step(goal.id, self.word(), after=goal.steps[0].id if before else None)
            self.goals_of(who).move_step(goal.id, goal.steps[-1])

    # -- the care team -------------------------------------------------------------------------------------------------

    @rule(who=BOTH, recurs=st.booleans())
    def assign(self, who: int, recurs: bool) -> None:
        self.made.add(self.client(who).homework.assign(self.word(), rule="daily" if recurs else "").id)

    @rule(who=BOTH, which=WHICH, before=st.booleans())
    def edit_homework(self, who: int, which: int, before: bool) -> None:
        homework = self.client(who).homework
        given = homework.list(ended=True)
        if given:
            one = given[which % len(given)]
            homework.edit(one.id, why=joined(one.why, self.word(), before))

    @rule(who=BOTH, which=WHICH, adapts=st.booleans())
    def review(self, who: int, which: int, adapts: bool) -> None:
        homework = self.client(who).homework
        given = homework.list()
        if given:
            one = given[which % len(given)]
            change: HomeworkFields | None = {"what": f"{one.what} {self.word()}"} if adapts else None
            review = homework.review(one.id, "adapt" if adapts else "keep", reason=self.word(), change=change)
            self.made.add(review.id)

    @contextmanager
    def plan_of(self, who: int, slowly: bool) -> Iterator[Any]:
        """An edit of the plan; if it is slow, other things happen meanwhile on the same device."""
        with self.client(who).plan.edit() as plan:
            yield plan
            if slowly:
                self.push(who + 2)
                self.pull(who + 2)
                with self.client(who).plan.edit() as meanwhile:
                    for id, section in meanwhile.plan.sections.items():
                        meanwhile.change_section(id, prompt=joined(section.prompt, self.word(), before=True))
                    meanwhile.add_section(self.word())

    @rule(who=BOTH, slowly=st.booleans())
    def add_to_plan(self, who: int, slowly: bool) -> None:
        with self.plan_of(who, slowly) as plan:
            sections = list(plan.plan.sections)
            plan.add_section(self.word(), after=sections[0] if sections else None)
            plan.pause(self.clock.now.date() + timedelta(days=50), note=self.word())

    @rule(who=BOTH, which=WHICH, before=st.booleans(), slowly=st.booleans())
    def change_plan(self, who: int, which: int, before: bool, slowly: bool) -> None:
        with self.plan_of(who, slowly) as plan:
            if plan.plan.sections:
                sections = list(plan.plan.sections.items())
                id, section = sections[which % len(sections)]
                plan.change_section(id, prompt=joined(section.prompt, self.word(), before))
                plan.move_section(id, None if before else sections[-1][0])

    # -- exchange ------------------------------------------------------------------------------------------------------

    @rule(who=st.integers(0, 3))
    def push(self, who: int) -> None:
        self.practice.take(self.sides[who])

    @rule(who=st.integers(0, 3), most=st.integers(1, 5))
    def pull(self, who: int, most: int = 3) -> None:
        self.practice.give(self.sides[who], most)

    @rule()
    def exchange_everything(self) -> None:
        self.practice.sync(*self.sides)
        views = [view_of_tracker(device) for device in self.trackers]
        views += [view_of_client(self.client(who)) for who in (0, 1)]
        assert views[0] == views[1] == views[2] == views[3]
        said = str(views[0])
        assert {word for word in self.words if word not in said} == set()
        assert {id for id in self.made if str(id) not in said} == set()
        assert "changes:" not in said
        for device in (*self.trackers, *self.caseloads):
            assert (device.status().pending, device.status().refusals, device.status().problems) == (0, (), 0)


def joined(text: str, word: str, before: bool) -> str:
    return f"{word} {text}" if before else f"{text} {word}"


def view_of_tracker(device: Tracker) -> list[Any]:
    """All that a client sees of what both sides write."""
    return [device.plan(), device.homework.list(ended=True), device.goals.list(), by_id(device.journal.entries())]


def view_of_client(client: Client) -> list[Any]:
    """The same, as a therapist sees it."""
    return [client.plan.read(), client.homework.list(ended=True), client.goals.list(), by_id(client.entries())]


def by_id(found: list[Any]) -> list[Any]:
    return sorted(found, key=lambda one: one.id)


TestTogether = Together.TestCase
TestTogether.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
