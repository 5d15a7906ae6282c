"""The journal: what was written is read back as it was, whatever is given."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from tests.client_sdk.practice import NOON, SettableClock

from intersession import Entry, IntersessionError, InvalidField, NotFound, Section, Tracker


def label(given: object) -> str:
    """A short name for a case, unlike any other's."""
    written = repr(given)
    return written if len(written) < 60 else f"{written[:40]}… {len(written)}"


def test_an_entry_is_read_back_as_it_was_written(tracker: Tracker) -> None:
    written = tracker.journal.write(
        "Slept badly.\nWoke at four.",
        sections={"What helped?": "Walking."},
        mood=4,
        tags=["sleep", "work"],
        at=datetime(2026, 5, 3, 23, 50, tzinfo=ZoneInfo("Europe/Berlin")),
    )
    assert tracker.journal.get(written.id) == written
    assert tracker.journal.entries() == [written]
    assert (written.text, written.mood, written.tags) == ("Slept badly.\nWoke at four.", 4, ("sleep", "work"))
    assert written.sections == (Section("What helped?", "Walking."),)
    assert written.zone == "Europe/Berlin"
    assert (written.arrived_at, written.shared, written.late, written.problems) == (None, False, False, ())


def test_an_entry_stays_on_its_local_day(tracker: Tracker) -> None:
    late_at_night = datetime(2026, 5, 3, 23, 50, tzinfo=timezone(timedelta(hours=2)))
    entry = tracker.journal.get(tracker.journal.write("x", at=late_at_night).id)
    assert entry.written_at.date() == date(2026, 5, 3)
    assert entry.written_at.utcoffset() == timedelta(hours=2)


def test_without_a_time_it_is_now(tracker: Tracker, clock: SettableClock) -> None:
    entry = tracker.journal.write("x")
    assert entry.written_at == entry.entered_at == clock.now


def test_what_is_entered_a_day_after_is_late(tracker: Tracker) -> None:
    assert not tracker.journal.write("x", at=NOON - timedelta(hours=24)).late
    assert tracker.journal.write("x", at=NOON - timedelta(hours=24, seconds=1)).late


def test_sections_may_be_given_as_sections(tracker: Tracker) -> None:
    given = [Section("Why?", "Because.", key="why"), Section("How?")]
    assert tracker.journal.write(sections=given).sections == tuple(given)


def test_an_edit_changes_what_is_given_and_nothing_else(tracker: Tracker) -> None:
    entry = tracker.journal.write("one two", sections={"Q": "A"}, mood=3, tags=["a", "b"])
    edited = tracker.journal.edit(entry.id, text="one three")
    assert (edited.text, edited.sections, edited.mood, edited.tags) == ("one three", entry.sections, 3, ("a", "b"))
    edited = tracker.journal.edit(entry.id, mood=None, tags=["b"], sections={"Q": "B"})
    assert (edited.text, edited.mood, edited.tags) == ("one three", None, ("b",))
    assert edited.sections == (Section("Q", "B"),)
    assert tracker.journal.get(entry.id) == edited


def test_an_edit_that_changes_nothing_makes_no_change(tracker: Tracker) -> None:
    heard: list[object] = []
    entry = tracker.journal.write("one", mood=3)
    tracker.on_change(heard.append)
    assert tracker.journal.edit(entry.id, text="one", mood=3) == entry
    assert heard == []


def test_edits_survive_reopening(tracker: Tracker, open_tracker: Any) -> None:
    entry = tracker.journal.write("one")
    tracker.close()
    again = open_tracker("tracker")
    again.journal.edit(entry.id, text="one two")
    again.close()
    assert open_tracker("tracker").journal.get(entry.id).text == "one two"


