"""The file, plain and encrypted: whose it is, who may open it, and that a transaction is whole or not there."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.client_sdk.practice import NOON, SettableClock, replica_of

from intersession import Entry, IntersessionError, StoreBusy, StoreFull, StoreInvalid, StoreTooNew, Tracker
from intersession.store import store_file
from intersession.store.store import APPLICATION_ID, Store
from intersession.store.store_key import as_store_key
from intersession.sync import inbox


@pytest.fixture
def open_tracker(tmp_path: Path, clock: SettableClock, key: bytes | None) -> Iterator[Callable[[str], Tracker]]:
    with ExitStack() as opened:
        yield lambda name: opened.enter_context(Tracker.open(tmp_path / f"{name}.db", key=key, clock=clock))


def test_a_store_is_one_process_wide(tracker: Tracker, tmp_path: Path, key: bytes | None) -> None:
    for given in (key, None, bytes(32)):
        with pytest.raises(StoreBusy, match="open in another"):
            Tracker.open(tmp_path / "tracker.db", key=given)
    tracker.journal.write("and the first goes on")
    tracker.close()
    with Tracker.open(tmp_path / "tracker.db", key=key) as again:
        assert len(again.journal.entries()) == 1


OPEN = """
import sys
from intersession import IntersessionError, Tracker
key = bytes(range(32)) if sys.argv[2] == "encrypted" else None
try:
    Tracker.open(sys.argv[1], key=key).close()
except IntersessionError as error:
    print(error.code)
"""


def test_a_second_process_is_refused_at_once(tracker: Tracker, tmp_path: Path, key: bytes | None) -> None:
    tracker.journal.write("x")
    with pytest.raises(StoreBusy):  # nor does a second try in this process give up the file
        Tracker.open(tmp_path / "tracker.db", key=key)
    done = run(OPEN, tmp_path / "tracker.db", key)
    assert done.stdout.strip() == "store_busy", done.stderr


def run(program: str, path: Path, key: bytes | None) -> subprocess.CompletedProcess[str]:
    """Another process, which gets the path and whether the store is encrypted with `RAW`."""
    command = [sys.executable, "-c", program, str(path), "plain" if key is None else "encrypted"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_only_its_owner_may_read_it(tracker: Tracker, tmp_path: Path) -> None:
    tracker.journal.write("x")
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("tracker.db*")} == {0o600}


def refused_and_untouched(path: Path, kind: type[IntersessionError], key: bytes | None) -> str:
    before = path.read_bytes()
    with pytest.raises(kind) as refused:
        Tracker.open(path, key=key)
    assert path.read_bytes() == before
    assert [other.name for other in path.parent.iterdir()] == [path.name]
    assert str(path) in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize("content", [b"Dear diary", b"Dear diary, here I am", b"\x00" * 5000, b"\x00" * 8192])
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes, key: bytes | None) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    refused_and_untouched(path, StoreInvalid, key)


def test_a_file_that_only_begins_like_a_database(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 5000)
    refused_and_untouched(path, StoreInvalid, None)


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_a_database_of_another_program(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute(f"PRAGMA journal_mode={mode}")
    other.execute("CREATE TABLE recipes (name)")
    other.commit()
    other.close()
    assert "another program" in refused_and_untouched(path, StoreInvalid, None)


def altered(path: Path, key: bytes | None, *statements: str) -> None:
    """What another program has done to a store that is closed."""
    known = as_store_key(key)
    path.touch()
    conn = store_file.connect(store_file.driver_of(path, known), path, known)
    for statement in statements:
        conn.execute(statement)
    conn.close()


@pytest.mark.parametrize(
    "newer",
    [
        "PRAGMA user_version = 999",
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('intersession', '9_new', 'now')",
    ],
    ids=["version", "migration"],
)
def test_a_store_of_a_newer_version(tracker: Tracker, tmp_path: Path, newer: str, key: bytes | None) -> None:
    tracker.close()
    altered(tmp_path / "tracker.db", key, newer)
    assert "newer version" in refused_and_untouched(tmp_path / "tracker.db", StoreTooNew, key)


def test_an_empty_file_becomes_a_store(tmp_path: Path, key: bytes | None) -> None:
    (tmp_path / "empty.db").touch()
    with Tracker.open(tmp_path / "empty.db", key=key) as tracker:
        tracker.journal.write("x")


def test_a_store_whose_making_was_cut_short_is_completed(tmp_path: Path, key: bytes | None) -> None:
    path = tmp_path / "cut.db"
    altered(path, key, f"PRAGMA application_id={APPLICATION_ID}", "CREATE TABLE _sqlite_migrations (id)")
    altered(path, key, "DROP TABLE _sqlite_migrations")
    with Tracker.open(path, key=key) as tracker:
        tracker.journal.write("x")


def test_folders_that_are_missing_and_files_that_are_folders(tmp_path: Path) -> None:
    with pytest.raises(StoreInvalid, match="no folder"):
        Tracker.open(tmp_path / "missing" / "x.db")
    with pytest.raises(StoreInvalid, match="is a folder"):
        Tracker.open(tmp_path)


def test_a_damaged_store_says_so(tracker: Tracker, tmp_path: Path, key: bytes | None) -> None:
    for n in range(100):
        tracker.journal.write(f"entry {n} " * 20)
    tracker.close()
    path = tmp_path / "tracker.db"
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreInvalid, match="damaged"), Tracker.open(path, key=key) as broken:
        broken.journal.entries()


def fail_after_setting(store: Store, *names: str) -> None:
    """A transaction that sets facts, each in a transaction of its own inside, and then fails."""
    with store.transaction():
        for name in names:
            with store.transaction():
                store.set_meta(name, 1)
        raise ZeroDivisionError


def test_a_transaction_that_fails_leaves_no_trace(tracker: Tracker) -> None:
    with replica_of(tracker).reading() as store:
        with pytest.raises(ZeroDivisionError):
            fail_after_setting(store, "one", "two")
        assert (store.meta("one", int), store.meta("two", int)) == (None, None)
        with store.transaction():
            store.set_meta("one", 1)
            with pytest.raises(ZeroDivisionError):
                fail_after_setting(store, "two")
        assert (store.meta("one", int), store.meta("two", int)) == (1, None)


def fill(tracker: Tracker, pages: int) -> None:
    """Leave room for so many more pages."""
    with replica_of(tracker).reading() as store:
        store.run(f"PRAGMA max_page_count = {store.number('PRAGMA page_count') + pages}")


def until_full(write: Callable[[int], Entry]) -> list[Entry]:
    """What could be written before the store was full."""
    written: list[Entry] = []
    with contextlib.suppress(StoreFull):
        while True:
            written.append(write(len(written)))
    return written


@pytest.mark.parametrize("pages", [0, 1, 2, 3, 5, 8])
def test_a_full_disk_leaves_nothing_half_written_and_the_store_works_again_with_room(
    tracker: Tracker, pages: int, open_tracker: Callable[[str], Tracker]
) -> None:
    first = tracker.journal.write("first")
    fill(tracker, pages)
    kept = [first, *until_full(lambda n: tracker.journal.write(f"entry {n} " + "words of it " * 30))]
    assert {entry.id: entry for entry in tracker.journal.entries()} == {entry.id: entry for entry in kept}
    edits = until_full(lambda n: tracker.journal.edit(first.id, text=f"first, edited {n} " + "more words " * n))
    assert tracker.journal.get(first.id) == [first, *edits][-1]
    with pytest.raises(StoreFull, match="space"):
        tracker.journal.write("x" * 17_000)
    fill(tracker, 1000)
    edited = tracker.journal.edit(first.id, text="edited with room")
    more = tracker.journal.write("written with room")
    tracker.symptoms.log({"worry": 1})
    tracker.close()
    again = open_tracker("tracker")
    assert again.journal.get(first.id) == edited
    assert again.journal.get(more.id) == more
    assert len(again.journal.entries()) == len(kept) + 1


def test_a_new_store_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: bytes | None) -> None:
    connect = store_file.connect

    def small(*given: object, **named: object) -> sqlite3.Connection:
        conn: sqlite3.Connection = connect(*given, **named)  # type: ignore[arg-type]
        conn.execute("PRAGMA max_page_count = 5")
        return conn

    monkeypatch.setattr(store_file, "connect", small)
    with pytest.raises(StoreFull):
        Tracker.open(tmp_path / "x.db", key=key)
    monkeypatch.undo()
    with Tracker.open(tmp_path / "x.db", key=key) as tracker:
        tracker.journal.write("x")


LIMITED = """
import resource, sys
from intersession import StoreFull, Tracker
key = bytes(range(32)) if sys.argv[2] == "encrypted" else None
with Tracker.open(sys.argv[1], key=key) as tracker:
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
    kept = 0
    try:
        while True:
            tracker.journal.write("x" * 500)
            kept += 1
    except StoreFull:
        assert len(tracker.journal.entries()) == kept
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    tracker.journal.write("with room")
    assert len(tracker.journal.entries()) == kept + 1
