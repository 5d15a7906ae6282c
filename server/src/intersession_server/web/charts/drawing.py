"""What pictures are drawn with: a plot area as wide as there is room, axes, marks and texts. Pure.

Across, everything is placed in percent and text keeps its size, so that a picture is read on a phone as on a desk;
lines that bend lie in a layer of their own that is stretched (`stretched`). Down, a unit is a pixel.

Every value is an element of the class `value` with a title: what is read by pointing, and by `charts.js` with keys. A
picture works without script and without style sheet, but takes its colours from `styles/53-measures.css`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from markupsafe import Markup, escape
from msgspec import Struct

from intersession_schemas.documents.diary.symptoms import Number
from intersession_server.language.language import say
from intersession_server.web.charts.points import Point
from intersession_server.web.page import phrases

WIDE = 1_000.0
"""How wide the stretched layer is, whatever the picture's width."""
TOP = 9.0
BELOW = 24.0
RADIUS = 3.6
_MOST_LINES = 12
_LETTERS = 11.0
_LEAST_BAND = 15.0
"""A band that is lower than this is not named in the picture."""


class PlotArea(Struct, frozen=True):
    """Where a local time (in percent) and a value (in pixels) lie in a picture that is so `tall`, without its axis."""

    start: datetime
    end: datetime
    low: Number
    high: Number
    tall: float = 100.0

    @classmethod
    def of_days(
        cls, first: date, last: date, low: Number, high: Number, day_begins: int = 0, tall: float = 100.0
    ) -> PlotArea:
        """The area of whole local days, which begin at the full hour `day_begins`."""
        begins = time(day_begins)
        last = min(last, date.max - timedelta(days=1))
        start, end = datetime.combine(first, begins), datetime.combine(last, begins) + timedelta(days=1)
        return cls(start, end, low, high, tall)

    @property
    def bottom(self) -> float:
        """Where the axis is."""
        return TOP + self.tall

    def beginning(self, day: date) -> datetime:
        """When a local day begins."""
        return datetime.combine(day, self.start.time())

    def middle(self, first: date, last: date) -> float:
        """The middle of the local days from `first` to `last`."""
        return self.x(self.beginning(first) + timedelta(hours=12) * ((last - first).days + 1))

    def x(self, at: datetime) -> float:
        """How far from the left, in percent."""
        return 100 * ((at.replace(tzinfo=None) - self.start) / (self.end - self.start))

    def within(self, at: datetime) -> float:
        """The same, no further than the picture reaches."""
        return min(max(self.x(at), 0.0), 100.0)

    def y(self, value: Number) -> float:
        """How far from the top."""
        return self.bottom - (value - self.low) / (self.high - self.low) * self.tall


def picture(id_: str, name: str, summary: str, drawn: Iterable[str], bottom: float) -> Markup:
    """What is drawn (SVG), with its title and what it says for those who do not see it."""
    return Markup(  # noqa: S704 - numbers, escaped texts, and what the functions of this module made
        f'<svg class="chart" role="img" width="100%" height="{bottom + BELOW:g}"'
        f' aria-labelledby="{id_}-title" aria-describedby="{id_}-desc"><title id="{id_}-title">{escape(name)}</title>'
        f'<desc id="{id_}-desc">{escape(summary)}</desc>{"".join(drawn)}</svg>'
    )


def stretched(frame: PlotArea, drawn: Iterable[str]) -> str:
    """Lines whose places across are `along`: they are as wide as the picture, and as thick as anywhere."""
    return (
        f'<svg class="stretched" width="100%" height="{frame.bottom:g}" viewBox="0 0 {WIDE:g} {frame.bottom:g}"'
        f' preserveAspectRatio="none">{"".join(drawn)}</svg>'
    )


def along(percent: float) -> str:
    """A place across in the stretched layer."""
    return f"{percent * WIDE / 100:.1f}"


def joined_line(placed: Sequence[tuple[float, float]]) -> str:
    """A line through places (percent, pixels), for the stretched layer."""
    through = " ".join(f"{along(x)},{y:.1f}" for x, y in placed)
    return f'<polyline class="line" fill="none" vector-effect="non-scaling-stroke" points="{through}"/>'


