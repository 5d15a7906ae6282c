"""A scale's scores as a picture: on the whole scale, with the published bands behind, and with the reliable-change band
around the baseline, within which a score may have changed by measurement error alone. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from math import ceil
from uuid import UUID

from markupsafe import Markup
from msgspec import Struct

from intersession_schemas.documents.moments import is_late
from intersession_schemas.instruments import Band, Instrument, labels
from intersession_schemas.instruments.change import threshold_of
from intersession_schemas.instruments.values import ReliableChange
from intersession_schemas.measures.scores import Measured
from intersession_server.language.language import count, current, say
from intersession_server.web.charts.backdrop import Backdrop, behind
from intersession_server.web.charts.charts import by_period, summed_up
from intersession_server.web.charts.drawing import (
    PlotArea,
    area,
    axes,
    came_words,
    joined_line,
    level,
    mark_of,
    picture,
    stretched,
    words_at,
)
from intersession_server.web.charts.periods import MOST_PERIODS, Period, Unit, periods_of, unit_of
from intersession_server.web.charts.points import Point
from intersession_server.web.charts.scores import band_words, newest_of, score_words
from intersession_server.web.page import phrases

MOST_DRAWN = 60
"""More scores than these in one picture are drawn by week, month or year."""
TALL = 150.0
_LEAST_NAMED = 15.0
"""A band lower than this is not named in the picture."""


class BaselineShown(Struct, frozen=True):
    """The score that changes are measured against: the baseline of the episode, or its first (`named` is False)."""

    assessment: UUID
    score: int
    day: date
    named: bool


class ScoresShown(Struct, frozen=True, kw_only=True):
    """The scores of one scale. `drawn` are those of the range that count, oldest first; `periods` what is drawn instead
    of very many. `latest` is the newest there is, whatever the range; `earlier` how many there are before the range.

    `parameters` is what a change is judged by, `threshold` how large it must be; None where nothing is published.
    """

    instrument: str
    scale: str
    title: str
    label: str
    low: int
    high: int
    bands: tuple[Band, ...]
    parameters: ReliableChange | None
    threshold: float | None
    baseline: BaselineShown | None
    latest: Measured
    drawn: tuple[Measured, ...]
    earlier: int
    unit: Unit | None = None
    periods: tuple[Period, ...] = ()


def scores_shown(scores: Sequence[Measured], instrument: Instrument, first: date, last: date) -> ScoresShown:
    """One scale's scores, newest first, as they are drawn of the local days from `first` to `last`."""
    newest = newest_of(scores)
    scale = instrument.scale(newest.scale)
    counting = [one for one in reversed(scores) if one.score.score is not None and not one.amended]
    drawn = tuple(one for one in counting if first <= one.day <= last)
    unit = unit_of(first, last) if len(drawn) > MOST_DRAWN else None
    periods = periods_of([_as_point(one) for one in drawn], unit, first, last) if unit and unit != "day" else []
    parameters = scale.changes[0] if scale.changes else None
    return ScoresShown(
        instrument=newest.instrument,
        scale=newest.scale,
        title=newest.title,
        label=newest.label,
        low=newest.score.low,
        high=newest.score.high,
        bands=scale.bands,
        parameters=parameters,
        threshold=None if parameters is None else threshold_of(parameters),
        baseline=_baseline(newest),
        latest=newest,
        drawn=drawn,
        earlier=sum(one.day < first for one in counting),
        unit=unit if periods else None,
        periods=tuple(periods[-MOST_PERIODS:]),
    )


def _baseline(newest: Measured) -> BaselineShown | None:
    """What the newest score is measured against."""
    for one in newest.compared:
        if one.against != "last" and one.change.before is not None:
            return BaselineShown(one.assessment, one.change.before, one.day, one.against == "baseline")
    return None


def score_picture(one: ScoresShown, drawn: Backdrop, id_: str, day_begins: int = 0) -> Markup:
    """The picture of the scores in the range of the backdrop."""
    frame = PlotArea.of_days(drawn.first, drawn.last, one.low, one.high, day_begins, TALL)
    values = by_period(frame, one.periods) if one.periods else _by_score(frame, one.drawn)
    shown = [
        *_bands(frame, one.bands),
        *axes(frame, drawn.first, drawn.last),
        *behind(frame, drawn),
        *_error_band(frame, one),
        *values,
    ]
    name = one.title if one.label == one.title else f"{one.title}: {one.label}"
    return picture(id_, name, _summary(one, drawn), shown, frame.bottom)


