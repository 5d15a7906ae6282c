"""Symptom logs and their series."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from enum import IntEnum
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.client_sdk.care_practice import Care
from tests.client_sdk.practice import NOON, SettableClock, replica_of

from intersession import InvalidField, Point, Tracker
from intersession.cli import main
from intersession.inputs import checks
from intersession.inputs.numbers import typed

EAST = timezone(timedelta(hours=2))


def test_a_log_is_read_back_as_it_was_noted(tracker: Tracker) -> None:
    log = tracker.symptoms.log({"worry": 3, "relax": 2.5}, scale="1-5", note="after lunch", key="k")
    assert tracker.symptoms.logs() == [log]
    assert (log.values, log.scale, log.note, log.key) == ({"worry": 3, "relax": 2.5}, (1, 5), "after lunch", "k")
    assert (log.at, log.arrived_at, log.shared, log.late) == (NOON, None, False, False)


def test_a_series_holds_one_symptom_newest_first(tracker: Tracker) -> None:
    for hours, worry in ((3, 1), (1, 2), (2, 3)):
        tracker.symptoms.log({"worry": worry, "relax": 5}, at=NOON - timedelta(hours=hours))
    tracker.symptoms.log({"relax": 1})
    expected = [Point(NOON - timedelta(hours=hours), value, late=False) for hours, value in ((1, 2), (2, 3), (3, 1))]
    assert tracker.symptoms.series("worry") == expected
    since = NOON - timedelta(hours=2)
    assert tracker.symptoms.series("worry", since=since) == expected[:2]
    assert tracker.symptoms.series("worry", until=since) == expected[2:]
    assert tracker.symptoms.series("unknown") == []
    assert tracker.symptoms.names() == ["relax", "worry"]


def test_a_log_keeps_its_offset_and_its_month_is_local(tracker: Tracker) -> None:
    new_years_eve = datetime(2025, 12, 31, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
    log = tracker.symptoms.log({"worry": 1}, at=new_years_eve)
    assert log.at.isoformat() == "2025-12-31T23:30:00-05:00"
    with replica_of(tracker).reading() as store:
        assert store.all("SELECT month FROM buckets") == [("2025-12",)]


def test_a_month_goes_into_one_document(tracker: Tracker, open_tracker: Any) -> None:
    for day in range(1, 29):
        tracker.symptoms.log({"worry": 1}, at=datetime(2026, 5, day, tzinfo=UTC))
    tracker.close()
    again = open_tracker("tracker")
    again.symptoms.log({"worry": 1}, at=datetime(2026, 5, 29, tzinfo=UTC))
    again.symptoms.log({"worry": 1}, at=datetime(2026, 6, 1, tzinfo=UTC))
    with replica_of(again).reading() as store:
        assert store.all("SELECT count(*) FROM documents") == [(2,)]
    assert len(again.symptoms.logs()) == 30


def test_a_full_bucket_goes_on_in_another(tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intersession.documents.symptom_logs.buckets.FULL", 0.0001)
    for day in range(1, 29):
        tracker.symptoms.log({"worry": 1}, at=datetime(2026, 5, day, tzinfo=UTC))
    with replica_of(tracker).reading() as store:
        assert store.number("SELECT count(*) FROM documents") > 1
    assert len(tracker.symptoms.series("worry")) == 28


def test_the_same_key_and_values_again_are_the_same_log(tracker: Tracker, clock: SettableClock) -> None:
    log = tracker.symptoms.log({"worry": 1}, key="monday")
    clock.forward(hours=1)
    assert tracker.symptoms.log({"worry": 1}, key="monday") == log
    assert tracker.symptoms.logs() == [log]
    with pytest.raises(InvalidField, match="that key"):
        tracker.symptoms.log({"worry": 2}, key="monday")
    assert tracker.symptoms.logs() == [log]


@pytest.mark.parametrize(
    "scale", ["1-5", " 1 - 5", (1, 5), [1, 5], "0.5-7.25", "-3-3", (0, 1e6)], ids=lambda scale: repr(scale)
)
def test_scales(tracker: Tracker, scale: Any) -> None:
    log = tracker.symptoms.log({"worry": 1}, scale=scale)
    assert log.scale is not None
    assert log.scale[0] < log.scale[1]


class Percent(float):
    """A number of a library's own, like numpy's."""


def test_numbers_of_subclasses_are_the_numbers_they_are(tracker: Tracker) -> None:
    class Level(IntEnum):
        HIGH = 3

    log = tracker.symptoms.log({"worry": Percent(2.5), "relax": Level.HIGH})
    assert [type(value) for value in log.values.values()] == [float, int]
    assert tracker.symptoms.logs() == [log]


NAN, INFINITE = float("nan"), float("inf")


@pytest.mark.parametrize(
    "bad",
    [
        {"values": {}},
        {"values": []},
        {"values": None},
        {"values": {"": 1}},
        {"values": {" ": 1}},
        {"values": {"x" * 65: 1}},
        {"values": {"new\nline": 1}},
        {"values": {5: 1}},
        {"values": {"worry": "3"}},
        {"values": {"worry": True}},
        {"values": {"worry": None}},
        {"values": {"worry": NAN}},
        {"values": {"worry": INFINITE}},
        {"values": {"worry": 10**400}},
        {"values": {"half \ud800": 1}},
        {"values": {"worry": 6}, "scale": "1-5"},
        {"values": {"worry": 0}, "scale": (1, 5)},
        {"scale": "5"},
        {"scale": "a-b"},
        {"scale": "5-1"},
        {"scale": (1, 2, 3)},
        {"scale": ("1", "5")},
        {"scale": 5},
        {"scale": (1, NAN)},
        {"note": 5},
        {"note": "x" * 2001},
        {"note": "half \ud800"},
        {"key": ""},
        {"key": 5},
        {"key": "x" * 201},
        {"key": "half \ud800"},
        {"at": datetime(2026, 5, 4)},  # noqa: DTZ001
    ],
    ids=lambda bad: f"{bad!r:.40} {len(repr(bad))}",
)
def test_what_no_log_may_hold_is_refused_and_nothing_is_noted(tracker: Tracker, bad: dict[str, Any]) -> None:
    values = bad.pop("values", {"worry": 1})
    with pytest.raises(InvalidField):
        tracker.symptoms.log(values, **bad)
    assert tracker.symptoms.logs() == []
    assert tracker.symptoms.log({"worry": 1}).values == {"worry": 1}


def test_spellings_of_a_name_are_one_symptom_under_the_first(tracker: Tracker) -> None:
    for hours, name in ((4, "Bad  sl\u0065\u0301ep"), (3, "bad sléep "), (2, " BAD SLÉEP"), (1, "worry")):
        tracker.symptoms.log({name: hours}, at=NOON - timedelta(hours=hours))
    assert tracker.symptoms.names() == ["Bad sléep", "worry"]
    assert [point.value for point in tracker.symptoms.series("bad SLÉEP")] == [2, 3, 4]
    assert set(tracker.progress().series) == {"Bad sléep", "worry"}


def test_two_spellings_of_one_name_in_one_log_are_refused(tracker: Tracker) -> None:
    with pytest.raises(InvalidField, match="spellings of the same symptom"):
        tracker.symptoms.log({"worry": 1, "Worry": 2})
    assert tracker.symptoms.logs() == []


def test_a_record_has_only_so_many_symptoms(tracker: Tracker) -> None:
    for number in range(3):
        tracker.symptoms.log({f"s{number}.{one}": 1 for one in range(100)})
    with pytest.raises(InvalidField, match="at most 300 different symptoms"):
        tracker.symptoms.log({"one more": 1})
    assert len(tracker.symptoms.logs()) == 3
    gone = tracker.symptoms.log({" S0.1 ": 2})
    assert gone.values == {"S0.1": 2}


def test_a_series_is_on_one_scale(tracker: Tracker, clock: SettableClock) -> None:
    for value, scale in ((3, (1, 5)), (30, (0, 100)), (4, "1-5"), (7, None), (50, "0-100")):
        tracker.symptoms.log({"Worry": value}, scale=scale)
        clock.forward(hours=1)
    found = tracker.symptoms.series("worry")
    assert [(one.value, one.scale) for one in found] == [(50, (0, 100)), (30, (0, 100))]
    assert [one.value for one in tracker.symptoms.series("worry", scale=(1, 5))] == [4, 3]
    assert [one.value for one in tracker.symptoms.series("worry", scale="none")] == [7]
    assert tracker.symptoms.series("worry", scale="0-10") == []
    assert tracker.symptoms.scales("worry") == [(0, 100), None, (1, 5)]
    assert [one.value for one in tracker.progress().series["Worry"]] == [50, 30]
    with pytest.raises(InvalidField):
        tracker.symptoms.series("worry", scale="high")


def test_without_a_scale_it_is_on_that_of_its_tracker(care: Care) -> None:
    with care.client.plan.edit() as plan:
        plan.add_tracker("Worry", 0, 10)
    care.sync()
    care.tracker.symptoms.log({"worry": 7})
    care.tracker.symptoms.log({"worry": 4}, scale=(0, 10))
    care.sync()
    for found in (care.tracker.symptoms.series("worry"), care.client.series("worry")):
        assert sorted(one.value for one in found) == [4, 7]
        assert {one.scale for one in found} == {(0, 10)}
    assert care.client.scales("worry") == [(0, 10)]


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3), ("3,5", 3.5), ("3.5", 3.5), ("-1", -1), ("+2", 2), ("７,５", 7.5), (" 4 ", 4), ("1.234", 1.234)]
    + [(text, None) for text in ("", "x", "1,234", "nan", "inf", "7 h", "3;5", "3,5,1")],
)
def test_a_decimal_comma_is_read_by_every_door_in_the_same_way(text: str, number: float | None, tmp_path: Path) -> None:
    assert typed(text) == number
    done = CliRunner().invoke(main, ["--json", "--store", str(tmp_path / "n.db"), "log", f"worry={text}"])
    assert (json.loads(done.stdout)["values"]["worry"] if done.exit_code == 0 else None) == number
    if number is None:
        with pytest.raises(InvalidField):
            checks.scale(f"-50-{text}")
    else:
        assert checks.scale(f"-50-{text.replace('-', '')}") == (-50, abs(number))
