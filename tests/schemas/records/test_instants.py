"""Instants as whole microseconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from intersession_schemas.records.instants import from_micros, to_micros

offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(timezones=offsets))
def test_an_instant_comes_back(moment: datetime) -> None:
    assume(timedelta(days=2) < moment - datetime.min.replace(tzinfo=UTC) < timedelta(days=3_650_000))
    assert from_micros(to_micros(moment)) == moment
    assert from_micros(to_micros(moment)).tzinfo is UTC


def test_a_naive_datetime_is_no_instant() -> None:
    with pytest.raises(ValueError, match="offset"):
        to_micros(datetime(2026, 3, 2))  # noqa: DTZ001
