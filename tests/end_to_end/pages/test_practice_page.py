"""The practice's pages in a browser: a client invited by page pairs a real device, and what ends ends on the screen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.end_to_end.pages.browsing import HOSTILE, accessible, is_live, opened, sign_in, writing
from tests.end_to_end.support.practice import PASSWORD, Practice

from intersession import Caseload, Tracker
from intersession_schemas.typed import read_pairing_link
from intersession_server.operator import staff_commands as staff

pytestmark = pytest.mark.page

PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def manager(practice: Practice, therapist: str) -> str:
    """A therapist of this test's own, who manages the practice."""
    practice.operate(staff.SetManager(therapist=therapist, manager=True), staff.ManagerSet)
    return therapist


def shown_code(page: Page) -> str:
    return page.locator("#code .code").inner_text()


def test_a_client_is_invited_by_page_and_pairs_with_the_code_that_it_shows(
    browser: Browser, practice: Practice, manager: str, tmp_path: Path
) -> None:
    with opened(browser, practice, manager) as page:
        page.goto("/practice")
        page.get_by_text("Add a client").click()
        page.get_by_label("Name", exact=False).first.fill("Mira Sorensen")
        page.get_by_label("Primary therapist").select_option(label=f"Dr {manager} ({manager})")
        page.get_by_role("button", name="Add the client").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Mira Sorensen")
        expect(page.locator("#code .code")).to_be_visible()
        is_live(page)
        # What the QR code holds is the link: address and code as an app takes them.
        url, code = read_pairing_link(f"{practice.server.url}/pair#{shown_code(page)}")
        with Tracker.open(tmp_path / "client.db") as tracker:
            tracker.pair(url, code, share_by_default=True, share_earlier=False)
            tracker.journal.write("paired by page")
            tracker.sync()
            # The page hears that the device was in touch, and the used code goes.
            expect(page.get_by_role("group", name="Devices").get_by_role("row")).to_have_count(2)
            expect(page.locator("#code")).to_have_count(0)
            page.get_by_role("link", name="Open the client’s record").click()
            expect(page.get_by_text("paired by page").first).to_be_visible()


def test_a_code_is_made_and_revoked_in_place(browser: Browser, practice: Practice, manager: str) -> None:
    client = practice.add_client("Alva Code", manager)
    with opened(browser, practice, manager) as page:
        page.goto(f"/practice/people/{client.person}")
        page.evaluate("window.loadedOnce = true")
        page.get_by_role("button", name="Make a new code").click()
        first = page.locator("#code .code")
        expect(first).to_be_visible()
        page.get_by_role("button", name="Revoke the code").click()
        expect(page.locator("#code")).to_have_count(0)
        page.get_by_role("button", name="Make a pairing code").click()
        expect(first).to_be_visible()
        assert page.evaluate("window.loadedOnce")
        page.get_by_role("link", name="Hand-out to print").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your journal between sessions")
        page.emulate_media(media="print")
        expect(page.locator(".bar")).to_be_hidden()
        expect(page.get_by_role("button", name="Make a new code")).to_be_hidden()
        expect(page.locator(".hand-out .qr")).to_be_visible()


def test_an_assignment_that_ends_closes_the_page_that_is_open_elsewhere(
    browser: Browser, practice: Practice, manager: str, tmp_path: Path
) -> None:
    other = f"{manager[-30:]}-other"
    practice.add_therapist(other)
    with writing(practice, other, tmp_path / "client.db", "Ida Ended") as client:
        client.tracker.journal.write("for the care team")
        client.tracker.sync()
        with opened(browser, practice, other) as theirs, opened(browser, practice, manager) as page:
            theirs.goto(f"/clients/{client.id}")
            expect(theirs.get_by_text("for the care team").first).to_be_visible()
            is_live(theirs)
            page.goto(f"/practice/people/{client.id}")
            page.get_by_text("End…").click()
            page.get_by_role("button", name="End this assignment").click()
            expect(page.get_by_role("group", name="Care team")).not_to_contain_text("End…")
            expect(theirs.get_by_text("You no longer have access to this client")).to_be_visible()
            expect(theirs.get_by_text("for the care team")).to_have_count(0)


