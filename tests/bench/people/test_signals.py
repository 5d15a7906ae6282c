"""What is said of simulated people, in short: `./run bench signals` is the long form, with the figures of the docs."""

from __future__ import annotations

from statistics import fmean

import pytest
from tests.bench.signals import (
    ADHERENCE,
    MEASURES,
    SHAPES,
    WEEKS,
    alarms,
    days_until_noticed,
    deteriorating,
    dropping_out,
    noticed_after,
    quiet,
)

BY_NAME = {one.instrument: one for one in MEASURES}


@pytest.mark.parametrize("adherence", ADHERENCE)
def test_quiet_people_are_hardly_told_of(adherence: float) -> None:
    told = [len(alarms(quiet(400 + number, adherence), 7 * WEEKS, every=2)) for number in range(5)]
    assert fmean(told) <= 1


@pytest.mark.parametrize("instrument", ["phq-9", "who-5", "check-in"])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_deterioration_of_twice_the_reliable_change_is_noticed_within_two_administrations(
    instrument: str, shape: str
) -> None:
    found = [
        noticed_after(deteriorating(400 + number, BY_NAME[instrument], SHAPES[shape], phase=number % 2 == 0))
        for number in range(20)
    ]
    assert sum(one is not None and one <= 2 for one in found) >= 19


@pytest.mark.parametrize("adherence", ADHERENCE)
def test_whoever_drops_out_is_noticed_within_two_weeks(adherence: float) -> None:
    found = [days_until_noticed(*dropping_out(400 + number, adherence)) for number in range(40)]
    assert all(one is not None and one <= 14 for one in found)
