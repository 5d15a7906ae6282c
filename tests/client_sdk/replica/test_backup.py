"""A copy of a store made while it is open: whole, private, and never in place of something else."""

from __future__ import annotations

import resource
import threading
from pathlib import Path

import pytest
from tests.client_sdk.practice import replica_of
from tests.client_sdk.store_files import content, texts

from intersession import IntersessionError, StoreBusy, StoreFull, StoreInvalid, Tracker


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
