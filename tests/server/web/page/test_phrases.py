from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from intersession_server.language.catalogue import language
from intersession_server.language.language import use
from intersession_server.web.assets import ASSETS
from intersession_server.web.page import phrases

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ({"seconds": 0}, "just now"),
        ({"seconds": 59}, "just now"),
        ({"seconds": 60}, "1 minute ago"),
        ({"minutes": 59, "seconds": 59}, "59 minutes ago"),
        ({"hours": 1}, "1 hour ago"),
        ({"hours": 23, "minutes": 59}, "23 hours ago"),
        ({"days": 1}, "1 day ago"),
        ({"days": 59}, "59 days ago"),
        ({"days": 60}, "2 months ago"),
        ({"days": 729}, "24 months ago"),
        ({"days": 730}, "2 years ago"),
        ({"seconds": -30}, "just now"),
        ({"minutes": -5}, "in 5 minutes"),
        ({"days": -2}, "in 2 days"),
    ],
)
def test_how_long_ago(before: dict[str, float], words: str) -> None:
    assert phrases.ago(NOW - timedelta(**before), NOW) == words


def test_the_script_says_how_long_ago_by_the_same_steps() -> None:
    """Both say "2 months" for the same moment; page tests compare the words themselves."""
    script = ASSETS["live.js"].content.decode()
    for below in ("60", "3600", "86400", "60 * 86400", "730 * 86400"):
        assert f"size < {below})" in script


def test_moments_are_said_on_the_clock_they_were_written_on() -> None:
    at = datetime(2020, 3, 16, 23, 5, tzinfo=timezone(timedelta(hours=1)))
    assert phrases.moment(at) == "Mon 16 Mar 2020, 23:05"
    assert phrases.short_day(date(2020, 12, 1)) == "1 Dec"
    assert phrases.arrival(at.astimezone(UTC) + timedelta(minutes=50), at) == "23:55"
    assert phrases.arrival(at.astimezone(UTC) + timedelta(minutes=56), at) == "Tue 17 Mar 2020, 00:01"


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "UTC"), (60, "UTC+1"), (-210, "UTC−3:30"), (345, "UTC+5:45"), (840, "UTC+14")]
)
def test_offsets(minutes: int, words: str) -> None:
    assert phrases.offset(NOW.astimezone(timezone(timedelta(minutes=minutes)))) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(3, "3"), (3.0, "3"), (2.5, "2.5"), (-1, "−1"), (0.1 + 0.2, "0.3"), (10**15, "1000000000000000"), (1e15, "1e+15")],
)
def test_numbers(value: float, words: str) -> None:
    assert phrases.number(value) == words


def test_only_what_says_something_is_joined() -> None:
    assert phrases.joined("a", "", "b") == "a, b"
    assert phrases.joined() == ""


def test_in_german() -> None:
    use(language("de"))
    assert phrases.ago(NOW - timedelta(days=2), NOW) == "vor 2 Tagen"
    assert phrases.day(date(2020, 3, 16)) == "Mo. 16. März 2020"
    assert phrases.number(2.5) == "2,5"
