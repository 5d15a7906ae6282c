"""A browser that deletes what the app kept while it is closed: the app says so, and what can be had again."""

from __future__ import annotations

import pytest
from tests.end_to_end.support.practice import Practice
from tests.web_client.app.kept_phone import KeptPhone

pytestmark = [pytest.mark.page, pytest.mark.timeout(300)]

EVICTED = "file_systems,indexeddb,cache_storage,service_workers,local_storage"
"""What a browser takes when room runs out: all at once, but no cookies."""
GONE = "What was here is gone"
SHARED, PRIVATE = "Walked round the lake.", "For me alone."


def clear(phone: KeptPhone, what: str) -> None:
    """Close the app, have the browser delete what it kept, and open it again."""
    origin = phone.page.evaluate("() => location.origin")
    phone.page.goto("about:blank")
    session = phone.context.new_cdp_session(phone.page)
    session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": what})
    phone.open()


def test_what_was_evicted_is_said_to_be_gone_and_what_was_sent_comes_back(phone: KeptPhone, practice: Practice) -> None:
    client = practice.add_client("Evicted", "anna")
    phone.pair(client.code, shared=True)
    for text in (SHARED, PRIVATE):
        phone.write(text, shared=text == SHARED)
    phone.sync()
    clear(phone, EVICTED)
    phone.shows(GONE)
    phone.sees("everything that you shared and that was sent")
    phone.sees("what you wrote and did not share")
    phone.close()  # it says so until something is done about it
    phone.start()
    phone.open()
    phone.shows(GONE)
    phone.follow("Connect again")
    phone.page.get_by_label("Code from your practice").fill(practice.invite_client(client.person))
    phone.tap("Connect")
    phone.shows("Today")
    phone.sync()
    phone.open_entry(SHARED)
    assert [entry["text"] for entry in phone.export()["entries"]] == [SHARED]
    # With a lock it is the same, and no passcode is asked for what is not there.
    phone.set_lock()
    clear(phone, EVICTED)
    phone.shows(GONE)
    phone.tap("Start afresh")
    phone.shows("Welcome")
    phone.open()
    phone.shows("Welcome")


def test_what_a_person_deleted_themselves_is_not_said_to_be_gone(phone: KeptPhone, practice: Practice) -> None:
    phone.pair(practice.add_client("Deleted", "anna").code, shared=True)
    phone.more("Settings")
    phone.confirm("Delete everything")
    phone.shows("Welcome")
    phone.open()
    phone.shows("Welcome")
    # Where cookies went as well, nothing is left to know it by: it begins as on the first day.
    phone.pair(practice.add_client("Cleared", "anna").code, shared=True)
    clear(phone, "all")
    phone.shows("Welcome")
