"""What is private and what is withdrawn, through a real server: two devices of a client, and their therapist."""

from __future__ import annotations

from pathlib import Path

from tests.end_to_end.support.practice import Practice

from intersession import Tracker


def _shown(device: Tracker) -> set[tuple[str, bool]]:
    return {(entry.text, entry.shared) for entry in device.journal.entries()}


def test_a_vault_on_two_devices_and_a_withdrawal(practice: Practice, tmp_path: Path) -> None:
    therapist = practice.add_therapist("anna")
    client = practice.add_client("Alma", "anna")
    with (
        practice.tracker(tmp_path / "one.db", client) as one,
        practice.tracker(tmp_path / "two.db", client.person) as two,
        practice.caseload(tmp_path / "anna.db", therapist) as anna,
    ):
        private = one.journal.write("private", shared=False)
        shared = one.journal.write("shared")
        assert one.sync().complete
        code = one.vault.create("correct horse battery")
        for n in range(70):  # enough for its blobs to be replaced twice
            one.journal.edit(private.id, text=f"private {n}")
            if n % 10 == 9:
                assert one.sync().complete
        assert one.status().pending == 0
        assert two.sync().complete
        assert two.vault.status().state == "locked"
        two.vault.unlock(code)
        assert _shown(two) == {("private 69", False), ("shared", True)}
        two.journal.edit(private.id, mood=4)
        assert two.sync().complete
        assert one.sync().complete
        assert one.journal.get(private.id).mood == 4
        one.vault.change_passphrase("correct horse battery", "another passphrase")
        assert one.sync().complete

        assert anna.sync().complete
        assert [entry.text for entry in anna.client(client.person).entries()] == ["shared"]
        one.journal.withdraw(shared.id)
        copy = one.journal.share(private.id)
        assert one.sync().complete
        assert one.status().pending == 0
        done = one.journal.withdrawal(shared.id)
        assert done.state == "erased"
        assert len(done.read_at) >= 1
        two.journal.edit(shared.id, text="too late")
        for device in (two, anna):
            assert device.sync().complete
        assert [refusal.code for refusal in two.status().refusals] == ["erased"]
        assert _shown(one) == _shown(two) == {("private 69", True)}
        assert [entry.id for entry in anna.client(client.person).entries()] == [copy.id]
    with practice.tracker(tmp_path / "three.db", client.person) as three:
        three.journal.write("of the third", shared=False)
        assert three.sync().complete
        three.vault.unlock("another passphrase")
        assert three.sync().complete
        assert _shown(three) == {("private 69", True), ("of the third", False)}
        assert three.status().pending == 0
