"""Whom to call: by the practice's country, by that of the device before, and by any other; locked and offline too."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.end_to_end.support.practice import NAME, Invitation, Practice
from tests.web_client.app.phone import Phone

from intersession_server.operator import staff_commands as staff

pytestmark = pytest.mark.page

EMERGENCY = "In danger now: {}"


def calls(phone: Phone) -> dict[str, str]:
    """What can be called on the screen, by its words."""
    links = phone.page.locator("main a[href^='tel:'], main a[href^='sms:']")
    return {link.inner_text(): link.get_attribute("href") or "" for link in links.all()}


@pytest.fixture(autouse=True)
def austria(practice: Practice) -> None:
    """The practice says that it is in Austria."""
    practice.operate(staff.SetCountry(practice=NAME, country="AT"), staff.CountrySet)


def test_before_pairing_it_is_the_country_that_the_device_is_set_to(phone: Phone) -> None:
    phone.context.add_init_script("Object.defineProperty(navigator, 'languages', { value: ['en-NZ', 'de-DE'] })")
    phone.open("/safety")
    phone.shows("Safety plan")
    phone.sees("Crisis lines: New Zealand")
    assert calls(phone) == {
        EMERGENCY.format("111"): "tel:111",
        "1737, Need to talk?: 1737": "tel:1737",
        "1737, Need to talk?: send a text message to 1737": "sms:1737",
    }
    phone.page.get_by_label("Country").select_option("United Kingdom")
    phone.sees("Crisis lines: United Kingdom")
    assert calls(phone)["Shout: send a text message with “SHOUT” to 85258"] == "sms:85258?&body=SHOUT"


def test_a_device_that_names_no_country_asks_where_one_is(phone: Phone) -> None:
    phone.context.add_init_script("Object.defineProperty(navigator, 'languages', { value: ['en'] })")
    phone.open("/safety")
    phone.shows("Safety plan")
    assert calls(phone) == {}
    phone.page.get_by_label("Country").select_option("Switzerland")
    phone.sees("Crisis lines: Switzerland")
    assert "tel:143" in calls(phone).values()


def test_the_practices_country_counts_offline_and_locked_and_follows_it(
    phone: Phone, practice: Practice, client: Invitation
) -> None:
    phone.pair(client.code)
    phone.open("/safety")
    phone.shows("Safety plan")
    phone.sees("Crisis lines: Austria")
    assert calls(phone)["Telefonseelsorge: 142"] == "tel:142"
    phone.set_lock()
    practice.operate(staff.SetCountry(practice=NAME, country="DE"), staff.CountrySet)
    phone.turn("hidden")  # the country is said when a device connects
    phone.turn("visible")
    phone.tab("Safety plan")
    phone.shows("Safety plan")
    phone.sees("Crisis lines: Germany")
    phone.more("Settings")
    phone.lock()
    phone.context.set_offline(True)
    phone.tab("Safety plan")
    phone.sees("Crisis lines: Germany")
    assert calls(phone)["TelefonSeelsorge: 0800\u00a01110111"] == "tel:08001110111"


def test_locked_without_a_plan_outside_there_are_still_numbers(phone: Phone, client: Invitation) -> None:
    phone.context.add_init_script("Object.defineProperty(navigator, 'languages', { value: ['en-IE'] })")
    phone.pair(client.code)
    phone.set_lock(safety_outside=False)
    phone.lock()
    phone.tab("Safety plan")
    phone.sees("Crisis lines: Ireland")
    assert calls(phone)["Samaritans: 116\u00a0123"] == "tel:116123"
    expect(phone.page.get_by_text("If you are in danger now, call your local emergency number.")).to_be_visible()
