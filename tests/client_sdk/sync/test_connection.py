"""A connection that is closed or ended: when it is tried again, what is kept, and that only what is true is said."""

from __future__ import annotations

import random
import threading
import time
from typing import Any

import pytest
from tests.client_sdk.practice import Practice
from tests.client_sdk.sync.fake_server import SLACK, FakeServer
from websockets.asyncio.server import ServerConnection

from intersession import AccessEnded, Tracker, Transfer, Unreachable
from intersession_schemas import codec
from intersession_schemas.messages import Error, Hello, Revoked, Up


def test_a_server_that_closes_after_its_welcome_is_not_asked_again_and_again(
    server: FakeServer, paired: Tracker
) -> None:
    async def closing(socket: ServerConnection, frame: Up) -> Any:
        if isinstance(frame, Hello):
            for answer in server._usual(frame):
                await socket.send(codec.encode(answer))
            await socket.close(1011)
            return []
        return None

    server.hook = closing
    paired.journal.write("waits")
    report = paired.sync(timeout=5)
    assert not report.complete
    assert report.reason_code == "server_error"
    assert len(server.connections) < 20
    status = paired.status()
    assert status.last_error is not None
    assert (status.last_error.code, status.pending) == ("server_error", 1)
    server.hook = None
    assert paired.sync().complete
    assert paired.status().last_error is None


def test_the_server_says_when_to_come_back(server: FakeServer, paired: Tracker) -> None:
    async def leaving(socket: ServerConnection, frame: Up) -> Any:
        if len(server.connections) == 1:
            await socket.send(codec.encode(Error("going_away", "back soon", 1.0)))
            await socket.close(1001)
            return []
        return None

    server.hook = leaving
    paired.journal.write("x")
    assert paired.sync().complete
    first, second = server.connections
    assert 1.0 <= second - first < 1.25 + SLACK
    server.hook = None
    server.connections.clear()

    async def gone_for_long(socket: ServerConnection, frame: Up) -> Any:
        await socket.send(codec.encode(Error("busy", "come back in an hour", 3600.0)))
        await socket.close(4429)
        return []

    server.hook = gone_for_long
    paired.journal.write("y")
    began = time.monotonic()
    with pytest.raises(Unreachable, match="hour"):
        paired.sync()
    assert time.monotonic() - began < 5
    status = paired.status()
    assert status.last_error is not None
    assert status.last_error.code == "busy"


def test_unsent_work_is_kept_as_text_when_access_ends(server: FakeServer, paired: Tracker, practice: Practice) -> None:
    assert paired.sync().complete
    paired.journal.write("nobody has read this yet")

    async def revoking(socket: ServerConnection, frame: Up) -> Any:
        if isinstance(frame, Hello):
            return [Revoked(practice.stream, practice.grant)]
        await socket.close(4403)
        return []

    server.hook = revoking
    with pytest.raises(AccessEnded):
        paired.sync()
    status = paired.status()
    assert status.access_ended
    assert status.pending == 0
    assert [refusal.text for refusal in status.refusals] == ["nobody has read this yet"]
    assert status.last_error is not None
    assert status.last_error.final
    assert paired.journal.entries() == []


def test_synced_is_never_said_while_something_waits(server: FakeServer, paired: Tracker) -> None:
    stop = threading.Event()
    wrong: list[int] = []

    def write() -> None:
        chance = random.Random(7)
        while not stop.is_set():
            entry = paired.journal.write("mine")
            if not paired.wait_synced(20) or entry.id not in {push.document for push in server.pushed}:
                wrong.append(1)
            stop.wait(chance.random() / 200)

    with paired.live():
        writers = [threading.Thread(target=write) for _ in range(4)]
        for writer in writers:
            writer.start()
        stop.wait(4)
        stop.set()
        for writer in writers:
            writer.join(30)
        assert paired.sync().complete
        assert paired.status().pending == 0
    assert not wrong
    assert len(server.pushed) > 20


def test_progress_is_told_on_the_calling_thread_with_totals(server: FakeServer, paired: Tracker) -> None:
    for number in range(40):
        paired.journal.write(f"Day {number}")
    told: list[tuple[Transfer, int]] = []

    def progress(transfer: Transfer) -> None:
        told.append((transfer, threading.get_ident()))
        raise ValueError("an app's own mistake")

    report = paired.sync(progress=progress)
    assert report.complete
    assert report.reason is None
    last, thread = told[-1]
    assert thread == threading.get_ident()
    assert last.sent == last.to_send
    assert last.sent.documents == 40
    assert last.sent.bytes == sum(len(change) for push in server.pushed for change in push.changes)
    assert paired.status().transfer == last
