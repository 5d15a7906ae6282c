"""A week between two sessions, lived on a phone without a network, whose browser dies in the middle of a write.

The week is behind: what is written is dated by the screens, as by anybody who writes something down later.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect
from tests.end_to_end.app.worker import ASKING, ask, check_same, wait_until_sent
from tests.end_to_end.pages import browsing
from tests.end_to_end.support.practice import Invitation, Practice
from tests.end_to_end.support.server_process import ServerProcess
from tests.web_client.app.kept_phone import KeptPhone, kept_phone
from tests.web_client.app.phone import WITHIN, WRITING, Phone

from intersession import Client, Field

pytestmark = pytest.mark.page

TODAY = datetime.now().astimezone().date()
DAYS = [TODAY - timedelta(days=number) for number in range(7, 0, -1)]
"""The week, without today."""
SISTER = "My sister"
BEGUN = "What I have begun to write"
BEFORE_THE_KILL = 12
# What "Save" asks of the worker, again and again; what was confirmed is told.
BURST = """() => {
  globalThis.told = [];
  void (async () => {
    for (let number = 0; number < 10_000; number += 1) {
      const { value } = await asked(["journal", "write"], [{ text: `Burst ${number}` }]);
      told.push(value.text);
    }
  })();
}"""


def given(client: Client) -> str:
    """What was agreed in the session; the homework's id."""
    with client.plan.edit() as plan:
        plan.journal("daily", DAYS[0], "A few lines before you sleep.")
        plan.add_section("What happened?")
        plan.add_tracker("worry", 0, 10, rule="daily", since=DAYS[0])
        plan.add_safety_step("people_to_ask", SISTER, "030 123456")
    fields = {"place": Field(prompt="Where were you?")}
    return str(client.homework.assign("Take the bus.", rule="daily", since=DAYS[0], fields=fields).id)


def test_a_week_without_a_network_and_a_browser_that_dies_lose_nothing(
    browser: Browser,
    playwright: Playwright,
    chromium: str,
    server: ServerProcess,
    practice: Practice,
    client: Invitation,
    tmp_path: Path,
) -> None:
    with practice.caseload(tmp_path / "anna.db", "anna") as caseload:
        caseload.sync()
        homework = given(caseload.client(client.person))
        assert caseload.sync().complete
    with browsing.opened(browser, practice, "anna") as page:
        page.goto(f"/clients/{client.person}/timeline")
        browsing.is_live(page)
        page.evaluate("window.loadedOnce = true")
        with kept_phone(playwright, chromium, tmp_path / "phone", server.url, script=ASKING) as app:
            paired_by_the_hand_out(app, client)
            server.kill()
            app.context.set_offline(True)
            app.page.reload()
            lived(app, homework)
            told = killed(app)
            app.start()
            app.context.set_offline(True)
            app.open()
            burst = all_is_there(app, told, homework)
            server.start()
            app.context.set_offline(False)
            wait_until_sent(app, 30)
            newest = max(burst, key=lambda text: int(text.split()[1]))
            expect(page.get_by_text(newest, exact=True)).to_be_visible(timeout=WITHIN)
            assert page.evaluate("window.loadedOnce")
            with practice.tracker(tmp_path / "tablet.db", client.person) as tablet:
                assert tablet.sync().complete
                check_same(app, tablet)
                assert len(tablet.journal.entries()) == len(DAYS) + len(burst)
                assert [one.values for one in tablet.symptoms.logs()] == [{"worry": 3}] * len(DAYS)
                assert tablet.homework.list()[0].adherence.done == len(DAYS)


def paired_by_the_hand_out(app: Phone, client: Invitation) -> None:
    """By the link of the hand-out, in the app's own screens; what it needs without a network is there."""
    app.page.goto(f"/pair#{client.code}")
    app.page.get_by_role("link", name="Open the app").click()
    app.shows("Connect with your practice")
    expect(app.page.get_by_label("Code from your practice")).to_have_value(client.code)
    app.accessible()
    app.page.get_by_role("radio", name="Shared at first").check()
    app.tap("Connect")
    app.shows("Today")
    app.sees("Take the bus.")
    app.accessible()
    app.page.evaluate("() => navigator.serviceWorker.ready.then(() => undefined)")


def lived(app: Phone, homework: str) -> None:
    """Seven evenings, and an entry that is begun."""
    app.shows("Today")
    app.sees("Take the bus.")
    for day in DAYS:
        evening = f"{day}T21:30"
        app.write(f"Day {day}", at=evening)
        app.log("worry", 3, at=evening)
        app.visit(f"/homework/{homework}/report?occurrence={day}")
        app.page.get_by_role("radio", name="I did it").check()
        app.page.get_by_label("Where were you?").fill(f"Line {day.day}")
        app.tap("Save")
        app.sees(f"Line {day.day}")
    app.accessible()
    app.visit("/journal/new")
    app.page.get_by_label(WRITING).fill(BEGUN)
    app.sees("Draft kept on this device")
    app.visit("/sync")
    app.sees("changes wait to be sent")
    app.sees("No network. Everything is kept here and sent later.")
    app.accessible()
    app.tab("Safety plan")
    app.sees(SISTER)


def killed(app: KeptPhone) -> set[str]:
    """Kill the browser while it writes; what it had told to be written."""
    app.page.evaluate(BURST)
    app.page.wait_for_function(f"() => told.length >= {BEFORE_THE_KILL}")
    told = set(app.page.evaluate("() => told"))
    app.kill()
    app.wait_until_ended()
    return told


def all_is_there(app: Phone, told: set[str], homework: str) -> set[str]:
    """Still without a network: what was confirmed is read; what was under way is there whole, or not at all."""
    app.shows("Today")
    app.sees("A journal entry")
    app.visit("/journal/new")
    expect(app.page.get_by_label(WRITING)).to_have_value(BEGUN, timeout=WITHIN)
    texts = {entry["text"] for entry in ask(app, "journal", "entries", {})}
    burst = {text for text in texts if text.startswith("Burst")}
    assert told <= burst == {f"Burst {number}" for number in range(len(burst))}
    assert texts - burst == {f"Day {day}" for day in DAYS}
    assert len(ask(app, "symptoms", "logs", {})) == len(DAYS)
    assert ask(app, "homework", "get", homework)["adherence"]["done"] == len(DAYS)
    return burst
