"""A phone and a tablet change the same things at once, both without a network: everybody reads the same afterwards."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect
from tests.end_to_end.app.worker import ask, asked_phone, check_same, wait_until_sent
from tests.end_to_end.pages import browsing
from tests.end_to_end.support.practice import Invitation, Practice, desk
from tests.end_to_end.support.server_process import ServerProcess, wait_for
from tests.web_client.app.phone import WITHIN, WRITING, Phone
from tests.web_client.faces.twins import differences, plain

from intersession import Assignment, Caseload, Client, Field, Tracker

pytestmark = pytest.mark.page

BEFORE = "Slept badly. Walked home."
ON_PHONE = "Slept badly again. Walked home."
ON_TABLET = "Slept badly. Walked home with Tom."
BOTH = "Slept badly again. Walked home with Tom."
TODAY = datetime.now().astimezone().date()
LAST = f"At last! {BOTH} It rained."
CONFLICT = "You answered this differently on two devices."


def given(client: Client) -> Assignment:
    """What the care team gives."""
    with client.plan.edit() as plan:
        plan.add_assessment("phq-9", "weekly", open_days=7)
    worksheet = {"place": Field(prompt="Where were you?"), "company": Field(prompt="Who was with you?")}
    return client.homework.assign("Take the bus.", rule="daily", since=TODAY, fields=worksheet)


def test_what_two_devices_changed_at_once_is_the_same_for_everybody(
    browser: Browser, server: ServerProcess, practice: Practice, client: Invitation, tmp_path: Path
) -> None:
    with (
        practice.caseload(tmp_path / "anna.db", "anna") as caseload,
        practice.tracker(tmp_path / "tablet.db", client) as tablet,
        asked_phone(browser, server) as app,
        browsing.opened(browser, practice, "anna") as page,
    ):
        caseload.sync()
        homework = given(caseload.client(client.person))
        assert caseload.sync().complete
        app.pair(practice.invite_client(client.person), shared=True)
        app.write(BEFORE)
        app.page.get_by_role("link", name="Today").click()
        app.page.get_by_role("button", name="Begin: Patient Health").click(timeout=WITHIN)
        app.sees("Question 1 of 9")
        wait_until_sent(app)
        assert tablet.sync().complete
        [entry] = tablet.journal.entries()
        [draft] = tablet.assessments.list()
        page.goto(f"/clients/{client.person}/timeline")
        browsing.is_live(page)

        app.context.set_offline(True)
        on_phone(app, entry.id, homework, draft.id)
        on_tablet(tablet, entry.id, homework)
        app.context.set_offline(False)
        wait_until_sent(app)
        assert tablet.sync().complete
        wait_for(lambda: len(ask(app, "homework", "get", str(homework.id))["progress"]) == 2, 20, "the phone has it")

        app.sees(CONFLICT)
        app.page.get_by_role("radio", name="Often").check()
        expect(app.page.get_by_text(CONFLICT)).to_have_count(0, timeout=WITHIN)
        wait_until_sent(app)
        assert tablet.sync().complete
        [merged] = tablet.journal.entries()
        assert (merged.text, set(merged.tags)) == (BOTH, {"sleep", "walk"})
        assert tablet.assessments.get(draft.id).answers == {"q1": 2, "q2": 0, "q3": 1}
        while_the_form_is_open(app, tablet, entry.id)
        assert caseload.sync().complete
        check_same(app, tablet)
        the_therapist_reads_it(practice, caseload, client.person, tablet)
        expect(page.get_by_text(LAST)).to_be_visible()


def on_phone(app: Phone, entry: UUID, homework: Assignment, draft: UUID) -> None:
    """By its screens."""
    app.visit(f"/journal/{entry}/edit")
    app.page.get_by_label(WRITING).fill(ON_PHONE, timeout=WITHIN)
    app.page.get_by_text("Tags", exact=True).first.click()
    app.page.get_by_role("textbox", name="Tags").fill("sleep")
    app.choose("Mood", 4)
    app.tap("Save")
    app.sees(ON_PHONE)
    app.visit(f"/homework/{homework.id}/report?occurrence={TODAY}")
    app.page.get_by_role("radio", name="I did it").check()
    app.page.get_by_label("Where were you?").fill("Line 4")
    app.choose("How hard was it?", 7)
    app.tap("Save")
    app.sees("Line 4")
    app.visit(f"/assessments/{draft}")
    for answer in ("Now and then", "Never"):
        app.page.get_by_role("radio", name=answer).check()
        app.tap("Next")
    app.tap("Previous")
    app.tap("Previous")
    app.sees("Question 1 of 9")


def on_tablet(tablet: Tracker, entry: UUID, homework: Assignment) -> None:
    """The same, with the SDK."""
    tablet.journal.edit(entry, text=ON_TABLET, mood=7, tags=["walk"], based_on=tablet.journal.get(entry))
    tablet.homework.record(homework.id, str(TODAY), "partly", answers={"company": "My sister"}, learned="It passes.")
    draft = tablet.assessments.start("phq-9")
    draft.answer("q1", 3)
    draft.answer("q3", 1)


def while_the_form_is_open(app: Phone, tablet: Tracker, entry: UUID) -> None:
    """The tablet's edit arrives after the phone's form was opened, and before it is saved."""
    app.visit(f"/journal/{entry}/edit")
    field = app.page.get_by_label(WRITING)
    expect(field).to_have_value(BOTH, timeout=WITHIN)
    field.fill(f"{BOTH} It rained.")
    app.sees("Draft kept on this device")
    tablet.journal.edit(entry, text=f"At last! {BOTH}")
    assert tablet.sync().complete
    wait_for(lambda: ask(app, "journal", "get", str(entry))["text"] == f"At last! {BOTH}", 20, "it has arrived")
    app.tap("Save")
    app.sees(LAST)
    wait_until_sent(app)
    assert tablet.sync().complete


def the_therapist_reads_it(practice: Practice, caseload: Caseload, person: UUID, tablet: Tracker) -> None:
    """With the SDK, and over HTTP: what the client's own devices say, field by field."""
    client = caseload.client(person)
    pairs: list[tuple[Any, Any, str]] = [
        (tablet.journal.entries(), client.entries(), "entries"),
        (tablet.homework.list(), client.homework.list(), "homework"),
        (tablet.assessments.list(), client.assessments.list(), "assessments"),
    ]
    for own, theirs, what in pairs:
        unlike = list(differences(plain(own), plain(theirs), what))
        assert not unlike, unlike
    with desk(practice.server.url, "anna") as signed_in:
        for own, _, what in pairs:
            answer = signed_in.http.get(f"/api/clients/{person}/{what}")
            assert answer.status_code == 200, answer.text
            items = plain(answer.json()["items"])
            assert len(items) == len(own)
            for mine, served in zip(plain(own), items, strict=True):
                common = mine.keys() & served.keys()
                unlike = list(differences({k: mine[k] for k in common}, {k: served[k] for k in common}, what))
                assert not unlike, unlike
