"""Whoever reads, takes their time and then writes deletes nobody's words, whatever came in which order meanwhile."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from tests.client_sdk.practice import Practice, SettableClock, replica_of

from intersession import Entry, Tracker
from intersession.sync.exchange import Exchange

DEVICES = st.integers(0, 2)
WHERE = st.integers(0, 1_000)
START = "one day"


class OpenForms(RuleBasedStateMachine):
    """Three devices of one client, each with a form open on the one entry for as long as it takes."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.practice = Practice()
        self.devices: list[Tracker] = []
        self.sides: list[Exchange] = []
        self.forms: list[Entry] = []
        self.inserted: list[str] = []
        self.deleted: set[str] = set()

    @initialize()
    def start(self) -> None:
        for number in range(3):
            device = Tracker.open(self.folder / f"{number}.db", clock=SettableClock())
            self.devices.append(device)
            with replica_of(device).reading() as store:
                store.run("PRAGMA synchronous=OFF")  # power does not fail here
            self.sides.append(self.practice.join(device))
        self.id: UUID = self.devices[0].journal.write(START, shared=True).id
        self.practice.sync(*self.sides)
        self.forms = [device.journal.get(self.id) for device in self.devices]

    def teardown(self) -> None:
        try:
            if self.devices:
                self.check()
        finally:
            for device in self.devices:
                device.close()
            shutil.rmtree(self.folder)

    @rule(number=DEVICES)
    def read(self, number: int) -> None:
        self.forms[number] = self.devices[number].journal.get(self.id)

    @rule(number=DEVICES, where=WHERE)
    def insert(self, number: int, where: int) -> None:
        """A word between two of the words that were read."""
        words = self.forms[number].text.split(" ")
        self.inserted.append(f"w{len(self.inserted)}.")
        words.insert(where % (len(words) + 1), self.inserted[-1])
        self.write(number, words)

    @rule(number=DEVICES, where=WHERE)
    def delete(self, number: int, where: int) -> None:
        """One of the words that were read."""
        words = self.forms[number].text.split(" ")
        if len(words) > 1:
            self.deleted.add(words.pop(where % len(words)))
            self.write(number, words)

    def write(self, number: int, words: list[str]) -> None:
        """What was read stays what the form is made of: it is not read again."""
        self.devices[number].journal.edit(self.id, text=" ".join(words), based_on=self.forms[number])

    @rule(number=DEVICES)
    def send(self, number: int) -> None:
        self.practice.take(self.sides[number])

    @rule(number=DEVICES)
    def receive(self, number: int) -> None:
        self.practice.give(self.sides[number])

    def check(self) -> None:
        self.practice.sync(*self.sides)
        first, *others = [device.journal.get(self.id) for device in self.devices]
        assert all(one == first for one in others)
        assert not first.problems
        for word in self.inserted:
            if not any(word in one for one in self.deleted):
                assert first.text.count(word) == 1, f"{word} in {first.text!r}"


OpenForms.TestCase.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
TestOpenForms = OpenForms.TestCase


def test_an_edit_that_nothing_came_before_is_the_same_change(tracker: Tracker) -> None:
    """It is made by the store's own actor, and no copy of the document is made."""
    entry = tracker.journal.write("one")
    for text in ("one two", "one two three"):
        entry = tracker.journal.edit(entry.id, text=text, based_on=entry)
    with replica_of(tracker).reading() as store:
        assert store.number("SELECT count(DISTINCT actor) FROM changes") == 1


@pytest.mark.parametrize("again", [False, True], ids=["open", "opened again"])
def test_an_old_version_of_a_saved_document(tracker: Tracker, tmp_path: Path, again: bool) -> None:
    """Every version stays known, however long the entry has become and whoever has it in memory."""
    seen = tracker.journal.write("the end")
    for number in range(100):
        tracker.journal.edit(seen.id, text=f"{number} {tracker.journal.get(seen.id).text}")
    if again:
        with replica_of(tracker).reading():
            for (position,) in replica_of(tracker).store.all("SELECT position FROM documents"):
                replica_of(tracker).documents.let_go(position)
    made = tracker.journal.edit(seen.id, text="the very end", based_on=seen)
    assert made.text.endswith(" 0 the very end")


def test_a_text_in_many_steps(tracker: Tracker) -> None:
    """More than one change holds, written where the document was then."""
    seen = tracker.journal.write("first.")
    long = " ".join(f"word{number}" for number in range(1_500))
    tracker.journal.edit(seen.id, text=f"{long} first.")
    made = tracker.journal.edit(seen.id, text=f"first. {long}", based_on=seen)
    assert made.text == f"{long} first. {long}"
    with replica_of(tracker).reading() as store:
        assert store.number("SELECT count(*) FROM changes") == 5
