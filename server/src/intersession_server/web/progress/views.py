"""What the page of progress shows, prepared: pictures, tables and words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup
from msgspec import Struct

from intersession_schemas.documents.diary.symptom_history import Standing
from intersession_schemas.documents.names import name_key, tidy_name, value_of
from intersession_schemas.measures.material import Cut, Material
from intersession_schemas.measures.scores import Measured, measured
from intersession_server.language.language import count, say
from intersession_server.web.charts.backdrop import ruler, session_words, span_words
from intersession_server.web.charts.charts import Chart, chart, summed_up
from intersession_server.web.charts.homework_charts import (
    HomeworkShown,
    done_of_due,
    homework_picture,
    state_words,
    states_words,
)
from intersession_server.web.charts.periods import Unit
from intersession_server.web.charts.progress import ProgressOfRange
from intersession_server.web.charts.score_charts import ScoresShown, baseline_words, is_synced_later, score_picture
from intersession_server.web.charts.scores import (
    Tone,
    band_words,
    bands_words,
    change_words,
    odd_words,
    score_name,
    score_words,
    threshold_rests_on,
    threshold_told,
    tone_of,
    verdict_words,
)
from intersession_server.web.charts.series import logs_between
from intersession_server.web.client.homework_views import title
from intersession_server.web.page import phrases

MOST_SCORES = 24
"""Scores of one scale in its table, the newest; they are all on a page of their own."""
MOST_NOTES = 50
MOST_CHANGES = 50


class ScoreRow(Struct, frozen=True):
    """One score of a table: when, what, and what is to be said of it."""

    at: datetime
    score: str
    band: str
    notes: str


class ScoreCard(Struct, frozen=True, kw_only=True):
    """The scores of one scale: the newest, what it changed by in words and what that rests on, a picture, a table."""

    id: str
    name: str
    latest: str
    band: str
    at: datetime
    verdict: str
    tone: Tone
    changes: list[str]
    baseline: str
    threshold: str
    important: bool
    rests_on: list[tuple[str, str]]
    bands: str
    svg: Markup | None
    outside: str
    rows: list[ScoreRow]
    rows_left_out: int


class HomeworkStrip(Struct, frozen=True):
    """An assignment's picture; `counts` is how often what became of it."""

    id: str
    name: str
    done: str
    counts: str
    svg: Markup
    rows: list[tuple[str, str]]


class LogNote(Struct, frozen=True):
    """What was noted with a symptom log."""

    at: datetime
    text: str


class CorrectedLog(Struct, frozen=True):
    """A symptom log that the client has corrected: what it said at first, where that was something else."""

    at: datetime
    corrected_at: datetime
    was: list[str]


class DrawnRange(Struct, frozen=True, kw_only=True):
    """All pictures of a range, and the notes and corrections of its symptom logs, newest first."""

    ruler: Markup
    ruler_rows: list[str]
    charts: list[Chart]
    unit: Unit | None
    unit_words: str
    scores: list[ScoreCard]
    homework: list[HomeworkStrip]
    synced_later: int
    entered_later: int
    notes: list[LogNote]
    notes_left_out: int
    corrected: list[CorrectedLog]
    corrected_left_out: int


def drawn_of(found: ProgressOfRange, material: Material, cut: Cut) -> DrawnRange:
    """The pictures of a range."""
    begins, back = material.plan.day_begins, found.backdrop
    charts = [chart(one, back, f"chart-{number}", begins) for number, one in enumerate(found.diary.series, start=1)]
    units = [one.unit for one in found.diary.series if one.unit is not None]
    logs = logs_between(material.symptom_logs(), found.first, found.last, begins)
    noted = [one for one in reversed(logs) if one.log.note]
    corrected = [one for one in reversed(logs) if one.corrected_at is not None]
    all_scores = measured(material, cut)
    return DrawnRange(
        ruler=ruler(back, "ruler", begins),
        ruler_rows=_ruler_rows(found),
        charts=charts,
        unit=units[0] if units else None,
        unit_words=summed_up(units[0]) if units else "",
        scores=[_score_card(one, found, all_scores, begins) for one in found.scores],
        homework=[_strip(one, found, number, begins) for number, one in enumerate(found.homework, start=1)],
        synced_later=sum(one.synced_later for one in found.diary.series),
        entered_later=sum(one.entered_later for one in found.diary.series),
        notes=[LogNote(one.log.at, one.log.note) for one in noted[:MOST_NOTES]],
        notes_left_out=max(len(noted) - MOST_NOTES, 0),
        corrected=[_corrected(one) for one in corrected[:MOST_NOTES]],
        corrected_left_out=max(len(corrected) - MOST_NOTES, 0),
    )