def test_entries_come_newest_first_by_what_they_are_about(tracker: Tracker) -> None:
    texts = {hours: tracker.journal.write(str(hours), at=NOON - timedelta(hours=hours)).text for hours in (2, 0, 3, 1)}
    assert [entry.text for entry in tracker.journal.entries()] == [texts[hours] for hours in (0, 1, 2, 3)]
    assert [entry.text for entry in tracker.journal.entries(limit=2)] == ["0", "1"]
    since, until = NOON - timedelta(hours=2), NOON
    assert [entry.text for entry in tracker.journal.entries(since=since, until=until)] == ["1", "2"]
    assert tracker.journal.entries(limit=0) == []


def test_moments_are_compared_as_moments_not_as_text(tracker: Tracker) -> None:
    tracker.journal.write("first", at=datetime(2026, 5, 4, 12, 0, tzinfo=timezone(timedelta(hours=5))))
    tracker.journal.write("second", at=datetime(2026, 5, 4, 10, 0, tzinfo=UTC))
    assert [entry.text for entry in tracker.journal.entries()] == ["second", "first"]


def test_long_prose_can_be_rewritten_whole_and_cut(tracker: Tracker) -> None:
    long = " ".join(f"word{n}" for n in range(4_000))[:17_990]
    entry = tracker.journal.write(long)
    for text in (long.replace("word1000", "a thousand"), long[::-1], long[9_000:], ""):
        assert tracker.journal.edit(entry.id, text=text).text == text
        assert tracker.journal.get(entry.id).text == text


def rewrite_until_refused(tracker: Tracker, entry: Entry) -> tuple[Entry, InvalidField]:
    """The last version that was taken, and the refusal of the next."""
    for n in range(100):
        try:
            entry = tracker.journal.edit(entry.id, text="ab"[n % 2] * 18_000)
        except InvalidField as refused:
            return entry, refused
    raise AssertionError("an entry's history has no end")


def test_an_entry_whose_history_is_full_is_refused_and_left_as_it_is(tracker: Tracker) -> None:
    entry, refused = rewrite_until_refused(tracker, tracker.journal.write("x"))
    assert "too large" in str(refused)
    assert tracker.journal.get(entry.id) == entry
    assert tracker.journal.edit(entry.id, mood=3).mood == 3


BAD_ENTRIES: list[dict[str, Any]] = [
    {"text": None},
    {"text": 5},
    {"text": b"bytes"},
    {"text": "half \ud800 of a pair"},
    {"text": "x" * 18_001},
    {"mood": -1},
    {"mood": 11},
    {"mood": 5.5},
    {"mood": True},
    {"mood": "5"},
    {"tags": "sleep"},
    {"tags": [""]},
    {"tags": [5]},
    {"tags": 5},
    {"tags": ["x" * 65]},
    {"tags": [str(n) for n in range(51)]},
    {"sections": "text"},
    {"sections": 5},
    {"sections": {"Q": b"5"}},
    {"sections": {5: "A"}},
    {"sections": ["A"]},
    {"sections": [Section("Q", 5)]},  # type: ignore[arg-type]
    {"sections": {"Q" * 1001: "A"}},
    {"sections": {str(n): "A" for n in range(51)}},
    {"at": datetime(2026, 5, 4, 12, 0)},  # noqa: DTZ001
    {"at": "2026-05-04T12:00:00Z"},
    {"at": date(2026, 5, 4)},
    {"at": datetime(2026, 5, 4, tzinfo=timezone(timedelta(seconds=61)))},
]


@pytest.mark.parametrize("bad", BAD_ENTRIES, ids=label)
def test_what_no_entry_may_hold_is_refused_and_nothing_is_written(tracker: Tracker, bad: dict[str, Any]) -> None:
    with pytest.raises(InvalidField) as refused:
        tracker.journal.write(**{"text": "fine", **bad})
    assert isinstance(refused.value, ValueError)
    assert isinstance(refused.value, IntersessionError)
    assert tracker.journal.entries() == []
    assert tracker.journal.write("fine").text == "fine"


