"""What the templates show of signals, scores and sessions, prepared: in words and in order. Pure.

A score is drawn on its whole scale, with the published bands behind it. What is worse or better by more than
measurement error is said in words, with what that rests on; nothing here is a diagnosis.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from markupsafe import Markup
from msgspec import Struct

from intersession_schemas.instruments import Band, Instrument
from intersession_schemas.measures.scores import Against, Compared, Measured
from intersession_schemas.measures.signals.signal import Signal, SignalKind
from intersession_server.projections.read_models import SessionView
from intersession_server.web.client.charts import (
    LEFT,
    RADIUS,
    RIGHT,
    PlotArea,
    axes,
    by_period,
    element,
    picture,
    place,
    summed_up,
)
from intersession_server.web.client.periods import MOST_PERIODS, periods_of, unit_of
from intersession_server.web.client.series import Point
from intersession_server.web.page import phrases

_KINDS: dict[SignalKind, str] = {
    "risk": "Positive risk item",
    "deterioration": "Reliable deterioration",
    "missed_run": "Homework missed several times in a row",
    "silence": "Nothing received",
    "not_accepted": "Answer not accepted",
}
_AGAINST: dict[Against, str] = {
    "baseline": "the baseline",
    "first of the episode": "the first of this episode",
    "last": "the one before",
}
MOST_SIGNALS = 20
"""Signals that are shown; they are all on a page of their own."""
MOST_SCORES = 24
"""Scores of one scale in its table, the newest; they are all on a page of their own."""
MOST_DRAWN = 60
"""More scores than these in one picture are drawn by week, month or year."""
_VERDICTS: dict[str, str] = {
    "no parameters published": "no threshold is published, so it may be measurement error",
}
"""Verdicts that need other words to be understood."""


class SignalCard(Struct, frozen=True):
    """A signal that nobody has acknowledged."""

    id: str
    kind: SignalKind
    heading: str
    text: str
    at: datetime
    arrived_at: datetime | None


class ScoreRow(Struct, frozen=True):
    """One score of a table: when, what, and what is to be said of it."""

    at: datetime
    score: str
    band: str
    notes: str


class ScoreCard(Struct, frozen=True):
    """The scores of one scale: the newest, what it changed by in words, a picture, a table."""

    id: str
    title: str
    label: str
    latest: str
    band: str
    changes: list[str]
    bands: str
    svg: Markup | None
    rows: list[ScoreRow]
    rows_left_out: int = 0


class MeasureCards(Struct, frozen=True):
    """Everything that is shown above plan and homework."""

    signals: list[SignalCard]
    acknowledged: int
    scores: list[ScoreCard]
    next_session: SessionView | None
    last_session: SessionView | None
    signals_left_out: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.signals or self.acknowledged or self.scores or self.next_session or self.last_session)


def measure_cards(
    signals: Sequence[Signal],
    scores: Sequence[Measured],
    known: Mapping[str, Instrument],
    sessions: Sequence[SessionView],
    now: datetime,
    day_begins: int = 0,
) -> MeasureCards:
    """Signals and scores are newest first, as they are made; `known` are the instruments by key.

    Local days begin at the full hour `day_begins`.
    """
    shown = [signal_card(one) for one in signals if not one.acknowledged]
    # Those about a risk are never among the ones left out for being old.
    if len(shown) > MOST_SIGNALS:
        shown.sort(key=lambda one: one.kind != "risk")
    by_scale: dict[tuple[str, str], list[Measured]] = {}
    for one in scores:
        by_scale.setdefault((one.instrument, one.scale), []).append(one)
    timed = [(one.session.planned_at, one) for one in sessions if one.session.planned_at is not None]
    planned = [(at, one) for at, one in timed if one.session.state == "planned" and at >= now]
    attended = [(at, one) for at, one in timed if one.session.state == "attended" and at <= now]
    return MeasureCards(
        signals=shown[:MOST_SIGNALS],
        signals_left_out=max(len(shown) - MOST_SIGNALS, 0),
        acknowledged=len(signals) - len(shown),
        scores=[score_card(found, known[key], day_begins) for (key, _), found in by_scale.items()],
        next_session=min(planned, key=lambda each: each[0])[1] if planned else None,
        last_session=max(attended, key=lambda each: each[0])[1] if attended else None,
    )


def signal_card(signal: Signal) -> SignalCard:
    """A signal, prepared."""
    return SignalCard(
        id=signal.id,
        kind=signal.kind,
        heading=_KINDS[signal.kind],
        text=signal.text,
        at=signal.at,
        arrived_at=signal.arrived_at,
    )


def score_card(scores: Sequence[Measured], instrument: Instrument, day_begins: int = 0) -> ScoreCard:
    """One scale's scores, newest first."""
    newest = next((one for one in scores if not one.amended), scores[0])
    scale = instrument.scale(newest.scale)
    id_ = f"score-{newest.instrument}-{newest.scale}"
    drawn = [one for one in reversed(scores) if one.score.score is not None and not one.amended]
    return ScoreCard(
        id=id_,
        title=newest.title,
        label=newest.label,
        latest=score_words(newest),
        band=newest.score.band or "",
        changes=[change_words(one) for one in newest.compared],
        bands=_bands_words(scale.bands),
        svg=_drawn(id_, newest, drawn, scale.bands, day_begins) if drawn else None,
        rows=[_row(one) for one in scores[:MOST_SCORES]],
        rows_left_out=max(len(scores) - MOST_SCORES, 0),
    )


