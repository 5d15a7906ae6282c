"""What is shared and what stays: before pairing, at pairing, after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.client_sdk.practice import NOON, Practice

from intersession import StoreFull, Tracker
from intersession.documents.long_prose import copy_entry
from intersession_schemas.crdt import Document
from intersession_schemas.documents.diary import journal

Pair = Callable[..., None]


def shared_texts(practice: Practice) -> set[str]:
    """The entries that the practice holds."""
    by_document: dict[Any, list[bytes]] = {}
    for row in practice.rows:
        if row.kind == "journal_entry":
            by_document.setdefault(row.document, []).append(row.change)
    return {journal.read(Document.load(b"".join(changes), bytes(16))).text for changes in by_document.values()}


def everything_sent(practice: Practice) -> str:
    """All texts that any change sent ever held, also those deleted again."""
    texts = []
    for row in practice.rows:
        document = Document.new(bytes(16))
        for other in practice.rows[: row.seq]:
            if other.document == row.document:
                document.apply([other.change])
        texts.append(journal.read(document).text)
    return "\n".join(texts)


def test_before_pairing_nothing_is_shared_unless_asked_for(tracker: Tracker) -> None:
    assert not tracker.journal.write("x").shared
    assert not tracker.journal.write("x", shared=False).shared
    assert tracker.journal.write("x", shared=True).shared
    assert tracker.symptoms.log({"worry": 1}, shared=True).shared


@pytest.mark.parametrize("share_by_default", [True, False])
def test_the_default_chosen_at_pairing_holds_from_then_on(
    tracker: Tracker, practice: Practice, pair: Pair, share_by_default: bool
) -> None:
    for text, shared in (("before", None), ("wished before", True), ("kept before", False)):
        tracker.journal.write(text, shared=shared)
    pair(tracker, share_by_default=share_by_default)
    for text, shared in (("default", None), ("wished", True), ("kept", False)):
        tracker.journal.write(text, shared=shared)
    side = practice.join(tracker)
    for text, shared in (("default later", None), ("wished later", True), ("kept later", False)):
        tracker.journal.write(text, shared=shared)
    practice.take(side)
    expected = {"wished before", "wished", "wished later"}
    if share_by_default:
        expected |= {"default", "default later"}
    assert shared_texts(practice) == expected
    assert {entry.text for entry in tracker.journal.entries() if entry.shared} == expected
    assert len(tracker.journal.entries()) == 9


def test_share_earlier_shares_what_was_undecided(tracker: Tracker, practice: Practice, pair: Pair) -> None:
    undecided, kept = tracker.journal.write("undecided"), tracker.journal.write("kept", shared=False)
    tracker.symptoms.log({"worry": 1}, key="k")
    pair(tracker, share_by_default=False, share_earlier=True)
    later = tracker.journal.write("later")
    practice.take(practice.join(tracker))
    assert shared_texts(practice) == {"undecided"}
    assert {row.kind for row in practice.rows} == {"journal_entry", "symptom_log"}
    copy = tracker.journal.get(undecided.id)
    assert (copy.text, copy.shared, copy.written_at, copy.entered_at) == ("undecided", True, NOON, NOON)
    assert copy.id != undecided.id
    assert [entry.id for entry in tracker.journal.entries()] == [later.id, copy.id, kept.id] or len(
        tracker.journal.entries()
    ) == 3
    (log,) = tracker.symptoms.logs()
    assert log.shared
    assert tracker.symptoms.log({"worry": 1}, key="k") == log


def test_share_earlier_of_many_documents(tracker: Tracker, practice: Practice, pair: Pair) -> None:
    ids = [tracker.journal.write(f"entry {n}").id for n in range(120)]
    for month in range(1, 13):
        tracker.symptoms.log({"worry": month}, at=datetime(2025, month, 5, tzinfo=UTC))
    pair(tracker, share_earlier=True)
    practice.take(practice.join(tracker))
    assert shared_texts(practice) == {f"entry {n}" for n in range(120)}
    assert [tracker.journal.get(id).text for id in ids] == [f"entry {n}" for n in range(120)]
    assert sorted(point.value for point in tracker.symptoms.series("worry")) == list(range(1, 13))


def test_share_earlier_goes_on_where_a_full_disk_cut_it_short(
    tracker: Tracker, pair: Pair, open_tracker: Callable[[str], Tracker], monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(120):
        tracker.journal.write(f"entry {n}")
    room = iter(range(80))

    def while_there_is_room(*given: Any) -> list[bytes]:
        if next(room, None) is None:
            raise StoreFull("full")
        return copy_entry(*given)

    monkeypatch.setattr("intersession.replica.sharing.copy_entry", while_there_is_room)
    with pytest.raises(StoreFull):
        pair(tracker, share_earlier=True)
    assert tracker.status().paired is not None
    entries = tracker.journal.entries()
    assert len(entries) == 120
    assert sum(entry.shared for entry in entries) == 50
    private = tracker.journal.write("private", shared=False)
    tracker.close()
    open_tracker("tracker").close()  # still no room: it opens all the same
    monkeypatch.undo()
    again = open_tracker("tracker")
    entries = again.journal.entries()
    assert len({entry.text for entry in entries}) == len(entries) == 121
    assert [entry.id for entry in entries if not entry.shared] == [private.id]


def test_sharing_an_entry_hands_over_its_present_text_only(tracker: Tracker, practice: Practice, pair: Pair) -> None:
    pair(tracker, share_by_default=False)
    side = practice.join(tracker)
    at = NOON - timedelta(days=3)
    entry = tracker.journal.write("I hate my boss. Slept badly.", mood=2, tags=["work"], sections={"Q": "A"}, at=at)
    tracker.journal.edit(entry.id, text="Slept badly.")
    copy = tracker.journal.share(entry.id)
    practice.take(side)
    assert shared_texts(practice) == {"Slept badly."}
    assert "boss" not in everything_sent(practice)
    assert (copy.text, copy.mood, copy.tags, copy.sections) == ("Slept badly.", 2, ("work",), entry.sections)
    assert (copy.written_at, copy.entered_at, copy.shared) == (at, NOON, True)
    assert tracker.journal.get(entry.id) == tracker.journal.get(copy.id) == copy
    assert tracker.journal.entries() == [copy]
    assert [hit.id for hit in tracker.journal.search("slept")] == [copy.id]
    assert not tracker.journal.search("boss").entries


def test_sharing_again_and_by_the_old_id_is_the_same(tracker: Tracker, practice: Practice, pair: Pair) -> None:
    entry = tracker.journal.write("x")
    before_pairing = tracker.journal.share(entry.id)
    pair(tracker, share_by_default=False)
    practice.take(practice.join(tracker))
    assert tracker.journal.share(entry.id).id == before_pairing.id
    assert tracker.journal.edit(entry.id, text="y").id == before_pairing.id
    assert tracker.journal.share(before_pairing.id).text == "y"
    assert shared_texts(practice) == {"x"}


def test_private_and_shared_logs_of_a_month_do_not_mix(tracker: Tracker, practice: Practice, pair: Pair) -> None:
    tracker.symptoms.log({"worry": 1})
    pair(tracker, share_by_default=True)
    tracker.symptoms.log({"worry": 2})
    side = practice.join(tracker)
    tracker.symptoms.log({"worry": 3}, shared=False)
    tracker.symptoms.log({"worry": 4})
    practice.take(side)
    assert {log.values["worry"]: log.shared for log in tracker.symptoms.logs()} == {
        1: False,
        2: True,
        3: False,
        4: True,
    }
    assert len({row.document for row in practice.rows}) == 1


def test_two_devices_that_wrote_before_pairing_lose_nothing(
    open_tracker: Callable[[str], Tracker], practice: Practice, pair: Pair
) -> None:
    one, other = open_tracker("one"), open_tracker("other")
    for device, name in ((one, "one"), (other, "other")):
        device.journal.write(f"{name} undecided")
        device.journal.write(f"{name} wished", shared=True)
        pair(device, share_earlier=True)
    sides = [practice.join(device) for device in (one, other)]
    practice.sync(*sides)
    expected = {"one undecided", "one wished", "other undecided", "other wished"}
    assert shared_texts(practice) == expected
    for device in (one, other):
        assert {entry.text for entry in device.journal.entries()} == expected
