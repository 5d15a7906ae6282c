"""Copies that are put back: what they lack comes from the practice, and what was there is kept."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.client_sdk.conftest import OpenTracker, Pair
from tests.client_sdk.practice import Practice, exchange, replica_of
from tests.client_sdk.store_files import RAW, content, texts, written

from intersession import Caseload, StoreBusy, StoreInvalid, StoreLocked, StoreTooNew, Tracker
from intersession.cli import main


def test_what_the_practice_has_comes_back_after_putting_back_an_old_copy(
    tmp_path: Path, open_tracker: OpenTracker, practice: Practice, pair: Pair
) -> None:
    tracker = open_tracker("tracker")
    pair(tracker)
    practice.talk(exchange(tracker))
    first = tracker.journal.write("synced before")
    practice.talk(exchange(tracker))
    unsent = tracker.journal.write("sent after the copy")
    tracker.backup(tmp_path / "copy.db")
    later = tracker.journal.write("written after the copy")
    tracker.journal.edit(first.id, text="synced before, edited after")
    practice.talk(exchange(tracker))
    tracker.journal.write("never synced")
    tracker.close()
    rows = practice.head

    kept = Tracker.restore(tmp_path / "tracker.db", tmp_path / "copy.db")
    again = open_tracker("tracker")
    assert {entry.text for entry in again.journal.entries()} == {"synced before", "sent after the copy"}
    practice.talk(exchange(again))
    assert {entry.id: entry.text for entry in again.journal.entries()} == {
        first.id: "synced before, edited after",
        unsent.id: "sent after the copy",
        later.id: "written after the copy",
    }
    assert practice.head == rows, "what the practice had already was taken once"
    assert again.status().pending == 0
    again.journal.edit(first.id, text="and edited again")
    practice.talk(exchange(again))
    assert again.status().refusals == ()
    assert practice.head == rows + 1
    assert kept is not None
    assert "never synced" in texts(kept)


def test_what_is_open_is_not_replaced(tmp_path: Path, key: bytes | None) -> None:
    path, copy = tmp_path / "j.db", tmp_path / "copy.db"
    with Tracker.open(path, key=key) as tracker:
        tracker.journal.write("one kept")
        tracker.backup(copy)
        for where, what in ((path, copy), (tmp_path / "new.db", path)):
            with pytest.raises(StoreBusy):
                Tracker.restore(where, what, key=key)
            program = (
                "import sys; from intersession import Tracker, StoreBusy\n"
                "key = bytes(range(32)) if sys.argv[3] else None\n"
                "try: Tracker.restore(sys.argv[1], sys.argv[2], key=key)\n"
                "except StoreBusy: print('busy')"
            )
            command = [sys.executable, "-c", program, str(where), str(what), "key" if key else ""]
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
            assert done.stdout == "busy\n", done.stderr
        tracker.journal.write("two kept")
    assert texts(path, key) == {"one kept", "two kept"}
    assert sorted(content(tmp_path)) == ["copy.db", "j.db"]


def test_what_is_no_good_copy_is_not_put_back(tmp_path: Path, key: bytes | None) -> None:
    path, copy = tmp_path / "j.db", tmp_path / "copy.db"
    written(path, key, 50)
    before = path.read_bytes()
    damaged = bytearray(before)
    damaged[8192:24576] = b"\xa5" * 16384
    for bad in (b"", b"Dear diary", bytes(damaged), before[: len(before) // 8192 * 4096]):
        copy.write_bytes(bad)
        with pytest.raises(StoreInvalid, match=r"copy\.db"):
            Tracker.restore(path, copy, key=key)
        assert content(tmp_path) == {"j.db": before, "copy.db": bad}
    with pytest.raises(StoreInvalid, match="no file"):
        Tracker.restore(path, tmp_path / "none.db", key=key)
    with pytest.raises(StoreInvalid, match="itself"):
        Tracker.restore(path, path, key=key)
    with pytest.raises(StoreInvalid, match="folder"):
        Tracker.restore(path, tmp_path, key=key)
    copy.write_bytes(before)
    with pytest.raises(StoreLocked):
        Tracker.restore(path, copy, key=None if key else RAW)
    assert content(tmp_path) == {"j.db": before, "copy.db": before}


def test_a_copy_with_another_key_or_of_a_newer_app_is_named_and_not_put_back(tmp_path: Path, key: bytes | None) -> None:
    path, copy = tmp_path / "j.db", tmp_path / "copy.db"
    written(path, key, 3)
    written(copy, key, 3)
    if key is not None:
        with pytest.raises(StoreLocked, match=r"copy\.db is encrypted and this key does not open it"):
            Tracker.restore(path, copy, key=bytes(32))
        with pytest.raises(StoreLocked, match=r"copy\.db"):
            Tracker.restore(path, copy, key="another long passphrase")
    with Tracker.open(copy, key=key) as tracker, replica_of(tracker).reading() as store, store.transaction():
        store.run("PRAGMA user_version=900")
    before = content(tmp_path)
    with pytest.raises(StoreTooNew, match=r"copy\.db was made by a newer version"):
        Tracker.restore(path, copy, key=key)
    assert content(tmp_path) == before


def test_a_damaged_store_is_replaced_and_kept(tmp_path: Path, key: bytes | None) -> None:
    path, copy = tmp_path / "j.db", tmp_path / "copy.db"
    with Tracker.open(path, key=key) as tracker:
        tracker.journal.write("one kept")
        tracker.backup(copy)
    path.write_bytes(b"\xa5" * 40_000)
    assert Tracker.restore(path, copy, key=key) == tmp_path / "j.db.replaced-1"
    assert (tmp_path / "j.db.replaced-1").read_bytes() == b"\xa5" * 40_000
    assert texts(path, key) == {"one kept"}
    assert Tracker.restore(path, copy, key=key) == tmp_path / "j.db.replaced-2"
    assert Tracker.restore(tmp_path / "new.db", copy, key=key) is None
    assert texts(tmp_path / "new.db", key) == {"one kept"}


def test_another_persons_app(tmp_path: Path, tracker: Tracker, pair: Pair) -> None:
    pair(tracker)
    tracker.backup(tmp_path / "copy.db")
    with pytest.raises(StoreInvalid, match="client's"):
        Caseload.restore(tmp_path / "new.db", tmp_path / "copy.db")
    assert not (tmp_path / "new.db").exists()


def test_the_commands(tmp_path: Path) -> None:
    def run(*words: object) -> str:
        done = CliRunner().invoke(main, ["--store", str(tmp_path / "j.db"), *map(str, words)])
        assert done.exit_code == 0, done.output
        return done.output

    run("write", "one")
    assert "Backed up" in run("backup", tmp_path / "copy.db")
    run("write", "two")
    said = run("restore", tmp_path / "copy.db")
    assert "j.db.replaced-1" in said
    assert "sync" in said
    assert texts(tmp_path / "j.db") == {"one"}
    assert texts(tmp_path / "j.db.replaced-1") == {"one", "two"}
    again = CliRunner().invoke(main, ["--store", str(tmp_path / "j.db"), "backup", str(tmp_path / "copy.db")])
    assert again.exit_code == 1
    assert "already" in again.output
