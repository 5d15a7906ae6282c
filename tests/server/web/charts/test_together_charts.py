"""Homework and a symptom in pictures: every point, nothing under eight pairs, and never a cause."""

from __future__ import annotations

from datetime import date, timedelta
from xml.etree import ElementTree as ET

from intersession_schemas.measures.together import LEAST_PAIRS, RIVAL_EXPLANATIONS, Together, Weekly, together
from intersession_server.web.charts.together_charts import (
    direction_words,
    rival_explanations,
    together_shown,
    why_words,
)

MONDAY = date(2026, 1, 5)
HOMEWORK = [0.1, 0.9, 0.4, 0.7, 0.2, 1.0, 0.0, 0.6, 0.3, 0.8, 0.5, 0.95, 0.15, 0.65, 0.35, 0.85]


def weeks(count: int, *, gap: int | None = None) -> Together:
    """Homework, and a symptom that is lower in the week after more of it."""
    homework = {MONDAY + timedelta(weeks=n): Weekly(HOMEWORK[n % 16], 7) for n in range(count) if n != gap}
    symptom = {MONDAY + timedelta(weeks=n + 1): Weekly(9 - 8 * HOMEWORK[n % 16], 5) for n in range(count)}
    return together(homework, symptom)


def values(svg: str | None) -> list[str]:
    assert svg is not None
    found = [one for one in ET.fromstring(svg).iter() if "value" in one.attrib.get("class", "").split()]
    return [one.findtext("title") or "" for one in found]


def test_under_eight_pairs_nothing_is_drawn_and_it_says_how_many_there_are() -> None:
    shown = together_shown(weeks(LEAST_PAIRS - 1), "worry", (0, 10))
    assert shown.verdict == "Too little data: 7 pairs of weeks, and at least 8 are needed."
    assert (shown.enough, shown.directions, shown.rows) == (False, [], [])
    assert (shown.homework_svg, shown.symptom_svg) == (None, None)
    enough = together_shown(weeks(LEAST_PAIRS), "worry", (0, 10))
    assert enough.enough
    assert enough.directions[0].svg is not None
    # The other direction has fewer pairs, and is not drawn.
    assert (enough.directions[1].pairs, enough.directions[1].svg) == ("6 pairs of weeks", None)


def test_every_pair_is_a_point_and_there_is_no_line_through_them() -> None:
    found = weeks(16)
    shown = together_shown(found, "worry", (0, 10))
    forward = shown.directions[0]
    assert len(values(forward.svg)) == found.forward.n == 16
    assert "<polyline" not in str(forward.svg)
    assert values(forward.svg)[0] == ("Week of Mon 5 Jan 2026: homework 0.7 of 7; the week after: symptom 8.2 (5 logs)")
    assert len(values(shown.homework_svg)) == len(values(shown.symptom_svg)) == 16


def test_a_week_without_homework_is_a_gap() -> None:
    shown = together_shown(weeks(16, gap=5), "worry", (0, 10))
    assert len(values(shown.homework_svg)) == 15
    assert len(values(shown.directions[0].svg)) == 15
    row = next(one for one in shown.rows if one.week == MONDAY + timedelta(weeks=5))
    assert row.homework == ""


def test_it_says_that_they_moved_together_with_what_else_may_be_behind_it_and_never_that_one_caused_the_other() -> None:
    found = weeks(16)
    assert found.forward.words == "moved together"
    shown = together_shown(found, "worry", (0, 10))
    assert shown.directions[0].verdict == (
        "Moved together: more homework in one week went with a lower symptom in the next."
    )
    assert shown.moved
    said = " ".join([shown.verdict, *(f"{one.verdict} {one.why} {one.heading}" for one in shown.directions)])
    for word in ("caus", "because", "help", "effect", "due to", "led to", "predict"):
        assert word not in said.casefold()


def test_each_direction_has_its_own_sentence() -> None:
    found = weeks(16).forward
    replaced = [
        direction_words(one, forward=forward)
        for forward in (True, False)
        for one in (found, type(found)(pairs=(), n=16, r=0.8, p=0.01, words="moved together"))
    ]
    assert len(set(replaced)) == 4
    none = type(found)(pairs=(), n=16, r=0.1, p=0.8, words="no clear pattern", why="mostly one rhythm that both have")
    assert direction_words(none, forward=True) == "No clear pattern."
    assert "one rhythm" in why_words(none)


def test_the_explanations_are_those_that_belong_to_the_measure() -> None:
    assert tuple(rival_explanations()) == RIVAL_EXPLANATIONS
