"""SIGKILL of the whole browser at random moments, while somebody writes by the app's screens.

What the screen had confirmed must be there afterwards as it was confirmed, and what it had confirmed to be deleted must
not; what was under way is there whole, or not at all. After each kill that is read from the app's own export, and in
the end from another device, by way of the server.

This is not a power cut: what the browser has handed to the system survives SIGKILL even where it is on no disk yet.
That a transaction waits for the disk is left to SQLite's `synchronous=FULL` and the browser's `flush`.
"""

from __future__ import annotations

import os
import random
import threading
import time
from pathlib import Path

import pytest
from playwright.sync_api import Error
from tests.end_to_end.support.practice import Practice
from tests.web_client.app.kept.conftest import Note
from tests.web_client.app.kept.person import Person, by_name
from tests.web_client.app.kept_phone import KeptPhone

pytestmark = [
    pytest.mark.page,
    pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX"),
    pytest.mark.timeout(3_600),
]

LATEST = 3.0
"""Seconds after something was confirmed in which a browser is killed. Saving an entry takes some tenths of one."""


@pytest.mark.parametrize("kills", [1, pytest.param(100, marks=pytest.mark.long)])
def test_what_was_confirmed_on_the_screen_is_there_after_the_browser_was_killed(
    phone: KeptPhone, practice: Practice, tmp_path: Path, kills: int, note: Note
) -> None:
    """So many times without a lock, then so many with one, which is removed and set again in between."""
    client = practice.add_client(f"Killed {kills}", "anna")
    person = Person(phone, random.Random(kills))
    phone.pair(client.code, shared=False)
    figures = [one_after_the_other(phone, person, kills)]
    phone.set_lock()
    person.locks = True
    figures.append(one_after_the_other(phone, person, kills))
    phone.sync()
    with practice.tracker(tmp_path / "tablet.db", client.person) as tablet:
        assert tablet.sync().complete
        sent = [entry.text for entry in tablet.journal.entries()] + [log.note for log in tablet.symptoms.logs()]
    there = person.record.is_there()
    assert sorted(sent) == sorted(text for name, text in there.items() if name in person.record.shared)
    note(
        f"kills of the browser: without a lock {figures[0]}, with one {figures[1]}; at the end {len(there)} things are"
        f" there, and the {len(sent)} shared ones on another device, each once"
    )


def one_after_the_other(phone: KeptPhone, person: Person, kills: int) -> str:
    """Kill the browser so many times while the person goes on; what that came to."""
    chance = random.Random(kills)
    began, confirmed = time.monotonic(), person.record.confirmed
    for _ in range(kills):
        person.act()
        killed = threading.Event()

        def kill(killed: threading.Event = killed) -> None:
            killed.set()
            phone.kill()

        timer = threading.Timer(chance.uniform(0, LATEST), kill)
        timer.start()
        try:
            person.go_on()
        except Error:
            assert killed.is_set()
        timer.join()
        phone.wait_until_ended()
        phone.start()
        phone.open()
        if phone.heading() == "Locked":
            phone.unlock()
        person.record.compare(by_name(phone.export()))
    return f"{kills}, {person.record.confirmed - confirmed} things confirmed, {time.monotonic() - began:.0f} s"
