"""A device without room: it says so, nothing is half there, and what waits to be sent can be taken along."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.disclosure.sentences import prose
from tests.end_to_end.support.practice import Practice
from tests.web_client.app.phone import WRITING, Phone
from tests.web_client.app.room import Room

from intersession import Tracker

pytestmark = [pytest.mark.page, pytest.mark.timeout(300)]

NO_ROOM = "This device has no room left."
LITTLE = 50_000
"""Bytes of room: for some entries, but not for `MOST`."""
MOST = 20


def says_that_there_is_no_room(phone: Phone) -> None:
    phone.page.get_by_role("alert").filter(has_text=NO_ROOM).first.wait_for()


def fill(phone: Phone) -> tuple[list[str], str]:
    """Write until there is no room: what was saved, and what was not."""
    saved: list[str] = []
    while len(saved) < MOST:
        text = f"Entry {len(saved)}, {prose(8_000, len(saved))}".strip()
        phone.begin_entry()
        phone.page.get_by_label(WRITING).fill(text)
        phone.tap("Save")
        written = phone.page.get_by_role("heading", level=1, name="Entry", exact=True)
        written.or_(phone.page.get_by_role("alert")).first.wait_for()
        if phone.heading() != "Entry":
            says_that_there_is_no_room(phone)
            return saved, text
        saved.append(text)
    raise AssertionError("there was room for all of it")


def test_without_room_it_says_so_and_what_waits_can_be_taken_along(
    phone: Phone, practice: Practice, tmp_path: Path
) -> None:
    client = practice.add_client("Full", "anna")
    phone.pair(client.code, shared=True)
    room = Room(phone)
    phone.context.set_offline(True)
    room.leave(LITTLE)
    saved, last = fill(phone)
    assert saved
    assert phone.page.get_by_label(WRITING).input_value() == last
    exported = phone.export()
    assert {entry["text"] for entry in exported["entries"]} == set(saved)
    file = tmp_path / "export.json"
    file.write_text(json.dumps(exported), "utf-8")
    with Tracker.open(tmp_path / "elsewhere.db") as elsewhere:
        elsewhere.import_from(file)
        assert {entry.text for entry in elsewhere.journal.entries()} == set(saved)
    # What is there can be deleted all the same, and makes room for something smaller.
    phone.open_entry("Entry 0, ")
    phone.drop_entry(shared=True)
    saved = [*saved[1:], "A few words."]
    phone.write("A few words.", shared=True)
    room.plenty()
    phone.write(last, shared=True)
    phone.context.set_offline(False)
    phone.sync()
    with practice.tracker(tmp_path / "tablet.db", client.person) as tablet:
        assert tablet.sync().complete
        assert sorted(entry.text for entry in tablet.journal.entries()) == sorted([*saved, last])


def test_without_room_no_lock_is_set_and_one_that_is_set_is_opened(phone: Phone, practice: Practice) -> None:
    client = practice.add_client("Locked and full", "anna")
    phone.pair(client.code, shared=True)
    phone.write("Walked round the lake.", shared=True)
    room = Room(phone)
    room.leave(0)
    phone.ask_for_a_lock()
    says_that_there_is_no_room(phone)
    room.plenty()
    phone.open()
    assert not phone.has_lock()
    phone.set_lock()
    room.leave(0)
    phone.lock()
    phone.unlock()
    phone.open_entry("Walked round the lake.")
