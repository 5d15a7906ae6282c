"""The tracker as a whole: what it tells listeners, threads, closing, what it does without a network."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.client_sdk.care_practice import Care
from tests.client_sdk.practice import NOON, Practice, SettableClock, exchange

from intersession import Change, InvalidField, NotPaired, StoreClosed, Tracker, Unreachable


def test_listeners_hear_of_each_change(tracker: Tracker) -> None:
    heard: list[Change] = []
    end = tracker.on_change(heard.append)
    entry = tracker.journal.write("x")
    tracker.symptoms.log({"worry": 1})
    assert [change.source for change in heard] == ["local", "local"]
    assert heard[0].documents == (entry.id,)
    end()
    end()
    tracker.journal.write("y")
    assert len(heard) == 2


def test_dispatch_carries_the_call_elsewhere(tracker: Tracker) -> None:
    queue: list[Callable[[], object]] = []
    heard: list[Change] = []
    tracker.on_change(heard.append, dispatch=queue.append)
    entry = tracker.journal.write("x")
    assert heard == []
    queue.pop()()
    assert heard == [Change((entry.id,), "local")]


def test_a_listener_that_fails_stops_nothing_and_its_words_are_not_logged(
    tracker: Tracker, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[Change] = []

    def fail(change: Change) -> None:
        raise RuntimeError("my secret")

    def lost_loop(call: Callable[[], object]) -> None:
        raise RuntimeError("my secret")

    tracker.on_change(fail)
    tracker.on_change(heard.append, dispatch=lost_loop)
    tracker.on_change(heard.append)
    with caplog.at_level(logging.DEBUG):
        tracker.journal.write("x")
    assert len(heard) == 1
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text


def test_a_listener_may_call_the_tracker_and_other_threads_go_on_meanwhile(tracker: Tracker) -> None:
    texts: list[str] = []

    def elsewhere() -> None:
        texts.append(tracker.journal.entries()[0].text)

    def listen(change: Change) -> None:
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join(10)
        if len(texts) == 1:
            tracker.journal.write("second")

    tracker.on_change(listen)
    tracker.journal.write("first")
    assert texts == ["first", "second"]


def test_listeners_hear_of_goals_homework_and_comments(care: Care) -> None:
    given = care.client.homework.assign("Walk", rule="daily")
    care.sync()
    heard: list[Change] = []
    care.tracker.on_change(heard.append)
    progress = care.tracker.homework.record(given.id)
    goal = care.tracker.goals.add("Ride")
    care.tracker.goals.edit(goal.id, what="Ride")
    comment = care.tracker.comment(goal.id, "I mean it")
    assert heard == [Change((one.id,), "local") for one in (progress, goal, comment)]
    with pytest.raises(InvalidField):
        care.tracker.goals.edit(goal.id, what="")
    care.client.homework.edit(given.id, what="Walk far")
    care.sync()
    (synced,) = [change for change in heard[3:] if change.documents]
    assert (given.id in synced.documents, synced.source) == (True, "sync")


def test_a_call_that_fails_tells_nobody(tracker: Tracker) -> None:
    heard: list[Change] = []
    tracker.on_change(heard.append)
    with pytest.raises(InvalidField):
        tracker.journal.write("x", mood=99)
    assert heard == []


def test_threads_that_write_at_once_lose_nothing(tracker: Tracker) -> None:
    entry = tracker.journal.write("shared")
    barrier = threading.Barrier(8)

    def work(number: int) -> None:
        barrier.wait()
        for n in range(15):
            tracker.journal.write(f"entry {number} {n}")
            tracker.symptoms.log({"worry": n}, note=f"{number} {n}")
            tracker.journal.edit(entry.id, tags=[f"{number}-{n}"])
            tracker.journal.search("entry")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    expected = {f"{number} {n}" for number in range(8) for n in range(15)}
    assert {
        found.text.removeprefix("entry ") for found in tracker.journal.entries() if found.id != entry.id
    } == expected
    assert {log.note for log in tracker.symptoms.logs()} == expected


def test_calls_after_closing_say_so(tracker: Tracker) -> None:
    entry = tracker.journal.write("x")
    tracker.close()
    tracker.close()
    for call in (tracker.journal.entries, tracker.status, lambda: tracker.journal.write("y")):
        with pytest.raises(StoreClosed, match="closed"):
            call()
    with pytest.raises(StoreClosed):
        tracker.journal.get(entry.id)


def test_the_network_needs_pairing(tracker: Tracker) -> None:
    for call in (tracker.sync, tracker.wait_synced, tracker.live):
        with pytest.raises(NotPaired, match="pair"):
            call()


def test_a_server_that_does_not_answer(tracker: Tracker) -> None:
    with pytest.raises(Unreachable):
        tracker.pair("http://localhost:9", "ABCD-EFGH", share_by_default=True, timeout=5)
    with pytest.raises(InvalidField, match="https"):
        tracker.pair("http://practice.example", "ABCD-EFGH", share_by_default=True)
    assert tracker.status().paired is None


def test_the_status_counts_what_waits(
    tracker: Tracker, clock: SettableClock, practice: Practice, pair: Callable[..., None]
) -> None:
    assert tracker.status().pending == 0
    pair(tracker)
    tracker.journal.write("one")
    clock.forward(hours=1)
    tracker.journal.write("two")
    status = tracker.status()
    assert (status.pending, status.oldest_pending, status.last_contact, status.connected) == (2, NOON, None, False)
    side = practice.join(tracker)
    assert tracker.status().pending == 2
    side.contact()
    practice.take(side)
    status = tracker.status()
    assert (status.pending, status.oldest_pending, status.last_contact) == (0, None, clock.now)


def test_the_last_contact_is_remembered(
    tracker: Tracker, clock: SettableClock, open_tracker: Callable[[str], Tracker]
) -> None:
    exchange(tracker).contact()
    first = clock.now
    clock.forward(seconds=5)
    exchange(tracker).contact()
    assert tracker.status().last_contact == clock.now
    tracker.close()
    assert open_tracker("tracker").status().last_contact == first


@pytest.mark.parametrize("now", [datetime(2026, 5, 4), None, "now"])  # noqa: DTZ001
def test_a_clock_must_return_an_aware_datetime(tmp_path: Path, now: Any) -> None:
    with Tracker.open(tmp_path / "x.db", clock=lambda: now) as tracker, pytest.raises(InvalidField, match="clock"):
        tracker.journal.write("x")


def test_the_default_clock_is_local_and_aware(tmp_path: Path) -> None:
    with Tracker.open(tmp_path / "x.db") as tracker:
        written = tracker.journal.write("x").written_at
        assert written.utcoffset() == datetime.now().astimezone().utcoffset()


def test_asyncio_apps_await_what_waits(tracker: Tracker, practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intersession.pairing.redeeming.redeem", lambda *_, **__: practice.reply())

    async def app() -> None:
        paired = await tracker.aio.pair("http://localhost:9", "ABCD-EFGH", share_by_default=True)
        assert paired == tracker.pairing
        with pytest.raises(Unreachable):
            await tracker.aio.sync(timeout=0.2)
        with pytest.raises(Unreachable, match="live"):
            await tracker.aio.wait_synced(timeout=0.2)

    asyncio.run(app())


def test_without_a_network_no_network_code_is_loaded(tmp_path: Path) -> None:
    program = """
import sys
from intersession import Tracker
with Tracker.open(sys.argv[1]) as tracker:
    tracker.symptoms.log({"worry": 1})
    tracker.journal.edit(tracker.journal.write("x").id, text="y")
    tracker.journal.search("y"), tracker.status(), tracker.symptoms.series("worry")
    tracker.goals.reach(tracker.goals.add("x").id), tracker.homework.list(), tracker.resources.list()
    tracker.due(), tracker.progress(), tracker.plan()
    unwanted = {"httpx", "websockets", "ssl", "intersession.cli", "intersession.pairing.redeeming"}
    print(sorted(sys.modules.keys() & unwanted))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "x.db"], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
