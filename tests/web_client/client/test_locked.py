"""A store that is locked: nothing but the lock answers, and the safety plan where the person agreed to that."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from tests.end_to_end.support.practice import Practice
from tests.end_to_end.support.server_process import wait_for
from tests.web_client.client.tab import PASSCODE, Tab
from tests.web_client.peer import Refused

pytestmark = pytest.mark.page


def refused(phone: Tab, face: str, method: str, *given: object) -> str:
    """The code that a call is refused with."""
    with pytest.raises(Refused) as refusal:
        phone.call(face, method, *given)
    return refusal.value.code


@pytest.fixture
def phone(phone: Tab) -> Tab:
    """A client's app, paired, with an entry."""
    phone.write("Walked round the lake.")
    return phone


def lock(phone: Tab) -> None:
    """Lock it, and open the client anew, as an app does."""
    phone.call("lock", "lock")
    phone.wait_for("() => said.lost")
    assert phone.open() == {"state": "open"}


def test_a_locked_store_answers_nothing_until_it_is_opened(phone: Tab) -> None:
    assert phone.call("lock", "status") == {"state": "none", "safety_outside": False, "passkeys": []}
    phone.set_lock()
    assert phone.call("lock", "status")["state"] == "open"
    assert phone.texts() == {"Walked round the lake."}
    lock(phone)
    assert phone.call("lock", "status")["state"] == "locked"
    assert refused(phone, "notes", "list") == "locked"
    assert refused(phone, "device", "status", "en") == "locked"
    assert refused(phone, "plans", "safety", "en") == "locked"
    assert refused(phone, "lock", "unlock", "another one") == "wrong_secret"
    phone.call("lock", "unlock", PASSCODE)
    assert phone.texts() == {"Walked round the lake."}
    assert phone.sync()["complete"]


def test_while_it_is_locked_nothing_is_exchanged_and_afterwards_it_is(phone: Tab) -> None:
    phone.call("device", "live", True)
    wait_for(lambda: phone.status()["pending"] == 0, 20, "it is sent")
    phone.set_lock()
    lock(phone)
    assert refused(phone, "device", "live", True) == "locked"
    phone.call("lock", "unlock", PASSCODE)
    phone.call("device", "live", True)
    wait_for(lambda: phone.status()["connected"], 20, "it is connected again")


def test_the_safety_plan_is_read_while_it_is_locked_where_that_was_agreed(phone: Tab) -> None:
    plan = phone.call("plans", "safety", "de")
    phone.set_lock(safety_outside=True)
    lock(phone)
    assert phone.call("plans", "safety", "de") == plan
    assert refused(phone, "notes", "list") == "locked"


def test_the_safety_plan_outside_of_the_lock_ends_with_the_device_s_access(
    phone: Tab, practice: Practice, tmp_path: Path
) -> None:
    paired = phone.status()["paired"]
    with practice.caseload(tmp_path / "anna.db", "anna") as caseload:
        caseload.sync()
        with caseload.client(UUID(paired["account"])).plan.edit() as plan:
            plan.add_safety_step("people_to_ask", "My sister")
        assert caseload.sync().complete
    assert phone.sync()["complete"]
    phone.set_lock(safety_outside=True)
    lock(phone)
    assert [step["text"] for step in phone.call("plans", "safety", "en")["steps"]] == ["My sister"]
    phone.call("lock", "unlock", PASSCODE)
    practice.revoke(UUID(paired["device"]))
    with pytest.raises(Refused):
        phone.sync()
    assert phone.status()["access_ended"]
    lock(phone)
    assert phone.call("plans", "safety", "en")["steps"] == []


def test_a_lock_is_taken_away_by_whoever_has_its_passcode(phone: Tab) -> None:
    phone.set_lock()
    assert refused(phone, "lock", "remove", "another one") == "wrong_secret"
    assert phone.texts() == {"Walked round the lake."}
    phone.call("lock", "remove", PASSCODE)
    assert phone.call("lock", "status")["state"] == "none"
    assert phone.texts() == {"Walked round the lake."}


def test_a_passcode_that_is_forgotten_leaves_one_way_which_is_to_delete_everything(phone: Tab) -> None:
    phone.set_lock()
    lock(phone)
    phone.call("device", "deleteEverything")
    assert phone.call("lock", "status")["state"] == "none"
    assert phone.texts() == set()


def test_several_wrong_passcodes_are_followed_by_a_wait_which_can_be_asked_for(phone: Tab) -> None:
    phone.set_lock()
    lock(phone)
    assert phone.call("lock", "waits") == 0
    assert {refused(phone, "lock", "unlock", "another one") for _ in range(5)} == {"wrong_secret"}
    assert 0 < phone.call("lock", "waits") <= 30
    assert refused(phone, "lock", "unlock", PASSCODE) == "too_many_tries"


def test_a_passkey_opens_it_beside_the_passcode_until_it_is_dropped(phone: Tab) -> None:
    way = {"way": "passkey", "credential": {"hex": "aa" * 16}, "salt": {"hex": "bb" * 32}}
    mine, another = ({**way, "output": {"hex": byte * 32}} for byte in ("01", "02"))
    phone.set_lock()
    assert refused(phone, "lock", "addPasskey", "another one", mine) == "wrong_secret"
    phone.call("lock", "addPasskey", PASSCODE, mine)
    lock(phone)
    assert len(phone.call("lock", "status")["passkeys"]) == 1
    assert refused(phone, "lock", "unlock", another) == "wrong_secret"
    phone.call("lock", "unlock", mine)
    assert phone.texts() == {"Walked round the lake."}
    phone.call("lock", "dropPasskey", PASSCODE, way)
    lock(phone)
    assert phone.call("lock", "status")["passkeys"] == []
    assert refused(phone, "lock", "unlock", mine) == "wrong_secret"
    phone.call("lock", "unlock", PASSCODE)
    assert phone.texts() == {"Walked round the lake."}
