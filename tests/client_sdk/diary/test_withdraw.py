"""Withdrawing what was shared: gone here at once, from the practice with the next contact, and never back."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from tests.client_sdk.practice import NOON, Practice, SettableClock, replica_of

from intersession import Caseload, Change, DraftAnswer, InvalidField, NotFound, Tracker
from intersession.documents import stored
from intersession.store.store import Store
from intersession.sync.exchange import Exchange
from intersession_schemas.streams import Role

Pair = Callable[..., None]
OpenTracker = Callable[[str], Tracker]


@pytest.fixture
def side(tracker: Tracker, practice: Practice, pair: Pair) -> Exchange:
    """The network side of a tracker that shares everything."""
    pair(tracker)
    return practice.join(tracker)


def content_of(folder: Path, name: str) -> bytes:
    """All bytes of a store: the file with its free pages, and what lies beside it."""
    return b"".join(path.read_bytes() for path in folder.glob(f"{name}.db*"))


def planted() -> str:
    """A word that no compression hides."""
    return secrets.token_hex(12)


def test_it_is_gone_here_at_once_without_a_network(tracker: Tracker, side: Exchange, clock: SettableClock) -> None:
    kept, entry = tracker.journal.write("kept"), tracker.journal.write("withdrawn")
    clock.forward(hours=1)
    asked = tracker.journal.withdraw(entry.id)
    assert (asked.id, asked.asked_at, asked.state, asked.read_at) == (entry.id, clock.now, "waiting", ())
    assert tracker.journal.entries() == [kept]
    assert not tracker.journal.search("taken").entries
    for call in (tracker.journal.get, tracker.journal.share, lambda gone: tracker.journal.edit(gone, text="x")):
        with pytest.raises(NotFound):
            call(entry.id)
    assert tracker.journal.withdrawals() == [asked]
    assert tracker.journal.withdrawal(entry.id) == asked
    assert tracker.journal.withdraw(entry.id) == asked


def test_the_practice_drops_it_and_answers(
    tracker: Tracker, caseload: Caseload, side: Exchange, practice: Practice, clock: SettableClock
) -> None:
    entry = tracker.journal.write("withdrawn")
    practice.talk(side)
    team = practice.join(caseload, Role.PRIMARY)
    practice.give(team)
    client = caseload.client(practice.client)
    assert [each.text for each in client.entries()] == ["withdrawn"]
    tracker.journal.withdraw(entry.id)
    assert (tracker.status().pending, tracker.status().oldest_pending) == (1, NOON)
    practice.read_at = [NOON + timedelta(minutes=1), NOON + timedelta(minutes=5)]
    clock.forward(days=1)
    heard: list[Change] = []
    tracker.on_change(heard.append)
    assert practice.talk(side).caught_up
    assert Change((entry.id,), "sync") in heard
    done = tracker.journal.withdrawal(entry.id)
    assert (done.state, done.read_at, done.asked_at) == ("erased", tuple(practice.read_at), NOON)
    assert tracker.status().pending == 0
    practice.give(team)
    assert client.entries() == []
    assert practice.talk(side).caught_up
    assert side.outgoing(frozenset(), 10, 1000) == []


def test_what_the_practice_must_keep_is_said(tracker: Tracker, side: Exchange, practice: Practice) -> None:
    entry = tracker.journal.write("x")
    practice.talk(side)
    practice.keeps = True
    tracker.journal.withdraw(entry.id)
    practice.talk(side)
    assert tracker.journal.withdrawal(entry.id).state == "kept"


def test_newest_first(tracker: Tracker, side: Exchange, clock: SettableClock) -> None:
    ids = [tracker.journal.write(f"entry {n}").id for n in range(3)]
    for id in ids:
        clock.forward(minutes=1)
        tracker.journal.withdraw(id)
    assert [one.id for one in tracker.journal.withdrawals()] == ids[::-1]


def test_what_nobody_else_has_is_not_withdrawn(tracker: Tracker, side: Exchange) -> None:
    entry = tracker.journal.write("x", shared=False)
    with pytest.raises(InvalidField, match="already private"):
        tracker.journal.withdraw(entry.id)
    with pytest.raises(NotFound):
        tracker.journal.withdraw(uuid4())
    with pytest.raises(NotFound):
        tracker.journal.withdrawal(entry.id)
    with pytest.raises(InvalidField, match="UUID"):
        tracker.journal.withdraw("x")  # type: ignore[arg-type]
    assert tracker.journal.entries() == [entry]


def test_meant_to_be_shared_and_never_sent_is_gone_at_once(tracker: Tracker, practice: Practice, pair: Pair) -> None:
    entry = tracker.journal.write("x", shared=True)
    done = tracker.journal.withdraw(entry.id)
    assert (done.state, tracker.journal.withdrawals(), tracker.status().pending) == ("erased", [done], 0)
    pair(tracker)
    practice.talk(practice.join(tracker))
    assert practice.head == 0
    assert tracker.journal.entries() == []


def test_of_a_shared_copy_by_the_old_id(tracker: Tracker, side: Exchange) -> None:
    entry = tracker.journal.write("x", shared=False)
    copy = tracker.journal.share(entry.id)
    done = tracker.journal.withdraw(entry.id)
    assert done.id == copy.id
    assert tracker.journal.withdrawal(entry.id) == tracker.journal.withdrawal(copy.id) == done


def test_written_and_withdrawn_before_the_first_contact(tracker: Tracker, side: Exchange, practice: Practice) -> None:
    entry = tracker.journal.write("never seen")
    tracker.journal.withdraw(entry.id)
    practice.talk(side)
    assert [(row.document, row.change) for row in practice.rows] == [(entry.id, b"")]
    assert tracker.journal.withdrawal(entry.id).state == "erased"


def test_it_waits_for_a_push_that_is_under_way(tracker: Tracker, side: Exchange, practice: Practice) -> None:
    entry = tracker.journal.write("on its way")
    (item,) = side.outgoing(frozenset(), 10, 1000)
    tracker.journal.withdraw(entry.id)
    assert side.outgoing(frozenset([entry.id]), 10, 1000) == []
    practice.accept(side, item)
    assert tracker.journal.entries() == []
    (erasure,) = side.outgoing(frozenset(), 10, 1000)
    assert (erasure.document, erasure.erase, erasure.changes) == (entry.id, True, ())
    practice.talk(side)
    assert {row.change for row in practice.rows} == {b""}


def test_the_bytes_are_gone_from_the_store(
    tracker: Tracker, side: Exchange, practice: Practice, tmp_path: Path
) -> None:
    word = planted()
    entry = tracker.journal.write(f"before {word} after", tags=["tagged"])
    for n in range(20):
        tracker.journal.write(f"another {n}")
    practice.talk(side)
    tracker.journal.edit(entry.id, text=f"{word} edited {word[::-1]}")
    assert word.encode() in content_of(tmp_path, "tracker")
    tracker.journal.withdraw(entry.id)
    assert word.encode() not in content_of(tmp_path, "tracker")
    practice.talk(side)
    tracker.close()
    left = content_of(tmp_path, "tracker")
    assert word.encode() not in left
    assert word[::-1].encode() not in left


def test_a_withdrawal_waits_through_a_restart(
    tracker: Tracker, side: Exchange, practice: Practice, open_tracker: OpenTracker
) -> None:
    entry = tracker.journal.write("x")
    practice.talk(side)
    tracker.journal.withdraw(entry.id)
    tracker.close()
    again = open_tracker("tracker")
    assert again.journal.withdrawal(entry.id).state == "waiting"
    practice.talk(practice.join(again))
    assert again.journal.withdrawal(entry.id).state == "erased"


def test_a_lost_answer_is_asked_for_again(tracker: Tracker, side: Exchange, practice: Practice) -> None:
    entry = tracker.journal.write("x")
    practice.talk(side)
    tracker.journal.withdraw(entry.id)
    practice.erase(entry.id)
    practice.read_at = [NOON]
    practice.give(side)
    assert tracker.journal.withdrawal(entry.id).state == "waiting"
    practice.talk(side)
    assert tracker.journal.withdrawal(entry.id).read_at == (NOON,)
    assert len(practice.rows) == 2


def test_an_erasure_that_will_not_be_done_is_said(tracker: Tracker, side: Exchange) -> None:
    entry = tracker.journal.write("secret words")
    tracker.journal.withdraw(entry.id)
    side.refuse(entry.id, (), "not_writer", "This role may not.")
    assert tracker.journal.withdrawal(entry.id).state == "refused"
    (refusal,) = tracker.status().refusals
    assert (refusal.code, refusal.text) == ("not_writer", "")
    assert tracker.status().pending == 0
    assert side.outgoing(frozenset(), 10, 1000) == []
    side.refuse(entry.id, (), "not_writer", "This role may not.")
    assert len(tracker.status().refusals) == 1


# -- other devices -----------------------------------------------------------------------------------------------------


@pytest.fixture
def stale(
    tracker: Tracker, side: Exchange, practice: Practice, open_tracker: OpenTracker
) -> tuple[Tracker, Exchange, UUID]:
    """Another device that holds an entry which is withdrawn on the first, and has edited it meanwhile."""
    entry = tracker.journal.write("both have it")
    practice.talk(side)
    other = open_tracker("other")
    other_side = practice.join(other)
    practice.talk(other_side)
    tracker.journal.withdraw(entry.id)
    practice.talk(side)
    other.journal.edit(entry.id, text="both have it, and unsent words")
    return other, other_side, entry.id


@pytest.mark.parametrize("first", ["row", "refusal"])
def test_an_edit_that_came_too_late_is_noted_once_and_not_kept(
    stale: tuple[Tracker, Exchange, UUID], practice: Practice, first: str, tmp_path: Path
) -> None:
    other, other_side, id = stale
    (item,) = other_side.outgoing(frozenset(), 10, 1000)
    if first == "row":
        practice.give(other_side)
    practice.accept(other_side, item)
    practice.give(other_side)
    practice.talk(other_side)
    (refusal,) = other.status().refusals
    assert (refusal.document, refusal.code, refusal.text) == (id, "erased", "")
    assert "withdrawn on another device" in refusal.message
    assert other.journal.entries() == []
    assert other.status().pending == 0
    with pytest.raises(NotFound):
        other.journal.edit(id, text="again")
    with pytest.raises(NotFound):
        other.journal.withdraw(id)
    other.close()
    assert b"unsent words" not in content_of(tmp_path, "other")
    assert {row.change for row in practice.rows if row.document == id} == {b""}


def test_without_an_edit_nothing_is_said(
    tracker: Tracker, side: Exchange, practice: Practice, open_tracker: OpenTracker
) -> None:
    entry = tracker.journal.write("x")
    practice.talk(side)
    other = open_tracker("other")
    other_side = practice.join(other)
    practice.talk(other_side)
    tracker.journal.withdraw(entry.id)
    practice.sync(side, other_side)
    assert (other.status().refusals, other.journal.entries(), other.journal.withdrawals()) == ((), [], [])


def test_both_devices_withdraw(
    stale: tuple[Tracker, Exchange, UUID], tracker: Tracker, side: Exchange, practice: Practice
) -> None:
    other, other_side, id = stale
    other.journal.withdraw(id)
    practice.talk(other_side)
    practice.talk(side)
    assert other.journal.withdrawal(id).state == tracker.journal.withdrawal(id).state == "erased"
    assert other.status().refusals == ()
    assert sum(row.document == id for row in practice.rows) == 2


def test_a_refused_edit_s_text_goes_with_the_entry(
    tracker: Tracker, side: Exchange, practice: Practice, tmp_path: Path
) -> None:
    word = planted()
    entry = tracker.journal.write("x")
    practice.talk(side)
    tracker.journal.edit(entry.id, text=f"x {word}")
    (item,) = side.outgoing(frozenset(), 10, 1000)
    side.refuse(entry.id, item.hashes, "too_large", "Too large.")
    assert word in tracker.status().refusals[0].text
    tracker.journal.withdraw(entry.id)
    assert tracker.status().refusals == ()
    tracker.close()
    assert word.encode() not in content_of(tmp_path, "tracker")


def test_what_a_crash_left_in_the_write_ahead_log_is_gone_when_the_store_is_opened_again(
    tracker: Tracker, side: Exchange, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = planted()
    entry = tracker.journal.write(word)
    monkeypatch.setattr(Store, "truncate_log", lambda _: None)  # as if the process died right after the transaction
    tracker.journal.withdraw(entry.id)
    for suffix in ("", "-wal"):
        shutil.copyfile(tmp_path / f"tracker.db{suffix}", tmp_path / f"left.db{suffix}")
    assert word.encode() in content_of(tmp_path, "left")
    monkeypatch.undo()
    with Tracker.open(tmp_path / "left.db"):
        assert word.encode() not in content_of(tmp_path, "left")


def test_the_end_of_a_grant_clears_erasures(tracker: Tracker, side: Exchange, practice: Practice) -> None:
    entry = tracker.journal.write("x")
    practice.talk(side)
    tracker.journal.withdraw(entry.id)
    side.purge(practice.stream, practice.grant)
    assert tracker.journal.withdrawals() == []
    assert tracker.status().pending == 0
    with replica_of(tracker).reading() as store:
        assert stored.find(store, entry.id) is None


def test_a_log_that_had_arrived_outlives_the_withdrawal_of_another_one_by_a_device_that_did_not_know_it(
    tracker: Tracker, side: Exchange, practice: Practice, open_tracker: OpenTracker, pair: Pair
) -> None:
    other = open_tracker("other")
    pair(other)
    other_side = practice.join(other)
    first = tracker.symptoms.log({"worry": 1})
    practice.sync(side, other_side)
    arrived = practice.received_at
    known_to_one = tracker.symptoms.log({"worry": 2}, note="arrived")
    practice.sync(side)
    other.symptoms.withdraw(first.id)
    practice.received_at += timedelta(hours=1)
    for _ in range(3):
        practice.sync(other_side, side)
    for device in (tracker, other):
        (log,) = device.symptoms.logs()
        assert (log.id, log.note, log.arrived_at) == (known_to_one.id, "arrived", arrived)
        assert device.status().pending == 0


def test_what_was_withdrawn_before_any_server_had_it_does_not_come_back_from_a_copy_of_the_store(
    tracker: Tracker, practice: Practice, pair: Pair, open_tracker: OpenTracker, tmp_path: Path
) -> None:
    pair(tracker)
    entry = tracker.journal.write("withdrawn before the first sync", shared=True)
    tracker.close()
    shutil.copy(tmp_path / "tracker.db", tmp_path / "copy.db")
    tracker, copy = open_tracker("tracker"), open_tracker("copy")
    tracker.journal.withdraw(entry.id)
    side, copy_side = practice.join(tracker), practice.join(copy)
    practice.sync(copy_side)
    told: list[None] = []
    side.on_outbox(lambda: told.append(None))
    practice.give(side)
    assert tracker.journal.entries() == []
    assert (tracker.journal.withdrawal(entry.id).state, tracker.status().pending, told) == ("waiting", 1, [None])
    practice.sync(side, copy_side)
    assert copy.journal.entries() == tracker.journal.entries() == []
    assert tracker.journal.withdrawal(entry.id).state == "erased"


def test_forms_about_an_entry_that_is_withdrawn_go_with_it_on_every_device(
    tracker: Tracker, side: Exchange, practice: Practice, open_tracker: OpenTracker, tmp_path: Path
) -> None:
    word = planted()
    entry, other_entry = tracker.journal.write("withdrawn"), tracker.journal.write("kept")
    practice.talk(side)
    other = open_tracker("other")
    other_side = practice.join(other)
    practice.talk(other_side)
    for device in (tracker, other):
        device.drafts.keep(f"entry {entry.id}", "", [DraftAnswer("content", "", word)])
        device.drafts.keep(f"entry {other_entry.id}", "", [DraftAnswer("content", "", "begun")])
    tracker.journal.withdraw(entry.id)
    practice.sync(side, other_side)
    for device in (tracker, other):
        assert [one.name for one in device.drafts.list()] == [f"entry {other_entry.id}"]
        device.close()
    for name in ("tracker", "other"):
        assert word.encode() not in content_of(tmp_path, name)


def test_a_form_about_a_private_entry_outlives_its_being_shared_and_not_its_being_deleted(
    tracker: Tracker, side: Exchange
) -> None:
    shared, deleted = (tracker.journal.write(text, shared=False) for text in ("shared later", "deleted"))
    for entry in (shared, deleted):
        tracker.drafts.keep(f"entry {entry.id}", "", [DraftAnswer("content", "", "begun")])
    tracker.journal.share(shared.id)
    tracker.journal.delete(deleted.id)
    assert [one.name for one in tracker.drafts.list()] == [f"entry {shared.id}"]
