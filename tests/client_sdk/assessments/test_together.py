"""One assessment on two devices, offline in any order: no interleaving hides a risk or changes what was completed."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.client_sdk.care_practice import CarePractice
from tests.client_sdk.practice import SettableClock, replica_of
from tests.client_sdk.wordings import wording_of

from intersession import Caseload, Completion, Draft, InvalidField, Tracker
from intersession.replica.scope import ClientScope
from intersession.sync.exchange import Exchange
from intersession_schemas.streams import Kind, Role

BOTH = st.integers(0, 1)


class Together(RuleBasedStateMachine):
    """What each device itself answered last to the risk item has to be seen by all, whatever the others answer."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = SettableClock()
        self.devices: list[Tracker] = []
        self.sides: list[Exchange] = []
        self.last: dict[int, int] = {}
        self.completed: dict[UUID, Completion] = {}

    @initialize()
    def start(self) -> None:
        practice = self.practice = CarePractice()
        self.devices = [Tracker.open(self.folder / f"{name}.db", clock=self.clock) for name in ("phone", "tablet")]
        self.caseload = Caseload.open(self.folder / "caseload.db", clock=self.clock)
        for device in (*self.devices, self.caseload):
            with replica_of(device).reading() as store:
                store.run("PRAGMA synchronous=OFF")  # power does not fail here
        self.sides = [practice.enter(device) for device in self.devices]
        self.sides.append(practice.enter(self.caseload, Role.PRIMARY))
        scope = ClientScope(replica_of(self.caseload), practice.client)
        with scope.replica.writing() as touched:
            scope.add(touched, Kind.INSTRUMENT, wording_of("phq-9"))
        practice.sync(*reversed(self.sides))
        self.id = self.devices[0].assessments.start("phq-9").id
        practice.sync(*self.sides)

    def teardown(self) -> None:
        if self.sides:
            self.everything()
            self.everything()
            self.check_the_risk()
            found = [device.assessments.get(self.id) for device in self.devices]
            found.append(self.caseload.client(self.practice.client).assessments.get(self.id))
            assert {one.id for one in found[0].completions} == set(self.completed)
            assert found[0].completions == found[1].completions == found[2].completions
            for device in (*self.devices, self.caseload):
                device.close()
        shutil.rmtree(self.folder)

    @rule(who=BOTH, value=st.sampled_from((0, 2)), informed=st.booleans())
    def answer_the_risk_item(self, who: int, value: int, informed: bool) -> None:
        if informed:
            self.everything()
        if self.answer(who, "q9", value):
            self.last[who] = value

    @rule(who=BOTH, value=st.integers(0, 3))
    def answer_another(self, who: int, value: int) -> None:
        self.answer(who, "q1", value)

    def answer(self, who: int, item: str, value: int) -> bool:
        self.clock.forward(minutes=1)
        try:
            self.draft(who).answer(item, value)
        except InvalidField:  # it is completed here already
            return False
        return True

    @rule(who=BOTH, really=st.integers(0, 3))
    def complete(self, who: int, really: int) -> None:
        if really:  # seldom: what comes after it is refused
            return
        self.clock.forward(minutes=1)
        draft = self.draft(who)
        read = draft.read()
        with suppress(InvalidField):
            done = draft.complete({item.item: item.conflict[0] for item in read.items if item.conflict})
            (made,) = [one for one in done.completions if one.id not in self.completed]
            self.completed[made.id] = made

    @rule(who=BOTH)
    def send(self, who: int) -> None:
        self.practice.take(self.sides[who])

    @rule(who=BOTH)
    def receive(self, who: int) -> None:
        self.practice.give(self.sides[who])

    @precondition(lambda self: self.sides)
    @rule()
    def everything(self) -> None:
        self.practice.sync(*self.sides)

    @invariant()
    def what_is_completed_does_not_change(self) -> None:
        for device in self.devices:
            for one in device.assessments.get(self.id).completions:
                assert one == self.completed[one.id]

    @invariant()
    def each_device_shows_what_it_was_told(self) -> None:
        for who, value in self.last.items():
            if value:
                assert self.devices[who].assessments.get(self.id).risk

    def check_the_risk(self) -> None:
        if any(self.last.values()):
            client = self.caseload.client(self.practice.client)
            assert client.assessments.get(self.id).risk
            assert "risk" in {one.kind for one in client.signals()}
            assert all(device.assessments.get(self.id).risk for device in self.devices)

    def draft(self, who: int) -> Draft:
        return Draft(self.devices[who]._scope, self.id)


TestTogether = Together.TestCase
TestTogether.settings = settings(max_examples=25, stateful_step_count=14, deadline=None)
