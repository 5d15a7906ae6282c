"""Moments keep their local day; nothing that is no moment is read as one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intersession_schemas.documents.moments import (
    LATE_AFTER,
    as_kept,
    check_moment,
    check_written,
    check_zone,
    is_kept,
    is_late,
    is_zone,
    moment_text,
    read_kept,
    read_moment,
)
from intersession_schemas.errors import InvalidField

offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(timezones=offsets)


@given(moments)
def test_a_moment_comes_back_with_its_local_time_and_offset(at: datetime) -> None:
    again = read_moment(moment_text(at))
    assert again is not None
    assert again.replace(tzinfo=None) == at.replace(tzinfo=None)
    assert again.utcoffset() == at.utcoffset()


def test_ten_to_midnight_stays_on_its_day() -> None:
    at = datetime(2020, 3, 31, 23, 50, tzinfo=timezone(timedelta(hours=2)))
    again = read_moment(moment_text(at))
    assert again is not None
    assert (again.day, again.hour, again.utcoffset()) == (31, 23, timedelta(hours=2))
    assert again.astimezone(UTC).hour == 21


ODD = [None, 5, 1.5, b"2020-03-01T00:00:00+00:00", "", "yesterday", "2020-03-01T00:00:00", "2020-13-01T00:00:00Z"]
ODD += ["2020-03-01T00:00:00+99:99", "10000-01-01T00:00:00Z", "2020-03-01", "\0", True]


@pytest.mark.parametrize("odd", ODD)
def test_what_is_no_moment_with_an_offset_is_none(odd: object) -> None:
    assert read_moment(odd) is None


@given(st.text())
def test_no_text_raises(text: str) -> None:
    found = read_moment(text)
    assert found is None or found.utcoffset() is not None


def test_a_naive_moment_is_refused_by_the_name_of_its_field() -> None:
    for odd in (datetime(2020, 3, 1), "2020-03-01T00:00:00Z", None):  # noqa: DTZ001
        with pytest.raises(InvalidField, match="written_at"):
            check_moment("written_at", odd)  # type: ignore[arg-type]
    at = datetime(2020, 3, 1, tzinfo=UTC)
    assert check_moment("written_at", at) is at


BEYOND = [datetime(1, 12, 31, 23, 59, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)]
BEYOND += [datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1))), datetime.max.replace(tzinfo=timezone.min)]


@pytest.mark.parametrize("at", BEYOND)
def test_a_moment_that_not_every_zone_can_show_is_not_written_and_read_as_the_nearest(at: datetime) -> None:
    with pytest.raises(InvalidField, match="planned_at is a time that not every time zone can show"):
        check_written("planned_at", at)
    assert read_moment(moment_text(at)) == at
    assert read_kept(moment_text(at)) is None
    nearest = as_kept(at)
    assert is_kept(nearest)
    for months in (timedelta(days=-300), timedelta(days=300)):
        (nearest + months).astimezone(timezone(timedelta(hours=14)))


@given(st.datetimes(datetime(2, 1, 2), datetime(9998, 12, 30), timezones=offsets))  # noqa: DTZ001
def test_all_others_are(at: datetime) -> None:
    assert check_written("at", at) == as_kept(at) == at == read_kept(moment_text(at))


@pytest.mark.parametrize("zone", ["", "x" * 65, "Europe/\nBerlin", "\ud800", 5, b"UTC"])
def test_what_cannot_be_a_zone_is_refused(zone: object) -> None:
    assert not is_zone(zone)
    with pytest.raises(InvalidField):
        check_zone(zone)  # type: ignore[arg-type]


def test_a_zone_or_none_is_taken() -> None:
    assert check_zone("Europe/Amsterdam") == "Europe/Amsterdam"
    assert check_zone(None) is None
    assert not is_zone(None)


def test_late_means_more_than_a_day_after_whatever_the_offsets() -> None:
    about = datetime(2020, 3, 2, 23, 50, tzinfo=timezone(timedelta(hours=2)))
    assert not is_late(about, about + LATE_AFTER)
    assert is_late(about, about + LATE_AFTER + timedelta(microseconds=1))
    assert not is_late(about, datetime(2020, 3, 3, 21, 50, tzinfo=UTC))
    assert is_late(about, datetime(2020, 3, 3, 21, 51, tzinfo=UTC))
    assert not is_late(about, about - timedelta(days=9))
