"""Change between two scores: the formula, the parameters that go with every verdict, and the direction."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from intersession_schemas.errors import InvalidField
from intersession_schemas.instruments import INSTRUMENTS, ReliableChange, jacobson_truax, reliable_change

PHQ_9 = INSTRUMENTS["phq-9"]
OWN = ReliableChange(sd=5.5, reliability=0.89, which="alpha", population="ours", citation="our own data", sure="own")


def test_the_formula_of_jacobson_and_truax() -> None:
    # By hand: 1.96 × 5.5 × 1.4142 × √0.11 = 5.056.
    assert jacobson_truax(5.5, 0.89) == pytest.approx(5.056, abs=0.001)
    assert jacobson_truax(10, 1) == 0
    assert jacobson_truax(10, 0) == pytest.approx(27.719, abs=0.001)


@pytest.mark.parametrize(("sd", "reliability"), [(0, 0.9), (-1, 0.9), (5, 1.1), (5, -0.1), (float("nan"), 0.5)])
def test_impossible_parameters_are_refused(sd: float, reliability: float) -> None:
    with pytest.raises(InvalidField):
        jacobson_truax(sd, reliability)


def test_parameters_of_a_practice_replace_the_published_ones() -> None:
    change = reliable_change(PHQ_9, "total", 10, 15, OWN)
    assert change.verdict == "within measurement error"
    assert change.threshold == pytest.approx(5.056, abs=0.001)
    assert change.parameters is OWN
    assert reliable_change(PHQ_9, "total", 10, 16, OWN).verdict == "reliable deterioration"
    with pytest.raises(InvalidField, match="a threshold, or a standard deviation"):
        reliable_change(PHQ_9, "total", 10, 16, replace(OWN, sd=None))


def test_every_verdict_keeps_what_it_rests_on() -> None:
    change = reliable_change(PHQ_9, "total", 20, 12)
    assert (change.difference, change.towards, change.threshold, change.reliable) == (-8, "better", 6, True)
    assert change.parameters is not None
    assert "NHS Talking Therapies" in change.parameters.citation


def test_direction_is_the_instruments() -> None:
    who = INSTRUMENTS["who-5"]
    assert reliable_change(who, "total", 40, 60).towards == "better"
    assert reliable_change(who, "total", 60, 40).towards == "worse"
    unknown = replace(PHQ_9, direction="not stated")
    change = reliable_change(unknown, "total", 20, 10)
    assert (change.towards, change.verdict) == (None, "reliable change, direction not stated")


def test_a_scale_may_have_a_direction_of_its_own() -> None:
    sdq = INSTRUMENTS["sdq-self"]
    assert sdq.direction_of("prosocial") == "higher is better"
    assert sdq.direction_of("difficulties") == "higher is worse"
    assert reliable_change(sdq, "prosocial", 3, 8).towards == "better"
    assert reliable_change(sdq, "difficulties", 3, 8).towards == "worse"


def test_the_other_published_threshold_can_be_chosen() -> None:
    pcl = INSTRUMENTS["pcl-5"]
    wide, narrow = pcl.scale("total").changes
    assert (wide.threshold, narrow.threshold) == (18, 15)
    assert reliable_change(pcl, "total", 50, 34, narrow).verdict == "reliable improvement"
    assert reliable_change(pcl, "total", 50, 34).verdict == "within measurement error"


def test_no_change_is_never_reliable() -> None:
    perfect = replace(OWN, reliability=1.0)
    assert reliable_change(PHQ_9, "total", 10, 10, perfect).verdict == "within measurement error"


def test_scores_and_scales_that_there_are_not_are_refused() -> None:
    with pytest.raises(InvalidField, match="has no scale"):
        reliable_change(PHQ_9, "sum", 1, 2)
    with pytest.raises(InvalidField, match="from 0 to 27"):
        reliable_change(PHQ_9, "total", 1, 28)
