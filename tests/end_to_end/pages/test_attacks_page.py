"""What goes wrong while a page is open: access or the session ends, somebody clicks twice, the server is away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.end_to_end.pages.browsing import Written, is_live, opened, sign_in, writing
from tests.end_to_end.support.practice import Practice
from tests.end_to_end.support.server_process import serving, wait_for

pytestmark = pytest.mark.page

TABS = (
    "",
    "/timeline",
    "/progress",
    "/homework",
    "/plan",
    "/plan/journal",
    "/assessments",
    "/sessions",
    "/notes",
)


@pytest.fixture
def client(practice: Practice, therapist: str, tmp_path: Path) -> Iterator[Written]:
    with writing(practice, therapist, tmp_path / "client.db") as made:
        yield made


def test_the_end_of_an_assignment_closes_the_pages_of_every_tab_and_says_why(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    client.tracker.journal.write("slept badly")
    client.tracker.sync()
    with opened(browser, practice, therapist) as first:
        pages = [first, *(first.context.new_page() for _ in range(2))]
        for some in (TABS[:3], TABS[3:6], TABS[6:9]):
            shown = pages[: len(some)]
            for page, tab in zip(shown, some, strict=True):
                page.goto(f"/clients/{client.id}{tab}")
                is_live(page)
            practice.unassign(client.id, therapist)
            for page in shown:
                wait_for(lambda page=page: client.name not in page.inner_text("body"), 5.0, "the page is cleared")
                said = "You no longer have access to this client, or this page does not exist."
                expect(page.get_by_text(said)).to_be_visible()
            practice.assign(client.id, therapist)


@pytest.mark.parametrize("tab", ["notes", "goals"])
def test_a_form_that_is_sent_after_the_session_ended_says_nothing_of_saved_and_leads_back(
    browser: Browser, practice: Practice, therapist: str, client: Written, tab: str
) -> None:
    with opened(browser, practice, therapist) as page:
        address = f"/clients/{client.id}/{'plan/goals' if tab == 'goals' else tab}"
        page.goto(address)
        is_live(page)
        form = page.locator("form#new-goal" if tab == "goals" else "main form.sheet").first
        fill_first(form)
        page.context.clear_cookies()
        listen(page)
        form.locator("button[type=submit]").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        assert "Saved" not in page.evaluate("sessionStorage.getItem('said')")
        sign_in(page, therapist)
        expect(page).to_have_url(f"{practice.server.url}{address}")
        is_live(page)


def listen(page: Page) -> None:
    """Keep what is said on the page, over its end."""
    page.evaluate(
        """() => { const keep = text => sessionStorage.setItem("said", text);
                   const place = document.getElementById("said");
                   keep("");
                   const heard = () => keep(sessionStorage.getItem("said") + place.textContent);
                   const all = {childList: true, characterData: true, subtree: true};
                   new MutationObserver(heard).observe(place, all); }"""
    )


def fill_first(form: Any) -> None:
    details = form.locator("xpath=ancestor::details[not(@open)]")
    for _ in range(details.count()):
        details.first.locator("summary").first.click()
    form.locator("textarea").first.fill("typed before the end")


def test_a_page_that_has_the_focus_itself_moves(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    """As after a click beside everything, and after skipping to the content."""
    with opened(browser, practice, therapist) as page:
        page.goto(f"/clients/{client.id}/timeline?kind=journal")
        is_live(page)
        page.locator("main").focus()
        client.tracker.journal.write("written while nothing was being done")
        client.tracker.sync()
        expect(page.get_by_role("article")).to_contain_text("written while nothing was being done")


@pytest.mark.parametrize("script", [True, False])
def test_a_double_click_writes_one_note(
    browser: Browser, practice: Practice, therapist: str, client: Written, script: bool
) -> None:
    with opened(browser, practice, therapist, java_script_enabled=script) as page:
        page.goto(f"/clients/{client.id}/notes")
        form = page.locator("main form.sheet").first
        if script:
            is_live(page)
            fill_first(form)
        else:
            form.locator("textarea").first.fill("typed before the end")
        form.locator("button[type=submit]").dblclick(no_wait_after=True)
        notes = page.locator("main article", has_text="typed before the end")
        expect(notes.first).to_be_visible()
        page.reload()
        expect(notes).to_have_count(1)


def test_a_form_is_kept_while_the_server_is_away_and_saved_after(
    browser: Browser, chromium: str, tmp_path: Path
) -> None:
    with serving(tmp_path / "server") as server, Practice.on(server) as practice:
        practice.add_therapist("alone")
        with (
            writing(practice, "alone", tmp_path / "client.db") as client,
            opened(browser, practice, "alone") as page,
        ):
            page.goto(f"/clients/{client.id}/plan/goals")
            is_live(page)
            form = page.locator("form#new-goal")
            fill_first(form)
            server.kill()
            form.locator("button[type=submit]").click()
            expect(form.locator(".sheet-said")).to_contain_text("What you typed is still here")
            expect(form.locator("textarea").first).to_have_value("typed before the end")
            server.start()
            expect(page.locator("#live")).to_have_text("Live updates on", timeout=20_000)
            expect(form.locator("textarea").first).to_have_value("typed before the end")
            form.locator("button[type=submit]").click()
            expect(page.locator("#said")).to_have_text("Saved")
            expect(page.locator("main [id^=goals-]").first).to_contain_text("typed before the end")
