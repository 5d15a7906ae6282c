"""The vault: what is private reaches the client's own devices, and nobody else."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.client_sdk.practice import NOON, Practice, SettableClock, replica_of

from intersession import InvalidField, NotPaired, StoreFull, Tracker
from intersession.documents import sealed
from intersession.errors import VaultExists, VaultLocked, WrongPassphrase
from intersession.models.private import VaultStatus
from intersession.protocol.outgoing import cut
from intersession.replica import intake
from intersession.sealing import sealing, vault_keys
from intersession.sealing.sealing import Work
from intersession.sync.exchange import Exchange
from intersession_schemas import codec
from intersession_schemas.changes import read_change
from intersession_schemas.crdt import Document
from intersession_schemas.documents import journal
from intersession_schemas.errors import DocumentError
from intersession_schemas.messages import Erase, Push
from intersession_schemas.streams import Role

Pair = Callable[..., None]
OpenTracker = Callable[[str], Tracker]
PASSPHRASE = "correct horse"
OPEN = VaultStatus("open", 0, 0)


@pytest.fixture(autouse=True)
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id that costs a test nothing."""
    monkeypatch.setattr(sealing, "WORK", Work(memory=64, passes=1, lanes=1))


@pytest.fixture
def practice() -> Practice:
    return Practice(vault=True)


@pytest.fixture
def side(tracker: Tracker, practice: Practice, pair: Pair) -> Exchange:
    """The network side of a paired tracker that shares nothing unless asked to."""
    pair(tracker, share_by_default=False)
    return practice.join(tracker)


@pytest.fixture
def other(open_tracker: OpenTracker, pair: Pair) -> Tracker:
    """A second device of the same client, paired and not yet synced."""
    device = open_tracker("other")
    pair(device, share_by_default=False)
    return device


def texts(device: Tracker) -> set[str]:
    return {entry.text for entry in device.journal.entries()}


def blobs(practice: Practice, document: UUID) -> list[bytes]:
    """The blobs of a document that the server has."""
    return [row.change for row in practice.vault_rows if row.document == document and row.change]


# -- making, opening, locking ------------------------------------------------------------------------------------------


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
    pushes = [frame for frame in sent if isinstance(frame, Push)]
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


# -- passphrase and code -----------------------------------------------------------------------------------------------


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


# -- blobs -------------------------------------------------------------------------------------------------------------


def test_a_blob_is_sent_again_byte_for_byte(tracker: Tracker, side: Exchange, practice: Practice) -> None:
    tracker.vault.create(PASSPHRASE)
    entry = tracker.journal.write("one")
    first = side.outgoing(frozenset(), 10, 2**20)
    assert side.outgoing(frozenset(), 10, 2**20) == first
    for item in first:
        practice.answer(Push(0, item.stream, item.document, item.kind, list(item.changes)))
    practice.give(side)  # the confirmation was lost, the rows come
    assert side.outgoing(frozenset(), 10, 2**20) == []
    assert tracker.status().pending == 0
    tracker.journal.edit(entry.id, text="two")
    practice.take(side)
    assert len(blobs(practice, entry.id)) == 2
    side.resend(entry.id)
    (again,) = side.outgoing(frozenset(), 10, 2**20)
    assert list(again.changes) == blobs(practice, entry.id)
    assert practice.take(side) == 0


def test_limits_hold_for_blobs_too(tracker: Tracker, side: Exchange) -> None:
    tracker.vault.create(PASSPHRASE)
    ids = [tracker.journal.write(f"entry {n}").id for n in range(5)]
    tracker.journal.edit(ids[0], text="x")
    items = side.outgoing(frozenset(), 100, 2**20)
    assert [item.document for item in items[1:]] == ids
    assert [len(item.changes) for item in items] == [1, 2, 1, 1, 1, 1]
    assert side.outgoing(frozenset(), 3, 2**20) == items[:3]
    assert [item.document for item in side.outgoing(frozenset([ids[0]]), 3, 2**20)] == [
        items[0].document,
        ids[1],
        ids[2],
    ]
    assert side.outgoing(frozenset(), 100, 1) == items[:1]
    assert side.outgoing(frozenset(), 0, 1) == []
    shared = tracker.journal.write("shared", shared=True)
    assert [item.document for item in side.outgoing(frozenset(), 100, 1)] == [shared.id]


