"""A device whose store was put back to an older copy, through a real server: nothing is lost or doubled."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.end_to_end.support.practice import Practice, desk
from tests.end_to_end.support.server_process import ServerProcess

from intersession import StoreInvalid, Tracker, WrongPassphrase

PASSPHRASE = "correct horse battery"
MORNING = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)


def shown(device: Tracker) -> list[tuple[str, bool, str]]:
    """All that a person finds on a device, twice if it is there twice."""
    entries = [("entry", entry.shared, entry.text) for entry in device.journal.entries()]
    points = [("worry", False, f"{point.at} {point.value}") for point in device.symptoms.series("worry")]
    goals = [("goal", True, goal.what) for goal in device.goals.list()]
    return sorted((kind, shared, text) for kind, shared, text in [*entries, *points, *goals])


def test_an_older_copy_comes_back_to_what_the_other_device_has(
    server: ServerProcess, practice: Practice, tmp_path: Path
) -> None:
    practice.add_therapist("anna")
    client = practice.add_client("Alma", "anna")
    path, copy = tmp_path / "one.db", tmp_path / "copy.db"
    with (
        practice.tracker(path, client) as one,
        practice.tracker(tmp_path / "two.db", client.person) as two,
    ):
        first = one.journal.write("shared before")
        taken_back = one.journal.write("withdrawn after")
        one.journal.write("private before", shared=False)
        given = one.journal.write("private before, shared after", shared=False)
        one.symptoms.log({"worry": 3}, at=MORNING)
        assert one.sync().complete
        code = one.vault.create(PASSPHRASE)
        assert one.sync().complete
        pending = one.journal.write("pending in the copy, sent after")
        one.journal.write("private, pending in the copy", shared=False)
        one.backup(copy)

        with one.live():
            one.journal.write("shared after")
            one.journal.write("private after", shared=False)
            one.journal.edit(first.id, text="shared before, edited after")
            one.journal.edit(pending.id, mood=4)
            one.journal.withdraw(taken_back.id)
            one.journal.share(given.id)
            one.symptoms.log({"worry": 5})
            one.goals.add("to sleep")
            one.vault.change_passphrase(PASSPHRASE, "another passphrase")
            assert one.wait_synced(30)
        one.journal.write("never synced")
        one.journal.write("never synced, private", shared=False)

        assert two.sync().complete
        two.vault.unlock(code)
        assert two.sync().complete
        with desk(server.url, "anna") as anna:
            on_pages = sorted(item["id"] for item in anna.entries(client.person))
    kept = Tracker.restore(path, copy)
    assert kept is not None
    with Tracker.open(path) as one, Tracker.open(tmp_path / "two.db") as two:
        assert one.vault.status().state == "open"
        report = one.sync()
        assert (report.complete, report.refused) == (True, 0)
        status = one.status()
        assert (status.pending, status.refusals, status.problems) == (0, (), 0)
        assert two.sync().complete
        assert shown(one) == shown(two)
        assert len(set(shown(one))) == len(shown(one))
        assert {text for kind, _, text in shown(one) if kind == "entry"} == {
            "shared before, edited after",
            "private before",
            "private before, shared after",
            "pending in the copy, sent after",
            "private, pending in the copy",
            "shared after",
            "private after",
        }
        with desk(server.url, "anna") as anna:
            assert sorted(item["id"] for item in anna.entries(client.person)) == on_pages
        # the vault is that of all devices, not that of the copy
        one.vault.lock()
        with pytest.raises(WrongPassphrase):
            one.vault.unlock(PASSPHRASE)
        one.vault.unlock("another passphrase")
        # and it goes on in both directions, also in what has been written in before
        one.journal.edit(first.id, text="edited by the restored device")
        one.journal.write("private from the restored device", shared=False)
        two.journal.edit(pending.id, text="edited by the other device")
        for device in (one, two, one):
            assert device.sync().complete
        assert shown(one) == shown(two)
        assert one.status().refusals == two.status().refusals == ()
        texts = {entry.text for entry in two.journal.entries()}
        assert {"edited by the restored device", "private from the restored device"} <= texts
    # what was never synced is in the kept file, which is a whole device still; nothing that it brings is there twice
    with Tracker.open(kept) as old, Tracker.open(tmp_path / "two.db") as two:
        for device in (old, two):
            assert device.sync().complete
        assert shown(old) == shown(two)
        assert {"never synced", "never synced, private"} <= {entry.text for entry in two.journal.entries()}
        assert len(set(shown(two))) == len(shown(two))


def test_a_copy_of_another_person_does_not_replace_a_store(practice: Practice, tmp_path: Path) -> None:
    practice.add_therapist("anna")
    copy = tmp_path / "ben copy.db"
    with practice.tracker(tmp_path / "ben.db", practice.add_client("Ben", "anna")) as ben:
        ben.journal.write("of Ben")
        ben.backup(copy)
    with practice.tracker(tmp_path / "alma.db", practice.add_client("Alma", "anna")) as alma:
        alma.journal.write("of Alma")
    before = {path.name: path.read_bytes() for path in tmp_path.glob("*.db")}
    with pytest.raises(StoreInvalid, match="different person") as refused:
        Tracker.restore(tmp_path / "alma.db", copy)
    assert "Ben" not in str(refused.value).replace(str(copy), "")
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.db")} == before
    assert Tracker.restore(tmp_path / "new.db", copy) is None
    with Tracker.open(tmp_path / "new.db") as new:
        assert [entry.text for entry in new.journal.entries()] == ["of Ben"]
