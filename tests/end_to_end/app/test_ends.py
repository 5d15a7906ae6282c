"""What ends: a device's access, somebody's care, an entry that is withdrawn. It is gone everywhere, and said why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect
from tests.end_to_end.app.worker import asked_phone, status, wait_until_sent
from tests.end_to_end.pages import browsing
from tests.end_to_end.support.practice import Invitation, Practice
from tests.end_to_end.support.server_process import ServerProcess
from tests.web_client.app.phone import WITHIN, WRITING, Phone

from intersession_server.operator import staff_commands

pytestmark = pytest.mark.page

SENTENCE = "The heron stood in the reeds."
OTHER = "The lake was frozen."
THIRD = "A boat lay on the shore."
MORE = "It was cold."
ENDED = "Your practice has ended this device’s access."
GONE = "This is no longer here."
# All that this origin keeps in its private file system, as text: of a page that has no store open.
KEPT = """async () => {
  const found = [];
  const look = async (folder) => {
    for await (const one of folder.values()) {
      if (one.kind === "directory") { await look(one); continue; }
      const bytes = new Uint8Array(await (await one.getFile()).arrayBuffer());
      found.push(...["utf-8", "utf-16le"].map((encoding) => new TextDecoder(encoding).decode(bytes)));
    }
  };
  await look(await navigator.storage.getDirectory());
  return found.join("\\n");
}"""


@pytest.fixture
def app(browser: Browser, server: ServerProcess, client: Invitation) -> Iterator[Phone]:
    """The client's phone, paired, with an entry that is sent."""
    with asked_phone(browser, server) as made:
        made.pair(client.code, shared=True)
        made.write(SENTENCE)
        wait_until_sent(made)
        yield made


def device_of(app: Phone) -> UUID:
    return UUID(status(app)["paired"]["device"])


def begin_to_edit(app: Phone, more: str) -> None:
    """Of an entry that is open: begin to edit it, and go back without saving."""
    app.page.get_by_role("link", name="Edit").click()
    field = app.page.get_by_label(WRITING)
    expect(field).not_to_be_empty(timeout=WITHIN)
    field.press_sequentially(more)
    app.sees("Draft kept on this device")
    app.page.get_by_role("link", name="Back").click()
    app.shows("Entry")


def in_files(app: Phone) -> str:
    """All that the app keeps, when it has been closed."""
    app.page.goto("/app/version.json")
    return str(app.page.evaluate(KEPT))


def test_a_revoked_device_is_emptied_says_why_and_is_connected_again_with_a_new_code(
    app: Phone, practice: Practice, client: Invitation
) -> None:
    app.visit("/journal")
    app.sees(SENTENCE)
    practice.revoke(device_of(app))
    expect(app.page.get_by_text(SENTENCE)).to_have_count(0, timeout=WITHIN)
    app.sees(ENDED)
    app.accessible()
    assert SENTENCE not in in_files(app)
    app.open()
    app.sees(ENDED)
    app.page.get_by_role("link", name="Connect with my practice").click()
    app.page.get_by_label("Code from your practice").fill(practice.invite_client(client.person))
    app.tap("Connect")
    app.shows("Today")
    expect(app.page.get_by_text(ENDED)).to_have_count(0, timeout=WITHIN)
    app.visit("/journal")
    app.sees(SENTENCE)


def test_a_device_that_was_revoked_while_the_app_was_closed_is_emptied_when_it_is_opened(
    app: Phone, practice: Practice
) -> None:
    device = device_of(app)
    app.context.set_offline(True)
    app.write(OTHER)
    app.page.goto("about:blank")  # else it would be sent before the device is revoked
    app.context.set_offline(False)
    assert SENTENCE in in_files(app)
    practice.revoke(device)
    app.open("/journal")
    app.sees(ENDED)
    app.sees("What you shared, and what came from your practice, is deleted here.")
    for sentence in (SENTENCE, OTHER):
        expect(app.page.get_by_text(sentence)).to_have_count(0, timeout=WITHIN)
    app.page.get_by_role("link", name="Read what was not sent").click()
    app.sees(OTHER)
    app.accessible()
    assert SENTENCE not in in_files(app)


def test_the_end_of_somebody_s_care_is_said_and_empties_their_phone(
    app: Phone, practice: Practice, client: Invitation
) -> None:
    practice.operate(staff_commands.EndPerson(person=str(client.person)), staff_commands.PersonEnded)
    app.sees(ENDED)
    app.visit("/journal")
    expect(app.page.get_by_text(SENTENCE)).to_have_count(0, timeout=WITHIN)
    assert SENTENCE not in in_files(app)


def test_what_is_withdrawn_on_one_device_is_gone_on_the_other_and_from_the_therapist_s_page(
    app: Phone, browser: Browser, practice: Practice, client: Invitation, tmp_path: Path
) -> None:
    with (
        practice.tracker(tmp_path / "tablet.db", client.person) as tablet,
        browsing.opened(browser, practice, "anna") as page,
    ):
        other, third = tablet.journal.write(OTHER), tablet.journal.write(THIRD)
        assert tablet.sync().complete
        page.goto(f"/clients/{client.person}/timeline")
        browsing.is_live(page)
        for sentence in (SENTENCE, OTHER, THIRD):
            expect(page.get_by_text(sentence)).to_be_visible()

        begin_to_edit(app, MORE)
        app.confirm("Withdraw")
        app.shows("Withdrawn")
        app.sees("Deleted here and at your practice.")
        expect(page.get_by_text(SENTENCE)).to_have_count(0, timeout=WITHIN)
        assert tablet.sync().complete
        assert {entry.text for entry in tablet.journal.entries()} == {OTHER, THIRD}

        app.visit("/journal")
        app.page.get_by_role("listitem").filter(has_text=OTHER).get_by_role("link").click()
        app.shows("Entry")
        app.sees(OTHER)
        begin_to_edit(app, MORE)
        tablet.journal.withdraw(other.id)
        assert tablet.sync().complete
        expect(app.page.get_by_text(OTHER)).to_have_count(0, timeout=WITHIN)
        app.sees(GONE)
        app.accessible()
        expect(page.get_by_text(OTHER)).to_have_count(0, timeout=WITHIN)
        app.visit(f"/journal/{third.id}/edit")
        expect(app.page.get_by_label(WRITING)).to_have_value(THIRD, timeout=WITHIN)
        tablet.journal.withdraw(third.id)
        assert tablet.sync().complete
        app.sees(GONE)
        expect(app.page.get_by_label(WRITING)).to_have_count(0)
        kept = in_files(app)
        for sentence in (SENTENCE, OTHER, THIRD, MORE):
            assert sentence not in kept
