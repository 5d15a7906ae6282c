"""Copies that may be put back; a log beside a file that is not its own; a file that is moved while it is open."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.client_sdk.conftest import OpenTracker, Pair
from tests.client_sdk.practice import Practice, exchange, replica_of

from intersession import (
    Caseload,
    IntersessionError,
    StoreBusy,
    StoreFull,
    StoreInvalid,
    StoreLocked,
    StoreTooNew,
    Tracker,
)
from intersession.cli import main

RAW = bytes(range(32))

KILLED = """
import os, sys
from intersession import Tracker
key = bytes(range(32)) if sys.argv[2] == "encrypted" else None
tracker = Tracker.open(sys.argv[1], key=key)
for n in range(int(sys.argv[3])):
    tracker.journal.write(f"later {n} " + "x" * 400)
    if n % 40 == 39:
        with tracker._replica.reading() as store:
            store.shed()
os.kill(os.getpid(), 9)
"""


@pytest.fixture(params=["plain", "encrypted"])
def key(request: pytest.FixtureRequest) -> bytes | None:
    if request.param == "encrypted":
        pytest.importorskip("sqlcipher3")
        return RAW
    return None


def killed(path: Path, key: bytes | None, entries: int) -> None:
    """A process that writes so many entries and is then killed: its log is left."""
    kind = "plain" if key is None else "encrypted"
    done = subprocess.run([sys.executable, "-c", KILLED, str(path), kind, str(entries)], timeout=100, check=False)
    assert done.returncode == -9
    assert (path.parent / f"{path.name}-wal").stat().st_size > 0


def written(path: Path, key: bytes | None, entries: int) -> None:
    with Tracker.open(path, key=key) as tracker:
        for n in range(entries):
            tracker.journal.write(f"early {n} " + "x" * 400)


def texts(path: Path, key: bytes | None = None) -> set[str]:
    """The first words of all entries of a store, which must be whole."""
    with Tracker.open(path, key=key) as tracker:
        with replica_of(tracker).reading() as store:
            assert store.all("PRAGMA integrity_check") == [("ok",)]
        return {" ".join(entry.text.split()[:2]) for entry in tracker.journal.entries()}


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def refused(path: Path, key: bytes | None, code: str) -> str:
    """Opening is refused, in words that say how to go on, and no byte is changed."""
    before = content(path.parent)
    with pytest.raises(StoreInvalid) as failure:
        Tracker.open(path, key=key)
    assert failure.value.code == code
    assert "restore" in str(failure.value)
    assert content(path.parent) == before
    return str(failure.value)


# -- a log that belongs to another file --------------------------------------------------------------------------------


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


# -- a journal that belongs to another file ----------------------------------------------------------------------------

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


# -- written into while it is open -------------------------------------------------------------------------------------


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


# -- moved while it is open --------------------------------------------------------------------------------------------


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


# -- backup ------------------------------------------------------------------------------------------------------------


def test_a_copy_is_made_while_others_write(tmp_path: Path, key: bytes | None) -> None:
    path, copy = tmp_path / "j.db", tmp_path / "copy.db"
    with Tracker.open(path, key=key) as tracker:
        for n in range(300):
            tracker.journal.write(f"before {n} " + "x" * 9000)
        within: list[str] = []

        def heard(done: int, size: int) -> None:
            steps.append((done, size))
            thread = threading.Thread(target=lambda: within.append(tracker.journal.write("meanwhile it goes on").text))
            thread.start()
            thread.join()  # a writer does not wait for the copy's end

        steps: list[tuple[int, int]] = []
        tracker.backup(copy, progress=heard)
        assert len(within) == len(steps) > 1
        assert steps[-1][0] == steps[-1][1] == copy.stat().st_size
        tracker.journal.write("after it")
    assert len(texts(copy, key)) == 300
    assert len(texts(path, key)) == 302
    assert copy.stat().st_mode & 0o777 == 0o600
    assert sorted(content(tmp_path)) == ["copy.db", "j.db"]


def test_what_is_there_is_not_overwritten_unasked(tmp_path: Path, tracker: Tracker) -> None:
    tracker.journal.write("first one")
    tracker.backup(tmp_path / "copy.db")
    tracker.journal.write("second one")
    with pytest.raises(StoreInvalid, match="already") as failure:
        tracker.backup(tmp_path / "copy.db")
    assert failure.value.code == "backup_exists"
    assert texts(tmp_path / "copy.db") == {"first one"}
    tracker.backup(tmp_path / "copy.db", overwrite=True)
    assert texts(tmp_path / "copy.db") == {"first one", "second one"}
    for own in ("tracker.db", "tracker.db-wal"):
        with pytest.raises(StoreInvalid, match="itself"):
            tracker.backup(tmp_path / own, overwrite=True)
    with Tracker.open(tmp_path / "open.db") as other:
        with pytest.raises(StoreBusy):
            tracker.backup(tmp_path / "open.db", overwrite=True)
        other.journal.write("not touched")


def test_a_copy_that_cannot_be_made_leaves_nothing(tmp_path: Path, tracker: Tracker) -> None:
    tracker.journal.write("first one " + "x" * 9000)
    before = set(content(tmp_path))
    with pytest.raises(StoreInvalid, match="folder"):
        tracker.backup(tmp_path / "missing" / "copy.db")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with pytest.raises(StoreFull):
            tracker.backup(tmp_path / "copy.db")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    with pytest.raises(ZeroDivisionError):
        tracker.backup(tmp_path / "copy.db", progress=lambda done, size: 1 // 0)
    assert set(content(tmp_path)) == before
    tracker.journal.write("it goes on")
    tracker.backup(tmp_path / "copy.db")
    assert texts(tmp_path / "copy.db") == {"first one", "it goes"}


def test_a_full_disk_keeps_nobody_from_a_copy_on_another(tmp_path: Path, key: bytes | None) -> None:
    path, copy = tmp_path / "j.db", tmp_path / "copy.db"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Tracker.open(path, key=key) as tracker:
        for n in range(30):
            tracker.journal.write(f"kept {n} " + "x" * 9000)
        log = path.with_name("j.db-wal").stat().st_size
        assert log > path.stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, hard))  # what is in the log does not fit in
        try:
            with pytest.raises(StoreFull):
                tracker.journal.write("not written " + "x" * 9000)
            tracker.backup(
                copy, progress=lambda done, size: resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            )  # the copy is on a disk with room
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert texts(copy, key) == {f"kept {n}" for n in range(30)}
        tracker.journal.write("it goes on")
    assert texts(path, key) == {f"kept {n}" for n in range(30)} | {"it goes"}
    assert sorted(content(tmp_path)) == ["copy.db", "j.db"]


def test_closing_ends_a_copy_that_is_being_made(tmp_path: Path, tracker: Tracker) -> None:
    for n in range(300):
        tracker.journal.write(f"before {n} " + "x" * 9000)
    closing = threading.Thread(target=tracker.close)

    def close(done: int, size: int) -> None:
        if not closing.is_alive() and closing.ident is None:
            closing.start()
            while replica_of(tracker)._open:
                pass

    with pytest.raises(IntersessionError, match="closed"):
        tracker.backup(tmp_path / "copy.db", progress=close)
    closing.join()
    assert list(content(tmp_path)) == ["tracker.db"]
    assert len(texts(tmp_path / "tracker.db")) == 300


# -- restore -----------------------------------------------------------------------------------------------------------


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


# -- what the system refuses -------------------------------------------------------------------------------------------


def test_paths_that_cannot_be_a_store(tmp_path: Path) -> None:
    (tmp_path / "dangling.db").symlink_to(tmp_path / "nowhere" / "x.db")
    (tmp_path / "loop.db").symlink_to(tmp_path / "loop.db")
    os.mkfifo(tmp_path / "pipe.db")
    (tmp_path / "file").touch()
    for path, words in (
        (tmp_path / ("n" * 300), os.strerror(errno.ENAMETOOLONG)),
        (tmp_path / "dangling.db", "link to a file that does not exist"),
        (tmp_path / "loop.db", os.strerror(errno.ELOOP)),
        (tmp_path / "pipe.db", "device or a pipe"),
        (Path("/dev/null"), "device or a pipe"),
        (tmp_path / "file" / "x.db", os.strerror(errno.ENOTDIR)),
        (tmp_path / "nul\0.db", "NUL"),
    ):
        with pytest.raises(StoreInvalid, match=words):
            Tracker.open(path)
        with pytest.raises(StoreInvalid), Tracker.open(tmp_path / "j.db") as tracker:
            tracker.backup(path)


FEW = """
import os, resource, sys
from intersession import StoreInvalid, Tracker
Tracker.open(sys.argv[1]).close()
held = [os.open(os.devnull, os.O_RDONLY) for _ in range(int(sys.argv[2]))]
top = max(held)
resource.setrlimit(resource.RLIMIT_NOFILE, (top + 1, top + 1))
for free in range(5):
    try:
        Tracker.open(sys.argv[1]).close()
        print("opened", free)
    except StoreInvalid as error:
        assert os.strerror(24) in str(error), error
    os.close(held.pop())
for _ in range(3):
    os.close(held.pop())
Tracker.open(sys.argv[1]).close()
"""


def test_too_many_open_files_are_called_so(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FEW, str(tmp_path / "j.db"), "20"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert "opened 0" not in done.stdout
