"""What opens the vault: made, changed and written down on one device, and tried on another."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect
from tests.end_to_end.support.practice import Invitation, Practice
from tests.web_client.app.kept_phone import kept_phone
from tests.web_client.app.phone import Phone

pytestmark = pytest.mark.page

FIRST, SECOND = "a lake in the north", "a hill in the south"
EITHER = "Passphrase or recovery code"
NEW_CODE = "Get a new recovery code"


def kept_code(phone: Phone) -> str:
    """The recovery code that is shown, which the person writes down, is asked for the end of, and so keeps."""
    code = phone.page.locator("#vault ~ * code").first.inner_text()
    phone.tap("I have written it down")
    end = phone.page.get_by_label("Its last 4 characters")
    expect(phone.page.get_by_text(code)).to_be_hidden()
    end.fill("0000" if code[-4:] != "0000" else "1111")
    expect(phone.button("Next")).to_be_disabled()
    end.fill(code[-4:].lower())
    phone.tap("Next")
    expect(end).to_be_hidden()
    return code


def open_form(phone: Phone, act: str) -> None:
    phone.page.locator("summary", has_text=act).click()


def test_the_passphrase_and_the_code_are_changed_and_another_device_takes_the_new_ones(
    phone: Phone, practice: Practice, client: Invitation, playwright: Playwright, chromium: str, tmp_path: Path
) -> None:
    phone.pair(client.code)
    phone.more("Settings")
    open_form(phone, "Make a vault")
    phone.page.get_by_label("New passphrase").fill("short")
    phone.sees("At least 8 characters.")
    phone.page.get_by_label("New passphrase").fill(FIRST)
    phone.page.get_by_label("Once more").last.fill("another one")
    phone.sees("The two are not the same.")
    phone.page.get_by_label("Once more").last.fill(FIRST)
    phone.tap("Make a vault")
    first = kept_code(phone)
    open_form(phone, "Change the passphrase")
    phone.page.get_by_label(EITHER).fill("not the one")
    phone.page.get_by_label("New passphrase").fill(SECOND)
    phone.page.get_by_label("Once more").last.fill(SECOND)
    phone.tap("Change the passphrase")
    phone.sees("That does not open it.")
    phone.page.get_by_label(EITHER).fill(first)
    phone.tap("Change the passphrase")
    phone.sees("The passphrase is changed.")
    open_form(phone, NEW_CODE)
    phone.page.get_by_label(EITHER).fill(SECOND)
    phone.tap(NEW_CODE)
    second = kept_code(phone)
    assert second != first
    phone.sync()
    with kept_phone(playwright, chromium, tmp_path / "another", practice.server.url) as another:
        another.pair(practice.invite_client(client.person))
        another.more("Settings")
        for secret, opens in ((FIRST, False), (first, False), (second, True)):
            if not another.page.get_by_label(EITHER).is_visible():
                open_form(another, "Open the vault")
            another.page.get_by_label(EITHER).fill(secret)
            another.tap("Open the vault")
            another.sees("The vault is open:" if opens else "That does not open it.")
