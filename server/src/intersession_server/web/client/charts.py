"""A series as an SVG picture: points, a line where they lie close together, and the scale's ends. Pure.

Honest by construction: the vertical axis is the whole scale, the horizontal one is the range that was asked for, so
that silence shows as empty space; answers further apart than `JOINED_WITHIN` are not joined; a late answer is
hollow. A series too long to show each answer is drawn by day, week, month or year (`periods`), each from its lowest to
its highest answer, and says so.

The picture works without script and without style sheet, but takes its colours from `style.css`. Its title and
description say the same to those who do not see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from markupsafe import Markup, escape
from msgspec import Struct

from intersession_schemas.documents.diary.symptoms import Number
from intersession_server.web.client.periods import MOST_PERIODS, Period, Unit, periods_of, unit_of
from intersession_server.web.client.series import Point, Scale, Series
from intersession_server.web.page import phrases

JOINED_WITHIN = timedelta(hours=36)
MOST_POINTS = 150
"""More answers than these in one picture are drawn by day, week, month or year."""
MOST_OF_A_DAY = 400
"""Answers of a single day that are drawn, the newest: there is nothing shorter to sum them up by."""

# In units of about a pixel: text keeps its size where a picture is as wide as a column.
_WIDTH, _HEIGHT = 260.0, 126.0
LEFT, RIGHT, _TOP, _BOTTOM = 28.0, 252.0, 10.0, 100.0
RADIUS = 2.7
_MOST_LINES = 12
_NAMES = {name: Markup(name) for name in ("circle", "line", "path", "polyline", "rect")}  # noqa: S704 - words of this file


class Chart(Struct, frozen=True):
    """A picture and what is said about it. It shows `points`, or `periods` of so many answers; never both.

    They are in their order; `left_out` is how many older ones there are.
    """

    id: str
    name: str
    scale: Scale | None
    latest: Point
    summary: str
    svg: Markup
    points: tuple[Point, ...]
    periods: tuple[Period, ...] = ()
    left_out: int = 0


def chart(series: Series, first: date, last: date, id_: str, day_begins: int = 0) -> Chart:
    """The picture of a series that has at least one point, from the local day `first` to `last`, both shown whole."""
    points, periods = series.points, tuple[Period, ...]()
    if len(points) > MOST_POINTS and first < last:
        unit = unit_of(first, last)
        whole = tuple(periods_of(series.points, unit, first, last, day_begins))
        points, periods = (), whole[-MOST_PERIODS:]
        left_out = len(whole) - len(periods)
        summary = _summary(series, first, last)
        summary += f" {summed_up(unit, 'answer')}"
        summary += f" Only the newest {MOST_PERIODS} {unit}s with answers are drawn." if left_out else ""
    else:
        points = points[-MOST_OF_A_DAY:]
        left_out = len(series.points) - len(points)
        summary = _summary(series, first, last)
        summary += f" Only the newest {MOST_OF_A_DAY} answers are drawn." if left_out else ""
    low, high = _ends(series)
    frame = PlotArea.of_days(first, last, low, high, day_begins)
    drawn = by_period(frame, periods) if periods else _by_answer(frame, points)
    svg = picture(id_, series.name, summary, [*axes(frame, first, last), *drawn])
    return Chart(id_, series.name, series.scale, series.points[-1], summary, svg, points, periods, left_out)


def picture(id_: str, name: str, summary: str, drawn: Iterable[Markup]) -> Markup:
    """What is drawn, with its title and what it says for those who do not see it."""
    return Markup(
        '<svg class="chart" role="img" viewBox="0 0 {} {}" aria-labelledby="{}-title {}-desc">'
        '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}</svg>'
    ).format(f"{_WIDTH:g}", f"{_HEIGHT:g}", id_, id_, id_, name, id_, summary, Markup().join(drawn))


class PlotArea(Struct, frozen=True):
    """Where a local time and a value lie in the picture."""

    start: datetime
    end: datetime
    low: Number
    high: Number

    @classmethod
    def of_days(cls, first: date, last: date, low: Number, high: Number, day_begins: int = 0) -> PlotArea:
        """The frame of whole local days, which begin at the full hour `day_begins`."""
        begins = time(day_begins)
        return cls(datetime.combine(first, begins), datetime.combine(last, begins) + timedelta(days=1), low, high)

    def beginning(self, day: date) -> datetime:
        """When a local day begins."""
        return datetime.combine(day, self.start.time())

    def x(self, at: datetime) -> float:
        """How far from the left."""
        share = (at.replace(tzinfo=None) - self.start) / (self.end - self.start)
        return LEFT + share * (RIGHT - LEFT)

    def y(self, value: Number) -> float:
        """How far from the top."""
        share = (value - self.low) / (self.high - self.low)
        return _BOTTOM - share * (_BOTTOM - _TOP)


def _ends(series: Series) -> tuple[Number, Number]:
    values = [point.value for point in series.points]
    # A document may hold what no app of ours would write: a value beyond the scale is shown where it is.
    if series.scale is not None:
        values += series.scale
    low, high = min(values), max(values)
    return (low, high) if low < high else (low - 1, high + 1)


def axes(frame: PlotArea, first: date, last: date) -> Iterator[Markup]:
    """The scale's lines and ends, and the days below."""
    for value in _steps(frame.low, frame.high):
        y = place(frame.y(value))
        yield element("line", "grid", x1=place(LEFT), x2=place(RIGHT), y1=y, y2=y)
    for value in (frame.low, frame.high):
        yield svg_text(LEFT - 6, frame.y(value) + 4, "end", phrases.number(value))
    ticks = _day_ticks(first, last)
    named = phrases.axis_days([day for day, _ in ticks])
    for (day, anchor), words in zip(ticks, named, strict=True):
        x = frame.x(frame.beginning(day))
        yield element("line", "tick", x1=place(x), x2=place(x), y1=place(_BOTTOM), y2=place(_BOTTOM + 4))
        yield svg_text(x, _BOTTOM + 18, anchor, words)
    yield element("line", "axis", x1=place(LEFT), x2=place(RIGHT), y1=place(_BOTTOM), y2=place(_BOTTOM))


