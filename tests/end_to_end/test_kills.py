"""SIGKILL at random moments: of the server with pushes under way, of a device in the middle of an edit.

What the server has accepted and what a call has returned must be there afterwards, exactly once. A few kills in
every run, a hundred of each in a long one.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from msgspec import Struct
from tests.end_to_end.conftest import Note
from tests.end_to_end.support.practice import Practice, desk
from tests.end_to_end.support.server_process import ServerProcess, wait_for
from tests.end_to_end.support.wire import Peer, Token, redeem, welcomed
from websockets.exceptions import WebSocketException

from intersession import Tracker
from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import journal
from intersession_schemas.errors import NOT_FINAL
from intersession_schemas.messages import Accepted, Rejected

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="SIGKILL and fork are POSIX"),
    pytest.mark.timeout(900),
]

ROOT = Path(__file__).resolve().parents[2]
THERAPIST = "anna"
PUSHERS = 3
WINDOW = 12
"""Pushes that one peer has under way."""
NOW = datetime(2026, 3, 2, 21, 30, tzinfo=UTC)

how_many = pytest.mark.parametrize("kills", [10, pytest.param(100, marks=pytest.mark.long)])


class Sent(Struct, frozen=True):
    """One push: a change of a document."""

    document: UUID
    hash: bytes
    data: bytes


class Trap:
    """Kills a process the moment that so many pushes more have been accepted. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process = 0
        self._left = 0

    def set(self, process: int, pushes: int) -> None:
        with self._lock:
            self._process, self._left = process, pushes

    def spring(self) -> None:
        """Say that a push was accepted just now."""
        with self._lock:
            self._left -= 1
            if self._left == 0:
                os.kill(self._process, signal.SIGKILL)


class Pusher(threading.Thread):
    """A peer that pushes all the time, connects again when cut, and notes what was accepted."""

    def __init__(self, url: str, token: Token, trap: Trap, chance: random.Random) -> None:
        super().__init__(name="pusher", daemon=True)
        self.made: dict[bytes, UUID] = {}
        self.accepted: set[bytes] = set()
        self.last = 0
        self.under_way: dict[bytes, Sent] = {}
        self.ending = False
        self.failure: BaseException | None = None
        self._url = url
        self._token = token
        self._trap = trap
        self._chance = chance
        self._documents: dict[UUID, Document] = {}

    def run(self) -> None:
        try:
            while not (self.ending and not self.under_way):
                try:
                    with welcomed(self._url, self._token.token) as peer:
                        self._converse(peer)
                except (OSError, EOFError, TimeoutError, WebSocketException):
                    time.sleep(0.01)
        except BaseException as failure:
            self.failure = failure
            raise

    def _converse(self, peer: Peer) -> None:
        # What was under way may have been accepted or not: it is sent again, in the order in which it was made.
        sent = {peer.send_push(one.document, [one.data]): one for one in list(self.under_way.values())}
        while not (self.ending and not sent):
            while len(sent) < WINDOW and not self.ending:
                one = self._write()
                self.made[one.hash] = one.document
                self.under_way[one.hash] = one
                sent[peer.send_push(one.document, [one.data])] = one
            match peer.hear():
                case Accepted(id, seq):
                    self._trap.spring()
                    one = sent.pop(id)
                    self.last = max(self.last, seq)
                    self.accepted.add(one.hash)
                    del self.under_way[one.hash]
                case Rejected(id, code):
                    assert code in NOT_FINAL, code
                    return  # connect again, and send again what was not taken

    def _write(self) -> Sent:
        """A new entry, or one more edit of one."""
        text = f"{self._chance.getrandbits(64):x} " * self._chance.randint(1, 20)
        if self._documents and self._chance.random() < 0.6:
            id = self._chance.choice(list(self._documents)[-8:])
            change = journal.edit(self._documents[id], text=text)
        else:
            id = uuid4()
            self._documents[id] = Document.new(self._chance.randbytes(16))
            change = journal.create(self._documents[id], written_at=NOW, entered_at=NOW, text=text)
        assert change is not None
        return Sent(id, read_change(change).hash, change)

    def text(self, document: UUID) -> str:
        """What the entry says, with all edits."""
        return journal.read(self._documents[document]).text


@how_many
def test_nothing_that_the_server_accepted_is_lost(
    server: ServerProcess, practice: Practice, kills: int, note: Note
) -> None:
    chance = random.Random(1)
    clients = [practice.add_client(f"client {number}").person for number in range(PUSHERS)]
    tokens = [redeem(server.url, practice.invite_client(client)) for client in clients]
    trap = Trap()
    pushers = [Pusher(server.url, token, trap, random.Random(number)) for number, token in enumerate(tokens)]
    began = time.monotonic()
    for pusher in pushers:
        pusher.start()
    under_way = 0
    for number in range(kills):
        if number % 2:
            kill_at_any_moment(server, pushers, chance)
        else:
            # What was accepted in this instant has to be on the disk already.
            trap.set(server.pid, chance.randint(1, 30))
            wait_for(lambda: not server.is_running(), 60, "so many pushes are accepted")
            server.kill()
        under_way += sum(len(pusher.under_way) for pusher in pushers)
        server.start()
    for pusher in pushers:
        pusher.ending = True
    for pusher in pushers:
        pusher.join(60)
        assert pusher.failure is None
        assert not pusher.under_way, "what was pushed is accepted in the end"
    took = time.monotonic() - began
    found = sum(
        check_log(server, redeem(server.url, practice.invite_client(client)), pusher)
        for client, pusher in zip(clients, pushers, strict=True)
    )
    accepted = sum(len(pusher.accepted) for pusher in pushers)
    note(
        f"kills of the server: {kills}, with {under_way} pushes under way; {accepted} pushes accepted,"
        f" {found} found, each once; {took:.1f} s"
    )


