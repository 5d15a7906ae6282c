"""Scores as pictures and words, and what is said of a change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import get_args
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from intersession_schemas.instruments import INSTRUMENTS, reliable_change, score
from intersession_schemas.instruments.change import Verdict
from intersession_schemas.measures.plan_changes import PlanPart
from intersession_schemas.measures.scores import Against, Compared, Measured
from intersession_server.web.brief.words import part_words
from intersession_server.web.charts.backdrop import Backdrop
from intersession_server.web.charts.drawing import TOP
from intersession_server.web.charts.score_charts import TALL, ScoresShown, score_picture, scores_shown
from intersession_server.web.charts.scores import (
    against_words,
    band_words,
    change_parameters,
    change_words,
    newest_of,
    score_name,
    score_words,
    threshold_rests_on,
    threshold_told,
    tone_of,
    verdict_words,
)

MONDAY = datetime(2026, 2, 23, 9, tzinfo=UTC)
PHQ = INSTRUMENTS["phq-9"]


def measured(answer: int | None, days: int = 0, *, amended: bool = False, late: bool = False) -> Measured:
    """All nine items with the same answer; None: one is missing."""
    answers = {f"q{number}": answer if answer is not None else 1 for number in range(1, 10)}
    if answer is None:
        del answers["q9"]
    at = MONDAY + timedelta(days=days)
    return Measured(
        assessment=UUID(int=days),
        completion=UUID(int=days),
        instrument="phq-9",
        title=PHQ.title,
        scale="total",
        label="Depression",
        score=score(PHQ, answers).scale("total"),
        scheme=PHQ.scheme,
        wording="paper",
        completed_at=at,
        measured_at=at,
        day=at.date(),
        arrived_at=at + timedelta(days=3 if late else 0),
        paper=True,
        amended=amended,
    )


def shown(*scores: Measured, first: date | None = None) -> ScoresShown:
    return scores_shown(scores, PHQ, first or MONDAY.date(), scores[0].day)


def drawn(*scores: Measured) -> ET.Element:
    one = shown(*scores)
    return ET.fromstring(score_picture(one, Backdrop(MONDAY.date(), max(each.day for each in scores)), "s1"))


def of_class(svg: ET.Element, name: str) -> list[ET.Element]:
    return [one for one in svg.iter() if one.attrib.get("class") == name]


def test_there_are_words_for_everything() -> None:
    for words, kinds in ((against_words, Against), (verdict_words, Verdict), (part_words, PlanPart)):
        assert all(words(kind) for kind in get_args(kinds))


def test_the_picture_has_the_whole_scale_its_bands_and_a_point_for_each_score() -> None:
    svg = drawn(measured(3, 40), measured(2, 20), measured(0))
    circles = [(float(one.attrib["cx"].removesuffix("%")), float(one.attrib["cy"])) for one in svg.iter("circle")]
    assert [y for _, y in circles] == sorted((y for _, y in circles), reverse=True)
    assert (circles[0][1], circles[-1][1]) == (TOP + TALL, TOP)  # 0 of 27 below, 27 of 27 on top
    assert len(list(svg.iter("polyline"))) == 1
    assert [one.findtext("title") for one in svg.iter("rect")] == [
        "minimal: 0 to 4",
        "mild: 5 to 9",
        "moderate: 10 to 14",
        "moderately severe: 15 to 19",
        "severe: 20 to 27",
    ]
    assert [one.text for one in of_class(svg, "band-name")] == [
        "minimal",
        "mild",
        "moderate",
        "moderately severe",
        "severe",
    ]
    (said,) = [one.text for one in svg.iter("desc")]
    assert said == "3 scores from Mon 23 Feb 2026 to Sat 4 Apr 2026, scale 0 to 27. Latest 27 of 27, severe."
    titles = [one.findtext("title") for one in svg.iter("circle")]
    assert titles[0] == "Mon 23 Feb 2026, 09:00: 0 of 27, minimal"


@pytest.mark.parametrize(("before", "inside"), [(18, range(13, 24)), (2, range(8))])
def test_the_band_around_the_baseline_holds_what_may_be_measurement_error(before: int, inside: range) -> None:
    """The threshold of 6 points is reached by 6: five points either way are within."""
    change = reliable_change(PHQ, "total", before, 9)
    base = Compared(against="baseline", assessment=UUID(int=0), at=MONDAY, day=MONDAY.date(), change=change)
    svg = drawn(replace(measured(1, 20), compared=(base,)))
    (band,) = of_class(svg, "error-band")
    top, height = float(band.attrib["y"]), float(band.attrib["height"])
    held = [value for value in range(28) if top <= TOP + TALL - value / 27 * TALL <= top + height]
    assert held == list(inside)
    assert band.findtext("title") == "Within measurement error of the baseline"
    assert [one.text for one in of_class(svg, "baseline-name")] == [f"baseline {before}"]
    assert "Measured against" in (svg.findtext("desc") or "")


def test_without_a_baseline_there_is_no_band_around_one() -> None:
    assert of_class(drawn(measured(1)), "error-band") == []


def test_what_a_threshold_rests_on_is_said() -> None:
    parameters = change_parameters(PHQ, "total")
    assert threshold_told(parameters) == "Reliable-change threshold: 6 points"
    rests_on = dict(threshold_rests_on(parameters))
    assert rests_on["Population"] == "people in NHS Talking Therapies"
    assert rests_on["Source"].startswith("NHS Talking Therapies manual")
    important = change_parameters(INSTRUMENTS["who-5"], "total")
    assert threshold_told(important) == "Published important difference: 10 points"
    assert "may be measurement error" in threshold_told(None)
    assert threshold_rests_on(None) == []


def test_what_was_corrected_or_has_no_score_is_not_drawn() -> None:
    assert len(list(drawn(measured(3, 5, amended=True), measured(1)).iter("circle"))) == 1
    assert shown(measured(None)).drawn == ()
    newest = newest_of([measured(None, 9), measured(3, 5, amended=True), measured(1)])
    assert score_words(newest) == "no score: incomplete, not scored"


def test_scores_before_the_range_are_counted_and_not_drawn() -> None:
    one = shown(measured(1, 40), measured(1, 20), measured(1), first=MONDAY.date() + timedelta(days=30))
    assert (len(one.drawn), one.earlier) == (1, 2)


def test_a_form_from_paper_was_not_synced_later() -> None:
    waited = measured(1, 5, late=True)
    for paper, hollow in ((True, 0), (False, 1)):
        svg = drawn(replace(waited, paper=paper))
        assert len(of_class(svg, "value point synced-later")) == hollow


def test_a_score_is_told_with_its_band_and_changes() -> None:
    base = Compared(
        against="baseline",
        assessment=UUID(int=0),
        at=MONDAY,
        day=MONDAY.date(),
        change=reliable_change(PHQ, "total", 20, 9),
    )
    last = replace(base, against="last", change=reliable_change(PHQ, "total", 8, 9))
    newest = measured(1, 20)
    assert newest_of([replace(newest, amended=True), newest, measured(2)]) is newest
    assert (score_name(newest), score_words(newest)) == (f"{PHQ.title}: Depression", "9 of 27")
    assert band_words(newest.score) == "mild"
    assert (verdict_words(base.change.verdict), tone_of(base)) == ("reliable improvement", "good")
    assert change_words(base).startswith("−11 since the baseline (Mon 23 Feb 2026): reliable improvement")
    assert change_words(last) == (
        "+1 since the one before (Mon 23 Feb 2026): within measurement error (threshold: 6 points)."
    )
    assert (tone_of(last), verdict_words(last.change.verdict)) == ("quiet", "within measurement error")


def compared(before: int, after: int | None, instrument: str = "phq-9", scale: str = "total") -> str:
    change = reliable_change(INSTRUMENTS[instrument], scale, before, after)
    return change_words(
        Compared(against="baseline", assessment=UUID(int=1), at=MONDAY, day=MONDAY.date(), change=change)
    )


def test_change_is_said_in_words_with_what_it_rests_on() -> None:
    assert compared(20, 8).startswith("−12 since the baseline (Mon 23 Feb 2026): reliable improvement (threshold: ")
    assert compared(8, 20).startswith("+12 since the baseline (Mon 23 Feb 2026): reliable deterioration (threshold: ")
    assert ": within measurement error (threshold: " in compared(8, 9)
    assert compared(8, None) == "Not comparable with the baseline (Mon 23 Feb 2026)."
    assert compared(8, 20, "check-in") == (
        "+12 since the baseline (Mon 23 Feb 2026): no threshold is published, so it may be measurement error."
    )


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 400)), min_size=1, max_size=12))
def test_every_point_lies_in_the_picture(given_scores: list[tuple[int, int]]) -> None:
    scores = [measured(answer, days) for answer, days in sorted(given_scores, key=lambda one: -one[1])]
    svg = drawn(*scores)
    for one in svg.iter("circle"):
        assert 0 <= float(one.attrib["cx"].removesuffix("%")) <= 100
        assert TOP <= float(one.attrib["cy"]) <= TOP + TALL
    for one in svg.iter("rect"):
        assert float(one.attrib["height"]) >= 0
        assert TOP <= float(one.attrib["y"]) <= TOP + TALL


def test_many_scores_are_drawn_by_month_all_of_them() -> None:
    scores = [measured(3 if week == 100 else 0, 7 * week) for week in reversed(range(260))]
    scores[7] = replace(scores[7], paper=False, arrived_at=scores[7].completed_at + timedelta(days=2))
    svg = drawn(*scores)
    (path,) = of_class(svg, "span")
    assert path.attrib["d"].count(f"V{TOP}") == 1  # the one of 27 among those of 0
    titles = [one.findtext("title") or "" for one in svg.iter("circle")]
    assert len(titles) == 61
    assert sum(title.endswith("; 1 synced later") for title in titles) == 1
    (said,) = [one.text for one in svg.iter("desc")]
    assert said is not None
    assert said.startswith("260 scores from ")
    assert said.endswith("Each month is drawn from its lowest to its highest value, with a point at the median.")
