"""The replica's pace against a server's count: a plain token bucket, as the welcome tells it."""

from __future__ import annotations

from math import inf

from hypothesis import given
from hypothesis import strategies as st

from intersession.protocol.pace import AT_ONCE, STEADY, Pace
from intersession_schemas.messages import Limits


def limits(rate: float, burst: float = 0.0, work: float = 0.0, work_burst: float = 0.0) -> Limits:
    return Limits(2**20, 32, rate, burst, work, work_burst)


def test_without_a_limit_everything_may_go() -> None:
    pace = Pace()
    assert pace.frames(0.0) == inf
    pace.allow(limits(0.0), 0.0)
    assert pace.frames(0.0) == inf
    assert pace.affords(1e9, 0.0)
    assert pace.ready(5.0, frames=100, work=1e9) == 5.0
    assert not pace.counts_work


@given(
    rate=st.floats(1, 500),
    burst=st.one_of(st.just(0.0), st.floats(2, 1000)),
    pauses=st.lists(st.floats(0, 3), min_size=1, max_size=20),
)
def test_whoever_sends_all_that_is_allowed_is_never_refused(rate: float, burst: float, pauses: list[float]) -> None:
    pace, most = Pace(), max(1.0, burst or rate)
    pace.allow(limits(rate, burst), 0.0)
    now, level = 0.0, most
    for pause in pauses:
        while pace.frames(now) >= 1:
            pace.sent(now)
            level -= 1
            assert level >= 0
        now += pause
        level = min(most, level + pause * rate)


@given(work=st.lists(st.floats(0.1, 50), min_size=1, max_size=100))
def test_work_is_never_sent_that_the_server_would_not_have_ready(work: list[float]) -> None:
    pace = Pace()
    pace.allow(limits(0.0, work=10.0, work_burst=100.0), 0.0)
    assert pace.counts_work
    now, level, at = 0.0, 100.0, 0.0
    for each in work:
        now = pace.ready(now, work=each) + 1e-9
        level, at = min(100.0, level + (now - at) * 10.0), now
        assert pace.affords(each, now)
        pace.sent(now, each)
        level -= each
        assert level >= 0


def test_what_costs_more_than_is_ever_allowed_goes_when_all_is_free() -> None:
    pace = Pace()
    pace.allow(limits(0.0, work=10.0, work_burst=100.0), 0.0)
    assert pace.affords(1000.0, 0.0)
    pace.sent(0.0, 1000.0)
    assert not pace.affords(1.0, 1.0)
    assert pace.ready(1.0, work=1.0) > 90.0


def test_a_new_connection_does_not_fill_the_buckets() -> None:
    pace = Pace()
    pace.allow(limits(10.0, 100.0), 0.0)
    for _ in range(50):
        pace.sent(0.0)
    assert pace.frames(0.0) == 0.0
    pace.allow(limits(10.0, 100.0), 1.0)
    assert pace.frames(1.0) == 10.0 * STEADY


def test_the_frames_before_the_first_welcome_count() -> None:
    pace = Pace()
    pace.sent(0.0)
    pace.allow(limits(10.0, 100.0), 0.0)
    assert pace.frames(0.0) == 100.0 * AT_ONCE - 1


def test_after_a_refusal_it_begins_with_nothing() -> None:
    pace = Pace()
    pace.allow(limits(10.0, 100.0, 10.0, 100.0), 0.0)
    pace.refused(0.0)
    assert pace.frames(0.0) == 0.0
    assert not pace.affords(1.0, 0.0)
    assert pace.ready(0.0) == 1 / (10.0 * STEADY)


def test_a_clock_that_goes_back_gives_nothing() -> None:
    pace = Pace()
    pace.allow(limits(10.0, 100.0), 10.0)
    for _ in range(50):
        pace.sent(10.0)
    assert pace.frames(5.0) == 0.0
    assert pace.frames(10.0) == 0.0
