"""The vault where a disk is full, a store was copied, access has ended, or a device was stolen."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from tests.client_sdk.conftest import OpenTracker
from tests.client_sdk.diary.vault.contents import PASSPHRASE
from tests.client_sdk.practice import Practice, SettableClock, replica_of

from intersession import InvalidField, StoreFull, Tracker
from intersession.documents import sealed
from intersession.models.private import VaultStatus
from intersession.replica import vault_backfill
from intersession.sealing import vault_keys
from intersession.sync.exchange import Exchange
from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document
from intersession_schemas.errors import DocumentError
from intersession_schemas.streams import Audience


def test_taking_in_goes_on_where_a_full_disk_cut_it_short(
    tracker: Tracker, side: Exchange, practice: Practice, open_tracker: OpenTracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault_backfill, "AT_ONCE", 10)
    for n in range(25):
        tracker.journal.write(f"entry {n}")
    room = iter(range(15))
    real = sealed.seal_changes

    def while_there_is_room(*given: Any) -> None:
        if next(room, None) is None:
            raise StoreFull("full")
        real(*given)

    monkeypatch.setattr(sealed, "seal_changes", while_there_is_room)
    code = tracker.vault.create(PASSPHRASE)
    assert tracker.vault.status().state == "open"
    assert tracker.status().pending == 11
    tracker.close()
    open_tracker("tracker").close()
    monkeypatch.setattr(sealed, "seal_changes", real)
    again = open_tracker("tracker")
    assert again.status().pending == 26
    again.vault.lock()
    again.vault.unlock(code)
    practice.talk(practice.join(again))
    assert len({row.document for row in practice.vault_rows}) == 26


def test_a_copy_of_a_store_finds_its_own_entries_in_the_vault(
    tracker: Tracker, side: Exchange, practice: Practice, open_tracker: OpenTracker, tmp_path: Path
) -> None:
    entry = tracker.journal.write("private")
    tracker.close()
    (tmp_path / "copy.db").write_bytes((tmp_path / "tracker.db").read_bytes())
    tracker, copy = open_tracker("tracker"), open_tracker("copy")
    side, copy_side = practice.join(tracker), practice.join(copy)
    tracker.vault.create(PASSPHRASE)
    tracker.journal.edit(entry.id, text="private, edited")
    practice.talk(side)
    copy.journal.edit(entry.id, mood=3)
    practice.talk(copy_side)
    copy.vault.unlock(PASSPHRASE)
    practice.sync(copy_side, side)
    for device in (tracker, copy):
        (only,) = device.journal.entries()
        assert (only.text, only.mood, device.status().problems) == ("private, edited", 3, 0)


def test_what_two_copies_of_a_store_put_into_the_vault_arrived_when_the_first_of_them_did_it(
    tracker: Tracker, side: Exchange, practice: Practice, open_tracker: OpenTracker, tmp_path: Path
) -> None:
    """Whichever blob a device reads first: its own, of which it knows what is in it, or the one before that."""
    entry = tracker.journal.write("private")
    tracker.close()
    (tmp_path / "copy.db").write_bytes((tmp_path / "tracker.db").read_bytes())
    tracker, copy = open_tracker("tracker"), open_tracker("copy")
    side, copy_side = practice.join(tracker), practice.join(copy)
    tracker.vault.create(PASSPHRASE)
    practice.take(side)
    first = practice.received_at
    practice.give(copy_side, most=1)
    copy.vault.unlock(PASSPHRASE)
    practice.received_at += timedelta(hours=1)
    practice.take(copy_side)
    assert [row.document for row in practice.vault_rows[1:]] == [entry.id, entry.id]
    practice.sync(side, copy_side)
    assert [device.journal.get(entry.id).arrived_at for device in (tracker, copy)] == [first, first]


def test_the_end_of_the_grant_clears_blobs_and_keys(
    tracker: Tracker, side: Exchange, practice: Practice, tmp_path: Path
) -> None:
    tracker.vault.create(PASSPHRASE)
    entry = tracker.journal.write("private")
    shared = tracker.journal.write("shared", shared=True)
    practice.talk(side)
    tracker.journal.share(tracker.journal.write("another").id)
    with replica_of(tracker).reading() as store:
        (key,) = vault_keys.open_keys(store)
    side.purge(practice.vault, practice.vault_grant)
    assert entry.id not in {each.id for each in tracker.journal.entries()}
    assert shared.id in {each.id for each in tracker.journal.entries()}
    assert tracker.vault.status() == VaultStatus("none", 0, 0)
    with replica_of(tracker).reading() as store:
        for table in ("sealed", "erasures"):
            assert store.number(f"SELECT count(*) FROM {table}") == 0
    tracker.close()
    left = b"".join(path.read_bytes() for path in tmp_path.glob("tracker.db*"))
    assert key.id not in left
    with pytest.raises(InvalidField):
        tracker.vault.create("")


def test_forgotten_keys_are_gone_from_the_file(
    tracker: Tracker, side: Exchange, tmp_path: Path, clock: SettableClock
) -> None:
    import base64

    tracker.vault.create(PASSPHRASE)
    with replica_of(tracker).reading() as store:
        (key,) = vault_keys.open_keys(store)
    written = base64.b64encode(key.key)
    tracker.vault.lock()
    tracker.close()
    assert written not in b"".join(path.read_bytes() for path in tmp_path.glob("tracker.db*"))


def test_a_stolen_device_alters_no_log_and_no_moment_of_the_others(
    tracker: Tracker, side: Exchange, other: Tracker, practice: Practice
) -> None:
    """The server cannot read a vault. So each device leaves out what alters what stays, and all the same."""
    tracker.vault.create(PASSPHRASE)
    entry = tracker.journal.write("what happened")
    log = tracker.symptoms.log({"worry": 3})
    practice.talk(side)
    other_side = practice.join(other)
    practice.talk(other_side)
    other.vault.unlock(PASSPHRASE)

    def alter(kind: str, key: str, value: str | None) -> None:
        with replica_of(other).writing() as writing:
            (position,) = writing.store.one("SELECT position FROM documents WHERE kind = ?", kind) or (0,)

            def raw(document: Document) -> list[bytes]:
                with document.edit() as edit:
                    edit.delete(key) if value is None else edit.put(key, value)
                assert edit.change is not None
                return [edit.change]

            writing.edit(position, raw)

    alter("symptom_log", str(log.id), None)
    alter("journal_entry", "written_at", "1999-01-01T00:00:00+00:00")
    alter("journal_entry", "text", "somebody else's words")
    practice.sync(other_side, side)
    assert [point.value for point in tracker.symptoms.series("worry")] == [3]
    kept = tracker.journal.get(entry.id)
    assert (kept.text, kept.written_at) == ("what happened", entry.written_at)
    assert any("could not be used" in problem for problem in kept.problems)
    tracker.journal.edit(entry.id, text="what happened, and after")
    assert tracker.journal.get(entry.id).text == "what happened, and after"


def test_a_vault_stays_sealed_whatever_a_server_calls_it(tracker: Tracker, side: Exchange, practice: Practice) -> None:
    """Otherwise a server could have what is private sent in the open, by one word in its welcome."""
    tracker.vault.create(PASSPHRASE)
    entry = tracker.journal.write("private")
    practice.talk(side)
    welcome = practice.welcome()
    offers = [replace(one, audience=Audience.RECORD) for one in welcome.streams]
    side.join(replace(welcome, streams=offers))
    tracker.journal.edit(entry.id, text="private, edited")
    waiting = side.outgoing(frozenset(), 100, 2**19)
    assert [one.stream for one in waiting] == [practice.vault]
    for change in waiting[0].changes:
        with pytest.raises(DocumentError):
            read_change(change)
