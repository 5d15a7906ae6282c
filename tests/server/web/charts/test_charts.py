from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import uuid4
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from intersession_schemas.documents.care.plan import Plan, PlanTracker
from intersession_schemas.documents.diary.symptom_history import Standing
from intersession_schemas.documents.diary.symptoms import Log, Number
from intersession_server.web.charts.backdrop import Backdrop
from intersession_server.web.charts.charts import JOINED_WITHIN, Chart, chart
from intersession_server.web.charts.drawing import TOP
from intersession_server.web.charts.periods import periods_of
from intersession_server.web.charts.points import Point
from intersession_server.web.charts.series import MOST_POINTS, Scale, Series, series_of, shown
from intersession_server.web.charts.series import point as point_of

BERLIN = timezone(timedelta(hours=1))
FIRST, LAST = date(2020, 3, 9), date(2020, 3, 22)
MIDNIGHT = datetime(2020, 3, 9, tzinfo=BERLIN)
MONDAY = datetime(2020, 3, 16, 9, 0, tzinfo=BERLIN)


def point(at: datetime = MONDAY, value: Number = 3, *, late: bool = False) -> Point:
    return Point(at, value, at + timedelta(days=2 if late else 0), late)


def series(*points: Point, name: str = "worry", scale: Scale | None = (1, 5)) -> Series:
    return Series(name, scale, points, "worry")


def log(at: datetime, values: dict[str, Number], scale: Scale | None = (1, 5)) -> Standing:
    return Standing(Log(id=uuid4(), at=at, entered_at=at, values=values, scale=scale), at.astimezone(UTC))


def made(one: Series, first: date = FIRST, last: date = LAST) -> Chart:
    return chart(shown(one, first, last), Backdrop(first, last), "c1")


def drawn(one: Series, first: date = FIRST, last: date = LAST) -> ET.Element:
    """The picture, read strictly."""
    return ET.fromstring(made(one, first, last).svg)


def circles(svg: ET.Element) -> list[tuple[float, float]]:
    return [(float(one.attrib["cx"].removesuffix("%")), float(one.attrib["cy"])) for one in svg.iter("circle")]


def lines(svg: ET.Element) -> list[int]:
    """How many answers each line joins."""
    return [len(line.attrib["points"].split()) for line in svg.iter("polyline")]


def test_series_are_by_symptom_and_scale_oldest_first() -> None:
    logs = [
        log(MONDAY, {"worry": 2}),
        log(MONDAY, {"worry": 9}, (0, 10)),
        log(MONDAY, {"Alone": 1}, None),
        log(MONDAY + timedelta(hours=2), {"Worry ": 3, "relax": 1}),
    ]
    found = series_of(logs, Plan())
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
    assert [
        (one.first, one.last, one.count, one.lowest, one.median, one.highest, one.synced_later) for one in days
    ] == [
        (date(2020, 3, 16), date(2020, 3, 16), 2, 1, 2.5, 4, 0),
        (date(2020, 3, 17), date(2020, 3, 17), 1, 5, 5, 5, 1),
    ]


def test_the_picture_says_what_it_shows_to_those_who_do_not_see_it() -> None:
    svg = drawn(series(point(MONDAY, 2), point(MONDAY + timedelta(hours=5), 4, late=True)))
    assert svg.attrib["role"] == "img"
    title, description = svg.find("title"), svg.find("desc")
    assert title is not None
    assert description is not None
    assert (svg.attrib["aria-labelledby"], svg.attrib["aria-describedby"]) == (
        title.attrib["id"],
        description.attrib["id"],
    )
    assert title.text == "worry"
    assert description.text == (
        "2 answers from Mon 9 Mar 2020 to Sun 22 Mar 2020, scale 1 to 5. Lowest 2, median 3, highest 4,"
        " latest 4 on Mon 16 Mar 2020, 14:00. 1 was synced more than a day later."
    )


def test_the_axes_have_the_scales_ends_and_the_days() -> None:
    svg = drawn(series(point(MONDAY, 3)))
    named = [(text.text, text.attrib.get("class", "")) for text in svg.iter("text")]
    assert [text for text, class_ in named if not class_] == ["1", "5", "9 Mar", "15 Mar", "22 Mar"]
    assert [text for text, class_ in named if class_ == "between"] == ["11 Mar", "13 Mar", "17 Mar", "19 Mar"]
    (_, middle) = circles(svg)[0]
    (_, low) = circles(drawn(series(point(MONDAY, 1))))[0]
    (_, high) = circles(drawn(series(point(MONDAY, 5))))[0]
    assert low > high
    assert middle == (low + high) / 2


