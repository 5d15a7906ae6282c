"""A plan shaped in a browser: by two therapists at once, by mouse and by keyboard, with and without script."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.end_to_end.pages.browsing import HOSTILE, Written, accessible, is_live, opened, writing
from tests.end_to_end.support.practice import EACH_ITS_OWN, PASSWORD, Practice

pytestmark = pytest.mark.page

PARTS = ("", "/journal", "/trackers", "/assessments", "/safety", "/days", "/goals", "/resources")
PLAN: dict[str, Any] = {
    "introduction": "Write each evening.",
    "sections": {key: {"prompt": f"Question {key}"} for key in ("a", "b", "c")},
    "trackers": {"w": {"name": "worry", "question": "How much?", "low": 0, "high": 10}},
    "safety_plan": {"s": {"part": "people_to_ask", "text": "My sister", "contact": "0123"}},
}


@pytest.fixture
def client(practice: Practice, therapist: str, tmp_path: Path) -> Iterator[Written]:
    """A client of theirs with a plan."""
    with writing(practice, therapist, tmp_path / "client.db") as made:
        send(practice, therapist, "PATCH", f"/api/clients/{made.id}/plan", PLAN)
        yield made


def send(practice: Practice, therapist: str, method: str, path: str, body: Any) -> dict[str, Any]:
    """What this therapist's other app writes over the HTTP API."""
    with httpx.Client(base_url=practice.server.url, trust_env=False, timeout=30, limits=EACH_ITS_OWN) as http:
        assert http.post("/sign-in", json={"username": therapist, "password": PASSWORD}).status_code == 200
        csrf = http.get("/api/me").json()["csrf"]
        answer = http.request(method, path, json=body, headers={"x-csrf-token": csrf})
        assert answer.status_code in (200, 201), answer.text
        found: dict[str, Any] = answer.json()
        return found


def open_edit(page: Page, element: str) -> Locator:
    """The form of an element, opened."""
    place = page.locator(f"#element-{element}")
    place.get_by_text("Edit", exact=False).first.click()
    return place.locator("form.sheet")


def prompts(page: Page) -> Locator:
    return page.locator("#sections ~ ol h3")


# --- two at once ------------------------------------------------------------------------------------------------------


