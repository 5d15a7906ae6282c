"""A person's budget, whatever is asked in whatever order."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from intersession_server.work.budget import KEPT_AT_LEAST, NOTED_EVERY, Budgets, Rates

RATES = Rates(messages_per_second=10.0, burst=20.0, work_per_second=100.0, work_burst=300.0)
ONE, OTHER = UUID(int=1), UUID(int=2)

steps = st.lists(st.tuples(st.floats(0, 3), st.floats(0, 2_000), st.booleans(), st.booleans()), min_size=1, max_size=60)


@given(steps)
def test_over_any_time_no_more_is_taken_than_was_given_but_for_one_frame(
    asked: list[tuple[float, float, bool, bool]],
) -> None:
    """While others ask. Whoever keeps to `wait` gets what flowed in, and the last frame on credit."""
    budgets, now, taken, frames, last = Budgets(RATES), 0.0, 0.0, 0, 0.0
    for passed, cost, reconnects, _ in asked:
        now += passed
        budgets.of(OTHER, now).spend(0, now)
        budget = budgets.of(ONE, now)
        if reconnects:
            budget.connections += 1
        if budget.wait(now) == 0:
            budget.spend(cost, now, messages=1)
            taken, frames, last = taken + cost, frames + 1, cost
            assert taken - last <= RATES.work_burst + now * RATES.work_per_second + 1e-6
            assert frames <= RATES.burst + now * RATES.messages_per_second + 1e-6


@given(steps)
def test_waiting_for_so_long_as_it_says_is_enough(asked: list[tuple[float, float, bool, bool]]) -> None:
    budgets, now = Budgets(RATES), 0.0
    for passed, cost, _, _ in asked:
        now += passed
        budgets.of(OTHER, now).spend(0, now)
        budget = budgets.of(ONE, now)
        now += budget.wait(now) + 1e-9
        budgets.of(OTHER, now).spend(0, now)
        assert budget.wait(now) < 1e-6
        budget.spend(cost, now, messages=1)


@given(st.lists(st.floats(0, 5_000), max_size=40))
def test_alone_one_never_waits_and_owes_nothing(costs: list[float]) -> None:
    budgets = Budgets(RATES)
    for cost in costs:
        assert budgets.of(ONE, 0.0).wait(0.0) == 0
        budgets.of(ONE, 0.0).spend(cost, 0.0, messages=1)
    budgets.of(OTHER, 0.0).spend(0, 0.0)
    assert budgets.of(ONE, 0.0).wait(0.0) <= 0.1 + 1e-9


def test_full_budgets_are_forgotten_and_no_other() -> None:
    budgets = Budgets(RATES)
    budgets.of(OTHER, 0.0).spend(0, 0.0)
    owing = [UUID(int=10_000 + number) for number in range(10)]
    for account in owing:
        budgets.of(account, 0.0).spend(1_000_000.0, 0.0)
    connected = budgets.of(UUID(int=3), 0.0)
    connected.connections = 1
    for number in range(20 * KEPT_AT_LEAST):
        budgets.of(UUID(int=100_000 + number), 5.0)
    assert len(budgets) <= 3 * KEPT_AT_LEAST
    budgets.of(OTHER, 5.0).spend(0, 5.0)
    assert all(budgets.of(account, 5.0).wait(5.0) > 1_000 for account in owing)
    assert budgets.of(UUID(int=3), 5.0) is connected


def test_notes_are_far_apart_and_each_kind_has_its_own() -> None:
    budget = Budgets(RATES).of(ONE, 0.0)
    assert [budget.may_note("held", at) for at in (0.0, 1.0, 59.0, NOTED_EVERY)] == [
        True,
        False,
        False,
        True,
    ]
    assert budget.may_note("quota", 1.0)