def upright(class_: str, percent: float, top: float, bottom: float, said: str = "") -> str:
    """A line from top to bottom."""
    title = f"<title>{escape(said)}</title>" if said else ""
    x = f"{percent:.2f}%"
    return f'<line class="{class_}" x1="{x}" x2="{x}" y1="{top:.1f}" y2="{bottom:.1f}">{title}</line>'


def level(class_: str, y: float) -> str:
    """A line across."""
    return f'<line class="{class_}" x1="0" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>'


def area(class_: str, left: float, right: float, top: float, bottom: float, said: str = "") -> str:
    """A rectangle."""
    title = f"<title>{escape(said)}</title>" if said else ""
    size = f'width="{max(right - left, 0):.2f}%" height="{max(bottom - top, 0):.1f}"'
    return f'<rect class="{class_}" x="{left:.2f}%" y="{top:.1f}" {size}>{title}</rect>'


def words_at(x: str, y: float, anchor: str, text: str, class_: str = "") -> str:
    """A text; `x` has its unit."""
    named = f' class="{class_}"' if class_ else ""
    return f'<text{named} x="{x}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def mark(x: float, y: float, said: str, *, synced_later: bool = False, entered_later: bool = False) -> str:
    """A value: a point, hollow if it was synced later, a diamond if it was entered later."""
    kind = "value point" + (" synced-later" if synced_later else "")
    title = f"<title>{escape(said)}</title>"
    if entered_later:
        return (
            f'<svg class="{kind} entered-later" x="{x:.2f}%" y="{y:.1f}" overflow="visible">{title}'
            '<path d="M0-5.4L5.4 0L0 5.4L-5.4 0z"/></svg>'
        )
    return f'<circle class="{kind}" cx="{x:.2f}%" cy="{y:.1f}" r="{RADIUS}">{title}</circle>'


def mark_of(x: float, y: float, said: str, point: Point) -> str:
    """The value of a point."""
    return mark(x, y, said, synced_later=point.synced_later, entered_later=point.entered_later)


def came_words(*, synced_later: bool, entered_later: bool, said: str) -> str:
    """What is said of a value, with how it came."""
    if synced_later and entered_later:
        return say("%(said)s; entered later and synced later", said=said)
    if entered_later:
        return say("%(said)s; entered later", said=said)
    return say("%(said)s; synced later", said=said) if synced_later else said


# --- axes -------------------------------------------------------------------------------------------------------------


def axes(frame: PlotArea, first: date, last: date) -> Iterator[str]:
    """The scale's lines and ends, and the days below."""
    for value in _steps(frame.low, frame.high):
        yield level("grid", frame.y(value))
    for value in (frame.low, frame.high):
        yield words_at("-8", frame.y(value) + 4, "end", phrases.number(value))
    yield from days_axis(frame, first, last)


def days_axis(frame: PlotArea, first: date, last: date) -> Iterator[str]:
    """The days below."""
    ticks = _day_ticks(first, last)
    named = phrases.axis_days([day for day, _, _ in ticks])
    for (day, anchor, class_), words in zip(ticks, named, strict=True):
        x = frame.x(frame.beginning(day))
        yield upright(f"tick {class_}".strip(), x, frame.bottom, frame.bottom + 4)
        yield words_at(f"{x:.2f}%", frame.bottom + 17, anchor, words, class_)
    yield level("axis", frame.bottom)


def _steps(low: Number, high: Number) -> list[Number]:
    """Where lines are drawn: at each whole number of a short scale, else at its ends alone."""
    whole = isinstance(low, int) and isinstance(high, int) and high - low <= _MOST_LINES
    return list(range(int(low), int(high) + 1)) if whole else [low, high]


def _day_ticks(first: date, last: date) -> list[tuple[date, str, str]]:
    """The days that are named below: the first, the last, and where there is room some between, of which the class
    `between` says that a narrow picture leaves them out."""
    span = (last - first).days
    if span < 2:
        return [(first, "start", ""), *([(last, "start", "")] if span else [])]
    parts = 6 if span >= 12 else 2
    between = [
        (first + timedelta(days=span * number // parts), "middle", "" if 2 * number == parts else "between")
        for number in range(1, parts)
    ]
    return [(first, "start", ""), *between, (last, "end", "")]
