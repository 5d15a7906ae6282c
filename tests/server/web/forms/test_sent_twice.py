"""A form that is sent twice, as by a double click or by going back and sending it again as it was."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from tests.server.web.forms.browser import sent_by
from tests.server.web.forms.sending import send_form
from tests.server.web.practice import Practice

from intersession_server.work.once import Once

pytestmark = pytest.mark.anyio


async def test_a_double_click_makes_one_of_it(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    goals, api = f"/clients/{client.id}/plan/goals", f"/api/clients/{client.id}/goals"
    html = (await noor.get(goals)).text
    id_ = next(one for one in ("goals-new", "new-goal", "goal-new", "goals-new-form") if f'id="{one}"' in html)
    pairs = [(name, value) for name, value in sent_by(html, id_) if name != "what"]
    sent = [*pairs, ("what", "Sleep")]
    first, second = await asyncio.gather(send_form(noor, goals, sent), send_form(noor, goals, sent))
    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    again = await send_form(noor, goals, sent)
    assert again.headers["location"] == first.headers["location"]
    assert len((await noor.get(api)).json()["items"]) == 1
    # Gone back to and filled in anew, or opened anew, it is another one.
    assert (await send_form(noor, goals, [*pairs, ("what", "Walk")])).status_code == 303
    anew = [(name, value) for name, value in sent_by((await noor.get(goals)).text, id_) if name != "what"]
    assert (await send_form(noor, goals, [*anew, ("what", "Sleep")])).status_code == 303
    assert len((await noor.get(api)).json()["items"]) == 3


async def test_what_was_refused_can_be_sent_again(practice: Practice, noor: httpx.AsyncClient) -> None:
    once, asked = Once(), []

    async def failing() -> str:
        asked.append(1)
        await asyncio.sleep(0)
        raise ValueError

    async def working() -> str:
        return "done"

    found = await asyncio.gather(once.do("a", failing), once.do("a", failing), return_exceptions=True)
    assert [type(one) for one in found] == [ValueError, ValueError]
    assert len(asked) == 1
    assert await once.do("a", working) == "done"
    assert await once.do("a", failing) == "done"


async def test_where_the_first_was_broken_off_the_second_is_carried_out() -> None:
    once, begun = Once(), asyncio.Event()

    async def endless() -> str:
        begun.set()
        await asyncio.Event().wait()
        return "never"

    async def working() -> str:
        return "done"

    first = asyncio.ensure_future(once.do("a", endless))
    await begun.wait()
    second = asyncio.ensure_future(once.do("a", working))
    await asyncio.sleep(0)
    first.cancel()
    assert await second == "done"


async def test_no_more_is_remembered_than_that() -> None:
    once, made = Once(most=2), []

    async def make() -> str:
        made.append(1)
        return str(len(made))

    assert [await once.do(key, make) for key in "abc"] == ["1", "2", "3"]
    assert [await once.do(key, make) for key in "cba"] == ["3", "2", "4"]
