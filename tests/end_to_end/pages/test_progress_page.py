"""The page of progress in a browser: values by keys, pointer and touch; on a phone; in the dark."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.end_to_end.pages.browsing import HOSTILE, Written, accessible, is_live, opened, writing
from tests.end_to_end.support.practice import Practice, desk

pytestmark = pytest.mark.page


@pytest.fixture
def client(practice: Practice, therapist: str, tmp_path: Path) -> Iterator[Written]:
    """A client with a bit of everything that the page can show."""
    with writing(practice, therapist, tmp_path / "client.db") as made, desk(practice.server.url, therapist) as there:
        care_for(there.http, made)
        now = datetime.now(UTC)
        for days in range(20, -1, -1):
            values = {"worry": days % 5 + 1, HOSTILE[:60]: 2}
            made.tracker.symptoms.log(values, scale=(1, 5), at=now - timedelta(days=days), note=HOSTILE)
        made.tracker.journal.write("x", mood=4)
        made.tracker.sync()
        yield made


def care_for(http: httpx.Client, client: Written) -> None:
    """What the care team gives: a session, scores with a baseline, homework and a goal."""
    base, now = f"/api/clients/{client.id}", datetime.now(UTC)
    http.headers["x-csrf-token"] = http.get("/api/me").json()["csrf"]

    def send(path: str, body: dict[str, Any]) -> Any:
        answer = http.post(f"{base}/{path}", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    send("sessions", {"planned_at": (now - timedelta(days=10)).isoformat(), "state": "attended"})
    first = None
    for days, answer in ((40, 3), (5, 1)):
        answers = {f"q{number}": answer for number in range(1, 9)} | {"q9": 0}
        at = (now - timedelta(days=days)).isoformat()
        made = send("assessments", {"instrument": "phq-9", "answers": answers, "at": at})
        first = first or made["id"]
    (episode,) = http.get(f"{base}/episodes").json()["items"]
    began = (now - timedelta(days=60)).date().isoformat()
    changes = {"began_on": began, "phase": "treatment", "baseline": {"phq-9/total": {"assessment": first}}}
    assert http.patch(f"{base}/episodes/{episode['id']}", json=changes).status_code == 200
    send("homework", {"what": f"walk {HOSTILE}", "rule": "daily", "since": began})
    send("goals", {"what": "sleep", "steps": {"a": {"text": "no screens", "done_on": began}}})


def plot(page: Page, name: str) -> Locator:
    """The picture of a series with what takes its focus."""
    return page.locator(".plot").filter(has=page.get_by_role("group", name=f"Values: {name}", exact=True))


def readout(page: Page, group: Locator) -> Locator:
    return page.locator(f"#{group.get_attribute('data-readout')}")


def test_values_are_read_with_the_keyboard(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    with opened(browser, practice, therapist) as page:
        page.goto(f"/clients/{client.id}/progress?range=2w")
        is_live(page)
        group = plot(page, "worry")
        said = readout(page, group)
        expect(said).to_have_text("")
        assert said.get_attribute("aria-live") == "polite"
        group.get_by_role("group").focus()
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        titles = group.locator(".value > title").all_text_contents()
        assert len(titles) == 14
        expect(said).to_have_text(titles[-1])
        page.keyboard.press("ArrowLeft")
        expect(said).to_have_text(titles[-2])
        page.keyboard.press("Home")
        expect(said).to_have_text(titles[0])
        page.keyboard.press("ArrowLeft")  # there is nothing before the first
        expect(said).to_have_text(titles[0])
        page.keyboard.press("ArrowRight")
        expect(said).to_have_text(titles[1])
        page.keyboard.press("PageDown")
        expect(said).to_have_text(titles[11])
        page.keyboard.press("End")
        expect(said).to_have_text(titles[-1])
        expect(group.locator(".chosen")).to_have_count(1)
        page.keyboard.press("Escape")
        expect(said).to_have_text("")
        page.keyboard.press("Tab")  # a chart is no trap
        expect(group.get_by_role("group")).not_to_be_focused()


def test_values_are_read_by_pointing_and_by_touch(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    with opened(browser, practice, therapist, has_touch=True) as page:
        page.goto(f"/clients/{client.id}/progress?range=2w")
        is_live(page)
        group = plot(page, "worry")
        values, said = group.locator(".value"), readout(page, group)
        group.scroll_into_view_if_needed()
        box = values.nth(4).bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 30)
        expect(said).to_have_text(values.nth(4).locator("title").text_content() or "")
        box = values.nth(9).bounding_box()
        assert box is not None
        page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + 10)
        expect(said).to_have_text(values.nth(9).locator("title").text_content() or "")


def test_a_page_that_moves_keeps_the_focus_on_a_chart(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    with opened(browser, practice, therapist) as page:
        page.goto(f"/clients/{client.id}/progress?range=2w")
        is_live(page)
        group = plot(page, "worry")
        group.get_by_role("group").focus()
        client.tracker.symptoms.log({"worry": 5}, scale=(1, 5))
        client.tracker.sync()
        expect(group.locator(".value")).to_have_count(15)
        expect(group.get_by_role("group")).to_be_focused()
        page.keyboard.press("End")
        expect(readout(page, group)).to_contain_text(": 5")


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
def test_everybody_can_use_it(browser: Browser, practice: Practice, therapist: str, client: Written, look: str) -> None:
    options: dict[str, Any] = {"color_scheme": "dark"} if look == "dark" else {}
    if look == "phone":
        options["viewport"] = {"width": 390, "height": 844}
    with opened(browser, practice, therapist, **options) as page:
        page.goto(f"/clients/{client.id}/progress")
        is_live(page)
        expect(page.get_by_text("Reliable-change threshold: 6 points")).to_be_visible()
        for summary in page.locator("summary").all():
            summary.click()
        assert accessible(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "too wide"
        # Text keeps its size however wide the picture is.
        heights = page.locator(".chart text").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
        assert min(height for height in heights if height) > 9
        assert page.locator("main img, main script").count() == 0


def test_without_script_there_are_tables_and_the_days_can_be_chosen(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    with opened(browser, practice, therapist, java_script_enabled=False) as page:
        page.goto(f"/clients/{client.id}/progress")
        page.get_by_role("link", name="2 weeks").click()
        expect(page).to_have_url(f"{practice.server.url}/clients/{client.id}/progress?range=2w")
        chart = page.get_by_role("figure").filter(has_text="worry").first
        chart.get_by_text("Numbers").click()
        expect(chart.get_by_role("row")).to_have_count(15)
        day = (datetime.now(UTC) - timedelta(days=3)).date().isoformat()
        page.get_by_label("From", exact=True).fill(day)
        page.get_by_label("to", exact=True).fill(day)
        page.get_by_role("button", name="Show these days").click()
        expect(plot(page, "worry").locator(".value")).to_have_count(1)
