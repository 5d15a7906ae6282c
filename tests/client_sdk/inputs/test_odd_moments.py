"""A moment that no clock can show costs nobody a list: it is refused on the way in, and read where it is there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from intersession import InvalidField, Tracker
from intersession_schemas.documents import moments
from intersession_schemas.records.instants import from_micros, to_micros

ODD = [
    datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1))),
    datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-1))),
]


@pytest.mark.parametrize("at", ODD)
def test_it_is_refused_with_words(tmp_path: Path, at: datetime) -> None:
    with Tracker.open(tmp_path / "a.db") as tracker:
        with pytest.raises(InvalidField, match="not every time zone"):
            tracker.symptoms.log({"worry": 3}, at=at)
        with pytest.raises(InvalidField, match="not every time zone"):
            tracker.journal.write("x", at=at)


@pytest.mark.parametrize("at", ODD)
def test_what_is_there_already_costs_no_list(tmp_path: Path, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    with Tracker.open(tmp_path / "a.db") as tracker:
        tracker.symptoms.log({"worry": 2})
        with monkeypatch.context() as older:
            older.setattr(moments, "is_kept", lambda _: True)
            tracker.symptoms.log({"worry": 3}, at=at)
            tracker.journal.write("odd", at=at)
        assert 2 in {point.value for point in tracker.symptoms.series("worry")}
        assert [entry.text for entry in tracker.journal.entries()] == ["odd"]
        tracker.progress()


@pytest.mark.parametrize("at", [*ODD, datetime(2026, 1, 1, tzinfo=UTC)])
def test_a_moment_is_kept_as_near_as_there_is(at: datetime) -> None:
    assert abs(to_micros(at) - to_micros(from_micros(to_micros(at)))) <= 14 * 3_600_000_000


def test_a_time_that_clocks_skip_is_said_and_one_that_they_show_twice_is_taken(tracker: Tracker) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    skipped = datetime(2026, 3, 29, 2, 30, tzinfo=berlin)
    entry, log = tracker.journal.write("y"), tracker.symptoms.log({"worry": 2})
    calls: list[Callable[[], object]] = [
        lambda: tracker.journal.write("x", at=skipped),
        lambda: tracker.symptoms.log({"worry": 1}, at=skipped),
        lambda: tracker.symptoms.correct(log.id, at=skipped),
        lambda: tracker.journal.edit(entry.id, at=skipped),
    ]
    for write in calls:
        with pytest.raises(InvalidField, match="clocks skip"):
            write()
    twice = [datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=fold) for fold in (0, 1)]
    found = [tracker.symptoms.log({"worry": 1}, at=at).at for at in twice]
    assert [at.isoformat() for at in found] == ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"]


def test_on_the_command_line_too(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "intersession", "--store", str(tmp_path / "l.db"), "log", "worry=1", "--at"]
    here = {**os.environ, "TZ": "Europe/Berlin"}
    said = subprocess.run([*words, "2026-03-29T02:30"], env=here, capture_output=True, text=True, check=False)
    assert said.returncode == 2
    assert "that time does not exist here" in " ".join(said.stderr.split())
    assert subprocess.run([*words, "2026-03-29T03:30"], env=here, capture_output=True, check=False).returncode == 0
