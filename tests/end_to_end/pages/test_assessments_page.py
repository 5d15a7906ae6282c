"""Assessments in a browser: scores from paper by keyboard, and a wording from a dropped file to a client's device."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.end_to_end.pages.browsing import HOSTILE, Written, accessible, is_live, opened, writing
from tests.end_to_end.support.practice import Practice
from tests.schemas.instruments.wording.forms import printed
from tests.schemas.instruments.wording.languages import ANSWERS, QUESTIONS

pytestmark = pytest.mark.page

SCORES = (1, 2, 0, 3, 1, 1, 2, 0, 1)
LINES = "\n".join([" / ".join(ANSWERS["en"]), *(f"{n}. {one}" for n, one in enumerate(QUESTIONS["en"], 1))])
PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def client(practice: Practice, therapist: str, tmp_path: Path) -> Iterator[Written]:
    """A client of theirs, whose device is paired."""
    with writing(practice, therapist, tmp_path / "client.db") as made:
        yield made


def looking(look: str) -> dict[str, Any]:
    return {"color_scheme": "dark"} if look == "dark" else PHONE if look == "narrow" else {}


def is_narrow(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def dropped(page: Page, place: str, form: object, button: str = "Check it item by item") -> None:
    """Drop a questionnaire on an instrument's page, and see it item by item."""
    page.goto(place)
    file = {"name": "form.json", "mimeType": "application/json", "buffer": json.dumps(form).encode()}
    page.get_by_label("File").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name=button).click()


def scheduled(page: Page, client: Written, instrument: str) -> None:
    """Plan an instrument for a client, as the plan's page does."""
    csrf = page.request.get("/api/me").json()["csrf"]
    plan = {"assessments": {"weekly": {"instrument": instrument, "rule": "weekly"}}}
    answer = page.request.patch(f"/api/clients/{client.id}/plan", data=plan, headers={"x-csrf-token": csrf})
    assert answer.ok, answer.text()


def test_a_paper_form_is_entered_by_keyboard_and_scored(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    with opened(browser, practice, therapist) as page:
        page.goto(f"/clients/{client.id}/assessments/paper?instrument=phq-9")
        page.get_by_role("group", name="Interest and pleasure").get_by_role("radio").first.focus()
        for value in SCORES:
            page.keyboard.press("Space")
            for _ in range(value):
                page.keyboard.press("ArrowRight")
            page.keyboard.press("Tab")
        page.keyboard.press("Tab")  # over the item that may stay unanswered
        expect(page.get_by_role("button", name="Save the scores")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=2).first).to_have_text("Patient Health Questionnaire 9 (PHQ-9)")
        expect(page.locator(".score-number")).to_have_text("11")
        expect(page.get_by_role("row", name="Thoughts of death or self-harm")).to_contain_text("Risk item endorsed")
        for label, value in zip(("Interest and pleasure", "Low mood", "Sleep", "Energy"), SCORES, strict=False):
            expect(page.get_by_role("row", name=label)).to_contain_text(str(value))
        page.get_by_role("link", name="Correct").click()
        page.get_by_role("group", name="Low mood").get_by_label("3").check()
        page.get_by_role("button", name="Save the correction").click()
        expect(page.locator(".score-number")).to_have_text("12")
        page.get_by_label("Your comment").fill("We talked about this.")
        page.get_by_role("button", name="Comment").click()
        expect(page.locator("[id^='comment-']", has_text="We talked about this.")).to_be_visible()
        client.tracker.sync()
        (comment,) = client.tracker.comments(UUID(page.url.rpartition("/")[2]))
        assert comment.text == "We talked about this."


