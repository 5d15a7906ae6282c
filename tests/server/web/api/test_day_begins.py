"""Where a plan says that days begin at four o'clock, the API and the pages count them so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.server.accounts.world import Clock
from tests.server.web.practice import BERLIN, MONDAY, Client, Practice, assigned, send

from intersession_schemas.documents.care.plan import Pause, Plan
from intersession_server.web.client.plan_views import plan_card

pytestmark = pytest.mark.anyio
NIGHT = MONDAY + timedelta(hours=2)
"""Ten to two in the night from Monday to Tuesday."""


async def begins(noor: httpx.AsyncClient, client: Client, hour: Any, status: int = 200) -> Any:
    answer = await send(noor, "PATCH", f"/api/clients/{client.id}/plan", {"day_begins": hour})
    assert answer.status_code == status, answer.text
    return answer.json()


async def times(noor: httpx.AsyncClient, client: Client, what: str, **bounds: str) -> list[str]:
    items = (await noor.get(f"/api/clients/{client.id}/{what}", params=bounds)).json()["items"]
    return sorted((item.get("at") or item["written_at"])[5:16] for item in items)


async def test_what_is_noted_at_night_belongs_to_the_evening(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    for at in (MONDAY, NIGHT, NIGHT + timedelta(hours=2, minutes=10)):
        await client.write("x", at=at)
        await client.log({"worry": 3}, at=at)
    monday, tuesday = {"since": "2026-02-23", "until": "2026-02-23"}, {"since": "2026-02-24", "until": "2026-02-24"}
    for what in ("entries", "symptoms"):
        assert await times(noor, client, what, **monday) == ["02-23T23:50"]
    assert (await begins(noor, client, 4))["plan"]["day_begins"] == 4
    for what in ("entries", "symptoms"):
        assert await times(noor, client, what, **monday) == ["02-23T23:50", "02-24T01:50"]
        assert await times(noor, client, what, **tuesday) == ["02-24T04:00"]
        # A moment is one wherever the day begins.
        assert await times(noor, client, what, since="2026-02-24T00:00+01:00") == ["02-24T01:50", "02-24T04:00"]


async def test_today_is_yesterday_until_four(practice: Practice, noor: httpx.AsyncClient, clock: Clock) -> None:
    """Where "today" is said for somebody: an assignment's first day, its last one, and an episode's."""
    client = await practice.client("Alex")
    await client.write("here", at=MONDAY)
    clock.now = MONDAY + timedelta(days=3, hours=2)  # Friday, ten to two
    for hour, today in ((0, "2026-02-27"), (4, "2026-02-26")):
        await begins(noor, client, hour)
        homework = await assigned(noor, client, what="a walk", rule="daily")
        path = f"/api/clients/{client.id}"
        shown = (await noor.get(f"{path}/homework/{homework}")).json()
        assert (shown["homework"]["since"], [one["key"] for one in shown["occurrences"]]) == (today, [today])
        stopped = await send(noor, "POST", f"{path}/homework/{homework}/reviews", {"decision": "stop"})
        assert stopped.json()["homework"]["homework"]["ended_on"] == today
        episode = (await send(noor, "POST", f"{path}/episodes", {})).json()
        assert episode["episode"]["began_on"] == today
        ended = await send(noor, "PATCH", f"{path}/episodes/{episode['id']}", {"phase": "ended"})
        assert ended.json()["episode"]["ended_on"] == today


async def test_the_page_says_so_and_draws_the_night_within_its_day(
    practice: Practice, noor: httpx.AsyncClient, clock: Clock
) -> None:
    client = await practice.client("Alex")
    await client.log({"worry": 3}, at=MONDAY)
    await client.log({"worry": 5}, at=NIGHT)
    clock.now = NIGHT + timedelta(minutes=20)
    await begins(noor, client, 4)
    here = f"/clients/{client.id}"
    assert "A day begins at 04:00" in (await noor.get(f"{here}/plan")).text
    assert "– 23 Feb 2026" in _line(await noor.get(f"{here}/progress?range=2w"))
    await begins(noor, client, 0)
    assert "A day begins at 04:00" not in (await noor.get(f"{here}/plan")).text
    assert "– 24 Feb 2026" in _line(await noor.get(f"{here}/progress?range=2w"))


def _line(answer: httpx.Response) -> str:
    return " ".join(answer.text.replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.mark.parametrize("hour", [24, -1, 4.5, "04:00", None])
async def test_an_hour_that_no_clock_shows_is_refused(practice: Practice, noor: httpx.AsyncClient, hour: Any) -> None:
    client = await practice.client("Alex")
    answer = await begins(noor, client, hour, 400)
    assert answer["code"] in ("invalid_field", "bad_request")


def test_a_pause_ends_with_its_day() -> None:
    plan = Plan(day_begins=4, pauses={"p": Pause(first=MONDAY.date(), last=MONDAY.date())})
    assert plan_card(plan, plan.day_of(NIGHT)).paused
    assert not plan_card(plan, plan.day_of(NIGHT.astimezone(BERLIN) + timedelta(hours=3))).paused
