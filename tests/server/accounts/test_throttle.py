"""The throttle against a plain model of it."""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intersession_server.accounts.throttle import Throttle, address_key

START = datetime(2026, 3, 2, tzinfo=UTC)
WINDOW = timedelta(seconds=60)


@given(
    st.integers(1, 4),
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["fail", "take back", "forget"]), st.integers(0, 40))),
)
def test_a_key_waits_exactly_while_the_window_holds_its_limit(limit: int, steps: list[tuple[str, str, int]]) -> None:
    throttle = Throttle(limit, WINDOW)
    model: dict[str, list[datetime]] = {"a": [], "b": []}
    now = START
    for key, what, seconds in steps:
        now += timedelta(seconds=seconds)
        recent = [at for at in model[key] if now - at < WINDOW]
        wait = throttle.wait(key, now)
        assert (wait is not None) == (len(recent) >= limit)
        if wait is not None:
            assert copy.deepcopy(throttle).wait(key, now + timedelta(seconds=wait)) is None
            model[key] = recent
            continue
        if what == "fail":
            throttle.failed(key, now)
            model[key] = [*recent, now]
        elif what == "take back":
            throttle.take_back(key)
            model[key] = recent[:-1]
        else:
            throttle.forget(key)
            model[key] = []


def test_it_holds_a_bounded_number_of_keys() -> None:
    throttle = Throttle(1, WINDOW, keys=3)
    for key in "abcde":
        throttle.failed(key, START)
    assert [key for key in "abcde" if throttle.wait(key, START) is not None] == ["c", "d", "e"]


def test_who_asks_again_and_again_is_not_held_longer_for_it() -> None:
    throttle = Throttle(1, WINDOW, keys=2)
    for key in "ab":
        throttle.failed(key, START)
    throttle.wait("a", START)
    throttle.failed("c", START)
    assert [key for key in "abc" if throttle.wait(key, START) is not None] == ["b", "c"]


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_one_remote_end_is_one_key(address: str, key: str) -> None:
    assert address_key(address) == key
