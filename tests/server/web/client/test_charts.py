from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from intersession_schemas.documents.diary.symptoms import Number
from intersession_server.projections.read_models import SymptomAnswers
from intersession_server.web.client.charts import JOINED_WITHIN, MOST_POINTS, chart
from intersession_server.web.client.periods import periods_of
from intersession_server.web.client.series import Point, Scale, Series, series_of

BERLIN = timezone(timedelta(hours=1))
FIRST, LAST = date(2020, 3, 9), date(2020, 3, 22)
MIDNIGHT = datetime(2020, 3, 9, tzinfo=BERLIN)
MONDAY = datetime(2020, 3, 16, 9, 0, tzinfo=BERLIN)


def point(at: datetime = MONDAY, value: Number = 3, *, late: bool = False) -> Point:
    return Point(at, value, late, at + timedelta(days=2 if late else 0))


def series(*points: Point, name: str = "worry", scale: Scale | None = (1, 5)) -> Series:
    return Series(name, scale, points)


def log(at: datetime, values: dict[str, Number], scale: Scale | None = (1, 5)) -> SymptomAnswers:
    return SymptomAnswers(at, values, scale, at.astimezone(UTC), False)


def drawn(one: Series, first: date = FIRST, last: date = LAST) -> ET.Element:
    """The picture, read strictly."""
    return ET.fromstring(chart(one, first, last, "c1").svg)


def circles(svg: ET.Element) -> list[tuple[float, float]]:
    return [(float(circle.attrib["cx"]), float(circle.attrib["cy"])) for circle in svg.iter("circle")]


def lines(svg: ET.Element) -> list[int]:
    """How many answers each line joins."""
    return [len(line.attrib["points"].split()) for line in svg.iter("polyline")]


def test_series_are_by_symptom_and_scale_oldest_first() -> None:
    logs = [
        log(MONDAY + timedelta(hours=2), {"worry": 3, "relax": 1}),
        log(MONDAY, {"worry": 2}),
        log(MONDAY, {"worry": 9}, (0, 10)),
        log(MONDAY, {"Alone": 1}, None),
    ]
    found = series_of(logs)
    assert [(one.name, one.scale) for one in found] == [
        ("Alone", None),
        ("relax", (1, 5)),
        ("worry", (0, 10)),
        ("worry", (1, 5)),
    ]
    assert [one.value for one in found[-1].points] == [2, 3]


def test_days_are_the_writers_own() -> None:
    late_night, after_midnight = MONDAY.replace(hour=23, minute=50), MONDAY + timedelta(hours=15, minutes=10)
    points = [point(MONDAY, 1), point(late_night, 4), point(after_midnight, 5, late=True)]
    days = periods_of(points, "day", FIRST, LAST)
    assert [(one.first, one.last, one.count, one.lowest, one.median, one.highest, one.late) for one in days] == [
        (date(2020, 3, 16), date(2020, 3, 16), 2, 1, 2.5, 4, 0),
        (date(2020, 3, 17), date(2020, 3, 17), 1, 5, 5, 5, 1),
    ]


def test_the_picture_says_what_it_shows_to_those_who_do_not_see_it() -> None:
    svg = drawn(series(point(MONDAY, 2), point(MONDAY + timedelta(hours=5), 4, late=True)))
    assert svg.attrib["role"] == "img"
    title, description = svg.find("title"), svg.find("desc")
    assert title is not None
    assert description is not None
    assert svg.attrib["aria-labelledby"].split() == [title.attrib["id"], description.attrib["id"]]
    assert title.text == "worry"
    assert description.text == (
        "2 answers from Mon 9 Mar 2020 to Sun 22 Mar 2020, scale 1 to 5. Lowest 2, highest 4,"
        " latest 4 on Mon 16 Mar 2020, 14:00. 1 synced more than a day later."
    )