def test_many_blobs_become_one(
    tracker: Tracker,
    side: Exchange,
    other: Tracker,
    practice: Practice,
    open_tracker: OpenTracker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sealed, "MOST_BLOBS", 3)
    tracker.vault.create(PASSPHRASE)
    entry = tracker.journal.write("0")
    other_side = practice.join(other)
    for n in range(1, 4):
        practice.talk(side)
        tracker.journal.edit(entry.id, text=str(n))
    practice.talk(side)
    assert len(blobs(practice, entry.id)) == 4
    practice.talk(other_side)
    other.vault.unlock(PASSPHRASE)
    other.journal.edit(entry.id, mood=5)
    (concurrent,) = other_side.outgoing(frozenset(), 10, 2**20)
    assert len(concurrent.replaces) == 4
    tracker.journal.edit(entry.id, text="4")
    (compact,) = side.outgoing(frozenset(), 10, 2**20)
    assert list(compact.replaces) == [row.hash for row in practice.vault_rows if row.document == entry.id]
    tracker.journal.edit(entry.id, text="5")
    (compact,) = side.outgoing(frozenset(), 10, 2**20)
    assert len(compact.changes) == 2, "one compaction at a time"
    practice.sync(side, other_side)
    practice.sync(side, other_side)
    assert len(blobs(practice, entry.id)) == 3, "what the other device wrote meanwhile was not named"
    for device in (tracker, other):
        assert (device.journal.get(entry.id).text, device.journal.get(entry.id).mood) == ("5", 5)
        with replica_of(device).reading() as store:
            assert store.number("SELECT count(*) FROM sealed WHERE accepted AND state = 'open'") == 3 + 1
    new = open_tracker("new")
    practice.talk(practice.join(new))
    new.vault.unlock(PASSPHRASE)
    assert (new.journal.get(entry.id).text, new.journal.get(entry.id).mood) == ("5", 5)


def test_what_is_sent_again_is_not_replaced_in_the_same_breath(
    tracker: Tracker, side: Exchange, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealed, "MOST_BLOBS", 1)
    tracker.vault.create(PASSPHRASE)
    entry = tracker.journal.write("0")
    practice.talk(side)
    tracker.journal.edit(entry.id, text="1")
    practice.talk(side)
    tracker.journal.edit(entry.id, text="2")
    side.resend(entry.id)
    (item,) = side.outgoing(frozenset(), 10, 2**20)
    assert (len(item.changes), item.replaces) == (3, ())


def test_blobs_that_were_not_read_are_never_replaced(
    tracker: Tracker, side: Exchange, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealed, "MOST_BLOBS", 1)
    tracker.vault.create(PASSPHRASE)
    entry = tracker.journal.write("0")
    practice.talk(side)
    tracker.journal.edit(entry.id, text="1")
    practice.append_blob(entry.id, "journal_entry", b"from an app of tomorrow, or damaged")
    practice.talk(side)
    assert tracker.vault.status() == VaultStatus("open", 0, 1)
    tracker.journal.edit(entry.id, text="2")
    (item,) = side.outgoing(frozenset(), 10, 2**20)
    unread = next(row.hash for row in practice.vault_rows if row.change.startswith(b"from"))
    assert len(item.replaces) == 2
    assert unread not in item.replaces


def test_a_large_document_is_sealed_in_portions(
    tracker: Tracker, side: Exchange, other: Tracker, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealed, "PORTION", 500)
    entry = tracker.journal.write("x")
    for n in range(10):
        tracker.journal.edit(entry.id, text=str(uuid4()) * n)
    tracker.vault.create(PASSPHRASE)
    practice.talk(side)
    assert len(blobs(practice, entry.id)) > 3
    practice.talk(practice.join(other))
    other.vault.unlock(PASSPHRASE)
    assert other.journal.get(entry.id).text == tracker.journal.get(entry.id).text


def test_blobs_go_to_a_server_that_takes_the_smallest_frames(
    tracker: Tracker, side: Exchange, other: Tracker, practice: Practice
) -> None:
    entry = tracker.journal.write("x")
    for _ in range(5):
        tracker.journal.edit(entry.id, text=secrets.token_urlsafe(13_000))
    tracker.vault.create(PASSPHRASE)
    while items := side.outgoing(frozenset(), 10, 2**19):
        for item in items:
            fits = cut(item, 64 * 1024)
            assert fits is not None, [len(change) for change in item.changes]
            practice.accept(side, fits)
    assert sum(map(len, blobs(practice, entry.id))) > 64 * 1024
    practice.talk(practice.join(other))
    other.vault.unlock(PASSPHRASE)
    assert other.journal.get(entry.id).text == tracker.journal.get(entry.id).text


