from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from intersession.replica.reconnect import FIRST, LONGEST, wait_before


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_a_wait_is_never_longer_than_the_bound(attempt: int, chance: float) -> None:
    assert 0 <= wait_before(attempt, chance) < LONGEST


def test_full_jitter_reaches_from_nothing_to_the_doubling_bound() -> None:
    assert wait_before(1, 0.0) == 0.0
    assert [wait_before(attempt, 0.5) for attempt in (1, 2, 3)] == [FIRST / 2, FIRST, FIRST * 2]
    assert wait_before(500, 0.5) == LONGEST / 2
