"""A symptom as a line without axes: the days before the brief, the last session, and the days since. Pure.

The height is the whole scale. A day without a log is a gap. Its title and description say the same in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from markupsafe import Markup

from intersession_schemas.measures.trends import Trend
from intersession_server.web.client.charts import element, place

WIDTH, HEIGHT, EDGE = 160.0, 32.0, 3.0


def sparkline(trend: Trend, id_: str, said: str) -> Markup:
    """The picture of a trend; `said` describes it. Empty where nothing was logged."""
    values = [*trend.before, *(one.mean for one in trend.days)]
    logged = [one for one in values if one is not None]
    if not logged:
        return Markup()
    low = min(logged) if trend.low is None else min(trend.low, *logged)
    high = max(logged) if trend.high is None else max(trend.high, *logged)
    if low == high:
        low, high = low - 1, high + 1
    step = (WIDTH - 2 * EDGE) / max(1, len(values) - 1)

    def at(number: int, value: float) -> tuple[float, float]:
        return EDGE + number * step, HEIGHT - EDGE - (value - low) / (high - low) * (HEIGHT - 2 * EDGE)

    drawn = list(_lines(values, at))
    if trend.before:
        x = place(EDGE + (len(trend.before) - 0.5) * step)
        drawn.insert(0, element("line", "session", x1=x, x2=x, y1="0", y2=place(HEIGHT)))
    return Markup(
        '<svg class="chart sparkline" role="img" viewBox="0 0 {} {}" aria-labelledby="{}-title {}-desc">'
        '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}</svg>'
    ).format(f"{WIDTH:g}", f"{HEIGHT:g}", id_, id_, id_, trend.name, id_, said, Markup().join(drawn))


def _lines(values: Sequence[float | None], at: Callable[[int, float], tuple[float, float]]) -> Iterator[Markup]:
    """The days that follow one another as lines, single ones as points."""
    run: list[tuple[float, float]] = []
    for number, value in enumerate([*values, None]):
        if value is not None:
            run.append(at(number, value))
            continue
        if len(run) > 1:
            yield element("polyline", "line", points=" ".join(f"{place(x)},{place(y)}" for x, y in run), fill="none")
        elif run:
            yield element("circle", "point", cx=place(run[0][0]), cy=place(run[0][1]), r="1.6")
        run = []
