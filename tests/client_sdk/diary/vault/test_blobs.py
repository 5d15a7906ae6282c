"""Sealed blobs: sent the same again, made fewer, cut to size; what cannot be opened stops nothing."""

from __future__ import annotations

import secrets
from uuid import uuid4

import pytest
from tests.client_sdk.conftest import OpenTracker
from tests.client_sdk.diary.vault.contents import PASSPHRASE, blobs, texts
from tests.client_sdk.practice import Practice, replica_of

from intersession import Tracker
from intersession.documents import sealed
from intersession.models.private import VaultStatus
from intersession.protocol.outgoing import cut
from intersession.sealing import sealing, vault_keys
from intersession.sync.exchange import Exchange
from intersession_schemas.messages import Push


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


def test_what_another_device_wrote_meanwhile_is_kept(
    tracker: Tracker, side: Exchange, other: Tracker, practice: Practice
) -> None:
    tracker.vault.create(PASSPHRASE)
    seen = tracker.journal.write("one")
    there = practice.join(other)
    practice.sync(side, there)
    other.vault.unlock(PASSPHRASE)
    other.journal.edit(seen.id, text="one two")
    practice.sync(there, side)
    assert tracker.journal.get(seen.id).text == "one two"
    assert tracker.journal.edit(seen.id, text="zero one", based_on=seen).text == "zero one two"
    practice.sync(side, there)
    assert other.journal.get(seen.id) == tracker.journal.get(seen.id)


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