def test_without_script_paper_and_wordings_work_as_forms_always_did(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    with opened(browser, practice, therapist, java_script_enabled=False) as page:
        page.goto(f"/clients/{client.id}/assessments/paper?instrument=gad-2")
        page.get_by_role("group", name="Nervous").get_by_label("2").check()
        page.get_by_role("button", name="Save the scores").click()
        expect(page.get_by_text("No score: items are missing, and nothing is guessed.")).to_be_visible()
        page.goto("/instruments/phq-9")
        page.get_by_label("Or paste the questions from a document").fill(LINES)
        page.get_by_role("button", name="Check it item by item").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Check the wording: Patient Health")
        page.goto("/instruments/phq-9")
        page.get_by_label("Or paste the questions from a document").fill("nothing of it")
        page.get_by_role("button", name="Check it item by item").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Not saved")


def test_a_dropped_questionnaire_is_confirmed_scheduled_and_asked_on_the_clients_device(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    form = printed("gad-7") | {"language": "en"}
    with opened(browser, practice, therapist) as page:
        dropped(page, "/instruments/gad-7", form)
        expect(page.get_by_role("heading", level=1)).to_contain_text("Check the wording: Generalized Anxiety")
        expect(page.locator("#said")).to_be_empty()  # nothing has been saved
        offer = page.get_by_role("button", name="Offer this wording to clients")
        boxes = page.get_by_role("checkbox")
        expect(boxes).to_have_count(14)
        for number in range(13):
            boxes.nth(number).check()
        offer.click()
        expect(boxes.nth(13)).to_be_focused()  # the browser asks for what is left
        boxes.nth(13).check()
        offer.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Generalized Anxiety Disorder 7")
        expect(page.locator(".title .badge")).to_have_text("Wording imported")
        client.tracker.sync()
        assert "gad-7" not in [one.instrument for one in client.tracker.assessments.available()]
        scheduled(page, client, "gad-7")
        client.tracker.sync()
        draft = client.tracker.assessments.start("gad-7")
        assert draft.items[0].prompt == form["item"][0]["text"]
        page.goto(f"/clients/{client.id}/assessments")
        is_live(page)
        for question in draft.items:
            draft.answer(question.item, 2)
        draft.complete()
        client.tracker.sync()
        card = page.get_by_role("article")
        expect(card).to_contain_text("Wording imported")
        expect(card.locator(".score-number")).to_have_text("14")
        card.get_by_role("link", name="GAD-7").click()
        expect(page.get_by_role("row", name=form["item"][0]["text"])).to_contain_text("Often")


def test_what_does_not_fit_stays_out_and_what_was_typed_stays(
    browser: Browser, practice: Practice, therapist: str
) -> None:
    with opened(browser, practice, therapist) as page:
        page.goto("/instruments/phq-9")
        field = page.get_by_label("Or paste the questions from a document")
        field.fill("\n".join(LINES.split("\n")[:6]))
        page.get_by_role("button", name="Check it item by item").click()
        expect(page.locator(".sheet-said")).to_contain_text("5 questions were found")
        expect(field).to_have_value("\n".join(LINES.split("\n")[:6]))
        first, second, *rest = LINES.split("\n")[1:]
        turned = [LINES.split("\n")[0], first.replace("Less pleasure", "Thoughts of self-harm"), second, *rest]
        field.fill("\n".join(turned))
        page.get_by_role("button", name="Check it item by item").click()
        expect(page.locator("#cannot")).to_contain_text("It asks about death or self-harm")
        expect(page.get_by_role("button", name="Offer this wording to clients")).to_have_count(0)


def test_hostile_markup_in_a_questionnaire_is_text_wherever_it_is_shown(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    form = printed("wsas") | {"title": HOSTILE}
    for item in form["item"]:
        item["text"] = f"{item['text']} {HOSTILE}"
    with opened(browser, practice, therapist) as page:
        dropped(page, "/instruments", form)
        expect(page.get_by_role("heading", level=1)).to_contain_text(HOSTILE)
        for box in page.get_by_role("checkbox").all():
            box.check()
        page.get_by_role("button", name="Add this instrument").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
        key = page.url.rpartition("/")[2]
        page.goto(f"/clients/{client.id}/assessments/paper?instrument={key}")
        expect(page.get_by_text(HOSTILE).first).to_be_visible()
        assert page.locator("main img, main script").count() == 0


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_the_pages_are_accessible_and_fit(
    browser: Browser, practice: Practice, therapist: str, client: Written, look: str
) -> None:
    draft = client.tracker.assessments.start("check-in")
    for question in draft.items:
        draft.answer(question.item, 3)
    draft.complete()
    client.tracker.sync()
    with opened(browser, practice, therapist, **looking(look)) as page:
        csrf = page.request.get("/api/me").json()["csrf"]
        taken = {"instrument": "phq-9", "answers": {f"q{n}": value for n, value in enumerate(SCORES, 1)}}
        place = f"/api/clients/{client.id}/assessments"
        made = page.request.post(place, data=taken, headers={"x-csrf-token": csrf}).json()
        here = f"/clients/{client.id}/assessments"
        for path in (
            here,
            f"{here}/{made['id']}",
            f"{here}/paper",
            f"{here}/paper?instrument=phq-9",
            f"{here}/paper?instrument=ors",
            "/instruments",
            "/instruments/phq-9",
            "/instruments/check-in",
        ):
            page.goto(path)
            assert accessible(page) == [], path
            assert is_narrow(page), path
        dropped(page, "/instruments/phq-9", printed("phq-9"))
        expect(page.get_by_role("heading", level=1)).to_contain_text("Check the wording")
        assert accessible(page) == []
        assert is_narrow(page)
