"""The whole app, as it is built, at a real server: paired by its screens, and read by the therapist."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.end_to_end.support.practice import Invitation, Practice
from tests.end_to_end.support.server_process import wait_for
from tests.web_client.app.phone import WITHIN, WRITING, Phone

pytestmark = pytest.mark.page

SENTENCE = "Walked round the lake."


def test_a_client_pairs_writes_and_is_read_by_their_therapist(
    phone: Phone, practice: Practice, client: Invitation, tmp_path: Path
) -> None:
    phone.open(f"/pair#{client.code}")
    expect(phone.page.get_by_label("Code from your practice")).to_have_value(client.code, timeout=WITHIN)
    phone.page.get_by_role("radio", name="Shared").check()
    phone.tap("Connect")
    phone.shows("Today")
    phone.open("/journal/new")
    phone.page.get_by_label(WRITING).fill(SENTENCE)
    phone.tap("Save")
    expect(phone.page.get_by_text(SENTENCE)).to_be_visible()
    with practice.caseload(tmp_path / "anna.db", "anna") as caseload, caseload.live():
        wait_for(lambda: client.person in {one.id for one in caseload.clients()}, 20, "the caseload has the client")
        record = caseload.client(client.person)
        wait_for(lambda: [entry.text for entry in record.entries()] == [SENTENCE], 20, "it is read")
    phone.context.set_offline(True)
    phone.page.reload()
    expect(phone.page.get_by_text(SENTENCE)).to_be_visible(timeout=WITHIN)


def test_the_app_locks_by_itself_opens_again_and_can_be_emptied_while_it_is_locked(
    phone: Phone, client: Invitation
) -> None:
    phone.page.clock.install()
    phone.pair(client.code)
    phone.set_lock()
    phone.away("05:05")
    phone.unlock()
    phone.shows("Settings")
    phone.away("05:05")
    phone.shows("Locked")
    phone.page.get_by_text("I cannot open it any more").click()
    phone.confirm("Delete everything")
    phone.shows("Welcome")
