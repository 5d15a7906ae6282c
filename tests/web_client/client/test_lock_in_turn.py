"""What changes the lock is done one after another: nothing takes the key from under a store that is being moved."""

from __future__ import annotations

from typing import Any

import pytest
from tests.web_client.client.tab import PASSCODE, Tab

pytestmark = pytest.mark.page

TOGETHER = "(calls) => Promise.all(calls.map(([face, method, ...given]) => call(face, method, given)))"


@pytest.fixture
def phone(phone: Tab) -> Tab:
    """A client's app with a lock and an entry."""
    phone.write("Walked round the lake.")
    phone.set_lock()
    return phone


def together(phone: Tab, *calls: list[Any]) -> list[Any]:
    """What these calls come to, all of them made before the first is answered."""
    said: list[Any] = phone.page.evaluate(TOGETHER, list(calls))
    return said


def opened_anew(phone: Tab) -> Tab:
    phone.page.reload()
    phone.page.wait_for_function("() => 'opening' in globalThis")
    phone.open()
    return phone


def test_locking_while_the_lock_is_removed_leaves_a_store_that_can_be_read(phone: Tab) -> None:
    said = together(phone, ["lock", "remove", PASSCODE], ["lock", "lock"])
    assert not [one for one in said if "refused" in one]
    assert opened_anew(phone).call("lock", "status")["state"] == "none"
    assert phone.texts() == {"Walked round the lake."}


def test_what_is_asked_after_locking_finds_it_locked(phone: Tab) -> None:
    calls = (
        ["lock", "addPasskey", "another one", {}],
        ["lock", "lock"],
        ["lock", "status"],
        ["lock", "unlock", PASSCODE],
    )
    together(phone, *calls)
    again = opened_anew(phone)
    assert again.call("lock", "status")["state"] == "locked"
    again.call("lock", "unlock", PASSCODE)
    assert again.texts() == {"Walked round the lake."}
