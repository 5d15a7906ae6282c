"""What is said of simulated people whose homework and symptoms have no relation, or one: the short form."""

from __future__ import annotations

import pytest
from tests.bench.together import WITH, WITHOUT, Making, simulate

DECEIVING = {
    "AR(1) 0.9 in both, 30 weeks": (150, 3),
    "random walks, 30 weeks": (150, 6),
    "large recovery (5 to 10) in both, 30 weeks": (50, 5),
    "fortnightly in both, 20 weeks": (50, 5),
    "every 4 weeks in both, 20 weeks": (50, 5),
    "every month (4.35 weeks) in both, 30 weeks": (25, 4),
    "every 2, 3, 4, 5 or 6 weeks in both, 8 to 30 weeks": (50, 5),
    "every 2 to 6 weeks in both, 20 weeks": (50, 5),
    "the same, 52 weeks": (15, 3),
    "the same, two periods, 20 weeks": (150, 7),
    "on and off every 2 to 6 weeks in both": (30, 4),
    "one week in 2 to 6 differs in both": (40, 5),
    "every 2 to 6 weeks in both, coarse": (30, 4),
    "every 4 weeks in both, height 3, 20 weeks": (25, 4),
    "every 4 weeks in both, height 1, 20 weeks": (80, 8),
    "every 6 to 10 weeks in both, 24 weeks": (30, 6),
    "parabolas in both, 20 weeks": (50, 5),
    "parabolas in both, 8 to 30 weeks": (50, 5),
    "large parabolas (4 to 10) in both, 30 weeks": (15, 3),
    "cubic curves in both, 20 weeks": (120, 7),
}
"""So many people without any relation, and of how many of them "moved together" may be said: more were, when inertia
was all that the series without relation had."""
HARMLESS = {name for name in WITHOUT if name not in DECEIVING and "12 weeks" not in name}


class TestSimulation:
    """A few seconds of what `./run bench together` measures at length; wide bounds, a fixed seed."""

    @pytest.mark.parametrize("name", DECEIVING)
    def test_what_both_series_have_by_themselves_is_no_relation(self, name: str) -> None:
        people, most = DECEIVING[name]
        assert moved(WITHOUT[name], people) <= most

    @pytest.mark.parametrize("name", sorted(HARMLESS))
    def test_who_has_no_relation_is_seldom_told_so(self, name: str) -> None:
        assert moved(WITHOUT[name], 20) <= 4

    @pytest.mark.parametrize("first", [1, 2])
    def test_who_has_one_is_mostly_told_so(self, first: int) -> None:
        assert moved(WITH["**r 0.6, AR(1) of homework 0 to 0.5**"], 50, first) >= 26


def moved(making: Making, people: int, seed: int = 1) -> int:
    return round(people * simulate(making, people, seed).moved)