def score_words(one: Measured) -> str:
    """17 of 27; or why there is no score."""
    if one.score.score is None:
        return f"no score: {one.score.why}"
    return f"{phrases.number(one.score.score)} of {one.score.high}"


def change_words(one: Compared) -> str:
    """What became of a score since an earlier one, in words, and what that rests on."""
    change = one.change
    if change.difference is None:
        return f"Not comparable with {_AGAINST[one.against]} ({phrases.day(one.day)})."
    verdict = _VERDICTS.get(change.verdict, change.verdict)
    points = f"{'+' if change.difference > 0 else ''}{phrases.number(change.difference)}"
    said = f"{points} since {_AGAINST[one.against]} ({phrases.day(one.day)}): {verdict}"
    if change.threshold is None:
        return f"{said}."
    return f"{said} (threshold: {phrases.number(round(change.threshold, 2))} points)."


def odd_words(one: Measured) -> str:
    """What date the device gave that cannot be right; empty where there is no such date."""
    return f"the device dated it {phrases.day(one.completed_at.date())}, which cannot be right" if one.odd else ""


def _row(one: Measured) -> ScoreRow:
    notes = phrases.joined(
        "paper or interview" if one.paper else "",
        "corrected later" if one.amended else "",
        f"one of {one.one_of} completions of the same assessment" if one.one_of > 1 else "",
        odd_words(one),
        f"received {phrases.arrival(one.arrived_at, one.completed_at)}"
        if one.arrived_at is not None and _is_late(one)
        else "",
    )
    return ScoreRow(one.measured_at, score_words(one), one.score.band or "", notes)


def _drawn(id_: str, newest: Measured, scores: Sequence[Measured], bands: Sequence[Band], day_begins: int) -> Markup:
    """The picture of scores, oldest first."""
    first, last = scores[0].day, scores[-1].day
    until = last if last > first else last + timedelta(days=1)
    low, high = newest.score.low, newest.score.high
    frame = PlotArea.of_days(first, until, low, high, day_begins)
    named = f"{newest.title}: {newest.label}"
    ended = scores[-1]
    summary = (
        f"{phrases.count(len(scores), 'score')} from {phrases.day(first)} to "
        f"{phrases.day(last)}, scale {low} to {high}. Latest {score_words(ended)}"
        f"{', ' + ended.score.band if ended.score.band else ''}."
    )
    if len(scores) > MOST_DRAWN and (unit := unit_of(first, until)) != "day":
        summary += f" {summed_up(unit, 'score')}"
        points = [_as_point(one) for one in scores]
        shown = by_period(frame, periods_of(points, unit, first, until, day_begins)[-MOST_PERIODS:])
    else:
        shown = _points(frame, scores)
    return picture(id_, named, summary, [*_bands(frame, bands), *axes(frame, first, until), *shown])


def _as_point(one: Measured) -> Point:
    arrived = one.arrived_at or one.completed_at
    return Point(one.measured_at, one.score.score or 0, _is_late(one), arrived)


def _is_late(one: Measured) -> bool:
    return one.arrived_at is not None and one.arrived_at - one.completed_at > timedelta(days=1)


def _bands(frame: PlotArea, bands: Sequence[Band]) -> Iterator[Markup]:
    """Every other band is shaded; where one ends is the middle between two scores."""
    for number, band in enumerate(bands):
        if number % 2:
            top = frame.y(min(band.high + 0.5, frame.high))
            bottom = frame.y(max(band.low - 0.5, frame.low))
            yield element(
                "rect", "band", x=place(LEFT), y=place(top), width=place(RIGHT - LEFT), height=place(bottom - top)
            )


def _points(frame: PlotArea, scores: Sequence[Measured]) -> Iterator[Markup]:
    found = [(one, frame.x(one.measured_at), frame.y(one.score.score or 0)) for one in scores]
    if len(found) > 1:
        line = " ".join(f"{place(x)},{place(y)}" for _, x, y in found)
        yield element("polyline", "line", fill="none", points=line)
    for one, x, y in found:
        said = f"{phrases.moment(one.measured_at)}: {score_words(one)}"
        yield Markup('<circle class="point" cx="{}" cy="{}" r="{}"><title>{}</title></circle>').format(
            place(x), place(y), RADIUS, said
        )


def _bands_words(bands: Sequence[Band]) -> str:
    named = ", ".join(f"{band.label} {_range(band)}" for band in bands)
    return f"Bands: {named}." if named else "No bands are published."


def _range(band: Band) -> str:
    return str(band.low) if band.low == band.high else f"{band.low}–{band.high}"
