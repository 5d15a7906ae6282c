"""Today, for somebody who is tired and has one hand: why something is asked, two taps to a log, and a way past it."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import expect
from tests.web_client.app.phone import Phone
from tests.web_client.app.writing.care import Care

pytestmark = pytest.mark.page
LONG_AGO = date(2020, 1, 1)
WORRY_TIME = (
    "Choose a quarter of an hour each day, always at the same time and in the same place, and not in bed. "
    "When a worry comes at another time, note it in a word or two and tell yourself: later."
)
TITLE = "Choose a quarter of an hour each day …"


def _plan(care: Care) -> None:
    today = datetime.now().astimezone().date()  # as the phone beside it has it
    with care.client.plan.edit() as plan:
        plan.journal("daily", LONG_AGO, "Take a few minutes in the evening.")
        plan.add_section("What went well today?")
        plan.add_tracker("Worry", 0, 10, rule="daily", since=LONG_AGO, labels={0: "none", 10: "unbearable"})
        plan.add_assessment("check-in", "weekly", today - timedelta(days=1), open_days=6)
    care.client.homework.assign(
        WORRY_TIME, why="Worries that have a time of their own wait.", rule="daily", since=today
    )
    care.sync()


def test_a_log_is_two_taps_and_what_is_asked_says_why(phone: Phone, care: Care) -> None:
    _plan(care)
    phone.open()
    card = phone.page.get_by_role("listitem").filter(has=phone.page.get_by_role("heading", level=3, name="Worry"))
    expect(card).to_contain_text("Your plan follows this over time")
    expect(phone.page.get_by_text("You agreed on this with your care team")).to_be_visible()
    card.locator(".point", has_text="7").click()
    card.get_by_role("button", name="Save").click()
    expect(card).to_have_count(0)
    care.until(lambda: [dict(log.values) for log in care.client.logs()], [{"Worry": 7}], "the log")


def test_everything_can_be_put_aside_until_tomorrow_and_comes_back_by_undo(phone: Phone, care: Care) -> None:
    _plan(care)
    phone.open()
    aside = phone.page.get_by_role("button", name=re.compile("Not today"))
    expect(aside).to_have_count(4)
    for left in (3, 2, 1, 0):
        aside.first.click()
        expect(aside).to_have_count(left)
    expect(phone.page.get_by_text("That is all for today.")).to_be_visible()
    phone.tap("Undo")
    expect(aside).to_have_count(1)


def test_long_homework_has_a_title_and_is_read_below_it(phone: Phone, care: Care) -> None:
    _plan(care)
    phone.open()
    expect(phone.page.get_by_role("heading", level=3, name=TITLE, exact=True)).to_be_visible()
    phone.page.get_by_role("link", name=f"Say how it went: {TITLE}").click()
    phone.shows("How did it go?")
    expect(phone.page.get_by_text("tell yourself: later.")).to_be_hidden()
    phone.page.get_by_text("Read it in full").click()
    expect(phone.page.get_by_text(WORRY_TIME)).to_be_visible()
    phone.open("/homework")
    phone.follow(TITLE)
    phone.settled()
    expect(phone.page.get_by_role("heading", level=2, name=TITLE, exact=True)).to_be_visible()
    expect(phone.page.get_by_text(WORRY_TIME)).to_be_visible()
