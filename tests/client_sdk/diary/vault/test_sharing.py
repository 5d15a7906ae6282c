"""What was private and is shared: erased in the vault, everywhere, with all that was deleted before."""

from __future__ import annotations

import secrets
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.client_sdk.conftest import Pair
from tests.client_sdk.diary.vault.contents import PASSPHRASE, blobs, texts
from tests.client_sdk.practice import NOON, Practice

from intersession import InvalidField, Tracker
from intersession.sync.exchange import Exchange
from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import symptoms
from intersession_schemas.documents.diary.symptoms import Bucket, Log


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


def test_a_log_is_shared_as_it_stands_and_the_others_of_its_month_stay_private(
    tracker: Tracker, side: Exchange, other: Tracker, practice: Practice, tmp_path: Path
) -> None:
    word = secrets.token_hex(12)
    tracker.vault.create(PASSPHRASE)
    log = tracker.symptoms.log({"worry": 8}, scale=(0, 10), note=word, at=NOON - timedelta(days=3), key="mine")
    private = tracker.symptoms.log({"worry": 9}, scale=(0, 10))
    corrected = tracker.symptoms.correct(log.id, values={"worry": 3}, note="On the bus.")
    practice.talk(side)
    other_side = practice.join(other)
    practice.talk(other_side)
    other.vault.unlock(PASSPHRASE)
    assert {one.id for one in other.symptoms.logs()} == {log.id, private.id}
    shared = tracker.symptoms.share(log.id)
    assert (shared.id, shared.shared, shared.values, shared.note) == (log.id, True, {"worry": 3}, "On the bus.")
    assert (shared.at, shared.entered_at, shared.scale) == (corrected.at, corrected.entered_at, corrected.scale)
    assert (shared.key, shared.earlier, shared.corrected_at) == ("mine", (), None)
    assert tracker.symptoms.share(log.id) == shared
    practice.sync(side, other_side)
    as_held = Log(id=log.id, at=log.at, entered_at=log.entered_at, values={"worry": 3}, zone=log.zone, scale=(0, 10))
    as_held = replace(as_held, note="On the bus.", key="mine")
    assert [one.logs for one in buckets_of(practice)] == [(as_held,)]
    for device in (tracker, other):
        assert {one.id: (one.shared, one.values) for one in device.symptoms.logs()} == {
            log.id: (True, {"worry": 3}),
            private.id: (False, {"worry": 9}),
        }
        assert device.status().refusals == ()
        assert device.status().pending == 0
    other.symptoms.correct(log.id, note="In the tram.")
    practice.sync(other_side, side)
    assert [one.note for one in tracker.symptoms.logs()] == ["", "In the tram."]
    for device, name in ((tracker, "tracker"), (other, "other")):
        device.close()
        assert word.encode() not in b"".join(path.read_bytes() for path in tmp_path.glob(f"{name}.db*"))


def test_a_log_that_two_devices_share_at_once_is_shared_once(
    tracker: Tracker, side: Exchange, other: Tracker, practice: Practice
) -> None:
    tracker.vault.create(PASSPHRASE)
    log = tracker.symptoms.log({"worry": 8})
    practice.talk(side)
    other_side = practice.join(other)
    practice.talk(other_side)
    other.vault.unlock(PASSPHRASE)
    for device in (tracker, other):
        device.symptoms.share(log.id)
    practice.sync(side, other_side)
    for device in (tracker, other):
        assert [(one.id, one.shared) for one in device.symptoms.logs()] == [(log.id, True)]
        assert device.status().refusals == ()
    # Withdrawn by one of the two, it is gone of both.
    other.symptoms.withdraw(log.id)
    practice.sync(other_side, side)
    assert tracker.symptoms.logs() == other.symptoms.logs() == []
    assert [one.logs for one in buckets_of(practice) if one.logs] == []


def test_a_log_that_is_withdrawn_while_another_device_shares_it_is_shared_with_nobody(
    tracker: Tracker, side: Exchange, other: Tracker, practice: Practice
) -> None:
    tracker.vault.create(PASSPHRASE)
    log = tracker.symptoms.log({"worry": 8})
    practice.talk(side)
    other_side = practice.join(other)
    practice.talk(other_side)
    other.vault.unlock(PASSPHRASE)
    tracker.symptoms.share(log.id)
    other.symptoms.withdraw(log.id)
    practice.sync(side, other_side)
    practice.sync(side, other_side)
    assert tracker.symptoms.logs() == other.symptoms.logs() == []
    assert [one.logs for one in buckets_of(practice) if one.logs] == []


def buckets_of(practice: Practice) -> list[Bucket]:
    """The symptom logs that the practice holds and its care team reads, document by document."""
    changes: dict[UUID, list[bytes]] = {}
    for row in practice.rows:
        if row.kind == "symptom_log" and row.change:
            changes.setdefault(row.document, []).append(row.change)
    return [symptoms.read(Document.load(b"".join(some), bytes(16))) for some in changes.values()]


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
