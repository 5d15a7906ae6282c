"""Which days the page is of."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from intersession_schemas.errors import InvalidField
from intersession_server.web.progress.spans import RangeName, range_words, span_of, span_words

TODAY = date(2020, 3, 1)
KNOWN = (date(2018, 5, 4), date(2020, 2, 20))


@pytest.mark.parametrize(
    ("name", "first"),
    [("2w", date(2020, 2, 17)), ("3m", date(2019, 12, 2)), ("1y", date(2019, 3, 3)), ("all", KNOWN[0])],
)
def test_a_range_ends_today(name: RangeName, first: date) -> None:
    found = span_of(name, None, None, TODAY, KNOWN)
    assert (found.name, found.first, found.last) == (name, first, TODAY)
    assert found.query == ({} if name == "3m" else {"range": name})
    assert span_of(name, "", "", TODAY, KNOWN) == found  # what a form without days sends


def test_everything_has_what_a_clock_that_runs_ahead_dated() -> None:
    assert span_of("all", None, None, TODAY, (TODAY, date(2020, 3, 9))).last == date(2020, 3, 9)
    assert span_of("all", None, None, TODAY, None).first == TODAY


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        ("2020-01-01", "2020-01-31", (date(2020, 1, 1), date(2020, 1, 31))),
        ("2020-01-01", None, (date(2020, 1, 1), TODAY)),
        ("2021-01-01", "", (date(2021, 1, 1), date(2021, 1, 1))),
        (None, "2020-01-31", (KNOWN[0], date(2020, 1, 31))),
        ("", "2017-01-31", (date(2017, 1, 31), date(2017, 1, 31))),
    ],
)
def test_days_that_are_asked_for_go_before_the_range(
    since: str | None, until: str | None, days: tuple[date, date]
) -> None:
    found = span_of("2w", since, until, TODAY, KNOWN)
    assert (found.name, (found.first, found.last)) == (None, days)
    assert found.query == {name: text for name, text in (("since", since), ("until", until)) if text}


@pytest.mark.parametrize("text", ["yesterday", "2020-02-30", "2020-01-01T10:00:00+01:00"])
def test_only_days_can_be_asked_for(text: str) -> None:
    with pytest.raises(InvalidField):
        span_of("all", None, text, TODAY, KNOWN)


def test_the_first_day_is_not_after_the_last() -> None:
    with pytest.raises(InvalidField):
        span_of("all", "2020-02-02", "2020-02-01", TODAY, KNOWN)


def test_a_range_and_its_days_have_names() -> None:
    assert [range_words(name) for name in get_args(RangeName)] == ["2 weeks", "3 months", "1 year", "Everything"]
    assert span_words(span_of("3m", "2020-01-01", "2020-01-31", TODAY, KNOWN)) == "Jan\N{NO-BREAK SPACE}2020"
