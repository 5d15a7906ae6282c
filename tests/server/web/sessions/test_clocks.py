from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from intersession_schemas.errors import InvalidField
from intersession_server.web.sessions.clocks import Appointed, form_zone, moment_of, on_their_clock, zone_named

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("day", "zone", "moment"),
    [
        (date(2026, 3, 10), "Europe/Berlin", "2026-03-10T10:00:00+01:00"),
        (date(2026, 4, 10), "Europe/Berlin", "2026-04-10T10:00:00+02:00"),
        (date(2026, 4, 10), "UTC", "2026-04-10T10:00:00+00:00"),
        (date(2026, 4, 10), "UTC+1", "2026-04-10T10:00:00+01:00"),
        (date(2026, 4, 10), " −3:30 ", "2026-04-10T10:00:00-03:30"),
        (date(2026, 4, 10), "utc-0330", "2026-04-10T10:00:00-03:30"),
    ],
)
def test_a_time_is_that_of_the_place_on_that_day(day: date, zone: str, moment: str) -> None:
    found = moment_of(Appointed(day, "10:00", zone))
    assert found.isoformat() == moment
    assert isinstance(found.tzinfo, timezone)


@pytest.mark.parametrize(
    ("day", "at", "zone"),
    [
        (None, "10:00", "UTC"),
        (date(2026, 3, 10), "", "UTC"),
        (date(2026, 3, 10), "25:00", "UTC"),
        (date(2026, 3, 10), "10:00", ""),
        (date(2026, 3, 10), "10:00", "Berlin"),
        (date(2026, 3, 10), "10:00", "../../etc/passwd"),
        (date(2026, 3, 10), "10:00", "UTC+99"),
        (date(2026, 3, 29), "02:30", "Europe/Berlin"),  # clocks go from two to three
    ],
)
def test_what_is_no_time_of_a_place_is_said(day: date | None, at: str, zone: str) -> None:
    with pytest.raises(InvalidField):
        moment_of(Appointed(day, at, zone))


def test_another_clock_is_said_where_it_shows_another_time() -> None:
    at = datetime(2026, 3, 10, 10, tzinfo=timezone(timedelta(hours=1)))
    assert on_their_clock(at, BERLIN) == ""
    assert on_their_clock(at, UTC) == "09:00"
    assert on_their_clock(at, ZoneInfo("Pacific/Honolulu")) == "Mon 9 Mar 2026, 23:00"
    assert form_zone(at, BERLIN) == "Europe/Berlin"
    assert form_zone(at, UTC) == "UTC+1"
    assert zone_named(form_zone(at, UTC)) == timezone(timedelta(hours=1))
