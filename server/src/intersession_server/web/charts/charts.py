"""A series as an SVG picture: points, a line where they lie close together, and the scale's ends. Pure.

Honest by construction: the vertical axis is the whole scale, the horizontal one is the range that was asked for, so
that silence shows as empty space; answers further apart than `JOINED_WITHIN` are not joined; what was synced later is
hollow, what was entered later a diamond. A series too long to show each answer is drawn by day, week, month or year
(`periods`), each from its lowest to its highest answer, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from markupsafe import Markup
from msgspec import Struct

from intersession_schemas.documents.diary.symptoms import Number
from intersession_server.language.language import count, say
from intersession_server.web.charts.backdrop import Backdrop, behind
from intersession_server.web.charts.drawing import (
    PlotArea,
    along,
    axes,
    came_words,
    joined_line,
    mark,
    mark_of,
    picture,
    stretched,
)
from intersession_server.web.charts.periods import MOST_PERIODS, Period, Unit
from intersession_server.web.charts.points import Point
from intersession_server.web.charts.series import MOST_OF_A_DAY, Scale, SeriesShown
from intersession_server.web.page import phrases

JOINED_WITHIN = timedelta(hours=36)
TALL = 92.0


class Chart(Struct, frozen=True):
    """A picture of a series, and what is said about it."""

    id: str
    name: str
    shown: SeriesShown
    summary: str
    svg: Markup


def chart(one: SeriesShown, drawn: Backdrop, id_: str, day_begins: int = 0) -> Chart:
    """The picture of a series in the range of the backdrop."""
    low, high = _ends(one)
    frame = PlotArea.of_days(drawn.first, drawn.last, low, high, day_begins, TALL)
    values = list(by_period(frame, one.periods) if one.periods else _by_answer(frame, one.points))
    summary, name = _summary(one, drawn), series_name(one)
    shown = [*axes(frame, drawn.first, drawn.last), *behind(frame, drawn), *values]
    return Chart(id_, name, one, summary, picture(id_, name, summary, shown, frame.bottom))


def series_name(one: SeriesShown) -> str:
    """What a series is called: as it is logged, or the mood of the journal."""
    return one.name if one.key else say("Mood (journal)")


def _ends(one: SeriesShown) -> tuple[Number, Number]:
    # A document may hold what no app of ours would write: a value beyond the scale is shown where it is.
    values = [one.lowest, one.highest, *(one.scale or ())]
    low, high = min(values), max(values)
    return (low, high) if low < high else (low - 1, high + 1)


def _by_answer(frame: PlotArea, points: Sequence[Point]) -> Iterator[str]:
    placed = [(frame.x(one.at), frame.y(one.value)) for one in points]
    runs = [placed[begin:end] for begin, end in _runs(points)]
    yield stretched(frame, (joined_line(run) for run in runs if len(run) > 1))
    for one, (x, y) in zip(points, placed, strict=True):
        yield mark_of(x, y, point_words(one), one)


def point_words(one: Point) -> str:
    """Mon 16 Mar 2020, 23:50: 3; synced later"""
    said = say("%(moment)s: %(value)s", moment=phrases.moment(one.at), value=phrases.number(one.value))
    return came_words(synced_later=one.synced_later, entered_later=one.entered_later, said=said)


def _runs(points: Sequence[Point]) -> list[tuple[int, int]]:
    """Answers that lie close enough together to be joined: from which to which."""
    runs: list[tuple[int, int]] = []
    for number, one in enumerate(points):
        if runs and one.at - points[number - 1].at <= JOINED_WITHIN:
            runs[-1] = (runs[-1][0], number + 1)
        else:
            runs.append((number, number + 1))
    return runs


def by_period(frame: PlotArea, periods: Sequence[Period]) -> Iterator[str]:
    """A bar from the lowest to the highest value of each, and a point at the median in the middle of its days."""
    placed = [(one, frame.middle(one.first, one.last)) for one in periods]
    bars = (f"M{along(x)} {frame.y(one.lowest):.1f}V{frame.y(one.highest):.1f}" for one, x in placed)
    path = f'<path class="span" vector-effect="non-scaling-stroke" d="{"".join(bars)}"/>'
    yield stretched(frame, [path])
    for one, x in placed:
        synced, entered = one.is_mostly_synced_later, one.is_mostly_entered_later
        yield mark(x, frame.y(one.median), period_words(one), synced_later=synced, entered_later=entered)


def period_words(one: Period) -> str:
    """What became of a week, say, in words."""
    values = {"days": phrases.period(one.first, one.last), "median": phrases.number(one.median)}
    if one.count == 1:
        said = say("%(days)s: %(median)s (1 value)", **values)
    else:
        said = say(
            "%(days)s: median %(median)s, %(lowest)s to %(highest)s (%(n)s values)",
            lowest=phrases.number(one.lowest),
            highest=phrases.number(one.highest),
            n=f"{one.count:,}",
            **values,
        )
    came = [
        count("%(n)s synced later", "%(n)s synced later", one.synced_later) if one.synced_later else "",
        count("%(n)s entered later", "%(n)s entered later", one.entered_later) if one.entered_later else "",
    ]
    return phrases.joined(said, *came, by="; ")


def summed_up(unit: Unit) -> str:
    """How a period is drawn, in words."""
    match unit:
        case "day":
            return say("Each day is drawn from its lowest to its highest value, with a point at the median.")
        case "week":
            return say("Each week is drawn from its lowest to its highest value, with a point at the median.")
        case "month":
            return say("Each month is drawn from its lowest to its highest value, with a point at the median.")
        case "year":
            return say("Each year is drawn from its lowest to its highest value, with a point at the median.")


def _summary(one: SeriesShown, drawn: Backdrop) -> str:
    first, last = phrases.day(drawn.first), phrases.day(drawn.last)
    parts = [
        count(
            "%(n)s answer from %(first)s to %(last)s, %(scale)s.",
            "%(n)s answers from %(first)s to %(last)s, %(scale)s.",
            one.count,
            first=first,
            last=last,
            scale=scale_words(one.scale),
        ),
        say(
            "Lowest %(lowest)s, median %(median)s, highest %(highest)s, latest %(latest)s on %(moment)s.",
            lowest=phrases.number(one.lowest),
            median=phrases.number(one.median),
            highest=phrases.number(one.highest),
            latest=phrases.number(one.latest.value),
            moment=phrases.moment(one.latest.at),
        ),
    ]
    if one.synced_later:
        parts.append(
            count(
                "%(n)s was synced more than a day later.", "%(n)s were synced more than a day later.", one.synced_later
            )
        )
    if one.entered_later:
        parts.append(
            count(
                "%(n)s was entered more than a day later.",
                "%(n)s were entered more than a day later.",
                one.entered_later,
            )
        )
    if one.periods and one.unit is not None:
        parts.append(summed_up(one.unit))
    if one.left_out and one.periods:
        parts.append(say("Only the newest %(n)s of these are drawn.", n=MOST_PERIODS))
    elif one.left_out:
        parts.append(say("Only the newest %(n)s answers are drawn.", n=MOST_OF_A_DAY))
    return " ".join(parts)


def scale_words(scale: Scale | None) -> str:
    """The ends of a scale, or that there is none."""
    if scale is None:
        return say("no scale")
    return say("scale %(low)s to %(high)s", low=phrases.number(scale[0]), high=phrases.number(scale[1]))