def _by_score(frame: PlotArea, scores: Sequence[Measured]) -> Iterator[str]:
    placed = [(frame.within(one.measured_at), frame.y(one.score.score or 0)) for one in scores]
    if len(placed) > 1:
        yield stretched(frame, [joined_line(placed)])
    for one, (x, y) in zip(scores, placed, strict=True):
        point = _as_point(one)
        yield mark_of(x, y, _said(one, point), point)


def _said(one: Measured, point: Point) -> str:
    said = say("%(moment)s: %(value)s", moment=phrases.moment(one.measured_at), value=score_words(one))
    if one.score.band:
        said = say("%(said)s, %(band)s", said=said, band=band_words(one.score))
    return came_words(synced_later=point.synced_later, entered_later=point.entered_later, said=said)


def _as_point(one: Measured) -> Point:
    arrived = one.arrived_at or one.completed_at
    # What the care team took down from paper waited for nobody's network.
    return Point(one.measured_at, one.score.score or 0, arrived, is_synced_later(one))


def is_synced_later(one: Measured) -> bool:
    """Whether it was received more than a day after it was completed on a device."""
    return not one.paper and one.arrived_at is not None and is_late(one.completed_at, one.arrived_at)


def _bands(frame: PlotArea, bands: Sequence[Band]) -> Iterator[str]:
    """Every other band is shaded, each named at its left end; where one ends is the middle between two scores."""
    for number, band in enumerate(bands):
        top = frame.y(min(band.high + 0.5, frame.high))
        bottom = frame.y(max(band.low - 0.5, frame.low))
        name = labels.band_label(band, current().tag)
        said = say("%(band)s: %(low)s to %(high)s", band=name, low=band.low, high=band.high)
        yield area("band" if number % 2 else "band plain", 0, 100, top, bottom, said)
        if bottom - top >= _LEAST_NAMED:
            yield words_at("0.6%", top + 12, "start", name, "band-name")


def _error_band(frame: PlotArea, one: ScoresShown) -> Iterator[str]:
    """The baseline as a line, and around it what may be measurement error, to the middle between two scores."""
    base = one.baseline
    if base is None:
        return
    if one.threshold is not None:
        reach = ceil(one.threshold) - 0.5
        top, bottom = (frame.y(min(max(base.score + off, frame.low), frame.high)) for off in (reach, -reach))
        yield area("error-band", 0, 100, top, bottom, _band_words(one))
        for y in (top, bottom):
            yield level("error-edge", y)
    yield level("baseline", frame.y(base.score))
    yield words_at("99.4%", frame.y(base.score) - 4, "end", baseline_words(base), "baseline-name")


def baseline_words(base: BaselineShown) -> str:
    """What the line of the baseline is called."""
    if base.named:
        return say("baseline %(score)s", score=base.score)
    return say("first of this episode %(score)s", score=base.score)


def _band_words(one: ScoresShown) -> str:
    if one.parameters is not None and one.parameters.kind == "important":
        return say("Less than the published difference from the baseline")
    return say("Within measurement error of the baseline")


def _summary(one: ScoresShown, drawn: Backdrop) -> str:
    said = {"first": phrases.day(drawn.first), "last": phrases.day(drawn.last), "low": one.low, "high": one.high}
    parts = [
        count(
            "%(n)s score from %(first)s to %(last)s, scale %(low)s to %(high)s.",
            "%(n)s scores from %(first)s to %(last)s, scale %(low)s to %(high)s.",
            len(one.drawn),
            **said,
        )
    ]
    if one.drawn:
        newest = one.drawn[-1]
        latest = score_words(newest)
        if newest.score.band:
            parts.append(say("Latest %(score)s, %(band)s.", score=latest, band=band_words(newest.score)))
        else:
            parts.append(say("Latest %(score)s.", score=latest))
    if one.baseline is not None:
        parts.append(
            say("Measured against %(score)s on %(day)s.", score=one.baseline.score, day=phrases.day(one.baseline.day))
        )
    if one.unit is not None:
        parts.append(summed_up(one.unit))
    return " ".join(parts)
