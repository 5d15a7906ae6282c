"""The timeline, acknowledging and notes in a browser: with real devices on the other side."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.end_to_end.pages.browsing import HOSTILE, Written, accessible, is_live, opened, writing
from tests.end_to_end.support.practice import EACH_ITS_OWN, PASSWORD, Practice

pytestmark = pytest.mark.page


@pytest.fixture
def client(practice: Practice, therapist: str, tmp_path: Path) -> Iterator[Written]:
    """A client of theirs, whose device is paired."""
    with writing(practice, therapist, tmp_path / "client.db") as made:
        yield made


def now() -> datetime:
    return datetime.now(timezone(timedelta(hours=1)))


def at_risk(practice: Practice, therapist: str, client: Written) -> None:
    """A paper form with a positive risk item, taken down by the therapist."""
    with httpx.Client(base_url=practice.server.url, trust_env=False, limits=EACH_ITS_OWN) as desk:
        desk.post("/sign-in", json={"username": therapist, "password": PASSWORD}).raise_for_status()
        csrf = desk.get("/api/me").json()["csrf"]
        body = {"instrument": "phq-9", "answers": {f"q{number}": 1 for number in range(1, 10)}}
        path = f"/api/clients/{client.id}/assessments"
        desk.post(path, json=body, headers={"x-csrf-token": csrf}).raise_for_status()


def fill(practice: Practice, therapist: str, client: Written) -> None:
    """Much of what a timeline can show."""
    journal, symptoms = client.tracker.journal, client.tracker.symptoms
    for number in range(8):
        journal.write(
            f"number {number} " + "and so on " * 60, at=now() - timedelta(days=number), mood=4, tags=["sleep"]
        )
    journal.write(HOSTILE, tags=[HOSTILE[:60]], sections={HOSTILE: HOSTILE}, at=now() - timedelta(days=2))
    for hours in range(4):
        symptoms.log({"worry": 3, HOSTILE[:60]: 2}, scale=(1, 5), at=now() - timedelta(hours=hours), note=HOSTILE)
    client.tracker.sync()
    at_risk(practice, therapist, client)


def open_comment(page: Page, words: str) -> Any:
    article = page.get_by_role("article").filter(has_text=words).first
    article.locator("summary", has_text="Comment").click()
    return article


def test_a_client_syncs_and_the_open_page_changes_without_moving(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    fill(practice, therapist, client)
    with opened(browser, practice, therapist) as page:
        page.goto(f"/clients/{client.id}/timeline")
        is_live(page)
        page.evaluate("window.loadedOnce = true")
        article = open_comment(page, "number 5")
        words = article.get_by_label("Your comment")
        words.fill("half a sen")
        before = words.bounding_box()
        client.tracker.journal.write("new on top")
        client.tracker.symptoms.log({"worry": 5}, scale=(1, 5))
        client.tracker.sync()
        expect(page.get_by_text("new on top")).to_have_count(1)
        after = words.bounding_box()
        assert before is not None
        assert after is not None
        assert abs(before["y"] - after["y"]) < 2
        expect(words).to_have_value("half a sen")
        expect(words).to_be_focused()
        assert page.evaluate("window.loadedOnce")


def test_a_comment_in_place_reaches_the_clients_device(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    entry = client.tracker.journal.write("slept badly")
    client.tracker.sync()
    with opened(browser, practice, therapist) as page:
        page.goto(f"/clients/{client.id}/timeline")
        is_live(page)
        page.evaluate("window.loadedOnce = true")
        article = open_comment(page, "slept badly")
        expect(article.get_by_text("The client can read this.")).to_be_visible()
        article.get_by_label("Your comment").fill("I read it <b>today</b>.")
        article.get_by_role("button", name="Send the comment").click()
        expect(article.get_by_role("list", name="Comments")).to_contain_text("I read it <b>today</b>.")
        expect(page.locator("#said")).to_have_text("Saved")
        expect(article.get_by_label("Your comment")).to_have_value("")
        assert page.evaluate("window.loadedOnce")
        client.tracker.sync()
        (told,) = client.tracker.comments(entry.id)
        assert told.text == "I read it <b>today</b>."
        # The answer comes back the same way, and the page moves.
        client.tracker.comment(entry.id, "Thank you.")
        client.tracker.sync()
        expect(article.get_by_role("list", name="Comments")).to_contain_text("Thank you.")


def test_why_a_comment_was_not_saved_is_said_where_it_was_written(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    for number in range(3):
        client.tracker.journal.write(f"number {number}", at=now() - timedelta(hours=number))
    client.tracker.sync()
    with opened(browser, practice, therapist) as page:
        page.goto(f"/clients/{client.id}/timeline?kind=journal")
        is_live(page)
        article = open_comment(page, "number 1")
        article.get_by_label("Your comment").fill("   ")
        article.get_by_role("button", name="Send the comment").click()
        expect(article.locator(".sheet-said")).to_contain_text("A comment needs a text")
        expect(page.locator(".sheet-said:not(:empty)")).to_have_count(1)
        article.get_by_label("Your comment").fill("")


def test_a_signal_is_acknowledged_with_a_note_for_the_client_and_one_for_the_team(
    browser: Browser, practice: Practice, therapist: str, client: Written, tmp_path: Path
) -> None:
    at_risk(practice, therapist, client)
    with opened(browser, practice, therapist) as page, opened(browser, practice, therapist) as notes:
        notes.goto(f"/clients/{client.id}/notes")
        is_live(notes)
        page.goto(f"/clients/{client.id}")
        is_live(page)
        signal = page.get_by_role("article").filter(has_text="Risk item endorsed")
        signal.get_by_label("What was done").fill("Called her.")
        signal.get_by_label("Note for the care team").fill("Told the supervisor.")
        signal.get_by_role("button", name="Acknowledge").click()
        expect(page.get_by_role("heading", name="No open signals")).to_be_visible()
        folded = page.locator("details.seen-signal")
        folded.locator("summary").click()
        expect(folded).to_contain_text("Called her.")
        expect(folded).not_to_contain_text("supervisor")
        # The other page heard of the note by itself.
        expect(notes.get_by_role("article")).to_contain_text("Told the supervisor.")
        client.tracker.sync()
        held = b"".join(path.read_bytes() for path in tmp_path.rglob("client.db*") if path.is_file())
        assert b"supervisor" not in held


def test_notes_are_written_and_edited_without_script(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    with opened(browser, practice, therapist, java_script_enabled=False) as page:
        page.goto(f"/clients/{client.id}/notes")
        page.get_by_label("New note").fill("Call the sister.")
        page.get_by_role("button", name="Save the note").click()
        note = page.get_by_role("article")
        expect(note).to_contain_text("Call the sister.")
        note.locator("summary").click()
        note.get_by_label("Note").fill("Call the sister on Tuesday.")
        note.get_by_role("button", name="Save the changes").click()
        expect(page.get_by_role("article").locator(".prose")).to_have_text("Call the sister on Tuesday.")


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_the_pages_can_be_used_by_everybody_and_run_nothing(
    browser: Browser, practice: Practice, therapist: str, client: Written, look: str
) -> None:
    fill(practice, therapist, client)
    options: dict[str, Any] = {"color_scheme": "dark"} if look == "dark" else {}
    if look == "narrow":
        options["viewport"] = {"width": 390, "height": 844}
    here = f"/clients/{client.id}"
    with opened(browser, practice, therapist, **options) as page:
        page.goto(f"{here}/notes")
        page.get_by_label("New note").fill(HOSTILE)
        page.get_by_role("button", name="Save the note").click()
        expect(page.get_by_role("article")).to_contain_text(HOSTILE)
        for path in (
            here,
            f"{here}/timeline",
            f"{here}/timeline?kind=symptoms",
            f"{here}/timeline?q=script",
            f"{here}/notes",
        ):
            page.goto(path)
            is_live(page)
            for summary in page.locator("main summary").all():
                summary.click()
            assert accessible(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{path} is too wide"
            assert page.locator("main img, main script").count() == 0
        page.goto(f"{here}/timeline?q=script")
        expect(page.locator("mark").first).to_have_text("script")