def _steps(low: Number, high: Number) -> list[Number]:
    """Where lines are drawn: at each whole number of a short scale, else at its ends alone."""
    whole = isinstance(low, int) and isinstance(high, int) and high - low <= _MOST_LINES
    return list(range(int(low), int(high) + 1)) if whole else [low, high]


def _day_ticks(first: date, last: date) -> list[tuple[date, str]]:
    """The days that are named below: the first, the last, and one between where there is room."""
    span = (last - first).days
    if span < 2:
        return [(first, "start"), *([(last, "start")] if span else [])]
    return [(first, "start"), (first + timedelta(days=span // 2), "middle"), (last, "end")]


def _by_answer(frame: PlotArea, points: Sequence[Point]) -> Iterator[Markup]:
    for run in _runs(points):
        if len(run) > 1:
            line = " ".join(f"{place(frame.x(point.at))},{place(frame.y(point.value))}" for point in run)
            yield element("polyline", "line", fill="none", points=line)
    for point in points:
        said = f"{phrases.moment(point.at)}: {phrases.number(point.value)}" + (", arrived late" if point.late else "")
        yield Markup('<circle class="{}" cx="{}" cy="{}" r="{}"><title>{}</title></circle>').format(
            "point late" if point.late else "point", place(frame.x(point.at)), place(frame.y(point.value)), RADIUS, said
        )


def _runs(points: Sequence[Point]) -> list[list[Point]]:
    """Answers that lie close enough together to be joined."""
    runs: list[list[Point]] = []
    for point in points:
        if runs and point.at - runs[-1][-1].at <= JOINED_WITHIN:
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs


def summed_up(unit: Unit, what: str) -> str:
    """How a period is drawn, in words."""
    return f"Each {unit} is shown from its lowest to its highest {what}, with a point at the median."


def by_period(frame: PlotArea, periods: Sequence[Period]) -> Iterator[Markup]:
    """A bar from the lowest to the highest value of each, and a point at the median in the middle of its days."""
    placed = [(one, frame.x(_middle(frame, one))) for one in periods]
    bars = (f"M{place(x)} {place(frame.y(one.lowest))}V{place(frame.y(one.highest))}" for one, x in placed)
    yield element("path", "span", d="".join(bars))
    points = (
        f'<circle class="{"point late" if one.late else "point"}" cx="{place(x)}" cy="{place(frame.y(one.median))}"'
        ' r="1.8"/>'
        for one, x in placed
    )
    yield Markup("".join(points))  # noqa: S704 - numbers, and words of this line


def _middle(frame: PlotArea, period: Period) -> datetime:
    return frame.beginning(period.first) + timedelta(hours=12) * ((period.last - period.first).days + 1)


def _summary(series: Series, first: date, last: date) -> str:
    values = [point.value for point in series.points]
    late = sum(point.late for point in series.points)
    latest = series.points[-1]
    parts = [
        f"{phrases.count(len(values), 'answer')} from {phrases.day(first)} to {phrases.day(last)},",
        f"{_scale_text(series)}. Lowest {phrases.number(min(values))}, highest {phrases.number(max(values))},",
        f"latest {phrases.number(latest.value)} on {phrases.moment(latest.at)}.",
    ]
    if late:
        parts.append(f"{late} synced more than a day later.")
    return " ".join(parts)


def _scale_text(series: Series) -> str:
    if series.scale is None:
        return "no scale"
    return f"scale {phrases.number(series.scale[0])} to {phrases.number(series.scale[1])}"


def element(name: str, class_: str, **attributes: str) -> Markup:
    """An SVG element without content."""
    written = Markup().join(Markup(' {}="{}"').format(key, value) for key, value in attributes.items())
    return Markup("<{}{}/>").format(_NAMES[name], Markup(' class="{}"').format(class_) + written)


def svg_text(x: float, y: float, anchor: str, text: str) -> Markup:
    """A text in a picture."""
    return Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(place(x), place(y), anchor, escape(text))


def place(number: float) -> str:
    """A number of a picture."""
    return f"{number:.1f}"
