"""Cancelled or interrupted, a call stops at once, whatever the server does or does not do."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from tests.client_sdk.practice import Practice
from tests.client_sdk.sync.fake_server import SLACK, FakeServer, pair_with
from websockets.asyncio.server import ServerConnection

from intersession import Tracker, Transfer
from intersession_schemas.messages import Up

QUICK = 0.2


@pytest.fixture
def black_hole() -> Iterator[int]:
    """A port that takes connections and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_cancelled_sync_stops_at_once(
    tracker: Tracker, practice: Practice, black_hole: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair_with(tracker, practice, black_hole, monkeypatch)
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
    pair_with(tracker, practice, black_hole, monkeypatch)
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
    pair_with(tracker, practice, black_hole if when == "connecting" else server.port, monkeypatch)
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
