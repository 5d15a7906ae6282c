"""Whatever breaks, and in whatever order: nothing is lost, nothing is doubled, nobody reads what they may not."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.simulation.fleet import play

SEEDS = 500
AT_ONCE = 20


@pytest.mark.timeout(600)
@pytest.mark.parametrize("first", range(0, SEEDS, AT_ONCE))
def test_fleets_converge(first: int) -> None:
    """On a failure: `./run simulate --seed SEED --trace` plays it again, line by line."""
    outcomes = [play(seed) for seed in range(first, first + AT_ONCE)]
    assert {one.seed: one.violations + one.trace for one in outcomes if one.violations} == {}
    happened = sum((one.counts for one in outcomes), Counter[str]())
    for what in ("acts", "breaks", "partitions", "duplicates", "changes accepted", "searched", "rebuilt"):
        assert happened[what], f"there was nothing of this: {what}"


@pytest.mark.parametrize("seed", [3, 77, 205])
def test_a_run_can_be_played_again_from_its_number(seed: int) -> None:
    one, again = play(seed), play(seed)
    assert one.transcript == again.transcript
    assert one.counts == again.counts
    assert one.fingerprint == again.fingerprint != play(seed + 1).fingerprint
