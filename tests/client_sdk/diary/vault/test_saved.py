"""Private entries with a long history: saved on each device, sealed anew from what was saved."""

from __future__ import annotations

from tests.client_sdk.practice import Practice, exchange, replica_of

from intersession import Tracker
from intersession.documents import saved
from intersession.sync.exchange import Exchange

PASSPHRASE = "a passphrase that is long"
MANY = saved.MOST_CHANGES + 6


def kept(tracker: Tracker) -> list[bool]:
    """Of each change whether it has bytes of its own."""
    with replica_of(tracker).reading() as store:
        return [bool(one) for (one,) in store.all("SELECT data IS NOT NULL FROM changes ORDER BY position")]


def test_blobs_are_sealed_anew_from_what_was_saved(
    tracker: Tracker, side: Exchange, other: Tracker, practice: Practice
) -> None:
    tracker.vault.create(PASSPHRASE)
    entry = tracker.journal.write("word 0", shared=False)
    for number in range(1, 2 * MANY):
        tracker.journal.edit(entry.id, text=f"word {number}")
        practice.sync(side)
    assert False in kept(tracker)
    blobs = [row for row in practice.vault_rows if row.change and row.document == entry.id]
    assert len(blobs) < MANY, "they were sealed anew"
    there = practice.join(other)
    practice.give(there)
    other.vault.unlock(PASSPHRASE)
    assert other.journal.get(entry.id).text == f"word {2 * MANY - 1}"
    assert len(kept(other)) == len(kept(tracker)) == 2 * MANY
    assert other.journal.edit(entry.id, text="on there").text == "on there"
    practice.sync(exchange(other), side)
    assert tracker.journal.get(entry.id).text == "on there"


def test_what_the_server_does_not_hold_keeps_its_bytes(tracker: Tracker, side: Exchange, practice: Practice) -> None:
    tracker.vault.create(PASSPHRASE)
    entry = tracker.journal.write("word 0", shared=False)
    for number in range(1, MANY):
        tracker.journal.edit(entry.id, text=f"word {number}")
    practice.take(side)
    for number in range(3):
        tracker.journal.edit(entry.id, text=f"not sent {number}")
    practice.give(side)
    assert kept(tracker) == [False] * MANY + [True] * 3
    practice.sync(side)
    assert tracker.journal.get(entry.id).text == "not sent 2"