@pytest.mark.parametrize("bad", [one for one in BAD_ENTRIES if "at" not in one], ids=label)
def test_what_no_entry_may_hold_is_refused_in_edits_too(tracker: Tracker, bad: dict[str, Any]) -> None:
    entry = tracker.journal.write("fine", sections={"Q": "A"})
    with pytest.raises(InvalidField):
        tracker.journal.edit(entry.id, **bad)
    assert tracker.journal.get(entry.id) == entry


def test_sections_of_other_prompts_are_refused(tracker: Tracker) -> None:
    entry = tracker.journal.write(sections={"Q": "A"})
    with pytest.raises(InvalidField, match="prompts"):
        tracker.journal.edit(entry.id, sections={"R": "A"})


def test_what_is_refused_is_not_quoted(tracker: Tracker) -> None:
    with pytest.raises(InvalidField) as refused:
        tracker.journal.write("my secret \ud800")
    assert "secret" not in str(refused.value)


def test_ids_that_are_not_here(tracker: Tracker) -> None:
    log = tracker.symptoms.log({"worry": 1})
    for call in (tracker.journal.get, tracker.journal.edit, tracker.journal.share):
        with pytest.raises(NotFound, match="no entry") as missing:
            call(uuid4())
        assert isinstance(missing.value, KeyError)
        with pytest.raises(NotFound):
            call(log.id)
        with pytest.raises(InvalidField):
            call("not an id")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "bad",
    [
        {"since": datetime(2026, 5, 4)},  # noqa: DTZ001
        {"until": "today"},
        {"limit": -1},
        {"limit": "5"},
        {"limit": True},
    ],
)
def test_windows_that_make_no_sense(tracker: Tracker, bad: dict[str, Any]) -> None:
    with pytest.raises(InvalidField):
        tracker.journal.entries(**bad)


def test_the_ends_of_time(tracker: Tracker) -> None:
    first, last = datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, 23, 59, tzinfo=UTC)
    for at in (first, last):
        tracker.journal.write("x", at=at)
    for beyond in (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)):
        with pytest.raises(InvalidField, match="not every time zone"):
            tracker.journal.write("x", at=beyond)
    assert [entry.written_at for entry in tracker.journal.entries(since=first)] == [last, first]


def test_its_time_can_be_corrected_and_what_it_was_is_told(tracker: Tracker, clock: SettableClock) -> None:
    entry = tracker.journal.write("slept badly", mood=3)
    other = tracker.journal.write("of the day before", at=NOON - timedelta(hours=20))
    clock.forward(hours=1)
    moved = tracker.journal.edit(entry.id, at=NOON - timedelta(days=1))
    assert (moved.written_at, moved.entered_at, moved.text) == (NOON - timedelta(days=1), NOON, "slept badly")
    assert (moved.corrected_at, moved.earlier) == (NOON + timedelta(hours=1), (NOON,))
    assert tracker.journal.entries() == [other, moved]
    assert tracker.journal.entries(since=NOON - timedelta(hours=1)) == []
    clock.forward(hours=1)
    again = tracker.journal.edit(entry.id, at=NOON - timedelta(days=2), mood=4)
    assert again.earlier == (NOON - timedelta(days=1), NOON)
    assert tracker.journal.edit(entry.id, at=again.written_at) == again
    with pytest.raises(InvalidField):
        tracker.journal.edit(entry.id, at=datetime(2026, 5, 4))  # noqa: DTZ001 - naive on purpose
    assert tracker.journal.get(entry.id) == again


def test_an_entry_says_something(tracker: Tracker) -> None:
    for nothing in ("", "  \n"):
        with pytest.raises(InvalidField, match="This entry is empty"):
            tracker.journal.write(nothing)
    given: dict[str, Any]
    for given in ({"mood": 3}, {"tags": ["walk"]}, {"sections": {"What helped?": "a walk"}}):
        assert tracker.journal.write("", **given).text == ""
    assert len(tracker.journal.entries()) == 3
