"""A log or a journal beside a file that is not its own: noticed, never played back, never deleted."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.client_sdk.store_files import content, killed, refused, texts, written

from intersession import StoreBusy, StoreInvalid, Tracker


@pytest.mark.parametrize("later", [1, 30, 90])
def test_an_older_copy_beside_a_left_over_log_is_noticed_and_nothing_is_lost(
    tmp_path: Path, key: bytes | None, later: int
) -> None:
    path, copy = tmp_path / "j.db", tmp_path / "copy" / "j.db"
    copy.parent.mkdir()
    written(path, key, 30)
    shutil.copy(path, copy)
    written(path, key, 1)
    killed(path, key, later)
    newest = path.read_bytes()
    shutil.copy(copy, path)
    assert "belongs to another file" in refused(path, key, "store_mixed")
    path.write_bytes(newest)  # the file that the log belongs to is put back: all is there
    assert len(texts(path, key)) == 30 + later


def test_putting_the_copy_back_is_what_the_words_say(tmp_path: Path, key: bytes | None) -> None:
    path, copy = tmp_path / "j.db", tmp_path / "copy.db"
    written(path, key, 5)
    shutil.copy(path, copy)
    written(path, key, 1)
    killed(path, key, 3)
    before = content(tmp_path)
    kept = Tracker.restore(path, copy, key=key)
    assert kept == tmp_path / "j.db.replaced-1"
    assert content(tmp_path) == {
        "j.db": path.read_bytes(),
        "copy.db": before["copy.db"],
        "j.db.replaced-1": before["j.db"],
        "j.db.replaced-1-wal": before["j.db-wal"],
    }
    assert len(texts(path, key)) == 5
    assert len(texts(kept, key)) == 8


def test_the_log_of_another_store(tmp_path: Path, key: bytes | None) -> None:
    path, other = tmp_path / "a" / "j.db", tmp_path / "b" / "j.db"
    for one in (path, other):
        one.parent.mkdir()
        written(one, key, 3)
    killed(other, key, 3)
    shutil.copy(other.parent / "j.db-wal", path.parent / "j.db-wal")
    refused(path, key, "store_mixed")


def test_a_log_whose_file_is_gone_or_empty_is_not_deleted(tmp_path: Path, key: bytes | None) -> None:
    path = tmp_path / "j.db"
    written(path, key, 3)
    killed(path, key, 3)
    whole = path.read_bytes()
    path.unlink()
    refused(path, key, "store_mixed")
    assert not path.exists()
    path.touch()
    refused(path, key, "store_mixed")
    path.write_bytes(whole)
    assert len(texts(path, key)) == 6


def test_a_file_and_its_log_copied_together_open_and_so_does_the_file_of_a_closed_store(
    tmp_path: Path, key: bytes | None
) -> None:
    path, copy = tmp_path / "j.db", tmp_path / "copy" / "other name.db"
    copy.parent.mkdir()
    killed(path, key, 3)
    shutil.copy(path, copy)
    shutil.copy(tmp_path / "j.db-wal", copy.parent / "other name.db-wal")
    (tmp_path / "j.db-shm").write_bytes(b"left by something else" * 100)
    assert texts(copy, key) == texts(path, key)
    shutil.copy(path, tmp_path / "alone.db")
    assert texts(tmp_path / "alone.db", key) == texts(path, key)


@pytest.mark.parametrize("left", [0, 31, 32, 4096, 5000])
def test_a_log_that_was_cut_off_is_no_false_alarm(tmp_path: Path, key: bytes | None, left: int) -> None:
    path = tmp_path / "j.db"
    written(path, key, 3)
    killed(path, key, 3)
    os.truncate(tmp_path / "j.db-wal", left)
    assert len(texts(path, key)) >= 3


def test_a_process_killed_while_the_log_is_copied_into_the_file(tmp_path: Path, key: bytes | None) -> None:
    """Every prefix of the pages in the file, and its log whole: what a crash in the middle leaves."""
    path = tmp_path / "j.db"
    written(path, key, 3)
    killed(path, key, 10)
    old, log = path.read_bytes(), (tmp_path / "j.db-wal").read_bytes()
    expected = texts(path, key)
    frames = {}
    for at in range(32, len(log) - 4119, 4120):
        frames[int.from_bytes(log[at : at + 4], "big")] = log[at + 24 : at + 4120]
    half = bytearray(old)
    for done, number in enumerate(sorted(frames)):
        half[(number - 1) * 4096 : number * 4096] = frames[number]
        if done % 3 and done < len(frames) - 3:
            continue
        path.write_bytes(half)
        (tmp_path / "j.db-wal").write_bytes(log)
        assert texts(path, key) == expected


HOT = """
import os, sqlite3, sys
conn = sqlite3.connect(sys.argv[1], isolation_level=None)
conn.execute("PRAGMA cache_size=2")
conn.execute("CREATE TABLE t(x)")
conn.execute("BEGIN")
conn.executemany("INSERT INTO t VALUES(?)", [("a" * 2000,) for _ in range(200)])
conn.execute("COMMIT")
conn.execute("BEGIN")
conn.execute("UPDATE t SET x = 'b' || x")
os.kill(os.getpid(), 9)
"""


def hot_journal(folder: Path) -> bytes:
    """What a process that is killed in the middle of a transaction leaves beside a database of another program."""
    folder.mkdir()
    assert subprocess.run([sys.executable, "-c", HOT, str(folder / "other.db")], check=False).returncode == -9
    journal = (folder / "other.db-journal").read_bytes()
    assert journal.startswith(bytes.fromhex("d9d505f920a163d7"))
    return journal


def test_a_foreign_journal_is_not_played_back(tmp_path: Path, key: bytes | None) -> None:
    path, copy = tmp_path / "a" / "j.db", tmp_path / "copy.db"
    path.parent.mkdir()
    written(path, key, 20)
    shutil.copy(path, copy)
    killed(path, key, 3)
    journal = hot_journal(tmp_path / "other")
    (path.parent / "j.db-journal").write_bytes(journal)
    before = content(path.parent)
    with pytest.raises(StoreInvalid, match=r"Move j\.db-journal away") as failure:
        Tracker.open(path, key=key)
    assert failure.value.code == "store_mixed"
    assert content(path.parent) == before
    # nor by putting a copy in the store's place, which keeps all three files as they are
    kept = Tracker.restore(path, copy, key=key)
    assert kept is not None
    assert {f"{kept.name}{ending}": before[f"j.db{ending}"] for ending in ("", "-wal", "-journal")} == {
        name: read for name, read in content(path.parent).items() if name.startswith(kept.name)
    }
    assert len(texts(path, key)) == 20
    (path.parent / f"{kept.name}-journal").rename(tmp_path / "away")
    assert len(texts(kept, key)) == 23
    # nor into a copy that is to be put back
    (tmp_path / "copy.db-journal").write_bytes(journal)
    with pytest.raises(StoreInvalid, match=r"Move copy\.db-journal away"):
        Tracker.restore(path, copy, key=key)
    assert len(texts(path, key)) == 20


def test_a_foreign_journal_beside_no_store_is_not_deleted(tmp_path: Path, key: bytes | None) -> None:
    journal = hot_journal(tmp_path / "other")
    (tmp_path / "j.db-journal").write_bytes(journal)
    with pytest.raises(StoreInvalid, match="journal"):
        Tracker.open(tmp_path / "j.db", key=key)
    assert content(tmp_path) == {"j.db-journal": journal}
    (tmp_path / "j.db-journal").unlink()
    # that of a store whose making was cut short is no false alarm: it says that there was no page before
    (tmp_path / "j.db-journal").write_bytes(journal[:16] + bytes(4) + journal[20:512])
    written(tmp_path / "j.db", key, 2)
    assert len(texts(tmp_path / "j.db", key)) == 2


def test_a_journal_that_comes_while_the_store_is_open_changes_nothing(tmp_path: Path, key: bytes | None) -> None:
    path = tmp_path / "j.db"
    with Tracker.open(path, key=key) as tracker:
        tracker.journal.write("one kept")
        path.with_name("j.db-journal").write_bytes(hot_journal(tmp_path / "other"))
        tracker.journal.write("two kept")
        tracker.backup(tmp_path / "copy.db")
        with pytest.raises(StoreBusy):
            Tracker.restore(path, tmp_path / "copy.db", key=key)
    assert texts(tmp_path / "copy.db", key) == {"one kept", "two kept"}
    path.with_name("j.db-journal").rename(tmp_path / "away")
    assert texts(path, key) == {"one kept", "two kept"}
