"""A moment that no clock can show costs nobody a list: it is refused on the way in, and read where it is there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from intersession import InvalidField, Tracker
from intersession.replica.instants import from_micros, to_micros
from intersession_schemas.documents import moments

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
