"""Replicas that have exchanged everything are equal, in whatever order and portions that happened."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from tests.client_sdk.practice import Practice, SettableClock, replica_of

from intersession import Entry, SymptomLog, Tracker
from intersession.protocol.session import Settle
from intersession.sync import inbox
from intersession.sync.exchange import Exchange
from intersession_schemas.streams import Role

DEVICES = st.integers(0, 2)
TEXTS = st.text(alphabet="ab é😀\n", max_size=30)
VALUES = st.dictionaries(st.sampled_from(["worry", "relax"]), st.integers(0, 10), min_size=1)


class Fleet(RuleBasedStateMachine):
    """Three devices of one client, a server that takes and gives in portions, and devices that are closed,
    copied, or put back to an older copy."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = SettableClock()
        self.practice = Practice()
        self.devices: list[Tracker] = []
        self.sides: list[Exchange] = []
        self.kept: dict[int, Path] = {}
        self.returned: set[Any] = set()

    @initialize()
    def start(self) -> None:
        for number in range(3):
            self.devices.append(self.open(number))
            self.sides.append(self.practice.join(self.devices[number]))

    def teardown(self) -> None:
        if self.sides:
            self.exchange_everything()
        for device in self.devices:
            device.close()
        shutil.rmtree(self.folder)

    def path(self, number: int) -> Path:
        return self.folder / f"{number}.db"

    def open(self, number: int) -> Tracker:
        device = Tracker.open(self.path(number), clock=self.clock)
        with replica_of(device).reading() as store:
            store.run("PRAGMA synchronous=OFF")  # power does not fail here
        return device

    def reopen(self, number: int, other_content: Path | None = None) -> None:
        self.devices[number].close()
        if other_content is not None:
            shutil.copy(other_content, self.path(number))
        self.devices[number] = self.open(number)
        self.sides[number] = self.practice.join(self.devices[number])

    @rule(device=DEVICES, text=TEXTS, tags=st.sets(st.sampled_from("xyz")))
    def write(self, device: int, text: str, tags: set[str]) -> None:
        self.clock.forward(minutes=1)
        self.devices[device].journal.write(text, tags=tags, shared=True, sections={"Q": text})

    @rule(device=DEVICES, which=st.integers(0, 100), text=TEXTS, mood=st.none() | st.integers(0, 10))
    def edit(self, device: int, which: int, text: str, mood: int | None) -> None:
        entries = self.devices[device].journal.entries()
        if entries:
            entry = entries[which % len(entries)]
            self.devices[device].journal.edit(entry.id, text=text, mood=mood, sections={"Q": text[::-1]})

    @rule(device=DEVICES, values=VALUES)
    def log(self, device: int, values: dict[str, int]) -> None:
        self.clock.forward(days=7)
        self.devices[device].symptoms.log(values, shared=True)

    @rule(device=DEVICES, documents=st.integers(1, 3), size=st.integers(1, 2000), confirmed=st.booleans())
    def push(self, device: int, documents: int, size: int, confirmed: bool) -> None:
        """Some of what waits; the confirmation may be lost."""
        for item in self.sides[device].outgoing(frozenset(), documents, size):
            for change in item.changes:
                self.practice.append(item.document, item.kind, change)
            if confirmed:
                self.sides[device].settle([Settle(item.document, item.hashes)])

    @rule(device=DEVICES, most=st.integers(0, 3))
    def pull(self, device: int, most: int) -> None:
        self.practice.give(self.sides[device], most)

    @rule(device=DEVICES)
    def crash_between_storing_and_applying(self, device: int) -> None:
        with replica_of(self.devices[device]).reading() as store:
            cursor = next(one.cursor for one in inbox.cursors(store))
            inbox.store_page(store, self.practice.page(cursor, 2))
        self.reopen(device)

    @rule(device=DEVICES)
    def close_and_open(self, device: int) -> None:
        self.reopen(device)

    @rule(device=DEVICES)
    def keep_a_copy(self, device: int) -> None:
        self.reopen(device)
        self.devices[device].close()
        self.kept[device] = self.folder / f"{device}.kept"
        shutil.copy(self.path(device), self.kept[device])
        self.reopen(device)

    @precondition(lambda self: self.kept)
    @rule(device=DEVICES, which=st.integers(0, 2))
    def put_back_a_copy(self, device: int, which: int) -> None:
        """An older copy of this device's store or of another's. What it had not sent, it may lose; others may not."""
        copies = sorted(self.kept.items())
        self.practice.take(self.sides[device])
        self.reopen(device, copies[which % len(copies)][1])

    @rule()
    def exchange_everything(self) -> None:
        seen = set()
        for device in self.devices:
            seen |= {entry.id for entry in device.journal.entries()} | {log.id for log in device.symptoms.logs()}
        self.practice.sync(*self.sides)
        views = [view(device) for device in self.devices]
        assert views[0] == views[1] == views[2]
        entries, logs = views[0]
        assert seen <= {entry.id for entry in entries} | {log.id for log in logs}
        assert all(device.status().pending == 0 for device in self.devices)
        assert all(entry.arrived_at is not None and entry.problems == () for entry in entries)
        new_device = Tracker.open(self.folder / "new.db", clock=self.clock)
        self.practice.give(self.practice.join(new_device, Role.PRIMARY))
        assert view(new_device) == views[0]
        new_device.close()
        for path in self.folder.glob("new.db*"):
            path.unlink()


def view(device: Tracker) -> tuple[list[Entry], list[SymptomLog]]:
    """All that a device shows, in one order."""
    return (
        sorted(device.journal.entries(), key=lambda entry: entry.id),
        sorted(device.symptoms.logs(), key=lambda log: log.id),
    )


TestFleet = Fleet.TestCase
TestFleet.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