def test_without_a_scale_the_axis_has_the_ends_of_the_answers_and_it_says_so() -> None:
    one = series(point(MONDAY, 20), point(MONDAY + timedelta(hours=1), 70), scale=None)
    svg = drawn(one)
    assert [text.text for text in svg.iter("text")][:2] == ["20", "70"]
    assert "no scale" in made(one).summary


def test_answers_far_apart_are_not_joined() -> None:
    near, far = MONDAY + JOINED_WITHIN, MONDAY + 2 * JOINED_WITHIN + timedelta(minutes=1)
    assert lines(drawn(series(point(MONDAY), point(near), point(far)))) == [2]
    assert lines(drawn(series(point(MONDAY)))) == []


def test_what_was_synced_later_is_hollow_what_was_entered_later_a_diamond_and_every_point_says_its_value() -> None:
    hour = timedelta(hours=1)
    points = [
        point(MONDAY, 2),
        point(MONDAY + hour, 3, late=True),
        Point(MONDAY + 2 * hour, 4, MONDAY, False, True),
        Point(MONDAY + 3 * hour, 5, MONDAY, True, True),
    ]
    svg = drawn(series(*points))
    values = [one for one in svg.iter() if "value" in one.attrib.get("class", "").split()]
    assert [(one.tag, one.attrib["class"], one.findtext("title")) for one in values] == [
        ("circle", "value point", "Mon 16 Mar 2020, 09:00: 2"),
        ("circle", "value point synced-later", "Mon 16 Mar 2020, 10:00: 3; synced later"),
        ("svg", "value point entered-later", "Mon 16 Mar 2020, 11:00: 4; entered later"),
        ("svg", "value point synced-later entered-later", "Mon 16 Mar 2020, 12:00: 5; entered later and synced later"),
    ]


def test_only_what_was_entered_later_is_late() -> None:
    """About Monday: a log that waited for a network is not late, and what was entered on Friday was not synced late."""
    day = timedelta(days=1)
    for entered, arrived, synced_later, entered_later in (
        (MONDAY, MONDAY + timedelta(hours=1), False, False),
        (MONDAY, MONDAY + 4 * day, True, False),
        (MONDAY + 4 * day, MONDAY + 4 * day, False, True),
        (MONDAY + 4 * day, MONDAY + 6 * day, True, True),
        (MONDAY + day, MONDAY + day, False, False),
        (MONDAY + 9 * day, MONDAY + timedelta(hours=1), False, False),  # a clock that ran ahead
    ):
        found = point_of(MONDAY, 3, entered, arrived)
        assert (found.synced_later, found.entered_later) == (synced_later, entered_later), (entered, arrived)


def test_series_of_the_plan_come_first_in_its_order_on_its_scale() -> None:
    plan = Plan(trackers={"b": PlanTracker(name="Worry", low=0, high=10), "a": PlanTracker(name="calm", low=1, high=5)})
    logs = [log(MONDAY, {"apathy": 1, "calm": 2, "WORRY": 3}, None), log(MONDAY, {"worry": 4}, (1, 5))]
    assert [(one.name, one.scale, one.tracked) for one in series_of(logs, plan)] == [
        ("Worry", (0, 10), True),
        ("calm", (1, 5), True),
        ("Worry", (1, 5), False),
        ("apathy", None, False),
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
    one = made(series(*points), FIRST, FIRST + timedelta(days=60))
    assert len(one.shown.periods) == len(circles(ET.fromstring(one.svg))) == len({p.at.date() for p in points})
    assert "Each day is drawn from its lowest to its highest value, with a point at the median." in one.summary
    assert not made(series(*points[1:]), FIRST, FIRST + timedelta(days=60)).shown.periods


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
    text = made(series(*points, name=name, scale=scale)).svg
    assert "nan" not in re.sub(r"<(title|desc)[^>]*>.*?</", "", text, flags=re.DOTALL)
    for x, y in re.findall(r'cx="([^"]+)%" cy="([^"]+)"', text):
        assert 0 <= float(x) <= 100
        assert TOP <= float(y) <= TOP + 92
