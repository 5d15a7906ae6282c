"""What the practice did not accept: kept on the phone until the person has decided what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.end_to_end.support.practice import Practice
from tests.end_to_end.support.server_process import ServerProcess
from tests.web_client.app.phone import WITHIN, Phone
from tests.web_client.served import practice_on, server_of

pytestmark = pytest.mark.page
SAID = "The meeting with Vogt, and the lake."
REFUSES_TOPICS = """
from intersession_server.log import checks
from intersession_schemas.errors import RefusalCode

judged = checks.judge
def judge(submission, facts):
    return checks.Reject(RefusalCode.TOO_LARGE) if submission.kind == "topic" else judged(submission, facts)
checks.judge = judge
"""


@pytest.fixture(scope="module")
def server(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server that takes no topics."""
    with server_of(built, tmp_path_factory.mktemp("practice") / "server", first=REFUSES_TOPICS) as running:
        yield running


@pytest.fixture(scope="module")
def practice(server: ServerProcess) -> Iterator[Practice]:
    """A practice on it."""
    with practice_on(server) as made:
        yield made


def _refused(phone: Phone) -> None:
    """Note a topic, and open what the practice says of it."""
    phone.open("/topics")
    phone.page.get_by_label("What would you like to talk about?").fill(SAID)
    phone.tap("Add")
    phone.tab("Today")
    phone.page.get_by_role("link", name="Your practice did not accept one change").click(timeout=WITHIN)
    phone.shows("Sync")
    expect(phone.page.get_by_text(SAID)).to_be_visible()


def test_it_is_kept_as_a_private_entry(phone: Phone) -> None:
    _refused(phone)
    phone.tap("Keep as a private entry")
    expect(phone.page.get_by_role("heading", name="Not accepted by your practice")).to_have_count(0)
    phone.tab("Journal")
    card = phone.page.get_by_role("article").filter(has_text=SAID)
    expect(card).to_contain_text("Private")
    phone.tab("Today")
    phone.shows("Today")
    expect(phone.page.get_by_role("link", name="Your practice did not accept one change")).to_have_count(0)


def test_it_is_saved_as_a_file_and_dismissed(phone: Phone) -> None:
    _refused(phone)
    with phone.page.expect_download() as begun:
        phone.tap("Save as a file")
    assert Path(begun.value.path()).read_text("utf-8").strip() == SAID
    phone.tap("Dismiss")
    dialog = phone.page.get_by_role("dialog")
    expect(dialog).to_contain_text("is deleted from this device")
    dialog.get_by_role("button", name="Cancel").click()
    expect(phone.page.get_by_text(SAID)).to_be_visible()
    phone.tap("Dismiss")
    dialog.get_by_role("button", name="Dismiss").click()
    expect(phone.page.get_by_text(SAID)).to_have_count(0)
    phone.page.reload()
    phone.settled()
    expect(phone.page.get_by_role("heading", name="Not accepted by your practice")).to_have_count(0)