def _ruler_rows(found: ProgressOfRange) -> list[str]:
    return [
        *map(span_words, found.backdrop.phases),
        *map(session_words, reversed(found.backdrop.sessions)),
    ]


# --- scores -----------------------------------------------------------------------------------------------------------


def _score_card(one: ScoresShown, found: ProgressOfRange, scores: Sequence[Measured], begins: int) -> ScoreCard:
    latest, id_ = one.latest, f"score-{one.instrument}-{one.scale}"
    listed = [
        each
        for each in scores
        if (each.instrument, each.scale) == (one.instrument, one.scale) and found.first <= each.day <= found.last
    ]
    first = latest.compared[0] if latest.compared else None
    important = one.parameters is not None and one.parameters.kind == "important"
    return ScoreCard(
        id=id_,
        name=score_name(latest),
        latest=score_words(latest),
        band=band_words(latest.score),
        at=latest.measured_at,
        verdict="" if first is None else verdict_words(first.change.verdict),
        tone="quiet" if first is None else tone_of(first),
        changes=[change_words(each) for each in latest.compared],
        baseline="" if one.baseline is None else baseline_words(one.baseline),
        threshold=threshold_told(one.parameters),
        important=important,
        rests_on=threshold_rests_on(one.parameters),
        bands=bands_words(one.bands),
        svg=score_picture(one, found.backdrop, id_, begins) if one.drawn else None,
        outside=_outside(one),
        rows=[_score_row(each) for each in listed[:MOST_SCORES]],
        rows_left_out=max(len(listed) - MOST_SCORES, 0),
    )


def _outside(one: ScoresShown) -> str:
    """What there is of a scale before the range."""
    if not one.earlier:
        return ""
    return count("%(n)s score is before these days.", "%(n)s scores are before these days.", one.earlier)


def _score_row(one: Measured) -> ScoreRow:
    received = ""
    if one.arrived_at is not None and is_synced_later(one):
        received = say("received %(moment)s", moment=phrases.arrival(one.arrived_at, one.completed_at))
    completions = ""
    if one.one_of > 1:
        completions = say("one of %(n)s completions of the same assessment", n=one.one_of)
    notes = phrases.joined(
        say("paper or interview") if one.paper else "",
        say("corrected later") if one.amended else "",
        completions,
        odd_words(one),
        received,
    )
    return ScoreRow(one.measured_at, score_words(one), band_words(one.score), notes)


# --- homework ---------------------------------------------------------------------------------------------------------


def _strip(one: HomeworkShown, found: ProgressOfRange, number: int, begins: int) -> HomeworkStrip:
    id_, name = f"homework-{number}", title(one.what.strip())
    rows = [(phrases.day(each.day), state_words(each.state)) for each in reversed(one.marks)]
    rows += [(phrases.period(each.first, each.last), states_words(each.states)) for each in reversed(one.periods)]
    svg = homework_picture(one, found.backdrop, name, id_, begins)
    return HomeworkStrip(id_, name, done_of_due(one.states), states_words(one.states), svg, rows)


# --- symptom logs -----------------------------------------------------------------------------------------------------


def _corrected(one: Standing) -> CorrectedLog:
    """What a log said at first, where that was something else."""
    log, first = one.log, one.earlier[0]
    was = [
        f"{tidy_name(name)} {phrases.number(value)}"
        for name, value in first.values.items()
        if value_of(log.values, name_key(name)) != value
    ]
    was += [
        say("without %(symptom)s", symptom=tidy_name(name))
        for name in log.values
        if value_of(first.values, name_key(name)) is None
    ]
    if first.at != log.at:
        was.append(say("about %(moment)s", moment=phrases.moment(first.at)))
    if first.note != log.note:
        was.append(say("another note") if first.note else say("no note"))
    more = len(was) - MOST_CHANGES
    if more > 0:
        was = [*was[:MOST_CHANGES], count("and %(n)s more", "and %(n)s more", more)]
    return CorrectedLog(log.at, one.corrected_at or log.entered_at, was)
