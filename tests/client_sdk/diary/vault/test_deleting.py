"""Deleting what is private: gone here at once, and from the client's other devices with the next contact."""

from __future__ import annotations

import secrets
from pathlib import Path
from uuid import uuid4

import pytest
from tests.client_sdk.conftest import OpenTracker, Pair
from tests.client_sdk.practice import Practice

from intersession import InvalidField, NotFound, Tracker

PASSPHRASE = "four small words here"


def test_an_entry_of_this_device_alone(tracker: Tracker, tmp_path: Path) -> None:
    word = secrets.token_hex(12)
    kept, gone = tracker.journal.write("kept"), tracker.journal.write(f"gone {word}")
    tracker.journal.delete(gone.id)
    assert tracker.journal.entries() == [kept]
    assert not tracker.journal.search(word).entries
    assert tracker.status().pending == 0
    assert tracker.journal.withdrawals() == []
    tracker.close()
    assert word.encode() not in b"".join(path.read_bytes() for path in tmp_path.glob("tracker.db*"))


def test_an_entry_of_the_vault_goes_from_the_other_device(
    tracker: Tracker, open_tracker: OpenTracker, pair: Pair, practice: Practice
) -> None:
    pair(tracker, share_by_default=False)
    side = practice.join(tracker)
    other = open_tracker("other")
    pair(other, share_by_default=False)
    tracker.vault.create(PASSPHRASE)
    entry = tracker.journal.write("private")
    practice.talk(side)
    other_side = practice.join(other)
    practice.talk(other_side)
    other.vault.unlock(PASSPHRASE)
    other.journal.edit(entry.id, text="private, and edited offline")
    tracker.journal.delete(entry.id)
    assert tracker.status().pending == 1
    practice.sync(side, other_side)
    assert tracker.journal.entries() == other.journal.entries() == []
    (refusal,) = other.status().refusals
    assert refusal.text == "private, and edited offline"
    assert "deleted on another device" in refusal.message


def test_what_is_shared_is_withdrawn_instead(tracker: Tracker, pair: Pair) -> None:
    pair(tracker)
    entry = tracker.journal.write("shared")
    with pytest.raises(InvalidField, match="Withdraw it"):
        tracker.journal.delete(entry.id)
    with pytest.raises(NotFound):
        tracker.journal.delete(uuid4())
