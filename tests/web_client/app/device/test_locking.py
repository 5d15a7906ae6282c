"""The lock, as a person meets it: it closes by itself, it waits after wrong passcodes, and it can be given up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, CDPSession, expect
from tests.web_client.app.beginning import opened
from tests.web_client.app.phone import PASSCODE, Phone
from tests.web_client.app.record import Record

pytestmark = pytest.mark.page

ADD = "Also open with a passkey"
DROP = "No longer open with the passkey"
NO_PASSKEYS = "() => { delete globalThis.PublicKeyCredential }"
NO_KEYS = "() => { PublicKeyCredential.getClientCapabilities = async () => ({ 'extension:prf': false }) }"
REFUSE_ONCE = """() => {
    navigator.credentials.get = async () => {
        delete navigator.credentials.get;
        throw new DOMException('', 'NotAllowedError');
    };
}"""


def test_it_locks_by_itself_after_five_minutes_in_the_background(browser: Browser, record: Record) -> None:
    with opened(browser, record, "/settings") as phone:
        phone.page.clock.install()
        phone.away("30:00")
        phone.shows("Settings")  # there is no lock
        phone.set_lock()
        phone.away("04:55")
        phone.shows("Settings")
        phone.away("05:05")
        phone.shows("Locked")
        phone.unlock()
        phone.shows("Settings")


@pytest.mark.parametrize(
    ("chosen", "time", "then"), [("After 1 minute", "01:05", "Locked"), ("Never", "30:00", "Settings")]
)
def test_when_it_locks_by_itself_is_chosen_and_kept(
    browser: Browser, record: Record, chosen: str, time: str, then: str
) -> None:
    with opened(browser, record, "/settings") as phone:
        phone.set_lock()
        expect(phone.page.get_by_role("radio", name="After 5 minutes")).to_be_checked()
        phone.page.get_by_role("radio", name=chosen, exact=True).check()
        phone.page.reload()
        phone.unlock()
        expect(phone.page.get_by_role("radio", name=chosen, exact=True)).to_be_checked()
        phone.page.clock.install()
        phone.away(time)
        phone.shows(then)


def test_after_wrong_passcodes_it_says_how_long_to_wait(browser: Browser, record: Record) -> None:
    with opened(browser, record, "/", "locked") as phone:
        phone.page.clock.install()
        button = phone.button("Open")
        phone.page.get_by_label("Passcode").fill("over the lake")
        for _ in range(5):
            expect(phone.page.get_by_text("You can try again")).to_have_count(0)
            button.click()
            expect(phone.page.get_by_role("alert")).to_contain_text("That does not open it")
        expect(phone.page.get_by_text("You can try again in 30 seconds.")).to_be_visible()
        expect(button).to_be_disabled()
        phone.page.reload()
        phone.page.get_by_label("Passcode").fill(PASSCODE)
        expect(phone.page.get_by_text(re.compile(r"You can try again in [23]0 seconds\."))).to_be_visible()
        expect(button).to_be_disabled()
        # The page's clock says that it is over; that of the worker, which keeps the lock, is not fooled by it.
        phone.page.clock.fast_forward("00:31")
        button.click()
        expect(phone.page.get_by_text(re.compile(r"You can try again in \d+ seconds?\."))).to_be_visible()
        expect(button).to_be_disabled()


@pytest.mark.parametrize(
    ("locale", "forgotten", "delete", "lost", "stays", "after"),
    [
        ("en-GB", "I cannot open it", "Delete everything", "Lost for good", "everything that you shared", "Welcome"),
        ("de-DE", "Ich kann sie nicht", "Alles löschen", "Endgültig verloren", "alles, was Sie geteilt", "Willkommen"),
    ],
    ids=["en", "de"],
)
def test_whoever_has_forgotten_it_is_told_what_is_lost_and_may_delete_everything(
    browser: Browser, record: Record, locale: str, forgotten: str, delete: str, lost: str, stays: str, after: str
) -> None:
    with opened(browser, record, "/", "locked", locale=locale) as phone:
        phone.page.get_by_text(forgotten).click()
        phone.tap(delete)
        dialog = phone.page.get_by_role("dialog")
        expect(dialog).to_contain_text(lost)
        expect(dialog).to_contain_text(stays)
        dialog.get_by_role("button").last.click()
        expect(phone.button(delete)).to_be_visible()
        phone.tap(delete)
        dialog.get_by_role("button", name=delete).click()
        phone.shows(after)


def test_the_safety_plan_is_read_with_its_resources_while_it_is_locked(browser: Browser, record: Record) -> None:
    with opened(browser, record, "/", "locked") as phone:
        phone.tab("Safety plan")
        phone.shows("Safety plan")
        phone.page.get_by_text("Breathing out longer").click()
        expect(phone.page.get_by_text("Breathe out and count to six.")).to_be_visible()


@contextmanager
def with_authenticator(browser: Browser, record: Record, *, prf: bool) -> Iterator[tuple[Phone, CDPSession, str]]:
    """The app's settings with a passcode set, where the browser has passkeys; at a name, as no address may have any."""
    named = replace(record, host="localhost")
    with opened(browser, named, "/settings") as phone:
        session = phone.context.new_cdp_session(phone.page)
        session.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": True}
        verified = {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
        made = session.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, **verified, "hasPrf": prf}})
        phone.set_lock()
        yield phone, session, made["authenticatorId"]


