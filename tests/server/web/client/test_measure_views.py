"""Scores as pictures, tables and words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args
from uuid import UUID
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from intersession_schemas.instruments import INSTRUMENTS, reliable_change, score
from intersession_schemas.measures.plan_changes import PlanPart
from intersession_schemas.measures.scores import Against, Compared, Measured
from intersession_schemas.measures.signals.signal import SignalKind
from intersession_server.web.brief import views as brief_views
from intersession_server.web.client import measure_views
from intersession_server.web.client.measure_views import MOST_SCORES, change_words, score_card

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


def drawn(*scores: Measured) -> ET.Element:
    svg = score_card(scores, PHQ).svg
    assert svg is not None
    return ET.fromstring(svg)


def test_there_are_words_for_everything() -> None:
    assert set(measure_views._KINDS) == set(get_args(SignalKind))
    assert set(measure_views._AGAINST) == set(get_args(Against))
    assert set(brief_views._PARTS) == set(get_args(PlanPart))


def test_the_picture_has_the_whole_scale_and_a_point_for_each_score() -> None:
    svg = drawn(measured(3, 40), measured(2, 20), measured(0))
    circles = [(float(one.attrib["cx"]), float(one.attrib["cy"])) for one in svg.iter("circle")]
    assert [y for _, y in circles] == sorted((y for _, y in circles), reverse=True)
    assert (circles[0][1], circles[-1][1]) == (100.0, 10.0)  # 0 of 27 below, 27 of 27 on top
    assert len(list(svg.iter("polyline"))) == 1
    assert len(list(svg.iter("rect"))) == 2  # every other one of five bands
    texts = [one.text for one in svg.iter("text")]
    assert texts[:2] == ["0", "27"]
    (said,) = [one.text for one in svg.iter("desc")]
    assert said == "3 scores from Mon 23 Feb 2026 to Sat 4 Apr 2026, scale 0 to 27. Latest 27 of 27, severe."


def test_what_was_corrected_or_has_no_score_is_told_and_not_drawn() -> None:
    card = score_card([measured(None, 9), measured(3, 5, amended=True, late=True), measured(1)], PHQ)
    assert card.latest == "no score: incomplete, not scored"
    assert [(row.score, row.notes) for row in card.rows] == [
        ("no score: incomplete, not scored", "paper or interview"),
        ("27 of 27", "paper or interview, corrected later, received Tue 3 Mar 2026, 09:00"),
        ("9 of 27", "paper or interview"),
    ]
    assert len(list(drawn(measured(3, 5, amended=True), measured(1)).iter("circle"))) == 1
    assert score_card([measured(None)], PHQ).svg is None
    assert "0–4" in card.bands


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
        assert 28 <= float(one.attrib["cx"]) <= 252
        assert 10 <= float(one.attrib["cy"]) <= 100
    for one in svg.iter("rect"):
        assert float(one.attrib["height"]) >= 0
        assert 10 <= float(one.attrib["y"]) <= 100


def test_many_scores_are_drawn_by_month_all_of_them_and_listed_as_far_as_the_page_goes() -> None:
    scores = [measured(3 if week == 100 else 0, 7 * week, late=week == 7) for week in reversed(range(260))]
    card = score_card(scores, PHQ)
    assert card.svg is not None
    svg = ET.fromstring(card.svg)
    (path,) = [one for one in svg.iter("path") if one.attrib["class"] == "span"]
    assert path.attrib["d"].count("V10.0") == 1  # the one of 27 among those of 0
    points = [one.attrib["class"] for one in svg.iter("circle")]
    assert len(points) == 61
    assert points.count("point late") == 1
    (said,) = [one.text for one in svg.iter("desc")]
    assert said is not None
    assert said.startswith("260 scores from ")
    assert said.endswith("Each month is shown from its lowest to its highest score, with a point at the median.")
    assert (len(card.rows), card.rows_left_out) == (MOST_SCORES, 260 - MOST_SCORES)