def test_two_shape_one_plan_and_both_edits_survive(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    colleague = f"{therapist[:30]}-2"
    practice.add_therapist(colleague)
    practice.assign(client.id, colleague)
    with opened(browser, practice, therapist) as one, opened(browser, practice, colleague) as other:
        for page in (one, other):
            page.goto(f"/clients/{client.id}/plan/trackers")
            is_live(page)
        mine, theirs = open_edit(one, "w"), open_edit(other, "w")
        mine.get_by_label("Question").fill("How much today?")
        theirs.get_by_label("Question").fill("So, how much?")
        theirs.get_by_label("Highest").fill("5")
        theirs.get_by_role("button", name="Save").click()
        # What is typed stays, and it is said that somebody was faster; what is told beside it is new.
        expect(one.locator("#element-w .element-words")).to_contain_text("So, how much? 0 to 5, daily")
        expect(mine.get_by_text("Somebody changed this meanwhile.")).to_be_visible()
        expect(mine.get_by_label("Question")).to_have_value("How much today?")
        expect(mine.get_by_label("Highest")).to_have_value("10")
        mine.get_by_role("button", name="Save").click()
        for page in (one, other):
            expect(page.locator("#element-w .element-words")).to_contain_text("So, how much today? 0 to 5, daily")
            expect(page.get_by_text(f"The plan was last changed by Dr {therapist}")).to_be_visible()
            expect(page.locator("#element-w").get_by_label("Question")).to_have_value("So, how much today?")
            expect(page.locator("#element-w").get_by_label("Highest")).to_have_value("5")
        expect(mine.get_by_text("Somebody changed this meanwhile.")).to_have_count(0)
    client.tracker.sync()
    (tracker,) = client.tracker.plan().trackers.values()
    assert (tracker.question, tracker.high) == ("So, how much today?", 5)


def test_what_is_removed_while_somebody_types_in_it_is_not_lost(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    with opened(browser, practice, therapist) as page:
        page.goto(f"/clients/{client.id}/plan/trackers")
        is_live(page)
        form = open_edit(page, "w")
        form.get_by_label("Question").fill("A long thought")
        send(practice, therapist, "PATCH", f"/api/clients/{client.id}/plan", {"trackers": {"w": None}})
        expect(form.get_by_text("This has been removed. What you typed is kept here")).to_be_visible()
        expect(form.get_by_label("Question")).to_have_value("A long thought")
        form.get_by_role("button", name="Save").click()
        expect(form.get_by_text("Somebody has removed this meanwhile")).to_be_visible()
        expect(form.get_by_label("Question")).to_have_value("A long thought")
        form.get_by_label("Question").fill("How much?")  # as it was: nothing would be lost any more
        page.goto(f"/clients/{client.id}/plan/trackers")
        expect(page.get_by_text("No trackers yet.")).to_be_visible()


# --- order ------------------------------------------------------------------------------------------------------------


def test_by_keyboard_an_element_moves_and_the_focus_goes_with_it(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    with opened(browser, practice, therapist) as page:
        page.goto(f"/clients/{client.id}/plan/journal")
        expect(prompts(page)).to_have_text(["Question a", "Question b", "Question c"])
        down = page.get_by_role("button", name="Move down: Question a")
        down.focus()
        page.keyboard.press("Enter")
        expect(prompts(page)).to_have_text(["Question b", "Question a", "Question c"])
        expect(down).to_be_focused()
        page.keyboard.press("Enter")
        expect(prompts(page)).to_have_text(["Question b", "Question c", "Question a"])
        # It cannot go further down; the focus is where it can be taken back from.
        up = page.get_by_role("button", name="Move up: Question a")
        expect(up).to_be_focused()
        page.keyboard.press("Space")
        expect(prompts(page)).to_have_text(["Question b", "Question a", "Question c"])
        expect(up).to_be_focused()
        expect(page.locator(".preview-prompt")).to_have_text(["Question b", "Question a", "Question c"])
    client.tracker.sync()
    assert [one.prompt for one in client.tracker.plan().sections.values()] == ["Question b", "Question a", "Question c"]


def grip_of(page: Page, element: str) -> tuple[float, float]:
    box = page.locator(f"#element-{element} [data-grip]").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_by_mouse_an_element_is_dragged_to_its_place(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    with opened(browser, practice, therapist) as page:
        page.goto(f"/clients/{client.id}/plan/journal")
        is_live(page)
        page.locator("#element-c").scroll_into_view_if_needed()
        page.mouse.move(*grip_of(page, "c"))
        page.mouse.down()
        x, y = grip_of(page, "a")
        page.mouse.move(x, y - 8, steps=8)
        expect(prompts(page)).to_have_text(["Question c", "Question a", "Question b"])
        page.mouse.up()
        expect(page.locator("#said")).to_have_text("Saved")
        page.reload()
        expect(prompts(page)).to_have_text(["Question c", "Question a", "Question b"])
        # Escape puts it back, and nothing is sent.
        page.locator("#element-b").scroll_into_view_if_needed()
        page.mouse.move(*grip_of(page, "c"))
        page.mouse.down()
        x, y = grip_of(page, "b")
        page.mouse.move(x, y + 60, steps=8)
        expect(prompts(page)).to_have_text(["Question a", "Question b", "Question c"])
        page.keyboard.press("Escape")
        expect(prompts(page)).to_have_text(["Question c", "Question a", "Question b"])
        page.mouse.up()
        page.reload()
        expect(prompts(page)).to_have_text(["Question c", "Question a", "Question b"])
    client.tracker.sync()
    assert list(client.tracker.plan().sections) == ["c", "a", "b"]


def test_without_script_everything_can_be_done(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    with opened(browser, practice, therapist, java_script_enabled=False) as page:
        page.goto(f"/clients/{client.id}/plan/journal")
        assert page.locator("[data-grip]").first.is_hidden()
        page.get_by_role("button", name="Move up: Question c").click()
        expect(prompts(page)).to_have_text(["Question a", "Question c", "Question b"])
        page.locator("#element-c").get_by_text("Remove", exact=False).first.click()
        page.get_by_role("button", name="Remove the question").locator("visible=true").click()
        expect(prompts(page)).to_have_text(["Question a", "Question b"])
        page.get_by_text("Add a question").click()
        form = page.locator("#new-section")
        form.get_by_label("Question").fill("Which ones?")
        form.get_by_label("Answered by").select_option("several_of")
        form.get_by_label("Options").fill("one\ntwo")
        form.get_by_role("button", name="Add the question").click()
        expect(prompts(page)).to_have_text(["Question a", "Question b", "Which ones?"])
        expect(page.locator(".preview-option")).to_have_text(["one", "two"])


# --- focus and what reaches the client --------------------------------------------------------------------------------


def test_what_is_agreed_on_the_page_is_due_on_the_clients_device(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    with opened(browser, practice, therapist) as page:
        page.goto(f"/clients/{client.id}/plan/trackers")
        summary = page.locator("#add-tracker > summary")
        summary.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        form = page.locator("#new-tracker")
        expect(form.get_by_label("Name")).to_be_focused()
        page.keyboard.type("tension")
        form.get_by_label("How often").select_option("weekly")
        for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"):
            form.get_by_label(day).check()
        expect(form.get_by_label("On", exact=True)).to_be_hidden()
        form.get_by_label("First day").fill("2026-01-01")
        save = form.get_by_role("button", name="Add the tracker")
        save.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#trackers ~ ol h3")).to_have_text(["worry", "tension"])
        expect(page.locator("#said")).to_have_text("Saved")
        # The form is empty for the next one, and the focus has stayed.
        expect(form.get_by_label("Name")).to_have_value("")
        expect(save).to_be_focused()
        expect(page.locator("#trackers ~ ol")).to_contain_text("weekly on Mon, Tue, Wed, Thu, Fri, Sat, Sun")
        page.goto(f"/clients/{client.id}/plan/safety")
        page.get_by_text("Add a step").click()
        form = page.locator("#new-step")
        form.get_by_label("Part").select_option("professionals")
        form.get_by_label("Contact").fill("0800 111 0 111")
        form.get_by_role("button", name="Add the step").click()
        expect(page.locator(".phone")).to_contain_text("0800 111 0 111")
    client.tracker.sync()
    due = client.tracker.due(datetime(2026, 5, 4, 21, tzinfo=UTC))
    assert {"How much?", "tension"} <= {one.title for one in due}
    assert [step.contact for step in client.tracker.safety().steps] == ["0123", "0800 111 0 111"]


def test_what_was_wrong_is_said_in_the_form_and_what_was_typed_stays(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    with opened(browser, practice, therapist) as page:
        page.goto(f"/clients/{client.id}/plan/trackers")
        form = open_edit(page, "w")
        form.get_by_label("Times of day").fill("08:00, 20:30")
        form.get_by_role("button", name="Save").click()
        expect(form.get_by_text("Several times of day must be at the same minute")).to_be_visible()
        expect(form.get_by_label("Times of day")).to_have_value("08:00, 20:30")
        form.get_by_label("Times of day").fill("08:30, 20:30")
        form.get_by_role("button", name="Save").click()
        expect(page.locator("#element-w .element-words")).to_contain_text("daily at 08:30, 20:30")
        # Removing asks first, and leads on.
        page.locator("#element-w").get_by_text("Remove", exact=False).first.click()
        expect(page.get_by_text("Remove the tracker worry? What was logged stays.")).to_be_visible()
        page.get_by_role("button", name="Remove the tracker").click()
        expect(page.get_by_text("No trackers yet.")).to_be_visible()
        expect(page.locator("#main")).to_be_focused()


def test_topics_are_read_as_the_client_writes_them(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    with opened(browser, practice, therapist) as page:
        page.goto(f"/clients/{client.id}/plan/goals")
        is_live(page)
        topic = client.tracker.topics.add("The Saturday shift")
        client.tracker.sync()
        expect(page.locator(".topics")).to_contain_text("The Saturday shift")
        client.tracker.topics.tick_off(topic.id)
        client.tracker.sync()
        expect(page.get_by_text("1 topic ticked off")).to_be_visible()


# --- for everybody ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
def test_every_part_can_be_used_by_everybody(
    browser: Browser, practice: Practice, therapist: str, client: Written, look: str
) -> None:
    options: dict[str, Any] = {"color_scheme": "dark"} if look == "dark" else {}
    if look == "phone":
        options["viewport"] = {"width": 390, "height": 844}
    long = HOSTILE + "x" * 300
    hostile = {
        "introduction": long,
        "sections": {
            "d": {"prompt": long, "type": "scale", "low": 0, "high": 10, "labels": [{"at": 0, "text": HOSTILE}]},
            "e": {"prompt": "היום", "type": "one_of", "options": [HOSTILE, "x" * 150]},
        },
        "trackers": {"x": {"name": HOSTILE, "rule": "FREQ=YEARLY;BYMONTH=3"}},
        "assessments": {"c": {"instrument": "check-in", "before_each_session": True}},
        "safety_plan": {"t": {"text": long, "contact": HOSTILE}},
        "pauses": {"p": {"first": "2026-05-01", "note": long}},
        "thresholds": {f"{HOSTILE}/x": {"at": 2}},
    }
    base = f"/api/clients/{client.id}"
    send(practice, therapist, "PATCH", f"{base}/plan", hostile)
    goal = {"what": long, "why": long, "state": "reached", "steps": {"1": {"text": long}, "2": {"text": "b"}}}
    send(practice, therapist, "POST", f"{base}/goals", goal)
    made = send(
        practice, therapist, "POST", f"{base}/resources", {"title": HOSTILE, "text": long, "tags": [HOSTILE[:60]]}
    )
    send(practice, therapist, "PATCH", f"{base}/plan", {"safety_resources": [made["id"]]})
    with opened(browser, practice, therapist, **options) as page:
        for part in PARTS:
            page.goto(f"/clients/{client.id}/plan{part}")
            page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
            assert accessible(page) == [], part
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"too wide: {part}"
            assert page.locator("main img, main script, main b").count() == 0
            levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3, h4')].map(one => +one.tagName[1])")
            assert all(after <= before + 1 for before, after in pairwise(levels)), (part, levels)
