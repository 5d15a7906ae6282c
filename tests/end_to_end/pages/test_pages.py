"""The therapist's pages in a browser: what clients write moves them, and what ends ends on the screen as well."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from tests.end_to_end.pages.browsing import HOSTILE, Written, accessible, is_live, opened, sign_in, writing
from tests.end_to_end.support.practice import PASSWORD, Practice
from tests.end_to_end.support.server_process import serving, wait_for

from intersession_server.web.page import phrases

pytestmark = pytest.mark.page


@pytest.fixture
def client(practice: Practice, therapist: str, tmp_path: Path) -> Iterator[Written]:
    """A client of theirs, whose device is paired."""
    with writing(practice, therapist, tmp_path / "client.db") as made:
        yield made


# --- moving -----------------------------------------------------------------------------------------------------------


def test_a_therapist_signs_in_and_sees_who_wrote_when(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    client.tracker.journal.write("slept badly")
    client.tracker.sync()
    with opened(browser, practice, None) as page:
        page.goto("/")
        expect(page).to_have_url(f"{practice.server.url}/sign-in")
        sign_in(page, therapist)
        row = page.get_by_role("row", name=client.name)
        expect(row).to_contain_text("just now")
        row.get_by_role("link", name=client.name).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(client.name)
        expect(page.get_by_role("article")).to_contain_text("slept badly")


def test_what_a_client_writes_moves_the_open_pages_without_a_reload(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    with opened(browser, practice, therapist) as page, opened(browser, practice, therapist) as caseload:
        page.goto(f"/clients/{client.id}")
        expect(page.get_by_text("No journal entries received yet.")).to_be_visible()
        for one in (page, caseload):
            is_live(one)
            one.evaluate("window.loadedOnce = true")
        expect(caseload.get_by_role("row", name=client.name)).to_contain_text("nothing received yet")
        entry = client.tracker.journal.write("slept badly", mood=4, tags=["sleep"])
        client.tracker.symptoms.log({"worry": 3}, scale=(1, 5))
        client.tracker.sync()
        expect(page.get_by_role("article")).to_contain_text("slept badly")
        expect(page.get_by_role("link", name="Symptom log", exact=True)).to_be_visible()
        expect(caseload.get_by_role("row", name=client.name)).to_contain_text("just now")
        client.tracker.journal.edit(entry.id, text="slept very badly")
        client.tracker.sync()
        expect(page.get_by_role("article")).to_contain_text("slept very badly")
        for one in (page, caseload):
            assert one.evaluate("window.loadedOnce")


def test_a_page_that_moves_leaves_the_reader_where_they_are(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    for number in range(12):
        at = datetime.now(timezone(timedelta(hours=1))) - timedelta(days=number)
        client.tracker.journal.write(f"number {number} " + "and so on " * 250, at=at)
    client.tracker.sync()
    with opened(browser, practice, therapist) as page:
        page.goto(f"/clients/{client.id}/timeline?kind=journal")
        is_live(page)
        reading = page.get_by_role("article").filter(has_text="number 6 ")
        rest = reading.get_by_text("Show the rest")
        rest.click()
        rest.focus()
        before = rest.bounding_box()
        client.tracker.journal.write("new on top")
        client.tracker.sync()
        expect(page.get_by_role("article").first).to_contain_text("new on top")
        after = rest.bounding_box()
        assert before is not None
        assert after is not None
        assert abs(before["y"] - after["y"]) < 2
        assert page.evaluate("document.activeElement.textContent").startswith("Show the rest")
        assert reading.locator("details.rest").get_attribute("open") is not None
        expect(page.get_by_role("article")).to_have_count(13)


def test_a_page_that_moves_leaves_what_is_being_typed(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    client.tracker.journal.write("first")
    client.tracker.sync()
    with opened(browser, practice, therapist) as page:
        page.goto(f"/clients/{client.id}/timeline?kind=journal")
        is_live(page)
        # A field and a note as a screen may have them, one left with words in it and one still being written in.
        page.evaluate(
            """() => {
              const fetched = window.fetch;
              const fields = '<p id="fields"><input id="sought" value="as sent">' +
                '<textarea id="note">as sent</textarea></p>';
              document.getElementById("main").insertAdjacentHTML("beforeend", fields);
              window.fetch = async (...asked) => {
                const text = await (await fetched(...asked)).text();
                return new Response(text.replace(/<\\/main>/, `${fields}</main>`));
              };
            }"""
        )
        page.locator("#sought").fill("left with words")
        page.locator("#note").fill("being written")
        page.locator("#note").evaluate("field => field.setSelectionRange(2, 5)")
        client.tracker.journal.write("second")
        client.tracker.sync()
        expect(page.get_by_role("article").first).to_contain_text("second")
        expect(page.locator("#sought")).to_have_value("left with words")
        expect(page.locator("#note")).to_have_value("being written")
        expect(page.locator("#note")).to_be_focused()
        assert page.locator("#note").evaluate("field => [field.selectionStart, field.selectionEnd]") == [2, 5]


def test_a_page_says_when_it_is_not_live_and_catches_up_by_itself(
    browser: Browser, chromium: str, tmp_path: Path
) -> None:
    with serving(tmp_path / "server") as server, Practice.on(server) as practice:
        practice.add_therapist("alone")
        with (
            writing(practice, "alone", tmp_path / "client.db") as client,
            opened(browser, practice, "alone") as page,
        ):
            page.goto(f"/clients/{client.id}")
            is_live(page)
            server.kill()
            expect(page.locator("#live")).to_contain_text(
                "Live updates interrupted, reconnecting. Showing what was received by"
            )
            client.tracker.journal.write("written meanwhile")
            server.start()
            client.tracker.sync()
            expect(page.get_by_role("article")).to_contain_text("written meanwhile", timeout=20_000)
            is_live(page)


# --- ending -----------------------------------------------------------------------------------------------------------


def test_the_end_of_an_assignment_clears_the_screen_within_a_second(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    client.tracker.journal.write("slept badly")
    client.tracker.sync()
    with opened(browser, practice, therapist) as page, opened(browser, practice, therapist) as caseload:
        page.goto(f"/clients/{client.id}")
        for one in (page, caseload):
            is_live(one)
        practice.unassign(client.id, therapist)
        waited = wait_for(lambda: "slept badly" not in page.inner_text("body"), 5.0, "the page is cleared")
        assert waited < 1.5  # the end itself takes a second at most; the rest is the browser's and this test's
        expect(page.get_by_role("heading", level=1)).to_have_text("Not found")
        expect(caseload.get_by_text("No clients are assigned to you.")).to_be_visible()


def test_signing_out_clears_the_other_pages_of_the_session(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    client.tracker.journal.write("slept badly")
    client.tracker.sync()
    with opened(browser, practice, therapist) as page:
        other = page.context.new_page()
        other.goto(f"/clients/{client.id}")
        is_live(other)
        page.get_by_role("button", name="Sign out").click()
        expect(page).to_have_url(f"{practice.server.url}/sign-in")
        # Sooner than it would find out by itself, from a stream that was cut and may not be opened again.
        expect(other.get_by_role("heading", level=1)).to_have_text("Sign in", timeout=3_000)
        other.go_back()
        expect(other.get_by_text("slept badly")).to_have_count(0)
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


# --- for everybody ----------------------------------------------------------------------------------------------------


def fill(client: Written) -> None:
    """A bit of everything that a page can show."""
    now = datetime.now(timezone(timedelta(hours=2)))
    journal, symptoms = client.tracker.journal, client.tracker.symptoms
    journal.write(
        "slept badly " * 400, mood=3, tags=["sleep", "work"], sections={"What helped?": "a walk", "Else?": ""}
    )
    journal.write("about last week", at=now - timedelta(days=6))
    journal.write("שלום עולם 🌧️", tags=["שינה"])
    journal.write(HOSTILE, tags=[HOSTILE[:60]], sections={HOSTILE: HOSTILE})
    for hours in range(0, 200, 7):
        symptoms.log(
            {"worry": hours % 5 + 1, HOSTILE[:60]: 2}, scale=(1, 5), at=now - timedelta(hours=hours), note=HOSTILE
        )
    client.tracker.sync()


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_pages_can_be_used_by_everybody(
    browser: Browser, practice: Practice, therapist: str, client: Written, look: str
) -> None:
    fill(client)
    options: dict[str, Any] = {"color_scheme": "dark"} if look == "dark" else {}
    if look == "narrow":
        options["viewport"] = {"width": 320, "height": 640}
    with opened(browser, practice, None, **options) as page:
        page.goto("/sign-in")
        assert accessible(page) == []
        sign_in(page, therapist)
        here = f"/clients/{client.id}"
        for path in (
            "/",
            here,
            f"{here}/timeline",
            f"{here}/timeline?since=2020-01-01",
            f"{here}/notes",
            "/clients/none",
        ):
            page.goto(path)
            if path != "/clients/none":
                is_live(page)
                for summary in page.locator("summary").all():
                    summary.click()
                assert accessible(page) == [], path
                assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{path} is too wide"


def test_nothing_that_a_client_writes_is_run(
    browser: Browser, practice: Practice, therapist: str, tmp_path: Path
) -> None:
    with (
        writing(practice, therapist, tmp_path / "c.db", name=f"Jo {HOSTILE}") as client,
        opened(browser, practice, therapist) as page,
    ):
        page.goto(f"/clients/{client.id}/timeline?kind=journal")
        is_live(page)
        fill(client)
        article = page.get_by_role("article").filter(has_text=HOSTILE)
        expect(article).to_have_count(1)
        expect(article.get_by_role("heading", name=HOSTILE)).to_be_visible()
        assert page.locator("main img, main script").count() == 0
        page.goto("/")
        expect(page.get_by_role("link", name=f"Jo {HOSTILE}")).to_be_visible()


def test_without_script_everything_can_be_read_and_it_says_that_it_does_not_move(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    fill(client)
    for number in range(20):
        client.tracker.journal.write(f"number {number}", at=datetime.now(timezone(timedelta(0))) - timedelta(days=30))
    client.tracker.sync()
    with opened(browser, practice, therapist, java_script_enabled=False) as page:
        page.get_by_role("link", name=client.name).click()
        expect(page.locator("#live")).to_contain_text("Live updates are off. Reload the page")
        page.get_by_role("navigation", name="Pages about this client").get_by_role("link", name="Timeline").click()
        kinds = page.get_by_role("navigation", name="Kinds shown")
        kinds.get_by_role("link", name="Journal").click()
        expect(page.get_by_role("article")).to_have_count(24)
        kinds.get_by_role("link", name="Everything").click()
        page.get_by_role("link", name="Older", exact=True).click()
        expect(page.get_by_text("number 0", exact=True)).to_be_visible()
        expect(page.get_by_text("Nothing older.").first).to_be_visible()
        page.get_by_role("link", name="Newer", exact=True).first.click()
        expect(page.get_by_text("about last week")).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_pages_can_be_used_with_the_keyboard(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    fill(client)
    with opened(browser, practice, None) as page:
        page.goto("/")
        expect(page.get_by_label("User name")).to_be_focused()
        page.keyboard.type(therapist)
        page.keyboard.press("Tab")
        expect(page.get_by_label("Password")).to_be_focused()
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        is_live(page)
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Skip to content")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        link = page.get_by_role("link", name=client.name)
        for _ in range(10):  # past who is shown, and in which order
            page.keyboard.press("Tab")
        expect(link).to_be_focused()
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(client.name)


def test_script_and_server_say_the_same_of_how_long_ago(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    with opened(browser, practice, therapist) as page:
        page.goto(f"/clients/{client.id}")
        is_live(page)
        now = datetime.now(UTC)
        for before in (0, 59, 61, 3_599, 3_601, 86_399, 86_401, 59 * 86_400, 61 * 86_400, 800 * 86_400, -400):
            at = now - timedelta(seconds=before)
            said = page.evaluate(
                """at => { const time = document.createElement("time");
                           time.dateTime = at; time.dataset.ago = ""; document.body.append(time);
                           dispatchEvent(new Event("focus")); return time.textContent; }""",
                at.isoformat(),
            )
            assert said == phrases.ago(at, now)
