"""What was private and is shared: erased in the vault, everywhere, with all that was deleted before."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest
from tests.client_sdk.conftest import Pair
from tests.client_sdk.diary.vault.contents import PASSPHRASE, blobs, texts
from tests.client_sdk.practice import Practice

from intersession import InvalidField, Tracker
from intersession.sync.exchange import Exchange


def test_sharing_erases_the_private_one_everywhere(
    tracker: Tracker, side: Exchange, other: Tracker, practice: Practice
) -> None:
    tracker.vault.create(PASSPHRASE)
    entry = tracker.journal.write("I hate my boss. Slept badly.")
    tracker.journal.edit(entry.id, text="Slept badly.")
    practice.talk(side)
    other_side = practice.join(other)
    practice.talk(other_side)
    other.vault.unlock(PASSPHRASE)
    copy = tracker.journal.share(entry.id)
    assert tracker.status().pending == 2
    items = side.outgoing(frozenset(), 10, 2**20)
    assert [item.document for item in items] == [copy.id], "the private one goes when the copy is there"
    assert practice.talk(side).caught_up
    assert tracker.status().pending == 0
    assert blobs(practice, entry.id) == []
    assert copy.shared
    assert tracker.journal.get(entry.id).id == copy.id
    assert tracker.journal.share(entry.id).id == copy.id
    assert tracker.journal.withdrawals() == []
    practice.talk(other_side)
    assert [(each.id, each.text, each.shared) for each in other.journal.entries()] == [(copy.id, "Slept badly.", True)]
    assert not other.journal.search("boss").entries
    assert other.status().refusals == ()
    tracker.journal.withdraw(entry.id)
    practice.sync(side, other_side)
    assert texts(tracker) == texts(other) == set()


def test_what_was_deleted_before_sharing_is_in_no_file(
    tracker: Tracker, side: Exchange, other: Tracker, practice: Practice, tmp_path: Path
) -> None:
    word = secrets.token_hex(12)
    tracker.vault.create(PASSPHRASE)
    entry = tracker.journal.write(f"{word} and the rest")
    tracker.journal.edit(entry.id, text="the rest")
    practice.talk(side)
    other_side = practice.join(other)
    practice.talk(other_side)
    other.vault.unlock(PASSPHRASE)
    tracker.journal.share(entry.id)
    practice.sync(side, other_side)
    for device, name in ((tracker, "tracker"), (other, "other")):
        assert texts(device) == {"the rest"}
        device.close()
        assert word.encode() not in b"".join(path.read_bytes() for path in tmp_path.glob(f"{name}.db*"))


def test_an_edit_of_what_was_shared_elsewhere_is_kept_as_text(
    tracker: Tracker, side: Exchange, other: Tracker, practice: Practice
) -> None:
    tracker.vault.create(PASSPHRASE)
    entry = tracker.journal.write("private")
    practice.talk(side)
    other_side = practice.join(other)
    practice.talk(other_side)
    other.vault.unlock(PASSPHRASE)
    tracker.journal.share(entry.id)
    practice.talk(side)
    other.journal.edit(entry.id, text="private, edited elsewhere")
    practice.talk(other_side)
    (refusal,) = other.status().refusals
    assert (refusal.code, refusal.text) == ("erased", "private, edited elsewhere")
    assert "shared or deleted on another device" in refusal.message
    assert texts(other) == {"private"}
    assert other.status().pending == 0


def test_private_entries_are_not_withdrawn(tracker: Tracker, side: Exchange) -> None:
    tracker.vault.create(PASSPHRASE)
    entry = tracker.journal.write("private")
    with pytest.raises(InvalidField, match="already private"):
        tracker.journal.withdraw(entry.id)


def test_what_was_wished_to_be_shared_is_not_taken_in(tracker: Tracker, practice: Practice, pair: Pair) -> None:
    tracker.journal.write("wished", shared=True)
    tracker.journal.write("undecided")
    tracker.journal.write("kept", shared=False)
    pair(tracker, share_by_default=True)
    side = practice.join(tracker)
    tracker.vault.create(PASSPHRASE)
    practice.talk(side)
    assert {row.document for row in practice.rows} == {
        entry.id for entry in tracker.journal.entries() if entry.text == "wished"
    }
    assert len({row.document for row in practice.vault_rows}) == 3
    assert {entry.text for entry in tracker.journal.entries() if entry.shared} == {"wished"}
