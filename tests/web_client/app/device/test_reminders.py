"""Reminders while the app is closed, as a person meets them: in the settings, and on the lock screen."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect
from tests.end_to_end.support.practice import NAME
from tests.end_to_end.support.server_process import wait_for
from tests.web_client.app.beginning import start
from tests.web_client.app.phone import Phone, phone_in
from tests.web_client.app.pushing import NOBODY, Delivering, stand_in, subscribed
from tests.web_client.app.record import Record

from intersession_server.operator import staff_commands as staff

pytestmark = pytest.mark.page

REMIND = "Remind me when something is due"
CLOSED = "Also while the app is closed"
EN = {"title": "Intersession", "body": "There is something on your plan.", "tag": "due", "lang": "en"}
DE = EN | {"body": "In Ihrem Plan steht etwas an.", "lang": "de"}
WITHOUT_PUSH = "delete globalThis.PushManager"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Version/17.4 Safari/604.1"
NEWEST = """
    SELECT (SELECT endpoint FROM push_subscription WHERE device = device.id) FROM device ORDER BY paired_at DESC LIMIT 1
"""


def offer(record: Record, offered: bool) -> None:
    """The practice offers reminders, or none."""
    record.practice.operate(staff.SetReminders(practice=NAME, offered=offered), staff.RemindersSet)


@contextmanager
def settings(
    browser: Browser, record: Record, *, offered: bool = True, script: str = "", **options: Any
) -> Iterator[Phone]:
    """The settings of an app whose practice offers reminders, in a browser that allows notifications."""
    offer(record, offered)
    with phone_in(browser, record.url, permissions=["notifications"], **options) as phone:
        phone.context.add_init_script(script)
        stand_in(phone.context)
        start(phone, record, "open")
        phone.page.evaluate("() => navigator.serviceWorker.ready")
        phone.visit("/settings")
        yield phone


def switch(phone: Phone, name: str = CLOSED) -> Locator:
    """A switch of the settings."""
    return phone.page.get_by_role("checkbox", name=name, exact=True)


def sent_to(record: Record) -> str | None:
    """Where the server sends reminders of the device that was paired last."""
    file = record.practice.server.data / "app.db"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        endpoint: str | None = connection.execute(NEWEST).fetchone()[0]
        return endpoint


def comes_to(record: Record, endpoint: str | None) -> None:
    """Wait until the server sends reminders there; None: nowhere."""
    wait_for(lambda: sent_to(record) == endpoint, 20, f"reminders go to {endpoint}")


def turn_on(phone: Phone, record: Record) -> None:
    """Turn both on."""
    switch(phone, REMIND).check()
    switch(phone).check()
    comes_to(record, f"{NOBODY}/1")


def test_they_are_turned_on_and_off_by_the_person(browser: Browser, record: Record) -> None:
    with settings(browser, record) as phone:
        expect(switch(phone)).to_have_count(0)
        switch(phone, REMIND).check()
        expect(switch(phone)).not_to_be_checked()
        assert subscribed(phone.page) is None, "nothing leaves the device before the person has said so"
        switch(phone).check()
        comes_to(record, f"{NOBODY}/1")
        phone.page.reload()
        phone.settled()
        expect(switch(phone)).to_be_checked()
        assert phone.page.evaluate("() => localStorage.getItem('subscriptions')") == "1"
        switch(phone).uncheck()
        comes_to(record, None)
        expect(switch(phone)).not_to_be_checked()
        assert subscribed(phone.page) is None
        # Without the other ones there are none.
        switch(phone).check()
        comes_to(record, f"{NOBODY}/2")
        switch(phone, REMIND).uncheck()
        comes_to(record, None)
        expect(switch(phone)).to_have_count(0)
        assert subscribed(phone.page) is None


def test_who_is_involved_and_what_is_shown_is_said_where_it_is_chosen(browser: Browser, record: Record) -> None:
    with settings(browser, record, viewport={"width": 320, "height": 640}) as phone:
        switch(phone, REMIND).check()
        described = phone.page.locator(f"#{switch(phone).get_attribute('aria-describedby')}")
        for said in ("Google, Apple, Mozilla or Microsoft", EN["body"], "not what about", "locked"):
            expect(described).to_contain_text(said)
        phone.accessible()
        assert phone.page.evaluate("() => document.documentElement.scrollWidth") <= 320


def test_a_practice_that_does_not_offer_them_is_said_and_left_alone(browser: Browser, record: Record) -> None:
    with settings(browser, record) as phone:
        turn_on(phone, record)
        offer(record, False)
        phone.page.reload()
        phone.sees("Your practice does not offer reminders while the app is closed.")
        phone.page.wait_for_function("() => localStorage.getItem('pushed') === null")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "This browser cannot remind you while the app is closed."),
        ({"user_agent": IPHONE}, "only if it was put on the Home Screen and connected there"),
    ],
)
def test_why_a_browser_cannot_is_said(browser: Browser, record: Record, options: dict[str, Any], said: str) -> None:
    with settings(browser, record, script=WITHOUT_PUSH, **options) as phone:
        switch(phone, REMIND).check()
        expect(phone.page.get_by_text(said)).to_be_visible()


def test_a_push_service_that_cannot_be_reached_is_said(browser: Browser, record: Record) -> None:
    with settings(browser, record) as phone:
        phone.page.evaluate("() => localStorage.setItem('unreachable', 'yes')")
        switch(phone, REMIND).check()
        switch(phone).click()
        expect(phone.page.get_by_text("The push service of this browser cannot be used just now.")).to_be_visible()
        expect(switch(phone)).not_to_be_checked()
        assert sent_to(record) is None


def test_what_was_subscribed_with_another_key_or_given_up_is_made_anew(browser: Browser, record: Record) -> None:
    with settings(browser, record) as phone:
        turn_on(phone, record)
        held = subscribed(phone.page)
        other = {**held, "key": held["key"][:-1] + ("A" if held["key"][-1] != "A" else "Q")}
        phone.page.evaluate("(other) => localStorage.setItem('pushed', JSON.stringify(other))", other)
        phone.page.reload()
        comes_to(record, f"{NOBODY}/2")
        assert subscribed(phone.page) == {"key": held["key"], "endpoint": f"{NOBODY}/2"}
        # The browser has given it up, and says so by an event.
        phone.page.evaluate("() => localStorage.removeItem('pushed')")
        (worker,) = phone.context.service_workers
        worker.evaluate("() => dispatchEvent(new ExtendableEvent('pushsubscriptionchange'))")
        comes_to(record, f"{NOBODY}/3")


@pytest.mark.parametrize("how", ["Leave the practice", "Delete everything"])
def test_who_leaves_gets_no_more(browser: Browser, record: Record, how: str) -> None:
    with settings(browser, record) as phone:
        turn_on(phone, record)
        phone.confirm(how)
        expect(phone.page.get_by_role("dialog")).to_have_count(0)
        comes_to(record, None)
        assert subscribed(phone.page) is None
        assert phone.page.evaluate("() => caches.has('reminders')") is False


def test_a_message_shows_one_sentence_in_the_language_of_the_screens(browser: Browser, record: Record) -> None:
    with settings(browser, record) as phone:
        turn_on(phone, record)
        delivering = Delivering(phone.page)
        for data in ('{"kind":"due"}', '{"kind":"due","about":"worry"}', "", "no JSON"):
            delivering.message(data)
            assert delivering.shown() == [EN], "it says the same, whatever comes"
        phone.page.get_by_role("radio", name="Deutsch").check()
        kept = "async () => (await (await caches.match('/app/reminders/language')).text()) === 'de'"
        phone.page.wait_for_function(kept)
        # While the app is locked, too, and so with its store closed.
        phone.set_lock()
        phone.lock()
        delivering.message()
        assert delivering.shown() == [DE]
