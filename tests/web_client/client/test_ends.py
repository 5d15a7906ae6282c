"""A device that leaves, is paired anew, is emptied, or whose server is not there for a while."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from tests.end_to_end.support.practice import Invitation, Practice
from tests.end_to_end.support.server_process import ServerProcess, wait_for
from tests.web_client.client.tab import Tab
from tests.web_client.peer import Refused

pytestmark = pytest.mark.page

SENTENCE = "The heron stood in the reeds."
# What lies in the files of this origin, the store closed; as UTF-8 and as UTF-16.
IS_IN_FILES = """async (sentence) => {
  const found = [];
  const look = async (folder) => {
    for await (const one of folder.values()) {
      if (one.kind === "directory") { await look(one); continue; }
      const bytes = new Uint8Array(await (await one.getFile()).arrayBuffer());
      for (const encoding of ["utf-8", "utf-16le"]) {
        if (new TextDecoder(encoding).decode(bytes).includes(sentence)) found.push(encoding);
      }
    }
  };
  await look(await navigator.storage.getDirectory());
  return found;
}"""


def test_a_server_that_was_killed_is_found_again(
    phone: Tab, server: ServerProcess, practice: Practice, client: Invitation, tmp_path: Path
) -> None:
    phone.call("device", "live", True)
    wait_for(lambda: phone.status()["connected"], 20, "it is connected")
    server.kill()
    wait_for(lambda: not phone.status()["connected"], 20, "it has noticed")
    for number in range(10):
        phone.write(f"Note {number}")
    assert phone.status()["pending"] == 10
    server.start()
    wait_for(lambda: phone.status()["pending"] == 0, 30, "all is sent")
    with practice.tracker(tmp_path / "tablet.db", client.person) as tablet:
        assert tablet.sync().complete
        assert {entry.text for entry in tablet.journal.entries()} == {f"Note {number}" for number in range(10)}


def test_a_device_that_has_left_keeps_what_it_has_and_sends_nothing(
    phone: Tab, server: ServerProcess, practice: Practice, client: Invitation, tmp_path: Path
) -> None:
    phone.write("Sent.")
    assert phone.sync()["complete"]
    phone.call("device", "live", True)
    phone.call("device", "leave")
    phone.write("Not sent.")
    with pytest.raises(Refused) as refusal:
        phone.sync()
    assert refusal.value.code == "not_paired"
    assert phone.texts() == {"Sent.", "Not sent."}
    with practice.tracker(tmp_path / "tablet.db", client.person) as tablet:
        assert tablet.sync().complete
        assert [entry.text for entry in tablet.journal.entries()] == ["Sent."]
    phone.pair(server, practice.invite_client(client.person))
    assert phone.sync()["complete"]
    assert phone.status()["last_error"] is None


def test_a_device_that_was_revoked_goes_on_with_a_new_code(
    phone: Tab, server: ServerProcess, practice: Practice, client: Invitation
) -> None:
    phone.write("Sent.")
    phone.call("device", "live", True)
    wait_for(lambda: phone.status()["pending"] == 0, 20, "it is sent")
    practice.revoke(UUID(phone.status()["paired"]["device"]))
    wait_for(lambda: phone.status()["access_ended"], 20, "it has heard")
    assert phone.texts() == set()
    phone.pair(server, practice.invite_client(client.person))
    wait_for(lambda: phone.texts() == {"Sent."}, 20, "it is connected again, and has what the practice has")
    assert not phone.status()["access_ended"]


def test_another_person_s_code_changes_nothing(
    phone: Tab, server: ServerProcess, practice: Practice, client: Invitation
) -> None:
    other = practice.add_client("Somebody else", "anna")
    with pytest.raises(Refused) as refusal:
        phone.pair(server, other.code)
    assert refusal.value.code == "wrong_person"
    assert phone.call("device", "pairing")["account"] == str(client.person)


def test_what_was_deleted_is_in_no_file_and_the_device_begins_anew(
    phone: Tab, server: ServerProcess, practice: Practice, client: Invitation
) -> None:
    phone.write(SENTENCE)
    assert phone.sync()["complete"]
    phone.page.evaluate("() => closeClient()")
    assert phone.page.evaluate(IS_IN_FILES, SENTENCE) == ["utf-8"]
    assert phone.open() == {"state": "open"}
    phone.call("device", "deleteEverything")
    assert phone.texts() == set()
    assert phone.call("device", "pairing") is None
    phone.page.evaluate("() => closeClient()")
    assert phone.page.evaluate(IS_IN_FILES, SENTENCE) == []
    assert phone.open() == {"state": "open"}
    phone.pair(server, practice.invite_client(client.person))
    assert phone.sync()["complete"]
    assert phone.texts() == {SENTENCE}
