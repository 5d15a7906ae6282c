"""Homework in a browser: assigned from the library, reported on by a client, reviewed, and moving by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.end_to_end.pages.browsing import HOSTILE, Written, accessible, is_live, opened, writing
from tests.end_to_end.support.practice import Practice

from intersession_schemas.documents.forms import Field

pytestmark = pytest.mark.page


@pytest.fixture
def client(practice: Practice, therapist: str, tmp_path: Path) -> Iterator[Written]:
    """A client of theirs, whose device is paired."""
    with writing(practice, therapist, tmp_path / "client.db") as made:
        yield made


def assign(page: Page, client: Written, what: str, repeats: str = "daily") -> None:
    """From scratch, without a worksheet."""
    page.goto(f"/clients/{client.id}/homework/new?template=scratch")
    page.get_by_label("What to do").fill(what)
    page.get_by_label("How often").select_option(repeats)
    page.get_by_role("button", name="Assign").click()
    expect(page.get_by_role("article", name=what)).to_be_visible()


def test_homework_goes_from_the_library_to_the_client_and_back_and_on(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    with opened(browser, practice, therapist) as page, opened(browser, practice, therapist) as other:
        page.goto(f"/clients/{client.id}/homework")
        expect(page.get_by_text("No homework has been assigned.")).to_be_visible()
        other.goto(f"/clients/{client.id}/homework")
        is_live(other)
        other.evaluate("window.loadedOnce = true")

        page.get_by_role("link", name="Assign homework").click()
        page.get_by_label("Search the library").fill("activity mood")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("link", name="Use this template: Planning what is good for you").click()
        page.get_by_label("What to do").fill("one small thing")
        page.get_by_text("Worksheet: 9 questions").click()
        question = page.get_by_role("group", name="Question 9")
        expect(question.get_by_label("Options")).to_be_hidden()
        question.get_by_label("Answered by").select_option("checklist")
        question.get_by_label("Options").fill("too big\nno time")
        expect(page.get_by_role("group", name="Add a question")).to_have_count(1)
        page.get_by_role("group", name="Add a question").get_by_label("Question", exact=True).fill("How long?")
        expect(page.get_by_role("group", name="Add a question")).to_have_count(2)
        page.get_by_role("button", name="Assign").click()

        card = page.get_by_role("article", name="one small thing")
        expect(card).to_contain_text("daily, from")
        expect(other.get_by_role("article", name="one small thing")).to_be_visible()

        client.tracker.sync()
        (homework,) = client.tracker.homework.list()
        assert (homework.what, len(homework.fields)) == ("one small thing", 10)
        by_prompt = {field.prompt: field for field in homework.fields.values()}
        assert by_prompt["How long?"].type == "prose"
        in_the_way = next(one for prompt, one in by_prompt.items() if prompt.startswith("If it did not happen"))
        assert (in_the_way.type, in_the_way.options) == ("checklist", ("too big", "no time"))

        page.get_by_role("link", name="Open “one small thing”").click()
        expect(page.get_by_text("No reports received yet.")).to_be_visible()
        is_live(page)
        page.evaluate("window.loadedOnce = true")
        # Half typed: what arrives must not take it away.
        page.get_by_label("Reason").fill("it was ")
        answers = {"What did you plan?": "a walk", "How long?": "ten minutes"}
        client.tracker.homework.record(
            homework.id, answers=answers, difficulty=2, helpfulness=8, learned="I felt better"
        )
        client.tracker.sync()
        report = page.get_by_role("region", name=re.compile("done"))
        expect(report).to_contain_text("I felt better")
        expect(report).to_contain_text("ten minutes")
        expect(report).to_contain_text("difficulty 2, helpfulness 8")
        expect(other.get_by_role("article", name="one small thing")).to_contain_text("1 report to review")
        assert page.evaluate("window.loadedOnce")
        assert other.evaluate("window.loadedOnce")
        expect(page.get_by_label("Reason")).to_have_value("it was ")

        report.get_by_text("Comment", exact=True).click()
        report.get_by_label("Comment on this report").fill("Well planned.")
        report.get_by_role("button", name="Send comment").click()
        expect(report.locator(".comment")).to_contain_text("Well planned.")
        client.tracker.sync()
        (said,) = client.tracker.homework.get(homework.id).progress
        assert [one.text for one in client.tracker.comments(said.id)] == ["Well planned."]

        page.get_by_label("Reason").fill("it was easy")
        expect(page.get_by_role("group", name="It goes on as")).to_be_hidden()
        page.get_by_label("Decision").select_option("step_up")
        goes_on = page.get_by_role("group", name="It goes on as")
        goes_on.get_by_label("What to do").fill("two small things")
        page.get_by_role("button", name="Save review").click()
        expect(page.get_by_role("heading", level=2)).to_have_text("two small things")
        page.get_by_role("link", name="The assignment before it").click()
        expect(page.get_by_text("Stepped up")).to_be_visible()
        expect(page.get_by_text("it was easy")).to_be_visible()

        client.tracker.sync()
        new, old = client.tracker.homework.list(ended=True)
        assert (new.what, new.predecessor, len(new.fields)) == ("two small things", old.id, 10)
        assert old.ended_on == new.since
        (review,) = old.reviews
        assert (review.decision, review.reason, review.successor) == ("step_up", "it was easy", new.id)
        expect(other.get_by_role("article", name="two small things")).to_be_visible()


def test_two_who_change_one_assignment_lose_nothing_of_either(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    with opened(browser, practice, therapist) as page, opened(browser, practice, therapist) as other:
        assign(page, client, "a walk")
        page.get_by_role("link", name="Open “a walk”").click()
        page.get_by_text("Change what was given").click()
        form = page.locator("#change-form")
        form.get_by_label("Why").fill("for the air")
        other.goto(page.url)
        is_live(other)
        other.get_by_text("Change what was given").click()
        other.locator("#change-form").get_by_label("What to do").fill("a long walk")
        other.locator("#change-form").get_by_role("button", name="Save").click()
        expect(other.get_by_role("heading", level=2)).to_have_text("a long walk")
        expect(form.get_by_text("Somebody changed this meanwhile")).to_be_visible()
        expect(form.get_by_label("What to do")).to_have_value("a walk")
        form.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", level=2)).to_have_text("a long walk")
        expect(page.get_by_role("region", name="What was given")).to_contain_text("for the air")


def test_what_is_refused_is_said_in_the_form_and_stays_in_it(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    with opened(browser, practice, therapist) as page:
        page.goto(f"/clients/{client.id}/homework/new?template=scratch")
        is_live(page)
        page.get_by_label("What to do").fill("a walk")
        page.get_by_text("Worksheet: no questions yet").click()
        page.get_by_role("group", name="Add a question").get_by_label("Question", exact=True).fill("How was it?")
        added = page.get_by_role("group", name="Add a question").first
        added.get_by_label("Answered by").select_option("scale")
        page.get_by_role("button", name="Assign").click()
        expect(page.get_by_text("needs a lowest and a highest value")).to_be_visible()
        expect(page.get_by_label("What to do")).to_have_value("a walk")
        added.get_by_label("Lowest").fill("0")
        added.get_by_label("Highest").fill("10")
        added.get_by_label("What points are called").fill("0 = bad\n10 = good")
        page.get_by_role("button", name="Assign").click()
        expect(page.get_by_role("article", name="a walk")).to_be_visible()
        client.tracker.sync()
        (field,) = client.tracker.homework.list()[0].fields.values()
        assert (field.type, field.low, field.high) == ("scale", 0, 10)
        assert [one.text for one in field.labels] == ["bad", "good"]


def test_homework_is_assigned_and_reviewed_with_the_keyboard_alone(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    def reach(page: Page, name: str) -> None:
        for _ in range(120):
            page.keyboard.press("Tab")
            focused = page.evaluate(
                """() => { const one = document.activeElement;
                           const label = one.labels?.[0]?.textContent;
                           return one.getAttribute("aria-label") || label || one.textContent; }"""
            )
            if str(focused).strip().startswith(name):
                assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
                return
        raise AssertionError(f"{name} is not reached with Tab")

    with opened(browser, practice, therapist) as page:
        page.goto(f"/clients/{client.id}/homework")
        is_live(page)
        reach(page, "Assign homework")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=2)).to_have_text("Assign homework")
        reach(page, "Write it from scratch")
        page.keyboard.press("Enter")
        expect(page.get_by_label("What to do")).to_be_visible()
        reach(page, "What to do")
        page.keyboard.type("a walk")
        reach(page, "How often")
        page.keyboard.press("D")
        reach(page, "Assign")
        page.keyboard.press("Enter")
        expect(page.get_by_role("article", name="a walk")).to_be_visible()
        reach(page, "Review “a walk”")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=2)).to_have_text("a walk")
        reach(page, "Decision")
        page.keyboard.press("S")
        page.keyboard.press("S")
        page.keyboard.press("S")
        expect(page.get_by_label("Decision")).to_have_value("stop")
        reach(page, "Save review")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Stopped")).to_be_visible()
    client.tracker.sync()
    (homework,) = client.tracker.homework.list(ended=True)
    assert (homework.what, homework.rule, homework.reviews[0].decision) == ("a walk", "FREQ=DAILY", "stop")


def test_without_script_homework_is_assigned_and_reviewed(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    with opened(browser, practice, therapist, java_script_enabled=False) as page:
        assign(page, client, "a walk")
        page.get_by_role("link", name="Review “a walk”").click()
        page.get_by_label("Decision").select_option("stop")
        page.get_by_role("button", name="Save review").click()
        expect(page.get_by_text("Stopped")).to_be_visible()
        page.goto(f"/clients/{client.id}/homework")
        expect(page.get_by_text("1 ended assignment")).to_be_visible()


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
def test_pages_of_homework_can_be_used_by_everybody_whatever_is_written(
    browser: Browser, practice: Practice, therapist: str, client: Written, tmp_path: Path, look: str
) -> None:
    options: dict[str, Any] = {"color_scheme": "dark"} if look == "dark" else {}
    if look == "phone":
        options["viewport"] = {"width": 390, "height": 844}
    long = f"{HOSTILE} " + "word" * 200
    choice = Field(prompt=HOSTILE, type="one_of", options=(HOSTILE[:60], "b"))
    questions = [choice, Field(prompt="x", type="scale", low=0, high=10)]
    with practice.caseload(tmp_path / "therapist.db", therapist) as caseload:
        caseload.sync()
        theirs = caseload.client(client.id)
        homework = theirs.homework.assign(long, why=long, rule="daily", fields=questions)
        theirs.homework.assign(HOSTILE, why=HOSTILE)
        theirs.sessions.plan(datetime.now(UTC) + timedelta(days=2), 50)
        caseload.sync()
    client.tracker.sync()
    key = next(iter(homework.fields))
    client.tracker.homework.record(
        homework.id, answers={key: HOSTILE[:60]}, difficulty=3, learned=long, barrier="forgot", barrier_note=long
    )
    client.tracker.sync()
    with opened(browser, practice, therapist, **options) as page:
        one, new = f"homework/{homework.id}", "homework/new?template=thought_record"
        for path in ("homework", one, "homework/new", new, "sessions"):
            page.goto(f"/clients/{client.id}/{path}")
            is_live(page)
            for summary in page.locator("main summary").all():
                if summary.is_visible():
                    summary.click()
            assert accessible(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{path} is too wide"
            assert page.locator("main img, main script").count() == 0