print(kept)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit on Windows")
def test_a_limit_on_file_sizes_is_a_full_disk(tmp_path: Path, key: bytes | None) -> None:
    done = run(LIMITED, tmp_path / "x.db", key)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 0
    with Tracker.open(tmp_path / "x.db", key=key) as tracker:
        assert len(tracker.journal.entries()) == int(done.stdout) + 1


@pytest.mark.parametrize("key", [None], ids=["plain"])
def test_what_was_deleted_is_not_in_the_file_any_more(tracker: Tracker, tmp_path: Path) -> None:
    entry = tracker.journal.write("nobody may find Rumpelstiltskin", tags=["rumpeltag"])
    tracker.journal.edit(entry.id, text="nobody may find him", tags=[])
    tracker.journal.share(entry.id)
    with replica_of(tracker).reading() as store:
        store.truncate_log()
        with store.transaction():
            store.run("INSERT INTO entries_text (entries_text) VALUES ('optimize')")
        store.truncate_log()
    content = b"".join(path.read_bytes() for path in tmp_path.glob("tracker.db*")).lower()
    assert b"nobody" in content
    assert b"rumpel" not in content


def test_a_copied_store_goes_on_on_its_own(
    tracker: Tracker, tmp_path: Path, open_tracker: Callable[[str], Tracker]
) -> None:
    entry = tracker.journal.write("one")
    tracker.close()
    shutil.copy(tmp_path / "tracker.db", tmp_path / "copy.db")
    original, copy = open_tracker("tracker"), open_tracker("copy")
    original.journal.edit(entry.id, text="one two")
    copy.journal.edit(entry.id, text="zero one")
    assert (original.journal.get(entry.id).text, copy.journal.get(entry.id).text) == ("one two", "zero one")


def test_opening_a_store_by_hand(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "x.db", now=lambda: NOON)
    assert inbox.cursors(store) == []
    assert store.number("SELECT 1 WHERE 0") == 0
    store.close()
    store.close()


def test_the_settings_that_durability_and_deletion_rest_on(tracker: Tracker) -> None:
    """Nothing else here could tell: no test takes the power away."""
    with replica_of(tracker).reading() as store:
        wanted = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1, "temp_store": 2}
        assert {name: (store.one(f"PRAGMA {name}") or [None])[0] for name in wanted} == wanted
        assert store.one("PRAGMA locking_mode") == ("exclusive",)
