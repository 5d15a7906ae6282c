"""The passphrase and the recovery code: a new one ends the old one, on every device."""

from __future__ import annotations

import pytest
from tests.client_sdk.diary.vault.contents import OPEN, PASSPHRASE, texts
from tests.client_sdk.practice import Practice

from intersession import InvalidField, Tracker
from intersession.errors import WrongPassphrase
from intersession.models.private import VaultStatus
from intersession.sync.exchange import Exchange


def test_a_new_passphrase_ends_the_old_one(
    tracker: Tracker, side: Exchange, other: Tracker, practice: Practice
) -> None:
    code = tracker.vault.create(PASSPHRASE)
    tracker.journal.write("private")
    practice.talk(side)
    tracker.vault.change_passphrase(PASSPHRASE, "another one")
    with pytest.raises(InvalidField):
        tracker.vault.change_passphrase("another one", "short")
    practice.talk(side)
    assert tracker.status().pending == 0
    keys = [row for row in practice.vault_rows if row.kind == "vault_key" and row.change]
    assert len(keys) == 1, "the old one's bytes are gone from the server"
    practice.talk(practice.join(other))
    with pytest.raises(WrongPassphrase):
        other.vault.unlock(PASSPHRASE)
    other.vault.unlock("another one")
    other.vault.lock()
    other.vault.unlock(code)
    assert texts(other) == {"private"}


def test_changed_before_the_first_was_sent(
    tracker: Tracker, side: Exchange, other: Tracker, practice: Practice
) -> None:
    tracker.vault.create(PASSPHRASE)
    tracker.vault.change_passphrase(PASSPHRASE, "another one")
    with pytest.raises(WrongPassphrase):
        tracker.vault.change_passphrase(PASSPHRASE, "a third one")
    practice.talk(side)
    assert len(practice.vault_rows) == 1
    practice.talk(practice.join(other))
    with pytest.raises(WrongPassphrase):
        other.vault.unlock(PASSPHRASE)
    other.vault.unlock("another one")


def test_a_new_recovery_code_ends_the_old_one(tracker: Tracker, side: Exchange, practice: Practice) -> None:
    old = tracker.vault.create(PASSPHRASE)
    practice.talk(side)
    new = tracker.vault.new_recovery_code(PASSPHRASE)
    practice.talk(side)
    assert new != old
    tracker.vault.lock()
    with pytest.raises(WrongPassphrase):
        tracker.vault.unlock(old)
    tracker.vault.unlock(new)
    tracker.vault.change_passphrase(new, "another one")
    tracker.vault.lock()
    tracker.vault.unlock("another one")


def test_both_devices_change_the_passphrase_at_once(
    tracker: Tracker, side: Exchange, other: Tracker, practice: Practice
) -> None:
    tracker.vault.create(PASSPHRASE)
    practice.talk(side)
    other_side = practice.join(other)
    practice.talk(other_side)
    tracker.vault.change_passphrase(PASSPHRASE, "first passphrase")
    other.vault.change_passphrase(PASSPHRASE, "second passphrase")
    practice.sync(side, other_side)
    practice.sync(side, other_side)
    for device in (tracker, other):
        device.vault.lock()
        with pytest.raises(WrongPassphrase):
            device.vault.unlock(PASSPHRASE)
        for each in ("first passphrase", "second passphrase"):
            device.vault.unlock(each)
            device.vault.lock()
    tracker.vault.change_passphrase("second passphrase", "third passphrase")
    practice.sync(side, other_side)
    for each in ("first passphrase", "second passphrase"):
        with pytest.raises(WrongPassphrase):
            other.vault.unlock(each)
    other.vault.unlock("third passphrase")


def test_two_devices_that_each_made_a_vault(
    tracker: Tracker, side: Exchange, other: Tracker, practice: Practice
) -> None:
    other_side = practice.join(other)
    tracker.vault.create("first passphrase")
    other.vault.create("second passphrase")
    tracker.journal.write("of the first")
    other.journal.write("of the second")
    practice.sync(side, other_side)
    assert texts(tracker) == {"of the first"}
    assert texts(other) == {"of the second"}
    assert tracker.vault.status() == VaultStatus("open", 1, 0) == other.vault.status()
    other.vault.unlock("first passphrase")
    assert texts(other) == {"of the first", "of the second"}
    later = other.journal.write("later")
    practice.sync(other_side, side)
    assert tracker.journal.get(later.id).text == "later", "new blobs use the key that the log knew first"
    tracker.vault.unlock("second passphrase")
    assert texts(tracker) == texts(other) == {"of the first", "of the second", "later"}
    assert tracker.vault.status() == other.vault.status() == OPEN