def test_a_document_of_many_portions_is_not_sealed_anew_with_every_edit(
    tracker: Tracker, side: Exchange, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealed, "PORTION", 500)
    monkeypatch.setattr(sealed, "MOST_BLOBS", 3)
    entry = tracker.journal.write("x")
    for n in range(20):
        tracker.journal.edit(entry.id, text=str(uuid4()) * n)
    tracker.vault.create(PASSPHRASE)
    practice.talk(side)
    assert len(blobs(practice, entry.id)) > 2 * 3
    tracker.journal.edit(entry.id, mood=5)
    (item,) = side.outgoing(frozenset(), 10, 2**20)
    assert (len(item.changes), item.replaces) == (1, ())


@pytest.mark.parametrize("place", ["document", "key", "nothing"])
def test_what_cannot_be_opened_is_counted_and_stops_nothing(
    tracker: Tracker, side: Exchange, practice: Practice, place: str
) -> None:
    tracker.vault.create(PASSPHRASE)
    entry = tracker.journal.write("private")
    practice.talk(side)
    (blob,) = blobs(practice, entry.id)
    document, bad = {
        "document": (uuid4(), blob),
        "key": (entry.id, blob[:1] + bytes(16) + blob[17:]),
        "nothing": (entry.id, b"nonsense"),
    }[place]
    practice.append_blob(document, "journal_entry", bad)
    practice.talk(side)
    assert tracker.vault.status() == VaultStatus("open", place == "key", place != "key")
    assert texts(tracker) == {"private"}
    later = tracker.journal.edit(entry.id, text="later")
    practice.talk(side)
    assert tracker.journal.entries()[0].text == later.text


def test_a_blob_damaged_on_the_way_is_a_problem(tracker: Tracker, side: Exchange, practice: Practice) -> None:
    import msgspec

    tracker.vault.create(PASSPHRASE)
    practice.talk(side)
    practice.append_blob(uuid4(), "journal_entry", b"blob")
    practice.vault_rows[-1] = msgspec.structs.replace(practice.vault_rows[-1], change=b"blot")
    assert practice.talk(side).caught_up
    assert tracker.status().problems == 1


def test_a_refused_blob_stays_here_and_goes_with_the_next_edit(
    tracker: Tracker, side: Exchange, practice: Practice
) -> None:
    tracker.vault.create(PASSPHRASE)
    practice.talk(side)
    entry = tracker.journal.write("private")
    (item,) = side.outgoing(frozenset(), 10, 2**20)
    side.refuse(item.document, item.hashes, "too_large", "Too large.")
    assert texts(tracker) == {"private"}
    (refusal,) = tracker.status().refusals
    assert (refusal.code, refusal.text) == ("too_large", "")
    assert tracker.status().pending == 0
    tracker.journal.edit(entry.id, text="private, edited")
    (item,) = side.outgoing(frozenset(), 10, 2**20)
    with replica_of(tracker).reading() as store:
        (key,) = vault_keys.open_keys(store)
    assert len(sealing.open_blob(key, practice.vault, entry.id, item.changes[0]).changes) == 2
    practice.take(side)
    side.refuse(item.document, item.hashes, "too_large", "of what is in the log")
    assert len(tracker.status().refusals) == 1


# -- sharing -----------------------------------------------------------------------------------------------------------


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


# -- what may go wrong -------------------------------------------------------------------------------------------------


def test_taking_in_goes_on_where_a_full_disk_cut_it_short(
    tracker: Tracker, side: Exchange, practice: Practice, open_tracker: OpenTracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "AT_ONCE", 10)
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


# -- a stolen device ---------------------------------------------------------------------------------------------------


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
        with replica_of(other).writing():
            store, documents = replica_of(other).store, replica_of(other).documents
            (position,) = store.one("SELECT position FROM documents WHERE kind = ?", kind) or (0,)

            def raw(document: Document) -> list[bytes]:
                with document.edit() as edit:
                    edit.delete(key) if value is None else edit.put(key, value)
                assert edit.change is not None
                return [edit.change]

            documents.edit(position, raw)

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
