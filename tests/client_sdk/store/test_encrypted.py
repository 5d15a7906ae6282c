"""Encrypted stores: nothing of what was written can be read in the file, one key opens it, and it can be changed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from tests.client_sdk.practice import SettableClock, replica_of

from intersession import Caseload, InvalidField, StoreBusy, StoreFull, StoreInvalid, Tracker
from intersession.errors import StoreLocked
from intersession.store import rewriting, store_file
from intersession.store.store import APPLICATION_ID
from intersession.store.store_key import StoreKey, as_store_key, change_key, decrypt_store, encrypt_store

pytest.importorskip("sqlcipher3")

RAW, OTHER = bytes(range(32)), bytes(32)
SENTENCE = "nobody may read Rumpelstiltskin"
Write = Callable[..., Path]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def write(path: Path) -> Write:
    """Makes the store, with one entry in it; closes it."""

    def written(key: StoreKey | str | bytes | None, text: str = SENTENCE) -> Path:
        with Tracker.open(path, key=key) as tracker:
            tracker.journal.write(text, tags=["Rumpeltag"])
        return path

    return written


def texts(path: Path, key: StoreKey | str | bytes | None) -> list[str]:
    with Tracker.open(path, key=key) as tracker:
        found = [entry.text for entry in tracker.journal.entries()]
        assert [entry.text for entry in tracker.journal.search("rumpelstiltskin")] == found
    return found


def planted(folder: Path) -> list[str]:
    """The files of a folder in which something of the entry, or of a database's tables, can be read."""
    words = (b"rumpel", b"nobody", b"entries_text", b"sqlite format")
    return [one.name for one in sorted(folder.iterdir()) if any(word in one.read_bytes().lower() for word in words)]


def test_nothing_can_be_read_in_the_file_or_its_log(path: Path) -> None:
    with Tracker.open(path, key=RAW) as tracker:
        entry = tracker.journal.write(SENTENCE, tags=["rumpeltag"])
        assert (path.parent / "store.db-wal").stat().st_size > 4096
        assert planted(path.parent) == []
        with replica_of(tracker).reading() as store:
            store.truncate_log()
        assert planted(path.parent) == []
        assert tracker.journal.get(entry.id).text == SENTENCE
    assert planted(path.parent) == []


def test_a_plain_store_would_have_been_noticed(write: Write) -> None:
    assert planted(write(None).parent) == ["store.db"]


@pytest.mark.parametrize("key", [RAW, StoreKey(RAW), "correct horse battery", StoreKey.from_passphrase("staple")])
def test_its_key_opens_it_again(write: Write, key: StoreKey | str | bytes) -> None:
    assert texts(write(key), key) == [SENTENCE]


def test_a_therapists_store_can_be_encrypted_too(path: Path) -> None:
    Caseload.open(path, key=RAW).close()
    with pytest.raises(StoreLocked):
        Caseload.open(path)
    Caseload.open(path, key=RAW).close()


@pytest.mark.parametrize("wrong", [OTHER, "correct horse", None])
def test_no_other_key_opens_it(write: Write, wrong: str | bytes | None, capfd: pytest.CaptureFixture[str]) -> None:
    path = write("correct horse battery")
    before = path.read_bytes()
    with pytest.raises(StoreLocked, match="key") as refused:
        Tracker.open(path, key=wrong)
    assert refused.value.code == "store_locked"
    assert str(path) in str(refused.value)
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    assert capfd.readouterr() == ("", "")
    assert texts(path, "correct horse battery") == [SENTENCE]


def test_a_plain_store_is_not_opened_with_a_key_but_told_how_to_be_encrypted(write: Write) -> None:
    path = write(None)
    with pytest.raises(StoreLocked, match="encrypt_store"):
        Tracker.open(path, key=RAW)
    assert texts(path, None) == [SENTENCE]


def test_each_store_has_a_salt_of_its_own(tmp_path: Path) -> None:
    for name in ("one", "two"):
        Tracker.open(tmp_path / name, key="the same passphrase").close()
    one, two = ((tmp_path / name).read_bytes()[:16] for name in ("one", "two"))
    assert one != two


def test_a_tampered_page_is_noticed(write: Write) -> None:
    path = write(RAW)
    content = bytearray(path.read_bytes())
    for page in range(4096, len(content), 4096):
        content[page + 100] ^= 1
    path.write_bytes(content)
    with pytest.raises(StoreInvalid, match="damaged"):
        texts(path, RAW)


# -- keys --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", ["", b"", bytes(31), bytes(33), 7, bytearray(32), "\ud800"], ids=repr)
def test_what_cannot_be_a_key(path: Path, bad: Any) -> None:
    with pytest.raises(InvalidField, match="key"):
        Tracker.open(path, key=bad)
    assert not path.exists()


