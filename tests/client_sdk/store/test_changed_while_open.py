"""A store that somebody writes into, moves or deletes while it is open: what it took is kept."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.client_sdk.store_files import content, texts, written

from intersession import StoreInvalid, Tracker


@pytest.mark.parametrize("how", ["older copy", "another store", "cut off", "emptied", "other bytes"])
def test_a_store_that_somebody_writes_into_while_it_is_open_is_left_as_it_is(
    tmp_path: Path, key: bytes | None, how: str
) -> None:
    """As `cp` does it: the same file under the same name, with other content."""
    path, copy, backup = tmp_path / "s" / "j.db", tmp_path / "copy.db", tmp_path / "backup.db"
    path.parent.mkdir()
    written(path, key, 30)
    shutil.copy(path, copy)
    if how == "another store":
        written(copy.with_name("other.db"), key, 30)
        copy.with_name("other.db").replace(copy)
    whole = copy.read_bytes()
    found = {"cut off": whole[: len(whole) // 2 // 4096 * 4096], "emptied": b"", "other bytes": b"Dear diary " * 9999}
    tracker = Tracker.open(path, key=key)
    tracker.journal.write("kept before")
    tracker.backup(backup)
    tracker.journal.write("kept in the log")
    path.write_bytes(found.get(how, whole))
    for _ in range(2):
        with pytest.raises(StoreInvalid, match="while it was open") as failure:
            tracker.journal.write("not written")
        assert failure.value.code == "store_moved"
    with pytest.raises(StoreInvalid, match="while it was open"):
        tracker.backup(tmp_path / "mixture.db")
    log = (path.parent / "j.db-wal").read_bytes()
    tracker.close()
    assert content(path.parent) == {"j.db": found.get(how, whole), "j.db-wal": log}
    with pytest.raises(StoreInvalid):
        Tracker.open(path, key=key)
    Tracker.restore(path, backup, key=key)
    assert "kept before" in texts(path, key)
    assert (path.parent / "j.db.replaced-1-wal").read_bytes() == log


def test_a_store_that_is_merely_touched_goes_on(tmp_path: Path, key: bytes | None) -> None:
    path = tmp_path / "j.db"
    with Tracker.open(path, key=key) as tracker:
        for n in range(3):
            tracker.journal.write(f"kept {n}")
            os.utime(path, (n, n))
            path.chmod(0o400)
        tracker.backup(tmp_path / "copy.db")
        path.chmod(0o600)
    assert texts(path, key) == texts(tmp_path / "copy.db", key) == {"kept 0", "kept 1", "kept 2"}


def moved(path: Path, other: Path) -> Path:
    path.rename(other / "elsewhere.db")
    return other / "elsewhere.db"


def replaced(path: Path, other: Path) -> Path:
    shutil.copy(path, other / "copy.db")
    kept = moved(path, other)
    (other / "copy.db").rename(path)
    return kept


def folder_moved(path: Path, other: Path) -> Path:
    path.parent.rename(other / "folder")
    return other / "folder" / path.name


@pytest.mark.parametrize("move", [moved, replaced, folder_moved])
def test_a_store_that_is_moved_while_open_takes_no_more_and_has_what_it_took(
    tmp_path: Path, key: bytes | None, move: Callable[[Path, Path], Path]
) -> None:
    (tmp_path / "stores").mkdir()
    (tmp_path / "other").mkdir()
    path = tmp_path / "stores" / "j.db"
    with Tracker.open(path, key=key) as tracker:
        tracker.journal.write("one kept")
        now = move(path, tmp_path / "other")
        for _ in range(2):
            with pytest.raises(StoreInvalid, match="while it was open") as failure:
                tracker.journal.write("two lost")
            assert failure.value.code == "store_moved"
        assert [entry.text for entry in tracker.journal.entries()] == ["one kept"]
        tracker.backup(tmp_path / "backup.db")
    assert texts(now, key) == texts(tmp_path / "backup.db", key) == {"one kept"}


def test_a_store_that_is_deleted_while_open_can_still_be_copied(tmp_path: Path, key: bytes | None) -> None:
    with Tracker.open(tmp_path / "j.db", key=key) as tracker:
        tracker.journal.write("one kept")
        (tmp_path / "j.db").unlink()
        with pytest.raises(StoreInvalid, match="backup"):
            tracker.journal.write("two lost")
        tracker.backup(tmp_path / "backup.db")
    assert texts(tmp_path / "backup.db", key) == {"one kept"}


def test_a_log_that_is_deleted_while_open_costs_nothing(tmp_path: Path, key: bytes | None) -> None:
    tracker = Tracker.open(tmp_path / "j.db", key=key)
    tracker.journal.write("one kept")
    (tmp_path / "j.db-wal").unlink()
    with pytest.raises(StoreInvalid, match="Close it and open it again"):
        tracker.journal.write("two lost")
    shutil.copy(tmp_path / "j.db", tmp_path / "as after a crash.db")
    tracker.close()
    assert texts(tmp_path / "as after a crash.db", key) == texts(tmp_path / "j.db", key) == {"one kept"}


def test_another_working_folder_is_no_other_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "there").mkdir()
    monkeypatch.chdir(tmp_path)
    with Tracker.open("j.db") as tracker:
        monkeypatch.chdir(tmp_path / "there")
        tracker.journal.write("one kept")
    assert texts(tmp_path / "j.db") == {"one kept"}


def test_a_store_behind_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link.db").symlink_to(tmp_path / "there" / "j.db")
    written(tmp_path / "there" / "j.db", None, 1)
    with Tracker.open(tmp_path / "link.db") as tracker:
        tracker.journal.write("one more")
        (tmp_path / "link.db").unlink()
        with pytest.raises(StoreInvalid, match="moved"):
            tracker.journal.write("two lost")
    assert texts(tmp_path / "there" / "j.db") == {"early 0", "one more"}
