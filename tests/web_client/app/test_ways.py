"""What a person does with the app, on its screens."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect
from tests.web_client.app.beginning import opened
from tests.web_client.app.phone import WRITING
from tests.web_client.app.record import Record

pytestmark = pytest.mark.page


def test_a_log_takes_two_taps(browser: Browser, record: Record) -> None:
    with opened(browser, record) as phone:
        expect(phone.page.get_by_role("heading", level=3, name="Worry")).to_be_visible()
        phone.page.locator("form .point", has_text="7").first.click()
        phone.tap("Save")
        expect(phone.page.get_by_text("Logged")).to_be_visible()
        expect(phone.page.get_by_role("heading", level=3, name="Worry")).to_have_count(0)
        phone.tab("Log")
        expect(phone.page.get_by_text("Worry 7 (0–10)").first).to_be_visible()


def test_a_log_by_keyboard_alone(browser: Browser, record: Record) -> None:
    with opened(browser, record, "/log") as phone:
        phone.page.keyboard.press("Tab")
        phone.page.keyboard.press("Space")
        phone.page.keyboard.press("ArrowRight")
        phone.page.keyboard.press("ArrowRight")
        phone.page.keyboard.press("Enter")
        expect(phone.page.get_by_text("Logged")).to_be_visible()
        expect(phone.page.get_by_text("Worry 2 (0–10)")).to_be_visible()


def test_what_is_shared_is_said_and_chosen_before_anything_is_sent(browser: Browser, record: Record) -> None:
    code = record.code()
    with opened(browser, record, f"/pair#{code}", "unpaired") as phone:
        asked = phone.requests()
        expect(phone.page.get_by_label("Code from your practice")).to_have_value(code)
        expect(phone.page.get_by_text("always shared, as you work on them together")).to_be_visible()
        expect(phone.page.get_by_role("radio", name="Private at first")).to_be_checked()
        phone.page.get_by_label("Code from your practice").fill("ABCD-EFGH-JKMN-PQRS")
        phone.tap("Connect")
        expect(phone.page.get_by_role("alert")).to_contain_text("This code is not known")
        # The code is in the fragment, which no server sees, and goes nowhere by itself.
        assert [one.url for one in asked if code in one.url] == []
        phone.page.get_by_label("Code from your practice").fill(code)
        phone.tap("Connect")
        phone.shows("Today")
        assert phone.page.evaluate("() => location.hash") == ""
        phone.tab("Log")
        expect(phone.page.get_by_role("radio", name="Only I")).to_be_checked()
        assert [one.url for one in asked if code in one.url] == []


def test_what_is_typed_is_there_after_the_app_was_killed(browser: Browser, record: Record) -> None:
    with opened(browser, record, "/journal/new") as phone:
        phone.page.get_by_label("What went well today?").fill("The bakery")
        phone.page.get_by_label(WRITING).fill("Bread, still warm.")
        expect(phone.page.get_by_text("Draft kept on this device")).to_be_visible()
        phone.page.reload()
        expect(phone.page.get_by_label("What went well today?")).to_have_value("The bakery")
        phone.open()
        phone.page.get_by_role("link", name=re.compile("A journal entry")).click()
        phone.tap("Save")
        phone.shows("Entry")
        expect(phone.page.get_by_text("Bread, still warm.")).to_be_visible()
        phone.open()
        expect(phone.page.get_by_text("Begun and not finished")).to_have_count(0)


def test_a_private_entry_is_shared_and_withdrawn(browser: Browser, record: Record) -> None:
    with opened(browser, record, "/journal/new") as phone:
        phone.page.get_by_label(WRITING).fill("I am tired of explaining.")
        phone.page.get_by_role("radio", name="Only I").check()
        phone.tap("Save")
        expect(phone.page.get_by_text("Only you can read this")).to_be_visible()
        phone.tap("Share with my care team")
        phone.page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
        expect(phone.page.get_by_text("Only you can read this")).to_be_visible()
        phone.confirm("Share with my care team")
        expect(phone.page.get_by_text(re.compile("Your care team .* can read this"))).to_be_visible()
        phone.confirm("Withdraw")
        phone.shows("Withdrawn")
        phone.tab("Journal")
        expect(phone.page.get_by_text("tired of explaining")).to_have_count(0)


def test_homework_that_was_not_possible(browser: Browser, record: Record) -> None:
    with opened(browser, record, "/homework/{homework}/report?occurrence={occurrence}") as phone:
        phone.page.get_by_role("radio", name="I could not").check()
        expect(phone.page.get_by_text("It does not count against you")).to_be_visible()
        expect(phone.page.get_by_text("Worksheet")).to_have_count(0)
        phone.page.get_by_role("radio", name="There was no chance to").check()
        phone.tap("Save")
        phone.shows("Homework")
        expect(phone.page.get_by_text("was not possible")).to_be_visible()
        expect(phone.page.get_by_text("There was no chance to")).to_be_visible()


def test_a_questionnaire_goes_on_where_it_was_left_and_a_risk_shows_the_safety_plan(
    browser: Browser, record: Record
) -> None:
    with opened(browser, record, "/assessments") as phone:
        phone.page.get_by_role("button", name="Begin: Patient Health Questionnaire 9").click()
        phone.page.get_by_role("radio", name="1 of it").check()
        phone.tap("Next")
        expect(phone.page.get_by_text("Question 2 of 10")).to_be_visible()
        phone.open("/assessments")
        phone.page.get_by_role("button", name=re.compile("Go on: Patient")).click()
        for number in range(2, 9):
            expect(phone.page.get_by_text(f"Question {number} of 10")).to_be_visible()
            phone.tap("Leave it empty")
        # What was answered offline has not been sent when this is said.
        phone.context.set_offline(True)
        phone.page.get_by_role("radio", name="1 of it").check()
        told = phone.page.get_by_role("alert")
        expect(told).to_contain_text("Nobody reads this in real time, and it has not been sent yet")
        expect(told.get_by_role("link", name=re.compile("Call My sister"))).to_have_attribute("href", "tel:0301234567")
        phone.tap("Next")
        phone.tap("Leave it empty")  # how difficult it all is, which need not be said
        expect(phone.page.get_by_text("7 questions have no answer yet.")).to_be_visible()
        phone.confirm("Finish")
        expect(phone.page.get_by_text("Thank you. Your answers are kept.")).to_be_visible()
        expect(told).to_be_visible()


def test_what_is_put_aside_comes_back_by_undo(browser: Browser, record: Record) -> None:
    with opened(browser, record) as phone:
        phone.tap("Not today: Worry")
        expect(phone.page.get_by_role("heading", level=3, name="Worry")).to_have_count(0)
        phone.tap("Undo")
        expect(phone.page.get_by_role("heading", level=3, name="Worry")).to_be_visible()


def test_the_passcode_opens_it_and_a_wrong_one_does_not(browser: Browser, record: Record) -> None:
    with opened(browser, record, "/journal", "locked") as phone:
        phone.shows("Locked")
        phone.page.get_by_label("Passcode").fill("something")
        phone.tap("Open")
        expect(phone.page.get_by_role("alert")).to_contain_text("That does not open it")
        expect(phone.page.get_by_text("market")).to_have_count(0)
        phone.unlock()
        phone.shows("Journal")
        expect(phone.page.get_by_text("market")).to_be_visible()


def test_back_goes_the_way_one_came(browser: Browser, record: Record) -> None:
    with opened(browser, record, "/journal/{entry}") as phone:
        phone.follow("Back")  # from outside: to what is above
        phone.shows("Journal")
        phone.more("Search")
        phone.follow("Back")
        phone.shows("More")
        phone.page.go_back()
        phone.shows("Journal")


def test_a_search_marks_what_it_found(browser: Browser, record: Record) -> None:
    with opened(browser, record, "/search") as phone:
        phone.page.get_by_label("Search in my journal").fill("market")
        expect(phone.page.locator("mark")).to_have_text("market")
        phone.page.get_by_label("Search in my journal").fill("nothing like it")
        expect(phone.page.get_by_text("No entry has all of these words.")).to_be_visible()


def test_language_and_text_size_are_kept(browser: Browser, record: Record) -> None:
    with opened(browser, record, "/settings") as phone:
        phone.page.get_by_role("radio", name="Deutsch").check()
        phone.shows("Einstellungen")
        phone.page.get_by_role("radio", name="Sehr groß").check()
        phone.page.reload()
        phone.shows("Einstellungen")
        assert phone.page.evaluate("() => document.documentElement.lang") == "de"
        assert phone.page.evaluate("() => getComputedStyle(document.documentElement).fontSize") == "23.2px"


def test_another_tab_has_it(browser: Browser, record: Record) -> None:
    with opened(browser, record, "/", "elsewhere") as phone:
        phone.tap("Use it here")
        phone.shows("Welcome")
