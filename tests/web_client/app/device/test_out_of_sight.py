"""A lock leaves nothing on the screen behind, when the app goes out of sight and when its page is kept for later."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.end_to_end.support.practice import Invitation
from tests.web_client.app.phone import Phone

pytestmark = pytest.mark.page

TEXT = "Nobody is to read this over my shoulder."
LEAVE = "(name) => dispatchEvent(new PageTransitionEvent(name, { persisted: true }))"


@pytest.fixture
def written(phone: Phone, client: Invitation) -> Phone:
    """A phone whose person has written something."""
    phone.pair(client.code)
    phone.write(TEXT)
    return phone


def test_with_a_lock_nothing_is_shown_out_of_sight_and_nothing_is_left_for_the_way_back(written: Phone) -> None:
    written.set_lock()
    written.tab("Journal")
    written.shows("Journal")
    body = written.page.locator("body")
    written.sees(TEXT)
    written.turn("hidden")
    expect(body).to_have_css("visibility", "hidden")
    written.turn("visible")
    expect(body).to_have_css("visibility", "visible")
    written.sees(TEXT)
    written.page.evaluate(LEAVE, "pagehide")
    expect(body).not_to_contain_text(TEXT)
    assert TEXT not in written.page.content()
    assert written.page.title() == "Intersession"
    written.page.evaluate(LEAVE, "pageshow")
    written.unlock()
    written.shows("Journal")


def test_without_a_lock_the_way_back_leads_to_what_was_there(written: Phone) -> None:
    written.turn("hidden")
    expect(written.page.locator("body")).to_have_css("visibility", "visible")
    written.page.evaluate(LEAVE, "pagehide")
    written.sees(TEXT)
    written.page.evaluate(LEAVE, "pageshow")
    written.turn("visible")
    written.more("Settings")


def test_taking_the_lock_away_says_what_goes_on(written: Phone) -> None:
    written.set_lock()
    written.give_passcode("Remove the lock")
    written.sees("The lock is being removed.")
    written.sees("No lock. Whoever can unlock this phone can open this app.")
