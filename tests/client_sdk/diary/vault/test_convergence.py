"""Two devices of one client that write, edit, share and withdraw without a network: what they come to agree on."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from tests.client_sdk.practice import Practice, SettableClock, replica_of

from intersession import Entry, Tracker
from intersession.documents import sealed
from intersession.models.private import VaultStatus
from intersession.sealing import sealing
from intersession.sync.exchange import Exchange
from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import journal

DEVICES = st.integers(0, 1)
WHICH = st.integers(0, 100)
PASSPHRASE = "correct horse"


class Pair(RuleBasedStateMachine):
    """Every entry holds a word of its own in its tags, so that copies of it can be told.

    Nothing shared may be lost but what was withdrawn, nothing private may be anywhere in the record, and what was
    withdrawn may not come back, whichever device was how far behind.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = SettableClock()
        self.practice = Practice(vault=True)
        self.patches: list[Any] = [
            mock.patch.object(sealing, "WORK", sealing.Work(memory=64, passes=1, lanes=1)),
            mock.patch.object(sealed, "MOST_BLOBS", 1),
        ]
        for patch in self.patches:
            patch.start()
        self.devices: list[Tracker] = []
        self.sides: list[Exchange] = []
        self.words: set[str] = set()
        self.shared: set[str] = set()
        self.withdrawn: set[UUID] = set()
        self.taken_back: set[str] = set()

    @initialize(late=st.booleans(), own=st.booleans())
    def start(self, late: bool, own: bool) -> None:
        """The second device opens the vault of the first, may do so later, or makes one of its own meanwhile."""
        for number in range(2):
            self.devices.append(Tracker.open(self.folder / f"{number}.db", clock=self.clock))
            with replica_of(self.devices[number]).reading() as store:
                store.run("PRAGMA synchronous=OFF")  # power does not fail here
            self.sides.append(self.practice.join(self.devices[number]))
            with mock.patch("intersession.pairing.redeeming.redeem", return_value=self.practice.reply()):
                self.devices[number].pair("http://localhost:1", "ABCD", share_by_default=False)
        self.devices[0].vault.create(PASSPHRASE)
        if own:
            self.devices[1].vault.create(PASSPHRASE)
        elif not late:
            self.practice.sync(*self.sides)
            self.devices[1].vault.unlock(PASSPHRASE)
        for device in (0, 1, 0, 1):
            self.write(device, shared=False)

    def teardown(self) -> None:
        if self.sides:
            self.exchange_everything()
            self.check_new_device()
        for device in self.devices:
            device.close()
        for patch in self.patches:
            patch.stop()
        shutil.rmtree(self.folder)

    def some(self, device: int, which: int) -> Entry | None:
        entries = sorted(self.devices[device].journal.entries(), key=lambda entry: entry.id)
        return entries[which % len(entries)] if entries else None

    @rule(device=DEVICES, shared=st.booleans())
    def write(self, device: int, shared: bool) -> None:
        self.clock.forward(minutes=1)
        word = f"word{len(self.words)}"
        self.words.add(word)
        self.devices[device].journal.write("0", tags=[word], shared=shared)
        if shared:
            self.shared.add(word)

    @rule(device=DEVICES, which=WHICH, texts=st.lists(st.text("ab ", max_size=4), min_size=1, max_size=4))
    def edit(self, device: int, which: int, texts: list[str]) -> None:
        """One entry again and again, each edit sent by itself: so its blobs become many."""
        entry = self.some(device, which)
        for text in texts if entry is not None else ():
            assert entry is not None
            self.devices[device].journal.edit(entry.id, text=entry.text + text)
            self.practice.take(self.sides[device])
            if entry.id not in {each.id for each in self.devices[device].journal.entries()}:
                break  # it was gone already, and this device has learned so

    @rule(device=DEVICES, which=WHICH)
    def share(self, device: int, which: int) -> None:
        entry = self.some(device, which)
        if entry is not None:
            self.shared.update(self.devices[device].journal.share(entry.id).tags)

    @rule(device=DEVICES, which=WHICH)
    def withdraw(self, device: int, which: int) -> None:
        entry = self.some(device, which)
        if entry is not None and entry.shared:
            self.devices[device].journal.withdraw(entry.id)
            self.withdrawn.add(entry.id)
            self.taken_back.update(entry.tags)

    @rule(device=DEVICES, most=st.integers(1, 3), size=st.integers(1, 2000), confirmed=st.booleans())
    def push(self, device: int, most: int, size: int, confirmed: bool) -> None:
        """Some of what waits; the answer may be lost."""
        for item in self.sides[device].outgoing(frozenset(), most, size):
            if confirmed:
                self.practice.accept(self.sides[device], item)
            elif item.erase:
                self.practice.erase(item.document, item.kind, item.stream)
            elif item.document not in self.practice.erased:
                for change in item.changes:
                    if item.stream == self.practice.vault:
                        self.practice.append_blob(item.document, item.kind, change)
                    else:
                        self.practice.append(item.document, item.kind, change)

    @rule(device=DEVICES, most=st.integers(1, 3))
    def pull(self, device: int, most: int) -> None:
        self.practice.give(self.sides[device], most)

    @rule(device=DEVICES)
    def lock(self, device: int) -> None:
        self.devices[device].vault.lock()

    @rule(device=DEVICES)
    def unlock(self, device: int) -> None:
        if self.devices[device].vault.status().state == "locked":
            self.devices[device].vault.unlock(PASSPHRASE)

    @rule()
    def exchange_everything(self) -> None:
        for _ in range(2):
            self.practice.sync(*self.sides)
            for device in self.devices:
                device.vault.unlock(PASSPHRASE)
        self.practice.sync(*self.sides)
        one, two = (sorted(device.journal.entries(), key=lambda entry: entry.id) for device in self.devices)
        assert one == two
        assert all(device.status().pending == 0 for device in self.devices)
        assert all(device.vault.status() == VaultStatus("open", 0, 0) for device in self.devices)
        there = {entry.id for entry in one}
        assert there.isdisjoint(self.withdrawn)
        in_record = {tag for entry in one if entry.shared for tag in entry.tags}
        assert self.shared - self.taken_back <= in_record, "shared, not withdrawn, and gone"
        kept = {tag for entry in one for tag in entry.tags}
        assert self.words - self.shared <= kept, "private, and gone"
        self.check_server({entry.id for entry in one if entry.shared})
        for device in self.devices:
            assert all(one.state == "erased" for one in device.journal.withdrawals())
            assert all(refusal.code == "erased" for refusal in device.status().refusals)

    def check_new_device(self) -> None:
        """All of it can be read from what the server holds now."""
        with Tracker.open(self.folder / "new.db", clock=self.clock) as new:
            self.practice.talk(self.practice.join(new))
            new.vault.unlock(PASSPHRASE)
            assert summary(new) == summary(self.devices[0])

    def check_server(self, shared: set[UUID]) -> None:
        """The record holds what is shared and nothing else, at any moment of its history."""
        for document in {row.document for row in self.practice.rows}:
            changes = [row.change for row in self.practice.rows if row.document == document and row.change]
            assert bool(changes) == (document in shared)
            if changes:
                (word,) = journal.read(Document.load(b"".join(changes), bytes(16))).tags
                assert word in self.shared


def summary(device: Tracker) -> dict[UUID, tuple[str, tuple[str, ...], bool]]:
    """What a device shows of each entry."""
    return {entry.id: (entry.text, entry.tags, entry.shared) for entry in device.journal.entries()}


TestPair = Pair.TestCase
TestPair.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
