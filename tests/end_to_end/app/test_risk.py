"""An answer that says that it is very hard: the safety plan at once, also offline, and nothing that is not true."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.end_to_end.app.worker import asked_phone, wait_until_sent
from tests.end_to_end.pages import browsing
from tests.end_to_end.support.practice import Invitation, Practice
from tests.end_to_end.support.server_process import ServerProcess
from tests.web_client.app.phone import WITHIN

pytestmark = pytest.mark.page

HARD = "One of your answers says that things may be very hard right now."
NOBODY = "Nobody reads this in real time"
NOT_SENT = "it has not been sent yet"
SISTER = "My sister"
AT_ONCE = 1_000
"""Milliseconds."""


def test_a_risk_answer_shows_the_safety_plan_and_says_truly_whether_it_was_sent(
    browser: Browser, server: ServerProcess, practice: Practice, client: Invitation, tmp_path: Path
) -> None:
    with practice.caseload(tmp_path / "anna.db", "anna") as caseload:
        caseload.sync()
        with caseload.client(client.person).plan.edit() as plan:
            plan.add_safety_step("people_to_ask", SISTER, "030 123456")
            plan.add_assessment("phq-9", "weekly", open_days=7)
        assert caseload.sync().complete
    with asked_phone(browser, server) as app, browsing.opened(browser, practice, "anna") as desk:
        app.pair(client.code, shared=True)
        desk.goto("/")
        browsing.is_live(desk)
        row = desk.locator(f"#client-{client.person}")
        app.page.get_by_role("button", name="Begin: Patient Health").click(timeout=WITHIN)
        for _ in range(8):
            app.page.get_by_role("radio", name="Now and then").check()
            app.tap("Next")
        wait_until_sent(app)
        app.context.set_offline(True)
        app.page.get_by_role("radio", name="Never").check()
        notice = app.page.get_by_role("alert").filter(has_text=HARD)
        expect(notice).to_have_count(0)
        app.page.get_by_role("radio", name="Always").check()
        for words in (NOBODY, NOT_SENT, SISTER):
            expect(notice).to_contain_text(words, timeout=AT_ONCE)
        expect(notice.get_by_role("link", name=f"Call {SISTER} 030 123456")).to_have_attribute("href", "tel:030123456")
        app.accessible()
        app.tap("Next")
        expect(notice).to_contain_text(NOT_SENT)
        app.confirm("Finish")
        app.sees("Thank you. Your answers are kept.")
        expect(notice).to_contain_text(NOT_SENT)
        app.accessible()
        expect(row).not_to_contain_text("Risk")
        app.context.set_offline(False)
        expect(notice).not_to_contain_text(NOT_SENT, timeout=WITHIN)
        for words in (NOBODY, SISTER):
            expect(notice).to_contain_text(words)
        expect(row).to_contain_text("Risk", timeout=WITHIN)
        # A draft goes to the practice as well, and says so once it has.
        app.tap("Correct my answers")
        expect(app.button("Finish")).to_be_visible(timeout=WITHIN)
        expect(notice).to_contain_text(NOBODY)
        expect(notice).not_to_contain_text(NOT_SENT, timeout=WITHIN)
