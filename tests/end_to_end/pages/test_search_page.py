"""The search screen in a browser: from the field to the entry and back, by keyboard, with and without script."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect
from tests.end_to_end.pages.browsing import HOSTILE, Written, accessible, is_live, opened, sign_in, writing
from tests.end_to_end.support.practice import Practice
from tests.end_to_end.support.server_process import ServerProcess, wait_for

pytestmark = pytest.mark.page

MONDAY = datetime(2026, 5, 4, 21, tzinfo=UTC)
WALKS = 25
"""More than a page of the search has."""


@pytest.fixture
def client(practice: Practice, therapist: str, tmp_path: Path) -> Iterator[Written]:
    """A client of theirs who has written much of walks, and some of other things."""
    with writing(practice, therapist, tmp_path / "client.db") as made:
        journal = made.tracker.journal
        for number in range(WALKS):
            words = f"Went out for walk number {number}, along the river. " + "The knot in my chest. " * 100
            journal.write(words, at=MONDAY - timedelta(days=number))
        journal.write("היום הלכתי לאורך הנהר", at=MONDAY + timedelta(days=1))
        journal.write("今日は東京へ行きました", at=MONDAY + timedelta(days=2))
        journal.write(HOSTILE, at=MONDAY + timedelta(days=3), tags=["<b>walk</b>"])
        made.tracker.sync()
        yield made


def field(page: Page) -> Any:
    return page.get_by_role("searchbox", name="Search everything shown about this client")


def test_from_the_field_to_the_marks_the_entry_and_further_back_by_keyboard(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    with opened(browser, practice, therapist) as page:
        page.goto(f"/clients/{client.id}/timeline")
        field(page).focus()
        page.keyboard.type("river WALK")
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{practice.server.url}/clients/{client.id}/timeline?q=river+WALK")
        expect(page).to_have_title(f"Search · {client.name} · Intersession")
        expect(page.get_by_role("heading", level=2)).to_have_text("20 results; there are more")
        expect(field(page)).to_have_value("river WALK")
        first = page.get_by_role("article").first
        expect(first.locator("mark")).to_have_text(["walk", "river"])
        expect(first).to_contain_text("Went out for walk number 0, along the river.")
        expect(first.get_by_role("heading", level=3)).to_contain_text("Mon 4 May 2026, 21:00 UTC")
        # The links to the entries are told apart by what they are called.
        link = page.get_by_role("link", name="Show it on the timeline Journal entry Fri 1 May 2026, 21:00")
        link.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=2).first).to_have_text("Fri 1 May 2026")
        entry = page.get_by_role("article").first
        expect(entry).to_contain_text("walk number 3, along the river")
        expect(entry).to_be_in_viewport()
        assert entry.evaluate("element => element.matches(':target')")
        page.keyboard.press("Tab")
        expect(entry.get_by_text("Show the rest")).to_be_focused()
        page.go_back()
        pages = page.get_by_role("navigation", name="Result pages")
        pages.get_by_role("link", name="Older results").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=2)).to_have_text("Older results")
        expect(page.get_by_role("article")).to_have_count(WALKS - 20)
        expect(page.get_by_role("article").last).to_contain_text(f"walk number {WALKS - 1},")
        page.get_by_role("link", name="Newest results").click()
        expect(page.get_by_role("article").first).to_contain_text("walk number 0,")


def test_without_script_it_is_the_same(browser: Browser, practice: Practice, therapist: str, client: Written) -> None:
    with opened(browser, practice, therapist, java_script_enabled=False) as page:
        page.get_by_role("link", name=client.name).click()
        page.get_by_role("navigation", name="Pages about this client").get_by_role("link", name="Timeline").click()
        field(page).fill("?!")
        page.get_by_role("button", name="Search").click()
        expect(page.get_by_text("Your search contains no words.")).to_be_visible()
        field(page).fill("wal")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("link", name="Older results").click()
        expect(page.get_by_role("article").last.locator("mark")).to_have_text("walk")
        page.get_by_role("article").last.get_by_role("link").click()
        expect(page.get_by_role("article").first).to_contain_text(f"walk number {WALKS - 1},")


def test_nothing_is_found_and_the_next_try_can_be_typed_at_once(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    with opened(browser, practice, therapist) as page:
        page.goto(f"/clients/{client.id}/timeline?q=zebra")
        expect(page.get_by_role("heading", level=2)).to_have_text("No results")
        expect(field(page)).to_be_focused()
        page.keyboard.press("Control+A")
        page.keyboard.type("הנהר")
        page.keyboard.press("Enter")
        expect(page.locator("mark")).to_have_text("הנהר")
        for element in (field(page), page.locator(".passage")):
            assert element.evaluate("element => getComputedStyle(element).direction") == "rtl"
        field(page).fill("東京")
        page.keyboard.press("Enter")
        expect(page.locator("mark")).to_have_text("東京")
        # Whoever pastes too much is told so; it is not cut in silence to what fits.
        field(page).focus()
        page.keyboard.press("Control+A")
        page.keyboard.insert_text("日" * 5_000)
        page.keyboard.press("Enter")
        expect(page.get_by_text("A search is limited to 1,000 characters.")).to_be_visible()


def test_what_is_found_moves_and_goes_while_somebody_types(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    with opened(browser, practice, therapist) as page:
        page.goto(f"/clients/{client.id}/timeline?q=walk")
        is_live(page)
        field(page).focus()
        page.keyboard.press("End")
        page.keyboard.type(" further")
        new = client.tracker.journal.write("A new walk")
        client.tracker.sync()
        expect(page.get_by_role("article").first).to_contain_text("A new walk")
        client.tracker.journal.withdraw(new.id)
        client.tracker.sync()
        expect(page.get_by_text("A new walk")).to_have_count(0)
        expect(field(page)).to_have_value("walk further")
        expect(field(page)).to_be_focused()
        practice.unassign(client.id, therapist)
        wait_for(lambda: "river" not in page.inner_text("body"), 5.0, "the page is cleared")
        expect(page.get_by_role("heading", level=1)).to_have_text("Not found")


def test_what_was_sought_is_told_to_nobody(
    browser: Browser, practice: Practice, server: ServerProcess, therapist: str, client: Written
) -> None:
    words = ("Quetzalcoatlus", "Zaunkoenig")
    told: list[str] = []

    def look(request: Request) -> None:
        told.append(request.all_headers().get("referer", ""))

    with opened(browser, practice, therapist) as page:
        page.goto(f"/clients/{client.id}/timeline")
        page.on("request", look)
        for typed in (*words, "walk"):
            field(page).fill(typed)
            page.keyboard.press("Enter")
            expect(field(page)).to_have_value(typed)
        is_live(page)
        page.get_by_role("link", name="Older results").click()
        page.get_by_role("article").first.get_by_role("link").click()
        page.go_back()
        page.goto(f"/clients/{client.id}/timeline?q=walk&after=odd")
        page.get_by_role("link", name="Back to your clients").click()
        page.goto(f"/clients/{client.id}/timeline?q=walk")
        # Our own form is still ours: it carries our origin.
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        page.goto(f"/clients/{client.id}/timeline?q={words[0].lower()}")
        expect(page).to_have_url(f"{server.url}/sign-in?to=/clients/{client.id}/timeline")
        sign_in(page, therapist)
        expect(field(page)).to_be_visible()
    assert f"{server.url}/" in told
    assert not [referer for referer in told if "q=" in referer]
    held = {path.name: path.read_bytes() for path in (server._log_path, *server.data.rglob("*")) if path.is_file()}
    assert {"app.db", "log.db"} <= set(held)
    for word in words:
        assert not [name for name, content in held.items() if word.lower().encode() in content.lower()]


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_the_screen_can_be_used_by_everybody(
    browser: Browser, practice: Practice, therapist: str, client: Written, look: str
) -> None:
    options: dict[str, Any] = {"color_scheme": "dark"} if look == "dark" else {}
    if look == "narrow":
        options["viewport"] = {"width": 320, "height": 640}
    with opened(browser, practice, therapist, **options) as page:
        for query in ("walk", "", "?!", "zebra", "x" * 1_001, HOSTILE[:20], "הנהר"):
            page.goto(f"/clients/{client.id}/timeline?kind=journal")
            field(page).evaluate("(element, words) => { element.value = words; element.form.submit(); }", query)
            expect(field(page)).to_have_value(query)
            assert accessible(page) == [], query[:20]
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "too wide"
            assert page.locator("main img, main script, main b").count() == 0
