from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intersession.protocol.reconnect import FIRST, LONGEST, MOST_SPREAD, STOOD, attempts_after, wait_before


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_a_wait_is_never_longer_than_the_bound(attempt: int, chance: float) -> None:
    assert 0 <= wait_before(attempt, chance) < LONGEST


def test_full_jitter_reaches_from_nothing_to_the_doubling_bound() -> None:
    assert wait_before(1, 0.0) == 0.0
    assert [wait_before(attempt, 0.5) for attempt in (1, 2, 3)] == [FIRST / 2, FIRST, FIRST * 2]
    assert wait_before(500, 0.5) == LONGEST / 2


def test_where_the_server_told_a_time_at_least_that_and_up_to_a_quarter_more() -> None:
    assert wait_before(7, 0.0, 4.0) == 4.0
    assert wait_before(7, 0.5, 4.0) == 4.5
    assert wait_before(1, 0.5, 1000.0) == 1000.0 + LONGEST / 2


def test_over_what_the_server_wants_them_to_spread_at_least() -> None:
    assert [wait_before(attempt, 0.5, spread=3.0) for attempt in (1, 2, 3, 4)] == [1.5, 1.5, 1.5, 2.0]
    assert wait_before(1, 0.0, spread=3.0) == 0.0
    assert wait_before(500, 0.5, spread=20.0) == 10.0
    assert wait_before(1, 0.5, spread=1e9) == MOST_SPREAD / 2
    assert wait_before(1, 0.5, 4.0, spread=3.0) == 4.5


def test_only_what_brought_something_or_stood_for_long_starts_the_count_anew() -> None:
    assert attempts_after(0, progressed=False, stood=0.1) == 1
    assert attempts_after(5, progressed=False, stood=STOOD - 1) == 6
    assert attempts_after(5, progressed=False, stood=STOOD) == 1
    assert attempts_after(5, progressed=True, stood=0.1) == 1


@given(st.integers(1, 2**32))
def test_after_a_restart_two_hundred_devices_are_back_within_ten_seconds(seed: int) -> None:
    """Killed without a word, up again after some seconds: each tries on its own; the server meets no crowd."""
    chance = random.Random(seed)
    assert max(returns(chance, 200, chance.uniform(0.5, 60.0), 0.0)) <= LONGEST < 10.0


@pytest.mark.parametrize("down_for", [0.2, 1.0, 2.0, 3.0, 5.0, 20.0])
def test_two_thousand_devices_are_back_within_ten_seconds_and_spread(down_for: float) -> None:
    """The server had told them to spread over 5 seconds. Without that, up to 1,900 come in one second."""
    back = returns(random.Random(1), 2_000, down_for, 5.0)
    assert max(back) <= LONGEST < 10.0
    assert max(sum(at <= one < at + 1.0 for one in back) for at in range(9)) < 850
    if down_for < 2.0:
        alone = returns(random.Random(1), 2_000, down_for, 0.0)
        assert max(sum(at <= one < at + 1.0 for one in alone) for at in range(9)) > 1_000


def returns(chance: random.Random, devices: int, down_for: float, spread: float) -> list[float]:
    """When each device is back, in seconds after a server that ended without a word is up again."""
    back = []
    for _ in range(devices):
        now, attempt = 0.0, 0
        while True:
            attempt = attempts_after(attempt, progressed=False, stood=0.0) if attempt else 1
            now += wait_before(attempt, chance.random(), spread=spread)
            if now >= down_for:
                break
        back.append(now - down_for)
    return back


@given(st.integers(1, 2**32))
def test_devices_that_a_leaving_server_told_when_come_back_spread(seed: int) -> None:
    """Told between 1 and 5 seconds, evenly (`SyncHub.close`), and up again within a second."""
    chance = random.Random(seed)
    back = sorted(wait_before(1, chance.random(), 1.0 + 4.0 * number / 200) for number in range(200))
    assert back[0] >= 1.0
    assert back[-1] < 10.0
    assert max(sum(at <= one < at + 0.1 for one in back) for at in back) <= 20
