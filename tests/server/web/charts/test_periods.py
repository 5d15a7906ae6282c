"""Answers summed up: nothing that matters is lost, and nothing is made up."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from typing import get_args
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intersession_schemas.documents.diary.symptoms import Number
from intersession_schemas.documents.local_days import day_of
from intersession_server.web.charts.backdrop import Backdrop
from intersession_server.web.charts.charts import Chart, chart
from intersession_server.web.charts.drawing import TOP
from intersession_server.web.charts.periods import MOST_PERIODS, Unit, periods_of, unit_of
from intersession_server.web.charts.points import Point
from intersession_server.web.charts.series import MOST_OF_A_DAY, MOST_POINTS, Series, shown
from intersession_server.web.page import phrases

BERLIN = timezone(timedelta(hours=1))
FIRST = date(2020, 1, 1)
MORNING = datetime(2020, 1, 1, 9, tzinfo=BERLIN)
UNITS: tuple[Unit, ...] = get_args(Unit)


def point(days: float, value: Number = 2, *, late: bool = False) -> Point:
    at = MORNING + timedelta(days=days)
    return Point(at, value, at + timedelta(days=2 if late else 0), late)


def drawn(points: list[Point], last: date, first: date = FIRST, day_begins: int = 0) -> Chart:
    one = shown(Series("worry", (0, 10), tuple(points), "worry"), first, last, day_begins)
    return chart(one, Backdrop(first, last), "c1", day_begins)


def bars(made: Chart) -> list[tuple[float, float, float]]:
    """Where each bar is, and from which height to which it reaches."""
    (path,) = [one for one in ET.fromstring(made.svg).iter("path") if one.attrib["class"] == "span"]
    found = re.findall(r"M([\d.]+) ([\d.]+)V([\d.]+)", path.attrib["d"])
    assert "".join(f"M{x} {low}V{high}" for x, low, high in found) == path.attrib["d"]
    return [(float(x), float(low), float(high)) for x, low, high in found]


def test_the_unit_is_the_shortest_of_which_a_picture_has_room() -> None:
    for days, unit in ((14, "day"), (106, "day"), (107, "week"), (731, "week"), (5 * 365, "month"), (20 * 365, "year")):
        assert unit_of(FIRST, FIRST + timedelta(days=days - 1)) == unit, days


@pytest.mark.parametrize("unit", UNITS)
def test_a_single_10_among_2s_is_the_highest_of_its_period(unit: Unit) -> None:
    points = [point(days / 3) for days in range(3 * 5 * 365)]
    points[2000] = point(2000 / 3, 10)
    last = FIRST + timedelta(days=5 * 365)
    found = [one for one in periods_of(points, unit, FIRST, last) if one.highest == 10]
    assert [(one.lowest, one.median, one.first <= day_of(points[2000].at) <= one.last) for one in found] == [
        (2, 2, True)
    ]


@pytest.mark.parametrize("days", [100, 700, 5 * 365, 20 * 365])
def test_a_single_10_among_2s_is_seen_however_long_the_range(days: int) -> None:
    points = [point(number / 3) for number in range(3 * days)]
    points[days] = point(days / 3, 10)
    made = drawn(points, FIRST + timedelta(days=days - 1))
    tops = [high for _, low, high in bars(made) if high != low]
    assert tops == [TOP]  # the upper edge of the picture, where 10 of 10 is
    assert "Lowest 2, median 2, highest 10" in made.summary
    assert made.summary.count("from its lowest to its highest value") == 1


def test_silence_stays_silence() -> None:
    points = [point(number / 3) for number in range(3 * 365)] + [point(900 + number / 3) for number in range(300)]
    made = drawn(points, FIRST + timedelta(days=5 * 365))
    months = [one.first for one in made.shown.periods]
    assert months[:12] == [date(2020, month, 1) for month in range(1, 13)]
    assert months[12:] == [date(2022, month, 1) for month in (6, 7, 8, 9)]
    assert len(list(ET.fromstring(made.svg).iter("polyline"))) == 0


def test_a_period_of_which_most_answers_came_later_is_marked_and_each_says_how_many_did() -> None:
    april = range(91, 121)
    points = [point(number / 3, late=number == 1000 or number // 3 in april) for number in range(3 * 5 * 365)]
    made = drawn(points, FIRST + timedelta(days=5 * 365))
    assert [one.synced_later for one in made.shown.periods if one.synced_later] == [89, 1, 1]
    circles = list(ET.fromstring(made.svg).iter("circle"))
    assert len(circles) == len(made.shown.periods)
    marked = [one.findtext("title") or "" for one in circles if one.attrib["class"] == "value point synced-later"]
    assert [title.replace("\N{NO-BREAK SPACE}", " ") for title in marked] == [
        "Apr 2020: median 2, 2 to 2 (90 values); 89 synced later"
    ]
    assert sum((one.findtext("title") or "").endswith("; 1 synced later") for one in circles) == 2


def test_weeks_begin_on_monday_and_no_period_reaches_beyond_the_range() -> None:
    points = [point(days) for days in range(20)]
    found = periods_of(points, "week", FIRST, FIRST + timedelta(days=19))
    assert [(one.first, one.last, one.count) for one in found] == [
        (date(2020, 1, 1), date(2020, 1, 5), 5),
        (date(2020, 1, 6), date(2020, 1, 12), 7),
        (date(2020, 1, 13), date(2020, 1, 19), 7),
        (date(2020, 1, 20), date(2020, 1, 20), 1),
    ]


def test_months_and_years_are_the_calendars() -> None:
    points = [point((date(2020, 2, 29) - FIRST).days), point((date(2020, 12, 31) - FIRST).days)]
    months = periods_of(points, "month", FIRST, date(2021, 6, 1))
    assert [(one.first, one.last) for one in months] == [
        (date(2020, 2, 1), date(2020, 2, 29)),
        (date(2020, 12, 1), date(2020, 12, 31)),
    ]
    (year,) = periods_of(points, "year", FIRST, date(2021, 6, 1))
    assert (year.first, year.last) == (date(2020, 1, 1), date(2020, 12, 31))


def test_what_is_logged_before_the_day_begins_counts_to_the_day_before() -> None:
    at = datetime(2020, 2, 1, 3, tzinfo=BERLIN)
    answer = Point(at, 2, at)
    assert periods_of([answer], "month", FIRST, date(2020, 3, 1), 4)[0].first == date(2020, 1, 1)
    assert periods_of([answer], "month", FIRST, date(2020, 3, 1), 3)[0].first == date(2020, 2, 1)


@given(
    st.integers(0, 40_000),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 10), st.booleans()), min_size=1, max_size=60),
)
def test_every_answer_is_in_one_period_and_there_are_never_too_many(
    days: int, answers: list[tuple[float, int, bool]]
) -> None:
    points = [point(int(share * days), value, late=late) for share, value, late in sorted(answers)]
    last = FIRST + timedelta(days=days)
    unit = unit_of(FIRST, last)
    found = periods_of(points, unit, FIRST, last)
    every = periods_of([point(day) for day in range(days + 1)], unit, FIRST, last)
    assert unit == "year" or len(every) <= MOST_PERIODS
    assert all(before.last < after.first for before, after in pairwise(every))
    for one in found:
        inside = [each for each in points if one.first <= each.at.date() <= one.last]
        assert one.count == len(inside)
        assert (one.lowest, one.highest) == (min(p.value for p in inside), max(p.value for p in inside))
        assert one.synced_later == sum(each.synced_later for each in inside)
    assert sum(one.count for one in found) == len(points)


@pytest.mark.parametrize("at", [date.min, date.max])
@pytest.mark.parametrize("unit", UNITS)
def test_the_calendars_own_limits_have_periods(unit: Unit, at: date) -> None:
    moment = datetime.combine(at, datetime.min.time().replace(hour=12), BERLIN)
    (found,) = periods_of([Point(moment, 1, moment)], unit, date.min, date.max)
    assert found.first <= at <= found.last


def test_a_picture_of_years_is_small() -> None:
    points = [point(number / 3, number % 11, late=True) for number in range(3 * 5 * 365)]
    assert len(drawn(points, FIRST + timedelta(days=5 * 365)).svg) < 16_000


def test_a_single_day_is_never_summed_up() -> None:
    points = [point(number / 1440, number % 11) for number in range(MOST_OF_A_DAY + 3)]
    made = drawn(points, FIRST)
    assert (len(made.shown.points), made.shown.periods, made.shown.left_out) == (MOST_OF_A_DAY, (), 3)
    assert "Only the newest 400 answers are drawn." in made.summary
    assert drawn(points[: MOST_POINTS + 1], FIRST).shown.left_out == 0


def test_a_period_is_called_by_its_name_in_one_piece() -> None:
    for first, last, name in (
        (FIRST, FIRST, "Wed_1_Jan_2020"),
        (date(2020, 2, 1), date(2020, 2, 29), "Feb_2020"),
        (date(2020, 2, 1), date(2020, 2, 28), "1_Feb – 28_Feb_2020"),
        (FIRST, date(2020, 12, 31), "2020"),
        (date(2019, 12, 30), date(2020, 1, 5), "30_Dec_2019 – 5_Jan_2020"),
        (FIRST, date(2020, 3, 31), "1_Jan – 31_Mar_2020"),
    ):
        assert phrases.period(first, last).replace("\N{NO-BREAK SPACE}", "_") == name


def test_days_far_apart_are_named_by_their_months_and_years() -> None:
    for days, names in ((400, ["Jan 2020", "Jul 2020", "Feb 2021"]), (200, ["1 Jan", "10 Apr", "19 Jul"])):
        made = drawn([point(0), point(days)], FIRST + timedelta(days=days))
        texts = [one.text for one in ET.fromstring(made.svg).iter("text") if not one.attrib.get("class")]
        assert texts[2:] == names
