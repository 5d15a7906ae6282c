"""Whose request a task serves, so that the work for it is counted while it is done, and waits for its turn.

What a page takes is known only once it has been made. So each part of it counts what it took: a statement, a
computation in a thread or in another process. It is the person's budget that is drawn on, the same one as their
devices draw on; while others want something too, who has used up theirs waits.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

import structlog

from intersession_server.errors import Refused
from intersession_server.work.budget import LOOK_AGAIN, Budget

log = structlog.get_logger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

REQUEST = 3.0
STATEMENT = 0.7
"""Milliseconds of a core that a request and a statement take, about: the units of `intersession_schemas.work`."""
WAITS_AT_MOST = 10.0
"""Seconds a request waits for its turn before it is refused."""
MOST_WAITING = 50
"""Requests of one person that wait."""

_budget: ContextVar[Budget | None] = ContextVar("budget", default=None)


async def serve(budget: Budget | None) -> None:
    """This task serves a request of that person's from here on, once it is their turn; None: nobody's.

    Raises `Refused` (`busy`) when it does not come.
    """
    _budget.set(budget)
    if budget is None:
        return
    now = asyncio.get_running_loop().time
    until = now() + WAITS_AT_MOST
    budget.requests_waiting += 1
    try:
        while (wait := budget.wait(now())) > 0:
            budget.spend(0.0, now())  # who waits counts among those who ask
            if budget.may_note("request_held", now()):
                log.warning("http.held", account=str(budget.account))
            if now() + wait > until or budget.requests_waiting > MOST_WAITING:
                text = "You are sending more requests than this server can handle alongside others. Try again soon."
                raise Refused("busy", text, retry_after=wait)
            await asyncio.sleep(min(wait, LOOK_AGAIN))
    finally:
        budget.requests_waiting -= 1
    budget.spend(REQUEST, now(), messages=1)


def count(work: float) -> None:
    """Count so much work for the person whose request this task serves, if it serves one. On the loop's thread."""
    budget = _budget.get()
    if budget is not None:
        budget.spend(work, asyncio.get_running_loop().time())


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """`asyncio.to_thread`, and what it takes is counted."""

    def timed() -> tuple[T, float]:
        began = time.thread_time()
        made = function(*args, **kwargs)
        return made, time.thread_time() - began

    made, seconds = await asyncio.to_thread(timed)
    count(1_000 * seconds)
    return made