def test_a_key_shows_nothing_of_itself() -> None:
    key = StoreKey(RAW)
    assert repr(key) == str(key) == "<StoreKey>"
    with pytest.raises(TypeError):
        key.__reduce__()


def test_a_passphrase_is_stretched_with_the_salt_and_the_same_however_it_is_typed() -> None:
    composed, decomposed = (StoreKey.from_passphrase(text) for text in ("caf\u00e9", "cafe\u0301"))
    salt = bytes(16)
    # Computed once with the reference implementation of Argon2 (version 1.3, type id).
    assert composed.for_salt(salt) == decomposed.for_salt(salt) == bytes.fromhex(STRETCHED)
    assert composed.for_salt(b"x" * 16) != composed.for_salt(salt)
    assert len(composed.for_salt(salt)) == 32


STRETCHED = "37f3e8ba33780bff9ee20e4de74df0d922cd0b8a93c3420cc68883617885b52f"


def test_what_is_a_key_already_stays_it() -> None:
    key = StoreKey(RAW)
    assert as_store_key(key) is key
    assert as_store_key(None) is None
    raw = as_store_key(RAW)
    assert raw is not None
    assert raw.for_salt(bytes(16)) == RAW


class Keyring:
    """A keyring in memory."""

    kept: ClassVar[dict[tuple[str, str], str]] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, text: str) -> None:
        self.kept[service, name] = text


@pytest.fixture
def keyring_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[tuple[str, str], str]]:
    keyring = pytest.importorskip("keyring")
    memory = Keyring()
    monkeypatch.setattr(keyring, "get_password", memory.get_password)
    monkeypatch.setattr(keyring, "set_password", memory.set_password)
    yield memory.kept
    memory.kept.clear()


def test_a_key_in_the_keyring_is_made_once(write: Write, keyring_kept: dict[tuple[str, str], str]) -> None:
    path = write(StoreKey.from_keyring("app", "store"))
    (kept,) = keyring_kept.values()
    assert len(bytes.fromhex(kept)) == 32
    assert texts(path, StoreKey.from_keyring("app", "store")) == [SENTENCE]
    assert StoreKey.from_keyring("app", "another").for_salt(b"") != bytes.fromhex(kept)


@pytest.mark.parametrize("kept", ["a password of mine", "abcd", ""], ids=repr)
def test_something_else_in_the_keyring_is_no_key(keyring_kept: dict[tuple[str, str], str], kept: str) -> None:
    keyring_kept["app", "store"] = kept
    with pytest.raises(StoreLocked, match="'store' of 'app'") as refused:
        StoreKey.from_keyring("app", "store")
    assert not kept or kept not in str(refused.value)
    assert keyring_kept["app", "store"] == kept


def test_a_machine_without_a_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = pytest.importorskip("keyring")

    def none(*_: str) -> str:
        raise keyring.errors.NoKeyringError

    monkeypatch.setattr(keyring, "get_password", none)
    with pytest.raises(StoreLocked, match="from_passphrase"):
        StoreKey.from_keyring("app", "store")


