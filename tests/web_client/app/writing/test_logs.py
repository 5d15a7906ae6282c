"""A symptom log on its screen: corrected, shared later, withdrawn."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.web_client.app.phone import WITHIN, Phone
from tests.web_client.app.writing.care import Care

pytestmark = pytest.mark.page


def _log_of_ones_own(phone: Phone, *, private: bool) -> None:
    """Log worry with 7, and open what was logged."""
    phone.log("Worry", 7, own=True, note="About nothing.", shared=not private)
    phone.page.get_by_role("link", name="Worry 7 (0–10)").click()
    phone.shows("Log")


def _corrected(phone: Phone) -> None:
    phone.tap("Correct")
    phone.page.get_by_role("radio", name="3", exact=True).check(force=True)
    phone.page.get_by_label("Note").fill("Half as bad.")
    phone.tap("Save")
    expect(phone.page.get_by_text("before: Worry 7 (0–10)")).to_be_visible()


def test_a_private_log_is_shared_later_as_it_stands(phone: Phone, care: Care) -> None:
    _log_of_ones_own(phone, private=True)
    expect(phone.page.get_by_text("Only you can read this.")).to_be_visible()
    _corrected(phone)
    phone.tap("Share with my care team")
    dialog = phone.page.get_by_role("dialog")
    expect(dialog).to_contain_text("not what you corrected before")
    dialog.get_by_role("button", name="Share with my care team").click()
    expect(phone.page.get_by_text("can read this")).to_be_visible()
    expect(phone.page.get_by_text("Only you can read this.")).to_have_count(0)
    expect(phone.page.get_by_text("before: Worry 7")).to_have_count(0)

    def read() -> list[object]:
        return [(dict(log.values), log.note, log.earlier) for log in care.client.logs()]

    care.until(read, [({"Worry": 3}, "Half as bad.", ())], "the log")


def test_a_shared_log_is_withdrawn_from_its_screen_and_what_became_of_it_is_told(phone: Phone, care: Care) -> None:
    _log_of_ones_own(phone, private=False)
    care.until(lambda: len(care.client.logs()), 1, "the log")
    expect(phone.page.get_by_text("It arrived there on")).to_be_visible(timeout=WITHIN)
    phone.confirm("Withdraw")
    phone.shows("Withdrawn")
    expect(phone.page.get_by_role("listitem").filter(has_text="A log of how you felt")).to_have_count(1)
    expect(phone.page.get_by_text("Deleted here and at your practice.")).to_be_visible(timeout=WITHIN)
    care.until(lambda: len(care.client.logs()), 0, "that it is gone")


def test_a_private_log_is_deleted_with_what_it_was_corrected_from(phone: Phone, care: Care) -> None:
    _log_of_ones_own(phone, private=True)
    _corrected(phone)
    phone.confirm("Delete")
    phone.shows("Log how I feel")
    expect(phone.page.get_by_text("Nothing logged yet.")).to_be_visible()
    care.sync()
    assert care.client.logs() == []
