"""Real connections with a server that is strict, small, closing, or silent."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.client_sdk.fake_server import FakeServer, fake_server
from tests.client_sdk.practice import Practice, replica_of
from websockets.asyncio.server import ServerConnection

from intersession import AccessEnded, SyncReport, Tracker, Transfer, Unreachable
from intersession_schemas import codec
from intersession_schemas.messages import Accepted, Error, Hello, Limits, Push, Rejected, Revoked, Up
from intersession_schemas.work import work

QUICK = 0.2
SLACK = 0.3
"""The machine may be busy with other things."""


@pytest.fixture
def server(practice: Practice) -> Iterator[FakeServer]:
    with fake_server(practice) as running:
        yield running


@pytest.fixture
def paired(tracker: Tracker, server: FakeServer, practice: Practice, monkeypatch: pytest.MonkeyPatch) -> Tracker:
    """The tracker, sharing everything with the fake server."""
    return _paired(tracker, practice, server.port, monkeypatch)


def _paired(tracker: Tracker, practice: Practice, port: int, monkeypatch: pytest.MonkeyPatch) -> Tracker:
    monkeypatch.setattr("intersession.pairing.redeeming.redeem", lambda *_, **__: practice.reply())
    tracker.pair(f"http://127.0.0.1:{port}", "ABCD-EFGH", share_by_default=True, share_earlier=False)
    return tracker


# -- pace --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("burst", [0.0, 80.0])
def test_a_strict_server_never_sees_more_than_its_welcome_allows(
    server: FakeServer, paired: Tracker, burst: float
) -> None:
    server.limits = Limits(2**21, 32, messages_per_second=100.0, burst=burst)
    for number in range(250):
        paired.journal.write(f"Day {number}")
    assert paired.sync().complete
    assert len(server.pushed) == 250
    paired.journal.write("one more, on a new connection")
    assert paired.sync().complete
    assert server.violations == 0
    assert paired.status().pending == 0


def test_answers_that_arrive_together_are_one_commit(server: FakeServer, paired: Tracker) -> None:
    held_back: list[Accepted] = []

    async def together(_: ServerConnection, frame: Up) -> Any:
        if not isinstance(frame, Push):
            return None
        held_back.append(Accepted(frame.id, 0))
        if len(held_back) < 16:
            return []
        answers = held_back.copy()
        held_back.clear()
        return answers

    server.hook = together
    for number in range(64):
        paired.journal.write(f"Day {number}")
    statements: list[str] = []
    with replica_of(paired).reading() as store:
        store._conn.set_trace_callback(statements.append)
    assert paired.sync() == SyncReport(64, 0, 0, complete=True)
    assert paired.status().pending == 0
    assert 0 < sum(statement.upper().startswith("COMMIT") for statement in statements) <= 64 / 2


def test_work_is_paced_as_well(server: FakeServer, paired: Tracker) -> None:
    each = work(rows=1)
    server.limits = Limits(2**21, 32, 0.0, work_per_second=40 * each, work_burst=20 * each)
    for number in range(30):
        paired.journal.write(f"Day {number}")
    began = time.monotonic()
    assert paired.sync().complete
    assert time.monotonic() - began > (30 - 20) / 40


def test_what_is_refused_for_now_waits_as_long_as_it_is_told(server: FakeServer, paired: Tracker) -> None:
    came: list[float] = []

    async def busy(_: ServerConnection, frame: Up) -> Any:
        if isinstance(frame, Push):
            came.append(time.monotonic())
            if len(came) == 1:
                return [Rejected(frame.id, "busy", "later", frame.document, 0.5)]
        return None

    server.hook = busy
    server.limits = Limits(2**21, 1, 0.0)
    for number in range(3):
        paired.journal.write(f"Day {number}")
    assert paired.sync().complete
    assert len(came) == 4
    assert came[1] - came[0] >= 0.5


# -- sizes -------------------------------------------------------------------------------------------------------------


def test_frames_are_as_small_as_the_welcome_says(server: FakeServer, paired: Tracker) -> None:
    server.limits = Limits(64 * 1024, 32, 0.0)
    entry = paired.journal.write("x")
    for _ in range(30):
        paired.journal.edit(entry.id, text=secrets.token_hex(1_000))
    for _ in range(30):
        paired.journal.write(secrets.token_hex(4_000))
    report = paired.sync()
    assert report.complete, report
    assert max(server.sizes) <= 64 * 1024
    assert len(server.connections) == 1
    assert sum(len(push.changes) for push in server.pushed) == report.pushed == 61


def test_what_can_never_go_is_kept_as_text_and_everything_else_goes(server: FakeServer, paired: Tracker) -> None:
    server.limits = Limits(4_000, 32, 0.0)
    words = secrets.token_hex(4_500)
    paired.journal.write(words)
    other = paired.journal.write("small")
    report = paired.sync()
    assert (report.complete, report.refused) == (True, 1)
    (refusal,) = paired.status().refusals
    assert (refusal.code, refusal.text) == ("too_large", words)
    assert [push.document for push in server.pushed] == [other.id]
    assert len(server.connections) == 1


def test_a_server_that_takes_less_than_it_says_makes_no_loop(server: FakeServer, paired: Tracker) -> None:
    async def small(socket: ServerConnection, frame: Up) -> Any:
        if isinstance(frame, Push) and sum(map(len, frame.changes)) > 4_000:
            await socket.close(4413)
            return []
        return None

    server.hook = small
    words = secrets.token_hex(4_500)
    paired.journal.write(words)
    for number in range(5):
        paired.journal.write(f"Day {number}")
    report = paired.sync(timeout=30)
    assert report.complete, report
    assert len({push.document for push in server.pushed}) == 5
    assert [refusal.text for refusal in paired.status().refusals] == [words]
    assert len(server.connections) <= 4


# -- coming back -------------------------------------------------------------------------------------------------------


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


# -- ending access -----------------------------------------------------------------------------------------------------


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


# -- stopping ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def black_hole() -> Iterator[int]:
    """A port that takes connections and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_cancelled_sync_stops_at_once(
    tracker: Tracker, practice: Practice, black_hole: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _paired(tracker, practice, black_hole, monkeypatch)
    tracker.journal.write("x")

    async def cancelled() -> float:
        task = asyncio.create_task(tracker.aio.sync())
        await asyncio.sleep(0.3)  # by then it is connecting, and would be for ten seconds
        began = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return time.monotonic() - began

    assert asyncio.run(cancelled()) < QUICK + SLACK
    _no_thread_left()
    assert tracker.status().pending == 1


def test_a_cancelled_pair_stops_at_once(tracker: Tracker, black_hole: int) -> None:
    began = 0.0

    async def cancelled() -> None:
        nonlocal began
        task = asyncio.create_task(
            tracker.aio.pair(f"http://127.0.0.1:{black_hole}", "ABCD-EFGH", share_by_default=True)
        )
        await asyncio.sleep(0.3)  # by then it waits for the answer
        began = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())  # and neither does the loop wait for the thread when it ends
    assert time.monotonic() - began < QUICK + SLACK
    assert tracker.status().paired is None