def test_without_the_extra_it_says_what_to_install(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("sqlcipher3", "keyring"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(StoreLocked, match=r"intersession\[encrypted\]"):
        Tracker.open(path, key=RAW)
    with pytest.raises(StoreLocked, match=r"intersession\[encrypted\]"):
        StoreKey.from_keyring("app", "store")
    Tracker.open(path).close()


# -- another key -------------------------------------------------------------------------------------------------------


def test_encrypting_a_plain_store(write: Write) -> None:
    path = write(None)
    with Tracker.open(path) as tracker, replica_of(tracker).reading() as store:
        known = store.number("PRAGMA user_version")
    kept = path.with_name("kept")
    os.link(path, kept)
    encrypt_store(path, RAW)
    assert planted(path.parent) == ["kept"]  # another name for the old file: somebody's copy, and left alone
    assert sorted(one.name for one in path.parent.iterdir()) == ["kept", "store.db"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert texts(path, RAW) == [SENTENCE]
    with Tracker.open(path, key=RAW) as tracker:
        tracker.journal.write("and it goes on")
        with replica_of(tracker).reading() as store:
            assert store.one("PRAGMA user_version") == (known,)
            assert store.one("PRAGMA application_id") == (APPLICATION_ID,)
            assert store.one("PRAGMA integrity_check") == ("ok",)
            assert store.one("PRAGMA journal_mode") == ("wal",)


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be replaced there")
def test_the_plain_file_is_overwritten(write: Write) -> None:
    path = write(None)
    with path.open("rb") as old:
        encrypt_store(path, RAW)
        old.seek(0)
        assert set(old.read()) == {0}


def test_a_store_that_was_not_closed_in_order_loses_nothing(path: Path) -> None:
    program = """
import os, sys
from intersession import Tracker
Tracker.open(sys.argv[1]).journal.write(sys.argv[2])
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", program, path, SENTENCE], check=True, timeout=60)
    assert path.with_name("store.db-wal").stat().st_size > 0
    encrypt_store(path, RAW)
    assert planted(path.parent) == []
    assert texts(path, RAW) == [SENTENCE]


def test_decrypting_and_changing_the_key(write: Write) -> None:
    path = write("first")
    change_key(path, "first", "second")
    with pytest.raises(StoreLocked):
        Tracker.open(path, key="first")
    assert texts(path, "second") == [SENTENCE]
    decrypt_store(path, "second")
    assert texts(path, None) == [SENTENCE]
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_wrong_key_changes_nothing(write: Write) -> None:
    path = write(RAW)
    before = path.read_bytes()
    with pytest.raises(StoreLocked, match="does not open it"):
        change_key(path, OTHER, RAW)
    with pytest.raises(StoreLocked, match="does not open it"):
        decrypt_store(path, OTHER)
    with pytest.raises(StoreLocked, match="already encrypted"):
        encrypt_store(path, OTHER)
    assert path.read_bytes() == before
    decrypt_store(path, RAW)
    with pytest.raises(StoreLocked, match="is not encrypted"):
        change_key(path, RAW, OTHER)
    assert texts(path, None) == [SENTENCE]


def test_a_store_in_use_or_missing_is_not_rewritten(path: Path, tmp_path: Path) -> None:
    with Tracker.open(path) as tracker:
        with pytest.raises(StoreBusy):
            encrypt_store(path, RAW)
        tracker.journal.write(SENTENCE)
    assert texts(path, None) == [SENTENCE]
    with pytest.raises(StoreInvalid, match="no store"):
        encrypt_store(tmp_path / "missing.db", RAW)
    assert not (tmp_path / "missing.db").exists()
    (tmp_path / "notes.txt").write_text("Dear diary")
    with pytest.raises(StoreInvalid):
        encrypt_store(tmp_path / "notes.txt", RAW)
    assert (tmp_path / "notes.txt").read_text() == "Dear diary"


def test_a_new_file_that_cannot_be_finished_leaves_the_store_as_it_was(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(None)
    path.with_name("store.db.rewritten").write_text("left by a crash")
    connect = store_file.connect

    def small(*given: Any) -> Any:
        conn = connect(*given)
        execute = conn.execute

        class Full:
            def execute(self, sql: str, *parameters: Any) -> Any:
                done = execute(sql, *parameters)
                if sql.startswith("ATTACH"):
                    execute("PRAGMA rewritten.max_page_count = 5")
                return done

            def __getattr__(self, name: str) -> Any:
                return getattr(conn, name)

        return Full()

    monkeypatch.setattr(store_file, "connect", small)
    with pytest.raises(StoreFull):
        encrypt_store(path, RAW)
    monkeypatch.undo()
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    assert texts(path, None) == [SENTENCE]


def test_a_store_that_is_written_meanwhile_is_not_replaced(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(None)
    export = rewriting._export
    program = "import sys; from intersession import Tracker; Tracker.open(sys.argv[1]).journal.write('meanwhile')"

    def exported(*given: Any) -> None:
        export(*given)
        subprocess.run([sys.executable, "-c", program, path], check=True, timeout=60)

    monkeypatch.setattr(rewriting, "_export", exported)
    with pytest.raises(StoreBusy):
        encrypt_store(path, RAW)
    with Tracker.open(path) as tracker:
        assert [entry.text for entry in tracker.journal.entries()] == ["meanwhile", SENTENCE]


def test_a_link_to_a_store_stays_a_link(write: Write, tmp_path: Path) -> None:
    path = write(None)
    link = tmp_path / "link.db"
    try:
        link.symlink_to(path)
    except OSError:
        pytest.skip("no symbolic links here")
    encrypt_store(link, RAW)
    assert link.is_symlink()
    assert texts(path, RAW) == texts(link, RAW) == [SENTENCE]


def test_opening_two_thousand_documents_takes_no_time(path: Path, clock: SettableClock) -> None:
    with Tracker.open(path, key=RAW, clock=clock) as tracker, replica_of(tracker).writing():
        for number in range(2000):
            clock.forward(minutes=1)
            tracker.journal.write(f"entry {number}")
    took = []
    for _ in range(5):
        began = time.perf_counter()
        with Tracker.open(path, key=RAW):
            took.append(time.perf_counter() - began)
    assert min(took) < 0.1