def credentials(session: CDPSession, authenticator: str) -> int:
    return len(session.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"])


def test_a_passkey_is_added_opens_it_and_is_taken_away(browser: Browser, record: Record) -> None:
    with with_authenticator(browser, record, prf=True) as (phone, session, authenticator):
        phone.give_passcode(ADD, "over the lake")
        expect(phone.page.get_by_role("alert")).to_contain_text("That does not open it")
        part = phone.page.locator("details").filter(has_text=ADD)
        part.get_by_label("Passcode").fill(PASSCODE)
        part.get_by_role("button", name=ADD).click()
        expect(phone.page.get_by_text(DROP).first).to_be_visible()
        assert credentials(session, authenticator) == 1
        phone.lock()
        phone.tap("Open with passkey")
        phone.shows("Settings")
        phone.give_passcode(DROP)
        expect(phone.page.get_by_text(ADD).first).to_be_visible()
        phone.lock()
        expect(phone.button("Open with passkey")).to_have_count(0)


def test_a_passkey_that_does_not_answer_is_asked_again_and_the_passcode_opens_it_too(
    browser: Browser, record: Record
) -> None:
    with with_authenticator(browser, record, prf=True) as (phone, _, _):
        phone.give_passcode(ADD)
        expect(phone.page.get_by_text(DROP).first).to_be_visible()
        for again in (True, False):
            phone.lock()
            phone.page.evaluate(REFUSE_ONCE)
            phone.tap("Open with passkey")
            expect(phone.page.get_by_role("alert")).to_contain_text("The passkey was not used")
            phone.page.get_by_label("Passcode").fill(PASSCODE)
            phone.tap("Open with passkey" if again else "Open")
            phone.shows("Settings")


def test_a_passkey_that_makes_no_keys_is_not_taken(browser: Browser, record: Record) -> None:
    with with_authenticator(browser, record, prf=False) as (phone, _, _):
        phone.give_passcode(ADD)
        expect(phone.page.get_by_role("alert")).to_contain_text("Your passkey cannot open this app")
        phone.lock()
        expect(phone.button("Open with passkey")).to_have_count(0)


@pytest.mark.parametrize("cannot", [NO_PASSKEYS, NO_KEYS], ids=["no passkeys", "no keys"])
def test_a_passkey_is_offered_only_where_the_browser_can(browser: Browser, record: Record, cannot: str) -> None:
    with opened(browser, record, "/settings") as phone:
        phone.page.evaluate(cannot)
        phone.set_lock()
        expect(phone.page.get_by_text("Remove the lock").first).to_be_visible()
        expect(phone.page.get_by_text(ADD)).to_have_count(0)
