"""Peers that push all the time and note what was accepted, while the server is killed."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from datetime import UTC, datetime
from uuid import UUID, uuid4

from msgspec import Struct
from tests.end_to_end.support.server_process import ServerProcess, wait_for
from tests.end_to_end.support.wire import Peer, Token, welcomed
from websockets.exceptions import WebSocketException

from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import journal
from intersession_schemas.errors import NOT_FINAL
from intersession_schemas.messages import Accepted, Rejected

WINDOW = 12
"""Pushes that one peer has under way."""
NOW = datetime(2026, 3, 2, 21, 30, tzinfo=UTC)


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


def kill_under_load(server: ServerProcess, pushers: list[Pusher], trap: Trap, kills: int, chance: random.Random) -> int:
    """Let all push, kill the server so often and start it again, and let them finish; how many pushes were under way.

    Raises what went wrong in a pusher.
    """
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
    return under_way


def kill_at_any_moment(server: ServerProcess, pushers: list[Pusher], chance: random.Random) -> None:
    """Kill the server some time after it has begun to accept, while pushes are under way."""
    before = sum(len(pusher.accepted) for pusher in pushers)
    wait_for(lambda: sum(len(pusher.accepted) for pusher in pushers) > before, 60, "a push is accepted")
    time.sleep(chance.uniform(0.0, 0.3))
    wait_for(lambda: any(pusher.under_way for pusher in pushers), 10, "a push is under way")
    server.kill()