def test_care_ends_only_once_it_is_confirmed_in_the_page(browser: Browser, practice: Practice, manager: str) -> None:
    client = practice.add_client("Otto Over", manager)
    with opened(browser, practice, manager) as page:
        page.goto(f"/practice/people/{client.person}")
        page.get_by_text("End the care of this client…").click()
        page.get_by_role("button", name="End the care").click()
        expect(page.get_by_text("Tick the box to confirm.")).to_be_visible()
        page.get_by_label("I want to end the care of Otto Over").check()
        page.get_by_role("button", name="End the care").click()
        expect(page.get_by_text("The care of this client has ended.")).to_be_visible()
        page.get_by_role("button", name="Take up care again").click()
        expect(page.get_by_text("The care of this client has ended.")).to_have_count(0)


def test_a_password_is_changed_and_other_browsers_are_signed_out(
    browser: Browser, practice: Practice, therapist: str
) -> None:
    with opened(browser, practice, therapist) as elsewhere, opened(browser, practice, therapist) as page:
        is_live(elsewhere)
        page.goto("/account")
        fill = {"Current password": "not it", "New password required": "a second password"}
        for label, words in {**fill, "New password once more": "a second password"}.items():
            page.get_by_label(label).fill(words)
        page.get_by_role("button", name="Change the password").click()
        expect(page.get_by_text("Your current password is not right.")).to_be_visible()
        expect(page.get_by_label("New password once more")).to_have_value("a second password")
        page.get_by_label("Current password").fill(PASSWORD)
        page.get_by_role("button", name="Change the password").click()
        expect(page.locator("#said")).to_have_text("Saved")
        expect(page.get_by_label("Current password")).to_have_value("")
        expect(elsewhere).to_have_url(re.compile("/sign-in"))
        expect(elsewhere.get_by_text("You have been signed out.")).to_be_visible()


def test_a_new_therapist_signs_in_with_the_password_that_the_page_shows(
    browser: Browser, practice: Practice, manager: str, tmp_path: Path
) -> None:
    with opened(browser, practice, manager) as page, opened(browser, practice, None) as theirs:
        page.goto("/practice/therapists")
        page.get_by_text("Add a therapist").click()
        page.get_by_label("User name").fill("nina")
        page.get_by_label("Name required", exact=True).fill("Nina Berg")
        page.get_by_role("button", name="Add the therapist").click()
        password = page.locator(".card .code").inner_text()
        theirs.goto("/")
        theirs.get_by_label("User name").fill("nina")
        theirs.get_by_label("Password").fill(password)
        theirs.get_by_role("button", name="Sign in").click()
        expect(theirs).to_have_url(re.compile("/account"))
        theirs.get_by_label("Current password").fill(password)
        theirs.get_by_label("New password required").fill(PASSWORD)
        theirs.get_by_label("New password once more").fill(PASSWORD)
        theirs.get_by_role("button", name="Change the password").click()
        expect(theirs).to_have_url(f"{practice.server.url}/")
        theirs.goto("/account")
        theirs.get_by_role("button", name="Pair my device").click()
        code = shown_code(theirs)
        with Caseload.open(tmp_path / "therapist.db") as caseload:
            assert caseload.pair(practice.server.url, code).name == "Nina Berg"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_pages_are_accessible_and_fit_whatever_names_there_are(
    browser: Browser, practice: Practice, manager: str, scheme: str, phone: bool
) -> None:
    client = practice.add_client(f"{HOSTILE} {scheme} {phone} {'long' * 25}", manager)
    person = f"/practice/people/{client.person}"
    with opened(browser, practice, manager, color_scheme=scheme, **(PHONE if phone else {})) as page:
        page.goto(person)
        page.get_by_role("button", name="Make a new code").click()
        expect(page.locator("#code")).to_be_visible()
        for path in (
            "/practice",
            "/practice/therapists",
            "/practice/invitations",
            "/practice/settings",
            person,
            f"{person}/hand-out",
            "/account",
            "/pair",
        ):
            page.goto(path)
            for summary in page.locator("main summary").all():
                summary.click()
            assert accessible(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


def test_everything_is_done_by_keyboard_and_without_script(browser: Browser, practice: Practice, manager: str) -> None:
    with opened(browser, practice, None, java_script_enabled=False) as page:
        sign_in(page, manager)
        page.goto("/practice")
        page.get_by_text("Add a client").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.type("Kim Keys")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Kim Keys")
        expect(page).to_have_url(re.compile("/practice/people/"))
        assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", shown_code(page))
        page.goto("/practice?q=kim+keys")
        expect(page.get_by_role("link", name="Kim Keys")).to_have_count(1)
