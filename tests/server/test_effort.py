"""A request waits for its person's turn, and what it takes is counted for them."""

from __future__ import annotations

import asyncio
import time
from uuid import UUID

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from intersession_server.errors import Refused
from intersession_server.work import effort
from intersession_server.work.budget import Budget, Budgets, Rates

pytestmark = pytest.mark.anyio

RATES = Rates(messages_per_second=1_000.0, burst=1_000.0, work_per_second=1_000.0, work_burst=100.0)
ONE, OTHER = UUID(int=1), UUID(int=2)


def now() -> float:
    return asyncio.get_running_loop().time()


def budget_of(budgets: Budgets, account: UUID) -> Budget:
    return budgets.of(account, now())


def others_ask(budgets: Budgets) -> None:
    budget_of(budgets, OTHER).spend(0.0, now())


async def test_who_has_used_up_theirs_waits_while_others_ask_and_nobody_else_does() -> None:
    budgets = Budgets(RATES)
    others_ask(budgets)
    mine = budget_of(budgets, ONE)
    mine.spend(RATES.work_burst + 200.0, now())
    others_ask(budgets)
    began = now()
    await effort.serve(budget_of(budgets, OTHER))
    assert now() - began < 0.1
    with capture_logs() as logged:
        await effort.serve(mine)
    assert now() - began >= 0.19
    assert [(line["event"], line["account"]) for line in logged] == [("http.held", str(ONE))], (
        "one line, however often it looked"
    )


async def test_alone_nobody_waits() -> None:
    mine = budget_of(Budgets(RATES), ONE)
    mine.spend(1_000_000.0, now())
    began = now()
    await effort.serve(mine)
    assert now() - began < 1.0


async def test_who_would_wait_for_too_long_is_told_when_to_come_back() -> None:
    budgets = Budgets(RATES)
    others_ask(budgets)
    mine = budget_of(budgets, ONE)
    mine.spend(RATES.work_burst + 2_000.0 * effort.WAITS_AT_MOST, now())
    others_ask(budgets)
    with pytest.raises(Refused) as refused:
        await effort.serve(mine)
    assert refused.value.code == "busy"
    assert refused.value.retry_after == pytest.approx(2.0 * effort.WAITS_AT_MOST, rel=0.05)


async def test_only_so_many_requests_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effort, "MOST_WAITING", 3)
    budgets = Budgets(RATES)
    others_ask(budgets)
    mine = budget_of(budgets, ONE)
    mine.spend(RATES.work_burst + 300.0, now())
    others_ask(budgets)
    answers = await asyncio.gather(*(asyncio.create_task(effort.serve(mine)) for _ in range(5)), return_exceptions=True)
    assert [isinstance(answer, Refused) for answer in answers] == [False] * 3 + [True] * 2
    assert mine.requests_waiting == 0


def busy(seconds: float) -> float:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass
    return seconds


async def test_what_a_thread_computes_for_a_request_is_counted_also_beside_others() -> None:
    budgets = Budgets(replace(RATES, work_per_second=10.0))  # so slow that a busy machine gives nothing back meanwhile
    mine, theirs = budget_of(budgets, ONE), budget_of(budgets, OTHER)

    async def request() -> None:
        await effort.serve(mine)
        assert sum(await asyncio.gather(effort.in_thread(busy, 0.2), effort.in_thread(busy, 0.2))) == 0.4

    theirs.spend(0.0, now())
    await asyncio.create_task(request())
    theirs.spend(0.0, now())
    await effort.in_thread(busy, 0.1)  # nobody's: the test's own task serves no request
    theirs.spend(0.0, now())
    assert theirs.wait(now()) == 0
    assert 0 < mine.wait(now()) < 40