def test_the_axes_have_the_scales_ends_and_the_days() -> None:
    svg = drawn(series(point(MONDAY, 3)))
    assert [text.text for text in svg.iter("text")] == ["1", "5", "9 Mar", "15 Mar", "22 Mar"]
    (_, middle) = circles(svg)[0]
    (_, low) = circles(drawn(series(point(MONDAY, 1))))[0]
    (_, high) = circles(drawn(series(point(MONDAY, 5))))[0]
    assert low > high
    assert middle == (low + high) / 2


def test_without_a_scale_the_axis_has_the_ends_of_the_answers_and_it_says_so() -> None:
    one = series(point(MONDAY, 20), point(MONDAY + timedelta(hours=1), 70), scale=None)
    svg = drawn(one)
    assert [text.text for text in svg.iter("text")][:2] == ["20", "70"]
    assert "no scale" in chart(one, FIRST, LAST, "c1").summary


def test_answers_far_apart_are_not_joined() -> None:
    near, far = MONDAY + JOINED_WITHIN, MONDAY + 2 * JOINED_WITHIN + timedelta(minutes=1)
    assert lines(drawn(series(point(MONDAY), point(near), point(far)))) == [2]
    assert lines(drawn(series(point(MONDAY)))) == []


def test_a_late_answer_is_hollow_and_every_point_says_its_value() -> None:
    svg = drawn(series(point(MONDAY, 2), point(MONDAY + timedelta(hours=1), 3, late=True)))
    found = [(circle.attrib["class"], circle.findtext("title")) for circle in svg.iter("circle")]
    assert found == [
        ("point", "Mon 16 Mar 2020, 09:00: 2"),
        ("point late", "Mon 16 Mar 2020, 10:00: 3, arrived late"),
    ]


def test_an_answer_lies_on_its_local_day_whatever_the_offset() -> None:
    tokyo = datetime(2020, 3, 16, 9, 0, tzinfo=timezone(timedelta(hours=9)))
    here, there = circles(drawn(series(point(MONDAY))))[0], circles(drawn(series(point(tokyo))))[0]
    assert here == there


def test_a_value_beyond_its_scale_is_shown_where_it_is() -> None:
    svg = drawn(series(point(MONDAY, 7), scale=(1, 5)))
    assert [text.text for text in svg.iter("text")][:2] == ["1", "7"]


def test_a_long_series_is_drawn_by_day() -> None:
    points = [point(MONDAY + timedelta(hours=hour), hour % 5 + 1) for hour in range(MOST_POINTS + 1)]
    one = chart(series(*points), FIRST, FIRST + timedelta(days=60), "c1")
    assert len(one.periods) == len(circles(ET.fromstring(one.svg))) == len({p.at.date() for p in points})
    assert "Each day is shown from its lowest to its highest answer, with a point at the median." in one.summary
    assert not chart(series(*points[1:]), FIRST, FIRST + timedelta(days=60), "c1").periods


def test_names_are_text() -> None:
    svg = drawn(series(point(), name='<script>"&'))
    assert svg.findtext("title") == '<script>"&'


@given(
    st.lists(
        st.tuples(
            st.integers(0, 14 * 24 * 60 - 1).map(lambda minute: MIDNIGHT + timedelta(minutes=minute)),
            st.one_of(st.integers(-(10**15), 10**15), st.floats(-1e15, 1e15)),
            st.booleans(),
        ),
        min_size=1,
        max_size=30,
    ),
    st.one_of(st.none(), st.tuples(st.integers(-10, 0), st.integers(1, 10))),
    st.text(max_size=64),
)
def test_every_series_can_be_drawn_within_its_picture(
    answers: list[tuple[datetime, Number, bool]], scale: Scale | None, name: str
) -> None:
    points = [point(at, value, late=late) for at, value, late in sorted(answers)]
    text = chart(series(*points, name=name, scale=scale), FIRST, LAST, "c1").svg
    assert "nan" not in re.sub(r"<(title|desc)[^>]*>.*?</", "", text, flags=re.DOTALL)
    for x, y in re.findall(r'cx="([^"]+)" cy="([^"]+)"', text):
        assert 0 <= float(x) <= 260
        assert 0 <= float(y) <= 126