def kill_at_any_moment(server: ServerProcess, pushers: list[Pusher], chance: random.Random) -> None:
    """Kill the server some time after it has begun to accept, while pushes are under way."""
    before = sum(len(pusher.accepted) for pusher in pushers)
    wait_for(lambda: sum(len(pusher.accepted) for pusher in pushers) > before, 60, "a push is accepted")
    time.sleep(chance.uniform(0.0, 0.3))
    wait_for(lambda: any(pusher.under_way for pusher in pushers), 10, "a push is under way")
    server.kill()


def check_log(server: ServerProcess, token: Token, pusher: Pusher) -> int:
    """That a new device is sent every accepted change, once, and nothing else; how many."""
    with welcomed(server.url, token.token) as peer:
        documents = peer.everything(pusher.last)
    found: dict[bytes, UUID] = {}
    for document, changes in documents.items():
        hashes = [read_change(change).hash for change in changes]
        assert len(set(hashes)) == len(hashes)
        found.update(dict.fromkeys(hashes, document))
    assert pusher.accepted <= found.keys(), "accepted, and lost"
    assert found == pusher.made
    for document, changes in documents.items():
        assert journal.read(Document.load(b"".join(changes), bytes(16))).text == pusher.text(document)
    return len(found)


# --- a device -------------------------------------------------------------------------------------------------------


class Written(Struct):
    """What calls have returned, by entry; and the call that was under way, if one was."""

    texts: dict[str, str] = {}
    under_way: tuple[str | None, str] | None = None
    returned: int = 0


class WritingDevice:
    """The process that forks writers; `write_and_kill` lets one write for a moment."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def write_and_kill(self, written: Written, seconds: float) -> None:
        """Let a writer write for so long, kill it, and note in `written` what it had done."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        pid: int = self._heard()["opened"]
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)
        while True:
            match self._heard():
                case {"writing": text, "id": id}:
                    written.under_way = (id, text)
                case {"written": text, "id": id}:
                    written.texts[id] = text
                    written.under_way = None
                    written.returned += 1
                case {"ended": code}:
                    assert code == -signal.SIGKILL, "the writer ended by itself"
                    return

    def _heard(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        heard: dict[str, Any] = json.loads(self._process.stdout.readline())
        return heard


@contextmanager
def writing_device(store: Path) -> Iterator[WritingDevice]:
    command = [sys.executable, "-m", "tests.end_to_end.writing_process", str(store), "1"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        try:
            yield WritingDevice(process)
        finally:
            process.kill()


@how_many
def test_nothing_that_a_call_returned_is_lost(
    server: ServerProcess, practice: Practice, tmp_path: Path, kills: int, note: Note
) -> None:
    chance = random.Random(2)
    practice.add_therapist(THERAPIST)
    client = practice.add_client("Mara", THERAPIST)
    store = tmp_path / "device.db"
    with practice.tracker(store, client):
        pass
    written = Written()
    killed = edits_killed = kept = 0
    began = time.monotonic()
    with writing_device(store) as device:
        while edits_killed < kills:
            written.under_way = None
            device.write_and_kill(written, chance.uniform(0.0, 0.3))
            killed += 1
            edits_killed += written.under_way is not None
            assert killed < 2 * kills + 10, "hardly ever was a call under way"
            with Tracker.open(store) as tracker:
                kept += check_store(tracker, written)
    took = time.monotonic() - began
    with Tracker.open(store) as tracker:
        assert tracker.sync().complete
        assert check_store(tracker, written) == 0
        status = tracker.status()
        assert (status.pending, status.refusals, status.problems) == (0, (), 0)
    with practice.tracker(tmp_path / "second.db", client.person) as second:
        assert second.sync().complete
        check_store(second, written)
    with desk(server.url, THERAPIST) as signed_in:
        wait_for(lambda: len(signed_in.entries(client.person, limit=500)) >= len(written.texts), 30, "all entries")
        found = signed_in.entries(client.person, limit=500)
    assert {one["id"]: one["text"] for one in found} == written.texts
    assert len(found) == len(written.texts)
    note(
        f"kills of a writing device: {killed}, {edits_killed} of them with an edit under way ({kept} of those kept);"
        f" {written.returned} writes returned into {len(written.texts)} entries, {len(found)} found on the device, on"
        f" another one and by the therapist, each as it was last written; {took:.1f} s"
    )


def check_store(tracker: Tracker, written: Written) -> int:
    """That the store has what calls have returned, and of the one under way all or nothing; 1 if it has that."""
    found = {str(entry.id): entry.text for entry in tracker.journal.entries()}
    kept = 0
    if written.under_way is not None:
        id, text = written.under_way
        new = [one for one in found if one not in written.texts] if id is None else [id]
        assert len(new) <= 1
        if new and found[new[0]] == text:
            written.texts[new[0]] = text
            kept = 1
        written.under_way = None
    assert found == written.texts
    return kept