def test_a_cancelled_wait_synced_stops_at_once(
    tracker: Tracker, practice: Practice, black_hole: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _paired(tracker, practice, black_hole, monkeypatch)
    tracker.journal.write("x")
    began = 0.0

    async def cancelled() -> None:
        nonlocal began
        task = asyncio.create_task(tracker.aio.wait_synced())
        await asyncio.sleep(0.3)
        began = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with tracker.live():
        asyncio.run(cancelled())
        assert time.monotonic() - began < QUICK + SLACK
        assert tracker.status().pending == 1
    _no_thread_left()


def _no_thread_left() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("intersession-"):
            thread.join(1.0)
            assert not thread.is_alive()


@pytest.mark.parametrize("when", ["connecting", "pausing", "talking"])
def test_an_interrupted_sync_stops_at_once(
    when: str,
    tracker: Tracker,
    server: FakeServer,
    practice: Practice,
    black_hole: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def silent(socket: ServerConnection, frame: Up) -> Any:
        if when == "pausing":
            await socket.close(1011)
        return []

    server.hook = silent
    _paired(tracker, practice, black_hole if when == "connecting" else server.port, monkeypatch)
    tracker.journal.write("x")
    began = time.monotonic()
    interrupted = 0.0

    def interrupt(_: Transfer) -> None:
        nonlocal interrupted
        if time.monotonic() - began > 0.4:
            interrupted = time.monotonic()
            raise KeyboardInterrupt

    # As Ctrl-C does: an exception on the thread that waits.
    waits = threading.Condition.wait_for

    def wait_for(self: threading.Condition, *rest: Any) -> bool:
        interrupt(Transfer())
        return bool(waits(self, *rest))

    monkeypatch.setattr(threading.Condition, "wait_for", wait_for)
    with pytest.raises(KeyboardInterrupt):
        tracker.sync()
    assert time.monotonic() - interrupted < QUICK + SLACK
    monkeypatch.setattr(threading.Condition, "wait_for", waits)
    _no_thread_left()
    assert tracker.status().pending == 1


# -- saying what is true -----------------------------------------------------------------------------------------------


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


# -- the command -------------------------------------------------------------------------------------------------------


@pytest.fixture
def store(paired: Tracker) -> Path:
    """The paired store with three entries that wait, closed so that the command can open it."""
    for number in range(3):
        paired.journal.write(f"Day {number}")
    with replica_of(paired).reading() as open_store:
        path = open_store.path
    paired.close()
    return path


def _intersession(*arguments: str, stderr: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "intersession", *arguments],
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_command_says_what_is_left_and_why_and_exits_with_1(server: FakeServer, store: Path) -> None:
    async def silent(_: ServerConnection, frame: Up) -> Any:
        return [] if isinstance(frame, Push) else None

    server.hook = silent
    done = _intersession("sync", "--timeout", "1", "--store", str(store))
    assert done.returncode == 1
    assert done.stdout == (
        "0 changes sent, 0 received. Still to do: 3 documents to send. Sync reached its time limit of 1 second."
        " Sync again to continue where it left off. Everything you wrote is kept.\n"
    )
    assert done.stderr == ""
    as_json = _intersession("sync", "--timeout", "1", "--json", "--store", str(store))
    assert as_json.returncode == 1
    report = json.loads(as_json.stdout)
    assert (report["complete"], report["reason_code"]) == (False, "timeout")
    server.hook = None
    complete = _intersession("sync", "--store", str(store))
    assert (complete.returncode, complete.stderr) == (0, "")
    assert complete.stdout == "3 changes sent, 0 received. Everything is in sync.\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminal")
@pytest.mark.usefixtures("server")
def test_the_command_shows_how_far_it_is_on_a_terminal(store: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    try:
        done = _intersession("sync", "--store", str(store), stderr=theirs)
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # how a terminal says that the other end is closed
            while read := os.read(ours, 1024):
                shown += read
    finally:
        os.close(ours)
    assert done.returncode == 0
    assert b"Exchanging" in shown
    assert b"100%" in shown
    assert done.stdout == "3 changes sent, 0 received. Everything is in sync.\n"
