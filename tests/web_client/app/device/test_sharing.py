"""Who reads what is written from now on: chosen anew, with what was written before as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.end_to_end.support.practice import Invitation, Practice
from tests.end_to_end.support.server_process import wait_for
from tests.web_client.app.phone import Phone

pytestmark = pytest.mark.page


def test_another_choice_is_about_what_is_written_afterwards(
    phone: Phone, practice: Practice, client: Invitation, tmp_path: Path
) -> None:
    phone.pair(client.code)
    phone.write("For myself.")
    phone.more("Settings")
    expect(phone.page.get_by_role("radio", name="Private at first")).to_be_checked()
    phone.sees("This changes nothing of what is there")
    phone.page.get_by_role("radio", name="Shared at first").check()
    phone.sees("New entries are shared with your care team")
    phone.write("For both of us.")
    with practice.caseload(tmp_path / "anna.db", "anna") as caseload, caseload.live():
        person = client.person
        wait_for(lambda: person in {one.id for one in caseload.clients()}, 20, "the caseload has the client")
        record = caseload.client(person)
        wait_for(lambda: [entry.text for entry in record.entries()] == ["For both of us."], 20, "one of them is read")
    phone.more("Settings")
    expect(phone.page.get_by_role("radio", name="Shared at first")).to_be_checked()
