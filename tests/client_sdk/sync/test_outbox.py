"""The outbox: everything written to be shared, until the server has confirmed or refused it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from tests.client_sdk.practice import Practice, SettableClock, exchange, replica_of

from intersession import Entry, NotFound, Tracker
from intersession.protocol.outgoing import Outgoing
from intersession.protocol.session import Settle
from intersession.sync import outbox
from intersession.sync.exchange import Exchange
from intersession_schemas.changes import read_change


@pytest.fixture
def side(tracker: Tracker, practice: Practice, pair: Callable[[Tracker], None]) -> Exchange:
    """The network side of a tracker that shares everything."""
    pair(tracker)
    return practice.join(tracker)


def waiting(side: Exchange, limit: int = 100, limit_bytes: int = 2**20) -> list[Outgoing]:
    return side.outgoing(frozenset(), limit, limit_bytes)


def test_what_is_written_waits_oldest_first_one_item_a_document(tracker: Tracker, side: Exchange) -> None:
    first, second = tracker.journal.write("one"), tracker.journal.write("two")
    tracker.journal.edit(first.id, text="one more")
    items = waiting(side)
    assert [item.document for item in items] == [first.id, second.id]
    assert [len(item.changes) for item in items] == [2, 1]
    for item in items:
        assert item.hashes == tuple(read_change(change).hash for change in item.changes)
        assert item.kind == "journal_entry"


def test_limits_and_exclusions(tracker: Tracker, side: Exchange) -> None:
    ids = [tracker.journal.write(f"entry {n} " + str(uuid4()) * 20).id for n in range(5)]
    sizes = [sum(map(len, item.changes)) for item in waiting(side)]
    assert [item.document for item in waiting(side, limit=2)] == ids[:2]
    assert [item.document for item in waiting(side, limit_bytes=sizes[0] + sizes[1])] == ids[:2]
    assert [item.document for item in waiting(side, limit_bytes=sizes[0] + sizes[1] + 1)] == ids[:2]
    assert [item.document for item in waiting(side, limit_bytes=1)] == ids[:1]
    assert [item.document for item in side.outgoing(frozenset(ids[:3]), 100, 2**20)] == ids[3:]
    assert side.outgoing(frozenset(ids), 100, 2**20) == []


def test_a_document_with_more_than_fits_is_sent_in_order(tracker: Tracker, side: Exchange, practice: Practice) -> None:
    entry = tracker.journal.write("x")
    for n in range(20):
        tracker.journal.edit(entry.id, text=str(uuid4()) * n)
    rounds = 0
    while items := waiting(side, limit_bytes=500):
        rounds += 1
        for item in items:
            for change in item.changes:
                practice.append(item.document, item.kind, change)
            side.settle([Settle(item.document, item.hashes)])
    assert rounds > 3
    assert practice.head == 21


def test_what_stays_on_this_device_never_waits(tracker: Tracker, side: Exchange) -> None:
    tracker.journal.write("x", shared=False)
    tracker.symptoms.log({"worry": 1}, shared=False)
    assert waiting(side) == []
    assert tracker.status().pending == 0


def test_settling_is_for_those_changes_only(tracker: Tracker, side: Exchange) -> None:
    entry = tracker.journal.write("one")
    (before,) = waiting(side)
    tracker.journal.edit(entry.id, text="two")
    side.settle([Settle(before.document, before.hashes)])
    (after,) = waiting(side)
    assert set(after.hashes).isdisjoint(before.hashes)
    side.settle([Settle(before.document, before.hashes)])
    side.settle([Settle(uuid4(), before.hashes)])
    assert waiting(side) == [after]


def test_what_waits_survives_reopening(
    tracker: Tracker, side: Exchange, open_tracker: Callable[[str], Tracker]
) -> None:
    tracker.journal.write("one")
    before = waiting(side)
    tracker.close()
    assert waiting(exchange(open_tracker("tracker"))) == before


def test_a_page_that_brings_a_change_back_settles_it(tracker: Tracker, side: Exchange, practice: Practice) -> None:
    """The connection broke before `accepted` came, but the server had taken it."""
    tracker.journal.write("one")
    for item in waiting(side):
        for change in item.changes:
            practice.append(item.document, item.kind, change)
    assert practice.give(side) == 0
    assert waiting(side) == []


def test_everything_of_a_document_can_be_sent_again(tracker: Tracker, side: Exchange, practice: Practice) -> None:
    entry = tracker.journal.write("one")
    tracker.journal.edit(entry.id, text="two")
    practice.take(side)
    practice.give(side)
    tracker.journal.edit(entry.id, text="three")
    sent = [row.hash for row in practice.rows]
    side.resend(entry.id)
    (item,) = waiting(side)
    assert list(item.hashes[:2]) == sent
    assert len(item.hashes) == 3
    side.settle([Settle(item.document, item.hashes)])
    assert waiting(side) == []
    side.resend(uuid4())


def test_what_was_accepted_and_has_not_come_back_is_sent_again_by_the_next_connection(
    tracker: Tracker, side: Exchange, practice: Practice
) -> None:
    """The server may have been put back to before it was accepted, and nothing that this device has read tells so."""
    entry = tracker.journal.write("one")
    practice.take(side)
    practice.give(side)
    tracker.journal.edit(entry.id, text="two")
    other = tracker.journal.write("another")
    items = waiting(side)
    side.settle([Settle(item.document, item.hashes) for item in items])
    assert waiting(side) == []
    side.join(practice.welcome())
    assert waiting(side) == items
    assert {item.document for item in items} == {entry.id, other.id}
    practice.take(side)
    practice.give(side)
    side.join(practice.welcome())
    assert waiting(side) == []


def test_an_erasure_that_was_confirmed_and_has_not_come_back_is_asked_for_again_by_the_next_connection(
    tracker: Tracker, side: Exchange, practice: Practice
) -> None:
    """What was withdrawn would be there again, on a server that was put back and on all other devices."""
    entry = tracker.journal.write("one")
    practice.take(side)
    practice.give(side)
    tracker.journal.withdraw(entry.id)
    (asked,) = waiting(side)
    assert asked.erase
    side.settle_erasure(entry.id, practice.head + 1, False, ())
    assert waiting(side) == []
    side.join(practice.welcome())
    assert waiting(side) == [asked]
    practice.erase(entry.id)
    side.settle_erasure(entry.id, practice.head, False, ())
    practice.give(side)
    side.join(practice.welcome())
    assert waiting(side) == []


# -- refusals ----------------------------------------------------------------------------------------------------------


def refuse(side: Exchange, item: Outgoing, *hashes: bytes) -> None:
    side.refuse(item.document, hashes or item.hashes, "too_large", "Too large. Split it.")


def test_a_refused_entry_leaves_and_is_kept_as_text(
    tracker: Tracker, side: Exchange, clock: SettableClock, practice: Practice
) -> None:
    entry = tracker.journal.write("what I wrote", sections={"Why?": "Because."}, mood=3, tags=["a"])
    other = tracker.journal.write("another")
    (item, _) = waiting(side)
    refuse(side, item)
    (refusal,) = tracker.status().refusals
    assert (refusal.document, refusal.kind, refusal.code) == (entry.id, "journal_entry", "too_large")
    assert (refusal.message, refusal.at) == ("Too large. Split it.", clock.now)
    assert refusal.text == "what I wrote\n\nWhy?\nBecause.\n\nmood 3\n\ntags a"
    with pytest.raises(NotFound):
        tracker.journal.get(entry.id)
    assert tracker.journal.entries() == [other]
    assert not tracker.journal.search("wrote").entries
    assert practice.take(side) == 1
    assert tracker.status().pending == 0


def test_a_refused_edit_leaves_and_the_entry_stays(tracker: Tracker, side: Exchange, practice: Practice) -> None:
    entry = tracker.journal.write("one")
    practice.sync(side)
    tracker.journal.edit(entry.id, text="one two")
    (item,) = waiting(side)
    tracker.journal.edit(entry.id, text="one two three")
    refuse(side, item)
    assert tracker.journal.get(entry.id).text == "one"
    assert [refusal.text for refusal in tracker.status().refusals] == ["one two three"]
    assert waiting(side) == []
    assert tracker.journal.edit(entry.id, text="one again").text == "one again"
    assert practice.take(side) == 1
    numbers = [(read_change(row.change).actor, read_change(row.change).seq) for row in practice.rows]
    assert len(set(numbers)) == 2
    assert numbers[1][1] == 1, "the rebuilt document is written by a fresh actor"


def test_a_refused_edit_survives_a_crash_before_it_was_read(
    tracker: Tracker, side: Exchange, practice: Practice, open_tracker: Callable[[str], Tracker]
) -> None:
    entry = tracker.journal.write("one")
    practice.sync(side)
    tracker.journal.edit(entry.id, text="two")
    (item,) = waiting(side)
    with replica_of(tracker).reading() as store:
        outbox.refuse(store, item.document, item.hashes, "too_large", "")
    tracker.close()
    again = open_tracker("tracker")
    assert again.journal.get(entry.id).text == "one"
    assert [refusal.text for refusal in again.status().refusals] == ["two"]


def test_concurrent_edits_of_others_stay(
    tracker: Tracker, side: Exchange, practice: Practice, open_tracker: Callable[[str], Tracker]
) -> None:
    entry = tracker.journal.write("middle")
    practice.sync(side)
    other = open_tracker("other")
    other_side = practice.join(other)
    practice.give(other_side)
    other.journal.edit(entry.id, text="middle right")
    tracker.journal.edit(entry.id, text="left middle")
    (item,) = waiting(side)
    practice.sync(other_side)
    practice.give(side)
    assert tracker.journal.get(entry.id).text == "left middle right"
    refuse(side, item)
    assert tracker.journal.get(entry.id).text == "middle right"


def test_of_refused_symptom_logs_only_the_lost_ones_are_listed(
    tracker: Tracker, side: Exchange, practice: Practice
) -> None:
    tracker.symptoms.log({"worry": 1}, at=datetime(2026, 5, 1, 8, 0, tzinfo=UTC))
    practice.sync(side)
    tracker.symptoms.log({"worry": 2, "relax": 4}, at=datetime(2026, 5, 2, 8, 0, tzinfo=UTC), note="why")
    (item,) = waiting(side)
    refuse(side, item)
    assert [log.values for log in tracker.symptoms.logs()] == [{"worry": 1}]
    assert [one.text for one in tracker.status().refusals] == ["2026-05-02T08:00:00+00:00 worry=2 relax=4 why"]
    tracker.symptoms.log({"worry": 3})
    assert practice.take(side) == 1


def test_after_a_refused_bucket_new_logs_go_into_a_new_one(
    tracker: Tracker, side: Exchange, practice: Practice
) -> None:
    tracker.symptoms.log({"worry": 1})
    (item,) = waiting(side)
    refuse(side, item)
    log = tracker.symptoms.log({"worry": 2})
    assert tracker.symptoms.logs() == [log]
    assert practice.take(side) == 2


def test_refusing_what_the_log_already_holds_takes_nothing_away(
    tracker: Tracker, side: Exchange, practice: Practice
) -> None:
    entry = tracker.journal.write("one")
    practice.sync(side)
    side.resend(entry.id)
    (item,) = waiting(side)
    refuse(side, item)
    assert tracker.journal.get(entry.id).text == "one"
    assert waiting(side) == []
    assert tracker.status().refusals == ()
    side.refuse(uuid4(), item.hashes, "too_large", "")


def test_a_page_of_entries_while_one_is_refused(tracker: Tracker, side: Exchange) -> None:
    kept: list[Entry] = [tracker.journal.write(f"entry {n}") for n in range(5)]
    for item in waiting(side)[1:3]:
        refuse(side, item)
    assert tracker.journal.entries() == [kept[4], kept[3], kept[0]]
