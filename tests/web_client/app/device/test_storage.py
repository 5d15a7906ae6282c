"""No room left, and a browser that has not agreed to keep things: said in words, with what can be done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.end_to_end.support.practice import Invitation
from tests.web_client.app.phone import WRITING, Phone
from tests.web_client.app.room import Room

pytestmark = pytest.mark.page

NO_ROOM = "This device has no room left."
LONG = "Walked round the lake. " * 600


def test_without_room_the_failing_action_leads_to_what_can_be_done_and_it_is_taken_along(
    phone: Phone, client: Invitation, tmp_path: Path
) -> None:
    phone.pair(client.code)
    phone.write("Kept before.")
    phone.open("/journal/new")  # anew, for an open store has some room in reserve
    room = Room(phone)
    room.leave(0)
    phone.page.get_by_label(WRITING).fill(LONG)
    phone.sees("what you type now is on this screen only")
    phone.tap("Save")
    phone.sees(NO_ROOM)
    assert phone.page.get_by_label(WRITING).input_value() == LONG
    phone.follow("What you can do")
    phone.shows("Sync")
    phone.sees("There is hardly any room left for this app")
    with phone.page.expect_download() as downloading:
        phone.tap("For other apps (JSON)")
    downloading.value.save_as(tmp_path / "mine.json")
    taken = json.loads((tmp_path / "mine.json").read_text(encoding="utf-8"))
    assert [entry["text"] for entry in taken["entries"]] == ["Kept before."]
    room.plenty()
    phone.open("/sync")
    phone.shows("Sync")
    expect(phone.page.get_by_text("There is hardly any room left")).to_have_count(0)


def test_what_is_on_this_device_only_can_be_taken_along_while_the_browser_may_delete_it(
    phone: Phone, client: Invitation
) -> None:
    phone.context.add_init_script("navigator.storage.persisted = () => Promise.resolve(false)")
    phone.pair(client.code)
    phone.sync()
    phone.sees("The browser has not agreed to keep what is on this device.")
    expect(phone.button("To read (HTML)")).to_have_count(0)
    phone.more("For my next session")
    phone.context.set_offline(True)
    phone.page.get_by_label("What would you like to talk about?").fill("The lake.")
    phone.tap("Add")
    phone.sees("The lake.")
    phone.more("Sync")
    phone.sees("is on this device only, until it is sent.")
    expect(phone.button("To read (HTML)")).to_be_visible()


def test_whoever_has_used_it_before_is_told_where_it_may_be_and_what_comes_back(phone: Phone) -> None:
    phone.open()
    phone.shows("Welcome")
    phone.page.get_by_text("I have used this app here before").click()
    phone.sees("Look first whether it is on your Home Screen")
    phone.sees("It comes back when you connect again")
    phone.sees("What was on this device only cannot be brought back")
