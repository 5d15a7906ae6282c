"""The vault made, opened and locked: what is private reaches the client's own devices, and nobody else."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.client_sdk.conftest import OpenTracker, Pair
from tests.client_sdk.diary.vault.contents import OPEN, PASSPHRASE, texts
from tests.client_sdk.practice import NOON, Practice, replica_of

from intersession import InvalidField, NotPaired, Tracker
from intersession.errors import VaultExists, VaultLocked, WrongPassphrase
from intersession.models.private import VaultStatus
from intersession.sealing import vault_keys
from intersession.sync.exchange import Exchange
from intersession_schemas import codec
from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import journal
from intersession_schemas.errors import DocumentError
from intersession_schemas.messages import Erase, Push, Pushes
from intersession_schemas.streams import Role


def test_without_a_vault_private_entries_stay_here(tracker: Tracker, side: Exchange, practice: Practice) -> None:
    tracker.journal.write("private")
    tracker.symptoms.log({"worry": 1})
    assert tracker.vault.status() == VaultStatus("none", 0, 0)
    practice.talk(side)
    assert practice.rows == practice.vault_rows == []
    assert tracker.status().pending == 0


def test_it_is_made_after_pairing_and_the_first_sync(tracker: Tracker, practice: Practice, pair: Pair) -> None:
    with pytest.raises(NotPaired, match="pair it first"):
        tracker.vault.create(PASSPHRASE)
    pair(tracker)
    with pytest.raises(NotPaired, match="Sync once"):
        tracker.vault.create(PASSPHRASE)
    practice.join(tracker)
    with pytest.raises(InvalidField, match="8 characters"):
        tracker.vault.create("short")
    assert tracker.vault.status().state == "none"
    tracker.vault.create(PASSPHRASE)
    assert tracker.vault.status() == OPEN
    with pytest.raises(VaultExists, match="Unlock"):
        tracker.vault.create(PASSPHRASE)


def test_private_entries_reach_the_other_device(
    tracker: Tracker, side: Exchange, other: Tracker, practice: Practice
) -> None:
    before = tracker.journal.write("before the vault", mood=3, tags=["a"], sections={"Q": "A"})
    tracker.journal.edit(before.id, text="before the vault, edited")
    tracker.symptoms.log({"worry": 1}, at=datetime(2026, 4, 1, tzinfo=UTC))
    tracker.vault.create(PASSPHRASE)
    tracker.journal.write("in the vault")
    tracker.symptoms.log({"worry": 2})
    tracker.symptoms.log({"worry": 3})
    assert practice.talk(side).caught_up
    assert tracker.status().pending == 0
    assert practice.rows == []

    other_side = practice.join(other)
    practice.talk(other_side)
    assert texts(other) == set()
    assert other.vault.status().state == "locked"
    assert other.vault.status().waiting == len(practice.vault_rows) - 1
    other.vault.unlock(PASSPHRASE)
    assert other.vault.status() == OPEN
    assert texts(other) == {"before the vault, edited", "in the vault"}
    copy = other.journal.get(before.id)
    assert (copy.mood, copy.tags, copy.sections, copy.shared) == (3, ("a",), before.sections, False)
    assert copy.arrived_at == tracker.journal.get(before.id).arrived_at == NOON
    assert sorted(point.value for point in other.symptoms.series("worry")) == [1, 2, 3]
    assert [hit.id for hit in other.journal.search("edited")] == [copy.id]

    other.journal.edit(before.id, text="edited on the other")
    practice.sync(other_side, side)
    assert tracker.journal.get(before.id).text == "edited on the other"


def test_what_the_therapist_gets(tracker: Tracker, side: Exchange, caseload: Any, practice: Practice) -> None:
    tracker.vault.create(PASSPHRASE)
    tracker.journal.write("private")
    tracker.journal.write("shared", shared=True)
    practice.talk(side)
    practice.give(practice.join(caseload, Role.PRIMARY))
    client = caseload.client(practice.client)
    assert [entry.text for entry in client.entries()] == ["shared"]


def test_no_frame_holds_a_word_of_what_is_private(
    tracker: Tracker, side: Exchange, other: Tracker, practice: Practice
) -> None:
    """Every frame decoded: what is for the vault is sealed, and what is not says nothing private at any moment."""
    word = secrets.token_hex(8)
    entry = tracker.journal.write(f"before {word}", tags=[word])
    tracker.symptoms.log({"worry": 1}, note=word, key=word)
    practice.talk(side)
    code = tracker.vault.create(f"{word} passphrase")
    tracker.journal.edit(entry.id, text=f"edited {word}")
    practice.talk(side)
    shared = tracker.journal.write(f"shared {word}")
    tracker.journal.edit(shared.id, text="shared")
    tracker.journal.share(shared.id)
    tracker.vault.change_passphrase(code, f"{word} another")
    practice.talk(side)
    other_side = practice.join(other)
    practice.talk(other_side)
    other.vault.unlock(f"{word} another")
    other.journal.edit(entry.id, text=f"{word} on the other")
    practice.talk(other_side)
    sent = [codec.decode_up(frame) for frame in practice.frames]
    frames = [frame.items if isinstance(frame, Pushes) else [frame] for frame in sent]
    pushes = [push for frame in frames for push in frame if isinstance(push, Push)]
    assert {frame.stream for frame in pushes} == {practice.stream, practice.vault}
    for frame in pushes:
        if frame.stream == practice.vault:
            for blob in frame.changes:
                with pytest.raises(DocumentError):
                    read_change(blob)
            continue
        assert frame.document == tracker.journal.get(shared.id).id
        document = Document.new(bytes(16))
        for change in frame.changes:
            document.apply([change])
            assert journal.read(document).text == "shared"
    assert any(isinstance(frame, Erase) and frame.document == shared.id for frame in sent)
    with replica_of(tracker).reading() as store:
        (key,) = vault_keys.open_keys(store)
    for raw in practice.frames:
        assert word.encode() not in raw
        assert key.key not in raw


def test_the_wrong_passphrase_changes_nothing(
    tracker: Tracker, side: Exchange, other: Tracker, practice: Practice
) -> None:
    with pytest.raises(VaultLocked, match="Sync first") as none:
        tracker.vault.unlock(PASSPHRASE)
    assert none.value.code == "no_vault"
    code = tracker.vault.create(PASSPHRASE)
    tracker.journal.write("private")
    practice.talk(side)
    practice.talk(practice.join(other))
    for wrong in ("wrong horse", "x", "", code[:-1] + ("0" if code[-1] != "0" else "1")):
        with pytest.raises(WrongPassphrase, match="neither"):
            other.vault.unlock(wrong)
        with pytest.raises(WrongPassphrase):
            other.vault.change_passphrase(wrong, "another one")
    assert other.vault.status() == VaultStatus("locked", 1, 0)
    with pytest.raises(VaultExists):
        other.vault.create("my own vault")
    other.vault.unlock(code.lower().replace("-", " "))
    assert texts(other) == {"private"}


def test_a_second_vault_is_not_made_where_one_is_on_its_way(
    tracker: Tracker, side: Exchange, other: Tracker, practice: Practice
) -> None:
    tracker.vault.create(PASSPHRASE)
    practice.talk(side)
    other_side = practice.join(other)
    with pytest.raises(VaultExists, match="Sync, then unlock"):
        other.vault.create(PASSPHRASE)
    practice.talk(other_side)
    with pytest.raises(VaultExists, match="Unlock it"):
        other.vault.create(PASSPHRASE)
    other.vault.unlock(PASSPHRASE)


def test_it_stays_open_through_a_restart(
    tracker: Tracker, side: Exchange, practice: Practice, open_tracker: OpenTracker
) -> None:
    tracker.vault.create(PASSPHRASE)
    entry = tracker.journal.write("private")
    (key, first) = side.outgoing(frozenset(), 10, 2**20)
    tracker.close()
    again = open_tracker("tracker")
    assert again.vault.status() == OPEN
    assert practice.join(again).outgoing(frozenset(), 10, 2**20) == [key, first]
    assert (key.kind, first.document) == ("vault_key", entry.id)


def test_locked_it_keeps_what_is_here_and_seals_nothing(
    tracker: Tracker, side: Exchange, other: Tracker, practice: Practice
) -> None:
    tracker.vault.create(PASSPHRASE)
    entry = tracker.journal.write("private")
    tracker.symptoms.log({"worry": 1})
    practice.talk(side)
    other_side = practice.join(other)
    practice.talk(other_side)
    other.vault.unlock(PASSPHRASE)
    rows = len(practice.vault_rows)
    tracker.vault.lock()
    with replica_of(tracker).reading() as store:
        assert vault_keys.open_keys(store) == []
    assert tracker.vault.status().state == "locked"
    tracker.journal.edit(entry.id, text="edited while locked")
    tracker.journal.write("written while locked")
    tracker.symptoms.log({"worry": 2})
    other.journal.edit(entry.id, mood=7)
    practice.sync(side, other_side)
    assert len(practice.vault_rows) == rows + 1
    assert tracker.vault.status().waiting == 1
    assert tracker.journal.get(entry.id).mood is None
    assert texts(tracker) == {"edited while locked", "written while locked"}
    tracker.vault.unlock(PASSPHRASE)
    practice.sync(side, other_side)
    for device in (tracker, other):
        assert texts(device) == {"edited while locked", "written while locked"}
        assert device.journal.get(entry.id).mood == 7
        assert {log.values["worry"] for log in device.symptoms.logs()} == {1, 2}
        assert device.vault.status() == OPEN
