"""Whatever breaks, and in whatever order: nothing is lost, nothing is doubled, nobody reads what they may not."""

from __future__ import annotations

import pytest
from tests.simulation.fleet import play

SEEDS = 500
AT_ONCE = 20


@pytest.mark.timeout(600)
@pytest.mark.parametrize("first", range(0, SEEDS, AT_ONCE))
def test_fleets_converge(first: int) -> None:
    """On a failure: `python -m tests.simulation.fleet SEED` plays it again, line by line."""
    broken = {seed: violations for seed in range(first, first + AT_ONCE) if (violations := play(seed)[0])}
    assert not broken


@pytest.mark.parametrize("seed", [3, 77])
def test_a_run_can_be_played_again_from_its_number(seed: int) -> None:
    (_, one), (_, again) = play(seed), play(seed)
    assert one.transcript == again.transcript
    assert one.fingerprint() == again.fingerprint()
    assert one.fingerprint() != play(seed + 1)[1].fingerprint()
