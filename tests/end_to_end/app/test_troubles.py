"""What goes wrong around the app: two tabs, a server that restarts, a clock that is wrong, a code that has expired."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.end_to_end.app.ahead import BOTH_AHEAD
from tests.end_to_end.app.worker import asked_phone, status, wait_until_sent
from tests.end_to_end.pages import browsing
from tests.end_to_end.support.practice import Invitation, Practice
from tests.end_to_end.support.server_process import ServerProcess, wait_for
from tests.web_client.app.phone import WITHIN, Phone

pytestmark = pytest.mark.page

SENTENCE = "The heron stood in the reeds."
AFTER = "The lake was frozen."
CLOCK = "This device’s clock differs from your practice’s."


@pytest.fixture
def app(browser: Browser, server: ServerProcess, client: Invitation) -> Iterator[Phone]:
    """The client's phone, paired."""
    with asked_phone(browser, server) as made:
        made.pair(client.code, shared=True)
        yield made


def test_two_tabs_take_turns_and_lose_nothing(app: Phone) -> None:
    app.write(SENTENCE)
    other = Phone(app.context.new_page())
    other.open("/journal")
    other.shows("Open in another tab")
    other.accessible()
    other.tap("Use it here")
    other.sees(SENTENCE)
    app.shows("Open in another tab")
    other.write("In the other tab.")
    app.tap("Use it here")
    app.visit("/journal")
    app.sees("In the other tab.")
    other.shows("Open in another tab")
    wait_until_sent(app)
    assert other.wrong == []


def test_the_server_is_restarted_while_the_app_is_open(
    app: Phone, server: ServerProcess, practice: Practice, client: Invitation, tmp_path: Path
) -> None:
    wait_for(lambda: status(app)["connected"], 20, "it is connected")
    server.kill()
    wait_for(lambda: not status(app)["connected"], 20, "it has noticed")
    app.write(SENTENCE)
    app.sees("not sent yet")
    app.accessible()
    server.start()
    wait_until_sent(app, 30)
    expect(app.page.get_by_text("not sent yet")).to_have_count(0)
    with practice.caseload(tmp_path / "anna.db", "anna") as caseload:
        assert caseload.sync().complete
        assert [entry.text for entry in caseload.client(client.person).entries()] == [SENTENCE]


def test_a_phone_whose_clock_is_a_day_ahead_says_so_and_is_read_all_the_same(
    browser: Browser, server: ServerProcess, practice: Practice, client: Invitation
) -> None:
    with (
        asked_phone(browser, server, service_workers="block") as app,
        browsing.opened(browser, practice, "anna") as page,
    ):
        app.page.add_init_script(BOTH_AHEAD)
        app.pair(client.code, shared=True)
        app.write(SENTENCE)
        wait_until_sent(app)
        app.visit("/sync")
        app.sees(CLOCK)
        app.accessible()
        page.goto(f"/clients/{client.person}/timeline")
        browsing.is_live(page)
        expect(page.get_by_text(SENTENCE)).to_be_visible()
        # The clock is set right, and the app is opened again.
        right = Phone(app.context.new_page())
        app.page.close()
        right.open("/sync")
        right.sees("Connected")
        expect(right.page.get_by_text(CLOCK)).to_have_count(0, timeout=WITHIN)
        right.write(AFTER)
        expect(page.get_by_text(AFTER)).to_be_visible(timeout=WITHIN)
        assert right.wrong == []


def test_an_expired_code_is_told_from_a_wrong_one(
    browser: Browser, server: ServerProcess, practice: Practice, client: Invitation
) -> None:
    newer = practice.invite_client(client.person)  # from now on the one before has expired
    with asked_phone(browser, server) as app:
        app.open(f"/pair#{client.code}")
        for code, says in (
            (client.code, "This code has expired."),
            ("ZZZZ-ZZZZ", "This code is not known."),
            (practice.invite_therapist("anna"), "This code is for your practice’s own devices."),
        ):
            app.page.get_by_label("Code from your practice").fill(code)
            app.tap("Connect")
            expect(app.page.get_by_role("alert")).to_contain_text(says, timeout=WITHIN)
        app.accessible()
        app.page.get_by_label("Code from your practice").fill(newer)
        app.tap("Connect")
        app.shows("Today")
