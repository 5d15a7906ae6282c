"""The client in a browser and Python's own devices at one server: they read each other, and what ends it ends it."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext
from tests.end_to_end.support.practice import Invitation, Practice
from tests.end_to_end.support.server_process import ServerProcess, wait_for
from tests.web_client.client.tab import Tab, tab
from tests.web_client.peer import Refused

pytestmark = pytest.mark.page


def test_what_is_written_here_is_read_on_another_device_and_by_the_therapist(
    phone: Tab, practice: Practice, client: Invitation, tmp_path: Path
) -> None:
    id_ = phone.write("Walked round the lake.")
    assert phone.status()["pending"] == 1
    report = phone.sync()
    assert (report["complete"], report["pushed"]) == (True, 1), report
    status = phone.status()
    assert (status["pending"], status["connected"], status["last_error"]) == (0, False, None)
    with (
        practice.tracker(tmp_path / "tablet.db", client.person) as tablet,
        practice.caseload(tmp_path / "anna.db", "anna") as caseload,
    ):
        assert tablet.sync().complete
        assert caseload.sync().complete
        assert tablet.journal.get(UUID(id_)).text == "Walked round the lake."
        assert [entry.text for entry in caseload.client(client.person).entries()] == ["Walked round the lake."]
        tablet.journal.edit(UUID(id_), text="Walked twice round the lake.")
        phone.call("notes", "edit", id_, "Walked round the lake with Tom.")
        tablet.journal.write("Slept well.")
        assert tablet.sync().complete
        assert phone.sync()["complete"]
        assert tablet.sync().complete
        both = "Walked twice round the lake with Tom."
        assert phone.texts() == {both, "Slept well."}
        assert {entry.text for entry in tablet.journal.entries()} == phone.texts()


def test_a_new_device_has_all_that_was_written_before(
    phone: Tab, practice: Practice, client: Invitation, tmp_path: Path
) -> None:
    with practice.tracker(tmp_path / "tablet.db", client.person) as tablet:
        for number in range(120):
            tablet.journal.write(f"Note {number}")
        assert tablet.sync().complete
    assert phone.sync()["complete"]
    assert phone.texts() == {f"Note {number}" for number in range(120)}
    assert phone.status()["not_listed"] == 0


def test_what_was_written_before_pairing_is_shared_if_it_was_so_decided(
    device: BrowserContext, server: ServerProcess, practice: Practice, client: Invitation, tmp_path: Path
) -> None:
    phone = tab(device, server)
    phone.open()
    with pytest.raises(Refused) as refusal:
        phone.sync()
    assert refusal.value.code == "not_paired"
    phone.write("Before pairing.")
    phone.pair(server, client.code, earlier=True)
    assert phone.sync()["complete"]
    with practice.caseload(tmp_path / "anna.db", "anna") as caseload:
        assert caseload.sync().complete
        assert [entry.text for entry in caseload.client(client.person).entries()] == ["Before pairing."]


def test_what_is_not_shared_stays_here(
    device: BrowserContext, server: ServerProcess, practice: Practice, client: Invitation, tmp_path: Path
) -> None:
    phone = tab(device, server)
    phone.open()
    phone.write("Before pairing.")
    phone.pair(server, client.code, shared=False)
    phone.write("After pairing.")
    assert phone.sync()["complete"]
    with practice.tracker(tmp_path / "tablet.db", client.person) as tablet:
        assert tablet.sync().complete
        assert not tablet.journal.entries()
    assert phone.texts() == {"Before pairing.", "After pairing."}


@pytest.mark.parametrize(
    ("code", "refused"), [("ZZZZ-ZZZZ", "wrong_code"), ("used", "used_code"), ("therapist", "wrong_role")]
)
def test_a_code_that_is_not_taken(
    device: BrowserContext, server: ServerProcess, practice: Practice, client: Invitation, code: str, refused: str
) -> None:
    phone = tab(device, server)
    phone.open()
    if code == "used":
        code = client.code
        phone.pair(server, code)
    elif code == "therapist":
        code = practice.invite_therapist("anna")
    with pytest.raises(Refused) as refusal:
        phone.pair(server, code)
    assert refusal.value.code == refused


def test_while_it_is_live_both_sides_hear_of_each_other(
    phone: Tab, practice: Practice, client: Invitation, tmp_path: Path
) -> None:
    phone.call("device", "live", True)
    wait_for(lambda: phone.status()["connected"], 20, "it is connected")
    with practice.tracker(tmp_path / "tablet.db", client.person) as tablet, tablet.live():
        phone.write("From the phone.")
        wait_for(lambda: [one.text for one in tablet.journal.entries()] == ["From the phone."], 20, "it came")
        tablet.journal.write("From the tablet.")
        wait_for(lambda: phone.texts() == {"From the phone.", "From the tablet."}, 20, "it came back")
    sources = phone.page.evaluate("() => said.changes.filter((one) => one.documents.length).map((one) => one.source)")
    assert set(sources) == {"local", "sync"}
    phone.call("device", "live", False)
    wait_for(lambda: not phone.status()["connected"], 20, "it has disconnected")


def test_what_is_written_without_a_network_goes_out_when_it_is_back(
    phone: Tab, device: BrowserContext, practice: Practice, client: Invitation, tmp_path: Path
) -> None:
    phone.call("device", "live", True)
    wait_for(lambda: phone.status()["connected"], 20, "it is connected")
    device.set_offline(True)
    wait_for(lambda: not phone.status()["connected"], 20, "it has noticed")
    phone.write("On the train.")
    assert phone.status()["pending"] == 1
    device.set_offline(False)
    wait_for(lambda: phone.status()["pending"] == 0, 20, "it is sent")
    with practice.tracker(tmp_path / "tablet.db", client.person) as tablet:
        assert tablet.sync().complete
        assert [entry.text for entry in tablet.journal.entries()] == ["On the train."]


def test_without_a_server_it_says_so_and_keeps_everything(phone: Tab, device: BrowserContext) -> None:
    device.set_offline(True)
    phone.write("On the train.")
    with pytest.raises(Refused) as refusal:
        phone.sync()
    assert refusal.value.code == "unreachable"
    device.set_offline(False)
    assert phone.sync()["complete"]


def test_a_revoked_device_says_so_and_keeps_as_text_what_it_had_not_sent(
    phone: Tab, practice: Practice, client: Invitation
) -> None:
    phone.write("Sent.")
    assert phone.sync()["complete"]
    phone.write("Not sent.")
    practice.revoke(UUID(phone.status()["paired"]["device"]))
    with pytest.raises(Refused) as refusal:
        phone.sync()
    assert refusal.value.code == "access_ended"
    status = phone.status()
    assert (status["access_ended"], status["last_error"]["code"]) == (True, "access_ended")
    assert [one["text"] for one in status["refusals"]] == ["Not sent."]
    assert phone.texts() == set()


def test_what_is_withdrawn_here_is_gone_on_the_other_devices_and_the_other_way_round(
    phone: Tab, practice: Practice, client: Invitation, tmp_path: Path
) -> None:
    first, second = phone.write("The first."), phone.write("The second.")
    assert phone.sync()["complete"]
    with (
        practice.tracker(tmp_path / "tablet.db", client.person) as tablet,
        practice.caseload(tmp_path / "anna.db", "anna") as caseload,
    ):
        assert tablet.sync().complete
        assert caseload.sync().complete
        phone.call("notes", "withdraw", first)
        tablet.journal.withdraw(UUID(second))
        assert phone.texts() == {"The second."}
        assert phone.sync()["complete"]
        assert tablet.sync().complete
        assert phone.sync()["complete"]
        assert caseload.sync().complete
        assert phone.texts() == set()
        assert not tablet.journal.entries()
        assert not caseload.client(client.person).entries()


def test_an_edit_of_what_was_withdrawn_elsewhere_is_noted_and_not_kept(
    phone: Tab, practice: Practice, client: Invitation, tmp_path: Path
) -> None:
    id_ = phone.write("The first.")
    assert phone.sync()["complete"]
    with practice.tracker(tmp_path / "tablet.db", client.person) as tablet:
        assert tablet.sync().complete
        tablet.journal.withdraw(UUID(id_))
        assert tablet.sync().complete
    phone.call("notes", "edit", id_, "The first, with more.")
    assert phone.sync()["complete"]
    assert phone.texts() == set()
    [refusal] = phone.status()["refusals"]
    assert (refusal["code"], refusal["text"]) == ("erased", "")
