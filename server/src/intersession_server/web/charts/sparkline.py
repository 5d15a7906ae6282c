"""A symptom as a line without axes: the days before the brief, the last session, and the days since. Pure.

The height is the whole scale. A day without a log is a gap. Its title and description say the same in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from markupsafe import Markup, escape

from intersession_schemas.measures.trends import Trend

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
        x = EDGE + (len(trend.before) - 0.5) * step
        drawn.insert(0, f'<line class="session" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{HEIGHT:.1f}"/>')
    return Markup(  # noqa: S704 - numbers, and escaped texts
        f'<svg class="chart sparkline" role="img" viewBox="0 0 {WIDTH:g} {HEIGHT:g}"'
        f' aria-labelledby="{id_}-title" aria-describedby="{id_}-desc">'
        f'<title id="{id_}-title">{escape(trend.name)}</title>'
        f'<desc id="{id_}-desc">{escape(said)}</desc>{"".join(drawn)}</svg>'
    )


def _lines(values: Sequence[float | None], at: Callable[[int, float], tuple[float, float]]) -> Iterator[str]:
    """A dot for each day with a log, and lines through days that follow one another."""
    run: list[tuple[float, float]] = []
    for number, value in enumerate([*values, None]):
        if value is not None:
            run.append(at(number, value))
            continue
        if len(run) > 1:
            through = " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
            yield f'<polyline class="line" fill="none" points="{through}"/>'
        dots = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in run)
        if dots:
            yield f'<path class="dots" fill="none" d="{dots}"/>'
        run = []
